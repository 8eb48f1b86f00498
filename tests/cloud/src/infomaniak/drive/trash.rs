//! Deleting, the trash, and back (fact sheet §3.8).

use serde_json::Value;

use super::cancel::{Back, resource};
use super::edit::Author;
use super::listing::{Order, by_position, cursor, cursor_page, limit};
use super::node::Node;
use super::rights::{closed, fixed};
use super::row;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[
    row("DELETE /2/drive/{drive}/files/{file}", delete),
    row("GET /3/drive/{drive}/trash", list),
    row("GET /2/drive/{drive}/trash/{file}", one),
    row("GET /3/drive/{drive}/trash/{file}", one),
    row("POST /2/drive/{drive}/trash/{file}/restore", restore),
    row("DELETE /2/drive/{drive}/trash/{file}", purge),
    row("DELETE /2/drive/{drive}/trash", purge_all),
];

fn delete(call: &mut Call<'_>) -> Answer {
    let node = call.node()?;
    if fixed(call.drive()?, node) {
        return Err(Failure::new(403, "forbidden_error", "Forbidden"));
    }
    if node.is_locked() {
        return Err(call.locked());
    }
    let (id, parent, name) = (node.id, node.parent, node.name.clone());
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    drive.remove(id, Author { user, now });
    resource(call, id, Back::FromTrash { parent, name })
}

/// The topmost objects in the trash.
fn thrown<'a>(call: &'a Call<'_>) -> Result<Vec<&'a Node>, Failure> {
    let nodes = call.drive()?.nodes.values();
    Ok(nodes.filter(|node| node.trashed.is_some()).collect())
}

fn list(call: &mut Call<'_>) -> Answer {
    let drive = call.drive()?;
    let limit = limit(call)?;
    let order = Order::of(call, &["deleted_at"])?;
    let cursor = cursor(call, format!("trash/{}/{}", drive.id, order.by))?;
    let mut all = thrown(call)?;
    all.sort_by(|one, two| order.compare(one, two));
    let rows = by_position(&all, &cursor, limit);
    let telling = call.telling();
    let told = rows.rows.iter().map(|node| telling.value(drive, node));
    let data: Vec<Value> = told.collect();
    cursor_page(call, data, rows.next)
}

/// The object of the path, from the trash.
fn from_trash<'a>(call: &'a Call<'_>) -> Result<&'a Node, Failure> {
    let node = call.drive()?.nodes.get(&call.params.id(1));
    let node = node.filter(|node| node.trashed.is_some());
    node.ok_or_else(|| call.state.missing("File"))
}

fn one(call: &mut Call<'_>) -> Answer {
    let value = call.telling().value(call.drive()?, from_trash(call)?);
    at(call.state.now(), value)
}

fn restore(call: &mut Call<'_>) -> Answer {
    let node = from_trash(call)?;
    let (id, name, parent) = (node.id, node.name.clone(), node.parent);
    let body: Value = call.request.json().unwrap_or_default();
    let folder = body["destination_directory_id"].as_u64().unwrap_or(parent);
    let drive = call.drive()?;
    let Some(destination) = drive.alive(folder).filter(|folder| folder.is_folder()) else {
        return Err(Failure::new(
            404,
            "not_found_error",
            "The destination does not exist",
        ));
    };
    if closed(drive, destination) {
        let text = "The destination is not writable";
        return Err(Failure::new(403, "destination_not_writable", text));
    }
    if drive.child(folder, &name).is_some() {
        return Err(call.taken("destination_already_exists"));
    }
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    drive.restore(id, folder, &name, Author { user, now });
    resource(call, id, Back::IntoTrash)
}

fn purge(call: &mut Call<'_>) -> Answer {
    let id = from_trash(call)?.id;
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    drive.destroy(id, Author { user, now });
    at(call.state.now(), true)
}

fn purge_all(call: &mut Call<'_>) -> Answer {
    let ids: Vec<u64> = thrown(call)?.iter().map(|node| node.id).collect();
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    for id in ids {
        drive.destroy(id, Author { user, now });
    }
    at(call.state.now(), true)
}
