//! Change feed of a whole tree, v2, and its CSV form (fact sheet §3.10, points 2 and 3).

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::cursor::Cursor;
use super::feed::{barred, brought, changes, fresh, portion};
use super::listing::limit;
use super::log::Change;
use super::node::Node;
use super::row;
use super::tree::{Drive, PRIVATE, ROOT};
use super::view::{Telling, legacy_path};
use super::with::With;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;
use crate::reply;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /2/drive/{drive}/files/listing", start),
    row("POST /2/drive/{drive}/files/listing/continue", resume),
    row("POST /2/drive/{drive}/files/listing/full", full),
];

/// What part of a drive a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scope {
    folder: u64,
    recursive: bool,
}

impl Scope {
    fn of(call: &Call<'_>) -> Result<Scope, Failure> {
        let asked = call.request.query.get("directory_id").unwrap_or("1");
        let Ok(folder) = asked.parse() else {
            let text = "The directory id must be an integer.";
            return Err(Failure::invalid("directory_id", "integer", text));
        };
        if !call.node_of(folder)?.is_folder() {
            return Err(call.not_a_folder());
        }
        Ok(Scope {
            folder,
            recursive: call.request.query.flag("recursive"),
        })
    }

    fn purpose(self, drive: u64) -> String {
        format!("tree/{drive}/{}/{}", self.folder, self.recursive)
    }

    fn read(purpose: &str) -> Option<Scope> {
        let mut parts = purpose.split('/').skip(2);
        Some(Scope {
            folder: parts.next()?.parse().ok()?,
            recursive: parts.next()? == "true",
        })
    }

    /// Whether what lies in `parent` belongs here; the root shows what lies in Private.
    fn holds(self, drive: &Drive, parent: u64) -> bool {
        let direct = parent == self.folder || (self.folder == ROOT && parent == PRIVATE);
        direct || (self.recursive && drive.is_within(parent, self.folder))
    }

    /// The objects, by id; the v2 view hides Private itself.
    fn nodes(self, drive: &Drive, after: u64) -> impl Iterator<Item = &Node> {
        let later = drive.nodes.range(after + 1..);
        later.map(|found| found.1).filter(move |node| {
            let shown = node.id != ROOT && node.id != PRIVATE && node.id != self.folder;
            shown && self.holds(drive, node.parent) && drive.alive(node.id).is_some()
        })
    }
}

/// `parent_id` in the v2 view.
fn legacy_parent(parent: u64) -> u64 {
    if parent == PRIVATE { ROOT } else { parent }
}

fn telling(call: &Call<'_>) -> Telling {
    Telling::v2(call.filtered(With::of_feed(&call.request.query)))
}

fn start(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let scope = Scope::of(call)?;
    let drive = call.drive()?;
    rows(call, scope, fresh(drive, scope.purpose(drive.id)))
}

fn rows(call: &Call<'_>, scope: Scope, cursor: Cursor) -> Answer {
    let limit = limit(call)?;
    let drive = call.drive()?;
    let after = cursor.after.as_ref().map_or(0, |after| after.1);
    let mut found: Vec<&Node> = scope.nodes(drive, after).take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = Cursor {
        page: cursor.page + 1,
        after: found
            .last()
            .map(|last| (String::new(), last.id))
            .or(cursor.after),
        rows_done: !more,
        ..cursor
    };
    let telling = telling(call);
    let files: Vec<Value> = found
        .iter()
        .map(|node| telling.value(drive, node))
        .collect();
    let data = json!({
        "cursor": next.text(), "has_more": more, "files": files, "actions": [],
    });
    at(call.state.now(), data)
}

fn resume(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let drive = call.drive()?;
    let cursor = brought(call, &format!("tree/{}/", drive.id))?;
    let scope = Scope::read(&cursor.purpose).ok_or_else(|| super::listing::invalid_cursor(call))?;
    if !cursor.rows_done {
        return rows(call, scope, cursor);
    }
    let limit = limit(call)?;
    let body: Value = call.request.json().unwrap_or_default();
    let ids = body["without_ids"].as_array().cloned().unwrap_or_default();
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let without: BTreeSet<String> = ids.iter().map(text).collect();
    let wanted = |change: &Change| {
        scope.holds(drive, change.parent) && !without.contains(&change.file.to_string())
    };
    let (found, next, more) = portion(changes(call, &cursor)?, &cursor, limit, wanted);
    let telling = telling(call);
    let actions = found.iter().map(|change| action(drive, change, telling));
    let actions: Vec<Value> = actions.collect();
    let data = json!({ "cursor": next.text(), "has_more": more, "actions": actions });
    at(call.state.now(), data)
}

fn action(drive: &Drive, change: &Change, telling: Telling) -> Value {
    let mut value = json!({
        "action": change.action.name(), "file_id": change.file,
        "parent_id": legacy_parent(change.parent),
        "file_type": if change.folder { "dir" } else { "file" },
        "path": legacy_path(&change.path),
    });
    if let Some(destination) = &change.destination {
        value["destination"] = json!(legacy_path(destination));
    }
    if let Some(node) = drive.nodes.get(&change.file) {
        let told = telling.value(drive, node);
        for name in ["size", "created_at", "last_modified_at", "capabilities"] {
            if let Some(field) = told.get(name) {
                value[name] = field.clone();
            }
        }
    }
    value
}

fn full(call: &mut Call<'_>) -> Answer {
    if let Some(reply) = barred(call) {
        return Ok(reply);
    }
    let scope = Scope::of(call)?;
    let drive = call.drive()?;
    let columns = "id,parent_id,name,type,size,created_at,last_modified_at,can_write,is_link\n";
    let mut text = columns.to_owned();
    for node in scope.nodes(drive, 0) {
        let write = u8::from(!super::rights::fixed(drive, node));
        let name = node.name.replace('"', "\"\"");
        let (parent, kind, size) = (legacy_parent(node.parent), node.type_name(), node.size());
        let (made, modified) = (
            node.created_at.unwrap_or(node.added_at),
            node.last_modified_at,
        );
        // writing to a string does not fail
        let _ = writeln!(
            text,
            "{},{parent},\"{name}\",{kind},{size},{made},{modified},{write},0",
            node.id
        );
    }
    text.push_str("#EOF\n");
    let cursor = Cursor {
        rows_done: true,
        ..fresh(drive, scope.purpose(drive.id))
    };
    let mut reply = reply::typed(200, "text/csv", text);
    reply::set(&mut reply, "x-kdrive-cursor", &cursor.text());
    Ok(reply)
}
