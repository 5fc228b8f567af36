//! A static file server for this machine alone: one request for each connection, one thread for each of them. A server
//! that keeps connections open for fewer threads than a browser opens leaves some of them waiting for ever.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::Outcome;
use crate::headers::{CLEAR, ERASED, content_type, policy};

/// Bytes of a request; a browser's are a tenth of it.
const LONGEST_REQUEST: u64 = 1 << 16;

/// What is served, and how.
pub struct Serving {
    pub dir: PathBuf,
    /// The folder of the address, with a slash before and behind it, or one alone.
    pub under: String,
    pub headers: Vec<(&'static str, String)>,
    pub log: Mutex<Option<File>>,
}

impl Serving {
    /// At the root, with every header.
    pub fn sealed(dir: &Path) -> Serving {
        let mut headers = policy();
        // What works offline must work from the service worker's own store, never by luck of the browser's cache.
        headers.push(("Cache-Control", "no-store".to_owned()));
        Serving {
            dir: dir.to_owned(),
            under: "/".to_owned(),
            headers,
            log: Mutex::new(None),
        }
    }
}

/// `serve DIR [--port N] [--log FILE] [--bare FOLDER]`; port 0, the default, takes any free one.
pub fn command(dir: &str, options: &[&str]) -> Outcome {
    let mut port = 0;
    let mut serving = Serving::sealed(Path::new(dir));
    for option in options.chunks(2) {
        match option {
            ["--port", number] => port = number.parse().map_err(|_| format!("`{number}` is no port."))?,
            ["--log", file] => {
                let log = File::create(file).map_err(|why| format!("{file}: {why}"))?;
                serving.log = Mutex::new(Some(log));
            }
            ["--bare", folder] => {
                serving.under = format!("/{folder}/");
                serving.headers.clear();
            }
            _ => return Err(format!("`serve` does not know `{}`.", option.join(" "))),
        }
    }
    let server = bind(port).map_err(|why| format!("Port {port}: {why}"))?;
    println!("{}", address(&server)?);
    serve(&server, serving)
}

/// Binds to the loopback address only: what is served here is for this machine.
pub fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
}

pub fn address(server: &TcpListener) -> Outcome<String> {
    let address = server
        .local_addr()
        .map_err(|why| format!("The server has no address: {why}"))?;
    Ok(format!("http://{address}/"))
}

/// Answers until the process is ended; each request is one line in the log, its path alone.
pub fn serve(server: &TcpListener, mut serving: Serving) -> Outcome {
    let dir = serving.dir;
    serving.dir = dir.canonicalize().map_err(|why| format!("{}: {why}", dir.display()))?;
    let serving = Arc::new(serving);
    for stream in server.incoming().flatten() {
        let serving = serving.clone();
        // A browser that went away in the middle of an answer is no fault of the server's.
        std::thread::spawn(move || drop(answer(&serving, &stream)));
    }
    Ok(())
}

fn answer(serving: &Serving, mut stream: &TcpStream) -> io::Result<()> {
    let Some((method, url)) = request(stream)? else {
        return Ok(());
    };
    if let Some(log) = serving.log.lock().expect("no holder of the log panics").as_mut() {
        writeln!(log, "{url}").expect("the log can be written");
    }
    let found = match method.as_str() {
        "GET" | "HEAD" => file_of(&serving.dir, &serving.under, &url),
        _ => None,
    };
    let Some((mut file, path)) = found.and_then(|path| Some((File::open(&path).ok()?, path))) else {
        return stream.write_all(head(serving, "404 Not Found", Path::new("none.txt"), 0).as_bytes());
    };
    // The length tells a reader how far a download has come.
    let length = file.metadata()?.len();
    stream.write_all(head(serving, "200 OK", &path, length).as_bytes())?;
    if method == "GET" {
        io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

/// Method and address of the only request that a connection gets to make; nothing for one that made none.
fn request(stream: &TcpStream) -> io::Result<Option<(String, String)>> {
    let mut lines = BufReader::new(stream.take(LONGEST_REQUEST)).lines();
    let Some(first) = lines.next().transpose()? else {
        return Ok(None);
    };
    // What else a browser says changes no answer, but is heard out: it would take a closed connection for a failure.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ').map(str::to_owned);
    Ok(words.next().zip(words.next()))
}

fn head(serving: &Serving, status: &str, file: &Path, length: u64) -> String {
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {length}\r\nConnection: close\r\n",
        content_type(extension)
    );
    for (name, value) in &serving.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if file.ends_with(ERASED) && !serving.headers.is_empty() {
        let (name, value) = CLEAR;
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head + "\r\n"
}

/// The file for a request's path, or `None` for one that is not there or not inside the site.
fn file_of(site: &Path, under: &str, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(under)?;
    // No percent escapes: no file of the site needs them, and an encoded `..` stays a strange name.
    let relative = Path::new(path);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = if path.is_empty() {
        site.join("index.html")
    } else {
        site.join(relative)
    };
    // A link in the site must not lead out of it either.
    let file = file.canonicalize().ok()?;
    (file.starts_with(site) && file.is_file()).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_site_are_found() {
        let site = Path::new(env!("CARGO_MANIFEST_DIR"))
            .canonicalize()
            .expect("this crate's folder");
        assert_eq!(file_of(&site, "/", "/Cargo.toml?x=1"), Some(site.join("Cargo.toml")));
        assert_eq!(file_of(&site, "/", "/src/main.rs"), Some(site.join("src/main.rs")));
        assert_eq!(file_of(&site, "/a/", "/a/src/main.rs"), Some(site.join("src/main.rs")));
        assert_eq!(file_of(&site, "/a/", "/src/main.rs"), None);
        for outside in [
            "/../Cargo.toml",
            "/src/../../Cargo.toml",
            "//etc/passwd",
            "/%2e%2e/Cargo.toml",
            "/src",
            "x",
        ] {
            assert_eq!(file_of(&site, "/", outside), None, "{outside}");
        }
    }
}
