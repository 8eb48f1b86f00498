//! Random lives of a cloud, its faults and clocks, and a client that keeps a copy.
//!
//! Every run draws the same lives. `PROPTEST_RNG_SEED=7 PROPTEST_CASES=5000 cargo nextest run
//! mirror_items::property` searches among others; with `LIVES_HURRIED=1` looks also go on while
//! something else happens, so that a life that fails need not fail every time.

mod act;
mod world;

use davbridge::domain::{Contact, Event, Kind};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use self::act::{Act, Trouble};
use self::world::World;
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
        1 => (0_usize..14).prop_map(|window| Act::Crash { window }),
        1 => (0_usize..14).prop_map(|window| Act::Overlap { window }),
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
        let hurried = std::env::var_os("LIVES_HURRIED").is_some();
        let mut world = World::<K>::new(manner, hurried).await;
        for act in acts {
            world.act(act).await;
        }
        world.end().await;
    });
}

/// A few lives, or as many as `PROPTEST_CASES` asks for, shrunk as far as they go.
fn config() -> ProptestConfig {
    let told = ProptestConfig::default();
    let wide = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if wide { told.cases } else { 24 },
        max_shrink_iters: if wide { told.max_shrink_iters } else { 20 },
        failure_persistence: None,
        ..told
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

#[test]
fn every_run_draws_the_same_lives() {
    // .cargo/config.toml sets it.
    assert!(matches!(config().rng_seed, RngSeed::Fixed(_)));
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

/// A process that was ended took its last look while the next one had begun. When that was found
/// it was by chance whether the next one told what the other had published: see
/// `life::what_a_process_published_that_was_about_to_end_shows_after_the_next_look`.
#[test]
fn an_event_removed_around_restarts_and_put_elsewhere() {
    use Act::{Fault, Forward, Heal, Overlap, Poll, Put, Remove, Token};
    let acts = [
        Put { id: 11, days: 90 },
        Poll,
        Token,
        Poll,
        Remove { id: 11 },
        Overlap { window: 9 },
        Poll,
        Poll,
        Fault(Trouble::Hidden),
        Fault(Trouble::Nameless(17)),
        Put { id: 11, days: -200 },
        Poll,
        Forward { minutes: 61 },
        Poll,
        Forward { minutes: 370 },
        Poll,
        Remove { id: 20 },
        Forward { minutes: 1 },
        Forward { minutes: 370 },
        Put { id: 14, days: -90 },
        Put { id: 15, days: -3 },
        Poll,
        Poll,
        Overlap { window: 9 },
        Put { id: 14, days: -90 },
        Put { id: 11, days: 400 },
        Poll,
        Poll,
        Token,
        Fault(Trouble::Window(8)),
        Heal,
        Forward { minutes: 370 },
        Poll,
        Forward { minutes: 6 },
        Forward { minutes: 1 },
        Put { id: 19, days: -3 },
        Heal,
        Poll,
        Fault(Trouble::Unreadable(10)),
        Forward { minutes: 16 },
        Forward { minutes: 1 },
        Heal,
        Poll,
        Poll,
        Poll,
        Fault(Trouble::Window(12)),
        Remove { id: 20 },
    ];
    live::<Event>(Manner::WINDOWS, &acts);
}
