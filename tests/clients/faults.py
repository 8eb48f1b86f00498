#!/usr/bin/env python3
"""Trouble in the cloud, seen by curl and rclone: an error, or the whole truth; never less.

No folder may look shorter, no file may have other bytes, and no answer may make a client believe
that something is gone.
"""

import sys

sys.dont_write_bytecode = True
from kit import Demo, Suite, differences, until  # noqa: E402
from kit.cloud import CONTENT, DOWNLOAD, LISTING  # noqa: E402
from kit.curl import Curl  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.multistatus import Multistatus  # noqa: E402
from kit.rclone import FAST, Rclone  # noqa: E402
from kit.sample import Sample  # noqa: E402

# davfs2 waits this long for an answer, seconds
PATIENCE = 30
LISTING_FAULTS = {
    "500": {"kind": "status", "status": 500},
    "a scope taken away": {"kind": "status", "status": 403, "code": "all_scopes"},
    "token not accepted": {"kind": "status", "status": 401, "code": "not_authorized"},
    "502 with a proxy's page": {"kind": "html", "status": 502},
    "503 without body": {"kind": "empty", "status": 503},
    "429 with Retry-After": {"kind": "too_many", "retry_after": 5},
    "429 without": {"kind": "too_many"},
    "an error envelope on 200": {"kind": "error_on_200"},
    "malformed JSON": {"kind": "malformed"},
    "a short body": {"kind": "short", "keep": 200},
    "a body cut off": {"kind": "cut", "after": 200},
    "no answer": {"kind": "drop"},
    "a page's rows taken out": {"kind": "patch", "pointer": "/data"},
    "more to come without a cursor": {"kind": "patch", "pointer": "/has_more", "value": True},
}
CONTENT_FAULTS = {
    "500 for the signed address": (DOWNLOAD, {"kind": "status", "status": 500}),
    "429 for the signed address": (DOWNLOAD, {"kind": "too_many", "retry_after": 3}),
    "an error envelope on 200": (DOWNLOAD, {"kind": "error_on_200"}),
    "502 with a page for the content": (CONTENT, {"kind": "html", "status": 502}),
    "a body cut off": (CONTENT, {"kind": "cut", "after": 1000}),
    "a short body": (CONTENT, {"kind": "short", "keep": 1000}),
    "no answer": (CONTENT, {"kind": "drop"}),
}
EVERYWHERE = {
    "listings fail": {"route": LISTING, "fault": {"kind": "status", "status": 500}},
    "some listings fail": {"route": LISTING, "nth": 3, "times": 4, "fault": {"kind": "html", "status": 502}},
    "token revoked": {"fault": {"kind": "revoke"}},
    "scope taken away": {"fault": {"kind": "status", "status": 403, "code": "all_scopes"}},
    "everything is said not to be there": {
        "fault": {"kind": "status", "status": 404, "code": "object_not_found"},
    },
    "limited": {"fault": {"kind": "too_many", "retry_after": 10}},
}
# larger files are left out of rclone's copy
SYNCED = 1 << 20
# edits make a folder for each fault that no client has listed before
COLD = "/Private/Cold {}"


def cold_folders(demo, sample):
    """A folder of three files for each listing fault, made by another client: name to path and id."""
    folders = {}
    for index, name in enumerate(LISTING_FAULTS):
        path = COLD.format(index)
        files = [
            {"do": "write", "path": f"{path}/file {number}.txt", "size": 100 + number} for number in range(3)
        ]
        ids = demo.cloud.edit(sample.drive["id"], {"do": "folder", "path": path}, *files)["ids"]
        folders[name] = (path.removeprefix("/"), ids[0])
    return folders


def listed(curl, address, status=207):
    """The names that a PROPFIND shows, or None when its status is another."""
    answer = curl("PROPFIND", address, Depth="1")
    if answer.status != status:
        return None
    return [(one.path, one.text("getcontentlength")) for one in Multistatus(answer.body).responses]


def listings(suite, demo, sample, curl):
    suite.section("listings that fail")
    folders = cold_folders(demo, sample)
    until("the new folders", lambda: len(listed(curl, sample.root + "Private/") or ()) > len(folders), 40)
    for name, (path, folder) in folders.items():
        address = sample.root + encoded(path) + "/"
        fault = {
            "route": LISTING,
            "path": f"/3/drive/{sample.drive['id']}/files/{folder}/files",
            "fault": LISTING_FAULTS[name],
        }
        with demo.cloud.faults(fault):
            answer = curl("PROPFIND", address, Depth="1")
            suite.equal(f"{name}: 503", 503, answer.status)
            suite.check(
                f"{name}: Retry-After", answer.headers.get("retry-after", "").isdigit(), answer.headers
            )
            suite.check(f"{name}: within {PATIENCE} s", answer.seconds < PATIENCE, answer.seconds)
            inside = curl("GET", address + "file%201.txt")
            suite.equal(f"{name}: a file in it", 503, inside.status)
        got = until(f"{name}: the folder after it", lambda: listed(curl, address), 60)
        suite.equal(f"{name}: everything after it", [None, "100", "101", "102"], [size for _, size in got])


def pages(suite, demo, sample, curl):
    suite.section("the second page fails")
    files = [
        {"do": "write", "path": f"/Private/Paged/{number:04}.txt", "size": number} for number in range(1100)
    ]
    demo.cloud.edit(sample.drive["id"], {"do": "folder", "path": "/Private/Paged"}, *files)
    address = sample.root + "Private/Paged/"
    until(
        "the folder", lambda: "Paged/" in str(curl("PROPFIND", sample.root + "Private/", Depth="1").body), 40
    )
    old_cursor = {"kind": "status", "status": 400, "code": "invalid_cursor_error"}
    for name, fault in (
        ("500", {"kind": "status", "status": 500}),
        ("an old cursor", old_cursor),
        ("malformed", {"kind": "malformed"}),
        ("no answer", {"kind": "drop"}),
    ):
        with demo.cloud.faults({"route": LISTING, "page": 2, "fault": fault}):
            suite.equal(f"{name}: 503", 503, curl("PROPFIND", address, Depth="1").status)
    got = until("the folder after it", lambda: listed(curl, address), 60)
    suite.equal("everything after it", 1101, len(got))


def contents(suite, demo, sample, curl):
    suite.section("content that fails")
    for name, (route, fault) in CONTENT_FAULTS.items():
        with demo.cloud.faults({"route": route, "fault": fault}):
            answer = curl("GET", sample.file)
            broken = answer.exit != 0 or answer.status in (429, 502, 503, 504)
            suite.check(f"{name}: an error", broken, (answer.status, answer.exit, len(answer.body)))
            suite.check(
                f"{name}: no other bytes", answer.status != 200 or sample.content.startswith(answer.body)
            )
    with demo.cloud.faults({"route": CONTENT, "fault": {"kind": "ignore_range"}}):
        answer = curl("GET", sample.file, Range="bytes=500-599")
        suite.equal(
            "a range that is ignored: the range all the same",
            (206, sample.content[500:600]),
            (answer.status, answer.body),
        )
    before = curl("HEAD", sample.file).headers["etag"]
    with demo.cloud.faults({"route": DOWNLOAD, "times": 1, "fault": {"kind": "replace", "size": 777}}):
        answer = curl("GET", sample.file)
    now = demo.cloud.content(sample.drive["id"], sample.node.id)
    good = (
        answer.status == 200 and answer.exit == 0 and answer.body == now and answer.headers["etag"] != before
    )
    suite.check(
        "changed before the download: new bytes with their etag, or an error",
        good or answer.exit != 0 or answer.status == 503,
        (answer.status, len(answer.body), answer.headers),
    )
    until("the new version", lambda: curl("GET", sample.file).body == now, 40)


def local_copy(suite, sample):
    """A folder with everything of the drive that is not large, the right sizes and nothing inside."""
    copy = suite.folder / "copy"
    for path, size in sample.everything(SYNCED):
        target = copy / path
        if size is None:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(bytes(size))
    return copy


def syncing(suite, name, *faults):
    """rclone with a complete copy meets a bridge whose cloud is in trouble: nothing may look gone."""
    demo = Demo(suite)
    sample = Sample(demo)
    rclone = Rclone(suite, demo, sample.root)
    copy = local_copy(suite, sample)
    with demo.cloud.faults(*faults):
        limit = ("--max-size", f"{SYNCED}B", "--size-only")
        done = rclone("sync", "--dry-run", "-v", "bridge:", copy, *limit, *FAST)
        said = [line for line in done.stderr.decode().splitlines() if "delete" in line.lower()]
        gone = [line for line in said if "not deleting" not in line.lower()]
        suite.none(f"{name}: rclone wants to delete nothing", gone)
        again = rclone("lsf", "-R", "bridge:", *FAST)
        lines = again.stdout.decode().splitlines()
        got = [(line.rstrip("/"), line.endswith("/")) for line in lines]
        whole = not differences([(path, size is None) for path, size in sample.everything()], got)
        suite.check(f"{name}: an error or everything", again.returncode != 0 or whole, lines[-5:])
    if not faults:
        suite.check(
            f"{name}: rclone is content", done.returncode == again.returncode == 0 and whole, done.stderr
        )
    demo.stop()


def main():
    with Suite("faults") as suite:
        demo = Demo(suite)
        sample, curl = Sample(demo), Curl(suite, demo)
        listings(suite, demo, sample, curl)
        pages(suite, demo, sample, curl)
        contents(suite, demo, sample, curl)
        demo.stop()
        suite.section("rclone sync --dry-run")
        syncing(suite, "nothing wrong")
        for name, fault in EVERYWHERE.items():
            syncing(suite, name, fault)


if __name__ == "__main__":
    main()
