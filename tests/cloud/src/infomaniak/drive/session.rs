//! Uploads in pieces (fact sheet §3.7).

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};

use super::target::{Target, Wish};
use super::upload::with_length;
use super::{hash, row};
use crate::content::size;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;
use crate::switches::UploadUrl;

pub(crate) const ROUTES: &[Route] = &[
    row("POST /3/drive/{drive}/upload/session/start", start),
    row("POST /3/drive/{drive}/upload/session/{token}/chunk", chunk),
    row(
        "POST /3/drive/{drive}/upload/session/{token}/finish",
        finish,
    ),
    row("DELETE /2/drive/{drive}/upload/session/{token}", cancel),
    row("GET /2/drive/{drive}/upload/session/{token}", status),
];

/// Life of a session, seconds.
const LIFE: u64 = 12 * 3600;
/// Most sessions open at once.
const MOST: usize = 100;

/// An upload under way.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    drive: u64,
    wish: Wish,
    total_chunks: u64,
    started: u64,
    chunks: BTreeMap<u64, Bytes>,
    canceled: bool,
}

/// A number in JSON, or a numeric string.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn required(body: &Value, name: &str) -> Result<u64, Failure> {
    number(&body[name]).ok_or_else(|| {
        let text = format!("The {} field is required.", name.replace('_', " "));
        Failure::invalid(name, "required", &text)
    })
}

fn start(call: &mut Call<'_>) -> Answer {
    call.drive()?;
    let body: Value = call.request.json().unwrap_or_default();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let wish = Wish {
        file_id: number(&body["file_id"]),
        directory_id: number(&body["directory_id"]),
        directory_path: text("directory_path"),
        file_name: text("file_name"),
        conflict: text("conflict"),
        total_size: Some(required(&body, "total_size")?),
        created_at: number(&body["created_at"]),
        last_modified_at: number(&body["last_modified_at"]),
        if_match: call.request.header("if-match").map(str::to_owned),
    };
    let total_chunks = required(&body, "total_chunks")?;
    if !(1..=10_000).contains(&total_chunks) {
        let text = "The total chunks must be between 1 and 10000.";
        return Err(Failure::invalid("total_chunks", "between", text));
    }
    if call.state.sessions.len() >= MOST {
        let text = "Too many upload sessions";
        return Err(Failure::new(400, "too_many_upload_sessions_error", text));
    }
    let room = call.room(wish.total_size.unwrap_or(0));
    if let Err(failure) = room.and_then(|()| call.target(&wish)) {
        if failure.code() == "validation_failed" {
            return Err(failure);
        }
        let data = json!({ "token": null, "result": false, "message": failure.code() });
        return at(call.state.now(), data);
    }
    begin(call, wish, total_chunks)
}

fn begin(call: &mut Call<'_>, wish: Wish, total_chunks: u64) -> Answer {
    let token = call.state.draw();
    let drive = call.drive()?.id;
    let base = format!("{}/kdrive", call.state.addresses.base);
    let upload_url = match call.state.switches.upload_url {
        UploadUrl::Host => base,
        UploadUrl::Full => format!("{base}/3/drive/{drive}/upload/session/{token}/chunk"),
    };
    let data = json!({
        "token": token, "result": true, "message": null,
        "directory_id": wish.directory_id, "directory_path": wish.directory_path,
        "file_name": wish.file_name,
        "file": { "id": 0, "name": wish.file_name, "status": "uploading" },
        "upload_url": upload_url,
    });
    let session = Session {
        drive,
        wish,
        total_chunks,
        started: call.state.now(),
        chunks: BTreeMap::new(),
        canceled: false,
    };
    call.state.sessions.insert(token, session);
    at(call.state.now(), data)
}

fn session<'a>(call: &'a Call<'_>) -> Result<&'a Session, Failure> {
    let drive = call.drive()?.id;
    let found = call.state.sessions.get(call.params.text(1));
    let found = found.filter(|session| session.drive == drive);
    let Some(session) = found else {
        return Err(Failure::new(
            400,
            "invalid_upload_token_error",
            "Invalid upload token",
        ));
    };
    if session.canceled {
        return Err(Failure::new(
            400,
            "upload_token_canceled",
            "Upload token canceled",
        ));
    }
    if call.state.now() > session.started + LIFE {
        return Err(Failure::new(
            400,
            "upload_token_is_not_valid",
            "Upload token expired",
        ));
    }
    Ok(session)
}

fn chunk(call: &mut Call<'_>) -> Answer {
    let total_chunks = session(call)?.total_chunks;
    with_length(call)?;
    let asked = |name: &str| {
        call.request
            .query
            .get(name)
            .and_then(|text| text.parse().ok())
    };
    let number: Option<u64> = asked("chunk_number");
    let Some(number) = number.filter(|number| (1..=total_chunks).contains(number)) else {
        let text = "The chunk number is out of range.";
        return Err(Failure::invalid("chunk_number", "between", text));
    };
    let bytes = call.request.body.clone();
    if asked("chunk_size") != Some(size(bytes.len())) {
        let text = "The upload is not terminated";
        return Err(Failure::new(400, "upload_not_terminated_error", text));
    }
    hash::check(call.request.query.get("chunk_hash"), &bytes)?;
    let data = json!({
        "number": number, "status": "ok", "created_at": call.state.now(), "size": bytes.len(),
        "hash": format!("xxh3:{}", hash::xxh3(&bytes)),
    });
    let token = call.params.text(1);
    if let Some(session) = call.state.sessions.get_mut(token) {
        session.chunks.insert(number, bytes);
    }
    at(call.state.now(), data)
}

/// The hash of a whole upload: over the hashes of its chunks, or of the only chunk itself.
fn check_total(session: &Session, told: Option<&str>) -> Result<(), Failure> {
    let digits: Vec<String> = session
        .chunks
        .values()
        .map(|bytes| hash::xxh3(bytes))
        .collect();
    let joined = hash::xxh3(digits.concat().as_bytes());
    let told = told.map(|told| told.trim_start_matches("xxh3:"));
    let single = digits.first().filter(|_| digits.len() == 1);
    match told {
        Some(told) if told != joined && Some(told) != single.map(String::as_str) => {
            Err(hash::mismatch())
        }
        _ => Ok(()),
    }
}

fn finish(call: &mut Call<'_>) -> Answer {
    let body: Value = call.request.json().unwrap_or_default();
    let session = session(call)?.clone();
    let total: u64 = session.chunks.values().map(|bytes| size(bytes.len())).sum();
    let count = size(session.chunks.len());
    let told = number(&body["total_chunks"]).unwrap_or(session.total_chunks);
    if count != session.total_chunks || count != told || Some(total) != session.wish.total_size {
        let text = "The upload is not terminated";
        return Err(Failure::new(400, "upload_not_terminated_error", text));
    }
    check_total(&session, body["total_chunk_hash"].as_str())?;
    let mut wish = session.wish;
    wish.created_at = number(&body["created_at"]).or(wish.created_at);
    wish.last_modified_at = number(&body["last_modified_at"]).or(wish.last_modified_at);
    let target: Target = call.target(&wish)?;
    let mut bytes = BytesMut::new();
    for chunk in session.chunks.values() {
        bytes.extend_from_slice(chunk);
    }
    let id = call.store(&wish, target, bytes.freeze())?;
    let token = call.params.text(1);
    call.state.sessions.remove(token);
    let file = call.telling().value(call.drive()?, call.node_of(id)?);
    let data = json!({ "token": token, "result": true, "message": null, "file": file });
    at(call.state.now(), data)
}

fn cancel(call: &mut Call<'_>) -> Answer {
    session(call)?;
    let token = call.params.text(1);
    if let Some(session) = call.state.sessions.get_mut(token) {
        session.canceled = true;
        session.chunks.clear();
    }
    at(call.state.now(), true)
}

fn status(call: &mut Call<'_>) -> Answer {
    let session = session(call)?;
    let uploaded: u64 = session.chunks.values().map(|bytes| size(bytes.len())).sum();
    let mut data = json!({
        "expected_chunks": session.total_chunks, "uploading_chunks": 0, "failed_chunks": 0,
        "expected_size": session.wish.total_size, "uploaded_size": uploaded,
    });
    if call.request.query.many("with").any(|with| with == "chunks") {
        let rows = session.chunks.iter().map(|(number, bytes)| {
            let hash = format!("xxh3:{}", hash::xxh3(bytes));
            json!({ "number": number, "status": "ok", "size": bytes.len(), "hash": hash })
        });
        data["chunks"] = rows.collect();
    }
    at(call.state.now(), data)
}
