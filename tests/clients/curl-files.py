#!/usr/bin/env python3
"""curl: GET and HEAD with conditions and ranges, odd names, and every method that writes, refused."""

import sys
from email.utils import formatdate
from urllib.parse import unquote

sys.dont_write_bytecode = True
from kit import Calls, Demo, Suite  # noqa: E402
from kit.curl import Curl, asking  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.multistatus import Multistatus  # noqa: E402
from kit.sample import Sample  # noqa: E402


def reading(suite, curl, sample, cloud):
    suite.section("GET and HEAD")
    whole = curl("GET", sample.file)
    suite.equal("GET", (200, sample.content), (whole.status, whole.body))
    with Calls(cloud) as calls:
        head = curl("HEAD", sample.file)
    for name in ("etag", "last-modified", "content-length", "content-type", "accept-ranges"):
        suite.check(
            f"{name}, the same in HEAD",
            whole.headers.get(name) and whole.headers[name] == head.headers.get(name),
            (whole.headers.get(name), head.headers.get(name)),
        )
    suite.equal("HEAD asks for no content", 0, calls.kinds["download"])
    etag, date = whole.headers.get("etag", ""), whole.headers.get("last-modified", "")
    suite.check("a strong etag", etag.startswith('"') and etag.endswith('"') and len(etag) > 2, etag)
    one = Multistatus(curl("PROPFIND", sample.file, "-d", asking("getetag"), Depth="0").body).responses[0]
    suite.equal("the same etag in PROPFIND", etag, one.text("getetag"))
    suite.equal("GET of nothing", 404, curl("GET", sample.folder + "nothing").status)
    conditions(suite, curl, sample, cloud, etag, date)


def conditions(suite, curl, sample, cloud, etag, date):
    suite.section("conditions")
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
    for name, headers in (
        ("If-None-Match, other", {"If_None_Match": '"other"'}),
        ("If-Match, same", {"If_Match": etag}),
        ("If-Modified-Since, earlier", {"If_Modified_Since": old}),
        ("bad date", {"If_Modified_Since": "soon"}),
        ("unquoted etag", {"If_None_Match": "JoplinIgnore-1"}),
    ):
        answer = curl("GET", sample.file, **headers)
        suite.equal(name, (200, sample.content), (answer.status, answer.body))
    lone = curl("GET", sample.file, If_None_Match='"')
    suite.check("a lone quote as etag", lone.status in (200, 400), lone.status)


def ranges(suite, curl, sample, cloud):
    suite.section("ranges")
    size, etag = sample.node.size, curl("HEAD", sample.file).headers.get("etag", "")
    for text, first, last in (
        ("0-0", 0, 0),
        ("7-99", 7, 99),
        ("-5", size - 5, size - 1),
        (f"{size - 3}-", size - 3, size - 1),
        (f"10-{size + 100}", 10, size - 1),
        (f"-{size * 2}", 0, size - 1),
    ):
        answer = curl("GET", sample.file, Range=f"bytes={text}")
        suite.equal(
            f"bytes={text}",
            (206, f"bytes {first}-{last}/{size}", str(last - first + 1)),
            (answer.status, answer.headers.get("content-range"), answer.headers.get("content-length")),
        )
        suite.check(
            f"bytes={text}: content", answer.body == sample.content[first : last + 1], len(answer.body)
        )
    with Calls(cloud) as calls:
        answer = curl("GET", sample.file, Range=f"bytes={size}-")
    suite.equal(
        "behind the end", (416, f"bytes */{size}"), (answer.status, answer.headers.get("content-range"))
    )
    suite.equal("behind the end asks for no content", 0, calls.kinds["download"])
    for name, headers in (
        ("not bytes", {"Range": "lines=1-2"}),
        ("nonsense", {"Range": "bytes=a-b"}),
        ("If-Range, other", {"Range": "bytes=0-9", "If_Range": '"other"'}),
    ):
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
        suite.equal(
            f"{node.name[:60]!r}",
            (200, True),
            (answer.status, answer.body == cloud.content(sample.drive["id"], node.id)),
        )
    for spelling in ("with%20space.txt", "%77ith%20space.txt"):
        suite.equal(
            f"spelled {spelling}", 200, curl("HEAD", f"{sample.root}Private/Odd%20names/{spelling}").status
        )
    raw = "/../../../etc/passwd"
    for path in (
        sample.folder.rstrip("/") + raw,
        sample.folder + "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/x",
        sample.folder + "a%00b",
        sample.folder + "%zz",
        sample.folder + "%ff%fe",
    ):
        answer = curl("GET", path)
        suite.check(
            f"GET {unquote(path, errors='replace')[-30:]!r}", answer.status in (400, 404), answer.status
        )


def writing(suite, curl, sample):
    suite.section("writing")
    there = {"Destination": curl.base + sample.folder + "copy.txt"}
    lock = (
        '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
        "<D:locktype><D:write/></D:locktype></D:lockinfo>"
    )
    for method, path, options, headers in (
        ("PUT", sample.folder + "new.txt", ["-d", "new"], {}),
        ("PUT", sample.file, ["-d", "new"], {}),
        ("PUT", sample.folder + "large.bin", ["-d", "x" * 100_000], {}),
        ("DELETE", sample.file, [], {}),
        ("DELETE", sample.folder, [], {}),
        ("MKCOL", sample.folder + "new", [], {}),
        ("COPY", sample.file, [], there),
        ("MOVE", sample.file, [], there),
        ("LOCK", sample.file, ["-d", lock], {}),
        ("DELETE", sample.root, [], {}),
        ("MKCOL", "/dav/files/demo/new", [], {}),
    ):
        answer = curl(method, path, *options, **headers)
        body = b"need-privileges" in answer.body
        suite.equal(f"{method} {unquote(path)[-40:]}", (403, True), (answer.status, body))
    answer = curl("PUT", sample.folder + "new.txt", "-T", __file__, "-H", "Expect: 100-continue")
    suite.equal("PUT that waits for 100 Continue", 403, answer.status)
    answer = curl("POST", sample.folder, "-d", "x")
    suite.check("POST is not allowed", answer.status in (403, 405), answer.status)
    patch = (
        '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>'
        '<D:remove><D:prop><z:w xmlns:z="urn:z"/></D:prop></D:remove></D:propertyupdate>'
    )
    for path in (sample.file, sample.folder):
        answer = curl("PROPPATCH", path, "-d", patch)
        one = Multistatus(answer.body).responses[0] if answer.status == 207 else None
        suite.check(
            f"PROPPATCH {unquote(path)[-40:]}: 207 with 403 inside",
            one and one.prop("displayname", 403) is not None and one.prop("{urn:z}w", 403) is not None,
            (answer.status, answer.body),
        )
    suite.equal("PROPPATCH that is no XML", 400, curl("PROPPATCH", sample.file, "-d", "x").status)


def main():
    with Suite("curl-files") as suite:
        demo = Demo(suite)
        sample, curl = Sample(demo), Curl(suite, demo)
        reading(suite, curl, sample, demo.cloud)
        ranges(suite, curl, sample, demo.cloud)
        odd_names(suite, curl, sample, demo.cloud)
        writing(suite, curl, sample)
        sample.unwritten(suite)


if __name__ == "__main__":
    main()
