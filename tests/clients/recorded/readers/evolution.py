"""Evolution (evolution-data-server) and GNOME Online Accounts."""

import re

from ..davxml import CALDAV, CALENDARSERVER, CARDDAV, DAV
from ..ruling import is_multistatus, is_options, is_report, rule

CLIENT = "evolution"
STATUS = re.compile(r"HTTP/1\.[01] (\d{3}) .+")


@rule(CLIENT, is_options)
def able(x):
    """Both services, class 1, and no sign of Nextcloud, which Online Accounts would follow."""
    tokens = {token.strip() for token in (x.header("DAV") or "").split(",")}
    if not {"1", "calendar-access", "addressbook"} <= tokens or "nextcloud-checksum-update" in tokens:
        yield f"DAV: {x.header('DAV')}"
    if "calendar-schedule" in tokens:
        yield "scheduling is told"


@rule(CLIENT, is_options)
def no_writing(x):
    """Where privileges cannot be read, PUT, POST or DELETE in Allow make a source writable."""
    allow = {token.strip() for token in (x.header("Allow") or "").split(",")}
    if allow & {"PUT", "POST", "DELETE"}:
        yield f"Allow: {x.header('Allow')}"


@rule(CLIENT, is_multistatus)
def status_line(x):
    """Each status is read as a status line; without one the code is 0."""
    for response in x.multistatus.responses:
        for text in [p.status for p in response.propstats] + ([response.status] if response.status else []):
            if not STATUS.fullmatch(text or ""):
                yield f"{response.href}: {text!r}"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "current-user-privilege-set") in (x.asked_properties or []))
def read_only(x):
    """write, write-content or all make a source writable."""
    granted = x.multistatus.responses[0].good("current-user-privilege-set")
    names = {element.local for element in granted.walk()} if granted else set()
    if "read" not in names or names & {"write", "write-content", "all"}:
        yield f"{sorted(names)}"


@rule(CLIENT, is_multistatus)
def tokens(x):
    """A token without colon or slash is no URI and is dropped: the next sync is a whole one."""
    for token in [x.multistatus.token] + [response.text("sync-token") for response in x.multistatus.responses]:
        if token is not None and not re.search("[:/]", token):
            yield f"token {token!r}"


@rule(CLIENT, lambda x: is_multistatus(x) and (CALENDARSERVER, "getctag") in (x.asked_properties or [])
      and x.asked("Depth") == "0")
def state(x):
    """Without ctag everything is listed at each refresh."""
    own = x.multistatus.responses[0]
    if own.shelf or (DAV, "resourcetype") not in x.asked_properties:
        if own.text("getctag", CALENDARSERVER) is None:
            yield f"{own.href}: no ctag"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "getetag") in (x.asked_properties or []))
def members(x):
    """What is not a collection has a tag; a text where it is asked for."""
    data = {(CALDAV, "calendar-data"), (CARDDAV, "address-data")} & set(x.asked_properties)
    for response in x.multistatus.responses:
        if response.status is not None or response.href.endswith("/"):
            continue
        if not response.text("getetag"):
            yield f"{response.href}: no tag"
        if data and is_report(x) and not response.data():
            yield f"{response.href}: no text"
