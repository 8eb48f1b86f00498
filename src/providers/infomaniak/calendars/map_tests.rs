//! From records to events.

use chrono::DateTime;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn sample() -> Value {
    let text = include_str!("../../../../fixtures/infomaniak/event.json");
    let document: Value = serde_json::from_str(text).expect("a fixture");
    document["data"].clone()
}

fn read(value: &Value) -> Kind {
    record(value.as_object().expect("a record"))
}

fn mapped(value: &Value) -> Mapped {
    match read(value) {
        Kind::Event(mapped) => *mapped,
        other => panic!("{other:?}"),
    }
}

/// The sample with one field changed.
fn with(name: &str, value: Value) -> Event {
    let mut record = sample();
    record[name] = value;
    mapped(&record).event
}

#[test]
fn an_event_is_what_its_record_says() {
    let zoned = |text: &str| Moment::Zoned {
        at: DateTime::parse_from_rfc3339(text).expect("an instant"),
        zone: "Europe/Zurich".to_owned(),
    };
    let person = |address: &str, name: &str, answer| Attendee {
        address: address.to_owned(),
        name: Some(name.to_owned()),
        answer: Some(answer),
        ..Attendee::default()
    };
    let anna = person("a.muster@example.ch", "Anna Muster", Answer::Accepted);
    let start = zoned("2026-09-16T23:00:00+02:00");
    let event = Event {
        summary: Some("Review".to_owned()),
        description: Some("<p>Agenda</p>".to_owned()),
        location: Some("Room 2".to_owned()),
        start: Some(start.clone()),
        end: Some(zoned("2026-09-16T23:30:00+02:00")),
        status: Some(EventStatus::Confirmed),
        organizer: Some(anna.clone()),
        attendees: vec![person("b@example.org", "B", Answer::NeedsAction), anna],
        alarms: vec![Alarm {
            trigger: Trigger::FromStart(-600),
            action: AlarmAction::Display,
        }],
        ..Event::default()
    };
    let expected = Mapped {
        item: ItemId::new("77120042"),
        start,
        event,
        rule: Some("FREQ=WEEKLY;BYDAY=WE".to_owned()),
        shelf: Some(ShelfId::new("1379001")),
    };
    assert_eq!(mapped(&sample()), expected);
}

#[test]
fn an_id_and_a_begin_are_enough() {
    let bare = json!({"id": "77", "start": "2026-09-16"});
    let expected = Event {
        start: Some(Moment::Date("2026-09-16".parse().expect("a day"))),
        ..Event::default()
    };
    let mapped = mapped(&bare);
    assert_eq!((mapped.item.as_str(), mapped.event), ("77", expected));
    assert_eq!((mapped.rule, mapped.shelf), (None, None));
}

#[test]
fn what_lacks_them_is_unreadable() {
    let unreadable = |value: Value| match read(&value) {
        Kind::Unreadable { item, reason } => (item.map(|item| item.to_string()), reason),
        other => panic!("{other:?}"),
    };
    let no_begin = "the event has no begin that can be read";
    for start in [json!(null), json!(7), json!("soon"), json!({})] {
        let found = unreadable(json!({"id": 77, "start": start}));
        assert_eq!(found, (Some("77".to_owned()), no_begin));
    }
    for id in [
        json!(null),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("a\nb"),
        json!([7]),
    ] {
        let found = unreadable(json!({"id": id, "start": "2026-09-16"}));
        assert_eq!(found, (None, "the event has no id"));
    }
    assert_eq!(unreadable(json!({})).0, None);
}

#[test]
fn tasks_are_told_apart() {
    let kind = |kind: Value| read(&json!({"id": 7, "start": "2026-09-16", "type": kind}));
    for task in ["todo", "TODO"] {
        assert_eq!(kind(json!(task)), Kind::Task);
    }
    // also without a begin
    assert_eq!(
        read(&json!({"id": 7, "type": "todo", "start": null})),
        Kind::Task
    );
    for event in [json!("event"), json!(null), json!(7), json!("other")] {
        assert!(matches!(kind(event), Kind::Event(_)));
    }
}

#[test]
fn rules_lose_their_name() {
    let rule = |told: Value| mapped(&json!({"id": 7, "start": "2026-09-16", "rrule": told})).rule;
    for told in [
        "FREQ=DAILY",
        " FREQ=DAILY ",
        "RRULE:FREQ=DAILY",
        "rrule: FREQ=DAILY",
    ] {
        assert_eq!(rule(json!(told)).as_deref(), Some("FREQ=DAILY"), "{told}");
    }
    for none in [
        json!(""),
        json!("  "),
        json!("RRULE:"),
        json!(null),
        json!({"freq": "DAILY"}),
    ] {
        assert_eq!(rule(none.clone()), None, "{none}");
    }
}

#[test]
fn damaged_fields_are_left_out_and_the_rest_stays() {
    let odd = [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!(""),
        json!("\u{FFFD}"),
        json!(true),
    ];
    let names: Vec<String> = {
        let sample = sample();
        let record = sample.as_object().expect("a record");
        record
            .keys()
            .filter(|name| !matches!(&***name, "id" | "start" | "type"))
            .cloned()
            .collect()
    };
    for name in names {
        for value in &odd {
            let event = with(&name, value.clone());
            assert!(event.start.is_some(), "{name} {value}");
            if name != "title" {
                assert_eq!(event.summary.as_deref(), Some("Review"), "{name} {value}");
            }
        }
    }
}

#[test]
fn texts_are_unchanged() {
    for text in [
        "\r\nBEGIN:VALARM",
        " a\tb ",
        "\u{0}\u{FFFD}",
        "<b>x</b>",
        "\"a;b,c\\",
    ] {
        assert_eq!(with("title", json!(text)).summary.as_deref(), Some(text));
        assert_eq!(
            with("location", json!(text)).location.as_deref(),
            Some(text)
        );
        assert_eq!(
            with("description", json!(text)).description.as_deref(),
            Some(text)
        );
    }
    let long = "x".repeat(100_000);
    assert_eq!(with("description", json!(long)).description, Some(long));
    let room = with("meet_room_url", json!("https://kmeet.example/r"));
    assert_eq!(room.url.as_deref(), Some("https://kmeet.example/r"));
}

#[test]
fn states_are_read() {
    assert!(with("freebusy", json!("free")).transparent);
    assert!(!with("freebusy", json!("busy")).transparent);
    assert_eq!(with("private", json!(true)).class, Some(Class::Private));
    assert_eq!(with("private", json!(1)).class, Some(Class::Private));
    assert_eq!(with("private", json!(false)).class, None);
    for (told, meant) in [
        ("TENTATIVE", Some(EventStatus::Tentative)),
        ("cancelled", Some(EventStatus::Cancelled)),
        ("CONFIRMED", Some(EventStatus::Confirmed)),
        ("else", None),
    ] {
        assert_eq!(with("status", json!(told)).status, meant, "{told}");
    }
    assert_eq!(
        with("color", json!("#09f")).color.as_deref(),
        Some("#0099FF")
    );
    assert_eq!(
        with("color", json!("Turquoise")).color.as_deref(),
        Some("turquoise")
    );
    assert_eq!(with("color", json!("url(x)")).color, None);
    let changed = with("updated_at", json!(1_760_000_000));
    assert_eq!(changed.modified, DateTime::from_timestamp(1_760_000_000, 0));
    let made = with("created_at", json!("2025-10-09T08:53:20Z"));
    assert_eq!(made.created, DateTime::from_timestamp(1_760_000_000, 0));
    assert_eq!(
        with("categories", json!(["a", {"name": "b"}, 7, ""])).categories,
        ["a", "b"]
    );
}

#[test]
fn attendees_have_addresses() {
    let event = with(
        "attendees",
        json!([
            {"address": "MAILTO:c@example.org", "state": "needs_action"},
            {"address": "", "name": "Nobody", "organizer": true},
            {"name": "No address"}, null, "text", 7,
            {"address": " d@example.org ", "name": "", "state": "asleep", "organizer": 1},
        ]),
    );
    let found: Vec<_> = event
        .attendees
        .iter()
        .map(|one| (&*one.address, &one.name, one.answer))
        .collect();
    assert_eq!(
        found,
        [
            ("c@example.org", &None, Some(Answer::NeedsAction)),
            ("d@example.org", &None, None)
        ]
    );
    assert_eq!(
        event.organizer.as_ref().map(|one| &*one.address),
        Some("d@example.org")
    );
}

#[test]
fn alarms_are_read_in_both_forms() {
    let alarms = with(
        "alarms",
        json!([
            {"minutesBefore": 0, "action": "EMAIL"},
            {"minutesBefore": "15", "action": "AUDIO"},
            {"number": 2, "unit": "hour", "type": "DISPLAY"},
            {"number": 1, "unit": "DAYS", "type": "SMS"},
            {"number": 1, "unit": "week"},
            {"minutesBefore": 5, "action": "WEBHOOK"},
            {"minutesBefore": i64::MAX, "action": "DISPLAY"},
            {"number": 1, "unit": "fortnight"}, {"number": 1}, {}, null, 10,
        ]),
    )
    .alarms;
    let found: Vec<_> = alarms
        .iter()
        .map(|alarm| (alarm.trigger.clone(), alarm.action))
        .collect();
    let before = |seconds: i64, action| (Trigger::FromStart(-seconds), action);
    assert_eq!(
        found,
        [
            before(0, AlarmAction::Email),
            before(900, AlarmAction::Audio),
            before(7200, AlarmAction::Display),
            before(86_400, AlarmAction::Display),
            before(604_800, AlarmAction::Display),
        ]
    );
}

/// Any JSON, with the names of the event's fields in it.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}|)"
            .prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("minutesBefore"),
        Just("number"),
        Just("unit"),
        Just("address"),
        Just("state"),
        Just("organizer"),
        Just("name"),
        Just("action"),
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_record_is_read_without_panic(values in prop::collection::vec(any_json(), 16)) {
        let names = [
            "id", "start", "end", "timezone_start", "timezone_end", "fullday", "rrule", "alarms",
            "attendees", "status", "color", "categories", "created_at", "updated_at", "private",
            "calendar_id",
        ];
        let record: Record = names.iter().map(|name| (*name).to_owned()).zip(values).collect();
        if let Kind::Event(mapped) = super::record(&record) {
            prop_assert_eq!(mapped.event.start.as_ref(), Some(&mapped.start));
            prop_assert!(mapped.event.span().is_some());
        }
    }
}
