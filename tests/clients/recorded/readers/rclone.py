"""rclone's webdav backend, which reads all propstats of a response into one value."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from ..ruling import HTTP_DATE, is_content, is_listing, rule

CLIENT = "rclone"


def merged(response):
    """Statuses in order and the last element of each local name, over all propstats."""
    statuses, last = [], {}
    for propstat in response.element.all("propstat"):
        statuses += [status.text for status in propstat.all("status")]
        for prop in propstat.all("prop"):
            for element in prop.children:
                last[element.local] = element
    return statuses, last


@rule(CLIENT, is_listing)
def accepted(x):
    """A status line with a 2xx code is found, else the entry is dropped."""
    for response in x.multistatus.responses:
        statuses, _ = merged(response)
        codes = [re.match(r"HTTP/[0-9.]+\s+(\d+)\s+(.*)$", text) for text in statuses]
        if statuses and not any(code and 200 <= int(code[1]) < 300 for code in codes):
            yield f"{response.href}: statuses {statuses}"
        if codes and codes[0] is None:
            yield f"{response.href}: first status {statuses[0]!r}"


@rule(CLIENT, is_listing)
def below(x):
    """Entries outside the address of the request are skipped; the rest have names."""
    base = "http://host" + x.path
    for response in x.multistatus.responses:
        url = urlsplit(urljoin(base, response.href))
        if url.netloc != "host" or not unquote(url.path).startswith(unquote(x.path)):
            yield f"{response.href} is outside {x.path}"


@rule(CLIENT, is_listing)
def merge_safe(x):
    """What the last propstat says of date, size and type is the good value; no date is the epoch."""
    asked = [local for _, local in x.asked_properties or []]
    for response in x.multistatus.responses:
        _, last = merged(response)
        date = last.get("getlastmodified")
        text = "" if date is None else date.text
        if text and not HTTP_DATE.fullmatch(text):
            yield f"{response.href}: date {text!r}"
        if text != (response.text("getlastmodified") or ""):
            yield f"{response.href}: date {response.text('getlastmodified')!r} is replaced by {text!r}"
        size = last.get("getcontentlength")
        if size is not None and size.text and not re.fullmatch(r"\d{1,18}", size.text):
            yield f"{response.href}: size {size.text!r}"
        folder = last.get("resourcetype") is not None and last["resourcetype"].first("collection") is not None
        if not folder and "getcontentlength" in asked and not (size is not None and size.text and text):
            yield f"{response.href}: a file without size or date"


@rule(CLIENT, lambda x: is_content(x) and x.status == 206)
def range_checked(x):
    """Content-Range begins where the read was to begin."""
    start = re.match(r"bytes=(\d+)-", x.asked("Range") or "")
    if start and not (x.header("Content-Range") or "").startswith(f"bytes {start[1]}-"):
        yield f"Content-Range: {x.header('Content-Range')}"
