"""Runs the benchmarks and prints one table. Started by `run`, which builds and finds the programs."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "clients"))

import calendars  # noqa: E402
import calls  # noqa: E402
import figures  # noqa: E402
import polls  # noqa: E402
from stack import Stack  # noqa: E402
from table import Table  # noqa: E402


class Effort:
    """How long and how often is measured."""

    def __init__(self, quick):
        self.runs, self.seconds, self.large = (3, 1, 7) if quick else (5, 3, 15)


def main():
    """The whole; exit status 1 if a target was missed and that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter runs")
    parser.add_argument("--only", choices=["figures", "calls", "calendars"])
    parser.add_argument("--strict", action="store_true", help="a missed target is a failure")
    parser.add_argument("--rclone", default="rclone")
    parser.add_argument("--python", help="Python that has Radicale and Xandikos")
    options = parser.parse_args()
    started, table = time.monotonic(), Table()
    work = Path(tempfile.mkdtemp(prefix="davbridge-bench-"))
    with Stack() as stack:
        if options.only in (None, "figures"):
            figures.figures(table, stack, options.rclone, stack.folder(work), Effort(options.quick))
        if options.only in (None, "calendars"):
            sizes = (1_000, 10_000) if options.quick else (1_000, 10_000, 100_000)
            folders = lambda: stack.folder(work)  # noqa: E731
            calendars.calendars(table, stack, options.python, folders, Effort(options.quick), sizes)
        if options.only in (None, "calls"):
            for feed in (True, False):
                calls.one_table(table, stack, options.rclone, stack.folder(work), feed)
            polls.polls(table, stack, lambda: stack.folder(work))
    shutil.rmtree(work)
    table.print()
    print(f"\n{table.below} below target, {time.monotonic() - started:.0f} s")
    return 1 if options.strict and table.below else 0


if __name__ == "__main__":
    sys.exit(main())
