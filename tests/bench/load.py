"""Load: wrk for many small answers, curl for one large one; medians of several runs."""

import json
import os
import re
import resource
import statistics
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("propfind.lua")


class Result:
    """What one run of wrk measured."""

    def __init__(self, seconds, values):
        self.rate = values["requests"] / seconds
        self.megabytes = values["bytes"] / seconds / 1e6
        self.p50, self.p99 = values["p50"] / 1000, values["p99"] / 1000


def wrk(url, authorization, connections, seconds, depth=None):
    """One run; PROPFIND at a depth, else GET. Any failed answer ends the benchmark."""
    environment = {name: value for name, value in os.environ.items() if name not in ("AUTH", "DEPTH")}
    environment |= {"AUTH": authorization} if authorization else {}
    environment |= {"DEPTH": str(depth)} if depth is not None else {}
    done = subprocess.run(["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s",
                           "--timeout", "20s", "-s", SCRIPT, url],
                          env=environment, text=True, capture_output=True, timeout=seconds + 60)
    found = re.search(r"^JSON (.*)$", done.stdout, re.M)
    if not found:
        raise SystemExit(f"wrk: {done.stdout}{done.stderr}")
    values = json.loads(found[1])
    if values["errors"] or not values["requests"]:
        raise SystemExit(f"wrk on {url.partition('?')[0]}: {values}")
    return Result(values["us"] / 1e6, values)


def median(runs, key):
    """The run that is the median by a key."""
    ordered = sorted(runs, key=key)
    return ordered[len(ordered) // 2]


def curl(url, authorization=None):
    """Seconds to fetch an address whole, its bytes, and the CPU seconds that curl took."""
    words = ["curl", "-sS", "--fail", "-o", "/dev/null", "-w", "%{time_total} %{size_download}"]
    if authorization:
        words += ["-H", f"Authorization: {authorization}"]
    before = children()
    done = subprocess.run([*words, url], text=True, capture_output=True, timeout=300)
    cpu = children() - before
    if done.returncode:
        raise SystemExit(f"curl: {done.stderr}")
    seconds, size = done.stdout.split()
    return float(seconds), int(size), cpu


def children():
    """CPU seconds of all programs that were run to their end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def middle(values):
    """Median of numbers."""
    return statistics.median(values)
