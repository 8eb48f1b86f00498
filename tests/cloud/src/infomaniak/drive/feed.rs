//! Change feed of one folder, v3, and the long poll (fact sheet §3.10, points 1 and 4).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::cursor::Cursor;
use super::listing::{by_key, cursor_page, invalid_cursor, limit};
use super::log::{Change, Position};
use super::row;
use super::tree::Drive;
use super::view::Telling;
use super::with::With;
use crate::infomaniak::envelope::{Answer, Failure};
use crate::infomaniak::gate;
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;
use crate::reply::{self, Reply};
use crate::switches::FeedAccess;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /3/drive/{drive}/files/{file}/listing", start),
    row("GET /3/drive/{drive}/files/{file}/listing/continue", resume),
    row("GET notify:/2/drive/{drive}/files/listing/longpoll", poll),
];

/// Carried by the answer of a long poll that has nothing to tell yet: ask the handler again when
/// something changes, and send the answer after this time at the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait(pub(crate) Duration);

/// Longest wait of a long poll, seconds.
const LONGEST: u64 = 50;

/// The answer to personal access tokens, where the switch says feeds do not take them.
pub(crate) fn barred(call: &Call<'_>) -> Option<Reply> {
    match call.state.switches.change_feed {
        FeedAccess::Accepted => None,
        FeedAccess::Redirect => Some(gate::sign_in(call.state)),
        FeedAccess::Forbidden => Some(Failure::new(403, "access_denied", "Access denied").reply()),
    }
}

/// A cursor that starts at the present end of the drive's log.
pub(crate) fn fresh(drive: &Drive, purpose: String) -> Cursor {
    let end = drive.log.end();
    Cursor {
        log: (end.epoch, end.index),
        ..Cursor::start(purpose)
    }
}

/// The cursor a request brings for a feed whose purpose starts with `purpose`.
pub(crate) fn brought(call: &Call<'_>, purpose: &str) -> Result<Cursor, Failure> {
    let text = call.request.query.get("cursor").unwrap_or_default();
    let cursor = Cursor::read(text).filter(|cursor| cursor.purpose.starts_with(purpose));
    let cursor = cursor.ok_or_else(|| invalid_cursor(call))?;
    changes(call, &cursor).map(|_| cursor)
}

/// What changed since a cursor.
pub(crate) fn changes<'a>(call: &'a Call<'_>, cursor: &Cursor) -> Result<&'a [Change], Failure> {
    let (epoch, index) = cursor.log;
    let since = call.drive()?.log.since(Position { epoch, index });
    since.ok_or_else(|| invalid_cursor(call))
}

/// Up to `limit` of the changes that fit, and the cursor behind them.
pub(crate) fn portion<'a>(
    changes: &'a [Change],
    cursor: &Cursor,
    limit: usize,
    fits: impl Fn(&Change) -> bool,
) -> (Vec<&'a Change>, Cursor, bool) {
    let found = changes
        .iter()
        .enumerate()
        .filter(|(_, change)| fits(change));
    let mut found: Vec<(usize, &Change)> = found.take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let used = match found.last() {
        Some((at, _)) if more => at + 1,
        _ => changes.len(),
    };
    let next = Cursor {
        page: cursor.page + 1,
        log: (cursor.log.0, cursor.log.1 + used),
        ..cursor.clone()
    };
    (found.into_iter().map(|found| found.1).collect(), next, more)
}

fn start(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let folder = call.folder()?.id;
    let drive = call.drive()?;
    let cursor = fresh(drive, format!("feed/{}/{folder}", drive.id));
    rows(call, folder, cursor)
}

fn telling(call: &Call<'_>) -> Telling {
    Telling::v3(call.filtered(With::of_feed(&call.request.query)))
}

/// A page of the folder's objects.
fn rows(call: &Call<'_>, folder: u64, cursor: Cursor) -> Answer {
    let limit = limit(call)?;
    let drive = call.drive()?;
    let found = by_key(drive, call.node_of(folder)?, &cursor, limit, |_| true);
    let place = drive.place(folder);
    let telling = telling(call);
    let told = if telling.with.files {
        found.rows
    } else {
        Vec::new()
    };
    let files = json!(telling.children(drive, &place, told));
    let more = found.next.is_some();
    let next = found.next.unwrap_or(Cursor {
        page: cursor.page + 1,
        rows_done: true,
        ..cursor
    });
    feed_page(
        call,
        &json!({ "files": files, "actions": [], "actions_files": [] }),
        &next,
        more,
    )
}

/// Feeds tell a cursor on every page.
fn feed_page(call: &Call<'_>, data: &Value, next: &Cursor, more: bool) -> Answer {
    if more {
        return cursor_page(call, data, Some(next.clone()));
    }
    let body = json!({
        "result": "success", "data": data, "response_at": call.state.now(),
        "cursor": next.text(), "has_more": false,
    });
    Ok(reply::json(200, &body))
}

fn resume(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let folder = call.folder()?.id;
    let drive = call.drive()?;
    let purpose = format!("feed/{}/{folder}", drive.id);
    let cursor = brought(call, &purpose).and_then(|cursor| {
        let same = cursor.purpose == purpose;
        if same {
            Ok(cursor)
        } else {
            Err(invalid_cursor(call))
        }
    })?;
    if !cursor.rows_done {
        return rows(call, folder, cursor);
    }
    let limit = limit(call)?;
    let changes = changes(call, &cursor)?;
    let (found, next, more) = portion(changes, &cursor, limit, |change| change.parent == folder);
    let actions = found.iter().map(|change| {
        json!({
            "action": change.action.name(), "file_id": change.file, "parent_id": change.parent,
        })
    });
    let actions: Vec<Value> = actions.collect();
    let ids: BTreeSet<u64> = found.iter().map(|change| change.file).collect();
    let telling = telling(call);
    let alive = ids.into_iter().filter_map(|id| drive.alive(id));
    let files: Vec<Value> = alive.map(|node| telling.value(drive, node)).collect();
    let data = json!({ "files": [], "actions": actions, "actions_files": files });
    feed_page(call, &data, &next, more)
}

fn poll(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let drive = call.drive()?.id;
    let feed = brought(call, &format!("feed/{drive}/"));
    let cursor = feed.or_else(|_| brought(call, &format!("tree/{drive}/")))?;
    let changed = !changes(call, &cursor)?.is_empty();
    let asked = call.request.query.get("timeout").unwrap_or("50s");
    let seconds = asked
        .trim_end_matches('s')
        .parse()
        .unwrap_or(LONGEST)
        .min(LONGEST);
    let body = json!({
        "result": "success", "changes": changed, "response_at": call.state.now(),
    });
    let mut reply = reply::json(200, &body);
    if !changed {
        reply
            .extensions_mut()
            .insert(Wait(Duration::from_secs(seconds)));
    }
    Ok(reply)
}
