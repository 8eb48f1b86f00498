//! How the text of items is told.

use std::borrow::Cow;

use crate::domain::ItemKind;

use super::super::xml::{CALDAV, CARDDAV, Element};
use super::refusal::Refusal;

/// How the text of items is told.
pub(super) struct Data;

impl Data {
    /// What a report asks for; `None`: no text.
    pub(super) fn asked(root: &Element, kind: ItemKind) -> Result<Option<Self>, Refusal> {
        let (namespace, local) = match kind {
            ItemKind::Event => (CALDAV, "calendar-data"),
            ItemKind::Contact => (CARDDAV, "address-data"),
        };
        let prop = root.child("prop");
        let asked = prop.and_then(|prop| prop.child_in(namespace, local));
        Ok(asked.map(|_| Self))
    }

    /// The text of one item.
    pub(super) fn of<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }
}
