use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::text::when::{Place, When};
use crate::text::zone::{Zone, instant};

fn written(text: &str) -> Option<String> {
    Rule::parse(text).map(|rule| rule.to_string())
}

#[test]
fn rules_are_written_in_one_order() {
    for (text, wanted) in [
        ("FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=WE"),
        (
            "RRULE:interval=2;byday=fr, mo,MO;freq=weekly;WKST=SU;X-A=1",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31,-1,99;COUNT=3;UNTIL=20260101",
            "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1,31",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR,MO;BYSETPOS=1",
            "FREQ=MONTHLY;BYDAY=-1FR,MO;BYSETPOS=1",
        ),
        ("FREQ=DAILY;UNTIL=2026-12-31", "FREQ=DAILY;UNTIL=20261231"),
        (
            "FREQ=DAILY;UNTIL=20261231t235959z",
            "FREQ=DAILY;UNTIL=20261231T235959Z",
        ),
        (
            "FREQ=DAILY;UNTIL=2026-12-31T23:59:59",
            "FREQ=DAILY;UNTIL=20261231T235959",
        ),
        ("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY"),
        (
            "FREQ=DAILY;INTERVAL=99999999999",
            "FREQ=DAILY;INTERVAL=9999",
        ),
        (
            "FREQ=YEARLY;COUNT=4294967295",
            "FREQ=YEARLY;COUNT=2147483647",
        ),
        (
            "FREQ=YEARLY;COUNT=99999999999999999999",
            "FREQ=YEARLY;COUNT=2147483647",
        ),
    ] {
        assert_eq!(written(text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn parts_that_are_not_allowed_together_are_left_out() {
    for (text, wanted) in [
        ("FREQ=WEEKLY;BYDAY=2MO;BYMONTHDAY=3", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYYEARDAY=3;BYWEEKNO=4", "FREQ=MONTHLY"),
        (
            "FREQ=YEARLY;BYWEEKNO=4;BYDAY=2MO",
            "FREQ=YEARLY;BYDAY=MO;BYWEEKNO=4",
        ),
        ("FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY"),
    ] {
        assert_eq!(written(text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn rules_that_say_nothing_sure_are_none() {
    for text in [
        "",
        "BYDAY=MO",
        "FREQ=NEVER",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=WEEKLY;BYDAY=XX",
        "RSCALE=HEBREW;FREQ=YEARLY",
    ] {
        assert_eq!(written(text), None, "{text}");
    }
    assert_eq!(
        written(&format!("FREQ=DAILY;X={}", "x".repeat(10_000))),
        None
    );
}

#[test]
fn ends_take_the_form_of_the_begin() {
    let day = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    let local = day.and_hms_opt(9, 0, 0).unwrap();
    let zone = Zone::Iana(chrono_tz::Europe::Paris);
    let zoned = When::Zoned {
        at: instant(&zone, local),
        place: Place {
            zone,
            tzid: "Europe/Paris".to_owned(),
        },
    };
    let starts = [
        When::Date(day),
        When::Local(local),
        When::Utc(local.and_utc()),
        zoned,
    ];
    for (until, wanted) in [
        (
            "20260710",
            [
                "20260710",
                "20260710T235959",
                "20260710T235959Z",
                "20260710T215959Z",
            ],
        ),
        (
            "20260710T090000",
            [
                "20260710",
                "20260710T090000",
                "20260710T090000Z",
                "20260710T070000Z",
            ],
        ),
        (
            "20260710T090000Z",
            [
                "20260710",
                "20260710T090000",
                "20260710T090000Z",
                "20260710T090000Z",
            ],
        ),
    ] {
        for (start, wanted) in starts.iter().zip(wanted) {
            let rule = Rule::parse(&format!("FREQ=DAILY;UNTIL={until};BYHOUR=9")).unwrap();
            let fitted = rule.fit(start).unwrap().to_string();
            let hour = if start.is_date() { "" } else { ";BYHOUR=9" };
            assert_eq!(
                fitted,
                format!("FREQ=DAILY;UNTIL={wanted}{hour}"),
                "{start:?}"
            );
        }
    }
    for start in &starts {
        let rule = Rule::parse("FREQ=DAILY;UNTIL=20260630").unwrap();
        assert_eq!(rule.fit(start), None, "over before it begins");
    }
    let hourly = Rule::parse("FREQ=HOURLY").unwrap();
    assert_eq!(hourly.fit(&starts[0]), None);
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(text in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;BY(DAY|MONTH|MONTHDAY|HOUR|SETPOS|YEARDAY|WEEKNO)=[-0-9,MOTUFR]{1,8}){0,3}(;(COUNT|INTERVAL)=[0-9]{1,3})?") {
        if let Some(rule) = Rule::parse(&text) {
            prop_assert_eq!(Rule::parse(&rule.to_string()), Some(rule));
        }
    }

    #[test]
    fn nothing_upsets_it(text in any::<String>()) {
        Rule::parse(&text);
        Rule::parse(&format!("FREQ=DAILY;{text}"));
        Rule::parse(&format!("FREQ=DAILY;BYDAY={text}"));
    }
}
