use std::fmt::Write as _;

use js_sys::{Object, Reflect, Uint8Array};
use rexie::{Index, KeyRange, ObjectStore, Rexie, Transaction, TransactionMode, TransactionResult};
use wasm_bindgen::{JsCast, JsValue};

use super::clock;
use crate::problem::StoreProblem;

const DATABASE: &str = "sotto";
const VERSION: u32 = 2;

/// A database that does not open within this time is held by a tab of an earlier version; milliseconds.
const PATIENCE: u32 = 3_000;

/// When a row's time is over, beside its bytes and in the clear: seconds since 1970.
const EXPIRES: &str = "expires";
const BYTES: &str = "bytes";

/// The stores. Those of one vault begin their keys with its name and a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Version 1: the vault's header.
    OldVault,
    /// Version 1: sealed visits.
    OldRecords,
    /// The headers of the vaults: what opens them, and nothing that it opens.
    Vaults,
    /// Sealed notes, transcripts and settings.
    Sealed,
    /// Sealed pages of the list.
    Index,
    /// Sealed rows of the audit log.
    Audit,
    /// What a locked vault must know: the clock's high-water mark, rows that wait for the audit log.
    State,
    /// The key slots where the browser has no private file system.
    Slots,
}

impl Table {
    const ALL: [Table; 8] = [
        Table::OldVault,
        Table::OldRecords,
        Table::Vaults,
        Table::Sealed,
        Table::Index,
        Table::Audit,
        Table::State,
        Table::Slots,
    ];

    fn name(self) -> &'static str {
        match self {
            Table::OldVault => "vault",
            Table::OldRecords => "records",
            Table::Vaults => "vaults",
            Table::Sealed => "sealed",
            Table::Index => "index",
            Table::Audit => "audit",
            Table::State => "state",
            Table::Slots => "slots",
        }
    }

    fn expires(self) -> bool {
        matches!(self, Table::Sealed | Table::Index | Table::Audit)
    }
}

/// One stored thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: String,
    /// Seconds since 1970, not authenticated: enough to find what can go, never enough to trust.
    pub expires: u64,
    pub bytes: Vec<u8>,
}

/// A part of a transaction.
pub enum Change {
    Put(Table, Row),
    Remove(Table, String),
    /// Every row whose key begins like this.
    RemoveAll(Table, String),
}

/// What must still be stored for a transaction to be carried out.
pub struct Unless<'a> {
    pub table: Table,
    pub key: &'a str,
    /// Looks at the stored bytes, if there are any; true stops everything.
    pub conflict: &'a dyn Fn(Option<&[u8]>) -> bool,
}

/// IndexedDB: sealed bytes under plain keys. What is stored was encrypted before its transaction was opened, because a
/// transaction closes by itself when anything else is awaited in it.
pub struct Store {
    database: Rexie,
}

impl Store {
    /// # Errors
    /// [`StoreProblem::Unavailable`], [`StoreProblem::Blocked`], [`StoreProblem::Newer`].
    pub async fn open() -> Result<Self, StoreProblem> {
        // Every store is listed in every version: a rising version deletes the stores that are not.
        let builder = Table::ALL
            .into_iter()
            .fold(Rexie::builder(DATABASE).version(VERSION), |builder, table| {
                let store = ObjectStore::new(table.name());
                builder.add_object_store(if table.expires() {
                    store.add_index(Index::new(EXPIRES, EXPIRES))
                } else {
                    store
                })
            });
        let opened = clock::within(PATIENCE, builder.build()).await;
        Ok(Self {
            database: opened.ok_or(StoreProblem::Blocked)?.map_err(problem)?,
        })
    }

    /// Closes the connection and opens another: what was removed leaves the browser's write-ahead log only then.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`], [`StoreProblem::Blocked`].
    pub async fn reopen(self) -> Result<Self, StoreProblem> {
        self.database.close();
        Self::open().await
    }

    /// Removes the whole database, whoever has it open.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`], [`StoreProblem::Blocked`].
    pub async fn erase(self) -> Result<(), StoreProblem> {
        self.database.close();
        let erased = clock::within(PATIENCE, Rexie::delete(DATABASE)).await;
        erased.ok_or(StoreProblem::Blocked)?.map_err(problem)
    }

    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn get(&self, table: Table, key: &str) -> Result<Option<Row>, StoreProblem> {
        let transaction = self.transaction(&[table], TransactionMode::ReadOnly)?;
        let store = transaction.store(table.name()).map_err(problem)?;
        let found = store.get(key.into()).await.map_err(problem)?;
        Ok(found.and_then(|value| row(key.to_owned(), &value)))
    }

    /// The rows whose keys begin like this, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn all(&self, table: Table, prefix: &str) -> Result<Vec<Row>, StoreProblem> {
        let transaction = self.transaction(&[table], TransactionMode::ReadOnly)?;
        let store = transaction.store(table.name()).map_err(problem)?;
        let keys = store.get_all_keys(range(prefix)?, None).await.map_err(problem)?;
        let values = store.get_all(range(prefix)?, None).await.map_err(problem)?;
        let pairs = keys.iter().zip(&values);
        Ok(pairs.filter_map(|(key, value)| row(key.as_string()?, value)).collect())
    }

    /// The keys that begin like this, in their order.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, StoreProblem> {
        let transaction = self.transaction(&[table], TransactionMode::ReadOnly)?;
        let store = transaction.store(table.name()).map_err(problem)?;
        let keys = store.get_all_keys(range(prefix)?, None).await.map_err(problem)?;
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    /// The keys of the rows whose time is over at `now`, of every vault.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn expired(&self, table: Table, now: u64) -> Result<Vec<String>, StoreProblem> {
        let transaction = self.transaction(&[table], TransactionMode::ReadOnly)?;
        let store = transaction.store(table.name()).map_err(problem)?;
        let due = KeyRange::upper_bound(&JsValue::from_f64(now as f64), None).map_err(|why| problem(why.into()))?;
        let keys = store
            .index(EXPIRES)
            .map_err(problem)?
            .get_all_keys(Some(due), None)
            .await
            .map_err(problem)?;
        Ok(keys.iter().filter_map(JsValue::as_string).collect())
    }

    /// All changes or none, in one transaction, and none if another tab was there first.
    ///
    /// # Errors
    /// [`StoreProblem::Conflict`], [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub async fn commit(&self, unless: Option<Unless<'_>>, changes: &[Change]) -> Result<(), StoreProblem> {
        // Values are made before the transaction is open.
        let values: Vec<Option<Object>> = changes.iter().map(value).collect();
        let mut tables: Vec<Table> = unless.iter().map(|unless| unless.table).collect();
        for change in changes {
            let table = change.table();
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        if tables.is_empty() {
            return Ok(());
        }
        let transaction = self.transaction(&tables, TransactionMode::ReadWrite)?;
        if let Err(why) = write(&transaction, unless, changes, &values).await {
            // What was written before would be committed; where the browser has stopped by itself there is nothing to stop.
            let _ = transaction.abort().await;
            return Err(why);
        }
        // What is written counts once the transaction is complete; one that the browser aborts by itself had no room.
        match transaction.done().await.map_err(problem)? {
            TransactionResult::Committed => Ok(()),
            TransactionResult::Aborted => Err(StoreProblem::Full),
        }
    }

    fn transaction(&self, tables: &[Table], mode: TransactionMode) -> Result<Transaction, StoreProblem> {
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        self.database.transaction(&names, mode).map_err(problem)
    }
}

impl Change {
    fn table(&self) -> Table {
        match self {
            Change::Put(table, _) | Change::Remove(table, _) | Change::RemoveAll(table, _) => *table,
        }
    }
}

async fn write(
    transaction: &Transaction,
    unless: Option<Unless<'_>>,
    changes: &[Change],
    values: &[Option<Object>],
) -> Result<(), StoreProblem> {
    if let Some(Unless { table, key, conflict }) = unless {
        let store = transaction.store(table.name()).map_err(problem)?;
        let stored = store.get(key.into()).await.map_err(problem)?;
        let stored = stored.and_then(|value| row(key.to_owned(), &value));
        if conflict(stored.as_ref().map(|row| row.bytes.as_slice())) {
            return Err(StoreProblem::Conflict);
        }
    }
    for (change, value) in changes.iter().zip(values) {
        let store = transaction.store(change.table().name()).map_err(problem)?;
        match (change, value) {
            (Change::Put(_, row), Some(value)) => store.put(value, Some(&row.key.as_str().into())).await.map(drop),
            (Change::Remove(_, key), _) => store.delete(key.as_str().into()).await,
            (Change::RemoveAll(_, prefix), _) => match range(prefix)? {
                Some(range) => store.delete(range.into()).await,
                None => store.clear().await,
            },
            (Change::Put(..), None) => Ok(()),
        }
        .map_err(problem)?;
    }
    Ok(())
}

fn value(change: &Change) -> Option<Object> {
    let Change::Put(_, row) = change else { return None };
    let value = Object::new();
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&value, &EXPIRES.into(), &JsValue::from_f64(row.expires as f64));
    let _ = Reflect::set(&value, &BYTES.into(), &Uint8Array::from(row.bytes.as_slice()));
    Some(value)
}

/// Version 1 stored the bytes alone.
fn row(key: String, value: &JsValue) -> Option<Row> {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Some(Row {
            key,
            expires: u64::MAX,
            bytes: bytes.to_vec(),
        });
    }
    let field = |name: &str| Reflect::get(value, &name.into()).ok();
    Some(Row {
        key,
        expires: field(EXPIRES)?.as_f64()? as u64,
        bytes: field(BYTES)?.dyn_ref::<Uint8Array>()?.to_vec(),
    })
}

/// Keys are plain ASCII, so this is past every one that begins like the prefix.
fn range(prefix: &str) -> Result<Option<KeyRange>, StoreProblem> {
    if prefix.is_empty() {
        return Ok(None);
    }
    let end = format!("{prefix}\u{7f}");
    KeyRange::bound(&prefix.into(), &end.as_str().into(), None, None)
        .map(Some)
        .map_err(|why| problem(why.into()))
}

/// The browser's exception is inside a nested error that shows only its text, and the text begins with its name.
fn problem(why: rexie::Error) -> StoreProblem {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{why:?}");
    if text.contains("QuotaExceeded") {
        StoreProblem::Full
    } else if text.contains("VersionError") {
        StoreProblem::Newer
    } else {
        StoreProblem::Unavailable
    }
}
