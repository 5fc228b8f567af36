//! A backup comes in, a piece at a time: sealed under new keys and new names, and off the list until all of it was checked.
//!
//! What came in is named in the vault's state from the first record on. A file that turns out to be bad, a full disk, or a
//! crash leave that row behind, and with it everything is taken back: here, or at the next unlocking.

use std::collections::{BTreeMap, BTreeSet};

use vault::audit::Event;
use vault::backup::{self, Item, Limits, Piece, Reader};
use vault::keyring::{Entry, Write};
use vault::throttle::Throttle;
use vault::{Failure, Namespace, RecordId, VaultId};

use super::door::{bring, seen};
use super::hearth::number;
use super::list::{self, Line, Turned};
use super::protocol::{Answer, Credential, Errand, Id, Restored};
use super::state::{self, Found, key};
use super::twins::twins;
use super::ways::settings_record;
use super::{Keeper, Refusal, Trouble, consents, errand};
use crate::browser::store::{Change, Row, Store, Table};

/// The row that names what came in and is not on the list yet.
const UNFINISHED: &str = "restoring";

/// A record of more bytes was not written by Sotto.
const LONGEST: u64 = 16 << 20;

/// Records in all: what a keyring holds.
const MOST: u32 = 65_000;

/// What is coming in.
pub struct Restoring {
    /// Gone once the file was read.
    reader: Option<Reader>,
    /// The record that is being read.
    current: Option<(Item, RecordId, Vec<u8>)>,
    /// Everything that is stored already, by its new name.
    staged: BTreeMap<RecordId, Item>,
    /// Lines of the list, with the names of the vault that they came from.
    lines: Vec<(Id, Line)>,
    left_out: u32,
}

impl Keeper {
    /// Opens the backup; nothing of it is read yet.
    ///
    /// # Errors
    /// In the vault's words: what is no backup, or does not open.
    pub async fn restore(&mut self, now: u64, beginning: &[u8], with: Credential) -> Result<Answer, Trouble> {
        self.restore_stop().await?;
        let (store, hearth) = self.parts()?;
        let reading = hearth.read_clock(store, now).await?;
        let (header, length) = backup::read_header(beginning)?;
        let opening = Errand::OpenBackup {
            header: beginning[..length].to_vec(),
            with,
        };
        let vault_key = errand::key(&bring(opening).await?)?;
        let limits = Limits {
            records: MOST,
            record: LONGEST,
            ..Limits::default()
        };
        self.restoring = Some(Restoring {
            reader: Some(Reader::start(&header, &vault_key, reading.now, limits)),
            current: None,
            staged: BTreeMap::new(),
            lines: Vec::new(),
            left_out: 0,
        });
        self.restore_next(&beginning[length..]).await
    }

    /// # Errors
    /// In the vault's words; then nothing of the backup stays.
    pub async fn restore_next(&mut self, bytes: &[u8]) -> Result<Answer, Trouble> {
        let mut restoring = self.restoring.take().ok_or(Trouble::Stopped)?;
        let reader = restoring.reader.as_mut().ok_or(Trouble::Stopped)?;
        let read = reader.push(bytes);
        self.staged(&mut restoring, read).await?;
        self.restoring = Some(restoring);
        Ok(Answer::Done)
    }

    /// The file was whole: its notes come onto the list.
    ///
    /// # Errors
    /// In the vault's words; then nothing of the backup stays.
    pub async fn restore_end(&mut self, now: u64) -> Result<Answer, Trouble> {
        let mut restoring = self.restoring.take().ok_or(Trouble::Stopped)?;
        let reader = restoring.reader.take().ok_or(Trouble::Stopped)?;
        let (read, summary) = match reader.finish() {
            Ok((pieces, summary)) => (Ok(pieces), summary),
            Err(why) => {
                self.take_back().await?;
                return Err(why.into());
            }
        };
        self.staged(&mut restoring, read).await?;
        let listed = self
            .listed(now, restoring, summary.expired, summary.ids.into_iter().collect())
            .await;
        if listed.is_err() {
            self.take_back().await?;
        }
        listed
    }

    /// Gives up what is coming in, if anything is.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn restore_stop(&mut self) -> Result<Answer, Trouble> {
        self.restoring = None;
        self.take_back().await?;
        Ok(Answer::Done)
    }

    /// Seals what was read and stores it; if any of that fails, everything that came in goes again.
    async fn staged(&mut self, restoring: &mut Restoring, read: Result<Vec<Piece>, Failure>) -> Result<(), Trouble> {
        let stored = match read {
            Ok(pieces) => self.store_pieces(restoring, pieces).await,
            Err(Failure::TooLarge) => Err(Trouble::Refused(Refusal::ClaimsTooMuch)),
            Err(why) => Err(why.into()),
        };
        if stored.is_err() {
            self.take_back().await?;
        }
        stored
    }

    async fn store_pieces(&mut self, restoring: &mut Restoring, pieces: Vec<Piece>) -> Result<(), Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let (mut writes, mut rows): (Vec<Write>, Vec<Change>) = Default::default();
        hearth.spoil();
        for piece in pieces {
            match piece {
                Piece::Record { item, new_id } => {
                    let room = usize::try_from(item.length).map_err(|_| Failure::TooLarge)?;
                    restoring.current = Some((item, new_id, Vec::with_capacity(room.min(1 << 16))));
                }
                Piece::Bytes(bytes) => {
                    if let Some((.., plaintext)) = &mut restoring.current {
                        plaintext.extend_from_slice(&bytes);
                    }
                }
                Piece::End => {
                    let Some((item, id, plaintext)) = restoring.current.take() else {
                        continue;
                    };
                    if !restoring.takes(&item, &plaintext, settings_record(hearth).is_some())? {
                        continue;
                    }
                    let entry = Entry {
                        id,
                        namespace: item.namespace,
                        class: item.class,
                        expires_at: item.expires_at,
                        hold: item.hold,
                    };
                    let (dek, written) = hearth.keyring.add(&hearth.keys, entry)?;
                    writes.extend(written);
                    let row = Row {
                        key: key(hearth.vault(), &id.to_string()),
                        expires: item.expires_at,
                        bytes: vault::record::seal(&dek, item.schema, item.revision, &plaintext)?,
                    };
                    rows.push(Change::Put(Table::Sealed, row));
                    restoring.staged.insert(id, item);
                }
            }
        }
        if !rows.is_empty() {
            hearth.carry_out(&ring, store, &writes).await?;
            let names = restoring.staged.keys().flat_map(|id| id.0).collect();
            rows.push(state::put(Table::State, key(hearth.vault(), UNFINISHED), names));
            let time = hearth.meta.mark.time();
            hearth.commit(store, None, rows, &[], time).await?;
        }
        hearth.unspoil();
        Ok(())
    }

    async fn listed(
        &mut self,
        now: u64,
        restoring: Restoring,
        expired: u32,
        mut names: BTreeMap<RecordId, RecordId>,
    ) -> Result<Answer, Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        if unfinished(store, hearth.vault()).await?.1.len() != restoring.staged.len() {
            return Err(Trouble::Refused(Refusal::ChangedMeanwhile));
        }
        let mut alone: BTreeSet<RecordId> = restoring.staged.keys().copied().collect();
        let mut lines = Vec::new();
        for (_, mut line) in restoring.lines {
            line.parts.retain_mut(|at| {
                let new = names.get(&at.record.into()).filter(|new| alone.contains(new));
                let Some((new, item)) = new.and_then(|new| Some((*new, restoring.staged.get(new)?))) else {
                    return false;
                };
                (at.record, at.revision) = (new.into(), item.revision);
                true
            });
            let note = line.parts.iter().find(|at| at.class == super::protocol::Class::Note);
            let Some((note, item)) = note.and_then(|at| Some((at.record, restoring.staged.get(&at.record.into())?)))
            else {
                continue;
            };
            line.revision = item.revision;
            let at = (line.expires_at().unwrap_or_default(), item.hold);
            line.parts.iter().for_each(|at| {
                alone.remove(&at.record.into());
            });
            lines.push((note, line, at));
        }
        let twins = twins(
            store,
            hearth,
            lines.iter().map(|(note, line, _)| (*note, line)),
            reading.now,
        )
        .await?;
        let (here, lines): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(note, ..)| twins.contains_key(note));
        names.values_mut().for_each(|new| {
            *new = twins.get(&(*new).into()).map_or(*new, |old| (*old).into());
        });
        let own = settings_record(hearth);
        // Settings and consents stand by themselves.
        let of_consent = |id: &RecordId| {
            let item = restoring.staged.get(id);
            item.is_some_and(|item| item.namespace == Namespace::Consent)
        };
        let (consents, mut alone): (Vec<RecordId>, Vec<RecordId>) = alone.into_iter().partition(of_consent);
        alone.retain(|id| Some(*id) != own);
        let (mut renamed, doubles) = consents::renamed(store, hearth, &consents, &names, reading.now).await?;
        let restored = Restored {
            notes: number(lines.len() as u64),
            here: number(here.len() as u64),
            expired,
            left_out: restoring.left_out + number(alone.len() as u64),
        };
        hearth.spoil();
        let Turned {
            mut writes,
            mut changes,
            shred,
        } = hearth.book.write_all(lines, &hearth.keys, &mut hearth.keyring)?;
        let vault = hearth.vault();
        let parts_here = here
            .iter()
            .flat_map(|(_, line, _)| line.parts.iter().map(|at| at.record.into()));
        alone.extend(parts_here.chain(doubles));
        let kept = restoring.staged.len() - alone.len();
        alone.extend(shred);
        writes.extend(hearth.keyring.shred(&alone)?);
        changes.extend(
            alone
                .iter()
                .map(|id| Change::Remove(Table::Sealed, key(vault, &id.to_string()))),
        );
        changes.append(&mut renamed);
        changes.push(Change::Remove(Table::State, key(vault, UNFINISHED)));
        hearth.carry_out(&ring, store, &writes).await?;
        let entries = [(Event::Restored, None, number(kept as u64))];
        hearth.commit(store, None, changes, &entries, reading.now).await?;
        hearth.unspoil();
        Ok(Answer::Restored(restored))
    }

    /// Destroys what came in and is on no list.
    async fn take_back(&mut self) -> Result<(), Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let (rows, ids) = unfinished(store, hearth.vault()).await?;
        if rows.is_empty() {
            return Ok(());
        }
        hearth.spoil();
        let writes = hearth.keyring.shred(&ids)?;
        hearth.carry_out(&ring, store, &writes).await?;
        let time = hearth.meta.mark.time();
        hearth.commit(store, None, rows, &[], time).await?;
        Ok(())
    }
}

impl Restoring {
    /// True for a record that is stored as it came. Lines of the list are kept until everything is here.
    fn takes(&mut self, item: &Item, plaintext: &[u8], has_settings: bool) -> Result<bool, Failure> {
        match item.namespace {
            Namespace::Visit | Namespace::Transcript | Namespace::Consent => Ok(true),
            Namespace::Index => {
                self.lines.extend(list::read_lines(item.schema, plaintext)?);
                Ok(false)
            }
            Namespace::Settings if !has_settings => Ok(true),
            Namespace::Settings | Namespace::Audio | Namespace::Audit | Namespace::Style | Namespace::Template => {
                self.left_out += 1;
                Ok(false)
            }
        }
    }
}

/// A backup as the door would know it.
///
/// # Errors
/// [`Trouble::Refused`] for what is no backup.
pub fn look_into(beginning: &[u8]) -> Result<Answer, Trouble> {
    let (header, _) = backup::read_header(beginning)?;
    let name = String::new();
    Ok(Answer::Ways(seen(&Found { name, header }, Throttle::default(), 0)))
}

/// What a restoring that did not come to its end has left: the changes that remove it, and whose keys must go.
///
/// # Errors
/// Those of the store.
pub async fn unfinished(store: &Store, vault: VaultId) -> Result<(Vec<Change>, Vec<RecordId>), Trouble> {
    let row = key(vault, UNFINISHED);
    let Some(found) = store.get(Table::State, &row).await? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let (names, _) = found.bytes.as_chunks::<16>();
    let ids: Vec<RecordId> = names.iter().map(|name| RecordId(*name)).collect();
    let mut changes: Vec<Change> = ids
        .iter()
        .map(|id| Change::Remove(Table::Sealed, key(vault, &id.to_string())))
        .collect();
    changes.push(Change::Remove(Table::State, row));
    Ok((changes, ids))
}
