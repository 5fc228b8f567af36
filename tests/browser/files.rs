//! Sound files of many hours: what is read piece by piece, what is refused before it is read, and what breaks off.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use app::browser::sound::{MOST_HOURS, MOST_MEGABYTES, MOST_MINUTES};

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, SOON};
use crate::scratch::Scratch;
use crate::site::{Site, data};
use crate::sound::{flac, samples, wav_head};

const HOUR: u32 = 3_600;

/// In stereo.
const RATE: u32 = 16_000;
const CHANNELS: u16 = 2;
const FRAME: u64 = 4;

/// Most of a gigabyte, at the very end of which somebody speaks.
#[test]
fn a_wav_file_of_three_hours() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    let folder = Scratch::new("hours");
    let speech = samples(&data("clips/1.wav"));
    let speech = speech.iter().flat_map(|sample| [*sample; CHANNELS as usize]);
    let speech: Vec<u8> = speech.flat_map(i16::to_le_bytes).collect();
    let file = hours(&folder, "visit.wav", 3, &speech);
    chrome.peak_memory();
    clinician.opens_audio(&file);
    clinician.waits_for_note();
    let peak = chrome.peak_memory();
    assert!(peak < 3 << 30, "{peak} bytes of memory");
    let words = clinician.transcript();
    assert!(words.split_whitespace().count() > 3, "{words}");
    let at = chrome.text("[data-test=show-in-note]").expect("the words have a time");
    assert!(at.starts_with("3:00:0") || at == "2:59:59", "{at}");
}

#[test]
fn sound_of_too_many_hours_is_refused_before_it_is_read() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    let folder = Scratch::new("hours");
    let told = format!(
        "Sotto opens WAV files of up to {MOST_HOURS} hours, and other files of up to {MOST_MINUTES} minutes and \
         {MOST_MEGABYTES} MB."
    );
    let written = |name: &str, bytes: Vec<u8>| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the scratch folder can be written");
        path
    };
    let large = written("large.mp3", b"ID3".to_vec());
    let megabytes = u64::from(MOST_MEGABYTES) * 1_000_000;
    lengthen(&large, megabytes + 1);
    let too_long = [
        hours(&folder, "five-hours.wav", MOST_HOURS + 1, &[]),
        // Less than a megabyte, and fourteen thousand once they are decoded.
        written("ten-hours.flac", flac(10 * HOUR, 48_000, 2, true)),
        large,
        // A head that does not say how long it is: known only afterwards.
        written("two-hours.flac", flac(2 * HOUR, RATE, 1, false)),
    ];
    clinician.presses("start-visit");
    clinician.sees("record", SOON);
    chrome.peak_memory();
    for file in too_long {
        chrome.choose_file("[data-test=open-file]", &file);
        clinician.is_told("message", &told);
        clinician.presses("dismiss");
    }
    let peak = chrome.peak_memory();
    assert!(peak < 3 << 30, "{peak} bytes of memory");
    // The visit goes on.
    chrome.choose_file("[data-test=open-file]", &data("clips/1.wav"));
    clinician.waits_for_note();
}

/// A stick that is pulled out, or a file that somebody writes to.
#[test]
fn a_sound_file_that_breaks_off_while_it_is_read() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    let folder = Scratch::new("hours");
    let file = hours(&folder, "visit.wav", MOST_HOURS, &[]);
    clinician.opens_audio(&file);
    let reads = || {
        chrome
            .text("[data-test=timer]")
            .filter(|timer| !timer.starts_with("0:00"))
    };
    wait_until("the file to be read", SOON, reads);
    lengthen(&file, 1 << 20);
    clinician.is_told(
        "message",
        "The file could not be read to its end, so the rest is missing here.",
    );
}

/// So many hours of silence, with this at their end; of the disk it needs little more.
fn hours(folder: &Scratch, name: &str, hours: u32, end: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    let silence = u64::from(hours * HOUR * RATE) * FRAME;
    let size = silence + end.len() as u64;
    let head = wav_head(u32::try_from(size).expect("less than 4 GiB"), RATE, CHANNELS);
    std::fs::write(&path, &head).expect("the scratch folder can be written");
    lengthen(&path, head.len() as u64 + silence);
    let mut file = File::options().append(true).open(&path).expect("it was just made");
    file.write_all(end).expect("the scratch folder can be written");
    path
}

/// With zeros; or shortens it.
fn lengthen(path: &Path, bytes: u64) {
    let file = File::options().write(true).open(path).expect("it was just made");
    file.set_len(bytes).expect("zeros that are not stored");
}
