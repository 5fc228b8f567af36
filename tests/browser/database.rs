//! A database that does not open: what the person reads, and that nothing in it is touched.

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::keeper::{keyrings, stored};
use crate::site::Site;
use crate::version_1::{finds_the_visits, plant};

/// A page of the site on which the app does not run.
const OTHER_PAGE: &str = "prove.html";

/// Opens the database under this version, with a store of that version's own where it is new, and keeps it open.
const HOLD: &str = "
    const [version, own] = arguments;
    window.held = await new Promise((yes, no) => {
        const open = indexedDB.open('sotto', version);
        open.onupgradeneeded = () => open.result.createObjectStore(own).put('of tomorrow', 'a key');
        open.onsuccess = () => yes(open.result);
        open.onerror = () => no(open.error);
    });";

/// A newer version has written while a note was open here, and afterwards this one is started again.
#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    const TOLD: &str = "A newer version of Sotto has written here, so this one leaves everything as it is.";
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.keeps_a_note();
    let app = chrome.window();
    chrome.new_window();
    chrome.goto(&format!("{}/{OTHER_PAGE}", site.origin));
    chrome.script(HOLD, json!([3, "tomorrow"]));
    let (all, keys) = (stored(&chrome), keyrings(&chrome));
    assert_eq!(all["tomorrow"], json!([["a key", "of tomorrow"]]));

    let other = chrome.window();
    chrome.switch_to(&app);
    let note = clinician.note();
    let (heading, _) = note.last().expect("a note has sections");
    clinician.writes_section(heading, "Seen and examined by me.");
    clinician.is_told("message", TOLD);
    let text: String = clinician.note().into_iter().map(|(_, text)| text).collect();
    assert!(text.contains("Seen and examined by me."), "the open note is lost");

    // Whoever leaves all the same finds the door shut, and no offer to begin anew.
    chrome.goto(&format!("{}/{OTHER_PAGE}", site.origin));
    chrome.open_app(&site.address);
    clinician.is_told("message", TOLD);
    assert!(clinician.does_not_see("create-vault") && clinician.does_not_see("unlock"));
    chrome.switch_to(&other);
    assert_eq!(stored(&chrome), all, "what the newer version stored was changed");
    assert_eq!(keyrings(&chrome), keys);
}

/// A tab of version 0.1 that does not let go. When it is closed, its notes are there.
#[test]
fn a_database_that_another_tab_holds() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    plant(&chrome, &site.origin);
    chrome.script(HOLD, json!([1, ""]));
    let holder = chrome.window();
    chrome.new_window();
    chrome.open_app(&site.address);
    let clinician = Clinician::at(&chrome);
    clinician.is_told(
        "message",
        "Close every other tab of Sotto, or restart the browser, then reload this page.",
    );
    assert!(clinician.does_not_see("create-vault") && clinician.does_not_see("unlock"));
    let app = chrome.window();
    chrome.switch_to(&holder);
    chrome.close_window(&app);
    let clinician = Clinician::returns(&chrome, &site.address);
    clinician.unlocks(PASSPHRASE);
    finds_the_visits(&clinician, &chrome);
}

/// Another thing lies where the browser keeps its databases, as after a fault of the disk. When they are back, so is the
/// note.
#[test]
fn a_database_that_the_browser_cannot_open() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.sees("record", SOON);
    chrome.fill("[data-test=visit-label]", "Room of the first");
    clinician.waits_for_save();

    let remains = chrome.quit();
    let databases = remains.profile().join("Default/IndexedDB");
    let aside = remains.profile().join("aside");
    std::fs::rename(&databases, &aside).expect("the browser has its databases there");
    std::fs::write(&databases, "no folder").expect("the profile can be written");
    let chrome = remains.launch_again(Gpu::None, Microphone::None);
    chrome.open_app(&site.address);
    let clinician = Clinician::at(&chrome);
    clinician.is_told("message", "restart the browser; then reload. Nothing was changed.");
    assert!(clinician.does_not_see("create-vault") && clinician.does_not_see("unlock"));

    let remains = chrome.quit();
    std::fs::remove_file(&databases).expect("what lay in the way is still there");
    std::fs::rename(&aside, &databases).expect("the profile can be written");
    let chrome = remains.launch_again(Gpu::None, Microphone::None);
    let clinician = Clinician::returns(&chrome, &site.address);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);
    let list = chrome.text("main").expect("the list");
    assert!(list.contains("Room of the first"), "{list}");
}

/// As after a fault of the disk that the browser mends in its own way. Whoever was asked for a passphrase as if nothing had
/// ever been here would believe it.
#[test]
fn a_database_that_the_browser_has_emptied() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    assert!(clinician.does_not_see("emptied"));
    clinician.keeps_a_note();

    chrome.goto(&format!("{}/{OTHER_PAGE}", site.origin));
    let delete = "
        const gone = indexedDB.deleteDatabase('sotto');
        await new Promise((yes, no) => { gone.onsuccess = yes; gone.onerror = no; });";
    chrome.script(delete, json!([]));
    chrome.open_app(&site.address);
    clinician.is_told("emptied", "this browser has removed them");
    clinician.creates_vault();
    assert!(clinician.does_not_see("visit-row"));
    clinician.presses("lock");
    clinician.sees("unlock", SOON);
    assert!(
        clinician.does_not_see("emptied"),
        "what is kept from now on is found again"
    );
}
