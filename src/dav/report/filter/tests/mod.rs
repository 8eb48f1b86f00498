//! Filters against small objects.

mod times;

use super::time::Times;
use super::*;
use crate::dav::xml;

const EVENT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260301T120000Z\r\nDTEND:20260301T130000Z\r\nSUMMARY:Größe\\, and more\r\nCATEGORIES:Work,Play\r\nSTATUS:CONFIRMED\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Anna:mailto:anna@example.org\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.org\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn calendar(inner: &str) -> Result<CalendarFilter, String> {
    let body = format!(
        "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:filter>{inner}</C:filter></C:calendar-query>"
    );
    CalendarFilter::parse(&xml::parse(body.as_bytes()).unwrap())
        .map_err(|refusal| format!("{refusal:?}"))
}

/// Whether the event passes conditions on `VEVENT`.
fn event(inner: &str) -> bool {
    let filter = format!(
        "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{inner}</C:comp-filter></C:comp-filter>"
    );
    calendar(&filter).unwrap().matches(EVENT, &Times::default())
}

fn card(text: &str, test: &str, inner: &str) -> bool {
    let body = format!(
        "<C:addressbook-query xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><C:filter {test}>{inner}</C:filter></C:addressbook-query>"
    );
    let filter = CardFilter::parse(&xml::parse(body.as_bytes()).unwrap()).unwrap();
    filter.matches(text)
}

#[test]
fn components() {
    let passes = |inner: &str| {
        let filter = format!("<C:comp-filter name=\"VCALENDAR\">{inner}</C:comp-filter>");
        calendar(&filter).unwrap().matches(EVENT, &Times::default())
    };
    for (inner, expected) in [
        ("", true),
        ("<C:comp-filter name=\"VEVENT\"/>", true),
        ("<C:comp-filter name=\"vevent\"/>", true),
        ("<C:comp-filter name=\"VTODO\"/>", false),
        (
            "<C:comp-filter name=\"VTODO\"><C:is-not-defined/></C:comp-filter>",
            true,
        ),
        (
            "<C:comp-filter name=\"VEVENT\"><C:is-not-defined/></C:comp-filter>",
            false,
        ),
        (
            "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"/></C:comp-filter>",
            true,
        ),
        (
            "<C:comp-filter name=\"VEVENT\"><C:comp-filter name=\"VALARM\"><C:is-not-defined/></C:comp-filter></C:comp-filter>",
            false,
        ),
        ("<C:prop-filter name=\"PRODID\"/>", true),
        ("<C:prop-filter name=\"METHOD\"/>", false),
    ] {
        assert_eq!(passes(inner), expected, "{inner}");
    }
}

#[test]
fn properties() {
    for (inner, expected) in [
        ("<C:prop-filter name=\"SUMMARY\"/>", true),
        ("<C:prop-filter name=\"LOCATION\"/>", false),
        (
            "<C:prop-filter name=\"LOCATION\"><C:is-not-defined/></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:is-not-defined/></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"/><C:prop-filter name=\"LOCATION\"/>",
            false,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:text-match>größe, AND</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:text-match>GRÖSSE</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:text-match collation=\"i;unicode-casemap\">GRÖSSE</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:text-match collation=\"i;octet\">größe</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"CATEGORIES\"><C:text-match match-type=\"equals\">play</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"STATUS\"><C:text-match negate-condition=\"yes\">CANCELLED</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"STATUS\"><C:text-match negate-condition=\"yes\">CONFIRMED</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"LOCATION\"><C:text-match negate-condition=\"yes\">x</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"DTSTAMP\"><C:time-range start=\"20260101T000000Z\" end=\"20260102T000000Z\"/></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"DTSTAMP\"><C:time-range start=\"20260101T000001Z\"/></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"SUMMARY\"><C:time-range start=\"20200101T000000Z\"/></C:prop-filter>",
            false,
        ),
    ] {
        assert_eq!(event(inner), expected, "{inner}");
    }
}

/// RFC 4791 §7.8.7 looks for one attendee with one answer: both of the same property.
#[test]
fn parameters() {
    let attendee = |who: &str, param: &str| {
        event(&format!(
            "<C:prop-filter name=\"ATTENDEE\"><C:text-match>{who}</C:text-match>{param}</C:prop-filter>"
        ))
    };
    let waiting = "<C:param-filter name=\"PARTSTAT\"><C:text-match>needs-action</C:text-match></C:param-filter>";
    assert!(attendee("mailto:anna@example.org", waiting));
    assert!(!attendee("mailto:bob@example.org", waiting));
    assert!(attendee("anna", "<C:param-filter name=\"CN\"/>"));
    assert!(!attendee("bob", "<C:param-filter name=\"CN\"/>"));
    let none = "<C:param-filter name=\"CN\"><C:is-not-defined/></C:param-filter>";
    assert!(attendee("bob", none));
    assert!(!attendee("anna", none));
    let not = "<C:param-filter name=\"CN\"><C:text-match negate-condition=\"yes\">Anna</C:text-match></C:param-filter>";
    assert!(!attendee("anna", not));
    assert!(
        !attendee("bob", not),
        "a parameter that is not there is not compared"
    );
}

#[test]
fn tests_are_joined() {
    let two = "<C:prop-filter name=\"SUMMARY\"/><C:prop-filter name=\"LOCATION\"/>";
    let filter = |test: &str| {
        let filter = format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\" {test}>{two}</C:comp-filter></C:comp-filter>"
        );
        calendar(&filter).unwrap().matches(EVENT, &Times::default())
    };
    assert!(!filter(""));
    assert!(!filter("test=\"allof\""));
    assert!(filter("test=\"anyof\""));
}

#[test]
fn broken_filters_are_refused() {
    let event = |inner: &str| {
        format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{inner}</C:comp-filter></C:comp-filter>"
        )
    };
    let many = event(&"<C:prop-filter name=\"X\"/>".repeat(300));
    for (filter, precondition) in [
        (String::new(), "C:valid-filter"),
        ("<C:comp-filter name=\"VEVENT\"/>".into(), "C:valid-filter"),
        ("<C:comp-filter/>".into(), "C:valid-filter"),
        (
            "<C:comp-filter name=\"VCALENDAR\"/><C:comp-filter name=\"VCALENDAR\"/>".into(),
            "C:valid-filter",
        ),
        (event("<C:prop-filter/>"), "C:valid-filter"),
        (
            event("<C:is-not-defined/><C:prop-filter name=\"X\"/>"),
            "C:valid-filter",
        ),
        (event("<C:time-range/>"), "C:valid-filter"),
        (event("<C:time-range start=\"2026\"/>"), "C:valid-filter"),
        (
            event("<C:time-range start=\"20260101T000000\"/>"),
            "C:valid-filter",
        ),
        (
            event("<C:time-range start=\"20260101T000000Z\" end=\"20250101T000000Z\"/>"),
            "C:valid-filter",
        ),
        (event("<C:unknown/>"), "C:supported-filter"),
        (event("<unknown/>"), "C:supported-filter"),
        (
            event(
                "<C:prop-filter name=\"X\"><C:text-match collation=\"i;unknown\">x</C:text-match></C:prop-filter>",
            ),
            "C:supported-collation",
        ),
        (
            event(
                "<C:prop-filter name=\"X\"><C:text-match match-type=\"like\">x</C:text-match></C:prop-filter>",
            ),
            "C:valid-filter",
        ),
        (
            event(
                "<C:prop-filter name=\"X\"><C:text-match negate-condition=\"maybe\">x</C:text-match></C:prop-filter>",
            ),
            "C:valid-filter",
        ),
        (many, "C:supported-filter"),
    ] {
        let refusal = calendar(&filter).unwrap_err();
        assert!(refusal.contains(precondition), "{filter}: {refusal}");
    }
}

#[test]
fn work_is_bounded() {
    let many = |inner: &str, count: usize| {
        let event = format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{}</C:comp-filter></C:comp-filter>",
            inner.repeat(count)
        );
        calendar(&event).is_ok()
    };
    let text = "<C:prop-filter name=\"SUMMARY\"/>";
    assert!(many(text, 190) && !many(text, 210));
    let time =
        "<C:comp-filter name=\"VALARM\"><C:time-range start=\"20200101T000000Z\"/></C:comp-filter>";
    assert!(many(time, 10) && !many(time, 11));
}

#[test]
fn what_need_not_be_looked_at() {
    let constant = |inner: &str| {
        let filter = format!("<C:comp-filter name=\"VCALENDAR\">{inner}</C:comp-filter>");
        calendar(&filter).unwrap().constant()
    };
    assert_eq!(constant(""), Some(true));
    assert_eq!(constant("<C:comp-filter name=\"VEVENT\"/>"), Some(true));
    assert_eq!(constant("<C:comp-filter name=\"VTODO\"/>"), Some(false));
    let todo = "<C:comp-filter name=\"VTODO\"><C:prop-filter name=\"STATUS\"/></C:comp-filter>";
    assert_eq!(constant(todo), Some(false));
    let none = "<C:comp-filter name=\"VTODO\"><C:is-not-defined/></C:comp-filter>";
    assert_eq!(constant(none), Some(true));
    let none = "<C:comp-filter name=\"VEVENT\"><C:is-not-defined/></C:comp-filter>";
    assert_eq!(constant(none), Some(false));
    let some = "<C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"X\"/></C:comp-filter>";
    assert_eq!(constant(some), None);
    assert_eq!(constant("<C:comp-filter name=\"VALARM\"/>"), None);
    assert_eq!(constant("<C:prop-filter name=\"X\"/>"), None);
}

#[test]
fn unreadable_objects_pass() {
    let filter = calendar(
        "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VTODO\"/></C:comp-filter>",
    );
    assert!(filter.unwrap().matches("nothing", &Times::default()));
}

#[test]
fn cards() {
    let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ünal Öz\r\nN:Öz;Ünal;;;\r\nNICKNAME:Ü,Unni\r\nitem1.TEL;TYPE=home,voice:+41 22 1\r\nTEL;TYPE=WORK:+41 22 2\r\nEND:VCARD\r\n";
    let name = "<C:prop-filter name=\"FN\"><C:text-match>ünal</C:text-match></C:prop-filter>";
    let mail = "<C:prop-filter name=\"EMAIL\"><C:text-match>@</C:text-match></C:prop-filter>";
    let both = format!("{name}{mail}");
    assert!(card(text, "", ""), "no filter: all");
    assert!(card(text, "", &both), "any is the default");
    assert!(!card(text, "test=\"allof\"", &both));
    for (inner, expected) in [
        (
            "<C:prop-filter name=\"NICKNAME\"><C:text-match match-type=\"equals\">unni</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"N\"><C:text-match match-type=\"starts-with\">öz;</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"FN\"><C:text-match match-type=\"ends-with\">ünal</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"FN\"><C:text-match collation=\"i;ascii-casemap\">ünal</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"FN\" test=\"allof\"><C:text-match>ün</C:text-match><C:text-match>x</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"FN\"><C:text-match>ün</C:text-match><C:text-match>x</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"TEL\"><C:param-filter name=\"TYPE\"><C:text-match match-type=\"equals\">VOICE</C:text-match></C:param-filter></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"TEL\"><C:param-filter name=\"TYPE\"><C:text-match>fax</C:text-match></C:param-filter></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"item1.TEL\"><C:text-match>22 1</C:text-match></C:prop-filter>",
            true,
        ),
        (
            "<C:prop-filter name=\"item1.TEL\"><C:text-match>22 2</C:text-match></C:prop-filter>",
            false,
        ),
        (
            "<C:prop-filter name=\"EMAIL\"><C:is-not-defined/></C:prop-filter>",
            true,
        ),
        ("<C:prop-filter name=\"UID\"/>", true),
    ] {
        assert_eq!(card(text, "", inner), expected, "{inner}");
    }
}
