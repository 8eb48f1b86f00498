//! The corpus: odd events and contacts of `fixtures/infomaniak`, each with a name of its own.

use serde_json::Value;

use super::{annas, annas_book};
use crate::infomaniak::people::ANNA;
use crate::infomaniak::pim::event::{Event, Fields};
use crate::infomaniak::pim::store::{Contact, Pim, number};
use crate::infomaniak::state::START;
use crate::surrogate;

/// The calendar of the corpus.
const CALENDAR: u64 = 1_379_010;
/// The address book of the corpus.
const BOOK: u64 = 5_510;

const EVENTS: &str = include_str!("../../../../../../fixtures/infomaniak/events.json");
const CONTACTS: &str = include_str!("../../../../../../fixtures/infomaniak/contacts.json");

fn records(text: &str) -> Vec<Fields> {
    serde_json::from_str(&surrogate::hide(text)).expect("the corpus is a list of JSON objects")
}

/// What the corpus calls a record; takes it out of it.
fn case(record: &mut Fields) -> Option<String> {
    let case = record.remove("case")?;
    case.as_str().map(str::to_owned)
}

/// Adds calendar and book with all that is in them, as it is.
pub(super) fn add(pim: &mut Pim) {
    pim.calendars.push(annas(CALENDAR, "Corpus"));
    for mut json in records(EVENTS) {
        let case = case(&mut json);
        let sim = json.remove("sim").map(serde_json::from_value);
        let sim = sim.transpose().expect("the corpus has what Sim has");
        // what has no id can be listed, not asked for
        let id = json.get("id").and_then(number).unwrap_or(0);
        let mut event = Event::new(CALENDAR, json, sim.unwrap_or_default(), START);
        event.case = case;
        pim.add_event(id, event);
    }
    pim.books.push(annas_book(BOOK, "Corpus"));
    for mut json in records(CONTACTS) {
        case(&mut json);
        let nowhere = json.get("addressbook_id") == Some(&Value::Null);
        let book = (!nowhere).then_some(BOOK);
        let user = ANNA;
        pim.contacts.push(Contact { user, book, json });
    }
}
