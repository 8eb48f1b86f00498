//! Items: what lies in calendars, task lists and address books, whichever the kind.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Contact, Cursor, Event, FeedId, ItemId, Moment, ShelfId, Span, Version};

/// A kind of item. The same code serves all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// Events, in calendars.
    Event,
    /// Contacts, in address books.
    Contact,
}

impl ItemKind {
    /// Name in the store and in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Contact => "contact",
        }
    }
}

/// The value of one part of an item.
pub trait Item:
    Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Which kind.
    const KIND: ItemKind;

    /// The time it takes; `None` for what has no time.
    fn span(&self) -> Option<Span>;
}

impl Item for Event {
    const KIND: ItemKind = ItemKind::Event;

    fn span(&self) -> Option<Span> {
        Self::span(self)
    }
}

impl Item for Contact {
    const KIND: ItemKind = ItemKind::Contact;

    fn span(&self) -> Option<Span> {
        None
    }
}

/// Which part of an item a value is. A contact has one, its master.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The item itself: a contact, a single event, a series with its rule.
    Master,
    /// The changed instance of a series that would begin at this moment (`RECURRENCE-ID`);
    /// its status tells where it does not take place.
    Override(Moment),
    /// One row of a listing that shows instances, not rules: the item as it is at this begin.
    /// Several of one item are a series without a known rule. Told by looks that cover a span or
    /// everything: one that such a look tells no more is gone.
    Occurrence(Moment),
}

/// A calendar, task list or address book of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The cloud's id.
    pub id: ShelfId,
    /// Name for people; may hold any character a cloud can send.
    pub name: String,
    /// Description for people.
    pub description: Option<String>,
    /// Colour as `#RRGGBB`.
    pub color: Option<String>,
    /// Whether it is the account's first: it is listed before others.
    pub default: bool,
}

/// One stream of looks: it covers one or more shelves at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Name that the provider gives it; stable.
    pub id: FeedId,
    /// The shelves it covers.
    pub shelves: Vec<ShelfId>,
}

/// How far a look goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only what lies in this span, in as few calls as possible.
    Near(Span),
    /// Everything; where the cloud gives windows only, everything inside this span.
    Full(Span),
}

/// One statement of a look.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<K> {
    /// A part is there.
    Seen(Seen<K>),
    /// An item, or one part of it, was deleted: a positive statement of the cloud.
    Gone {
        /// The item.
        item: ItemId,
        /// The part; `None`: all of it.
        part: Option<Part>,
    },
    /// A record is there that cannot be read.
    Unreadable {
        /// Whose, where that much could be read.
        item: Option<ItemId>,
        /// What is wrong with it; no content.
        reason: String,
    },
    /// So many of so many pages or windows are read.
    Progress {
        /// Read so far.
        done: u32,
        /// In all, as far as is known.
        of: u32,
    },
    /// The look is complete; always the last step.
    End(End),
}

/// A part that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen<K> {
    /// The item.
    pub item: ItemId,
    /// Which part.
    pub part: Part,
    /// All shelves it lies on.
    pub shelves: Vec<ShelfId>,
    /// Equal versions mean equal values.
    pub version: Version,
    /// The value, where it came along.
    pub value: Option<K>,
    /// Whether [`super::Items::fetch`] tells more than the value: it is asked when the version
    /// changed.
    pub more: bool,
}

/// How a look ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Where to go on, where the cloud has cursors.
    pub cursor: Option<Cursor>,
    /// What was not seen and lies in here may be gone.
    pub covered: Covered,
}

/// What a complete look speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covered {
    /// Only of what it named.
    Nothing,
    /// Of everything with a part inside this span.
    Range(Span),
    /// Of everything.
    All,
}

/// What a single reading of an item gave.
#[derive(Debug)]
pub struct Fetched<K> {
    /// The item.
    pub item: ItemId,
    /// What came of it.
    pub outcome: super::Result<Found<K>>,
}

/// An item as read by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<K> {
    /// All shelves it lies on.
    pub shelves: Vec<ShelfId>,
    /// Its parts.
    pub given: Given<K>,
}

/// How a cloud gives an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Given<K> {
    /// As values, all parts.
    Parts(Vec<(Part, K)>),
    /// As iCalendar or vCard text, all parts and its UID.
    Text(String),
    /// The rows of the listings are all there is to know of it; the row that was read.
    Rows(Vec<(Part, K)>),
    /// A series as its own record tells it, with its rule: of exceptions nothing is said. Less
    /// than a whole that was read before.
    Master(Box<K>),
}
