"""The page in a real browser: signing in, what is wrong with a page, pictures of it."""

import os
import re
from pathlib import Path

from .chromium import Chromium
from .suite import until

PASSWORD = "correct horse battery"
# every page is looked at in these ways
LOOKS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 320, "height": 640}}


def pictures():
    """The folder of the pictures: `TESTS_PICTURES`, else beside the logs."""
    named = os.environ.get("TESTS_PICTURES")
    calls = os.environ.get("TESTS_CALLS")
    folder = Path(named) if named else Path(calls).parent / "pictures" if calls else Path("/tmp/davbridge-pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Pages:
    """A browser and what a suite does with the page."""

    def __init__(self, suite, base):
        self.suite, self.base = suite, base
        self.browser = Chromium(suite)
        self.folder = pictures()

    def page(self, **options):
        """A browser window that knows nothing of the bridge yet."""
        return self.browser.page(**options)

    def go(self, page, path):
        """Opens a path of the bridge."""
        return page.goto(self.base + path)

    def sign_in(self, page, name, password=PASSWORD):
        """By the form; where it led."""
        self.go(page, "/sign-in")
        page.fill("#name", name)
        page.fill("#password", password)
        return page.submit("main form button")

    def looked_at(self, page, name, path=None):
        """Layout, contrast, accessibility and complaints of the browser, light, dark and narrow; a
        picture of each. With a path it is opened anew with the same cookies, else only the window
        itself is looked at."""
        if path is None:
            self._judge(page, name, "light")
            return
        for look, options in LOOKS.items():
            window = page.beside(**options)
            self.go(window, path)
            self._judge(window, name, look)
            window.close()

    def _judge(self, page, name, look):
        page.shot(str(self.folder / f"{name}-{look}.png"))
        self.suite.none(f"{name}, {look}: no text is cut or lies over another", page.layout())
        self.suite.none(f"{name}, {look}: nothing serious by axe-core", page.axe())
        self.suite.none(f"{name}, {look}: the browser complains of nothing", page.problems())


def one_time_link(bridge):
    """The link that `serve` tells at its first start."""
    return bridge.wait_text(r"(http\S+/welcome/\S+)")[1]


def reads(page, at, text, seconds=20):
    """Waits until an element says something that matches; what it says."""
    return until(f"{at} says {text}", lambda: _match(page, at, text), seconds)


def _match(page, at, text):
    told = page.texts(at)
    return next((one for one in told if re.search(text, one)), None)
