"""Windows Explorer: the WebClient mini-redirector."""

import re

from ..davxml import MICROSOFT
from ..ruling import HTTP_DATE, is_any, is_listing, is_options, rule

CLIENT = "windows"
TIMES = ("Win32CreationTime", "Win32LastAccessTime", "Win32LastModifiedTime")
# FileAttributesLimitInBytes, the default limit of one PROPFIND answer.
LISTING_LIMIT = 1_000_000


@rule(CLIENT, is_options)
def authoring(x):
    """MS-Author-Via: DAV, else the address is taken for a web page."""
    if x.header("MS-Author-Via") != "DAV":
        yield f"MS-Author-Via: {x.header('MS-Author-Via')}"


@rule(CLIENT, is_listing)
def prefix(x):
    """Reads the prefix `D:` on every element of DAV: and no default namespace."""
    text = x.body.decode("utf-8", "replace")
    if re.search(r'\sxmlns="', text):
        yield "default namespace"
    if not re.search(r"<D:multistatus\s[^>]*xmlns:D=\"DAV:\"", text):
        yield "D: is not bound on D:multistatus"


@rule(CLIENT, is_listing)
def win32_properties(x):
    """Win32 properties are in their own namespace, times RFC 1123, attributes 8 hex digits."""
    for response in x.multistatus.responses:
        for propstat in response.propstats:
            for element in propstat.properties:
                if not element.local.startswith("Win32"):
                    continue
                if element.space != MICROSOFT:
                    yield f"{response.href}: {element.local} in {element.space}"
                elif propstat.code == 200 and element.local in TIMES and not HTTP_DATE.fullmatch(element.text):
                    yield f"{response.href}: {element.local} is {element.text!r}"
                elif propstat.code == 200 and element.local == "Win32FileAttributes":
                    if not re.fullmatch(r"[0-9A-Fa-f]{8}", element.text):
                        yield f"{response.href}: attributes {element.text!r}"


@rule(CLIENT, is_listing)
def entry(x):
    """Name, type and date of each entry, size of each file."""
    for response in x.multistatus.responses:
        needs = ["resourcetype", "getlastmodified", "displayname"]
        if not response.is_collection:
            needs.append("getcontentlength")
        for local in needs:
            if response.good(local) is None and response.href.rstrip("/") != x.path.rstrip("/"):
                yield f"{response.href}: no {local}"


@rule(CLIENT, is_listing)
def size(x):
    """1,000 entries fit the default limit of one answer."""
    count = len(x.multistatus.responses)
    if len(x.body) > LISTING_LIMIT * max(1, count / 1001):
        yield f"{count} entries take {len(x.body)} bytes"


@rule(CLIENT, is_any)
def missing_not_cached(x):
    """404 is not to be kept: the redirector would hide a new name for a minute."""
    if x.status == 404 and "no-store" not in (x.header("Cache-Control") or ""):
        yield f"Cache-Control: {x.header('Cache-Control')}"
