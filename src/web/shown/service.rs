//! Calendars or address books of a connection, in words.

use chrono::{DateTime, Utc};

use super::Texts;
use crate::accounts::ConnectionStatus;
use crate::domain::{Connections, ItemKind, Result};
use crate::mirror::ServiceStatus;
use crate::web::scene::Scene;
use crate::web::texts::fill;

/// How far a first reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Progress {
    /// Steps done.
    pub(in crate::web) done: u32,
    /// Steps in all; 0 before they are known.
    pub(in crate::web) of: u32,
}

/// Calendars or address books.
pub(in crate::web) struct Service {
    /// `event` or `contact`.
    pub(in crate::web) kind: String,
    /// What there is, in words.
    pub(in crate::web) words: String,
    /// Whether the present token does not reach it any more.
    pub(in crate::web) lost: bool,
    /// Last complete look.
    pub(in crate::web) looked: Option<DateTime<Utc>>,
    /// The first reading, while it goes on.
    pub(in crate::web) first: Option<Progress>,
}

/// Kinds of items that the present token gives nothing of.
pub(super) async fn without(scene: &Scene<'_>, status: &ConnectionStatus) -> Result<Vec<ItemKind>> {
    let accounts = &scene.web.accounts;
    let connections = accounts.of_user(&status.user).await?;
    let Some(connection) = connections.iter().find(|known| known.id == status.id) else {
        return Ok(Vec::new());
    };
    if connection.missing.is_empty() {
        return Ok(Vec::new());
    }
    let provider = accounts.provider(connection).await?;
    let (events, contacts) = (provider.events(), provider.contacts());
    let kinds = [
        (events.is_none(), ItemKind::Event),
        (contacts.is_none(), ItemKind::Contact),
    ];
    let kinds = kinds.into_iter().filter(|(without, _)| *without);
    Ok(kinds.map(|(_, kind)| kind).collect())
}

/// Of a service that the present token does not reach: nothing of it is read.
pub(super) fn lost_words(texts: &Texts, service: &ServiceStatus) -> Service {
    let service = words(texts, service);
    Service {
        words: fill(&texts.as_last_read, &[("words", &service.words)]),
        first: None,
        lost: true,
        ..service
    }
}

pub(super) fn words(texts: &Texts, service: &ServiceStatus) -> Service {
    let (shelves, items) = if service.kind == ItemKind::Event.as_str() {
        (&texts.calendars, &texts.events)
    } else {
        (&texts.books, &texts.contacts)
    };
    let values = [
        ("shelves", shelves.count(service.collections)),
        ("items", items.count(service.items)),
    ];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    let unread = service.collections > 0
        && (service.feeds.is_empty() || service.feeds.iter().any(|feed| !feed.complete));
    Service {
        words: fill(&texts.with, &values),
        looked: service.feeds.iter().filter_map(|feed| feed.looked).max(),
        first: unread.then(|| progress(service)),
        lost: false,
        kind: service.kind.clone(),
    }
}

/// Of all feeds together; those that are complete count as done.
fn progress(service: &ServiceStatus) -> Progress {
    let open = service.feeds.iter().filter(|feed| !feed.complete);
    let steps = open.filter_map(|feed| feed.progress);
    let (done, of) = steps.fold((0, 0), |(done, of), (more, all)| (done + more, of + all));
    Progress { done, of }
}

impl Progress {
    /// In words.
    pub(in crate::web) fn words(self, texts: &Texts) -> String {
        if self.of == 0 {
            return texts.starting.clone();
        }
        let (done, of) = (self.done.to_string(), self.of.to_string());
        fill(&texts.step, &[("done", &done), ("of", &of)])
    }
}
