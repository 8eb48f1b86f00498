"""Thunderbird without a person: a copy of the program that knows a password, and a profile with accounts."""

import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from .screen import Screen, in_session

PROGRAM = Path("/usr/lib/thunderbird")
# the bridge's, which a stored password belongs to
REALM = "davbridge"
# No word to anyone but the bridge, and nothing that waits for a person.
PREFERENCES = {
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
}
# Read at the start of the program: the one way to give it a password without its dialogs.
LOADER = """pref("general.config.filename", "account.cfg");
pref("general.config.obscure_value", 0);
pref("general.config.sandbox_enabled", false);
"""
LOGIN = """// the password of the account
const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
login.init("{origin}", null, "{realm}", "{user}", "{password}", "", "");
Services.logins.addLoginAsync(login);
"""


def quoted(value):
    """A value as a preference file has it."""
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


class Thunderbird:
    """Calendars and address books by their addresses; started at once, ended with the suite."""

    def __init__(self, suite, base, account, calendars=(), books=(), more=()):
        user, password = account
        self.profile = suite.folder / "profile"
        self.profile.mkdir()
        self.program = suite.folder / "thunderbird"
        preferences = {**PREFERENCES, **dict(more)}
        for at, path in enumerate(calendars):
            preferences |= self.calendar(f"calendar-{at}", base + path, user)
        preferences["calendar.list.sortOrder"] = " ".join(f"calendar-{at}" for at in range(len(calendars)))
        for at, path in enumerate(books):
            preferences |= self.book(f"book{at}", base + path, user)
        lines = [f"user_pref({quoted(name)}, {quoted(value)});\n" for name, value in preferences.items()]
        (self.profile / "user.js").write_text("".join(lines))
        self.copy_program(urlsplit(base), user, password)
        self.start(suite)

    @staticmethod
    def calendar(name, url, user):
        """Preferences of a calendar that is looked at every minute."""
        told = {"type": "caldav", "uri": url, "username": user, "name": name, "cache.enabled": True,
                "refreshInterval": "1", "disabled": False}
        return {f"calendar.registry.{name}.{key}": value for key, value in told.items()}

    @staticmethod
    def book(name, url, user):
        """Preferences of an address book that is looked at every minute."""
        told = {"description": name, "dirType": 102, "filename": f"abook-{name}.sqlite",
                "uid": f"00000000-0000-4000-8000-{name:0>12}".replace("book", "0000"),
                "carddav.url": url, "carddav.username": user, "carddav.syncinterval": 1}
        return {f"ldap_2.servers.{name}.{key}": value for key, value in told.items()}

    def copy_program(self, url, user, password):
        """The settings files must lie beside the program; the rest is linked where that works."""

        def link(source, target):
            try:
                os.link(os.path.realpath(source), target)
            except OSError:
                shutil.copy2(source, target)

        shutil.copytree(PROGRAM, self.program, copy_function=link)
        folder = self.program / "defaults" / "pref"
        (folder / "account.js").write_text(LOADER)
        login = LOGIN.format(origin=f"{url.scheme}://{url.netloc}", realm=REALM, user=user, password=password)
        (self.program / "account.cfg").write_text(login)

    def start(self, suite):
        """Starts it on a display of its own."""
        screen = Screen(suite)
        home = suite.folder / "home"
        home.mkdir()
        self.log = suite.folder / "thunderbird.log"
        command = [self.program / "thunderbird", "--profile", self.profile, "--no-remote"]
        environment = {**os.environ, "HOME": str(home), "DISPLAY": screen.display, "MOZ_CRASHREPORTER_DISABLE": "1"}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                in_session(command), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        suite.cleanups.append(self.stop)

    def stop(self):
        """Ends it with all its processes."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(timeout=15)

    def rows(self, file, query):
        """What a query gives in a copy of one of the profile's databases; nothing while it is not there."""
        source = self.profile / file
        copy = self.profile.parent / "copy.sqlite"
        for end in ("", "-wal"):
            part = Path(f"{source}{end}")
            Path(f"{copy}{end}").unlink(missing_ok=True)
            if part.exists():
                shutil.copy(part, f"{copy}{end}")
        if not copy.exists():
            return []
        with closing(sqlite3.connect(copy)) as database:
            try:
                return database.execute(query).fetchall()
            except sqlite3.OperationalError:
                return []
