//! The whole object.

use chrono::{DateTime, Utc};

use crate::domain::{Alarm, Event, Moment, Part, Result, Trigger};
use crate::text::recur::{Budget, Instances};
use crate::text::render::{Object, Rendered};
use crate::text::rule::{End, Rule};
use crate::text::when::When;
use crate::text::{Component, Property};

use super::join::{Series, Time, Whole, join};
use super::places::Places;
use super::write::Writer;

/// Names the program that writes; without a version, so that an upgrade changes no byte.
pub(in crate::text) const PRODID: &str = "-//davbridge//davbridge//EN";

/// An empty calendar.
pub(in crate::text) fn calendar() -> Component {
    let mut calendar = Component::new("VCALENDAR");
    calendar.push(Property::new("VERSION", "2.0"));
    calendar.push(Property::new("PRODID", PRODID));
    calendar.push(Property::new("CALSCALE", "GREGORIAN"));
    calendar
}

pub(super) fn render(object: &Object<'_, Event>) -> Result<Rendered> {
    let places = Places::of(object.parts.iter().flat_map(moments));
    let whole = join(object.parts, &places)?;
    let mut calendar = calendar();
    calendar.components = Places::definitions(whole.moments());
    let writer = Writer {
        uid: object.uid,
        stamp: object.stamp,
    };
    if let Some(series) = &whole.series {
        calendar.components.push(writer.series(series));
    }
    let overrides = whole.overrides.iter();
    calendar
        .components
        .extend(overrides.map(|one| writer.changed(one)));
    Ok(Rendered {
        text: calendar.write(),
        first: whole.first(),
        last: whole.last(),
        recurring: whole.series.as_ref().is_some_and(Series::repeats) || whole.overrides.len() > 1,
    })
}

/// All moments that a part tells.
fn moments((part, event): &(Part, Event)) -> impl Iterator<Item = &Moment> {
    let own = match part {
        Part::Master => None,
        Part::Override(moment) | Part::Occurrence(moment) => Some(moment),
    };
    let repetition = &event.repetition;
    let lists = repetition.dates.iter().chain(&repetition.excluded);
    own.into_iter()
        .chain(&event.start)
        .chain(&event.end)
        .chain(lists)
}

impl Whole<'_> {
    /// All moments that are written.
    fn moments(&self) -> impl Iterator<Item = &When> {
        let series = self.series.iter();
        let lists = series.flat_map(|one| one.dates.iter().chain(&one.excluded));
        let ids = self.overrides.iter().map(|one| &one.id);
        let times = self
            .times()
            .flat_map(|time| std::iter::once(&time.start).chain(&time.end));
        lists.chain(ids).chain(times)
    }

    fn times(&self) -> impl Iterator<Item = &Time> {
        let overrides = self.overrides.iter().map(|one| &one.time);
        self.series.iter().map(|one| &one.time).chain(overrides)
    }

    fn alarms(&self) -> impl Iterator<Item = &Alarm> {
        let overrides = self.overrides.iter().map(|one| one.event);
        let events = self.series.iter().map(|one| one.event).chain(overrides);
        events.flat_map(|event| &event.alarms)
    }

    /// Instants of alarms that do not move with the event.
    fn absolute(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.alarms().filter_map(|alarm| match alarm.trigger {
            Trigger::At(at) => Some(at),
            Trigger::FromStart(_) | Trigger::FromEnd(_) => None,
        })
    }

    fn first(&self) -> Option<DateTime<Utc>> {
        let dates = self.series.iter().flat_map(|one| &one.dates);
        let starts = self.times().map(|time| &time.start).chain(dates);
        starts.map(When::earliest).chain(self.absolute()).min()
    }

    /// The first instant after everything; `None` where a rule goes on.
    fn last(&self) -> Option<DateTime<Utc>> {
        let mut lasts: Vec<_> = self.times().map(Time::latest_end).collect();
        if let Some(series) = &self.series {
            let dates = series.dates.iter();
            lasts.extend(dates.map(|date| series.time.moved(date).latest_end()));
            for rule in &series.rules {
                lasts.push(series.last_of(rule)?);
            }
        }
        lasts.into_iter().chain(self.absolute()).max()
    }
}

impl Series<'_> {
    /// When the last instance of a rule ends; `None` where that is never, or too far to count.
    fn last_of(&self, rule: &Rule) -> Option<DateTime<Utc>> {
        let start = &self.time.start;
        let last = match rule.end {
            End::Never => return None,
            End::Until(until) => until.like(start),
            End::Count(_) => {
                let digits = start.digits();
                let mut budget = Budget::default();
                let mut instances = Instances::new(rule, digits, digits);
                let all = std::iter::from_fn(|| instances.next(&mut budget));
                let last = all.last().unwrap_or(digits);
                if budget.is_spent() {
                    return None;
                }
                start.at_digits(last)
            }
        };
        Some(self.time.moved(&last).latest_end())
    }
}
