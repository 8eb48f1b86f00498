"""Every event and contact of every collection: listed, read by all ways, the same by each, and judged."""

import re
from urllib.parse import unquote

from .conversation import Complaint
from .library import KINDS, MULTIGET
from .ruling import judge

ASK = ('<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
       'xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/">'
       "<D:prop><D:resourcetype/><D:displayname/><D:getetag/><D:getcontenttype/><D:getcontentlength/><D:getlastmodified/>"
       "<CS:getctag/><D:sync-token/><A:calendar-color/><C:calendar-description/><CR:addressbook-description/>"
       "<D:supported-report-set/><D:current-user-privilege-set/></D:prop></D:propfind>")


def play(world):
    """Gives the number of exchanges and the complaints."""
    complaints, count = [], 0

    def ask(method, path, body="", depth="1"):
        nonlocal count
        count += 1
        exchange = world.request(f"{method} {path}", [f"Depth: {depth}", f"Content-Length: {len(body)}"], body.encode())
        complaints.extend(Complaint("everything", unquote(path), exchange, *found) for found in judge(exchange))
        return exchange

    for kind in KINDS:
        home = ask("PROPFIND", world.library.values[f"{kind}_home"], ASK)
        for shelf in (one.href for one in home.multistatus.responses if one.shelf):
            listed = [one for one in ask("PROPFIND", shelf, ASK).multistatus.responses if not one.is_collection]
            hrefs = "".join(f"<D:href>{one.href}</D:href>" for one in listed)
            got = ask("REPORT", shelf, MULTIGET[kind].format(hrefs), "0")
            texts = {one.href: one for one in got.multistatus.responses}
            for one in listed:
                for text in differences(one, texts.get(one.href), ask("GET", one.href)):
                    complaints.append(Complaint("everything", unquote(one.href), got, "same_thing", text))
            whole = ask("GET", shelf)
            wanted = {uid for one in texts.values() for uid in uids(one.data() or "")}
            if uids(whole.body.decode()) != wanted:
                complaints.append(Complaint("everything", unquote(shelf), whole, "whole", "not the UIDs of its members"))
    return count, complaints


def uids(text):
    """UIDs in a text, unfolded."""
    return set(re.findall(r"^UID:(.*?)\r?$", re.sub("\r?\n[ \t]", "", text), re.M))


def differences(listed, got, read):
    """Where a member is not the same in the list, in a report and by GET."""
    if read.status != 200 or got is None or got.data() is None:
        yield f"GET {read.status}, multiget {None if got is None else got.status}"
        return
    tags = {listed.text("getetag"), got.text("getetag"), read.header("ETag")}
    if len(tags) != 1:
        yield f"tags {tags}"
    if got.data().encode() != read.body:
        yield "the report's text is not that of GET"
    if listed.text("getcontentlength") != str(len(read.body)):
        yield f"listed with {listed.text('getcontentlength')} bytes, has {len(read.body)}"
