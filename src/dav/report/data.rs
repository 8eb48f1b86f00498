//! How the text of items is told: all of it, or parts (RFC 4791 §9.6, RFC 6352 §10.4).

use std::borrow::Cow;

use crate::domain::{ItemKind, Span};
use crate::text::{Component, Zone, expand, limit_recurrence_set, parse};

use super::super::xml::{CALDAV, CARDDAV, Element};
use super::filter::{is_local, span, widened, zone};
use super::parts::Parts;
use super::refusal::Refusal;

/// How the text of items is told.
pub(super) struct Data {
    parts: Option<Parts>,
    series: Series,
    /// Where days and local times are; `None`: anywhere.
    zone: Option<Zone>,
}

/// What becomes of a series.
enum Series {
    /// Nothing.
    Whole,
    /// Each instance by itself.
    Expanded(Span),
    /// The rule, and those changes that matter.
    Limited(Span),
}

impl Data {
    /// What a report asks for; `None`: no text.
    pub(super) fn asked(root: &Element, kind: ItemKind) -> Result<Option<Self>, Refusal> {
        let (namespace, local) = match kind {
            ItemKind::Event => (CALDAV, "calendar-data"),
            ItemKind::Contact => (CARDDAV, "address-data"),
        };
        let prop = root.child("prop");
        let Some(asked) = prop.and_then(|prop| prop.child_in(namespace, local)) else {
            return Ok(None);
        };
        check_type(asked, kind)?;
        let parts = match kind {
            ItemKind::Event => asked.child_in(namespace, "comp").map(Parts::of_comp),
            ItemKind::Contact => Parts::of_card(asked),
        };
        Ok(Some(Self {
            parts,
            series: Series::asked(asked)?,
            zone: zone(root),
        }))
    }

    /// Whether instances have to be worked out.
    pub(super) fn is_worked_out(&self) -> bool {
        !matches!(self.series, Series::Whole)
    }

    /// The text of one item; `None` where it has no instance to be told. One that cannot be read,
    /// or has too many instances to be expanded, is told as it is.
    pub(super) fn of<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        let whole = matches!(self.series, Series::Whole);
        if whole && self.parts.is_none() {
            return Some(Cow::Borrowed(text));
        }
        let Ok(object) = parse(text) else {
            return Some(Cow::Borrowed(text));
        };
        let mut object = match self.series {
            Series::Whole => object,
            Series::Expanded(span) => match self.expanded(&object, span) {
                Ok(expanded) if expanded.components.is_empty() => return None,
                Ok(expanded) => expanded,
                Err(_) => return Some(Cow::Borrowed(text)),
            },
            Series::Limited(span) => match &self.zone {
                Some(zone) => limit_recurrence_set(&object, span, zone),
                None => limit_recurrence_set(&object, widened(span), &Zone::UTC),
            },
        };
        if let Some(parts) = &self.parts {
            parts.cut(&mut object);
        }
        Some(Cow::Owned(object.write()))
    }

    /// The instances in a span. Where there is none and nobody tells where days and local times
    /// are, those that may be in it, as the filter lets them pass.
    fn expanded(&self, object: &Component, span: Span) -> crate::domain::Result<Component> {
        let expanded = expand(object, span, self.zone.as_ref().unwrap_or(&Zone::UTC))?;
        if self.zone.is_some() || !expanded.components.is_empty() {
            return Ok(expanded);
        }
        let mut expanded = expand(object, widened(span), &Zone::UTC)?;
        expanded.components.retain(is_local);
        Ok(expanded)
    }
}

impl Series {
    /// `limit-freebusy-set` is of components that are not there.
    fn asked(data: &Element) -> Result<Self, Refusal> {
        let span = |local| {
            let Some(element) = data.child_in(CALDAV, local) else {
                return Ok(None);
            };
            let both = ["start", "end"].map(|name| element.attribute(name).is_some());
            let span = span(element).filter(|_| both == [true, true]);
            let refusal = Refusal::invalid("a series is cut with a begin and a later end");
            span.map(Some).ok_or(refusal)
        };
        Ok(match (span("expand")?, span("limit-recurrence-set")?) {
            (None, None) => Self::Whole,
            (Some(span), None) => Self::Expanded(span),
            (None, Some(span)) => Self::Limited(span),
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid(
                    "a series is expanded or limited, not both",
                ));
            }
        })
    }
}

/// Other formats than ours are refused; another version of ours is answered with the one that
/// there is, since clients that ask for vCard 4.0 read 3.0.
fn check_type(asked: &Element, kind: ItemKind) -> Result<(), Refusal> {
    let wanted = asked.attribute("content-type").unwrap_or_default();
    let wanted = wanted.split(';').next().unwrap_or_default().trim();
    let (ours, refusal): (&[&str], _) = match kind {
        ItemKind::Event => (&["", "text/calendar"], "<C:supported-calendar-data/>"),
        ItemKind::Contact => (
            &["", "text/vcard", "text/x-vcard", "text/directory"],
            "<CR:supported-address-data/>",
        ),
    };
    let known = ours.iter().any(|ours| wanted.eq_ignore_ascii_case(ours));
    known.then_some(()).ok_or(Refusal::precondition(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::xml;

    fn asked(kind: ItemKind, data: &str) -> Result<Option<Data>, Refusal> {
        let body = format!(
            "<x xmlns=\"urn:x\" xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CR=\"urn:ietf:params:xml:ns:carddav\"><D:prop>{data}</D:prop></x>"
        );
        Data::asked(&xml::parse(body.as_bytes()).unwrap(), kind)
    }

    fn event(data: &str) -> String {
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:s\r\nLOCATION:l\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let data = asked(ItemKind::Event, data).unwrap().unwrap();
        data.of(text).unwrap().replace("\r\n", " ")
    }

    #[test]
    fn parts_of_objects() {
        assert!(event("<C:calendar-data/>").contains("PRODID"));
        assert!(
            event("<C:calendar-data><C:comp name=\"VCALENDAR\"/></C:calendar-data>")
                .contains("VALARM")
        );
        assert_eq!(
            event(
                "<C:calendar-data><C:comp name=\"VCALENDAR\"><C:prop name=\"VERSION\"/><C:comp name=\"VEVENT\"><C:prop name=\"SUMMARY\"/><C:prop name=\"uid\" novalue=\"yes\"/></C:comp><C:comp name=\"VTIMEZONE\"/></C:comp></C:calendar-data>"
            ),
            "BEGIN:VCALENDAR VERSION:2.0 BEGIN:VTIMEZONE TZID:Z BEGIN:STANDARD TZOFFSETTO:+0100 END:STANDARD END:VTIMEZONE BEGIN:VEVENT UID: SUMMARY:s END:VEVENT END:VCALENDAR "
        );
        assert_eq!(
            event(
                "<C:calendar-data><C:comp name=\"VCALENDAR\"><C:allprop/><C:comp name=\"VEVENT\"><C:prop name=\"UID\"/><C:allcomp/></C:comp></C:comp></C:calendar-data>"
            ),
            "BEGIN:VCALENDAR VERSION:2.0 PRODID:x BEGIN:VEVENT UID:1 BEGIN:VALARM ACTION:DISPLAY END:VALARM END:VEVENT END:VCALENDAR "
        );
    }

    #[test]
    fn parts_of_cards() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A\r\nitem1.TEL:1\r\nitem2.TEL:2\r\nEND:VCARD\r\n";
        let card = |data: &str| {
            let data = asked(ItemKind::Contact, data).unwrap().unwrap();
            data.of(text).unwrap().replace("\r\n", " ")
        };
        assert_eq!(
            card(
                "<CR:address-data><CR:prop name=\"UID\"/><CR:prop name=\"ITEM2.tel\"/></CR:address-data>"
            ),
            "BEGIN:VCARD VERSION:3.0 UID:1 item2.TEL:2 END:VCARD "
        );
        assert!(card("<CR:address-data><CR:allprop/></CR:address-data>").contains("FN:A"));
        let four = "<CR:address-data Content-Type=\"text/vcard\" version=\"4.0\"/>";
        assert!(card(four).contains("VERSION:3.0"));
    }

    #[test]
    fn other_formats_are_refused() {
        let json = "<C:calendar-data content-type=\"application/calendar+json\"/>";
        assert!(asked(ItemKind::Event, json).is_err());
        let xml = "<CR:address-data content-type=\"application/vcard+xml\"/>";
        assert!(asked(ItemKind::Contact, xml).is_err());
        assert!(asked(ItemKind::Event, "<D:getetag/>").unwrap().is_none());
    }
}
