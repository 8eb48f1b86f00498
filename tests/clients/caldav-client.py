#!/usr/bin/env python3
"""PyPI's `caldav`, the library of Home Assistant and many scripts: discovery, listing, searches by time,
text and UID, expansion, sync tokens; the address book by plain requests."""

import sys
import xml.etree.ElementTree as xml
from collections import Counter
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
import caldav  # noqa: E402
import vobject  # noqa: E402
from caldav.lib import error  # noqa: E402
from kit import Calls, Suite, note_calls  # noqa: E402
from kit.operated import NEAR, Operated, simulation  # noqa: E402
from kit.pim import around  # noqa: E402

OWN, TEAM = 1379001, 1379002
BOOK_QUERY = b"""<?xml version="1.0" encoding="utf-8"?>
<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/><C:address-data/></D:prop>
<C:filter><C:prop-filter name="EMAIL"><C:text-match collation="i;unicode-casemap" match-type="contains">%s</C:text-match>
</C:prop-filter></C:filter></C:addressbook-query>"""
BOOK_ALL = b"""<?xml version="1.0" encoding="utf-8"?>
<D:sync-collection xmlns:D="DAV:"><D:sync-token>%s</D:sync-token><D:sync-level>1</D:sync-level>
<D:prop><D:getetag/></D:prop></D:sync-collection>"""


def instant(day):
    return datetime.combine(day, datetime.min.time(), timezone.utc)


def discovery(suite, bridge):
    suite.section("discovery")
    for start in ("/dav/", "/", f"/dav/principals/{bridge.user}/", f"/dav/calendars/{bridge.user}/"):
        client = connected(bridge, bridge.url + start)
        names = {calendar.get_display_name() for calendar in client.principal().calendars()}
        suite.equal(f"calendars from {start}", set(bridge.pim.calendars().values()), names)
    client = connected(bridge, bridge.url + "/dav/")
    suite.check("the server says that it has calendars", client.principal().client.check_cdav_support())
    try:
        connected(bridge, bridge.url + "/dav/", "wrong").principal()
        suite.check("a wrong password is refused", False)
    except error.AuthorizationError:
        suite.check("a wrong password is refused", True)
    return client.principal()


def connected(bridge, url, password=None):
    return caldav.DAVClient(url=url, username=bridge.user, password=password or bridge.password)


def titles(objects):
    """Titles of objects, one for each of their events."""
    return Counter(str(one.get("SUMMARY", "")) for each in objects for one in each.icalendar_instance.walk("VEVENT"))


def reading(suite, bridge, calendar):
    suite.section("reading")
    ids = {one["id"] for one in bridge.pim.instances(OWN)}
    with Calls(bridge.sky) as calls:
        events = calendar.events()
    note_calls("caldav", "events of a calendar", calls, len(events))
    suite.equal("all events", len(ids), len(events))
    suite.check("each has its data", all("BEGIN:VEVENT" in one.data for one in events))
    suite.equal("no tasks", 0, len(calendar.todos()))
    components = calendar.get_supported_components()
    suite.equal("components", ["VEVENT"], components)
    one = events[0]
    uid = str(one.icalendar_component["UID"])
    suite.equal("an event by its UID", str(one.url), str(calendar.event_by_uid(uid).url))
    try:
        calendar.event_by_uid("nobody-has-this")
        suite.check("an unknown UID is not found", False)
    except error.NotFoundError:
        suite.check("an unknown UID is not found", True)
    again = calendar.event_by_url(one.url)
    again.load()
    suite.equal("an event by its address", uid, str(again.icalendar_component["UID"]))


def searches(suite, bridge, calendar):
    suite.section("searches")
    first, last = around(-20), around(50)
    inside = bridge.pim.instances(OWN, first, last)
    found = calendar.search(event=True, start=instant(first), end=instant(last), post_filter=False)
    suite.equal("by begin and end: one object for each event that takes place", len({one["id"] for one in inside}), len(found))
    ahead = bridge.pim.instances(OWN, first, around(3000))
    found = calendar.search(event=True, start=instant(first), post_filter=False)
    suite.equal("by begin alone", len({one["id"] for one in ahead}), len(found))
    before = bridge.pim.instances(OWN, around(-400), first)
    found = calendar.search(event=True, end=instant(first), post_filter=False)
    suite.equal("by end alone", len({one["id"] for one in before}), len(found))
    for server in (True, False):
        # what the library filters itself it asks for in a wider range
        asked = {"server_expand": True, "post_filter": False} if server else {"expand": True}
        found = calendar.search(event=True, start=instant(first), end=instant(last), **asked)
        want, got = Counter(one["title"] for one in inside), titles(found)
        suite.equal(f"expanded by the {'server' if server else 'client'}: titles", (Counter(), Counter()), (want - got, got - want))
        if server:
            starts = Counter(one["start"] for one in inside)
            got = Counter(begin(one) for each in found for one in each.icalendar_instance.walk("VEVENT"))
            suite.equal("expanded by the server: begins", (Counter(), Counter()), (starts - got, got - starts))
            texts = "".join(one.data for one in found)
            suite.check("expanded by the server: no rule is left", "RRULE" not in texts and "VTIMEZONE" not in texts)
    title = inside[0]["title"]
    want = {one["id"] for one in bridge.pim.instances(OWN) if title.lower() in one["title"].lower()}
    found = calendar.search(event=True, summary=title, post_filter=False)
    suite.equal("by title", len(want), len(found))
    suite.equal("by a title that nothing has", 0, len(calendar.search(event=True, summary="zzzyyy", post_filter=False)))


def begin(event):
    """A begin as the cloud tells it."""
    value = event["DTSTART"].dt
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def syncing(suite, bridge, calendar):
    suite.section("sync tokens")
    state = calendar.get_objects_by_sync_token(load_objects=True)
    suite.equal("everything at first", len({one["id"] for one in bridge.pim.instances(OWN)}), len(list(state)))
    with Calls(bridge.sky) as calls:
        updated, deleted = state.sync()
    suite.equal("unchanged: nothing", (0, 0), (len(list(updated)), len(list(deleted))))
    suite.equal("unchanged: no call to the cloud", {}, dict(calls.routes))
    ids = list(dict.fromkeys(one["id"] for one in bridge.pim.instances(OWN, around(1), around(60))))
    single = [one for one in ids if sum(other["id"] == one for other in bridge.pim.instances(OWN)) == 1]
    bridge.pim.edit(
        {"do": "event", "calendar": OWN, "event": {"title": "New", "start": str(around(5)), "end": str(around(6)), "fullday": True}},
        {"do": "change_event", "id": single[0], "fields": {"title": "Changed"}},
        {"do": "remove_event", "id": single[1]},
    )
    bridge.later(NEAR)
    updated, deleted = state.sync()
    suite.equal("one new, one changed, one gone", ({"New": 1, "Changed": 1}, 1), (dict(titles(updated)), len(list(deleted))))
    old = calendar.get_objects_by_sync_token(sync_token=state.sync_token)
    suite.equal("by the new token: nothing", 0, len(list(old)))
    try:
        list(calendar.get_objects_by_sync_token(sync_token="urn:nothing:1", disable_fallback=True))
        suite.check("a token of nobody is refused", False)
    except error.AuthorizationError:
        # what the library makes of 403
        suite.check("a token of nobody is refused", True)


def busy(suite, bridge, calendar):
    suite.section("free and busy")
    first, last = around(1), around(30)
    told = calendar.freebusy_request(instant(first), instant(last)).icalendar_instance
    periods = [one for each in told.walk("VFREEBUSY") for one in listed(each.get("FREEBUSY"))]
    timed = [one for one in bridge.pim.instances(OWN, first, last) if "T" in one["start"]]
    suite.check("there are periods", 0 < len(periods) <= len(bridge.pim.instances(OWN, first, last)), (len(periods), len(timed)))


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


def writes(suite, bridge, calendar):
    suite.section("writes are refused")
    day = instant(around(3))
    one = calendar.events()[0]
    for what, act in (
        ("a new event", lambda: calendar.add_event(dtstart=day, dtend=day + timedelta(hours=1), summary="No")),
        ("a changed event", lambda: one.save()),
        ("a deleted event", lambda: one.delete()),
        ("a new calendar", lambda: calendar.client.principal().make_calendar(name="No")),
        ("a deleted calendar", lambda: calendar.delete()),
    ):
        one.icalendar_component["SUMMARY"] = "No"
        try:
            act()
            suite.check(f"{what}: refused", False)
        except error.DAVError as refused:
            suite.check(f"{what}: refused with 403", "403" in str(refused) or isinstance(refused, error.AuthorizationError),
                        repr(refused))


def book(suite, bridge):
    suite.section("the address book, by plain requests")
    href = bridge.collections("addressbooks")["Anna"]
    contacts = bridge.pim.contacts()[5501]
    mail = contacts[0]["emails"][0]
    answer = bridge.dav.ask("REPORT", href, {"Depth": "1"}, BOOK_QUERY % mail.upper().encode())
    want = sorted(one["name"] for one in contacts if mail in one["emails"])
    cards = [one.text for one in xml.fromstring(answer.body).iter("{urn:ietf:params:xml:ns:carddav}address-data")]
    suite.equal("a query by mail address", (207, want), (answer.status, sorted(vobject.readOne(one).fn.value for one in cards)))
    answer = bridge.dav.ask("REPORT", href, {}, BOOK_ALL % b"")
    tree = xml.fromstring(answer.body)
    suite.equal("sync-collection tells all", len(contacts), len(list(tree.iter("{DAV:}response"))))
    answer = bridge.dav.ask("REPORT", href, {}, BOOK_ALL % tree.findtext("{DAV:}sync-token").encode())
    suite.equal("and then nothing", 0, len(list(xml.fromstring(answer.body).iter("{DAV:}response"))))
    answer = bridge.dav.ask("GET", href)
    suite.equal("the whole book as one file", len(contacts), len(list(vobject.readComponents(answer.body.decode()))))


def main():
    with Suite("caldav") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "4", "--events", "120", "--contacts", "40"))
        principal = discovery(suite, bridge)
        calendar = next(one for one in principal.calendars() if one.get_display_name() == "Anna Muster")
        reading(suite, bridge, calendar)
        searches(suite, bridge, calendar)
        syncing(suite, bridge, calendar)
        busy(suite, bridge, calendar)
        writes(suite, bridge, calendar)
        book(suite, bridge)


if __name__ == "__main__":
    main()
