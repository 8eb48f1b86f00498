//! Filters of components (RFC 4791 §9.7.1).

use crate::domain::Span;
use crate::text::{Component, parse};

use super::Test;
use super::property::PropFilter;
use super::time::{Inspected, Times};

/// The filter of a calendar-query: one of `VCALENDAR`.
#[derive(Debug)]
pub(in crate::dav::report) struct CalendarFilter(pub(super) CompFilter);

/// `comp-filter`
#[derive(Debug)]
pub(super) struct CompFilter {
    pub(super) name: String,
    pub(super) wants: CompWants,
}

/// What is wanted of a component.
#[derive(Debug)]
pub(super) enum CompWants {
    /// That there is none.
    Absent,
    /// That one of them passes.
    Present {
        test: Test,
        within: Option<Span>,
        props: Vec<PropFilter>,
        comps: Vec<CompFilter>,
    },
}

impl CalendarFilter {
    /// Whether an object passes. What cannot be read passes: a client takes what is missing for
    /// deleted.
    pub(in crate::dav::report) fn matches(&self, text: &str, times: &Times) -> bool {
        let Ok(object) = parse(text) else {
            return true;
        };
        match &self.0.wants {
            CompWants::Absent => false,
            CompWants::Present { .. } => {
                let inspected = Inspected::new(&object, times);
                self.0.passes(&inspected, &object, true)
            }
        }
    }

    /// The answer for every object of a calendar of events, where none has to be looked at.
    pub(in crate::dav::report) fn constant(&self) -> Option<bool> {
        let CompWants::Present {
            test: Test::AllOf,
            within: None,
            props,
            comps,
        } = &self.0.wants
        else {
            return None;
        };
        match (props.as_slice(), comps.as_slice()) {
            ([], []) => Some(true),
            ([], [inner]) => inner.constant_in_event(),
            _ => None,
        }
    }

    /// A span outside of which no object passes.
    pub(in crate::dav::report) fn span(&self) -> Option<Span> {
        let CompWants::Present {
            test: Test::AllOf,
            comps,
            ..
        } = &self.0.wants
        else {
            return None;
        };
        comps.iter().find_map(|comp| match &comp.wants {
            CompWants::Present {
                test: Test::AllOf,
                within,
                ..
            } if comp.is("VEVENT") => *within,
            _ => None,
        })
    }
}

impl CompFilter {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Calendars hold events alone.
    fn constant_in_event(&self) -> Option<bool> {
        let other = ["VTODO", "VJOURNAL", "VFREEBUSY"];
        if other.iter().any(|name| self.is(name)) {
            return Some(matches!(self.wants, CompWants::Absent));
        }
        match &self.wants {
            CompWants::Absent if self.is("VEVENT") => Some(false),
            CompWants::Present {
                within: None,
                props,
                comps,
                ..
            } if self.is("VEVENT") && props.is_empty() && comps.is_empty() => Some(true),
            _ => None,
        }
    }

    /// Whether the components of this name inside `parent` pass. The time is asked of the object
    /// as a whole, because its instances are: more pass rather than fewer.
    fn matches(&self, inspected: &Inspected<'_>, parent: &Component) -> bool {
        let mut inside = parent.inside(&self.name).peekable();
        let CompWants::Present { within, .. } = &self.wants else {
            return inside.peek().is_none();
        };
        if inside.peek().is_none() {
            return false;
        }
        let timely = within
            .as_ref()
            .is_none_or(|span| inspected.any_in(parent, &self.name, span));
        inside.any(|component| self.passes(inspected, component, timely))
    }

    /// Whether one component passes; `timely`: what the time says.
    pub(super) fn passes(
        &self,
        inspected: &Inspected<'_>,
        component: &Component,
        timely: bool,
    ) -> bool {
        let CompWants::Present {
            test,
            within,
            props,
            comps,
        } = &self.wants
        else {
            return false;
        };
        let within = within.iter().map(|_| timely);
        let props = props.iter().map(|filter| filter.matches(component));
        let comps = comps
            .iter()
            .map(|filter| filter.matches(inspected, component));
        test.of(within.chain(props).chain(comps))
    }
}
