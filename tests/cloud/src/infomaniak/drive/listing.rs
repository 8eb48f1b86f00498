//! Listings of one folder: v3 by cursor, v2 by page (fact sheet §1.5, §3.4).

use std::cmp::Ordering;
use std::ops::Bound;

use serde::Serialize;

use super::access::legacy_children;
use super::cursor::Cursor;
use super::drives::{numbers, pages};
use super::node::Node;
use super::row;
use super::tree::Drive;
use crate::infomaniak::envelope::{Answer, Failure, Paging, page};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /3/drive/{drive}/files/{file}/files", v3),
    row("GET /2/drive/{drive}/files/{file}/files", v2),
    row("GET /3/drive/{drive}/files/{file}/name", by_name),
];

/// Most objects a v2 listing ever gives.
const V2_MOST: usize = 10_000;

/// `limit` of a v3 request.
pub(crate) fn limit(call: &Call<'_>) -> Result<usize, Failure> {
    let Some(text) = call.request.query.get("limit") else {
        return Ok(10);
    };
    let Ok(limit) = text.parse::<usize>() else {
        return Err(Failure::invalid(
            "limit",
            "integer",
            "The limit must be an integer.",
        ));
    };
    match limit {
        0..5 => Err(Failure::invalid(
            "limit",
            "min",
            "The limit must be at least 5.",
        )),
        1001.. if call.state.switches.large_limit_refused => {
            let text = "The limit may not be greater than 1000.";
            Err(Failure::invalid("limit", "max", text))
        }
        _ => Ok(limit.min(1000)),
    }
}

/// The cursor of a request, if it has one for this purpose.
pub(crate) fn cursor(call: &Call<'_>, purpose: String) -> Result<Cursor, Failure> {
    let text = call.request.query.get("cursor").unwrap_or_default();
    if text.is_empty() {
        return Ok(Cursor::start(purpose));
    }
    let cursor = Cursor::read(text).filter(|cursor| cursor.purpose == purpose);
    cursor.ok_or_else(|| invalid_cursor(call))
}

pub(crate) fn invalid_cursor(call: &Call<'_>) -> Failure {
    let status = call.state.switches.invalid_cursor_status;
    Failure::new(status, "invalid_cursor_error", "Invalid cursor")
}

/// A page whose cursor is told as the switches want it.
pub(crate) fn cursor_page(call: &Call<'_>, data: impl Serialize, next: Option<Cursor>) -> Answer {
    let end = call.state.switches.empty_cursor_at_end.then(String::new);
    let paging = Paging::Cursor {
        has_more: next.is_some(),
        cursor: next.map(|next| next.text()).or(end),
    };
    page(call.state.now(), data, paging)
}

/// How rows are ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Order<'a> {
    pub(crate) by: &'a str,
    pub(crate) descending: bool,
}

impl<'a> Order<'a> {
    /// As asked with `order_by`, `order` and `order_for[X]`; by name when not asked.
    pub(crate) fn of(call: &'a Call<'_>, extra: &[&str]) -> Result<Order<'a>, Failure> {
        const KNOWN: [&str; 8] = [
            "name",
            "size",
            "type",
            "mime_type",
            "added_at",
            "last_modified_at",
            "revised_at",
            "updated_at",
        ];
        let query = &call.request.query;
        let by = query.get("order_by").unwrap_or("name");
        if !KNOWN.contains(&by) && !extra.contains(&by) {
            return Err(Failure::invalid(
                "order_by",
                "in",
                "The selected order by is invalid.",
            ));
        }
        let single = query.get(&format!("order_for[{by}]"));
        let descending = single.or_else(|| query.get("order")) == Some("desc");
        Ok(Order { by, descending })
    }

    fn is_plain(self) -> bool {
        self.by == "name" && !self.descending
    }

    /// Compares in this order, ids last.
    pub(crate) fn compare(self, one: &Node, two: &Node) -> Ordering {
        let mime = |node: &Node| node.file().and_then(|file| file.mime.clone());
        let deleted = |node: &Node| node.trashed.map(|trashed| trashed.at);
        let order = match self.by {
            "size" => one.size().cmp(&two.size()),
            "type" => one.type_name().cmp(two.type_name()),
            "mime_type" => mime(one).cmp(&mime(two)),
            "added_at" => one.added_at.cmp(&two.added_at),
            "last_modified_at" => one.last_modified_at.cmp(&two.last_modified_at),
            "revised_at" => one.revised_at.cmp(&two.revised_at),
            "updated_at" => one.updated_at.cmp(&two.updated_at),
            "deleted_at" => deleted(one).cmp(&deleted(two)),
            _ => one.name.cmp(&two.name),
        };
        let order = if self.descending {
            order.reverse()
        } else {
            order
        };
        order.then(one.id.cmp(&two.id))
    }
}

/// The objects of a page and where the next one starts.
pub(crate) struct Rows<'a> {
    pub(crate) rows: Vec<&'a Node>,
    pub(crate) next: Option<Cursor>,
}

/// Children of a folder by name, from a cursor on; `fits` says which are wanted.
pub(crate) fn by_key<'a>(
    drive: &'a Drive,
    folder: &'a Node,
    cursor: &Cursor,
    limit: usize,
    fits: impl Fn(&Node) -> bool,
) -> Rows<'a> {
    let from = cursor
        .after
        .clone()
        .map_or(Bound::Unbounded, Bound::Excluded);
    let children = folder.folder().map(|folder| &folder.children);
    let range = children
        .into_iter()
        .flat_map(|all| all.range((from.clone(), Bound::Unbounded)));
    let nodes = range.filter_map(|(_, id)| drive.nodes.get(id));
    let mut rows: Vec<&Node> = nodes.filter(|node| fits(node)).take(limit + 1).collect();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor {
        page: cursor.page + 1,
        after: Some(last.key()),
        ..cursor.clone()
    });
    Rows { rows, next }
}

/// A page of rows in any order.
pub(crate) fn by_position<'a>(rows: &[&'a Node], cursor: &Cursor, limit: usize) -> Rows<'a> {
    let end = (cursor.skip + limit).min(rows.len());
    let next = (end < rows.len()).then(|| Cursor {
        page: cursor.page + 1,
        skip: end,
        ..cursor.clone()
    });
    Rows {
        rows: rows.get(cursor.skip..end).unwrap_or_default().to_vec(),
        next,
    }
}

fn v3(call: &mut Call<'_>) -> Answer {
    let folder = call.folder()?;
    let drive = call.drive()?;
    let order = Order::of(call, &[])?;
    let limit = limit(call)?;
    let cursor = cursor(
        call,
        format!("files/{}/{}/{}", drive.id, folder.id, order.by),
    )?;
    let types: Vec<&str> = call.request.query.many("type").collect();
    let fits = |node: &Node| types.is_empty() || types.contains(&node.type_name());
    let Rows { rows, next } = if order.is_plain() {
        by_key(drive, folder, &cursor, limit, fits)
    } else {
        let mut all = by_key(
            drive,
            folder,
            &Cursor::start(String::new()),
            usize::MAX - 1,
            fits,
        )
        .rows;
        all.sort_by(|one, two| order.compare(one, two));
        by_position(&all, &cursor, limit)
    };
    let place = drive.place(folder.id);
    let data = call.telling().children(drive, &place, rows);
    cursor_page(call, data, next)
}

fn v2(call: &mut Call<'_>) -> Answer {
    let folder = call.folder()?;
    let drive = call.drive()?;
    let (number, size) = pages(call)?;
    let order = Order::of(call, &[])?;
    let mut all = legacy_children(drive, folder);
    all.sort_by(|one, two| order.compare(one, two));
    all.truncate(V2_MOST);
    let total = all.len();
    let skip = usize::try_from((number - 1) * size).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(usize::MAX);
    let telling = call.legacy();
    let rows = all.into_iter().skip(skip).take(take);
    let data: Vec<_> = rows.map(|node| telling.value(drive, node)).collect();
    page(call.state.now(), data, numbers(number, size, total))
}

fn by_name(call: &mut Call<'_>) -> Answer {
    if !call.state.switches.name_lookup {
        return Err(Failure::no_route());
    }
    let folder = call.folder()?;
    let drive = call.drive()?;
    let name = call.request.query.get("name").unwrap_or_default();
    let found = drive.child(folder.id, name);
    let found = found.ok_or_else(|| Failure::new(404, "file_not_found", "File not found"))?;
    crate::infomaniak::envelope::at(call.state.now(), call.telling().value(drive, found))
}
