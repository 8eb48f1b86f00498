//! The corpus: what the simulation says of odd events and contacts.

use std::collections::BTreeMap;

use cloud::{Options, Recurring};
use serde_json::Value;

use crate::client::{Rig, rig_with};
use crate::events::window;

const CALENDAR: u64 = 1_379_010;

async fn corpus() -> Rig {
    rig_with(Options {
        events: 0,
        contacts: 0,
        corpus: true,
        ..Options::default()
    })
    .await
}

/// Where each instance begins and ends, by case.
fn by_case(rig: &Rig) -> BTreeMap<String, Vec<(String, String)>> {
    let all = rig
        .cloud
        .pim()
        .instances(CALENDAR, "2026-01-01", "2028-01-01");
    let mut cases: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for one in all.instances {
        let case = cases.entry(one.case.expect("a case")).or_default();
        case.push((one.start, one.end));
    }
    cases
}

/// All instances of a case, worked out by hand.
const BY_HAND: &[(&str, &[(&str, &str)])] = &[
    (
        "begins in the hour that is not there",
        &[("2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z")],
    ),
    (
        "begins in the double hour, second time",
        &[("2026-10-25T01:30:00Z", "2026-10-25T01:45:00Z")],
    ),
    (
        "over the spring change",
        &[("2026-03-28T21:00:00Z", "2026-03-29T03:00:00Z")],
    ),
    (
        "all day, end equal to start",
        &[("2026-06-10", "2026-06-11")],
    ),
    (
        "daily over the spring change in the missing hour",
        &[
            ("2026-03-27T01:30:00Z", "2026-03-27T02:00:00Z"),
            ("2026-03-28T01:30:00Z", "2026-03-28T02:00:00Z"),
            ("2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z"),
            ("2026-03-30T00:30:00Z", "2026-03-30T01:00:00Z"),
            ("2026-03-31T00:30:00Z", "2026-03-31T01:00:00Z"),
        ],
    ),
    (
        "until in UTC, one second short",
        &[
            ("2026-06-01T07:00:00Z", "2026-06-01T08:00:00Z"),
            ("2026-06-08T07:00:00Z", "2026-06-08T08:00:00Z"),
            ("2026-06-15T07:00:00Z", "2026-06-15T08:00:00Z"),
        ],
    ),
    (
        "until a date, all day",
        &[
            ("2026-06-01", "2026-06-02"),
            ("2026-06-08", "2026-06-09"),
            ("2026-06-15", "2026-06-16"),
            ("2026-06-22", "2026-06-23"),
        ],
    ),
    (
        "friday the 13th",
        &[
            ("2026-03-13T08:00:00Z", "2026-03-13T09:00:00Z"),
            ("2026-11-13T08:00:00Z", "2026-11-13T09:00:00Z"),
            ("2027-08-13T07:00:00Z", "2027-08-13T08:00:00Z"),
        ],
    ),
    (
        "thanksgiving",
        &[
            ("2026-11-26T14:00:00Z", "2026-11-26T15:00:00Z"),
            ("2027-11-25T14:00:00Z", "2027-11-25T15:00:00Z"),
        ],
    ),
    (
        "an instance moved in from long ago",
        &[("2026-06-15T07:00:00Z", "2026-06-15T08:00:00Z")],
    ),
    (
        "flight: different zones",
        &[("2026-06-10T08:00:00Z", "2026-06-10T16:30:00Z")],
    ),
    (
        "birthday since 1955",
        &[("2026-06-10", "2026-06-11"), ("2027-06-10", "2027-06-11")],
    ),
];

/// The first days of a case, worked out by hand.
const FIRST_DAYS: &[(&str, &[&str])] = &[
    // RFC 5545 §3.8.5.3 shows the same rule with the week's begin making the difference
    (
        "week begins on Sunday",
        &["2026-06-02", "2026-06-14", "2026-06-16", "2026-06-28"],
    ),
    (
        "week begins on Monday",
        &["2026-06-02", "2026-06-07", "2026-06-16", "2026-06-21"],
    ),
    (
        "last working day",
        &[
            "2026-06-30",
            "2026-07-31",
            "2026-08-31",
            "2026-09-30",
            "2026-10-30",
        ],
    ),
    (
        "fifth monday",
        &["2026-06-29", "2026-08-31", "2026-11-30", "2027-03-29"],
    ),
    (
        "all day, weekly, with exceptions",
        &["2026-06-03", "2026-06-19", "2026-06-24", "2026-07-01"],
    ),
    (
        "an instance moved to another day",
        &["2026-06-03", "2026-06-11", "2026-06-17"],
    ),
];

#[tokio::test]
async fn instances_are_those_worked_out_by_hand() {
    let rig = corpus().await;
    let cases = by_case(&rig);
    for (case, wanted) in BY_HAND {
        let brief = |(start, end): &(String, String)| (start.clone(), end.clone());
        let found: Vec<(String, String)> = cases[*case].iter().map(brief).collect();
        let wanted = wanted
            .iter()
            .map(|(start, end)| ((*start).to_owned(), (*end).to_owned()));
        assert_eq!(found, wanted.collect::<Vec<_>>(), "{case}");
    }
    for (case, wanted) in FIRST_DAYS {
        let days: Vec<&str> = cases[*case].iter().map(|one| &one.0[..10]).collect();
        assert_eq!(days[..wanted.len()], **wanted, "{case}");
    }
    for (case, count) in [
        ("weekly over both changes", 104),
        ("daily since 1970", 730),
        ("many exceptions", 32),
    ] {
        assert_eq!(cases[case].len(), count, "{case}");
    }
    for none in [
        "all instances deleted",
        "30 February",
        "yearly 29 February",
        "year 9999",
    ] {
        assert!(!cases.contains_key(none), "{none}");
    }
}

#[tokio::test]
async fn endless_and_absurd_rules_are_told_apart() {
    let rig = corpus().await;
    let all = rig
        .cloud
        .pim()
        .instances(CALENDAR, "2026-01-01", "2028-01-01");
    let events = rig.cloud.pim().events(CALENDAR);
    let titles = |ids: &[u64]| {
        let found = ids
            .iter()
            .filter_map(|id| events.iter().find(|event| event["id"] == *id));
        let titles: Vec<&str> = found.filter_map(|event| event["title"].as_str()).collect();
        titles.join("|")
    };
    assert_eq!(
        titles(&all.capped),
        "Every second, for ever|Every minute, for ever"
    );
    let unread = titles(&all.unread);
    assert!(
        unread.contains("Rule without sense") && unread.contains("Hour 25"),
        "{unread}"
    );
    assert!(all.instances.len() > 4_000);
}

#[tokio::test]
async fn everything_is_served_in_every_mode() {
    let rig = corpus().await;
    let events = rig.cloud.pim().events(CALENDAR);
    assert!(events.len() > 190);
    for recurring in [
        Recurring::Masters,
        Recurring::Expanded,
        Recurring::ExpandedNoRule,
    ] {
        rig.cloud
            .switches(|switches| switches.recurring = recurring);
        let answer = window(&rig, CALENDAR, "2026-06-01 00:00:00", "2026-06-30 00:00:00").await;
        assert_eq!(answer.status, 200);
        let text = String::from_utf8(answer.body).expect("UTF-8");
        // halves of surrogate pairs are on the wire as they stand in the file
        assert!(text.contains("\"half \\ud83d pair\""));
        let json: Value =
            serde_json::from_str(&text.replace("\\ud83d", "?").replace("\\ude00", "?"))
                .expect("JSON");
        let rows = json["data"].as_array().expect("a list");
        let many = recurring != Recurring::Masters;
        assert_eq!(rows.len() > 2_000, many, "{recurring:?}: {}", rows.len());
        assert!(
            rows.iter()
                .all(|row| row.get("case").is_none() && row.get("sim").is_none())
        );
    }
    let mut exported = 0;
    for id in events.iter().filter_map(|event| event["id"].as_u64()) {
        let answer = rig
            .get(&format!("/api/1/calendar/pim/event/{id}/export"))
            .await;
        // what has no beginning has no text either
        assert!(matches!(answer.status, 200 | 500), "{id}");
        exported += u32::from(answer.status == 200);
    }
    assert!(exported > 170, "{exported}");
}

#[tokio::test]
async fn odd_contacts_are_listed_as_they_are() {
    let rig = corpus().await;
    let answer = rig
        .get("/contacts/api/pim/contact/all?with=emails,details")
        .await;
    let text = String::from_utf8(answer.body).expect("UTF-8");
    assert!(text.contains("\"half \\ud83d pair\"") && text.contains("\"b\\ud83d@example.org\""));
    let contacts = rig.cloud.pim().contacts(Some(5510));
    assert!(contacts.len() > 75);
    let bare = contacts
        .iter()
        .find(|one| one.as_object().is_some_and(serde_json::Map::is_empty));
    assert!(bare.is_some());
    let listed = rig.get("/contacts/api/pim/addressbook/5510/contact").await;
    assert_eq!(listed.status, 200);
}
