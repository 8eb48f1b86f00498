"""Tasks.org with its own CalDAV."""

from ..davxml import CALDAV, CALENDARSERVER, DAV
from ..ruling import is_any, is_multistatus, rule

CLIENT = "tasks-org"


def is_home(x):
    """The list that each sync begins with."""
    return is_multistatus(x) and x.asked("Depth") == "1" and (CALDAV, "supported-calendar-component-set") in (x.asked_properties or [])


@rule(CLIENT, is_home)
def lists(x):
    """Each calendar has a name, read without a look whether it is there, components, and a state."""
    for response in x.multistatus.responses:
        if response.shelf != "calendar":
            continue
        if not response.text("displayname"):
            yield f"{response.href}: no displayname"
        components = response.good("supported-calendar-component-set", CALDAV)
        if components is None or not components.all("comp", CALDAV):
            yield f"{response.href}: no components"
        if not response.text("sync-token") and not response.text("getctag", CALENDARSERVER):
            yield f"{response.href}: no state"


@rule(CLIENT, is_home)
def read_only(x):
    """write-content would make it push."""
    for response in x.multistatus.responses:
        granted = response.good("current-user-privilege-set")
        if response.shelf and granted is not None and any(e.local in ("write-content", "write", "all") for e in granted.walk()):
            yield f"{response.href}: writable"


@rule(CLIENT, is_any)
def homes_stay(x):
    """What is not listed is deleted with its tasks: a home is whole or an error."""
    if x.method == "PROPFIND" and x.asked("Authorization") and x.status not in (207, 301, 308, 503):
        yield f"status {x.status}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.method == "REPORT" and (DAV, "getetag") in (x.asked_properties or []))
def tags(x):
    """Members have tags."""
    for response in x.multistatus.responses:
        if response.status is None and not response.text("getetag"):
            yield f"{response.href}: no tag"
