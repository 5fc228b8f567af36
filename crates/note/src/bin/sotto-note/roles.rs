//! `bench roles`: who spoke, told by the words of published visits without their labels.
//!
//! A relative counts as wrong: only a clinician and a patient are told apart.

use note::model::roles::{PAUSES, TURNS, roles};
use speech::{Segment, Speaker, Transcript};

use crate::corpora::{Corpora, Part, Visit};
use crate::table::Failure;

/// Prints how many turns of each set get the right role, where turns are known to change the speaker, and where they are not.
pub fn roles_of(folder: &str) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    println!("                      turns  right %  labels mended %  as pauses %");
    for (name, part) in [("valid", Part::Valid), ("test1", Part::Test1), ("test2", Part::Test2)] {
        row(&format!("ACI-Bench {name}"), &corpora.visits(part)?);
    }
    row("PriMock57", &corpora.primock()?);
    Ok(String::new())
}

/// Whose labels are exchanged as they are published: "hi kyle how are you today" and "good morning Julie how are you doing
/// today" are given to the patient, and so on to the end.
const EXCHANGED: [&str; 2] = ["D2N082", "D2N114"];

fn row(name: &str, visits: &[Visit]) {
    let all: usize = visits.iter().map(|visit| visit.transcript.segments().len()).sum();
    let [turns, mended, pauses] = [(TURNS, false), (TURNS, true), (PAUSES, true)].map(|(change, mend)| {
        let right = visits.iter().map(|visit| right(visit, change, mend));
        percent(right.sum(), all)
    });
    println!("{name:<20}{all:>7}{turns:>9.2}{mended:>17.2}{pauses:>13.2}");
}

/// How many turns of a visit get the role that its labels say; with `mend` those of [`EXCHANGED`] the other way round.
fn right(visit: &Visit, change: f32, mend: bool) -> usize {
    let labelled = &visit.transcript;
    let given = roles(&unlabelled(labelled), change);
    let truth = match mend {
        true => mended(visit),
        false => labelled.segments().iter().map(|segment| segment.speaker).collect(),
    };
    let pairs = truth.into_iter().zip(given);
    pairs.filter(|(truth, given)| *truth == Some(*given)).count()
}

/// The speaker of each turn, the labels of [`EXCHANGED`] the right way round.
pub fn mended(visit: &Visit) -> Vec<Option<Speaker>> {
    let exchanged = EXCHANGED.contains(&visit.id.as_str());
    let turns = visit.transcript.segments().iter();
    turns
        .map(|turn| match turn.speaker {
            Some(Speaker::Clinician) if exchanged => Some(Speaker::Patient),
            Some(Speaker::Patient) if exchanged => Some(Speaker::Clinician),
            speaker => speaker,
        })
        .collect()
}

fn unlabelled(labelled: &Transcript) -> Transcript {
    let mut transcript = Transcript::default();
    for segment in labelled.segments() {
        transcript.insert(Segment {
            speaker: None,
            ..segment.clone()
        });
    }
    transcript
}

#[expect(clippy::cast_precision_loss, reason = "counts of turns and words")]
pub fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}
