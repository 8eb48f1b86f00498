//! The reference cloud passes the suite in every manner.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use davbridge::domain::{Contact, Event, ItemId, Items, ShelfId};

use super::items::{Titled, World, all};
use crate::support::items::{Cloud, Faults, Manner, Sample};

struct InMemory<K: Sample> {
    cloud: Arc<Cloud<K>>,
    next: AtomicU32,
}

#[async_trait]
impl<K: Sample> World<K> for InMemory<K> {
    fn items(&self) -> &dyn Items<K> {
        &*self.cloud
    }

    fn shelf(&self) -> ShelfId {
        ShelfId::new("s1")
    }

    async fn put(&self, title: &str, at: DateTime<Utc>) -> ItemId {
        let id = self.next.fetch_add(1, Ordering::SeqCst).to_string();
        self.cloud.put(&id, "s1", title, at);
        ItemId::new(id)
    }

    async fn change(&self, item: &ItemId, title: &str) {
        self.cloud.retitle(item.as_str(), title);
    }

    async fn remove(&self, item: &ItemId) {
        self.cloud.remove(item.as_str());
    }

    async fn spoil(&self, item: &ItemId) {
        self.cloud.set_faults(Faults {
            unreadable: Some(item.clone()),
            ..Faults::default()
        });
    }

    async fn mend(&self) {
        self.cloud.heal();
    }
}

async fn keeps<K: Sample + Titled>(manner: Manner) {
    let world = InMemory {
        cloud: Cloud::<K>::new(manner),
        next: AtomicU32::new(100),
    };
    all(&world).await;
}

#[tokio::test]
async fn the_reference_cloud_keeps_the_port() {
    for manner in Manner::ALL {
        keeps::<Event>(manner).await;
        keeps::<Contact>(Manner {
            windows: false,
            ..manner
        })
        .await;
    }
}
