#!/usr/bin/env python3
"""Recorded client conversations and bad input: each answer is judged as that client's own reader would.

    replay.py                      the self-test, then everything against a demo of its own
    replay.py --self-test          only that every rule fails on a planted wrong answer; needs no server
    replay.py --url http://127.0.0.1:8080 [--cloud http://127.0.0.1:9000] [--pid N]     a running server

With --cloud, steps that must not cost a call to the cloud are counted there. With --pid, the memory
of the server under bad input is bounded. Exit status 1 if anything is wrong.
"""

import argparse
import json
import sys
import urllib.request
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from kit import Demo, Suite  # noqa: E402
from recorded import badinput, conversation, everything, names, readers, selftest  # noqa: E402, F401
from recorded.wire import Refused  # noqa: E402
from recorded.world import World  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "dav" / "clients"


def counter(url):
    """Reads calls per route from the simulated cloud, the change feed aside.

    The feed is polled once per freshness window for all clients, whatever they ask."""
    def read():
        with urllib.request.urlopen(f"{url.rstrip('/')}/_control/counters", timeout=10) as answer:
            calls = json.load(answer)
        return Counter({route: count for route, count in calls.items()
                        if isinstance(count, int) and "listing" not in route and "_control" not in route})
    return read


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--url", help="a running server; without it a demo is started")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", default="demo")
    parser.add_argument("--home", help="address of the files home, default /dav/files/USER/")
    parser.add_argument("--drive-depth", type=int, default=2, help="levels between home and a drive")
    parser.add_argument("--cloud", help="base URL of the simulated cloud")
    parser.add_argument("--pid", type=int, help="process whose memory is watched under bad input")
    parser.add_argument("--only", nargs="*", help="clients, or `names`, `everything`, `bad-input`")
    return parser.parse_args()


def main():
    """Runs what was asked for; the exit status."""
    options = arguments()
    if options.self_test:
        return selftest.main()
    if options.url:
        return play(options)
    with Suite("replay") as suite:
        suite.equal("every rule fails on its planted wrong answer", 0, selftest.main())
        demo = Demo(suite)
        options.url, options.cloud, options.pid = demo.base, demo.cloud.base, demo.process.pid
        suite.equal("every answer is what each client needs", 0, play(options))
        cloud = Cloud(suite.folder, "--hostile", "--corpus", "--no-big")
        suite.cleanups.append(cloud.end)
        bridge = Bridge(suite.folder, cloud)
        suite.cleanups.append(bridge.end)
        options.url, options.cloud, options.pid = bridge.url, cloud.base, None
        options.user, options.password, options.only = bridge.USER, bridge.password, ["names", "everything"]
        suite.equal("names and texts from a hostile cloud", 0, play(options))
        hostile = bridge.list(bridge.find("Muster kDrive", "Private", "Hostile"))
        suite.equal("all 18 hostile names are listed", 18, len(hostile) - 1)
    return 0


def play(options):
    """Everything against one server; the number of things wrong decides the result."""
    try:
        world = World(options.url, options.user, options.password, options.home, options.drive_depth)
        if not options.only or set(options.only) - {"names", "bad-input"}:
            world.look_at_library()
    except Refused as refused:
        print(f"cannot begin: {refused}")
        return 1
    for kind, items in (world.library.items if world.library else {}).items():
        print(f"{kind} {world.values[kind]}  ({len(items)} items)")
    print(f"folder {world.values['folder']}  file {world.values['file']}  ({len(world.folders)} folders walked)")
    wanted = lambda name: not options.only or name in options.only  # noqa: E731
    passed = failed = 0
    counters = counter(options.cloud) if options.cloud else None
    runs = [(folder.name, lambda folder=folder: conversation.play(folder, world, counters))
            for folder in conversation.clients(FIXTURES)]
    if counters:
        before = counters()
        world.request(f"GET {world.values['file']}")
        if not counters() - before:
            print("the cloud's counters do not count: a GET cost nothing")
            return 1
    runs.append(("names", lambda: names.play(world)))
    runs.append(("everything", lambda: everything.play(world)))
    runs.append(("bad-input", lambda: badinput.play(world, options.pid)))
    for name, run in runs:
        if wanted(name):
            count, complaints = run()
            print(f"{name:<10} {count:>4} exchanges, {len(complaints)} complaints")
            for complaint in complaints:
                print(f"  {complaint}")
            passed, failed = passed + (not complaints), failed + bool(complaints)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
