//! One opened account: its drives, its state.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{
    Call, Connection, ConnectionState, Drive, Error, Files, Kind, Result, UserName,
};

use super::Mirror;
use super::drive::{DriveState, DriveTree};
use super::flight::Flight;
use super::names;
use super::trouble::{Trouble, reading_all};

/// Two looks that have to agree are at least so far apart.
const AGREE_AFTER: Duration = Duration::from_mins(10);

type Drives = Arc<[Arc<DriveTree>]>;

/// One opened account. A new one is made when the connection's generation changes.
pub struct AccountTree {
    /// The connection as it was when opened.
    pub connection: Connection,
    files: Arc<dyn Files>,
    /// Tells listings made by an earlier opening apart; never 0.
    pub(super) epoch: u64,
    pub(super) trouble: Trouble,
    drives: Mutex<Option<(Instant, Drives)>>,
    drives_flight: Flight<Drives>,
    /// When a look after the start found no drive where some were served before.
    missed: Mutex<Option<Instant>>,
    /// The state last noted, so that it is noted once.
    noted: Mutex<ConnectionState>,
}

static EPOCHS: AtomicU64 = AtomicU64::new(1);

impl AccountTree {
    pub(super) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    fn known_drives(&self) -> Option<(Instant, Drives)> {
        self.drives
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Mirror {
    /// A user's connections.
    pub async fn connections(&self, user: &UserName) -> Result<Arc<[Connection]>> {
        let connections = self.connections.of_user(user).await?;
        // What was disconnected is closed, its token forgotten.
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|id, account| {
            account.connection.user != *user
                || connections.iter().any(|connection| connection.id == *id)
        });
        drop(accounts);
        Ok(connections)
    }

    /// The opened account of a connection. `Unsupported` where it has no drives.
    pub async fn account(&self, connection: &Connection) -> Result<Arc<AccountTree>> {
        if let Some(account) = self.opened(connection) {
            return Ok(account);
        }
        let provider = self.connections.provider(connection).await?;
        let files = provider
            .files()
            .ok_or_else(|| Error::client(Kind::NotFound, "this connection has no drives"))?;
        let account = Arc::new(AccountTree {
            connection: connection.clone(),
            files,
            epoch: EPOCHS.fetch_add(1, Ordering::Relaxed),
            trouble: Trouble::default(),
            drives: Mutex::default(),
            drives_flight: Flight::default(),
            missed: Mutex::default(),
            noted: Mutex::new(connection.state),
        });
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let before = accounts.insert(connection.id, account.clone());
        if let Some((_, drives)) = before.and_then(|before| before.known_drives()) {
            // Kept for times of trouble only: long out of date.
            let long_ago = self.clock.instant().checked_sub(Duration::from_hours(24));
            let long_ago = long_ago.unwrap_or_else(|| self.clock.instant());
            let drives = drives
                .iter()
                .map(|drive| drive.reopened(&account))
                .collect();
            *account
                .drives
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some((long_ago, drives));
        }
        Ok(account)
    }

    fn opened(&self, connection: &Connection) -> Option<Arc<AccountTree>> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.get(&connection.id)?;
        (account.connection.generation == connection.generation).then(|| account.clone())
    }

    /// The drives of an account that clients see: complete, or the last complete list in times of
    /// trouble.
    pub async fn drives(
        self: &Arc<Self>,
        call: &Call,
        account: &Arc<AccountTree>,
    ) -> Result<Drives> {
        let drives = self.all_drives(call, account).await?;
        let hidden = self.hidden(&account.connection).await?;
        if hidden.is_empty() {
            return Ok(drives);
        }
        let shown = drives.iter();
        let shown = shown.filter(|drive| !hidden.has_drive(&drive.drive.id));
        Ok(shown.cloned().collect())
    }

    /// All drives of an account, hidden ones among them.
    pub(super) async fn all_drives(
        self: &Arc<Self>,
        call: &Call,
        account: &Arc<AccountTree>,
    ) -> Result<Drives> {
        let known = account.known_drives();
        let now = self.clock.instant();
        if let Some((asked, drives)) = &known {
            let fresh = now.duration_since(*asked) < self.freshness.drives;
            if fresh || account.trouble.is_on(now) {
                return Ok(drives.clone());
            }
        }
        let patience = self.freshness.wait(call, known.is_some());
        let (mirror, owned, call) = (self.clone(), account.clone(), call.clone());
        let load = async move || mirror.load_drives(&call, &owned).await;
        match account
            .drives_flight
            .join(&*self.clock, patience, load)
            .await
        {
            Err(error) if error.is_passing() => known.map(|(_, drives)| drives).ok_or(error),
            outcome => outcome,
        }
    }

    async fn load_drives(&self, call: &Call, account: &Arc<AccountTree>) -> Result<Drives> {
        let asked = self.clock.instant();
        let roots = account.files.roots(call).await.map_err(reading_all);
        self.note(account, roots.as_ref().map(|_| ())).await;
        let before = account
            .known_drives()
            .map(|(_, drives)| drives)
            .unwrap_or_default();
        let roots = roots?;
        if roots.is_empty() && before.is_empty() {
            self.doubt_no_drives(account, asked).await?;
        }
        let mut drives = Vec::new();
        for root in roots {
            drives.push(self.drive_tree(account, root, &before).await?);
        }
        for gone in before.iter() {
            // One look without a drive proves nothing: it stays until a second one agrees.
            if !drives.iter().any(|drive| drive.drive.id == gone.drive.id)
                && gone.state.first_miss()
            {
                drives.push(gone.clone());
            }
        }
        let drives: Drives = drives.into();
        *account
            .drives
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((asked, drives.clone()));
        Ok(drives)
    }

    /// After a start there is nothing to compare with: where drives were served before, a first
    /// look that finds none at all waits for one that agrees, at least ten minutes later.
    async fn doubt_no_drives(&self, account: &AccountTree, asked: Instant) -> Result<()> {
        if !self.addresses.knows_drives(account.connection.id).await? {
            return Ok(());
        }
        let mut missed = account
            .missed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let first = *missed.get_or_insert(asked);
        if asked.duration_since(first) >= AGREE_AFTER {
            return Ok(());
        }
        Err(Error::cloud(
            Kind::Broken,
            "the cloud tells no drive of an account that had some",
        ))
    }

    async fn drive_tree(
        &self,
        account: &Arc<AccountTree>,
        drive: Drive,
        before: &[Arc<DriveTree>],
    ) -> Result<Arc<DriveTree>> {
        let known = before.iter().find(|known| known.drive.id == drive.id);
        let (slug, state) = if let Some(known) = known {
            known.state.seen();
            (known.slug.clone(), known.state.clone())
        } else {
            let id = account.connection.id;
            let slug = self
                .addresses
                .drive_slug(id, &drive.id, &drive.name)
                .await?;
            (slug, Arc::<DriveState>::default())
        };
        Ok(Arc::new(DriveTree {
            account: account.clone(),
            name: names::served(&drive.name),
            drive,
            slug,
            state,
        }))
    }

    /// Notes how a call to the cloud went: trouble, and whether the token is accepted.
    pub(super) async fn note(&self, account: &AccountTree, outcome: Result<(), &Error>) {
        let state = match outcome {
            Ok(()) => {
                account.trouble.over();
                ConnectionState::Active
            }
            Err(error) => {
                account.trouble.again(self.clock.instant(), error);
                if !error.wants_token() {
                    return;
                }
                ConnectionState::SignedOut
            }
        };
        let changed = {
            let mut noted = account.noted.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *noted, state) != state
        };
        if changed
            && let Err(error) = self
                .connections
                .note_state(&account.connection, state)
                .await
        {
            tracing::warn!(connection = %account.connection.slug, error = %error.chain(), "state not noted");
        }
    }
}
