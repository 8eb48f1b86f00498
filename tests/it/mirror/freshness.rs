//! When the cloud is asked, and when not.

use super::*;

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
