//! Writes the policy into the site itself, so that it holds on a host that sends none: into each page, into the service
//! worker, which puts it on every answer, and the Trusted Types policy into each worker.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::headers::{page_policy, policy};
use crate::{Outcome, assets};

/// Where a page carries its policy, in its source.
const IN_PAGE: &str = "<meta name=\"policy\">";

/// Where the service worker has its headers, in its source.
const IN_WORKER: &str = "const HEADERS = {};";

const TRUSTED: &str = "trusted.js";

/// Seals every page and worker of a built site. Afterwards nothing in it may change but through the list of assets.
pub fn seal(dist: &Path) -> Outcome {
    let trusted = read(&dist.join(TRUSTED))?;
    let (mut pages, mut loaders) = (Vec::new(), Vec::new());
    for file in assets::files(dist)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".html") {
            pages.push(file);
        } else if name.ends_with("_loader.js") {
            loaders.push(file);
        }
    }
    if pages.is_empty() || loaders.is_empty() {
        return Err("The site has no page or no worker to seal.".to_owned());
    }
    for loader in loaders {
        // A worker has its own global scope, and importing its own script needs a policy there.
        write(&loader, &format!("{trusted}{}", read(&loader)?))?;
    }
    for page in pages {
        let of_site = |name: &str| bytes(&dist.join(name));
        let sealed = sealed_page(&read(&page)?, of_site).map_err(|why| format!("{}: {why}", page.display()))?;
        if !sealed.contains(IN_PAGE) {
            return Err(format!("{} has no place for its policy ({IN_PAGE}).", page.display()));
        }
        write(&page, &sealed.replacen(IN_PAGE, &meta(), 1))?;
    }
    let worker = dist.join("sw.js");
    let script = read(&worker)?;
    if !script.contains(IN_WORKER) {
        return Err(format!(
            "{} has no place for its headers ({IN_WORKER}).",
            worker.display()
        ));
    }
    let headers: Map<String, Value> = policy()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect();
    let headers = format!("const HEADERS = {:#};", Value::Object(headers));
    write(&worker, &script.replacen(IN_WORKER, &headers, 1))
}

/// The page with the hash of every script and style sheet that it loads. `file` gives the bytes by the name.
pub fn sealed_page(page: &str, file: impl Fn(&str) -> Outcome<Vec<u8>>) -> Outcome<String> {
    let mut sealed = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = ["<script ", "<link rel=\"stylesheet\" "]
        .iter()
        .filter_map(|tag| rest.find(tag))
        .min()
    {
        let end = at + rest[at..].find('>').ok_or("a tag does not end")?;
        let (before, tag) = (&rest[..at], &rest[at..end]);
        let name = attribute(tag, "src").or_else(|| attribute(tag, "href"));
        let name = name.ok_or("a script or style without a file: the policy allows none")?;
        let hash = STANDARD.encode(Sha256::digest(file(name)?));
        sealed.push_str(&format!("{before}{tag} integrity=\"sha256-{hash}\""));
        rest = &rest[end..];
    }
    sealed.push_str(rest);
    Ok(sealed)
}

fn meta() -> String {
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        page_policy()
    )
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split('"').next()
}

fn bytes(file: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(file).map_err(|why| format!("{}: {why}", file.display()))
}

fn read(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))
}

fn write(file: &PathBuf, text: &str) -> Outcome {
    std::fs::write(file, text).map_err(|why| format!("{}: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_hash_of_what_it_loads_and_nothing_else() {
        let page = "<link rel=\"stylesheet\" href=\"s.css\"><p>a</p><script src=\"a.js\"></script>";
        let sealed = sealed_page(page, |name| Ok(name.as_bytes().to_vec())).expect("both are there");
        let of = |name: &str| STANDARD.encode(Sha256::digest(name));
        let expected = format!(
            "<link rel=\"stylesheet\" href=\"s.css\" integrity=\"sha256-{}\"><p>a</p><script src=\"a.js\" \
             integrity=\"sha256-{}\"></script>",
            of("s.css"),
            of("a.js")
        );
        assert_eq!(sealed, expected);
        assert!(sealed_page("<script type=\"module\">go()</script>", |_| Ok(vec![])).is_err());
        assert!(sealed_page("<script src=\"gone.js\"></script>", |_| Err("gone".to_owned())).is_err());
    }
}
