//! Identifiers that a cloud hands out. Opaque: only the provider reads them.

use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// From the cloud's own spelling.
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// The cloud's own spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A drive (kDrive, Google shared drive, SharePoint library), stable over renames.
    DriveId
);
id!(
    /// A file or folder inside a drive, stable over rename, move and new content.
    EntryId
);
id!(
    /// A calendar, task list or address book, stable over renames.
    ShelfId
);
id!(
    /// An event with all its parts, a task, or a contact; stable over changes.
    ItemId
);
id!(
    /// A stream of looks, as its provider names it.
    FeedId
);
