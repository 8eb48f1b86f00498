//! What the mirror needs of a kind of items.

use chrono::{DateTime, Utc};

use crate::domain::{Item, Part, Result};

/// One item, ready to be written.
#[derive(Debug)]
pub struct Object<'a, K> {
    /// Its UID; the same for ever.
    pub uid: &'a str,
    /// All its parts, in any order.
    pub parts: &'a [(Part, K)],
    /// When this content was first seen: `DTSTAMP` and `REV` where the cloud tells no time.
    pub stamp: DateTime<Utc>,
}

/// The text of an item, and what an index needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// iCalendar or vCard text.
    pub text: String,
    /// First instant, widened for days and local times; `None` for what has no time.
    pub first: Option<DateTime<Utc>>,
    /// First instant after it; `None` where it never ends, cannot be worked out or has no time.
    pub last: Option<DateTime<Utc>>,
    /// Whether it has more than one instance.
    pub recurring: bool,
}

/// An item read from another server's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreign<K> {
    /// Its UID, where it has one.
    pub uid: Option<String>,
    /// Its parts.
    pub parts: Vec<(Part, K)>,
}

/// A kind of items as text.
pub trait Render: Item {
    /// Rises with each change of this program that changes the bytes of any item.
    const RENDERER: u32;

    /// Joins the parts and writes them. `Invalid` where they make no item that can be served.
    fn render(object: &Object<'_, Self>) -> Result<Rendered>;

    /// Reads an item from foreign text, tolerantly. `Invalid` where it is none.
    fn read(text: &str) -> Result<Foreign<Self>>;
}
