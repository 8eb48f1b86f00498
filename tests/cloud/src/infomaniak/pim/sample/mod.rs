//! Calendars, events, address books and contacts at the start, made from the seed and the anchor.

mod corpus;
mod events;
mod people;
mod words;

use chrono::NaiveDate;
use serde_json::json;

use super::store::{Book, Calendar, Pim};
use crate::infomaniak::people::{ANNA, BEN, BENS, COMPANY};
use crate::options::Options;

/// Anna's own calendar.
pub(crate) const OWN: u64 = 1_379_001;
/// The one Anna and Ben share.
pub(crate) const TEAM: u64 = 1_379_002;
/// Ben's own calendars.
const BENS_FIRST: u64 = 1_379_003;
const BENS_SECOND: u64 = 1_379_004;
/// Everyone's own address book.
pub(crate) const OWN_BOOK: u64 = 5_501;
/// The organisation's members.
pub(crate) const DIRECTORY: u64 = 5_502;

fn calendar(id: u64, name: &str, account: Option<u64>, owner: Option<u64>) -> Calendar {
    let color = if owner.is_some() {
        "#0098FF"
    } else {
        "#7DC243"
    };
    Calendar {
        id,
        name: name.to_owned(),
        color: json!(color),
        account,
        owner,
        default: owner.is_some() && account.is_some(),
        members: owner.map_or_else(|| vec![ANNA, BEN], |owner| vec![owner]),
        hidden: false,
        empty: false,
        forbidden: false,
    }
}

fn own_book(user: u64, name: &str, account: u64) -> Book {
    Book {
        id: OWN_BOOK,
        uuid: "6f0d2d1e-4f3b-4d55-8f2e-0a8a3b1c9d10",
        user,
        name: name.to_owned(),
        default: true,
        account,
        directory: false,
        categories: vec![(31, "Friends")],
        hidden: false,
    }
}

fn directory(user: u64, account: u64) -> Book {
    Book {
        id: DIRECTORY,
        uuid: "9a1c7e52-0b7d-4c0e-9d5a-3f6b2c8e4a71",
        name: String::new(),
        default: false,
        directory: true,
        categories: Vec::new(),
        ..own_book(user, "", account)
    }
}

/// A further calendar of Anna's.
pub(crate) fn annas(id: u64, name: &str) -> Calendar {
    Calendar {
        default: false,
        ..calendar(id, name, Some(COMPANY), Some(ANNA))
    }
}

/// A further address book of Anna's.
pub(crate) fn annas_book(id: u64, name: &str) -> Book {
    Book {
        id,
        uuid: "3b7c0f54-6a1d-4e0c-9b55-2d1f8a9e7c10",
        default: false,
        ..own_book(ANNA, name, COMPANY)
    }
}

/// Everything at the start; `today` is the day around which events lie.
pub(crate) fn pim(options: &Options, today: NaiveDate) -> Pim {
    let mut pim = Pim {
        // Ben's own record is neither first nor the first of a person
        calendars: vec![
            calendar(OWN, "Anna Muster", Some(COMPANY), Some(ANNA)),
            calendar(TEAM, "Team", Some(COMPANY), None),
            calendar(BENS_FIRST, "Ben Beispiel", None, Some(BEN)),
            calendar(BENS_SECOND, "Ben Beispiel", Some(BENS), Some(BEN)),
        ],
        books: vec![
            own_book(ANNA, "Anna", COMPANY),
            directory(ANNA, COMPANY),
            directory(BEN, BENS),
            own_book(BEN, "Ben", BENS),
        ],
        ..Pim::default()
    };
    events::add(&mut pim, options, today);
    people::add(&mut pim, options);
    if options.corpus {
        corpus::add(&mut pim);
    }
    pim
}
