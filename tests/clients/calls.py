#!/usr/bin/env python3
"""What clients cost the cloud: calls for cold and warm listings and tree walks, with and without the
change feed."""

import sys
import time

sys.dont_write_bytecode = True
from kit import Calls, Demo, Suite, differences, note_calls  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.rclone import Rclone  # noqa: E402
from kit.sample import Sample  # noqa: E402

# a drive's feed is asked once in this time, however many clients and folders there are, seconds
FRESH = 15
PAGE = 1000


def feed_calls(seconds, drives):
    """The most calls of the feed in a time: one for each drive and window, and the first ones."""
    return drives * (2 + int(seconds / FRESH))


def count(suite, what, items, feed, sample, work, listings):
    """Does some work and checks that it cost exactly so many calls for listings, and nothing else."""
    begun = time.monotonic()
    with Calls(sample.demo.cloud) as calls:
        work()
    note_calls("rclone" if "rclone" in what else "PROPFIND", f"{what}, {feed}", calls, items)
    suite.equal(f"{what}: calls for listings", listings, calls.kinds["listings"])
    most = feed_calls(time.monotonic() - begun, len(sample.drives))
    suite.check(f"{what}: at most {most} calls of the feed", calls.kinds["feed"] <= most, calls.routes)
    suite.check(f"{what}: nothing else", calls.but_feed - listings <= len(sample.drives) + 1, calls.routes)


def listed(sample, folder):
    """Depth 1 of a folder, by name and size."""
    children = sample.demo.dav.list(sample.root + encoded(folder) + "/")
    if len(children) != len(sample.inside(folder)):
        raise RuntimeError(f"{folder}: {len(children)} of {len(sample.inside(folder))}")


def measure(suite, feed, access):
    suite.section(f"{feed}")
    demo = Demo(suite, "--large", "--wide")
    demo.cloud.control("switches", {"change_feed": access})
    sample = Sample(demo)
    listed(sample, "Private")
    for folder in ("Private/Thousand", "Private/Ten thousand"):
        size = len(sample.inside(folder))
        pages = -(-size // PAGE)
        count(suite, f"cold Depth 1, {size} entries", size, feed, sample, lambda: listed(sample, folder), pages)
        count(suite, f"warm Depth 1, {size} entries", size, feed, sample, lambda: listed(sample, folder), 0)
    wide = ["Private/Wide"] + [node.path for node in sample.tree if node.is_folder and node.path.startswith("Private/Wide/")]
    rclone = Rclone(suite, demo, sample.root)
    # the root, Private and the two large folders are known
    folders = 1 + sum(node.is_folder for node in sample.tree) - 4
    walk = lambda: suite.none("the walk shows everything", differences(  # noqa: E731
        [(path, size is None) for path, size in sample.everything()],
        [(one["Path"], one["IsDir"]) for one in rclone.listing("--no-modtime", "--no-mimetype")]))
    count(suite, "rclone's first walk", len(sample.tree), feed, sample, walk, folders)
    count(suite, f"warm Depth 1 of {len(wide)} folders", len(wide), feed, sample, lambda: [listed(sample, one) for one in wide], 0)
    count(suite, "rclone's second walk", len(sample.tree), feed, sample, walk, 0)
    demo.stop()


def main():
    with Suite("calls") as suite:
        measure(suite, "with feed", "accepted")
        measure(suite, "no feed", "forbidden")


if __name__ == "__main__":
    main()
