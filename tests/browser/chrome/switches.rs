//! With what Chromium is started.

use std::path::Path;

use serde_json::{Value, json};

use super::{Gpu, Microphone};

pub fn capabilities(folder: &Path, gpu: Gpu, microphone: Microphone<'_>, switches: Vec<String>) -> Value {
    let mut flags = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--no-first-run".to_owned(),
        // Requests of the browser's own, which are not what the tests are about.
        "--disable-quic".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        format!("--user-data-dir={}", folder.join("profile").display()),
        format!("--log-net-log={}", folder.join("net.json").display()),
    ];
    match gpu {
        Gpu::None => flags.push("--disable-features=WebGPU".to_owned()),
        Gpu::SwiftShader => flags.extend(
            [
                "--enable-unsafe-webgpu",
                "--use-webgpu-adapter=swiftshader",
                "--enable-features=Vulkan",
            ]
            .map(str::to_owned),
        ),
    }
    flags.extend(switches);
    match microphone {
        Microphone::None => {}
        // Never `--use-fake-ui-for-media-stream`: it grants what a test denies.
        Microphone::Plays(file) => flags.extend([
            "--use-fake-device-for-media-stream".to_owned(),
            format!("--use-file-for-fake-audio-capture={}%noloop", file.display()),
        ]),
    }
    json!({
        "goog:chromeOptions": { "args": flags },
        "goog:loggingPrefs": { "browser": "ALL" },
        // A script of a page may wait for a transcript; the driver's own limit would end it after half a minute.
        "timeouts": { "script": 600_000, "pageLoad": 300_000 },
    })
}
