use proptest::prelude::*;
use speech::{Segment, SegmentId, Transcript};

fn segment(id: u32, start: f64, text: &str) -> Segment {
    Segment::new(SegmentId(id), start, start + 1.0, text)
}

#[test]
fn late_segments_find_their_place() {
    let mut transcript = Transcript::default();
    transcript.insert(segment(1, 5.0, "second"));
    transcript.insert(segment(0, 0.0, " first "));
    transcript.insert(segment(2, 9.0, " "));
    assert_eq!(transcript.text(), "first second");
    assert_eq!(transcript.get(SegmentId(1)).map(|s| s.start), Some(5.0));
    assert_eq!(transcript.get(SegmentId(7)), None);
}

#[test]
fn an_utterance_that_was_sent_again_replaces_its_text() {
    let mut transcript = Transcript::default();
    transcript.insert(segment(0, 0.0, "chest pan"));
    transcript.insert(segment(0, 0.0, "chest pain"));
    assert_eq!(transcript.text(), "chest pain");
}

#[test]
fn segments_without_words_leave_it_empty() {
    let mut transcript = Transcript::default();
    assert!(transcript.is_empty());
    transcript.insert(segment(0, 0.0, "  "));
    assert!(transcript.is_empty());
    transcript.insert(segment(1, 1.0, "no"));
    assert!(!transcript.is_empty());
}

proptest! {
    #[test]
    fn time_orders_segments_whatever_order_they_come_in(
        arrivals in proptest::collection::vec((0u32..20, 0.0f64..100.0), 0..60),
    ) {
        let mut transcript = Transcript::default();
        for &(id, start) in &arrivals {
            transcript.insert(segment(id, start, "word"));
        }
        let segments = transcript.segments();
        prop_assert!(segments.is_sorted_by(|a, b| a.start <= b.start));
        for &(id, _) in &arrivals {
            let latest = arrivals.iter().rev().find(|(other, _)| *other == id).map(|&(_, start)| start);
            prop_assert_eq!(segments.iter().filter(|s| s.id == SegmentId(id)).count(), 1);
            prop_assert_eq!(transcript.get(SegmentId(id)).map(|s| s.start), latest);
        }
    }
}
