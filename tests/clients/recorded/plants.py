"""Planted wrong answers: for each rule, a good answer and the change that must break the rule."""

from .canned import DATE, FOLDER, MISSING, OK, RIGHTS

FILE = FOLDER + "a%20b%23.txt"
COLLECTION = "<D:collection/></D:resourcetype>"


def body(old, new):
    """Every occurrence of a text in the body replaced."""
    def change(exchange):
        assert old.encode() in exchange.body, f"{old!r} is not in the canned answer"
        return exchange.changed(body=exchange.body.replace(old.encode(), new.encode()))
    return change


def header(name, value):
    """A header of another value, or without value gone."""
    def change(exchange):
        rest = [(k, v) for k, v in exchange.headers if k.lower() != name.lower()]
        return exchange.changed(headers=rest + ([(name, value)] if value is not None else []))
    return change


def status(code):
    """Another status."""
    return lambda exchange: exchange.changed(status=code)


def asked(old, new):
    """Another request with the same answer."""
    return lambda exchange: exchange.changed(request=exchange.request.replace(old.encode(), new.encode()))


def bulky(exchange):
    """Entries that are far too long."""
    return exchange.changed(body=exchange.body.replace(b"</D:multistatus>", b"<!--" + b"x" * 1_000_000 + b"--></D:multistatus>"))


NO_SIZE = body("<D:getcontentlength>12</D:getcontentlength>", "")
NO_DATE = body(f"<D:getlastmodified>{DATE}</D:getlastmodified>", "")
ODD_DATE = body(DATE, "2026-11-03 09:12")
ABSOLUTE = body(f"<D:href>{FILE}", f"<D:href>https://inner:8080{FILE}")
NO_SELF = body(f"<D:href>{FOLDER}<", f"<D:href>{FOLDER}again/<")
NO_STATUS = body(OK, "")
OTHER_STATUS = body("HTTP/1.1 200 OK", "200 fine")
NEGATIVE = body("1000</D:quota", "-3</D:quota")
UNNAMED = body("<D:collection/></D:resourcetype>", "<S:volume/><D:collection/></D:resourcetype>")
TWICE = body(FOLDER + "sub/", FILE)
WRITES = body("<D:read/>", "<D:read/></D:privilege><D:privilege><D:bind/>")

GENERAL = [
    ("all.declaration", "listing", body('<?xml version="1.0" encoding="utf-8"?>', "")),
    ("all.declaration", "listing", header("Content-Type", "text/html")),
    ("all.characters", "listing", body("<D:displayname>sub", "<D:displayname>s\x01ub")),
    ("all.characters", "listing", body("<D:displayname>sub", "<D:displayname>s&#7;ub")),
    ("all.characters", "listing", body("<D:displayname>sub", "<D:displayname>s\ufffeub")),
    ("all.characters", "listing", body("<D:multistatus ", "<!DOCTYPE x><D:multistatus ")),
    ("all.prefixes", "listing", body("<D:resourcetype/>", '<resourcetype xmlns="DAV:"/>')),
    ("all.prefixes", "listing", body("<S:lastmodified/>", '<X:lastmodified xmlns:X="SAR:"/>')),
    ("all.prefixes", "listing", body("<S:lastmodified/>", "<Q:lastmodified/>")),
    ("all.status_text", "listing", body("HTTP/1.1 200 OK", "HTTP/1.1 200")),
    ("all.status_text", "listing", body("HTTP/1.1 200 OK", "HTTP/2 200 OK")),
    ("all.good_first", "listing", body(OK, "<D:status>HTTP/1.1 404 Not Found </D:status>")),
    ("all.good_first", "listing", lambda x: body("\0", OK)(body(OK, MISSING)(body(MISSING, "\0")(x)))),
    ("all.one_place", "listing", body("<S:lastmodified/>", "<S:lastmodified/><D:displayname/>")),
    ("all.missing_empty", "listing", body("<S:lastmodified/>", "<S:lastmodified>1</S:lastmodified>")),
    ("all.asked_answered", "listing", body("<S:lastmodified/>", "<Z:lastmodified/>")),
    ("all.href_form", "listing", ABSOLUTE),
    ("all.href_form", "listing", body("a%20b%23.txt", "a b%23.txt")),
    ("all.href_form", "listing", body("a%20b%23.txt", "a%2520b%2523.txt")),
    ("all.href_form", "listing", body("a b#.txt<", "a%20b%23.txt<")),
    ("all.href_form", "listing", body("sub/<", "sub<")),
    ("all.members", "listing", body("Private/sub/<", "Private/sub/deeper/<")),
    ("all.members", "listing", NO_SELF),
    ("all.members", "listing", TWICE),
    ("all.kind", "listing", body("<D:resourcetype/>", "")),
    ("all.kind", "listing", UNNAMED),
    ("all.values", "listing", ODD_DATE),
    ("all.values", "listing", body("2026-11-03T09:12:44Z", "2026-11-03 09:12")),
    ("all.values", "listing", body('"a1"', 'W/"a1"')),
    ("all.values", "listing", NEGATIVE),
    ("all.values", "listing", body("<D:getlastmodified>", '<D:getlastmodified D:dt="x">')),
    ("all.reading_only", "listing", WRITES),
    ("all.reading_only", "listing", body(RIGHTS, "<D:current-user-privilege-set/>")),
    ("all.reading_only", "listing", body(RIGHTS, RIGHTS + "<D:supportedlock><D:lockentry/></D:supportedlock>")),
    ("all.no_trouble", "listing", status(501)),
    ("all.no_trouble", "listing", status(301)),
    ("all.no_trouble", "get", header("Set-Cookie", "a=b")),
    ("all.challenge", "anonymous", header("WWW-Authenticate", 'Basic realm="x"')),
    ("all.challenge", "anonymous", header("WWW-Authenticate", None)),
    ("all.classes", "listing", header("DAV", "1, 2, 3")),
    ("all.classes", "options", header("DAV", None)),
    ("all.allowed", "options", header("Allow", "OPTIONS, PROPFIND, PUT")),
    ("all.allowed", "options", header("Allow", "GET")),
    ("all.content_headers", "get", header("Content-Length", None)),
    ("all.content_headers", "get", header("Content-Length", "13")),
    ("all.content_headers", "head", header("ETag", 'W/"a1"')),
    ("all.content_headers", "head", header("Accept-Ranges", None)),
    ("all.content_headers", "get", header("Content-Encoding", "gzip")),
    ("all.part", "part", status(200)),
    ("all.part", "part", header("Content-Range", "bytes 0-3/12")),
    ("all.refusal", "put", status(405)),
    ("all.refusal", "put", body("need-privileges", "forbidden")),
    ("all.refusal", "put", body("<D:write-content/>", "")),
    ("all.properties_refused", "proppatch", status(403)),
    ("all.properties_refused", "proppatch", body("403 Forbidden", "200 OK")),
    ("all.properties_refused", "proppatch", body("<Z:Win32FileAttributes/>", "<D:Win32FileAttributes/>")),
]

CLIENTS = [
    ("windows.authoring", "options", header("MS-Author-Via", None)),
    ("windows.prefix", "allprop", lambda x: body("<D:", "<")(body("</D:", "</")(body("xmlns:D=", "xmlns=")(x)))),
    ("windows.prefix", "allprop", lambda x: body("<D:", "<a:")(body("</D:", "</a:")(body("xmlns:D=", "xmlns:a=")(x)))),
    ("windows.win32_properties", "allprop", lambda x: body("<Z:Win32", "<D:Win32")(body("</Z:Win32", "</D:Win32")(x))),
    ("windows.win32_properties", "allprop", body("00000021", "33")),
    ("windows.entry", "allprop", NO_SIZE),
    ("windows.size", "allprop", bulky),
    ("windows.missing_not_cached", "missing", header("Cache-Control", None)),
    ("finder.mountable", "options", header("DAV", "1, 2")),
    ("finder.mountable", "options", header("DAV", "calendar-access")),
    ("finder.entry", "listing", NO_SIZE),
    ("finder.entry", "listing", ODD_DATE),
    ("finder.quota", "listing", body("1000</D:quota", "0</D:quota")),
    ("finder.length", "get", header("Content-Length", None)),
    ("gnome.dav_header", "options", header("DAV", None)),
    ("gnome.target", "listing", NO_SELF),
    ("gnome.structure", "listing", UNNAMED),
    ("gnome.structure", "listing", body("<D:href>", "<S:href>")),
    ("gnome.structure", "listing", OTHER_STATUS),
    ("gnome.entry", "listing", NO_SIZE),
    ("gnome.entry", "listing", NEGATIVE),
    ("gnome.entry", "listing", ODD_DATE),
    ("gnome.names", "listing", TWICE),
    ("kde.propstats", "listing", NO_STATUS),
    ("kde.propstats", "listing", body("200 OK", "207 OK")),
    ("kde.names", "listing", NO_SELF),
    ("kde.names", "listing", TWICE),
    ("kde.entry", "listing", NO_SIZE),
    ("kde.entry", "listing", body(DATE, "sometime")),
    ("kde.room", "listing", lambda x: asked("Depth: 1", "Depth: 0")(body("<D:quota-available-bytes>1000</D:quota-available-bytes>", "")(x))),
    ("davfs2.class_one", "options", header("DAV", "1.0, 3")),
    ("davfs2.below", "listing", body(f"<D:href>{FILE}", "<D:href>/elsewhere/a.txt")),
    ("davfs2.status_line", "listing", OTHER_STATUS),
    ("davfs2.entry", "listing", body('<D:getetag>"a1"</D:getetag>', "")),
    ("davfs2.entry", "listing", ODD_DATE),
    ("davfs2.executable", "listing", body("<A:executable/>", "<D:executable/>")),
    ("davfs2.room", "listing", body("1000</D:quota", "</D:quota")),
    ("rclone.accepted", "listing", OTHER_STATUS),
    ("rclone.accepted", "listing", body("200 OK", "500 No")),
    ("rclone.below", "listing", ABSOLUTE),
    ("rclone.merge_safe", "listing", body("<S:lastmodified/>", "<S:lastmodified/><D:getlastmodified/>")),
    ("rclone.merge_safe", "listing", NO_SIZE),
    ("rclone.range_checked", "part", header("Content-Range", "bytes 0-3/12")),
    ("davx5.mountable", "options", header("DAV", "calendar-access")),
    ("davx5.relation", "listing", ABSOLUTE),
    ("davx5.rights", "listing", body(RIGHTS, "")),
    ("davx5.rights", "listing", WRITES),
    ("davx5.entry", "listing", body('"a1"', 'W/"a1"')),
    ("davx5.random_access", "head", header("Accept-Ranges", None)),
    ("davx5.random_access", "part", status(200)),
    ("winscp.encoded", "listing", body("a%20b%23.txt", "a b%.txt")),
    ("winscp.entry", "allprop", NO_SIZE),
    ("winscp.itself", "listing", NO_SELF),
    ("winscp.cheap", "allprop", body("<D:displayname>", "<D:quota-used-bytes>1</D:quota-used-bytes><D:displayname>")),
    ("cyberduck.login", "login", status(400)),
    ("cyberduck.foreign", "listing", body("<S:lastmodified/>", "<Z:lastmodified/>")),
    ("cyberduck.entry", "listing", NO_SIZE),
    ("cyberduck.entry", "listing", body("2026-11-03T09:12:44Z", "3 Nov")),
    ("cyberduck.itself", "listing", NO_SELF),
]
