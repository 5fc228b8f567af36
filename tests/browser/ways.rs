//! The other ways to open a vault: the printed code, and passkeys of an authenticator that the browser simulates.

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::site::Site;

#[test]
fn a_recovery_code_opens_the_door_until_it_is_replaced() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let make = || {
        clinician.presses("settings");
        prove(&chrome, &clinician, PASSPHRASE);
        clinician.presses("make-code");
        let code = wait_until("the code", SOON, || chrome.text("[data-test=recovery-code]"));
        assert!(!clinician.can_press("recovery-done"), "it is not typed back yet");
        clinician.types("recovery-typed", &code.to_lowercase().replace('-', " "));
        clinician.presses("recovery-done");
        clinician.presses("lock");
        clinician.sees("unlock", SOON);
        code
    };
    let first = make();
    clinician.unlocks(&first);
    clinician.sees("start-visit", SOON);
    let second = make();
    clinician.unlocks(&first);
    clinician.is_told("unlock-error", "was replaced by a newer one");
    clinician.unlocks(&second.to_lowercase());
    clinician.sees("start-visit", SOON);
    // The passphrase that was forgotten is replaced with the code as the proof.
    const NEW: &str = "eleven calm otters beside the mill";
    clinician.presses("settings");
    clinician.sees("proof", SOON);
    wait_until("the ways", SOON, || (ways(&chrome) == 2).then_some(()));
    clinician.types("proof", &second);
    clinician.types("new-passphrase", NEW);
    clinician.presses("change-passphrase");
    clinician.is_told("security-said", "was changed");
    clinician.presses("lock");
    clinician.unlocks(PASSPHRASE);
    clinician.is_told("unlock-error", "does not open");
    clinician.unlocks(NEW);
    clinician.sees("start-visit", SOON);
}

#[test]
fn a_passkey_opens_the_vault_alone_or_with_the_passphrase() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    // Passkeys belong to a name, never to an address.
    let origin = site.origin.replace("127.0.0.1", "localhost");
    chrome.devtools("WebAuthn.enable", json!({}));
    let authenticator = json!({ "options": {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "hasPrf": true, "automaticPresenceSimulation": true
    } });
    let added = chrome.devtools("WebAuthn.addVirtualAuthenticator", authenticator);
    let clinician = Clinician::begins(&chrome, &origin);

    // Alone.
    clinician.presses("settings");
    prove(&chrome, &clinician, PASSPHRASE);
    clinician.presses("add-passkey");
    clinician.is_told("security-said", "opens this vault");
    assert_eq!(ways(&chrome), 2);
    clinician.presses("lock");
    clinician.presses("unlock-passkey");
    clinician.sees("start-visit", SOON);

    // It proves who asks, and may be removed again.
    clinician.presses("settings");
    wait_until("the ways", SOON, || (ways(&chrome) == 2).then_some(()));
    chrome.script(
        "[...document.querySelectorAll('[data-test=remove-way]')].pop().click()",
        json!([]),
    );
    clinician.is_told("security-said", "opens this vault no more");
    wait_until("one way to be left", SOON, || (ways(&chrome) == 1).then_some(()));
    clinician.presses("lock");
    clinician.sees("unlock", SOON);
    assert!(
        clinician.does_not_see("unlock-passkey"),
        "it was taken off the door with the way"
    );

    // Together: neither is enough.
    clinician.unlocks(PASSPHRASE);
    clinician.presses("settings");
    prove(&chrome, &clinician, PASSPHRASE);
    clinician.presses("add-both");
    clinician.is_told("security-said", "passphrase and passkey together");
    clinician.presses("lock");
    clinician.unlocks("nine loud magpies under the eaves");
    clinician.is_told("unlock-error", "does not open");
    clinician.unlocks(PASSPHRASE);
    clinician.sees("start-visit", SOON);
    clinician.presses("lock");
    chrome.devtools("WebAuthn.clearCredentials", added);
    clinician.unlocks(PASSPHRASE);
    clinician.is_told("unlock-error", "passkey was not used");
    assert!(clinician.does_not_see("start-visit"));
}

/// The one who changed it may have done so because somebody else sits at the other tab.
#[test]
fn a_new_passphrase_or_a_removed_way_locks_the_other_tabs() {
    const NEW: &str = "eleven calm otters beside the mill";
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let first = chrome.window();
    clinician.presses("settings");
    prove(&chrome, &clinician, PASSPHRASE);
    clinician.presses("make-code");
    clinician.sees("recovery-code", SOON);
    let other = chrome.new_window();
    chrome.open_app(&site.origin);
    let here = Clinician::at(&chrome);
    here.sees("unlock", SOON);
    let field = "
        const field = document.querySelector('[data-test=passphrase]');
        const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() });
        return [field.type, field.autocomplete, field.dispatchEvent(paste)];";
    let masked = chrome.script(field, json!([]));
    assert_eq!(
        masked,
        json!(["password", "current-password", true]),
        "hidden, and may be pasted"
    );
    here.unlocks(PASSPHRASE);
    here.sees("start-visit", SOON);

    // A way more leaves the other tab open; one less shuts it, and so does another passphrase.
    chrome.switch_to(&first);
    let code = wait_until("the code", SOON, || chrome.text("[data-test=recovery-code]"));
    clinician.types("recovery-typed", &code);
    clinician.presses("recovery-done");
    chrome.switch_to(&other);
    here.presses("settings");
    wait_until("the new way to be listed", SOON, || (ways(&chrome) == 2).then_some(()));
    chrome.switch_to(&first);
    prove(&chrome, &clinician, PASSPHRASE);
    wait_until("the ways", SOON, || (ways(&chrome) == 2).then_some(()));
    chrome.script(
        "[...document.querySelectorAll('[data-test=remove-way]')].pop().click()",
        json!([]),
    );
    clinician.is_told("security-said", "opens this vault no more");
    chrome.switch_to(&other);
    here.sees("unlock", SOON);
    here.unlocks(PASSPHRASE);
    here.sees("start-visit", SOON);
    chrome.switch_to(&first);
    clinician.types("proof", PASSPHRASE);
    clinician.types("new-passphrase", NEW);
    clinician.presses("change-passphrase");
    clinician.is_told("security-said", "was changed");
    chrome.switch_to(&other);
    here.sees("unlock", SOON);
    here.unlocks(PASSPHRASE);
    here.is_told("unlock-error", "does not open");
    here.unlocks(NEW);
    here.sees("start-visit", SOON);
    chrome.switch_to(&first);
    assert!(
        clinician.does_not_see("unlock"),
        "the tab in which it was changed stays open"
    );
}

fn prove(chrome: &Chrome, clinician: &Clinician, passphrase: &str) {
    clinician.sees("proof", SOON);
    wait_until("the ways in", SOON, || (ways(chrome) > 0).then_some(()));
    clinician.types("proof", passphrase);
}

fn ways(chrome: &Chrome) -> u64 {
    let body = "return document.querySelectorAll('[data-test=ways] li').length";
    chrome.script(body, json!([])).as_u64().expect("a number")
}
