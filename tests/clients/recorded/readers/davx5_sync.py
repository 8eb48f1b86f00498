"""DAVx5: calendars and contacts, read with dav4jvm."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from ..davxml import APPLE, CALDAV, CARDDAV, DAV
from ..icaltext import Text
from ..ruling import is_any, is_multistatus, is_options, is_report, rule

CLIENT = "davx5-sync"
COLOR = re.compile(r"#?[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")


def is_home(x):
    """A list of collections."""
    return is_multistatus(x) and x.asked("Depth") == "1" and (DAV, "owner") in (x.asked_properties or [])


@rule(CLIENT, lambda x: x.method in ("PROPFIND", "REPORT") and 200 <= x.status < 300)
def readable(x):
    """Only 207 is taken, with an XML type or at least a body that begins as XML does."""
    kind = (x.header("Content-Type") or "").partition(";")[0].strip()
    if x.status != 207 or kind not in ("application/xml", "text/xml") and not x.body.startswith(b"<?xml"):
        yield f"{x.status} {kind}"


@rule(CLIENT, lambda x: is_options(x) and "/principals/" in x.path)
def able(x):
    """OPTIONS of the principal, which is not redirected, tells both services."""
    tokens = {token.strip() for token in (x.header("DAV") or "").split(",")}
    if not {"calendar-access", "addressbook"} <= tokens:
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, is_any)
def never_forgotten(x):
    """403, 404 and 410 for a home or a collection remove it from the device."""
    if x.method in ("PROPFIND", "REPORT") and x.status in (403, 404, 410) and b"valid-sync-token" not in x.body:
        yield f"status {x.status}"


@rule(CLIENT, lambda x: is_multistatus(x))
def relation(x):
    """Each response is the collection itself or, same origin, a direct member; others are dropped."""
    base = "http://host" + x.path
    own = unquote(x.path).rstrip("/").split("/")
    for response in x.multistatus.responses:
        url = urlsplit(urljoin(base, response.href))
        path = unquote(url.path).rstrip("/").split("/")
        if url.netloc != "host" or path[:len(own)] != own or len(path) > len(own) + 1:
            yield f"{response.href}: neither itself nor a member"


@rule(CLIENT, is_report)
def member(x):
    """Each member that is not gone has an ETag, else the whole sync ends."""
    for response in x.multistatus.responses:
        if response.status is None and not response.text("getetag"):
            yield f"{response.href}: no ETag"


@rule(CLIENT, lambda x: is_report(x) and (x.report or "").endswith("multiget"))
def resource(x):
    """A multiget tells the text with the tag; a resource has exactly one UID."""
    for response in x.multistatus.responses:
        if response.status is not None:
            continue
        if not response.data():
            yield f"{response.href}: no text"
        elif len(Text(response.data()).uids()) != 1:
            yield f"{response.href}: UIDs {Text(response.data()).uids()}"


@rule(CLIENT, is_home)
def collections(x):
    """Calendars tell their components and colour as it reads them; privileges decide about writing."""
    for response in x.multistatus.responses:
        granted = response.good("current-user-privilege-set")
        names = [] if granted is None else [c.local for p in granted.all("privilege") for c in p.children]
        if {"write", "write-content", "all"} & set(names) or "read" not in names:
            yield f"{response.href}: would be writable or hidden, {names}"
        if response.shelf == "calendar" and (CALDAV, "supported-calendar-component-set") in x.asked_properties:
            components = response.good("supported-calendar-component-set", CALDAV)
            if components is None or "VTODO" in [c.attributes.get("name") for c in components.children]:
                yield f"{response.href}: tasks would be offered"
            color = response.text("calendar-color", APPLE)
            if color is not None and not COLOR.fullmatch(color):
                yield f"{response.href}: colour {color}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked("Depth") == "0"
      and (CARDDAV, "supported-address-data") in (x.asked_properties or []))
def state(x):
    """A collection has a state, else every sync lists everything; no vCard 4, else it writes it."""
    own = x.multistatus.responses[0]
    if not own.shelf and own.text("sync-token") is None and own.text("getctag", "http://calendarserver.org/ns/") is None:
        yield f"{own.href}: neither sync-token nor ctag"
    kinds = own.good("supported-address-data", CARDDAV)
    if kinds is not None and "4.0" in [child.attributes.get("version") for child in kinds.children]:
        yield f"{own.href}: version 4.0"


@rule(CLIENT, lambda x: x.report == "sync-collection" and 400 <= x.status < 500)
def token_refused(x):
    """An invalid token is told from other trouble by the name in the body."""
    if b"valid-sync-token" not in x.body:
        yield f"{x.status} {x.body[:120]!r}"
