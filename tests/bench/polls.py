"""Calls to the cloud for calendars and contacts: the first reading at the vendor's pace while
folders list, unchanged polls, multiget, and what follows when the copy has grown old."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from calendars import DAV, MULTIGET, SYNC
from calls import Meter, add
from process import until

EVENTS, RECURRING, CONTACTS = 500, 100, 60
# Two calendars of some fifteen windows, the lists of calendars and address books, all contacts,
# the categories of address books.
WINDOWS, LISTS = 30, 4
# Looks at what is near: one a calendar; all contacts: two calls.
NEAR, ALL_CONTACTS = 2, 2
SHORT = '[freshness]\nevents_near = "{0}s"\ncontacts = "{0}s"\n'
OLD = 4
EVENT_ROUTE = "GET /1/calendar/pim/event"


class Dav:
    """Requests of one user."""

    def __init__(self, bridge):
        self.bridge, user = bridge, bridge.USER
        self.calendars = [f"/dav/calendars/{user}/{slug}/" for slug in ("anna-muster", "team")]
        self.books = [f"/dav/addressbooks/{user}/{slug}/" for slug in ("anna", "organisation")]

    def ask(self, method, place, body, depth="1"):
        """One request; its status and body."""
        headers = {"Depth": depth, "Content-Type": "application/xml", "Authorization": self.bridge.authorization}
        try:
            with urlopen(Request(self.bridge.url + place, body.encode(), headers, method=method), timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def sync(self, place, token=""):
        """Status, token and hrefs of sync-collection."""
        status, text = self.ask("REPORT", place, SYNC.format(token))
        found = re.search("<D:sync-token>([^<]+)<", text)
        return status, found and found[1], re.findall(r"<D:href>([^<]+\.(?:ics|vcf))<", text)

    def complete(self, places):
        """Whether all of these collections answer."""
        return all(self.sync(place)[0] == 207 for place in places)


def first(table, stack, work):
    """500 events, a fifth of them recurring, at 60 calls a minute, while folders list."""
    cloud = stack.cloud(work, "--events", EVENTS, "--contacts", CONTACTS)
    bridge = stack.bridge(work, cloud, pace=(60, 60, 8))
    dav, meter, seen, slowest = Dav(bridge), Meter(cloud), set(), 0.0
    home = f"/dav/files/{bridge.USER}/"
    drives = bridge.list(bridge.list(home)[1].href)[1:]
    while not dav.complete(dav.calendars + dav.books):
        told = bridge.command("connections")
        seen |= set(re.findall(r"first reading (\d+) of \d+", told))
        begun = time.monotonic()
        bridge.list(drives[0].href)
        slowest = max(slowest, time.monotonic() - begun)
        time.sleep(0.5)
    most = WINDOWS + RECURRING + LISTS
    # folders that were listed meanwhile, opening the account
    add(table, f"first reading of {EVENTS} events ({RECURRING} recurring), {CONTACTS} contacts, 60 a minute", meter,
        lambda seconds: most + 8 + 2 * int(seconds / 15 + 1))
    table.add("meanwhile: a folder's listing at most", f"{slowest:.2f} s", "< 3 s", slowest < 3)
    table.add("meanwhile: different progress shown", f"{len(seen)}", "≥ 5", len(seen) >= 5)
    return bridge, cloud, dav


def unchanged(table, cloud, dav):
    """1 000 polls of each kind by ten clients, and a multiget of 50."""
    tokens = {place: dav.sync(place)[1:] for place in dav.calendars + dav.books}
    meter = Meter(cloud)

    def poll(number):
        place = (dav.calendars + dav.books)[number % 4]
        token = tokens[place][0]
        status, now, changed = dav.sync(place, token)
        if (status, now, changed) != (207, token, []):
            raise SystemExit(f"poll of {place}: {status} {changed[:3]}")

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(poll, range(1000)))
    add(table, "1,000 unchanged polls by 10 clients", meter, lambda _: 0)
    meter = Meter(cloud)
    place = dav.calendars[0]
    wanted = "".join(f"<D:href>{href}</D:href>" for href in tokens[place][1][:50])
    status, text = dav.ask("REPORT", place, MULTIGET.format(DAV, wanted))
    if status != 207 or text.count("BEGIN:VCALENDAR") != 50:
        raise SystemExit(f"multiget: {status}, {text.count('BEGIN:VCALENDAR')} objects")
    add(table, "multiget of 50 events", meter, lambda _: 0)


def grown_old(table, stack, work):
    """What many clients cost once the copy is older than the freshness window."""
    cloud = stack.cloud(work, "--events", EVENTS, "--contacts", CONTACTS)
    bridge = stack.bridge(work, cloud, settings=SHORT.format(OLD))
    dav = Dav(bridge)
    places = dav.calendars + dav.books
    until("the first reading", lambda: dav.complete(places), 120)
    time.sleep(OLD + 0.5)
    meter = Meter(cloud)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: dav.sync(places[number % 4]), range(200)))
    add(table, "200 polls by 20 clients after the window", meter,
        lambda seconds: (NEAR + ALL_CONTACTS) * (1 + int(seconds / OLD)))
    calls, _ = meter.read()
    table.add("of these, looks at a calendar's weeks around today", f"{calls.get(EVENT_ROUTE, 0)}")
    for process in (bridge, cloud):
        process.end()


def polls(table, stack, folders):
    """The whole."""
    table.title("Calls to the cloud, calendars and contacts")
    bridge, cloud, dav = first(table, stack, folders())
    unchanged(table, cloud, dav)
    for process in (bridge, cloud):
        process.end()
    grown_old(table, stack, folders())
