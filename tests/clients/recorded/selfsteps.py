"""Proves what steps expect of calendars: a good answer passes, each planted wrong one fails."""

from types import SimpleNamespace

from . import conversation
from .canned_items import CALENDAR, EVENT, TOKEN, exchanges
from .davxml import CALENDARSERVER, DAV
from .icaltext import Text
from .library import Library
from .plants import body, header

PATH = CALENDAR + "1.ics"
HREF = f"<D:href>{PATH}</D:href>"

# What is wrong, the step, the answer it is about, the change.
PLANTED = [
    ("status", {"status": [403]}, "query", lambda x: x),
    ("complete", {"complete": "calendar"}, "query", body(HREF, f"<D:href>{CALENDAR}9.ics</D:href>")),
    ("due", {"due": -90}, "query", body(HREF, f"<D:href>{CALENDAR}9.ics</D:href>")),
    ("unchanged", {"unchanged": True}, "query", lambda x: x),
    ("error", {"status": [403], "error": "valid-sync-token"}, "bad-token", body("valid-sync-token", "forbidden")),
    ("property", {"shelf_properties": ["A:calendar-color"]}, "home", body("A:calendar-color>", "A:color>")),
    ("property", {"shelf_properties": ["displayname"]}, "home", body("<C:calendar/>", "")),
    ("same_tag", {}, "query", body('"a1"', '"a2"')),
    ("same_text", {}, "query", body("SUMMARY:A", "SUMMARY:B")),
    ("same_state", {}, "home", body(TOKEN, "urn:davbridge:sync:7:k3:21")),
    ("same_state", {}, "home", body("k3-20</CS", "k3-21</CS")),
    ("same_item", {}, "get-event", header("ETag", '"a2"')),
]


def world():
    """One calendar with one event that repeats without end."""
    library = Library.__new__(Library)
    repeating = EVENT.replace("SUMMARY:A", "SUMMARY:A\r\nRRULE:FREQ=DAILY")
    library.items = {"calendar": {PATH: ('"a1"', Text(EVENT))}}
    library.states = {CALENDAR.rstrip("/"): {(CALENDARSERVER, "getctag"): "k3-20", (DAV, "sync-token"): TOKEN}}
    library.due = lambda kind, begin: {PATH} if Text(repeating).surely_after(begin) else set()
    return SimpleNamespace(library=library, values={"file": "", "file_etag": "", "file_modified": ""})


def problems():
    """What the self-test finds wrong, as sentences."""
    good = exchanges("nobody")
    for name, step, about, change in PLANTED:
        step = {"status": [200, 207], **step}
        found = [what for what, _ in conversation.expected(step, change(good[about]), world())]
        if name not in found:
            yield f"a step passes a wrong {about}: {name} is not in {found}"
        kept = {key: value for key, value in step.items() if key not in ("unchanged", "status")}
        right = {**kept, "status": [good[about].status]}
        found = list(conversation.expected(right, good[about], world()))
        if found:
            yield f"a step refuses a good {about}: {found}"
    text = Text(EVENT)
    if text.surely_after("20991231") or not text.surely_after("20200101"):
        yield "a single event is not judged by when it begins"
