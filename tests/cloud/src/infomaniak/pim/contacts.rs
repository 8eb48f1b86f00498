//! Contacts (fact sheet §5.1, §5.2).

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::event::Fields;
use super::shape;
use super::store::{Contact, number};
use super::{tell, unexpected};
use crate::infomaniak::envelope::{Answer, Failure, success};
use crate::infomaniak::gate;
use crate::infomaniak::state::Call;
use crate::reply;

/// Fields that come empty unless `with` asks for them.
const ASKED_FOR: [&str; 4] = ["emails", "phones", "addresses", "details"];

impl Contact {
    fn told(&self, call: &Call<'_>) -> Value {
        let asked = |name: &str| call.request.query.many("with").any(|with| with == name);
        let mut told = self.json.clone();
        for name in ASKED_FOR {
            let value = told.get(name).filter(|_| asked(name));
            let value = value.map_or_else(
                || json!([]),
                |value| shape::shaped(value, call.state.switches.contact_values),
            );
            told.insert(name.to_owned(), value);
        }
        if asked("user_id") {
            told.insert("user_id".to_owned(), json!(self.user));
        }
        if asked("contacted_times") {
            told.entry("contacted_times").or_insert_with(|| json!({}));
        }
        told.into()
    }
}

/// `GET …/contact/all?with=…`: those of all books, and those of none.
pub(super) fn all(call: &mut Call<'_>) -> Answer {
    if !call.state.switches.contact_all {
        return Ok(gate::sign_in(call.state));
    }
    let user = call.grant.user.id;
    let pim = &call.state.pim;
    let hidden = |book: u64| {
        let mut books = pim.books.iter();
        books.any(|known| known.id == book && known.user == user && known.hidden)
    };
    let seen = |one: &&Contact| one.user == user && !one.book.is_some_and(hidden);
    let contacts: Vec<Value> = pim
        .contacts
        .iter()
        .filter(seen)
        .map(|one| one.told(call))
        .collect();
    let mut answer = tell(&contacts.into())?;
    if call.state.switches.contact_all_etag {
        let bytes = answer.body().whole().map_or(0, |bytes| xxh3_64(bytes));
        let etag = format!("\"{bytes:016x}\"");
        if call.request.header("if-none-match") == Some(&etag) {
            answer = reply::bare(304);
        }
        reply::set(&mut answer, "etag", &etag);
    }
    Ok(answer)
}

/// `GET …/addressbook/{book}/contact?with=…`
pub(super) fn of_book(call: &mut Call<'_>) -> Answer {
    let (book, user) = (call.params.id(0), call.grant.user.id);
    known(call, book)?;
    let contacts = call.state.pim.contacts.iter();
    let within = contacts.filter(|one| one.user == user && one.book == Some(book));
    let contacts: Vec<Value> = within.map(|one| one.told(call)).collect();
    tell(&contacts.into())
}

fn known(call: &Call<'_>, book: u64) -> Result<(), Failure> {
    let user = call.grant.user.id;
    let mut books = call.state.pim.books.iter();
    let found = books.any(|known| known.id == book && known.user == user);
    found
        .then_some(())
        .ok_or_else(|| call.state.missing("Addressbook"))
}

/// `GET …/addressbook/{book}/contact/{contact}` answers nobody.
pub(super) fn detail(_: &mut Call<'_>) -> Answer {
    Err(unexpected())
}

/// `POST …/contact`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let json = |_| Failure::invalid("body", "json", "The body must be JSON.");
    let body: Fields = call.request.json().map_err(json)?;
    let integer = "The addressbook id must be an integer.";
    let book = body.get("addressbookId").and_then(number);
    let book = book.ok_or_else(|| Failure::invalid("addressbookId", "integer", integer))?;
    known(call, book)?;
    call.state.tick();
    let id = call.state.pim.free_contact_id();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let emails = body.get("emails").and_then(Value::as_array);
    let values = emails.into_iter().flatten();
    let emails: Vec<&Value> = values
        .map(|email| email.get("value").unwrap_or(email))
        .collect();
    let (first, last) = (text("firstname"), text("lastname"));
    let contact = json!({
        "id": id, "name": format!("{first} {last}").trim(), "firstname": first, "lastname": last,
        "other": false, "addressbook_id": book, "emails": emails, "phones": [],
        "addresses": [], "details": [], "avatar": null, "categories": [],
    });
    let Value::Object(json) = contact else {
        return Err(unexpected());
    };
    let user = call.grant.user.id;
    call.state.pim.contacts.push(Contact {
        user,
        book: Some(book),
        json,
    });
    success(id)
}
