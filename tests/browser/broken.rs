//! A device that computes something else, stops, or has no memory left: the words come from the CPU and are right, or
//! there are none and the page says so. The faults are scripts before the worker's own, in a copy of the site.

use std::path::Path;

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY};
use crate::scratch::Scratch;
use crate::site::{Site, data, native_text};

const CLIP: &str = "clips/5.wav";

/// Pages of wasm memory, 64 KiB each, beside those that a worker starts with: less than the model needs.
const FEW_PAGES: u32 = 64;

/// An attention that weighs with another function, in every shader that has one. No browser finds fault with it.
const ANOTHER_FUNCTION: &str = "
    const make = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
        return make.call(this, { ...descriptor, code: descriptor.code.replaceAll('exp(', 'cos(') });
    };
";

/// A shader that no browser compiles: its dispatches are left out, and what was in the buffer before stays.
const NO_SHADER: &str = "
    const make = GPUDevice.prototype.createShaderModule;
    let made = 0;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
        made += 1;
        return make.call(this, made === 4 ? { ...descriptor, code: 'no shader' } : descriptor);
    };
";

/// In the middle of the second utterance (1 is a request to transcribe) the module traps, as it does when it panics.
const TRAP: &str = "
    let asked = 0, falls = false;
    self.addEventListener('message', ({ data }) => { falls = new Uint8Array(data)[0] === 1 && ++asked === 2; });
    self.Uint8Array = new Proxy(Uint8Array, {
        construct(bytes, list) {
            if (!falls) return Reflect.construct(bytes, list);
            throw new WebAssembly.RuntimeError('unreachable');
        },
    });
";

/// From the first utterance on (1 is a request to transcribe) every eighth dispatch does nothing, and nobody reports it.
const DISPATCHES_LEFT_OUT: &str = "
    let count = 0, left = false;
    self.addEventListener('message', ({ data }) => { left ||= new Uint8Array(data)[0] === 1; });
    const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...sizes) {
        count += 1;
        if (!left || count % 8 !== 0) dispatch.apply(this, sizes);
    };
";

/// From the first utterance on no buffer can be had, told as a browser tells it: a buffer that is none, and an event.
const NO_GPU_MEMORY: &str = "
    let full = false;
    self.addEventListener('message', ({ data }) => { full ||= new Uint8Array(data)[0] === 1; });
    const write = GPUQueue.prototype.submit;
    let device;
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...how) {
        device = await request.apply(this, how);
        return device;
    };
    GPUQueue.prototype.submit = function (...commands) {
        if (full) {
            const error = new GPUOutOfMemoryError('Out of memory');
            device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
            return;
        }
        write.apply(this, commands);
    };
";

/// The device is gone as soon as there is something to do.
const DESTROYED: &str = "
    let device;
    self.addEventListener('message', ({ data }) => { if (new Uint8Array(data)[0] === 1) device?.destroy(); });
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...how) {
        device = await request.apply(this, how);
        return device;
    };
";

#[test]
fn a_kernel_that_computes_something_else() {
    goes_on_with_the_cpu("another", ANOTHER_FUNCTION, "gave a wrong result");
}

#[test]
fn a_kernel_that_the_browser_refuses() {
    goes_on_with_the_cpu("refused", NO_SHADER, "so Sotto uses the CPU");
}

#[test]
fn kernels_that_are_left_out_in_the_middle_of_a_visit() {
    goes_on_with_the_cpu("left-out", DISPATCHES_LEFT_OUT, "The GPU stopped");
}

#[test]
fn no_gpu_memory_in_the_middle_of_a_visit() {
    goes_on_with_the_cpu("full", NO_GPU_MEMORY, "The GPU stopped");
}

#[test]
fn a_device_that_is_destroyed() {
    goes_on_with_the_cpu("destroyed", DESTROYED, "The GPU stopped");
}

#[test]
fn a_gpu_process_that_crashes() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::SwiftShader, Microphone::None);
    let clinician = Clinician::begins(&chrome, &format!("{}/?backend=webgpu", site.origin));
    clinician.reads_status("GPU", EVENTUALLY);
    let clip = data(CLIP);
    clinician.opens_audio(&clip);
    chrome.devtools("Browser.crashGpuProcess", serde_json::json!({}));
    clinician.waits_for_note();
    clinician.is_told("fallback", "The GPU stopped");
    assert_eq!(clinician.transcript(), native_text(&clip));
}

/// Each new worker gets what is left, falls over its second utterance, and so on, until all is written down.
#[test]
fn a_worker_that_traps_in_the_middle_of_a_visit() {
    let copy = Scratch::new("traps");
    let site = Site::serve_changed(copy.path(), |dist| before_the_worker(dist, TRAP));
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    let dictation = data("dictation.wav");
    clinician.opens_audio(&dictation);
    clinician.waits_for_note();
    assert_eq!(clinician.transcript(), native_text(&dictation));
    let told = chrome.console().concat();
    assert!(!told.contains("patient"), "a panic speaks of no patient: {told}");
}

#[test]
fn no_memory_for_the_model() {
    let copy = Scratch::new("narrow");
    let site = Site::serve_changed(copy.path(), |dist| {
        let file = dist.join("speech-worker_bg.wasm");
        let module = std::fs::read(&file).expect("the site has its worker");
        std::fs::write(file, narrowed(&module)).expect("the copy can be written");
    });
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.opens_audio(&data(CLIP));
    clinician.is_told("engine-failure", "stopped several times");
    assert_eq!(clinician.transcript(), "");
    let kept = std::fs::metadata(clinician.saves_audio()).map_or(0, |file| file.len());
    let recorded = std::fs::metadata(data(CLIP)).map_or(0, |file| file.len());
    assert_eq!(kept, recorded, "what was recorded is kept");
}

/// Whatever the GPU did, the words are those of the CPU, and the page says why.
fn goes_on_with_the_cpu(name: &str, fault: &str, told: &str) {
    let copy = Scratch::new(name);
    let site = Site::serve_changed(copy.path(), |dist| before_the_worker(dist, fault));
    let chrome = Chrome::launch(Gpu::SwiftShader, Microphone::None);
    let clinician = Clinician::begins(&chrome, &format!("{}/?backend=webgpu", site.origin));
    clinician.reads_status("model", EVENTUALLY);
    let clip = data(CLIP);
    clinician.opens_audio(&clip);
    clinician.waits_for_note();
    clinician.is_told("fallback", told);
    assert_eq!(clinician.transcript(), native_text(&clip));
}

/// The module throws while the page asks it, as it does when it panics, and is right again when it is fetched anew.
#[test]
fn a_note_writer_that_stops_over_a_note() {
    const ASKED: &str = "export function ask(question) {";
    const STOPS: &str = "if (self.stops) throw new WebAssembly.RuntimeError('unreachable');";
    let copy = Scratch::new("stops");
    let site = Site::serve_changed(copy.path(), |dist| {
        let script = dist.join("note-writer.js");
        let own = std::fs::read_to_string(&script).expect("the site has its note writer");
        assert!(own.contains(ASKED), "the build wrote it otherwise");
        std::fs::write(script, own.replacen(ASKED, &format!("{ASKED} {STOPS}"), 1)).expect("the copy can be written");
    });
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.opens_transcript(&data("visit.txt"));
    clinician.waits_for_note();
    let note = clinician.note();
    let (heading, _) = note.last().expect("a note has sections");
    clinician.writes_section(heading, "Call her on Friday.");

    chrome.script("self.stops = true", json!([]));
    clinician.chooses("template", "History and physical");
    clinician.is_told("message", "is not running");
    let kept = clinician.note();
    assert_eq!(
        kept[..kept.len() - 1],
        note[..note.len() - 1],
        "the note stays as it was"
    );
    clinician.presses("confirm-review");
    clinician.is_told("not-confirmed", "could not be looked through");

    chrome.script("self.stops = false", json!([]));
    let shaped = wait_until("another writer to draft the note in its new shape", EVENTUALLY, || {
        let note = clinician.note();
        (note.len() > kept.len()).then_some(note)
    });
    assert!(
        shaped.iter().any(|(_, text)| text.contains("Call her on Friday.")),
        "{shaped:?}"
    );
    let told = chrome.console().concat();
    assert!(!told.contains("cough"), "the console speaks of no patient: {told}");
}

fn before_the_worker(dist: &Path, script: &str) {
    let loader = dist.join("speech-worker_loader.js");
    let own = std::fs::read_to_string(&loader).expect("the site has its worker's loader");
    std::fs::write(loader, format!("{{ {script} }}\n{own}")).expect("the copy can be written");
}

/// The module with an upper limit for its memory, little above what it starts with.
fn narrowed(module: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8;
    const MEMORY: u8 = 5;
    let (mut narrow, mut rest) = (module[..HEADER].to_vec(), &module[HEADER..]);
    while let Some((&id, after)) = rest.split_first() {
        let (size, length) = unsigned(after);
        let (section, later) = rest.split_at(1 + length + size as usize);
        if id == MEMORY {
            let memory = &section[1 + length..];
            // One memory, without a limit or with one, and its first pages.
            assert!(memory[0] == 1 && memory[1] <= 1, "one memory of 32 bits");
            let (pages, _) = unsigned(&memory[2..]);
            let limits = [written(pages), written(pages + FEW_PAGES)].concat();
            narrow.extend([&[MEMORY][..], &written(limits.len() as u32 + 2), &[1, 1], &limits].concat());
        } else {
            narrow.extend_from_slice(section);
        }
        rest = later;
    }
    narrow
}

/// An unsigned LEB128 number, and how many bytes it takes.
fn unsigned(bytes: &[u8]) -> (u32, usize) {
    let length = 1 + bytes.iter().take_while(|byte| **byte & 0x80 != 0).count();
    let parts = bytes[..length].iter().enumerate();
    (
        parts.fold(0, |value, (at, byte)| value | u32::from(byte & 0x7f) << (7 * at)),
        length,
    )
}

fn written(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
