#!/usr/bin/env python3
"""rclone mount: the whole tree through the kernel, reads in the middle of a large file."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from kit import Calls, Demo, Suite, differences, note_calls, until  # noqa: E402
from kit.mounts import content_trouble, listing, listing_trouble, unmount  # noqa: E402
from kit.rclone import Rclone  # noqa: E402
from kit.sample import Sample  # noqa: E402

BLOCK = 65_536


def mount(suite, rclone, point, *flags):
    """Starts `rclone mount` and waits until the kernel has it."""
    point.mkdir()
    log = open(suite.folder / "mount.log", "w+b")
    process = subprocess.Popen(
        ["rclone", "mount", "bridge:", point, "--vfs-cache-mode", "off", *flags],
        stdout=log,
        stderr=log,
        env={**os.environ, **rclone.env},
    )
    suite.cleanups.append(lambda: (unmount(point), process.wait(timeout=20)))

    def mounted():
        if process.poll() is not None:
            raise RuntimeError("rclone mount ended: " + (suite.folder / "mount.log").read_text()[-1000:])
        return os.path.ismount(point)

    until("the mount", mounted)


def reads(suite, sample, cloud, point):
    suite.section("reads")
    big = sample.big
    with open(point / big.path, "rb", buffering=0) as file:
        for offset in (big.size // 2 + 4321, 12_345, big.size - BLOCK, big.size // 3):
            file.seek(offset)
            got = _read(file)
            want = cloud.content(sample.drive["id"], big.id, offset, offset + BLOCK - 1)
            suite.check(f"{BLOCK} bytes at {offset}", got == want, len(got))
    files = [node for node in sample.tree if node.size and node.size <= 4 << 20 and node in sample.plain]
    with ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda node: (point / node.path).read_bytes(), files))
    wrong = [
        node.path for node, body in zip(files, bodies) if body != cloud.content(sample.drive["id"], node.id)
    ]
    suite.none(f"{len(files)} files read in parallel", wrong)


def _read(file):
    """BLOCK bytes, however the kernel hands them out."""
    parts = b""
    while len(parts) < BLOCK:
        part = file.read(BLOCK - len(parts))
        if not part:
            break
        parts += part
    return parts


def main():
    with Suite("rclone-mount") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        point = suite.folder / "mount"
        with Calls(demo.cloud) as calls:
            mount(suite, Rclone(suite, demo, sample.root), point)
            suite.none("the tree", differences(sample.everything(), listing(point)))
        note_calls("rclone mount", "first walk", calls, len(sample.tree))
        reads(suite, sample, demo.cloud, point)
        for what, act in (
            ("mkdir", lambda: os.mkdir(point / "Private" / "new")),
            ("unlink", lambda: os.unlink(point / sample.node.path)),
            ("rename", lambda: os.rename(point / sample.node.path, point / "Private" / "moved")),
        ):
            try:
                act()
                suite.check(f"{what} fails", False)
            except OSError as error:
                suite.check(f"{what} fails", True, error)
        sample.unwritten(suite)
        cold = Demo(suite)
        point = suite.folder / "cold"
        mount(suite, Rclone(suite, cold, Sample(cold).root), point, "--low-level-retries", "1")
        suite.section("the cloud in trouble")
        listing_trouble(suite, cold, point)
        content_trouble(suite, cold, sample, point)


if __name__ == "__main__":
    main()
