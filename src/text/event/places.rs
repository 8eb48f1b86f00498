//! The zones of one object: how their moments are told and what defines them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, NaiveTime, Offset, Utc};

use crate::domain::Moment;
use crate::text::Component;
use crate::text::when::{Place, When, sane};
use crate::text::zone::{Zone, fixed, iana, instant, is_utc, resolve};

/// Longest name of a zone that is kept.
const LONGEST: usize = 60;

/// The places of an object, found out from all its moments before any is written.
#[derive(Debug)]
pub(super) struct Places {
    /// By the source's name and the offset in seconds.
    places: BTreeMap<(String, i32), Option<Place>>,
}

impl Places {
    /// The places that these moments need.
    pub(super) fn of<'a>(moments: impl Iterator<Item = &'a Moment>) -> Self {
        let mut unknown: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for moment in moments {
            let Moment::Zoned { at, zone } = moment else {
                continue;
            };
            let offset = at.offset().fix().local_minus_utc();
            let place = resolve(zone).map(|zone| Place {
                tzid: zone.name().to_owned(),
                zone: Zone::Iana(zone),
            });
            if place.is_none() {
                unknown.entry(safe(zone)).or_default().insert(offset);
            }
            places.insert((zone.clone(), offset), place);
        }
        let mut places = Self { places };
        places.name_unknown(&unknown);
        places
    }

    /// A name that nobody knows means its offset; with several offsets, one zone each.
    fn name_unknown(&mut self, unknown: &BTreeMap<String, BTreeSet<i32>>) {
        for ((name, offset), place) in &mut self.places {
            if place.is_some() {
                continue;
            }
            let name = safe(name);
            let alone = unknown.get(&name).is_none_or(|offsets| offsets.len() == 1);
            let tzid = match alone && !name.is_empty() && resolve(&name).is_none() {
                true => name,
                false => format!("{name}{}{:04}", sign(*offset), minutes(*offset)),
            };
            *place = chrono::FixedOffset::east_opt(*offset).map(|offset| Place {
                zone: Zone::Fixed(offset),
                tzid,
            });
        }
    }

    /// A moment as it is written here. Years that readers cannot tell become the nearest they can.
    pub(super) fn when(&self, moment: &Moment) -> When {
        match moment {
            Moment::Date(day) => When::Date(sane(day.and_time(NaiveTime::MIN)).date()),
            Moment::Floating(local) => When::Local(sane(*local)),
            Moment::Utc(at) => When::Utc(sane(at.naive_utc()).and_utc()),
            Moment::Zoned { at, zone } => {
                let offset = at.offset().fix().local_minus_utc();
                let at = sane(at.naive_utc()).and_utc();
                let place = self.places.get(&(zone.clone(), offset)).cloned().flatten();
                match place {
                    Some(place) if !is_utc(&place.zone) => When::Zoned { at, place },
                    _ => When::Utc(at),
                }
            }
            Moment::Local { at, zone } => local(sane(*at), zone),
        }
    }

    /// The definitions of all zones that these moments use, by name.
    pub(super) fn definitions<'a>(moments: impl Iterator<Item = &'a When>) -> Vec<Component> {
        let mut firsts: BTreeMap<&str, (&Zone, DateTime<Utc>)> = BTreeMap::new();
        for moment in moments {
            if let When::Zoned { at, place } = moment {
                let first = firsts.entry(&place.tzid).or_insert((&place.zone, *at));
                first.1 = first.1.min(*at);
            }
        }
        let definition = |(tzid, (zone, first)): (&str, (&Zone, _))| match zone {
            Zone::Iana(zone) => Some(iana(*zone, tzid, first)),
            Zone::Fixed(offset) => Some(fixed(*offset, tzid)),
            // only foreign text defines zones
            Zone::Defined(_) => None,
        };
        firsts.into_iter().filter_map(definition).collect()
    }
}

/// A time on the clock of a zone; on every clock where nobody knows the zone.
fn local(digits: NaiveDateTime, zone: &str) -> When {
    let Some(zone) = resolve(zone) else {
        return When::Local(digits);
    };
    let (tzid, zone) = (zone.name().to_owned(), Zone::Iana(zone));
    let at = instant(&zone, digits);
    match is_utc(&zone) {
        true => When::Utc(at),
        false => When::Zoned {
            at,
            place: Place { zone, tzid },
        },
    }
}

fn sign(offset: i32) -> char {
    if offset < 0 { '-' } else { '+' }
}

/// Hours and minutes of an offset, as four digits.
fn minutes(offset: i32) -> i32 {
    let minutes = offset.abs() / 60;
    minutes / 60 * 100 + minutes % 60
}

/// A name that needs no quotes.
fn safe(name: &str) -> String {
    let sign = |c: char| {
        if c.is_ascii_alphanumeric() || "/_+.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name = name.trim().chars().take(LONGEST).map(sign);
    name.collect::<String>().trim_matches('-').to_owned()
}
