#!/usr/bin/env python3
"""Consent on a company's own page, there and back, in a real browser: the simulated Google and Microsoft."""

import re
import sys

sys.dont_write_bytecode = True
from kit import Suite  # noqa: E402
from kit.demo import Demo  # noqa: E402
from kit.page import Pages, reads  # noqa: E402
from kit.suite import until  # noqa: E402

ANNA, BEN = "108204268033311374519", "117365910548220641983"
WORK_ANNA = "b7e2c1d0-52a4-4f7e-8c39-0d6f2a9e4411"
CALENDAR = "https://www.googleapis.com/auth/calendar.readonly"


def consent(window, account, leave_out=(), answer="allow"):
    """What a person does on the company's page."""
    window.wait("button[value=allow]")
    if answer == "allow":
        window.click(f"input[name=account][value='{account}']")
        for scope in leave_out:
            window.tick(f"input[name=scope][value='{scope}']", False)
    window.click(f"button[value={answer}]")


def cards(page):
    return page.texts(".card h2")


def connected(suite, pages, page):
    suite.section("Google, in a window of its own")
    pages.go(page, "/connect/google")
    pages.looked_at(page, "consent", "/connect/google")
    before = cards_of(pages, page)
    pages.go(page, "/connect/google")
    window = page.popup("form[data-popup] button")
    consent(window, ANNA)
    window.closed()
    page.until("location.pathname === '/' && document.readyState === 'complete'")
    suite.equal("the window closed by itself, the account is there", len(before) + 1, len(cards(page)))
    suite.check("labelled with its address", any("@" in name for name in cards(page)), cards(page))


def cards_of(pages, page):
    pages.go(page, "/")
    found = cards(page)
    # the overview loads itself again while an account is read for the first time
    pages.go(page, "/connect")
    return found


def half(suite, pages, page):
    suite.section("half granted")
    before = cards_of(pages, page)
    pages.go(page, "/connect/google")
    window = page.popup("form[data-popup] button")
    consent(window, BEN, [CALENDAR])
    told = reads(window, "main li", "alendar")
    suite.check("what was not allowed is told in words", "http" not in told, told)
    pages.looked_at(window, "half-granted")
    page.until("location.pathname === '/' && document.readyState === 'complete'")
    window.shut()
    suite.equal("the account is connected", len(before) + 1, len(cards_of(pages, page)))


def denied(suite, pages, page):
    suite.section("denied")
    before = cards_of(pages, page)
    pages.go(page, "/connect/microsoft")
    window = page.popup("form[data-popup] button")
    consent(window, WORK_ANNA, answer="deny")
    suite.check("told", "denied" in reads(window, "[role=alert]", "."), window.text("main"))
    told = reads(page, "[role=alert]", "denied")
    suite.check("the page that opened the window tells it too", told, page.text("main"))
    window.shut()
    suite.equal("nothing is connected", before, cards_of(pages, page))


def by_hand(suite, pages, page):
    suite.section("the address pasted by hand, without scripts")
    plain = page.beside(scripts=False)
    before = len(cards_of(pages, page))
    pages.go(plain, "/connect/microsoft")
    plain.submit("form[action$='/connect/microsoft'] button")
    away = until("the company's page", lambda: "/microsoft/" in plain.url() and plain.url())
    # where the company sends the browser, nothing is known of the session, as on another machine
    other = pages.page(scripts=False)
    other.goto(away)
    consent(other, WORK_ANNA)
    used = until("the address", lambda: next((one for one in other.passed() if "/oauth/microsoft" in one), None))

    def paste(address):
        pages.go(plain, "/connect/microsoft")
        plain.click("summary")
        plain.fill("#address", address)
        return plain.submit("form:has(#address) button")["status"]

    suite.equal("an address with another state", 400, paste(re.sub("state=...", "state=xxx", used)))
    suite.equal("the address that the browser ended on", 200, paste(used))
    suite.equal("connected without scripts", before + 1, len(cards_of(pages, page)))
    suite.equal("an address that was used is refused", 400, paste(used))
    suite.equal("and a code of somebody else", 400, paste("http://elsewhere.example/?code=injected&state=guessed"))


def again(suite, pages, page):
    suite.section("connected again")
    before = cards_of(pages, page)
    pages.go(page, "/")
    google = next(name for name in before if "anna" in name.lower() and "@" in name)
    page.submit(f".card:has(h2:text-is('{google}')) a[href*='/connections/']")
    place = page.url()
    window = page.popup("form[data-popup] button")
    window.wait("button[value=allow]")
    # the person chooses another account than the one that is suggested
    window.goto(re.sub("&login_hint=[^&]*", "", window.url()))
    consent(window, BEN)
    told = reads(window, "[role=alert]", ".")
    suite.check("another account is refused with its name", "ben" in told.lower(), told)
    suite.equal("the way on is the same reconnect", 1, window.count("main a.button[href$='/reconnect']"))
    pages.looked_at(window, "other-account")
    window.shut()
    suite.equal("nothing changed", before, cards_of(pages, page))
    page.goto(place)
    window = page.popup("form[data-popup] button")
    consent(window, ANNA)
    window.closed()
    # the window that opened it goes to the overview by itself
    page.until("location.pathname === '/' && document.readyState === 'complete'")
    suite.equal("the same account: nothing else changed", before, cards(page))
    page.goto(place)
    window = page.popup("form[data-popup] button")
    window.shut()
    suite.equal("abandoned: nothing changed", before, cards_of(pages, page))


def main():
    with Suite("page-consent") as suite:
        demo = Demo(suite, "--companies", "--files", "4", "--events", "5", "--contacts", "5")
        pages = Pages(suite, demo.base)
        page = pages.page()
        pages.sign_in(page, demo.user, demo.password)
        connected(suite, pages, page)
        half(suite, pages, page)
        denied(suite, pages, page)
        by_hand(suite, pages, page)
        again(suite, pages, page)


if __name__ == "__main__":
    main()
