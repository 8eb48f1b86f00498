//! Random lives of a cloud, its faults and clocks, and a client that keeps a copy.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use davbridge::domain::{Contact, Event, ItemId, Kind, ShelfId};
use proptest::prelude::*;

use super::client::Client;
use super::rig::{Rig, day, ending, ids};
use crate::support::items::{Faults, Manner, Sample};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Act {
    Put { id: u8, days: i64 },
    Remove { id: u8 },
    Fault(Trouble),
    Heal,
    Forward { minutes: u64 },
    Wall { hours: i64 },
    Restart,
    Token,
    Poll,
}

#[derive(Debug, Clone)]
enum Trouble {
    All(Kind),
    Window(usize),
    Empty,
    Missed(u8),
    Shelf(Kind),
    Hidden,
    Unlisted,
    Unreadable(u8),
    Nameless(u8),
    Readings(Kind),
    Moved { after: usize, id: u8, days: i64 },
}

impl Trouble {
    /// Whether it is a statement that something is not there.
    fn is_lie(&self) -> bool {
        matches!(
            self,
            Self::Missed(_) | Self::Empty | Self::Hidden | Self::Unlisted
        )
    }

    /// Whether looks tell records otherwise than they are: from a cursor they are told once.
    fn is_of_records(&self) -> bool {
        let missing = matches!(self, Self::Missed(_) | Self::Empty);
        missing || matches!(self, Self::Unreadable(_) | Self::Nameless(_))
    }

    fn faults<K: Sample>(&self, rig: &Rig<K>) -> Faults {
        let mut faults = Faults::default();
        let item = |id: &u8| Some(ItemId::new(id.to_string()));
        match self {
            Self::All(kind) => faults.all = Some(*kind),
            Self::Window(number) => faults.window = Some((*number, Kind::Down)),
            Self::Empty => faults.empty = Some(ShelfId::new("s1")),
            Self::Missed(id) => faults.missed = ids(&[&id.to_string()]),
            Self::Shelf(kind) => faults.shelf = Some((ShelfId::new("s1"), *kind)),
            Self::Hidden => faults.hidden = Some(ShelfId::new("s1")),
            Self::Unlisted => faults.unlisted = true,
            Self::Unreadable(id) => faults.unreadable = item(id),
            Self::Nameless(id) => faults.nameless = item(id),
            Self::Readings(kind) => faults.fetches = Some(*kind),
            Self::Moved { after, id, days } => {
                let there = rig.cloud.ids("s1").contains(&id.to_string());
                faults.moved = there.then(|| (*after, ItemId::new(id.to_string()), day(*days)));
            }
        }
        faults
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![
        Kind::Down,
        Kind::Busy { retry_after: None },
        Kind::Broken,
        Kind::NotFound,
        Kind::Forbidden,
        Kind::SignedOut,
    ])
}

fn id() -> impl Strategy<Value = u8> {
    10_u8..22
}

/// Inside the horizon, whatever the clock does.
fn days() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![-200, -90, -3, 1, 5, 30, 60, 90, 200, 400])
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        kind().prop_map(Trouble::All),
        (0_usize..14).prop_map(Trouble::Window),
        Just(Trouble::Empty),
        id().prop_map(Trouble::Missed),
        kind().prop_map(Trouble::Shelf),
        Just(Trouble::Hidden),
        Just(Trouble::Unlisted),
        id().prop_map(Trouble::Unreadable),
        id().prop_map(Trouble::Nameless),
        kind().prop_map(Trouble::Readings),
        (0_usize..13, id(), days()).prop_map(|(after, id, days)| Trouble::Moved {
            after,
            id,
            days
        }),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (id(), days()).prop_map(|(id, days)| Act::Put { id, days }),
        2 => id().prop_map(|id| Act::Remove { id }),
        3 => trouble().prop_map(Act::Fault),
        3 => Just(Act::Heal),
        5 => prop::sample::select(vec![1_u64, 6, 16, 61, 370])
            .prop_map(|minutes| Act::Forward { minutes }),
        1 => (-24_i64..=24).prop_map(|hours| Act::Wall { hours }),
        1 => Just(Act::Restart),
        1 => Just(Act::Token),
        6 => Just(Act::Poll),
    ]
}

/// A rig, its client, and what is true.
struct World<K: Sample> {
    rig: Rig<K>,
    client: Client,
    /// Titles by id.
    truth: BTreeMap<String, String>,
    /// Items that the client has and the cloud never lost since.
    faithful: BTreeSet<String>,
    titles: u32,
    /// Whether the cloud says of something that it is not there, and whether that was seen.
    lie: Option<bool>,
    /// Whether the collection was ever listed.
    listed: bool,
}

impl<K: Sample> World<K> {
    async fn new(manner: Manner) -> Self {
        let mut world = Self {
            rig: Rig::new(manner).await,
            client: Client::limited("first", 3),
            truth: BTreeMap::new(),
            faithful: BTreeSet::new(),
            titles: 0,
            lie: None,
            listed: false,
        };
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

    async fn act(&mut self, act: &Act) {
        match act {
            Act::Put { id, days } => self.put(*id, *days),
            Act::Remove { id } => {
                let id = id.to_string();
                if self.truth.remove(&id).is_some() {
                    self.rig.cloud.remove(&id);
                    self.faithful.remove(&id);
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
            Act::Restart => self.rig.restart(),
            Act::Token => self.rig.reconnect(true).await,
            Act::Poll => {
                let _ = self.poll().await;
                self.lie = self.lie.map(|_| true);
            }
        }
    }

    /// A cloud that says the same lie twice, an hour apart, is believed: it does not.
    async fn tell_the_truth(&mut self) {
        if self.lie.take().is_some() {
            self.rig.cloud.heal();
            self.rig.forward(370);
            self.rig.settled().await;
            self.poll().await.unwrap();
        }
    }

    async fn poll(&mut self) -> davbridge::domain::Result<()> {
        let outcome = self.client.poll(&self.rig).await;
        if let Err(error) = &outcome {
            let about_data = !super::rig::says_nothing(error);
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
        self.faithful = held.filter(|id| self.truth.contains_key(id)).collect();
        outcome
    }

    /// With a cloud in order, and time, the copy is the truth.
    async fn end(&mut self) {
        self.rig.cloud.heal();
        self.rig.clock.set_wall(TimeDelta::zero());
        self.rig.forward(370);
        for _ in 0..4 {
            self.rig.settled().await;
            self.poll().await.unwrap();
            self.rig.forward(370);
        }
        self.rig.settled().await;
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

fn live<K: Sample>(manner: Manner, acts: &[Act]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::<K>::new(manner).await;
        for act in acts {
            world.act(act).await;
        }
        world.end().await;
    });
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 24,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn calendars_in_windows(acts in prop::collection::vec(act(), 1..60)) {
        live::<Event>(Manner::WINDOWS, &acts);
    }

    #[test]
    fn calendars_from_cursors(acts in prop::collection::vec(act(), 1..60)) {
        live::<Event>(Manner::CURSORS, &acts);
    }

    #[test]
    fn calendars_as_versions(acts in prop::collection::vec(act(), 1..60)) {
        live::<Event>(Manner::VERSIONS, &acts);
    }

    #[test]
    fn address_books(acts in prop::collection::vec(act(), 1..60)) {
        live::<Contact>(Manner::WHOLE, &acts);
    }
}

/// Found by chance once.
#[test]
fn an_event_moved_twice_while_readings_fail() {
    use Act::{Fault, Forward, Heal, Poll, Put, Remove, Token, Wall};
    let acts = [
        Put { id: 19, days: 90 },
        Forward { minutes: 61 },
        Poll,
        Wall { hours: -21 },
        Poll,
        Poll,
        Put { id: 11, days: 30 },
        Heal,
        Wall { hours: 10 },
        Poll,
        Poll,
        Poll,
        Remove { id: 16 },
        Wall { hours: 15 },
        Put { id: 19, days: 1 },
        Token,
        Fault(Trouble::Readings(Kind::Forbidden)),
        Poll,
        Forward { minutes: 61 },
        Put { id: 14, days: 60 },
        Poll,
        Poll,
        Fault(Trouble::Empty),
        Forward { minutes: 61 },
        Forward { minutes: 61 },
        Fault(Trouble::Readings(Kind::Busy { retry_after: None })),
        Fault(Trouble::Unreadable(11)),
        Poll,
        Poll,
        Poll,
        Put { id: 19, days: 400 },
        Poll,
    ];
    live::<Event>(Manner::WINDOWS, &acts);
}
