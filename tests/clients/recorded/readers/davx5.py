"""DAVx5 file mounts on Android, which read with dav4jvm."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from ..davxml import DAV
from ..ruling import HTTP_DATE, STRONG_TAG, is_content, is_listing, is_options, rule

CLIENT = "davx5"


@rule(CLIENT, is_options)
def mountable(x):
    """Some class among 1, 2 and 3."""
    if not {"1", "2", "3"} & {token.strip() for token in (x.header("DAV") or "").split(",")}:
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, is_listing)
def relation(x):
    """Each response is the folder itself or, same origin, a direct member."""
    base = "http://host" + x.path
    for response in x.multistatus.responses:
        url = urlsplit(urljoin(base, response.href))
        own = unquote(x.path).rstrip("/").split("/")
        path = unquote(url.path).rstrip("/").split("/")
        if url.netloc != "host" or path[:len(own)] != own or len(path) > len(own) + 1:
            yield f"{response.href}: neither itself nor a member"


@rule(CLIENT, is_listing)
def rights(x):
    """Every resource, files too, tells its privileges; none of them shows a writing command."""
    if (DAV, "current-user-privilege-set") not in (x.asked_properties or []):
        return
    for response in x.multistatus.responses:
        granted = response.good("current-user-privilege-set")
        names = [] if granted is None else [c.local for p in granted.all("privilege") for c in p.children]
        if "read" not in names or {"bind", "unbind", "write-content", "write", "all"} & set(names):
            yield f"{response.href}: {names}"


@rule(CLIENT, is_listing)
def entry(x):
    """Files: name shown, strong tag, type, size, date."""
    asked = [local for _, local in x.asked_properties or []]
    forms = {"getetag": STRONG_TAG, "getcontentlength": re.compile(r"\d+"), "getlastmodified": HTTP_DATE,
             "getcontenttype": re.compile(r"[^/\s]+/[^/\s;]+.*"), "displayname": re.compile(".+", re.S)}
    for response in x.multistatus.responses:
        for local, form in forms.items():
            if local in asked and not response.is_collection and not form.fullmatch(response.text(local) or ""):
                yield f"{response.href}: {local} is {response.text(local)!r}"


@rule(CLIENT, is_content)
def random_access(x):
    """Seeking needs length, `Accept-Ranges: bytes` and a strong tag or a date; a range gives 206."""
    if x.header("Content-Length") is None or x.header("Accept-Ranges") != "bytes":
        yield f"length {x.header('Content-Length')}, ranges {x.header('Accept-Ranges')}"
    if not STRONG_TAG.fullmatch(x.header("ETag") or "") and not x.header("Last-Modified"):
        yield "neither strong tag nor date"
    if x.method == "GET" and x.asked("Range") and x.status != 206:
        yield f"{x.status} for a range"
