"""What every client needs of answers beyond the listing: headers, content, refusals."""

import re

from . import davxml
from .ruling import EVERYONE, HTTP_DATE, STRONG_TAG, is_any, is_content, is_options, rule

WRITING = {"PUT", "DELETE", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "PATCH", "MKCALENDAR", "MKADDRESSBOOK"}


@rule(EVERYONE, is_any)
def no_trouble(x):
    """No 5xx, no redirect off the well-known addresses, no cookie, not an IIS look-alike."""
    if x.status >= 500:
        yield f"status {x.status}"
    if 300 <= x.status < 400 and x.status != 304 and not x.path.startswith("/.well-known/"):
        yield f"status {x.status} to {x.header('Location')}"
    if x.header("Set-Cookie"):
        yield "sets a cookie"
    if "Microsoft-IIS" in (x.header("Server") or ""):
        yield f"Server: {x.header('Server')}"


@rule(EVERYONE, is_any)
def challenge(x):
    """401 offers Basic with a realm and UTF-8, and nothing else."""
    if x.status == 401:
        offers = [value for name, value in x.headers if name.lower() == "www-authenticate"]
        if len(offers) != 1 or not re.fullmatch(r'Basic realm="[ -~]+", ?charset="UTF-8"', offers[0]):
            yield f"WWW-Authenticate: {offers}"


@rule(EVERYONE, lambda x: x.method in ("OPTIONS", "PROPFIND") and 200 <= x.status < 300)
def classes(x):
    """DAV begins with class 1, has class 3, and not class 2: nothing can be locked."""
    tokens = [token.strip() for token in (x.header("DAV") or "").split(",")]
    if tokens[0] != "1" or "3" not in tokens or "2" in tokens:
        yield f"DAV: {x.header('DAV')}"
    if "sabredav-partialupdate" in tokens:
        yield "offers partial updates"


@rule(EVERYONE, is_options)
def allowed(x):
    """OPTIONS names the reading methods in Allow and none that writes; empty body."""
    allow = {token.strip() for token in (x.header("Allow") or "").split(",")}
    for method in sorted({"OPTIONS", "PROPFIND"} - allow):
        yield f"Allow lacks {method}: {x.header('Allow')}"
    for method in sorted(WRITING & allow):
        yield f"Allow offers {method}"
    if x.body:
        yield "OPTIONS has a body"


@rule(EVERYONE, lambda x: is_content(x) and x.path.startswith("/dav/files/") and not x.path.endswith("/"))
def content_headers(x):
    """GET and HEAD of a file tell length, strong tag, date, type and ranges; no coding."""
    if not re.fullmatch(r"\d+", x.header("Content-Length") or ""):
        yield f"Content-Length: {x.header('Content-Length')}"
    elif x.method == "GET" and len(x.body) != int(x.header("Content-Length")):
        yield f"body of {len(x.body)} bytes, Content-Length {x.header('Content-Length')}"
    if not STRONG_TAG.fullmatch(x.header("ETag") or ""):
        yield f"ETag: {x.header('ETag')}"
    if not HTTP_DATE.fullmatch(x.header("Last-Modified") or ""):
        yield f"Last-Modified: {x.header('Last-Modified')}"
    if x.header("Accept-Ranges") != "bytes":
        yield f"Accept-Ranges: {x.header('Accept-Ranges')}"
    if "/" not in (x.header("Content-Type") or ""):
        yield f"Content-Type: {x.header('Content-Type')}"
    if x.header("Content-Encoding"):
        yield f"Content-Encoding: {x.header('Content-Encoding')}"


@rule(EVERYONE, lambda x: x.method == "GET" and x.asked("Range") is not None and x.status in (200, 206))
def part(x):
    """A range comes back as 206 with exactly the bytes it names."""
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", x.header("Content-Range") or "")
    if x.status != 206 or not match:
        yield f"{x.status} with Content-Range: {x.header('Content-Range')} for {x.asked('Range')}"
        return
    first, last, size = map(int, match.groups())
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", x.asked("Range"))
    start = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
    end = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
    if (first, last) != (start, end) or len(x.body) != last - first + 1:
        yield f"{x.header('Content-Range')} and {len(x.body)} bytes for {x.asked('Range')}"


@rule(EVERYONE, lambda x: x.method in WRITING and x.asked("Authorization") is not None)
def refusal(x):
    """Writing is refused with 403 and the privilege that is lacking, for a resource."""
    if x.status != 403:
        yield f"status {x.status}"
        return
    if not re.match(r"(application|text)/xml", x.header("Content-Type") or ""):
        yield f"Content-Type: {x.header('Content-Type')}"
    root = davxml.parse(x.body)
    need = root.first("need-privileges") if root.name == (davxml.DAV, "error") else None
    if need is None:
        yield f"body {x.body[:120]!r}"
        return
    for resource in need.all("resource") or [davxml.Element("missing", {}, {})]:
        privilege = resource.first("privilege")
        href = resource.first("href")
        if href is None or not href.text.startswith("/") or privilege is None or len(privilege.children) != 1:
            yield f"resource without href and one privilege: {x.body[:200]!r}"


@rule(EVERYONE, lambda x: x.method == "PROPPATCH" and x.asked("Authorization") is not None)
def properties_refused(x):
    """PROPPATCH is 207 with 403 for each property, empty and in its own namespace."""
    if x.status != 207:
        yield f"status {x.status}"
        return
    wanted = {e.name for verb in davxml.parse(x.request_body).children
              for prop in verb.all("prop") for e in prop.children}
    for response in x.multistatus.responses:
        refused = {e.name for p in response.propstats if p.code == 403 for e in p.properties}
        if refused != wanted or any(p.code != 403 for p in response.propstats):
            yield f"{response.href}: refused {sorted(refused)} of {sorted(wanted)}"
    if len(x.multistatus.responses) != 1:
        yield f"{len(x.multistatus.responses)} responses"
