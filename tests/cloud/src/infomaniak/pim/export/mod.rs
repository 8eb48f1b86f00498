//! `/export`: an event as iCalendar text, with its UID and what differs (fact sheet §4.1).
//!
//! [`lines`] writes and folds, [`zones`] writes VTIMEZONE, [`component`] an event.

mod component;
mod lines;
mod zones;

use super::listing::asked;
use super::unexpected;
use crate::infomaniak::envelope::Answer;
use crate::infomaniak::state::Call;
use crate::reply;
use crate::switches::Recurring;
use component::Writer;
use lines::Lines;

/// `GET …/event/{event}/export`
pub(super) fn export(call: &mut Call<'_>) -> Answer {
    let event = asked(call)?;
    if !call.state.switches.exports {
        return Err(unexpected());
    }
    let span = event.span.ok_or_else(unexpected)?;
    let stamp = match call.state.switches.export_stamp_now {
        // simulated time stands still, but no two exports are of the same second
        true => call.state.now() + call.state.pim.exports,
        false => event.stamp,
    };
    let alone = call.state.switches.recurring == Recurring::ExpandedNoRule;
    let mut lines = Lines::default();
    lines.plain("BEGIN", "VCALENDAR");
    lines.plain("VERSION", "2.0");
    lines.plain("PRODID", "-//Infomaniak//Calendar//EN");
    lines.plain("CALSCALE", "GREGORIAN");
    let writer = Writer::new(event, call.params.id(0), stamp);
    for (name, zone) in writer.zones(&span, alone) {
        zones::write(&mut lines, &name, zone);
    }
    writer.master(&mut lines, &span, alone);
    if !alone {
        event
            .differing_ones()
            .for_each(|one| writer.differing(&mut lines, &span, &one));
    }
    lines.plain("END", "VCALENDAR");
    let text = lines.text();
    call.state.pim.exports += 1;
    Ok(reply::typed(200, "text/calendar; charset=utf-8", text))
}
