"""What every client needs of answers about calendars, address books and what lies in them."""

import re
from urllib.parse import unquote

from . import davxml
from .davxml import CALDAV, CALENDARSERVER, CARDDAV, DAV
from .icaltext import Text
from .library import whole
from .ruling import EVERYONE, STRONG_TAG, is_content, is_multistatus, is_options, is_report, rule

TOKEN = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")
# Told by servers that send invitations, push, or are Nextcloud: clients would rely on it.
NOT_OURS = {"calendar-schedule", "calendar-auto-schedule", "calendar-proxy", "nextcloud-checksum-update", "extended-mkcol",
            "calendarserver-sharing", "webdav-push"}
PREFIXES = {CALDAV: "C:", CARDDAV: "CR:", CALENDARSERVER: "CS:"}


def is_error(x):
    """A refusal with a body."""
    return 400 <= x.status < 500 and x.body.startswith(b"<?xml")


def is_data(x):
    """A report that asks for texts."""
    return is_report(x) and (b"calendar-data" in x.request_body or b"address-data" in x.request_body)


@rule(EVERYONE, lambda x: is_options(x) and not x.path.startswith("/dav/files"))
def services(x):
    """Outside the files: calendars, address books and access control, and nothing that is not there."""
    tokens = {token.strip() for token in (x.header("DAV") or "").split(",")}
    for token in sorted({"calendar-access", "addressbook", "access-control"} - tokens):
        yield f"DAV lacks {token}: {x.header('DAV')}"
    for token in sorted(NOT_OURS & tokens):
        yield f"DAV tells {token}"
    if "REPORT" not in (x.header("Allow") or ""):
        yield f"Allow: {x.header('Allow')}"


@rule(EVERYONE, is_multistatus)
def item_prefixes(x):
    """Namespaces of CalDAV, CardDAV and calendarserver.org are bound to C, CR and CS."""
    for element in x.multistatus.root.walk():
        if element.space in PREFIXES and element.raw != PREFIXES[element.space] + element.local:
            yield f"<{element.raw}> of {element.space}"


@rule(EVERYONE, is_multistatus)
def removed(x):
    """A response with a status of its own has nothing else but an error."""
    for response in x.multistatus.responses:
        if response.status is None:
            continue
        if response.propstats or not re.fullmatch(r"HTTP/1\.1 (404 Not Found|507 Insufficient Storage)", response.status):
            yield f"{response.href}: {response.status!r} with {len(response.propstats)} propstats"


@rule(EVERYONE, lambda x: is_report(x) and x.report == "sync-collection")
def sync_answer(x):
    """One token, a URI, behind the responses; members of the collection only; cut short only on demand."""
    tokens = [child for child in x.multistatus.root.children if child.local == "sync-token"]
    if len(tokens) != 1 or x.multistatus.root.children[-1] is not tokens[0] or tokens[0].space != DAV:
        yield f"{len(tokens)} tokens, last is <{x.multistatus.root.children[-1].raw}>"
    elif not TOKEN.fullmatch(tokens[0].text):
        yield f"token {tokens[0].text!r}"
    own = unquote(x.path).rstrip("/")
    limited = b"nresults" in x.request_body
    for response in x.multistatus.responses:
        path = unquote(response.href).rstrip("/")
        if path == own and response.status and " 507 " in response.status and limited:
            continue
        if path.rpartition("/")[0] != own:
            yield f"{response.href} is no member of {x.path}"
        if response.status and " 404 " not in response.status:
            yield f"{response.href}: {response.status}"


@rule(EVERYONE, lambda x: is_report(x) and (x.report or "").endswith("-multiget"))
def each_once(x):
    """A multiget answers each address once, written as it was asked."""
    asked = [child.text.strip() for child in x.asked_root.all("href")]
    got = [response.href for response in x.multistatus.responses]
    for href in got:
        if href not in asked and unquote(href) not in map(unquote, asked):
            yield f"{href} was not asked for"
    for href in sorted(set(asked)):
        same = [one for one in got if unquote(one) == unquote(href)]
        if len(same) != 1:
            yield f"{href} is answered {len(same)} times"


@rule(EVERYONE, is_multistatus)
def tagged(x):
    """Members that are asked for tag or type have a strong tag and the one type of the kind."""
    asked = x.asked_properties or []
    for response in x.multistatus.responses:
        kind = next((t for e, t in ((".ics", "text/calendar"), (".vcf", "text/vcard")) if response.href.endswith(e)), None)
        if kind is None or response.status or "/dav/files/" in response.href:
            continue
        if (DAV, "getetag") in asked and not STRONG_TAG.fullmatch(response.text("getetag") or ""):
            yield f"{response.href}: getetag {response.text('getetag')}"
        if (DAV, "getcontenttype") in asked and response.text("getcontenttype") != f"{kind}; charset=utf-8":
            yield f"{response.href}: getcontenttype {response.text('getcontenttype')}"


@rule(EVERYONE, is_data)
def texts(x):
    """Texts have CR LF, short lines, one object of its version, and no line that cannot be read."""
    for response in x.multistatus.responses:
        data = response.data()
        if data is None:
            if response.status is None and x.report != "sync-collection":
                yield f"{response.href}: no text"
            continue
        text = Text(data)
        component, version = ("VCARD", "3.0") if response.href.endswith(".vcf") else ("VCALENDAR", "2.0")
        if not data.startswith(f"BEGIN:{component}\r\n") or not data.endswith(f"END:{component}\r\n") or text.open:
            yield f"{response.href}: not one {component}: {data[:40]!r} … {data[-40:]!r}"
        if "\n" in data.replace("\r\n", "") or "\r" in data.replace("\r\n", ""):
            yield f"{response.href}: a line that does not end in CR LF"
        if any(len(line.encode()) > 75 for line in data.split("\r\n")):
            yield f"{response.href}: a line over 75 octets"
        if text.unreadable:
            yield f"{response.href}: {text.unreadable[0]!r}"
        if text.values("VERSION", component) != [version]:
            yield f"{response.href}: version {text.values('VERSION', component)}"


@rule(EVERYONE, is_data)
def objects(x):
    """One UID; PRODID; a DTSTAMP each; no METHOD; a zone for every TZID; N and FN of contacts."""
    for response in x.multistatus.responses:
        data = response.data()
        if data is None or not whole(x):
            continue
        text = Text(data)
        if len(text.uids()) != 1:
            yield f"{response.href}: UIDs {text.uids()}"
        if response.href.endswith(".vcf"):
            if len(text.values("FN")) != 1 or len(text.values("N")) != 1:
                yield f"{response.href}: FN {text.values('FN')}, N {text.values('N')}"
            continue
        named, defined = text.zones()
        if named - defined:
            yield f"{response.href}: no VTIMEZONE for {sorted(named - defined)}"
        if text.values("METHOD") or len(text.values("PRODID")) != 1:
            yield f"{response.href}: METHOD {text.values('METHOD')}, PRODID {text.values('PRODID')}"
        components = text.values("BEGIN", "VCALENDAR").count("VEVENT")
        if len(text.values("DTSTAMP", "VEVENT")) != components or not components:
            yield f"{response.href}: {components} events, {len(text.values('DTSTAMP', 'VEVENT'))} DTSTAMP"


@rule(EVERYONE, is_multistatus)
def states(x):
    """ctag and sync-token are of collections, never of members; the token is a URI."""
    for response in x.multistatus.responses:
        for space, local in ((CALENDARSERVER, "getctag"), (DAV, "sync-token")):
            element = response.good(local, space)
            if element is None or b"propname" in x.request_body:
                continue
            if not response.href.endswith("/") or not element.text:
                yield f"{response.href}: {local} {element.text!r}"
            if local == "sync-token" and not TOKEN.fullmatch(element.text):
                yield f"{response.href}: token {element.text!r}"


@rule(EVERYONE, is_multistatus)
def shelves(x):
    """Calendars tell their components, address books vCard 3.0 alone, reports are elements; names are not empty."""
    for response in x.multistatus.responses:
        components = response.good("supported-calendar-component-set", CALDAV)
        if components is not None and b"propname" not in x.request_body:
            names = [child.attributes.get("name") for child in components.all("comp", CALDAV)]
            if not names or None in names or len(names) != len(components.children):
                yield f"{response.href}: components {names}"
        kinds = response.good("supported-address-data", CARDDAV)
        if kinds is not None and [child.attributes.get("version") for child in kinds.children] != ["3.0"]:
            yield f"{response.href}: address data of other versions than 3.0"
        reports = response.good("supported-report-set")
        for one in [] if reports is None else reports.all("supported-report"):
            report = one.first("report")
            if report is None or len(report.children) != 1 or report.text.strip():
                yield f"{response.href}: a report that is no element"
        if response.shelf and response.good("displayname") is not None and not response.text("displayname"):
            yield f"{response.href}: an empty name"


@rule(EVERYONE, is_multistatus)
def links(x):
    """Addresses in properties are absolute paths; principals and homes end in a slash."""
    for response in x.multistatus.responses:
        for local, space in (("current-user-principal", DAV), ("principal-URL", DAV), ("owner", DAV),
                             ("calendar-home-set", CALDAV), ("addressbook-home-set", CARDDAV)):
            element = response.good(local, space)
            if element is None or b"propname" in x.request_body:
                continue
            hrefs = [child.text for child in element.all("href")]
            if len(hrefs) != 1 or not re.fullmatch(r"/\S*/", hrefs[0]):
                yield f"{response.href}: {local} {hrefs}"


@rule(EVERYONE, lambda x: is_content(x) and x.path.endswith((".ics", ".vcf")) and "/dav/files/" not in x.path)
def item_headers(x):
    """GET and HEAD of an event or contact: length, strong tag, its type; no coding."""
    kind = "text/vcard" if x.path.endswith(".vcf") else "text/calendar"
    if x.header("Content-Type") != f"{kind}; charset=utf-8":
        yield f"Content-Type: {x.header('Content-Type')}"
    if not STRONG_TAG.fullmatch(x.header("ETag") or ""):
        yield f"ETag: {x.header('ETag')}"
    if not re.fullmatch(r"\d+", x.header("Content-Length") or ""):
        yield f"Content-Length: {x.header('Content-Length')}"
    if x.header("Content-Encoding"):
        yield f"Content-Encoding: {x.header('Content-Encoding')}"


@rule(EVERYONE, lambda x: is_error(x) and b"sync-token" in x.request_body and x.report == "sync-collection")
def bad_token(x):
    """A token that is not known: DAV:error with valid-sync-token alone, not the words for too many requests."""
    root = davxml.parse(x.body)
    if root.name != (DAV, "error") or [child.name for child in root.children] != [(DAV, "valid-sync-token")]:
        yield f"body {x.body[:200]!r}"
    contacts = "Thunderbird" in (x.asked("User-Agent") or "") and "/addressbooks/" in x.path
    if x.status != (400 if contacts else 403):
        yield f"status {x.status}"
