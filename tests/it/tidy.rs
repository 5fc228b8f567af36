//! The rules of ARCHITECTURE.md that a reader could break without noticing, each as a test over the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which of our crates a crate may depend on.
const OURS: [(&str, &[&str]); 5] = [
    ("crates/speech", &[]),
    ("crates/vault", &[]),
    ("crates/note", &["speech"]),
    ("model-wasm", &["speech"]),
    ("app", &["speech", "note", "vault"]),
];

/// Crates that belong to one of ours alone, by how their names begin.
const OWNED: [(&str, &[&str]); 3] = [
    ("model-wasm", &["burn", "cubecl", "wgpu"]),
    ("app", &["leptos", "rexie", "gloo"]),
    (
        "crates/vault",
        &[
            "aes", "argon2", "hkdf", "zeroize", "chacha", "blake", "hmac", "pbkdf2", "scrypt",
        ],
    ),
];

/// Where the browser may be named.
const BROWSER: [&str; 5] = [
    "app/src/browser/",
    "app/src/browser.rs",
    "app/src/main.rs",
    "model-wasm/src/main.rs",
    "model-wasm/src/worker/",
];

/// What a crate without a platform cannot need.
const PLATFORM: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
    "SystemTime",
    "Instant",
    "println!",
    "std::io",
];

const LONGEST_RUST: usize = 450;
const LONGEST_SCRIPT: usize = 80;

#[test]
fn crates_depend_only_on_what_they_may() {
    let all = ["speech", "note", "vault", "model-wasm", "app", "xtask", "tests"];
    for (member, allowed) in OURS {
        let used = dependencies(member);
        for ours in all.into_iter().filter(|ours| used.contains(*ours)) {
            assert!(allowed.contains(&ours), "{member} must not depend on {ours}");
        }
    }
}

#[test]
fn heavy_dependencies_have_one_owner() {
    for (owner, names) in OWNED {
        for (member, _) in OURS.into_iter().filter(|(member, _)| *member != owner) {
            for used in dependencies(member) {
                let foreign = names.iter().any(|name| used.starts_with(name));
                assert!(!foreign, "{member} must not depend on {used}: that is {owner}'s");
            }
        }
    }
}

#[test]
fn no_crate_has_features() {
    for member in OURS.map(|(member, _)| member).into_iter().chain(["xtask", "tests"]) {
        assert!(
            !read(&manifest(member)).lines().any(|line| line == "[features]"),
            "{member} has cargo features"
        );
    }
}

#[test]
fn the_browser_is_named_only_at_the_edge() {
    for (path, text) in sources(".rs") {
        let at_the_edge = BROWSER.iter().any(|edge| path.starts_with(edge));
        if at_the_edge || path.starts_with("tests/") {
            continue;
        }
        for name in ["web_sys", "js_sys", "wasm_bindgen"] {
            assert!(!text.contains(name), "{path} names {name}");
        }
    }
}

#[test]
fn domain_crates_have_no_platform() {
    // A command line tool beside a library reads files: that is what it is for.
    let library = |path: &str| path.starts_with("crates/") && path.contains("/src/") && !path.contains("/src/bin/");
    for (path, text) in sources(".rs").filter(|(path, _)| library(path)) {
        for name in PLATFORM {
            assert!(!shipped(&text).contains(name), "{path} names {name}");
        }
        let draws = shipped(&text).contains("getrandom");
        assert!(
            !draws || path.starts_with("crates/vault/"),
            "{path} draws random numbers"
        );
    }
}

#[test]
fn one_content_security_policy() {
    let page = read(&root().join("index.html"));
    let (_, policy) = page
        .split_once("http-equiv=\"Content-Security-Policy\" content=\"")
        .expect("index.html has a policy");
    let (policy, _) = policy.split_once('"').expect("the attribute ends");
    let directives: BTreeSet<&str> = policy.split(';').map(str::trim).collect();
    assert!(directives.contains("default-src 'none'") && directives.contains("connect-src 'self'"));
    for copy in ["xtask/src/headers.rs", "public/sw.js"] {
        let text = read(&root().join(copy));
        for directive in &directives {
            assert!(text.contains(directive), "{copy} lacks {directive}");
        }
        // A policy in a page cannot say who may frame it.
        assert!(text.contains("frame-ancestors 'none'"), "{copy} lets itself be framed");
        assert_eq!(
            text.matches("-src ").count(),
            policy.matches("-src ").count(),
            "{copy} has a directive more"
        );
    }
}

#[test]
fn documents_name_only_what_exists() {
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = read(&root().join(document));
        let named: Vec<&str> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|quoted| is_path(quoted))
            .collect();
        assert!(named.len() > 10, "{document} maps the files");
        for path in named {
            assert!(
                root().join(path).exists(),
                "{document} names {path}, which does not exist"
            );
        }
    }
}

#[test]
fn files_are_short_enough_to_read() {
    // Tables of test cases are looked up, not read.
    for (path, text) in sources(".rs").filter(|(path, _)| !path.ends_with("/tests.rs")) {
        assert!(
            text.lines().count() <= LONGEST_RUST,
            "{path} has more than {LONGEST_RUST} lines"
        );
    }
    for (path, text) in sources(".js") {
        assert!(
            text.lines().count() <= LONGEST_SCRIPT,
            "{path} has more than {LONGEST_SCRIPT} lines"
        );
    }
}

#[test]
fn nothing_shipped_unwraps() {
    for (path, text) in sources(".rs").filter(|(path, _)| !path.starts_with("tests/") && !path.ends_with("tests.rs")) {
        assert!(
            !shipped(&text).contains(".unwrap()"),
            "{path} unwraps: say with `expect` why it cannot fail"
        );
    }
}

#[test]
fn nothing_is_left_undone() {
    let words = [["TO", "DO"], ["FIX", "ME"], ["unimple", "mented!"], ["to", "do!("]].map(|halves| halves.concat());
    for (path, text) in sources("") {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{path} says {word}");
        }
    }
}

#[test]
fn nothing_names_a_machine_or_a_registry() {
    let words = [
        "/ro ot/",
        "/ho me/",
        "/wo rk/",
        "crates .io",
        "pypi .org",
        "registry .npmjs",
        "deb .debian",
    ];
    let words = words.map(|word| word.replace(' ', ""));
    for (path, text) in sources("").filter(|(path, _)| path != "Cargo.lock") {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{path} names {word}");
        }
    }
}

/// The part of a source before its unit tests.
fn shipped(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(before, _)| before)
}

/// What looks like a file or folder of ours: one word with a slash or an ending, and no part of a command or a URL.
fn is_path(quoted: &str) -> bool {
    let plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let ends = [".rs", ".md", ".toml", ".js", ".html", ".css"]
        .iter()
        .any(|ending| quoted.ends_with(ending));
    plain && (quoted.contains('/') || ends) && !quoted.starts_with('/') && !quoted.starts_with("dist/")
}

/// The names in every dependency table of a crate that is not for its tests alone.
fn dependencies(member: &str) -> BTreeSet<String> {
    let text = read(&manifest(member));
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("dev-dependencies");
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            names.insert(name.trim().to_owned());
        }
    }
    names.remove("#");
    names
}

fn manifest(member: &str) -> PathBuf {
    root().join(member).join("Cargo.toml")
}

/// `(path, text)` of each text file of the repository with this ending.
fn sources(ending: &'static str) -> impl Iterator<Item = (String, String)> {
    const NOT_OURS: [&str; 5] = [".git", "target", "dist", "__pycache__", "node_modules"];
    let mut pending = vec![root().to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of the repository").flatten() {
            let path = entry.path();
            if NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if path.is_dir() {
                pending.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found.into_iter().filter_map(move |path| {
        let name = path
            .strip_prefix(root())
            .expect("found below the root")
            .to_str()?
            .to_owned();
        // What is no text has no words.
        name.ends_with(ending)
            .then(|| std::fs::read_to_string(&path).ok())
            .flatten()
            .map(|text| (name, text))
    })
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}
