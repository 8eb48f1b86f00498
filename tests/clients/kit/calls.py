"""Calls to the cloud that a client's work cost."""

import os
from collections import Counter

# what a route is, for the table; the first that fits
KINDS = (
    (" cdn:", "content"),
    ("download", "download"),
    ("listing/continue", "feed"),
    ("listing", "feed"),
    ("/files/{file}/files", "listings"),
    ("GET /2/drive/{drive}", "drives"),
    ("GET /2/drive", "drives"),
    ("GET /1/accounts", "drives"),
    ("/event/{event}", "exports"),
    ("/pim/event", "windows"),
    ("/contact", "contacts"),
    ("/addressbook", "shelves"),
    ("/pim/calendar", "shelves"),
)
COLUMNS = ("listings", "feed", "download", "content", "drives", "windows", "exports", "contacts", "shelves", "other")


class Calls:
    """Counts calls between two moments: `with Calls(cloud) as calls: …`, then `calls.kinds`."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.routes = Counter()

    def __enter__(self):
        self.before = self.cloud.counters()
        return self

    def __exit__(self, *_):
        self.routes = self.cloud.counters() - self.before

    @property
    def kinds(self):
        """Calls per kind; a download is a call for a signed address and one for its content."""
        kinds = Counter()
        for route, count in self.routes.items():
            kinds[next((kind for part, kind in KINDS if part in route), "other")] += count
        return kinds

    @property
    def but_feed(self):
        """All calls except the change feed's, which is asked once for all clients."""
        return sum(count for kind, count in self.kinds.items() if kind != "feed")


def note_calls(client, what, calls, items):
    """Prints a row for the table of upstream calls, which tests/run shows at its end."""
    kinds = calls.kinds
    row = [client, what, str(items), *(str(kinds[name]) for name in COLUMNS)]
    told = ", ".join(f"{name} {kinds[name]}" for name in COLUMNS if kinds[name]) or "none"
    print(f"calls: {client}, {what}, {items} items: {told}", flush=True)
    path = os.environ.get("TESTS_CALLS")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write("\t".join(row) + "\n")
