//! What is stored of a vault outside of its records, and what a locked one must know.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use vault::expiry::Mark;
use vault::meta::{Meta, Roots};
use vault::throttle::Throttle;
use vault::{Header, RecordId, VaultId};

use super::audit::Moment;
use super::{name, prefix};
use crate::browser::store::{Change, Row, Store, Table};
use crate::problem::StoreProblem;

/// A vault as it is found: nothing of it is secret.
pub struct Found {
    pub name: String,
    pub header: Header,
}

/// The row of a vault.
#[derive(Serialize, Deserialize)]
struct Plate {
    name: String,
    header: Vec<u8>,
}

/// Rows for the audit log that wait for the key: what happened while the vault was locked.
#[derive(Default, Serialize, Deserialize)]
pub struct Late(pub Vec<(u64, Moment)>);

/// More would only tell the same story.
const MOST_LATE: usize = 1_000;

/// Every vault whose header can be read.
///
/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn vaults(store: &Store) -> Result<Vec<Found>, StoreProblem> {
    let rows = store.all(Table::Vaults, "").await?;
    Ok(rows.iter().filter_map(|row| parse(&row.bytes)).collect())
}

/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn vault(store: &Store, vault: VaultId) -> Result<Option<Found>, StoreProblem> {
    let row = store.get(Table::Vaults, &name(&vault.0)).await?;
    Ok(row.and_then(|row| parse(&row.bytes)))
}

pub fn put_vault(found: &Found) -> Change {
    let plate = Plate {
        name: found.name.clone(),
        header: found.header.to_bytes(),
    };
    put(Table::Vaults, name(&found.header.vault().0), encode(&plate))
}

/// The vault's state, not authenticated.
///
/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn meta(store: &Store, vault: VaultId) -> Result<Option<Vec<u8>>, StoreProblem> {
    Ok(store.get(Table::State, &key(vault, "meta")).await?.map(|row| row.bytes))
}

pub fn put_meta(vault: VaultId, bytes: Vec<u8>) -> Change {
    put(Table::State, key(vault, "meta"), bytes)
}

/// The latest time that was seen: the one in the vault's state, with what the copy beside it saw while it was locked.
///
/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn mark(store: &Store, vault: VaultId, now: u64) -> Result<Mark, StoreProblem> {
    let copy = store.get(Table::State, &key(vault, "mark")).await?;
    let copy = copy.and_then(|row| Mark::parse(&row.bytes).ok());
    let meta = meta(store, vault).await?.and_then(|bytes| Meta::peek(&bytes).ok());
    Ok(match (meta, copy) {
        (Some(meta), Some(copy)) => meta.mark.with_copy(copy),
        (Some(meta), None) => meta.mark,
        (None, Some(copy)) => copy,
        (None, None) => Mark::confirmed(now),
    })
}

pub fn put_mark(vault: VaultId, mark: Mark) -> Change {
    put(Table::State, key(vault, "mark"), mark.to_bytes().to_vec())
}

/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn throttle(store: &Store, vault: VaultId) -> Result<Throttle, StoreProblem> {
    let row = store.get(Table::State, &key(vault, "throttle")).await?;
    Ok(row.and_then(|row| Throttle::parse(&row.bytes).ok()).unwrap_or_default())
}

pub fn put_throttle(vault: VaultId, throttle: Throttle) -> Change {
    put(Table::State, key(vault, "throttle"), throttle.to_bytes().to_vec())
}

/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn late(store: &Store, vault: VaultId) -> Result<Late, StoreProblem> {
    let row = store.get(Table::State, &key(vault, "late")).await?;
    Ok(row
        .and_then(|row| postcard::from_bytes(&row.bytes).ok())
        .unwrap_or_default())
}

/// # Errors
/// [`StoreProblem::Unavailable`].
pub async fn add_late(
    store: &Store,
    vault: VaultId,
    moments: impl IntoIterator<Item = (u64, Moment)>,
) -> Result<Change, StoreProblem> {
    let mut late = late(store, vault).await?;
    late.0.extend(moments);
    late.0.truncate(MOST_LATE);
    Ok(put(Table::State, key(vault, "late"), encode(&late)))
}

pub fn remove_late(vault: VaultId) -> Change {
    Change::Remove(Table::State, key(vault, "late"))
}

/// The roots after these changes.
pub fn follow(roots: &mut Roots, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Put(Table::Sealed | Table::Index, row) => {
                if let Ok(head) = vault::record::read_head(&row.bytes) {
                    roots.note(&head);
                }
            }
            Change::Remove(_, key) => {
                if let Some(Ok(id)) = key.rsplit('/').next().map(RecordId::from_str) {
                    roots.forget(id);
                }
            }
            Change::Put(..) | Change::RemoveAll(..) => {}
        }
    }
}

/// A row of this vault in a store.
pub fn key(vault: VaultId, name: &str) -> String {
    format!("{}{name}", prefix(vault))
}

/// A row that does not expire by itself.
pub fn put(table: Table, key: String, bytes: Vec<u8>) -> Change {
    let row = Row {
        key,
        expires: u64::MAX,
        bytes,
    };
    Change::Put(table, row)
}

fn parse(bytes: &[u8]) -> Option<Found> {
    let plate: Plate = postcard::from_bytes(bytes).ok()?;
    Some(Found {
        name: plate.name,
        header: Header::parse(&plate.header).ok()?,
    })
}

fn encode<T: Serialize>(row: &T) -> Vec<u8> {
    postcard::to_stdvec(row).expect("rows are plain data")
}
