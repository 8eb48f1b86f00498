//! Sample events: one fifth recurring, some of whole days, some in other zones.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use serde_json::{Value, json};

use super::words::{PLACES, RULES, TOPICS, ZONES};
use super::{BENS_SECOND, OWN, TEAM};
use crate::infomaniak::pim::event::{Fields, Override, Sim};
use crate::infomaniak::pim::store::Pim;
use crate::infomaniak::pim::zone::Zone;
use crate::infomaniak::sample::dice::Dice;
use crate::infomaniak::state::START;
use crate::options::Options;

/// Events lie from so many days before the anchor …
const BACK: u64 = 360;
/// … to so many after.
const AHEAD: u64 = 720;

/// `options.events` for Anna, every fourth in the shared calendar, and three of Ben's.
pub(super) fn add(pim: &mut Pim, options: &Options, today: NaiveDate) {
    let mut dice = Dice::new(options.seed ^ 0x6576_656e_7473);
    for index in 0..u64::from(options.events) {
        let calendar = if index % 4 == 3 { TEAM } else { OWN };
        one(pim, calendar, index, today, &mut dice);
    }
    for index in 0..3 {
        one(pim, BENS_SECOND, index, today, &mut dice);
    }
}

fn one(pim: &mut Pim, calendar: u64, index: u64, today: NaiveDate, dice: &mut Dice) {
    // a number that shares no divisor with five spreads rules over both calendars
    let recurring = index.is_multiple_of(5);
    let all_day = index % 7 == 3 || index % 35 == 15;
    let first = today - Days::new(BACK);
    let range = if recurring { BACK } else { BACK + AHEAD };
    let day = first + Days::new(dice.roll(range));
    let time = 7 * 4 + u32::try_from(dice.roll(12 * 4)).unwrap_or(0);
    let wall = day
        .and_hms_opt(time / 4, time % 4 * 15, 0)
        .unwrap_or_default();
    let zone = if dice.roll(4) == 0 {
        dice.pick(ZONES)
    } else {
        "Europe/Zurich"
    };
    let mut json = fields(index, dice);
    json["rrule"] = if recurring {
        json!(rule(day, dice))
    } else {
        json!("")
    };
    let length = TimeDelta::minutes(15 * i64::try_from(1 + dice.roll(12)).unwrap_or(1));
    times(&mut json, wall, length, all_day, zone, dice);
    let sim = if recurring {
        sim(&json, dice)
    } else {
        Sim::default()
    };
    if let Value::Object(json) = json {
        pim.put_event(calendar, json, sim, START);
    }
}

/// What has nothing to do with time.
fn fields(index: u64, dice: &mut Dice) -> Value {
    let title = format!("{} {}", dice.pick(TOPICS), index + 1);
    let description = match dice.roll(4) {
        0 => json!("<p>Agenda</p><ul><li>Welcome</li><li>Figures &amp; plans</li></ul>"),
        1 => json!("Bring the papers, please."),
        _ => Value::Null,
    };
    let place = if dice.roll(2) == 0 {
        json!(dice.pick(PLACES))
    } else {
        Value::Null
    };
    let attendees = match dice.roll(5) {
        0 => json!([
            { "address": "b@example.org", "name": "B", "organizer": false, "state": "NEEDS-ACTION" },
            { "address": "a.muster@example.ch", "name": "Anna Muster", "organizer": true, "state": "ACCEPTED" },
        ]),
        _ => json!([]),
    };
    let alarms = match dice.roll(3) {
        0 => json!([{ "minutesBefore": dice.pick(&[0, 10, 60, 1440]), "action": "DISPLAY" }]),
        _ => json!([]),
    };
    json!({
        "type": "event", "title": title, "description": description, "location": place,
        "freebusy": if dice.roll(6) == 0 { "free" } else { "busy" },
        "private": dice.roll(10) == 0,
        "status": dice.pick(&["CONFIRMED", "CONFIRMED", "CONFIRMED", "TENTATIVE"]),
        "color": null, "attendees": attendees, "alarms": alarms, "attachments": [],
        "meet_room_url": "", "bookable_resource_id": null,
    })
}

fn times(
    json: &mut Value,
    wall: NaiveDateTime,
    length: TimeDelta,
    all_day: bool,
    zone: &str,
    dice: &mut Dice,
) {
    json["fullday"] = json!(all_day);
    let zone = if all_day { "Europe/Zurich" } else { zone };
    json["timezone_start"] = json!(zone);
    json["timezone_end"] = json!(zone);
    let day = wall.date();
    let known = Zone::named(zone).unwrap_or(Zone::utc());
    let start = known.instant(wall);
    let told = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&known.offset(at)).to_rfc3339();
    let (start, end) = if all_day {
        let end = day + Days::new(1 + dice.roll(3));
        (day.to_string(), end.to_string())
    } else {
        (told(start), told(start + length))
    };
    json["start"] = json!(start);
    json["end"] = json!(end);
}

/// A rule whose first instance is the event itself.
fn rule(day: NaiveDate, dice: &mut Dice) -> String {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let week = names[usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)];
    let rule = dice.pick(RULES).replace("{day}", week);
    let rule = rule.replace("{date}", &day.day().to_string());
    rule.replace("{nth}", &(day.day0() / 7 + 1).to_string())
}

/// Now and then an instance that is cancelled and one that is called otherwise.
fn sim(json: &Value, dice: &mut Dice) -> Sim {
    let weekly = json["rrule"]
        .as_str()
        .is_some_and(|rule| rule.starts_with("FREQ=WEEKLY;BYDAY"));
    let start = json["start"].as_str().and_then(|text| text.get(..10));
    let start = start.and_then(|text| text.parse::<NaiveDate>().ok());
    let (true, Some(start), 0) = (weekly, start, dice.roll(2)) else {
        return Sim::default();
    };
    let mut fields = Fields::new();
    fields.insert("title".to_owned(), json!("Exceptionally elsewhere"));
    Sim {
        uid: None,
        exdates: vec![(start + Days::new(7)).to_string()],
        overrides: vec![Override {
            instance: (start + Days::new(14)).to_string(),
            fields,
        }],
    }
}
