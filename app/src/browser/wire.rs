use js_sys::Float32Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageChannel, MessageEvent, MessagePort};

/// One end of a line on which a microphone's tap sends sound past the page: blocks of mono sound, and an empty one when
/// nothing more comes from before a pause.
pub struct Wire(pub(super) MessagePort);

/// An end that is listened to. Dropping it closes the line.
pub struct Listening {
    port: MessagePort,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Wire {
    /// Both ends of a new line; nothing from a browser without such lines.
    pub fn pair() -> Option<(Wire, Wire)> {
        let channel = MessageChannel::new().ok()?;
        Some((Wire(channel.port1()), Wire(channel.port2())))
    }

    pub fn listen(self, heard: impl Fn(Vec<f32>) + 'static) -> Listening {
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            if let Ok(block) = message.data().dyn_into::<Float32Array>() {
                heard(block.to_vec());
                // The browser frees it only some time later.
                block.fill(0.0, 0, block.length());
            }
        });
        self.0.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Listening {
            port: self.0,
            _heard: heard,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        self.port.close();
    }
}
