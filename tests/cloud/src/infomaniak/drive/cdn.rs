//! The CDN with the signed download addresses (fact sheet §3.5, §9.4), a listener of its own.

use std::collections::BTreeMap;

use super::node::Content;
use super::range;
use crate::infomaniak::envelope::{Answer, Failure};
use crate::infomaniak::routes::{Needs, Route};
use crate::infomaniak::state::Call;
use crate::reply;

pub(crate) const ROUTES: &[Route] = &[Route {
    key: "GET cdn:/2/download/{ticket}",
    needs: Needs::Nothing,
    handler: serve,
}];

/// Signed addresses by the last segment of their path.
pub(crate) type Tickets = BTreeMap<String, Ticket>;

/// What a signed address gives: the content as it was when the address was made.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) content: Content,
    pub(crate) mime: Option<String>,
    pub(crate) etag: Option<String>,
    /// Good for any number of uses until then; once when `None`.
    pub(crate) until: Option<u64>,
}

fn serve(call: &mut Call<'_>) -> Answer {
    if call.request.headers.contains_key("authorization") {
        let text = "A signed address takes no Authorization header";
        return Err(Failure::new(400, "bad_request_error", text));
    }
    let now = call.state.now();
    let name = call.params.text(0);
    let ticket = call.state.tickets.get(name);
    let ticket = ticket
        .filter(|ticket| ticket.until.is_none_or(|until| now < until))
        .cloned();
    let ticket = ticket.ok_or_else(|| Failure::new(403, "access_denied", "Link expired"))?;
    let switches = &call.state.switches;
    let mut reply = range::serve(
        &ticket.content,
        ticket.mime.as_deref(),
        &call.request.headers,
        switches.cdn_ranges,
    );
    if let Some(etag) = ticket.etag.filter(|_| switches.cdn_etag) {
        reply::set(&mut reply, "etag", &format!("\"{etag}\""));
    }
    if ticket.until.is_none() && switches.signed_once {
        call.state.tickets.remove(name);
    }
    Ok(reply)
}
