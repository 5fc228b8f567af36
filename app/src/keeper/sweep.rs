//! Destroying what is over, in open vaults and in locked ones: a key is not needed for it.

use std::str::FromStr;

use vault::audit::Event;
use vault::expiry::{Mark, Notice, Reading, due};
use vault::keyring::{Keyring, parse};
use vault::{Namespace, RecordId, VaultId};

use super::audit::Moment;
use super::hearth::Entry;
use super::migrate::ASIDE;
use super::protocol::{Answer, ClockSeen};
use super::state::{self, Found, key};
use super::{Keeper, Trouble, prefix};
use crate::browser::store::{Change, Store, Table};

impl Keeper {
    /// # Errors
    /// Those of the store.
    pub async fn sweep(&mut self, now: u64) -> Result<ClockSeen, Trouble> {
        let open = self.hearth.as_ref().map(|hearth| hearth.vault());
        let mut purged = self.sweep_open(now).await?;
        let mut clock = self.hearth.as_ref().map_or(ClockSeen::default(), |hearth| hearth.clock);
        for found in state::vaults(self.store()?).await? {
            if Some(found.header.vault()) != open {
                let (destroyed, seen) = self.sweep_locked(&found, now).await?;
                purged |= destroyed;
                clock.back |= seen.back;
                clock.held |= seen.held;
            }
        }
        purged |= self.sweep_version_1(now).await?;
        if purged {
            self.reopen().await?;
        }
        Ok(clock)
    }

    /// True when something was destroyed. Keys first: should the rows stay, they open no more.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sweep_open(&mut self, now: u64) -> Result<bool, Trouble> {
        if self.hearth.is_none() {
            return Ok(false);
        }
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let over = due(hearth.keyring.entries(), &reading);
        let rows = rows_of(store, hearth.vault(), &hearth.keyring, &over, &reading).await?;
        if over.is_empty() && rows.is_empty() {
            return Ok(false);
        }
        let entries: Vec<Entry> = named(&hearth.keyring, &over)
            .map(|id| (Event::Purged, Some(id), 0))
            .collect();
        hearth.spoil();
        let writes = hearth.keyring.shred(&over)?;
        hearth.carry_out(&ring, store, &writes).await?;
        hearth.book.forget(&over);
        hearth.commit(store, None, rows, &entries, reading.now).await?;
        hearth.sounds.retain(|_, kept| !over.contains(&kept.record));
        hearth.unspoil();
        let vault = hearth.vault();
        self.remove_files(vault, &over).await;
        Ok(true)
    }

    async fn sweep_locked(&self, found: &Found, now: u64) -> Result<(bool, ClockSeen), Trouble> {
        let (store, vault) = (self.store()?, found.header.vault());
        let mark = state::mark(store, vault, now).await?;
        let reading = mark.read(now, 0);
        let seen = ClockSeen {
            back: matches!(reading.notice, Some(Notice::Back { .. })),
            held: matches!(reading.notice, Some(Notice::Ahead { .. })),
        };
        if reading.mark != mark {
            self.remember(vault, reading.mark).await?;
        }
        if !reading.purge {
            return Ok((false, seen));
        }
        let ring = self.rings()?.open(vault).await?;
        // A keyring that cannot be read has nothing that could be destroyed; unlocking tells of it.
        let Ok(mut parsed) = parse(&ring.read(store).await?, &found.header) else {
            return Ok((false, seen));
        };
        ring.carry_out(store, &parsed.repairs).await?;
        let over = due(parsed.keyring.entries(), &reading);
        let mut rows = rows_of(store, vault, &parsed.keyring, &over, &reading).await?;
        if over.is_empty() && rows.is_empty() {
            return Ok((false, seen));
        }
        let moments: Vec<(u64, Moment)> = named(&parsed.keyring, &over)
            .map(|id| (reading.now, Moment::new(Event::Purged, Some(id.into()), 0)))
            .collect();
        let writes = parsed.keyring.shred(&over)?;
        ring.carry_out(store, &writes).await?;
        rows.push(state::add_late(store, vault, moments).await?);
        store.commit(None, &rows).await?;
        self.remove_files(vault, &over).await;
        Ok((true, seen))
    }

    /// Visits of Sotto 0.1, which had no keyring: their rows go.
    async fn sweep_version_1(&self, now: u64) -> Result<bool, Trouble> {
        let store = self.store()?;
        let rows = store.all(Table::OldRecords, "").await?;
        let heads: Vec<vault::v1::Head> = rows
            .iter()
            .filter_map(|row| vault::v1::read_head(&row.bytes).ok())
            .collect();
        let gone: Vec<Change> = vault::v1::expired(&heads, now)
            .iter()
            .map(|id| Change::Remove(Table::OldRecords, id.to_string()))
            .collect();
        store.commit(None, &gone).await?;
        Ok(!gone.is_empty())
    }

    async fn remember(&self, vault: VaultId, mark: Mark) -> Result<(), Trouble> {
        Ok(self.store()?.commit(None, &[state::put_mark(vault, mark)]).await?)
    }

    /// Closes the database and opens it again, so that what was removed leaves its write-ahead log too.
    ///
    /// # Errors
    /// Those of the store; the next request opens it.
    pub async fn reopen(&mut self) -> Result<(), Trouble> {
        if let Some(store) = self.store.take() {
            self.store = Some(store.reopen().await?);
        }
        Ok(())
    }

    /// # Errors
    /// Those of the store.
    pub async fn confirm_clock(&mut self, now: u64) -> Result<Answer, Trouble> {
        let (store, hearth) = self.parts()?;
        hearth.confirm(now);
        let entries = [(Event::ClockConfirmed, None, 0)];
        hearth.commit(store, None, Vec::new(), &entries, now).await?;
        self.sweep(now).await.map(Answer::Swept)
    }
}

/// The rows of what is over: those of the destroyed keys, and those whose own date has passed and that no hold keeps.
async fn rows_of(
    store: &Store,
    vault: VaultId,
    keyring: &Keyring,
    over: &[RecordId],
    reading: &Reading,
) -> Result<Vec<Change>, Trouble> {
    let mut rows = Vec::new();
    for id in over {
        let table = match keyring.entry(*id).map(|entry| entry.namespace) {
            Some(Namespace::Index) => Table::Index,
            Some(_) | None => Table::Sealed,
        };
        rows.push(Change::Remove(table, key(vault, &id.to_string())));
    }
    if !reading.purge {
        return Ok(rows);
    }
    let prefix = prefix(vault);
    for table in [Table::Sealed, Table::Index] {
        for row in store.expired(table, reading.now).await? {
            let Some(name) = row.strip_prefix(&prefix) else {
                continue;
            };
            let name = name.strip_prefix(ASIDE).unwrap_or(name);
            let Ok(id) = RecordId::from_str(name) else { continue };
            let held = keyring.entry(id).is_some_and(|entry| entry.hold);
            if !held && !over.contains(&id) {
                rows.push(Change::Remove(table, row));
            }
        }
    }
    Ok(rows)
}

/// What has a name that a person knows it by: everything but the pages of the list.
fn named(keyring: &Keyring, ids: &[RecordId]) -> impl Iterator<Item = RecordId> {
    let is_page = |id: &RecordId| {
        keyring
            .entry(*id)
            .is_some_and(|entry| entry.namespace == Namespace::Index)
    };
    let named: Vec<RecordId> = ids.iter().copied().filter(|id| !is_page(id)).collect();
    named.into_iter()
}
