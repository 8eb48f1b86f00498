//! Records that cannot be read.

use super::*;

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
