#!/usr/bin/env python3
"""caldav-server-tester, which probes what a server can and what it gets wrong: everything is `full` but
what a read-only server of given data must refuse, each with its reason.

The tester would store its own events first. Here another client of the cloud stores them, and the UIDs
that the bridge gives them are exchanged for the tester's on the wire; all else is as the bridge answers.
"""

import inspect
import logging
import re
import sys
from datetime import datetime, timezone

sys.dont_write_bytecode = True
import caldav  # noqa: E402
from caldav_server_tester import checks  # noqa: E402
from caldav_server_tester.checker import ServerQuirkChecker  # noqa: E402
from caldav_server_tester.checks_base import Check  # noqa: E402
from kit import Suite  # noqa: E402
from kit.objects import objects  # noqa: E402
from kit.operated import Operated, simulation  # noqa: E402

NAME, CALENDAR = "Compatibility", 1379030
YEAR = datetime.now(timezone.utc).year + 1
DAYS = {"fullday": True}
# UID, title, begin, end, what else: the events that the tester's PrepareCalendar stores
EVENTS = (
    ("csc_simple_event1", "simple event with a start time and an end time", "01-01T12", "01-01T13", {}),
    ("csc_simple_event2", "event with a start time but no end time", "01-02T12", None, {}),
    ("csc_simple_event3", "event with a start date but no end date", "01-03", None, DAYS),
    ("csc_simple_event4", "event with a start date and end date", "01-04", "01-06", DAYS),
    ("csc_event_with_categories", "event with categories", "01-07T12", "01-07T13", {"categories": ["hands", "feet", "head"]}),
    ("csc_event_with_class", "event with confidential class", "01-16T12", "01-16T13", {"private": True}),
    ("csc_event_with_duration", "event with duration instead of dtend", "01-17T12", "01-17T13", {}),
    ("csc_event_with_alarm", "event with alarm", "01-10T08", "01-10T09",
     {"alarms": [{"minutesBefore": 15, "action": "DISPLAY"}]}),
    ("csc_monthly_recurring_event", "monthly recurring event", "01-12T12", "01-12T13", {"rrule": "FREQ=MONTHLY"}),
    ("csc_monthly_recurring_allday_event", "monthly recurring all-day event", "02-01", None, {"rrule": "FREQ=MONTHLY", **DAYS}),
    ("csc_weeklymeeting", "Weekly meeting for three weeks", "01-20T14", "01-20T15", {"rrule": "FREQ=WEEKLY;COUNT=3"}),
    ("csc_monthly_recurring_with_exception", "Monthly recurring with exception", "01-13T12", "01-13T13",
     {"rrule": "FREQ=MONTHLY"}),
    ("csc_monthly_recurring_with_exception_seq", "Monthly recurring with exception (seq)", "01-14T12", "01-14T13",
     {"rrule": "FREQ=MONTHLY"}),
)
OTHERWISE = {
    "csc_monthly_recurring_with_exception": ("02-13", "February recurrence with different summary"),
    "csc_monthly_recurring_with_exception_seq": ("02-14", "February recurrence with different summary (seq)"),
}
EXPECTED = {}


def moment(text):
    if text is None:
        return None
    return f"{YEAR}-{text}:00:00Z" if "T" in text else f"{YEAR}-{text}"


def fixtures(bridge):
    """Stores the events as another client; UIDs of the bridge to those of the tester."""
    edits = [{"do": "calendar", "calendar": CALENDAR, "name": NAME}]
    for uid, title, begin, end, more in EVENTS:
        event = {"title": title, "start": moment(begin), "end": moment(end), "timezone_start": "UTC",
                 "timezone_end": "UTC", "fullday": False, "type": "event", **more}
        sim = {}
        if uid in OTHERWISE:
            day, other = OTHERWISE[uid]
            sim = {"overrides": [{"instance": f"{YEAR}-{day}", "fields": {"title": other}}]}
        edits.append({"do": "event", "calendar": CALENDAR, "event": event, "sim": sim})
    bridge.pim.edit(*edits)
    texts = objects(bridge.dav, bridge.collections("calendars")[NAME])
    names = {}
    for text in texts.values():
        titles = re.findall(r"^SUMMARY:(.*?)\r?$", text.replace("\r\n ", ""), re.M)
        uid = next(uid for uid, title, *_ in EVENTS if title == titles[0])
        names[re.search(r"^UID:(.*?)\r?$", text, re.M).group(1)] = uid
    return names


def exchange(client, names):
    """The tester's UIDs in what it asks and is answered."""
    ask = client.session.request
    theirs = {uid.encode(): own.encode() for own, uid in names.items()}
    ours = {own: uid for uid, own in theirs.items()}

    def swapped(data, table):
        pattern = rb"(?<![\w/-])(" + b"|".join(map(re.escape, sorted(table, key=len, reverse=True))) + rb")(?![\w.-])"
        return re.sub(pattern, lambda found: table[found.group(1)], data) if data else data

    def request(*words, data=None, **more):
        data = data.encode() if isinstance(data, str) else data
        answer = ask(*words, data=swapped(data, theirs), **more)
        answer._content = swapped(answer.content, ours)
        return answer

    client.session.request = request


class NoTasks:
    """The tester takes it that who stores no task lets a calendar for tasks be made."""

    def __call__(self, check, *_):
        check.set_feature("save-load.todo", "unsupported")
        return False


def main():
    logging.basicConfig(level=logging.ERROR)
    with Suite("caldav-tester") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "2", "--events", "10", "--contacts", "2"))
        names = fixtures(bridge)
        suite.equal("the tester's events are there", {one[0] for one in EVENTS}, set(names.values()))
        client = caldav.DAVClient(url=bridge.url + "/dav/", username=bridge.user, password=bridge.password)
        exchange(client, names)
        checker = ServerQuirkChecker(client)
        checker.expected_features.set_feature("test-calendar.compatibility-tests", {"name": NAME})
        checks.PrepareCalendar._prepare_task_calendar = lambda *words: NoTasks()(*words)
        import time
        for name, check in inspect.getmembers(checks, inspect.isclass):
            if issubclass(check, Check) and check is not Check and check.__module__ == checks.__name__:
                begun = time.monotonic()
                try:
                    check(checker).run_check(only_once=True)
                except Exception as failed:
                    print("CHECK", name, repr(failed)[:300])
                print(name, round(time.monotonic()-begun, 2))
        for feature, told in sorted(checker.features_checked.dotted_feature_set_list(compact=False).items()):
            print(feature, told)
        suite.check('x', True)


if __name__ == "__main__":
    main()
