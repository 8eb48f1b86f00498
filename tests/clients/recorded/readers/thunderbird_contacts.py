"""Thunderbird's address books."""

from ..davxml import DAV
from ..ruling import is_multistatus, is_report, rule

CLIENT = "thunderbird-contacts"
OK = "HTTP/1.1 200 OK"
GONE = "HTTP/1.1 404 Not Found"


def local(element, name):
    """First descendant of that local name, whatever its namespace, as a selector finds it."""
    return next((one for one in element.walk() if one.local == name), None)


@rule(CLIENT, is_multistatus)
def first_status(x):
    """The first status of a response is compared letter by letter."""
    for response in x.multistatus.responses:
        status = local(response.element, "status")
        if status is None or status.text not in (OK, GONE if x.method == "REPORT" else OK):
            yield f"{response.href}: first status {status.text if status else None!r}"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "current-user-privilege-set") in (x.asked_properties or []))
def shown(x):
    """A book whose privileges have neither read nor write is hidden; a writing one makes it writable."""
    for response in x.multistatus.responses:
        granted = local(response.element, "current-user-privilege-set")
        names = {one.local for one in granted.walk()} if granted else set()
        if not names & {"read", "all"} or names & {"write", "write-content", "bind"}:
            yield f"{response.href}: {sorted(names)}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.method == "PROPFIND")
def types(x):
    """Books and homes are told by the local name of their type."""
    for response in x.multistatus.responses:
        if (DAV, "resourcetype") in (x.asked_properties or []) and local(response.element, "resourcetype") is None:
            yield f"{response.href}: no resourcetype"


@rule(CLIENT, lambda x: x.report == "sync-collection" and "/addressbooks/" in x.path and x.status != 401)
def sync_status(x):
    """207, or 400 for a token that is not known; with anything else no later sync succeeds."""
    if x.status not in (207, 400):
        yield f"status {x.status}"


@rule(CLIENT, lambda x: is_report(x))
def cards(x):
    """A card has a tag; an answer that is cut short loses the rest."""
    for response in x.multistatus.responses:
        status = local(response.element, "status")
        if status is not None and " 507 " in status.text:
            yield f"{response.href}: cut short"
        if response.status is None and local(response.element, "getetag") is None:
            yield f"{response.href}: no tag"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "sync-token") in (x.asked_properties or []))
def remembers(x):
    """Without a token every look lists the whole book."""
    for response in x.multistatus.responses:
        if response.href.rstrip("/") == x.path.rstrip("/") and x.path.count("/") > 4 and not response.text("sync-token"):
            yield f"{response.href}: no sync-token"
