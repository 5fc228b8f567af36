//! The exchanges that were written for Sotto, of sections of which the published sets hold few.

use crate::corpora::Snippet;
use crate::dialogue::transcript;

/// None of them has a summary.
pub fn own() -> Vec<Snippet> {
    let sections = include_str!("../../../data/exchanges.txt").split("\n[").skip(1);
    let named = sections.filter_map(|section| section.split_once("]\n"));
    named
        .flat_map(|(header, exchanges)| {
            exchanges.trim().split("\n\n").map(move |exchange| Snippet {
                header: header.to_owned(),
                summary: String::new(),
                transcript: transcript(exchange),
            })
        })
        .collect()
}
