//! The same words from the same audio, wherever the network runs.

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::{Clinician, EVENTUALLY};
use crate::site::{Site, data, native_text};

const CLIPS: [&str; 5] = [
    "clips/1.wav",
    "clips/2.wav",
    "clips/3.wav",
    "clips/4.wav",
    "clips/5.wav",
];

#[test]
fn the_cpu_in_the_browser_gives_the_words_of_the_native_cpu() {
    compare(Gpu::None, "cpu", "CPU");
}

#[test]
fn the_gpu_in_the_browser_gives_the_words_of_the_native_cpu() {
    compare(Gpu::SwiftShader, "webgpu", "GPU");
}

fn compare(gpu: Gpu, backend: &str, status: &str) {
    let site = Site::serve();
    let chrome = Chrome::launch(gpu, Microphone::None);
    let clinician = Clinician::begins(&chrome, &format!("{}/?backend={backend}", site.origin));
    clinician.reads_status(status, EVENTUALLY);
    for clip in CLIPS.map(data) {
        clinician.opens_audio(&clip);
        clinician.waits_for_note();
        assert_eq!(clinician.transcript(), native_text(&clip), "{}", clip.display());
        clinician.waits_for_save();
        clinician.presses("close-visit");
    }
    // The GPU did it to the end.
    clinician.reads_status(status, EVENTUALLY);
}
