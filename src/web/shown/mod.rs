//! A connection as the page shows it: how it is, what came of it so far, what to do.

mod service;
mod wrong;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

pub(super) use self::service::Service;
use self::service::{lost_words, without, words};
use self::wrong::{Reading, lost, missing, problems};
use super::scene::Scene;
use super::texts::Plural;
use crate::accounts::{ConnectionStatus, RowState};
use crate::domain::{Connection, Connections, ItemKind, Kind, Result, UserName};
use crate::mirror::DriveTree;

/// A page does not wait longer for a cloud.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Texts of connections.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    active: String,
    trouble: String,
    signed_out: String,
    disconnected: String,
    first_reading: String,
    step: String,
    starting: String,
    drives: Plural,
    calendars: Plural,
    events: Plural,
    books: Plural,
    contacts: Plural,
    with: String,
    signed_out_why: String,
    not_granted: String,
    /// `event` and `contact` as one asks for access to them.
    kinds: BTreeMap<String, String>,
    as_last_read: String,
    lost: String,
    /// What a scope is for, by its name at the company.
    scopes: BTreeMap<String, String>,
    reading: Reading,
    unreadable: Plural,
    files_unknown: String,
}

/// How a connection is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Good,
    Trouble,
    SignedOut,
    Disconnected,
}

/// A connection.
pub(super) struct Shown {
    /// As the accounts tell.
    pub(super) status: ConnectionStatus,
    /// As the copy is asked; `None` where it is disconnected.
    pub(super) connection: Option<Connection>,
    /// Calendars and address books.
    pub(super) services: Vec<Service>,
    /// Drives in words, where it has any.
    pub(super) drives: Option<String>,
    /// What is wrong, in sentences.
    pub(super) problems: Vec<String>,
    /// What was not granted, in sentences: its service is not offered to clients.
    pub(super) missing: Vec<String>,
    /// What the token before let the bridge read and the present one does not, in sentences.
    pub(super) lost: Vec<String>,
}

impl Shown {
    /// All connections of a user that are not disconnected.
    pub(super) async fn all(scene: &Scene<'_>, user: &UserName) -> Result<Vec<Self>> {
        let accounts = &scene.web.accounts;
        let connections = accounts.of_user(user).await?;
        let mut all = Vec::new();
        for status in accounts.list_connections(Some(user)).await? {
            let connection = connections.iter().find(|known| known.id == status.id);
            if let Some(connection) = connection {
                all.push(Self::of(scene, status, Some(connection.clone())).await?);
            }
        }
        Ok(all)
    }

    /// One of a user's connections.
    pub(super) async fn one(
        scene: &Scene<'_>,
        user: &UserName,
        slug: &str,
    ) -> Result<Option<Self>> {
        let all = Self::all(scene, user).await?;
        Ok(all.into_iter().find(|shown| shown.status.slug == slug))
    }

    /// A connection with what the copy knows; `connection`: where drives may be asked for.
    pub(super) async fn of(
        scene: &Scene<'_>,
        status: ConnectionStatus,
        connection: Option<Connection>,
    ) -> Result<Self> {
        let known = scene.web.mirror.status(status.id).await?;
        let texts = &scene.texts().shown;
        let drives = match &connection {
            Some(connection) => match drives(scene, connection).await {
                Ok(Some(drives)) => Some(texts.drives.count(drives.len() as u64)),
                Ok(None) => None,
                Err(()) => Some(texts.files_unknown.clone()),
            },
            None => None,
        };
        let without = without(scene, &status).await?;
        let (lost_ones, known): (Vec<_>, Vec<_>) = known
            .into_iter()
            .partition(|service| without.iter().any(|kind| kind.as_str() == service.kind));
        let services = known.iter().map(|service| words(texts, service));
        let as_read = lost_ones.iter().map(|service| lost_words(texts, service));
        Ok(Self {
            services: services.chain(as_read).collect(),
            problems: problems(scene, &status, &known),
            missing: missing(texts, &status, &lost_ones),
            lost: lost(texts, &lost_ones),
            status,
            connection,
            drives,
        })
    }

    /// Its name for people.
    pub(super) fn name(&self) -> &str {
        let given = self.status.name.as_deref();
        given.unwrap_or(&self.status.account.label)
    }

    /// How it is.
    pub(super) fn health(&self) -> Health {
        match self.status.state {
            RowState::Disconnected => Health::Disconnected,
            RowState::SignedOut => Health::SignedOut,
            RowState::Active if self.problems.is_empty() && self.lost.is_empty() => Health::Good,
            RowState::Active => Health::Trouble,
        }
    }

    /// The same in words.
    pub(super) fn state(&self, texts: &'static Texts) -> &'static str {
        match self.health() {
            Health::Good => &texts.active,
            Health::Trouble => &texts.trouble,
            Health::SignedOut => &texts.signed_out,
            Health::Disconnected => &texts.disconnected,
        }
    }

    /// When something of it was last looked at completely.
    pub(super) fn looked(&self) -> Option<DateTime<Utc>> {
        self.services
            .iter()
            .filter_map(|service| service.looked)
            .max()
    }

    /// Whether the present token does not reach these items any more.
    pub(super) fn has_lost(&self, kind: ItemKind) -> bool {
        let mut lost = self.services.iter().filter(|service| service.lost);
        lost.any(|service| service.kind == kind.as_str())
    }

    /// Whether a first reading has not come to its end.
    pub(super) fn is_unread(&self) -> bool {
        self.services.iter().any(|service| service.first.is_some())
    }
}

/// The drives as far as they are known or come soon; `Ok(None)` where the account has none.
async fn drives(
    scene: &Scene<'_>,
    connection: &Connection,
) -> Result<Option<Arc<[Arc<DriveTree>]>>, ()> {
    let mirror = &scene.web.mirror;
    let account = match mirror.account(connection).await {
        Ok(account) => account,
        Err(error) if error.kind() == Kind::NotFound => return Ok(None),
        Err(_) => return Err(()),
    };
    let drives = mirror.drives(&scene.visit.call, &account);
    match tokio::time::timeout(PATIENCE, drives).await {
        Ok(Ok(drives)) => Ok(Some(drives)),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

impl Texts {
    /// What a first reading is called.
    pub(super) fn first_reading(&self) -> &str {
        &self.first_reading
    }
}
