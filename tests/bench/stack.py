"""Simulated cloud and bridge as separate processes, with a prepared data folder.

The bridge is set up as an operator would: `user add`, `password add`, `connect infomaniak`, then
`serve`. Everything listens on loopback, on ports that the system picks, and is ended by its pid.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

from process import ROOT, Process, free_port, target

sys.path.insert(0, str(ROOT / "tests" / "clients"))

from recorded.wire import Connection  # noqa: E402


def get_json(url, body=None):
    """JSON from an address, POSTed when there is a body."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text.strip() else None


class Cloud(Process):
    """The simulated cloud."""

    def __init__(self, folder, *flags):
        self.base = f"http://127.0.0.1:{free_port()}"
        super().__init__("cloud", [target() / "cloud", "--listen", self.base.removeprefix("http://"), *flags],
                         folder / "cloud.log")
        self.token = self.wait_text(r"token:? (\S+)")[1]

    def counters(self):
        """Calls per route so far."""
        return {k: v for k, v in get_json(f"{self.base}/_control/counters").items() if isinstance(v, int)}

    def switches(self, **values):
        """Settles uncertain facts."""
        get_json(f"{self.base}/_control/switches", values)

    def open(self, path, body=None):
        """An API call with the account's token; redirects are not followed."""
        request = urllib.request.Request(f"{self.base}/api{path}", data=body,
                                         headers={"Authorization": f"Bearer {self.token}"})
        try:
            return urllib.request.build_opener(Stay).open(request, timeout=60)
        except urllib.error.HTTPError as other:
            if other.code == 302:
                return other
            raise SystemExit(f"cloud: {other.code} to {path}: {other.read()[:300]!r}") from other

    def data(self, path, body=None):
        """`data` of an answer."""
        with self.open(path, body) as answer:
            return json.load(answer)["data"]

    def drive(self, name):
        """Id of a drive by name."""
        for account in self.data("/1/accounts"):
            for drive in self.data(f"/2/drive?account_id={account['id']}"):
                if drive["name"] == name:
                    return drive["id"]
        raise SystemExit(f"cloud: no drive {name}")

    def file_id(self, drive, *names):
        """Id of what lies at a path below the root of a drive."""
        found = 1
        for name in names:
            children = self.data(f"/3/drive/{drive}/files/{found}/files?limit=1000")
            found = next(child["id"] for child in children if child["name"] == name)
        return found

    def upload(self, drive, folder, name, content):
        """Puts a file into a folder."""
        query = urlencode({"total_size": len(content), "directory_id": folder, "file_name": name,
                           "total_chunk_hash": "sha256:" + hashlib.sha256(content).hexdigest()})
        self.data(f"/3/drive/{drive}/upload?{query}", content)

    def signed(self, drive, file):
        """Signed address of a file's content."""
        with self.open(f"/2/drive/{drive}/files/{file}/download") as answer:
            return answer.headers["Location"]


    def downloads(self):
        """Host and port of signed addresses."""
        drive = self.drive("Muster kDrive")
        return urlsplit(self.signed(drive, self.file_id(drive, "Private", "readme.txt"))).netloc


class Stay(urllib.request.HTTPRedirectHandler):
    """Gives redirects back."""

    def redirect_request(self, *_):
        return None


class Bridge(Process):
    """The bridge, connected to a simulated cloud for one user."""

    USER = "bench"
    LISTING = (b'<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/>'
               b"<D:displayname/><D:getcontentlength/></D:prop></D:propfind>")

    def __init__(self, folder, cloud, settings="", listen="127.0.0.1", prepared=None):
        self.folder, self.cloud = folder, cloud
        self.listen, self.settings = listen, settings
        self.port = free_port(listen)
        self.url = f"http://{listen}:{self.port}"
        self.config = folder / "davbridge.toml"
        self.config.write_text(CONFIG.format(data=folder / "data", listen=f"{listen}:{self.port}", base=cloud.base,
                                             downloads=cloud.downloads(), settings=settings))
        self.password = prepared or self.prepare()
        pair = base64.b64encode(f"{self.USER}:{self.password}".encode()).decode()
        self.authorization = f"Basic {pair}"
        super().__init__("bridge", [*self.program(), "serve"], folder / "bridge.log")
        self.wait_port(self.port, listen)

    def prepare(self):
        """User, app password, connection; the app password."""
        self.command("user", "add", self.USER)
        shown = self.command("password", "add", self.USER)
        self.command("connect", "infomaniak", self.USER, "--token-file", "-", text=self.cloud.token + "\n")
        return re.search(r"\b[A-Za-z0-9_-]{26,}\b", shown)[0]

    def again(self):
        """Another run on the same data."""
        return Bridge(self.folder, self.cloud, self.settings, self.listen, self.password)

    def program(self):
        """The bridge with its configuration."""
        return [target() / "davbridge", "--config", self.config]

    def command(self, *words, text=""):
        """Runs a command of the product; its output."""
        done = subprocess.run([str(w) for w in [*self.program(), *words]], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if done.returncode:
            raise SystemExit(f"davbridge {' '.join(words[:3])}: {done.stdout}")
        return done.stdout

    def session(self):
        """A connection of its own."""
        return Connection(self.listen, self.port)

    def list(self, place, session=None):
        """Responses of Depth 1, the folder itself first."""
        head = (f"PROPFIND {place} HTTP/1.1\r\nHost: {self.listen}:{self.port}\r\nDepth: 1\r\n"
                f"Authorization: {self.authorization}\r\nContent-Length: {len(self.LISTING)}\r\n\r\n")
        exchange = (session or self.session()).send("stack", head.encode() + self.LISTING)
        if exchange.status != 207:
            raise SystemExit(f"PROPFIND {place}: {exchange.status} {exchange.body[:200]!r}")
        return exchange.multistatus.responses

    def find(self, drive, *names):
        """Address of a folder on a drive, by display names."""
        for connection in self.list(f"/dav/files/{self.USER}/")[1:]:
            for root in self.list(connection.href)[1:]:
                if root.text("displayname") == drive:
                    return self.below(root.href, names)
        raise SystemExit(f"no drive {drive} on the bridge")

    def below(self, place, names):
        """Address of what the names lead to."""
        for name in names:
            place = next(r.href for r in self.list(place) if r.text("displayname") == name and r.href != place)
        return place


class Stack:
    """Everything that was started; leaving ends it."""

    def __init__(self):
        self.started, self.count = [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.end()

    def keep(self, process):
        """Ends the process with the stack."""
        self.started.append(process)
        return process

    def folder(self, work):
        """A fresh folder."""
        self.count += 1
        path = work / str(self.count)
        path.mkdir()
        return path

    def cloud(self, folder, *flags):
        """A simulated cloud."""
        return self.keep(Cloud(folder, *flags))

    def bridge(self, folder, cloud, **more):
        """A bridge."""
        return self.keep(Bridge(folder, cloud, **more))


# Rates are raised: the simulated cloud has no limit, and the real one's is not what is measured.
CONFIG = """
data_dir = "{data}"
listen = ["{listen}"]
{settings}
[providers.infomaniak]
api_base = "{base}/api"
kdrive_base = "{base}/kdrive"
download_hosts = ["{downloads}"]
requests_per_minute = 1000000
burst = 10000
concurrent = 64
"""
