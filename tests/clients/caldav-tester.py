#!/usr/bin/env python3
"""caldav-server-tester, which probes what a server can and what it gets wrong: everything is `full` but
what a read-only server of given data must refuse, each with its reason.

The tester would store its own events first. Here another client of the cloud stores them (kit/elsewhere),
all else is as the bridge answers.
"""

import inspect
import logging
import sys
from datetime import datetime, timezone

sys.dont_write_bytecode = True
import caldav  # noqa: E402
from caldav_server_tester import checks  # noqa: E402
from caldav_server_tester.checker import ServerQuirkChecker  # noqa: E402
from caldav_server_tester.checks_base import Check  # noqa: E402
from kit import Suite  # noqa: E402
from kit.elsewhere import Elsewhere  # noqa: E402
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
# checks that see how events are found and synced; the others see how they are stored
READING = ("CheckSearch", "CheckSyncToken", "CheckSyncTokenLimit", "CheckOpenTimeRangeSearch")
# what is not `full`, by the reason why it has to be so on a bridge that only reads
EXPECTED = {
    "calendars are the cloud's: none is made, removed, renamed or coloured here": {
        "create-calendar": "unsupported", "create-calendar.auto": "unsupported", "delete-calendar": "unknown",
        "delete-calendar.free-namespace": "unknown", "calendar-color": "broken", "calendar-color.name": "unsupported",
        "calendar-order": "broken", "synchronous-write.create-calendar": "unknown",
        "synchronous-write.delete-calendar": "unknown", "synchronous-write.proppatch": "unknown",
        "url.encode-at.literal.collection": "unknown",
    },
    "events are not written here: a PUT is refused with 403 and need-privileges": {
        "save-load.event.no-dtend": "ungraceful", "save-load.event.no-summary": "ungraceful",
        "save-load.event.recurrences.exception.cancelled": "ungraceful",
        "save-load.event.recurrences.exception.reschedule": "unknown", "save-load.event.timezone": "unsupported",
        "save-load.icalendar.related-to": "ungraceful", "save-load.mutable": "unsupported",
        "save-load.mutable.attendee-partstat": "unknown", "save-load.mutable.if-match-optional": "unknown",
        "save-load.mutable.if-match-wildcard": "unknown", "save.duplicate-event": "ungraceful",
        "save.duplicate-uid.cross-calendar": "unknown", "save.etag": "unknown", "save.if-none-match": "unknown",
        "save.no-uid-conflict": "unknown", "synchronous-write": "unknown", "url.encode-at.encoded": "unknown",
        "url.encode-at.identity": "unknown", "url.encode-at.literal.object": "unknown",
        "url.encode-at.literal.principal": "unknown",
    },
    "names of objects are the bridge's": {"save-load.stable-url": "unsupported"},
    "the cloud has no tasks, no journals": {
        "save-load.journal": "unsupported", "save-load.todo": "unsupported", "search.time-range.todo": "ungraceful",
        "search.time-range.todo.strict": "unknown", "search.recurrences.expanded.todo": "unknown",
        "search.recurrences.includes-implicit.todo": "unknown",
        "search.recurrences.includes-implicit.todo.pending": "unknown",
    },
    "the probe wants a task first; the suite `caldav` searches by begin alone and by end alone": {
        "search.time-range.open.end": "unknown", "search.time-range.open.start": "unknown",
        "search.time-range.open.start.duration": "unknown",
    },
    "the horizon: what was over long before the bridge began is not copied": {
        "search.time-range.event.old-dates": "unsupported", "search.unlimited-time-range": "broken",
    },
    "events are told with an end, never with a duration": {
        "search.is-not-defined": "fragile", "search.is-not-defined.dtend": "unsupported",
    },
    "RFC 4791 §9.7.2: a prop-filter beside VCALENDAR is one on VCALENDAR's own properties": {
        "search.text.comp-type-optional": "unsupported",
    },
    "the library's query breaks RFC 3744 §9.4: no property-search, and properties outside of DAV:prop": {
        "principal-search": "ungraceful", "principal-search.by-name.self": "unsupported",
        "principal-search.list-all": "ungraceful",
    },
    "invitations are the cloud's": {"scheduling": "unsupported"},
    "not asked on loopback; the suite `vdirsyncer` begins there": {"well-known": "unknown"},
}


def moment(text):
    if text is None:
        return None
    return f"{YEAR}-{text}:00:00Z" if "T" in text else f"{YEAR}-{text}"


def fixtures(bridge):
    """The calendar with the tester's events, stored by another client."""
    bridge.pim.edit({"do": "calendar", "calendar": CALENDAR, "name": NAME})
    other = Elsewhere(bridge, CALENDAR)
    for uid, title, begin, end, more in EVENTS:
        sim = {}
        if uid in OTHERWISE:
            day, called = OTHERWISE[uid]
            sim = {"overrides": [{"instance": f"{YEAR}-{day}", "fields": {"title": called}}]}
        other.store(uid, {"title": title, "start": moment(begin), "end": moment(end), **more}, sim)
    return other


def no_tasks(check, *_):
    """The tester takes it that who stores no task lets a calendar for tasks be made."""
    check.set_feature("save-load.todo", "unsupported")
    return False


def observed(suite, bridge, other):
    """What the tester says of each feature: level and words."""
    client = caldav.DAVClient(url=bridge.url + "/dav/", username=bridge.user, password=bridge.password)
    other.exchange(client)
    checker = ServerQuirkChecker(client)
    checker.expected_features.set_feature("test-calendar.compatibility-tests", {"name": NAME})
    checks.PrepareCalendar._prepare_task_calendar = no_tasks
    checks.CheckProppatchDelay._timeout = lambda _: 0
    ours = [check for _, check in inspect.getmembers(checks, inspect.isclass)
            if issubclass(check, Check) and check is not Check and check.__module__ == checks.__name__]
    ours.sort(key=lambda check: (check is not checks.PrepareCalendar, check.__name__ not in READING))
    suite.check("there are many checks", len(ours) > 35, len(ours))
    for check in ours:
        try:
            if check.__name__ in READING:
                with other.writing():
                    check(checker).run_check(only_once=True)
            else:
                check(checker).run_check(only_once=True)
        except Exception as failed:
            suite.check(f"{check.__name__} runs", False, repr(failed))
    told = checker.features_checked.dotted_feature_set_list(compact=False)
    return {feature: (one.get("support", "full"), one) for feature, one in told.items()}


def main():
    logging.basicConfig(level=logging.CRITICAL)
    with Suite("caldav-tester") as suite:
        bridge = Operated(suite, simulation(suite, "--files", "2", "--events", "10", "--contacts", "2"))
        told = observed(suite, bridge, fixtures(bridge))
        reasons = {feature: (level, why) for why, ones in EXPECTED.items() for feature, level in ones.items()}
        for feature, (level, words) in sorted(told.items()):
            want, why = reasons.pop(feature, ("full", ""))
            suite.check(f"{feature}: {want}" + (f": {why}" if why else ""), level == want, words)
        suite.equal("all that is listed was looked at", [], sorted(reasons))
        suite.check("most is full", sum(level == "full" for level, _ in told.values()) > 35, len(told))


if __name__ == "__main__":
    main()
