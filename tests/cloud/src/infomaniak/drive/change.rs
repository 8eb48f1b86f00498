//! Making folders, renaming, moving, copying, setting dates (fact sheet §3.8).

use serde_json::{Value, json};

use super::cancel::{Back, resource};
use super::edit::Author;
use super::node::{Node, Special};
use super::rights::{closed, fixed};
use super::row;
use super::target::name;
use super::tree::{Drive, TEAM};
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;
use crate::reply;

pub(crate) const ROUTES: &[Route] = &[
    row(
        "POST /3/drive/{drive}/files/team_directory",
        make_team_folder,
    ),
    row("POST /3/drive/{drive}/files/{file}/directory", make_folder),
    row("POST /2/drive/{drive}/files/{file}/rename", rename),
    row("POST /3/drive/{drive}/files/{file}/move/{folder}", move_to),
    row("POST /3/drive/{drive}/files/{file}/copy/{folder}", copy),
    row("POST /3/drive/{drive}/files/{file}/duplicate", duplicate),
    row(
        "POST /2/drive/{drive}/files/{file}/last-modified",
        set_modified,
    ),
    row(
        "POST /3/drive/{drive}/files/{file}/last-modified",
        set_modified,
    ),
];

/// The JSON body and the name in it.
fn body_name(call: &Call<'_>) -> Result<(Value, Option<String>), Failure> {
    let body: Value = call.request.json().unwrap_or_default();
    let name = body["name"].as_str().map(name).transpose()?;
    Ok((body, name))
}

fn no_name() -> Failure {
    Failure::invalid("name", "required", "The name field is required.")
}

fn not_writable() -> Failure {
    let text = "The destination is not writable";
    Failure::new(403, "destination_not_writable", text)
}

/// Runs a change as the caller.
fn change<T>(
    call: &mut Call<'_>,
    what: impl FnOnce(&mut Drive, Author) -> T,
) -> Result<T, Failure> {
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    Ok(what(drive, Author { user, now }))
}

/// Tells one object.
fn tell(call: &Call<'_>, id: u64) -> Answer {
    let value = call.telling().value(call.drive()?, call.node_of(id)?);
    at(call.state.now(), value)
}

/// The object of the path, if it may be changed.
fn changeable<'a>(call: &'a Call<'_>) -> Result<&'a Node, Failure> {
    let node = call.node()?;
    if fixed(call.drive()?, node) {
        return Err(Failure::new(403, "forbidden_error", "Forbidden"));
    }
    if node.is_locked() {
        return Err(call.locked());
    }
    Ok(node)
}

/// A folder that something may be put into.
fn destination(call: &Call<'_>, id: u64) -> Result<u64, Failure> {
    let folder = call.node_of(id)?;
    if !folder.is_folder() {
        return Err(call.not_a_folder());
    }
    if closed(call.drive()?, folder) {
        return Err(not_writable());
    }
    Ok(id)
}

fn free(call: &Call<'_>, folder: u64, name: &str) -> Result<(), Failure> {
    match call.drive()?.child(folder, name) {
        Some(_) => Err(call.taken("destination_already_exists")),
        None => Ok(()),
    }
}

fn make_folder(call: &mut Call<'_>) -> Answer {
    let folder = call.folder()?;
    let plain = folder.special == Special::Team && !call.state.switches.plain_team_folder;
    let mut folder = destination(call, folder.id)?;
    if plain {
        return Err(not_writable());
    }
    let (body, wanted) = body_name(call)?;
    let wanted = wanted.ok_or_else(no_name)?;
    let above = body["relative_path"].as_str().unwrap_or_default();
    for part in above.split('/').filter(|part| !part.is_empty()) {
        let found = call.drive()?.child(folder, part).map(|node| node.id);
        folder = match found {
            Some(id) => destination(call, id)?,
            None => {
                let part = name(part)?;
                change(call, |drive, author| {
                    drive.create_folder(folder, &part, author)
                })?
            }
        };
    }
    free(call, folder, &wanted)?;
    let color = body["color"].as_str().map(str::to_owned);
    let id = change(call, |drive, author| {
        let id = drive.create_folder(folder, &wanted, author);
        if let Some(made) = drive.nodes.get_mut(&id).and_then(Node::folder_mut) {
            made.color = color;
        }
        id
    })?;
    tell(call, id)
}

fn make_team_folder(call: &mut Call<'_>) -> Answer {
    call.node_of(TEAM)?;
    let wanted = body_name(call)?.1.ok_or_else(no_name)?;
    free(call, TEAM, &wanted)?;
    let id = change(call, |drive, author| {
        drive.create_folder(TEAM, &wanted, author)
    })?;
    tell(call, id)
}

fn rename(call: &mut Call<'_>) -> Answer {
    let node = changeable(call)?;
    let (id, parent, old) = (node.id, node.parent, node.name.clone());
    let wanted = body_name(call)?.1.ok_or_else(no_name)?;
    if wanted != old {
        free(call, parent, &wanted)?;
        change(call, |drive, author| {
            drive.shift(id, parent, &wanted, author);
        })?;
    }
    resource(call, id, Back::To { parent, name: old })
}

fn move_to(call: &mut Call<'_>) -> Answer {
    let node = changeable(call)?;
    let (id, parent, old) = (node.id, node.parent, node.name.clone());
    let folder = destination(call, call.params.id(2))?;
    if call.drive()?.is_within(folder, id) {
        let text = "A folder cannot be moved into itself";
        return Err(Failure::new(400, "bad_request_error", text));
    }
    let (body, wanted) = body_name(call)?;
    let mut wanted = wanted.unwrap_or_else(|| old.clone());
    if (folder, &wanted) != (parent, &old) {
        if body["conflict"].as_str() == Some("rename") {
            wanted = call.drive()?.free_name(folder, &wanted);
        }
        free(call, folder, &wanted)?;
        change(call, |drive, author| {
            drive.shift(id, folder, &wanted, author);
        })?;
    }
    resource(call, id, Back::To { parent, name: old })
}

fn copy(call: &mut Call<'_>) -> Answer {
    let folder = destination(call, call.params.id(2))?;
    copy_into(call, folder)
}

fn duplicate(call: &mut Call<'_>) -> Answer {
    let folder = destination(call, call.node()?.parent)?;
    copy_into(call, folder)
}

fn copy_into(call: &mut Call<'_>, folder: u64) -> Answer {
    let node = call.node()?;
    if node.special != Special::No {
        return Err(Failure::new(403, "forbidden_error", "Forbidden"));
    }
    let (id, is_folder, old) = (node.id, node.is_folder(), node.name.clone());
    if call.drive()?.is_within(folder, id) {
        let text = "A folder cannot be copied into itself";
        return Err(Failure::new(400, "bad_request_error", text));
    }
    let below = call.drive()?.below(id);
    let drive = call.drive()?;
    let sizes = below
        .iter()
        .chain([&id])
        .filter_map(|id| drive.nodes.get(id));
    call.room(sizes.map(Node::size).sum())?;
    let wanted = body_name(call)?.1.unwrap_or(old);
    free(call, folder, &wanted)?;
    let copy = change(call, |drive, author| {
        drive.duplicate(id, folder, &wanted, author)
    })?;
    if is_folder && call.state.switches.asynchronous_copy {
        let body = json!({ "result": "asynchronous", "data": call.state.draw() });
        return Ok(reply::json(200, &body));
    }
    tell(call, copy)
}

fn set_modified(call: &mut Call<'_>) -> Answer {
    let id = changeable(call)?.id;
    let body: Value = call.request.json().unwrap_or_default();
    let Some(date) = body["last_modified_at"].as_u64() else {
        let text = "The last modified at field is required.";
        return Err(Failure::invalid("last_modified_at", "required", text));
    };
    change(call, |drive, author| drive.set_modified(id, date, author))?;
    tell(call, id)
}
