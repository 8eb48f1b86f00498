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
# iCalendar texts cannot have these
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
# cases of the corpus that have no meaning: why the bridge's answer counts
MEANINGLESS = {}


def main():
    with Suite("truth") as suite:
        for mode in MODES:
            suite.section(mode)
            process = simulation(suite, "--files", "2", "--events", "120", "--contacts", "5", "--corpus",
                                 "--anchor", str(TODAY), "--switches", json.dumps({"recurring": mode}))
            now = datetime.combine(TODAY, datetime.min.time(), timezone.utc).timestamp()
            bridge = Operated(suite, process, now=now)
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
    want, cases = {}, {}
    for one in told["instances"]:
        cases[one["id"]] = one["case"] or str(one["id"])
        want.setdefault(one["id"], Counter())[(one["start"], one["end"], clean(one["title"]))] += 1
    got = {number(href): instances(each) for href, (each, _) in read.items()}
    complaints = []
    for event in sorted(want.keys() | {event for event, found in got.items() if found}):
        left, right = inside(want.get(event, Counter())), inside(got.get(event, Counter()))
        if left != right and not excused(mode, cases.get(event)):
            complaints.append(f"{cases.get(event, event)}: missing {brief(left - right)}, too much {brief(right - left)}")
    suite.none(f"{mode}, {name}: {sum(map(Counter.total, want.values()))} instances as the cloud says", complaints)


def excused(mode, case):
    return any(case == known and (modes is None or mode in modes) for known, (modes, _) in MEANINGLESS.items())


def number(href):
    """The event's id, which its name holds."""
    return int(re.search(r"(\d+)\.ics$", href).group(1))


def readable(suite, href, text):
    """The calendar of an object, and complaints."""
    calendar, complaints = Calendar.from_ical(text), []
    for component in calendar.walk():
        complaints += [f"{href}: {error}" for error in component.errors]
    zones = {str(one["TZID"]) for one in calendar.walk("VTIMEZONE")}
    used = {value for name, value in re.findall(r";(TZID)=\"?([^:;\"]+)", text.replace("\r\n ", ""))}
    complaints += [f"{href}: no VTIMEZONE {zone!r}" for zone in used - zones]
    complaints += [f"{href}: VTIMEZONE {zone!r} is not used" for zone in zones - used]
    if len({str(one["UID"]) for one in calendar.walk("VEVENT")}) != 1:
        complaints.append(f"{href}: not one UID")
    return calendar, complaints


def instances(calendar):
    """What takes place by another reader: begin, end and title."""
    found = recurring_ical_events.of(calendar, keep_recurrence_attributes=False).between(FIRST, LAST)
    return Counter((point(one.start), point(one.end), str(one.get("SUMMARY", ""))) for one in found)


def point(value):
    """A begin or end as the cloud tells it."""
    if not isinstance(value, datetime):
        return value.isoformat()
    value = value.replace(tzinfo=HOME) if value.tzinfo is None else value
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def inside(found):
    """Without the ends of the range, where it matters in which zone days begin."""
    low, high = "2026-01-02", "2027-12-30"
    return Counter({one: count for one, count in found.items() if low < one[0] < high})


def clean(title):
    """A title as a text of iCalendar can have it."""
    return CONTROL.sub("", title.replace("\r\n", "\n").replace("\r", "\n")).strip()


def brief(found):
    return sorted(found.elements())[:2] + ([f"and {found.total() - 2} more"] if found.total() > 2 else [])


if __name__ == "__main__":
    main()
