use export::{Handover, text};
use note::model::roles::{PAUSES, roles};
use note::{Codes, Draft, LiveDraft, Models, Style, Template};
use speech::Transcript;

use super::{Answer, Ask, Export, Fewer, Signed};
use crate::keeper::protocol::{decode, encode};
use crate::settings::Paste;

/// How many candidates are offered for one problem.
const MOST_CODES: usize = 8;

/// What the writer remembers from one question to the next.
pub struct Work {
    /// Follows the words of the open visit as they come in.
    live: LiveDraft<&'static Models>,
    /// Nothing until the page was asked for codes.
    codes: Option<Codes>,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            live: LiveDraft::new(Models::committed()),
            codes: None,
        }
    }
}

impl Work {
    /// Question to answer, both as bytes; nothing for what is no question.
    pub fn answer_bytes(&mut self, question: &[u8]) -> Option<Vec<u8>> {
        Some(encode(&self.answer(decode(question)?)))
    }

    pub fn answer(&mut self, question: Ask) -> Answer {
        match question {
            Ask::Draft { said, template, style } => Answer::Draft(self.draft(&said, &template, &style)),
            Ask::Flags { draft, template, said } => Answer::Flags(note::flags(&draft, &template, &said)),
            Ask::Learn {
                style,
                said,
                template,
                confirmed,
            } => {
                // Before anybody's edits and habits.
                let drafted = self.draft(&said, &template, &Style::default());
                let mut style = style.into_owned();
                note::learn(&mut style, &drafted, &confirmed);
                Answer::Style(style)
            }
            Ask::Roles(said) => Answer::Roles(roles(&said, PAUSES)),
            Ask::Tasks { draft, template } => Answer::Tasks(note::tasks(&draft, &template)),
            Ask::Problems { draft, template } => {
                let stated = note::stated_problems(&draft, &template).into_iter();
                Answer::Problems(stated.map(|stated| stated.problem).collect())
            }
            Ask::KeepCodes(list) => {
                self.codes = std::str::from_utf8(&list).ok().and_then(|list| Codes::parse(list).ok());
                Answer::KeptCodes(self.codes.is_some())
            }
            Ask::FindCodes(query) => Answer::Codes(self.find_codes(&query)),
            Ask::Export(note, form) => Answer::File(file(&note.handover(), form)),
            Ask::Paste(note, paste) => Answer::Parts(parts(&note.handover(), paste)),
            Ask::PasteSection(section, paste) => Answer::Text(text::section(&section, &paste.options()).text),
            Ask::Fewer(draft) => {
                let copy = export::deidentify(&note::plain_text(&draft));
                let replaced = copy.replaced.into_iter();
                Answer::Fewer(Fewer {
                    text: copy.text,
                    replaced: replaced.map(|one| (one.shown, one.why)).collect(),
                })
            }
            Ask::Forget => {
                self.live = LiveDraft::new(Models::committed());
                Answer::Forgotten
            }
        }
    }

    fn draft(&mut self, said: &Transcript, template: &Template, style: &Style) -> Draft {
        let template = note::shaped(style, template.clone());
        note::apply(style, self.live.draft(said, &template))
    }

    fn find_codes(&self, query: &str) -> Vec<(String, String)> {
        let Some(codes) = &self.codes else { return vec![] };
        let found = codes.search(query, MOST_CODES).into_iter();
        found.map(|code| (code.dotted(), code.title.to_owned())).collect()
    }
}

impl Signed<'_> {
    fn handover(&self) -> Handover<'_> {
        Handover {
            draft: &self.draft,
            label: &self.label,
            created: self.created,
            offset: self.offset,
            attested: Some(&self.attested),
        }
    }
}

fn file(note: &Handover, form: Export) -> Vec<u8> {
    match form {
        Export::Text => {
            let with_footer = text::Options {
                footer: true,
                ..text::Options::default()
            };
            text::text(note, &with_footer).text.into()
        }
        Export::Docx => export::docx(note),
        Export::Rtf => export::rtf(note).into(),
        Export::Markdown => export::markdown(note).into(),
        Export::Json => export::json(note, None).into(),
        Export::FhirDocumentReference => export::fhir::document_reference(note).into(),
        Export::FhirBundle => export::fhir::bundle(note).into(),
        Export::Cda => export::cda::structured(note).into(),
        Export::CdaUnstructured => export::cda::unstructured(note).into(),
    }
}

/// The whole note as the clinician's record takes it: one part, or several.
fn parts(note: &Handover, paste: Paste) -> Option<Vec<String>> {
    let text = text::text(note, &paste.options()).text;
    match paste.limit {
        Some(limit) => export::parts(&text, limit as usize, false).ok(),
        None => Some(vec![text]),
    }
}

impl Paste {
    fn options(self) -> text::Options {
        text::Options {
            width: self.width.map(usize::from),
            crlf: self.crlf,
            ascii: self.ascii,
            footer: self.footer,
        }
    }
}
