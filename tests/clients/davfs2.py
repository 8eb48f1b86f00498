#!/usr/bin/env python3
"""davfs2: a real mount by the kernel; the whole tree, bytes, free space, errors of writes."""

import errno
import hashlib
import os
import shutil
import sys

sys.dont_write_bytecode = True
from kit import NO_LISTINGS, Calls, Demo, Suite, differences, note_calls, until  # noqa: E402
from kit.mounts import content_trouble, listing, unmount  # noqa: E402
from kit.sample import ODD, Sample  # noqa: E402

# davfs2 fetches whole files; larger ones stay away from its cache
LARGEST = 4 << 20
# the file in its cache has this name and a suffix
LONGEST = 240
# with the default of 16 KiB readdir fails on newer kernels
CONF = """ask_auth 0
use_locks 1
delay_upload 0
buf_size 64
dir_refresh 1
retry 1
max_retry 1
cache_dir {cache}
secrets {secrets}
"""


def mount(suite, demo, path, point):
    """Mounts a path of the bridge."""
    point.mkdir()
    secrets, conf, cache = (suite.folder / name for name in ("secrets", "davfs2.conf", "cache"))
    cache.mkdir(exist_ok=True)
    # mount.davfs gives its rights up and goes on as this user
    shutil.chown(cache, "root", "davfs2")
    cache.chmod(0o1775)
    suite.folder.chmod(0o711)
    secrets.write_text(f'"{point}" {demo.user} {demo.password}\n')
    secrets.chmod(0o600)
    conf.write_text(CONF.format(cache=cache, secrets=secrets))
    conf.chmod(0o600)
    suite.cleanups.append(lambda: unmount(point))
    done = suite.run(
        ["mount", "-t", "davfs", "-o", f"conf={conf},uid=0", demo.base + path, point],
        env={"LC_ALL": "C.UTF-8"},
    )
    if not suite.check("mount", done.returncode == 0 and os.path.ismount(point), done.stderr.decode()):
        raise RuntimeError("no mount")


def bytes_of(sample, cloud, point):
    """Complaints about contents."""
    for node in sample.tree:
        if node.size is None or node.size > LARGEST or node not in sample.plain:
            continue
        if len(node.name.encode()) > LONGEST:
            continue
        want = hashlib.sha256(cloud.content(sample.drive["id"], node.id)).digest()
        with open(point / node.path, "rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != want:
                yield node.path


def writes(suite, sample, point):
    suite.section("writes")
    file, folder = point / sample.node.path, point / "Private"
    for what, act in (
        ("mkdir", lambda: os.mkdir(folder / "new")),
        ("unlink", lambda: os.unlink(file)),
        ("rename", lambda: os.rename(file, folder / "moved")),
        ("rmdir", lambda: os.rmdir(point / ODD / "Empty folder")),
    ):
        try:
            act()
            suite.check(f"{what} fails", False)
        except OSError as error:
            suite.check(f"{what} fails, not as if nothing were there", error.errno != errno.ENOENT, error)
    # davfs2 uploads after the program has closed the file, and keeps what was refused
    (folder / "new.txt").write_text("local")
    kept = until("what was refused in lost+found", lambda: list((point / "lost+found").iterdir()))
    suite.equal("a refused file is kept by davfs2", "local", kept[0].read_text())
    suite.check("the file is still there", file.exists())


def trouble(suite, demo, sample, point):
    """davfs2 itself shows a folder as empty that it has never read and cannot read now: its `opendir`
    does not look at what the listing came to. What it must not do is stay so, or lose what it knows."""
    suite.section("the cloud in trouble")
    names = {node.name for node in sample.inside("Private")}
    with demo.cloud.faults(NO_LISTINGS):
        os.listdir(point / "Private")
    until("the whole folder after it", lambda: set(os.listdir(point / "Private")) == names)
    with demo.cloud.faults(NO_LISTINGS):
        suite.equal("a known folder stays whole", names, set(os.listdir(point / "Private")))
    content_trouble(suite, demo, sample, point)


def main():
    with Suite("davfs2") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        point = suite.folder / "mount"
        with Calls(demo.cloud) as calls:
            mount(suite, demo, sample.root, point)
            # davfs2 adds lost+found of its own
            found = [entry for entry in listing(point) if entry[0] != "lost+found"]
        suite.none("the tree", differences(sample.everything(), found))
        note_calls("davfs2", "mount and first walk", calls, len(sample.tree))
        with Calls(demo.cloud) as calls:
            suite.none("contents", list(bytes_of(sample, demo.cloud, point)))
        space = os.statvfs(point)
        total = sample.drive["size"]
        suite.check(
            "size of the drive",
            abs(space.f_blocks * space.f_frsize - total) < total / 100,
            (space.f_blocks * space.f_frsize, total),
        )
        writes(suite, sample, point)
        sample.unwritten(suite)
        cold = Demo(suite)
        point = suite.folder / "cold"
        mount(suite, cold, Sample(cold).root, point)
        trouble(suite, cold, sample, point)


if __name__ == "__main__":
    main()
