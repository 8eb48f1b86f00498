"""davfs2, a mount on Linux, which reads with neon."""

import re
from urllib.parse import unquote

from ..davxml import APACHE, DAV
from ..ruling import is_listing, is_options, rule

CLIENT = "davfs2"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def date(text):
    """Whether neon's RFC 1123 reader takes it."""
    match = re.fullmatch(r"[A-Z][a-z]{2}, +\d{1,2} ([A-Z][a-z]{2}) \d{4} \d\d:\d\d:\d\d GMT", text or "")
    return bool(match) and match[1] in MONTHS


@rule(CLIENT, is_options)
def class_one(x):
    """Class `1` is an element of its own: strings are compared, else the mount fails."""
    tokens = [token.strip() for token in (x.header("DAV") or "").split(",")]
    if "1" not in tokens:
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, is_listing)
def below(x):
    """Paths begin with the request's path, case aside; members are one level below."""
    own = unquote(x.path).rstrip("/") + "/"
    for response in x.multistatus.responses:
        path = re.sub("/+", "/", unquote(response.href))
        if not (path.rstrip("/") + "/").lower().startswith(own.lower()):
            yield f"{response.href} is not below {own}"
        elif "/" in path[len(own):].rstrip("/"):
            yield f"{response.href} is deeper than a member"


@rule(CLIENT, is_listing)
def status_line(x):
    """neon needs a version, a three-digit code and a phrase in each status."""
    for response in x.multistatus.responses:
        for propstat in response.propstats:
            if not re.match(r"HTTP/\d+\.\d+ \d{3}( |$)", propstat.status or ""):
                yield f"{response.href}: {propstat.status!r}"


@rule(CLIENT, is_listing)
def entry(x):
    """Type, and for files size, date and tag, so that opening is conditional."""
    asked = x.asked_properties or []
    for response in x.multistatus.responses:
        if (DAV, "getcontentlength") not in asked or response.is_collection:
            continue
        if not (response.text("getcontentlength") or "").isdigit():
            yield f"{response.href}: no size"
        if not date(response.text("getlastmodified")):
            yield f"{response.href}: date {response.text('getlastmodified')!r}"
        if not response.text("getetag"):
            yield f"{response.href}: no tag"


@rule(CLIENT, is_listing)
def executable(x):
    """Apache's executable comes back in its namespace, in one of the two blocks."""
    if (APACHE, "executable") not in (x.asked_properties or []):
        return
    for response in x.multistatus.responses:
        places = [p.code for p in response.propstats for e in p.properties if e.name == (APACHE, "executable")]
        if places not in ([200], [404]):
            yield f"{response.href}: executable under {places}"


@rule(CLIENT, is_listing)
def room(x):
    """A refused quota switches free space off for the whole session."""
    if (DAV, "quota-available-bytes") in (x.asked_properties or []):
        own = x.multistatus.responses[0]
        if not (own.text("quota-available-bytes") or "").isdigit():
            yield f"{own.href}: available {own.text('quota-available-bytes')!r}"
