//! A static file server for this machine alone.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use tiny_http::{Header, Method, Request, Response, Server};

use crate::Outcome;
use crate::headers::{HEADERS, content_type};

/// Enough for a browser's parallel connections while it fetches the shards of a model.
const THREADS: usize = 8;

/// `serve DIR [--port N] [--log FILE]`; port 0, the default, takes any free one.
pub fn command(dir: &str, options: &[&str]) -> Outcome {
    let mut port = 0;
    let mut log = None;
    for option in options.chunks(2) {
        match option {
            ["--port", number] => port = number.parse().map_err(|_| format!("`{number}` is no port."))?,
            ["--log", file] => log = Some(File::create(file).map_err(|why| format!("{file}: {why}"))?),
            _ => return Err(format!("`serve` does not know `{}`.", option.join(" "))),
        }
    }
    let server = bind(port).map_err(|why| format!("Port {port}: {why}"))?;
    println!("{}", address(&server));
    serve(server, Path::new(dir), log)
}

/// Binds to the loopback address only: what is served here is for this machine.
pub fn bind(port: u16) -> std::io::Result<Server> {
    Server::http(("127.0.0.1", port)).map_err(|why| std::io::Error::new(ErrorKind::AddrInUse, why.to_string()))
}

pub fn address(server: &Server) -> String {
    format!("http://{}/", server.server_addr())
}

/// Answers until the process is ended; each request is one line in the log, its path alone.
pub fn serve(server: Server, dir: &Path, log: Option<File>) -> Outcome {
    let site = dir.canonicalize().map_err(|why| format!("{}: {why}", dir.display()))?;
    let server = Arc::new(server);
    let log = Arc::new(Mutex::new(log));
    let threads = (0..THREADS).map(|_| {
        let (server, site, log) = (server.clone(), site.clone(), log.clone());
        std::thread::spawn(move || {
            while let Ok(request) = server.recv() {
                if let Some(log) = log.lock().expect("no holder of the log panics").as_mut() {
                    writeln!(log, "{}", request.url()).expect("the log can be written");
                }
                answer(&site, request);
            }
        })
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().map_err(|_| "The server ended.".to_owned())?;
    }
    Ok(())
}

fn answer(site: &Path, request: Request) {
    let found = match request.method() {
        Method::Get | Method::Head => file_of(site, request.url()),
        _ => None,
    };
    let sent = match found.and_then(|path| Some((File::open(&path).ok()?, path))) {
        Some((file, path)) => {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            // Never chunked: the length tells a reader how far a download has come.
            let response = Response::from_file(file).with_chunked_threshold(usize::MAX);
            request.respond(with_headers(response, content_type(extension)))
        }
        None => {
            let response = Response::from_string("Not found").with_status_code(404);
            request.respond(with_headers(response, content_type("txt")))
        }
    };
    // A browser that went away in the middle of an answer is no fault of the server's.
    drop(sent);
}

fn with_headers<R: std::io::Read>(mut response: Response<R>, content_type: &str) -> Response<R> {
    for (name, value) in HEADERS.into_iter().chain([("Content-Type", content_type)]) {
        response.add_header(Header::from_bytes(name, value).expect("header texts are plain ASCII"));
    }
    response
}

/// The file for a request's path, or `None` for one that is not there or not inside the site.
fn file_of(site: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
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
        assert_eq!(file_of(&site, "/Cargo.toml?x=1"), Some(site.join("Cargo.toml")));
        assert_eq!(file_of(&site, "/src/main.rs"), Some(site.join("src/main.rs")));
        for outside in [
            "/../Cargo.toml",
            "/src/../../Cargo.toml",
            "//etc/passwd",
            "/%2e%2e/Cargo.toml",
            "/src",
            "x",
        ] {
            assert_eq!(file_of(&site, outside), None, "{outside}");
        }
    }
}
