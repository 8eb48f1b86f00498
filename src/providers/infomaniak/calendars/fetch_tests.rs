//! Answers that the simulation never gives.

use secrecy::SecretString;

use super::super::super::api::Cloud;
use super::super::super::settings::Settings;
use super::*;
use crate::domain::Call;
use crate::upstream::testing::{JumpClock, Reply, Seen, Server};

const EVENT: &str =
    r#"{"result":"success","data":{"id":7,"start":"2026-09-16","rrule":"FREQ=DAILY"}}"#;

/// Fetches events from a server; also gives the lines it was asked.
async fn fetched(
    ids: &[&str],
    why: Why,
    answer: impl FnMut(&Seen) -> Reply + Send + 'static,
) -> (Result<Vec<Fetched<Event>>>, Vec<String>) {
    let server = Server::start(answer).await;
    let settings = Settings {
        calendar_base: server.url("/pim"),
        ..Settings::default()
    };
    let cloud = Cloud::new(settings, JumpClock::new()).expect("settings");
    let token: SecretString = "token".to_owned().into();
    let api = Api {
        pacer: &cloud.pacer(),
        cloud: &cloud,
        token: &token,
        call: &Call::interactive(),
    };
    let items: Vec<ItemId> = ids.iter().map(|&id| ItemId::new(id)).collect();
    let fetched = all(api, &ShelfId::new("1"), &items, why).await;
    (
        fetched,
        server.seen().into_iter().map(|seen| seen.line).collect(),
    )
}

fn sign_in() -> Reply {
    Reply::redirect("https://login.infomaniak.com/authorize?x=y")
}

#[tokio::test]
async fn an_export_that_takes_no_tokens_says_nothing_of_the_token() {
    for (why, lines) in [
        (Why::Whole, ["GET /pim/event/7/export", "GET /pim/event/7"]),
        (Why::Check, ["GET /pim/event/7", "GET /pim/event/7/export"]),
    ] {
        let (found, asked) = fetched(&["7"], why, |seen| match seen.line.ends_with("export") {
            true => sign_in(),
            false => Reply::json(200, EVENT),
        })
        .await;
        let found = found.expect("a whole").pop().expect("one").outcome;
        assert!(matches!(found.expect("found").given, Given::Master(_)));
        assert_eq!(asked, lines);
    }
}

#[tokio::test]
async fn an_event_that_takes_no_tokens_says_nothing_of_the_others() {
    for why in [Why::Whole, Why::Check] {
        let (found, _) = fetched(&["7", "abc"], why, |seen| {
            match seen.line.contains("/event/abc") {
                true => sign_in(),
                false => Reply::json(200, EVENT),
            }
        })
        .await;
        let [good, bad] = <[_; 2]>::try_from(found.expect("a whole")).expect("two");
        assert!(good.outcome.is_ok());
        let error = bad.outcome.expect_err("refused");
        assert_eq!(error.kind(), Kind::Broken, "neither gone nor signed out");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_is_an_error_of_the_whole() {
    let refused = r#"{"result":"error","error":{"code":"not_authorized"}}"#;
    for why in [Why::Whole, Why::Again, Why::Check] {
        let (found, _) = fetched(&["7"], why, move |_| Reply::json(401, refused)).await;
        assert_eq!(found.expect_err("refused").kind(), Kind::SignedOut);
    }
}

#[tokio::test]
async fn ids_that_lead_elsewhere_are_not_asked() {
    for id in ["..", "7/../8", "7?x=y", "7#x", "", "%2e%2e", "7 8"] {
        for why in [Why::Whole, Why::Again, Why::Check] {
            let (found, asked) = fetched(&[id], why, |_| Reply::json(200, EVENT)).await;
            let error = found.expect("a whole").pop().expect("one").outcome;
            assert_eq!(error.expect_err(id).kind(), Kind::Broken);
            assert_eq!(asked, [""; 0]);
        }
    }
}

#[tokio::test]
async fn an_export_may_call_itself_anything() {
    let text = "BEGIN:VCALENDAR\nEND:VCALENDAR";
    for kind in [
        "text/calendar",
        "application/json",
        "application/octet-stream",
    ] {
        let (found, _) = fetched(&["7"], Why::Whole, move |_| {
            Reply::new(200, &[("content-type", kind)], text)
        })
        .await;
        let found = found.expect("a whole").pop().expect("one").outcome;
        let given = found.expect("found").given;
        assert_eq!(given, Given::Text(format!("{text}\r\n")), "{kind}");
    }
}
