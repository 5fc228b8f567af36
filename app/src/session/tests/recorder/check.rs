//! What must hold after every step.

use language::Locale;

use super::super::*;
use super::room::{Opening, Room};
use crate::visit::{Stage, Visit};
use crate::words;

impl Room {
    pub fn check(&self) {
        self.page_and_microphone_agree();
        self.sound_is_what_was_taken();
        for (note, taken) in &self.taken {
            for &block in taken
                .iter()
                .filter(|block| !self.given_up.contains(note) && !self.forgiven.contains(block))
            {
                assert!(self.has(*note, block), "block {block} of visit {note} is lost");
            }
        }
        if self.open().is_none() {
            assert_eq!(self.session.engine.behind(), 0.0, "a closed visit has words on the way");
            assert!(
                self.session.engine.partial().is_none(),
                "a closed visit has words on the screen"
            );
        }
    }

    /// Once its commands are carried out.
    fn page_and_microphone_agree(&self) {
        let recorder = self.recorder();
        for (&take, opening) in &self.openings {
            let agree = match opening {
                Opening::Asked | Opening::Allowed | Opening::Connecting { .. } => {
                    !recorder.is_some_and(|recorder| recorder.hears(take))
                }
                Opening::Open(tap) if tap.closing => {
                    ![Some(Recorder::Recording { take }), Some(Recorder::Paused { take })].contains(&recorder)
                }
                Opening::Open(tap) if tap.enabled => recorder == Some(Recorder::Recording { take }),
                Opening::Open(_) => recorder == Some(Recorder::Paused { take }),
            };
            assert!(agree, "the page says {recorder:?}, the microphone is {opening:?}");
        }
        let listens = |opening: &Opening| matches!(opening, Opening::Open(tap) if tap.enabled);
        let listening = self.openings.values().filter(|opening| listens(opening)).count();
        let shown = words::status_line(Locale::en, &self.session);
        let said = shown
            .iter()
            .any(|part| ["Listening", "Recording, but no sound arrives"].contains(&part.as_str()));
        assert_eq!(usize::from(said), listening, "{shown:?}");
        let waits = match recorder {
            Some(Recorder::Starting { take, .. }) => !matches!(self.openings.get(&take), None | Some(Opening::Open(_))),
            Some(Recorder::Recording { take } | Recorder::Paused { take } | Recorder::Stopping { take, .. }) => {
                matches!(self.openings.get(&take), Some(Opening::Open(_)))
            }
            _ => true,
        };
        assert!(waits, "the page says {recorder:?} of a microphone that is not there");
        if let Some(desk) = &self.session.desk {
            assert!(!desk.no_sound || self.session.is_recording());
            assert!(self.session.engine.behind() == 0.0 || self.session.holds_unsaved());
        }
    }

    /// Journal and memory hold what was taken while the page said so, in its order, and nothing else.
    fn sound_is_what_was_taken(&self) {
        let Some(desk) = &self.session.desk else { return };
        let own_file = self.tape.iter().any(|&block| block < 0);
        assert!(
            !(own_file && desk.sound.is_kept),
            "a file that was opened is not on the disk"
        );
        let (Some(taken), None) = (self.taken.get(&desk.id), &self.file) else {
            return;
        };
        let journal = self.disk.journals.get(&desk.id);
        let kept = journal.map_or(&[][..], |journal| &journal.blocks);
        if self.disk.reel == Some(desk.id) && desk.sound.is_kept {
            let framed = [kept, &self.disk.waiting].concat();
            assert_eq!(framed, *taken, "the journal of visit {}", desk.id);
        }
        if !self.tape.is_empty() {
            let whole = [
                kept.get(..self.from).expect("what was let go is on the disk"),
                &self.tape,
            ]
            .concat();
            assert!(taken.starts_with(&whole), "{whole:?} was recorded of {taken:?}");
        }
    }

    /// As words, as a place that is named, as sound on the disk or in memory, or on its way.
    pub fn has(&self, note: RecordId, block: i16) -> bool {
        let desk = self.session.desk.as_ref().filter(|desk| desk.id == note);
        let place = self.taken[&note].iter().position(|&taken| taken == block);
        let place = place.expect("it was taken") as f64 / 16_000.0 + 1e-6;
        let written = |visit: &Visit| {
            let within = |start: f64, end: f64| start <= place && place < end;
            let said = block.to_string();
            let mut segments = visit.transcript.segments().iter();
            segments.any(|segment| segment.text.split(' ').any(|word| word == said))
                || visit.unheard.iter().any(|&(start, end)| within(start, end))
                || visit.wordless.iter().any(|stretch| {
                    // What could not be understood is somebody's words: they go when a person answers for the note, or
                    // with the visit if the page said that they are nowhere but in its memory.
                    let answered = stretch.why == Wordless::NoSpeech || visit.stage() == Stage::Reviewed;
                    let answered = answered || self.in_memory.contains(&note);
                    answered && within(stretch.start, stretch.end)
                })
        };
        let on_its_way = |opening: &Opening| matches!(opening, Opening::Open(tap) if tap.sent.contains(&super::room::Message::Block(block)));
        let stored = self.disk.stored.get(&note);
        let journal = self.disk.journals.get(&note);
        journal.is_some_and(|journal| journal.blocks.contains(&block))
            || stored.is_some_and(|(_, visit)| written(visit))
            || desk.is_some_and(|desk| {
                written(&desk.visit) || self.tape.contains(&block) || self.openings.values().any(on_its_way)
            })
    }
}
