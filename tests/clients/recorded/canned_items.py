"""Canned good answers about calendars and address books."""

from .canned import BASIC, MISSING, OK, RIGHTS
from .wire import Exchange

DAV = "1, 3, access-control, calendar-access, addressbook"
HEADERS = [("Content-Type", "application/xml; charset=utf-8"), ("DAV", DAV), ("MS-Author-Via", "DAV")]
ROOT = ('<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
        'xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/" '
        'xmlns:A="http://apple.com/ns/ical/">')
SPACES = ('xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CR="urn:ietf:params:xml:ns:carddav" '
          'xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"')
PRINCIPAL, HOME, BOOKS = "/dav/principals/demo/", "/dav/calendars/demo/", "/dav/addressbooks/demo/"
CALENDAR, BOOK = HOME + "team/", BOOKS + "anna/"
TOKEN = "urn:davbridge:sync:7:k3:20"
EVENT = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//davbridge//davbridge//EN", "BEGIN:VTIMEZONE", "TZID:Europe/Zurich",
    "BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "END:VTIMEZONE", "BEGIN:VEVENT", "UID:infomaniak-1", "DTSTAMP:20261103T091244Z",
    "DTSTART;TZID=Europe/Zurich:20261103T090000", "SUMMARY:A", "END:VEVENT", "END:VCALENDAR", ""])
CARD = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", "UID:infomaniak-contact-1", "N:Muster;Anna;;;", "FN:Anna Muster",
                    "END:VCARD", ""])


def request(line, *headers, body=""):
    """Bytes of a request."""
    head = [f"{line} HTTP/1.1", "Host: localhost", BASIC, *headers]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def names(*tags):
    """A PROPFIND's body that asks for these."""
    return f"<?xml version=\"1.0\"?><D:propfind {SPACES}><D:prop>{''.join(f'<{tag}/>' for tag in tags)}</D:prop></D:propfind>"


def link(tag, href):
    """A property that holds an address."""
    return f"<{tag}><D:href>{href}</D:href></{tag}>"


def response(href, good, missing=""):
    """One response with what is there and what is not."""
    absent = f"<D:propstat><D:prop>{missing}</D:prop>{MISSING}</D:propstat>" if missing else ""
    return f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{good}</D:prop>{OK}</D:propstat>{absent}</D:response>"


def whole(*responses, token=None):
    """The multistatus of these."""
    end = f"<D:sync-token>{token}</D:sync-token>" if token else ""
    return ROOT + "".join(responses) + end + "</D:multistatus>"


def reports(*tags):
    """supported-report-set."""
    inner = "".join(f"<D:supported-report><D:report><{tag}/></D:report></D:supported-report>" for tag in tags)
    return f"<D:supported-report-set>{inner}</D:supported-report-set>"


def shelf(kind, name, mark):
    """Properties of a calendar or address book."""
    return (f"<D:resourcetype><D:collection/>{kind}</D:resourcetype><D:displayname>{name}</D:displayname>{RIGHTS}"
            f"{link('D:owner', PRINCIPAL)}{link('D:current-user-principal', PRINCIPAL)}"
            f"<CS:getctag>k3-20</CS:getctag><D:sync-token>{TOKEN}</D:sync-token>{mark}")


CALENDAR_MARK = ('<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>'
                 "<A:calendar-color>#AA0033FF</A:calendar-color>"
                 + reports("C:calendar-query", "C:calendar-multiget", "D:sync-collection"))
BOOK_MARK = ('<CR:supported-address-data><CR:address-data-type content-type="text/vcard" version="3.0"/>'
             "</CR:supported-address-data>" + reports("CR:addressbook-query", "CR:addressbook-multiget", "D:sync-collection"))
COMMON = ("D:resourcetype", "D:displayname", "D:current-user-privilege-set", "D:owner", "D:current-user-principal",
          "CS:getctag", "D:sync-token", "D:supported-report-set")
ASK_CALENDAR = names(*COMMON, "C:supported-calendar-component-set", "A:calendar-color")
ASK_BOOK = names(*COMMON, "CR:supported-address-data")
PLAIN_HOME = (f"<D:resourcetype><D:collection/></D:resourcetype><D:displayname>demo</D:displayname>{RIGHTS}"
              f"{link('D:owner', PRINCIPAL)}{link('D:current-user-principal', PRINCIPAL)}")
NONE = "<CS:getctag/><D:sync-token/><D:supported-report-set/>"
HOME_ANSWER = whole(
    response(HOME, PLAIN_HOME, NONE + "<C:supported-calendar-component-set/><A:calendar-color/>"),
    response(CALENDAR, shelf("<C:calendar/>", "Team", CALENDAR_MARK)))
BOOKS_ANSWER = whole(
    response(BOOKS, PLAIN_HOME, NONE + "<CR:supported-address-data/>"),
    response(BOOK, shelf("<CR:addressbook/>", "Anna", BOOK_MARK)))
PRINCIPAL_ANSWER = whole(response(
    PRINCIPAL, "<D:resourcetype><D:collection/><D:principal/></D:resourcetype><D:displayname>demo</D:displayname>"
    + "".join(link(tag, href) for tag, href in (
        ("D:current-user-principal", PRINCIPAL), ("D:principal-URL", PRINCIPAL), ("C:calendar-home-set", HOME),
        ("CR:addressbook-home-set", BOOKS), ("C:calendar-user-address-set", PRINCIPAL))), "<CS:notification-URL/>"))
ASK_PRINCIPAL = names("D:resourcetype", "D:displayname", "D:current-user-principal", "D:principal-URL", "C:calendar-home-set",
                      "CR:addressbook-home-set", "C:calendar-user-address-set", "CS:notification-URL")
SYNC = (f"<D:sync-collection {SPACES}><D:sync-token>{TOKEN}</D:sync-token><D:sync-level>1</D:sync-level>"
        "<D:prop><D:getetag/><D:getcontenttype/></D:prop></D:sync-collection>")


def member(href, kind, data=""):
    """An item."""
    return response(href, f'<D:getetag>"a1"</D:getetag><D:getcontenttype>{kind}; charset=utf-8</D:getcontenttype>{data}')


def gone(href):
    """An item that is not there any more."""
    return f"<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>"


def sync(base, end, kind):
    """An answer to sync-collection with a change and a removal."""
    return whole(member(f"{base}1{end}", kind), gone(f"{base}2{end}"), token=TOKEN)


def multiget(prefix, name, data, base, end):
    """A multiget's body."""
    return (f"<{prefix}:{name}-multiget {SPACES}><D:prop><D:getetag/><D:getcontenttype/><{prefix}:{data}-data/></D:prop>"
            f"<D:href>{base}1{end}</D:href><D:href>{base}2{end}</D:href></{prefix}:{name}-multiget>")


EVENTS = whole(member(CALENDAR + "1.ics", "text/calendar", f"<C:calendar-data>{EVENT.replace(chr(13), '&#13;')}</C:calendar-data>"),
               gone(CALENDAR + "2.ics"))
CARDS = whole(member(BOOK + "1.vcf", "text/vcard", f"<CR:address-data>{CARD.replace(chr(13), '&#13;')}</CR:address-data>"),
              gone(BOOK + "2.vcf"))
QUERY = (f"<C:calendar-query {SPACES}><D:prop><D:getetag/><D:getcontenttype/><C:calendar-data/></D:prop><C:filter>"
         '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>')
QUERIED = EVENTS.replace(gone(CALENDAR + "2.ics"), "")
PLAIN_MEMBERS = whole(response(CALENDAR, shelf("<C:calendar/>", "Team", ""), "<D:getetag/><D:getcontenttype/>"),
                      response(CALENDAR + "1.ics", '<D:resourcetype/><D:displayname>1.ics</D:displayname><D:getetag>"a1"</D:getetag>'
                               "<D:getcontenttype>text/calendar; charset=utf-8</D:getcontenttype>" + RIGHTS
                               + link("D:owner", PRINCIPAL) + link("D:current-user-principal", PRINCIPAL),
                               "<CS:getctag/><D:sync-token/>"))
BOOK_MEMBERS = PLAIN_MEMBERS.replace(CALENDAR, BOOK).replace("C:calendar/", "CR:addressbook/").replace(".ics", ".vcf").replace(
    "text/calendar", "text/vcard").replace("Team", "Anna")
ASK_MEMBERS = names("D:resourcetype", "D:displayname", "D:current-user-privilege-set", "D:owner", "D:current-user-principal",
                    "CS:getctag", "D:sync-token", "D:getetag", "D:getcontenttype")
BAD_TOKEN = '<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>'
NEED = ('<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:need-privileges><D:resource><D:href>'
        f"{HOME}new</D:href><D:privilege><D:bind/></D:privilege></D:resource></D:need-privileges></D:error>")
SET = ('<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:A="http://apple.com/ns/ical/"><D:set><D:prop>'
       "<A:calendar-order>3</A:calendar-order></D:prop></D:set></D:propertyupdate>")
UNSET = (ROOT + f"<D:response><D:href>{CALENDAR}</D:href><D:propstat><D:prop><A:calendar-order/></D:prop>"
         "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat></D:response></D:multistatus>")
EVENT_HEADERS = [("Content-Length", str(len(EVENT))), ("ETag", '"a1"'), ("Content-Type", "text/calendar; charset=utf-8")]


def exchanges(client):
    """Good exchanges by name, as one client would have had them."""
    def answer(line, status, body="", *headers, asked="", more=()):
        return Exchange(client, request(line, *headers, body=asked), status, "", [*HEADERS, *more], body.encode())

    def one(path, good, asked):
        return answer(f"PROPFIND {path}", 207, whole(response(path, good)), "Depth: 0", asked=asked)

    agent = "User-Agent: Thunderbird/153.0"
    return {
        "services": answer(f"OPTIONS {PRINCIPAL}", 200, more=[("Allow", "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT")]),
        "well-known": answer("PROPFIND /.well-known/caldav", 301, "", "Depth: 0", more=[("Location", "/dav/")]),
        "principal": answer(f"PROPFIND {PRINCIPAL}", 207, PRINCIPAL_ANSWER, "Depth: 0", asked=ASK_PRINCIPAL),
        "home": answer(f"PROPFIND {HOME}", 207, HOME_ANSWER, "Depth: 1", asked=ASK_CALENDAR),
        "books": answer(f"PROPFIND {BOOKS}", 207, BOOKS_ANSWER, "Depth: 1", asked=ASK_BOOK),
        "members": answer(f"PROPFIND {CALENDAR}", 207, PLAIN_MEMBERS, "Depth: 1", asked=ASK_MEMBERS),
        "book-members": answer(f"PROPFIND {BOOK}", 207, BOOK_MEMBERS, "Depth: 1", asked=ASK_MEMBERS),
        "sync": answer(f"REPORT {CALENDAR}", 207, sync(CALENDAR, ".ics", "text/calendar"), "Depth: 1", asked=SYNC),
        "book-sync": answer(f"REPORT {BOOK}", 207, sync(BOOK, ".vcf", "text/vcard"), "Depth: 1", asked=SYNC),
        "events": answer(f"REPORT {CALENDAR}", 207, EVENTS, asked=multiget("C", "calendar", "calendar", CALENDAR, ".ics")),
        "cards": answer(f"REPORT {BOOK}", 207, CARDS, asked=multiget("CR", "addressbook", "address", BOOK, ".vcf")),
        "query": answer(f"REPORT {CALENDAR}", 207, QUERIED, "Depth: 1", asked=QUERY),
        "bad-token": answer(f"REPORT {CALENDAR}", 403, BAD_TOKEN, "Depth: 1", asked=SYNC),
        "book-bad-token": answer(f"REPORT {BOOK}", 400, BAD_TOKEN, "Depth: 1", agent, asked=SYNC),
        "calendar": one(CALENDAR, shelf("<C:calendar/>", "Team", CALENDAR_MARK), ASK_CALENDAR),
        "book": one(BOOK, shelf("<CR:addressbook/>", "Anna", BOOK_MARK), ASK_BOOK),
        "state": one(BOOK, f"<CS:getctag>k3-20</CS:getctag><D:sync-token>{TOKEN}</D:sync-token>{BOOK_MARK}",
                     names("CS:getctag", "D:sync-token", "D:supported-report-set", "CR:supported-address-data")),
        "apple-state": one(CALENDAR, f"<CS:getctag>k3-20</CS:getctag><D:sync-token>{TOKEN}</D:sync-token>",
                           names("CS:getctag", "D:sync-token")),
        "apple-home": answer(f"PROPFIND {HOME}", 207, HOME_ANSWER, "Depth: 1", "Brief: t",
                             asked=ASK_CALENDAR.replace("</D:prop>", "<CS:push-transports/></D:prop>")),
        "reports": one(CALENDAR, reports("C:calendar-query"), names("D:supported-report-set")),
        "own": one("/dav/", link("D:current-user-principal", PRINCIPAL), names("D:current-user-principal")),
        "get-event": Exchange(client, request(f"GET {CALENDAR}1.ics"), 200, "", EVENT_HEADERS, EVENT.encode()),
        "order": answer(f"PROPPATCH {CALENDAR}", 207, UNSET, asked=SET),
        "mkcalendar": answer(f"MKCALENDAR {HOME}new/", 403, NEED),
    }
