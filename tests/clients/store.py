#!/usr/bin/env python3
"""The bridge's own store in trouble, seen by a client: the whole truth or a 503, never less.

Locked by another process, on a full disk, on a disk that became read-only, damaged while running and
before the start. What must not start says in one sentence what to put back, and overwrites nothing.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Suite, until  # noqa: E402
from kit.mounts import unmount  # noqa: E402
from kit.troubles import (PAGE, exclusively, full, locked, real_disk, remounted, small_disk, spoil,  # noqa: E402
                          write_locked)
from kit.truth import Site  # noqa: E402
from process import environment, target  # noqa: E402

# a lock is waited for, so only every such question is asked under one
LOCK_SHARE = 4


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
            suite.check(f"{what}: the trouble is felt", known or later, bridge.text()[-500:])
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
