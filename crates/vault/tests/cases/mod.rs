//! Reads the files of `vectors/`: lines of `name = value`, bytes in hexadecimal with `[n]` for n zero bytes.

use std::{collections::BTreeMap, fs, path::Path};

use vault::Failure;

/// Name → value.
pub type Fields = BTreeMap<String, String>;

/// Name → fields, of the files in a folder whose name begins so.
pub fn cases(folder: &str, prefix: &str) -> BTreeMap<String, Fields> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = fs::read_dir(folder)
        .expect("the vectors are committed")
        .map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path))
        .filter(|(name, _)| name.starts_with(prefix))
        .map(|(name, path)| (name, fields(&fs::read_to_string(&path).expect("a text file"))))
        .collect()
}

fn fields(text: &str) -> Fields {
    let fields = text.lines().map(|line| {
        let (field, value) = line.split_once(" =").expect("name = value");
        (field.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned())
    });
    fields.collect()
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(hex.len() / 2);
    let mut rest = hex;
    while !rest.is_empty() {
        if let Some((zeros, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            bytes.resize(bytes.len() + zeros.parse::<usize>().expect("a number"), 0);
            rest = after;
        } else {
            let (pair, after) = rest.split_at(2);
            bytes.push(u8::from_str_radix(pair, 16).expect("hexadecimal"));
            rest = after;
        }
    }
    bytes
}

/// The failure's name, without what it holds.
pub fn said<T>(outcome: &Result<T, Failure>) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(why) => format!("{why:?}").split(' ').next().unwrap_or_default().to_owned(),
    }
}
