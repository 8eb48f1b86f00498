//! Address books (fact sheet §5.2).

use std::collections::HashMap;

use super::super::api::{Api, below};
use super::super::wire::{self, Record, Row};
use super::super::{fields, lists};
use crate::domain::{Error, Kind, Result, Shelf, ShelfId};

/// Names of categories, by id.
pub(super) type Categories = HashMap<String, String>;

/// All address books, and the categories of all of them.
pub(super) async fn all(api: Api<'_>) -> Result<(Vec<Shelf>, Categories)> {
    let url = below(
        &api.cloud.settings.contacts_base,
        "/api/pim/addressbook",
        &[("with", "categories,account_name")],
    );
    let rows = lists::rows(api, &url, &["addressbooks"]).await?;
    let mut shelves: Vec<Shelf> = Vec::new();
    let mut categories = Categories::new();
    for row in &rows {
        let shelf = shelf(row)?;
        if !shelves.iter().any(|known| known.id == shelf.id) {
            shelves.push(shelf);
        }
        if let Ok(record) = row {
            categories.extend(fields::records(record, "categories").filter_map(category));
        }
    }
    Ok((shelves, categories))
}

fn category(record: &Record) -> Option<(String, String)> {
    Some((wire::key(record, "id")?, fields::told(record, "name")?))
}

fn shelf(row: &Row) -> Result<Shelf> {
    let id = match row {
        Ok(record) => wire::key(record, "id"),
        Err(damaged) => damaged.id.clone(),
    };
    // a book that is left out would look deleted
    let id = id.ok_or_else(|| Error::cloud(Kind::Broken, "an address book without id"))?;
    let record = row.as_ref().ok();
    let directory = record
        .is_some_and(|record| fields::truth(record, "is_dynamic_organisation_member_directory"));
    let name = record.and_then(|record| fields::told(record, "name"));
    let fallback = || match directory {
        true => "Organisation".to_owned(),
        false => format!("Contacts {id}"),
    };
    Ok(Shelf {
        name: name.unwrap_or_else(fallback),
        description: record
            .filter(|_| directory)
            .and_then(|record| fields::told(record, "account_name")),
        color: None,
        default: record.is_some_and(|record| fields::truth(record, "default")),
        id: ShelfId::new(id),
    })
}
