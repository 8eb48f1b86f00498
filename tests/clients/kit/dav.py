"""A plain way to ask the bridge, for what a suite must know before its client starts."""

import base64
import http.client
import xml.etree.ElementTree as xml
from urllib.parse import quote, unquote, urlsplit

BODY = b"""<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/><D:getcontentlength/></D:prop></D:propfind>"""


class Answer:
    """Status, headers (names in small letters) and body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


class Dav:
    """Requests with the demo's credentials."""

    def __init__(self, base, user, password):
        self.host = urlsplit(base).netloc
        self.home = f"/dav/files/{quote(user)}/"
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.basic = f"Basic {pair}"

    def ask(self, method, path, headers=None, body=None):
        """One request on a connection of its own; `path` is already encoded."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": self.basic, **(headers or {})})
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, fields, answer.read())
        finally:
            connection.close()

    def list(self, path):
        """Children of a collection: href to (display name, is it a collection)."""
        answer = self.ask("PROPFIND", path, {"Depth": "1"}, BODY)
        if answer.status != 207:
            raise RuntimeError(f"PROPFIND {path}: {answer.status}")
        children = {}
        for response in xml.fromstring(answer.body).iter("{DAV:}response"):
            href = response.findtext("{DAV:}href")
            if unquote(href).rstrip("/") == unquote(path).rstrip("/"):
                continue
            name = response.findtext(".//{DAV:}displayname")
            children[href] = (name, response.find(".//{DAV:}collection") is not None)
        return children

    def drives(self):
        """Every drive: display name to the path of its root, encoded, ending in a slash."""
        found = {}
        for connection in self.list(self.home):
            for href, (name, _) in self.list(connection).items():
                found[name] = href
        return found


def encoded(path):
    """A path as a client writes it into a request."""
    return quote(path, safe="/")
