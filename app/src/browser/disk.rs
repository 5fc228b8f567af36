use js_sys::{AsyncIterator, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemRemoveOptions, FileSystemSyncAccessHandle,
};

use super::scope;
use crate::problem::StoreProblem;

/// A folder of the origin's private file system. Its files are written in place: what is overwritten and flushed there is
/// gone from the disk, which neither IndexedDB nor a file written anew can promise.
pub struct Folder(FileSystemDirectoryHandle);

/// An open file of the private file system; nobody else can open it meanwhile. Dropping it closes it.
pub struct File(FileSystemSyncAccessHandle);

impl Folder {
    /// # Errors
    /// [`StoreProblem::Unavailable`] where the browser has no private file system (an old one, a private window).
    pub async fn open(name: &str) -> Result<Self, StoreProblem> {
        let storage = scope::storage().ok_or(StoreProblem::Unavailable)?;
        let root: FileSystemDirectoryHandle = settled(storage.get_directory()).await?;
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        Ok(Self(
            settled(root.get_directory_handle_with_options(name, &options)).await?,
        ))
    }

    /// Opens a file for reading and writing in place; makes it when it is not there.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`] while somebody else has it open, or where files cannot be written in place.
    pub async fn file(&self, name: &str) -> Result<File, StoreProblem> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle: FileSystemFileHandle = settled(self.0.get_file_handle_with_options(name, &options)).await?;
        // Where the method is missing, calling it would be a fault of the page and not an answer.
        if !Reflect::has(&handle, &"createSyncAccessHandle".into()).unwrap_or(false) {
            return Err(StoreProblem::Unavailable);
        }
        Ok(File(settled(handle.create_sync_access_handle()).await?))
    }

    /// Opens a file that is there.
    ///
    /// # Errors
    /// As [`Folder::file`].
    pub async fn existing(&self, name: &str) -> Result<File, StoreProblem> {
        let handle: FileSystemFileHandle = settled(self.0.get_file_handle(name)).await?;
        Ok(File(settled(handle.create_sync_access_handle()).await?))
    }

    /// The names of the files in it, in no order.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub async fn names(&self) -> Result<Vec<String>, StoreProblem> {
        let keys: AsyncIterator = self.0.keys();
        let mut names = Vec::new();
        loop {
            let step: JsValue = settled(keys.next().map_err(problem)?).await?;
            let field = |name: &str| Reflect::get(&step, &name.into()).unwrap_or(JsValue::UNDEFINED);
            if field("done").is_truthy() {
                return Ok(names);
            }
            names.extend(field("value").as_string());
        }
    }

    /// # Errors
    /// [`StoreProblem::Unavailable`] for a file that is open or not there.
    pub async fn remove(&self, name: &str) -> Result<(), StoreProblem> {
        JsFuture::from(self.0.remove_entry(name))
            .await
            .map(drop)
            .map_err(problem)
    }
}

/// Removes everything from the origin's private file system.
///
/// # Errors
/// [`StoreProblem::Unavailable`] for a file that is open.
pub async fn clear() -> Result<(), StoreProblem> {
    let Some(storage) = scope::storage() else { return Ok(()) };
    // Without a private file system there is nothing in it.
    let Ok(root) = settled::<FileSystemDirectoryHandle>(storage.get_directory()).await else {
        return Ok(());
    };
    let root = Folder(root);
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    for name in root.names().await? {
        let removed = root.0.remove_entry_with_options(&name, &options);
        JsFuture::from(removed).await.map_err(problem)?;
    }
    Ok(())
}

impl File {
    /// Length in bytes.
    pub fn size(&self) -> Result<u64, StoreProblem> {
        self.0.get_size().map(|size| size as u64).map_err(problem)
    }

    /// The whole file.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub fn read(&self) -> Result<Vec<u8>, StoreProblem> {
        let size = usize::try_from(self.size()?).map_err(|_| StoreProblem::Unavailable)?;
        self.read_at(0, size)
    }

    /// So many bytes from `offset` on, or as many as there are.
    ///
    /// # Errors
    /// [`StoreProblem::Unavailable`].
    pub fn read_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, StoreProblem> {
        let mut bytes = vec![0; length];
        let read = self
            .0
            .read_with_u8_array_and_options(&mut bytes, &at(offset))
            .map_err(problem)?;
        bytes.truncate(read as usize);
        Ok(bytes)
    }

    /// Overwrites from `offset` on, in place; beyond the end the file grows.
    ///
    /// # Errors
    /// [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), StoreProblem> {
        let written = self
            .0
            .write_with_u8_array_and_options(bytes, &at(offset))
            .map_err(problem)?;
        // Fewer bytes than asked for are a disk without room.
        if written as usize == bytes.len() {
            Ok(())
        } else {
            Err(StoreProblem::Full)
        }
    }

    /// Waits until what was written is on the disk.
    ///
    /// # Errors
    /// [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub fn flush(&self) -> Result<(), StoreProblem> {
        self.0.flush().map_err(problem)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

async fn settled<T: JsCast>(promise: js_sys::Promise) -> Result<T, StoreProblem> {
    JsFuture::from(promise)
        .await
        .map(JsCast::unchecked_into)
        .map_err(problem)
}

fn problem(why: JsValue) -> StoreProblem {
    let name = why.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::name);
    match name.as_deref() {
        Some("QuotaExceededError") => StoreProblem::Full,
        Some(_) | None => StoreProblem::Unavailable,
    }
}
