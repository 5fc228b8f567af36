use js_sys::Uint8Array;
use rexie::{ObjectStore, Rexie, Transaction, TransactionMode, TransactionResult};
use vault::{Head, RecordId};
use wasm_bindgen::{JsCast, JsValue};

use crate::problem::StoreProblem;

const DATABASE: &str = "sotto";
const VERSION: u32 = 1;

/// One entry: what opens the vault.
const VAULT: &str = "vault";
const HEADER: &str = "header";

/// Sealed visits by their ids.
const RECORDS: &str = "records";

/// IndexedDB: sealed bytes under plain keys. What is stored was encrypted before its transaction was opened, because a
/// transaction closes by itself when anything else is awaited in it.
pub struct Store {
    database: Rexie,
}

impl Store {
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn open() -> Result<Self, StoreProblem> {
        // Every store is listed in every version: a rising version deletes the stores that are not.
        let builder = Rexie::builder(DATABASE)
            .version(VERSION)
            .add_object_store(ObjectStore::new(VAULT))
            .add_object_store(ObjectStore::new(RECORDS));
        Ok(Self {
            database: builder.build().await.map_err(problem)?,
        })
    }

    /// The vault's header, if a vault was created here.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn header(&self) -> Result<Option<Vec<u8>>, StoreProblem> {
        let transaction = self.transaction(VAULT, TransactionMode::ReadOnly)?;
        let found = transaction
            .store(VAULT)
            .map_err(problem)?
            .get(HEADER.into())
            .await
            .map_err(problem)?;
        Ok(found.and_then(|value| bytes(&value)))
    }

    /// Keeps the header of a new vault; never replaces one, since that would lose every visit under it.
    ///
    /// # Errors
    /// [`StoreProblem::Conflict`] when there is one, [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub async fn keep_header(&self, header: &[u8]) -> Result<(), StoreProblem> {
        let transaction = self.transaction(VAULT, TransactionMode::ReadWrite)?;
        let store = transaction.store(VAULT).map_err(problem)?;
        if store.key_exists(HEADER.into()).await.map_err(problem)? {
            return Err(StoreProblem::Conflict);
        }
        store
            .put(&Uint8Array::from(header), Some(&HEADER.into()))
            .await
            .map_err(problem)?;
        finish(transaction).await
    }

    /// Every sealed visit, in no order.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn records(&self) -> Result<Vec<Vec<u8>>, StoreProblem> {
        let transaction = self.transaction(RECORDS, TransactionMode::ReadOnly)?;
        let found = transaction
            .store(RECORDS)
            .map_err(problem)?
            .get_all(None, None)
            .await
            .map_err(problem)?;
        Ok(found.iter().filter_map(bytes).collect())
    }

    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn record(&self, id: RecordId) -> Result<Option<Vec<u8>>, StoreProblem> {
        let transaction = self.transaction(RECORDS, TransactionMode::ReadOnly)?;
        let found = transaction
            .store(RECORDS)
            .map_err(problem)?
            .get(key(id))
            .await
            .map_err(problem)?;
        Ok(found.and_then(|value| bytes(&value)))
    }

    /// Stores a sealed visit in place of the revision before it. Comparing and writing are one transaction, so that of
    /// two tabs one is told.
    ///
    /// # Errors
    /// [`StoreProblem::Conflict`] when another revision is stored, [`StoreProblem::Full`],
    /// [`StoreProblem::Unavailable`].
    pub async fn put(&self, head: &Head, sealed: &[u8]) -> Result<(), StoreProblem> {
        let sealed = Uint8Array::from(sealed);
        let transaction = self.transaction(RECORDS, TransactionMode::ReadWrite)?;
        let store = transaction.store(RECORDS).map_err(problem)?;
        let stored = store
            .get(key(head.id))
            .await
            .map_err(problem)?
            .and_then(|value| bytes(&value));
        let revision = match stored {
            None => 0,
            Some(stored) => vault::read_head(&stored)
                .map(|head| head.revision)
                .map_err(|_| StoreProblem::Conflict)?,
        };
        if revision + 1 != head.revision {
            return Err(StoreProblem::Conflict);
        }
        store.put(&sealed, Some(&key(head.id))).await.map_err(problem)?;
        finish(transaction).await
    }

    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn remove(&self, ids: &[RecordId]) -> Result<(), StoreProblem> {
        let transaction = self.transaction(RECORDS, TransactionMode::ReadWrite)?;
        let store = transaction.store(RECORDS).map_err(problem)?;
        for id in ids {
            store.delete(key(*id)).await.map_err(problem)?;
        }
        finish(transaction).await
    }

    /// Removes every visit whose time is over; needs no key. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn sweep(&self, now: u64) -> Result<(), StoreProblem> {
        let records = self.records().await?;
        let heads: Vec<Head> = records
            .iter()
            .filter_map(|sealed| vault::read_head(sealed).ok())
            .collect();
        let expired = vault::expired(&heads, now);
        if expired.is_empty() {
            Ok(())
        } else {
            self.remove(&expired).await
        }
    }

    fn transaction(&self, store: &str, mode: TransactionMode) -> Result<Transaction, StoreProblem> {
        self.database.transaction(&[store], mode).map_err(problem)
    }
}

/// What is written counts once the transaction is complete; one that the browser aborts by itself had no room.
async fn finish(transaction: Transaction) -> Result<(), StoreProblem> {
    match transaction.done().await.map_err(problem)? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => Err(StoreProblem::Full),
    }
}

fn key(id: RecordId) -> JsValue {
    JsValue::from_str(&id.to_string())
}

fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

/// The browser's exception is inside a nested error that shows only its text, and the text begins with its name.
fn problem(why: rexie::Error) -> StoreProblem {
    if format!("{why:?}").contains("QuotaExceeded") {
        StoreProblem::Full
    } else {
        StoreProblem::Unavailable
    }
}
