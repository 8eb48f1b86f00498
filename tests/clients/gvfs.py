#!/usr/bin/env python3
"""GNOME's gvfs through `gio`: mount with a password, listings, bytes, free space, writes refused.

gvfs needs a session bus: the suite runs itself again under dbus-run-session.
"""

import os
import sys
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
from kit import CUT_CONTENT, NO_LISTINGS, Calls, Demo, Suite, differences, note_calls  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.sample import ODD, Sample  # noqa: E402

FIELDS = "standard::name,standard::size,standard::type"


class Gio:
    """`gio` with addresses below one drive."""

    def __init__(self, suite, demo, sample):
        self.suite, self.demo = suite, demo
        self.site = f"dav://{demo.user}@{urlsplit(demo.base).netloc}"
        self.root = self.site + sample.root

    def __call__(self, *arguments, stdin=""):
        # monitors of disks and phones are of no use here
        environment = {"LC_ALL": "C.UTF-8", "GVFS_REMOTE_VOLUME_MONITOR_IGNORE": "1"}
        return self.suite.run(["gio", *map(str, arguments)], stdin=stdin, env=environment)

    def at(self, path):
        """The address of a path below the drive."""
        return self.root + encoded(path)

    def mount(self, password):
        """Mounts the drive; the password is asked on standard input."""
        return self("mount", self.root, stdin=f"{password}\n")

    def listing(self, path):
        """Names and sizes in a folder, and the finished process."""
        done = self("list", "-h", "-a", FIELDS, self.at(path))
        found = []
        for line in done.stdout.decode().splitlines():
            name, size, kind = line.split("\t")[:3]
            found.append((name, None if "directory" in kind else int(size)))
        return found, done


def reading(suite, gio, sample, cloud):
    folders = ("", "Private", "Private/Work", ODD, f"{ODD}/Empty folder")
    for folder in folders:
        truth = [(node.name, node.size) for node in sample.inside(folder)]
        with Calls(cloud) as calls:
            got, done = gio.listing(folder)
        suite.none(f"list {folder or 'the drive'}", differences(truth, got))
        suite.check(f"list {folder or 'the drive'}: no error", done.returncode == 0, done.stderr.decode())
        suite.check(
            f"list {folder or 'the drive'}: at most one listing", calls.kinds["listings"] <= 1, calls.routes
        )
    with Calls(cloud) as calls:
        for folder in folders:
            gio.listing(folder)
    note_calls("gio", "five folders again", calls, sum(len(sample.inside(folder)) for folder in folders))
    for node in (sample.node, *sample.odd):
        done = gio("cat", gio.at(node.path))
        suite.check(
            f"cat {node.name[:60]!r}",
            done.stdout == cloud.content(sample.drive["id"], node.id),
            done.stderr.decode(),
        )
    copy = suite.folder / "copy"
    done = gio("copy", gio.at(sample.node.path), copy)
    suite.check("copy", copy.exists() and copy.read_bytes() == sample.content, done.stderr.decode())
    said = gio("info", "-f", gio.root).stdout.decode()
    used, total = sample.drive["used_size"], sample.drive["size"]
    suite.check(
        "free space",
        f"filesystem::free: {total - used}" in said and f"filesystem::size: {total}" in said,
        said,
    )
    done = gio("cat", gio.at("Private/nothing-there"))
    suite.check("what is not there is an error", done.returncode != 0, done.stdout)


def writing(suite, gio, sample):
    local = suite.folder / "local.txt"
    local.write_text("local")
    for arguments in (
        ("copy", local, gio.at("Private/new.txt")),
        ("mkdir", gio.at("Private/new")),
        ("remove", gio.at(sample.node.path)),
        ("rename", gio.at(sample.node.path), "renamed.docx"),
        ("save", gio.at(sample.node.path)),
    ):
        done = gio(*arguments, stdin="new")
        suite.check(f"{arguments[0]} fails", done.returncode != 0, done.stdout)
        suite.check(
            f"{arguments[0]}: not as if nothing were there",
            b"not found" not in done.stderr.lower(),
            done.stderr,
        )


def main():
    with Suite("gvfs") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        gio = Gio(suite, demo, sample)
        done = gio.mount("wrong")
        suite.check("a wrong password does not mount", done.returncode != 0, done.stdout.decode())
        done = gio.mount(demo.password)
        suite.check("mount", done.returncode == 0, (done.stdout + done.stderr).decode())
        reading(suite, gio, sample, demo.cloud)
        writing(suite, gio, sample)
        done = gio("mount", "-u", gio.root)
        suite.check("unmount", done.returncode == 0, done.stderr.decode())
        sample.unwritten(suite)
        suite.section("the cloud in trouble")
        cold = Demo(suite)
        gio = Gio(suite, cold, Sample(cold))
        suite.check("mount", gio.mount(cold.password).returncode == 0)
        with cold.cloud.faults(NO_LISTINGS):
            got, done = gio.listing("Private")
            suite.check(
                "a folder that cannot be listed",
                done.returncode != 0 and not got,
                (got, done.stderr.decode()),
            )
        with cold.cloud.faults(CUT_CONTENT):
            done = gio("cat", gio.at(sample.node.path))
            suite.check("content that ends early", done.returncode != 0, len(done.stdout))


if __name__ == "__main__":
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])
    main()
