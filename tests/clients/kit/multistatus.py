"""A multistatus body as a strict client reads it."""

import re
import xml.etree.ElementTree as xml
from urllib.parse import unquote

DAV = "{DAV:}"


class Response:
    """One `response`: its href as sent, and properties by status."""

    def __init__(self, element):
        self.href = element.findtext(f"{DAV}href")
        self.propstats = []
        for propstat in element.findall(f"{DAV}propstat"):
            status = propstat.findtext(f"{DAV}status")
            self.propstats.append((status, {prop.tag: prop for prop in propstat.find(f"{DAV}prop")}))

    @property
    def path(self):
        """The decoded path without a slash at its end."""
        return unquote(self.href).rstrip("/")

    def prop(self, name, status=200):
        """An element of the propstat with this status; names without namespace are DAV's."""
        tag = name if name.startswith("{") else DAV + name
        for line, props in self.propstats:
            if line.split()[1] == str(status) and tag in props:
                return props[tag]
        return None

    def text(self, name):
        """Text of a property that is there, else None."""
        found = self.prop(name)
        return None if found is None else found.text or ""

    @property
    def is_collection(self):
        kind = self.prop("resourcetype")
        return kind is not None and kind.find(f"{DAV}collection") is not None


class Multistatus:
    """A whole answer."""

    def __init__(self, body):
        self.root = xml.fromstring(body)
        self.responses = [Response(element) for element in self.root.findall(f"{DAV}response")]
        self.raw = body.decode()

    def at(self, path):
        """The response for a decoded path."""
        wanted = path.rstrip("/")
        return next((one for one in self.responses if one.path == wanted), None)

    def complaints(self, names_only=False):
        """What a strict client would stumble over (prefixes, status lines, order, hrefs).

        `names_only`: the answer to a propname, where no property has a value."""
        found = []
        if not self.raw.startswith("<?xml "):
            found.append("no XML declaration")
        if self.root.tag != f"{DAV}multistatus" or 'xmlns:D="DAV:"' not in self.raw[:400]:
            found.append("root is not D:multistatus with its prefix bound there")
        if re.search(r'xmlns="DAV:"', self.raw):
            found.append("DAV: as default namespace")
        hrefs = [one.href for one in self.responses]
        if len(set(hrefs)) != len(hrefs):
            found.append("an href twice")
        for one in self.responses:
            found += [f"{one.href}: {text}" for text in _complaints(one)]
            kind = one.prop("resourcetype")
            if not names_only and kind is not None and one.is_collection != one.href.endswith("/"):
                found.append(f"{one.href}: slash at the end does not fit the resourcetype")
        return found


def _complaints(one):
    if not one.href.startswith("/") or not re.fullmatch(r"[!-~]+", one.href):
        yield "href is no encoded absolute path"
    lines = [line for line, _ in one.propstats]
    if any(not re.fullmatch(r"HTTP/1\.1 \d\d\d [ -~]+", line or "") for line in lines):
        yield f"status lines {lines}"
    if any("200" in line for line in lines) and lines[0] != "HTTP/1.1 200 OK":
        yield "the 200 propstat does not come first"
    names = [name for _, props in one.propstats for name in props]
    if len(names) != len(set(names)):
        yield "a property in two propstats"
    missing = [props for line, props in one.propstats if " 404 " in line]
    if any(len(prop) or prop.text for props in missing for prop in props.values()):
        yield "a 404 property that is not empty"
