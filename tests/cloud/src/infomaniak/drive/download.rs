//! Downloads (fact sheet §3.5).

use bytes::Bytes;
use serde_json::json;

use super::cdn::Ticket;
use super::node::{Content, Node};
use super::{range, row};
use crate::infomaniak::envelope::{Answer, Failure, at};
use crate::infomaniak::routes::Route;
use crate::infomaniak::state::Call;
use crate::reply;
use crate::switches::Download;

pub(crate) const ROUTES: &[Route] = &[
    row("GET /2/drive/{drive}/files/{file}/download", download),
    row("GET /3/drive/{drive}/files/{file}/download", download),
    row(
        "GET /2/drive/{drive}/files/{file}/versions/{version}/download",
        old,
    ),
    row("GET /2/drive/{drive}/files/{file}/temporary_url", temporary),
];

/// A ZIP archive without entries, given for folders.
const EMPTY_ARCHIVE: [u8; 22] = *b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// What a download of the object gives.
fn ticket(drive: u64, node: &Node) -> Ticket {
    match node.file() {
        Some(file) => Ticket {
            content: file.content.clone(),
            mime: file.mime.clone(),
            etag: node.etag(drive),
            until: None,
        },
        None => Ticket {
            content: Content::Memory(Bytes::from_static(&EMPTY_ARCHIVE)),
            mime: Some("application/zip".to_owned()),
            etag: None,
            until: None,
        },
    }
}

fn give(call: &mut Call<'_>, ticket: Ticket) -> Answer {
    match call.state.switches.download {
        Download::Direct => Ok(range::serve(
            &ticket.content,
            ticket.mime.as_deref(),
            &call.request.headers,
            call.state.switches.cdn_ranges,
        )),
        Download::Redirect => {
            let address = sign(call, ticket);
            Ok(reply::redirect(&address))
        }
    }
}

/// A signed address for a ticket.
fn sign(call: &mut Call<'_>, ticket: Ticket) -> String {
    let name = call.state.draw();
    let address = format!("{}/2/download/{name}", call.state.addresses.cdn);
    call.state.tickets.insert(name, ticket);
    address
}

fn download(call: &mut Call<'_>) -> Answer {
    let ticket = ticket(call.drive()?.id, call.node()?);
    give(call, ticket)
}

fn old(call: &mut Call<'_>) -> Answer {
    let node = call.node()?;
    let present = ticket(call.drive()?.id, node);
    let version = call.params.id(2);
    let file = node.file().ok_or_else(|| call.state.missing("Version"))?;
    if u64::from(file.version) == version {
        return give(call, present);
    }
    let past = file
        .past
        .iter()
        .find(|past| u64::from(past.version) == version);
    let past = past.ok_or_else(|| call.state.missing("Version"))?;
    let ticket = Ticket {
        content: past.content.clone(),
        etag: None,
        ..present
    };
    give(call, ticket)
}

fn temporary(call: &mut Call<'_>) -> Answer {
    let duration = call.request.query.get("duration").unwrap_or("600");
    let Ok(duration) = duration.parse::<u64>() else {
        return Err(Failure::invalid(
            "duration",
            "integer",
            "The duration must be an integer.",
        ));
    };
    let mut ticket = ticket(call.drive()?.id, call.node()?);
    ticket.until = Some(call.state.now() + duration);
    let address = sign(call, ticket);
    at(call.state.now(), json!({ "temporary_url": address }))
}
