use note::{Attestation, Draft, Flag, FlagId, Origin, Refused, Review, Style, Template};
use speech::{SegmentId, Speaker, Transcript, Voice};
use vault::RecordId;

use super::{Command, Heard, MicEvent, Notice, Recorder, Sound, Take};
use crate::keeper::protocol::SoundStep;
use crate::problem::StoreProblem;
use crate::settings::Settings;
use crate::visit::{Expiries, Stretch, Visit};
use crate::writer::Writer;

/// The visit that is open: its content, what its recorder does, and whether the stored copy is the same.
pub struct Desk {
    pub id: RecordId,
    /// Of the stored copy; 0 before the first save.
    pub revision: u32,
    pub expiries: Expiries,
    /// Under legal hold: it does not expire.
    pub held: bool,
    pub visit: Visit,
    pub recorder: Recorder,
    /// True while the microphone is open and nothing arrives from it.
    pub no_sound: bool,
    pub save: Save,
    pub sound: Sound,
    /// The draft is of other words: it is made anew when those of the recovered recording are here.
    pub redraft: bool,
    /// The patient does not want to be recorded: the clinician dictates afterwards.
    pub declined: bool,
    /// The sound stays when the note is confirmed, until its own time is over.
    pub(super) keeps_sound: bool,
    /// How the clinician writes.
    style: Style,
    /// Who drafts the note; nobody until it is loaded, or once it stopped.
    pub(super) writer: Option<Writer>,
    /// The draft is of another shape or other speakers than were chosen: it is made anew once somebody can.
    behind: bool,
    /// What the note would be of the words that are here; only until there is a note.
    pub so_far: Option<Draft>,
    /// How many times that was looked at.
    pub looks: u32,
    /// How many times the note was drafted since the visit was opened.
    pub drafts: u32,
    /// True once a person was told what leaving now would lose.
    pub warned: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    /// The stored copy is this one, or there is nothing worth storing.
    Clean,
    Dirty,
    Saving {
        changed_since: bool,
    },
    Failed(StoreProblem),
}

/// Why a review is not confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconfirmed {
    /// Nobody is here to look the note through.
    Unchecked,
    Refused(Refused),
}

impl From<Refused> for Unconfirmed {
    fn from(why: Refused) -> Self {
        Self::Refused(why)
    }
}

/// What the clinician did to the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Label(String),
    /// The words that are expected in this visit alone.
    Words(String),
    /// The whole text of a section, by its place in the draft.
    Section(usize, String),
    /// Another shape: the note is drafted anew.
    Template(Box<Template>),
    /// Who spoke, of one segment or of all: the note is drafted anew.
    Speakers(Vec<(SegmentId, Speaker)>),
    /// A section was on the screen, by its heading.
    Opened(String),
    /// A flag was answered, or not after all.
    Resolved(FlagId, bool),
    /// The clinician's word for the note as it is.
    Confirmed(Review),
    /// Taken back.
    Reopened,
    /// The patient does not want to be recorded, or agrees after all; with the shape that the note then has.
    Declined(bool, Box<Template>),
    /// The clinician's style has learned from this note.
    Learned,
}

impl Desk {
    pub fn new(id: RecordId, now: u64, settings: &Settings) -> Self {
        let expiries = Expiries::new(now, &settings.retention);
        let visit = Visit::new(now, settings.note.template());
        Self::with(id, 0, expiries, visit, Recorder::Idle, settings)
    }

    /// A stored visit; one that was cut off before its draft gets it now, from the words that were kept.
    pub fn stored(id: RecordId, revision: u32, expiries: Expiries, visit: Visit, settings: &Settings) -> Self {
        Self::with(id, revision, expiries, visit, Recorder::Ended, settings)
    }

    fn with(
        id: RecordId,
        revision: u32,
        expiries: Expiries,
        visit: Visit,
        recorder: Recorder,
        settings: &Settings,
    ) -> Self {
        Self {
            writer: None,
            behind: false,
            so_far: None,
            looks: 0,
            id,
            revision,
            expiries,
            held: false,
            visit,
            recorder,
            no_sound: false,
            save: Save::Clean,
            sound: Sound::default(),
            redraft: false,
            declined: false,
            keeps_sound: settings.keep_sound,
            style: settings.note.style.clone(),
            drafts: 0,
            warned: false,
        }
    }

    pub fn on_mic(&mut self, event: MicEvent, fresh: Take) -> Vec<Command> {
        // A recovered recording is read to its end: what is left out would be lost with its sound.
        if event == MicEvent::StopPressed && self.recorder == Recorder::Reading && self.sound.is_kept {
            return vec![];
        }
        let before = self.recorder;
        let (next, mut commands) = self.recorder.on(event, fresh);
        self.recorder = next;
        if next == Recorder::Ended && ![Recorder::Ended, Recorder::Reading].contains(&before) && self.sound.is_kept {
            commands.push(self.sound_step(SoundStep::End));
        }
        if next == Recorder::Idle && before != Recorder::Idle {
            commands.extend(self.discard_sound());
        }
        self.warned = false;
        if !matches!(self.recorder, Recorder::Recording { .. }) {
            self.no_sound = false;
        }
        commands
    }

    /// `voices`: of all segments, once the words are among them.
    pub fn on_heard(&mut self, heard: Heard, voices: impl Fn() -> Vec<(SegmentId, Option<Voice>)>) -> Vec<Command> {
        match heard {
            Heard::Nothing => vec![],
            Heard::Words { segment, language } => {
                self.visit.languages.extend(language);
                self.visit.transcript.insert(segment);
                self.visit.transcript.spoken_by(&voices());
                self.look();
                self.changed()
            }
            Heard::Wordless { start, end, why } => {
                self.visit.wordless.retain(|stretch| stretch.start != start);
                self.visit.wordless.push(Stretch { start, end, why });
                self.changed()
            }
            Heard::Unheard { start, end } => {
                self.visit.unheard.push((start, end));
                self.sound.found_no_words();
                self.changed()
            }
        }
    }

    /// Words that nobody recorded here.
    pub fn on_written(&mut self, transcript: Transcript) -> Vec<Command> {
        self.visit.transcript = transcript;
        self.changed()
    }

    pub fn on_edit(&mut self, edit: Edit) -> Vec<Command> {
        match edit {
            Edit::Label(label) => self.visit.label = label,
            Edit::Words(words) => self.visit.words = words,
            Edit::Section(index, text) => {
                let Some(section) = self.draft_mut().and_then(|draft| draft.sections.get_mut(index)) else {
                    return vec![];
                };
                section.edit(&text);
            }
            Edit::Template(template) => {
                self.visit.template = *template;
                if self.visit.draft.is_some() {
                    self.draft_anew();
                }
            }
            Edit::Speakers(told) => {
                for (id, speaker) in told {
                    self.visit.transcript.told(id, speaker);
                }
                if self.visit.draft.is_some() {
                    self.draft_anew();
                }
            }
            Edit::Opened(heading) => {
                if !self.visit.review.opened.insert(heading) {
                    return vec![];
                }
            }
            Edit::Resolved(flag, true) => drop(self.visit.review.resolved.insert(flag)),
            Edit::Resolved(flag, false) => drop(self.visit.review.resolved.remove(&flag)),
            Edit::Confirmed(review) => {
                self.visit.review = review;
                // The clinician's word is for the note as it is.
                self.behind = false;
            }
            Edit::Reopened => self.visit.review.attestation = None,
            Edit::Declined(declined, template) => {
                if self.recorder != Recorder::Idle || self.declined == declined {
                    return vec![];
                }
                self.declined = declined;
                self.visit.template = *template;
            }
            Edit::Learned => self.visit.learned = true,
        }
        self.changed()
    }

    pub fn give_writer(&mut self, writer: Writer) {
        self.writer = Some(writer);
        self.look();
    }

    /// Makes the draft once the recording is over and every word is here.
    pub fn settle(&mut self, engine_owes_nothing: bool) -> Vec<Command> {
        let over = self.recorder == Recorder::Ended && engine_owes_nothing && self.writer.is_some();
        let due = self.visit.draft.is_none() || self.redraft || self.behind;
        if !over || !due || self.visit.transcript.is_empty() {
            return vec![];
        }
        let before = self.drafts;
        self.draft_anew();
        if self.drafts > before { self.changed() } else { vec![] }
    }

    /// What there is to look at in the note; nothing where nobody can say.
    pub fn flags(&self) -> Option<Vec<Flag>> {
        self.writer?
            .flags(self.draft()?, &self.visit.template, &self.visit.transcript)
    }

    /// The review with the clinician's word in it.
    ///
    /// # Errors
    /// [`Unconfirmed`], with what is still to be looked at.
    pub fn confirmed(&self, by: &str, now: u64) -> Result<Review, Unconfirmed> {
        let draft = self.draft().ok_or(Refused::Empty)?;
        let flags = self.flags().ok_or(Unconfirmed::Unchecked)?;
        let mut review = self.visit.review.clone();
        review.attest(draft, &flags, by, now)?;
        Ok(review)
    }

    /// Who answers for the note as it is now.
    pub fn attested(&self) -> Option<&Attestation> {
        self.visit.review.attested(self.draft()?)
    }

    /// From the words, in the template's shape and the clinician's style. Lines that the clinician wrote stay: under
    /// their heading where the new note has it, else at its end.
    fn draft_anew(&mut self) {
        let Some(mut fresh) = self.fresh() else {
            self.behind = self.visit.draft.is_some();
            return;
        };
        self.so_far = None;
        for section in self.visit.draft.take().into_iter().flat_map(|draft| draft.sections) {
            let own: Vec<_> = section
                .lines
                .into_iter()
                .filter(|line| line.origin == Origin::Clinician)
                .collect();
            let same = fresh.sections.iter().position(|other| other.heading == section.heading);
            let at = same.unwrap_or(fresh.sections.len().saturating_sub(1));
            if let Some(section) = fresh.sections.get_mut(at) {
                section.lines.extend(own);
            }
        }
        self.visit.draft = Some(fresh);
        self.visit.review = Review::default();
        (self.redraft, self.behind) = (false, false);
        self.drafts += 1;
    }

    /// Shows what the note would be while the recording goes on.
    fn look(&mut self) {
        if self.recorder.is_active() && self.visit.draft.is_none() && !self.visit.transcript.is_empty() {
            self.so_far = self.fresh().or(self.so_far.take());
            self.looks += 1;
        }
    }

    fn fresh(&self) -> Option<Draft> {
        self.writer?
            .draft(&self.visit.transcript, &self.visit.template, &self.style)
    }

    pub fn save_due(&mut self) -> Vec<Command> {
        match self.save {
            Save::Dirty | Save::Failed(_) => {
                self.save = Save::Saving { changed_since: false };
                vec![Command::Save {
                    revision: self.revision + 1,
                }]
            }
            Save::Clean | Save::Saving { .. } => vec![],
        }
    }

    pub fn saved(&mut self, revision: u32) -> Vec<Command> {
        self.revision = revision;
        match self.save {
            Save::Saving { changed_since: true } => {
                self.save = Save::Dirty;
                vec![Command::SaveSoon]
            }
            Save::Saving { changed_since: false } | Save::Clean | Save::Dirty | Save::Failed(_) => {
                self.save = Save::Clean;
                self.settle_sound()
            }
        }
    }

    pub fn save_failed(&mut self, why: StoreProblem) -> Vec<Command> {
        self.save = Save::Failed(why);
        let notice = if self.warned {
            Notice::LeavingLoses(why)
        } else {
            Notice::NotSaved(why)
        };
        vec![Command::Notify(notice)]
    }

    pub fn draft(&self) -> Option<&Draft> {
        self.visit.draft.as_ref()
    }

    fn draft_mut(&mut self) -> Option<&mut Draft> {
        self.visit.draft.as_mut()
    }

    fn changed(&mut self) -> Vec<Command> {
        match self.save {
            Save::Saving { .. } => {
                self.save = Save::Saving { changed_since: true };
                vec![]
            }
            // A conflict stays one: this copy would be refused again.
            Save::Failed(StoreProblem::Conflict) => vec![],
            Save::Clean | Save::Dirty | Save::Failed(_) => {
                self.save = Save::Dirty;
                vec![Command::SaveSoon]
            }
        }
    }
}
