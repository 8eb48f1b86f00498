"""Multistatus answers as values, with what a strict reader sees: prefixes, declarations, order.

Namespaces are resolved here and not by expat, because several rules are about the prefixes and
the places of declarations, which a resolving parser hides.
"""

import re
import xml.parsers.expat as expat

DAV = "DAV:"
CALDAV = "urn:ietf:params:xml:ns:caldav"
CARDDAV = "urn:ietf:params:xml:ns:carddav"
CALENDARSERVER = "http://calendarserver.org/ns/"
APPLE = "http://apple.com/ns/ical/"
MICROSOFT = "urn:schemas-microsoft-com:"
APACHE = "http://apache.org/dav/props/"


class Malformed(Exception):
    """The bytes are not the document that was expected."""


class Element:
    """One element: resolved name, name as written, attributes, declarations, children, text."""

    def __init__(self, raw, attributes, scope):
        self.raw = raw
        self.declared = {}
        self.attributes = {}
        for key, value in attributes.items():
            if key == "xmlns":
                self.declared[""] = value
            elif key.startswith("xmlns:"):
                self.declared[key[6:]] = value
            else:
                self.attributes[key] = value
        self.scope = {**scope, **self.declared}
        prefix, _, local = raw.rpartition(":")
        if prefix and prefix not in self.scope:
            raise Malformed(f"prefix {prefix!r} is not bound at <{raw}>")
        self.space = self.scope.get(prefix, "")
        self.local = local
        self.children = []
        self.text = ""

    @property
    def name(self):
        """Namespace and local name."""
        return (self.space, self.local)

    def all(self, local, space=DAV):
        """Children of that name."""
        return [child for child in self.children if child.name == (space, local)]

    def first(self, local, space=DAV):
        """First child of that name, or None."""
        return next(iter(self.all(local, space)), None)

    def walk(self):
        """This element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class Propstat:
    """One propstat: its status text, the code in it (0 where unreadable), its properties."""

    def __init__(self, element):
        self.element = element
        status = element.first("status")
        self.status = None if status is None else status.text
        match = re.match(r"HTTP/\d\.\d (\d{3})", self.status or "")
        self.code = int(match.group(1)) if match else 0
        prop = element.first("prop")
        self.prop = prop
        self.properties = [] if prop is None else prop.children


class Response:
    """One response of a multistatus."""

    def __init__(self, element):
        self.element = element
        self.hrefs = [child.text for child in element.all("href")]
        self.propstats = [Propstat(child) for child in element.all("propstat")]
        status = element.first("status")
        self.status = None if status is None else status.text

    @property
    def href(self):
        """Its address as written."""
        return self.hrefs[0] if self.hrefs else ""

    def good(self, local, space=DAV):
        """The property in a propstat with code 200, or None."""
        for propstat in self.propstats:
            if propstat.code == 200:
                for element in propstat.properties:
                    if element.name == (space, local):
                        return element
        return None

    def text(self, local, space=DAV):
        """Text of a good property, or None."""
        element = self.good(local, space)
        return None if element is None else element.text

    def data(self):
        """Text of the event or card that came with it, or None."""
        event = self.text("calendar-data", CALDAV)
        return event if event is not None else self.text("address-data", CARDDAV)

    @property
    def shelf(self):
        """`calendar` or `addressbook` where it is one, else None."""
        kind = self.good("resourcetype")
        if kind is None:
            return None
        found = [child.local for child in kind.children if child.space in (CALDAV, CARDDAV)]
        return found[0] if found else None

    @property
    def is_collection(self):
        """Whether its type holds DAV:collection."""
        kind = self.good("resourcetype")
        return kind is not None and kind.first("collection") is not None


def parse(data):
    """Root element of a document. Raises Malformed; a document type is refused."""
    parser = expat.ParserCreate()
    stack, roots = [], []

    def start(raw, attributes):
        element = Element(raw, attributes, stack[-1].scope if stack else {"xml": "xml"})
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_):
        stack.pop()

    def text(data):
        stack[-1].text += data

    def doctype(*_):
        raise Malformed("a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Malformed(f"not well-formed: {error}") from error
    return roots[0]


class Multistatus:
    """A DAV:multistatus document."""

    def __init__(self, data):
        self.root = parse(data)
        if self.root.local != "multistatus":
            raise Malformed(f"root is <{self.root.raw}>, not multistatus")
        self.responses = [Response(child) for child in self.root.all("response")]

    @property
    def token(self):
        """The sync-token of the whole, or None."""
        token = self.root.first("sync-token")
        return None if token is None else token.text
