//! An account of the reference cloud, and values that are easily made.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use davbridge::domain::{
    Ability, Call, Contact, Event, Files, Items, ItemsAbility, Moment, Part, Provider,
    ProviderName, Result, Typed,
};

use super::Cloud;

/// Name of the provider.
pub const NAME: ProviderName = ProviderName("reference");

/// A value that is easily made.
pub trait Sample: davbridge::text::Render {
    /// With a title, at a time.
    fn sample(title: &str, at: DateTime<Utc>) -> Self;

    /// What a cloud that tells instances calls it.
    fn part(at: DateTime<Utc>) -> Part;

    /// An account with nothing but this cloud.
    fn account(cloud: Option<Arc<Cloud<Self>>>) -> Account;
}

impl Sample for Event {
    fn sample(title: &str, at: DateTime<Utc>) -> Self {
        Self {
            summary: Some(title.to_owned()),
            start: Some(Moment::Utc(at)),
            end: Some(Moment::Utc(at + TimeDelta::hours(1))),
            ..Self::default()
        }
    }

    fn part(at: DateTime<Utc>) -> Part {
        Part::Occurrence(Moment::Utc(at))
    }

    fn account(events: Option<Arc<Cloud<Self>>>) -> Account {
        let contacts = None;
        Account { events, contacts }
    }
}

impl Sample for Contact {
    fn sample(title: &str, _: DateTime<Utc>) -> Self {
        Self {
            display_name: Some(title.to_owned()),
            emails: vec![Typed {
                value: "a@example.org".to_owned(),
                ..Typed::default()
            }],
            ..Self::default()
        }
    }

    fn part(_: DateTime<Utc>) -> Part {
        Part::Master
    }

    fn account(contacts: Option<Arc<Cloud<Self>>>) -> Account {
        let events = None;
        Account { events, contacts }
    }
}

/// An account with calendars and address books.
pub struct Account {
    pub events: Option<Arc<Cloud<Event>>>,
    pub contacts: Option<Arc<Cloud<Contact>>>,
}

fn port<K: Sample>(cloud: Option<&Arc<Cloud<K>>>) -> Option<Arc<dyn Items<K>>> {
    cloud.map(|cloud| cloud.clone() as _)
}

#[async_trait]
impl Provider for Account {
    fn name(&self) -> ProviderName {
        NAME
    }

    async fn ability(&self, _: &Call) -> Result<Ability> {
        Ok(Ability {
            files: None,
            events: self.events.as_ref().map(|_| ItemsAbility::default()),
            contacts: self.contacts.as_ref().map(|_| ItemsAbility::default()),
        })
    }

    fn files(&self) -> Option<Arc<dyn Files>> {
        None
    }

    fn events(&self) -> Option<Arc<dyn Items<Event>>> {
        port(self.events.as_ref())
    }

    fn contacts(&self) -> Option<Arc<dyn Items<Contact>>> {
        port(self.contacts.as_ref())
    }
}
