"""Writing as another client of the cloud, where a Python `caldav` program would write to the bridge.

The bridge only reads. What a probe stores to see how it is found, synced and removed is stored in the
cloud instead; the UIDs that the bridge gives are exchanged for the probe's on the wire.
"""

import re
from contextlib import contextmanager
from datetime import datetime, timezone

import caldav
from caldav.lib.error import NotFoundError

from .operated import ALL
from .suite import until

KNOWN = {"summary", "uid", "dtstart", "dtend", "categories"}


class Elsewhere:
    """The other client. `names` are UIDs of the bridge to those of the program."""

    def __init__(self, bridge, calendar):
        self.bridge, self.calendar, self.names = bridge, calendar, {}

    def store(self, uid, event, sim=None):
        """Stores an event, the vendor's JSON; its id."""
        event = {"type": "event", "timezone_start": "UTC", "timezone_end": "UTC", "fullday": False, **event}
        # of recurring events the cloud tells a UID, which is kept
        sim = {"uid": uid, **(sim or {})}
        edit = {"do": "event", "calendar": self.calendar, "event": event, "sim": sim}
        number = self.bridge.pim.edit(edit)["ids"][0]
        self.names[f"infomaniak-event-{number}"] = uid
        return number

    def exchange(self, client):
        """Exchanges UIDs in what the client asks and is answered."""
        ask = client.session.request

        def request(*words, data=None, **more):
            data = data.encode() if isinstance(data, str) else data
            answer = ask(*words, data=_swapped(data, {uid: own for own, uid in self.names.items()}), **more)
            answer._content = _swapped(answer.content, self.names)
            return answer

        client.session.request = request

    @contextmanager
    def writing(self):
        """While this lasts, plain events are stored, changed and deleted here."""
        kept = (caldav.Calendar.save_object, caldav.Event.save, caldav.Event.delete)
        caldav.Calendar.save_object = self._save_object(kept[0])
        caldav.Event.save = self._save(kept[1])
        caldav.Event.delete = self._delete(kept[2])
        try:
            yield
        finally:
            caldav.Calendar.save_object, caldav.Event.save, caldav.Event.delete = kept

    def _save_object(self, refused):
        def save_object(calendar, kind=None, ical=None, **fields):
            if kind is not caldav.Event or ical is not None or not fields.keys() <= KNOWN:
                return refused(calendar, kind, ical, **fields) if ical else refused(calendar, kind, **fields)
            event = {"title": fields["summary"], "start": _told(fields["dtstart"]), "end": _told(fields["dtend"])}
            event["categories"] = fields.get("categories", [])
            self.store(fields["uid"], event)
            return self._seen("the stored event", lambda: _by_uid(calendar, fields["uid"]))

        return save_object

    def _seen(self, what, condition):
        """Time passes until the bridge has seen the change."""
        self.bridge.later(ALL)
        return until(what, condition, 30)

    def _number(self, event):
        return int(re.search(r"(\d+)\.ics$", str(event.url))[1])

    def _save(self, refused):
        def save(event, *words, **more):
            fields = {"title": str(event.icalendar_component["SUMMARY"])}
            self.bridge.pim.edit({"do": "change_event", "id": self._number(event), "fields": fields})
            title = f"SUMMARY:{fields['title']}"
            self._seen("the changed event", lambda: title in (_loaded(event) or ""))
            return event

        return save

    def _delete(self, refused):
        def delete(event, *words, **more):
            self.bridge.pim.edit({"do": "remove_event", "id": self._number(event)})
            self._seen("the removed event", lambda: _loaded(event) is None)

        return delete


def _by_uid(calendar, uid):
    try:
        return calendar.event_by_uid(uid)
    except NotFoundError:
        return None


def _loaded(event):
    """The event's text now, or None."""
    try:
        return caldav.Event(client=event.client, url=event.url, parent=event.parent).load().data
    except NotFoundError:
        return None


def _told(value):
    """A time as the vendor has it."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _swapped(data, table):
    if not data or not table:
        return data
    table = {old.encode(): new.encode() for old, new in table.items()}
    longest = sorted(table, key=len, reverse=True)
    pattern = rb"(?<![\w/-])(" + b"|".join(map(re.escape, longest)) + rb")(?![\w.-])"
    return re.sub(pattern, lambda found: table[found.group(1)], data)
