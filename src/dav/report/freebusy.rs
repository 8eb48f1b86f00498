//! free-busy-query (RFC 4791 §7.10).

use http::{Response, StatusCode};

use crate::domain::{Error, ItemKind, Kind, Result};
use crate::mirror::Member;
use crate::text::{BusyTimes, Zone, parse};

use super::super::Dav;
use super::super::body::{self, Body};
use super::super::target::Thing;
use super::super::types::item_type;
use super::super::xml::CALDAV;
use super::Asking;
use super::filter::span;
use super::refusal::Refusal;

/// Events worked out at a time.
const PIECE: usize = 100;

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
        let names = self.mirror.names_within(call, shelf, span).await?;
        let mut times = BusyTimes::within(span);
        for names in names.chunks(PIECE) {
            let members = self.mirror.members(call, shelf, names).await?;
            times = self.add(times, members).await?;
        }
        let text = times.write(self.clock.now());
        Ok(body::text(StatusCode::OK, item_type(ItemKind::Event), text))
    }

    /// Adds the times of some events, in turns and off the threads that serve requests.
    async fn add(&self, mut times: BusyTimes, members: Vec<Member>) -> Result<BusyTimes> {
        let turn = self.turns.next().await?;
        let working_out = move || {
            let objects = members.iter().filter_map(|one| parse(&one.text).ok());
            objects.for_each(|object| times.add(&object, &Zone::UTC));
            times.settle();
            drop(turn);
            times
        };
        let times = tokio::task::spawn_blocking(working_out).await;
        times.map_err(|error| {
            Error::bridge(Kind::Broken, "busy times are not worked out").because(error)
        })
    }
}
