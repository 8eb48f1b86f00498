//! Numbered pages, which the simulation never has enough records for.

use secrecy::SecretString;
use serde_json::json;

use super::super::api::Cloud;
use super::super::settings::Settings;
use super::*;
use crate::domain::Call;
use crate::upstream::testing::{JumpClock, Reply, Seen, Server};

/// The accounts that a server with these answers, by page, tells.
async fn accounts(answer: impl Fn(u64) -> Value + Send + 'static) -> Result<Vec<u64>, Refusal> {
    let page = |seen: &Seen| {
        let (_, query) = seen.line.split_once('?').expect("a query");
        let pages = url::form_urlencoded::parse(query.as_bytes());
        let page = pages.into_iter().find(|pair| pair.0 == "page");
        page.expect("a page").1.parse().expect("a number")
    };
    let server = Server::start(move |seen| Reply::json(200, &answer(page(seen)).to_string())).await;
    let settings = Settings {
        api_base: server.base.clone(),
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
    let owners = owners(api).await?;
    Ok(owners.into_iter().map(|owner| owner.id).collect())
}

fn records(ids: std::ops::Range<u64>) -> Vec<Value> {
    ids.map(|id| json!({ "id": id })).collect()
}

#[tokio::test]
async fn all_pages_are_read() {
    let three = |page: u64| {
        let data = records(page * 10..page * 10 + 10);
        json!({"result": "success", "data": data, "page": page, "pages": 3})
    };
    assert_eq!(
        accounts(three).await.expect("complete"),
        (10..40).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn without_a_number_of_pages_a_page_that_is_not_full_is_the_last() {
    let untold = |page: u64| {
        let data = records(page * 100..page * 100 + if page < 3 { 100 } else { 7 });
        json!({"result": "success", "data": data})
    };
    assert_eq!(
        accounts(untold).await.expect("complete"),
        (100..307).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn pages_without_end_are_an_error() {
    let endless = |_| json!({"result": "success", "data": [{"id": 1}], "pages": u64::MAX});
    let refusal = accounts(endless).await.expect_err("endless");
    assert_eq!(refusal.error.kind(), Kind::Broken);
}

#[tokio::test]
async fn an_account_that_cannot_be_read_takes_no_drives_along() {
    let damaged = |_| json!({"result": "success", "data": [{"id": 1}, {"id": null}]});
    let refusal = accounts(damaged).await.expect_err("damaged");
    assert_eq!(refusal.error.kind(), Kind::Broken);
}
