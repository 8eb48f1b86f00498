#!/usr/bin/env python3
"""Trouble in the cloud, seen by a vdirsyncer that has everything: nothing local is
deleted, changed or duplicated, and after the trouble everything is as it was."""

import re
import sys
from collections import Counter

sys.dont_write_bytecode = True
from kit import Suite, until  # noqa: E402
from kit.case import UID, Case  # noqa: E402
from kit.operated import ALL, LISTS, MANY, NEAR  # noqa: E402
from kit.pim import around  # noqa: E402

OWN, TEAM = 1379001, 1379002
WINDOW, EXPORT = "GET /1/calendar/pim/event", "GET /1/calendar/pim/event/{event}/export"
FAILED = {"kind": "status", "status": 500}
# the product waits longer; what it does afterwards is the same
IMPATIENT = '[freshness]\npatience = "1s"\npatience_cold = "2s"'


def first_look(suite):
    case = Case(suite, "a slow first look", IMPATIENT, full=False)
    with case.cloud.faults({"route": WINDOW, "fault": {"kind": "latency", "ms": 500}}):
        for number in range(2):
            done = case.sync.sync()
            case.check(f"sync {number}: vdirsyncer reports it", done.returncode != 0 and "503" in done.text, done.text[-500:])
            case.equal(f"sync {number}: no part of a calendar", {}, case.sync.files("calendars"))
        case.check("folders still list", len(case.bridge.collections("calendars")) == 2)
        told = case.bridge.run("connections").stdout.decode()
        case.check("progress is told", re.search(r"\d+ of \d+|\d+/\d+", told), told)
    until("the first look", lambda: case.sync.sync().returncode == 0, 30, 0.5)
    case.before = case.sync.hashes()
    ids = {one["id"] for calendar in case.pim.calendars() for one in case.pim.instances(calendar)}
    case.equal("then all is there", len(ids), len(case.sync.files("calendars")))
    case.healed()


def windows(suite):
    case = Case(suite, "window 3 fails at the first look", full=False)
    with case.cloud.faults({"route": WINDOW, "nth": 3, "fault": FAILED}):
        done = case.sync.sync()
        case.check("vdirsyncer reports it", done.returncode != 0, done.text[-500:])
        case.equal("no part of a calendar", {}, case.sync.files("calendars"))
        until("both looks end", lambda: case.bridge.text().count("look failed") >= 2, 60)
    case.bridge.later(NEAR)
    case.good("after it")
    case.before = case.sync.hashes()
    case.healed()
    case = Case(suite, "window 3 fails at a later look")
    for kind, fault in (("500", FAILED), ("empty rows", {"kind": "patch", "pointer": "/data"}), ("cut", {"kind": "cut", "after": 90}),
                        ("429", {"kind": "too_many"})):
        with case.cloud.faults({"route": WINDOW, "nth": 3, "fault": fault}):
            case.looked(kind)
    case.healed()


def emptied(suite):
    case = Case(suite, "a calendar is empty for one look")
    case.pim.edit({"do": "calendar_empty", "calendar": OWN, "empty": True})
    case.looked("empty, near", NEAR)
    case.looked("empty, all")
    case.pim.edit({"do": "calendar_empty", "calendar": OWN, "empty": False})
    case.healed()
    case = Case(suite, "a calendar is emptied for good")
    ids = {one["id"] for one in case.pim.instances(TEAM)}
    case.pim.edit(*({"do": "remove_event", "id": one} for one in sorted(ids)))
    for _ in range(2):
        case.bridge.later(max(ALL, MANY))
        case.sync.sync()
        case.settled()
    case.equal("after a second look the bridge has none", {}, case.bridge.dav.list(case.bridge.collections("calendars")["Team"]))
    done = case.sync.sync()
    case.check("vdirsyncer asks before it empties a folder", "completely emptied" in done.text, done.text[-500:])
    gone = case.before.keys() - case.sync.hashes().keys()
    case.check("nothing else is gone", {path.split("/")[1] for path in gone} <= {"team"}, gone)


def unlisted(suite):
    case = Case(suite, "a calendar is missing from one list")
    case.pim.edit({"do": "calendar_hidden", "calendar": TEAM, "hidden": True},
                  {"do": "book_hidden", "book": 5501, "hidden": True})
    case.bridge.later(LISTS)
    case.check("it is still discovered", case.sync.discover().returncode == 0)
    case.quiet("hidden")
    case.looked("hidden, all")
    case.pim.edit({"do": "calendar_hidden", "calendar": TEAM, "hidden": False},
                  {"do": "book_hidden", "book": 5501, "hidden": False})
    case.bridge.later(LISTS)
    case.check("and again", case.sync.discover().returncode == 0)
    case.healed()
    case = Case(suite, "a calendar is removed for good")
    case.pim.edit({"do": "remove_calendar", "calendar": TEAM})
    for number in range(2):
        case.bridge.later(LISTS)
        case.bridge.collections("calendars")
    case.equal("after a second list it is gone", {"Anna Muster"}, set(case.bridge.collections("calendars")))
    done = case.quiet("removed")
    case.check("vdirsyncer says so and keeps its copy", done.returncode != 0 and "team" in done.text, done.text[-500:])


def forbidden(suite):
    case = Case(suite, "403 to one calendar")
    case.pim.edit({"do": "calendar_forbidden", "calendar": TEAM, "forbidden": True})
    case.looked("near", NEAR)
    case.looked("all")
    made = case.pim.edit({"do": "event", "calendar": OWN, "event": {
        "title": "The other calendar lives", "start": str(around(2)), "end": str(around(3)), "fullday": True}})["ids"]
    case.bridge.later(NEAR)
    case.sync.sync()
    case.check("the other calendar is up to date", "The other calendar lives" in "".join(case.sync.files().values()))
    case.pim.edit({"do": "remove_event", "id": made[0]}, {"do": "calendar_forbidden", "calendar": TEAM, "forbidden": False})
    case.bridge.later(NEAR)
    case.sync.sync()
    case.healed()


def exports(suite):
    case = Case(suite, "exports fail for some")
    told = case.pim.instances(OWN)
    often = Counter(one["id"] for one in told)
    series = {one["uid"]: one["id"] for one in told if often[one["id"]] > 5}
    chosen = dict(list(series.items())[:4])
    ours = [path for path, text in case.sync.files("calendars").items() if set(UID.findall(text)) & chosen.keys()]
    case.equal("the series are there", len(chosen), len(ours))
    with case.cloud.faults({"route": EXPORT, "fault": FAILED}):
        case.pim.edit(*({"do": "change_event", "id": one, "fields": {"location": "Moved"}} for one in chosen.values()))
        for what in ("one look", "another look", "a third"):
            case.looked(f"exports fail, {what}")
    for _ in range(2):
        case.bridge.later(ALL)
        case.sync.sync()
        case.settled()
    case.good("afterwards")
    now = case.sync.hashes()
    changed = sorted(path for path in now if case.before.get(path) != now[path])
    case.equal("afterwards those that changed, and no other", (sorted(ours), case.before.keys()), (changed, now.keys()))
    case.before = now
    case.healed()


def single(case, first, last):
    """An event that takes place once between two days: its id, and where vdirsyncer keeps it."""
    often = Counter(one["id"] for one in case.pim.instances(OWN))
    one = next(one for one in case.pim.instances(OWN, first, last) if often[one["id"]] == 1)
    files = case.sync.files("calendars").items()
    return one["id"], next(path for path, text in files if f"UID:infomaniak-event-{one['id']}" in text.splitlines())


def moved(suite):
    case = Case(suite, "an event is moved outside the horizon")
    one, path = single(case, around(1), around(60))
    for what, day in (("out", around(900)), ("further out", around(1200)), ("back in", around(3))):
        case.pim.edit({"do": "change_event", "id": one, "fields": {"start": str(day), "end": str(day), "fullday": True}})
        for _ in range(2):
            case.bridge.later(ALL)
            case.sync.sync()
            case.settled()
        case.good(what)
        now = case.sync.hashes()
        case.equal(f"{what}: nothing is gone or new", case.before.keys(), now.keys())
        case.equal(f"{what}: nothing else has changed", [], [one for one in now if one != path and now[one] != case.before[one]])
        case.alone(what)
    case.check("back in: it is where it is", f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in case.sync.files()[path], case.sync.files()[path])
    case.before = now
    case.healed()


def slid(suite):
    case = Case(suite, "an event slides out of the horizon", "[horizon]\npast = 40")
    one, path = single(case, around(-30), around(-10))
    text = case.sync.files()[path]
    case.bridge.later(40 * 86400)
    for what in ("slid out", "removed in the cloud", "long after"):
        case.sync.sync()
        case.settled()
        case.bridge.later(ALL)
        case.sync.sync()
        case.settled()
        case.good(what)
        case.equal(f"{what}: it stays as it was", text, case.sync.files().get(path))
        case.equal(f"{what}: nothing is gone", set(), case.before.keys() - case.sync.hashes().keys())
        case.alone(what)
        if what == "slid out":
            case.pim.edit({"do": "remove_event", "id": one})


def outage(suite):
    case = Case(suite, "outage")
    for mode in ({"mode": "drop"}, {"mode": "refuse", "seconds": 5}):
        case.cloud.control("outage", mode)
        for what, seconds in (("after five minutes", NEAR), ("after six hours", ALL)):
            case.bridge.later(seconds)
            done = case.quiet(f"{mode['mode']}, {what}")
            case.equal(f"{mode['mode']}, {what}: the last complete state is served", 0, done.returncode)
        until("the outage ends", lambda: ended(case), 20)
    case.healed()


def ended(case):
    try:
        return case.cloud.control("outage", {"mode": "none"}) is not None
    except OSError:
        return False


def main():
    with Suite("vdirsyncer-faults") as suite:
        chosen = sys.argv[1:]
        for case in (first_look, windows, emptied, unlisted, forbidden, exports, moved, slid, outage):
            if not chosen or case.__name__ in chosen:
                case(suite)


if __name__ == "__main__":
    main()
