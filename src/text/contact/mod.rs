//! Contacts as vCard 3.0 (RFC 2426): the one version that every client reads.

mod old;
mod read;
mod typed;
mod write;

use crate::domain::{Contact, Error, Kind, Result};

use super::render::{Foreign, Object, Render, Rendered};

impl Render for Contact {
    const RENDERER: u32 = 3;

    fn render(object: &Object<'_, Self>) -> Result<Rendered> {
        let contact = object.parts.iter().map(|(_, contact)| contact).next();
        let Some(contact) = contact else {
            return Err(Error::cloud(Kind::Invalid, "the contact has no content"));
        };
        Ok(Rendered {
            text: write::card(contact, object.uid, object.stamp).write(),
            first: None,
            last: None,
            recurring: false,
        })
    }

    fn read(text: &str) -> Result<Foreign<Self>> {
        read::read(text)
    }
}

#[cfg(test)]
mod proptests;
#[cfg(test)]
mod tests;
