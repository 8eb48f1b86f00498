#!/usr/bin/env python3
"""The bridge's own store in trouble, seen by a client: the whole truth or a 503, never less.

Locked by another process, on a full disk, on a disk that became read-only, damaged while running and
before the start. What must not start says in one sentence what to put back, and overwrites nothing.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Dav, Suite, until  # noqa: E402
from kit.mounts import unmount  # noqa: E402
from kit.multistatus import Multistatus  # noqa: E402
from process import environment, target  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

ASK = (b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/>'
       b"<D:getcontentlength/><D:getetag/></D:prop></D:propfind>")
HOME = f"/dav/files/{Bridge.USER}/"
# folders of which the truth is made, and how large a file may be to be part of it
FOLDERS, LARGEST = 24, 100_000
PAGE = 4096
# the most patient clients wait so long for an answer, seconds
PATIENCE = 30
# a lock is waited for, so only every such question is asked under one
LOCK_SHARE = 4
# SQLite's locks in the shared memory of a WAL: writer, checkpoint, recovery and five of readers
LOCKS_AT, LOCKS = 120, 8


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


def running(site, name, trouble, every=1, place=None):
    """A trouble that comes over a running bridge and ends: with everything known before, and nothing."""
    for known in (True, False):
        what = f"{name}, {'known' if known else 'nothing known'}"
        folder = site.folder(site.known if known else site.fresh, place)
        bridge = site.bridge(folder)
        if known:
            site.suite.none(f"{what}: before it all is right", site.look(bridge, tolerant=False)[0])
        with trouble(folder / "data"):
            wrong, later = site.look(bridge, tolerant=True, every=every)
            site.suite.none(f"{what}: everything or 503 ({later} of them)", wrong)
            if not known:
                site.suite.check(f"{what}: the trouble is felt", later, bridge.text()[-500:])
        until(f"{what}: right after it", lambda: not site.look(bridge, tolerant=True)[1], 60, 0.5)
        site.suite.none(f"{what}: after it all is right", site.look(bridge, tolerant=False)[0])
        site.suite.equal(f"{what}: the bridge ends by itself", 0, bridge.end())
        unmount(folder / "data")


@contextmanager
def held(data, *statements):
    """Another process holds what the statements lock (a process loses its locks when it closes any
    handle of the file, so this one will not do)."""
    program = ("import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
               "for one in sys.argv[2:]: db.execute(one)\nprint('held', flush=True)\nsys.stdin.read()\ndb.execute('ROLLBACK')\n")
    command = [sys.executable, "-c", program, data / "davbridge.db", *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        if other.stdout.readline() != "held\n":
            raise RuntimeError("the lock could not be taken")
        yield
        other.stdin.close()


def write_locked(data):
    """Another process writes."""
    return held(data, "BEGIN EXCLUSIVE")


def exclusively(data):
    """Another process has the database for itself, which it can only get while no bridge runs."""
    return held(data, "PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE")


@contextmanager
def locked(data):
    """Another process keeps even readers out, as while it recovers the journal."""
    with open(data / "davbridge.db-shm", "r+b") as shared:
        until("the locks", lambda: taken(shared), 10)
        yield


def taken(shared):
    try:
        fcntl.lockf(shared, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKS, LOCKS_AT)
    except BlockingIOError:
        return False
    return True


def small_disk(data):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", data], check=True)


def real_disk(data):
    """A file system that can break: what is open for writing keeps others from becoming read-only."""
    image = data.parent / "disk"
    with open(image, "wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop", image, data], check=True)


@contextmanager
def full(data):
    """No byte is left."""
    filler = data / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass
    yield
    filler.unlink()


def spoil(database, pages=None, noise=os.urandom):
    """Overwrites pages (counted from 0; all but the first when not told) in place."""
    count = database.stat().st_size // PAGE
    with open(database, "r+b") as file:
        for page in pages or range(1, count):
            file.seek(page * PAGE)
            file.write(noise(PAGE))


def damaged_while_running(site):
    suite = site.suite
    suite.section("damaged while running")
    for name, harm in (("noise", spoil), ("zeros", lambda db: spoil(db, noise=bytes)),
                       ("the head too", lambda db: spoil(db, range(db.stat().st_size // PAGE))),
                       ("cut to nothing", lambda db: os.truncate(db, 0)),
                       ("cut in half", lambda db: os.truncate(db, db.stat().st_size // PAGE // 2 * PAGE))):
        for known in (True, False):
            what = f"{name}, {'known' if known else 'nothing known'}"
            folder = site.folder(site.known if known else site.fresh)
            bridge = site.bridge(folder)
            if known:
                site.look(bridge, tolerant=False)
            harm(folder / "data" / "davbridge.db")
            wrong, later = site.look(bridge, tolerant=True)
            suite.none(f"{what}: everything or 503 ({later} of them)", wrong)
            bridge.end()
            shutil.rmtree(folder / "data")
            shutil.copytree(site.known, folder / "data")
            bridge = site.bridge(folder)
            suite.none(f"{what}: right with the copy put back", site.look(bridge, tolerant=False)[0])
            bridge.end()


def one_page(site):
    """Each page for itself, before the start: refused, or everything or 503."""
    site.suite.section("one damaged page")
    pages = (site.known / "davbridge.db").stat().st_size // PAGE
    started = 0
    for name, noise in (("noise", os.urandom), ("zeros", bytes)):
        for page in range(pages):
            folder = site.folder(site.known)
            spoil(folder / "data" / "davbridge.db", [page], noise)
            try:
                bridge = site.bridge(folder)
            except SystemExit as refused:
                site.suite.check(f"{name} at page {page}: refused, naming a backup", "backup" in str(refused), refused)
                continue
            started += 1
            wrong, later = site.look(bridge, tolerant=True)
            site.suite.none(f"{name} at page {page}: everything or 503 ({later} of them)", wrong)
            bridge.end()
    site.suite.check("with some pages damaged it starts", started)


def read_only(site):
    """A disk that becomes read-only under the bridge, as one with errors does; then mounted again."""
    suite = site.suite
    suite.section("read-only")
    for known in (True, False):
        what = f"read-only, {'known' if known else 'nothing known'}"
        folder = site.folder(site.known if known else site.fresh, real_disk)
        data, bridge = folder / "data", site.bridge(folder)
        if known:
            site.look(bridge, tolerant=False)
        # what is on the disk stays, what comes later does not
        os.sync()
        subprocess.run(["mount", "-o", "remount,abort", data], check=True)
        wrong, later = site.look(bridge, tolerant=True)
        suite.none(f"{what}: everything or 503 ({later} of them)", wrong)
        suite.check(f"{what}: the trouble is felt", known or later)
        bridge.end()
        unmount(data)
        subprocess.run(["mount", "-o", "loop", folder / "disk", data], check=True)
        bridge = site.bridge(folder)
        suite.none(f"{what}: mounted again, all is right", site.look(bridge, tolerant=False)[0])
        bridge.end()
        unmount(data)


@contextmanager
def remounted(data):
    """Nothing can be written from the start."""
    subprocess.run(["mount", "-o", "remount,ro", data], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", data], check=True)


def files(data):
    """Names and contents; what SQLite keeps beside the database for itself does not count."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in data.iterdir()
            if not path.name.endswith(("-shm", "-wal", ".lock"))}


def refused(site, name, arrange, words, data=None, place=None):
    """A start that must not succeed: one sentence with all the words, and nothing overwritten."""
    folder = site.folder(data or site.known, place)
    config = folder / "davbridge.toml"
    bridge = site.bridge(folder)
    bridge.end()
    with arranged(arrange, folder / "data"):
        before = files(folder / "data")
        done = site.suite.run([*bridge.program(), "serve", "--config", config], timeout=30)
        after = files(folder / "data")
    said = done.stderr.decode().strip().splitlines()
    site.suite.check(f"{name}: refused", done.returncode not in (0, -1), (done.returncode, said))
    site.suite.check(f"{name}: one sentence", len(said) == 1 and "panicked" not in said[0], said)
    site.suite.check(f"{name}: it says {', '.join(words)}", all(word in said[-1] for word in words) if said else False, said)
    site.suite.equal(f"{name}: nothing overwritten or made", before, after)
    unmount(folder / "data")


@contextmanager
def arranged(arrange, data):
    """Some arrangements end, others are simply done."""
    made = arrange(data)
    if hasattr(made, "__enter__"):
        with made:
            yield
    else:
        yield


def other_program(data):
    """A database of SQLite that is not ours."""
    (data / "davbridge.db").unlink()
    with sqlite3.connect(data / "davbridge.db") as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()


def newer(data):
    with sqlite3.connect(data / "davbridge.db") as db:
        db.execute("INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, success, checksum, execution_time "
                   "FROM _sqlx_migrations LIMIT 1")
    db.close()


def other_key(site, data):
    """The key of another bridge."""
    other = site.suite.folder / "other"
    other.mkdir()
    command = [target() / "davbridge", "--data-dir", other, "user", "add", "somebody"]
    subprocess.run(command, check=True, capture_output=True, env=environment(), timeout=60)
    shutil.copy(other / "davbridge.key", data / "davbridge.key")


def starts(site):
    site.suite.section("what must not start")
    database, key = "davbridge.db", "davbridge.key"
    refused(site, "damaged", lambda data: spoil(data / database), [database, "backup"])
    refused(site, "not a database", lambda data: (data / database).write_bytes(b"text " * 2000), [database, "backup"])
    refused(site, "an empty file", lambda data: (data / database).write_bytes(b""), [database, "backup"])
    refused(site, "another program's database", other_program, [database, "backup"])
    refused(site, "no key file", lambda data: (data / key).unlink(), [key, "put back"])
    refused(site, "another key", lambda data: other_key(site, data), [key, "put back"])
    refused(site, "a damaged key file", lambda data: (data / key).write_text("davbridge-key-1 00 00\n"), [key, "put back"])
    refused(site, "of a newer version", newer, [database, "newer", "backup"])
    refused(site, "locked", exclusively, ["locked"])
    refused(site, "on a read-only disk", remounted, ["cannot be"], place=small_disk)
    refused(site, "on a full disk", full, ["space"], place=small_disk)


def main():
    with Suite("store") as suite:
        site = Site(suite)
        suite.section("locked by a writer")
        running(site, "locked by a writer", write_locked, LOCK_SHARE)
        suite.section("locked for readers too")
        running(site, "locked for readers too", locked, LOCK_SHARE)
        suite.section("full")
        running(site, "full", full, place=small_disk)
        read_only(site)
        damaged_while_running(site)
        one_page(site)
        starts(site)


if __name__ == "__main__":
    main()
