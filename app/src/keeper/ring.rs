//! Where the keyring's bytes lie: a file that is overwritten in place, or rows of the database where there is none.

use vault::VaultId;
use vault::keyring::Write;

use super::name;
use super::protocol::Purge;
use crate::browser::clock;
use crate::browser::disk::{File, Folder};
use crate::browser::store::{Change, Row, Store, Table};
use crate::problem::StoreProblem;

/// The folder of the keyrings in the origin's private file system.
const FOLDER: &str = "sotto-keyrings";

/// Written to find out whether files can be.
const PROBE: &str = "probe";

/// The database keeps a keyring in pieces of this size; every write lies inside one.
const PIECE: usize = 4_096;

/// Where keyrings are kept on this device.
pub enum Rings {
    Files(Folder),
    Rows,
}

/// One vault's keyring; while it is open, no other tab can open it.
pub enum Ring {
    File(File),
    Rows(VaultId),
}

impl Rings {
    /// The private file system if there is one in which files can be written in place, else the database.
    pub async fn find() -> Self {
        let Ok(folder) = Folder::open(FOLDER).await else {
            return Rings::Rows;
        };
        // A full disk is no disk without files: whoever took it for one would look for the keys in the wrong place.
        let works = match folder.file(PROBE).await {
            Ok(file) => file.write(0, &[1]) != Err(StoreProblem::Unavailable),
            Err(why) => why == StoreProblem::Full,
        };
        // The probe holds nothing; one that stays is overwritten the next time.
        let _ = folder.remove(PROBE).await;
        if works { Rings::Files(folder) } else { Rings::Rows }
    }

    /// A recording is written piece by piece, which a database cannot do: there are journals where there are files.
    pub async fn journals(&self) -> Option<Folder> {
        match self {
            Rings::Files(_) => Folder::open("sotto-journals").await.ok(),
            Rings::Rows => None,
        }
    }

    pub fn purge(&self) -> Purge {
        match self {
            Rings::Files(_) => Purge::Exact,
            Rings::Rows => Purge::BestEffort,
        }
    }

    /// Whether any vault has its keyring here; rows are never here without their vault.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn hold_any(&self) -> Result<bool, StoreProblem> {
        match self {
            Rings::Files(folder) => Ok(folder.names().await?.iter().any(|name| name != PROBE)),
            Rings::Rows => Ok(false),
        }
    }

    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn open(&self, vault: VaultId) -> Result<Ring, StoreProblem> {
        match self {
            Rings::Files(folder) => Ok(Ring::File(open_soon(folder, &name(&vault.0)).await?)),
            Rings::Rows => Ok(Ring::Rows(vault)),
        }
    }

    /// Overwrites a vault's keyring with zeros and removes it.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`]; rows go with the vault's others.
    pub async fn erase(&self, vault: VaultId) -> Result<(), StoreProblem> {
        match self {
            Rings::Files(folder) => erase_file(folder, &name(&vault.0)).await,
            Rings::Rows => Ok(()),
        }
    }

    /// Every vault's.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`]; the rows go with their database.
    pub async fn erase_all(&self) -> Result<(), StoreProblem> {
        let Rings::Files(folder) = self else { return Ok(()) };
        for name in folder.names().await? {
            erase_file(folder, &name).await?;
        }
        Ok(())
    }
}

impl Ring {
    /// The whole keyring; empty for a vault that has none yet.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn read(&self, store: &Store) -> Result<Vec<u8>, StoreProblem> {
        match self {
            Ring::File(file) => file.read(),
            Ring::Rows(vault) => {
                let rows = store.all(Table::Slots, &prefix(*vault)).await?;
                Ok(rows.into_iter().flat_map(|row| row.bytes).collect())
            }
        }
    }

    /// Carries out each write and waits until it is on the disk before the next: whatever a crash leaves, one copy of each
    /// slot is whole.
    ///
    /// # Errors
    /// [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub async fn carry_out(&self, store: &Store, writes: &[Write]) -> Result<(), StoreProblem> {
        for Write { offset, bytes } in writes {
            match self {
                Ring::File(file) => {
                    file.write(*offset, bytes)?;
                    file.flush()?;
                }
                Ring::Rows(vault) => write_row(store, *vault, *offset, bytes).await?,
            }
        }
        Ok(())
    }
}

async fn erase_file(folder: &Folder, name: &str) -> Result<(), StoreProblem> {
    let file = open_soon(folder, name).await?;
    let length = usize::try_from(file.size()?).map_err(|_| StoreProblem::Unavailable)?;
    file.write(0, &vec![0; length])?;
    file.flush()?;
    drop(file);
    folder.remove(name).await
}

/// A worker that was ended a moment ago may still have the file.
async fn open_soon(folder: &Folder, name: &str) -> Result<File, StoreProblem> {
    const TRIES: u32 = 100;
    const PAUSE: u32 = 50;
    for _ in 1..TRIES {
        if let Ok(file) = folder.file(name).await {
            return Ok(file);
        }
        clock::sleep(PAUSE).await;
    }
    folder.file(name).await
}

async fn write_row(store: &Store, vault: VaultId, offset: u64, bytes: &[u8]) -> Result<(), StoreProblem> {
    let within = (offset % PIECE as u64) as usize;
    let key = format!("{}{:012}", prefix(vault), offset / PIECE as u64);
    let mut piece = store
        .get(Table::Slots, &key)
        .await?
        .map_or_else(|| vec![0; PIECE], |row| row.bytes);
    piece[within..within + bytes.len()].copy_from_slice(bytes);
    let row = Row {
        key,
        expires: u64::MAX,
        bytes: piece,
    };
    store.commit(None, &[Change::Put(Table::Slots, row)]).await
}

fn prefix(vault: VaultId) -> String {
    format!("{}/", name(&vault.0))
}
