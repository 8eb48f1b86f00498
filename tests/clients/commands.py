#!/usr/bin/env python3
"""The commands, on a running server: what they change is seen at the next request."""

import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
from kit import Dav, Suite, until  # noqa: E402
from process import environment  # noqa: E402
from stack import Bridge, Cloud, get_json  # noqa: E402

HOME = f"/dav/files/{Bridge.USER}/"
DRIVES = "GET /2/drive"
# what `connect` exits with
DONE, OTHER, SCOPE, TOKEN, CLOUD = 0, 1, 3, 4, 5


class Operator:
    """Runs commands on the bridge's data folder while it serves."""

    def __init__(self, suite, bridge):
        self.suite, self.bridge = suite, bridge

    def __call__(self, *words, stdin=None):
        """The finished process, its output as text."""
        done = self.suite.run([*map(str, self.bridge.program()), *map(str, words)], stdin=stdin, timeout=60)
        done.out, done.err = done.stdout.decode(), done.stderr.decode()
        return done

    def good(self, *words, stdin=None):
        """Runs one that must succeed; its standard output."""
        done = self(*words, stdin=stdin)
        self.suite.check(f"`{' '.join(map(str, words[:3]))}` succeeds", done.returncode == 0, done.err)
        return done.out

    def connect(self, token, user=Bridge.USER):
        """`connect` with a token on standard input."""
        return self("connect", "infomaniak", user, "--token-file", "-", stdin=token + "\n")

    def status(self, password=None, path=HOME, user=Bridge.USER, method="PROPFIND"):
        """What a client with this password gets at its next request."""
        return Dav(self.bridge.url, user, password or self.bridge.password).ask(method, path, {"Depth": "1"}).status

    def raw(self):
        """All bytes of the data folder."""
        return b"".join(file.read_bytes() for file in sorted((self.bridge.folder / "data").iterdir()) if file.is_file())

    def tree(self):
        """Addresses of connections and drives."""
        dav = Dav(self.bridge.url, Bridge.USER, self.bridge.password)
        return {href: sorted(dav.list(href)) for href in dav.list(HOME)}


def passwords(suite, run):
    suite.section("passwords")
    made = run("password", "add", Bridge.USER, "--label", "telephone")
    secret, number = made.out.strip(), made.err.split()[1]
    suite.equal("a new password works at once", 207, run.status(secret))
    suite.check("it is shown once, alone on standard output", made.out.count("\n") == 1 and secret not in made.err, made.err)
    suite.check("it is nowhere in the data folder", secret.encode() not in run.raw())
    rows = [line.split("\t") for line in run.good("password", "list", Bridge.USER).splitlines()]
    suite.check("it is listed", any(row[:2] == [number, "telephone"] for row in rows), rows)
    suite.check("the list does not show it", secret not in str(rows))
    run.good("password", "revoke", Bridge.USER, number)
    suite.equal("revoked, it is refused at the next request", 401, run.status(secret))
    suite.equal("the other one still works", 207, run.status())
    again = run("password", "revoke", Bridge.USER, number)
    suite.equal("revoking again is an error", OTHER, again.returncode)
    reading = run.good("password", "add", Bridge.USER, "--read-only").strip()
    suite.equal("a read-only password reads", 207, run.status(reading))
    short = run.good("password", "add", Bridge.USER, "--expires", "4s").strip()
    suite.equal("a password works until it expires", 207, run.status(short))
    until("it expires", lambda: run.status(short) != 207)
    suite.equal("and then no longer", 401, run.status(short))
    past = run("password", "add", Bridge.USER, "--expires", "2001-01-01")
    suite.equal("an end in the past is refused", OTHER, past.returncode)


def users(suite, run):
    suite.section("users")
    run.good("user", "disable", Bridge.USER)
    suite.equal("a disabled user is out at once", 401, run.status())
    suite.check("the list says so", "disabled" in run.good("user", "list"))
    run.good("user", "enable", Bridge.USER)
    suite.equal("enabled, in again at once", 207, run.status())
    run.good("user", "add", "otto")
    secret = run.good("password", "add", "otto").strip()
    suite.equal("a new user is in at once", 207, run.status(secret, "/dav/files/otto/", "otto"))
    suite.check("another user's files are not there", run.status(secret, HOME, "otto") in (403, 404))
    suite.equal("a user twice is an error", OTHER, run("user", "add", "otto").returncode)
    suite.equal("a bad name is an error", OTHER, run("user", "add", "Otto Müller").returncode)
    run.good("user", "remove", "otto")
    suite.equal("a removed user is out at once", 401, run.status(secret, "/dav/files/otto/", "otto"))
    suite.equal("an unknown user is an error", OTHER, run("password", "add", "otto").returncode)


def kept_nothing(suite, run, what, token, before):
    """Of a refused token nothing is kept: not in any file, and the connections are as they were."""
    suite.check(f"{what}: the token is in no file", token.encode() not in run.raw())
    suite.check(f"{what}: nor in the server's log", token not in run.bridge.text())
    suite.equal(f"{what}: the connections are as before", before, run.good("connections"))


def connecting(suite, run, cloud):
    suite.section("connect")
    run.good("user", "add", "karl")
    before, messages = run.good("connections"), {}
    wrong = {"a wrong token": ("sim-nobody-at-all", TOKEN, "not accepted"),
             "no accounts": ("sim-anna-without-accounts", SCOPE, "accounts"),
             "no drive": ("sim-anna-without-drive", SCOPE, "drive"),
             "no calendar or contact": ("sim-anna-without-pim", SCOPE, "workspace:"),
             "only accounts": ("sim-anna-only-accounts", SCOPE, "scope"),
             "not a token": ("two words", OTHER, "not a token")}
    for what, (token, code, word) in wrong.items():
        done = run.connect(token, "karl")
        suite.equal(f"{what}: exit code", code, done.returncode)
        last = messages[what] = done.err.strip().splitlines()[-1]
        suite.check(f"{what}: it says {word}", word in last, last)
        suite.check(f"{what}: the token is not shown", token not in done.err + done.out, done.err)
        kept_nothing(suite, run, what, token, before)
    token = "sim-ben-all"
    for what, fault in (("the cloud fails", {"kind": "status", "status": 500}), ("no answer", {"kind": "drop"}),
                        ("a page instead", {"kind": "html", "status": 502})):
        get_json(f"{cloud.base}/_control/reset", {})
        get_json(f"{cloud.base}/_control/faults", [{"fault": fault, "times": 0}])
        done = run.connect(token, "karl")
        messages[what] = done.err.strip().splitlines()[-1]
        suite.equal(f"{what}: exit code", CLOUD, done.returncode)
        suite.check(f"{what}: the token may be good", "may be good" in messages[what], messages[what])
        kept_nothing(suite, run, what, token, before)
    get_json(f"{cloud.base}/_control/reset", {})
    suite.equal("four kinds of refusal, four messages", 4, len({messages[one] for one in (
        "a wrong token", "no drive", "the cloud fails", "not a token")}))
    for token in ("sim-anna-without-calendar", "sim-anna-without-contact", "sim-anna-without-mail"):
        done = run.connect(token, "karl")
        suite.equal(f"{token[4:]}: good enough", DONE, done.returncode)
    suite.equal("an unknown user", OTHER, run.connect(cloud.token, "nobody").returncode)
    run.good("user", "remove", "karl")
    suite.check("a kept token is sealed", cloud.token.encode() not in run.raw())


def disconnecting(suite, run, cloud):
    suite.section("disconnect and connect again")
    before = run.tree()
    name = next(iter(before)).rstrip("/").rpartition("/")[2]
    run.good("disconnect", Bridge.USER, name)
    suite.equal("disconnected, it is gone at the next request", {}, run.tree())
    suite.check("the list remembers it", "disconnected" in run.good("connections"))
    suite.equal("connected again", DONE, run.connect(cloud.token).returncode)
    suite.equal("the same addresses", before, run.tree())
    suite.equal("with a new token", DONE, run.connect("sim-anna-second").returncode)
    suite.equal("the same addresses with a new token", before, run.tree())
    suite.equal("an unknown connection is an error", OTHER, run("disconnect", Bridge.USER, "nothing").returncode)
    return name


def refreshing(suite, run, cloud, name):
    suite.section("refresh")
    run.tree()
    before = cloud.counters().get(DRIVES, 0)
    run.tree()
    suite.equal("looking again asks nothing for the drives", before, cloud.counters().get(DRIVES, 0))
    run.good("refresh", Bridge.USER, name)
    run.tree()
    suite.check("after a refresh they are asked for", cloud.counters().get(DRIVES, 0) > before, cloud.counters())
    suite.equal("an unknown connection is an error", OTHER, run("refresh", Bridge.USER, "nothing").returncode)


def copies(suite, run):
    suite.section("backup and restore")
    file = suite.folder / "copy"
    done = run("backup", file)
    suite.equal("backup while serving", DONE, done.returncode)
    suite.check("it says that the key is not in it", "key file" in done.err, done.err)
    suite.equal("the copy is its owner's alone", 0o600, file.stat().st_mode & 0o777)
    suite.check("a copy is not written over a file", run("backup", file).returncode == OTHER and file.stat().st_size)
    before = run.tree()
    late = run.good("password", "add", Bridge.USER).strip()
    run.good("user", "add", "late")
    suite.equal("a later password works", 207, run.status(late))
    run.good("restore", file)
    suite.equal("restored: the later password is unknown at the next request", 401, run.status(late))
    suite.equal("the earlier one works", 207, run.status())
    suite.check("the later user is gone", "late" not in run.good("user", "list"))
    suite.equal("the addresses are the same", before, run.tree())
    stranger = suite.folder / "stranger"
    stranger.write_text("no backup " * 1000)
    done = run("restore", stranger)
    suite.equal("what is no backup is refused", OTHER, done.returncode)
    suite.equal("and changes nothing", (207, before), (run.status(), run.tree()))


def doctor(suite, run, cloud):
    suite.section("doctor")
    done = run("doctor")
    kinds = [line.split("\t")[0] for line in done.out.splitlines()]
    suite.check("healthy: no problem", done.returncode == 0 and "problem" not in kinds, done.out + done.err)
    suite.check("healthy: the running bridge answers", "davbridge answers there" in done.out, done.out)
    for scope in ("accounts", "drive", "workspace:calendar", "workspace:contact"):
        suite.check(f"healthy: {scope} is granted", f"scope {scope}: granted" in done.out, done.out)
    suite.check("no token, no password", cloud.token not in done.out and run.bridge.password not in done.out)
    get_json(f"{cloud.base}/_control/faults", [{"fault": {"kind": "revoke"}, "times": 0}])
    done = run("doctor")
    suite.check("token revoked: a problem, and what to do", done.returncode == OTHER and "davbridge connect" in done.out, done.out)
    get_json(f"{cloud.base}/_control/reset", {})
    get_json(f"{cloud.base}/_control/faults", [{"fault": {"kind": "status", "status": 500}, "times": 0}])
    done = run("doctor")
    suite.check("cloud down: the token may be good", done.returncode == OTHER and "may be good" in done.out, done.out)
    get_json(f"{cloud.base}/_control/reset", {})
    key = run.bridge.folder / "data" / "davbridge.key"
    key.chmod(0o644)
    done = run("doctor")
    suite.check("key open to others: chmod 600", done.returncode == OTHER and "chmod 600" in done.out, done.out)
    key.chmod(0o600)
    hidden = key.rename(key.with_suffix(".away"))
    done = run("doctor")
    suite.check("key missing: put it back", done.returncode == OTHER and "put back" in done.out, done.out)
    suite.check("doctor makes no key", not key.exists())
    hidden.rename(key)
    suite.equal("well again", DONE, run("doctor").returncode)


def main():
    with Suite("commands") as suite:
        for name in set(os.environ) - set(environment()):
            del os.environ[name]
        cloud = Cloud(suite.folder)
        suite.cleanups.append(cloud.end)
        (suite.folder / "bridge").mkdir()
        bridge = Bridge(suite.folder / "bridge", cloud)
        suite.cleanups.append(bridge.end)
        run = Operator(suite, bridge)
        passwords(suite, run)
        users(suite, run)
        connecting(suite, run, cloud)
        name = disconnecting(suite, run, cloud)
        refreshing(suite, run, cloud, name)
        copies(suite, run)
        doctor(suite, run, cloud)
        second = run("--listen", "127.0.0.1:0", "serve")
        suite.check("a second server on the same data is refused",
                    second.returncode == OTHER and "another davbridge serves" in second.err, second.err)
        suite.equal("the server ends by itself", 0, bridge.end())


if __name__ == "__main__":
    main()
