//! Who must agree to a recording where, and where patients must be told of artificial intelligence: a table of facts with
//! their sources, which a clinic may write its own lines over. It is not legal advice.

use language::{Locale, say};

use crate::words::Told;

/// The table that comes with Sotto; its head says what a line is.
const TABLE: &str = include_str!("../data/recording-law.txt");

/// No state of the United States, and no district.
pub const ELSEWHERE: &str = "--";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laws {
    /// The day of which the table holds.
    pub as_of: String,
    /// The federal one is called `US`.
    pub states: Vec<Law>,
    /// Code, and what is asked, with its source.
    pub ai: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Law {
    pub code: String,
    pub name: String,
    pub rule: Rule,
    pub source: String,
    /// May be empty.
    pub note: String,
    /// The clinic's own line.
    pub own: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// One party's consent is enough.
    One,
    /// Everyone who is recorded must agree, or know of it.
    All,
}

/// A line of the clinic's that is no line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Told for Unreadable {
    fn told(&self, l: Locale) -> String {
        say!(l, law.unreadable, line = self.0.clone())
    }
}

impl Laws {
    /// The table with the clinic's lines in place of those for the same states.
    ///
    /// # Errors
    /// The first of those lines that cannot be read.
    pub fn with(own: &str) -> Result<Self, Unreadable> {
        let mut laws = Self::default();
        laws.read(TABLE, false).expect("the table can be read");
        laws.read(own, true)?;
        Ok(laws)
    }

    /// The same with lines that were stored: one that cannot be read never is.
    pub fn stored(own: &str) -> Self {
        Self::with(own).unwrap_or_default()
    }

    /// The law for a patient and a clinician in these places, in a sentence. Of two the stricter one applies; where Sotto
    /// knows none, everyone should agree.
    pub fn told(&self, l: Locale, patient: &str, clinician: &str) -> String {
        let known = [patient, clinician].map(|code| self.states.iter().find(|law| law.code == code));
        let [Some(here), Some(there)] = known else {
            let known = known.into_iter().flatten().find(|law| law.rule == Rule::All);
            return match known {
                Some(law) => law.noted(say!(l, law.everyone, law = law.cited(l))),
                None => say!(l, law.unknown).to_owned(),
            };
        };
        let stricter = if there.rule > here.rule { there } else { here };
        match stricter.rule {
            Rule::All if here.rule != there.rule => stricter.noted(say!(l, law.stricter, law = stricter.cited(l))),
            Rule::All => stricter.noted(say!(l, law.everyone, law = stricter.cited(l))),
            Rule::One => here.noted(say!(l, law.party, law = here.cited(l))),
        }
    }

    /// Duties to tell of artificial intelligence in these places.
    pub fn tellings(&self, places: [&str; 2]) -> Vec<String> {
        let asked = self.ai.iter().filter(|(code, _)| places.contains(&code.as_str()));
        asked.map(|(_, asks)| asks.clone()).collect()
    }

    fn read(&mut self, text: &str, own: bool) -> Result<(), Unreadable> {
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            self.read_line(line, own).ok_or_else(|| Unreadable(line.to_owned()))?;
        }
        Ok(())
    }

    fn read_line(&mut self, line: &str, own: bool) -> Option<()> {
        if let Some(day) = line.strip_prefix("as of ") {
            day.clone_into(&mut self.as_of);
            return Some(());
        }
        let mut cells = line.split('|').map(|cell| cell.trim().to_owned());
        let (head, second, third) = (cells.next()?, cells.next()?, cells.next()?);
        if let Some(code) = head.strip_prefix("ai ") {
            let code = code_of(code)?;
            self.ai.retain(|(other, _)| *other != code);
            self.ai.push((code, format!("{third} ({second})")));
            return Some(());
        }
        let (code, name) = head.split_once(' ')?;
        let law = Law {
            code: code_of(code)?,
            name: name.trim().to_owned(),
            rule: match second.as_str() {
                "all" => Rule::All,
                "one" => Rule::One,
                _ => return None,
            },
            source: Some(third).filter(|source| !source.is_empty())?,
            note: cells.next().unwrap_or_default(),
            own,
        };
        match self.states.iter_mut().find(|other| other.code == law.code) {
            Some(other) => *other = law,
            None => self.states.push(law),
        }
        Some(())
    }
}

impl Law {
    /// Whose law it is, and where it stands.
    fn cited(&self, l: Locale) -> String {
        let law = format!("{}, {}", self.name, self.source);
        if self.own { say!(l, law.own, law = law) } else { law }
    }

    /// A sentence about it, and what else there is to know.
    fn noted(&self, told: String) -> String {
        if self.note.is_empty() {
            told
        } else {
            format!("{told} {}", self.note)
        }
    }
}

fn code_of(text: &str) -> Option<String> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
