#!/usr/bin/env python3
"""curl: signing in, discovery, OPTIONS and PROPFIND, each answer checked in detail."""

import sys
from email.utils import formatdate
from urllib.parse import unquote

sys.dont_write_bytecode = True
from kit import Demo, Suite, differences  # noqa: E402
from kit.curl import WRITING, Curl, asking  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.multistatus import DAV, Multistatus  # noqa: E402
from kit.sample import Sample  # noqa: E402

PROPS = (
    "resourcetype displayname getetag getlastmodified getcontentlength getcontenttype creationdate "
    "current-user-principal current-user-privilege-set owner supported-report-set supportedlock "
    "lockdiscovery"
).split()


def signing_in(suite, curl, sample):
    suite.section("signing in")
    seen = set()
    for path in ("/dav/", sample.folder, sample.file):
        for what, pair in (("no", None), ("wrong", "demo:wrong"), ("unknown", "nobody:demo")):
            answer = curl("PROPFIND", path, Depth="0", pair=pair)
            suite.equal(f"{what} credentials at {path}: 401", 401, answer.status)
            seen.add(answer.headers.get("www-authenticate", "none"))
    suite.equal("one challenge everywhere", 1, len(seen))
    challenge = seen.pop()
    suite.check(
        "the challenge is Basic with a realm, UTF-8",
        challenge.startswith('Basic realm="') and 'charset="UTF-8"' in challenge,
        challenge,
    )
    suite.equal("right credentials after wrong ones", 207, curl("PROPFIND", "/dav/", Depth="0").status)
    answer = curl("OPTIONS", sample.folder, pair=None)
    suite.equal("OPTIONS without credentials", (200, "1"), (answer.status, answer.headers.get("dav", "")[:1]))
    answer = curl("PROPFIND", "/dav/files/somebody-else/", Depth="1")
    suite.check("another user's files are not there", answer.status in (403, 404), answer.status)


def well_known(suite, curl):
    suite.section("discovery")
    for name in ("caldav", "carddav"):
        for method in ("GET", "PROPFIND", "OPTIONS", "HEAD"):
            answer = curl(method, f"/.well-known/{name}", pair=None)
            suite.equal(
                f"{method} {name}: redirect",
                (301, "/dav/"),
                (answer.status, answer.headers.get("location", "").removeprefix(curl.base)),
            )
    for path in ("/", "/dav/"):
        answer = curl("PROPFIND", path, "-d", asking("current-user-principal", "resourcetype"), Depth="0")
        principal = Multistatus(answer.body).responses[0].prop("current-user-principal")
        href = None if principal is None else principal.findtext(f"{DAV}href")
        suite.equal(f"current-user-principal at {path}", "/dav/principals/demo/", href)
    answer = curl("PROPFIND", "/dav/principals/demo/", "-d", asking("resourcetype", "displayname"), Depth="0")
    kind = Multistatus(answer.body).responses[0].prop("resourcetype")
    suite.check("the principal is one", kind is not None and kind.find(f"{DAV}principal") is not None)


def options(suite, curl, sample):
    suite.section("OPTIONS")
    for path in (
        "/",
        "/dav/",
        "/dav/principals/demo/",
        "/dav/files/demo/",
        sample.root,
        sample.folder,
        sample.file,
    ):
        answer = curl("OPTIONS", path)
        classes = [word.strip() for word in answer.headers.get("dav", "").split(",")]
        allowed = {word.strip() for word in answer.headers.get("allow", "").split(",")}
        suite.equal(f"OPTIONS {path}", 200, answer.status)
        suite.check(
            f"class 1 first, 3, not 2 at {path}",
            classes[0] == "1" and "3" in classes and "2" not in classes,
            classes,
        )
        suite.check(
            f"Allow at {path}", {"OPTIONS", "PROPFIND"} <= allowed and not allowed & set(WRITING), allowed
        )


def propfind(suite, curl, sample):
    suite.section("PROPFIND")
    bodies = {
        "named": asking(*PROPS),
        "allprop": "",
        "propname": asking().replace("<D:prop></D:prop>", "<D:propname/>"),
    }
    for path in ("/", "/dav/", "/dav/files/", "/dav/files/demo/", sample.root, sample.folder):
        for what, body in bodies.items():
            for depth in "01":
                answer = curl("PROPFIND", path, *(["-d", body] if body else []), Depth=depth)
                name = f"{what}, Depth {depth}, {path}"
                if suite.equal(name, 207, answer.status):
                    suite.none(f"{name}: shape", Multistatus(answer.body).complaints(what == "propname"))
                    suite.check(
                        f"{name}: headers",
                        "dav" in answer.headers
                        and answer.headers.get("content-type", "").lower()
                        == "application/xml; charset=utf-8",
                        answer.headers,
                    )
    answer = curl("PROPFIND", sample.file, "-d", asking(*PROPS, "nonsense"), Depth="0")
    one = Multistatus(answer.body).responses[0]
    suite.equal("properties of a file", [], [name for name in PROPS if one.prop(name) is None])
    suite.check("an unknown property is 404", one.prop("nonsense", 404) is not None)
    suite.equal(
        "size, date of a file",
        (str(sample.node.size), formatdate(sample.node.modified, usegmt=True)),
        (one.text("getcontentlength"), one.text("getlastmodified")),
    )
    grants = {grant.tag for privilege in one.prop("current-user-privilege-set") for grant in privilege}
    suite.check(
        "privileges read, not write", f"{DAV}read" in grants and not any("write" in g for g in grants), grants
    )
    foreign = asking().replace("<D:prop></D:prop>", '<D:prop><x:y xmlns:x="urn:z"/></D:prop>')
    one = Multistatus(curl("PROPFIND", sample.file, "-d", foreign, Depth="0").body).responses[0]
    suite.check("a foreign property keeps its namespace", one.prop("{urn:z}y", 404) is not None)
    answer = curl(
        "PROPFIND", sample.file, "-d", asking("getetag", "nonsense"), Depth="0", Prefer="return=minimal"
    )
    one = Multistatus(answer.body).responses[0]
    suite.equal("minimal leaves 404 out", ["HTTP/1.1 200 OK"], [line for line, _ in one.propstats])
    suite.equal(
        "a folder without its slash", 207, curl("PROPFIND", sample.folder.rstrip("/"), Depth="1").status
    )
    suite.equal(
        "no Depth is Depth 1",
        len(sample.names),
        len(Multistatus(curl("PROPFIND", sample.folder).body).responses) - 1,
    )
    space = asking("quota-available-bytes", "quota-used-bytes")
    one = Multistatus(curl("PROPFIND", sample.root, "-d", space, Depth="0").body).responses[0]
    used, total = sample.drive["used_size"], sample.drive["size"]
    suite.equal(
        "quota",
        (str(used), str(total - used)),
        (one.text("quota-used-bytes"), one.text("quota-available-bytes")),
    )


def listings(suite, curl, sample):
    suite.section("listings")
    for folder in sorted(sample.folders):
        address = sample.root + encoded(folder) + ("/" if folder else "")
        answer = curl(
            "PROPFIND", address, "-d", asking("displayname", "getcontentlength", "resourcetype"), Depth="1"
        )
        own, got, named = unquote(address).rstrip("/"), [], []
        for one in Multistatus(answer.body).responses:
            if one.path != own:
                got.append(
                    (
                        one.path.removeprefix(own + "/"),
                        None if one.is_collection else int(one.text("getcontentlength")),
                    )
                )
                named += [one.href] if one.text("displayname") != got[-1][0] else []
        suite.none(f"display names in {folder or 'the drive'}", named)
        suite.none(
            f"{folder or 'the drive'}",
            differences([(node.name, node.size) for node in sample.inside(folder)], got),
        )


def bad_propfind(suite, curl, sample):
    suite.section("PROPFIND that is wrong")
    answer = curl("PROPFIND", sample.folder, Depth="infinity")
    suite.check(
        "infinity is refused as RFC 4918 says",
        answer.status == 403 and b"propfind-finite-depth" in answer.body,
        (answer.status, answer.body),
    )
    for depth in ("2", "-1", "one", "0,1"):
        suite.equal(f"Depth {depth!r}", 400, curl("PROPFIND", sample.folder, Depth=depth).status)
    good = asking("getetag")
    entity = '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    dtd = entity + '<D:propfind xmlns:D="DAV:"><D:allprop>&e;</D:allprop></D:propfind>'
    for what, body in {
        "no XML": "nonsense",
        "cut": good[:-9],
        "DTD": dtd,
        "unbound prefix": good.replace("xmlns:D", "xmlns:E"),
        "other root": good.replace("propfind", "mkcol"),
    }.items():
        answer = curl("PROPFIND", sample.folder, "-d", body, Depth="0")
        suite.check(
            f"{what}: refused", 400 <= answer.status < 500 and b"root:" not in answer.body, answer.status
        )
    suite.equal("nothing there", 404, curl("PROPFIND", sample.folder + "nothing-there", Depth="0").status)
    suite.equal("nothing at a first level", 404, curl("PROPFIND", "/nothing/", Depth="0").status)


def main():
    with Suite("curl") as suite:
        demo = Demo(suite)
        suite.check("the demo serves within 2 s", demo.seconds < 2, demo.seconds)
        sample, curl = Sample(demo), Curl(suite, demo)
        signing_in(suite, curl, sample)
        well_known(suite, curl)
        options(suite, curl, sample)
        propfind(suite, curl, sample)
        listings(suite, curl, sample)
        bad_propfind(suite, curl, sample)
        sample.unwritten(suite)


if __name__ == "__main__":
    main()
