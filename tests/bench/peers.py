"""Radicale and Xandikos with given objects, each on loopback."""

import subprocess
import sys
from urllib.request import Request, urlopen

from process import Process, free_port

CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[rights]
type = authenticated
[storage]
filesystem_folder = {folder}
[logging]
level = error
"""


class Radicale(Process):
    """Radicale 3 on a folder of files."""

    def __init__(self, python, objects, work):
        port, folder = free_port(), work / "radicale"
        calendar = folder / "collection-root" / "bench" / "calendar"
        calendar.mkdir(parents=True)
        (calendar / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "calendar"}')
        for name, text in objects.items():
            (calendar / name).write_bytes(text)
        config = work / "radicale.conf"
        config.write_text(CONFIG.format(port=port, folder=folder))
        super().__init__("radicale", [python, "-m", "radicale", "--config", config], work / "radicale.log")
        self.wait_port(port)
        self.url = f"http://127.0.0.1:{port}/bench/calendar/"
        # any user may come in by that name
        self.authorization = "Basic YmVuY2g6YmVuY2g="


class Xandikos(Process):
    """Xandikos on a git repository."""

    def __init__(self, python, objects, work):
        port, folder = free_port(), work / "xandikos"
        arguments = [python, "-m", "xandikos", "serve", "-d", folder, "--defaults", "--autocreate",
                     "--current-user-principal", "/bench", "-l", "127.0.0.1", "-p", port]
        super().__init__("xandikos", arguments, work / "xandikos.log")
        self.wait_port(port)
        self.url = f"http://127.0.0.1:{port}/bench/calendars/bench/"
        self.authorization = None
        urlopen(Request(self.url, method="MKCALENDAR"), timeout=30).close()
        calendar = folder / "bench" / "calendars" / "bench"
        for name, text in objects.items():
            (calendar / name).write_bytes(text)
        for words in (["add", "-A"], ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "objects"]):
            subprocess.run(["git", "-C", calendar, *words], check=True, capture_output=True, timeout=300)


PEERS = {"radicale": Radicale, "xandikos": Xandikos}


def start(name, python, objects, work):
    """A peer by name."""
    work.mkdir(parents=True, exist_ok=True)
    return PEERS[name](python or sys.executable, objects, work)
