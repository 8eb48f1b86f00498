"""Canned good answers, which every rule must accept, and from which the wrong ones are made."""

from .wire import Exchange

BASIC = "Authorization: Basic ZGVtbzpkZW1v"
DATE = "Tue, 03 Nov 2026 09:12:44 GMT"
DAV_HEADERS = [("DAV", "1, 3"), ("MS-Author-Via", "DAV")]
XML = [("Content-Type", "application/xml; charset=utf-8"), *DAV_HEADERS]
FOLDER = "/dav/files/demo/kdrive/main/Private/"


def request(line, *headers, body=""):
    """Bytes of a request."""
    return ("\r\n".join([f"{line} HTTP/1.1", "Host: localhost", BASIC, *headers]) + "\r\n\r\n" + body).encode()


PROPERTIES = ("resourcetype", "displayname", "getlastmodified", "creationdate", "getcontentlength", "getetag",
              "getcontenttype", "current-user-privilege-set", "quota-available-bytes", "quota-used-bytes")
ASK = ('<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:S="SAR:" xmlns:A="http://apache.org/dav/props/">'
       "<D:prop>" + "".join(f"<D:{p}/>" for p in PROPERTIES) + "<S:lastmodified/><A:executable/></D:prop></D:propfind>")
RIGHTS = ("<D:current-user-privilege-set><D:privilege><D:read/></D:privilege>"
          "<D:privilege><D:read-current-user-privilege-set/></D:privilege></D:current-user-privilege-set>")
OK = "<D:status>HTTP/1.1 200 OK</D:status>"
MISSING = "<D:status>HTTP/1.1 404 Not Found</D:status>"


def response(href, name, kind, extra, missing):
    """One response of the named listing."""
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{kind}<D:displayname>{name}</D:displayname>"
            f"<D:getlastmodified>{DATE}</D:getlastmodified><D:creationdate>2026-11-03T09:12:44Z</D:creationdate>"
            f"{extra}{RIGHTS}</D:prop>{OK}</D:propstat><D:propstat><D:prop>{missing}"
            f"<S:lastmodified/><A:executable/></D:prop>{MISSING}</D:propstat></D:response>")


COLLECTION = "<D:resourcetype><D:collection/></D:resourcetype>"
QUOTA = "<D:quota-available-bytes>1000</D:quota-available-bytes><D:quota-used-bytes>20</D:quota-used-bytes>"
NO_QUOTA = "<D:quota-available-bytes/><D:quota-used-bytes/>"
NO_CONTENT = "<D:getcontentlength/><D:getetag/><D:getcontenttype/>"
CONTENT = ('<D:getcontentlength>12</D:getcontentlength><D:getetag>"a1"</D:getetag>'
           "<D:getcontenttype>text/plain</D:getcontenttype>")
ROOT = ('<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:" xmlns:S="SAR:" '
        'xmlns:A="http://apache.org/dav/props/" xmlns:Z="urn:schemas-microsoft-com:">')
LISTING = (ROOT + response(FOLDER, "Private", COLLECTION, QUOTA, NO_CONTENT)
           + response(FOLDER + "sub/", "sub", COLLECTION, QUOTA, NO_CONTENT)
           + response(FOLDER + "a%20b%23.txt", "a b#.txt", "<D:resourcetype/>", CONTENT, NO_QUOTA)
           + "</D:multistatus>")


def plain(href, name, kind, extra=""):
    """One response of the allprop listing."""
    return (f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{kind}<D:displayname>{name}</D:displayname>"
            f"<D:getlastmodified>{DATE}</D:getlastmodified>{extra}"
            f"<Z:Win32LastModifiedTime>{DATE}</Z:Win32LastModifiedTime>"
            f"<Z:Win32FileAttributes>00000021</Z:Win32FileAttributes></D:prop>{OK}</D:propstat></D:response>")


ALLPROP = (ROOT + plain(FOLDER, "Private", COLLECTION)
           + plain(FOLDER + "a%20b%23.txt", "a b#.txt", "<D:resourcetype/>", CONTENT) + "</D:multistatus>")
NEED = ('<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:need-privileges><D:resource><D:href>'
        + FOLDER + "</D:href><D:privilege><D:write-content/></D:privilege></D:resource></D:need-privileges></D:error>")
SET = ('<?xml version="1.0" encoding="utf-8"?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:">'
       "<D:set><D:prop><Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>")
UNSET = (ROOT + f"<D:response><D:href>{FOLDER}a.txt</D:href><D:propstat><D:prop><Z:Win32FileAttributes/></D:prop>"
         "<D:status>HTTP/1.1 403 Forbidden</D:status></D:propstat></D:response></D:multistatus>")
CONTENT_HEADERS = [("Content-Length", "12"), ("ETag", '"a1"'), ("Last-Modified", DATE), ("Accept-Ranges", "bytes"),
                   ("Content-Type", "text/plain")]


def exchanges(client):
    """Good exchanges by name, as one client would have had them."""
    def answer(asked, status, headers, body=""):
        return Exchange(client, asked, status, "", headers, body.encode())

    part = [("Content-Length", "4"), *CONTENT_HEADERS[1:], ("Content-Range", "bytes 2-5/12")]
    return {
        "options": answer(request(f"OPTIONS {FOLDER}"), 200, [*DAV_HEADERS, ("Allow", "OPTIONS, GET, HEAD, PROPFIND")]),
        "listing": answer(request(f"PROPFIND {FOLDER}", "Depth: 1", body=ASK), 207, XML, LISTING),
        "allprop": answer(request(f"PROPFIND {FOLDER}", "Depth: 1"), 207, XML, ALLPROP),
        "get": answer(request(f"GET {FOLDER}a.txt"), 200, CONTENT_HEADERS, "hello, world"),
        "head": answer(request(f"HEAD {FOLDER}a.txt"), 200, CONTENT_HEADERS),
        "part": answer(request(f"GET {FOLDER}a.txt", "Range: bytes=2-5"), 206, part, "llo,"),
        "login": answer(request(f"HEAD {FOLDER}"), 405, [("Allow", "OPTIONS, PROPFIND")]),
        "put": answer(request(f"PUT {FOLDER}x.txt", "Content-Length: 0"), 403, XML, NEED),
        "proppatch": answer(request(f"PROPPATCH {FOLDER}a.txt", body=SET), 207, XML, UNSET),
        "missing": answer(request(f"PROPFIND {FOLDER}x", "Depth: 0"), 404, [("Cache-Control", "no-store")]),
        "anonymous": answer(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 401,
                            [("WWW-Authenticate", 'Basic realm="davbridge", charset="UTF-8"')]),
    }
