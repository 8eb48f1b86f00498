//! Reports that have very much to work out: other requests are answered meanwhile.

use std::pin::pin;
use std::sync::mpsc;

use davbridge::domain::{Event, Moment, Part, Repetition};
use futures::future::{Either, select};

use crate::support::items::Sample;
use crate::support::library::{CALENDAR, Library, noon};

/// Series of many instances in the first calendar.
const SERIES: usize = 12;
/// Other requests, each of which waits for the store: far more than a report has steps.
const OTHERS: usize = 100;
const NAMES: &str = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"";
const EXPANDED: &str = "<D:prop><C:calendar-data><C:expand start=\"20200101T000000Z\" end=\"20900101T000000Z\"/></C:calendar-data></D:prop>";
const WITHOUT_ALARM: &str = "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"><C:is-not-defined/></C:comp-filter></C:comp-filter></C:comp-filter></C:filter>";

fn library() -> Library {
    let library = Library::new();
    let mut event = Event::sample("Often", noon());
    event.start = Some(Moment::Utc(noon()));
    event.repetition = Repetition {
        rules: vec!["FREQ=HOURLY;COUNT=300".to_owned()],
        ..Repetition::default()
    };
    for number in 0..SERIES {
        let rows = vec![(Part::Master, event.clone())];
        library
            .events
            .put_rows(&number.to_string(), "s1", rows, None);
    }
    library
}

/// Asks for one text as it is.
fn one() -> String {
    format!(
        "<C:calendar-multiget {NAMES}><D:prop><C:calendar-data/></D:prop><D:href>{CALENDAR}0.ics</D:href></C:calendar-multiget>"
    )
}

/// Sends a report while the only thread for long work is taken; how many events it tells once the
/// thread is free.
async fn told_beside_others(library: &Library, report: String) -> usize {
    let (release, taken) = mpsc::channel::<()>();
    let holder = tokio::task::spawn_blocking(move || taken.recv());
    let asked = pin!(library.send("REPORT", CALENDAR, &[("depth", "1")], report));
    let others = pin!(async {
        for _ in 0..OTHERS {
            let other = library.send("REPORT", CALENDAR, &[("depth", "1")], one());
            assert_eq!(other.await.status, 207);
        }
    });
    let Either::Right(((), asked)) = select(asked, others).await else {
        panic!("worked out on the thread that serves requests");
    };
    release.send(()).expect("the holder waits");
    let answer = asked.await;
    holder.await.expect("no panic").expect("released");
    assert_eq!(answer.status, 207);
    answer.text().matches("BEGIN:VEVENT").count()
}

/// Answers to a report, with one thread for requests and one for long work.
fn told(report: String) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let library = library();
        library.propfind(CALENDAR, "1").await;
        told_beside_others(&library, report).await
    })
}

#[test]
fn a_multiget_is_worked_out_beside_the_requests() {
    let hrefs: String = (0..SERIES)
        .map(|number| format!("<D:href>{CALENDAR}{number}.ics</D:href>"))
        .collect();
    let report = format!("<C:calendar-multiget {NAMES}>{EXPANDED}{hrefs}</C:calendar-multiget>");
    assert_eq!(told(report), SERIES * 300);
}

#[test]
fn a_query_is_worked_out_beside_the_requests() {
    let report = format!("<C:calendar-query {NAMES}>{EXPANDED}{WITHOUT_ALARM}</C:calendar-query>");
    assert_eq!(told(report), SERIES * 300);
}

#[test]
fn a_filter_is_worked_out_beside_the_requests() {
    let whole = "<D:prop><C:calendar-data/></D:prop>";
    let report = format!("<C:calendar-query {NAMES}>{whole}{WITHOUT_ALARM}</C:calendar-query>");
    assert_eq!(told(report), SERIES);
}

#[test]
fn a_synchronisation_is_worked_out_beside_the_requests() {
    let report = format!(
        "<D:sync-collection {NAMES}>{EXPANDED}<D:sync-token/><D:sync-level>1</D:sync-level></D:sync-collection>"
    );
    assert_eq!(told(report), SERIES * 300);
}

/// While two reports are worked out, a third one waits, and is told to come back where that takes
/// too long; what is light goes on.
#[test]
fn few_reports_are_worked_out_at_once() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .expect("a runtime");
    let report = format!("<C:calendar-query {NAMES}>{EXPANDED}{WITHOUT_ALARM}</C:calendar-query>");
    runtime.block_on(async {
        let library = library();
        library.propfind(CALENDAR, "1").await;
        let (release, taken) = mpsc::channel::<()>();
        let holder = tokio::task::spawn_blocking(move || taken.recv());
        let ask = || library.send("REPORT", CALENDAR, &[("depth", "1")], report.clone());
        let asked = pin!(futures::future::join(ask(), ask()));
        let others = pin!(async {
            for _ in 0..OTHERS {
                let other = library.send("REPORT", CALENDAR, &[("depth", "1")], one());
                assert_eq!(other.await.status, 207);
            }
            library.clock.set_impatient(true);
            for refused in [ask().await, library.get(CALENDAR, &[]).await] {
                assert_eq!(refused.status, 503);
                assert_eq!(refused.header("retry-after"), "20");
            }
            assert_eq!(library.propfind(CALENDAR, "1").await.status, 207);
            library.clock.set_impatient(false);
        });
        let Either::Right(((), asked)) = select(asked, others).await else {
            panic!("worked out on the thread that serves requests");
        };
        release.send(()).expect("the holder waits");
        let (first, second) = asked.await;
        holder.await.expect("no panic").expect("released");
        assert_eq!(first.text(), second.text());
        assert_eq!(first.text().matches("BEGIN:VEVENT").count(), SERIES * 300);
    });
}
