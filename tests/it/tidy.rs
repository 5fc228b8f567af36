//! The rules of ARCHITECTURE.md that a reader could break without noticing, each as a test over the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which of our crates a crate may depend on.
const OURS: [(&str, &[&str]); 7] = [
    ("crates/speech", &[]),
    ("crates/vault", &[]),
    ("crates/note", &["speech"]),
    ("crates/export", &["speech", "note"]),
    ("model-wasm", &["speech"]),
    ("app", &["speech", "note", "export", "vault", "language"]),
    ("app/language", &[]),
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
const BROWSER: [&str; 6] = [
    "app/src/browser/",
    "app/src/browser.rs",
    "app/src/main.rs",
    "app/src/bin/note-writer.rs",
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
    let all = [
        "speech",
        "note",
        "export",
        "vault",
        "model-wasm",
        "app",
        "language",
        "xtask",
        "tests",
    ];
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
        // The page's catalogues are a part of it.
        for (member, _) in OURS.into_iter().filter(|(member, _)| !member.starts_with(owner)) {
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
    // Stated once, and written from there into pages, service worker and files for hosts by the build.
    const SOURCE: &str = "xtask/src/headers.rs";
    let reads = |path: &str| {
        !path.ends_with(".md") && !path.starts_with("xtask/src/observatory.rs") && path != "tests/it/tidy.rs"
    };
    let stated: Vec<String> = sources("")
        .filter(|(path, text)| reads(path) && text.contains("default-src"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(stated, [SOURCE]);
    for (page, text) in sources(".html").filter(|(page, _)| !page.starts_with("tests/")) {
        assert_eq!(
            text.matches("<meta name=\"policy\">").count(),
            1,
            "{page} has no place for the policy"
        );
        let trusted = text
            .find("<script src=\"trusted.js\"></script>")
            .expect("the Trusted Types policy");
        assert_eq!(
            text.find("<script"),
            Some(trusted),
            "{page} runs something before its policy"
        );
    }
}

/// The markup that Leptos hands to the browser as text must pass the Trusted Types policy, on every screen.
#[test]
fn every_element_of_the_page_passes_the_trusted_types_policy() {
    let policy = read(&root().join("public/trusted.js"));
    let tags: BTreeSet<&str> = policy
        .split('"')
        .filter(|text| text.contains('|'))
        .flat_map(|text| text.split('|'))
        .collect();
    let mut seen = 0;
    for (path, text) in sources(".rs").filter(|(path, text)| path.starts_with("app/src/") && text.contains("view! {")) {
        for (before, after) in text.match_indices('<').map(|(at, _)| text.split_at(at)) {
            let tag: String = after[1..].chars().take_while(char::is_ascii_alphanumeric).collect();
            let begins = before.is_empty() || before.ends_with([' ', '\n', '>', '{', '}']);
            if begins && tag.starts_with(|c: char| c.is_ascii_lowercase()) {
                assert!(
                    tags.contains(tag.as_str()),
                    "{path}: <{tag}> is not in public/trusted.js"
                );
                seen += 1;
            }
        }
    }
    for (path, text) in sources(".rs").filter(|(path, text)| path.starts_with("app/src/") && text.contains("view! {")) {
        for refused in [" href=\"", " src=\"", " style=\"", " action=\"", " onclick=\""] {
            assert!(
                !text.contains(refused),
                "{path}: an attribute{refused}… in static markup is refused"
            );
        }
    }
    assert!(seen > 100, "{seen} elements");
}

/// What is data becomes text, never markup; and nothing listens to what another window says.
#[test]
fn no_text_becomes_markup_and_no_window_is_listened_to() {
    let refused = [
        "inner_html",
        "outer_html",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "insert_adjacent_html",
        "document.write",
        "window.onmessage",
    ];
    let ours =
        |path: &str| path.starts_with("app/src/") || path.starts_with("model-wasm/src/") || path.starts_with("public/");
    for (path, text) in sources("").filter(|(path, _)| ours(path) && path != "public/trusted.js") {
        for name in refused {
            assert!(!text.contains(name), "{path} names {name}");
        }
        for listener in ["(\"message\"", "('message'"] {
            let listened = text.matches(&format!("addEventListener{listener}")).count();
            let of_workers = text
                .matches(&format!("serviceWorker.addEventListener{listener}"))
                .count();
            assert_eq!(listened, of_workers, "{path} listens to messages of a window");
        }
    }
}

#[test]
fn documents_name_only_what_exists() {
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "docs/faults.md",
        "docs/accessibility.md",
    ] {
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
pub fn sources(ending: &'static str) -> impl Iterator<Item = (String, String)> {
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

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}
