//! Uploads in one request (fact sheet §3.6).

use super::target::Wish;
use super::{hash, row};
use crate::content::size;
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;

pub(crate) const ROUTES: &[Route] = &[row("POST /3/drive/{drive}/upload", upload)];

/// Refuses chunked transfer encoding, which the vendor does not take.
pub(crate) fn with_length(call: &Call<'_>) -> Result<(), Failure> {
    if call.request.headers.contains_key("content-length") {
        return Ok(());
    }
    let status = call.state.switches.no_length_status;
    Err(Failure::new(
        status,
        "bad_request_error",
        "Content-Length is required",
    ))
}

fn number(call: &Call<'_>, name: &str) -> Result<Option<u64>, Failure> {
    let Some(text) = call.request.query.get(name) else {
        return Ok(None);
    };
    let number = text.parse().map_err(|_| {
        let text = format!("The {} must be an integer.", name.replace('_', " "));
        Failure::invalid(name, "integer", &text)
    })?;
    Ok(Some(number))
}

fn wish(call: &Call<'_>) -> Result<Wish, Failure> {
    let text = |name: &str| call.request.query.get(name).map(str::to_owned);
    Ok(Wish {
        file_id: number(call, "file_id")?,
        directory_id: number(call, "directory_id")?,
        directory_path: text("directory_path"),
        file_name: text("file_name"),
        conflict: text("conflict"),
        total_size: number(call, "total_size")?,
        created_at: number(call, "created_at")?,
        last_modified_at: number(call, "last_modified_at")?,
        if_match: call.request.header("if-match").map(str::to_owned),
    })
}

fn upload(call: &mut Call<'_>) -> Answer {
    call.drive()?;
    with_length(call)?;
    let wish = wish(call)?;
    let Some(total) = wish.total_size else {
        let text = "The total size field is required.";
        return Err(Failure::invalid("total_size", "required", text));
    };
    let hash = call.request.query.get("total_chunk_hash");
    if hash.is_none() && call.state.switches.hash_required {
        let text = "The total chunk hash field is required.";
        return Err(Failure::invalid("total_chunk_hash", "required", text));
    }
    if total != size(call.request.body.len()) {
        let text = "The upload is not terminated";
        return Err(Failure::new(400, "upload_not_terminated_error", text));
    }
    hash::check(hash, &call.request.body)?;
    call.room(total)?;
    let target = call.target(&wish)?;
    let bytes = call.request.body.clone();
    let id = call.store(&wish, target, bytes)?;
    let node = call.node_of(id)?;
    at(call.state.now(), call.telling().value(call.drive()?, node))
}
