//! What is gone, and what only seems so.

use super::*;

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
