//! Trying a token (requirements row 1).

use std::sync::Arc;

use cloud::{Cloud, Fault, Kind as Bug, Options};
use davbridge::domain::{Paste, Probe, ProbeFailure, Scope, ScopeState, SystemClock};
use davbridge::providers::infomaniak::Infomaniak;

use crate::support::infomaniak::{call, cloud, settings};

const ACCOUNTS: &str = "GET /1/accounts";
const CALENDAR: &str = "GET /1/calendar/pim/calendar";
const CONTACT: &str = "GET contacts:/api/pim/addressbook";
const DRIVE: &str = "GET /2/drive";

async fn probe(cloud: &Cloud, token: &str) -> Result<Probe, ProbeFailure> {
    let connector = Infomaniak::new(settings(cloud), Arc::new(SystemClock)).unwrap();
    connector.probe(&call(), &token.to_owned().into()).await
}

fn asked(cloud: &Cloud) -> Vec<&'static str> {
    cloud
        .log()
        .requests
        .iter()
        .map(|entry| entry.route)
        .collect()
}

fn state<'a>(probe: &'a Probe, scope: &str) -> Option<&'a ScopeState> {
    let found = probe.scopes.iter().find(|known| known.0.0 == scope);
    found.map(|known| &known.1)
}

#[tokio::test]
async fn a_good_token_is_asked_in_order() {
    let cloud = cloud(Options::default()).await;
    let probe = probe(&cloud, cloud.token()).await.unwrap();
    assert_eq!(
        (&*probe.account.id, &*probe.account.label),
        ("900123", "Anna Muster")
    );
    for scope in [
        "accounts",
        "drive",
        "workspace:calendar",
        "workspace:contact",
    ] {
        assert_eq!(state(&probe, scope), Some(&ScopeState::Granted), "{scope}");
    }
    assert_eq!(asked(&cloud), [ACCOUNTS, CALENDAR, DRIVE, CONTACT]);
}

#[tokio::test]
async fn the_owner_is_the_first_record_of_a_person_with_an_account() {
    let cloud = cloud(Options::default()).await;
    let probe = probe(&cloud, "sim-ben-all").await.unwrap();
    assert_eq!(
        (&*probe.account.id, &*probe.account.label),
        ("900456", "Ben Beispiel")
    );
}

#[tokio::test]
async fn two_tokens_of_one_owner_are_one_account() {
    let cloud = cloud(Options::default()).await;
    let one = probe(&cloud, cloud.token()).await.unwrap();
    let two = probe(&cloud, "sim-anna-second").await.unwrap();
    let three = probe(&cloud, "sim-anna-without-calendar").await.unwrap();
    assert_eq!(one.account.id, two.account.id);
    assert_eq!(one.account.id, three.account.id, "told by the address book");
}

#[tokio::test]
async fn one_of_calendar_and_contacts_is_enough() {
    let cloud = cloud(Options::default()).await;
    let without = probe(&cloud, "sim-anna-without-calendar").await.unwrap();
    assert_eq!(asked(&cloud), [ACCOUNTS, CALENDAR, CONTACT, DRIVE]);
    let missing = state(&without, "workspace:calendar");
    assert!(
        matches!(missing, Some(ScopeState::Missing { .. })),
        "{missing:?}"
    );
    assert_eq!(
        state(&without, "workspace:contact"),
        Some(&ScopeState::Granted)
    );
    let without = probe(&cloud, "sim-anna-without-contact").await.unwrap();
    let missing = state(&without, "workspace:contact");
    assert!(
        matches!(missing, Some(ScopeState::Missing { .. })),
        "{missing:?}"
    );
    assert_eq!(
        state(&without, "workspace:calendar"),
        Some(&ScopeState::Granted)
    );
}

#[tokio::test]
async fn the_missing_scope_is_named() {
    let cloud = cloud(Options::default()).await;
    let table = [
        ("sim-anna-without-accounts", "accounts"),
        ("sim-anna-without-drive", "drive"),
        ("sim-anna-without-pim", "workspace:calendar"),
        ("sim-anna-only-accounts", "workspace:calendar"),
        ("sim-anna-only-drive", "accounts"),
    ];
    for (token, missing) in table {
        match probe(&cloud, token).await {
            Err(ProbeFailure::ScopeMissing {
                scope: Scope(scope),
            }) => {
                assert_eq!(scope, missing, "{token}");
            }
            other => panic!("{token}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_unknown_token_is_not_accepted() {
    let cloud = cloud(Options::default()).await;
    let refused = probe(&cloud, "no-such-token").await;
    let Err(ProbeFailure::NotAccepted { scope }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(scope.0, "accounts");
    assert_eq!(asked(&cloud), [ACCOUNTS]);
}

#[tokio::test]
async fn a_cloud_that_is_not_there_is_unexpected() {
    let cloud = cloud(Options::default()).await;
    let mut settings = settings(&cloud);
    drop(cloud);
    settings.client.attempts = 1;
    let connector = Infomaniak::new(settings, Arc::new(SystemClock)).unwrap();
    let failure = connector.probe(&call(), &"any".to_owned().into()).await;
    assert!(
        matches!(failure, Err(ProbeFailure::Unexpected(_))),
        "{failure:?}"
    );
}

#[tokio::test]
async fn whatever_else_happens_is_unexpected() {
    let cloud = cloud(Options::default()).await;
    let bugs = [
        Bug::Html { status: 502 },
        Bug::Html { status: 200 },
        Bug::Html { status: 403 },
        Bug::Empty { status: 302 },
        Bug::Malformed,
        Bug::Drop,
        Bug::Status {
            status: 403,
            code: "forbidden_error".to_owned(),
            description: String::new(),
        },
    ];
    for route in [ACCOUNTS, CALENDAR, DRIVE] {
        for bug in &bugs {
            cloud.faults([Fault::on(route, bug.clone()).always()]);
            let failure = probe(&cloud, cloud.token()).await;
            let unexpected = matches!(failure, Err(ProbeFailure::Unexpected(_)));
            assert!(unexpected, "{route} {bug:?}: {failure:?}");
            cloud.clear_faults();
        }
    }
    // the fourth call refuses nothing
    cloud.faults([Fault::on(CONTACT, Bug::Html { status: 502 }).always()]);
    let probe = probe(&cloud, cloud.token()).await.unwrap();
    assert_eq!(state(&probe, "workspace:contact"), None);
}

#[tokio::test]
async fn records_without_owner_are_passed_over() {
    let cloud = cloud(Options::default()).await;
    let nobody = |pointer: &str| Bug::Patch {
        pointer: pointer.to_owned(),
        value: Some(serde_json::json!(-1)),
    };
    cloud.faults([Fault::on(CALENDAR, nobody("/data/calendars/0/user_id")).times(2)]);
    let named = probe(&cloud, cloud.token()).await.unwrap();
    assert_eq!(
        (&*named.account.id, &*named.account.label),
        ("900123", "Anna")
    );
    cloud.faults([Fault::on(CONTACT, nobody("/data/addressbooks/0/user_id"))]);
    let failure = probe(&cloud, cloud.token()).await;
    assert!(
        matches!(failure, Err(ProbeFailure::Unexpected(_))),
        "{failure:?}"
    );
}
