//! Firefox, by the protocol that it speaks itself: WebDriver's commands as JSON over a socket, without a driver between.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chrome::wait_until;

/// Longer than any page may take to come to its words.
const PATIENCE: Duration = Duration::from_secs(900);

/// A Firefox process with one session.
pub struct Marionette {
    process: Child,
    wire: Mutex<Wire>,
}

struct Wire {
    stream: BufReader<TcpStream>,
    sent: u32,
}

impl Marionette {
    /// Downloads land in `downloads`, unasked.
    ///
    /// # Panics
    /// When Firefox is missing or does not start.
    pub fn start(profile: &Path, downloads: &Path) -> Marionette {
        const STARTS_WITHIN: Duration = Duration::from_secs(120);
        std::fs::create_dir_all(profile).expect("the scratch folder can be written");
        std::fs::write(profile.join("user.js"), preferences(downloads)).expect("the profile can be written");
        let process = Command::new("firefox-esr")
            .args(["--headless", "--marionette", "--no-remote", "--profile"])
            .arg(profile)
            .env("HOME", profile)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Firefox starts; `cargo xtask test browser` installs it");
        let port: u16 = wait_until("Firefox to say its port", STARTS_WITHIN, || {
            let said = std::fs::read_to_string(profile.join("MarionetteActivePort")).ok()?;
            said.trim().parse().ok()
        });
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("Firefox listens where it says");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        let mut wire = Wire {
            stream: BufReader::new(stream),
            sent: 0,
        };
        wire.receive().expect("Firefox says who it is");
        let marionette = Marionette {
            process,
            wire: Mutex::new(wire),
        };
        let timeouts = json!({ "script": 600_000, "pageLoad": 300_000 });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "timeouts": timeouts } } });
        marionette.send("NewSession", wanted).expect("Firefox gives a session");
        marionette
    }

    /// A command of WebDriver, as it is posted to chromedriver.
    ///
    /// # Errors
    /// Firefox's own words for why not.
    pub fn post(&self, command: &str, mut body: Value) -> Result<Value, String> {
        let name = match command.split('/').collect::<Vec<_>>().as_slice() {
            ["url"] => "Navigate",
            ["refresh"] => "Refresh",
            ["execute", "sync"] => {
                // Without a sandbox of its own: what a script leaves in the window stays there.
                body["sandbox"] = Value::Null;
                "ExecuteScript"
            }
            ["element"] => "FindElement",
            ["element", id, act] => {
                body["id"] = json!(id);
                match *act {
                    "click" => "ElementClick",
                    "clear" => "ElementClear",
                    _ => "ElementSendKeys",
                }
            }
            _ => return Err(format!("Firefox is not asked for {command}")),
        };
        self.send(name, body)
    }

    fn send(&self, name: &str, parameters: Value) -> Result<Value, String> {
        let mut wire = self.wire.lock().map_err(|_| "a command panicked")?;
        wire.sent += 1;
        let message = json!([0, wire.sent, format!("WebDriver:{name}"), parameters]).to_string();
        let framed = format!("{}:{message}", message.len());
        let stream = wire.stream.get_mut();
        stream.write_all(framed.as_bytes()).map_err(|why| why.to_string())?;
        let mut answer = wire.receive().map_err(|why| why.to_string())?;
        if answer[2].is_null() {
            let mut result = answer[3].take();
            Ok(if result["value"].is_null() {
                result
            } else {
                result["value"].take()
            })
        } else {
            Err(format!("{}: {}", answer[2]["error"], answer[2]["message"]))
        }
    }
}

impl Wire {
    /// One message: its length in digits, a colon, its JSON.
    fn receive(&mut self) -> std::io::Result<Value> {
        let mut length = 0;
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            match byte[0] {
                b':' => break,
                digit => length = length * 10 + usize::from(digit - b'0'),
            }
        }
        let mut message = vec![0; length];
        self.stream.read_exact(&mut message)?;
        serde_json::from_slice(&message).map_err(std::io::Error::other)
    }
}

impl Drop for Marionette {
    fn drop(&mut self) {
        // Both fail only for a Firefox that has ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn preferences(downloads: &Path) -> String {
    let preferences = [
        ("marionette.port", json!(0)),
        ("browser.download.folderList", json!(2)),
        ("browser.download.dir", json!(downloads)),
        ("browser.download.useDownloadDir", json!(true)),
        // Requests of the browser's own, which are not what the tests are about.
        ("datareporting.policy.dataSubmissionEnabled", json!(false)),
        ("toolkit.telemetry.enabled", json!(false)),
        ("app.normandy.enabled", json!(false)),
        ("network.captive-portal-service.enabled", json!(false)),
        ("network.connectivity-service.enabled", json!(false)),
    ];
    preferences
        .iter()
        .map(|(name, value)| format!("user_pref({}, {value});\n", json!(name)))
        .collect()
}
