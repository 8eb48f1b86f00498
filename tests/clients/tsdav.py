#!/usr/bin/env python3
"""npm's `tsdav`, the library of web calendars: discovery, listings, time ranges, ctag, sync, address books."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from kit import Calls, Suite, note_calls  # noqa: E402
from kit.operated import NEAR, Operated, simulation  # noqa: E402
from kit.pim import around  # noqa: E402

OWN, BOOK = 1379001, 5501
SCRIPT = Path(__file__).with_suffix(".mjs")


class Tsdav:
    """The library in a node process, one call a line."""

    def __init__(self, suite, bridge, kind, url, password=None):
        module = Path(os.environ["NODE_PATH"], "tsdav", "dist", "tsdav.mjs")
        command = ["node", SCRIPT, module, url, bridge.user, password or bridge.password, kind]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        suite.cleanups.append(self.close)

    def __call__(self, *command):
        """The answer: a dictionary with `value` or `error`."""
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("node ended")
        return json.loads(line)

    def good(self, *command):
        """The value of a call that must succeed."""
        told = self(*command)
        if "value" not in told:
            raise RuntimeError(f"{command[0]}: {told['error']}")
        return told["value"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def discovery(suite, bridge):
    suite.section("discovery")
    for start in ("/dav/", "/"):
        for kind, home in (("caldav", "calendars"), ("carddav", "addressbooks")):
            told = Tsdav(suite, bridge, kind, bridge.url + start)("login").get("value") or {}
            suite.equal(f"{kind} from {start}: the home", f"{bridge.url}/dav/{home}/{bridge.user}/", told.get("homeUrl"))
            suite.equal(f"{kind} from {start}: the principal", f"{bridge.url}/dav/principals/{bridge.user}/",
                        told.get("principalUrl"))
    refused = Tsdav(suite, bridge, "caldav", bridge.url + "/dav/", "wrong")("login")
    suite.check("a wrong password is an error", "error" in refused, refused)


def calendars(suite, bridge):
    suite.section("calendars")
    client = Tsdav(suite, bridge, "caldav", bridge.url + "/dav/")
    client.good("login")
    listed = client.good("calendars")
    suite.equal("names", set(bridge.pim.calendars().values()), {one["displayName"] for one in listed})
    suite.equal("components", [["VEVENT"]] * len(listed), [one["components"] for one in listed])
    url = next(one["url"] for one in listed if one["displayName"] == "Anna Muster")
    events = client.good("events", url)
    ids = {one["id"] for one in bridge.pim.instances(OWN)}
    suite.equal("all events", len(ids), len(events))
    suite.check("each with data and etag", all(one["etag"] and "BEGIN:VEVENT" in one["data"] for one in events))
    first, last = around(-10), around(40)
    between = {"timeRange": {"start": f"{first}T00:00:00Z", "end": f"{last}T00:00:00Z"}}
    inside = bridge.pim.instances(OWN, first, last)
    some = client.good("events", url, between)
    suite.equal("in a time range", len({one["id"] for one in inside}), len(some))
    expanded = client.good("events", url, {**between, "expand": True})
    count = sum(one["data"].count("BEGIN:VEVENT") for one in expanded)
    suite.equal("in a time range, expanded", len(inside), count)
    syncing(suite, bridge, client, client.good("calendars"), url)
    told = client("create", url)
    suite.equal("a new event is refused", 403, told.get("value"))


def syncing(suite, bridge, client, listed, url):
    suite.section("ctag and sync")
    suite.check("ctag and token are told", all(one["ctag"] and one["syncToken"] for one in listed), listed)
    suite.equal("unchanged, it is clean", False, client.good("dirty", url)["isDirty"])
    count = len({one["id"] for one in bridge.pim.instances(OWN)})
    told = client.good("sync", url)
    suite.equal("the first sync brings all or nothing new", True, len(told["created"]) in (0, count))
    with Calls(bridge.sky) as calls:
        told = client.good("sync", url)
    note_calls("tsdav", "sync, unchanged", calls, count)
    suite.equal("unchanged: nothing", [[], [], []], [told[name] for name in ("created", "updated", "deleted")])
    suite.equal("unchanged: no call to the cloud", {}, dict(calls.routes))
    bridge.pim.edit({"do": "event", "calendar": OWN, "event": {
        "title": "For tsdav", "start": str(around(2)), "end": str(around(3)), "fullday": True}})
    bridge.later(NEAR)
    suite.equal("changed, it is dirty", True, client.good("dirty", url)["isDirty"])
    told = client.good("sync", url)
    suite.check("the new event comes, alone", len(told["created"]) == 1 and "For tsdav" in told["created"][0]["data"], told)


def books(suite, bridge):
    suite.section("address books")
    client = Tsdav(suite, bridge, "carddav", bridge.url + "/dav/")
    client.good("login")
    listed = client.good("books")
    suite.equal("names", set(bridge.collections("addressbooks")), {one["displayName"] for one in listed})
    contacts = bridge.pim.contacts()
    for one, book in ((next(one for one in listed if one["displayName"] == "Anna"), BOOK),):
        cards = client.good("cards", one["url"])
        suite.equal("all cards", len(contacts[book]), len(cards))
        suite.check("each with data and etag", all(card["etag"] and "BEGIN:VCARD" in card["data"] for card in cards))


def main():
    with Suite("tsdav") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "4", "--events", "120", "--contacts", "40"))
        discovery(suite, bridge)
        calendars(suite, bridge)
        books(suite, bridge)


if __name__ == "__main__":
    main()
