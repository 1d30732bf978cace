//! Bytes of attachments and raw mail, by key, in a folder of the data directory.
//!
//! A file is written and synced before the row that names it is committed, so a row never points at nothing.

use std::path::Path;
use std::sync::Arc;

use base::{Error, Result};
use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::internal(format!("{}: {error}", folder.display())))?;
        let store =
            object_store::local::LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?.with_fsync(true);
        Ok(Files { store: Arc::new(store) })
    }

    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        self.store.put(&object_store::path::Path::from(key), PutPayload::from(bytes)).await.map_err(Error::internal)?;
        Ok(())
    }

    pub async fn get(&self, key: &str) -> Result<Bytes> {
        match self.store.get(&object_store::path::Path::from(key)).await {
            Ok(found) => found.bytes().await.map_err(Error::internal),
            Err(object_store::Error::NotFound { .. }) => Err(Error::NotFound("file")),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// Removes a file; one that is gone already is fine.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&object_store::path::Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::internal(error)),
        }
    }
}
