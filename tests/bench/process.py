"""Programs as child processes on loopback, with their output in files, ended by their pid."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_DEADLINE = 30
END_DEADLINE = 40


def target():
    """Where cargo puts programs."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / os.environ.get("PROFILE", "release")


def environment():
    """The environment without settings of the bridge, which come from its file alone."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DAVBRIDGE_")}


def free_port(host="127.0.0.1"):
    """A port that is free now."""
    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()[1]


def until(what, check, deadline=START_DEADLINE):
    """Polls until the check gives something true; fails with what was awaited."""
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise SystemExit(f"{what}: not within {deadline} s")


class Process:
    """A program with its output in a file."""

    def __init__(self, name, arguments, log, settings=None):
        self.name, self.log = name, Path(log)
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=out,
                                          stderr=subprocess.STDOUT, env={**environment(), **(settings or {})})

    @property
    def pid(self):
        """Process id."""
        return self.child.pid

    def text(self):
        """What it has written."""
        return self.log.read_text(errors="replace")

    def wait_text(self, pattern):
        """First match of a pattern in its output."""
        def look():
            if self.child.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.child.returncode}:\n{self.text()[-2000:]}")
            return re.search(pattern, self.text())
        return until(f"{self.name} writes {pattern}", look)

    def wait_port(self, port, host="127.0.0.1"):
        """Until something listens."""
        def look():
            if self.child.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.child.returncode}:\n{self.text()[-2000:]}")
            try:
                socket.create_connection((host, port), 1).close()
            except OSError:
                return False
            return True
        until(f"{self.name} listens on {port}", look)

    def memory(self):
        """Resident memory now and at its peak, MB of 1,000,000 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        now, peak = (int(re.search(rf"{key}:\s+(\d+) kB", status)[1]) * 1024 / 1e6 for key in ("VmRSS", "VmHWM"))
        return now, peak

    def cpu(self):
        """CPU seconds so far, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        """SIGTERM, and the exit status."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(END_DEADLINE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise SystemExit(f"{self.name} did not end within {END_DEADLINE} s")
