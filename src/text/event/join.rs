//! The parts of one object, joined into a series and its changed instances.

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, Utc};

use crate::domain::{Error, Event, EventStatus, Kind, Moment, Part, Repetition, Result};
use crate::text::rule::Rule;
use crate::text::when::{When, sane};
use crate::text::zone::Zone;

use super::moments::Moments;
use super::places::Places;
use super::rows::rows;

/// One object.
#[derive(Debug, Default)]
pub(super) struct Whole<'a> {
    /// The series or the single event.
    pub(super) series: Option<Series<'a>>,
    /// Changed instances, by the begin they had.
    pub(super) overrides: Vec<Override<'a>>,
}

/// A series; a single event is one that does not repeat.
#[derive(Debug)]
pub(super) struct Series<'a> {
    pub(super) event: &'a Event,
    pub(super) time: Time,
    pub(super) rules: Vec<Rule>,
    pub(super) dates: Vec<When>,
    pub(super) excluded: Vec<When>,
}

/// A changed instance.
#[derive(Debug)]
pub(super) struct Override<'a> {
    pub(super) id: When,
    pub(super) event: &'a Event,
    pub(super) time: Time,
}

/// When an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) start: When,
    /// After `start`; `None`: it takes no time.
    pub(super) end: Option<When>,
}

impl Time {
    /// The time between begin and end that an event tells.
    pub(super) fn of(event: &Event, start: &Moment, places: &Places) -> Self {
        let start = places.when(start);
        let end = event.end.as_ref().map(|end| places.when(end));
        let end = end.map(|end| end.like_end(&start));
        let end = end.filter(|end| end.is_after(&start));
        let day = match &start {
            When::Date(day) => day.checked_add_days(Days::new(1)).map(When::Date),
            _ => None,
        };
        Self {
            end: end.or(day),
            start,
        }
    }

    /// How long it is.
    pub(super) fn length(&self) -> TimeDelta {
        let Some(end) = &self.end else {
            return TimeDelta::zero();
        };
        match (&self.start, end) {
            (
                When::Utc(at) | When::Zoned { at, .. },
                When::Utc(end) | When::Zoned { at: end, .. },
            ) => *end - *at,
            (start, end) => end.digits() - start.digits(),
        }
    }
}

/// An order of moments of one kind.
pub(super) fn order(when: &When) -> DateTime<Utc> {
    when.instant(&Zone::UTC)
}

/// Parts of one object that are joined.
const MOST: usize = 20_000;

/// Joins the parts of an object.
///
/// # Errors
/// `Invalid` where no part has a begin, or there are more than 20 000.
pub(super) fn join<'a>(parts: &'a [(Part, Event)], places: &Places) -> Result<Whole<'a>> {
    if parts.len() > MOST {
        let message = format!("the event has {} parts: more than {MOST}", parts.len());
        return Err(Error::cloud(Kind::Invalid, message));
    }
    let parts = in_order(parts);
    let master = parts.iter().find(|(part, _)| *part == Part::Master);
    let master = master.filter(|(_, event)| event.start.is_some());
    let mut whole = match master {
        Some((_, event)) => Whole {
            series: series(event, places),
            overrides: Vec::new(),
        },
        None => rows(&parts, places),
    };
    add_overrides(&mut whole, &parts, places);
    if whole.series.is_none() && whole.overrides.is_empty() {
        return Err(Error::cloud(Kind::Invalid, "the event has no begin"));
    }
    Ok(whole)
}

/// The parts in an order that does not depend on the order they came in.
fn in_order(parts: &[(Part, Event)]) -> Vec<&(Part, Event)> {
    let begin = |part: &Part| match part {
        Part::Master => (0, None),
        Part::Override(id) => (1, Some(id.earliest())),
        Part::Occurrence(begin) => (2, Some(begin.earliest())),
    };
    let mut parts: Vec<_> = parts.iter().collect();
    parts.sort_by(|a, b| {
        let by_begin = begin(&a.0).cmp(&begin(&b.0));
        by_begin.then_with(|| format!("{a:?}").cmp(&format!("{b:?}")))
    });
    parts
}

/// A master with its repetition.
pub(super) fn series<'a>(event: &'a Event, places: &Places) -> Option<Series<'a>> {
    let time = Time::of(event, event.start.as_ref()?, places);
    let Repetition {
        rules,
        dates,
        excluded,
    } = &event.repetition;
    let rules = rules
        .iter()
        .filter_map(|rule| Rule::parse(rule)?.fit(&time.start));
    let like_start = |moments: &[Moment]| {
        let moments = moments.iter().map(|one| places.when(one).like(&time.start));
        moments.collect()
    };
    Some(Series {
        event,
        rules: rules.collect(),
        dates: sorted(like_start(dates), Some(&time.start)),
        excluded: sorted(like_start(excluded), None),
        time,
    })
}

/// Sorted, each once, without `but`.
pub(super) fn sorted(mut moments: Vec<When>, but: Option<&When>) -> Vec<When> {
    moments.sort_by_key(order);
    moments.dedup();
    moments.retain(|moment| Some(moment) != but);
    moments
}

/// Whether it does not take place.
pub(super) fn is_cancelled(event: &Event) -> bool {
    event.status == Some(EventStatus::Cancelled)
}

/// Adds the changed instances; cancelled ones are taken out of the series, where there is one.
fn add_overrides<'a>(whole: &mut Whole<'a>, parts: &[&'a (Part, Event)], places: &Places) {
    let mut known = Moments::of(whole.overrides.iter().map(|one| &one.id));
    for (part, event) in parts {
        let Part::Override(id) = part else {
            continue;
        };
        let mut time = Time::of(event, event.start.as_ref().unwrap_or(id), places);
        let mut id = places.when(id);
        if let Some(series) = &mut whole.series {
            id = id.like(&series.time.start);
            if is_cancelled(event) {
                series.excluded.push(id);
                continue;
            }
            if event.start.is_none() && event.end.is_none() {
                time = series.time.moved(&id);
            }
        }
        if known.add(&id) {
            whole.overrides.push(Override { id, event, time });
        }
    }
    whole.overrides.sort_by_key(|one| order(&one.id));
    if let Some(series) = &mut whole.series {
        series.settle(&whole.overrides);
    }
}

impl Time {
    /// The first instant after it, wherever.
    pub(super) fn latest_end(&self) -> DateTime<Utc> {
        let start = self.start.latest() + TimeDelta::seconds(1);
        self.end
            .as_ref()
            .map_or(start, |end| end.latest().max(start))
    }

    /// The same length from another begin.
    pub(super) fn moved(&self, start: &When) -> Self {
        let later = |from: NaiveDateTime| from.checked_add_signed(self.length()).map(sane);
        let end = self.end.as_ref().and_then(|_| match start {
            When::Utc(at) | When::Zoned { at, .. } => {
                Some(When::Utc(later(at.naive_utc())?.and_utc()).like(start))
            }
            When::Date(_) | When::Local(_) => Some(start.at_digits(later(start.digits())?)),
        });
        Self {
            start: start.clone(),
            end,
        }
    }
}

impl Series<'_> {
    /// Whether it has more than one instance.
    pub(super) fn repeats(&self) -> bool {
        !self.rules.is_empty() || !self.dates.is_empty()
    }

    /// Changed instances belong to the series: without a rule by their begin; none is excluded.
    fn settle(&mut self, overrides: &[Override<'_>]) {
        let ids = || overrides.iter().map(|one| &one.id);
        let changed = Moments::of(ids());
        if self.rules.is_empty() {
            self.dates.extend(ids().cloned());
            self.dates = sorted(std::mem::take(&mut self.dates), Some(&self.time.start));
        }
        self.excluded.retain(|moment| !changed.has(moment));
        self.excluded = sorted(std::mem::take(&mut self.excluded), None);
        if !self.repeats() {
            self.excluded.clear();
        }
    }
}
