"""Fetching all objects of a calendar or address book through the bridge."""

import xml.etree.ElementTree as xml

LISTING = (b'<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:getetag/>'
           b"</D:prop></D:propfind>")
MULTIGET = """<?xml version="1.0" encoding="utf-8"?><X:%s-multiget xmlns:D="DAV:" xmlns:X="%s"><D:prop><D:getetag/>
<X:%s/></D:prop>%s</X:%s-multiget>"""
CALDAV, CARDDAV = "urn:ietf:params:xml:ns:caldav", "urn:ietf:params:xml:ns:carddav"
AT_ONCE = 50


def objects(dav, collection):
    """Texts of all objects of a collection by href; what Depth 1 lists and a multiget then gives."""
    listed = dav.ask("PROPFIND", collection, {"Depth": "1"}, LISTING)
    if listed.status != 207:
        raise RuntimeError(f"{collection}: {listed.status} {listed.body[:200]!r}")
    etags = {href: etag for href, etag, _ in rows(listed.body, None) if etag}
    kind, space, data = ("addressbook", CARDDAV, "address-data") if "/addressbooks/" in collection else (
        "calendar", CALDAV, "calendar-data")
    texts, hrefs = {}, list(etags)
    for start in range(0, len(hrefs), AT_ONCE):
        wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs[start:start + AT_ONCE])
        body = MULTIGET % (kind, space, data, wanted, kind)
        answer = dav.ask("REPORT", collection, {"Depth": "1"}, body.encode())
        for href, etag, text in rows(answer.body, f"{{{space}}}{data}"):
            if etag != etags.get(href) or text is None:
                raise RuntimeError(f"{href}: listed with {etags.get(href)}, given with {etag}")
            texts[href] = text
    if texts.keys() != etags.keys():
        raise RuntimeError(f"not given: {sorted(etags.keys() - texts.keys())[:5]}")
    return texts


def rows(body, data):
    """Address, etag and data of the responses."""
    for response in xml.fromstring(body).iter("{DAV:}response"):
        text = response.findtext(f".//{data}") if data else None
        yield response.findtext("{DAV:}href"), response.findtext(".//{DAV:}getetag"), text
