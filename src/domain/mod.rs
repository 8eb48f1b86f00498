//! What the bridge talks about: drives and entries, accounts and connections, errors, and the
//! ports through which the rooms reach clouds, secrets and time. No HTTP, JSON, XML or SQL.

mod ability;
mod addresses;
mod call;
mod caller;
mod clock;
mod connection;
mod connector;
mod entry;
mod error;
mod files;
mod ids;
mod provider;
mod range;
mod version;

pub use ability::{Ability, FilesAbility};
pub use addresses::Addresses;
pub use call::{Call, Priority};
pub use caller::{Access, Caller, UserName};
pub use clock::{Clock, SystemClock};
pub use connection::{Account, Connection, ConnectionId, ConnectionState, Connections, Vault};
pub use connector::{Connector, Probe, ProbeFailure, Scope, ScopeState};
pub use entry::{Drive, Entry, EntryKind, Listing, Quota, Unreadable};
pub use error::{Error, Fault, Kind, Result};
pub use files::{Change, Changes, Content, ContentStream, Cursor, Files};
pub use ids::{DriveId, EntryId};
pub use provider::{Provider, ProviderName};
pub use range::ByteRange;
pub use version::Version;
