//! Time zones: names that clouds use, `VTIMEZONE` components (RFC 5545 §3.6.5) from the IANA
//! rules, local times and instants.

mod definition;
mod local;
mod read;
mod runs;
mod transitions;

use std::str::FromStr;

use calcard::common::timezone::Tz as Resolved;
use chrono_tz::Tz;

pub(super) use definition::{fixed, iana};
pub use local::Zone;
pub(super) use local::{digits, instant, offset};
pub(super) use read::Zones;

/// The IANA zone of a name: an IANA name, a Windows name, or one of the forms in which calendar
/// programs wrap them.
pub(super) fn resolve(name: &str) -> Option<Tz> {
    // nothing that long names a zone
    let name = name.trim();
    if name.len() > 200 {
        return None;
    }
    match Resolved::from_str(name).ok()? {
        Resolved::Tz(zone) => Some(zone),
        Resolved::Fixed(_) | Resolved::Floating => None,
    }
}

/// Whether the zone is UTC by another name.
pub(super) fn is_utc(zone: &Zone) -> bool {
    let Zone::Iana(zone) = zone else {
        return false;
    };
    matches!(
        zone.name(),
        "UTC" | "Etc/UTC" | "Etc/UCT" | "UCT" | "Zulu" | "Etc/Zulu" | "Universal" | "Etc/Universal"
    )
}

#[cfg(test)]
mod tests;
