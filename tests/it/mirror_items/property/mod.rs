//! Random lives of a cloud, its faults and clocks, and a client that keeps a copy.

mod world;

use davbridge::domain::{Contact, Event, Kind};
use proptest::prelude::*;

use self::world::{Act, Trouble, World};
use crate::support::items::{Manner, Sample};

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
