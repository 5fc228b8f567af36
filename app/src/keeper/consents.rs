//! Consents are records of their own, with a key and an end date of their own: a visit that is over takes none with it.

use std::collections::{BTreeMap, BTreeSet};

use vault::audit::Event;
use vault::keyring::Entry;
use vault::{Class, Failure, Namespace, RecordId};

use super::hearth::Hearth;
use super::pack::{named, record};
use super::protocol::{Answer, Id};
use super::state::key;
use super::{Keeper, Trouble};
use crate::browser::store::{Change, Row, Store, Table};
use crate::consent::{Consent, How, SCHEMA};

impl Keeper {
    /// # Errors
    /// Those of the vault and of the store; then nothing was kept.
    pub async fn keep_consent(
        &mut self,
        now: u64,
        visit: Id,
        consent: &Consent,
        expires_at: u64,
    ) -> Result<Answer, Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let entry = Entry {
            id: RecordId::random()?,
            namespace: Namespace::Consent,
            class: Class::Consent,
            expires_at,
            hold: false,
        };
        hearth.spoil();
        let (dek, writes) = hearth.keyring.add(&hearth.keys, entry)?;
        let row = Row {
            key: key(hearth.vault(), &entry.id.to_string()),
            expires: expires_at,
            bytes: vault::record::seal(&dek, SCHEMA, 1, &consent.to_bytes())?,
        };
        hearth.carry_out(&ring, store, &writes).await?;
        let event = match consent.how {
            How::Declined => Event::ConsentWithdrawn,
            How::Spoken | How::Written => Event::ConsentGiven,
        };
        let entries = [(event, Some(visit.into()), consent.how as u32)];
        let changes = vec![Change::Put(Table::Sealed, row)];
        hearth.commit(store, None, changes, &entries, reading.now).await?;
        hearth.unspoil();
        Ok(Answer::Done)
    }
}

/// Those that came in name their visits as the vault did from which they came: they get the new names. One that says what
/// another one here says already is named in the second list.
///
/// # Errors
/// Those of the vault and of the store.
pub async fn renamed(
    store: &Store,
    hearth: &Hearth,
    incoming: &[RecordId],
    names: &BTreeMap<RecordId, RecordId>,
    now: u64,
) -> Result<(Vec<Change>, Vec<RecordId>), Trouble> {
    let mut said = BTreeSet::new();
    for id in named(hearth, |namespace| namespace == Namespace::Consent) {
        if !incoming.contains(&id) {
            said.extend(record(store, hearth, id, now).await?.map(|(_, plaintext)| plaintext));
        }
    }
    let (mut changes, mut doubles) = (Vec::new(), Vec::new());
    for &id in incoming {
        let at = key(hearth.vault(), &id.to_string());
        let row = store.get(Table::Sealed, &at).await?.ok_or(Failure::Damaged)?;
        let dek = hearth.keyring.dek(&hearth.keys, id, now)?;
        let (head, plaintext) = vault::record::open(&dek, &row.bytes, now)?;
        let Some(mut consent) = Consent::from_bytes(head.schema, &plaintext) else {
            continue;
        };
        let new = consent.visit.parse().ok().and_then(|old: RecordId| names.get(&old));
        if let Some(new) = new {
            consent.visit = new.to_string();
        }
        let bytes = consent.to_bytes();
        if said.contains(&bytes) {
            doubles.push(id);
        } else if new.is_some() {
            let bytes = vault::record::seal(&dek, SCHEMA, head.revision + 1, &bytes)?;
            changes.push(Change::Put(Table::Sealed, Row { bytes, ..row }));
        }
    }
    Ok((changes, doubles))
}
