//! The WebDriver protocol as far as these tests need it: JSON posted to chromedriver, which runs on this very machine.
//!
//! A client library would bring an async runtime and half a web stack for what is one function over a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// The id of a found element.
pub fn id_of(found: &Value) -> String {
    found[ELEMENT].as_str().expect("a found element has an id").to_owned()
}

/// Where WebDriver answers keep an element's id; the name is fixed by the standard (section 12.2, "Elements").
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Longer than any page may take to come to its words.
const PATIENCE: Duration = Duration::from_secs(900);

/// A chromedriver process with one browser.
pub struct WebDriver {
    process: Child,
    port: u16,
    session: String,
}

impl WebDriver {
    /// # Panics
    /// When chromedriver or the browser is missing or does not start.
    pub fn start(capabilities: Value) -> WebDriver {
        let (process, port) = start_process();
        let mut driver = WebDriver {
            process,
            port,
            session: String::new(),
        };
        let request = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let created = driver
            .send("POST", "/session", &request.to_string())
            .unwrap_or_else(|why| panic!("no browser: {why}"));
        driver.session = created["sessionId"].as_str().expect("a session has an id").to_owned();
        driver
    }

    /// The driver's process, whose descendants are the browser's.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Posts a command of the session.
    ///
    /// # Errors
    /// The driver's own words for why not.
    pub fn post(&self, command: &str, body: Value) -> Result<Value, String> {
        self.send(
            "POST",
            &format!("/session/{}/{command}", self.session),
            &body.to_string(),
        )
    }

    /// Asks for a value of the session.
    ///
    /// # Errors
    /// The driver's own words for why not.
    pub fn get(&self, what: &str) -> Result<Value, String> {
        self.send("GET", &format!("/session/{}/{what}", self.session), "")
    }

    /// Ends what is named.
    ///
    /// # Errors
    /// The driver's own words for why not.
    pub fn delete(&self, what: &str) -> Result<Value, String> {
        self.send("DELETE", &format!("/session/{}/{what}", self.session), "")
    }

    /// Ends the browser, which then finishes writing its files. Once is enough.
    pub fn end_session(&mut self) {
        if !self.session.is_empty() {
            // No body: the driver refuses one here. A browser that has gone already is ended.
            drop(self.send("DELETE", &format!("/session/{}", self.session), ""));
            self.session.clear();
        }
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Result<Value, String> {
        let answer = self
            .exchange(method, path, body)
            .map_err(|why| format!("chromedriver: {why}"))?;
        let mut answer: Value = serde_json::from_slice(&answer).map_err(|why| format!("chromedriver: {why}"))?;
        let value = answer["value"].take();
        match value.get("error") {
            Some(error) if value.get("message").is_some() => Err(format!("{error}: {}", value["message"])),
            _ => Ok(value),
        }
    }

    /// One request on one connection; the answer's body.
    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(|_| std::io::ErrorKind::InvalidData)?;
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        self.end_session();
        // Both fail only for a driver that has ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn start_process() -> (Child, u16) {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts; `cargo xtask test browser` installs it");
    let lines = BufReader::new(process.stdout.take().expect("the output is piped")).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    (process, port.expect("chromedriver says its port"))
}
