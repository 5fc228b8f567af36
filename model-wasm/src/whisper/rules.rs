//! What Whisper may say next: tokens that are never said, and the grammar of timestamps.
//!
//! As the filters of openai/whisper (whisper/decoding.py: SuppressBlank, SuppressTokens, ApplyTimestampRules), which Hugging
//! Face's logits processors repeat.

use crate::config::whisper::Whisper;

/// What of an utterance's text is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stamps {
    /// Words between timestamps.
    Wanted,
    /// Words alone.
    Unwanted,
}

/// Scores of what must not be said next become −∞. `said` is what was said after the prompt.
pub fn apply(whisper: &Whisper, stamps: Stamps, said: &[u32], scores: &mut [f32]) {
    if said.is_empty() {
        forbid(scores, whisper.suppressed_first.iter().copied());
    }
    forbid(scores, whisper.suppressed.iter().copied());
    if stamps == Stamps::Wanted {
        time(whisper, said, scores);
    }
}

fn time(whisper: &Whisper, said: &[u32], scores: &mut [f32]) {
    let (first, all) = (whisper.first_timestamp(), scores.len() as u32);
    forbid(scores, [whisper.no_timestamps]);
    let is_stamp = |token: Option<&u32>| token.is_some_and(|token| *token >= first);
    let after_stamp = is_stamp(said.last());
    // A lone one at the beginning is half of a pair, too.
    let after_two = said.len() < 2 || is_stamp(said.get(said.len().wrapping_sub(2)));
    match (after_stamp, after_two) {
        (true, true) => forbid(scores, first..all),
        (true, false) => forbid(scores, 0..whisper.end),
        (false, _) => (),
    }
    if let Some(last) = said.iter().rev().find(|token| is_stamp(Some(token))) {
        // A segment begins where the last one ended, and takes time.
        let again = u32::from(!after_stamp || after_two);
        forbid(scores, first..last + again);
    }
    if said.is_empty() {
        forbid(scores, 0..first);
        forbid(scores, first + whisper.latest_start + 1..all);
    }
    let (words, times) = scores.split_at(first as usize);
    let highest = words.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if sum(times) > highest {
        forbid(scores, 0..first);
    }
}

/// ln Σ eˣ; −∞ for nothing.
pub fn sum(scores: &[f32]) -> f32 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if highest == f32::NEG_INFINITY {
        return highest;
    }
    highest + scores.iter().map(|score| (score - highest).exp()).sum::<f32>().ln()
}

fn forbid(scores: &mut [f32], tokens: impl IntoIterator<Item = u32>) {
    for token in tokens {
        if let Some(score) = scores.get_mut(token as usize) {
            *score = f32::NEG_INFINITY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words 0…5, of which 3 is blank; 6 ends; 9 says that no timestamps follow, which are 10…14.
    fn whisper() -> Whisper {
        Whisper {
            suppressed: vec![5, 7, 8],
            suppressed_first: vec![3, 6],
            latest_start: 2,
            ..Whisper::test(6, 9)
        }
    }

    fn allowed(stamps: Stamps, said: &[u32], scores: Option<[f32; 15]>) -> Vec<usize> {
        // Words are likelier than all timestamps together, unless told otherwise.
        let mut scores = scores.unwrap_or_else(|| std::array::from_fn(|at| if at < 10 { 5.0 } else { 0.0 }));
        apply(&whisper(), stamps, said, &mut scores);
        (0..15).filter(|at| scores[*at].is_finite()).collect()
    }

    #[test]
    fn without_timestamps() {
        assert_eq!(
            allowed(Stamps::Unwanted, &[], None),
            [0, 1, 2, 4, 9, 10, 11, 12, 13, 14]
        );
        assert_eq!(
            allowed(Stamps::Unwanted, &[1], None),
            [0, 1, 2, 3, 4, 6, 9, 10, 11, 12, 13, 14]
        );
    }

    #[test]
    fn a_timestamp_comes_first_and_early() {
        assert_eq!(allowed(Stamps::Wanted, &[], None), [10, 11, 12]);
    }

    #[test]
    fn words_follow_the_first_timestamp() {
        assert_eq!(allowed(Stamps::Wanted, &[11], None), [0, 1, 2, 3, 4, 6]);
    }

    #[test]
    fn a_segment_takes_time() {
        assert_eq!(allowed(Stamps::Wanted, &[11, 1], None), [0, 1, 2, 3, 4, 6, 12, 13, 14]);
    }

    #[test]
    fn an_end_is_followed_by_a_beginning_or_by_nothing() {
        // The end itself may be repeated: the next segment begins there.
        assert_eq!(allowed(Stamps::Wanted, &[11, 1, 13], None), [6, 13, 14]);
        assert_eq!(allowed(Stamps::Wanted, &[11, 1, 13, 13], None), [0, 1, 2, 3, 4, 6]);
    }

    #[test]
    fn timestamps_that_are_likelier_together_than_any_word_win() {
        let scores = std::array::from_fn(|at| if at < 10 { 1.0 } else { 0.0 });
        assert_eq!(allowed(Stamps::Wanted, &[11, 1], Some(scores)), [12, 13, 14]);
        let scores = std::array::from_fn(|at| if at < 10 { 1.2 } else { 0.0 });
        assert_eq!(
            allowed(Stamps::Wanted, &[11, 1], Some(scores)),
            [0, 1, 2, 3, 4, 6, 12, 13, 14]
        );
    }

    #[test]
    fn a_sum_of_nothing_is_nothing() {
        assert_eq!(sum(&[]), f32::NEG_INFINITY);
        assert_eq!(sum(&[f32::NEG_INFINITY; 3]), f32::NEG_INFINITY);
        assert!((sum(&[1.0, 1.0]) - (1.0 + 2.0_f32.ln())).abs() < 1e-6);
    }
}
