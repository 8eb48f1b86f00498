//! What is asked of the mirror only when an answer needs it.

use std::sync::Arc;

use crate::domain::{Quota, Result};
use crate::mirror::{DriveTree, Head};

use super::props::Plan;
use super::target::{Members, Target, Thing};
use super::{Dav, Visit};

/// What is told of one resource beside itself.
#[derive(Default)]
pub(super) struct Extra {
    pub(super) quota: Option<Quota>,
    pub(super) head: Option<Head>,
}

/// The same of a target and, where members differ, of each of them.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) own: Extra,
    pub(super) members: Vec<Extra>,
}

impl Dav {
    /// What the plan needs of a target and its members.
    pub(super) async fn extras(
        &self,
        visit: &Visit,
        plan: &Plan,
        target: &Target,
        members: &Members,
    ) -> Result<Extras> {
        let mut extras = Extras::default();
        if plan.wants_quota() {
            self.quotas(visit, target, members, &mut extras).await;
        }
        if plan.wants_head() {
            self.heads(visit, target, members, &mut extras).await?;
        }
        Ok(extras)
    }

    async fn quotas(&self, visit: &Visit, target: &Target, members: &Members, extras: &mut Extras) {
        if let Some(drive) = target.drive() {
            extras.own.quota = self.quota_of(visit, drive).await;
        }
        if let Members::Drives(drives) = members {
            for drive in drives.iter() {
                let quota = self.quota_of(visit, drive).await;
                extras.members.push(Extra { quota, head: None });
            }
        }
    }

    /// Space of a drive. Without an answer the property does not exist: a listing is worth more.
    async fn quota_of(&self, visit: &Visit, drive: &Arc<DriveTree>) -> Option<Quota> {
        let quota = self.mirror.quota(&visit.call, drive).await;
        quota
            .inspect_err(|error| tracing::debug!(error = %error.chain(), "no quota"))
            .ok()
    }

    async fn heads(
        &self,
        visit: &Visit,
        target: &Target,
        members: &Members,
        extras: &mut Extras,
    ) -> Result<()> {
        if let Members::Items(_, listing) = members {
            // The state that the listed members are of, not one a moment later.
            extras.own.head = Some(listing.head.clone());
        } else if let Thing::Shelf(shelf, _) = &target.thing {
            extras.own.head = self.mirror.head(&visit.call, shelf).await?;
        }
        if let Members::Shelves(shelves, _) = members {
            for shelf in shelves.iter() {
                let head = self.mirror.head(&visit.call, shelf).await?;
                extras.members.push(Extra { quota: None, head });
            }
        }
        Ok(())
    }
}
