//! Any text as a calendar from elsewhere: read, written, expanded, made an event of ours.
#![no_main]

use chrono::DateTime;
use davbridge::domain::{Event, Span};
use davbridge::text::{
    BusyTimes, Object, Render, Zone, expand, limit_recurrence_set, occurrences, parse,
};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let at = |seconds| DateTime::from_timestamp(seconds, 0).expect("a time");
    let span = Span {
        from: at(1_760_000_000),
        to: at(1_800_000_000),
    };
    if let Ok(calendar) = parse(text) {
        let written = calendar.write();
        assert_eq!(parse(&written).expect("our own text").write(), written);
        let zone = Zone::named("Europe/Zurich").expect("a zone");
        let found = occurrences(&calendar, span, &zone, 50);
        assert!(found.list.len() <= 50);
        if let Ok(expanded) = expand(&calendar, span, &zone) {
            parse(&expanded.write()).expect("our own text");
        }
        parse(&limit_recurrence_set(&calendar, span, &zone).write()).expect("our own text");
        let mut busy = BusyTimes::within(span);
        busy.add(&calendar, &zone);
        parse(&busy.write(span.from)).expect("our own text");
    }
    let Ok(foreign) = Event::read(text) else {
        return;
    };
    let object = Object {
        uid: "u",
        parts: &foreign.parts,
        stamp: span.from,
    };
    let Ok(rendered) = Event::render(&object) else {
        return;
    };
    let again = Event::read(&rendered.text).expect("our own text");
    let object = Object {
        parts: &again.parts,
        ..object
    };
    assert_eq!(Event::render(&object).expect("our own event").text, rendered.text);
});
