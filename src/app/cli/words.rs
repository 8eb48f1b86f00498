//! Words that are arguments.

use clap::ValueEnum;

use crate::domain::{Role, Services};

/// A role on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::app) enum RoleWord {
    /// Everything, other users among it
    Admin,
    /// Reads and writes through the accounts they connect
    Editor,
    /// Connects accounts; clients only read
    Viewer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Editor => Self::Editor,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

/// Services on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::app) enum ServicesWord {
    /// Files
    Files,
    /// Calendars
    Calendars,
    /// Address books
    Contacts,
    /// Calendars and address books, no files
    #[value(name = "calendars,contacts", alias = "contacts,calendars")]
    Both,
}

impl From<ServicesWord> for Services {
    fn from(word: ServicesWord) -> Self {
        match word {
            ServicesWord::Files => Self::Files,
            ServicesWord::Calendars => Self::Calendars,
            ServicesWord::Contacts => Self::Contacts,
            ServicesWord::Both => Self::CalendarsAndContacts,
        }
    }
}
