"""Thunderbird's calendars."""

from ..davxml import CALDAV, DAV
from ..ruling import is_multistatus, is_options, is_report, rule

CLIENT = "thunderbird-calendar"
RATE_LIMIT = b'<D:error xmlns:D="DAV:"/>'


def merged(response):
    """Properties as it reads them: all propstats together, a later one replaces an earlier one."""
    found = {}
    for propstat in response.propstats:
        for element in propstat.properties:
            empty = not element.children and not element.text
            if propstat.code == 200 or not (element.local == "current-user-privilege-set" and empty):
                found[element.name] = element
    return found


@rule(CLIENT, is_multistatus)
def kinds(x):
    """resourcetype is read from every response that it asked it of, without a look whether it is there."""
    if (DAV, "resourcetype") not in (x.asked_properties or []):
        return
    for response in x.multistatus.responses:
        element = merged(response).get((DAV, "resourcetype"))
        if element is None or not response.href.endswith((".ics", ".vcf")) and not element.children:
            yield f"{response.href}: no resourcetype"


@rule(CLIENT, is_multistatus)
def same_after_merging(x):
    """What is there still is after its merging."""
    for response in x.multistatus.responses:
        found = merged(response)
        for propstat in response.propstats:
            for element in propstat.properties if propstat.code == 200 else ():
                if found.get(element.name) is not element:
                    yield f"{response.href}: {element.local} is replaced"


@rule(CLIENT, is_options)
def features(x):
    """The first token is dropped, the others are its features; scheduling would stop its own mails."""
    tokens = [token.strip() for token in (x.header("DAV") or "").split(",")][1:]
    if "calendar-access" not in tokens or {"calendar-schedule", "calendar-auto-schedule"} & set(tokens):
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked("Depth") == "0" and (CALDAV, "supported-calendar-component-set")
      in (x.asked_properties or []))
def opened(x):
    """A calendar that is opened is one, tells its components, is read-only, and can be synced."""
    own = x.multistatus.responses[0]
    granted = own.good("current-user-privilege-set")
    names = set() if granted is None else {c.local for p in granted.all("privilege") for c in p.children}
    if not names or names & {"write", "write-content", "bind", "all"}:
        yield f"privileges {sorted(names)}"
    reports = own.good("supported-report-set")
    if reports is None or not any(e.name == (DAV, "sync-collection") for e in reports.walk()):
        yield "no sync-collection"


@rule(CLIENT, lambda x: x.method in ("PROPFIND", "OPTIONS", "REPORT"))
def stays_enabled(x):
    """4xx disables the calendar or drops its token, a redirect asks the person."""
    known = x.status in (200, 207, 401) or x.path.startswith("/.well-known/")
    if not known and not (x.report == "sync-collection" and b"valid-sync-token" in x.body):
        yield f"status {x.status}"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "getetag") in (x.asked_properties or []))
def listed(x):
    """A member without tag, type or the ending .ics is passed over in silence."""
    asked = x.asked_properties or []
    for response in x.multistatus.responses:
        if response.href.rstrip("/") == x.path.rstrip("/"):
            continue
        if response.status is not None:
            if " 404" not in response.status:
                yield f"{response.href}: {response.status}"
            continue
        if not response.text("getetag"):
            yield f"{response.href}: no tag"
        known = (response.text("getcontenttype") or "").startswith(("text/calendar", "text/vcard"))
        if (DAV, "getcontenttype") in asked and not known:
            yield f"{response.href}: {response.text('getcontenttype')}"


@rule(CLIENT, lambda x: is_report(x) and x.report == "calendar-multiget")
def fetched(x):
    """The status holds « 200», text and tag are there; anything else ends the sync."""
    for response in x.multistatus.responses:
        if response.status is not None and " 404" in response.status:
            continue
        first = response.propstats[0] if response.propstats else None
        if first is None or " 200" not in (first.status or "") or not response.text("calendar-data", CALDAV):
            yield f"{response.href}: not fetched"


@rule(CLIENT, lambda x: 400 <= x.status < 500 and x.method == "REPORT")
def not_too_many(x):
    """An empty DAV:error is taken for too many requests."""
    if RATE_LIMIT in x.body or x.status == 429:
        yield f"{x.status} {x.body[:100]!r}"
