//! Reading single events (fact sheet §4.1, §4.4).

use futures::future::try_join_all;

use super::super::api::{Api, below};
use super::super::refusal::{Reason, Refusal};
use super::super::wire;
use super::map::{self, Mapped};
use crate::domain::{
    Error, Event, Fetched, Found, Given, ItemId, Kind, Part, Result, ShelfId, Why,
};

/// Events read at once.
const AT_ONCE: usize = 4;
/// After so many that the cloud was down for, the others are not asked.
const MOST_DOWN: u32 = 4;

/// Reads events of a calendar.
pub(super) async fn all(
    api: Api<'_>,
    calendar: &ShelfId,
    items: &[ItemId],
    why: Why,
) -> Result<Vec<Fetched<Event>>> {
    let mut fetched = Vec::with_capacity(items.len());
    let mut trouble = Trouble::default();
    for chunk in items.chunks(AT_ONCE) {
        if let Some(error) = &trouble.stop {
            let same = |item: &ItemId| fetched_as(item, Err(error.repeat()));
            fetched.extend(chunk.iter().map(same));
            continue;
        }
        let reads: Vec<_> = chunk
            .iter()
            .map(|item| one(api, calendar, item, why))
            .collect();
        let reads = try_join_all(reads).await?;
        reads.iter().for_each(|read| trouble.note(read));
        fetched.extend(reads);
    }
    Ok(fetched)
}

/// Trouble that says the next call would be in vain, too.
#[derive(Default)]
struct Trouble {
    down: u32,
    stop: Option<Error>,
}

impl Trouble {
    fn note(&mut self, read: &Fetched<Event>) {
        let Err(error) = &read.outcome else {
            return;
        };
        self.down += u32::from(error.kind() == Kind::Down);
        if matches!(error.kind(), Kind::Busy { .. }) || self.down >= MOST_DOWN {
            self.stop = Some(error.repeat());
        }
    }
}

fn fetched_as(item: &ItemId, outcome: Result<Found<Event>>) -> Fetched<Event> {
    Fetched {
        item: item.clone(),
        outcome,
    }
}

/// One event. A refused token is an error of the whole.
async fn one(api: Api<'_>, calendar: &ShelfId, item: &ItemId, why: Why) -> Result<Fetched<Event>> {
    let found = match why {
        Why::Whole => whole(api, calendar, item).await,
        Why::Again => again(api, calendar, item).await,
        Why::Check => check(api, calendar, item).await,
    };
    match found {
        Err(error) if error.wants_token() => Err(error),
        found => Ok(fetched_as(item, found)),
    }
}

/// A recurring event: its export; where that is refused, what the event itself tells.
async fn whole(api: Api<'_>, calendar: &ShelfId, item: &ItemId) -> Result<Found<Event>> {
    match export(api, item).await {
        Ok(text) => Ok(exported(text, calendar)),
        Err(refusal) if refusal.is_of_the_call() => Ok(told(detail(api, item).await?, calendar)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// A recurring event's export and nothing else, which would not tell of exceptions.
async fn again(api: Api<'_>, calendar: &ShelfId, item: &ItemId) -> Result<Found<Event>> {
    Ok(exported(export(api, item).await?, calendar))
}

fn exported(text: String, calendar: &ShelfId) -> Found<Event> {
    Found {
        shelves: vec![calendar.clone()],
        given: Given::Text(text),
    }
}

/// The event itself; its export where it has a rule.
async fn check(api: Api<'_>, calendar: &ShelfId, item: &ItemId) -> Result<Found<Event>> {
    let mapped = detail(api, item).await?;
    if mapped.rule.is_none() {
        return Ok(told(mapped, calendar));
    }
    match export(api, item).await {
        Ok(text) => Ok(Found {
            given: Given::Text(text),
            ..told(mapped, calendar)
        }),
        Err(refusal) if refusal.is_of_the_call() => Ok(told(mapped, calendar)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// An event as its record tells it: a row, or the master of a series.
fn told(mapped: Mapped, calendar: &ShelfId) -> Found<Event> {
    let Mapped {
        start,
        mut event,
        rule,
        shelf,
        ..
    } = mapped;
    let given = match rule {
        Some(rule) => {
            event.repetition.rules.push(rule);
            Given::Master(Box::new(event))
        }
        None => Given::Rows(vec![(Part::Occurrence(start), event)]),
    };
    Found {
        shelves: vec![shelf.unwrap_or_else(|| calendar.clone())],
        given,
    }
}

async fn detail(api: Api<'_>, item: &ItemId) -> Result<Mapped> {
    let path = format!("/event/{}", wire::segment(item.as_str())?);
    let url = below(&api.cloud.settings.calendar_base, &path, &[]);
    let record = api.get(url).await.map_err(of_one)?.object()?;
    let broken = |reason| Err(Error::cloud(Kind::Broken, reason));
    match map::record(&record) {
        map::Kind::Event(mapped) if mapped.item == *item => Ok(*mapped),
        map::Kind::Event(_) => broken("the cloud told another event"),
        map::Kind::Task => broken("the cloud tells a task, not an event"),
        map::Kind::Unreadable { reason, .. } => broken(reason),
    }
}

/// A call that takes no tokens says nothing of the token: this event alone cannot be read.
fn of_one(refusal: Refusal) -> Error {
    match refusal.reason {
        Reason::SignInPage => {
            let message = "the event cannot be read with a token";
            Error::cloud(Kind::Broken, message).because(refusal.error)
        }
        _ => refusal.into(),
    }
}

async fn export(api: Api<'_>, item: &ItemId) -> Result<String, Refusal> {
    let path = format!("/event/{}/export", wire::segment(item.as_str())?);
    let url = below(&api.cloud.settings.calendar_base, &path, &[]);
    api.export(url).await
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
