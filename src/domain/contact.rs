//! Contacts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A contact, in the terms of vCard (RFC 2426, RFC 6350). Texts hold whatever the cloud sends;
/// what reaches vCard is made safe there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Name as shown (`FN`); made from the parts where the cloud tells none.
    pub display_name: Option<String>,
    /// Parts of the name (`N`).
    pub name: PersonName,
    /// Nicknames.
    pub nicknames: Vec<String>,
    /// Organisation, then its units (`ORG`).
    pub organization: Vec<String>,
    /// Position (`TITLE`).
    pub title: Option<String>,
    /// Role (`ROLE`).
    pub role: Option<String>,
    /// Mail addresses.
    pub emails: Vec<Typed<String>>,
    /// Telephone numbers.
    pub phones: Vec<Typed<String>>,
    /// Postal addresses.
    pub addresses: Vec<Typed<PostalAddress>>,
    /// Web addresses.
    pub urls: Vec<Typed<String>>,
    /// Addresses of instant messengers.
    pub messengers: Vec<Typed<String>>,
    /// Notes, one text.
    pub note: Option<String>,
    /// Birthday.
    pub birthday: Option<Birthday>,
    /// Anniversary.
    pub anniversary: Option<Birthday>,
    /// Labels or groups, by name.
    pub categories: Vec<String>,
    /// When it was last changed, by the cloud's word.
    pub modified: Option<DateTime<Utc>>,
}

/// Parts of a person's name (RFC 2426 §3.1.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonName {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Further given names.
    pub additional: String,
    /// Before the name, such as `Dr.`.
    pub prefix: String,
    /// After the name, such as `Jr.`.
    pub suffix: String,
}

/// A value and what it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed<T> {
    /// The value.
    pub value: T,
    /// What for, in the cloud's words; lower case, such as `home`, `work`, `cell`.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// A name that the user gave it.
    #[serde(default)]
    pub label: Option<String>,
    /// Whether it is the one to use first.
    #[serde(default)]
    pub preferred: bool,
}

/// A postal address (RFC 2426 §3.2.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostalAddress {
    /// Post-office box.
    pub box_number: String,
    /// Further lines.
    pub extended: String,
    /// Street and number.
    pub street: String,
    /// Town.
    pub locality: String,
    /// State or canton.
    pub region: String,
    /// Postal code.
    pub code: String,
    /// Country, name or code.
    pub country: String,
}

/// A day of the year, with the year where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday {
    /// Year.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}
