//! The vault worker, the only place with keys: it opens and seals, keeps the stores, and destroys what is over.
//!
//! ```text
//! page ──Request──▶ keeper ──▶ keyring file: each record's key, overwritten in place          ring
//!      ◀──Answer──    │  └────▶ IndexedDB: sealed rows, list, audit log, the vault's state     store
//!                     ├───────▶ a throw-away worker that stretches the passphrase             errand
//! tap  ──blocks───▶ reel ─────▶ journal file: the sound of the visit that is recorded         sound
//! ```
//!
//! One tab works at a time: each request is served under the browser's lock of that name, so what this worker remembers is
//! either still what is stored, or is read again. The page reads the clock and sends it along.
//!
//! The order of a change is: keyring slots first, each flushed, then one transaction with the rows, the list, the audit log
//! and the vault's state. A crash in between leaves a slot without a record, which the next unlocking shreds. Deleting goes
//! the other way round, purging destroys the keys first: neither leaves a record that opens.

use serde::{Deserialize, Serialize};
use vault::{Failure, VaultId};

pub mod protocol;

pub mod audit;

mod consents;

mod errand;

mod door;

mod hearth;

pub mod list;

mod notes;

mod pack;

mod proof;

mod restore;

mod reel;

mod ring;

mod scribe;

mod sound;

mod state;

mod sweep;

mod twins;

mod ways;

mod migrate;

use crate::browser::scope;
use crate::browser::store::{Store, Table};
use crate::browser::tabs::Turn;
use crate::browser::wire::Wire;
use crate::problem::StoreProblem;
use hearth::Hearth;
use pack::Packing;
use protocol::{Answer, FromWorker, Id, News, Request, ToWorker, decode, encode};
use restore::Restoring;
use ring::Rings;
use sound::SharedReel;

/// The name of the lock under which one tab at a time works.
const TURN: &str = "sotto-vault";

/// Why the vault does not do what was asked, for the person at the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    Store(StoreProblem),
    Refused(Refusal),
    /// A passphrase, code or passkey that does not open this vault.
    Wrong(Failure),
    /// Too many wrong attempts; seconds until the next one.
    Wait(u64),
    /// The vault is locked, or its key was exchanged in another tab.
    Locked,
    /// The worker ended, or the browser started none.
    Stopped,
}

/// What is not done here, whatever the stores allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    Vault(Failure),
    /// A visit under legal hold is not deleted.
    Held,
    /// Nor is its sound.
    SoundHeld,
    NoCertificate,
    /// A backup that says it holds more than a vault does.
    ClaimsTooMuch,
    /// Another tab changed the vault while a backup was taken in.
    ChangedMeanwhile,
    /// The last way to open a vault is not removed.
    LastWay,
}

/// What the worker knows.
#[derive(Default)]
struct Keeper {
    store: Option<Store>,
    rings: Option<Rings>,
    /// The open vault.
    hearth: Option<Hearth>,
    /// What is leaving the vault.
    packing: Option<Packing>,
    /// What is coming in.
    restoring: Option<Restoring>,
    /// The recording that is written or read here; its sound comes whatever else is being done.
    reel: SharedReel,
}

/// Runs inside of the worker: answers until it is ended.
pub fn start() {
    let mut keeper = Keeper::default();
    scope::listen(async move |bytes: Vec<u8>, wire: Option<Wire>| {
        match decode(&bytes) {
            Some(ToWorker::Ask { number, now, request }) => {
                let _turn = Turn::take(TURN).await;
                let answer = keeper.serve(now, request).await;
                scope::post(&encode(&FromWorker::Answer { number, answer }));
                // What an unlocking leaves to be done must not keep anybody waiting for the list.
                keeper.finish_unlocking(now).await;
            }
            Some(ToWorker::Hear { rate }) => keeper.hear(rate, wire),
            Some(ToWorker::Errand(errand)) => scope::post(&encode(&FromWorker::Errand(errand::run(errand)))),
            None => {}
        }
    });
}

impl Keeper {
    async fn serve(&mut self, now: u64, request: Request) -> Result<Answer, Trouble> {
        if self.store.is_none() {
            self.store = Some(Store::open().await?);
        }
        if self.rings.is_none() {
            self.rings = Some(Rings::find().await);
        }
        // The browser closes a database that another tab erases.
        if self.store()?.keys(Table::Vaults, "").await.is_err() {
            self.reopen().await?;
        }
        if let (Some(hearth), Some(store)) = (&self.hearth, &self.store)
            && !hearth.is_current(store).await?
            && let Err(why) = self.catch_up().await
        {
            if why == Trouble::Locked {
                self.hearth = None;
                scope::post(&encode(&FromWorker::News(News::Shut)));
            }
            return Err(why);
        }
        match request {
            Request::Look => self.look(now).await,
            Request::Create { name, passphrase } => self.create(now, name, passphrase).await,
            Request::Unlock { vault, with } => self.unlock(now, vault, with).await,
            Request::List => self.list(now).await,
            Request::Open { note } => self.open_note(now, note, true).await,
            Request::Save(saving) => self.save(now, saving).await,
            Request::Delete { note, certified } => self.delete(now, note, certified).await,
            Request::CheckCertificate(text) => self.check_certificate(&text),
            Request::Hold { note, held } => self.hold(now, note, held).await,
            Request::KeepConsent {
                visit,
                consent,
                expires_at,
            } => self.keep_consent(now, visit, &consent, expires_at).await,
            Request::Sound { note, step } => self.sound(now, note, step).await,
            Request::Sweep => self.sweep(now).await.map(Answer::Swept),
            Request::ConfirmClock => self.confirm_clock(now).await,
            Request::ReadSettings => self.read_settings(now).await,
            Request::WriteSettings(bytes) => self.write_settings(now, bytes).await,
            Request::Log(moment) => self.log(now, moment).await,
            Request::ReadLog => self.read_log().await,
            Request::CheckLog { proof } => self.check_log(now, proof).await,
            Request::Ways => self.ways(now).await,
            Request::AddWay { proof, way } => self.add_way(now, proof, way).await,
            Request::RemoveWay { proof, index } => self.remove_way(now, proof, index).await,
            Request::Rotate { proof } => self.rotate(now, proof).await,
            Request::Erase { proof, everyone } => self.erase(now, proof, everyone).await,
            Request::Pack { proof, form } => self.pack(now, proof, form).await,
            Request::PackNext => self.pack_next(now).await,
            Request::PackNote { note } => self.pack_note(now, note).await,
            Request::Consents => self.consents(now).await,
            Request::LookInto(beginning) => restore::look_into(&beginning),
            Request::Restore { beginning, with } => self.restore(now, &beginning, with).await,
            Request::RestoreNext(bytes) => self.restore_next(&bytes).await,
            Request::RestoreEnd => self.restore_end(now).await,
            Request::RestoreStop => self.restore_stop().await,
        }
    }

    fn store(&self) -> Result<&Store, Trouble> {
        self.store.as_ref().ok_or(Trouble::Stopped)
    }

    fn rings(&self) -> Result<&Rings, Trouble> {
        self.rings.as_ref().ok_or(Trouble::Stopped)
    }

    /// The stores and the open vault at once.
    fn parts(&mut self) -> Result<(&Store, &mut Hearth), Trouble> {
        match (&self.store, &mut self.hearth) {
            (Some(store), Some(hearth)) => Ok((store, hearth)),
            (_, None) => Err(Trouble::Locked),
            (None, _) => Err(Trouble::Stopped),
        }
    }
}

/// 32 lower-case hexadecimal digits: how a vault, a note and a part are called in the stores.
fn name(id: &[u8; 16]) -> String {
    vault::RecordId(*id).to_string()
}

/// What every key of a vault's rows begins with.
fn prefix(vault: VaultId) -> String {
    format!("{}/", name(&vault.0))
}

impl Trouble {
    /// As a reason for which a visit was not stored.
    pub fn in_store(&self) -> StoreProblem {
        match self {
            Trouble::Store(why) => *why,
            Trouble::Locked => StoreProblem::Locked,
            Trouble::Refused(Refusal::Vault(Failure::TooLarge)) => StoreProblem::TooLarge,
            Trouble::Refused(Refusal::Vault(Failure::Random)) => StoreProblem::NoRandom,
            Trouble::Refused(_) | Trouble::Wrong(_) | Trouble::Wait(_) | Trouble::Stopped => StoreProblem::Unavailable,
        }
    }
}

impl From<StoreProblem> for Trouble {
    fn from(why: StoreProblem) -> Self {
        Trouble::Store(why)
    }
}

impl From<Failure> for Trouble {
    fn from(why: Failure) -> Self {
        match why {
            Failure::WrongPassphrase | Failure::WrongPasskey | Failure::WrongCode => Trouble::Wrong(why),
            why => Trouble::Refused(Refusal::Vault(why)),
        }
    }
}

impl From<vault::RecordId> for Id {
    fn from(id: vault::RecordId) -> Self {
        Id(id.0)
    }
}

impl From<Id> for vault::RecordId {
    fn from(id: Id) -> Self {
        vault::RecordId(id.0)
    }
}
