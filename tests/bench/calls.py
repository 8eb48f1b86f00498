"""Calls to the cloud that clients cause, with the change feed and without."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from threading import local

FEED_WINDOW = 15
# Opening an account: its accounts, the drives of each, whether the feed takes the token, a cursor.
OPENING = 8


class Meter:
    """Calls between two readings."""

    def __init__(self, cloud):
        self.cloud, self.before, self.started = cloud, cloud.counters(), time.monotonic()

    def read(self):
        """Calls per route since the start, and how long it took."""
        after = self.cloud.counters()
        calls = {route: n - self.before.get(route, 0) for route, n in after.items() if n > self.before.get(route, 0)}
        return calls, time.monotonic() - self.started


def add(table, name, meter, limit):
    """A row: how many calls, in what time; below it, of what. The limit may depend on the time."""
    calls, seconds = meter.read()
    most, total = limit(seconds), sum(calls.values())
    table.add(name, f"{total} in {seconds:.1f} s", f"≤ {most}", total <= most)
    if calls:
        table.note(", ".join(f"{n} × {route}" for route, n in sorted(calls.items(), key=lambda item: -item[1])))


def walk(bridge, top, threads=8):
    """Addresses of a folder and all folders below it, each listed once."""
    found, level, own = [], [top], local()

    def members(place):
        if not hasattr(own, "session"):
            own.session = bridge.session()
        return [r.href for r in bridge.list(place, own.session) if r.is_collection and r.href != place]

    with ThreadPoolExecutor(threads) as pool:
        while level:
            found += level
            level = [href for hrefs in pool.map(members, level) for href in hrefs]
    return found


def again(bridge, places, threads=8):
    """Depth 1 of each place."""
    own = local()

    def one(place):
        if not hasattr(own, "session"):
            own.session = bridge.session()
        bridge.list(place, own.session)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, places))


def rclone_walk(program, bridge, place):
    """`rclone lsf -R`; the number of lines."""
    secret = subprocess.run([program, "obscure", bridge.password], text=True, capture_output=True, check=True).stdout
    environment = {**os.environ, "RCLONE_CONFIG": "/dev/null", "RCLONE_WEBDAV_URL": bridge.url + place,
                   "RCLONE_WEBDAV_VENDOR": "other", "RCLONE_WEBDAV_USER": bridge.USER,
                   "RCLONE_WEBDAV_PASS": secret.strip()}
    done = subprocess.run([program, "lsf", "-R", ":webdav:"], env=environment, text=True, capture_output=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"rclone: {done.stderr}")
    return done.stdout.splitlines()


def one_table(table, stack, rclone_program, work, feed):
    """The rows for one answer of the cloud to the change feed."""
    name = "with the change feed" if feed else "without the change feed"
    table.title(f"Calls to the cloud, {name}")
    cloud = stack.cloud(work, "--large", "--wide")
    cloud.switches(change_feed="accepted" if feed else "forbidden")
    bridge = stack.bridge(work, cloud)

    def allowed(seconds, base=0):
        # one poll per drive and freshness window, for all clients
        return base + (1 + int(seconds / FEED_WINDOW) if feed else 0)

    private = bridge.find("Muster kDrive", "Private")
    bridge.list(private)
    meter = Meter(cloud)
    entries = len(bridge.list(private + "Thousand/")) - 1
    add(table, "cold Depth 1 of 1,000 entries, parents known", meter, lambda _: 1)
    if entries != 1000:
        raise SystemExit(f"{entries} entries instead of 1,000")
    meter = Meter(cloud)
    folders = walk(bridge, private + "Wide/")
    add(table, f"cold Depth 1 of {len(folders)} folders", meter, lambda seconds: allowed(seconds, len(folders)))
    meter = Meter(cloud)
    again(bridge, folders)
    add(table, f"warm Depth 1 of {len(folders)} folders", meter, allowed)
    address = bridge.find("Muster kDrive")
    bridge.end()

    bridge = stack.keep(bridge.again())
    for turn in ("first", "second"):
        meter = Meter(cloud)
        lines = rclone_walk(rclone_program, bridge, address)
        count = sum(line.endswith("/") for line in lines) + 1
        base = OPENING + count + further_pages(lines) if turn == "first" else 0
        add(table, f"rclone lists a tree of {count} folders, {turn} time", meter,
            lambda seconds, base=base: allowed(seconds, base))
    bridge.end()
    cloud.end()


def further_pages(lines):
    """Further pages of 1,000 that the listings of large folders need."""
    sizes = {}
    for line in lines:
        parent = line.rstrip("/").rpartition("/")[0]
        sizes[parent] = sizes.get(parent, 0) + 1
    return sum((size - 1) // 1000 for size in sizes.values())
