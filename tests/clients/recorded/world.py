"""The tree of the server under test: what the placeholders of recorded requests stand for."""

import base64
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from .library import Library
from .wire import Connection, Refused

LISTING = """PROPFIND {path} HTTP/1.1
Host: {host}
Authorization: {basic}
Depth: 1
Content-Length: {length}

"""
BODY = ('<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/>'
        '<D:displayname/><D:getcontentlength/><D:getetag/><D:getlastmodified/></D:prop></D:propfind>')
MOST_FOLDERS = 400
SMALLEST, LARGEST = 64, 8 << 20


class World:
    """Addresses and files found by walking the server, breadth first."""

    def __init__(self, url, user, password, home=None, drive_depth=2):
        parts = urlsplit(url)
        self.host = parts.netloc
        self.address = (parts.hostname, parts.port or 80)
        self.prefix = parts.path.rstrip("/")
        self.basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.home = home or f"{self.prefix}/dav/files/{quote(user)}/"
        self.connection = Connection(*self.address)
        self.library = None
        self.folders = {}
        self.drives = []
        self.walk(drive_depth)
        self.values = self.choose()

    def request(self, line, headers=(), body=b""):
        """One exchange with credentials."""
        head = [f"{line} HTTP/1.1", f"Host: {self.host}", f"Authorization: {self.basic}", *headers]
        return self.connection.send("walk", "\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def list(self, path):
        """Responses of one folder, itself first."""
        text = LISTING.format(path=path, host=self.host, basic=self.basic, length=len(BODY))
        exchange = self.connection.send("walk", (text + BODY).replace("\n", "\r\n").encode())
        if exchange.status != 207:
            raise Refused(f"PROPFIND {path}: {exchange.status} {exchange.body[:200]!r}")
        return exchange.multistatus.responses

    def look_at_library(self):
        """Calendars and address books too."""
        self.library = Library(self)
        self.values |= self.library.values

    def walk(self, drive_depth):
        """Fills folders: path to (folder responses, file responses)."""
        queue = [(self.home, 0)]
        while queue and len(self.folders) < MOST_FOLDERS:
            path, depth = queue.pop(0)
            if depth == drive_depth:
                self.drives.append(path)
            members = [r for r in self.list(path) if unquote(r.href).rstrip("/") != unquote(path).rstrip("/")]
            inner = [r for r in members if r.is_collection]
            self.folders[path] = (inner, [r for r in members if not r.is_collection])
            queue += [(r.href, depth + 1) for r in inner]
        if not self.drives:
            raise Refused(f"no drive below {self.home}")

    def files(self):
        """All files found."""
        return [file for _, files in self.folders.values() for file in files]

    def choose(self):
        """A folder with files and a file with a name that needs encoding, and what follows from them."""
        best = None
        for path, (inner, files) in self.folders.items():
            for file in files:
                size = int(file.text("getcontentlength") or -1)
                if not SMALLEST <= size <= LARGEST or len(files) > 3000:
                    continue
                name = unquote(file.href.rpartition("/")[2])
                odd = sum("%" in one.href.rpartition("/")[2] for one in files)
                score = (any(c in name for c in "#%&+;[]?"), name.isascii(), bool(inner), odd, -len(files))
                if best is None or score > best[0]:
                    best = (score, path, file)
        if best is None:
            raise Refused(f"no file of {SMALLEST} to {LARGEST} bytes below {self.home}")
        _, folder, file = best
        drive = next(d for d in self.drives if folder.startswith(d))
        answer = self.request(f"GET {file.href}")
        if answer.status != 200:
            raise Refused(f"GET {file.href}: {answer.status}")
        self.content = answer.body
        self.parents = parents(folder)
        values = {
            "host": self.host, "basic": self.basic, "home": self.home, "drive": drive,
            "folder": folder, "folder_bare": folder.rstrip("/") or "/", "file": file.href,
            "file_name": file.href.rpartition("/")[2], "file_etag": file.text("getetag") or "",
            "file_modified": file.text("getlastmodified") or "",
        }
        accented = self.decomposable()
        if accented:
            values["accented_decomposed"] = accented
        return values

    def decomposable(self):
        """Address of a composed name written decomposed, where no other name equals it."""
        for path, (inner, files) in self.folders.items():
            names = [unicodedata.normalize("NFC", unquote(r.href.rstrip("/").rpartition("/")[2])) for r in inner + files]
            for one in inner + files:
                name = unquote(one.href.rstrip("/").rpartition("/")[2])
                other = unicodedata.normalize("NFD", name)
                if other != name and names.count(unicodedata.normalize("NFC", name)) == 1:
                    return path + quote(other)
        return None


def parents(path):
    """Addresses above a folder, nearest first, without a slash at the end but for the root."""
    found = []
    while path.rstrip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        found.append(path or "/")
    return found
