use note::{Style, Template};
use serde::{Deserialize, Serialize};

/// How this clinician's notes are made and handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteSettings {
    /// The clinician's own templates, each as its text with its comments.
    pub templates: Vec<String>,
    /// The name of the one for new visits; empty is the first that comes with Sotto.
    pub template: String,
    /// The name under a confirmed review.
    pub signs_as: String,
    pub paste: Paste,
    /// What was learned from the clinician's own edits.
    pub style: Style,
    /// Learn from further edits.
    pub learns: bool,
}

/// How the text box of the clinician's record takes a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paste {
    /// Characters in a line.
    pub width: Option<u16>,
    /// Characters at once.
    pub limit: Option<u32>,
    pub crlf: bool,
    pub ascii: bool,
    /// A last line that says who reviewed the note.
    pub footer: bool,
}

impl NoteSettings {
    /// The template for a new visit.
    pub fn template(&self) -> Template {
        self.template_named(&self.template).unwrap_or_else(Template::soap)
    }

    /// The clinician's own before those that come with Sotto; none for a name that is gone.
    pub fn template_named(&self, name: &str) -> Option<Template> {
        self.all().into_iter().find(|template| template.name == name)
    }

    /// What a template can be chosen by, without those that cannot be read.
    pub fn names(&self) -> Vec<String> {
        self.all().into_iter().map(|template| template.name).collect()
    }

    fn all(&self) -> Vec<Template> {
        let own = self.templates.iter().filter_map(|text| Template::parse(text).ok());
        own.chain(Template::built_in()).collect()
    }
}
