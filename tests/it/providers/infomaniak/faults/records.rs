//! Bad records and bad lists.

use super::*;

#[tokio::test]
async fn one_bad_record_spoils_no_other() {
    let sim = sim().await;
    let whole = list(&sim).await.unwrap();
    let ids = |listing: &Listing| -> BTreeSet<EntryId> {
        listing
            .entries
            .iter()
            .map(|entry| entry.id.clone())
            .collect()
    };
    for how in [
        Bad::Types,
        Bad::NoName,
        Bad::NoId,
        Bad::Null,
        Bad::Text,
        Bad::Deep,
    ] {
        sim.cloud
            .faults([Fault::on(LISTING, Bug::BadRecord { index: 2, how }).page(2)]);
        let listing = list(&sim).await.unwrap();
        let lost = &ids(&whole) - &ids(&listing);
        assert_eq!(lost.len(), 1, "{how:?}");
        let [bad] = &listing.unreadable[..] else {
            panic!("{how:?}: {:?}", listing.unreadable)
        };
        if matches!(how, Bad::Types | Bad::NoName) {
            assert_eq!(bad.id.as_ref(), lost.first(), "{how:?}");
        }
    }
    sim.cloud.faults([Fault::on(
        LISTING,
        Bug::BadRecord {
            index: 2,
            how: Bad::Surrogate,
        },
    )
    .page(2)]);
    let listing = list(&sim).await.unwrap();
    assert_eq!(ids(&listing), ids(&whole));
    assert_eq!(listing.entries[7].name, "half \u{FFFD} pair.txt");
}

#[tokio::test]
async fn a_list_that_does_not_end_or_has_no_cursor_is_an_error() {
    let sim = sim().await;
    let first = format!("/3/drive/{DRIVE}/files/{PRIVATE}/files?limit=5");
    let cursor = sim.top("GET", &first).await["cursor"].take();
    assert!(cursor.is_string());
    sim.cloud.faults([
        Fault::on(LISTING, patch("/cursor", Some(cursor))).always(),
        Fault::on(LISTING, patch("/has_more", json!(true))).always(),
    ]);
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::Broken);
    sim.cloud.clear_faults();
    for none in [Some(Value::Null), None, Some(json!("")), Some(json!(7))] {
        sim.cloud
            .faults([Fault::on(LISTING, patch("/cursor", none.clone())).page(1)]);
        assert_eq!(
            list(&sim).await.unwrap_err().kind(),
            Kind::Broken,
            "{none:?}"
        );
    }
    sim.cloud
        .faults([Fault::on(LISTING, patch("/cursor", json!("dead"))).page(1)]);
    assert_eq!(list(&sim).await.unwrap_err().kind(), Kind::Down);
}

#[tokio::test]
async fn a_record_of_another_folder_is_not_taken_for_a_child() {
    let sim = sim().await;
    sim.cloud
        .faults([Fault::on(LISTING, patch("/data/1/parent_id", json!(4711)))]);
    let listing = list(&sim).await.unwrap();
    assert_eq!(listing.unreadable.len(), 1);
}
