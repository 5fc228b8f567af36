//! Fourteen ways out of the site, tried in a real browser against an origin that counts: none is open with the seal, each
//! of them without it.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::SOON;
use crate::decoy::Decoy;
use crate::scratch::Scratch;
use crate::site::{Site, list_anew};

/// As `probes.js` names them.
const PROBES: [&str; 14] = [
    "fetch",
    "xhr",
    "websocket",
    "webtransport",
    "beacon",
    "ping",
    "image",
    "stylesheet",
    "font",
    "form",
    "prefetch",
    "worker",
    "service",
    "navigation",
];

/// Longer than anything takes to arrive that is on its way.
const ARRIVES: Duration = Duration::from_secs(2);

#[test]
fn nothing_gets_out_of_a_sealed_site() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    nothing_gets_out(&chrome, &site);
}

/// A plain folder server below a folder of its address: the service worker alone keeps the seal.
#[test]
fn nothing_gets_out_where_the_host_sends_no_header() {
    let copy = Scratch::new("bare");
    let site = Site::serve_bare(copy.path(), |_| ());
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    nothing_gets_out(&chrome, &site);

    // Markup with a handler, text as a script and a second policy are refused by the browser itself.
    chrome.open_app(&site.address);
    let refused = "
        const refuses = (act) => { try { act(); return false; } catch (why) { return why instanceof TypeError; } };
        return [
            refuses(() => document.createElement('p').innerHTML = '<img src=x onerror=alert(1)>'),
            refuses(() => document.createElement('p').innerHTML = '<p onclick=\"alert(1)\">'),
            refuses(() => document.createElement('p').setAttribute('onclick', 'alert(1)')),
            refuses(() => new Worker('https://sotto.invalid/worker.js')),
            refuses(() => trustedTypes.createPolicy('another', {})),
        ];";
    assert_eq!(chrome.script(refused, json!([])), json!([true, true, true, true, true]));
    let isolated = "return crossOriginIsolated && !document.featurePolicy?.allowsFeature('camera')";
    assert_eq!(chrome.script(isolated, json!([])), json!(true));
}

/// So that the tests above can fail: without the seal each probe arrives.
#[test]
fn without_the_seal_every_way_is_open() {
    let copy = Scratch::new("unsealed");
    let site = Site::serve_bare(copy.path(), unseal);
    let decoy = Decoy::open();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    // With the service worker comes its policy, if not its guard: it is registered last.
    let without = PROBES.into_iter().filter(|name| *name != "service");
    for name in without.chain(["service"]) {
        chrome.goto(&format!("{}prove.html", site.address));
        let body = "
            if (arguments[0] === 'service') await navigator.serviceWorker.register('sw.js');
            const { PROBES } = await import(new URL('probes.js', location).href);
            const how = PROBES.find(([name]) => name === arguments[0])[2];
            // What comes of it is seen at the other end.
            Promise.resolve(arguments[1]).then(how).catch(() => null);";
        chrome.script(body, json!([name, format!("{}/{name}", decoy.origin)]));
        let arrived = wait_until(&format!("{name} to arrive"), SOON, || {
            let seen = decoy.seen();
            let wanted = |seen: &String| *seen == format!("/{name}") || (name == "webtransport" && seen == "datagram");
            seen.iter().any(wanted).then_some(seen)
        });
        println!("{name} arrived: {arrived:?}");
    }
}

/// The page that anybody can open tries thirteen ways and says that each was refused; then it tries to leave.
fn nothing_gets_out(chrome: &Chrome, site: &Site) {
    let decoy = Decoy::open();
    chrome.open_app(&site.address);
    chrome.goto(&format!("{}prove.html", site.address));
    let reads = |id: &str, words: &str| {
        wait_until(&format!("{id} to say {words}"), SOON, || {
            chrome.text(&format!("#{id}")).filter(|text| text.contains(words))
        })
    };
    reads("sealed", "yes");
    reads("isolated", "yes");
    let kept = reads("kept", "files are as listed");
    let (same, all) = kept.split_once(" of ").expect("so many of so many");
    assert!(all.starts_with(same), "{kept}");
    assert!(
        reads("since", "since").starts_with("0 since"),
        "nothing was fetched but for the version itself"
    );

    chrome.fill("#target", &decoy.origin);
    chrome.click("#run");
    reads("done", "Done");
    let rows = "return [...document.querySelectorAll('#results tr')].map(row => row.innerText)";
    let rows = chrome.script(rows, json!([]));
    let rows: Vec<&str> = rows
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row.as_str())
        .collect();
    assert_eq!(rows.len(), PROBES.len());
    assert_eq!(
        rows.iter().filter(|row| row.contains("refused")).count(),
        PROBES.len() - 1,
        "{rows:#?}"
    );

    chrome.goto(&format!("{}prove.html#leave={}/navigation", site.address, decoy.origin));
    chrome.reload();
    std::thread::sleep(ARRIVES);
    assert_eq!(decoy.seen(), Vec::<String>::new(), "reached the other origin");
}

/// Takes the policy out of a copy of the site, and the guard out of its service worker.
fn unseal(dist: &Path) {
    let page = dist.join("prove.html");
    let text = std::fs::read_to_string(&page).expect("the page is there");
    let (before, rest) = text
        .split_once("<meta http-equiv=\"Content-Security-Policy\"")
        .expect("the page has its policy");
    let (_, after) = rest.split_once('>').expect("the tag ends");
    std::fs::write(&page, format!("{before}{after}")).expect("the copy can be written");

    let worker = dist.join("sw.js");
    let script = std::fs::read_to_string(&worker).expect("the worker is there");
    let guard = "self.fetch = () => Promise.reject(new TypeError(\"sealed\"));";
    assert_eq!(script.matches(guard).count(), 1);
    std::fs::write(&worker, script.replace(guard, "")).expect("the copy can be written");
    list_anew(dist);
}
