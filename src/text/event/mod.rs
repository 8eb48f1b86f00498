//! Events as iCalendar objects.

mod alarm;
mod color;
mod join;
mod people;
mod places;
mod whole;
mod write;

use crate::domain::{Event, Result};

use super::render::{Foreign, Object, Render, Rendered};

impl Render for Event {
    const RENDERER: u32 = 1;

    fn render(object: &Object<'_, Self>) -> Result<Rendered> {
        whole::render(object)
    }

    fn read(_text: &str) -> Result<Foreign<Self>> {
        Err(crate::domain::Error::bridge(
            crate::domain::Kind::Unsupported,
            "reading foreign events",
        ))
    }
}

pub(super) use whole::{PRODID, calendar};
pub(super) use write::address;

#[cfg(test)]
mod tests;
