#!/usr/bin/env python3
"""vdirsyncer with khal and khard: everything arrives, a second sync moves nothing and asks the cloud
nothing, edits of other clients show when the times of freshness have passed."""

import sys
from collections import Counter
from datetime import date, timedelta

sys.dont_write_bytecode = True
from icalendar import Calendar  # noqa: E402
from kit import Calls, Suite, note_calls, until  # noqa: E402
from kit.khal import Khal, Khard  # noqa: E402
from kit.operated import ALL, CONTACTS, LISTS, NEAR, Operated, simulation  # noqa: E402
from kit.pim import around  # noqa: E402
from kit.vdirsyncer import Vdirsyncer  # noqa: E402

OWN, TEAM, BOOK = 1379001, 1379002, 5501
ONE = timedelta(days=1)
STARTS = ("/dav/", "/", "", "/dav/principals/{user}/", "/dav/calendars/{user}/", "/.well-known/caldav")


def discovery(suite, bridge):
    suite.section("discovery")
    calendars, books = set(bridge.collections("calendars")), set(bridge.collections("addressbooks"))
    suite.equal("the cloud's calendars", set(bridge.pim.calendars().values()), calendars)
    suite.equal("address books", len(bridge.pim.books()), len(books))
    for number, start in enumerate(STARTS):
        kinds = ("calendars",) if "cal" in start else ("calendars", "addressbooks")
        url = bridge.url + start.format(user=bridge.user)
        sync = Vdirsyncer(suite, bridge, url, f"discovery-{number}", kinds)
        done = sync.discover()
        suite.check(f"discovery from {start or 'the host'}", done.returncode == 0, done.text)
        sync("metasync")
        suite.equal(f"calendars from {start or 'the host'}", calendars, set(sync.names("calendars").values()))
        if "addressbooks" in kinds:
            suite.equal(f"address books from {start or 'the host'}", books, set(sync.names("addressbooks").values()))


def synced(suite, bridge, sync, what):
    """A sync that must succeed."""
    with Calls(bridge.sky) as calls:
        done = sync.sync()
    suite.check(f"{what}: vdirsyncer is content", done.returncode == 0, done.text[-1500:])
    note_calls("vdirsyncer", what, calls, len(sync.files()))
    done.routes = calls.routes
    return done


def copied(suite, bridge, sync):
    suite.section("first and second sync")
    done = synced(suite, bridge, sync, "first sync")
    expected(suite, bridge, sync, "after the first sync")
    before = sync.hashes()
    suite.equal("one line of the log a file", len(before), len(done.moves))
    done = synced(suite, bridge, sync, "second sync")
    suite.equal("the second sync moves nothing", [], done.moves)
    suite.equal("the second sync asks the cloud nothing", {}, dict(done.routes))
    suite.equal("the second sync changes no file", before, sync.hashes())
    bridge.later(NEAR)
    done = synced(suite, bridge, sync, "after five minutes")
    suite.equal("unchanged after five minutes: nothing moves", ([], before), (done.moves, sync.hashes()))
    suite.check("one call a calendar after five minutes", sum(done.routes.values()) <= 2 * len(bridge.pim.calendars()),
                done.routes)


def slug(bridge, kind, name):
    return bridge.collections(kind)[name].rstrip("/").rpartition("/")[2]


def titles(sync, place):
    """Titles of the first events of a calendar's files."""
    return Counter(str(Calendar.from_ical(text).walk("VEVENT")[0].get("SUMMARY", ""))
                   for path, text in sync.files("calendars").items() if path.split("/")[1] == place)


def expected(suite, bridge, sync, what):
    """The folders hold what the cloud has: one file for each event that takes place, one a contact."""
    for calendar, name in bridge.pim.calendars().items():
        ids = {one["id"] for one in bridge.pim.instances(calendar)}
        place = slug(bridge, "calendars", name)
        suite.equal(f"{what}: events of {name}", len(ids), titles(sync, place).total())
    contacts, books = bridge.pim.contacts(), bridge.pim.books()
    for book, record in books.items():
        place = slug(bridge, "addressbooks", record["name"] or "Organisation")
        files = [path for path in sync.files("addressbooks") if path.split("/")[1] == place]
        suite.equal(f"{what}: contacts of {place}", len(contacts[book]), len(files))


def khal(suite, bridge, sync):
    suite.section("khal and khard")
    reader, first, last = Khal(suite, sync.folder), around(-60), around(120)
    for calendar, name in bridge.pim.calendars().items():
        place = slug(bridge, "calendars", name)
        want, got = set(map(row, bridge.pim.instances(calendar, first, last))), reader.rows(place, first, last)
        suite.check(f"khal list {place}: something to compare", len(want) > 5, want)
        suite.equal(f"khal list {place}: begin, end and title of all", (set(), set()), (want - got, got - want))
    busy = next(one for one in bridge.pim.instances(OWN, first, last) if "T" in one["start"])
    lines = reader.good("at", "--format", "{title}", "--day-format", "", *busy["start"][:16].split("T"))
    suite.check("khal at: the event that begins then", busy["title"] in lines, (busy, lines))
    contacts = [one for ones in bridge.pim.contacts().values() for one in ones]
    reader = Khard(suite, sync.folder)
    got = [line.split("\t") for line in reader.good("email", "--parsable") if "\t" in line]
    want = {mail for one in contacts for mail in one["emails"]}
    suite.equal("khard email: all addresses", want, {fields[0] for fields in got})
    named = {one["name"] for one in contacts if one["emails"]}
    suite.equal("khard email: their people", named, {fields[1] for fields in got})


def row(one):
    """An instance as khal tells it; of whole days khal shows the last one."""
    if "T" not in one["start"]:
        last = str(date.fromisoformat(one["end"]) - ONE)
        return one["start"], last, one["title"]
    begin, end = (one[name][:16].replace("T", " ") for name in ("start", "end"))
    return begin, end, one["title"]


def edits(suite, bridge, sync):
    suite.section("edits of other clients")
    day, before = around(9), sync.hashes()
    ids = [one["id"] for one in bridge.pim.instances(OWN, around(1), around(60))]
    single = [one for one in dict.fromkeys(ids) if len(of(bridge, one)) == 1]
    series = next(one for one in dict.fromkeys(ids) if len(of(bridge, one)) > 3)
    change, remove, move = single[:3]
    cancelled = next(one for one in of(bridge, series) if str(around(1)) < one["start"] < str(around(60)))
    made = bridge.pim.edit(
        {"do": "event", "calendar": OWN, "event": {
            "title": "New; from, elsewhere", "start": f"{day}T09:00:00+02:00", "end": f"{day}T10:00:00+02:00",
            "timezone_start": "Europe/Zurich", "timezone_end": "Europe/Zurich", "fullday": False}},
        {"do": "change_event", "id": change, "fields": {"title": "Changed elsewhere"}},
        {"do": "remove_event", "id": remove},
        {"do": "move_event", "id": move, "calendar": TEAM},
        {"do": "cancel_instance", "id": series, "instance": cancelled["start"]},
    )["ids"]
    done = synced(suite, bridge, sync, "edits, at once")
    suite.equal("within the time of freshness nothing moves", ([], before), (done.moves, sync.hashes()))
    bridge.later(NEAR)
    synced(suite, bridge, sync, "edits, after five minutes")
    after = sync.hashes()
    expected(suite, bridge, sync, "edits")
    own = titles(sync, slug(bridge, "calendars", "Anna Muster"))
    suite.check("a new event", own["New; from, elsewhere"] == 1 and made, own)
    suite.equal("a changed event", 1, own["Changed elsewhere"])
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    suite.equal("the removed and the moved event are gone, the new and the moved one are there", (2, 2),
                (len(gone), len(new)))
    changed = [path for path in before.keys() & after.keys() if before[path] != after[path]]
    suite.equal("no other file changed than one", 1, len(changed))
    reader = Khal(suite, sync.folder)
    first, last = around(-60), around(120)
    place = slug(bridge, "calendars", "Anna Muster")

    def differences():
        want = set(map(row, bridge.pim.instances(OWN, first, last)))
        got = reader.rows(place, first, last)
        return want - got, got - want

    suite.equal("khal sees the edits but for the cancelled instance", (set(), {row(cancelled)}), differences())
    bridge.later(ALL)

    def read_again():
        sync.sync()
        return differences() == (set(), set())

    until("the cancelled instance shows after six hours", read_again, 30, 0.2)
    suite.equal("khal sees the cancelled instance", (set(), set()), differences())
    again = sync.hashes()
    suite.equal("its series is all that changed", (1, after.keys()),
                (len([path for path in again if again[path] != after.get(path)]), again.keys()))


def of(bridge, event):
    return [one for calendar in (OWN, TEAM) for one in bridge.pim.instances(calendar) if one["id"] == event]


def far(suite, bridge, sync):
    suite.section("an event far ahead")
    day = around(500)
    bridge.pim.edit({"do": "event", "calendar": TEAM, "event": {
        "title": "Far ahead", "start": str(day), "end": str(day), "fullday": True}})
    bridge.later(NEAR)
    place = slug(bridge, "calendars", "Team")
    synced(suite, bridge, sync, "far ahead, after five minutes")
    suite.equal("after five minutes it is not there", 0, titles(sync, place)["Far ahead"])
    bridge.later(ALL)

    def there():
        sync.sync()
        return titles(sync, place)["Far ahead"]

    suite.equal("after six hours it is", 1, until("the event", there, 30, 0.2))


def people(suite, bridge, sync):
    suite.section("contacts that other clients change")
    before = sync.hashes()
    contacts = bridge.pim.contacts()[BOOK]
    change, remove = (one["id"] for one in contacts[:2])
    bridge.pim.edit(
        {"do": "contact", "book": BOOK, "contact": {
            "name": "Zoë New", "firstname": "Zoë", "lastname": "New", "other": False, "emails": ["zoe@example.org"]}},
        {"do": "change_contact", "id": change, "fields": {"emails": ["changed@example.org"]}},
        {"do": "remove_contact", "id": remove},
    )
    bridge.later(CONTACTS)
    synced(suite, bridge, sync, "contacts, after a quarter of an hour")
    after = sync.hashes()
    text = "".join(sync.files("addressbooks").values())
    suite.check("a new contact", "FN:Zoë New" in text and len(after.keys() - before.keys()) == 1)
    suite.check("a changed contact", "changed@example.org" in text)
    suite.equal("a removed one stays until a second look agrees", set(), before.keys() - after.keys())
    bridge.later(CONTACTS)
    synced(suite, bridge, sync, "contacts, after another quarter")
    suite.equal("then it is gone", 1, len(before.keys() - sync.hashes().keys()))
    expected(suite, bridge, sync, "contacts")


def collections(suite, bridge, sync):
    suite.section("collections that other clients change")
    before = sync.hashes()
    bridge.pim.edit(
        {"do": "calendar", "calendar": 1379020, "name": "Neu & schön"},
        {"do": "event", "calendar": 1379020, "event": {"title": "First", "start": str(around(3)),
                                                       "end": str(around(4)), "fullday": True}},
        {"do": "calendar_name", "calendar": TEAM, "name": "The team"},
        {"do": "calendar_color", "calendar": TEAM, "color": "#123456"},
    )
    bridge.later(LISTS)
    sync.discover()
    synced(suite, bridge, sync, "a new calendar")
    sync("metasync")
    suite.equal("names", {"Anna Muster", "The team", "Neu & schön"}, set(sync.names("calendars").values()))
    colors = {path.parent.name: path.read_text()[:7].lower() for path in sync.folder.glob("calendars/*/color")}
    suite.equal("the colour", "#123456", colors.get("team"))
    after = sync.hashes()
    same = {path: value for path, value in after.items() if path in before}
    suite.equal("a rename moves nothing", before, same)
    suite.equal("the new calendar's event", 1, len(after) - len(before))


def main():
    with Suite("vdirsyncer") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "4", "--events", "120", "--contacts", "60"))
        discovery(suite, bridge)
        sync = Vdirsyncer(suite, bridge, bridge.url + "/dav/")
        suite.check("discovery for the sync", sync.discover().returncode == 0)
        copied(suite, bridge, sync)
        khal(suite, bridge, sync)
        edits(suite, bridge, sync)
        far(suite, bridge, sync)
        people(suite, bridge, sync)
        collections(suite, bridge, sync)
        suite.none("no DAV call of vdirsyncer wrote", written(bridge))


def written(bridge):
    """Calls to the cloud that change something."""
    return [route for route in bridge.sky.counters() if route.split()[0] not in ("GET", "HEAD")]


if __name__ == "__main__":
    main()
