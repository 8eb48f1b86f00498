"""Calendars and address books of the server under test: what placeholders about them stand for."""

import re
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from .davxml import CALDAV, CALENDARSERVER, CARDDAV, DAV
from .icaltext import Text
from .wire import Refused

ASK = ('<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
       'xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/"><D:prop>{}</D:prop></D:propfind>')
SHELF = "<D:resourcetype/><D:displayname/><CS:getctag/><D:sync-token/>"
KINDS = {"calendar": ("calendar-home-set", CALDAV, "event"), "addressbook": ("addressbook-home-set", CARDDAV, "contact")}
MULTIGET = {
    "calendar": '<C:calendar-multiget xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/>'
                "<C:calendar-data/></D:prop>{}</C:calendar-multiget>",
    "addressbook": '<CR:addressbook-multiget xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:D="DAV:"><D:prop><D:getetag/>'
                   "<CR:address-data/></D:prop>{}</CR:addressbook-multiget>",
}
# Seconds until the first look at the cloud must be over.
FIRST_LOOK = 60


class Library:
    """Fullest calendar and address book, their items with texts."""

    def __init__(self, world):
        self.world, self.values, self.items, self.states = world, {}, {}, {}
        own = self.propfind("/dav/", "0", "<D:current-user-principal/>")[0]
        principal = own.good("current-user-principal")
        principal = principal.first("href").text
        self.values["principal"] = principal
        self.values["principals"] = principal.rstrip("/").rpartition("/")[0] + "/"
        for kind, (home_set, space, item) in KINDS.items():
            told = self.propfind(principal, "0", "<C:calendar-home-set/><CR:addressbook-home-set/>")[0]
            home = told.good(home_set, space).first("href").text
            self.values[f"{kind}_home"] = home
            self.values[f"{kind}_home_bare"] = home.rstrip("/")
            self.choose(kind, home, item)

    def report(self, path, body, depth="0"):
        """A REPORT's responses."""
        exchange = self.world.request(f"REPORT {path}", [f"Depth: {depth}", f"Content-Length: {len(body)}"], body.encode())
        if exchange.status != 207:
            raise Refused(f"REPORT {path}: {exchange.status} {exchange.body[:200]!r}")
        return exchange.multistatus.responses

    def propfind(self, path, depth, properties):
        """A PROPFIND's responses."""
        body = ASK.format(properties)
        head = [f"Depth: {depth}", f"Content-Length: {len(body)}"]
        exchange = self.world.request(f"PROPFIND {path}", head, body.encode())
        if exchange.status != 207:
            raise Refused(f"PROPFIND {path}: {exchange.status} {exchange.body[:200]!r}")
        return exchange.multistatus.responses

    def looked_at(self, home):
        """The home's collections once all have a state."""
        deadline = time.monotonic() + FIRST_LOOK
        while True:
            shelves = [one for one in self.propfind(home, "1", SHELF) if one.shelf]
            if shelves and all(one.good("sync-token") is not None for one in shelves):
                return shelves
            if time.monotonic() > deadline:
                raise Refused(f"{home}: no state of every collection within {FIRST_LOOK} s")
            time.sleep(0.1)

    def choose(self, kind, home, item):
        """The fullest collection of a home, and all its items."""
        shelves = self.looked_at(home)
        members = {one.href: [m for m in self.propfind(one.href, "1", "<D:resourcetype/><D:getetag/>")
                              if not m.is_collection] for one in shelves}
        shelf = max(shelves, key=lambda one: len(members[one.href]))
        self.states.update({unquote(one.href).rstrip("/"): state(one) for one in shelves})
        found = members[shelf.href]
        if not found:
            raise Refused(f"{home}: nothing in any collection")
        hrefs = "".join(f"<D:href>{one.href}</D:href>" for one in found)
        got = self.report(shelf.href, MULTIGET[kind].format(hrefs))
        texts = {one.href: Text(one.data() or "") for one in got}
        self.items[kind] = {one.href: (one.text("getetag"), texts[one.href]) for one in found}
        first = found[0]
        self.values |= {
            kind: shelf.href, f"{kind}_bare": shelf.href.rstrip("/"), f"{kind}_name": unquote(shelf.href.split("/")[-2]),
            f"{kind}_token": shelf.text("sync-token"), f"{kind}_ctag": shelf.text("getctag", CALENDARSERVER),
            item: first.href, f"{item}_etag": first.text("getetag"), f"{item}s": [one.href for one in found],
            f"{item}_name": first.href.rpartition("/")[2], f"{item}_uid": texts[first.href].uids()[0],
        }

    def due(self, kind, begin):
        """Items of a calendar that surely take place after an instant, `YYYYMMDD`, whatever the reader."""
        return {href for href, (_, text) in self.items[kind].items() if text.surely_after(begin)}


def state(shelf):
    """ctag and sync-token of a collection."""
    return {(CALENDARSERVER, "getctag"): shelf.text("getctag", CALENDARSERVER), (DAV, "sync-token"): shelf.text("sync-token")}


def expected(step, exchange, library):
    """What a step expects of calendars and address books: which items, and each as it was known before."""
    if library is None:
        return
    own = unquote(exchange.path).rstrip("/")
    if exchange.method == "GET":
        for items in library.items.values():
            tag, text = items.get(exchange.path, (None, None))
            if tag and (exchange.header("ETag"), exchange.body.decode()) != (tag, text.raw):
                yield "same_item", f"{exchange.header('ETag')} and {len(exchange.body)} bytes, in reports {tag} and {len(text.raw)}"
        return
    found = {one.href for one in exchange.multistatus.responses if unquote(one.href).rstrip("/") != own}
    if "complete" in step and found != set(library.items[step["complete"]]):
        all_of_it = set(library.items[step["complete"]])
        yield "complete", f"{len(all_of_it - found)} items are missing, {len(found - all_of_it)} are too many"
    if "due" in step:
        begin = datetime.now(timezone.utc) + timedelta(days=step["due"] + 1)
        lost = library.due("calendar", f"{begin:%Y%m%d}") - found
        if lost:
            yield "due", f"{len(lost)} events that take place are missing: {sorted(lost)[:3]}"
    if step.get("unchanged") and found:
        yield "unchanged", f"{len(found)} changes although nothing changed"
    for response in exchange.multistatus.responses:
        yield from known(response, exchange, library)


def known(response, exchange, library):
    """An item has the tag and text, a collection the state it had."""
    for items in library.items.values():
        tag, text = items.get(response.href, (None, None))
        if tag and response.text("getetag") not in (None, tag):
            yield "same_tag", f"{response.href}: {response.text('getetag')}, was {tag}"
        if tag and response.data() not in (None, text.raw) and whole(exchange):
            yield "same_text", f"{response.href}: another text than before"
    for (space, local), value in library.states.get(unquote(response.href).rstrip("/"), {}).items():
        if response.text(local, space) not in (None, value):
            yield "same_state", f"{response.href}: {local} {response.text(local, space)}, was {value}"


def whole(exchange):
    """Whether whole texts are asked for, neither parts nor instances."""
    return not re.search(rb"-data(\s[^>]*[^/])?>\s*<(?!/)", exchange.request_body)
