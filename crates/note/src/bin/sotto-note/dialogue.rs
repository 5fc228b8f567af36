//! A dialogue as text → a transcript: one segment per turn, the labels before the turns as its speakers.

use speech::{Segment, SegmentId, Speaker, Transcript, dialogue};

/// One segment per turn. The times are the turns' numbers: nothing but their order is known.
pub fn transcript(text: &str) -> Transcript {
    let read = dialogue::read(text);
    let turns = read.segments().iter();
    spoken(turns.map(|turn| (turn.speaker, whole_words(&turn.text))))
}

/// Turns in the order in which they were said.
pub fn spoken(turns: impl Iterator<Item = (Option<Speaker>, String)>) -> Transcript {
    let mut transcript = Transcript::default();
    for (number, (speaker, words)) in (0..).zip(turns) {
        let start = f64::from(number);
        let mut segment = Segment::new(SegmentId(number), start, start + 1.0, words);
        segment.speaker = speaker;
        transcript.insert(segment);
    }
    transcript
}

/// Undoes the tokenising of published dialogues, which writes "do n't" and "gon na".
fn whole_words(turn: &str) -> String {
    let joined = [
        (" n't ", "n't "),
        (" gon na ", " gonna "),
        (" wan na ", " wanna "),
        (" got ta ", " gotta "),
        (" lem me ", " let me "),
        (" gim me ", " give me "),
        (" %", "%"),
    ];
    let spaced = joined
        .iter()
        .fold(format!(" {turn} "), |text, (parted, whole)| text.replace(parted, whole));
    spaced.trim().into()
}
