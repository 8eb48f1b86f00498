#!/usr/bin/env python3
"""curl: every method, with conditions, ranges and bad requests, each answer checked in detail."""

import sys
from email.utils import formatdate
from urllib.parse import unquote

sys.dont_write_bytecode = True
from kit import Calls, Demo, Suite  # noqa: E402
from kit.curl import Curl  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.multistatus import DAV, Multistatus  # noqa: E402
from kit.sample import Sample  # noqa: E402

WRITING = ("PUT", "DELETE", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "POST", "PATCH")
PROPS = ("resourcetype displayname getetag getlastmodified getcontentlength getcontenttype creationdate "
         "current-user-principal current-user-privilege-set owner supported-report-set supportedlock "
         "lockdiscovery").split()


def asking(*names):
    """A PROPFIND body for named properties."""
    inner = "".join(f"<D:{name}/>" for name in names)
    return f'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop>{inner}</D:prop></D:propfind>'


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
    suite.check("the challenge is Basic with a realm, UTF-8",
                challenge.startswith('Basic realm="') and 'charset="UTF-8"' in challenge, challenge)
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
            suite.equal(f"{method} {name}: redirect", (301, "/dav/"),
                        (answer.status, answer.headers.get("location", "").removeprefix(curl.base)))
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
    for path in ("/", "/dav/", "/dav/principals/demo/", "/dav/files/demo/", sample.root, sample.folder, sample.file):
        answer = curl("OPTIONS", path)
        classes = [word.strip() for word in answer.headers.get("dav", "").split(",")]
        allowed = {word.strip() for word in answer.headers.get("allow", "").split(",")}
        suite.equal(f"OPTIONS {path}", 200, answer.status)
        suite.check(f"class 1 first, 3, not 2 at {path}", classes[0] == "1" and "3" in classes and "2" not in classes,
                    classes)
        suite.check(f"Allow at {path}", {"OPTIONS", "PROPFIND"} <= allowed and not allowed & set(WRITING), allowed)


def propfind(suite, curl, sample):
    suite.section("PROPFIND")
    bodies = {"named": asking(*PROPS), "allprop": "", "propname": asking().replace("<D:prop></D:prop>", "<D:propname/>")}
    for path in ("/", "/dav/", "/dav/files/", "/dav/files/demo/", sample.root, sample.folder):
        for what, body in bodies.items():
            for depth in "01":
                answer = curl("PROPFIND", path, *(["-d", body] if body else []), Depth=depth)
                name = f"{what}, Depth {depth}, {path}"
                if suite.equal(name, 207, answer.status):
                    suite.none(f"{name}: shape", Multistatus(answer.body).complaints(what == "propname"))
                    suite.check(f"{name}: headers", "dav" in answer.headers and answer.headers.get(
                        "content-type", "").lower() == "application/xml; charset=utf-8", answer.headers)
    answer = curl("PROPFIND", sample.file, "-d", asking(*PROPS, "nonsense"), Depth="0")
    one = Multistatus(answer.body).responses[0]
    suite.equal("properties of a file", [], [name for name in PROPS if one.prop(name) is None])
    suite.check("an unknown property is 404", one.prop("nonsense", 404) is not None)
    suite.equal("size, date of a file", (str(sample.node.size), formatdate(sample.node.modified, usegmt=True)),
                (one.text("getcontentlength"), one.text("getlastmodified")))
    grants = {grant.tag for privilege in one.prop("current-user-privilege-set") for grant in privilege}
    suite.check("privileges read, not write", f"{DAV}read" in grants and not any("write" in g for g in grants), grants)
    foreign = asking().replace("<D:prop></D:prop>", '<D:prop><x:y xmlns:x="urn:z"/></D:prop>')
    one = Multistatus(curl("PROPFIND", sample.file, "-d", foreign, Depth="0").body).responses[0]
    suite.check("a foreign property keeps its namespace", one.prop("{urn:z}y", 404) is not None)
    answer = curl("PROPFIND", sample.file, "-d", asking("getetag", "nonsense"), Depth="0", Prefer="return=minimal")
    one = Multistatus(answer.body).responses[0]
    suite.equal("minimal leaves 404 out", ["HTTP/1.1 200 OK"], [line for line, _ in one.propstats])
    suite.equal("a folder without its slash", 207, curl("PROPFIND", sample.folder.rstrip("/"), Depth="1").status)
    suite.equal("no Depth is Depth 1", len(sample.names), len(Multistatus(curl("PROPFIND", sample.folder).body).responses) - 1)
    space = asking("quota-available-bytes", "quota-used-bytes")
    one = Multistatus(curl("PROPFIND", sample.root, "-d", space, Depth="0").body).responses[0]
    used, total = sample.drive["used_size"], sample.drive["size"]
    suite.equal("quota", (str(used), str(total - used)), (one.text("quota-used-bytes"), one.text("quota-available-bytes")))


def bad_propfind(suite, curl, sample):
    suite.section("PROPFIND that is wrong")
    answer = curl("PROPFIND", sample.folder, Depth="infinity")
    suite.check("infinity is refused as RFC 4918 says",
                answer.status == 403 and b"propfind-finite-depth" in answer.body, (answer.status, answer.body))
    for depth in ("2", "-1", "one", "0,1"):
        suite.equal(f"Depth {depth!r}", 400, curl("PROPFIND", sample.folder, Depth=depth).status)
    good = asking("getetag")
    dtd = '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><D:propfind xmlns:D="DAV:"><D:allprop>&e;</D:allprop></D:propfind>'
    for what, body in {"no XML": "nonsense", "cut": good[:-9], "DTD": dtd, "unbound prefix": good.replace("xmlns:D", "xmlns:E"),
                       "other root": good.replace("propfind", "mkcol")}.items():
        answer = curl("PROPFIND", sample.folder, "-d", body, Depth="0")
        suite.check(f"{what}: refused", 400 <= answer.status < 500 and b"root:" not in answer.body, answer.status)
    suite.equal("nothing there", 404, curl("PROPFIND", sample.folder + "nothing-there", Depth="0").status)
    suite.equal("nothing at a first level", 404, curl("PROPFIND", "/nothing/", Depth="0").status)


def reading(suite, curl, sample, cloud):
    suite.section("GET and HEAD")
    whole = curl("GET", sample.file)
    suite.equal("GET", (200, sample.content), (whole.status, whole.body))
    with Calls(cloud) as calls:
        head = curl("HEAD", sample.file)
    for name in ("etag", "last-modified", "content-length", "content-type", "accept-ranges"):
        suite.check(f"{name}, the same in HEAD", whole.headers.get(name) and whole.headers[name] == head.headers.get(name),
                    (whole.headers.get(name), head.headers.get(name)))
    suite.equal("HEAD asks for no content", 0, calls.kinds["download"])
    etag, date = whole.headers.get("etag", ""), whole.headers.get("last-modified", "")
    suite.check("a strong etag", etag.startswith('"') and etag.endswith('"') and len(etag) > 2, etag)
    one = Multistatus(curl("PROPFIND", sample.file, "-d", asking("getetag"), Depth="0").body).responses[0]
    suite.equal("the same etag in PROPFIND", etag, one.text("getetag"))
    old = formatdate(sample.node.modified - 3600, usegmt=True)
    with Calls(cloud) as calls:
        for name, headers, status in (
            ("If-None-Match, same", {"If_None_Match": etag}, 304),
            ("If-None-Match, one of several", {"If_None_Match": f'"x", {etag}'}, 304),
            ("If-None-Match *", {"If_None_Match": "*"}, 304),
            ("If-Match, other", {"If_Match": '"other"'}, 412),
            ("If-Modified-Since", {"If_Modified_Since": date}, 304),
            ("If-Unmodified-Since, earlier", {"If_Unmodified_Since": old}, 412),
        ):
            answer = curl("GET", sample.file, **headers)
            suite.equal(name, (status, True), (answer.status, status != 304 or answer.body == b""))
    suite.equal("conditions that end it ask for no content", 0, calls.kinds["download"])
    for name, headers in (("If-None-Match, other", {"If_None_Match": '"other"'}), ("If-Match, same", {"If_Match": etag}),
                          ("If-Modified-Since, earlier", {"If_Modified_Since": old}), ("bad date", {"If_Modified_Since": "soon"}),
                          ("unquoted etag", {"If_None_Match": "JoplinIgnore-1"})):
        answer = curl("GET", sample.file, **headers)
        suite.equal(name, (200, sample.content), (answer.status, answer.body))
    lone = curl("GET", sample.file, If_None_Match='"')
    suite.check("a lone quote as etag", lone.status in (200, 400), lone.status)
    suite.equal("GET of nothing", 404, curl("GET", sample.folder + "nothing").status)


def ranges(suite, curl, sample, cloud):
    suite.section("ranges")
    size, etag = sample.node.size, curl("HEAD", sample.file).headers.get("etag", "")
    for text, first, last in ((f"0-0", 0, 0), ("7-99", 7, 99), ("-5", size - 5, size - 1), (f"{size - 3}-", size - 3, size - 1),
                              (f"10-{size + 100}", 10, size - 1), (f"-{size * 2}", 0, size - 1)):
        answer = curl("GET", sample.file, Range=f"bytes={text}")
        suite.equal(f"bytes={text}", (206, f"bytes {first}-{last}/{size}", str(last - first + 1)),
                    (answer.status, answer.headers.get("content-range"), answer.headers.get("content-length")))
        suite.check(f"bytes={text}: content", answer.body == sample.content[first:last + 1], len(answer.body))
    with Calls(cloud) as calls:
        answer = curl("GET", sample.file, Range=f"bytes={size}-")
    suite.equal("behind the end", (416, f"bytes */{size}"), (answer.status, answer.headers.get("content-range")))
    suite.equal("behind the end asks for no content", 0, calls.kinds["download"])
    for name, headers in (("not bytes", {"Range": "lines=1-2"}), ("nonsense", {"Range": "bytes=a-b"}),
                          ("If-Range, other", {"Range": "bytes=0-9", "If_Range": '"other"'})):
        answer = curl("GET", sample.file, **headers)
        suite.equal(f"{name}: everything", (200, sample.content), (answer.status, answer.body))
    answer = curl("GET", sample.file, Range="bytes=0-9", If_Range=etag)
    suite.equal("If-Range, same", (206, sample.content[:10]), (answer.status, answer.body))
    big, middle = sample.big, sample.big.size // 2 + 12345
    answer = curl("GET", sample.root + encoded(big.path), Range=f"bytes={middle}-{middle + 99_999}")
    truth = cloud.content(sample.drive["id"], big.id, middle, middle + 99_999)
    suite.equal(f"in the middle of {big.size} bytes", (206, True), (answer.status, answer.body == truth))


def odd_names(suite, curl, sample, cloud):
    suite.section("odd names")
    for node in sample.odd:
        answer = curl("GET", sample.root + encoded(node.path))
        suite.equal(f"{node.name[:60]!r}", (200, True),
                    (answer.status, answer.body == cloud.content(sample.drive["id"], node.id)))
    for spelling in ("with%20space.txt", "%77ith%20space.txt"):
        suite.equal(f"spelled {spelling}", 200, curl("HEAD", f"{sample.root}Private/Odd%20names/{spelling}").status)
    raw = "/../../../etc/passwd"
    for path in (sample.folder.rstrip("/") + raw, sample.folder + "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/x", sample.folder + "a%00b",
                 sample.folder + "%zz", sample.folder + "%ff%fe"):
        answer = curl("GET", path)
        suite.check(f"GET {unquote(path, errors='replace')[-30:]!r}", answer.status in (400, 404), answer.status)


def writing(suite, curl, sample):
    suite.section("writing")
    there = {"Destination": curl.base + sample.folder + "copy.txt"}
    lock = '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>'
    for method, path, options, headers in (
        ("PUT", sample.folder + "new.txt", ["-d", "new"], {}), ("PUT", sample.file, ["-d", "new"], {}),
        ("PUT", sample.folder + "large.bin", ["-d", "x" * 100_000], {}),
        ("DELETE", sample.file, [], {}), ("DELETE", sample.folder, [], {}), ("MKCOL", sample.folder + "new", [], {}),
        ("COPY", sample.file, [], there), ("MOVE", sample.file, [], there), ("LOCK", sample.file, ["-d", lock], {}),
        ("DELETE", sample.root, [], {}), ("MKCOL", "/dav/files/demo/new", [], {}),
    ):
        answer = curl(method, path, *options, **headers)
        body = b"need-privileges" in answer.body
        suite.equal(f"{method} {unquote(path)[-40:]}", (403, True), (answer.status, body))
    answer = curl("PUT", sample.folder + "new.txt", "-T", __file__, "-H", "Expect: 100-continue")
    suite.equal("PUT that waits for 100 Continue", 403, answer.status)
    answer = curl("POST", sample.folder, "-d", "x")
    suite.check("POST is not allowed", answer.status in (403, 405), answer.status)
    patch = ('<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>'
             '<D:remove><D:prop><z:w xmlns:z="urn:z"/></D:prop></D:remove></D:propertyupdate>')
    for path in (sample.file, sample.folder):
        answer = curl("PROPPATCH", path, "-d", patch)
        one = Multistatus(answer.body).responses[0] if answer.status == 207 else None
        suite.check(f"PROPPATCH {unquote(path)[-40:]}: 207 with 403 inside", one and one.prop("displayname", 403) is not None
                    and one.prop("{urn:z}w", 403) is not None, (answer.status, answer.body))
    suite.equal("PROPPATCH that is no XML", 400, curl("PROPPATCH", sample.file, "-d", "x").status)


def main():
    with Suite("curl") as suite:
        demo = Demo(suite)
        suite.check("the demo serves within 2 s", demo.seconds < 2, demo.seconds)
        sample, curl = Sample(demo), Curl(suite, demo)
        signing_in(suite, curl, sample)
        well_known(suite, curl)
        options(suite, curl, sample)
        propfind(suite, curl, sample)
        bad_propfind(suite, curl, sample)
        reading(suite, curl, sample, demo.cloud)
        ranges(suite, curl, sample, demo.cloud)
        odd_names(suite, curl, sample, demo.cloud)
        writing(suite, curl, sample)
        sample.unwritten(suite)


if __name__ == "__main__":
    main()
