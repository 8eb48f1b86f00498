//! From XML to filters.

use super::super::super::xml::{CALDAV, CARDDAV, Element};
use super::super::refusal::Refusal;
use super::card::CardFilter;
use super::component::{CalendarFilter, CompFilter, CompWants};
use super::property::{ParamFilter, ParamWants, PropFilter, PropWants};
use super::text::{Collation, Match, TextMatch};
use super::{Test, time};
use crate::domain::Span;

/// Filters of one request; each costs something for every item.
const MAX_FILTERS: usize = 200;
/// Time ranges among them; each may have the instances of an item worked out.
const MAX_RANGES: usize = 10;

/// What differs between the two protocols.
struct Dialect {
    namespace: &'static str,
    collation: Collation,
    test: Test,
    invalid: &'static str,
    unsupported: &'static str,
    no_collation: &'static str,
}

const CALENDAR: Dialect = Dialect {
    namespace: CALDAV,
    collation: Collation::Ascii,
    test: Test::AllOf,
    invalid: "<C:valid-filter/>",
    unsupported: "<C:supported-filter/>",
    no_collation: "<C:supported-collation/>",
};

const CARD: Dialect = Dialect {
    namespace: CARDDAV,
    collation: Collation::Unicode,
    test: Test::AnyOf,
    invalid: "<CR:supported-filter/>",
    unsupported: "<CR:supported-filter/>",
    no_collation: "<CR:supported-collation/>",
};

impl CalendarFilter {
    /// Reads the `filter` of a calendar-query.
    pub(in crate::dav::report) fn parse(root: &Element) -> Result<Self, Refusal> {
        let dialect = &CALENDAR;
        let filter = root.child_in(CALDAV, "filter");
        let filter = filter.ok_or_else(|| dialect.invalid())?;
        dialect.count(filter)?;
        let [outer] = filter.children.as_slice() else {
            return Err(dialect.invalid());
        };
        if !dialect.is(outer, "comp-filter") {
            return Err(dialect.invalid());
        }
        let outer = dialect.comp(outer)?;
        if !outer.name.eq_ignore_ascii_case("VCALENDAR") {
            return Err(dialect.invalid());
        }
        Ok(Self(outer))
    }
}

impl CardFilter {
    /// Reads the `filter` of an addressbook-query; without one every card passes.
    pub(in crate::dav::report) fn parse(root: &Element) -> Result<Self, Refusal> {
        let dialect = &CARD;
        let Some(filter) = root.child_in(CARDDAV, "filter") else {
            let props = Vec::new();
            let test = Test::AnyOf;
            return Ok(Self { test, props });
        };
        dialect.count(filter)?;
        let props = filter.children.iter().map(|child| {
            if dialect.is(child, "prop-filter") {
                dialect.prop(child)
            } else {
                Err(dialect.unsupported())
            }
        });
        Ok(Self {
            test: dialect.test(filter)?,
            props: props.collect::<Result<_, _>>()?,
        })
    }
}

/// The span of a `time-range`, open ends as far away as can be.
pub(in crate::dav::report) fn span(range: &Element) -> Option<Span> {
    let at = |name| range.attribute(name).map(time::instant);
    let (from, to) = (at("start"), at("end"));
    if from.is_none() && to.is_none() {
        return None;
    }
    let span = Span {
        from: from.unwrap_or(Some(time::FIRST))?,
        to: to.unwrap_or(Some(time::LAST))?,
    };
    (span.from < span.to).then_some(span)
}

impl Dialect {
    fn invalid(&self) -> Refusal {
        Refusal::precondition(self.invalid)
    }

    fn unsupported(&self) -> Refusal {
        Refusal::precondition(self.unsupported)
    }

    fn is(&self, element: &Element, local: &str) -> bool {
        element.name.is(self.namespace, local)
    }

    fn count(&self, filter: &Element) -> Result<(), Refusal> {
        fn count(element: &Element, counts: &impl Fn(&Element) -> bool) -> usize {
            let inside = element.children.iter().map(|child| count(child, counts));
            usize::from(counts(element)) + inside.sum::<usize>()
        }
        let ranges = count(filter, &|element| self.is(element, "time-range"));
        let few = count(filter, &|_| true) <= MAX_FILTERS && ranges <= MAX_RANGES;
        few.then_some(()).ok_or_else(|| self.unsupported())
    }

    fn name(&self, element: &Element) -> Result<String, Refusal> {
        let name = element.attribute("name").map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        name.map(str::to_owned).ok_or_else(|| self.invalid())
    }

    fn test(&self, element: &Element) -> Result<Test, Refusal> {
        match element.attribute("test") {
            None => Ok(self.test),
            Some("anyof") => Ok(Test::AnyOf),
            Some("allof") => Ok(Test::AllOf),
            Some(_) => Err(self.invalid()),
        }
    }

    /// Whether nothing of the kind is wanted; then nothing else can be.
    fn absent(&self, element: &Element) -> Result<bool, Refusal> {
        let mut children = element.children.iter();
        let absent = children.any(|child| self.is(child, "is-not-defined"));
        if absent && element.children.len() > 1 {
            return Err(self.invalid());
        }
        Ok(absent)
    }

    fn within(&self, element: &Element, known: Option<Span>) -> Result<Option<Span>, Refusal> {
        match (span(element), known) {
            (Some(span), None) => Ok(Some(span)),
            _ => Err(self.invalid()),
        }
    }

    fn comp(&self, element: &Element) -> Result<CompFilter, Refusal> {
        let name = self.name(element)?;
        if self.absent(element)? {
            let wants = CompWants::Absent;
            return Ok(CompFilter { name, wants });
        }
        let (mut within, mut props, mut comps) = (None, Vec::new(), Vec::new());
        for child in &element.children {
            if self.is(child, "time-range") {
                within = self.within(child, within)?;
            } else if self.is(child, "prop-filter") {
                props.push(self.prop(child)?);
            } else if self.is(child, "comp-filter") {
                comps.push(self.comp(child)?);
            } else {
                return Err(self.unsupported());
            }
        }
        let wants = CompWants::Present {
            test: self.test(element)?,
            within,
            props,
            comps,
        };
        Ok(CompFilter { name, wants })
    }

    fn prop(&self, element: &Element) -> Result<PropFilter, Refusal> {
        let name = self.name(element)?;
        let (group, name) = match name.split_once('.') {
            Some((group, name)) => (Some(group.to_owned()), name.to_owned()),
            None => (None, name),
        };
        if self.absent(element)? {
            let wants = PropWants::Absent;
            return Ok(PropFilter { group, name, wants });
        }
        let (mut within, mut texts, mut params) = (None, Vec::new(), Vec::new());
        for child in &element.children {
            if self.is(child, "time-range") {
                within = self.within(child, within)?;
            } else if self.is(child, "text-match") {
                texts.push(self.text(child)?);
            } else if self.is(child, "param-filter") {
                params.push(self.param(child)?);
            } else {
                return Err(self.unsupported());
            }
        }
        let wants = PropWants::Present {
            test: self.test(element)?,
            within,
            texts,
            params,
        };
        Ok(PropFilter { group, name, wants })
    }

    fn param(&self, element: &Element) -> Result<ParamFilter, Refusal> {
        let name = self.name(element)?;
        let wants = match element.children.as_slice() {
            [] => ParamWants::Present(None),
            [one] if self.is(one, "is-not-defined") => ParamWants::Absent,
            [one] if self.is(one, "text-match") => ParamWants::Present(Some(self.text(one)?)),
            _ => return Err(self.invalid()),
        };
        Ok(ParamFilter { name, wants })
    }

    fn text(&self, element: &Element) -> Result<TextMatch, Refusal> {
        let collation = match element.attribute("collation") {
            None | Some("default") => self.collation,
            Some(name) => {
                Collation::named(name).ok_or_else(|| Refusal::precondition(self.no_collation))?
            }
        };
        let kind = match element.attribute("match-type") {
            None => Match::Contains,
            Some(name) => Match::named(name).ok_or_else(|| self.invalid())?,
        };
        let negate = match element.attribute("negate-condition") {
            None | Some("no") => false,
            Some("yes") => true,
            Some(_) => return Err(self.invalid()),
        };
        Ok(TextMatch::new(collation, kind, negate, &element.text))
    }
}
