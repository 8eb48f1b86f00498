#!/usr/bin/env python3
"""Trouble in the cloud and with the bridge, seen by a vdirsyncer that has everything: nothing local is
deleted, changed or duplicated, and after the trouble everything is as it was."""

import re
import sys
import threading
from collections import Counter

sys.dont_write_bytecode = True
from kit import Suite, until  # noqa: E402
from kit.operated import ALL, LISTS, MANY, NEAR, Operated, simulation  # noqa: E402
from kit.pim import around  # noqa: E402
from kit.vdirsyncer import Vdirsyncer  # noqa: E402

OWN, TEAM = 1379001, 1379002
WINDOW, EXPORT = "GET /1/calendar/pim/event", "GET /1/calendar/pim/event/{event}/export"
FAILED = {"kind": "status", "status": 500}
# the product waits longer; what it does afterwards is the same
IMPATIENT = '[freshness]\npatience = "1s"\npatience_cold = "2s"'
UID = re.compile(r"^UID:(.*)$", re.M)


class Case:
    """A cloud, a bridge and a vdirsyncer of their own."""

    def __init__(self, suite, name, settings="", full=True):
        suite.section(name)
        self.suite, self.name = suite, name
        folder = f"{len(suite.cleanups)}-"
        self.process = simulation(suite, "--files", "2", "--events", "60", "--contacts", "20")
        self.bridge = Operated(suite, self.process, settings)
        self.cloud, self.pim = self.bridge.sky, self.bridge.pim
        self.sync = Vdirsyncer(suite, self.bridge, self.bridge.url + "/dav/", folder + "sync")
        self.check("collections are found", self.sync.discover().returncode == 0)
        if full:
            self.good("everything")
            self.before = self.sync.hashes()
            self.check("something is there", len(self.before) > 60, len(self.before))

    def check(self, what, good, detail=""):
        return self.suite.check(f"{self.name}: {what}", good, detail)

    def equal(self, what, want, got):
        return self.suite.equal(f"{self.name}: {what}", want, got)

    def good(self, what):
        """A sync that must succeed."""
        done = self.sync.sync()
        self.check(f"{what}: vdirsyncer is content", done.returncode == 0, done.text[-900:] + self.bridge.text()[-900:])
        return done

    def same(self, what):
        """Nothing local is gone, new or other than before."""
        now = self.sync.hashes()
        gone, new = sorted(self.before.keys() - now.keys()), sorted(now.keys() - self.before.keys())
        other = sorted(path for path in now.keys() & self.before.keys() if now[path] != self.before[path])
        self.suite.none(f"{self.name}: {what}: nothing is gone, new or changed",
                        [f"gone {one}" for one in gone] + [f"new {one}" for one in new] + [f"changed {one}" for one in other])
        self.alone(what)

    def alone(self, what):
        """No object is there twice in a collection."""
        uids = [(path.split("/")[:2], uid) for path, text in self.sync.files().items() for uid in set(UID.findall(text))]
        self.equal(f"{what}: each UID once", len(uids), len(set(map(str, uids))))

    def quiet(self, what):
        """A sync that may fail, after which everything is as before."""
        done = self.sync.sync()
        self.same(what)
        return done

    def looked(self, what, seconds=ALL):
        """Time passes, and whatever look is due then comes to its end."""
        self.bridge.later(seconds)
        calls = self.cloud.counters()
        done = self.quiet(f"{what}, while it is looked")
        until(f"{what}: a look", lambda: self.cloud.counters() != calls)
        self.settled()
        self.quiet(what)
        return done

    def settled(self):
        """Waits until the bridge asks the cloud nothing any more."""
        seen = [None] * 4

        def still():
            seen.append(self.cloud.counters())
            return len({str(sorted(one.items())) if one is not None else None for one in seen[-4:]}) == 1
        until("the bridge is quiet", still, 30, 0.1)

    def healed(self):
        """The trouble is over: everything is as it was."""
        self.bridge.later(ALL)
        self.sync.sync()
        self.settled()
        done = self.good("afterwards")
        self.equal("afterwards nothing moves", [], done.moves)
        self.same("afterwards")
        self.bridge.finish()
        self.process.end()


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


def revoked(suite):
    case = Case(suite, "token revoked")
    case.cloud.control("token", {"token": "sim-anna-all", "scopes": None})
    case.bridge.later(NEAR)
    case.sync.sync()
    done = case.quiet("revoked")
    case.check("vdirsyncer is told", done.returncode != 0 and "503" in done.text, done.text[-500:])
    case.equal("lists still answer", {"Anna Muster", "Team"}, set(case.bridge.collections("calendars")))
    case.bridge.later(ALL)
    case.quiet("revoked for hours")
    # another user's account beside it
    case.equal("another account is connected", 0, case.bridge.connect("sim-ben-all").returncode)
    case.check("discovery with two accounts", case.sync.discover().returncode == 0)
    case.sync.sync()
    now = case.sync.hashes()
    case.equal("of the first account nothing moved", case.before, {path: now.get(path) for path in case.before})
    new = {path.split("/")[1] for path in now.keys() - case.before.keys()}
    case.check("the other account's collections have other addresses",
               not new & {path.split("/")[1] for path in case.before}, new)
    listed = case.bridge.collections("calendars")
    case.check("the other account's calendars are listed beside", len(listed) > 2, listed)
    # the same account with a new token
    case.equal("a new token", 0, case.bridge.connect("sim-anna-second").returncode)
    done = case.good("with a new token")
    now = case.sync.hashes()
    case.equal("with a new token the first account's folders are as before", case.before,
               {path: now.get(path) for path in case.before})
    case.before = now
    case.healed()


def renewed(suite):
    case = Case(suite, "a new token of the same account")
    case.cloud.control("token", {"token": "sim-anna-all", "scopes": None})
    case.bridge.later(NEAR)
    case.quiet("revoked")
    case.equal("connected", 0, case.bridge.connect("sim-anna-second").returncode)
    done = case.good("at once")
    case.equal("it transfers nothing", [], done.moves)
    case.same("at once")
    case.healed()


def restarts(suite):
    case = Case(suite, "restart")
    case.equal("it ends", 0, case.bridge.end())
    case.bridge = restarted(case)
    done = case.good("restarted")
    case.equal("nothing moves", [], done.moves)
    case.same("restarted")
    case.healed()
    case = Case(suite, "kill -9 in mid-refresh")
    change = next(one["id"] for one in case.pim.instances(OWN, around(2), around(60)))
    case.pim.edit({"do": "change_event", "id": change, "fields": {"location": "Changed in mid-refresh"}})
    with case.cloud.faults({"route": WINDOW, "fault": {"kind": "latency", "ms": 300}}):
        case.bridge.later(ALL)
        before = case.cloud.counters()[WINDOW]
        asking = threading.Thread(target=case.sync.sync)
        asking.start()
        until("some windows", lambda: case.cloud.counters()[WINDOW] >= before + 4)
        case.bridge.kill()
        asking.join()
    # the change may have arrived before the end came
    now = case.sync.hashes()
    case.equal("nothing is gone or new", case.before.keys(), now.keys())
    case.bridge = restarted(case)
    case.bridge.later(NEAR)
    case.sync.sync()
    case.settled()
    case.bridge.later(NEAR)
    case.good("on the same data")
    now = case.sync.hashes()
    changed = [path for path in now if now[path] != case.before.get(path)]
    case.equal("one changed, none gone", (1, case.before.keys()), (len(changed), now.keys()))
    case.before = now
    case.healed()


def restarted(case):
    """The bridge on the same data, and vdirsyncer told its new port."""
    bridge = case.bridge.again()
    case.sync.point(bridge, bridge.url + "/dav/")
    case.check("collections are found again", case.sync.discover().returncode == 0)
    return bridge


def restored(suite):
    case = Case(suite, "backup and restore")
    file = suite.folder / "copy"
    case.equal("a backup", 0, case.bridge.run("backup", file).returncode)
    near = next(one["id"] for one in case.pim.instances(OWN, around(2), around(60)))
    day = {"fullday": True}
    case.pim.edit(
        {"do": "change_event", "id": near, "fields": {"location": "Changed after the backup"}},
        {"do": "event", "calendar": OWN, "event": {"title": "Near", "start": str(around(4)), "end": str(around(5)), **day}},
        {"do": "event", "calendar": TEAM, "event": {"title": "Far", "start": str(around(400)), "end": str(around(401)), **day}},
        {"do": "contact", "book": 5501, "contact": {"name": "Late Comer", "emails": ["late@example.org"], "other": False}},
    )
    case.bridge.later(ALL)
    case.sync.sync()
    case.settled()
    case.good("after the changes")
    case.before = case.sync.hashes()
    text = "".join(case.sync.files().values())
    case.check("the changes are there", all(word in text for word in ("SUMMARY:Near", "SUMMARY:Far", "Late Comer")))
    case.equal("the backup is restored", 0, case.bridge.run("restore", file).returncode)
    case.quiet("restored")
    until("all is looked at again", lambda: case.sync.sync().returncode == 0, 60, 0.2)
    # what is newer than the backup is seen for the first time once more
    now = case.sync.hashes()
    other = {path for path in now if now[path] != case.before.get(path)}
    case.equal("looked at again: nothing is gone or new", case.before.keys(), now.keys())
    case.check("looked at again: only what is newer than the backup changed", len(other) <= 4, other)
    case.before = now
    case.healed()


def main():
    with Suite("vdirsyncer-faults") as suite:
        chosen = sys.argv[1:]
        for case in (first_look, windows, emptied, unlisted, forbidden, exports, outage, renewed, revoked, restarts,
                     restored):
            if not chosen or case.__name__ in chosen:
                case(suite)


if __name__ == "__main__":
    main()
