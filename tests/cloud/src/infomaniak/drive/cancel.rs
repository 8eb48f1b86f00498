//! Undo: the cancel resources that rename, move, delete and restore answer with (fact sheet §3.8).

use serde_json::{Value, json};

use super::edit::Author;
use super::row;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[row("POST /2/drive/{drive}/cancel", cancel)];

/// How long something can be undone, seconds.
const LIFE: u64 = 60;

/// How to undo a change.
#[derive(Clone, Debug)]
pub(crate) struct Undo {
    drive: u64,
    file: u64,
    until: u64,
    back: Back,
}

/// Where an object was.
#[derive(Clone, Debug)]
pub(crate) enum Back {
    /// There, under that name.
    To { parent: u64, name: String },
    /// There, before it came into the trash.
    FromTrash { parent: u64, name: String },
    /// In the trash.
    IntoTrash,
}

/// Answers a change with the resource that undoes it.
pub(crate) fn resource(call: &mut Call<'_>, file: u64, back: Back) -> Answer {
    let id = call.state.draw();
    let until = call.state.now() + LIFE;
    let drive = call.params.id(0);
    let undo = Undo {
        drive,
        file,
        until,
        back,
    };
    call.state.undos.insert(id.clone(), undo);
    at(
        call.state.now(),
        json!({ "cancel_id": id, "valid_until": until }),
    )
}

fn cancel(call: &mut Call<'_>) -> Answer {
    let here = call.drive()?.id;
    let body: Value = call.request.json().unwrap_or_default();
    let id = body["cancel_id"].as_str().unwrap_or_default();
    let now = call.state.now();
    let undo = call.state.undos.remove(id);
    let undo = undo.filter(|undo| undo.drive == here && now <= undo.until);
    let undo = undo.ok_or_else(|| Failure::new(404, "not_found_error", "Nothing to cancel"))?;
    let user = call.grant.user.id;
    let (drive, now) = call.drive_mut()?;
    let author = Author { user, now };
    match undo.back {
        Back::To { parent, name } => drive.shift(undo.file, parent, &name, author),
        Back::FromTrash { parent, name } => drive.restore(undo.file, parent, &name, author),
        Back::IntoTrash => drive.remove(undo.file, author),
    }
    at(call.state.now(), true)
}
