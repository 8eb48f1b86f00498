"""KDAV, which KDE's Akonadi reads with."""

from ..davxml import CALDAV, DAV
from ..ruling import is_multistatus, is_report, rule

CLIENT = "kdav"


def read(response):
    """Properties of the propstats whose status has «200» in it."""
    return {element.name: element for propstat in response.propstats if "200" in (propstat.status or "")
            for element in propstat.properties}


@rule(CLIENT, lambda x: x.method == "PROPFIND" and x.path.startswith("/dav/") and x.asked("Authorization") is not None)
def answered(x):
    """Anything else than 207 is an error that is shown every five minutes."""
    if x.status != 207:
        yield f"status {x.status}"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "principal-URL") in (x.asked_properties or []))
def home(x):
    """The home or the principal is in the first response that has one."""
    found = [name for response in x.multistatus.responses for name in read(response)]
    if not {"calendar-home-set", "addressbook-home-set", "current-user-principal"} & {local for _, local in found}:
        yield "neither home nor principal"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "displayname") in (x.asked_properties or []) and x.asked("Depth") == "1")
def collections(x):
    """Collections are told by their type; privileges decide about writing, where they are missing all is allowed."""
    for response in x.multistatus.responses:
        found = read(response)
        kind = found.get((DAV, "resourcetype"))
        if kind is None:
            yield f"{response.href}: no resourcetype"
            continue
        types = [child.local for child in kind.children]
        if not {"calendar", "addressbook"} & set(types):
            continue
        granted = found.get((DAV, "current-user-privilege-set"))
        names = {element.local for element in granted.walk()} if granted else {"all"}
        if names & {"all", "write", "write-content", "bind", "unbind"}:
            yield f"{response.href}: privileges {sorted(names)}"
        if "calendar" in types and (CALDAV, "supported-calendar-component-set") in x.asked_properties:
            components = found.get((CALDAV, "supported-calendar-component-set"))
            if components is None or not [c for c in components.children if c.local == "comp" and c.attributes.get("name")]:
                yield f"{response.href}: no component"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "getetag") in (x.asked_properties or []))
def members(x):
    """Members have a tag; those that are collections are passed over."""
    for response in x.multistatus.responses:
        if response.status is not None or response.is_collection:
            continue
        tag = read(response).get((DAV, "getetag"))
        if tag is None or not tag.text:
            yield f"{response.href}: no tag"


@rule(CLIENT, lambda x: is_report(x) and (x.report or "").endswith("multiget"))
def texts(x):
    """A multiget brings a text for what is there."""
    for response in x.multistatus.responses:
        if response.status is None and not response.data():
            yield f"{response.href}: no text"
