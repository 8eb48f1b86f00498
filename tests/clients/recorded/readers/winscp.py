"""WinSCP, which lists with allprop and reads with neon."""

import re
from urllib.parse import unquote

from ..davxml import DAV
from ..ruling import is_listing, rule

CLIENT = "winscp"
COSTLY = ("quota-available-bytes", "quota-used-bytes", "acl")


@rule(CLIENT, is_listing)
def encoded(x):
    """Hrefs are encoded: blanks and percent signs cut names."""
    for response in x.multistatus.responses:
        if re.search(r"[\s<>\"]|%(?![0-9A-Fa-f]{2})", response.href) or not response.href.isascii():
            yield f"href {response.href!r}"


@rule(CLIENT, is_listing)
def entry(x):
    """Type and date of each entry, size of files, all in namespace DAV:."""
    for response in x.multistatus.responses:
        if (DAV, "quota-available-bytes") in (x.asked_properties or []):
            continue
        if response.good("resourcetype") is None:
            yield f"{response.href}: no resourcetype"
        if not response.is_collection:
            if not (response.text("getcontentlength") or "").isdigit():
                yield f"{response.href}: size {response.text('getcontentlength')!r}"
            if not response.text("getlastmodified"):
                yield f"{response.href}: no date"


@rule(CLIENT, is_listing)
def itself(x):
    """The folder itself is recognised by its path and becomes «.»."""
    own = unquote(x.path).rstrip("/")
    if own not in [unquote(response.href).rstrip("/") for response in x.multistatus.responses]:
        yield f"{own or '/'} is not in its own listing"


@rule(CLIENT, is_listing)
def cheap(x):
    """allprop of many members asks nothing costly: no quota in it."""
    if x.asked_properties is None:
        for response in x.multistatus.responses:
            for local in COSTLY:
                if response.good(local) is not None:
                    yield f"{response.href}: {local} in allprop"
