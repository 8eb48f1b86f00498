#!/usr/bin/env python3
"""Sign-in with OpenID Connect and access tokens on DAV, against npm's `oidc-provider` on loopback."""

import base64
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Suite  # noqa: E402
from process import free_port  # noqa: E402
from stack import Bridge, Cloud  # noqa: E402

SCRIPT = Path(__file__).with_suffix(".mjs")
BACK = "/sign-in/oidc/back"
SECRET = "a:b/c d%e+f"
SETTINGS = """
[sign_in]
failures = 1000
[oidc]
issuer = "{issuer}"
client_id = "davbridge"
client_secret_file = "secret"
roles_claim = "groups"
admin = ["/admins"]
editor = ["/equipe-terrain"]
viewer = ["/consultants"]
"""
RESOURCE, ANOTHER = "https://bridge.test/", "https://another.test/"
AT = {"typ": "at+jwt"}


class Provider:
    """The provider in a node process, one command a line."""

    def __init__(self, suite, issuer, back):
        self.issuer = issuer
        log = open(suite.folder / "provider.log", "wb")
        command = ["node", SCRIPT, os.environ["NODE_PATH"], issuer, back]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        suite.cleanups.append(self.close)

    def __call__(self, name, **values):
        self.process.stdin.write(json.dumps([name, values]).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        told = json.loads(line) if line else {"error": "node ended"}
        if "error" in told:
            raise RuntimeError(f"{name}: {told['error']}")
        return told["value"]

    def person(self, sub, name, *groups, **more):
        """What it knows of somebody."""
        claims = {"preferred_username": name, "name": f"The {name}", "email": f"{sub}@example.org"}
        self("person", sub=sub, claims={**claims, "groups": groups, **more})

    def token(self, claims=None, header=None, how="right", sub="1"):
        """An access token as it makes them, changed; None takes a claim away."""
        now = int(time.time())
        base = {"iss": self.issuer, "sub": sub, "aud": "davbridge", "client_id": "telephone", "scope": "dav",
                "jti": str(now), "iat": now, "exp": now + 300}
        whole = {name: value for name, value in {**base, **(claims or {})}.items() if value is not None}
        return self("forge", claims=whole, header=header or AT, how=how)

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed by hand."""

    def redirect_request(self, *_):
        return None


class Browser:
    """Cookies and redirects; somebody who types a name into the provider's page."""

    def __init__(self, person="1"):
        self.person = person
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, url, form=None):
        """Status, address, body and where it redirects to."""
        data = urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(urllib.request.Request(url, data), timeout=30)
        except urllib.error.HTTPError as other:
            answer = other
        with answer:
            body = answer.read().decode()
            to = answer.headers.get("Location")
            return answer.status, body, to and urljoin(url, to)

    def follow(self, url, until):
        """Goes on, also through the provider's form, up to an address that begins so, which is not opened."""
        for _ in range(12):
            if url.startswith(until):
                return url
            status, body, to = self.open(url)
            if to is None and status == 200 and (action := re.search(r'action="([^"]+/interaction/[^"]+)"', body)):
                form = {"prompt": "login", "login": self.person, "password": "x"}
                _, body, to = self.open(urljoin(url, action[1]), form)
            if to is None:
                raise RuntimeError(f"{urlsplit(url).path} leads nowhere: {status} {body[:300]}")
            url = to
        raise RuntimeError("redirects without an end")


class Rig:
    """Provider and bridge."""

    def __init__(self, suite):
        self.suite = suite
        folder = suite.folder / "bridge"
        folder.mkdir()
        (folder / "secret").write_text(SECRET + "\n")
        cloud = Cloud(suite.folder, "--files", "2")
        suite.cleanups.append(cloud.end)
        issuer = f"http://127.0.0.1:{free_port()}"
        self.bridge = Bridge(folder, cloud, SETTINGS.format(issuer=issuer))
        suite.cleanups.append(lambda: self.bridge.end())
        self.provider = Provider(suite, issuer, self.url + BACK)

    @property
    def url(self):
        """Where the bridge is now."""
        return self.bridge.url

    def restart(self):
        """The bridge again, at another address."""
        self.bridge.end()
        self.bridge = self.bridge.again()
        self.provider("move", back=self.url + BACK)

    def go(self, browser):
        """The address that the provider sends a browser back to."""
        return browser.follow(f"{self.url}/sign-in/oidc", self.url + BACK)

    def sign_in(self, person="1", browser=None):
        """Status and body of the page after a whole sign-in; 303 is success."""
        browser = browser or Browser(person)
        return browser.open(self.go(browser))[:2]

    def users(self):
        """Columns of `user list` by name."""
        rows = [line.split("\t") for line in self.bridge.command("user", "list").splitlines()]
        return {row[0]: row for row in rows}

    def dav(self, token, path="/dav/principals/anna/", method="PROPFIND"):
        """Status and challenges of a DAV request with an access token, or without."""
        headers = {"Depth": "0", **({"Authorization": f"Bearer {token}"} if token is not None else {})}
        try:
            request = urllib.request.Request(self.url + path, headers=headers, method=method)
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as other:
            answer = other
        with answer:
            return answer.status, answer.headers.get_all("WWW-Authenticate") or []

    def telephone(self, resource, person="1"):
        """Tokens that another client gets of the provider by the code flow."""
        verifier, back = "v" * 43, "http://127.0.0.1:9/back"
        query = {"client_id": "telephone", "redirect_uri": back, "response_type": "code", "scope": "openid dav",
                 "resource": resource, "code_challenge": self.provider("challenge", verifier=verifier),
                 "code_challenge_method": "S256", "state": "s", "nonce": "n"}
        told = Browser(person).follow(f"{self.provider.issuer}/auth?{urlencode(query)}", back)
        form = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(told).query)["code"][0],
                "redirect_uri": back, "code_verifier": verifier, "resource": resource}
        request = urllib.request.Request(f"{self.provider.issuer}/token", urlencode(form).encode())
        request.add_header("Authorization", "Basic dGVsZXBob25lOnRlbGVwaG9uZS1zZWNyZXQ=")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def flow(suite, rig):
    suite.section("code flow")
    provider = rig.provider
    provider.person("1", "anna", "/equipe-terrain")
    doctor = rig.bridge.command("doctor", "--listen", "127.0.0.1:0", "--public-url", "https://h.example/b")
    suite.check("doctor asks the provider", f"{provider.issuer} answers" in doctor, doctor)
    suite.check("doctor tells the redirect address", f"https://h.example/b{BACK}" in doctor, doctor)
    suite.check("doctor does not show the secret", SECRET not in doctor)
    browser = Browser()
    suite.equal("a whole sign-in", 303, rig.sign_in(browser=browser)[0])
    status, page, _ = browser.open(rig.url + "/")
    suite.check("the page greets", status == 200 and "The anna" in page, page[:500])
    suite.check("the user is an editor", "editor" in rig.users().get("anna", []), rig.users())
    session = next(cookie for cookie in browser.jar if cookie.name == "davbridge")
    suite.check("the cookie is for the server only", session.has_nonstandard_attr("HttpOnly"))
    suite.equal("the same browser again", 303, rig.sign_in(browser=browser)[0])
    suite.equal("still one user", 1, sum(name.startswith("anna") for name in rig.users()))


def names_and_roles(suite, rig):
    suite.section("DAV names and roles")
    for sub, wish, groups, name, role in (
        ("2", "Anna", ["/consultants"], "anna-2", "viewer"),
        ("3", "Bob.Ünal@example.org", ["/admins", "/consultants"], "bob.unal", "admin"),
        ("4", "bench", ["/equipe-terrain"], "bench-2", "editor"),
        ("5", "日本", ["/equipe-terrain"], "user", "editor"),
    ):
        rig.provider.person(sub, wish, *groups)
        suite.equal(f"{wish} comes in", 303, rig.sign_in(sub)[0])
        row = rig.users().get(name, [])
        suite.check(f"{wish} is {name}, {role}", role in row, rig.users())
    rig.provider.person("1", "anna.married", "/admins", email="new@example.org")
    suite.equal("with another name and other groups", 303, rig.sign_in()[0])
    suite.check("the user is the same, the role another", "admin" in rig.users()["anna"], rig.users())
    before = rig.users()
    for groups in ([], ["/other", "admins"]):
        rig.provider.person("6", "stranger", *groups)
        status, body = rig.sign_in("6")
        suite.equal(f"with the groups {groups}: refused", 403, status)
    suite.equal("no user was made", before, rig.users())
    rig.provider.person("1", "anna", "/equipe-terrain")
    rig.sign_in()


def rotation(suite, rig):
    suite.section("keys")
    for alg in ("ES256", "PS256", "EdDSA", "RS256"):
        # the bridge looks for unknown keys once a minute, and restarts know nothing yet
        rig.provider("rotate", alg=alg)
        rig.restart()
        suite.equal(f"{alg}: sign-in", 303, rig.sign_in()[0])
        suite.equal(f"{alg}: access token", 207, rig.dav(rig.provider.token())[0])
    old = rig.provider.token()
    rig.provider("rotate", alg="RS256")
    suite.equal("sign-in under a rotated key", 303, rig.sign_in()[0])
    suite.equal("access token under the new key", 207, rig.dav(rig.provider.token())[0])
    suite.equal("access token under the old key", 401, rig.dav(old)[0])


def refused_sign_ins(suite, rig):
    suite.section("ID tokens that are refused")
    before, now = rig.users(), int(time.time())
    for what, how, claims in (
        ("wrong issuer", "right", {"iss": "http://127.0.0.1:1"}),
        ("wrong audience", "right", {"aud": "another"}),
        ("token of another client", "right", {"aud": ["davbridge", "telephone"], "azp": "telephone"}),
        ("wrong nonce", "right", {"nonce": "another"}),
        ("expired", "right", {"exp": now - 120}),
        ("of an hour ahead", "right", {"iat": now + 3600}),
        ("alg none", "none", {}),
        ("HS256 with the public key", "hs256", {}),
        ("another key", "foreign", {}),
        ("altered", "altered", {}),
    ):
        rig.provider("tamper", how=how, claims={"sub": "7", **claims})
        browser = Browser("7")
        status, _ = rig.sign_in(browser=browser)
        suite.equal(f"{what}: status", 400, status)
        suite.check(f"{what}: no session", not any(cookie.name == "davbridge" for cookie in browser.jar))
    rig.provider("tamper")
    suite.equal("no user was made", before, rig.users())


def states(suite, rig):
    suite.section("answers that are not of this sign-in")
    browser = Browser()
    back = rig.go(browser)
    suite.equal("in another browser", 400, Browser().open(back)[0])
    suite.equal("in its own", 303, browser.open(back)[0])
    suite.equal("replayed", 400, browser.open(back)[0])
    mine, theirs = Browser("1"), Browser("3")
    code = parse_qs(urlsplit(rig.go(theirs)).query)["code"][0]
    own = rig.go(mine)
    injected = re.sub(r"code=[^&]+", f"code={code}", own)
    suite.equal("with somebody else's code", 400, mine.open(injected)[0])
    suite.equal("with a made-up state", 400, mine.open(re.sub(r"state=[^&]+", "state=x", own))[0])
    other = re.sub(r"iss=[^&]+", "iss=http%3A%2F%2Fevil.example", rig.go(mine))
    suite.equal("of another issuer", 400, mine.open(other)[0])
    denied = re.sub(r"code=[^&]+", "error=access_denied", rig.go(mine))
    suite.equal("denied", 403, mine.open(denied)[0])


def bearer(suite, rig):
    suite.section("access tokens on DAV")
    token = rig.telephone(RESOURCE)["access_token"]
    for path in ("/", "/dav/", "/dav/principals/anna/", "/dav/files/anna/", "/dav/calendars/anna/",
                 "/dav/addressbooks/anna/"):
        suite.equal(f"PROPFIND {path}", 207, rig.dav(token, path)[0])
    suite.check("another user's home is not open", rig.dav(token, "/dav/files/bench/")[0] in (403, 404))
    status, challenges = rig.dav(None)
    suite.equal("without credentials", 401, status)
    suite.equal("Basic first, then Bearer", ["Basic", "Bearer"], [text.split(" ")[0] for text in challenges])
    other, now = rig.telephone(ANOTHER), int(time.time())
    make = rig.provider.token
    for what, bad in (
        ("for another audience, by the provider", other["access_token"]),
        ("the ID token of another client", other["id_token"]),
        ("an ID token of the bridge", make({"nonce": "n", "client_id": None, "scope": None}, {"typ": "JWT"})),
        ("wrong issuer", make({"iss": "http://127.0.0.1:1"})),
        ("no audience", make({"aud": None})),
        ("expired", make({"exp": now - 120})),
        ("without an end", make({"exp": None})),
        ("bound to a key", make({"cnf": {"jkt": "x"}})),
        ("somebody unknown", make(sub="99")),
        ("alg none", make(how="none")),
        ("HS256 with the public key", make(how="hs256")),
        ("another key", make(how="foreign")),
        ("altered", make(how="altered")),
        ("not a token", "x"),
        ("empty", ""),
    ):
        status, challenges = rig.dav(bad)
        suite.equal(f"{what}: refused", (401, 2), (status, len(challenges)))
    rig.bridge.command("user", "disable", "anna")
    suite.equal("a disabled user is out at once", 401, rig.dav(token)[0])
    suite.equal("also at the page", 403, rig.sign_in()[0])
    rig.bridge.command("user", "enable", "anna")
    suite.equal("and in again", 207, rig.dav(token)[0])


def outage(suite, rig):
    suite.section("the provider is away")
    browser = Browser()
    rig.sign_in(browser=browser)
    token = rig.telephone(RESOURCE)["access_token"]
    waiting = Browser()
    back = rig.go(waiting)
    rig.provider("down")
    suite.equal("a session goes on", 200, browser.open(rig.url + "/")[0])
    suite.equal("access tokens under known keys go on", 207, rig.dav(token)[0])
    suite.equal("a sign-in under way is told so", 502, waiting.open(back)[0])
    suite.equal("a token under an unknown key is no refusal", 503, rig.dav(unknown(token))[0])
    rig.provider("up")
    suite.equal("sign-in when it is back", 303, rig.sign_in()[0])


def unknown(token):
    """The token under a key that nobody knows."""
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"at+jwt","kid":"unknown"}').decode().rstrip("=")
    return ".".join([head, *token.split(".")[1:]])


def secrets(suite, rig):
    suite.section("secrets")
    token = rig.telephone(RESOURCE)["access_token"]
    rig.dav(token)
    log = rig.bridge.text()
    data = b"".join(file.read_bytes() for file in sorted((rig.bridge.folder / "data").iterdir()) if file.is_file())
    for what, secret in (("client secret", SECRET), ("token", token), ("signature", token.rsplit(".", 1)[1])):
        suite.check(f"no {what} in the log", secret not in log)
        suite.check(f"no {what} in the data folder", secret.encode() not in data)
    suite.check("no code and no state in the log", not re.search(r"(code|state|nonce)=", log))


def main():
    with Suite("oidc") as suite:
        rig = Rig(suite)
        flow(suite, rig)
        names_and_roles(suite, rig)
        refused_sign_ins(suite, rig)
        states(suite, rig)
        bearer(suite, rig)
        outage(suite, rig)
        rotation(suite, rig)
        secrets(suite, rig)


if __name__ == "__main__":
    main()
