//! The sample accounts.

use crate::oauth::page::Choice;

/// Tenant of all personal accounts (fact sheet §1.1).
pub(super) const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// The sample organisation.
pub(super) const COMPANY: &str = "3f1c9a52-7d44-4b0e-9d6a-5a2f0c8e1b77";
/// Its domain.
pub(super) const DOMAIN: &str = "company.example";

/// An account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// `id` of `/me`: an object id, or 16 digits for a personal account.
    pub(super) id: &'static str,
    pub(super) tenant: &'static str,
    /// User principal name.
    pub(super) upn: &'static str,
    pub(super) mail: Option<&'static str>,
    pub(super) name: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
}

pub(super) const PEOPLE: [Person; 3] = [
    Person {
        id: "b7e2c1d0-52a4-4f7e-8c39-0d6f2a9e4411",
        tenant: COMPANY,
        upn: "anna@company.example",
        mail: Some("anna.muster@company.example"),
        name: "Anna Muster",
        given: "Anna",
        family: "Muster",
    },
    Person {
        id: "c93d0b6f-1e75-4a28-b4c7-6e8f5d3a2290",
        tenant: COMPANY,
        upn: "ben@company.example",
        mail: None,
        name: "Ben Beispiel",
        given: "Ben",
        family: "Beispiel",
    },
    Person {
        id: "48d31887c41a1f02",
        tenant: PERSONAL,
        upn: "carla@outlook.example",
        mail: Some("carla@outlook.example"),
        name: "Carla Prova",
        given: "Carla",
        family: "Prova",
    },
];

pub(super) fn by_id(id: &str) -> Option<Person> {
    PEOPLE.into_iter().find(|person| person.id == id)
}

pub(super) fn by_upn(upn: &str) -> Option<Person> {
    PEOPLE.into_iter().find(|person| person.upn == upn)
}

impl Person {
    pub(super) fn is_personal(&self) -> bool {
        self.tenant == PERSONAL
    }

    pub(super) fn choice(&self) -> Choice {
        Choice {
            id: self.id,
            name: self.name,
            email: self.upn,
        }
    }
}
