//! The sample accounts.

use crate::oauth::page::Choice;

/// An account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    /// Its stable id.
    pub(super) sub: &'static str,
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    /// Domain of the organisation, where there is one.
    pub(super) hd: Option<&'static str>,
}

pub(super) const PEOPLE: [Person; 2] = [
    Person {
        sub: "108204268033311374519",
        email: "anna.muster@gmail.example",
        name: "Anna Muster",
        given: "Anna",
        family: "Muster",
        hd: None,
    },
    Person {
        sub: "117365910548220641983",
        email: "ben@company.example",
        name: "Ben Beispiel",
        given: "Ben",
        family: "Beispiel",
        hd: Some("company.example"),
    },
];

pub(super) fn by_sub(sub: &str) -> Option<Person> {
    PEOPLE.into_iter().find(|person| person.sub == sub)
}

pub(super) fn by_email(email: &str) -> Option<Person> {
    PEOPLE.into_iter().find(|person| person.email == email)
}

impl Person {
    pub(super) fn choice(&self) -> Choice {
        Choice {
            id: self.sub,
            name: self.name,
            email: self.email,
        }
    }
}
