//! From rule to text.

use std::fmt;

use chrono::Weekday;

use super::{End, Frequency, Rule, Until};

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency)?;
        match self.end {
            End::Never => {}
            End::Count(count) => write!(f, ";COUNT={count}")?,
            End::Until(until) => write!(f, ";UNTIL={until}")?,
        }
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, "BYSECOND", &self.seconds)?;
        list(f, "BYMINUTE", &self.minutes)?;
        list(f, "BYHOUR", &self.hours)?;
        let days: Vec<_> = self.days.iter().map(day).collect();
        list(f, "BYDAY", &days)?;
        list(f, "BYMONTHDAY", &self.month_days)?;
        list(f, "BYYEARDAY", &self.year_days)?;
        list(f, "BYWEEKNO", &self.weeks)?;
        list(f, "BYMONTH", &self.months)?;
        list(f, "BYSETPOS", &self.positions)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", name(self.week_start))?;
        }
        Ok(())
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, list: &[T]) -> fmt::Result {
    for (index, one) in list.iter().enumerate() {
        match index {
            0 => write!(f, ";{name}={one}")?,
            _ => write!(f, ",{one}")?,
        }
    }
    Ok(())
}

fn day((nth, weekday): &(i32, Weekday)) -> String {
    match nth {
        0 => name(*weekday).to_owned(),
        nth => format!("{nth}{}", name(*weekday)),
    }
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secondly => "SECONDLY",
            Self::Minutely => "MINUTELY",
            Self::Hourly => "HOURLY",
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        })
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(day) => write!(f, "{}", day.format("%Y%m%d")),
            Self::Local(local) => write!(f, "{}", local.format("%Y%m%dT%H%M%S")),
            Self::Utc(utc) => write!(f, "{}", utc.format("%Y%m%dT%H%M%SZ")),
        }
    }
}
