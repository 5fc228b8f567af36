//! What a backup brings and the vault has already, word for word, is not kept a second time.

use std::collections::BTreeMap;

use vault::RecordId;

use super::Trouble;
use super::hearth::Hearth;
use super::list::Line;
use super::pack::record;
use super::protocol::Id;
use crate::browser::store::Store;

/// The visits that came in and are on the list, each with the name that it has there. One that was changed on either side
/// is another visit, and so is one that does not open here: that is what backups are for.
///
/// # Errors
/// Those of the store.
pub async fn twins<'a>(
    store: &Store,
    hearth: &Hearth,
    lines: impl Iterator<Item = (Id, &'a Line)>,
    now: u64,
) -> Result<BTreeMap<Id, Id>, Trouble> {
    let mut known: BTreeMap<&[u8], Vec<(Id, &Line)>> = BTreeMap::new();
    for (note, line) in hearth.book.lines() {
        known.entry(&line.summary).or_default().push((note, line));
    }
    let mut twins = BTreeMap::new();
    for (new, line) in lines {
        for (note, other) in known.get(line.summary.as_slice()).into_iter().flatten() {
            if same(store, hearth, line, other, now).await? {
                twins.insert(new, *note);
                break;
            }
        }
    }
    Ok(twins)
}

/// True where each part that came in is there with the same words.
async fn same(store: &Store, hearth: &Hearth, new: &Line, old: &Line, now: u64) -> Result<bool, Trouble> {
    for part in &new.parts {
        let Some(other) = old.parts.iter().find(|other| other.class == part.class) else {
            return Ok(false);
        };
        let [one, two] = [part.record, other.record].map(RecordId::from);
        let (one, two) = (
            record(store, hearth, one, now).await?,
            record(store, hearth, two, now).await?,
        );
        if !matches!((one, two), (Some((_, one)), Some((_, two))) if one == two) {
            return Ok(false);
        }
    }
    Ok(true)
}
