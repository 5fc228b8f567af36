//! What a clinician's own edits say about how they write, learned on this device: words that they replace, and the shape
//! that they give to a section. All of it is plain data that they can read, change and erase.

use serde::{Deserialize, Serialize};

use crate::{Draft, Format, Length, Line, Origin, Section, SectionSpec, Template, WhenEmpty};

mod words;

/// Part of the sealed settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    pub replacements: Vec<Replacement>,
    pub sections: Vec<Habit>,
}

/// Words that the clinician writes instead of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// Lower case, one space between words.
    pub from: String,
    pub to: String,
    /// In how many notes; it applies from [`SEEN_ENOUGH`] on.
    pub seen: u32,
}

/// What the clinician does with one section of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habit {
    pub template: String,
    pub heading: String,
    /// The last format that they chose, and how many times in a row.
    pub format: Option<(Format, u32)>,
    /// The length that their cuts or additions speak for, and how many times in a row.
    pub length: Option<(Length, u32)>,
    /// How many times in a row they emptied it. Nothing follows from that by itself: the app may ask.
    pub emptied: u32,
    /// The clinician said that this section is to stay empty. Never learned: silence is no order to forget an allergy.
    pub leave_out: bool,
}

/// Once is chance.
pub const SEEN_ENOUGH: u32 = 2;

/// A section of fewer words says nothing about the length that is liked.
const SHORTEST_TO_JUDGE: usize = 20;

/// Learns from one note: as it was drafted, and as it was confirmed.
pub fn learn(style: &mut Style, before: &Draft, after: &Draft) {
    for drafted in &before.sections {
        let Some(kept) = after.sections.iter().find(|section| section.heading == drafted.heading) else {
            continue;
        };
        shape(style.habit(&before.template, &drafted.heading), drafted, kept);
        for (from, to) in words::replaced(drafted, kept) {
            let known = style.replacements.iter_mut().find(|known| known.from == from);
            match known {
                Some(known) if known.to == to => known.seen = known.seen.saturating_add(1),
                // The clinician has changed their mind.
                Some(known) => *known = Replacement { from, to, seen: 1 },
                None => style.replacements.push(Replacement { from, to, seen: 1 }),
            }
        }
    }
    style.sections.retain(|habit| !habit.is_empty());
}

/// A fresh draft in the clinician's style. Only drafted lines change, and never a number, a medication, a side, a negation,
/// a frequency or a change of treatment in them.
pub fn apply(style: &Style, mut draft: Draft) -> Draft {
    let usable = words::usable(&style.replacements);
    for section in &mut draft.sections {
        let habit = style
            .sections
            .iter()
            .find(|habit| habit.is_of(&draft.template, &section.heading));
        if let Some(habit) = habit {
            if habit.leave_out {
                section.lines.retain(|line| line.origin != Origin::Drafted);
                section.when_empty = WhenEmpty::Omit;
            }
            section.format = settled(habit.format).unwrap_or(section.format);
        }
        for line in section.lines.iter_mut().filter(|line| line.origin == Origin::Drafted) {
            line.text = words::rewritten(&usable, &line.text);
        }
    }
    draft
}

/// A template as the clinician's habits would have it, so that the next draft has the length that they like.
pub fn shaped(style: &Style, mut template: Template) -> Template {
    let name = template.name.clone();
    let habit = |spec: &SectionSpec| style.sections.iter().find(|habit| habit.is_of(&name, &spec.heading));
    for spec in &mut template.sections {
        if let Some(habit) = habit(spec) {
            spec.format = settled(habit.format).unwrap_or(spec.format);
            spec.length = settled(habit.length).unwrap_or(spec.length);
        }
    }
    template
}

fn shape(habit: &mut Habit, drafted: &Section, kept: &Section) {
    if drafted.format != kept.format {
        habit.format = again(habit.format, kept.format);
    }
    let (before, after) = (length(&drafted.lines), length(&kept.lines));
    if before > 0 && after == 0 {
        habit.emptied = habit.emptied.saturating_add(1);
        return;
    }
    habit.emptied = 0;
    if before >= SHORTEST_TO_JUDGE {
        if after * 10 <= before * 6 {
            habit.length = again(habit.length, Length::Concise);
        } else if after * 10 >= before * 14 {
            habit.length = again(habit.length, Length::Detailed);
        }
    }
}

fn again<T: PartialEq>(known: Option<(T, u32)>, now: T) -> Option<(T, u32)> {
    match known {
        Some((value, times)) if value == now => Some((now, times.saturating_add(1))),
        Some(_) | None => Some((now, 1)),
    }
}

fn settled<T>(habit: Option<(T, u32)>) -> Option<T> {
    habit.filter(|(_, times)| *times >= SEEN_ENOUGH).map(|(value, _)| value)
}

/// In words.
fn length(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.text.split_whitespace().count()).sum()
}

impl Style {
    fn habit(&mut self, template: &str, heading: &str) -> &mut Habit {
        let known = self.sections.iter().position(|habit| habit.is_of(template, heading));
        let at = known.unwrap_or_else(|| {
            self.sections.push(Habit {
                template: template.into(),
                heading: heading.into(),
                ..Habit::default()
            });
            self.sections.len() - 1
        });
        &mut self.sections[at]
    }
}

impl Habit {
    fn is_of(&self, template: &str, heading: &str) -> bool {
        self.template == template && self.heading == heading
    }

    fn is_empty(&self) -> bool {
        self.format.is_none() && self.length.is_none() && self.emptied == 0 && !self.leave_out
    }
}
