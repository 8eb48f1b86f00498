#!/usr/bin/env python3
"""Device set-up: what the page shows works. Its app passwords, snippets, codes, Apple's profile, and
the way in which DAVx5 asks by itself."""

import http.client
import json
import plistlib
import sys
from urllib.parse import urlencode, urljoin, urlsplit

sys.dont_write_bytecode = True
from kit import Suite  # noqa: E402
from kit.browser import Browser  # noqa: E402
from kit.code import read  # noqa: E402
from kit.curl import asking  # noqa: E402
from kit.dav import Dav  # noqa: E402
from kit.operated import Operated, simulation  # noqa: E402
from kit.vdirsyncer import Vdirsyncer  # noqa: E402

PASSWORD = "correct horse battery"
AGENT = "DAVx5/4.5.2-ose (at.bitfire.davdroid)"
PROGRAMS = ("davx5 davx5-files ios windows outlook macos finder gnome gnome-files kde dolphin "
            "thunderbird-calendar thunderbird-contacts cyberduck rclone davfs2 vdirsyncer").split()


class Shown:
    """What a program's page shows after an app password was made."""

    def __init__(self, browser, program):
        page = browser.get(f"/devices/{program}")
        self.page = browser.submit(page, f"/devices/{program}", label=f"{program} here")
        self.address, self.user, self.password = self.page.codes[:3]


def signed_in(suite, bridge):
    """The browser of the bridge's user, who came by a link."""
    link = bridge.run("user", "invite", bridge.user).stdout.decode()
    path = next(word for word in link.split() if "/welcome/" in word)
    browser = Browser(bridge.base)
    path = urlsplit(path).path
    browser.submit(browser.get(path), path, new=PASSWORD, again=PASSWORD)
    suite.equal("signed in", 200, browser.get("/devices").status)
    return browser


def every_program(suite, bridge, browser):
    suite.section("every program")
    listed = [link.rpartition("/")[2] for link in browser.get("/devices").links if "/devices/" in link]
    suite.equal("the list", sorted(PROGRAMS), sorted(listed))
    for program in PROGRAMS:
        shown = Shown(browser, program)
        ask = Dav(bridge.base, shown.user, shown.password).ask
        status = ask("PROPFIND", urlsplit(shown.address).path, {"Depth": "0"}).status
        suite.equal(f"{program}: its address and password", (bridge.user, 207), (shown.user, status))
        suite.equal(f"{program}: the code of its address", shown.address, read(suite, shown.page.images[-1]))
        before = browser.get(f"/devices/{program}").text
        suite.check(f"{program}: the password is shown once", shown.password not in before)


def scopes(suite, bridge, browser):
    suite.section("only what a program needs")
    for program, good, bad in (("thunderbird-contacts", "addressbooks", "calendars"),
                               ("thunderbird-calendar", "calendars", "files"), ("finder", "files", "calendars"),
                               ("davx5", "calendars", "files"), ("vdirsyncer", "addressbooks", "files")):
        shown = Shown(browser, program)
        dav = Dav(bridge.base, shown.user, shown.password)
        statuses = [dav.ask("PROPFIND", f"/dav/{kind}/{shown.user}/", {"Depth": "1"}).status for kind in (good, bad)]
        suite.equal(f"{program}: {good}, not {bad}", [207, 403], statuses)


def vdirsyncer(suite, bridge, browser):
    suite.section("vdirsyncer")
    shown = Shown(browser, "vdirsyncer")
    sync = Vdirsyncer(suite, shown, shown.address, "by-hand")
    done = sync.discover(), sync.sync()
    suite.equal("shown address, user and password", [0, 0], [one.returncode for one in done])
    files = sync.files()
    suite.check("everything arrives", len(files) > 30, len(files))
    config = suite.folder / "snippet"
    snippet = shown.page.codes[-2]
    suite.check("the snippet is a configuration", snippet.startswith("[general]"), snippet)
    config.write_text(snippet.replace("~/", f"{suite.folder}/snippet-"))
    run = ["vdirsyncer", "-v", "INFO", "-c", config]
    done = [suite.run([*run, "discover"], stdin="y\n" * 40), suite.run([*run, "sync"])]
    suite.equal("the snippet as it is", [0, 0], [one.returncode for one in done])
    found = [path for path in suite.folder.glob("snippet-*/**/*.*") if path.suffix in (".ics", ".vcf")]
    suite.equal("the snippet: everything arrives", len(files), len(found))


def rclone(suite, bridge, browser):
    suite.section("rclone")
    shown = Shown(browser, "rclone")
    configure, listing = shown.page.codes[-2].strip().splitlines()
    env = {"RCLONE_CONFIG": str(suite.folder / "rclone.conf")}
    done = suite.run(configure.split(), env=env), suite.run(listing.split(), env=env)
    suite.equal("the commands as they are", [0, 0], [one.returncode for one in done])
    suite.check("they list a connection", done[1].stdout.strip() != b"", done[1].stderr)


def davx5(suite, bridge, browser):
    suite.section("the link of DAVx5")
    shown = Shown(browser, "davx5")
    link = next(link for link in shown.page.links if "@" in link)
    parts = urlsplit(link)
    suite.equal("scheme without TLS, user, password", ("caldav", shown.user, shown.password),
                (parts.scheme, parts.username, parts.password))
    suite.equal("host and path", shown.address, f"http://{parts.hostname}:{parts.port}{parts.path}")
    suite.equal("its code", link, read(suite, shown.page.images[0]))


def apple(suite, bridge, browser):
    suite.section("Apple's profile")
    profiles = []
    for _ in range(2):
        shown = Shown(browser, "ios")
        answer = browser.submit(shown.page, "/devices/ios/profile")
        suite.equal("content type", "application/x-apple-aspen-config", answer.headers["content-type"])
        profile = plistlib.loads(answer.body)
        profiles.append(profile)
        told = [(one["PayloadType"], one[f"{name}Username"], one[f"{name}Password"], one[f"{name}UseSSL"],
                 f"http://{one[f'{name}HostName']}:{one[f'{name}Port']}", one[f"{name}PrincipalURL"])
                for name, one in zip(("CalDAV", "CardDAV"), profile["PayloadContent"])]
        rest = (shown.user, shown.password, False, bridge.base, f"/dav/principals/{shown.user}/")
        suite.equal("both accounts", [(f"com.apple.{kind}.account", *rest) for kind in ("caldav", "carddav")], told)
    ids = [[one[key] for one in (profile, *profile["PayloadContent"]) for key in ("PayloadIdentifier", "PayloadUUID")]
           for profile in profiles]
    suite.equal("a second one replaces the first", ids[0], ids[1])
    suite.equal("six different identifiers", 6, len(set(ids[0])))


def post(base, path, fields=None):
    """As DAVx5 asks: without cookies."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    headers = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Language": "de-CH, de;q=0.7, *;q=0.5"}
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("POST", path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        connection.close()


def login_flow(suite, bridge, browser):
    suite.section("DAVx5 asks by itself")
    status, begun = post(bridge.base, "/index.php/login/v2")
    suite.equal("it begins", (200, ["login", "poll"], ["endpoint", "token"]),
                (status, sorted(begun), sorted(begun["poll"])))
    endpoint, token = urlsplit(begun["poll"]["endpoint"]).path, {"token": begun["poll"]["token"]}
    suite.equal("not yet", 404, post(bridge.base, endpoint, token)[0])
    path = urlsplit(begun["login"]).path
    guest = Browser(bridge.base)
    page = guest.get(path)
    suite.check("who is not signed in signs in first", "password" in page.form("/sign-in")[1], page.text)
    page = guest.submit(page, "/sign-in", name=bridge.user, password=PASSWORD)
    suite.check("then is asked about this program", AGENT in page.text, page.text)
    suite.equal("nothing before the answer", 404, post(bridge.base, endpoint, token)[0])
    guest.submit(page, path)
    status, login = post(bridge.base, endpoint, token)
    suite.equal("the answer", (200, bridge.base, bridge.user), (status, login.get("server"), login.get("loginName")))
    suite.equal("only once", 404, post(bridge.base, endpoint, token)[0])
    dav = Dav(bridge.base, login["loginName"], login["appPassword"])
    # java.net.URI.resolve of `remote.php/dav` against the server with a slash
    path = urlsplit(urljoin(login["server"] + "/", "remote.php/dav")).path
    body = asking("resourcetype", "displayname", "current-user-principal").encode()
    moved = dav.ask("PROPFIND", path, {"Depth": "0"}, body)
    suite.equal("remote.php/dav leads on", (301, "/dav/"),
                (moved.status, moved.headers.get("location", "").removeprefix(bridge.base)))
    answer = dav.ask("PROPFIND", "/dav/", {"Depth": "0"}, body)
    suite.check("the principal is found", f"/dav/principals/{bridge.user}/".encode() in answer.body, answer.body)
    listed = browser.get("/passwords")
    suite.check("the password is listed by the program's name", AGENT in listed.text, listed.text)
    for other in ("/index.php/login/v2/flow/x", "/index.php/login/flow", "/index.php", "/index.php/apps/files"):
        suite.equal(f"nothing else of Nextcloud: {other}", 404, browser.get(other).status)


def revoked(suite, bridge, browser):
    suite.section("revoked")
    shown = Shown(browser, "davx5")
    dav = Dav(bridge.base, shown.user, shown.password)
    suite.equal("before", 207, dav.ask("PROPFIND", "/dav/", {"Depth": "0"}).status)
    page = browser.get("/passwords")
    number = max(int(at.split("/")[-2]) for at, _ in forms(page))
    browser.submit(page, f"/passwords/{number}/revoke")
    suite.equal("at once", 401, dav.ask("PROPFIND", "/dav/", {"Depth": "0"}).status)


def forms(page):
    """Forms that revoke."""
    from kit.browser import FORM
    return [(at, inner) for at, inner in FORM.findall(page.text) if at.endswith("/revoke")]


def main():
    with Suite("devices") as suite:
        process = simulation(suite, "--files", "10", "--events", "40", "--contacts", "20")
        bridge = Operated(suite, process)
        browser = signed_in(suite, bridge)
        every_program(suite, bridge, browser)
        scopes(suite, bridge, browser)
        vdirsyncer(suite, bridge, browser)
        rclone(suite, bridge, browser)
        davx5(suite, bridge, browser)
        apple(suite, bridge, browser)
        login_flow(suite, bridge, browser)
        revoked(suite, bridge, browser)


main()
