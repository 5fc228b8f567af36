//! `sotto-codes TABULAR.xml CODES.txt RELEASE OUT`: the published ICD-10-CM release → the list that the page loads.
//!
//! Both files are the National Center for Health Statistics' own (cdc.gov/nchs/icd/icd-10-cm/files.html, in the public
//! domain): the tabular list, which has the titles, and the list of codes, which says where a seventh character goes.

use std::collections::{BTreeSet, HashMap};
use std::{env, fs, process::ExitCode};

use roxmltree::{Document, Node};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [tabular, list, release, out] = arguments.as_slice() else {
        eprintln!("usage: sotto-codes TABULAR.xml CODES.txt RELEASE OUT   (RELEASE as in \"ICD-10-CM April 2026\")");
        return ExitCode::from(2);
    };
    match run(tabular, list, release, out) {
        Ok(codes) => {
            println!("{codes} codes written to {out}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("sotto-codes: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(tabular: &str, list: &str, release: &str, out: &str) -> Result<usize, String> {
    let read = |file: &str| fs::read_to_string(file).map_err(|why| format!("cannot read {file}: {why}"));
    let (tabular_text, list_text) = (read(tabular)?, read(list)?);
    let tree = Document::parse(&tabular_text).map_err(|why| format!("{tabular} is no XML: {why}"))?;
    let titles = Titles::of(&tree);
    let billable = billable(&list_text);
    if billable.is_empty() {
        return Err(format!("{list} holds no code; each line must begin with one"));
    }
    let named: Result<Vec<(String, String)>, String> = billable
        .into_iter()
        .map(|code| match titles.title(&code) {
            Some(title) => Ok((code, title)),
            None => Err(format!(
                "{tabular} has no title for {code}; use two files of the same release"
            )),
        })
        .collect();
    let named = named?;
    let count = named.len();
    fs::write(out, note::pack(release, named)).map_err(|why| format!("cannot write {out}: {why}"))?;
    Ok(count)
}

/// The codes that no other code continues; a line is a code, dots left out, and perhaps more behind a space.
fn billable(list: &str) -> Vec<String> {
    let codes = list.lines().filter_map(|line| line.split_whitespace().next());
    let all: BTreeSet<String> = codes
        .map(|code| code.replace('.', ""))
        .filter(|code| code.len() >= 3 && code.bytes().all(|b| b.is_ascii_alphanumeric()))
        .collect();
    let continued = |code: &String| {
        all.range(code.clone()..)
            .nth(1)
            .is_some_and(|next| next.starts_with(code.as_str()))
    };
    all.iter().filter(|code| !continued(code)).cloned().collect()
}

/// The tabular list by code.
struct Titles {
    by_code: HashMap<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    title: String,
    /// What a seventh character adds, here and below.
    sevenths: HashMap<char, String>,
}

impl Titles {
    fn of(tree: &Document) -> Titles {
        let mut by_code = HashMap::new();
        for top in tree.descendants().filter(|node| node.has_tag_name("section")) {
            for category in children(top, "diag") {
                collect(category, &HashMap::new(), &mut by_code);
            }
        }
        Titles { by_code }
    }

    /// A code with a seventh character is its category's title and what the character means; `X` only fills the gap.
    fn title(&self, code: &str) -> Option<String> {
        if let Some(entry) = self.by_code.get(code) {
            return Some(entry.title.clone());
        }
        let seventh = code.chars().next_back()?;
        let category = code[..code.len() - 1].trim_end_matches('X');
        let entry = self.by_code.get(category)?;
        let means = entry.sevenths.get(&seventh)?;
        Some(format!("{}, {means}", entry.title))
    }
}

fn collect(diag: Node, inherited: &HashMap<char, String>, by_code: &mut HashMap<String, Entry>) {
    let text = |tag: &str| {
        children(diag, tag)
            .find_map(|node| node.text())
            .map(one_line)
            .unwrap_or_default()
    };
    let own: HashMap<char, String> = children(diag, "sevenChrDef")
        .flat_map(|definition| children(definition, "extension").collect::<Vec<_>>())
        .filter_map(|extension| {
            Some((
                extension.attribute("char")?.chars().next()?,
                one_line(extension.text()?),
            ))
        })
        .collect();
    let sevenths = if own.is_empty() { inherited.clone() } else { own };
    for below in children(diag, "diag") {
        collect(below, &sevenths, by_code);
    }
    let title = text("desc");
    by_code.insert(text("name").replace('.', ""), Entry { title, sevenths });
}

fn children<'a, 'input>(node: Node<'a, 'input>, tag: &str) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.has_tag_name(tag))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
