//! The way from Sotto 0.1, which kept one vault with one record for each visit: copy, verify, switch, and only then remove.
//!
//! Everything new lies under the new vault's name and belongs to nobody until the last transaction, which makes the vault
//! and removes the old one in one step. A crash before it leaves the old vault as it was; what was copied is swept up by
//! the next attempt.

use vault::audit::Event;
use vault::header::Kind;
use vault::keyring::{self, Entry, Keyring};
use vault::meta::Meta;
use vault::{Failure, Header, Keys, Namespace, RecordId, VaultId, VaultKey, v1};

use super::audit::Moment;
use super::door::bring;
use super::errand::{OldRecord, OldRecords};
use super::hearth::number;
use super::list::{Book, Line, PartAt};
use super::protocol::{Answer, Class, Credential, Errand, Id, VaultSeen, Way, decode};
use super::state::{self, Found, key};
use super::{Keeper, Trouble, errand, prefix};
use crate::browser::keeper;
use crate::browser::store::{Change, Row, Store, Table};
use crate::visit::{SCHEMA, Visit};

/// What the old vault is called on the way to its new name.
pub const OLD: Id = Id([0; 16]);

/// Where version 1 kept its header.
const HEADER: &str = "header";

/// Names the vault to which records are being copied.
const UNDER_WAY: &str = "migrating";

/// Old records that do not open are kept under the new vault's name and this.
pub const ASIDE: &str = "aside-";

const NAME: &str = "This workstation";

/// The old vault, if there is one.
///
/// # Errors
/// Those of the store.
pub async fn look(store: &Store) -> Result<Option<VaultSeen>, Trouble> {
    let header = store.get(Table::OldVault, HEADER).await?;
    Ok(header.map(|_| VaultSeen {
        id: OLD,
        name: NAME.to_owned(),
        ways: vec![Way::Passphrase],
        prf_salt: [0; 32],
        wait_until: 0,
    }))
}

impl Keeper {
    /// Opens the old vault, takes it over, and opens the new one.
    ///
    /// # Errors
    /// [`Trouble::Wait`], [`Trouble::Wrong`]; those of the store, which leave the old vault as it was.
    pub async fn migrate(&mut self, now: u64, with: Credential) -> Result<Answer, Trouble> {
        let Credential::Passphrase(passphrase) = with else {
            return Err(Failure::WrongPassphrase.into());
        };
        let store = self.store()?;
        let throttle = state::throttle(store, VaultId(OLD.0)).await?;
        let wait = throttle.wait(now);
        if wait > 0 {
            return Err(Trouble::Wait(wait));
        }
        let header = store.get(Table::OldVault, HEADER).await?.ok_or(Trouble::Locked)?;
        let rows = store.all(Table::OldRecords, "").await?;
        let opening = Errand::OpenVersion1 {
            header: header.bytes,
            passphrase: passphrase.clone(),
            records: rows.into_iter().map(|row| row.bytes).collect(),
            now,
        };
        let opened = match keeper::errand(opening).await {
            Ok(bytes) => decode::<OldRecords>(&bytes).ok_or(Trouble::Stopped)?,
            Err(why) => {
                if matches!(why, Trouble::Wrong(_)) {
                    let failed = state::put_throttle(VaultId(OLD.0), throttle.failed(now));
                    store.commit(None, &[failed]).await?;
                }
                return Err(why);
            }
        };
        let brought = bring(Errand::Create { passphrase }).await?;
        let vault_key = errand::key(&brought)?;
        self.take_over(now, Header::parse(&brought.header)?, &vault_key, opened.0)
            .await?;
        self.reopen().await?;
        self.enter(now, vault_key.vault(), vault_key, Kind::Passphrase).await
    }

    async fn take_over(
        &self,
        now: u64,
        header: Header,
        vault_key: &VaultKey,
        records: Vec<OldRecord>,
    ) -> Result<(), Trouble> {
        let (store, vault, keys) = (self.store()?, header.vault(), vault_key.keys());
        self.forget_attempt().await?;
        let under_way = state::put(Table::State, UNDER_WAY.to_owned(), vault.0.to_vec());
        store.commit(None, &[under_way]).await?;

        let ring = self.rings()?.open(vault).await?;
        let (mut keyring, writes) = keyring::create(&header);
        ring.carry_out(store, &writes).await?;
        let mut copy = Copy {
            keys: &keys,
            keyring: &mut keyring,
            book: Book::default(),
            changes: Vec::new(),
            copied: Vec::new(),
        };
        for record in &records {
            let writes = copy.record(record)?;
            ring.carry_out(store, &writes).await?;
        }
        let Copy { changes, copied, .. } = copy;
        store.commit(None, &changes).await?;
        verify(store, &keys, &keyring, &copied, now).await?;

        let mut meta = Meta::new(vault_key, &header, now)?;
        meta.keyring = keyring.counter();
        state::follow(meta.roots.get_or_insert_default(), &changes);
        let migrated = Moment::new(Event::Migrated, None, number(records.len() as u64));
        let found = Found {
            name: NAME.to_owned(),
            header,
        };
        let switch = [
            state::put_vault(&found),
            state::put_meta(vault, meta.to_bytes(&keys)),
            state::put_mark(vault, meta.mark),
            state::add_late(store, vault, [(now, migrated)]).await?,
            Change::Remove(Table::State, UNDER_WAY.to_owned()),
            Change::Remove(Table::OldVault, HEADER.to_owned()),
            Change::RemoveAll(Table::OldRecords, String::new()),
        ];
        Ok(store.commit(None, &switch).await?)
    }

    /// Removes what an attempt that was interrupted has copied, and the keys to it.
    async fn forget_attempt(&self) -> Result<(), Trouble> {
        let store = self.store()?;
        let Some(row) = store.get(Table::State, UNDER_WAY).await? else {
            return Ok(());
        };
        let mut changes = vec![Change::Remove(Table::State, UNDER_WAY.to_owned())];
        if let Ok(vault) = row.bytes.as_slice().try_into().map(VaultId) {
            self.rings()?.erase(vault).await?;
            let tables = [Table::Sealed, Table::Index, Table::State, Table::Slots];
            changes.extend(tables.map(|table| Change::RemoveAll(table, prefix(vault))));
        }
        Ok(store.commit(None, &changes).await?)
    }
}

struct Copy<'a> {
    keys: &'a Keys,
    keyring: &'a mut Keyring,
    book: Book,
    changes: Vec<Change>,
    /// Each new record with what it must say.
    copied: Vec<(RecordId, Vec<u8>)>,
}

impl Copy<'_> {
    /// One record becomes a note, its words and a line of the list; one that does not open is kept as it is.
    fn record(&mut self, record: &OldRecord) -> Result<Vec<keyring::Write>, Failure> {
        let visit = match &record.opened {
            Some((schema, plaintext)) => Visit::from_version_1(*schema, plaintext).ok(),
            None => None,
        };
        let Some(visit) = visit else {
            let row = Row {
                key: key(self.keys.vault(), &format!("{ASIDE}{}", RecordId::from(record.id))),
                expires: record.expires_at,
                bytes: record.sealed.clone(),
            };
            self.changes.push(Change::Put(Table::Sealed, row));
            return Ok(Vec::new());
        };
        let parts = [
            (Class::Note, Namespace::Visit, vault::Class::Note, visit.note_bytes()),
            (
                Class::Transcript,
                Namespace::Transcript,
                vault::Class::Transcript,
                visit.words_bytes(),
            ),
        ];
        let mut writes = Vec::new();
        let mut places = Vec::new();
        for (class, namespace, retention, bytes) in parts {
            let id = match class {
                Class::Note => record.id.into(),
                Class::Transcript | Class::Audio | Class::Consent => RecordId::random()?,
            };
            let entry = Entry {
                id,
                namespace,
                class: retention,
                expires_at: record.expires_at,
                hold: false,
            };
            let (dek, written) = self.keyring.add(self.keys, entry)?;
            writes.extend(written);
            let row = Row {
                key: key(self.keys.vault(), &id.to_string()),
                expires: record.expires_at,
                bytes: vault::record::seal(&dek, SCHEMA, record.revision, &bytes)?,
            };
            self.changes.push(Change::Put(Table::Sealed, row));
            self.copied.push((id, bytes));
            places.push(PartAt {
                class,
                record: id.into(),
                revision: record.revision,
                expires_at: record.expires_at,
            });
        }
        let line = Line {
            revision: record.revision,
            parts: places,
            summary: visit.summary().to_bytes(),
        };
        let at = (record.expires_at, false);
        let turned = self.book.write(record.id, line, at, self.keys, self.keyring)?;
        writes.extend(turned.writes);
        self.changes.extend(turned.changes);
        Ok(writes)
    }
}

/// Reads every copy from the store, opens it, and compares.
async fn verify(
    store: &Store,
    keys: &Keys,
    keyring: &Keyring,
    copied: &[(RecordId, Vec<u8>)],
    now: u64,
) -> Result<(), Trouble> {
    for (id, expected) in copied {
        let row = store
            .get(Table::Sealed, &key(keys.vault(), &id.to_string()))
            .await?
            .ok_or(Failure::Damaged)?;
        let dek = keyring.dek(keys, *id, now)?;
        let (_, plaintext) = vault::record::open(&dek, &row.bytes, now)?;
        if plaintext.as_slice() != expected.as_slice() {
            return Err(Failure::Damaged.into());
        }
    }
    Ok(())
}

/// In the throw-away worker: opens every record of a version-1 vault. Expired ones stay behind.
pub fn open_all(header: &[u8], passphrase: &str, records: Vec<Vec<u8>>, now: u64) -> Result<OldRecords, Failure> {
    let old = v1::unlock(header, passphrase)?;
    let mut opened = Vec::new();
    for sealed in records {
        let Ok(head) = v1::read_head(&sealed) else {
            // Without a head it has no name; it cannot have been written by Sotto.
            continue;
        };
        let plaintext = match v1::open(&old, &sealed, now) {
            Ok((_, plaintext)) => Some((head.schema, plaintext.to_vec())),
            Err(Failure::Expired) => continue,
            Err(_) => None,
        };
        opened.push(OldRecord {
            id: head.id.into(),
            revision: head.revision,
            expires_at: head.expires_at,
            opened: plaintext,
            sealed,
        });
    }
    Ok(OldRecords(opened))
}
