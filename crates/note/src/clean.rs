//! Speech → text that reads as a line: less of the sounds, none of the sense.

use crate::numbers::is_number_word;
use crate::words::Token;

/// Without fillers, cut-off words, asides and repeats.
pub(crate) fn without_noise(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        let aside = aside(&tokens, at, kept.last());
        if aside > 0 {
            at += aside;
            continue;
        }
        at += 1;
        if FILLERS.contains(&token.key.as_ref()) || cut_off(token, next) {
            // Its full stop is the sentence's.
            if let Some(last) = kept
                .last_mut()
                .filter(|last| last.mark.is_empty() || token.ends_sentence())
            {
                last.mark = if token.ends_sentence() {
                    token.mark.clone()
                } else {
                    "".into()
                };
            }
            continue;
        }
        kept.push(token.clone());
        drop_repeat(&mut kept);
    }
    kept
}

/// As a line of a note: without what only leads in, first letter large, a full stop at the end.
pub(crate) fn line(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.drain(..lead_in(&tokens));
    if let Some(last) = tokens.last_mut()
        && !last.mark.contains(['.', '!', '?'])
    {
        last.mark = ".".into();
    }
    for token in &mut tokens {
        // Of ",." or "?!" the first counts; dots stay as they were said.
        let first = token.mark.chars().next().map_or(0, char::len_utf8);
        if first < token.mark.len() && !token.mark.starts_with("..") {
            token.mark = token.mark[..first].to_owned().into();
        }
    }
    for token in tokens
        .iter_mut()
        .filter(|token| token.is("i") || token.key.starts_with("i'"))
    {
        capitalise(token);
    }
    if let Some(first) = tokens.first_mut() {
        capitalise(first);
    }
    tokens
}

/// True for courtesies alone, and for no words at all.
pub(crate) fn says_nothing(words: &[String]) -> bool {
    words.iter().all(|word| COURTESIES.contains(&word.as_str()))
}

/// The same of words that are still apart.
pub(crate) fn says_nothing_of(tokens: &[Token]) -> bool {
    // "It...", "Or-": begun, and no more.
    let cut = tokens.len() <= 2
        && tokens
            .last()
            .is_some_and(|last| last.mark.starts_with("..") || last.mark.starts_with('-'));
    cut || tokens.iter().all(|token| token.is_any(COURTESIES))
}

/// What recognisers write over silence, having learned from subtitles. Only where it is all that was said.
pub(crate) fn is_hallucination(tokens: &[Token]) -> bool {
    let said = |phrase: &&str| {
        let mut words = phrase.split(' ');
        tokens.iter().all(|token| words.next() == Some(&token.key)) && words.next().is_none()
    };
    (2..=8).contains(&tokens.len()) && HALLUCINATIONS.iter().any(said)
}

/// How many words only lead into a sentence.
pub(crate) fn lead_in(tokens: &[Token]) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        let goes_on = next.is_some_and(|next| next.is_any(SUBJECTS) || next.is_any(LEAD_INS) || next.is_any(SIDED));
        let leads = if token.is("so") {
            !next.is_some_and(|next| next.is_any(&["far", "much", "bad", "long", "many", "short", "tired", "weak"]))
        } else if token.is_any(SIDED) {
            // "Right knee", "well controlled" and "now improving" say something.
            !token.mark.is_empty() || goes_on
        } else {
            token.is_any(LEAD_INS)
        };
        if !leads {
            break;
        }
        at += 1;
    }
    at
}

/// The length of an aside such as "you know," that begins here; 0 where none does.
fn aside(tokens: &[Token], at: usize, before: Option<&Token>) -> usize {
    let after_a_pause = before.is_none_or(|before| !before.mark.is_empty());
    let asked = before.is_some_and(|before| before.is_any(&["do", "did", "let", "if", "as", "what", "would"]));
    let [first, rest @ ..] = &tokens[at..] else { return 0 };
    if first.is("like") && !first.mark.is_empty() && after_a_pause && before.is_some() {
        return 1;
    }
    let Some(second) = rest.first().filter(|_| first.mark.is_empty()) else {
        return 0;
    };
    let phrase = (first.is("you") && second.is("know")) || (first.is("i") && second.is("mean"));
    let followed = rest
        .get(1)
        .is_some_and(|third| third.is_any(SUBJECTS) || third.is_any(FILLERS));
    let apart = second.mark == "," || (after_a_pause && followed && !second.is("mean"));
    if phrase && apart && !asked { 2 } else { 0 }
}

/// "Sh- shows", "y- you": begun, and begun anew.
fn cut_off(token: &Token, next: Option<&Token>) -> bool {
    let anew = next.is_some_and(|next| next.key.starts_with(token.key.as_ref()));
    token.mark == "-" && !token.apart && token.text.is_ascii() && (anew || token.key.len() == 1)
}

/// Takes out the first of two equal runs of words at the end; numbers repeat on purpose ("room two two").
fn drop_repeat(kept: &mut Vec<Token>) {
    let end = kept.len();
    for length in 1..=(end / 2).min(LONGEST_REPEAT) {
        let (before, last) = (&kept[end - 2 * length..end - length], &kept[end - length..]);
        let same = before.iter().zip(last).all(|(a, b)| a.key == b.key);
        let crosses = before.iter().any(Token::ends_sentence);
        let words = last.iter().any(|token| !is_number_word(&token.key));
        if same && words && !crosses {
            kept.drain(end - 2 * length..end - length);
            return;
        }
    }
}

/// In words. A recogniser that loops repeats more, and is caught piece by piece.
const LONGEST_REPEAT: usize = 8;

/// Only an ordinary lower-case word: `pH`, `µg` and `ß` would become something else.
pub(crate) fn capitalise(token: &mut Token) {
    let ordinary = !token.text.contains(|c: char| c.is_uppercase() || c.is_numeric());
    let mut letters = token.text.chars();
    if let Some(first) = letters.next()
        && ordinary
        && first.to_uppercase().flat_map(char::to_lowercase).eq([first])
        && !first.is_uppercase()
        && first.is_alphabetic()
    {
        token.text = first.to_uppercase().chain(letters).collect::<String>().into();
    }
}

/// Sounds that carry nothing, wherever they stand. Not `er` (the emergency room), not `mm` (millimetres), not `mm-hmm` and
/// `uh-huh` (answers).
const FILLERS: &[&str] = &["um", "umm", "uhm", "uh", "uhh", "erm", "hm", "hmm"];

/// Words that only lead into a sentence.
const LEAD_INS: &[&str] = &["okay", "ok", "alright", "so", "and", "yeah", "but", "oh"];

/// Lead-ins that are also a side, a degree or a time.
const SIDED: &[&str] = &["right", "well", "now"];

/// What a sentence begins with behind a lead-in.
const SUBJECTS: &[&str] = &[
    "i", "i'm", "i've", "i'd", "i'll", "we", "we're", "we'll", "we've", "you", "you're", "you've", "he", "he's", "she",
    "she's", "it", "it's", "they", "they're", "that", "that's", "this", "there", "there's", "the", "my", "your", "his",
    "her", "let's", "let", "when", "what", "how", "if", "for", "in",
];

const HALLUCINATIONS: &[&str] = &[
    "thank you for watching",
    "thank you so much for watching",
    "thank you very much for watching",
    "thanks for watching",
    "thank you for listening",
    "thanks for listening",
    "please subscribe",
    "please subscribe to my channel",
    "please like and subscribe",
    "like and subscribe",
    "don't forget to like and subscribe",
    "don't forget to subscribe",
    "see you in the next video",
    "i'll see you in the next video",
    "see you next time",
    "subtitles by the amara.org community",
    "transcription by castingwords",
    "transcribed by https://otter.ai",
    "this video is brought to you by",
    "click the link in the description",
    "applause",
    "music",
];

/// Words of which a sentence that says nothing clinical consists.
const COURTESIES: &[&str] = &[
    "okay",
    "ok",
    "alright",
    "mm",
    "mm-hmm",
    "mhm",
    "uh-huh",
    "interesting",
    "thankfully",
    "all",
    "right",
    "yeah",
    "yes",
    "yep",
    "no",
    "nope",
    "sure",
    "thanks",
    "thank",
    "you",
    "hi",
    "hello",
    "hey",
    "bye",
    "goodbye",
    "good",
    "morning",
    "afternoon",
    "great",
    "perfect",
    "sounds",
    "excellent",
    "wonderful",
    "fine",
    "got",
    "it",
    "i",
    "see",
    "that's",
    "so",
    "well",
    "welcome",
    "you're",
    "doctor",
    "dragon",
    "much",
    "very",
    "too",
    "take",
    "care",
    "nice",
    "to",
    "meet",
    "absolutely",
    "exactly",
    "definitely",
    "of",
    "course",
    "cool",
    "mister",
    "miss",
    "ma'am",
    "sir",
    "understand",
    "understood",
    "awesome",
    "correct",
    "how",
    "are",
    "doing",
    "today",
    "is",
    "that",
    "the",
    "a",
    "and",
    "do",
    "have",
    "been",
    "day",
    "hear",
    "just",
    "one",
    "moment",
    "let",
    "me",
];
