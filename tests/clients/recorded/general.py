"""What every client needs of a multistatus answer."""

import re
from collections import Counter
from urllib.parse import unquote, unquote_to_bytes

from .davxml import DAV
from .ruling import EVERYONE, HTTP_DATE, STRONG_TAG, is_listing, is_multistatus, rule

HREF = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def wants_minimum(x):
    """Whether what is missing may be left out."""
    return "return=minimal" in (x.asked("Prefer") or "") or x.asked("Brief") == "t"


@rule(EVERYONE, is_multistatus)
def declaration(x):
    """Begins with an XML declaration and is sent as application/xml in UTF-8."""
    if not re.match(rb'<\?xml version="1.0" encoding="(?i:utf-8)"\?>', x.body):
        yield f"starts with {x.body[:40]!r}"
    if not re.fullmatch(r"(?i)application/xml; ?charset=\"?utf-8\"?", x.header("Content-Type") or ""):
        yield f"Content-Type is {x.header('Content-Type')}"


@rule(EVERYONE, is_multistatus)
def characters(x):
    """Well-formed, no document type, no control character, nothing outside XML 1.0."""
    _ = x.multistatus
    for bad in re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", x.body.decode("utf-8")):
        yield f"character U+{ord(bad):04X}"
    for code in re.findall(r"&#(x[0-9A-Fa-f]+|\d+);", x.body.decode("utf-8")):
        if int(code[1:], 16) if code[0] == "x" else int(code) < 32:
            if code not in ("9", "10", "13", "x9", "xA", "xD", "xa", "xd"):
                yield f"escaped control character &#{code};"


@rule(EVERYONE, is_multistatus)
def prefixes(x):
    """DAV: is `D`, no default namespace, every prefix bound once and on the root."""
    root = x.multistatus.root
    if root.name != (DAV, "multistatus") or root.declared.get("D") != DAV:
        yield f"root is <{root.raw}> with D bound to {root.declared.get('D')}"
    for element in root.walk():
        if "" in element.declared:
            yield f"default namespace at <{element.raw}>"
        if element is not root and element.declared:
            yield f"<{element.raw}> declares {sorted(element.declared)}"
        if element.space == DAV and not element.raw.startswith("D:"):
            yield f"DAV: element written <{element.raw}>"
        if not element.space:
            yield f"<{element.raw}> is in no namespace"


@rule(EVERYONE, is_multistatus)
def status_text(x):
    """Each propstat has one status, literally `HTTP/1.1 200 OK` or `HTTP/1.1 NNN Reason`."""
    known = {200: "HTTP/1.1 200 OK", 403: "HTTP/1.1 403 Forbidden", 404: "HTTP/1.1 404 Not Found"}
    for response in x.multistatus.responses:
        for propstat in response.propstats:
            text = propstat.status
            if len(propstat.element.all("status")) != 1:
                yield f"{response.href}: {len(propstat.element.all('status'))} status elements"
            elif not re.fullmatch(r"HTTP/1\.1 \d{3} [A-Z][A-Za-z -]+", text) or text != known.get(propstat.code, text):
                yield f"{response.href}: status {text!r}"


@rule(EVERYONE, is_multistatus)
def good_first(x):
    """The 200 propstat comes first, at most one propstat per status, none empty."""
    for response in x.multistatus.responses:
        codes = [propstat.code for propstat in response.propstats]
        if not codes and x.method == "REPORT" and response.status is not None:
            continue
        if not codes:
            yield f"{response.href}: no propstat"
        elif 200 in codes and codes[0] != 200:
            yield f"{response.href}: order {codes}"
        if len(set(codes)) != len(codes):
            yield f"{response.href}: repeated status in {codes}"
        for propstat in response.propstats:
            # where a client wants the minimum, an empty one says that nothing is there (RFC 8144 §2.1)
            alone = wants_minimum(x) and codes == [200]
            if propstat.prop is None or not propstat.properties and x.asked_properties is not None and not alone:
                yield f"{response.href}: empty propstat {propstat.code}"


@rule(EVERYONE, is_multistatus)
def one_place(x):
    """No property is in two propstats, or twice in one."""
    for response in x.multistatus.responses:
        names = Counter(e.name for p in response.propstats for e in p.properties)
        for name, count in names.items():
            if count > 1:
                yield f"{response.href}: {{{name[0]}}}{name[1]} appears {count} times"


@rule(EVERYONE, is_multistatus)
def missing_empty(x):
    """Elements of a 404 propstat are empty."""
    for response in x.multistatus.responses:
        for propstat in response.propstats:
            if propstat.code == 404:
                for element in propstat.properties:
                    if element.children or element.text:
                        yield f"{response.href}: <{element.raw}> under 404 is not empty"


@rule(EVERYONE, is_multistatus)
def asked_answered(x):
    """Each asked property comes back for each resource, in its own namespace; none invented."""
    asked = x.asked_properties
    if asked is None or wants_minimum(x):
        return
    for response in x.multistatus.responses:
        if response.status is not None:
            continue
        got = {e.name for p in response.propstats for e in p.properties}
        for space, local in set(asked) - got:
            yield f"{response.href}: no answer for {{{space}}}{local}"
        for space, local in got - set(asked):
            yield f"{response.href}: unasked {{{space}}}{local}"


@rule(EVERYONE, is_multistatus)
def href_form(x):
    """One href each: an absolute path, percent-encoded once, collections alone end in a slash."""
    for response in x.multistatus.responses:
        href = response.href
        if len(response.hrefs) != 1:
            yield f"{len(response.hrefs)} hrefs in a response"
        elif not HREF.fullmatch(href) or "//" in href:
            yield f"href {href!r}"
            continue
        try:
            unquote_to_bytes(href).decode("utf-8")
        except UnicodeDecodeError:
            yield f"{href}: not UTF-8"
        if any(segment in (".", "..") for segment in unquote(href).split("/")):
            yield f"{href}: dot segment"
        if response.good("resourcetype") is not None and response.is_collection != href.endswith("/"):
            yield f"{href}: slash at the end does not tell a collection"
        name, shown = unquote(href.rstrip("/").rpartition("/")[2]), response.text("displayname")
        if shown and shown != name and unquote(name) == shown and "%" in name:
            yield f"{href}: encoded twice ({shown!r})"
        if shown and shown != name and unquote(shown) == name:
            yield f"{href}: displayname {shown!r} is encoded"


@rule(EVERYONE, is_listing)
def members(x):
    """Depth 0 is the resource alone; Depth 1 adds direct members only; no address twice."""
    own = unquote(x.path).rstrip("/")
    paths = [unquote(r.href).rstrip("/") for r in x.multistatus.responses]
    for path, count in Counter(paths).items():
        if count > 1:
            yield f"{path} is listed {count} times"
    if own not in paths:
        yield f"no response for {own or '/'} itself"
    elif paths[0] != own:
        yield f"first response is {paths[0]}"
    for path in paths:
        if path != own and (path.rpartition("/")[0] != own or x.asked("Depth") == "0"):
            yield f"{path} is not a member of {own or '/'}"


@rule(EVERYONE, is_listing)
def kind(x):
    """resourcetype is good on every resource that is asked for it, collection first."""
    asked = x.asked_properties
    if asked is not None and (DAV, "resourcetype") not in asked:
        return
    if asked is None and b"propname" in x.request_body:
        return
    for response in x.multistatus.responses:
        kind = response.good("resourcetype")
        if kind is None:
            yield f"{response.href}: no resourcetype"
        elif kind.first("collection") is not None and kind.children[0].name != (DAV, "collection"):
            yield f"{response.href}: first type is <{kind.children[0].raw}>"


@rule(EVERYONE, is_multistatus)
def values(x):
    """Dates, sizes and tags have the one form that every reader takes."""
    forms = {
        "getlastmodified": HTTP_DATE, "creationdate": ISO_UTC, "getcontentlength": re.compile(r"\d{1,19}"),
        "getetag": STRONG_TAG, "getcontenttype": re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=\S+)*"),
        "quota-available-bytes": re.compile(r"\d{1,19}"), "quota-used-bytes": re.compile(r"\d{1,19}"),
    }
    for response in x.multistatus.responses:
        for local, form in forms.items():
            element = response.good(local)
            if element is None or (b"propname" in x.request_body):
                continue
            if not form.fullmatch(element.text) or element.attributes or element.children:
                yield f"{response.href}: {local} is {element.text!r} {element.attributes or ''}"
            elif local.endswith("length") or local.startswith("quota"):
                if int(element.text) >= 2**63:
                    yield f"{response.href}: {local} does not fit 63 bits"


@rule(EVERYONE, is_multistatus)
def reading_only(x):
    """Privileges: one element each, read among them, none that writes; no lock is offered."""
    for response in x.multistatus.responses:
        granted = response.good("current-user-privilege-set")
        if granted is not None and b"propname" not in x.request_body:
            names = [[child.local for child in one.children] for one in granted.all("privilege")]
            if any(len(one) != 1 for one in names) or ["read"] not in names:
                yield f"{response.href}: privileges {names}"
            for one in names:
                if set(one) & {"write", "write-content", "bind", "unbind", "all", "unlock", "write-acl"}:
                    yield f"{response.href}: privilege {one}"
        for local in ("supportedlock", "lockdiscovery"):
            element = response.good(local)
            if element is not None and element.children:
                yield f"{response.href}: {local} is not empty"
