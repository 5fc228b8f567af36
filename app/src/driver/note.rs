use std::sync::Arc;

use ::note::{Attestation, Flag, Refused, flags};
use export::{Handover, text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Driver;
use crate::browser::{clock, note_models as models, window};
use crate::session::{Edit, Event};

/// How long a hand rests before what it wrote is compared with what was said; milliseconds.
const PAUSE: u32 = 400;

impl Driver {
    /// Loads what chooses the lines of a note; the next minute tries again where it cannot be had.
    pub(super) fn load_models(self) {
        if self.with(|platform| std::mem::replace(&mut platform.models_asked, true)) {
            return;
        }
        spawn_local(async move {
            match models::fetch().await {
                Some(models) => self.apply(Event::ModelsLoaded(Arc::new(models))),
                None => self.with(|platform| platform.models_asked = false),
            }
        });
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
                let found = self.session.with_untracked(|session| {
                    let desk = session.desk.as_ref()?;
                    Some(flags(desk.draft()?, &desk.visit.template, &desk.visit.transcript))
                });
                self.flags.set(found.unwrap_or_default());
            }
        });
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
    /// [`Refused`], with what is still to be looked at.
    pub fn attest(self, by: &str) -> Result<(), Refused> {
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
            ::note::learn(&mut settings.note.style, &desk.drafted()?, visit.draft.as_ref()?);
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

    /// The note as it leaves Sotto, only once it was reviewed.
    pub fn hand_over<R>(self, make: impl FnOnce(&Handover) -> R) -> Option<R> {
        self.session.with_untracked(|session| {
            let desk = session.desk.as_ref()?;
            let attestation = desk.attested()?;
            Some(make(&Handover {
                draft: desk.draft()?,
                label: &desk.visit.label,
                created: desk.visit.created,
                offset: clock::offset(desk.visit.created),
                attested: Some(attestation),
            }))
        })
    }

    /// The whole note as the clinician's record takes it: one part, or several.
    pub fn note_parts(self) -> Option<Result<Vec<String>, export::Failure>> {
        let paste = self.session.with_untracked(|session| session.settings.note.paste);
        self.hand_over(|note| {
            let text = text::text(note, &paste.options()).text;
            match paste.limit {
                Some(limit) => export::parts(&text, limit as usize, false),
                None => Ok(vec![text]),
            }
        })
    }

    pub fn section_text(self, index: usize) -> Option<String> {
        let paste = self.session.with_untracked(|session| session.settings.note.paste);
        self.hand_over(|note| {
            let section = note.draft.sections.get(index)?;
            Some(text::section(section, &paste.options()).text)
        })?
    }
}
