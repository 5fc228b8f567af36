//! Names of medications as a recogniser mishears them: the consonants stay, the vowels go astray.

/// The consonants of a word by how they sound; equal for `clenil` and "clenol", `loratadine` and "loratidine".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// Five bits for each of the first twelve.
    sounds: u64,
    pub consonants: u8,
}

pub(super) fn key(word: &str) -> Key {
    let mut key = Key {
        sounds: 0,
        consonants: 0,
    };
    let mut add = |sound: u8| {
        if key.consonants < 12 {
            key.sounds = key.sounds << 5 | u64::from(sound & 31);
        }
        key.consonants += 1;
    };
    let mut letters = word.bytes().filter(u8::is_ascii_alphabetic).peekable();
    let mut before = b' ';
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(b' ');
        if letter == before {
            continue;
        }
        before = letter;
        match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w' => {}
            b'c' if matches!(next, b'e' | b'i' | b'y') => add(b's'),
            b'c' | b'k' | b'q' => add(b'k'),
            b'x' => {
                add(b'k');
                add(b's');
            }
            b's' | b'z' => add(b's'),
            b'p' if next == b'h' => add(b'f'),
            b'b' | b'v' => add(b'b'),
            b'm' | b'n' => add(b'n'),
            b'g' | b'j' => add(b'j'),
            other => add(other),
        }
    }
    key
}

/// How unlike two words of one key are, for each letter of the longer: 0 for the same word.
pub(super) fn unlikeness(a: &str, b: &str) -> f32 {
    let vowel = |letter: u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'-');
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let cost = |letter: u8| if vowel(letter) { 0.5 } else { 0.75 };
    let mut row: Vec<f32> = std::iter::once(0.0).chain(b.iter().map(|_| 0.0)).collect();
    for (at, &letter) in b.iter().enumerate() {
        row[at + 1] = row[at] + cost(letter);
    }
    for &x in a {
        let mut diagonal = row[0];
        row[0] += cost(x);
        for (at, &y) in b.iter().enumerate() {
            let exchange = if x == y { 0.0 } else { 0.5 };
            let best = (diagonal + exchange).min(row[at + 1] + cost(x)).min(row[at] + cost(y));
            diagonal = row[at + 1];
            row[at + 1] = best;
        }
    }
    row[b.len()] / a.len().max(b.len()).max(1) as f32
}

/// Letters to insert, leave out, exchange or swap with their neighbour.
pub(super) fn slips(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for at in 1..=a.len() {
        let mut row = vec![at];
        for to in 1..=b.len() {
            let exchanged = rows[at - 1][to - 1] + usize::from(a[at - 1] != b[to - 1]);
            let mut best = exchanged.min(rows[at - 1][to] + 1).min(row[to - 1] + 1);
            if at > 1 && to > 1 && a[at - 1] == b[to - 2] && a[at - 2] == b[to - 1] {
                best = best.min(rows[at - 2][to - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
