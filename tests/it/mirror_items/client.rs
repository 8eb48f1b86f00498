//! A scripted client: it keeps a local copy by sync-collection, as devices do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use davbridge::domain::{Call, Result};
use davbridge::mirror::{Collection, Delta, Member, Since};

use super::rig::Rig;
use crate::support::items::Sample;

/// What it knows of one collection.
#[derive(Default)]
pub struct Client {
    slug: String,
    /// Texts by name.
    pub copy: BTreeMap<String, Arc<str>>,
    /// The state of the copy: incarnation and revision.
    token: Option<(Arc<str>, u64)>,
    /// Every UID it met, by name.
    uids: BTreeMap<String, String>,
    /// Texts it transferred.
    pub transferred: usize,
    /// Names that were removed.
    pub removed: Vec<String>,
    limit: Option<usize>,
}

impl Client {
    pub fn new(slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            ..Self::default()
        }
    }

    /// One that asks for few items at a time.
    pub fn limited(slug: &str, limit: usize) -> Self {
        Self {
            limit: Some(limit),
            ..Self::new(slug)
        }
    }

    /// Brings the copy up to date. An error leaves it as it was.
    pub async fn poll<K: Sample>(&mut self, rig: &Rig<K>) -> Result<()> {
        let call = Call::interactive();
        let collection = rig.collection(&self.slug).await?;
        let head = match rig.mirror.head(&call, &collection).await? {
            Some(head) => head,
            None => rig.mirror.listing(&call, &collection).await?.head.clone(),
        };
        let since = self.token.as_ref().filter(|(incarnation, since)| {
            *incarnation == head.incarnation && (head.floor..=head.revision).contains(since)
        });
        let whole = since.is_none();
        let mut since = since.map_or(Since::Nothing, |(_, since)| Since::Revision(*since));
        let mut copy = match whole {
            true => BTreeMap::new(),
            false => self.copy.clone(),
        };
        loop {
            let (mirror, limit) = (&rig.mirror, self.limit);
            let delta = mirror.delta(&call, &collection, since, limit).await?;
            assert!(told(delta.to) >= told(since), "the state goes back");
            let changed: BTreeSet<_> = delta.changed.iter().map(|row| &row.name).collect();
            assert_eq!(changed.len(), delta.changed.len(), "a name twice");
            for name in &delta.removed {
                assert!(!changed.contains(name), "removed and changed at once");
                copy.remove(name);
            }
            for member in self.transfer(rig, &collection, &delta).await? {
                copy.insert(member.row.name, member.text);
            }
            let further = told(delta.to) > told(since);
            assert!(!delta.more || further, "it never ends");
            since = delta.to;
            if !delta.more {
                self.token = Some((delta.head.incarnation.clone(), told(since)));
                break;
            }
        }
        let before = std::mem::replace(&mut self.copy, copy);
        let gone = before
            .into_keys()
            .filter(|name| !self.copy.contains_key(name));
        self.removed.extend(gone);
        Ok(())
    }

    async fn transfer<K: Sample>(
        &mut self,
        rig: &Rig<K>,
        collection: &Arc<Collection>,
        delta: &Delta,
    ) -> Result<Vec<Member>> {
        let call = Call::interactive();
        let names: Vec<String> = delta.changed.iter().map(|row| row.name.clone()).collect();
        let members = rig.mirror.members(&call, collection, &names).await?;
        if members.len() < names.len() {
            let now = rig.mirror.head(&call, collection).await?.unwrap();
            assert!(
                now.revision > delta.head.revision,
                "a listed item has a text"
            );
        }
        for member in &members {
            let row = &member.row;
            let uid = self.uids.entry(row.name.clone());
            let known = uid.or_insert_with(|| row.uid.clone());
            assert_eq!(*known, row.uid, "UIDs never change");
        }
        let distinct: BTreeSet<_> = self.uids.values().collect();
        assert_eq!(distinct.len(), self.uids.len(), "each UID has one name");
        self.transferred += members.len();
        Ok(members)
    }

    pub fn names(&self) -> Vec<&str> {
        self.copy.keys().map(String::as_str).collect()
    }

    /// Whether the copy of a name tells this title.
    pub fn tells(&self, name: &str, title: &str) -> bool {
        let text = self.copy.get(name);
        text.is_some_and(|text| text.contains(title))
    }
}

fn told(since: Since) -> u64 {
    match since {
        Since::Nothing => 0,
        Since::Unfinished { told, .. } | Since::Revision(told) => told,
    }
}
