//! Marks over text: where they begin and end, and what that makes of the text. Pure, so that every edge can be tested.

use std::ops::Range;

/// A stretch of text with the marks that lie over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<M> {
    pub text: String,
    pub marks: Vec<M>,
}

/// Cuts a text at the edges of its marks, which may overlap. The pieces together are the text. An edge that is outside
/// of the text or inside of a character (a mark of an older text) is moved back to the nearest one that is not.
pub fn cut<M: Copy + PartialEq>(text: &str, marks: &[(Range<usize>, M)]) -> Vec<Piece<M>> {
    let marks: Vec<(Range<usize>, M)> = marks
        .iter()
        .map(|(range, mark)| (boundary(text, range.start)..boundary(text, range.end), *mark))
        .filter(|(range, _)| range.start < range.end)
        .collect();
    let mut edges: Vec<usize> = marks.iter().flat_map(|(range, _)| [range.start, range.end]).collect();
    edges.extend([0, text.len()]);
    edges.sort_unstable();
    edges.dedup();
    edges
        .windows(2)
        .map(|edge| {
            let mut over: Vec<M> = Vec::new();
            for (range, mark) in &marks {
                if range.start <= edge[0] && edge[1] <= range.end && !over.contains(mark) {
                    over.push(*mark);
                }
            }
            Piece {
                text: text[edge[0]..edge[1]].to_owned(),
                marks: over,
            }
        })
        .collect()
}

/// Which line of a note stands at a line of the text that shows it: blank lines are in the text alone.
pub fn note_line(text: &str, text_line: usize) -> Option<usize> {
    let mut lines = text.lines().map(|line| !line.trim().is_empty());
    let before = lines.by_ref().take(text_line).filter(|&written| written).count();
    lines.next().filter(|&written| written).map(|_| before)
}

fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overlapping_marks_cut_a_text_at_each_edge() {
        let pieces = cut("take 50 mg daily", &[(5..10, 'd'), (5..7, 'n'), (8..16, 'x')]);
        let shown: Vec<(&str, String)> = pieces
            .iter()
            .map(|piece| (piece.text.as_str(), piece.marks.iter().collect()))
            .collect();
        let expected = [("take ", ""), ("50", "dn"), (" ", "d"), ("mg", "dx"), (" daily", "x")];
        assert_eq!(shown, expected.map(|(text, marks)| (text, marks.to_owned())));
    }

    #[test]
    fn blank_lines_are_no_lines_of_a_note() {
        let text = "One.\n\n  \nTwo.\nThree.";
        let lines = [0, 1, 2, 3, 4, 5].map(|line| note_line(text, line));
        assert_eq!(lines, [Some(0), None, None, Some(1), Some(2), None]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_pieces_are_the_text_whatever_is_marked(
            text in "\\PC{0,40}",
            marks in proptest::collection::vec((0..60usize, 0..60usize, 0..3u8), 0..6),
        ) {
            let marks: Vec<_> = marks.into_iter().map(|(start, end, mark)| (start..end, mark)).collect();
            let pieces = cut(&text, &marks);
            let joined: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
