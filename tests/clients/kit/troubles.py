"""Trouble for a data folder: locks of other processes, disks that fill up or fail, damage."""

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager

from .suite import until

PAGE = 4096
# SQLite's locks in the shared memory of a WAL: writer, checkpoint, recovery and five of readers
LOCKS_AT, LOCKS = 120, 8


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


@contextmanager
def remounted(data):
    """Nothing can be written from the start."""
    subprocess.run(["mount", "-o", "remount,ro", data], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", data], check=True)
