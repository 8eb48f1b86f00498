//! Bridges over tiny clouds in memory, kept between runs.

use std::sync::Arc;

use davbridge::domain::{Contact, EntryId, Event, Moment, Part};
use support::bridge::{Answer, Bridge};
use support::items::Sample;
use support::library::{BOOK, CALENDAR, Library, noon};
use support::reference::{ROOT, Reference};
use tokio::runtime::{Builder, Runtime};

#[allow(dead_code)]
#[path = "support/mod.rs"]
mod support;

/// Content of the file `f` on the drive.
pub const CONTENT: &[u8] = b"hello, fuzzer";
/// Where the drive is served.
pub const DRIVE: &str = support::bridge::DRIVE;

thread_local! {
    static HERE: (Runtime, Bridge) = here();
    static ITEMS: (Runtime, Library) = items();
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made")
}

fn here() -> (Runtime, Bridge) {
    let runtime = runtime();
    let bridge = runtime.block_on(async {
        let cloud: Arc<Reference> = Reference::new(false);
        let root = EntryId::new(ROOT);
        cloud.put(&root, "f", CONTENT);
        let folder = cloud.make_folder(&root, "folder & <more>");
        cloud.put(&folder, "ü%\u{1f600}", "");
        Bridge::over(&cloud)
    });
    (runtime, bridge)
}

/// Sends a request; `None` where it is none that a server would ever see.
pub fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    path.parse::<http::Uri>().ok()?;
    for (_, value) in headers {
        http::HeaderValue::from_str(value).ok()?;
    }
    HERE.with(|(runtime, bridge)| {
        let answer = runtime.block_on(bridge.send(method, path, headers, body.to_vec()));
        assert!(!answer.status.is_server_error(), "{}", answer.status);
        assert!(!answer.broken, "the body broke off");
        Some(answer)
    })
}

/// A series with a changed instance, a day, an event without end; two contacts.
fn items() -> (Runtime, Library) {
    let runtime = runtime();
    let library = runtime.block_on(async {
        let library = Library::with(&["1", "2"]);
        let series = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART;TZID=Europe/Zurich:20260105T093000\r\nDTEND;TZID=Europe/Zurich:20260105T103000\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:w\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:u\r\nRECURRENCE-ID;TZID=Europe/Zurich:20260119T093000\r\nDTSTART;TZID=Europe/Zurich:20260121T093000\r\nSUMMARY:m\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let read = <Event as davbridge::text::Render>::read(series).expect("a series");
        library.events.put_rows("3", "s1", read.parts, None);
        let mut day = Event::sample("day", noon());
        (day.start, day.end) = (Some(Moment::Date(noon().date_naive())), None);
        library.events.put_rows("4", "s1", vec![(Part::Master, day)], None);
        for id in ["5", "6"] {
            let contact = Contact::sample("Ada & <Bob>", noon());
            library.contacts.put_rows(id, "s1", vec![(Part::Master, contact)], None);
        }
        for place in [CALENDAR, BOOK] {
            let answer = library.send("PROPFIND", place, &[("depth", "1")], "").await;
            assert_eq!(answer.status, 207);
        }
        library
    });
    (runtime, library)
}

/// Sends a REPORT to the calendar or the address book.
pub fn report(calendar: bool, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let place = if calendar { CALENDAR } else { BOOK };
    ITEMS.with(|(runtime, library)| {
        let answer = runtime.block_on(library.send("REPORT", place, headers, body.to_vec()));
        assert!(!answer.status.is_server_error(), "{}", answer.status);
        assert!(!answer.broken, "the body broke off");
        answer
    })
}

/// A multistatus must be XML that can be read, with at least one response.
pub fn is_readable(answer: &Answer) {
    if answer.status == 207 {
        assert!(!support::xml::multistatus(&answer.body).is_empty());
    }
}

/// A multistatus must be XML that can be read.
pub fn is_xml(answer: &Answer) {
    support::xml::multistatus(&answer.body);
}
