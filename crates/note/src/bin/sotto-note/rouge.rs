//! ROUGE as the package `rouge-score` 0.1.2 computes it without a stemmer: the numbers of published tables.

use std::collections::HashMap;

/// F1 of one text against its reference, each 0 to 1.
#[derive(Clone, Copy, Default)]
pub struct Rouge {
    pub one: f64,
    pub two: f64,
    /// Union of the longest common subsequences over lines: `rougeLsum`, which published tables call ROUGE-L.
    pub sum: f64,
}

pub fn rouge(reference: &str, text: &str) -> Rouge {
    let (wanted, given) = (tokens(reference), tokens(text));
    Rouge {
        one: overlap(&wanted, &given, 1),
        two: overlap(&wanted, &given, 2),
        sum: summary(reference, text),
    }
}

/// Lower case, cut at whatever is neither a letter nor a digit of ASCII.
fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

fn overlap(wanted: &[String], given: &[String], n: usize) -> f64 {
    let count = |tokens: &[String]| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for gram in tokens.windows(n) {
            *counts.entry(gram.join(" ")).or_default() += 1;
        }
        counts
    };
    let (wanted, given) = (count(wanted), count(given));
    let hits: usize = wanted
        .iter()
        .map(|(gram, &times)| times.min(given.get(gram).copied().unwrap_or(0)))
        .sum();
    f1(hits, wanted.values().sum(), given.values().sum())
}

fn summary(reference: &str, text: &str) -> f64 {
    let lines =
        |text: &str| -> Vec<Vec<String>> { text.split('\n').filter(|line| !line.is_empty()).map(tokens).collect() };
    let (wanted, given) = (lines(reference), lines(text));
    let count = |lines: &[Vec<String>]| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for token in lines.iter().flatten() {
            *counts.entry(token.clone()).or_default() += 1;
        }
        counts
    };
    // A token of either side counts once, as in version 1.5.5 of the original script.
    let (mut left, mut open) = (count(&given), count(&wanted));
    let (total, length) = (open.values().sum(), left.values().sum());
    let mut hits = 0;
    for line in &wanted {
        let mut matched = vec![false; line.len()];
        for other in &given {
            common(line, other, &mut matched);
        }
        for (token, _) in line.iter().zip(matched).filter(|(_, matched)| *matched) {
            let (have, need) = (left.get_mut(token), open.get_mut(token));
            if let (Some(have), Some(need)) = (have, need)
                && *have > 0
                && *need > 0
            {
                hits += 1;
                *have -= 1;
                *need -= 1;
            }
        }
    }
    f1(hits, total, length)
}

/// Marks the tokens of `line` in a longest common subsequence with `other`; ties go as in the package.
fn common(line: &[String], other: &[String], matched: &mut [bool]) {
    let width = other.len() + 1;
    let mut table = vec![0u32; (line.len() + 1) * width];
    for (i, a) in line.iter().enumerate() {
        for (j, b) in other.iter().enumerate() {
            table[(i + 1) * width + j + 1] = if a == b {
                table[i * width + j] + 1
            } else {
                table[i * width + j + 1].max(table[(i + 1) * width + j])
            };
        }
    }
    let (mut i, mut j) = (line.len(), other.len());
    while i > 0 && j > 0 {
        if line[i - 1] == other[j - 1] {
            matched[i - 1] = true;
            (i, j) = (i - 1, j - 1);
        } else if table[i * width + j - 1] > table[(i - 1) * width + j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words in a note")]
fn f1(hits: usize, wanted: usize, given: usize) -> f64 {
    if hits == 0 {
        return 0.0;
    }
    2.0 * hits as f64 / (wanted + given) as f64
}
