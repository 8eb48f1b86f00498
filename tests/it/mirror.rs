//! The copy: what it costs the cloud, and what clients see in trouble.

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
async fn within_the_window_nothing_is_asked() {
    for feed in [true, false] {
        let cloud = Reference::new(feed);
        for number in 0..20 {
            let folder = cloud.make_folder(&root(), &format!("folder {number}"));
            cloud.put(&folder, "f", "x");
        }
        let bridge = Bridge::over(&cloud);
        let folders = bridge.list(DRIVE).await.unwrap();
        for folder in &folders {
            bridge
                .list(&format!("{DRIVE}/{}", folder.replace(' ', "%20")))
                .await
                .unwrap();
        }
        cloud.take_calls();
        for folder in &folders {
            bridge
                .list(&format!("{DRIVE}/{}", folder.replace(' ', "%20")))
                .await
                .unwrap();
        }
        assert_eq!(cloud.take_calls(), 0, "feed: {feed}");
    }
}

#[tokio::test]
async fn one_feed_call_vouches_for_all_folders() {
    let cloud = Reference::new(true);
    let folders: Vec<_> = (0..20)
        .map(|number| cloud.make_folder(&root(), &format!("f{number}")))
        .collect();
    let bridge = Bridge::over(&cloud);
    for number in 0..20 {
        bridge.list(&format!("{DRIVE}/f{number}")).await.unwrap();
    }
    cloud.take_calls();
    bridge.clock.forward(Duration::from_secs(16));
    for number in 0..20 {
        bridge.list(&format!("{DRIVE}/f{number}")).await.unwrap();
    }
    assert_eq!(cloud.take_calls(), 1, "one look at the feed");
    bridge.clock.forward(Duration::from_secs(16));
    cloud.put(&folders[3], "new", "x");
    assert_eq!(bridge.list(&format!("{DRIVE}/f3")).await.unwrap(), ["new"]);
    for number in 0..20 {
        bridge.list(&format!("{DRIVE}/f{number}")).await.unwrap();
    }
    assert_eq!(
        cloud.take_calls(),
        2,
        "the feed, and the one folder that changed"
    );
}

#[tokio::test]
async fn the_feed_tells_of_every_kind_of_change() {
    let cloud = Reference::new(true);
    let one = cloud.make_folder(&root(), "one");
    let two = cloud.make_folder(&root(), "two");
    let file = cloud.put(&one, "f", "x");
    let bridge = Bridge::over(&cloud);
    let lists = async || {
        bridge.clock.forward(Duration::from_secs(16));
        let one = bridge.list(&format!("{DRIVE}/one")).await.unwrap();
        (one, bridge.list(&format!("{DRIVE}/two")).await.unwrap())
    };
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(lists().await, (names(&["f"]), names(&[])));
    cloud.move_to(&file, &two, "g");
    assert_eq!(lists().await, (names(&[]), names(&["g"])));
    cloud.delete(&file);
    assert_eq!(lists().await, (names(&[]), names(&[])));
    cloud.put(&two, "h", "x");
    cloud.forget_changes();
    assert_eq!(
        lists().await,
        (names(&[]), names(&["h"])),
        "after a stale cursor everything is listed anew"
    );
}

#[tokio::test]
async fn without_a_feed_a_minute_is_the_limit() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    assert_eq!(bridge.list(DRIVE).await.unwrap(), Vec::<String>::new());
    cloud.put(&root(), "new", "x");
    bridge.clock.forward(Duration::from_secs(59));
    assert_eq!(bridge.list(DRIVE).await.unwrap(), Vec::<String>::new());
    bridge.clock.forward(Duration::from_secs(1));
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["new"]);
}

#[tokio::test]
async fn trouble_shows_the_last_complete_state_and_then_503() {
    for feed in [true, false] {
        for kind in [Kind::Down, Kind::Busy { retry_after: None }, Kind::Broken] {
            let cloud = Reference::new(feed);
            cloud.put(&root(), "f", "x");
            let bridge = Bridge::over(&cloud);
            bridge.list(DRIVE).await.unwrap();
            cloud.set_faults(failing(kind));
            bridge.clock.forward(Duration::from_mins(5));
            assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"], "{feed} {kind:?}");
            bridge.clock.forward(Duration::from_mins(6));
            assert_eq!(
                bridge.list(DRIVE).await.unwrap_err(),
                StatusCode::SERVICE_UNAVAILABLE,
                "{feed} {kind:?}"
            );
            cloud.set_faults(Faults::default());
            assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"], "{feed} {kind:?}");
        }
    }
}

#[tokio::test]
async fn trouble_from_the_start_is_503() {
    for kind in [
        Kind::Down,
        Kind::Busy { retry_after: None },
        Kind::Broken,
        Kind::SignedOut,
    ] {
        let cloud = Reference::new(true);
        cloud.put(&root(), "f", "x");
        let bridge = Bridge::over(&cloud);
        cloud.set_faults(failing(kind));
        assert_eq!(
            bridge.list(DRIVE).await.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(
            bridge.list("/dav/files/anna/ref").await.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(
            bridge.list("/dav/files/anna").await.unwrap(),
            ["Anna (reference)"],
            "the home still answers"
        );
        assert_eq!(
            bridge.propfind("/dav/files/anna/ref", "0").await.status,
            StatusCode::MULTI_STATUS
        );
        assert_eq!(
            bridge.get(&format!("{DRIVE}/f"), &[]).await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
}

#[tokio::test]
async fn a_signed_out_account_serves_no_contents_and_is_noted() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(failing(Kind::SignedOut));
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(
        bridge.list(DRIVE).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    cloud.set_faults(Faults::default());
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"]);
    let notes = bridge.connections.notes.lock().unwrap().clone();
    assert_eq!(notes, [ConnectionState::SignedOut, ConnectionState::Active]);
}

#[tokio::test]
async fn a_cloud_in_trouble_is_left_alone() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(failing(Kind::Down));
    bridge.clock.forward(Duration::from_secs(61));
    cloud.take_calls();
    for _ in 0..50 {
        bridge.list(DRIVE).await.unwrap();
    }
    assert_eq!(cloud.take_calls(), 1);
}

#[tokio::test]
async fn an_unreadable_record_keeps_its_last_good_reading() {
    let cloud = Reference::new(false);
    let bad = cloud.put(&root(), "bad", "x");
    cloud.put(&root(), "good", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    for with_id in [true, false] {
        cloud.set_faults(Faults {
            unreadable: Some((bad.clone(), with_id)),
            ..Faults::default()
        });
        bridge.clock.forward(Duration::from_secs(61));
        let mut names = bridge.list(DRIVE).await.unwrap();
        names.sort();
        assert_eq!(names, ["bad", "good"], "with an id: {with_id}");
    }
}

#[tokio::test]
async fn an_unreadable_record_is_read_alone_or_fails_the_listing() {
    let cloud = Reference::new(false);
    let bad = cloud.put(&root(), "bad", "x");
    let faults = |with_id, entry| Faults {
        unreadable: Some((bad.clone(), with_id)),
        entry,
        ..Faults::default()
    };
    cloud.set_faults(faults(true, None));
    assert_eq!(
        Bridge::over(&cloud).list(DRIVE).await.unwrap(),
        ["bad"],
        "the single reading helps"
    );
    for (with_id, entry) in [(true, Some(Kind::Broken)), (false, None)] {
        cloud.set_faults(faults(with_id, entry));
        let listed = Bridge::over(&cloud).list(DRIVE).await;
        assert_eq!(
            listed.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE,
            "it may be one that clients have"
        );
    }
}

#[tokio::test]
async fn a_new_unreadable_record_blocks_nothing() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "good", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    let bad = cloud.put(&root(), "bad", "x");
    cloud.set_faults(Faults {
        unreadable: Some((bad, false)),
        ..Faults::default()
    });
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["good"]);
}

#[tokio::test]
async fn a_folder_is_gone_only_when_its_parent_agrees() {
    let cloud = Reference::new(false);
    let folder = cloud.make_folder(&root(), "folder");
    let bridge = Bridge::over(&cloud);
    bridge.list(&format!("{DRIVE}/folder")).await.unwrap();
    cloud.set_faults(Faults {
        children: Some(Kind::NotFound),
        ..Faults::default()
    });
    bridge.clock.forward(Duration::from_secs(61));
    let listed = bridge.list(&format!("{DRIVE}/folder")).await;
    assert_eq!(
        listed.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE,
        "not even the root is there: trouble"
    );
    cloud.set_faults(Faults::default());
    cloud.delete(&folder);
    bridge.clock.forward(Duration::from_secs(61));
    assert_eq!(
        bridge.list(&format!("{DRIVE}/folder")).await.unwrap_err(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_forbidden_folder_is_forbidden_while_it_is_listed() {
    let cloud = Reference::new(false);
    let folder = cloud.make_folder(&root(), "folder");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    let path = format!("{DRIVE}/folder");
    cloud.set_faults(Faults {
        children_of: Some((folder.clone(), Kind::Forbidden)),
        ..Faults::default()
    });
    assert_eq!(bridge.list(&path).await.unwrap_err(), StatusCode::FORBIDDEN);
    cloud.delete(&folder);
    assert_eq!(bridge.list(&path).await.unwrap_err(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_look_without_a_drive_proves_nothing() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(Faults {
        no_drive: true,
        ..Faults::default()
    });
    bridge.clock.forward(Duration::from_hours(1));
    assert_eq!(
        bridge.list("/dav/files/anna/ref").await.unwrap(),
        ["Reference drive"]
    );
    bridge.clock.forward(Duration::from_hours(1));
    assert_eq!(
        bridge.list("/dav/files/anna/ref").await.unwrap(),
        Vec::<String>::new(),
        "a second one agrees"
    );
}

#[tokio::test]
async fn one_look_without_any_drive_after_a_restart_proves_nothing() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(Faults {
        no_drive: true,
        ..Faults::default()
    });
    let bridge = Bridge::restarted(bridge.connections.clone());
    let home = "/dav/files/anna/ref";
    for path in [home, DRIVE] {
        assert_eq!(
            bridge.list(path).await.unwrap_err(),
            StatusCode::SERVICE_UNAVAILABLE
        );
    }
    bridge.clock.forward(Duration::from_mins(11));
    assert_eq!(
        bridge.list(home).await.unwrap(),
        Vec::<String>::new(),
        "a second look agrees"
    );
}

#[tokio::test]
async fn a_refresh_looks_anew_and_still_survives_trouble() {
    let cloud = Reference::new(true);
    cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    bridge.connections.next_generation();
    cloud.set_faults(failing(Kind::Down));
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"]);
    cloud.set_faults(Faults::default());
    bridge.connections.next_generation();
    cloud.put(&root(), "g", "x");
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f", "g"]);
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

#[tokio::test]
async fn a_store_in_trouble_is_503() {
    let cloud = Reference::new(false);
    let bridge = Bridge::over(&cloud);
    for kind in [Kind::Down, Kind::Full, Kind::Busy { retry_after: None }] {
        *bridge.connections.trouble.lock().unwrap() = Some(kind);
        for path in [DRIVE, "/dav/files/anna/"] {
            assert_eq!(
                bridge.list(path).await.unwrap_err(),
                StatusCode::SERVICE_UNAVAILABLE,
                "{kind:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_cloud_makes_nobody_wait_longer_than_patience() {
    let cloud = Reference::new(false);
    cloud.put(&root(), "f", "x");
    let bridge = Bridge::over(&cloud);
    bridge.list(DRIVE).await.unwrap();
    cloud.set_faults(Faults {
        slow: Some(Duration::from_secs(60)),
        ..Faults::default()
    });
    tokio::time::advance(Duration::from_secs(61)).await;
    let asked = tokio::time::Instant::now();
    assert_eq!(bridge.list(DRIVE).await.unwrap(), ["f"]);
    assert_eq!(asked.elapsed().as_secs(), 8);
    let cold = Bridge::over(&cloud);
    assert_eq!(
        cold.list(DRIVE).await.unwrap_err(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(asked.elapsed().as_secs(), 8 + 25);
}
