//! A file of a model repository to disk: over redirects, resumed where it broke off, whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::http::Response;
use ureq::{Agent, Body};

/// How often a download that broke off is taken up again before the command gives in.
const TRIES: u32 = 5;

const CHUNK: usize = 1 << 16;

/// A server with the paths of the Hugging Face hub.
pub struct Hub {
    /// Without a slash at its end.
    endpoint: String,
    /// Follows redirects: the large files lie on other hosts.
    agent: Agent,
    /// Does not: the commit is named by the first answer.
    direct: Agent,
}

/// What a file is, whatever it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub bytes: u64,
    pub sha256: String,
}

impl Hub {
    pub fn new(endpoint: &str) -> Self {
        let agent = |redirects| {
            Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(redirects)
                .max_redirects_will_error(false)
                .timeout_connect(Some(Duration::from_secs(20)))
                .timeout_recv_response(Some(Duration::from_secs(60)))
                .build()
                .new_agent()
        };
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            agent: agent(10),
            direct: agent(0),
        }
    }

    /// The commit that `main` stands for now; `main` itself where the server does not say.
    ///
    /// # Errors
    /// What went wrong, for the person at the terminal.
    pub fn commit(&self, repository: &str, file: &str) -> Result<String, String> {
        let url = self.url(repository, "main", file);
        let answer = self.direct.head(&url).call().map_err(|why| format!("{url}: {why}"))?;
        if answer.status().is_client_error() || answer.status().is_server_error() {
            return Err(format!("{url}: {}", answer.status()));
        }
        let named = answer
            .headers()
            .get("x-repo-commit")
            .and_then(|commit| commit.to_str().ok());
        let named = named.filter(|commit| commit.len() == 40 && commit.bytes().all(|c| c.is_ascii_hexdigit()));
        Ok(named.unwrap_or("main").to_owned())
    }

    /// Downloads beside `to` first; what a broken connection left there is gone on with.
    ///
    /// # Errors
    /// What went wrong, for the person at the terminal; what has arrived stays for the next try.
    pub fn download(&self, repository: &str, commit: &str, file: &str, to: &Path) -> Result<(), String> {
        let url = self.url(repository, commit, file);
        // Another commit's first half must not get this one's second.
        let part = PathBuf::from(format!("{}.{commit}.part", to.display()));
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.go_on(&url, &part) {
                Ok(()) => return fs::rename(&part, to).map_err(|why| format!("{}: {why}", to.display())),
                Err(Broken::Off(why)) => last = why,
                Err(Broken::Refused(why)) => return Err(why),
            }
        }
        Err(format!("{last}\nRun the command again: it goes on where it stopped."))
    }

    fn go_on(&self, url: &str, part: &Path) -> Result<(), Broken> {
        let disk = |why: io::Error| Broken::Refused(format!("{}: {why}", part.display()));
        let have = fs::metadata(part).map_or(0, |found| found.len());
        let mut asked = self.agent.get(url);
        if have > 0 {
            asked = asked.header("range", format!("bytes={have}-"));
        }
        let answer = asked.call().map_err(|why| Broken::Off(format!("{url}: {why}")))?;
        let (mut file, expected) = match answer.status().as_u16() {
            206 => (
                OpenOptions::new().append(true).open(part).map_err(disk)?,
                total(&answer),
            ),
            200 => (File::create(part).map_err(disk)?, length(&answer)),
            // Nothing is left to ask for, or the file was another: from the start.
            416 => {
                fs::remove_file(part).map_err(disk)?;
                return Err(Broken::Off(format!("{url}: the server refused to go on in the middle")));
            }
            _ => return Err(Broken::Refused(format!("{url}: {}", answer.status()))),
        };
        copy(&mut answer.into_body().into_reader(), &mut file, url)?;
        let have = fs::metadata(part).map_err(disk)?.len();
        match expected {
            Some(expected) if expected != have => Err(Broken::Off(format!("{url}: {have} of {expected} bytes came"))),
            Some(_) | None => Ok(()),
        }
    }

    fn url(&self, repository: &str, revision: &str, file: &str) -> String {
        format!("{}/{repository}/resolve/{revision}/{file}", self.endpoint)
    }
}

enum Broken {
    /// The connection: worth another try.
    Off(String),
    /// The server or the disk: not.
    Refused(String),
}

fn copy(from: &mut impl Read, to: &mut File, url: &str) -> Result<(), Broken> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from
            .read(&mut chunk)
            .map_err(|why| Broken::Off(format!("{url}: {why}")))?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&chunk[..read])
            .map_err(|why| Broken::Refused(format!("{url}: {why}")))?;
    }
}

fn length(answer: &Response<Body>) -> Option<u64> {
    answer.headers().get("content-length")?.to_str().ok()?.parse().ok()
}

/// The length of the whole from `bytes 100-199/200`.
fn total(answer: &Response<Body>) -> Option<u64> {
    let range = answer.headers().get("content-range")?.to_str().ok()?;
    range.rsplit_once('/')?.1.parse().ok()
}

/// # Errors
/// A file that cannot be read.
pub fn fingerprint(file: &Path) -> Result<Fingerprint, String> {
    let unreadable = |why: io::Error| format!("{}: {why}", file.display());
    let mut open = File::open(file).map_err(unreadable)?;
    let (mut hash, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = open.read(&mut chunk).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hash.update(&chunk[..read]);
        bytes += read as u64;
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Fingerprint { bytes, sha256 })
}
