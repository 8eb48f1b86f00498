"""Calendar and Contacts of iOS and macOS."""

from ..davxml import CALDAV, CALENDARSERVER, CARDDAV, DAV
from ..icaltext import Text
from ..ruling import is_any, is_multistatus, is_options, is_report, rule

CLIENT = "apple"


@rule(CLIENT, is_any)
def no_alert(x):
    """What must not fail: reports about principals are never 5xx, PROPPATCH never an error of the whole."""
    if x.status >= 500 or x.method == "PROPPATCH" and x.status != 207 and x.asked("Authorization"):
        yield f"status {x.status}"


@rule(CLIENT, is_options)
def able(x):
    """accountsd goes on only with calendar-access; Contacts with addressbook."""
    tokens = {token.strip() for token in (x.header("DAV") or "").split(",")}
    if not {"calendar-access", "addressbook", "access-control"} <= tokens:
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, is_multistatus)
def signed_in(x):
    """The principal is the person's, and homes and principals end in a slash in property and response."""
    for response in x.multistatus.responses:
        for local, space in (("current-user-principal", DAV), ("calendar-home-set", CALDAV), ("addressbook-home-set", CARDDAV)):
            element = response.good(local, space)
            if element is None:
                continue
            href = element.first("href")
            if href is None or not href.text.endswith("/") or element.first("unauthenticated") is not None:
                yield f"{response.href}: {local} {None if href is None else href.text}"
        if response.is_collection and not response.href.endswith("/"):
            yield f"{response.href}: no slash"


@rule(CLIENT, lambda x: is_multistatus(x) and (CALENDARSERVER, "push-transports") in (x.asked_properties or []))
def shelves(x):
    """Each calendar and book has a state and its reports as elements; push only where it is real."""
    for response in x.multistatus.responses:
        if response.good("push-transports", CALENDARSERVER) is not None or response.good("pushkey", CALENDARSERVER) is not None:
            yield f"{response.href}: push"
        if not response.shelf:
            continue
        if not response.text("sync-token"):
            yield f"{response.href}: no sync-token"
        reports = response.good("supported-report-set")
        names = set() if reports is None else {element.local for element in reports.walk()}
        wanted = "calendar-multiget" if response.shelf == "calendar" else "addressbook-multiget"
        if not {"sync-collection", wanted} <= names:
            yield f"{response.href}: reports {sorted(names)}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked_properties == [(CALENDARSERVER, "getctag"), (DAV, "sync-token")])
def state(x):
    """Without a state the whole is listed at each look."""
    own = x.multistatus.responses[0]
    if not own.text("getctag", CALENDARSERVER) or not own.text("sync-token"):
        yield f"{own.href}: no state"


@rule(CLIENT, is_report)
def cards(x):
    """Contacts takes vCard 3.0 alone, with N, FN and UID."""
    for response in x.multistatus.responses:
        data = response.text("address-data", CARDDAV)
        if data is None:
            continue
        text = Text(data)
        if text.values("VERSION") != ["3.0"] or not text.values("N") or not text.values("FN") or not text.values("UID"):
            yield f"{response.href}: version {text.values('VERSION')}, FN {text.values('FN')}"


@rule(CLIENT, lambda x: x.method == "MKCALENDAR" and x.asked("Authorization") is not None)
def no_new_calendar(x):
    """A calendar that cannot be made is refused with the privilege."""
    if x.status != 403 or b"need-privileges" not in x.body or b":bind/>" not in x.body:
        yield f"{x.status} {x.body[:120]!r}"
