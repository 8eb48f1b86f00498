"""GNOME: gvfs, which finds DAV: structure by namespace and properties by local name."""

import re
from datetime import datetime
from urllib.parse import unquote, urljoin, urlsplit

from ..davxml import parse
from ..ruling import HTTP_DATE, is_listing, is_options, rule

CLIENT = "gnome"


def entries(x):
    """Path, whether it is the target, type and properties of each response gvfs can read."""
    root = parse(x.body)
    if root.local != "multistatus" or not root.children:
        return
    target = "http://host" + x.path
    for node in root.all("response"):
        href = node.first("href")
        if href is None or not href.text:
            return  # the walk ends at the first response without an address
        path = unquote(urlsplit(urljoin(target, href.text)).path)
        properties, kind = {}, "regular"
        for propstat in node.all("propstat"):
            status, prop = propstat.first("status"), propstat.first("prop")
            line = re.match(r"HTTP/\d+\.\d+ (\d{3})(?: |$)", status.text if status else "")
            if prop is None or not line or not 200 <= int(line[1]) < 300:
                continue
            for element in prop.children:
                if element.local == "resourcetype":
                    first = element.children[0].local if element.children else None
                    kind = {None: "regular", "collection": "folder"}.get(first, "unknown")
                    properties["resourcetype"] = kind
                if element.text:
                    properties[element.local] = element.text
        own = path.rstrip("/") == unquote(x.path).rstrip("/")
        yield path, own, kind, properties


@rule(CLIENT, is_options)
def dav_header(x):
    """Any DAV header makes it a DAV server."""
    if not x.header("DAV"):
        yield "no DAV header"


@rule(CLIENT, is_listing)
def target(x):
    """One response is the request's own, with a type: else «Response invalid»."""
    if sum(own for _, own, _, _ in entries(x)) != 1:
        yield f"no response equals {x.path}"


@rule(CLIENT, is_listing)
def structure(x):
    """Every response is read: structure in namespace DAV:, statuses as status lines."""
    seen = list(entries(x))
    if len(seen) != len(x.multistatus.root.children):
        yield f"{len(seen)} of {len(x.multistatus.root.children)} children read"
    for path, _, kind, properties in seen:
        if kind == "unknown":
            yield f"{path}: first type is not a collection"
        if not properties:
            yield f"{path}: no property read"


@rule(CLIENT, is_listing)
def entry(x):
    """Files have a size; dates and the creation date parse; free space is unsigned."""
    asked = [local for _, local in x.asked_properties or []]
    for path, own, kind, found in entries(x):
        if kind == "regular" and "getcontentlength" in asked and not found.get("getcontentlength", "").isdigit():
            yield f"{path}: no size"
        if "getlastmodified" in asked and not own and not HTTP_DATE.fullmatch(found.get("getlastmodified", "")):
            yield f"{path}: date {found.get('getlastmodified')!r}"
        if "creationdate" in found:
            try:
                datetime.fromisoformat(found["creationdate"])
            except ValueError:
                yield f"{path}: creation date {found['creationdate']!r}"
        for local in ("quota-available-bytes", "quota-used-bytes"):
            if local in asked and local in found and not (found[local].isdigit() and int(found[local]) < 2**64):
                yield f"{path}: {local} {found[local]!r}"


@rule(CLIENT, is_listing)
def names(x):
    """Base names are not empty and differ."""
    bases = [path.rstrip("/").rpartition("/")[2] for path, own, _, _ in entries(x) if not own]
    if "" in bases or len(set(bases)) != len(bases):
        yield f"{len(bases)} members, {len(set(bases))} names"
