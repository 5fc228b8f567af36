//! The list as a file: a line `sotto-codes 1`, tab, release, tab, number of codes; then a line for each code, in order:
//!
//! `a` `b` rest-of-code tab rest-of-title
//!
//! `a` and `b` say how many bytes of code and title are those of the line before, as characters from `!` (0) on. Titles
//! that follow each other are alike, so that the file is half of what it says, and compresses to a fifth of that.

use super::{Codes, UnreadableCodes};

const MAGIC: &str = "sotto-codes 1";

/// The character for 0, and the largest number that one printable character stands for.
const ZERO: u8 = b'!';
const MOST: usize = (b'~' - ZERO) as usize;

/// The file for codes (without dots) and titles; they are put into order. Neither holds a tab or the end of a line.
pub fn pack(release: &str, mut codes: Vec<(String, String)>) -> String {
    codes.sort_unstable();
    let mut file = format!("{MAGIC}\t{release}\t{}\n", codes.len());
    let mut before = (String::new(), String::new());
    for (code, title) in codes {
        let (a, b) = (shared(&before.0, &code), shared(&before.1, &title));
        file.extend([a, b].map(|n| char::from(ZERO + u8::try_from(n).unwrap_or(0))));
        file.push_str(&code[a..]);
        file.push('\t');
        file.push_str(&title[b..]);
        file.push('\n');
        before = (code, title);
    }
    file
}

impl Codes {
    /// Reads a file of [`pack`]; one that was cut short or is of another version is refused.
    pub fn parse(file: &str) -> Result<Codes, UnreadableCodes> {
        read(file).ok_or(UnreadableCodes)
    }
}

fn read(file: &str) -> Option<Codes> {
    let (head, lines) = file.split_once('\n')?;
    let (release, count) = head.strip_prefix(MAGIC)?.strip_prefix('\t')?.split_once('\t')?;
    let mut codes = Codes {
        release: release.into(),
        entries: Vec::new(),
        text: String::new(),
        words: String::new(),
    };
    let (mut code, mut title) = (String::new(), String::new());
    for line in lines.lines() {
        let (front, rest) = line.split_at_checked(2)?;
        let (code_rest, title_rest) = rest.split_once('\t')?;
        let [a, b] = <[u8; 2]>::try_from(front.as_bytes()).ok()?;
        extend(&mut code, a, code_rest)?;
        extend(&mut title, b, title_rest)?;
        codes.push(&code, &title);
    }
    (count.parse() == Ok(codes.len())).then_some(codes)
}

/// The text of the line before, cut to what is shared, and the rest.
fn extend(text: &mut String, shared: u8, rest: &str) -> Option<()> {
    let kept = usize::from(shared.checked_sub(ZERO)?);
    if !text.is_char_boundary(kept) {
        return None;
    }
    text.truncate(kept);
    text.push_str(rest);
    Some(())
}

/// In bytes, at a boundary of characters in both.
fn shared(before: &str, text: &str) -> usize {
    let same = before.bytes().zip(text.bytes()).take(MOST).take_while(|(a, b)| a == b);
    let mut length = same.count();
    while !(before.is_char_boundary(length) && text.is_char_boundary(length)) {
        length -= 1;
    }
    length
}
