//! Events as iCalendar objects.

mod alarm;
mod color;
mod join;
mod moments;
mod people;
mod places;
mod read;
mod rows;
mod whole;
mod write;

use crate::domain::{Event, Result};

use super::render::{Foreign, Object, Render, Rendered};

impl Render for Event {
    const RENDERER: u32 = 3;

    fn render(object: &Object<'_, Self>) -> Result<Rendered> {
        whole::render(object)
    }

    fn read(text: &str) -> Result<Foreign<Self>> {
        read::read(text)
    }
}

pub(super) use read::instant;
pub(super) use whole::{PRODID, calendar};
pub(super) use write::{address, one_line};

#[cfg(test)]
mod proptests;
#[cfg(test)]
mod tests;
