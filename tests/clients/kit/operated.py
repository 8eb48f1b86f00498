"""The product as an operator runs it beside the simulated cloud, with a clock that a suite moves.

Ages, waits and horizons are the product's own; instead of waiting, `later` moves the clock under
the running program (libfaketime).
"""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from stack import Bridge  # noqa: E402
from stack import Cloud as CloudProcess  # noqa: E402

from .cloud import Cloud  # noqa: E402
from .dav import Dav  # noqa: E402
from .pim import Pim  # noqa: E402

# longer than what the README promises, seconds
NEAR, CONTACTS, LISTS, ALL = 6 * 60, 16 * 60, 65 * 60, 365 * 60
# between two looks that have to agree where much would go
MANY = 65 * 60


def simulation(suite, *flags):
    """A simulated cloud as a process."""
    process = CloudProcess(suite.folder, *flags)
    suite.cleanups.append(process.end)
    return process


class Operated(Bridge):
    """A bridge on a data folder of its own, set up by commands.

    Its clock is `shift` seconds ahead. With `wall` only the clock on the wall is: ages are true.
    """

    def __init__(self, suite, process, settings="", folder=None, prepared=None, shift=0, wall=False):
        self.suite, self.shift, self.wall = suite, int(shift), wall
        folder = folder or suite.folder / f"bridge-{len(suite.cleanups)}"
        folder.mkdir(exist_ok=True)
        self.clock = folder / "clock"
        self.later(0)
        super().__init__(folder, process, settings, prepared=prepared)
        suite.cleanups.append(self.finish)
        self.wait_text("listening")
        self.user, self.base = self.USER, self.url
        self.sky = Cloud(process.base)
        self.pim = Pim(self.sky)
        self.dav = Dav(self.url, self.USER, self.password)

    def program(self):
        """The bridge with its configuration, under the clock."""
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not libraries:
            raise RuntimeError("libfaketime is not installed")
        clock = [f"LD_PRELOAD={libraries[0]}", f"FAKETIME_TIMESTAMP_FILE={self.clock}", "FAKETIME_NO_CACHE=1"]
        clock += ["DONT_FAKE_MONOTONIC=1"] if self.wall else []
        return ["env", *clock, *super().program()]

    def later(self, seconds):
        """Moves the clock ahead."""
        self.shift += seconds
        self.clock.write_text(f"{self.shift:+d}")

    def again(self):
        """Another run on the same data, at the same time of its clock."""
        return Operated(self.suite, self.cloud, self.settings, self.folder, self.password, self.shift, self.wall)

    def finish(self):
        """Ends it, if it still runs."""
        if self.child.poll() is None:
            self.end()

    def kill(self):
        """Ends it as a crash does."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def run(self, *words, stdin=None):
        """A command of the product on the running server's data."""
        return self.suite.run([*map(str, self.program()), *map(str, words)], stdin=stdin, timeout=60)

    def connect(self, token):
        """Connects an account with a token."""
        return self.run("connect", "infomaniak", self.USER, "--token-file", "-", stdin=token + "\n")

    def collections(self, kind):
        """Calendars (`calendars`) or address books (`addressbooks`): display name to path."""
        listed = self.dav.list(f"/dav/{kind}/{self.USER}/")
        return {name: href for href, (name, _) in listed.items()}
