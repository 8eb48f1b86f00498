"""What a client of a healthy bridge gets, to hold the answers of one in trouble against."""

import hashlib
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from stack import Bridge, Cloud

from .dav import Dav
from .mounts import unmount
from .multistatus import Multistatus

ASK = (b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/>'
       b"<D:getcontentlength/><D:getetag/></D:prop></D:propfind>")
HOME = f"/dav/files/{Bridge.USER}/"
# folders of which the truth is made, and how large a file may be to be part of it
FOLDERS, LARGEST = 24, 100_000
# the most patient clients wait so long for an answer, seconds
PATIENCE = 30


class Site:
    """The cloud, a data folder made by an operator's commands, and what a healthy bridge answers."""

    def __init__(self, suite):
        self.suite, self.count = suite, 0
        self.cloud = Cloud(suite.folder)
        suite.cleanups.append(self.cloud.end)
        (suite.folder / "healthy").mkdir()
        bridge = Bridge(suite.folder / "healthy", self.cloud)
        suite.cleanups.append(bridge.end)
        self.password, self.truth = bridge.password, {}
        bridge.end()
        # before any request: names of drives and files are not kept yet
        self.fresh = shutil.copytree(bridge.folder / "data", suite.folder / "fresh")
        bridge = bridge.again()
        suite.cleanups.append(bridge.end)
        self.learn(Dav(bridge.url, Bridge.USER, self.password))
        bridge.end()
        self.known = shutil.copytree(bridge.folder / "data", suite.folder / "known")

    def learn(self, dav):
        """Walks the tree: folders to their listings, small files to their bytes."""
        todo = ["/", "/dav/", "/dav/principals/", HOME]
        while todo and len(self.truth) < FOLDERS:
            path = todo.pop(0)
            self.truth[("PROPFIND", path)] = told = answer(dav, "PROPFIND", path)
            if told[0] != "right":
                raise RuntimeError(f"{path}: {told}")
            if path.startswith(HOME):
                todo += [href for href, size, _ in told[1] if href.endswith("/") and href != path]
            small = [href for href, size, _ in told[1] if size and int(size) < LARGEST]
            for href in small[:2]:
                self.truth[("GET", href)] = answer(dav, "GET", href)
        self.suite.check("a healthy bridge shows folders and files", sum(m == "GET" for m, _ in self.truth) > 2)

    def folder(self, data, place=None):
        """A folder for a bridge with a copy of the data; `place` is called with the data folder first."""
        self.count += 1
        folder = self.suite.folder / str(self.count)
        (folder / "data").mkdir(parents=True)
        if place:
            place(folder / "data")
            self.suite.cleanups.append(lambda: unmount(folder / "data"))
        shutil.copytree(data, folder / "data", dirs_exist_ok=True)
        (folder / "data").chmod(0o700)
        return folder

    def bridge(self, folder):
        """A running bridge on it."""
        bridge = Bridge(folder, self.cloud, prepared=self.password)
        self.suite.cleanups.append(bridge.end)
        # the address is taken before the store is opened
        bridge.wait_text("listening")
        return bridge

    def look(self, bridge, tolerant, every=1):
        """Asks for everything (or every such question), several at a time; complaints, and the number of 503.

        `tolerant`: a 503 that says when to come back is fine."""
        dav = Dav(bridge.url, Bridge.USER, self.password)
        asked = list(self.truth)[::every]

        def one(question):
            begun = time.monotonic()
            try:
                told = answer(dav, *question)
            except OSError as error:
                return ("no answer", repr(error))
            seconds = time.monotonic() - begun
            return told if seconds < PATIENCE else ("late", f"{seconds:.0f} s")
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(one, asked))
        fine = [told == self.truth[question] or (tolerant and told[0] == "later") for question, told in zip(asked, got)]
        wrong = [(question, brief(told)) for question, told, good in zip(asked, got, fine) if not good]
        if bridge.child.poll() is not None:
            wrong.append(f"the bridge ended with {bridge.child.returncode}")
        return wrong, sum(told[0] == "later" for told in got)


def answer(dav, method, path):
    """What a client gets: («right», what it holds), («later», Retry-After) or («wrong», …)."""
    got = dav.ask(method, path, {"Depth": "1"}, ASK if method == "PROPFIND" else None)
    if got.status == 503 and got.headers.get("retry-after", "").isdigit():
        return ("later", got.headers["retry-after"])
    if method == "GET" and got.status == 200:
        return ("right", hashlib.sha256(got.body).hexdigest(), got.headers.get("etag"))
    if method == "PROPFIND" and got.status == 207:
        rows = Multistatus(got.body).responses
        return ("right", sorted((one.href, one.text("getcontentlength"), one.text("getetag")) for one in rows))
    return ("wrong", got.status, got.headers.get("retry-after"), got.body[:120])


def brief(told):
    return told if told[0] != "right" else f"{told[0]}, but {str(told[1])[:200]}"
