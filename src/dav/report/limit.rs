//! How many results a client wants at most (RFC 5323 §5.17, RFC 6352 §10.6).

use std::num::IntErrorKind;

use super::super::xml::{CALDAV, CARDDAV, DAV, Element};
use super::refusal::Refusal;

/// The limit of a report, if it has one: at least 1.
pub(super) fn limit(root: &Element) -> Result<Option<usize>, Refusal> {
    let either = |of: &'_ Element, local| {
        [DAV, CARDDAV, CALDAV]
            .into_iter()
            .find_map(|namespace| of.child_in(namespace, local).cloned())
    };
    let Some(limit) = either(root, "limit") else {
        return Ok(None);
    };
    let number = either(&limit, "nresults").map(|number| number.text);
    let number = number.unwrap_or_default();
    match number.trim().parse::<usize>() {
        // more than can be counted is no limit
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(None),
        Ok(0) | Err(_) => Err(Refusal::invalid("nresults must be a positive number")),
        Ok(number) => Ok(Some(number)),
    }
}
