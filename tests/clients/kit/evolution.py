"""evolution-data-server, the half of Evolution and GNOME Calendar and Contacts that speaks to servers."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from .screen import in_session

PYTHON = "/usr/bin/python3"
SOURCE = """[Data Source]
DisplayName={name}
Enabled=true
Parent={parent}

[{section}]
BackendName={backend}

[Authentication]
Host={host}
Port={port}
User={user}
Method=plain/password
RememberPassword=false

[Security]
Method=none

[WebDAV Backend]
ResourcePath={path}
"""
KINDS = {"calendar": {"parent": "caldav-stub", "section": "Calendar", "backend": "caldav"},
         "book": {"parent": "carddav-stub", "section": "Address Book", "backend": "carddav"}}


class Evolution:
    """An account at `base`; what it fetched stays in its own home."""

    def __init__(self, suite, base, user, password):
        self.suite, self.url, self.user, self.password = suite, urlsplit(base), user, password
        self.home = suite.folder / "evolution"
        self.sources = self.home / "config" / "evolution" / "sources"
        self.sources.mkdir(parents=True)
        self.env = {"HOME": str(self.home), "GIO_USE_VFS": "local"}
        self.env |= {f"XDG_{name.upper()}_HOME": str(self.home / name) for name in ("config", "cache", "data")}

    def ask(self, *words):
        """What `eds.py` tells."""
        command = in_session([PYTHON, Path(__file__).with_name("eds.py"), *words, self.user])
        done = self.suite.run(command, stdin=self.password + "\n", env=self.env, timeout=90)
        lines = [line for line in done.stdout.decode().splitlines() if line.startswith("{")]
        return json.loads(lines[-1]) if lines else {"error": done.stderr.decode()[-1500:]}

    def discover(self, path):
        """Calendars and address books behind an address: path to (kind, name, colour)."""
        told = self.ask("discover", f"{self.url.geturl().rstrip('/')}{path}")
        if "error" in told:
            raise RuntimeError(told["error"])
        kinds = {1: "book", 2: "calendar"}
        return {urlsplit(href).path: (kinds.get(supports, supports), name, color)
                for href, supports, name, color in told["sources"]}

    def read(self, kind, path):
        """All objects of a calendar or address book after a refresh, and once more."""
        name = path.rstrip("/").rpartition("/")[2]
        told = {"name": name, "host": self.url.hostname, "port": self.url.port, "user": self.user, "path": path}
        (self.sources / f"{name}.source").write_text(SOURCE.format(**told, **KINDS[kind]))
        return self.ask(kind, name)
