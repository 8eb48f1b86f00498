"""KDE: the KIO worker for webdav(s)."""

from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urljoin, urlsplit

from ..davxml import DAV
from ..ruling import is_listing, rule

CLIENT = "kde"


def code(status):
    """The text between the first two blanks as a number, 0 where it is none."""
    first = status.find(" ")
    second = status.find(" ", first + 1)
    word = status[first + 1:second] if second > 0 else status[first + 1:]
    return int(word) if word.isdigit() else 0


def read(response):
    """Properties of DAV: by local name, and why the reader gave up, if it did."""
    found = {}
    for propstat in response.element.all("propstat"):
        status, prop = propstat.first("status"), propstat.first("prop")
        if status is None:
            return found, "a propstat without status ends the entry"
        if code(status.text) != 200:
            continue
        if prop is None:
            return found, "a propstat without prop ends the entry"
        for element in prop.children:
            if element.space == DAV:
                found[element.local] = element
    return found, None


@rule(CLIENT, is_listing)
def propstats(x):
    """Each propstat has a status whose code is exactly 200 for what is there."""
    for response in x.multistatus.responses:
        found, gave_up = read(response)
        if gave_up or not found:
            yield f"{response.href}: {gave_up or 'no propstat with code 200'}"


@rule(CLIENT, is_listing)
def names(x):
    """The name is the last segment of the href; the folder itself must come out as «.»."""
    base = "http://host" + x.path
    own, seen = 0, set()
    for response in x.multistatus.responses:
        path = unquote(urlsplit(urljoin(base, response.href)).path).rstrip("/")
        name = path.rpartition("/")[2]
        if path == unquote(x.path).rstrip("/"):
            own += 1
        elif not name or name in seen:
            yield f"{response.href}: name {name!r} is empty or repeated"
        else:
            seen.add(name)
    if own != 1:
        yield f"{own} entries are the folder itself"


@rule(CLIENT, is_listing)
def entry(x):
    """Size of a file, a date in RFC 2822 once GMT is +0000, room as two signed numbers."""
    asked = [local for _, local in x.asked_properties or []]
    for response in x.multistatus.responses:
        found, _ = read(response)
        is_folder = "resourcetype" in found and found["resourcetype"].first("collection") is not None
        if not is_folder and "getcontentlength" in asked:
            if "getcontentlength" not in found or not found["getcontentlength"].text.isdigit():
                yield f"{response.href}: no size"
        if "getlastmodified" in found:
            try:
                parsedate_to_datetime(found["getlastmodified"].text.replace("GMT", "+0000"))
            except ValueError:
                yield f"{response.href}: date {found['getlastmodified'].text!r}"
        for local in ("quota-available-bytes", "quota-used-bytes"):
            if local in found and not found[local].text.isdigit():
                yield f"{response.href}: {local} {found[local].text!r}"


@rule(CLIENT, lambda x: is_listing(x) and x.asked("Depth") == "0")
def room(x):
    """A stat of a folder carries the room on the drive."""
    if (DAV, "quota-available-bytes") in (x.asked_properties or ()):
        own = x.multistatus.responses[0]
        if own.is_collection and "/dav/files/" in own.href and own.href.count("/") > 6:
            if own.good("quota-available-bytes") is None or own.good("quota-used-bytes") is None:
                yield f"{own.href}: no quota"
