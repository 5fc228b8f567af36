use speech::protocol::Wordless;
use speech::{RATE, SegmentId};
use vault::RecordId;

use super::{Before, Command, Desk, Recorder};
use crate::keeper::protocol::SoundStep;
use crate::problem::StoreProblem;
use crate::visit::{Expiries, Stretch, Visit};

/// What the disk holds of the open visit's recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// There is a journal.
    pub is_kept: bool,
    /// Samples on the disk.
    pub samples: u64,
    /// Why the recording is in this page's memory alone, or its last part is.
    pub trouble: Option<StoreProblem>,
    /// All its words are stored.
    written: bool,
    /// Some of it found no words here, or was not even read: it is kept for another attempt.
    wanting: bool,
}

/// A recording that was read back from the disk, and the visit that it belongs to.
pub struct Recovered {
    pub id: RecordId,
    /// Of the stored visit; 0 if there is none.
    pub revision: u32,
    pub expiries: Expiries,
    /// Under legal hold.
    pub held: bool,
    pub visit: Visit,
    /// Length of what was read back.
    pub seconds: f64,
    /// Stretches that are lost: from, to, in seconds.
    pub gaps: Vec<(f64, f64)>,
}

impl Sound {
    /// Of a stored visit whose sound is kept, or is not.
    pub fn stored(written: Option<bool>) -> Self {
        Self {
            is_kept: written.is_some(),
            written: written == Some(true),
            wanting: written == Some(false),
            ..Self::default()
        }
    }

    pub fn found_no_words(&mut self) {
        self.wanting = true;
    }

    /// Seconds on the disk.
    pub fn seconds(&self) -> f64 {
        self.samples as f64 / f64::from(RATE)
    }
}

impl Desk {
    /// Puts a recovered recording in the place of the words that were stored of it: they all come again. What was stored of
    /// the time behind its end stays, because it is nowhere else.
    pub fn recover(&mut self, seconds: f64, gaps: Vec<(f64, f64)>) {
        self.recorder = Recorder::Reading;
        self.sound = Sound {
            is_kept: true,
            ..Sound::default()
        };
        let stored = std::mem::take(&mut self.visit.transcript);
        let behind = stored.segments().iter().filter(|segment| segment.end > seconds);
        for (number, segment) in (0..).zip(behind) {
            let mut segment = segment.clone();
            // The first numbers are those of the words that come again.
            segment.id = SegmentId(u32::MAX - number);
            self.visit.transcript.insert(segment);
        }
        self.visit.unheard.retain(|&(_, end)| end > seconds);
        self.visit.unheard.extend(gaps);
        self.visit.wordless.retain(|stretch| stretch.end > seconds);
        self.redraft = self.visit.draft.is_some();
    }

    /// What becomes of the sound once the visit is stored: it is not asked about any more when its words are there, and
    /// goes when a person answers for the note.
    pub(super) fn settle_sound(&mut self) -> Vec<Command> {
        let mut commands = Vec::new();
        if !self.sound.is_kept || self.sound.wanting || self.visit.draft.is_none() || self.redraft {
            return commands;
        }
        if !self.sound.written {
            self.sound.written = true;
            commands.push(self.sound_step(SoundStep::Written));
        }
        if self.attested().is_some() && !self.keeps_sound {
            self.sound = Sound::default();
            commands.push(self.sound_step(SoundStep::Destroy { by_hand: false }));
            commands.push(Command::DropRecording);
        }
        commands
    }

    /// The disk is ready for the recording that is about to begin. One that was given up meanwhile has nothing to keep.
    pub(super) fn sound_begun(&mut self) -> Vec<Command> {
        match self.recorder {
            Recorder::Starting { .. } | Recorder::Recording { .. } => {
                self.sound.is_kept = true;
                self.sound.trouble = None;
                vec![]
            }
            Recorder::Idle | Recorder::Reading if !self.sound.is_kept => {
                vec![self.sound_step(SoundStep::Destroy { by_hand: true })]
            }
            _ => vec![],
        }
    }

    /// So much of the recording is on the disk: memory need not hold it any longer.
    pub(super) fn sound_kept(&mut self, samples: u64, trouble: Option<StoreProblem>) -> Vec<Command> {
        if self.recorder == Recorder::Idle {
            return vec![];
        }
        self.sound.samples = samples;
        self.sound.trouble = trouble;
        vec![Command::TrimRecording { kept: samples }]
    }

    /// True if the journal may begin: a recording whose beginning is not in it would come back without its beginning.
    pub fn begins_sound(&self) -> bool {
        match self.recorder {
            Recorder::Starting {
                before: Before::Nothing,
                ..
            } => true,
            Recorder::Starting {
                before: Before::Earlier(_),
                ..
            } => self.sound.is_kept,
            _ => false,
        }
    }

    /// What was to be recorded was not: nothing is kept of it.
    pub(super) fn discard_sound(&mut self) -> Option<Command> {
        let begun = std::mem::take(&mut self.sound).is_kept;
        begun.then(|| self.sound_step(SoundStep::Destroy { by_hand: true }))
    }

    /// True for a recording in which nobody spoke: it goes when a person closes the visit.
    pub fn is_silent(&self) -> bool {
        let unclear = |stretch: &Stretch| stretch.why == Wordless::Unclear;
        let silent = self.visit.transcript.is_empty() && !self.visit.wordless.iter().any(unclear);
        silent && self.visit.draft.is_none() && !self.sound.wanting && self.recorder == Recorder::Ended
    }

    /// On the way out; one that nobody was there to close stays, for somebody to decide about.
    pub(super) fn leave_sound(&self, by_hand: bool) -> Option<Command> {
        let step = if by_hand && self.is_silent() {
            SoundStep::Destroy { by_hand: true }
        } else {
            SoundStep::Leave
        };
        self.sound.is_kept.then(|| self.sound_step(step))
    }

    pub(super) fn sound_step(&self, step: SoundStep) -> Command {
        Command::Sound { note: self.id, step }
    }
}
