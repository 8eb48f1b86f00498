#!/usr/bin/env python3
"""5 GiB in one stream and a hundred files side by side: right bytes, bounded memory."""

import hashlib
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Suite  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

DRIVE = "Muster kDrive"
SIZE = 5 << 30
# resident memory of the bridge under load, MB
MOST = 64
PIECE = 1 << 20


def opened(url, **headers):
    """An answer of any server; its status is checked by urllib."""
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=120)


def digest(answer):
    """SHA-256 and length of a stream."""
    seen, length = hashlib.sha256(), 0
    while piece := answer.read(PIECE):
        seen.update(piece)
        length += len(piece)
    return seen.hexdigest(), length


def stream(suite, cloud, bridge):
    """The whole file through the bridge beside the same straight from the cloud, at the same time."""
    suite.section("5 GiB")
    place = bridge.find(DRIVE, "Private", "Big", "5 GiB.bin")
    drive = cloud.drive(DRIVE)
    signed = cloud.signed(drive, cloud.file_id(drive, "Private", "Big", "5 GiB.bin"))
    with ThreadPoolExecutor(2) as both:
        straight = both.submit(lambda: digest(opened(signed)))
        bridged = digest(opened(bridge.url + place, Authorization=bridge.authorization))
        suite.equal("every byte came", SIZE, bridged[1])
        suite.equal("the bytes are the cloud's", straight.result(), bridged)
    for first in (0, (4 << 30) + 12345, SIZE - 10):
        last = min(first + 99_999, SIZE - 1)
        part = opened(bridge.url + place, Authorization=bridge.authorization, Range=f"bytes={first}-{last}")
        signed = cloud.signed(drive, cloud.file_id(drive, "Private", "Big", "5 GiB.bin"))
        suite.equal(f"bytes from {first}", opened(signed, Range=f"bytes={first}-{last}").read(), part.read())


def side_by_side(suite, bridge):
    """A hundred downloads at once, all begun before the first one ends; listings still work."""
    suite.section("a hundred files")
    home = bridge.find(DRIVE, "Private")
    gate = threading.Barrier(100)

    def read(number):
        answer = opened(f"{bridge.url}{home}parallel-{number}.bin", Authorization=bridge.authorization)
        first = answer.read(1000)
        gate.wait(60)
        return len(first) + digest(answer)[1]

    with ThreadPoolExecutor(101) as pool:
        reads = [pool.submit(read, number) for number in range(100)]
        names = [r.text("displayname") for r in bridge.list(home)]
        suite.check("a listing beside them", "parallel-99.bin" in names)
        suite.equal("all of them came whole", [3_000_000 + n for n in range(100)], [r.result() for r in reads])


def main():
    with Suite("large") as suite:
        cloud = Cloud(suite.folder)
        suite.cleanups.append(cloud.end)
        # before the bridge looks: it takes a listing for fresh for a while
        for number in range(100):
            cloud.write(f"/Private/parallel-{number}.bin", 3_000_000 + number)
        bridge = Bridge(suite.folder, cloud)
        suite.cleanups.append(bridge.end)
        stream(suite, cloud, bridge)
        _, peak = bridge.memory()
        suite.check(f"memory stayed under {MOST} MB", peak < MOST, peak)
        side_by_side(suite, bridge)
        print(f"peak after 5 GiB {peak:.1f} MB, at the end {bridge.memory()[1]:.1f} MB")


if __name__ == "__main__":
    main()
