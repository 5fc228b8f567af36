//! A GPU that can be trusted, or the reason why there is none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use burn::tensor::wgpu::WgpuBackend;
use js_sys::{Function, Promise, Reflect};
use speech::protocol::Fallback;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether an adapter that computes on the CPU will do; it is slower than the CPU backend, so only tests ask for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Software {
    Accept,
    Refuse,
}

/// Opens the browser's GPU.
///
/// # Errors
/// The reason for which the CPU must do the work.
pub async fn open(software: Software) -> Result<Device, Fallback> {
    let adapter = adapter().await.ok_or(Fallback::NoWebGpu)?;
    if software == Software::Refuse && is_software(&adapter) {
        return Err(Fallback::SoftwareAdapter);
    }
    // The runtime's timings panic on wasm without this feature, at the first kernel.
    if !has_feature(&adapter, "timestamp-query") {
        return Err(Fallback::NoTimestampQuery);
    }
    let (device, setup) = Device::wgpu_options()
        .graphics_api(WgpuBackend::WebGpu)
        .tasks_max(32)
        .init_with_setup_async()
        .await
        .map_err(|_| Fallback::DeviceRefused)?;
    // The runtime's own handler panics from the event loop; a flag can be looked at before any word is shown.
    setup
        .device
        .on_uncaptured_error(Arc::new(|_| UNHEALTHY.store(true, Ordering::Relaxed)));
    setup
        .device
        .set_device_lost_callback(|_, _| UNHEALTHY.store(true, Ordering::Relaxed));
    Ok(device)
}

/// False once the GPU or its runtime has reported any error: a rejected shader leaves stale numbers behind, not an error.
pub fn healthy() -> bool {
    !UNHEALTHY.load(Ordering::Relaxed)
}

/// The runtime only logs shader errors and a lost device: an error in the log makes the GPU unhealthy. Nothing is printed.
pub fn watch_log() {
    log::set_logger(&Watch)
        .map(|()| log::set_max_level(log::LevelFilter::Error))
        .expect("this is the only logger");
}

static UNHEALTHY: AtomicBool = AtomicBool::new(false);

struct Watch;

impl log::Log for Watch {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() == log::Level::Error
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            UNHEALTHY.store(true, Ordering::Relaxed);
        }
    }

    fn flush(&self) {}
}

/// `navigator.gpu.requestAdapter()`, through reflection because the typed bindings are still unstable.
async fn adapter() -> Option<JsValue> {
    let navigator = get(&js_sys::global(), "navigator")?;
    let gpu = get(&navigator, "gpu")?;
    let request: Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok().filter(JsValue::is_object)
}

fn has_feature(adapter: &JsValue, name: &str) -> bool {
    let Some(features) = get(adapter, "features") else {
        return false;
    };
    let Some(has) = get(&features, "has").and_then(|f| f.dyn_into::<Function>().ok()) else {
        return false;
    };
    has.call1(&features, &name.into())
        .is_ok_and(|answer| answer.is_truthy())
}

fn is_software(adapter: &JsValue) -> bool {
    const NAMES: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];
    let Some(info) = get(adapter, "info") else { return false };
    let fallback = get(&info, "isFallbackAdapter").is_some_and(|f| f.is_truthy());
    let named = ["vendor", "architecture", "device", "description"].iter().any(|field| {
        let text = get(&info, field)
            .and_then(|v| v.as_string())
            .unwrap_or_default()
            .to_lowercase();
        NAMES.iter().any(|name| text.contains(name))
    });
    fallback || named
}

fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
