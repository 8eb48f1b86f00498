//! The copy: what it costs the cloud, and what clients see in trouble.

mod absence;
mod freshness;
mod trouble;
mod unreadable;

use std::time::Duration;

use davbridge::domain::{ConnectionState, EntryId, Kind};
use http::StatusCode;

use crate::support::bridge::{Bridge, DRIVE};
use crate::support::reference::{Faults, ROOT, Reference};

fn root() -> EntryId {
    EntryId::new(ROOT)
}

fn failing(kind: Kind) -> Faults {
    Faults {
        all: Some(kind),
        ..Faults::default()
    }
}

#[tokio::test]
async fn names_told_apart_stay_after_a_restart() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "x", "first");
    cloud.put(&root(), "x", "second");
    let bridge = Bridge::over(&cloud);
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["x", "x~3"]);
    cloud.delete(&EntryId::new("2"));
    let bridge = Bridge::restarted(bridge.connections.clone());
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["x~3"]);
}
