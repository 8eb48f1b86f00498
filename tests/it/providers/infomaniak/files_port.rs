//! The shared suite on Infomaniak.

use async_trait::async_trait;
use bytes::Bytes;
use cloud::{FeedAccess, Options};
use davbridge::domain::{DriveId, EntryId, Files, FilesAbility};

use crate::conformance::files::{World, all};
use crate::support::infomaniak::{PRIVATE, Sim, call, drive, id};

struct Infomaniak(Sim);

#[async_trait]
impl World for Infomaniak {
    fn files(&self) -> &dyn Files {
        &*self.0.files
    }

    async fn ability(&self) -> FilesAbility {
        let ability = self.0.provider.ability(&call()).await.unwrap();
        ability.files.unwrap()
    }

    async fn place(&self) -> (DriveId, EntryId) {
        (drive(), id(PRIVATE))
    }

    async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        self.0.make_folder(parent, name).await
    }

    async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId {
        self.0.put(parent, name, content).await
    }

    async fn replace(&self, id: &EntryId, content: Bytes) {
        self.0.upload(&[("file_id", id.as_str())], content).await;
    }

    async fn rename(&self, id: &EntryId, name: &str) {
        self.0.rename(id, name).await;
    }

    async fn move_to(&self, id: &EntryId, parent: &EntryId) {
        self.0.move_to(id, parent).await;
    }

    async fn delete(&self, id: &EntryId) {
        self.0.delete(id).await;
    }
}

#[tokio::test]
async fn infomaniak_keeps_the_port() {
    for access in [
        FeedAccess::Accepted,
        FeedAccess::Redirect,
        FeedAccess::Forbidden,
    ] {
        let mut options = Options::default();
        options.switches.change_feed = access;
        let world = Infomaniak(Sim::with(options, |_| {}).await);
        assert_eq!(
            world.ability().await.change_feed,
            access == FeedAccess::Accepted
        );
        all(&world).await;
    }
}
