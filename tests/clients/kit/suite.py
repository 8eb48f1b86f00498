"""Checks of one suite: each has a name, all are run, the exit status tells whether one failed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

# One step of a client may take this long, seconds; the suite as a whole is bounded by tests/run.
STEP = 120


class Suite:
    """Runs checks and counts them. Use as a context manager around `main`.

    An exception inside ends the suite as one more failure; leaving it ends the process with the
    status that the checks deserve.
    """

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = []
        self.folder = Path(tempfile.mkdtemp(prefix=f"davbridge-{name}-"))
        self.cleanups = []

    def __enter__(self):
        # a suite that is told to stop still takes its mounts and processes down
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda caught, _: sys.exit(128 + caught))
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and not issubclass(kind, SystemExit):
            traceback.print_exception(kind, error, trace)
            self.failed.append(f"ended by {kind.__name__}")
        for clean in reversed(self.cleanups):
            clean()
        for log in sorted(self.folder.glob("demo-*.log")) if self.failed else ():
            print(f"--- the end of {log.name} ---\n" + log.read_text(errors="replace")[-4000:])
        shutil.rmtree(self.folder, ignore_errors=True)
        if kind is not None and issubclass(kind, SystemExit):
            return False
        print(f"{self.name}: {self.passed} checks passed, {len(self.failed)} failed")
        for name in self.failed:
            print(f"  failed: {name}")
        sys.stdout.flush()
        sys.exit(1 if self.failed or not self.passed else 0)

    def section(self, title):
        """A heading in the log."""
        print(f"-- {title}", flush=True)

    def check(self, name, good, detail=""):
        """Counts a check; `detail` is shown when it fails. Gives `good` back."""
        if good:
            self.passed += 1
            print(f"ok    {name}")
        else:
            self.failed.append(name)
            print(f"FAIL  {name}" + (f": {str(detail)[:1500]}" if detail != "" else ""))
        sys.stdout.flush()
        return bool(good)

    def equal(self, name, want, got):
        """A check that two values are the same."""
        return self.check(name, want == got, f"wanted {_short(want)}, got {_short(got)}")

    def none(self, name, complaints):
        """A check that a list of complaints is empty."""
        shown = "; ".join(str(complaint) for complaint in complaints[:12])
        return self.check(name, not complaints, f"{len(complaints)} complaints: {shown}")

    def run(self, command, stdin=None, env=None, timeout=STEP, cwd=None):
        """Runs a client to its end; its exit status and output are the caller's to judge.

        A client that does not end is killed and counted as a failure.
        """
        environment = {**os.environ, **(env or {})}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        source = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
        begun = time.monotonic()
        try:
            done = subprocess.run(
                command, capture_output=True, env=environment, timeout=timeout, cwd=cwd, **source
            )
        except subprocess.TimeoutExpired as late:
            self.check(
                f"`{' '.join(map(str, command))[:80]}` ends within {timeout} s",
                False,
                (late.stderr or b"")[-500:],
            )
            done = subprocess.CompletedProcess(command, -1, late.stdout or b"", late.stderr or b"")
        done.seconds = time.monotonic() - begun
        return done


def _short(value):
    """A value for the log; bytes by their number and first ones, also inside a pair."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_short, value)) + ")"
    return f"{len(value)} bytes {value[:24]!r}…" if isinstance(value, bytes) else repr(value)


def until(what, condition, seconds=20, every=0.05):
    """Polls `condition` until it gives something true, and gives that; an error after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(every)
