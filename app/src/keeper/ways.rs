//! The ways to open a vault, its settings, its log, and its end.

use vault::audit::{Event, Verdict};
use vault::header::Kind;
use vault::keyring::Entry;
use vault::{Header, Namespace, RecordId, VaultKey};

use super::audit::{LogRow, Moment};
use super::door::seen;
use super::hearth::{Hearth, number};
use super::protocol::{Answer, Credential, Errand, FromWorker, Log, NewWay, News, encode};
use super::state::{self, Found, key};
use super::{Keeper, Refusal, Trouble, errand, name, prefix};
use crate::browser::disk;
use crate::browser::scope;
use crate::browser::store::{Change, Row, Table};

/// Layout of the settings' plaintext: the page's own JSON.
const SETTINGS: u16 = 1;

impl Keeper {
    /// # Errors
    /// Those of the store.
    pub async fn ways(&mut self, now: u64) -> Result<Answer, Trouble> {
        let (store, hearth) = self.parts()?;
        let throttle = state::throttle(store, hearth.vault()).await?;
        let found = Found {
            name: hearth.name.clone(),
            header: hearth.header.clone(),
        };
        Ok(Answer::Ways(seen(&found, throttle, now)))
    }

    /// # Errors
    /// [`Trouble::Wrong`] for a proof that opens nothing, [`Trouble::Refused`], those of the store.
    pub async fn add_way(&mut self, now: u64, proof: Credential, way: NewWay) -> Result<Answer, Trouble> {
        let (_, hearth) = self.parts()?;
        let (event, kind) = match &way {
            NewWay::Passphrase(_) => (Event::PassphraseChanged, Kind::Passphrase),
            NewWay::Recovery => (Event::UnlockAdded, Kind::Recovery),
            NewWay::Passkey { .. } => (Event::UnlockAdded, Kind::Passkey),
            NewWay::Both { .. } => (Event::UnlockAdded, Kind::Both),
        };
        let (vault, header) = (hearth.vault(), hearth.header.to_bytes());
        let proved = errand::kind(&proof);
        let brought = self
            .guarded(now, vault, proved, Errand::Add { header, proof, way })
            .await?;
        self.exchange_header(now, Header::parse(&brought.header)?, (event, kind as u32))
            .await?;
        Ok(brought.code.map_or(Answer::Done, Answer::Code))
    }

    /// # Errors
    /// As [`Keeper::add_way`].
    pub async fn remove_way(&mut self, now: u64, proof: Credential, index: u32) -> Result<Answer, Trouble> {
        self.prove(now, proof).await?;
        let (_, hearth) = self.parts()?;
        let mut header = hearth.header.clone();
        let at = index as usize;
        let Some((kind, ..)) = header.slots().nth(at) else {
            return Ok(Answer::Done);
        };
        if header.slots().count() == 1 {
            return Err(Trouble::Refused(Refusal::LastWay));
        }
        header.remove(at);
        self.exchange_header(now, header, (Event::UnlockRemoved, kind as u32))
            .await?;
        Ok(Answer::Done)
    }

    async fn exchange_header(
        &mut self,
        now: u64,
        header: Header,
        (event, detail): (Event, u32),
    ) -> Result<(), Trouble> {
        let (store, hearth) = self.parts()?;
        let found = Found {
            name: hearth.name.clone(),
            header,
        };
        hearth.spoil();
        hearth.meta.header = found.header.hash();
        hearth
            .commit(
                store,
                None,
                vec![state::put_vault(&found)],
                &[(event, None, detail)],
                now,
            )
            .await?;
        hearth.header = found.header;
        hearth.unspoil();
        Ok(())
    }

    /// # Errors
    /// As [`Keeper::add_way`].
    pub async fn rotate(&mut self, now: u64, proof: Credential) -> Result<Answer, Trouble> {
        let vault_key = self.prove(now, proof).await?;
        self.exchange(now, &vault_key).await?;
        Ok(Answer::Done)
    }

    /// A new vault key under the same ways in: what lies around on the disk wrapped by the old one is noise from then on.
    ///
    /// # Errors
    /// In the vault's words; then the old key stays.
    pub async fn exchange(&mut self, now: u64, old: &VaultKey) -> Result<(), Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let (header, new) = hearth.header.rotated(old)?;
        let keys = new.keys();
        let (keyring, [first, second]) = hearth.keyring.rotated(&hearth.keys, &header, &keys)?;
        // The first half of the file, the header in one step, the second half: a crash leaves a file that fits a header.
        hearth.carry_out(&ring, store, &first).await?;
        let mut meta = hearth.meta.rotated(old, &header, &new, keyring.counter(), now)?;
        meta.mark = hearth.meta.mark;
        let found = Found {
            name: hearth.name.clone(),
            header,
        };
        store
            .commit(
                None,
                &[
                    state::put_vault(&found),
                    state::put_meta(hearth.vault(), meta.to_bytes(&keys)),
                ],
            )
            .await?;
        ring.carry_out(store, &second).await?;
        hearth.header = found.header;
        hearth.keyring = keyring;
        hearth.keys = keys;
        hearth.meta = meta;
        let generation = hearth.header.generation();
        hearth
            .commit(store, None, Vec::new(), &[(Event::KeyRotated, None, generation)], now)
            .await
    }

    /// The page's settings, as it wrote them.
    ///
    /// # Errors
    /// Those of the store. Settings that do not open are none.
    pub async fn settings(&mut self, now: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let (store, hearth) = self.parts()?;
        let Some(id) = settings_record(hearth) else {
            return Ok(None);
        };
        let row = store.get(Table::Sealed, &key(hearth.vault(), &id.to_string())).await?;
        Ok(row.and_then(|row| {
            let dek = hearth.keyring.dek(&hearth.keys, id, now).ok()?;
            let (head, plaintext) = vault::record::open(&dek, &row.bytes, now).ok()?;
            hearth.newest(&head).ok()?;
            Some(plaintext.to_vec())
        }))
    }

    /// # Errors
    /// Those of the store.
    pub async fn read_settings(&mut self, now: u64) -> Result<Answer, Trouble> {
        self.settings(now).await.map(Answer::Settings)
    }

    /// # Errors
    /// Those of the store; the settings stay as they were then.
    pub async fn write_settings(&mut self, now: u64, bytes: Vec<u8>) -> Result<Answer, Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        hearth.spoil();
        let id = match settings_record(hearth) {
            Some(id) => id,
            None => {
                let entry = Entry {
                    id: RecordId::random()?,
                    namespace: Namespace::Settings,
                    class: vault::Class::Own,
                    expires_at: vault::expiry::NEVER,
                    hold: false,
                };
                let (_, writes) = hearth.keyring.add(&hearth.keys, entry)?;
                hearth.carry_out(&ring, store, &writes).await?;
                entry.id
            }
        };
        let dek = hearth.keyring.dek(&hearth.keys, id, now)?;
        let key = key(hearth.vault(), &id.to_string());
        let before = hearth.meta.roots.as_ref().and_then(|roots| roots.newest(id));
        let revision = before.map_or(1, |revision| revision + 1);
        let row = Row {
            key,
            expires: vault::expiry::NEVER,
            bytes: vault::record::seal(&dek, SETTINGS, revision, &bytes)?,
        };
        hearth
            .commit(
                store,
                None,
                vec![Change::Put(Table::Sealed, row)],
                &[(Event::SettingsChanged, None, 0)],
                now,
            )
            .await?;
        hearth.unspoil();
        Ok(Answer::Done)
    }

    /// # Errors
    /// Those of the store.
    pub async fn log(&mut self, now: u64, moment: Moment) -> Result<Answer, Trouble> {
        let (store, hearth) = self.parts()?;
        if let Some(event) = moment.event() {
            let entry = (event, moment.note().map(Into::into), moment.detail());
            hearth.commit(store, None, Vec::new(), &[entry], now).await?;
        }
        Ok(Answer::Done)
    }

    /// # Errors
    /// Those of the store.
    pub async fn read_log(&mut self) -> Result<Answer, Trouble> {
        let rows = self.log_rows().await?;
        let hearth = self.hearth.as_ref().ok_or(Trouble::Locked)?;
        Ok(Answer::Log(Log {
            rows: rows.iter().map(LogRow::from).collect(),
            verdict: hearth.verdict,
        }))
    }

    /// The rows that can be read, oldest first.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn log_rows(&mut self) -> Result<Vec<vault::audit::Row>, Trouble> {
        let (store, hearth) = self.parts()?;
        let stored = store.all(Table::Audit, &prefix(hearth.vault())).await?;
        let rows = stored
            .iter()
            .filter_map(|row| hearth.log.as_ref()?.read(&row.bytes).ok());
        Ok(rows.collect())
    }

    /// Checks the whole chain once more and gives the log.
    ///
    /// # Errors
    /// [`Trouble::Wrong`], [`Trouble::Wait`]; those of the store.
    pub async fn check_log(&mut self, now: u64, proof: Credential) -> Result<Answer, Trouble> {
        let vault_key = self.prove(now, proof).await?;
        let (store, hearth) = self.parts()?;
        let rows = store.all(Table::Audit, &prefix(hearth.vault())).await?;
        let bytes = rows.iter().map(|row| row.bytes.as_slice());
        let (_, verdict) = vault::audit::Log::open(hearth.meta.log_key(&vault_key)?, hearth.meta.audit, bytes);
        hearth.verdict = Some(verdict);
        if let Some(at) = broken(verdict) {
            let entries = [(Event::AuditBroken, None, at)];
            hearth.commit(store, None, Vec::new(), &entries, now).await?;
        }
        self.read_log().await
    }

    /// This vault with everything in it, or every vault on this device: the keys are overwritten first, then their rows go.
    ///
    /// # Errors
    /// [`Trouble::Wrong`], [`Trouble::Wait`]; those of the store: what was erased stays erased, and erasing again goes on.
    pub async fn erase(&mut self, now: u64, proof: Credential, everyone: bool) -> Result<Answer, Trouble> {
        self.prove(now, proof).await?;
        if everyone {
            self.erase_all().await
        } else {
            self.erase_this().await
        }
    }

    async fn erase_this(&mut self) -> Result<Answer, Trouble> {
        let hearth = self.hearth.take().ok_or(Trouble::Locked)?;
        let vault = hearth.vault();
        self.reel.take();
        self.rings()?.erase(vault).await?;
        self.remove_all_files(vault).await;
        let mut changes = vec![Change::Remove(Table::Vaults, name(&vault.0))];
        let tables = [Table::Sealed, Table::Index, Table::Audit, Table::State, Table::Slots];
        changes.extend(tables.map(|table| Change::RemoveAll(table, prefix(vault))));
        self.store()?.commit(None, &changes).await?;
        // Other tabs look, and find nothing.
        hearth.tell();
        self.reopen().await?;
        Ok(Answer::Done)
    }

    async fn erase_all(&mut self) -> Result<Answer, Trouble> {
        self.hearth = None;
        self.reel.take();
        self.rings()?.erase_all().await?;
        disk::clear().await?;
        if let Some(store) = self.store.take() {
            store.erase().await?;
        }
        self.rings = None;
        scope::post(&encode(&FromWorker::News(News::Shut)));
        Ok(Answer::Done)
    }
}

/// From which row on the log cannot be relied on.
pub(super) fn broken(verdict: Verdict) -> Option<u32> {
    match verdict {
        Verdict::Intact { .. } => None,
        Verdict::Broken { number: at } | Verdict::Short { number: at } | Verdict::Long { number: at } => {
            Some(number(at))
        }
    }
}

/// There is at most one.
pub(super) fn settings_record(hearth: &Hearth) -> Option<RecordId> {
    let mut entries = hearth.keyring.entries();
    entries
        .find(|entry| entry.namespace == Namespace::Settings)
        .map(|entry| entry.id)
}
