//! The reports there are, and where each works.

use crate::domain::ItemKind;

use super::super::props::What;
use super::super::xml::{CALDAV, CARDDAV, DAV, Name};

/// A report that works somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dav) enum Report {
    /// RFC 4791 §7.8
    CalendarQuery,
    /// RFC 4791 §7.9
    CalendarMultiget,
    /// RFC 4791 §7.10
    FreeBusy,
    /// RFC 6352 §8.6
    BookQuery,
    /// RFC 6352 §8.7
    BookMultiget,
    /// RFC 6578 §3.2
    Sync,
    /// RFC 3253 §3.8
    Expand,
    /// RFC 3744 §9.3
    PrincipalMatch,
    /// RFC 3744 §9.4
    PrincipalSearch,
    /// RFC 3744 §9.5
    SearchableProperties,
}

const CALENDAR: &[Report] = &[
    Report::CalendarQuery,
    Report::CalendarMultiget,
    Report::FreeBusy,
    Report::Sync,
    Report::Expand,
];
const EVENT: &[Report] = &[Report::CalendarQuery, Report::CalendarMultiget];
const BOOK: &[Report] = &[
    Report::BookQuery,
    Report::BookMultiget,
    Report::Sync,
    Report::Expand,
];
const CARD: &[Report] = &[Report::BookQuery, Report::BookMultiget];

const TREE: &[Report] = &[
    Report::Expand,
    Report::PrincipalMatch,
    Report::PrincipalSearch,
    Report::SearchableProperties,
];

impl Report {
    const ALL: [Self; 10] = [
        Self::CalendarQuery,
        Self::CalendarMultiget,
        Self::FreeBusy,
        Self::BookQuery,
        Self::BookMultiget,
        Self::Sync,
        Self::Expand,
        Self::PrincipalMatch,
        Self::PrincipalSearch,
        Self::SearchableProperties,
    ];

    /// The report of this name.
    pub(super) fn named(name: &Name) -> Option<Self> {
        let is = |report: &Self| {
            let (prefix, local) = report.tag().split_once(':').unwrap_or_default();
            let namespace = match prefix {
                "C" => CALDAV,
                "CR" => CARDDAV,
                _ => DAV,
            };
            name.is(namespace, local)
        };
        Self::ALL.into_iter().find(is)
    }

    /// Its name, in the prefixes of our answers.
    pub(in crate::dav) fn tag(self) -> &'static str {
        match self {
            Self::CalendarQuery => "C:calendar-query",
            Self::CalendarMultiget => "C:calendar-multiget",
            Self::FreeBusy => "C:free-busy-query",
            Self::BookQuery => "CR:addressbook-query",
            Self::BookMultiget => "CR:addressbook-multiget",
            Self::Sync => "D:sync-collection",
            Self::Expand => "D:expand-property",
            Self::PrincipalMatch => "D:principal-match",
            Self::PrincipalSearch => "D:principal-property-search",
            Self::SearchableProperties => "D:principal-search-property-set",
        }
    }
}

/// The reports that work on a resource.
pub(in crate::dav) fn supported(what: &What<'_>) -> &'static [Report] {
    match what {
        What::Shelf(shelf) => match shelf.kind {
            ItemKind::Event => CALENDAR,
            ItemKind::Contact => BOOK,
        },
        What::Item(ItemKind::Event, _) => EVENT,
        What::Item(ItemKind::Contact, _) => CARD,
        What::Collection | What::Principals | What::Principal | What::Home => TREE,
        What::Files | What::Entry(_) => &[],
    }
}
