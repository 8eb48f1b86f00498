"""DAVx5 and Thunderbird as scripts: they send the recorded requests in the order of the real
programs, keep a copy as those do, and delete what is no longer listed."""

import http.client
import re
import xml.etree.ElementTree as xml
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "dav" / "clients"
UID = re.compile(r"^UID:(.*)$", re.M)
D, CAL, CARD = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{urn:ietf:params:xml:ns:carddav}"
HREFS = re.compile(r"\{\{(?:events|contacts) (\d+) (.*?)\}\}", re.S)
TOKEN = re.compile(r"\{\{\w*token\}\}")


class Trouble(Exception):
    """The server answered a request with an error: the sync of this collection ends."""


class Phone:
    """A device of the bridge's user; `case` tells where the bridge is now."""

    folder, batch = "", {}

    def __init__(self, case):
        self.case = case
        self.shelves = [path for kind in ("calendars", "addressbooks") for path in sorted(case.bridge.collections(kind).values())]
        # by collection: href to (etag, text); what the sync goes on from
        self.copies, self.states = {path: {} for path in self.shelves}, {}
        self.removed = []

    def sync(self):
        """Syncs all collections; the statuses of those that failed."""
        failed = []
        for path in self.shelves:
            try:
                self.one(path, path.split("/")[-4] == "calendars")
            except Trouble as trouble:
                failed.append((path, str(trouble)))
        return failed

    def one(self, path, calendar):
        """Syncs one collection."""
        raise NotImplementedError

    def send(self, recorded, path, token="", hrefs=()):
        """A recorded request at a collection; the parsed answer."""
        head, body = (RECORDED / self.folder / f"{recorded}.http").read_text().split("\n\n", 1)
        method, lines = head.split()[0], head.splitlines()[1:]
        headers = dict(line.split(": ", 1) for line in lines)
        for name in ("Host", "Content-Length", "Accept-Encoding", "Origin", "Connection"):
            headers.pop(name, None)
        bridge = self.case.bridge
        headers["Authorization"] = bridge.authorization
        body = TOKEN.sub(token, body).replace("{{day -90}}", f"{date.today() - timedelta(days=90):%Y%m%dT000000Z}")
        body = HREFS.sub(lambda match: "".join(match[2].replace("_", href) for href in hrefs), body)
        connection = http.client.HTTPConnection(urlsplit(bridge.url).netloc, timeout=60)
        try:
            connection.request(method, path, body.encode(), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 207:
            raise Trouble(f"{answer.status} {'valid-sync-token' if b'valid-sync-token' in text else ''}".strip())
        return xml.fromstring(text)

    def listed(self, answer, path):
        """Members of an answer: href to etag, and those that are told to be gone."""
        there, gone = {}, set()
        for response in answer.iter(f"{D}response"):
            href = response.findtext(f"{D}href")
            status = response.findtext(f"{D}status") or ""
            etag = response.findtext(f".//{D}getetag")
            if " 404" in status:
                gone.add(href)
            elif etag and href != path:
                there[href] = etag
        return there, gone

    def fetch(self, recorded, path, wanted):
        """Fetches texts in batches as the program does."""
        size, hrefs = self.batch[recorded], sorted(wanted)
        for at in range(0, len(hrefs), size):
            answer = self.send(recorded, path, hrefs=hrefs[at:at + size])
            self.take(answer, path)

    def take(self, answer, path):
        """Keeps the texts of an answer."""
        for response in answer.iter(f"{D}response"):
            text = response.findtext(f".//{CAL}calendar-data") or response.findtext(f".//{CARD}address-data")
            if text:
                href = response.findtext(f"{D}href")
                self.copies[path][href] = (response.findtext(f".//{D}getetag"), text)

    def drop(self, path, hrefs):
        """Deletes from the copy."""
        for href in hrefs:
            known = self.copies[path].pop(href, None)
            if known:
                self.removed += [(path.split("/")[-4], path.split("/")[-2], uid) for uid in set(UID.findall(known[1]))]

    def changes(self, path, first, later):
        """What a sync-collection tells since the last one, and whether that is everything anew: at
        the first time, and where the server knows the token no more."""
        token = self.states.get(path)
        if token:
            try:
                return self.send(later, path, token), False
            except Trouble as trouble:
                if "valid-sync-token" not in str(trouble):
                    raise
        return self.send(first, path), True

    def settle(self, answer, path, multiget, whole):
        """Fetches what is new in an answer, then deletes what is gone; of a `whole` listing that is
        what it lacks."""
        there, gone = self.listed(answer, path)
        self.fetch(multiget, path, self.news(path, there))
        self.drop(path, (self.copies[path].keys() - there.keys()) if whole else gone)

    def news(self, path, there):
        """What is new or changed among the listed."""
        return {href for href, etag in there.items() if self.copies[path].get(href, ("",))[0] != etag}

    def texts(self):
        """The copy, by address."""
        return {href: text for copy in self.copies.values() for href, (_, text) in copy.items()}

    def uids(self):
        """Kind, collection and UID of everything in the copy, each as often as it is there."""
        return [(path.split("/")[-4], path.split("/")[-2], uid.strip())
                for path, copy in self.copies.items() for _, text in copy.values() for uid in sorted(set(UID.findall(text)))]


class Davx5(Phone):
    """DAVx5 with its usual limit of 90 days back: calendars are listed by a query."""

    folder, batch = "davx5-sync", {"20-multiget": 10, "13-book-multiget": 10}

    def one(self, path, calendar):
        answer = self.send("16-calendar-state" if calendar else "11-book-state", path)
        state = answer.findtext(f".//{D}sync-token")
        if self.states.get(path) == state:
            return
        if calendar:
            self.settle(self.send("17-query-past", path), path, "20-multiget", True)
        else:
            answer, whole = self.changes(path, "12-book-sync-first", "14-book-sync-unchanged")
            self.settle(answer, path, "13-book-multiget", whole)
            state = answer.findtext(f"{D}sync-token")
        self.states[path] = state


class Thunderbird(Phone):
    """Thunderbird's calendar and address book."""

    batch = {"thunderbird-calendar/09-multiget": 100, "thunderbird-contacts/06-multiget": 500}

    def one(self, path, calendar):
        self.states[path] = self.calendar(path) if calendar else self.book(path)

    def calendar(self, path):
        """A calendar; the new token."""
        answer, whole = self.changes(path, "thunderbird-calendar/08-sync-first", "thunderbird-calendar/10-sync-unchanged")
        self.settle(answer, path, "thunderbird-calendar/09-multiget", whole)
        return answer.findtext(f"{D}sync-token")

    def book(self, path):
        """An address book: listed the first time, later changes with their texts; the new token."""
        answer, whole = self.changes(path, "thunderbird-contacts/05-list", "thunderbird-contacts/09-sync-unchanged")
        self.take(answer, path)
        self.settle(answer, path, "thunderbird-contacts/06-multiget", whole)
        if whole:
            answer = self.send("thunderbird-contacts/07-state", path)
        return answer.findtext(f".//{D}sync-token")
