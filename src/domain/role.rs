//! What users may do, and what a credential opens.

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, other users among it.
    Admin,
    /// Reads and writes through the accounts they connected.
    Editor,
    /// Connects accounts and makes app passwords; clients only read.
    Viewer,
}

impl Role {
    /// All roles, the mightiest first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Editor, Self::Viewer];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Viewer => "viewer",
        }
    }

    /// From the word for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Which services a credential opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Services {
    /// All there are.
    All,
    /// Files only.
    Files,
    /// Calendars only.
    Calendars,
    /// Address books only.
    Contacts,
    /// Calendars and address books, no files.
    CalendarsAndContacts,
}

impl Services {
    /// All of them.
    pub const EVERY: [Self; 5] = [
        Self::All,
        Self::CalendarsAndContacts,
        Self::Files,
        Self::Calendars,
        Self::Contacts,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Files => "files",
            Self::Calendars => "calendars",
            Self::Contacts => "contacts",
            Self::CalendarsAndContacts => "calendars,contacts",
        }
    }

    /// From the word for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let mut every = Self::EVERY.into_iter();
        every.find(|services| services.as_str() == word)
    }

    /// Whether files are among them.
    #[must_use]
    pub fn files(self) -> bool {
        matches!(self, Self::All | Self::Files)
    }

    /// Whether calendars are among them.
    #[must_use]
    pub fn calendars(self) -> bool {
        matches!(
            self,
            Self::All | Self::Calendars | Self::CalendarsAndContacts
        )
    }

    /// Whether address books are among them.
    #[must_use]
    pub fn contacts(self) -> bool {
        matches!(
            self,
            Self::All | Self::Contacts | Self::CalendarsAndContacts
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        for services in Services::EVERY {
            assert_eq!(Services::parse(services.as_str()), Some(services));
        }
        for (word, opens) in [
            ("all", [true, true, true]),
            ("files", [true, false, false]),
            ("calendars", [false, true, false]),
            ("contacts", [false, false, true]),
            ("calendars,contacts", [false, true, true]),
        ] {
            let open = Services::parse(word).unwrap();
            let told = [open.files(), open.calendars(), open.contacts()];
            assert_eq!(told, opens, "{word}");
        }
        assert_eq!(Role::parse("Admin"), None);
        assert_eq!(Services::parse(""), None);
    }
}
