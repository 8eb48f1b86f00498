//! What changed in a drive: the v2 whole-tree feed (fact sheet §3.10).
//!
//! The cursor of this moment comes as a header of the full CSV listing, whose body is not read:
//! one call instead of a walk over the tree. Where the cloud does not give the feed to tokens,
//! that is [`Kind::Unsupported`] and says nothing about the connection.

use std::collections::HashSet;

use serde_json::Value;

use super::api::{Api, below};
use super::drives;
use super::map::{ROOT, entry_id};
use super::refusal::{Reason, Refusal};
use super::settings::FeedMode;
use super::wire::{self, Record, next};
use crate::domain::{Change, Changes, Cursor, Error, Kind, Result};
use crate::upstream::Walk;

/// Most pages read at once; more changes than that mean "everything".
const MAX_PAGES: usize = 50;

/// Actions that leave every listing as it is.
const QUIET: [&str; 5] = [
    "file_access",
    "share_link_",
    "comment_",
    "collaborative_folder_",
    "file_favorite_",
];

/// Whether the account has the feed, tried on its first drive that is not in maintenance.
pub(super) async fn probe(api: Api<'_>) -> Result<bool> {
    if api.cloud.settings.change_feed == FeedMode::Off {
        return Ok(false);
    }
    let all = drives::all(api).await?;
    let awake = all
        .iter()
        .find(|drive| !wire::flag(drive, "in_maintenance"));
    let Some(drive) = awake.and_then(|drive| wire::id(drive, "id")) else {
        return Ok(false);
    };
    match changes(api, drive, None).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_passing() => Err(error),
        // what the cloud refuses now it refuses later
        Err(_) => Ok(false),
    }
}

/// What changed since `cursor`.
pub(super) async fn changes(api: Api<'_>, drive: u64, cursor: Option<&Cursor>) -> Result<Changes> {
    if api.cloud.settings.change_feed == FeedMode::Off {
        return Err(Error::cloud(
            Kind::Unsupported,
            "the change feed is switched off",
        ));
    }
    match cursor {
        Some(cursor) => since(api, drive, cursor).await,
        None => now(api, drive).await,
    }
}

async fn now(api: Api<'_>, drive: u64) -> Result<Changes> {
    let path = format!("/2/drive/{drive}/files/listing/full");
    let root = ROOT.to_string();
    let query = [
        ("directory_id", root.as_str()),
        ("recursive", "true"),
        ("format", "safe_csv"),
    ];
    let url = below(&api.cloud.settings.kdrive_base, &path, &query);
    let cursor = api
        .header(url, "text/csv", "x-kdrive-cursor")
        .await
        .map_err(error)?;
    Ok(Changes {
        changes: Vec::new(),
        cursor: Cursor::new(cursor),
    })
}

async fn since(api: Api<'_>, drive: u64, cursor: &Cursor) -> Result<Changes> {
    let path = format!("/2/drive/{drive}/files/listing/continue");
    let mut walk = Walk::new(MAX_PAGES + 1);
    let mut found = Found::default();
    let mut at = cursor.as_str().to_owned();
    for _ in 0..MAX_PAGES {
        walk.step(&at)?;
        let query = [("cursor", at.as_str()), ("limit", "1000")];
        let url = below(&api.cloud.settings.kdrive_base, &path, &query);
        let page = api.ask(url).await.map_err(error)?.object()?;
        let Some(Value::Array(actions)) = page.get("actions") else {
            return Err(Error::cloud(
                Kind::Broken,
                "the change feed holds no changes",
            ));
        };
        actions.iter().for_each(|action| found.action(action));
        // the last page tells where to go on, too
        let told = wire::text(&page, "cursor").filter(|cursor| !cursor.is_empty());
        let end = told.unwrap_or(&at).to_owned();
        match next(&page)? {
            Some(next) => at = next,
            None => return Ok(found.up_to(end)),
        }
    }
    found.push(Change::Everything);
    Ok(found.up_to(at))
}

/// Refusals of the feed say nothing about the token.
fn error(refusal: Refusal) -> Error {
    let denied = refusal.error.kind() == Kind::Forbidden || refusal.reason != Reason::Other;
    if denied {
        let message = "the cloud does not give its change feed to tokens";
        return Error::cloud(Kind::Unsupported, message).because(refusal.error);
    }
    refusal.into()
}

/// Changes, each once.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    seen: HashSet<(u8, u64)>,
}

impl Found {
    /// A change of one entry: the listing it is in, its own, and that of the named folder.
    fn action(&mut self, action: &Value) {
        let record = action.as_object();
        let name = record.and_then(|record| wire::text(record, "action"));
        if name.is_some_and(|name| QUIET.iter().any(|quiet| name.starts_with(quiet))) {
            return;
        }
        let ids = record.and_then(ids);
        match (name, ids) {
            // rights decide what is listed, also elsewhere
            (Some(name), Some((file, parent))) if !name.starts_with("acl_") => {
                self.entry(file);
                self.children(parent);
            }
            _ => self.push(Change::Everything),
        }
    }

    fn entry(&mut self, id: u64) {
        if self.seen.insert((0, id)) {
            self.push(Change::Entry(entry_id(id)));
        }
    }

    fn children(&mut self, id: u64) {
        if self.seen.insert((1, id)) {
            // v2 tells what is in `Private` as being in the root
            let change = match id {
                ROOT => Change::ChildrenTwoDeep,
                _ => Change::Children,
            };
            self.push(change(entry_id(id)));
        }
    }

    fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    fn up_to(mut self, cursor: String) -> Changes {
        if self.changes.contains(&Change::Everything) {
            self.changes = vec![Change::Everything];
        }
        Changes {
            changes: self.changes,
            cursor: Cursor::new(cursor),
        }
    }
}

fn ids(record: &Record) -> Option<(u64, u64)> {
    Some((wire::id(record, "file_id")?, wire::id(record, "parent_id")?))
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
