//! sync-collection (RFC 6578).

use std::sync::Arc;

use async_trait::async_trait;
use http::header::USER_AGENT;
use http::{Response, StatusCode};

use crate::domain::{Call, Fault, ItemKind, Kind, Result};
use crate::mirror::{Collection, Delta, Mirror, Since};

use super::super::Dav;
use super::super::body::Body;
use super::super::multistatus::{self, Pieces};
use super::super::target::Thing;
use super::super::xml::{Element, Writer};
use super::answer::{Frame, missing, truncated};
use super::limit::limit;
use super::refusal::Refusal;
use super::{Asking, token};

/// Items written at a time.
const PIECE: usize = 1200;

impl Dav {
    /// Answers sync-collection, whatever the depth.
    pub(super) async fn sync(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let Thing::Shelf(shelf, _) = &asking.target.thing else {
            return Err(Refusal::unsupported());
        };
        check_level(asking.root)?;
        let limit = limit(asking.root)?;
        let token = asking.root.child("sync-token");
        let token = token.map_or("", |token| token.text.trim());
        let frame = asking.frame(self, shelf)?;
        let call = &asking.visit.call;
        let head = self.mirror.state(call, shelf).await?;
        let since = match token {
            "" => Since::Nothing,
            token => token::read(token, shelf.id, &head)
                .map_err(|token::Invalid| invalid(asking, shelf.kind))?,
        };
        let delta = if since == Since::Revision(head.revision) {
            Delta::none(head)
        } else {
            match self.mirror.delta(call, shelf, since, limit).await {
                // Forgotten since the head was read.
                Err(error)
                    if error.kind() == Kind::StaleCursor && error.fault() == Fault::Client =>
                {
                    return Err(invalid(asking, shelf.kind));
                }
                delta => delta?,
            }
        };
        let minimal = frame.minimal;
        let prefixes = frame.plan.prefixes.clone();
        let changes = Changes {
            token: token::write_at(shelf.id, &delta.head, delta.to),
            delta,
            mirror: self.mirror.clone(),
            call: call.clone(),
            shelf: shelf.clone(),
            frame,
            at: 0,
        };
        Ok(multistatus::respond(changes, &prefixes, minimal).await?)
    }
}

/// Members of members do not exist here: `infinite` asks for the same as `1`. Old drafts tell
/// the level by Depth alone.
fn check_level(root: &Element) -> Result<(), Refusal> {
    let level = root.child("sync-level").map(|level| level.text.trim());
    match level {
        None | Some("1" | "infinite") => Ok(()),
        Some(_) => Err(Refusal::invalid("sync-level must be 1 or infinite")),
    }
}

/// The state that a client named is not one of ours. Thunderbird's address book never recovers
/// from a 403; its calendar takes a 403 with an error that is empty for a rate limit.
fn invalid(asking: &Asking<'_>, kind: ItemKind) -> Refusal {
    let agent = asking.headers.get(USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let status = if kind == ItemKind::Contact && agent.contains("Thunderbird") {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::FORBIDDEN
    };
    Refusal::Precondition(status, "<D:valid-sync-token/>")
}

struct Changes {
    mirror: Arc<Mirror>,
    call: Call,
    shelf: Arc<Collection>,
    frame: Arc<Frame>,
    delta: Delta,
    token: String,
    /// Changed items written.
    at: usize,
}

#[async_trait]
impl Pieces for Changes {
    async fn next(&mut self, writer: &mut Writer) -> Result<bool> {
        let count = self.delta.changed.len();
        let end = (self.at + self.frame.piece(PIECE)).min(count);
        let rows = &self.delta.changed[self.at..end];
        if self.frame.data.is_some() {
            let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
            // What is removed by now is told the next time.
            let members = self.mirror.members(&self.call, &self.shelf, &names).await?;
            let write = move |frame: &Frame, writer: &mut Writer| {
                members.iter().for_each(|one| frame.member(writer, one));
            };
            self.frame.write(writer, false, write).await?;
        } else {
            rows.iter()
                .for_each(|row| self.frame.item(writer, row, None));
        }
        self.at = end;
        if end == count {
            self.finish(writer);
        }
        Ok(end < count)
    }
}

impl Changes {
    fn finish(&self, writer: &mut Writer) {
        for name in &self.delta.removed {
            missing(writer, &self.frame.href(name));
        }
        if self.delta.more {
            truncated(writer, &self.frame.base);
        }
        writer.text("D:sync-token", &self.token);
    }
}
