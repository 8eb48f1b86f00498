"""A real Chromium through playwright-core, one call a line."""

import json
import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".mjs")


class Chromium:
    """The browser; ended with the suite."""

    def __init__(self, suite):
        program = shutil.which("chromium")
        self.process = subprocess.Popen(["node", SCRIPT, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count = 0
        suite.cleanups.append(self.close)

    def call(self, *command):
        """The value of a command; an error is a `RuntimeError`."""
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the browser ended")
        told = json.loads(line)
        if "error" in told:
            raise RuntimeError(f"{command[:3]}: {told['error']}")
        return told["value"]

    def page(self, **options):
        """A page with cookies of its own: `dark`, `width`, `height`, `scripts`, `agent`, `clipboard`."""
        page = Page(self, self._name())
        page.open(options)
        return page

    def _name(self):
        self.count += 1
        return f"page-{self.count}"

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Page:
    """A page; each command of `chromium.mjs` is a method."""

    def __init__(self, browser, name):
        self.browser, self.name = browser, name

    def __getattr__(self, command):
        return lambda *rest: self.browser.call(command, self.name, *rest)

    def beside(self, **options):
        """The same cookies in another window."""
        page = Page(self.browser, self.browser._name())
        self.browser.call("beside", page.name, self.name, options)
        return page

    def popup(self, at):
        """Presses what opens a window; the window."""
        page = Page(self.browser, self.browser._name())
        self.browser.call("popup", self.name, at, page.name)
        return page
