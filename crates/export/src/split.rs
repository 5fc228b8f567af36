use crate::Failure;

/// The least that one part may hold, in UTF-16 code units.
pub const SHORTEST_PART: usize = 40;

/// Text in parts of at most `limit` UTF-16 code units each, which is what a text box counts: cut between sections where
/// that fills half a part, else between lines, else between words, else anywhere. With `labelled`, each of several parts
/// begins with a line like `(2/3)`, which counts too.
///
/// # Errors
/// [`Failure::PartTooShort`] below [`SHORTEST_PART`].
pub fn parts(text: &str, limit: usize, labelled: bool) -> Result<Vec<String>, Failure> {
    if limit < SHORTEST_PART {
        return Err(Failure::PartTooShort);
    }
    let bare = cut(text, limit);
    if !labelled || bare.len() == 1 {
        return Ok(bare);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    // A longer label leaves less room, and less room makes more parts: grow the label until it fits its number.
    for digits in 1..=8 {
        let label = "(/)".len() + 2 * digits + end.len();
        let parts = cut(text, limit - label);
        let count = parts.len();
        if count.to_string().len() <= digits {
            let label = |(index, part): (usize, String)| format!("({}/{count}){end}{part}", index + 1);
            return Ok(parts.into_iter().enumerate().map(label).collect());
        }
    }
    Ok(bare)
}

fn cut(text: &str, limit: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(fits) = longest(rest, limit) {
        let at = boundary(&rest[..fits], &rest[fits..]);
        let (part, left) = rest.split_at(at);
        parts.push(part.trim_end().to_owned());
        rest = left.trim_start();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest.to_owned());
    }
    parts.retain(|part| !part.is_empty() || text.is_empty());
    parts
}

/// How many bytes fill `limit` code units; none when everything fits.
fn longest(text: &str, limit: usize) -> Option<usize> {
    let mut units = 0;
    text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > limit).then_some(at)
    })
}

/// Where to cut what fits.
fn boundary(fits: &str, after: &str) -> usize {
    let next_section = ["\n\n", "\r\n\r\n"].into_iter().find_map(|gap| fits.rfind(gap));
    if let Some(at) = next_section.filter(|&at| at >= fits.len() / 2) {
        return at;
    }
    if after.starts_with(['\n', '\r']) {
        return fits.len();
    }
    let line = fits.rfind('\n').filter(|&at| !fits[..at].trim().is_empty());
    let word = || match after.starts_with(' ') {
        true => Some(fits.len()),
        false => fits.trim_end().rfind(' ').filter(|&at| !fits[..at].trim().is_empty()),
    };
    line.or_else(word).unwrap_or(fits.len())
}
