"""The simulated cloud, asked with the sample token over its own JSON API: the truth of every suite."""

import json
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from urllib.parse import urlencode

from .listing import Node

# Anna's token with all scopes, the account that the demo connects.
TOKEN = "sim-anna-all"
LISTING = "GET /3/drive/{drive}/files/{file}/files"
DOWNLOAD = "GET /2/drive/{drive}/files/{file}/download"
CONTENT = "GET cdn:/2/download/{ticket}"
# faults for `Cloud.faults`: no folder can be listed; every content ends early
NO_LISTINGS = {"route": LISTING, "fault": {"kind": "status", "status": 500}}
CUT_CONTENT = {"route": CONTENT, "fault": {"kind": "cut", "after": 1000}}
ROOT = 1


class Cloud:
    """What the account holds, and the control paths of the simulation."""

    def __init__(self, base):
        self.base = base

    def _open(self, path, headers=None, body=None, method=None):
        request = urllib.request.Request(self.base + path, body, headers or {}, method=method)
        return urllib.request.urlopen(request, timeout=60)

    def api(self, path, at="/api", **query):
        """A GET of the JSON API (or of another host, `at` its prefix): the whole answer."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with self._open(f"{at}{path}?{urlencode(query)}", headers) as answer:
            told = json.load(answer)
        if told.get("result") != "success":
            raise RuntimeError(f"{path}: {told}")
        return told

    def drives(self):
        """All drives of the account by name."""
        drives = {}
        for account in self.api("/1/accounts")["data"]:
            for drive in self.api("/2/drive", account_id=account["id"])["data"]:
                drives[drive["name"]] = drive
        return drives

    def children(self, drive, folder, path):
        """Children of a folder, all pages."""
        cursor, nodes = None, []
        while True:
            page = {"limit": 1000, "with": "etag"} | ({"cursor": cursor} if cursor else {})
            told = self.api(f"/3/drive/{drive}/files/{folder}/files", **page)
            for item in told["data"]:
                size = None if item["type"] == "dir" else item["size"]
                below = f"{path}/{item['name']}" if path else item["name"]
                nodes.append(Node(below, item["id"], size, item["last_modified_at"], item.get("etag")))
            cursor = told.get("cursor")
            if not told.get("has_more") or not cursor:
                return nodes

    def tree(self, drive):
        """Everything on a drive, paths relative to its root."""
        nodes, folders = [], [(ROOT, "")]
        while folders:
            folder, path = folders.pop()
            found = self.children(drive, folder, path)
            nodes += found
            folders += [(node.id, node.path) for node in found if node.is_folder]
        return nodes

    def content(self, drive, file, first=None, last=None):
        """Bytes of a file, or of a range of it, both ends included."""
        path = f"/api/2/drive/{drive}/files/{file}/download"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as moved:
            if moved.code != 302:
                raise
            target = moved.headers["Location"]
        ranged = {} if first is None else {"Range": f"bytes={first}-{last}"}
        with urllib.request.urlopen(urllib.request.Request(target, headers=ranged), timeout=120) as answer:
            return answer.read()

    def look(self, path):
        """What a control path tells, see GET /_control/help."""
        with self._open(f"/_control/{path}") as answer:
            return json.load(answer)

    def counters(self):
        """Calls per route since the start."""
        told = self.look("counters")
        return Counter({route: count for route, count in told.items() if isinstance(count, int)})

    def control(self, path, value, method="POST"):
        """A call of a control path, see GET /_control/help."""
        body = json.dumps(value).encode()
        with self._open(f"/_control/{path}", {"Content-Type": "application/json"}, body, method) as answer:
            return json.load(answer)

    def edit(self, drive, *edits):
        """Changes as another client would make them."""
        return self.control(f"edit?drive={drive}", list(edits))

    @contextmanager
    def faults(self, *faults):
        """Faults for a while; without `times` a fault strikes every time."""
        self.control("faults", [{"times": 0, **fault} for fault in faults])
        try:
            yield
        finally:
            self.control("faults", None, "DELETE")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand: signed addresses take no Authorization header."""

    def redirect_request(self, *_):
        return None
