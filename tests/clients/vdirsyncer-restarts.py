#!/usr/bin/env python3
"""New tokens, restarts, kill -9, a restored backup and a clock that jumps, seen by a vdirsyncer that has
everything: nothing local is deleted, changed or duplicated."""

import sys
import threading

sys.dont_write_bytecode = True
from kit import Suite, until  # noqa: E402
from kit.case import Case  # noqa: E402
from kit.operated import ALL, NEAR  # noqa: E402
from kit.pim import around  # noqa: E402

OWN, TEAM = 1379001, 1379002
WINDOW = "GET /1/calendar/pim/event"


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
    with case.cloud.faults({"fault": {"kind": "status", "status": 503}}):
        case.equal("the backup is restored", 0, case.bridge.run("restore", file).returncode)
        done = case.quiet("restored while the cloud is down")
        case.check("vdirsyncer is told that the cloud is down", done.returncode != 0 and "503" in done.text, done.text[-500:])
        for kind in ("calendars", "addressbooks"):
            listed = case.bridge.dav.ask("PROPFIND", f"/dav/{kind}/{case.bridge.user}/", {"Depth": "1"})
            case.equal(f"the list of {kind} is not told from the backup", 503, listed.status)
    case.bridge.later(NEAR)
    until("all is looked at again", lambda: case.sync.sync().returncode == 0, 60, 0.2)
    # what is newer than the backup is seen for the first time once more
    now = case.sync.hashes()
    other = {path for path in now if now[path] != case.before.get(path)}
    case.equal("looked at again: nothing is gone or new", case.before.keys(), now.keys())
    case.check("looked at again: only what is newer than the backup changed", len(other) <= 4, other)
    case.before = now
    case.healed()


def clock(suite):
    days = 24 * 3600
    often = '[freshness]\nevents_near = "1s"\nevents_full = "1s"\ncontacts = "1s"\nshelves = "1s"'
    case = Case(suite, "the clock jumps", often, wall=True)
    for what, shift in (("ahead", 3 * days), ("back", -6 * days), ("to the right time", 3 * days)):
        case.bridge.later(shift)
        calls = case.cloud.counters()[WINDOW]
        until(f"{what}: looks", lambda: case.quiet(what) and case.cloud.counters()[WINDOW] > calls + 40, 30, 0.3)
        case.quiet(f"{what}, looked at")
    case.bridge.later(-2 * days)
    case.equal("it ends", 0, case.bridge.end())
    case.bridge = restarted(case)
    case.quiet("set back before a restart")
    case.bridge.finish()
    case.process.end()


def main():
    with Suite("vdirsyncer-restarts") as suite:
        chosen = sys.argv[1:]
        for case in (renewed, revoked, restarts, restored, clock):
            if not chosen or case.__name__ in chosen:
                case(suite)


if __name__ == "__main__":
    main()
