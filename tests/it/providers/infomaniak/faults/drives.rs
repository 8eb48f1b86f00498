//! The list of drives in trouble.

use super::*;

#[tokio::test]
async fn drives_are_complete_or_an_error() {
    let sim = Sim::new().await;
    let whole = sim.files.roots(&call()).await.unwrap();
    for route in ["GET /1/accounts", "GET /2/drive"] {
        for (bug, kind) in answers() {
            sim.cloud
                .faults([Fault::on(route, bug.clone()).nth(1).always()]);
            let error = sim
                .files
                .roots(&call())
                .await
                .expect_err(&format!("{route} {bug:?}"));
            assert_eq!(error.kind(), kind, "{route} {bug:?}");
            sim.cloud.clear_faults();
        }
    }
    // the second account of three, an id that is gone, a name that is gone
    sim.cloud
        .faults([Fault::on("GET /2/drive", status(403, "access_denied")).nth(2)]);
    assert_eq!(
        sim.files.roots(&call()).await.unwrap_err().kind(),
        Kind::Forbidden
    );
    let no_id = Bug::BadRecord {
        index: 0,
        how: Bad::NoId,
    };
    sim.cloud.faults([Fault::on("GET /2/drive", no_id).nth(2)]);
    assert_eq!(
        sim.files.roots(&call()).await.unwrap_err().kind(),
        Kind::Broken
    );
    let no_name = Bug::BadRecord {
        index: 0,
        how: Bad::NoName,
    };
    sim.cloud
        .faults([Fault::on("GET /2/drive", no_name).nth(2)]);
    let roots = sim.files.roots(&call()).await.unwrap();
    assert_eq!(roots.len(), whole.len());
    assert_eq!(roots[0].name, format!("kDrive {DRIVE}"));
}

#[tokio::test]
async fn maintenance_takes_no_drive_away() {
    let sim = Sim::new().await;
    let whole = sim.files.roots(&call()).await.unwrap();
    let asleep = cloud::Maintenance {
        reason: "technical".to_owned(),
        types: vec!["asleep".to_owned()],
    };
    sim.cloud.drive().edit(&cloud::Edit::Maintenance {
        maintenance: Some(asleep),
    });
    assert_eq!(sim.files.roots(&call()).await.unwrap(), whole);
    let error = list(&sim).await.unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    // the feed is tried on the drive that is awake
    let ability = sim.provider.ability(&call()).await.unwrap();
    assert!(ability.files.unwrap().change_feed);
}
