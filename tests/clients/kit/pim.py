"""Calendars and contacts as the simulated cloud itself tells them."""

from collections import defaultdict
from datetime import date, timedelta

from .suite import until

# what a contact is asked with; without it these come empty
WITH = ("emails", "phones", "addresses", "details", "others")


class Pim:
    """Questions about calendars and contacts, and changes as another client makes them."""

    def __init__(self, cloud):
        self.cloud = cloud

    def calendars(self):
        """Names of the calendars by id."""
        told = self.cloud.api("/1/calendar/pim/calendar")["data"]["calendars"]
        return {one["id"]: one["name"] for one in told}

    def books(self):
        """Records of the address books by id."""
        told = self.cloud.api("/pim/addressbook", at="/contacts/api", **{"with": "categories,account_name"})
        return {one["id"]: one for one in told["data"]["addressbooks"]}

    def contacts(self):
        """Records of the contacts by book, without those that were collected by themselves."""
        books = defaultdict(list)
        for one in self.cloud.api("/1/calendar/pim/contact/all", **{"with": ",".join(WITH)})["data"]:
            if not one.get("other"):
                books[one.get("addressbook_id")].append(one)
        return books

    def told(self, calendar, first, last):
        """What takes place in a calendar between two days: instances, and the ids that have none."""
        return self.cloud.look(f"instances?calendar_id={calendar}&from={first}&to={last}")

    def instances(self, calendar, first=None, last=None):
        """The instances between two days; without days all that the bridge's horizon has."""
        first, last = first or around(-365), last or around(730)
        return self.told(calendar, first, last)["instances"]

    def edit(self, *edits):
        """Changes, see GET /_control/help; the ids of what was made."""
        return self.cloud.control("pim", list(edits))


def around(days):
    """A day so many days from today."""
    return date.today() + timedelta(days=days)


def looked_at(bridge):
    """Waits until the first look at every calendar and address book is over."""
    paths = [path for kind in ("calendars", "addressbooks") for path in bridge.collections(kind).values()]
    for path in paths:
        until(f"the first look at {path}", lambda path=path: bridge.dav.ask("PROPFIND", path, {"Depth": "1"}).status == 207, 60)
