//! A first synchronisation in pages, while things change and tombstones are forgotten.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use davbridge::domain::Clock;
use http::StatusCode;
use proptest::prelude::*;

use super::sync::sync;
use crate::support::library::{CALENDAR, Library};
use crate::support::xml::{multistatus, sync_token};

/// Pages within which a synchronisation ends.
const PAGES: usize = 40;

/// A client that keeps a copy: etags by address.
#[derive(Default)]
struct Device {
    token: String,
    copy: BTreeMap<String, String>,
    /// Whether tombstones were forgotten since the state that its token stands on.
    forgotten: bool,
}

impl Device {
    /// One page; whether that was the last one.
    async fn page(&mut self, library: &Library, limit: usize) -> bool {
        if self.token.is_empty() {
            self.copy.clear();
            self.forgotten = false;
        }
        let limit = format!("<limit><nresults>{limit}</nresults></limit>");
        let answer = sync(library, CALENDAR, &self.token, &limit).await;
        if answer.status == StatusCode::FORBIDDEN {
            assert!(answer.text().contains("<D:valid-sync-token/>"));
            assert!(self.forgotten, "begun anew without need: {}", self.token);
            self.token.clear();
            return false;
        }
        assert_eq!(answer.status, StatusCode::MULTI_STATUS);
        let mut last = true;
        for told in multistatus(&answer.body) {
            match told.status.as_str() {
                "" => {
                    let etag = told.prop("D:getetag").unwrap().to_owned();
                    self.copy.insert(told.href, etag);
                }
                "HTTP/1.1 404 Not Found" => _ = self.copy.remove(&told.href),
                _ => last = false,
            }
        }
        self.token = sync_token(&answer.body);
        if last {
            self.forgotten = false;
            assert_eq!(self.copy, there(library).await);
        }
        last
    }
}

/// What the calendar holds.
async fn there(library: &Library) -> BTreeMap<String, String> {
    let listed = library.propfind(CALENDAR, "1").await;
    let items = multistatus(&listed.body).into_iter().skip(1);
    items
        .map(|item| {
            let etag = item.prop("D:getetag").unwrap().to_owned();
            (item.href, etag)
        })
        .collect()
}

/// All tombstones are forgotten.
async fn forget(library: &Library) {
    let before = library.clock.now() + TimeDelta::days(1);
    let store = &library.connections.items;
    store.purge_tombstones(before).await.unwrap();
}

#[derive(Debug, Clone)]
enum Act {
    Put(u8),
    Remove(u8),
    Forget,
    Page(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let id = || 10_u8..20;
    prop_oneof![
        4 => id().prop_map(Act::Put),
        3 => id().prop_map(Act::Remove),
        1 => Just(Act::Forget),
        4 => (1_usize..5).prop_map(Act::Page),
    ]
}

async fn live(acts: &[Act]) {
    let library = Library::with(&["10", "12", "14", "16", "18"]);
    let mut device = Device::default();
    for (number, act) in acts.iter().enumerate() {
        match act {
            Act::Put(id) => library.put(&id.to_string(), &format!("title {number}")),
            Act::Remove(id) => library.events.remove(&id.to_string()),
            Act::Forget => {
                // What is gone by now is known to be.
                library.propfind(CALENDAR, "1").await;
                forget(&library).await;
                device.forgotten = true;
            }
            Act::Page(limit) => _ = device.page(&library, *limit).await,
        }
        library.later();
    }
    let mut pages = 0;
    while !device.page(&library, 2).await {
        pages += 1;
        assert!(pages < PAGES, "it never ends");
    }
}

fn run(acts: &[Act]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(live(acts));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_device_ends_up_with_what_is_there(acts in prop::collection::vec(act(), 1..40)) {
        run(&acts);
    }
}

#[test]
fn it_ends_where_tombstones_were_forgotten_above_its_first_pages() {
    use Act::{Forget, Page, Put, Remove};
    let acts = [
        Page(9),
        Put(19),
        Page(9),
        Remove(19),
        Forget,
        Put(11),
        Put(13),
    ];
    run(&acts);
}

#[test]
fn what_is_removed_between_two_pages_is_told() {
    use Act::{Page, Remove};
    run(&[Page(2), Remove(10)]);
}
