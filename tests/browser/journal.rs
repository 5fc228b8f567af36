//! A recording survives what ends the browser, and is gone when it should be.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use app::keeper::protocol::{Id, Request, SoundStep, ToWorker, encode};
use serde_json::{Value, json};
use speech::{RATE, Samples, wav};

use crate::chrome::{Chrome, Gpu, Microphone, Permission, Victim, wait_until};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::keeper::{Tab, keyrings};
use crate::residue::count_below;
use crate::scratch::Scratch;
use crate::site::{Site, data};
use crate::sound::samples;

/// Seconds in a block of the microphone's tap, which is the page's news of it.
const BLOCK: f64 = 0.1;

/// What a crash may cost, in seconds.
const MOST_LOST: f64 = 1.0;

/// What recovering a visit of an hour may take.
const RECOVERY: Duration = Duration::from_secs(2);

#[test]
fn a_killed_browser_costs_less_than_a_second() {
    kills(20);
}

#[test]
#[ignore = "takes half an hour: `cargo xtask kills`"]
fn two_hundred_killed_browsers_cost_less_than_a_second() {
    kills(200);
}

/// Records, kills the browser or its pages at a random moment, and looks for the recording: so many times.
fn kills(count: u32) {
    let site = Site::serve();
    let folder = Scratch::new("silence");
    // Nobody speaks, so that nothing is written down meanwhile: what counts here is how much sound there is.
    let silence = folder.path().join("silence.wav");
    let bytes = wav::write(&Samples::new(vec![0; 60 * RATE as usize]));
    std::fs::write(&silence, bytes).expect("the scratch folder can be written");
    let microphone = Microphone::Plays(&silence);
    let mut chrome = Chrome::launch(Gpu::None, microphone);
    let mut chance = Chance::new();
    let (mut most, mut found) = (0.0_f64, 0);
    for round in 0..count {
        chrome.set_microphone_permission(&site.origin, Permission::Granted);
        let clinician = if round == 0 {
            Clinician::begins(&chrome, &site.origin)
        } else {
            Clinician::at(&chrome)
        };
        clinician.presses("start-visit");
        clinician.sees("record", SOON);
        clinician.presses("record");
        clinician.sees("sound-kept", SOON);
        std::thread::sleep(Duration::from_millis(chance.below(2_500)));
        let asked = Instant::now();
        let (acknowledged, recorded) = progress(&chrome);
        let victim = if chance.below(2) == 0 {
            Victim::Browser
        } else {
            Victim::Pages
        };
        let remains = chrome.killed(victim);
        let at_least = acknowledged as f64 / f64::from(RATE);
        let at_most = recorded + BLOCK + remains.killed_at().duration_since(asked).as_secs_f64();

        chrome = remains.launch_again(Gpu::None, microphone);
        let clinician = Clinician::returns(&chrome, &site.origin);
        clinician.unlocks(PASSPHRASE);
        clinician.sees("start-visit", SOON);
        let kept = recovered(&clinician, &chrome);
        assert!(
            kept >= at_least,
            "round {round}, {victim:?}: {at_least} s were acknowledged, {kept} s are left"
        );
        let lost = at_most - kept;
        assert!(
            lost <= MOST_LOST,
            "round {round}, {victim:?}: of {at_most:.2} s {kept:.2} s are left"
        );
        most = most.max(lost);
        found += u32::from(kept > 0.0);
    }
    assert!(found > count / 2, "most recordings are long enough to be found");
    println!("{count} kills: at most {most:.2} s lost, every acknowledged chunk kept, {found} recordings recovered");
}

/// Seconds of the interrupted recording, which is read and then given up: nobody speaks in it.
fn recovered(clinician: &Clinician, chrome: &Chrome) -> f64 {
    // The list and what is interrupted come in one answer.
    std::thread::sleep(Duration::from_millis(300));
    if clinician.does_not_see("recover") {
        return 0.0;
    }
    clinician.presses("recover");
    clinician.sees("no-speech", SOON);
    let seconds = attribute(chrome, "no-speech", "seconds");
    clinician.presses("start-over");
    clinician.sees("start-visit", SOON);
    wait_until("the recording to be gone", SOON, || {
        clinician.does_not_see("recover").then_some(())
    });
    seconds
}

/// An hour that a crash cut off.
#[test]
#[ignore = "a measurement on a quiet machine: `cargo xtask kills`"]
fn an_hour_is_recovered_within_two_seconds() {
    const HOUR: u64 = 3_600;
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    tab.creates_vault(now, "One");
    let note = Id([1; 16]);
    let begin = SoundStep::Begin {
        created: now,
        expires_at: (now + 30 * HOUR).next_multiple_of(HOUR),
    };
    tab.ask(now, Request::Sound { note, step: begin }).expect("a journal");
    let hear = encode(&ToWorker::Hear { rate: RATE });
    let feed = "
        const [hear, seconds, bytes] = arguments;
        const { port1, port2 } = new MessageChannel();
        keeper.postMessage(new Uint8Array(hear).buffer, [port2]);
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('sotto-journals');
        const size = async () => {
            for await (const file of folder.values()) return (await file.getFile()).size;
        };
        for (let second = 0; second < seconds; second += 1) {
            port1.postMessage(new Float32Array(16000));
            // Not more than the worker can take.
            while (second % 60 === 0 && await size() < (second - 60) * 32072) await new Promise(later => setTimeout(later, 5));
        }
        while (await size() < bytes) await new Promise(later => setTimeout(later, 20));
        keeper.terminate();
        return size();";
    let bytes = 64 + 2 * HOUR * 16_036;
    assert_eq!(chrome.script(feed, json!([hear, HOUR, bytes])), bytes);

    // From the press to the open visit with all its sound; more than once, because the machine may be busy.
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let clinician = Clinician::returns(&chrome, &site.origin);
        clinician.unlocks(PASSPHRASE);
        clinician.presses("recover");
        let timer = wait_until("the recording to be read", SOON, || {
            chrome
                .text("[data-test=timer]")
                .filter(|timer| timer.contains("of 1:00:00"))
        });
        let took = chrome.script("return performance.getEntriesByName('recover')[0].duration", json!([]));
        best = best.min(took.as_f64().expect("a duration"));
        println!("an hour is recovered in {took} ms ({timer})");
        if best <= RECOVERY.as_secs_f64() * 1_000.0 {
            return;
        }
    }
    panic!("an hour takes {best} ms to recover");
}

#[test]
fn a_full_disk_leaves_the_recording_in_memory() {
    const AMPLE: u64 = 1 << 30;
    let site = Site::serve();
    let chrome = Chrome::hearing(Gpu::None, &data("dictation.wav"), &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.sees("sound-kept", SOON);
    wait_until("half a second on the disk", SOON, || {
        (progress(&chrome).0 > 0).then_some(())
    });
    chrome.set_quota(&site.origin, 1);
    clinician.is_told("in-memory", "in this page's memory only");
    let (before, _) = progress(&chrome);
    std::thread::sleep(Duration::from_secs(2));
    assert!(clinician.can_press("pause"), "the recording goes on");
    assert_eq!(progress(&chrome).0, before, "nothing is written to a full disk");

    chrome.set_quota(&site.origin, AMPLE);
    wait_until("the rest to be written", SOON, || {
        clinician.does_not_see("in-memory").then_some(())
    });
    clinician.presses("pause");
    let (kept, recorded) = wait_until("everything to be written", SOON, || {
        let (kept, recorded) = progress(&chrome);
        (kept > 0 && kept as f64 / f64::from(RATE) >= recorded).then_some((kept, recorded))
    });
    assert!(recorded > 2.0);
    assert_eq!(saved(&clinician).len() as u64, kept);
    clinician.presses("stop");
}

#[test]
fn without_a_private_file_system_the_recording_is_in_memory_and_says_so() {
    let copy = Scratch::new("without-opfs");
    let site = Site::serve_changed(copy.path(), |dist| {
        let loader = dist.join("vault-worker_loader.js");
        let script = std::fs::read_to_string(&loader).expect("the site has its worker");
        let without = format!("delete FileSystemFileHandle.prototype.createSyncAccessHandle;{script}");
        std::fs::write(loader, without).expect("the copy can be written");
    });
    let chrome = Chrome::hearing(Gpu::None, &data("dictation.wav"), &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.is_told("in-memory", "The recording is in this page's memory only");
    std::thread::sleep(Duration::from_secs(1));
    clinician.presses("pause");
    assert!(!saved(&clinician).is_empty());
    clinician.presses("stop");
}

/// From the first half second to the confirmed note, and from a crash to recovery or discarding: no sample in the clear on
/// the disk, and the key goes with the recording.
#[test]
fn sound_is_nowhere_in_the_clear_and_goes_with_its_key() {
    let site = Site::serve();
    let microphone = data("dictation.wav");
    let microphone = Microphone::Plays(&microphone);
    let chrome = Chrome::launch(Gpu::None, microphone);
    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let (first, first_key) = records_and_pauses(&clinician, &chrome);
    assert_eq!(
        hits(&chrome.profile(), &first),
        0,
        "sound on the disk while it is recorded"
    );
    assert!(
        count_below(&chrome.profile(), &first_key) > 0,
        "the search finds what is there"
    );

    // A crash; what was recorded comes back to the last sample, with its words, and goes with the confirmation.
    let chrome = chrome.killed(Victim::Browser).launch_again(Gpu::None, microphone);
    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks(PASSPHRASE);
    clinician.presses("recover");
    clinician.waits_for_note();
    assert!(saved(&clinician) == first, "the same sound");
    clinician.waits_for_save();
    assert!(
        sound_keys(&chrome).contains(&first_key),
        "it is kept until the note is confirmed"
    );
    clinician.confirms();
    wait_until("the key to be gone", SOON, || {
        sound_keys(&chrome).is_empty().then_some(())
    });
    wait_until("the file to be gone", SOON, || {
        journals(&chrome).is_empty().then_some(())
    });
    clinician.presses("close-visit");

    // Another crash; what was recorded is discarded.
    let (second, second_key) = records_and_pauses(&clinician, &chrome);
    let chrome = chrome.killed(Victim::Pages).launch_again(Gpu::None, microphone);
    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks(PASSPHRASE);
    clinician.presses("discard");
    clinician.presses("confirm-discard");
    wait_until("the recording to be gone", SOON, || {
        clinician.does_not_see("interrupted").then_some(())
    });
    assert_eq!((sound_keys(&chrome).len(), journals(&chrome).len()), (0, 0));

    // Each step is in the audit log.
    clinician.presses("settings");
    clinician.presses("go-audit");
    for row in [
        "Recording started",
        "Recording paused",
        "Recorded sound saved as a file",
        "Interrupted recording recovered",
        "Deleted for good: its time was over",
        "Recording discarded",
    ] {
        wait_until(row, SOON, || chrome.text("main").filter(|log| log.contains(row)));
    }
    let remains = chrome.quit();
    for key in [&first_key, &second_key] {
        assert_eq!(count_below(&remains.profile(), key), 0, "a destroyed key on the disk");
    }
    for sound in [&first, &second] {
        assert_eq!(hits(&remains.profile(), sound), 0, "sound on the disk");
    }
}

/// Some seconds of the dictation, paused so that all of it is on the disk; the sound, and its wrapped key.
fn records_and_pauses(clinician: &Clinician, chrome: &Chrome) -> (Vec<i16>, Vec<u8>) {
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.sees("sound-kept", SOON);
    std::thread::sleep(Duration::from_secs(5));
    clinician.presses("pause");
    wait_until("everything to be written", SOON, || {
        let (kept, recorded) = progress(chrome);
        (kept > 0 && kept as f64 / f64::from(RATE) >= recorded).then_some(())
    });
    let keys = sound_keys(chrome);
    assert_eq!(keys.len(), 1, "one recording has one key");
    let sound = saved(clinician);
    assert!(sound.len() > 2 * RATE as usize);
    (sound, keys.into_iter().next().expect("there is one"))
}

/// How often a loud stretch of a recording lies in the files below a folder: as it was saved, and as the page computes.
fn hits(folder: &Path, sound: &[i16]) -> usize {
    const STRETCH: usize = 64;
    let loudness = |stretch: &&[i16]| -> u64 { stretch.iter().map(|x| u64::from(x.unsigned_abs())).sum() };
    let stretch = sound
        .chunks_exact(STRETCH)
        .max_by_key(loudness)
        .expect("seconds of sound");
    let whole: Vec<u8> = stretch.iter().flat_map(|x| x.to_le_bytes()).collect();
    let floats = Samples::new(stretch.to_vec()).to_f32();
    let floats: Vec<u8> = floats.iter().flat_map(|x| x.to_le_bytes()).collect();
    count_below(folder, &whole) + count_below(folder, &floats)
}

/// Samples that are acknowledged as written, and seconds that the page has heard.
fn progress(chrome: &Chrome) -> (u64, f64) {
    (
        attribute(chrome, "sound-kept", "samples") as u64,
        attribute(chrome, "timer", "seconds"),
    )
}

fn attribute(chrome: &Chrome, name: &str, attribute: &str) -> f64 {
    let body = "return Number(document.querySelector(`[data-test=${arguments[0]}]`).dataset[arguments[1]])";
    chrome
        .script(body, json!([name, attribute]))
        .as_f64()
        .expect("a number")
}

/// The recording as the person saves it; the next file must not be taken for this one.
fn saved(clinician: &Clinician) -> Vec<i16> {
    let file = clinician.saves_audio();
    let samples = samples(&file);
    std::fs::remove_file(file).expect("the download is ours");
    samples
}

/// The wrapped keys of recordings: see `vault::keyring`.
fn sound_keys(chrome: &Chrome) -> Vec<Vec<u8>> {
    const SLOT: usize = 128;
    const LIVE: u8 = 1;
    let mut keys: Vec<Vec<u8>> = keyrings(chrome)
        .chunks(SLOT)
        .filter(|slot| slot[0] == LIVE && slot[1] == vault::Namespace::Audio as u8)
        .map(|slot| slot[40..100].to_vec())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The names of the journals on this device.
fn journals(chrome: &Chrome) -> Vec<Value> {
    let body = "
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('sotto-journals');
        const names = [];
        for await (const name of folder.keys()) names.push(name);
        return names;";
    chrome.script(body, json!([])).as_array().cloned().unwrap_or_default()
}

/// Moments that no two runs share; what was drawn is told, so that a failure can be looked into.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        println!("moments drawn from {}", now.as_nanos() as u64);
        Self(now.as_nanos() as u64)
    }

    /// Marsaglia's xorshift, 2003: it only has to be unlike the last one.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
