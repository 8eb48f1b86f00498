#!/usr/bin/env python3
"""Independent truth: odd events, fetched through the bridge, read and expanded with Python's `icalendar`
and `recurring-ical-events`, instance by instance what the simulated cloud says takes place, however it
tells recurring events."""

import json
import re
import sys
from collections import Counter
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

sys.dont_write_bytecode = True
import recurring_ical_events  # noqa: E402
from icalendar import Calendar  # noqa: E402
from kit import Suite  # noqa: E402
from kit.objects import objects  # noqa: E402
from kit.operated import Operated, simulation  # noqa: E402

CORPUS = 1379010
# the day around which the bridge's horizon and the sample events lie
TODAY = date(2026, 6, 15)
FIRST, LAST = date(2026, 1, 1), date(2028, 1, 1)
# times without zone are those of the profile; so a client there reads them
HOME = ZoneInfo("Europe/Zurich")
MODES = ("masters", "expanded", "expanded_bare", "expanded_no_rule")
# texts of iCalendar cannot have these
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
# cases of the corpus that have no meaning: in which modes, and why
MEANINGLESS = {
    "no id": (MODES, "what has no id cannot be named or asked for"),
    "id null": (MODES, "the same"),
    "an instance cancelled, still there": (MODES, "told as EXDATE, since many clients show cancelled instances"),
    "whole day as a number": (MODES, "the cloud takes 1 for no truth, the bridge for true"),
    "type todo": (MODES, "a task is no event"),
    "calendar of another": (MODES, "it says that it lies in a calendar that is not there"),
    "an instance moved onto another": (("expanded_no_rule",), "nothing tells two rows of one event and moment apart"),
}
# times of which ends are not compared: the reader adds the length to the clock on the wall, where
# RFC 5545 §3.8.5.3 asks for the same exact length
WALL = {"daily over the spring change in the missing hour", "daily over the autumn change in the double hour",
        "from the first double hour into the second"}


def main():
    with Suite("truth") as suite:
        for mode in MODES:
            suite.section(mode)
            process = simulation(suite, "--files", "2", "--events", "120", "--contacts", "5", "--corpus",
                                 "--anchor", str(TODAY), "--switches", json.dumps({"recurring": mode}))
            today = datetime.combine(TODAY, datetime.min.time(), timezone.utc)
            shift = (today - datetime.now(timezone.utc)).total_seconds()
            bridge = Operated(suite, process, shift=shift, wall=True)
            for calendar, name in bridge.pim.calendars().items():
                compare(suite, bridge, mode, calendar, name)
            bridge.finish()
            process.end()


def compare(suite, bridge, mode, calendar, name):
    """One calendar: every object reads, and its instances are the cloud's."""
    texts = objects(bridge.dav, bridge.collections("calendars")[name])
    read = {href: readable(suite, href, text) for href, text in texts.items()}
    suite.none(f"{mode}, {name}: all objects read without error", [one for each in read.values() for one in each[1]])
    uids = Counter(uid for each, _ in read.values() for uid in {str(one["UID"]) for one in each.walk("VEVENT")})
    suite.none(f"{mode}, {name}: no UID twice", [uid for uid, count in uids.items() if count > 1])
    suite.equal(f"{mode}, {name}: names are unique", len(texts), len({href.lower() for href in texts}))
    told = bridge.pim.told(calendar, FIRST, LAST)
    # too many to count, or without a begin or rule that makes sense: they only have to read
    left = {*told["capped"], *told["unread"], *(number(href) for href, (_, wrong) in read.items() if wrong)}
    want, cases = {}, {}
    for one in told["instances"]:
        if one["case"] in MEANINGLESS and mode in MEANINGLESS[one["case"]][0]:
            # 0 stands for all that have no number
            left |= {one["id"]} - {0}
            continue
        cases[one["id"]] = one["case"] or str(one["id"])
        want.setdefault(one["id"], Counter())[(one["start"], one["end"], clean(one["title"]))] += 1
    got = {number(href): instances(each) for href, (each, _) in read.items() if number(href) not in left}
    complaints = []
    for event in sorted(want.keys() | {event for event, found in got.items() if found}):
        ends = cases.get(event) not in WALL
        cloud, reader = (inside(each.get(event, Counter()), ends) for each in (want, got))
        if cloud != reader:
            lost, more = brief(cloud - reader), brief(reader - cloud)
            complaints.append(f"{cases.get(event, event)}: missing {lost}, too much {more}")
    suite.none(f"{mode}, {name}: {sum(map(Counter.total, want.values()))} instances as the cloud says", complaints)


def number(href):
    """The event's id, which its name holds; 0 where the id is no number."""
    found = re.search(r"(\d+)\.ics$", href)
    return int(found[1]) if found else 0


def readable(suite, href, text):
    """The calendar of an object, and complaints."""
    calendar, complaints = Calendar.from_ical(text), []
    for component in calendar.walk():
        complaints += [f"{href}: {error}" for error in component.errors]
    zones = {str(one["TZID"]) for one in calendar.walk("VTIMEZONE")}
    used = {value for name, value in re.findall(r";(TZID)=\"?([^:;\"]+)", text.replace("\r\n ", ""))}
    complaints += [f"{href}: no VTIMEZONE {zone!r}" for zone in used - zones]
    if len({str(one["UID"]) for one in calendar.walk("VEVENT")}) != 1:
        complaints.append(f"{href}: not one UID")
    return calendar, complaints


def instances(calendar):
    """What takes place by another reader: begin, end and title."""
    found = recurring_ical_events.of(calendar, keep_recurrence_attributes=False).between(FIRST, LAST)
    return Counter((point(one.start), point(one.end), clean(str(one.get("SUMMARY", "")))) for one in found)


def point(value):
    """A begin or end as the cloud tells it."""
    if not isinstance(value, datetime):
        return value.isoformat()
    value = value.replace(tzinfo=HOME) if value.tzinfo is None else value
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def inside(found, ends):
    """Without the ends of the range, where it matters in which zone days begin."""
    low, high, kept = "2026-01-02", "2027-12-30", Counter()
    for (begin, end, title), count in found.items():
        if low < begin < high:
            kept[(begin, end if ends else "", title)] += count
    return kept


def clean(title):
    """A title as a text of iCalendar can have it, on one line."""
    return " ".join(CONTROL.sub("", title).split())


def brief(found):
    return sorted(found.elements())[:2] + ([f"and {found.total() - 2} more"] if found.total() > 2 else [])


if __name__ == "__main__":
    main()
