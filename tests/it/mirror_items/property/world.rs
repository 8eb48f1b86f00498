//! What must hold of a client while things happen to its cloud, and at the end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use davbridge::domain::Result;

use super::act::Act;
use crate::mirror_items::client::Client;
use crate::mirror_items::rig::{Rig, day, ending, says_nothing};
use crate::support::items::{Manner, Sample};

/// A rig, its client, and what is true.
pub struct World<K: Sample> {
    rig: Rig<K>,
    client: Client,
    /// Titles by id.
    truth: BTreeMap<String, String>,
    /// Items that the client has and the cloud never lost since.
    faithful: BTreeSet<String>,
    titles: u32,
    /// Items that were removed and came back: looks before and after may agree that they are
    /// missing.
    returned: BTreeSet<String>,
    /// Whether the cloud says of something that it is not there, and whether that was seen.
    lie: Option<bool>,
    /// Whether the collection was ever listed.
    listed: bool,
    /// Whether looks go on in the background while something else happens: whether they are
    /// overtaken is then by chance.
    hurried: bool,
}

impl<K: Sample> World<K> {
    pub async fn new(manner: Manner, hurried: bool) -> Self {
        let mut world = Self {
            rig: Rig::new(manner).await,
            client: Client::limited("first", 3),
            truth: BTreeMap::new(),
            faithful: BTreeSet::new(),
            titles: 0,
            returned: BTreeSet::new(),
            lie: None,
            listed: false,
            hurried,
        };
        world.rig.clock.stop();
        for id in 10..16 {
            world.put(id, i64::from(id) - 9);
        }
        world
    }

    fn put(&mut self, id: u8, days: i64) {
        self.titles += 1;
        let title = format!("t{}.", self.titles);
        self.rig.cloud.put(&id.to_string(), "s1", &title, day(days));
        self.truth.insert(id.to_string(), title);
    }

    pub async fn act(&mut self, act: &Act) {
        match act {
            Act::Put { id, days } => self.put(*id, *days),
            Act::Remove { id } => {
                let id = id.to_string();
                if self.truth.remove(&id).is_some() {
                    self.rig.cloud.remove(&id);
                    self.faithful.remove(&id);
                    self.returned.insert(id);
                }
            }
            Act::Fault(trouble) => {
                self.tell_the_truth().await;
                if self.rig.cloud.manner.cursors && trouble.is_of_records() {
                    return;
                }
                let faults = trouble.faults(&self.rig);
                self.rig.fault(faults);
                self.lie = trouble.is_lie().then_some(false);
            }
            Act::Heal => {
                self.tell_the_truth().await;
                self.rig.cloud.heal();
            }
            Act::Forward { minutes } => {
                if self.lie == Some(true) {
                    self.tell_the_truth().await;
                }
                self.rig.forward(*minutes);
            }
            Act::Wall { hours } => self.rig.clock.set_wall(TimeDelta::hours(*hours)),
            Act::Restart => self.rig.kill().await,
            Act::Crash { window } => self.restart_amid(*window, true).await,
            Act::Overlap { window } => self.restart_amid(*window, false).await,
            Act::Token => self.rig.reconnect(true).await,
            Act::Poll => {
                let _ = self.poll().await;
                self.lie = self.lie.map(|_| true);
            }
        }
    }

    /// Nobody waits for the looks that a poll begins; those that come to the window hang there
    /// when another process begins.
    async fn restart_amid(&mut self, window: usize, killed: bool) {
        self.rig.clock.set_impatient(true);
        self.rig.cloud.hang(Some(window));
        let _ = self.poll().await;
        self.rig.quiet().await;
        if killed {
            self.rig.kill().await;
        } else {
            self.rig.restart();
            let _ = self.poll().await;
        }
        self.rig.cloud.hang(None);
        self.rig.quiet().await;
        self.rig.clock.set_impatient(false);
        self.lie = self.lie.map(|_| true);
    }

    /// A cloud that says the same lie twice, an hour apart, is believed: it does not.
    async fn tell_the_truth(&mut self) {
        if self.lie.take().is_some() {
            self.rig.cloud.heal();
            self.rig.forward(370);
            self.settle().await;
            self.poll().await.unwrap();
            self.returned.clear();
        }
    }

    /// All looks that are due are taken and end.
    async fn settle(&self) {
        for _ in 0..2000 {
            let _ = self.rig.names().await;
            self.rig.quiet().await;
            if self.rig.is_settled().await {
                return;
            }
        }
        panic!("looks do not succeed");
    }

    async fn poll(&mut self) -> Result<()> {
        let outcome = self.client.poll(&self.rig).await;
        if !self.hurried {
            self.rig.quiet().await;
        }
        if let Err(error) = &outcome {
            let about_data = !says_nothing(error);
            assert!(!(self.listed && about_data), "{}", error.chain());
        }
        self.listed |= self.rig.collection("first").await.is_ok();
        let names = self.client.names();
        for id in &self.faithful {
            let name = format!("{id}.{}", ending::<K>());
            assert!(names.contains(&name.as_str()), "{name} is lost");
        }
        let held = names.iter().filter_map(|name| name.split_once('.'));
        let held = held.map(|(id, _)| id.to_owned());
        let there = held.filter(|id| self.truth.contains_key(id));
        self.faithful = there.filter(|id| !self.returned.contains(id)).collect();
        outcome
    }

    /// With a cloud in order, and time, the copy is the truth.
    pub async fn end(&mut self) {
        self.rig.cloud.heal();
        self.rig.clock.set_wall(TimeDelta::zero());
        self.rig.forward(370);
        for _ in 0..4 {
            self.settle().await;
            self.poll().await.unwrap();
            self.rig.forward(370);
        }
        self.settle().await;
        self.poll().await.unwrap();
        let ending = ending::<K>();
        let names: Vec<String> = self
            .truth
            .keys()
            .map(|id| format!("{id}.{ending}"))
            .collect();
        assert_eq!(self.client.names(), names);
        for (id, title) in &self.truth {
            let name = format!("{id}.{ending}");
            let told = self.client.tells(&name, title) || self.client.tells(&name, "moved");
            assert!(told, "{name} is not {title}");
            assert!(!self.rig.recurs(id).await, "{name} is there twice");
        }
    }
}
