//! Finding vaults, making them and opening them.

use vault::audit::{Event, Log};
use vault::header::Kind;
use vault::keyring::{self, Parsed};
use vault::meta::Meta;
use vault::throttle::Throttle;
use vault::{Failure, Header, Namespace, RecordId, VaultId, VaultKey};

use super::audit::Moment;
use super::errand::{self, Brought};
use super::hearth::{Entry, Hearth, Unfinished, log_key, number};
use super::protocol::{Answer, Credential, Errand, Id, Seen, Unlocked, VaultSeen, Way};
use super::state::{self, Found, key};
use super::ways::{broken, settings_record};
use super::{Keeper, Trouble, migrate, prefix, restore};
use crate::browser::keeper;
use crate::browser::store::{Change, Table};
use crate::problem::StoreProblem;

/// Rows of the log older than this go when there are no settings that say otherwise; days.
const AUDIT_DAYS: u64 = 2_192;

impl Keeper {
    /// What is here, after whatever is over was destroyed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn look(&mut self, now: u64) -> Result<Answer, Trouble> {
        match self.sweep(now).await {
            // Nobody is kept from the door by a full disk. What is over stays closed, and goes once there is room.
            Ok(_) | Err(Trouble::Store(StoreProblem::Full)) => {}
            Err(why) => return Err(why),
        }
        let store = self.store()?;
        let mut vaults = Vec::new();
        if let Some(old) = migrate::look(store).await? {
            vaults.push(old);
        }
        for found in state::vaults(store).await? {
            let throttle = state::throttle(store, found.header.vault()).await?;
            vaults.push(seen(&found, throttle, now));
        }
        let rings = self.rings()?;
        Ok(Answer::Seen(Seen {
            emptied: vaults.is_empty() && rings.hold_any().await?,
            purge: rings.purge(),
            vaults,
        }))
    }

    /// # Errors
    /// [`Trouble::Refused`] for a weak passphrase; those of the store.
    pub async fn create(&mut self, now: u64, name: String, passphrase: String) -> Result<Answer, Trouble> {
        let brought = bring(Errand::Create { passphrase }).await?;
        let (header, key) = (Header::parse(&brought.header)?, errand::key(&brought)?);
        let found = Found { name, header };
        self.found(now, found, key, Vec::new(), Event::VaultCreated, 0).await
    }

    /// Writes a new vault and opens it.
    pub(super) async fn found(
        &mut self,
        now: u64,
        found: Found,
        vault_key: VaultKey,
        mut changes: Vec<Change>,
        event: Event,
        detail: u32,
    ) -> Result<Answer, Trouble> {
        let store = self.store()?;
        let vault = found.header.vault();
        let (ring, keys) = (self.rings()?.open(vault).await?, vault_key.keys());
        let (keyring, writes) = keyring::create(&found.header);
        ring.carry_out(store, &writes).await?;
        let mut meta = Meta::new(&vault_key, &found.header, now)?;
        changes.extend([
            state::put_vault(&found),
            state::put_meta(vault, meta.to_bytes(&keys)),
            state::put_mark(vault, meta.mark),
            state::add_late(store, vault, [(now, Moment::new(event, None, detail))]).await?,
        ]);
        store.commit(None, &changes).await?;
        // Only one can have the file open.
        drop((keyring, ring));
        self.enter(now, vault, vault_key, Kind::Passphrase).await
    }

    /// # Errors
    /// [`Trouble::Wait`], [`Trouble::Wrong`]; those of the store.
    pub async fn unlock(&mut self, now: u64, vault: Id, with: Credential) -> Result<Answer, Trouble> {
        if vault == migrate::OLD {
            return self.migrate(now, with).await;
        }
        let vault = VaultId(vault.0);
        let store = self.store()?;
        let found = state::vault(store, vault).await?.ok_or(Trouble::Locked)?;
        let kind = errand::kind(&with);
        let header = found.header.to_bytes();
        let brought = self.guarded(now, vault, kind, Errand::Unlock { header, with }).await?;
        self.enter(now, vault, errand::key(&brought)?, kind).await
    }

    /// Opens the vault with its key, destroys what is over and reads the list. What is left is [`Self::finish_unlocking`].
    pub(super) async fn enter(
        &mut self,
        now: u64,
        vault: VaultId,
        vault_key: VaultKey,
        kind: Kind,
    ) -> Result<Answer, Trouble> {
        let store = self.store()?;
        let found = state::vault(store, vault).await?.ok_or(Trouble::Locked)?;
        let keys = vault_key.keys();
        let stored = state::meta(store, vault).await?;
        let mut entries: Vec<Entry> = Vec::new();
        let meta = match stored.map(|bytes| Meta::open(&keys, &bytes)) {
            Some(Ok(meta)) => meta,
            Some(Err(_)) | None => {
                entries.push((Event::IntegrityFailed, None, 0));
                Meta::new(&vault_key, &found.header, now)?
            }
        };
        let ring = self.rings()?.open(vault).await?;
        let file = ring.read(store).await?;
        let Parsed {
            keyring,
            repairs,
            damaged,
        } = match keyring::parse(&file, &found.header) {
            Ok(parsed) => parsed,
            // Lost with its file: what it opened is lost too, and what comes from now on is not.
            Err(Failure::Damaged) => {
                entries.push((Event::IntegrityFailed, None, 1));
                let (keyring, repairs) = keyring::create(&found.header);
                Parsed {
                    keyring,
                    repairs,
                    damaged: 0,
                }
            }
            Err(why) => return Err(why.into()),
        };
        ring.carry_out(store, &repairs).await?;
        if meta.rolled_back(&found.header, &keyring) {
            entries.push((Event::RolledBack, None, 0));
        }
        drop(ring);
        let mark = state::mark(store, vault, now).await?;
        let unfinished = Unfinished {
            log: meta.log_key(&vault_key)?,
            key: vault_key,
            kind: kind as u32,
            entries,
        };
        let mut hearth = Hearth::new(found.name, found.header, keys, keyring, meta, mark, unfinished);
        hearth.lost = number(damaged as u64);
        hearth.adopt_roots(store).await?;
        self.hearth = Some(hearth);
        self.sweep_open(now).await?;
        let settings = self.settings(now).await?;
        let (store, hearth) = self.parts()?;
        let unread = hearth.read_book(store, now).await?;
        let unset = settings.is_none() && settings_record(hearth).is_some();
        if let Some(unfinished) = &mut hearth.unfinished {
            let broken = [(unread > 0, 2), (unset, 3)];
            let broken = broken.iter().filter(|(found, _)| *found);
            unfinished
                .entries
                .extend(broken.map(|(_, what)| (Event::IntegrityFailed, None, *what)));
        }
        let aside = store.keys(Table::Sealed, &key(hearth.vault(), migrate::ASIDE)).await?;
        hearth.lost += unread + number(aside.len() as u64);
        hearth.read_sounds(store, now).await?;
        let (mut list, clock) = (hearth.list(), hearth.clock);
        list.interrupted = self.interrupted().await;
        Ok(Answer::Unlocked(Unlocked {
            vault: vault.into(),
            list,
            settings,
            clock,
        }))
    }

    /// The part of unlocking that nobody waits for: the audit log is checked and told, keys without a record are destroyed,
    /// and an old vault key is exchanged.
    pub(super) async fn finish_unlocking(&mut self, now: u64) {
        let Some(unfinished) = self.hearth.as_mut().and_then(|hearth| hearth.unfinished.take()) else {
            return;
        };
        // What fails here is done at the next unlocking; until then the log has a gap that shows in its times.
        if self.finish(now, unfinished).await.is_err()
            && let Some(hearth) = &mut self.hearth
        {
            hearth.spoil();
        }
    }

    async fn finish(&mut self, now: u64, unfinished: Unfinished) -> Result<(), Trouble> {
        let Unfinished {
            key: vault_key,
            log: log_root,
            kind,
            mut entries,
        } = unfinished;
        let audit_days = self.audit_days(now).await?;
        let empty = self.empty_sounds().await;
        let (store, ring, hearth) = self.at_work().await?;
        let vault = hearth.vault();
        let rows = store.all(Table::Audit, &prefix(vault)).await?;
        let bytes = || rows.iter().map(|row| row.bytes.as_slice());
        let (mut log, verdict) = Log::open(log_root, hearth.meta.audit, bytes());
        entries.extend(broken(verdict).map(|at| (Event::AuditBroken, None, at)));
        let late = state::late(store, vault).await?;
        let mut changes = Vec::new();
        for (time, moment) in &late.0 {
            if let Some(event) = moment.event() {
                let at = log_key(vault, log.checkpoint().count);
                let row = log.append_late(*time, event, moment.note().map(Into::into), moment.detail())?;
                changes.push(state::put(Table::Audit, at, row));
            }
        }
        if !late.0.is_empty() {
            changes.push(state::remove_late(vault));
        }
        let first = log.checkpoint().first;
        let oldest = now.saturating_sub(audit_days * 86_400);
        let pruned = log.prune(oldest, bytes()).unwrap_or_default();
        changes.extend((first..first + pruned).map(|row| Change::Remove(Table::Audit, log_key(vault, row))));
        if pruned > 0 {
            entries.push((Event::AuditPruned, None, number(pruned)));
        }
        hearth.log = Some(log);
        hearth.verdict = Some(verdict);

        // A restoring that was interrupted, a save, or a deletion.
        let (rows, unfinished) = restore::unfinished(store, vault).await?;
        changes.extend(rows);
        let stored = store.keys(Table::Sealed, &prefix(vault)).await?;
        let pages = store.keys(Table::Index, &prefix(vault)).await?;
        let orphans: Vec<RecordId> = hearth
            .keyring
            .entries()
            .filter(|entry| {
                let row = key(vault, &entry.id.to_string());
                if unfinished.contains(&entry.id) {
                    return true;
                }
                match entry.namespace {
                    Namespace::Visit | Namespace::Transcript | Namespace::Consent => {
                        stored.binary_search(&row).is_err()
                    }
                    Namespace::Audio => stored.binary_search(&row).is_err() || empty.contains(&entry.id),
                    Namespace::Index => pages.binary_search(&row).is_err(),
                    _ => false,
                }
            })
            .map(|entry| entry.id)
            .collect();
        let writes = hearth.keyring.shred(&orphans)?;
        hearth.carry_out(&ring, store, &writes).await?;
        entries.push((Event::Unlocked, None, kind));
        hearth.commit(store, None, changes, &entries, now).await?;
        hearth.sounds.retain(|_, kept| !empty.contains(&kept.record));
        drop(ring);
        self.remove_stray_files().await;
        let (_, hearth) = self.parts()?;
        if hearth.meta.rotation_due(now) {
            self.exchange(now, &vault_key).await?;
        }
        Ok(())
    }

    async fn audit_days(&mut self, now: u64) -> Result<u64, Trouble> {
        let settings = self.settings(now).await?;
        let settings = settings.map(|bytes| crate::settings::Settings::from_bytes(&bytes));
        Ok(settings.map_or(AUDIT_DAYS, |settings| u64::from(settings.retention.audit_days)))
    }

    /// # Errors
    /// [`Trouble::Locked`], and those of the store.
    pub async fn list(&mut self, now: u64) -> Result<Answer, Trouble> {
        self.sweep_open(now).await?;
        let (_, hearth) = self.parts()?;
        let mut list = hearth.list();
        list.interrupted = self.interrupted().await;
        Ok(Answer::List(list))
    }
}

pub(super) fn seen(found: &Found, throttle: Throttle, now: u64) -> VaultSeen {
    let wait = throttle.wait(now);
    VaultSeen {
        id: found.header.vault().into(),
        name: found.name.clone(),
        ways: ways(&found.header),
        prf_salt: *found.header.prf_salt(),
        wait_until: if wait > 0 { now + wait } else { 0 },
    }
}

/// In the order of its slots.
pub(super) fn ways(header: &Header) -> Vec<Way> {
    header
        .slots()
        .map(|(kind, _, credential)| match kind {
            Kind::Passphrase => Way::Passphrase,
            Kind::Recovery => Way::Recovery,
            Kind::Passkey => Way::Passkey {
                credential: credential.to_vec(),
            },
            Kind::Both => Way::Both {
                credential: credential.to_vec(),
            },
        })
        .collect()
}

/// In a worker that ends with it.
pub(super) async fn bring(sent: Errand) -> Result<Brought, Trouble> {
    let bytes = keeper::errand(sent).await?;
    super::protocol::decode(&bytes).ok_or(Trouble::Stopped)
}

impl From<VaultId> for Id {
    fn from(vault: VaultId) -> Self {
        Id(vault.0)
    }
}
