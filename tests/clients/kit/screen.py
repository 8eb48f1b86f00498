"""A display and a message bus of their own for programs with windows."""

import os
import subprocess


class Screen:
    """Xvfb on a free display. Ended with the suite."""

    def __init__(self, suite):
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        suite.cleanups.append(self.stop)
        with open(reading) as told:
            self.display = ":" + told.readline().strip()
        if self.display == ":":
            raise RuntimeError("Xvfb did not start")

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait(timeout=10)


def in_session(command):
    """A command with a message bus that ends with it."""
    return ["dbus-run-session", "--", *map(str, command)]
