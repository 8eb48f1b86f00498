"""Planted wrong answers about calendars and address books."""

from .canned_items import BOOK, CALENDAR, EVENT, HOME, PRINCIPAL, TOKEN
from .plants import WRITES, asked, body, header, status

TAG = '<D:getetag>"a1"</D:getetag>'
NO_TAG = body(TAG, "")
WEAK = body('"a1"', 'W/"a1"')
BARE_PRINCIPAL = body(f"<D:href>{PRINCIPAL}<", f"<D:href>{PRINCIPAL.rstrip('/')}<")
NO_CALENDAR_TYPE = body("<C:calendar/></D:resourcetype>", "</D:resourcetype>")
SCHEDULES = header("DAV", "1, 3, access-control, calendar-access, addressbook, calendar-auto-schedule")

GENERAL = [
    ("all.services", "services", header("DAV", "1, 3")),
    ("all.services", "services", SCHEDULES),
    ("all.services", "services", header("Allow", "OPTIONS, PROPFIND")),
    ("all.item_prefixes", "home", lambda x: body("CS:", "S:")(body("xmlns:CS", "xmlns:S")(x))),
    ("all.removed", "sync", body("<D:status>HTTP/1.1 404 Not Found</D:status></D:response>",
                                 "<D:status>HTTP/1.1 404</D:status></D:response>")),
    ("all.sync_answer", "sync", body(f"<D:sync-token>{TOKEN}</D:sync-token>", "")),
    ("all.sync_answer", "sync", body(TOKEN, "20")),
    ("all.sync_answer", "sync", body(CALENDAR + "2.ics", CALENDAR)),
    ("all.sync_answer", "sync", body("HTTP/1.1 404 Not Found", "HTTP/1.1 507 Insufficient Storage")),
    ("all.each_once", "events", body("2.ics", "3.ics")),
    ("all.each_once", "events", body("2.ics", "1.ics")),
    ("all.tagged", "sync", NO_TAG),
    ("all.tagged", "members", WEAK),
    ("all.tagged", "book-sync", body("text/vcard", "text/x-vcard")),
    ("all.texts", "events", body("&#13;", "")),
    ("all.texts", "cards", body("VERSION:3.0", "VERSION:4.0")),
    ("all.texts", "events", body("SUMMARY:A", "SUMMARY:" + "A" * 80)),
    ("all.texts", "events", body("SUMMARY:A", "SUMMARY")),
    ("all.texts", "events", body("END:VEVENT&#13;\n", "")),
    ("all.texts", "query", body("C:calendar-data", "C:calendar-timezone")),
    ("all.objects", "events", body("TZID:Europe/Zurich", "TZID:Europe/Zürich")),
    ("all.objects", "events", body("UID:infomaniak-1&#13;\n", "")),
    ("all.objects", "events", body("DTSTAMP", "X-STAMP")),
    ("all.objects", "events", body("SUMMARY:A", "METHOD:REQUEST")),
    ("all.objects", "cards", body("N:Muster;Anna;;;&#13;\n", "")),
    ("all.states", "home", body(TOKEN, "20")),
    ("all.states", "members", body('<D:getetag>"a1"', '<CS:getctag>k3-20</CS:getctag><D:getetag>"a1"')),
    ("all.shelves", "home", body('<C:comp name="VEVENT"/>', "VEVENT")),
    ("all.shelves", "books", body('version="3.0"', 'version="4.0"')),
    ("all.shelves", "home", body("<D:report><C:calendar-query/>", "<D:report>C:calendar-query")),
    ("all.shelves", "home", body("<D:displayname>Team", "<D:displayname>")),
    ("all.links", "principal", BARE_PRINCIPAL),
    ("all.links", "principal", body(f"<D:href>{HOME}", f"<D:href>https://host{HOME}")),
    ("all.bad_token", "bad-token", body("valid-sync-token", "forbidden")),
    ("all.bad_token", "bad-token", status(409)),
    ("all.bad_token", "book-bad-token", status(403)),
]

CLIENTS = [
]
