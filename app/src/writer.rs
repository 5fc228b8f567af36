//! The note writer: what drafts, checks, learns and exports, in a wasm module of its own that the page calls like a function.
//!
//! [`Writer`] asks, [`Work`] answers, and bytes go between them. The page shows and keeps notes and holds nothing of what it
//! takes to make one, so that it is up before the writer is here.

mod work;
pub use work::Work;

use std::borrow::Cow;

use export::Clue;
use note::{Attestation, Draft, Flag, Section, Style, Task, Template};
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;
use speech::{Speaker, Transcript};

use crate::keeper::protocol::{decode, encode};
use crate::settings::Paste;

/// How the writer is reached. Each question has no answer where the writer is gone, or stopped over that very question.
#[derive(Clone, Copy)]
pub struct Writer(pub(crate) fn(&[u8]) -> Option<Vec<u8>>);

/// What the page asks.
#[derive(Serialize, Deserialize)]
pub enum Ask<'a> {
    /// The note of these words, in this shape and style.
    Draft {
        said: Cow<'a, Transcript>,
        template: Cow<'a, Template>,
        style: Cow<'a, Style>,
    },
    /// What there is to look at in a note.
    Flags {
        draft: Cow<'a, Draft>,
        template: Cow<'a, Template>,
        said: Cow<'a, Transcript>,
    },
    /// The style, with what the clinician made of the draft of these words.
    Learn {
        style: Cow<'a, Style>,
        said: Cow<'a, Transcript>,
        template: Cow<'a, Template>,
        confirmed: Cow<'a, Draft>,
    },
    /// Who said each segment.
    Roles(Cow<'a, Transcript>),
    Tasks {
        draft: Cow<'a, Draft>,
        template: Cow<'a, Template>,
    },
    /// What codes can be looked up for.
    Problems {
        draft: Cow<'a, Draft>,
        template: Cow<'a, Template>,
    },
    /// The list in which codes are looked up from now on.
    KeepCodes(Cow<'a, Bytes>),
    FindCodes(Cow<'a, str>),
    Export(Signed<'a>, Export),
    /// The note in parts, as the clinician's record takes it.
    Paste(Signed<'a>, Paste),
    PasteSection(Cow<'a, Section>, Paste),
    Fewer(Cow<'a, Draft>),
    /// The visit is closed: what was kept of its words goes.
    Forget,
}

/// What the writer answers, one for each question.
#[derive(Serialize, Deserialize)]
pub enum Answer {
    Draft(Draft),
    Flags(Vec<Flag>),
    Style(Style),
    Roles(Vec<Speaker>),
    Tasks(Vec<Task>),
    Problems(Vec<String>),
    /// False for what is no list of codes.
    KeptCodes(bool),
    Codes(Vec<(String, String)>),
    File(#[serde(with = "serde_bytes")] Vec<u8>),
    /// None where a part may be too short for any text.
    Parts(Option<Vec<String>>),
    Text(String),
    Fewer(Fewer),
    Forgotten,
}

/// A note that was confirmed, as it leaves Sotto.
#[derive(Serialize, Deserialize)]
pub struct Signed<'a> {
    pub draft: Cow<'a, Draft>,
    /// The name of the visit; may be empty.
    pub label: Cow<'a, str>,
    /// When the visit began, in seconds since 1970.
    pub created: u64,
    /// Minutes by which local time was ahead of UTC then.
    pub offset: i16,
    pub attested: Cow<'a, Attestation>,
}

/// A form in which a note leaves as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Export {
    Text,
    Docx,
    Rtf,
    Markdown,
    Json,
    FhirDocumentReference,
    FhirBundle,
    Cda,
    CdaUnstructured,
}

/// A copy that says less of who the patient is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fewer {
    pub text: String,
    /// What stands there now, and what gave away what stood there before.
    pub replaced: Vec<(String, Clue)>,
}

impl Writer {
    pub fn draft(self, said: &Transcript, template: &Template, style: &Style) -> Option<Draft> {
        let (said, template, style) = (Cow::Borrowed(said), Cow::Borrowed(template), Cow::Borrowed(style));
        let Answer::Draft(draft) = self.ask(&Ask::Draft { said, template, style })? else {
            return None;
        };
        Some(draft)
    }

    pub fn flags(self, draft: &Draft, template: &Template, said: &Transcript) -> Option<Vec<Flag>> {
        let (draft, template, said) = (Cow::Borrowed(draft), Cow::Borrowed(template), Cow::Borrowed(said));
        let Answer::Flags(flags) = self.ask(&Ask::Flags { draft, template, said })? else {
            return None;
        };
        Some(flags)
    }

    pub fn learn(self, style: &Style, said: &Transcript, template: &Template, confirmed: &Draft) -> Option<Style> {
        let learn = Ask::Learn {
            style: Cow::Borrowed(style),
            said: Cow::Borrowed(said),
            template: Cow::Borrowed(template),
            confirmed: Cow::Borrowed(confirmed),
        };
        let Answer::Style(style) = self.ask(&learn)? else {
            return None;
        };
        Some(style)
    }

    pub fn roles(self, said: &Transcript) -> Option<Vec<Speaker>> {
        let Answer::Roles(roles) = self.ask(&Ask::Roles(Cow::Borrowed(said)))? else {
            return None;
        };
        Some(roles)
    }

    pub fn tasks(self, draft: &Draft, template: &Template) -> Option<Vec<Task>> {
        let (draft, template) = (Cow::Borrowed(draft), Cow::Borrowed(template));
        let Answer::Tasks(tasks) = self.ask(&Ask::Tasks { draft, template })? else {
            return None;
        };
        Some(tasks)
    }

    pub fn problems(self, draft: &Draft, template: &Template) -> Option<Vec<String>> {
        let (draft, template) = (Cow::Borrowed(draft), Cow::Borrowed(template));
        let Answer::Problems(problems) = self.ask(&Ask::Problems { draft, template })? else {
            return None;
        };
        Some(problems)
    }

    /// True once codes can be found in this list.
    pub fn keep_codes(self, list: &[u8]) -> bool {
        matches!(
            self.ask(&Ask::KeepCodes(Cow::Borrowed(Bytes::new(list)))),
            Some(Answer::KeptCodes(true))
        )
    }

    /// Codes and titles, the likeliest first.
    pub fn find_codes(self, query: &str) -> Option<Vec<(String, String)>> {
        let Answer::Codes(codes) = self.ask(&Ask::FindCodes(Cow::Borrowed(query)))? else {
            return None;
        };
        Some(codes)
    }

    pub fn export(self, note: Signed, form: Export) -> Option<Vec<u8>> {
        let Answer::File(bytes) = self.ask(&Ask::Export(note, form))? else {
            return None;
        };
        Some(bytes)
    }

    /// One part or several, or why there are none.
    pub fn paste(self, note: Signed, paste: Paste) -> Option<Result<Vec<String>, export::Failure>> {
        let Answer::Parts(parts) = self.ask(&Ask::Paste(note, paste))? else {
            return None;
        };
        Some(parts.ok_or(export::Failure::PartTooShort))
    }

    pub fn paste_section(self, section: &Section, paste: Paste) -> Option<String> {
        let Answer::Text(text) = self.ask(&Ask::PasteSection(Cow::Borrowed(section), paste))? else {
            return None;
        };
        Some(text)
    }

    pub fn fewer(self, draft: &Draft) -> Option<Fewer> {
        let Answer::Fewer(fewer) = self.ask(&Ask::Fewer(Cow::Borrowed(draft)))? else {
            return None;
        };
        Some(fewer)
    }

    pub fn forget(self) {
        // A writer that is gone has nothing left to forget.
        let _ = self.ask(&Ask::Forget);
    }

    fn ask(self, question: &Ask) -> Option<Answer> {
        decode(&(self.0)(&encode(question))?)
    }
}

#[cfg(test)]
mod tests;
