"""Cyberduck, which binds answers to classes by namespace and name."""

from datetime import datetime
from urllib.parse import unquote

from ..davxml import DAV
from ..ruling import HTTP_DATE, is_any, is_listing, rule

CLIENT = "cyberduck"
SAR = "SAR:"


@rule(CLIENT, lambda x: is_any(x) and x.method == "HEAD" and x.path.endswith("/"))
def login(x):
    """HEAD on the home is 200, or a status after which it lists instead; 400 ends preemptive Basic."""
    if x.status not in (200, 204, 403, 404, 405, 415, 501):
        yield f"status {x.status}"


@rule(CLIENT, is_listing)
def foreign(x):
    """SAR: properties come back under 404 in their own namespace."""
    wanted = {name for name in x.asked_properties or [] if name[0] == SAR}
    for response in x.multistatus.responses:
        missing = {e.name for p in response.propstats if p.code == 404 for e in p.properties}
        for name in wanted - missing:
            yield f"{response.href}: {name[1]} is not among the missing"


@rule(CLIENT, is_listing)
def entry(x):
    """Creation and change dates parse, files have size and tag, folders are told by type."""
    for response in x.multistatus.responses:
        created = response.text("creationdate")
        if created is not None:
            try:
                datetime.fromisoformat(created)
            except ValueError:
                yield f"{response.href}: creation date {created!r}"
        if not response.is_collection and (DAV, "getcontentlength") in (x.asked_properties or []):
            if not (response.text("getcontentlength") or "").isdigit() or not response.text("getetag"):
                yield f"{response.href}: size or tag missing"
            if not HTTP_DATE.fullmatch(response.text("getlastmodified") or ""):
                yield f"{response.href}: date {response.text('getlastmodified')!r}"


@rule(CLIENT, is_listing)
def itself(x):
    """The folder's own entry is left out by its decoded path."""
    own = unquote(x.path).rstrip("/")
    if sum(unquote(r.href).rstrip("/") == own for r in x.multistatus.responses) != 1:
        yield f"{own or '/'} is not exactly once in its own listing"
