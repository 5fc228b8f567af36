//! From window to window: what a window's timestamps say was heard in it, and where the next begins.
//!
//! As openai/whisper (whisper/transcribe.py) and Hugging Face's `_retrieve_segment` do it.

use std::ops::Range;

/// What was said in a window, and how far it was heard.
#[derive(Debug, PartialEq, Eq)]
pub struct Heard {
    pub segments: Vec<Segment>,
    /// Frames of 10 ms to the next window.
    pub frames: usize,
}

/// A stretch of a window's tokens.
#[derive(Debug, PartialEq, Eq)]
pub struct Segment {
    pub tokens: Range<usize>,
    /// Rows of 20 ms from the window's beginning, from … to.
    pub rows: (usize, usize),
}

/// Of a window's tokens, its timestamps among them, of which the first is `first`, and of so many frames.
pub fn heard(tokens: &[u32], first: u32, frames: usize) -> Heard {
    let is_stamp = |at: usize| tokens.get(at).is_some_and(|token| *token >= first);
    let row = |at: usize| tokens[at].saturating_sub(first) as usize;
    let count = tokens.len();
    // A lone timestamp at the end: nothing follows it in this window.
    let ends_alone = is_stamp(count.wrapping_sub(1)) && !is_stamp(count.wrapping_sub(2));
    let mut ends: Vec<usize> = (1..count).filter(|at| is_stamp(at - 1) && is_stamp(*at)).collect();
    if ends.is_empty() {
        let last = (0..count)
            .rev()
            .find(|at| is_stamp(*at))
            .map(row)
            .filter(|row| *row > 0);
        let whole = Segment {
            tokens: 0..count,
            rows: (0, last.unwrap_or(frames / 2)),
        };
        return Heard {
            segments: vec![whole],
            frames,
        };
    }
    if ends_alone {
        ends.push(count);
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let segments = starts.zip(&ends).map(|(start, end)| Segment {
        tokens: start..*end,
        rows: (row(start).min(row(end - 1)), row(end - 1)),
    });
    let segments: Vec<Segment> = segments.collect();
    let last = ends.last().map_or(0, |end| row(end - 1));
    let frames = match (ends_alone, last) {
        // Never twice the same.
        (true, _) | (false, 0) => frames,
        // The window is heard again from the end of its last whole segment on.
        (false, last) => 2 * last,
    };
    Heard { segments, frames }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Timestamps are 100 and more.
    #[track_caller]
    fn check(tokens: &[u32], segments: &[(Range<usize>, (usize, usize))], frames: usize) {
        let expected = Heard {
            segments: segments
                .iter()
                .cloned()
                .map(|(tokens, rows)| Segment { tokens, rows })
                .collect(),
            frames,
        };
        assert_eq!(heard(tokens, 100, 300), expected, "{tokens:?}");
    }

    #[test]
    fn a_pair_in_the_middle_cuts_what_follows_off() {
        check(&[100, 7, 8, 140, 140, 9], &[(0..4, (0, 40))], 80);
    }

    #[test]
    fn several_segments_and_an_end() {
        check(&[100, 7, 140, 150, 9, 190], &[(0..3, (0, 40)), (3..6, (50, 90))], 300);
    }

    #[test]
    fn two_timestamps_at_the_end_begin_what_is_heard_next() {
        check(
            &[100, 7, 140, 140, 9, 190, 190],
            &[(0..3, (0, 40)), (3..6, (40, 90))],
            180,
        );
    }

    #[test]
    fn one_segment_takes_the_window() {
        check(&[100, 7, 8, 140], &[(0..4, (0, 40))], 300);
        check(&[100, 7, 8], &[(0..3, (0, 150))], 300);
        check(&[7, 8], &[(0..2, (0, 150))], 300);
    }

    #[test]
    fn whatever_was_said_there_is_a_next_window() {
        check(&[100, 100, 7], &[(0..1, (0, 0))], 300);
    }

    #[test]
    fn nothing_was_said() {
        check(&[], &[(0..0, (0, 150))], 300);
        check(&[100], &[(0..1, (0, 150))], 300);
    }
}
