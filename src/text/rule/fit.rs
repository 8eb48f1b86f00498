//! A rule and the begin it is counted from.

use chrono::NaiveTime;

use super::{End, Frequency, Rule, Until};
use crate::text::when::When;
use crate::text::zone::{Zone, instant};

/// The last second of a day.
fn day_end() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN)
}

impl Rule {
    /// The rule as it may stand beside this begin: its end in the form that RFC 5545 asks for, no
    /// times of day beside a day. `None` where it cannot, or where no instance is left.
    pub(in crate::text) fn fit(mut self, start: &When) -> Option<Self> {
        if start.is_date() {
            if self.frequency < Frequency::Daily {
                return None;
            }
            self.hours.clear();
            self.minutes.clear();
            self.seconds.clear();
        }
        if let End::Until(until) = self.end {
            let until = until.fit(start);
            if until.before(start) {
                return None;
            }
            self.end = End::Until(until);
        }
        Some(self)
    }
}

impl Until {
    /// In the form of the begin: a day beside a day, local beside local, else UTC. A day beside a
    /// time includes the whole day.
    fn fit(self, start: &When) -> Self {
        let local = match self {
            Self::Date(day) => day.and_time(day_end()),
            Self::Local(local) | Self::Utc(local) => local,
        };
        match (start, self) {
            (When::Date(_), _) => Self::Date(local.date()),
            (When::Local(_), _) => Self::Local(local),
            (When::Zoned { place, .. }, Self::Date(_) | Self::Local(_)) => {
                Self::Utc(instant(&place.zone, local).naive_utc())
            }
            (When::Utc(_) | When::Zoned { .. }, _) => Self::Utc(local),
        }
    }

    /// As a moment of the begin's form.
    pub(in crate::text) fn like(self, start: &When) -> When {
        match self {
            Self::Date(day) => When::Date(day),
            Self::Local(local) => When::Local(local),
            Self::Utc(utc) => When::Utc(utc.and_utc()).like(start),
        }
    }

    fn before(self, start: &When) -> bool {
        match self {
            Self::Date(day) => day < start.digits().date(),
            Self::Local(local) => local < start.digits(),
            Self::Utc(at) => at < start.instant(&Zone::UTC).naive_utc(),
        }
    }
}
