"""macOS Finder: WebDAVFS."""

from urllib.parse import unquote, urlsplit

from ..ruling import HTTP_DATE, is_content, is_listing, is_options, rule

CLIENT = "finder"


@rule(CLIENT, is_options)
def mountable(x):
    """Class 1 mounts; a class 2 that cannot lock ends in error -36 instead of a read-only volume."""
    tokens = [token.strip() for token in (x.header("DAV") or "").split(",")]
    if "1" not in tokens:
        yield f"not mountable, DAV: {x.header('DAV')}"
    if "2" in tokens:
        yield "mounts writable, DAV has class 2"


@rule(CLIENT, is_listing)
def entry(x):
    """Each entry has a name of at most 255 bytes of UTF-8, a date, and as a file a size."""
    asked = [local for _, local in x.asked_properties or []]
    for response in x.multistatus.responses:
        name = unquote(urlsplit(response.href).path.rstrip("/").rpartition("/")[2], errors="strict")
        if len(name.encode()) > 255:
            yield f"name of {len(name.encode())} bytes"
        if "getlastmodified" in asked and not HTTP_DATE.fullmatch(response.text("getlastmodified") or ""):
            if response.href.rstrip("/") != x.path.rstrip("/"):
                yield f"{response.href}: no readable date"
        if "getcontentlength" in asked and not response.is_collection:
            if not (response.text("getcontentlength") or "").isdigit():
                yield f"{response.href}: no size"


@rule(CLIENT, is_listing)
def quota(x):
    """Space is there when asked for: without it, or with 0 free, the volume is full."""
    asked = [local for _, local in x.asked_properties or []]
    if "quota-available-bytes" not in asked:
        return
    own = x.multistatus.responses[0]
    available, used = own.text("quota-available-bytes"), own.text("quota-used-bytes")
    if not (available or "").isdigit() or not (used or "").isdigit() or int(available) == 0:
        yield f"available {available!r}, used {used!r}"


@rule(CLIENT, is_content)
def length(x):
    """Content-Length on every GET: without it the file reads as empty."""
    if x.header("Content-Length") is None or x.header("Transfer-Encoding"):
        yield f"Content-Length: {x.header('Content-Length')}, coding {x.header('Transfer-Encoding')}"
