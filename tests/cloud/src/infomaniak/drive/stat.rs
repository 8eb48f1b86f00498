//! Reading about single objects: stat, hash, exists, count, size, versions (fact sheet §3.4).

use serde_json::{Value, json};

use super::node::{Node, Special};
use super::row;
use super::tree::Drive;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /3/drive/{drive}/files/{file}", v3),
    row("GET /2/drive/{drive}/files/{file}", v2),
    row("GET /2/drive/{drive}/files/{file}/hash", hash),
    row("GET /3/drive/{drive}/files/{file}/count", count),
    row("GET /3/drive/{drive}/files/{file}/size", total),
    row("GET /3/drive/{drive}/files/{file}/versions", versions),
    row("POST /2/drive/{drive}/files/exists", exists),
];

/// The object of the path; one in the trash only when the switch says so.
fn shown<'a>(call: &'a Call<'_>) -> Result<&'a Node, Failure> {
    let drive = call.drive()?;
    let id = call.params.id(1);
    let trashed = drive
        .nodes
        .get(&id)
        .filter(|_| call.state.switches.stat_shows_trash);
    let found = drive.alive(id).or(trashed);
    found.ok_or_else(|| call.state.missing("File"))
}

fn v3(call: &mut Call<'_>) -> Answer {
    let node = shown(call)?;
    at(call.state.now(), call.telling().value(call.drive()?, node))
}

fn v2(call: &mut Call<'_>) -> Answer {
    let node = shown(call)?;
    if node.special == Special::Private {
        // hidden in the v2 view
        return Err(call.state.missing("File"));
    }
    at(call.state.now(), call.legacy().value(call.drive()?, node))
}

fn hash(call: &mut Call<'_>) -> Answer {
    let file = call.node()?.file();
    let file = file.ok_or_else(|| Failure::new(400, "not_a_file_error", "Not a file"))?;
    at(call.state.now(), json!({ "hash": file.content.hash() }))
}

fn objects<'a>(drive: &'a Drive, ids: &'a [u64]) -> impl Iterator<Item = &'a Node> {
    ids.iter().filter_map(|id| drive.nodes.get(id))
}

fn count(call: &mut Call<'_>) -> Answer {
    let folder = call.folder()?;
    let drive = call.drive()?;
    let mut ids = drive.below(folder.id);
    if call.request.query.get("depth") != Some("unlimited") {
        ids.retain(|id| {
            drive
                .nodes
                .get(id)
                .is_some_and(|node| node.parent == folder.id)
        });
    }
    let folders = objects(drive, &ids).filter(|node| node.is_folder()).count();
    let data = json!({
        "count": ids.len(), "files": ids.len() - folders, "directories": folders,
    });
    at(call.state.now(), data)
}

fn total(call: &mut Call<'_>) -> Answer {
    let node = call.node()?;
    let drive = call.drive()?;
    let below = drive.below(node.id);
    let size: u64 = objects(drive, &below).map(Node::size).sum();
    at(call.state.now(), json!({ "size": size + node.size() }))
}

fn versions(call: &mut Call<'_>) -> Answer {
    let node = call.node()?;
    let Some(file) = node.file() else {
        return Err(Failure::new(400, "not_a_file_error", "Not a file"));
    };
    let present = json!({
        "id": file.version, "size": node.size(), "last_modified_at": node.last_modified_at,
    });
    let past = file.past.iter().rev().map(|past| {
        json!({
            "id": past.version, "size": past.content.size(),
            "last_modified_at": past.last_modified_at,
        })
    });
    let data: Vec<Value> = std::iter::once(present).chain(past).collect();
    at(call.state.now(), data)
}

fn exists(call: &mut Call<'_>) -> Answer {
    let drive = call.drive()?;
    let body: Value = call.request.json().unwrap_or_default();
    let Some(ids) = body["ids"].as_array() else {
        return Err(Failure::invalid(
            "ids",
            "required",
            "The ids field is required.",
        ));
    };
    let number = |id: &Value| {
        let text = id.as_str().and_then(|text| text.parse().ok());
        id.as_u64().or(text).unwrap_or(0)
    };
    let rows = ids.iter().map(number);
    let data: Vec<Value> = rows
        .map(|id| json!({ "id": id, "result": drive.alive(id).is_some() }))
        .collect();
    at(call.state.now(), data)
}
