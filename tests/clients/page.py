#!/usr/bin/env python3
"""The page in a real browser: the owner, Infomaniak, first reading, devices, users, keyboard, looks."""

import plistlib
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Dav, Suite  # noqa: E402
from kit.cloud import Cloud as Sky  # noqa: E402
from kit.page import PASSWORD, Pages, one_time_link, reads  # noqa: E402
from kit.vdirsyncer import Vdirsyncer  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

# slow enough that a first reading can be watched
PACE = (300, 20, 4)


class Bare(Bridge):
    """A bridge on its first start: nobody is there."""

    USER = "anna"

    def prepare(self):
        return "nothing"


def owner(suite, pages, bridge, page):
    suite.section("the owner")
    told = pages.go(page, "/")
    suite.check("who is not signed in is asked to", told["url"].endswith("/sign-in"), told["url"])
    link = one_time_link(bridge)
    pages.looked_at(page, "welcome", link.removeprefix(bridge.url))
    page.goto(link)
    page.fill("#name", "Anna!")
    page.evaluate("document.querySelector('#name').removeAttribute('pattern')")
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    suite.equal("a bad user name is refused", 400, page.submit("main form button")["status"])
    page.fill("#name", "anna")
    page.fill("#display_name", "Anna Muster")
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD + "x")
    suite.equal("two different passwords are refused", 400, page.submit("main form button")["status"])
    page.fill("#name", "anna")
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    told = page.submit("main form button")
    suite.equal("the owner is signed in", (200, bridge.url + "/"), (told["status"], told["url"]))
    suite.equal("the link works once", 404, pages.go(pages.page(), link.removeprefix(bridge.url))["status"])
    cookie = next(one for one in page.cookies() if one["name"] == "davbridge")
    suite.check("the cookie is for the bridge alone", cookie["httpOnly"] and cookie["sameSite"] == "Lax", cookie)


def signing_in(suite, pages, bridge):
    suite.section("sign-in")
    page = pages.page()
    pages.looked_at(page, "sign-in", "/sign-in")
    suite.equal("a wrong password", 403, pages.sign_in(page, "anna", "wrong horse battery")["status"])
    suite.equal("an unknown user", 403, pages.sign_in(page, "berta")["status"])
    told = pages.sign_in(page, "Anna")
    suite.equal("the right password", (200, bridge.url + "/"), (told["status"], told["url"]))
    told = page.submit("header form button")
    suite.check("signed out", told["url"].endswith("/sign-in"), told)
    told = pages.go(page, "/passwords")
    suite.check("nothing is shown any more", "/sign-in" in told["url"], told)
    by_hand = pages.page(scripts=False)
    told = pages.sign_in(by_hand, "anna")
    suite.equal("without scripts too", (200, bridge.url + "/"), (told["status"], told["url"]))
    pages.go(by_hand, "/devices/davx5")
    shown = by_hand.evaluate("getComputedStyle(document.querySelector('[data-copy]')).display")
    suite.equal("no button that does nothing is shown", "none", shown)
    pages.go(by_hand, "/passwords")
    by_hand.fill("#label", "by hand")
    by_hand.submit("main form:has(#label) button")
    suite.check("an app password without scripts", len(by_hand.text("dd.secret code")) > 30)


def infomaniak(suite, pages, bridge, page):
    suite.section("Infomaniak")
    pages.go(page, "/")
    page.submit("main a.button")
    pages.looked_at(page, "connect", "/connect")
    page.submit("form[action$='/connect/infomaniak'] button, a[href$='/connect/infomaniak']")
    if page.count("#token") == 0:
        page.submit("form[action$='/connect/infomaniak'] button")
    scopes = page.texts("ul.copies code")
    wanted = ["accounts", "drive", "workspace:mail", "workspace:calendar", "workspace:contact"]
    suite.equal("the five scopes", wanted, scopes)
    suite.check("the link to the token page",
                page.count("a[href='https://manager.infomaniak.com/v3/ng/accounts/token/list']") == 1)
    pages.looked_at(page, "infomaniak", page.url().removeprefix(bridge.url))

    def paste(token):
        page.fill("#token", token)
        told = page.submit("form:has(#token) button")
        return told["status"], page.text("[role=alert]") if page.count("[role=alert]") else ""

    status, sentence = paste("not-a-token-of-anybody")
    suite.check("a wrong token: 400 and why", status == 400 and "not accepted" in sentence, (status, sentence))
    for scope in ("accounts", "drive"):
        status, sentence = paste(f"sim-anna-without-{scope}")
        suite.check(f"a token without {scope}: 400 and which", status == 400 and scope in sentence, (status, sentence))
    with Sky(bridge.cloud.base).faults({"route": "GET /1/accounts", "fault": {"kind": "status", "status": 500}}):
        status, sentence = paste("sim-anna-all")
    suite.check("a cloud in trouble: 502, and the token may be good", status == 502 and "may be good" in sentence,
                (status, sentence))
    here = page.url()
    told = page.submit("form[action$='/cancel'] button")
    suite.equal("cancelled", bridge.url + "/", told["url"])
    suite.check("and gone", page.goto(here)["url"] != here)
    pages.go(page, "/")
    suite.check("nothing is connected", page.count(".card") == 0)


def connect(suite, pages, bridge, page):
    suite.section("the first reading")
    pages.go(page, "/connect")
    page.submit("form[action$='/connect/infomaniak'] button, a[href$='/connect/infomaniak']")
    if page.count("#token") == 0:
        page.submit("form[action$='/connect/infomaniak'] button")
    page.fill("#token", "  sim-anna-all\n")
    told = page.submit("form:has(#token) button")
    suite.equal("the right token leads to the overview", (200, bridge.url + "/"), (told["status"], told["url"]))
    suite.check("the owner's name is the label", "Anna Muster" in page.text(".card h2"), page.text(".card"))
    bar = "progress[data-connection]"
    page.wait(bar)
    seen = page.until("(() => { const bar = document.querySelector('progress[data-connection]');"
                      " return bar && bar.max > 1 && bar.value > 0 && bar.value < bar.max ? [bar.value, bar.max] : null; })()", 60_000)
    suite.check("the bar moves while it is looked at", 0 < seen[0] < seen[1], seen)
    pages.looked_at(page, "first-reading")
    page.until("document.querySelectorAll('progress[data-connection]').length === 0", 120_000)
    text = page.text(".card")
    suite.check("counts at the end", "event" in text.lower() and "contact" in text.lower(), text)
    pages.looked_at(page, "overview", "/")
    page.submit(".card form[action$='/check'] button")
    suite.check("check now", page.count("[role=status]") == 1)


def hiding(suite, pages, bridge, page, dav):
    suite.section("what clients see")
    page.submit(".card a[href*='/connections/']")
    place = page.url().removeprefix(bridge.url)
    pages.looked_at(page, "connection", place)
    before = set(dav.list("/dav/calendars/anna/"))
    page.submit("ul.tree li:has-text('Team') form button")
    after = set(dav.list("/dav/calendars/anna/"))
    suite.check("hidden from clients at once", after < before, (before, after))
    page.submit("ul.tree li:has(.hidden-item) form button")
    suite.equal("and shown again", before, set(dav.list("/dav/calendars/anna/")))
    page.fill("#name", "Household")
    page.submit("form[action$='/rename'] button")
    suite.check("renamed", "Household" in page.text("h1, h2"), page.text("main"))


def passwords(suite, pages, bridge, page):
    suite.section("app passwords")
    pages.go(page, "/passwords")
    page.fill("#label", "telephone <b>")
    page.submit("main form:has(#label) button")
    secret = page.text("dd.secret code")
    pages.looked_at(page, "password-made")
    dav = Dav(bridge.url, "anna", secret)
    suite.equal("it works on devices", 207, dav.ask("PROPFIND", "/dav/", {"Depth": "0"}).status)
    pages.looked_at(page, "passwords", "/passwords")
    pages.go(page, "/passwords")
    suite.check("markup of a label is text", page.count("td b") == 0 and "telephone <b>" in page.text("table"))
    page.submit("tr:has-text('telephone') form button")
    suite.equal("revoked: 401 at once", 401, dav.ask("PROPFIND", "/dav/", {"Depth": "0"}).status)
    page.fill("#label", "calendar only")
    page.choose("#services", "calendars")
    page.submit("main form:has(#label) button")
    narrow = Dav(bridge.url, "anna", page.text("dd.secret code"))
    suite.equal("calendars are reached", 207, narrow.ask("PROPFIND", "/dav/calendars/anna/", {"Depth": "1"}).status)
    suite.equal("files are not", 403, narrow.ask("PROPFIND", "/dav/files/anna/", {"Depth": "1"}).status)


class Shown:
    """What a program's page shows after an app password was made in the browser."""

    def __init__(self, pages, page, program):
        pages.go(page, f"/devices/{program}")
        page.fill("#label", f"{program} here")
        page.submit("main form:has(#label) button")
        self.address, self.user, self.password = page.texts("main code")[:3]


def devices(suite, pages, bridge, page):
    suite.section("device set-up")
    pages.looked_at(page, "devices", "/devices")
    shown = Shown(pages, page, "davx5")
    pages.looked_at(page, "device-made")
    code = suite.folder / "code.png"
    page.shotOf("main img >> nth=-1", str(code))
    done = suite.run(["zbarimg", "--quiet", "--raw", code])
    suite.equal("the code on the screen is the shown address", shown.address, done.stdout.decode().strip())
    narrow = page.beside(width=320, height=640)
    Shown(pages, narrow, "ios")
    pages._judge(narrow, "device-made", "narrow")
    shown = Shown(pages, page, "ios")
    profile = suite.folder / "profile"
    page.download("form[action$='/devices/ios/profile'] button", str(profile))
    told = plistlib.loads(profile.read_bytes())
    suite.equal("Apple's profile holds the shown credentials", [(shown.user, shown.password)] * 2,
                [(one[f"{kind}Username"], one[f"{kind}Password"])
                 for kind, one in zip(("CalDAV", "CardDAV"), told["PayloadContent"])])
    shown = Shown(pages, page, "vdirsyncer")
    sync = Vdirsyncer(suite, shown, shown.address)
    done = sync.discover(), sync.sync()
    suite.equal("vdirsyncer with what is shown", [0, 0], [one.returncode for one in done])
    suite.check("everything arrives", len(sync.files()) > 100, len(sync.files()))


def people(suite, pages, bridge, page):
    suite.section("users")
    pages.go(page, "/admin/users")
    page.fill("#name", "ben")
    page.submit("main form:has(#name) button")
    link = reads(page, "code", "/welcome/")
    pages.looked_at(page, "invited")
    pages.looked_at(page, "users", "/admin/users")
    other = pages.page()
    other.goto(link)
    other.fill("#new", PASSWORD + " two")
    other.fill("#again", PASSWORD + " two")
    told = other.submit("main form button")
    suite.equal("the invited one is in", bridge.url + "/", told["url"])
    suite.equal("and sees no page of administrators", 403, pages.go(other, "/admin/users")["status"])
    suite.check("nor connections of others", pages.go(other, "/")["status"] == 200 and other.count(".card") == 0)
    for path, name in (("/sessions", "sessions"), ("/account", "account"), ("/admin/connections", "health"),
                       ("/admin/log", "log")):
        pages.looked_at(page, name, path)
    pages.go(page, "/admin/log")
    log = page.text("main")
    for secret in (PASSWORD, "sim-anna", link.rsplit("/", 1)[1]):
        suite.check("no secret in the log", secret not in log)
    pages.go(page, "/admin/users")
    page.submit("tr:has-text('ben') form[action$='/disable'] button")
    told = pages.go(other, "/")
    suite.check("disabled: out at once", "/sign-in" in told["url"], told)
    suite.equal("a page that is not there", 404, pages.go(page, "/connections/none")["status"])
    pages.looked_at(page, "not-found", "/connections/none")


def keyboard(suite, pages):
    suite.section("by keyboard")
    page = pages.page()
    pages.go(page, "/sign-in")
    page.key("Tab")
    at = page.focused()
    suite.check("the first stop is the way past the menu, and is seen", at["tag"] == "A" and at["seen"], at)
    page.fill("#name", "anna")
    page.key("Tab")
    page.type(PASSWORD)
    page.key("Enter")
    page.wait("header form button")
    stops = []
    for _ in range(12):
        page.key("Tab")
        stops.append(page.focused())
    suite.none("every stop is seen", [stop for stop in stops if not stop["seen"] and stop["tag"] != "BODY"])


def foreign(suite, pages, bridge, page):
    suite.section("other sites")
    pages.go(page, "/")
    told = page.evaluate("fetch('/sign-out', {method: 'POST', body: new URLSearchParams({csrf: 'x'})}).then(a => a.status)")
    suite.equal("a form without the session's mark", 403, told)
    headers = pages.go(page, "/")["headers"]
    policy = headers.get("content-security-policy", "")
    suite.check("nothing inline may run", "default-src 'none'" in policy and "unsafe" not in policy, policy)
    for name, value in (("referrer-policy", "same-origin"), ("x-content-type-options", "nosniff"), ("cache-control", "no-store")):
        suite.check(name, value in headers.get(name, ""), headers.get(name))
    suite.check("frames are refused", "frame-ancestors 'none'" in policy, policy)
    page.problems()


def main():
    with Suite("page") as suite:
        cloud = Cloud(suite.folder, "--files", "20", "--events", "200", "--contacts", "40")
        suite.cleanups.append(cloud.end)
        bridge = Bare(suite.folder, cloud, pace=PACE)
        suite.cleanups.append(bridge.end)
        pages = Pages(suite, bridge.url)
        page = pages.page()
        owner(suite, pages, bridge, page)
        signing_in(suite, pages, bridge)
        infomaniak(suite, pages, bridge, page)
        connect(suite, pages, bridge, page)
        pages.go(page, "/passwords")
        page.fill("#label", "suite")
        page.submit("main form:has(#label) button")
        dav = Dav(bridge.url, "anna", page.text("dd.secret code"))
        pages.go(page, "/")
        hiding(suite, pages, bridge, page, dav)
        passwords(suite, pages, bridge, page)
        devices(suite, pages, bridge, page)
        people(suite, pages, bridge, page)
        keyboard(suite, pages)
        foreign(suite, pages, bridge, page)


if __name__ == "__main__":
    main()
