//! Sample contacts: in the own book, in the organisation's, auto-collected ones in none.

use serde_json::{Value, json};

use super::words::{FAMILY, FIRMS, GIVEN, TOWNS};
use super::{DIRECTORY, OWN_BOOK};
use crate::infomaniak::people::{ANNA, BEN};
use crate::infomaniak::pim::store::{Contact, Pim};
use crate::infomaniak::sample::dice::Dice;
use crate::options::Options;

/// The first id.
const FIRST: u64 = 880_010;

/// `options.contacts` for Anna and two for Ben.
pub(super) fn add(pim: &mut Pim, options: &Options) {
    let mut dice = Dice::new(options.seed ^ 0x7065_6f70_6c65);
    for index in 0..u64::from(options.contacts) {
        one(pim, ANNA, index, &mut dice);
    }
    for index in 0..2 {
        one(pim, BEN, index, &mut dice);
    }
}

fn one(pim: &mut Pim, user: u64, index: u64, dice: &mut Dice) {
    let id = FIRST + index;
    let (book, other) = match index % 10 {
        8 => (Some(DIRECTORY), false),
        9 => (None, true),
        _ => (Some(OWN_BOOK), false),
    };
    let (given, family) = (dice.pick(GIVEN), dice.pick(FAMILY));
    let mail = format!("{}.{}@example.org", plain(given), index + 1);
    let values = values(dice);
    let id = match book {
        // the directory's ids are texts
        Some(DIRECTORY) => json!(format!("u{id}")),
        _ => json!(id),
    };
    let contact = json!({
        "id": id, "name": format!("{given} {family}"), "firstname": given, "lastname": family,
        "other": other, "addressbook_id": book, "emails": [mail], "phones": values.phones,
        "addresses": values.addresses, "details": values.details, "avatar": null,
        "categories": if dice.roll(4) == 0 { vec![31] } else { Vec::new() },
    });
    if let Value::Object(json) = contact {
        pim.contacts.push(Contact { user, book, json });
    }
}

/// What not everybody has.
struct Values {
    phones: Vec<String>,
    addresses: Value,
    details: Value,
}

fn values(dice: &mut Dice) -> Values {
    let phones: Vec<String> = (0..dice.roll(3))
        .map(|_| {
            format!(
                "+41 22 {:03} {:02} {:02}",
                dice.roll(1000),
                dice.roll(100),
                dice.roll(100)
            )
        })
        .collect();
    let (zip, town) = dice.pick(TOWNS);
    let addresses = match dice.roll(3) {
        0 => {
            json!([{ "street": "Rue 1", "zip": zip, "city": town, "country": "CH", "type": "HOME" }])
        }
        _ => json!([]),
    };
    let details = match dice.roll(3) {
        0 => json!([{ "type": "organization", "value": dice.pick(FIRMS) }]),
        1 => json!([
            { "type": "birthday", "value": format!("19{:02}-0{}-1{}", 50 + dice.roll(50), 1 + dice.roll(9), dice.roll(10)) },
            { "type": "note", "value": "Met at the lake" },
        ]),
        _ => json!([]),
    };
    Values {
        phones,
        addresses,
        details,
    }
}

/// What may stand before an `@`.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    letters.collect::<String>().to_lowercase()
}
