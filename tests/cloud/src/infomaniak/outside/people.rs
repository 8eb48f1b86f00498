//! Changes of address books and contacts, all of them Anna's.

use serde_json::{Value, json};

use super::PimEdit;
use crate::infomaniak::people::ANNA;
use crate::infomaniak::pim::event::Fields;
use crate::infomaniak::pim::sample;
use crate::infomaniak::pim::store::{Book, Contact, Pim};

type Outcome = Result<Value, String>;

/// Changes of contacts.
pub(super) fn contact(pim: &mut Pim, edit: &PimEdit) -> Outcome {
    match edit {
        PimEdit::Contact { book, contact } => put(pim, *book, contact.clone()),
        PimEdit::ChangeContact { id, fields } => {
            annas(pim, id)?.json.extend(fields.clone());
            Ok(id.clone())
        }
        PimEdit::RemoveContact { id } => {
            annas(pim, id)?;
            pim.contacts
                .retain(|one| !(one.user == ANNA && same(one, id)));
            Ok(id.clone())
        }
        PimEdit::MoveContact { id, book } => {
            if let Some(book) = book {
                annas_book(pim, *book)?;
            }
            let contact = annas(pim, id)?;
            contact.book = *book;
            contact
                .json
                .insert("addressbook_id".to_owned(), json!(book));
            Ok(id.clone())
        }
        _ => Ok(Value::Null),
    }
}

/// Adds a contact, or puts it in the place of the one with its id.
fn put(pim: &mut Pim, book: Option<u64>, mut json: Fields) -> Outcome {
    if let Some(book) = book {
        annas_book(pim, book)?;
    }
    let free = pim.free_contact_id();
    let id = json.entry("id").or_insert_with(|| json!(free)).clone();
    json.entry("addressbook_id").or_insert_with(|| json!(book));
    let mine = Contact {
        user: ANNA,
        book,
        json,
    };
    match annas(pim, &id) {
        Ok(known) => *known = mine,
        Err(_) => pim.contacts.push(mine),
    }
    Ok(id)
}

fn same(contact: &Contact, id: &Value) -> bool {
    contact.json.get("id") == Some(id)
}

fn annas<'a>(pim: &'a mut Pim, id: &Value) -> Result<&'a mut Contact, String> {
    let mut contacts = pim.contacts.iter_mut();
    let found = contacts.find(|one| one.user == ANNA && same(one, id));
    found.ok_or_else(|| format!("no contact {id}"))
}

fn annas_book(pim: &mut Pim, id: u64) -> Result<&mut Book, String> {
    let mut books = pim.books.iter_mut();
    let found = books.find(|book| book.user == ANNA && book.id == id);
    found.ok_or_else(|| format!("no book {id}"))
}

/// Changes of books.
pub(super) fn book(pim: &mut Pim, edit: &PimEdit) -> Outcome {
    match edit {
        PimEdit::Book { book, name } => {
            if annas_book(pim, *book).is_ok() {
                return Err(format!("there is a book {book}"));
            }
            pim.books.push(sample::annas_book(*book, name));
            Ok(json!(book))
        }
        PimEdit::BookHidden { book, hidden } => {
            annas_book(pim, *book)?.hidden = *hidden;
            Ok(json!(book))
        }
        PimEdit::BookName { book, name } => {
            annas_book(pim, *book)?.name.clone_from(name);
            Ok(json!(book))
        }
        _ => Ok(Value::Null),
    }
}
