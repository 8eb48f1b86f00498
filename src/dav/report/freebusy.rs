//! free-busy-query (RFC 4791 §7.10).

use http::{Response, StatusCode};

use crate::domain::{Error, ItemKind, Kind};
use crate::text::{Zone, free_busy, parse};

use super::super::Dav;
use super::super::body::{self, Body};
use super::super::target::Thing;
use super::super::types::item_type;
use super::super::xml::CALDAV;
use super::Asking;
use super::filter::span;
use super::refusal::Refusal;

impl Dav {
    /// Answers free-busy-query, whatever the depth.
    pub(super) async fn free_busy(&self, asking: &Asking<'_>) -> Result<Response<Body>, Refusal> {
        let Thing::Shelf(shelf, _) = &asking.target.thing else {
            return Err(Refusal::unsupported());
        };
        let range = asking.root.child_in(CALDAV, "time-range");
        let range = range.filter(|range| {
            let mut both = ["start", "end"].iter();
            both.all(|name| range.attribute(name).is_some())
        });
        let span = range.and_then(span);
        let span = span.ok_or(Refusal::invalid("a begin and a later end are needed"))?;
        let call = &asking.visit.call;
        let members = self.mirror.members_within(call, shelf, Some(span)).await?;
        let stamp = self.clock.now();
        let working_out = move || {
            let objects: Vec<_> = members
                .iter()
                .filter_map(|member| parse(&member.text).ok())
                .collect();
            free_busy(objects.iter(), span, &Zone::UTC, stamp)
        };
        let text = tokio::task::spawn_blocking(working_out).await;
        let text = text.map_err(|error| {
            Error::bridge(Kind::Broken, "busy times are not worked out").because(error)
        })?;
        Ok(body::text(StatusCode::OK, item_type(ItemKind::Event), text))
    }
}
