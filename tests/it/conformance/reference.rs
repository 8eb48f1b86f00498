//! The reference provider passes the suite without exceptions.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use davbridge::domain::{Call, DriveId, EntryId, Files, FilesAbility, Provider};

use super::files::{self, World};
use crate::support::reference::{Account, DRIVE, ROOT, Reference};

struct InMemory(Arc<Reference>);

#[async_trait]
impl World for InMemory {
    fn files(&self) -> &dyn Files {
        &*self.0
    }

    async fn ability(&self) -> FilesAbility {
        let ability = Account(self.0.clone()).ability(&Call::interactive()).await;
        ability.unwrap().files.unwrap()
    }

    async fn place(&self) -> (DriveId, EntryId) {
        (DriveId::new(DRIVE), EntryId::new(ROOT))
    }

    async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        self.0.make_folder(parent, name)
    }

    async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId {
        self.0.put(parent, name, content)
    }

    async fn replace(&self, id: &EntryId, content: Bytes) {
        self.0.replace(id, content);
    }

    async fn rename(&self, id: &EntryId, name: &str) {
        self.0.rename(id, name);
    }

    async fn move_to(&self, id: &EntryId, parent: &EntryId) {
        self.0.relocate(id, parent);
    }

    async fn delete(&self, id: &EntryId) {
        self.0.delete(id);
    }
}

#[tokio::test]
async fn the_reference_provider_keeps_the_port() {
    for feed in [true, false] {
        files::all(&InMemory(Reference::new(feed))).await;
    }
}
