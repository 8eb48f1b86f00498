"""Calls to the cloud that clients cause, with the change feed and without."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from threading import local

FEED_WINDOW = 15


class Meter:
    """Calls between two readings."""

    def __init__(self, cloud):
        self.cloud, self.before, self.started = cloud, cloud.counters(), time.monotonic()

    def read(self):
        """Calls per route since the start, and how long it took."""
        after = self.cloud.counters()
        calls = {route: n - self.before.get(route, 0) for route, n in after.items() if n > self.before.get(route, 0)}
        return calls, time.monotonic() - self.started


def shown(calls, seconds):
    """A cell: how many, of what, how long."""
    routes = ", ".join(f"{n} × {route.replace('/3/drive/{drive}', '…').replace('/2/drive/{drive}', '…')}"
                       for route, n in sorted(calls.items(), key=lambda item: -item[1]))
    return f"{sum(calls.values())} in {seconds:.1f} s" + (f" ({routes})" if routes else "")


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
    meter = Meter(cloud)
    entries = len(bridge.list(private + "Thousand/")) - 1
    calls, seconds = meter.read()
    if entries != 1000:
        raise SystemExit(f"{entries} entries instead of 1,000")
    table.add("cold Depth 1 of 1,000 entries, parents known", shown(calls, seconds),
              "1", sum(calls.values()) == 1)

    meter = Meter(cloud)
    folders = walk(bridge, private + "Wide/")
    calls, seconds = meter.read()
    table.add(f"cold Depth 1 of {len(folders)} folders", shown(calls, seconds),
              f"≤ {allowed(seconds, len(folders))}", sum(calls.values()) <= allowed(seconds, len(folders)))
    meter = Meter(cloud)
    again(bridge, folders)
    calls, seconds = meter.read()
    table.add(f"warm Depth 1 of {len(folders)} folders", shown(calls, seconds),
              f"≤ {allowed(seconds)}", sum(calls.values()) <= allowed(seconds))
    bridge.end()

    bridge = stack.keep(bridge.again())
    drive = bridge.find("Muster kDrive")
    for turn in ("first", "second"):
        meter = Meter(cloud)
        lines = rclone_walk(rclone_program, bridge, drive)
        calls, seconds = meter.read()
        count = sum(line.endswith("/") for line in lines) + 1
        limit = allowed(seconds, count + count_pages(lines) if turn == "first" else 0)
        table.add(f"rclone lists a tree of {count} folders, {turn} time", shown(calls, seconds),
                  f"≤ {limit}", sum(calls.values()) <= limit)
    bridge.end()
    cloud.end()


def count_pages(lines):
    """Further pages of 1,000 that the listings of large folders need."""
    sizes = {}
    for line in lines:
        parent = line.rstrip("/").rpartition("/")[0]
        sizes[parent] = sizes.get(parent, 0) + 1
    return sum((size - 1) // 1000 for size in sizes.values())
