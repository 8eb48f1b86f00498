"""A relay in front of the bridge that can answer some requests itself and rename paths."""

import http.client
import threading
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

METHODS = "GET HEAD OPTIONS PUT POST DELETE MKCOL COPY MOVE LOCK UNLOCK PROPFIND PROPPATCH REPORT MKCALENDAR".split()

Heard = namedtuple("Heard", "method path headers body status answer")


class Relay:
    """Forwards to `base` and keeps what it `heard`, in the order of the answers. `own(method, path)` may give a status to answer with; `renames` is pairs of
    text that stands in the client's requests and what the bridge gets instead, undone in answers."""

    def __init__(self, suite, base, own=lambda method, path: None, renames=()):
        host = urlsplit(base).netloc
        handler = type("Handler", (_Handler,), {f"do_{method}": _Handler.forward for method in METHODS})
        handler.host, handler.own, handler.renames = host, staticmethod(own), renames
        self.heard = handler.heard = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        suite.cleanups.append(self.server.shutdown)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing: the suite's log is for checks."""

    def renamed(self, text, back=False):
        for one, other in self.renames:
            text = text.replace(other, one) if back else text.replace(one, other)
        return text

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = self.own(self.command, self.path)
        if status:
            self.answer(status, [], b"")
            return
        headers = {
            name: self.renamed(value)
            for name, value in self.headers.items()
            if name not in ("Host", "Connection")
        }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(self.command, self.renamed(self.path), body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if "xml" in (answer.getheader("Content-Type") or ""):
            text = self.renamed(text.decode(), back=True).encode()
        self.heard.append(Heard(self.command, self.path, self.headers.items(), body, answer.status, text))
        self.answer(answer.status, answer.getheaders(), text)
        connection.close()

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if (
                name.lower() not in ("content-length", "connection", "transfer-encoding")
                or self.command == "HEAD"
            ):
                self.send_header(name, value)
        if self.command != "HEAD" and status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True
