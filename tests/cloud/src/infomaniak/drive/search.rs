//! Search, and what others share (fact sheet §3.2, §3.9).

use serde_json::Value;

use super::listing::{Order, by_position, cursor, cursor_page, limit};
use super::node::Node;
use super::row;
use super::tree::{Drive, ROOT, SHARED};
use crate::infomaniak::envelope::{Answer, Failure};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::{Call, START};

pub(crate) const ROUTES: &[Route] = &[
    row("GET /3/drive/{drive}/files/search", search),
    row("GET /3/drive/{drive}/files/search/default", search),
    row("GET /3/drive/files/shared_with_me", shared),
];

/// Whether an object is what a search asks for.
fn fits(call: &Call<'_>, drive: &Drive, node: &Node, text: &str) -> bool {
    let query = &call.request.query;
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<u64>().ok());
    let folder = number("directory_id").unwrap_or(ROOT);
    let inside = if query.get("depth") == Some("child") {
        node.parent == folder
    } else {
        node.id != folder && drive.is_within(node.id, folder)
    };
    let known = !call.state.switches.search_lags || node.updated_at < START;
    let mut types = query.many("types").peekable();
    let kind = types.peek().is_none() || types.any(|name| name == node.type_name());
    let after = number("modified_after").is_none_or(|at| node.last_modified_at >= at);
    let before = number("modified_before").is_none_or(|at| node.last_modified_at <= at);
    let named = node.name.to_lowercase().contains(text);
    named && inside && known && kind && after && before && drive.alive(node.id).is_some()
}

fn search(call: &mut Call<'_>) -> Answer {
    let drive = call.drive()?;
    let limit = limit(call)?;
    let query = call.request.query.get("query");
    if query.is_some_and(|query| query.chars().count() < 3) {
        let text = "The query must be at least 3 characters.";
        return Err(Failure::invalid("query", "min", text));
    }
    let Some(text) = query.or_else(|| call.request.query.get("name")) else {
        return Err(Failure::invalid(
            "query",
            "required",
            "The query field is required.",
        ));
    };
    let text = text.to_lowercase();
    let order = Order::of(call, &["relevance"])?;
    let cursor = cursor(call, format!("search/{}/{}/{text}", drive.id, order.by))?;
    let nodes = drive.nodes.values();
    let mut all: Vec<&Node> = nodes
        .filter(|node| fits(call, drive, node, &text))
        .collect();
    all.sort_by(|one, two| order.compare(one, two));
    let rows = by_position(&all, &cursor, limit);
    let telling = call.telling();
    let data: Vec<Value> = rows
        .rows
        .iter()
        .map(|node| telling.value(drive, node))
        .collect();
    cursor_page(call, data, rows.next)
}

fn shared(call: &mut Call<'_>) -> Answer {
    let limit = limit(call)?;
    let cursor = cursor(call, "shared".to_owned())?;
    let accounts = call.grant.user.accounts;
    let drives = call.state.drives.values();
    let telling = call.telling();
    let rows = drives
        .filter(|drive| accounts.contains(&drive.account))
        .flat_map(|drive| {
            let nodes = drive.nodes.values().filter(|node| node.parent == SHARED);
            nodes.map(move |node| telling.value(drive, node))
        });
    let mut data: Vec<Value> = rows.skip(cursor.skip).take(limit + 1).collect();
    let next = (data.len() > limit).then(|| super::cursor::Cursor {
        page: cursor.page + 1,
        skip: cursor.skip + limit,
        ..cursor
    });
    data.truncate(limit);
    cursor_page(call, data, next)
}
