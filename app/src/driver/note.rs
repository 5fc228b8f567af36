use std::borrow::Cow;

use ::note::{Attestation, Flag, Refused};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Driver;
use crate::browser::{clock, codes, window, writer};
use crate::session::{Edit, Event, Notice, Unconfirmed};
use crate::words::Told;
use crate::writer::{Signed, Writer};

/// How long a hand rests before what it wrote is compared with what was said; milliseconds.
const PAUSE: u32 = 400;

impl Driver {
    /// Starts what drafts notes; the next minute tries again where it cannot be had, or stopped.
    pub(super) fn start_writer(self) {
        if self.with(|platform| std::mem::replace(&mut platform.writer_asked, true)) {
            return;
        }
        // Later, because whoever asked is in the middle of something.
        let stopped = move || {
            spawn_local(async move {
                self.with(|platform| platform.writer_asked = false);
                self.apply(Event::WriterStopped);
            });
        };
        spawn_local(async move {
            match writer::start(stopped).await {
                Some(writer) => {
                    self.apply(Event::WriterStarted(writer));
                    self.look_for_flags();
                }
                None => self.with(|platform| platform.writer_asked = false),
            }
        });
    }

    /// True once codes can be looked up.
    pub async fn load_codes(self) -> bool {
        let Some(list) = codes::fetch().await else {
            return false;
        };
        let writer = self.session.with_untracked(|session| session.writer);
        writer.is_some_and(|writer| writer.keep_codes(&list))
    }

    /// Compares the note with the transcript as soon as the clinician pauses.
    pub fn look_for_flags(self) {
        let look = self.with(|platform| {
            platform.look += 1;
            platform.look
        });
        spawn_local(async move {
            clock::sleep(PAUSE).await;
            if self.with(|platform| platform.look) == look {
                let found = self.session.with_untracked(|session| session.desk.as_ref()?.flags());
                // Without an answer, or a note, those of before stand.
                if let Some(found) = found {
                    self.flags.set(found);
                    self.looked.set(true);
                }
            }
        });
    }

    /// What was flagged in another note, or in this one before it was drafted anew, is nothing to show over the one that is
    /// open now.
    pub(super) fn forget_flags(self) {
        if self.looked.get_untracked() {
            self.flags.set(Vec::new());
            self.looked.set(false);
            self.look_for_flags();
        }
    }

    /// The flags that must be answered before the review is confirmed.
    pub fn open_flags(self) -> Vec<Flag> {
        self.flags.with(|flags| {
            self.session.with(|session| {
                let review = session.desk.as_ref().map(|desk| &desk.visit.review);
                review.map_or(vec![], |review| review.open(flags).into_iter().cloned().collect())
            })
        })
    }

    /// The clinician's word for the note as it is now.
    pub fn attested(self) -> Memo<Option<Attestation>> {
        Memo::new(move |_| self.session.with(|session| session.desk.as_ref()?.attested().cloned()))
    }

    /// # Errors
    /// [`Unconfirmed`], with what is still to be looked at.
    pub fn attest(self, by: &str) -> Result<(), Unconfirmed> {
        let confirmed = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            Some(desk.confirmed(by, clock::now()))
        });
        let review = confirmed.ok_or(Refused::Empty)??;
        self.apply(Event::Edited(Edit::Confirmed(review)));
        self.learn();
        Ok(())
    }

    /// Another speech model, from now on.
    pub fn use_model(self, folder: &str) {
        let mut settings = self.session.with_untracked(|session| session.settings.clone());
        folder.clone_into(&mut settings.model);
        // At once, so that the model is not the old one until the settings are stored.
        self.apply(Event::SettingsChanged(settings.clone()));
        self.write_settings(settings);
        self.apply(Event::ModelChosen(window::backend_choice()));
    }

    /// What the clinician made of the draft, once for each note.
    fn learn(self) {
        let taught = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            let visit = &desk.visit;
            if !session.settings.note.learns || visit.learned {
                return None;
            }
            let mut settings = session.settings.clone();
            let (style, said, shape) = (&settings.note.style, &visit.transcript, &visit.template);
            settings.note.style = session.writer?.learn(style, said, shape, visit.draft.as_ref()?)?;
            Some(settings)
        });
        if let Some(settings) = taught {
            self.write_settings(settings);
            self.apply(Event::Edited(Edit::Learned));
        }
    }

    /// The name stands there the next time too.
    pub fn sign_as(self, by: &str) {
        let mut settings = self.session.with_untracked(|session| session.settings.clone());
        if settings.note.signs_as != by.trim() {
            settings.note.signs_as = by.trim().to_owned();
            self.write_settings(settings);
        }
    }

    /// The note as it leaves Sotto, only once it was reviewed. Where nobody is here to make it, that is told.
    pub fn hand_over<R>(self, make: impl FnOnce(Writer, Signed) -> Option<R>) -> Option<R> {
        let made = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            let signed = Signed {
                attested: Cow::Borrowed(desk.attested()?),
                draft: Cow::Borrowed(desk.draft()?),
                label: Cow::Borrowed(&desk.visit.label),
                created: desk.visit.created,
                offset: clock::offset(desk.visit.created),
            };
            Some(session.writer.and_then(|writer| make(writer, signed)))
        })?;
        if made.is_none() {
            self.apply(Event::Noticed(Notice::NoWriter));
        }
        made
    }

    /// The whole note as the clinician's record takes it: one part or several, or why there are none.
    pub fn note_parts(self) -> Option<Result<Vec<String>, String>> {
        let paste = self.session.with_untracked(|session| session.settings.note.paste);
        let parts = self.hand_over(|writer, note| writer.paste(note, paste))?;
        Some(parts.map_err(|why| why.told(self.locale())))
    }

    pub fn section_text(self, index: usize) -> Option<String> {
        let paste = self.session.with_untracked(|session| session.settings.note.paste);
        self.hand_over(|writer, note| writer.paste_section(note.draft.sections.get(index)?, paste))
    }
}
