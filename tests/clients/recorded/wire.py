"""Requests sent byte for byte, and their answers.

A recorded request is a text file: request line, headers, blank line, body. Lines of the head end
in LF in the file and in CRLF on the wire; the order and spelling of headers are the client's.
`{{name}}` is filled in from the server's own tree; `{{length}}` is the length of the body.
`{{events 10 <href>_</href>}}` is the text for each of the first 10 events (or `contacts`) with its
address for `_`; `{{day -90}}` is the beginning of a day as iCalendar writes it, here 90 days ago.
"""

import gzip
import http.client
import re
import socket
import time
from datetime import datetime, timedelta, timezone

from . import davxml

DEADLINE = 60


class Refused(Exception):
    """No readable answer came."""


class Exchange:
    """A request and its answer, as the rules see them."""

    def __init__(self, client, request, status=0, reason="", headers=(), body=b""):
        self.client = client
        self.request = request
        head, _, self.request_body = request.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        self.method, self.target = (lines[0].split(" ") + [""])[:2]
        self.asked_headers = parse_headers(lines[1:])
        self.status, self.reason, self.headers, self.body = status, reason, list(headers), body
        self._multistatus = None

    def asked(self, name):
        """A header of the request, or None."""
        return next((v for k, v in self.asked_headers if k.lower() == name.lower()), None)

    def header(self, name):
        """A header of the answer, or None."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    @property
    def multistatus(self):
        """The answer's body; raises davxml.Malformed."""
        if self._multistatus is None:
            self._multistatus = davxml.Multistatus(self.body)
        return self._multistatus

    @property
    def asked_properties(self):
        """Names a PROPFIND or REPORT asks for, or None for allprop, propname and reports without names."""
        prop = None if self.asked_root is None else self.asked_root.first("prop")
        return None if prop is None else [child.name for child in prop.children]

    @property
    def asked_root(self):
        """Root element of the request's body, or None."""
        return davxml.parse(self.request_body) if self.request_body.lstrip().startswith(b"<") else None

    @property
    def report(self):
        """Local name of the report that is asked for, or None."""
        return self.asked_root.local if self.method == "REPORT" and self.asked_root is not None else None

    @property
    def path(self):
        """Path of the request, as sent."""
        return re.sub(r"^https?://[^/]*", "", self.target).partition("?")[0]

    def changed(self, **changes):
        """A copy with other parts."""
        kept = dict(client=self.client, request=self.request, status=self.status,
                    reason=self.reason, headers=self.headers, body=self.body)
        return Exchange(**{**kept, **changes})


def parse_headers(lines):
    """Name and value of each header line."""
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def fill(template, values):
    """Bytes of a recorded request; raises KeyError where a value is missing."""
    head, _, body = template.partition("\n\n")

    def value(match):
        return values[match.group(1)]

    def many(match):
        return "".join(match[3].replace("_", href) for href in values[match[1]][:int(match[2])])

    body = re.sub(r"\{\{(events|contacts) (\d+) (.*?)\}\}", many, body, flags=re.S)
    body = re.sub(r"\{\{day ([+-]\d+)\}\}", day, body)
    body = re.sub(r"\{\{(\w+)\}\}", value, body).encode()
    head = re.sub(r"\{\{(\w+)\}\}", lambda m: str(len(body)) if m.group(1) == "length" else value(m), head)
    return head.strip("\n").replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def day(match):
    """The beginning of a day in UTC, counted from today."""
    then = datetime.now(timezone.utc) + timedelta(days=int(match[1]))
    return f"{then:%Y%m%d}T000000Z"


class Connection:
    """One kept-alive connection, opened anew when the server closed it."""

    def __init__(self, host, port, deadline=DEADLINE):
        self.address = (host, port)
        self.deadline = deadline
        self.socket = None

    def send(self, client, request):
        """Sends the bytes and reads one answer. Raises Refused."""
        reused = self.socket is not None
        try:
            return self._send(client, request)
        except (ConnectionError, http.client.BadStatusLine) as error:
            self.close()
            if not reused:
                raise Refused(f"connection broken: {error!r}") from error
        # A kept connection may be closed by the server while idle; clients open a new one.
        try:
            return self._send(client, request)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Refused(f"no answer: {error!r}") from error

    def _send(self, client, request):
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=self.deadline)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(self.deadline)
        broken = None
        try:
            self.socket.sendall(request)
        except (BrokenPipeError, ConnectionResetError) as error:
            broken = error  # an early answer to a large body may already be there
        method = request.partition(b" ")[0].decode("ascii", "replace")
        answer = http.client.HTTPResponse(self.socket, method=method)
        started = time.monotonic()
        try:
            answer.begin()
            body = answer.read()
        except http.client.IncompleteRead as error:
            self.close()
            raise Refused(f"body ends early: {error!r}") from error
        except (TimeoutError, socket.timeout) as error:
            self.close()
            raise Refused(f"no answer in {time.monotonic() - started:.0f} s") from error
        headers = answer.getheaders()
        if answer.getheader("Content-Encoding") == "gzip" and answer.status == 207:
            body = gzip.decompress(body)  # asked for by the client; members are never compressed
        exchange = Exchange(client, request, answer.status, answer.reason, headers, body)
        if answer.will_close or broken:
            self.close()
        return exchange

    def close(self):
        """Closes the socket, if any."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None
