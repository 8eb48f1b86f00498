//! The programs that there are steps for.

use super::addresses::Addresses;
use super::snippets;
use crate::domain::Services;

/// On what a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Phone,
    Computer,
    Server,
}

/// What helps beside steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Help {
    /// The steps say it all.
    None,
    /// The link of DAVx⁵, as a code to be scanned too.
    Link,
    /// Apple's configuration profile.
    Profile,
    /// Commands or settings to be copied; with the password filled in where it is known.
    Snippet(&'static str),
}

/// A program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Program {
    /// Last part of its page's address, and key of its texts.
    pub(super) id: &'static str,
    pub(super) group: Group,
    /// What its app password opens.
    pub(super) services: Services,
    pub(super) help: Help,
}

impl Program {
    const fn new(id: &'static str, group: Group, services: Services, help: Help) -> Self {
        Self {
            id,
            group,
            services,
            help,
        }
    }

    /// The program of a page.
    pub(super) fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|program| program.id == id)
    }

    /// The address that it is given.
    pub(super) fn address(&self, addresses: &Addresses) -> String {
        match self.services {
            Services::Files => addresses.files(),
            _ => addresses.dav(),
        }
    }
}

/// All programs in the order of the page.
pub(super) const ALL: [Program; 17] = {
    use Group::{Computer, Phone, Server};
    use Help::{Link, None, Profile, Snippet};
    use Services::{Calendars, CalendarsAndContacts as Both, Contacts, Files};
    [
        Program::new("davx5", Phone, Both, Link),
        Program::new("davx5-files", Phone, Files, None),
        Program::new("ios", Phone, Both, Profile),
        Program::new("windows", Computer, Files, Snippet(snippets::NET_USE)),
        Program::new("outlook", Computer, Both, None),
        Program::new("macos", Computer, Both, Profile),
        Program::new("finder", Computer, Files, None),
        Program::new("gnome", Computer, Both, None),
        Program::new("gnome-files", Computer, Files, None),
        Program::new("kde", Computer, Both, None),
        Program::new("dolphin", Computer, Files, None),
        Program::new("thunderbird-calendar", Computer, Calendars, None),
        Program::new("thunderbird-contacts", Computer, Contacts, None),
        Program::new("cyberduck", Computer, Files, None),
        Program::new("rclone", Server, Files, Snippet(snippets::RCLONE)),
        Program::new("davfs2", Server, Files, Snippet(snippets::DAVFS2)),
        Program::new("vdirsyncer", Server, Both, Snippet(snippets::VDIRSYNCER)),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_an_address_of_its_own() {
        let ids: std::collections::HashSet<_> = ALL.iter().map(|program| program.id).collect();
        assert_eq!(ids.len(), ALL.len());
        // Names of other pages below `/devices`.
        assert!(!ids.contains("login"));
        assert!(Program::find("davx5").is_some() && Program::find("").is_none());
    }
}
