#!/usr/bin/env python3
"""evolution-data-server: discovery, every event and contact, changes, and nothing moved when nothing changed."""

import re
import sys
from collections import Counter

sys.dont_write_bytecode = True
from kit import Suite  # noqa: E402
from kit.evolution import Evolution  # noqa: E402
from kit.operated import CONTACTS, NEAR, Operated, simulation  # noqa: E402
from kit.pim import around, looked_at  # noqa: E402
from kit.relay import Relay  # noqa: E402

OWN, BOOK = 1379001, 5501
STARTS = ("/", "/dav/", "/dav/principals/{user}/", "/dav/calendars/{user}/")


def discovery(suite, bridge, evolution):
    suite.section("discovery")
    wanted = {path: ("calendar", name) for name, path in bridge.collections("calendars").items()}
    books = {path: ("book", name) for name, path in bridge.collections("addressbooks").items()}
    for start in STARTS:
        found = evolution.discover(start.format(user=bridge.user))
        told = {path: (kind, name) for path, (kind, name, _) in found.items()}
        suite.equal(f"sources from {start}", wanted | books, told)
        colors = [color for kind, _, color in found.values() if kind == "calendar"]
        suite.check("calendars have colours", all(re.fullmatch("#[0-9A-Fa-f]{6,8}", color or "") for color in colors), colors)


def field(texts, name):
    """Values of a property in all texts."""
    return [match[1].strip() for text in texts for match in re.finditer(rf"^{name}(?:;[^:\r\n]*)?:(.*)$", text, re.M)]


def good(suite, evolution, what, kind, path):
    """Objects of a source, which is read-only and the same the second time."""
    told = evolution.read(kind, path)
    if not suite.check(f"{what}: Evolution is content", "error" not in told, told.get("error")):
        return []
    suite.check(f"{what}: shown as read-only", told["read_only"])
    suite.equal(f"{what}: the same after another refresh", told["objects"], told["again"])
    return told["objects"]


def everything(suite, bridge, evolution, what):
    """Each source holds what the cloud has."""
    calendars, books = bridge.collections("calendars"), bridge.collections("addressbooks")
    for calendar, name in bridge.pim.calendars().items():
        ids = {one["id"] for one in bridge.pim.instances(calendar)}
        objects = good(suite, evolution, f"{what}, {name}", "calendar", calendars[name])
        suite.equal(f"{what}: events of {name}", len(ids), len(set(field(objects, "UID"))))
    contacts = bridge.pim.contacts()
    for book, record in bridge.pim.books().items():
        name = record["name"] or "Organisation"
        objects = good(suite, evolution, f"{what}, {name}", "book", books[name])
        names = sorted(one["name"] for one in contacts[book])
        suite.equal(f"{what}: contacts of {name}", names, sorted(field(objects, "FN")))


def changes(suite, bridge, evolution):
    suite.section("changes of other clients")
    everywhere = Counter(one["id"] for one in bridge.pim.instances(OWN))
    event = next(one["id"] for one in bridge.pim.instances(OWN, around(1), around(60)) if everywhere[one["id"]] == 1)
    contact = bridge.pim.contacts()[BOOK][0]["id"]
    bridge.pim.edit({"do": "change_event", "id": event, "fields": {"title": "Changed elsewhere"}},
                    {"do": "event", "calendar": OWN, "event": {
                        "title": "New elsewhere", "start": f"{around(9)}T09:00:00+02:00", "end": f"{around(9)}T10:00:00+02:00",
                        "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "fullday": False}},
                    {"do": "change_contact", "id": contact, "fields": {"name": "Changed Elsewhere"}})
    bridge.later(max(NEAR, CONTACTS))
    titles = field(good(suite, evolution, "changed calendar", "calendar", bridge.collections("calendars")["Anna Muster"]), "SUMMARY")
    suite.equal("a changed and a new event", (1, 1), (titles.count("Changed elsewhere"), titles.count("New elsewhere")))
    names = field(good(suite, evolution, "changed book", "book", bridge.collections("addressbooks")["Anna"]), "FN")
    suite.equal("a changed contact", 1, names.count("Changed Elsewhere"))


def main():
    with Suite("evolution") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "4", "--events", "120", "--contacts", "60"))
        relay = Relay(suite, bridge.url)
        evolution = Evolution(suite, relay.base, bridge.user, bridge.password)
        looked_at(bridge)
        discovery(suite, bridge, evolution)
        suite.section("everything")
        everything(suite, bridge, evolution, "first")
        first = len(relay.heard)
        everything(suite, bridge, evolution, "unchanged")
        again = [one for one in relay.heard[first:] if one.method == "REPORT"]
        suite.equal("unchanged: no report is asked for", [], [(one.path, one.body[:80]) for one in again])
        changes(suite, bridge, evolution)
        wrong = [(one.method, one.path, one.status) for one in relay.heard if one.status not in (200, 207, 301, 401)]
        suite.equal("no other answer than good ones and the question for the password", [], wrong)


if __name__ == "__main__":
    main()
