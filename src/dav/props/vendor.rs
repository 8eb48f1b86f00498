//! Properties that single vendors invented and others ask for.

use super::super::report::token;
use super::caldav::calendar;
use super::dates::http_date;
use super::live::{Live, Needs, Value, live, text};
use super::resource::{Resource, Scene, What};
use super::webdav::entry;

const CALENDARSERVER: &str = "http://calendarserver.org/ns/";
const APPLE: &str = "http://apple.com/ns/ical/";
const APACHE: &str = "http://apache.org/dav/props/";
const MICROSOFT: &str = "urn:schemas-microsoft-com:";

pub(super) const LIVE: &[Live] = &[
    live(CALENDARSERVER, "getctag", |_, resource| {
        match resource.what {
            What::Shelf(_) => Some(text(token::ctag(resource.head?))),
            _ => None,
        }
    })
    .needing(Needs::Head),
    live(APPLE, "calendar-color", |_, resource| {
        let color = calendar(resource)?.color.as_deref()?;
        is_color(color).then(|| text(format!("{color}FF")))
    }),
    live(APPLE, "calendar-order", |_, resource| {
        let calendar = calendar(resource)?;
        let order = if calendar.default { 0 } else { calendar.id };
        Some(text(order.to_string()))
    }),
    // Asked by davfs2
    live(APACHE, "executable", |_, resource| {
        (!resource.is_collection()).then(|| text("F"))
    }),
    live(MICROSOFT, "Win32CreationTime", |_, resource| {
        let created = entry(resource)?.created?;
        http_date(created).map(Value::Text)
    })
    .for_windows(),
    live(MICROSOFT, "Win32LastModifiedTime", modified).for_windows(),
    live(MICROSOFT, "Win32LastAccessTime", modified).for_windows(),
    live(MICROSOFT, "Win32FileAttributes", |_, resource| {
        // FILE_ATTRIBUTE_DIRECTORY, or ARCHIVE and READONLY
        let folder = resource.is_collection();
        Some(text(if folder { "00000010" } else { "00000021" }))
    })
    .for_windows(),
];

/// `#RRGGBB`.
fn is_color(color: &str) -> bool {
    let digits = color.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|c| c.is_ascii_hexdigit())
}

fn modified<'r>(_: &Scene<'_>, resource: &'r Resource<'_>) -> Option<Value<'r>> {
    let modified = entry(resource)?.modified?;
    http_date(modified).map(Value::Text)
}
