"""The Outlook add-in CalDav Synchronizer."""

import re
from urllib.parse import unquote

from ..davxml import CALDAV, DAV
from ..ruling import is_multistatus, is_options, is_report, rule

CLIENT = "outlook-caldav-synchronizer"
STATUS = re.compile(r"^HTTP/\d\.\d (\d{3}) ")


@rule(CLIENT, is_options)
def able(x):
    """The test of the settings asks for both services."""
    tokens = {token.strip() for token in (x.header("DAV") or "").split(",")}
    if not {"calendar-access", "addressbook"} <= tokens:
        yield f"DAV: {x.header('DAV')}"


@rule(CLIENT, is_multistatus)
def status_line(x):
    """A blank must stand behind the code."""
    for response in x.multistatus.responses:
        for text in [p.status for p in response.propstats] + ([response.status] if response.status else []):
            if not STATUS.match(text or ""):
                yield f"{response.href}: {text!r}"


@rule(CLIENT, lambda x: is_multistatus(x) and x.method == "PROPFIND")
def itself(x):
    """The collection is left out of its own list by its decoded path."""
    own = unquote(x.path).rstrip("/")
    if sum(unquote(response.href).rstrip("/") == own for response in x.multistatus.responses) != 1:
        yield "the collection itself is not in the answer"


@rule(CLIENT, lambda x: is_multistatus(x) and x.asked_properties == [(DAV, "supported-report-set")])
def queried(x):
    """calendar-query must be told by the server."""
    reports = x.multistatus.responses[0].good("supported-report-set")
    if reports is None or not any(element.name == (CALDAV, "calendar-query") for element in reports.walk()):
        yield "no calendar-query"


@rule(CLIENT, lambda x: is_multistatus(x) and (DAV, "getetag") in (x.asked_properties or []))
def members(x):
    """Members have tags, quoted; texts come with them."""
    for response in x.multistatus.responses:
        if response.status is not None or response.href.endswith("/"):
            continue
        if not re.fullmatch('".+"', response.text("getetag") or ""):
            yield f"{response.href}: tag {response.text('getetag')}"
        if is_report(x) and (x.report or "").endswith("multiget") and not response.data():
            yield f"{response.href}: no text"


@rule(CLIENT, lambda x: x.report == "sync-collection" and "/calendars/" in x.path and 400 <= x.status < 500)
def token_refused(x):
    """Only 403 with valid-sync-token below the root leads to a new start."""
    if x.status != 403 or not re.search(rb"<D:error [^>]*><D:valid-sync-token/></D:error>", x.body):
        yield f"{x.status} {x.body[:120]!r}"
