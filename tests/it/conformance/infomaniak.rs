//! Infomaniak's drives keep the `Files` port, with and without the change feed.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use cloud::Options;
use davbridge::domain::{Call, DriveId, EntryId, Files, FilesAbility, Provider};
use davbridge::providers::infomaniak::FeedMode;

use super::files::{self, World};
use crate::support::infomaniak::{OtherClient, provider, start};

struct KDrive {
    provider: Arc<dyn Provider>,
    files: Arc<dyn Files>,
    other: OtherClient,
    place: EntryId,
}

#[async_trait]
impl World for KDrive {
    fn files(&self) -> &dyn Files {
        &*self.files
    }

    async fn ability(&self) -> FilesAbility {
        self.provider
            .ability(&Call::interactive())
            .await
            .unwrap()
            .files
            .unwrap()
    }

    async fn place(&self) -> (DriveId, EntryId) {
        (
            DriveId::new(self.other.drive.to_string()),
            self.place.clone(),
        )
    }

    async fn make_folder(&self, parent: &EntryId, name: &str) -> EntryId {
        self.other.make_folder(parent, name).await
    }

    async fn put(&self, parent: &EntryId, name: &str, content: Bytes) -> EntryId {
        self.other.put(parent, name, content).await
    }

    async fn replace(&self, id: &EntryId, content: Bytes) {
        self.other.replace(id, content).await;
    }

    async fn rename(&self, id: &EntryId, name: &str) {
        self.other.rename(id, name).await;
    }

    async fn move_to(&self, id: &EntryId, parent: &EntryId) {
        self.other.move_to(id, parent).await;
    }

    async fn delete(&self, id: &EntryId) {
        self.other.delete(id).await;
    }
}

async fn keeps_the_port(options: Options, feed: FeedMode) {
    let cloud = start(options).await;
    let provider = provider(&cloud, feed);
    let other = OtherClient::new(&cloud).await;
    let private = other.private().await;
    let place = other.make_folder(&private, "conformance").await;
    let files = provider.files().unwrap();
    let world = KDrive {
        provider,
        files,
        other,
        place,
    };
    files::all(&world).await;
}

#[tokio::test]
async fn kdrive_keeps_the_port() {
    keeps_the_port(Options::default(), FeedMode::Probe).await;
}

#[tokio::test]
async fn kdrive_keeps_the_port_without_its_feed() {
    keeps_the_port(Options::default(), FeedMode::Off).await;
}
