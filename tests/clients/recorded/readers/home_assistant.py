"""Home Assistant with python-caldav."""

from urllib.parse import unquote

from ..davxml import CALDAV, DAV
from ..icaltext import Text
from ..ruling import is_multistatus, is_report, rule

CLIENT = "home-assistant"


@rule(CLIENT, is_multistatus)
def known_shape(x):
    """Each response has an address and a status or propstats; other elements are an error in its debug mode."""
    for response in x.multistatus.responses:
        names = {child.local for child in response.element.children}
        if not response.href or names - {"href", "status", "propstat", "error"}:
            yield f"{response.href}: {sorted(names)}"


@rule(CLIENT, lambda x: is_report(x) and (CALDAV, "calendar-data") in (x.asked_properties or []))
def events(x):
    """Texts come at once; what is expanded has neither rules nor zones."""
    expanded = b":expand " in x.request_body
    for response in x.multistatus.responses:
        data = response.text("calendar-data", CALDAV)
        if response.status is None and not data:
            yield f"{response.href}: no text"
        elif data and expanded:
            text = Text(data)
            if text.values("RRULE", "VEVENT") or text.values("BEGIN", "VTIMEZONE") or "VTIMEZONE" in text.values("BEGIN"):
                yield f"{response.href}: a rule or zone in expanded text"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked_properties == [(DAV, "current-user-principal")])
def principal(x):
    """The principal is a path that leads somewhere else than here."""
    element = x.multistatus.responses[0].good("current-user-principal")
    href = element.first("href") if element is not None else None
    if href is None or unquote(href.text).rstrip("/") == unquote(x.path).rstrip("/"):
        yield f"principal {None if href is None else href.text}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked("Depth") == "1" and x.method == "PROPFIND")
def calendars(x):
    """Calendars are told by their type and have a name."""
    for response in x.multistatus.responses:
        if response.shelf == "calendar" and (DAV, "displayname") in (x.asked_properties or []) and not response.text("displayname"):
            yield f"{response.href}: no name"
