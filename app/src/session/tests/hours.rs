//! Three hours of sound on the page's own path: what is held does not grow with them, but for the words.

use super::*;
use crate::tape::{Tape, dictation};

const SECOND: usize = speech::RATE as usize;

/// What a page holds of a recording besides its words, in samples.
fn held(tape: &Tape, session: &Session) -> usize {
    let spoken = tape.spoken().map_or(0, |utterance| utterance.samples.len());
    let pending = (session.engine.behind() * f64::from(speech::RATE)) as usize;
    tape.held() + spoken + pending
}

struct Day {
    world: World,
    tape: Tape,
    /// Utterances, and those whose words are here: the worker lags behind.
    spoken: usize,
    answered: usize,
    /// The most that was held since this was last asked.
    peak: usize,
    disk: bool,
}

impl Day {
    fn begins(disk: bool) -> Self {
        let mut world = World::default();
        world.apply(Event::VaultsSeen(seen(1)));
        world.apply(Event::VaultOpened {
            backend: BackendChoice::Auto,
            settings: Settings::default(),
        });
        world.apply(Event::VisitStarted { id: ID, now: 1_000 });
        world.ready(Backend::Cpu);
        world.mic(MicEvent::RecordPressed);
        world.mic(MicEvent::Opened(Take(1)));
        if disk {
            world.apply(Event::SoundBegun(ID));
        }
        Self {
            world,
            tape: Tape::default(),
            spoken: 0,
            answered: 0,
            peak: 0,
            disk,
        }
    }

    /// So many minutes in one take, from a device with this rate.
    fn records(&mut self, minutes: usize, rate: u32, wave: &[f32]) {
        let blocks = minutes * 60 * 10;
        let blocks = wave.chunks_exact(rate as usize / 10).cycle().take(blocks);
        for block in blocks {
            let utterances = self.tape.push(rate, block).expect("a common rate");
            self.hears(utterances);
        }
        let utterances = self.tape.end_take();
        self.hears(utterances);
    }

    fn hears(&mut self, utterances: Vec<Utterance>) {
        self.spoken += utterances.len();
        for utterance in utterances {
            self.world.apply(Event::Spoken(utterance));
        }
        self.peak = self.peak.max(held(&self.tape, &self.world.session));
        while self.answered + 2 < self.spoken {
            self.world.answer(self.answered as u32, "The patient reports a cough.");
            self.answered += 1;
        }
        // The disk is a second behind, and tells of every half second.
        let kept = (self.tape.seconds() * 2.0) as u64;
        if self.disk && kept > 2 {
            let samples = (kept - 2) * SECOND as u64 / 2;
            let (id, trouble) = (ID, None);
            let kept = Event::SoundKept { id, samples, trouble };
            for command in self.world.session.apply(kept) {
                if let Command::TrimRecording { kept } = command {
                    self.tape.trim(kept);
                }
            }
        }
    }

    fn peak(&mut self) -> usize {
        std::mem::take(&mut self.peak)
    }

    fn segments(&self) -> usize {
        self.world.desk().visit.transcript.segments().len()
    }
}

#[test]
fn three_hours_hold_no_more_sound_than_one() {
    let wave = dictation();
    // As a device with three times the rate gives it.
    let fast: Vec<f32> = wave.iter().flat_map(|&sample| [sample; 3]).collect();
    let mut day = Day::begins(true);
    let mut hours = Vec::new();
    for _ in 0..3 {
        for take in 0..6 {
            match take {
                5 => day.records(10, 48_000, &fast),
                _ => day.records(10, 16_000, &wave),
            }
        }
        hours.push((day.peak(), day.segments()));
    }
    let [(first, words), _, (third, all_words)] = hours[..] else {
        panic!("three hours")
    };
    assert!(
        (day.tape.seconds() - 3.0 * 3_600.0).abs() < 1.0,
        "{} s",
        day.tape.seconds()
    );
    assert!(words > 300 && all_words > 2 * words, "{words} and {all_words} segments");
    // A minute that is on the disk too, the second that is not yet, and at most four utterances of 15 s.
    let most = (60 + 2 + 4 * 15) * SECOND;
    assert!(first < most, "{first} samples are held after an hour");
    assert!(
        third <= first + SECOND,
        "{first} samples are held after an hour, {third} after three"
    );
}

#[test]
fn what_no_disk_keeps_stays_in_memory() {
    let mut day = Day::begins(false);
    day.records(3, 16_000, &dictation());
    assert_eq!(day.tape.held(), 3 * 60 * SECOND);
    assert_eq!(day.tape.holds(), Some(true));
}
