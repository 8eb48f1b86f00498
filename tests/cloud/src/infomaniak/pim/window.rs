//! The window of a listing: `from`, `to` and what is refused (fact sheet §4.3).

use chrono::{Months, NaiveDateTime};

use super::event::Range;
use super::zone::{PROFILE, Zone};
use crate::infomaniak::envelope::Failure;
use crate::infomaniak::state::Call;
use crate::switches::WindowZone;

/// A span must be shorter than this.
const MONTHS: Months = Months::new(3);

/// What `from` and `to` ask for.
pub(super) fn asked(call: &Call<'_>) -> Result<Range, Failure> {
    let (from, to) = (time(call, "from")?, time(call, "to")?);
    if to <= from {
        let text = "The to must be a date after from.";
        return Err(Failure::invalid("to", "after", text));
    }
    if from
        .checked_add_months(MONTHS)
        .is_none_or(|limit| to >= limit)
    {
        let text = "The range must be lower than 3 months";
        return Err(Failure::new(500, "range_must_be_lower_than_3_months", text));
    }
    let switches = &call.state.switches;
    let zone = match switches.window_zone {
        WindowZone::Utc => Zone::utc(),
        WindowZone::Profile => PROFILE,
    };
    Ok(Range {
        from: zone.instant(from),
        to: zone.instant(to),
        zone,
        overlaps: switches.boundary_twice,
    })
}

fn time(call: &Call<'_>, name: &str) -> Result<NaiveDateTime, Failure> {
    let Some(text) = call.request.query.get(name) else {
        let text = format!("The {name} field is required.");
        return Err(Failure::invalid(name, "required", &text));
    };
    read(text).ok_or_else(|| {
        let text = format!("The {name} does not match the format Y-m-d H:i:s.");
        Failure::invalid(name, "date_format", &text)
    })
}

/// `YYYY-MM-DD HH:MM:SS`, nothing else.
pub(super) fn read(text: &str) -> Option<NaiveDateTime> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    // chrono takes one digit where two are due
    (text.len() == 19).then_some(time)
}
