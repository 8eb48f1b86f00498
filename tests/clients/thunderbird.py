#!/usr/bin/env python3
"""Thunderbird itself, without a person: every event and contact, changes, a token that is not known.

It looks at calendars and address books once a minute and cannot be asked to; the suite waits for
what it does.
"""

import sys
from collections import Counter

sys.dont_write_bytecode = True
from kit import Suite, until  # noqa: E402
from kit.operated import CONTACTS, NEAR, Operated, simulation  # noqa: E402
from kit.pim import around, looked_at  # noqa: E402
from kit.relay import Relay  # noqa: E402
from kit.thunderbird import Thunderbird  # noqa: E402

OWN, BOOK = 1379001, 5501
# the first look comes half a minute after the start, the next ones a minute after the other
PATIENCE = 90
TITLES = "SELECT title FROM cal_events WHERE recurrence_id IS NULL AND cal_id = 'calendar-{}'"
NAMES = "SELECT value FROM properties WHERE name = 'DisplayName'"


class Seen:
    """What Thunderbird has in its own databases."""

    def __init__(self, thunderbird, calendars, books):
        self.thunderbird, self.calendars, self.books = thunderbird, list(calendars), list(books)

    def events(self, name):
        """Titles of the events of a calendar."""
        query = TITLES.format(self.calendars.index(name))
        return Counter(title for title, in self.thunderbird.rows("calendar-data/cache.sqlite", query))

    def contacts(self, name):
        """Names of the contacts of a book."""
        file = f"abook-book{self.books.index(name)}.sqlite"
        return Counter(name for name, in self.thunderbird.rows(file, NAMES))


def everything(suite, bridge, seen):
    suite.section("the first look")
    for calendar, name in bridge.pim.calendars().items():
        ids = {one["id"] for one in bridge.pim.instances(calendar)}
        wait(f"{name}: as many events as the cloud has", suite, len(ids), lambda name=name: seen.events(name).total())
    contacts = bridge.pim.contacts()
    for book, record in bridge.pim.books().items():
        name = record["name"] or "Organisation"
        want = Counter(one["name"] for one in contacts[book])
        wait(f"{name}: the contacts of the cloud", suite, want, lambda name=name: seen.contacts(name))


def wait(what, suite, want, get):
    """A check that holds before patience ends."""
    try:
        until(what, lambda: get() == want, PATIENCE, 0.5)
    except TimeoutError:
        pass
    suite.equal(what, want, get())


def changes(suite, bridge, seen):
    suite.section("changes of other clients")
    everywhere = Counter(one["id"] for one in bridge.pim.instances(OWN))
    event = next(one["id"] for one in bridge.pim.instances(OWN, around(1), around(60)) if everywhere[one["id"]] == 1)
    contact = bridge.pim.contacts()[BOOK][0]["id"]
    bridge.pim.edit({"do": "change_event", "id": event, "fields": {"title": "Changed elsewhere"}},
                    {"do": "change_contact", "id": contact, "fields": {"name": "Changed Elsewhere"}})
    bridge.later(max(NEAR, CONTACTS))
    wait("a changed event", suite, 1, lambda: seen.events("Anna Muster")["Changed elsewhere"])
    wait("a changed contact", suite, 1, lambda: seen.contacts("Anna")["Changed Elsewhere"])


def conversation(suite, relay, calendars, books):
    suite.section("what was said")
    told = Counter((one.method, one.status) for one in relay.heard)
    bad = relay.heard and [(one.method, one.path, one.status) for one in relay.heard
                           if one.status not in (200, 207, 401) and (one.status, one.path) != (400, books["Organisation"])]
    suite.equal("no other answer than good ones, the question for the password and the token", [], bad)
    suite.equal("one token was refused", 1, sum(status == 400 for _, status in told.elements()))
    for path in calendars.values():
        reports = [one for one in relay.heard if one.path == path and b"sync-collection" in one.body]
        suite.check(f"{path}: looked at again with the token", any(b"urn:davbridge:sync:" in one.body for one in reports))
    writes = [one.method for one in relay.heard if one.method not in ("OPTIONS", "PROPFIND", "REPORT")]
    suite.equal("nothing is written to calendars that are read-only", [], writes)


def main():
    with Suite("thunderbird") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "4", "--events", "120", "--contacts", "60"))
        looked_at(bridge)
        relay = Relay(suite, bridge.url)
        calendars, books = bridge.collections("calendars"), bridge.collections("addressbooks")
        # as after a database was restored: a token that this bridge never gave
        stale = {f"ldap_2.servers.book{list(books).index('Organisation')}.carddav.token": "urn:davbridge:sync:9:old:1"}
        thunderbird = Thunderbird(suite, relay.base, (bridge.user, bridge.password), calendars.values(), books.values(), stale)
        seen = Seen(thunderbird, calendars, books)
        everything(suite, bridge, seen)
        changes(suite, bridge, seen)
        conversation(suite, relay, calendars, books)


if __name__ == "__main__":
    main()
