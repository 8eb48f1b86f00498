//! What the bridge talks about: drives and entries, calendars, address books and their items, accounts and connections, errors, and the
//! ports through which the rooms reach clouds, secrets and time. No HTTP, JSON, XML or SQL.

mod ability;
mod addresses;
mod call;
mod caller;
mod clock;
mod connection;
mod connector;
mod consent;
mod contact;
mod entry;
mod error;
mod event;
mod files;
mod hidden;
mod ids;
mod item;
mod items;
mod moment;
mod provider;
mod range;
mod role;
mod version;

pub use ability::{Ability, FilesAbility, ItemsAbility};
pub use addresses::Addresses;
pub use call::{Call, Priority};
pub use caller::{Access, Caller, UserName};
pub use clock::{Clock, SystemClock};
pub use connection::{Account, Connection, ConnectionId, ConnectionState, Connections, Vault};
pub use connector::{Connector, Paste, Probe, ProbeFailure, Scope, ScopeState, Way};
pub use consent::{Ask, Consent, ConsentFailure, Consented, Purpose, Redemption};
pub use contact::{Birthday, Contact, PersonName, PostalAddress, Typed};
pub use entry::{Drive, Entry, EntryKind, Listing, Quota, Unreadable};
pub use error::{Error, Fault, Kind, Result, Rule};
pub use event::{
    Alarm, AlarmAction, Answer, Attendee, AttendeeRole, Class, Event, EventStatus, Repetition,
    Trigger,
};
pub use files::{Change, Changes, Content, ContentStream, Cursor, Files};
pub use hidden::{Branch, Hidden};
pub use ids::{DriveId, EntryId, FeedId, ItemId, ShelfId};
pub use item::{
    Covered, End, Feed, Fetched, Found, Given, Item, ItemKind, Part, Reach, Seen, Shelf, Step,
};
pub use items::{Items, Look, Why};
pub use moment::{Moment, Span};
pub use provider::{Provider, ProviderName};
pub use range::ByteRange;
pub use role::{Role, Services};
pub use version::Version;
