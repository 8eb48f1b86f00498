#!/usr/bin/env python3
"""rclone: complete listings, copies that check byte for byte, nothing asked twice, writes refused."""

import hashlib
import json
import sys
from datetime import datetime

sys.dont_write_bytecode = True
from kit import Calls, Demo, Suite, differences, note_calls  # noqa: E402
from kit.rclone import FAST, Rclone  # noqa: E402
from kit.sample import Sample  # noqa: E402

# larger files are read in ranges only
LARGEST = 16 << 20


def listings(suite, rclone, sample):
    suite.section("listings")
    names = rclone.good("lsf", "-R", "bridge:").splitlines()
    got = [(name.rstrip("/"), None if name.endswith("/") else 0) for name in names]
    truth = [(path, None if size is None else 0) for path, size in sample.everything()]
    suite.none("lsf -R names what the cloud has", differences(truth, got))
    records = rclone.listing()
    suite.none(
        "lsjson -R: names and sizes",
        differences(
            sample.everything(), [(one["Path"], None if one["IsDir"] else one["Size"]) for one in records]
        ),
    )
    dates = {node.path: node.modified for node in sample.tree if not node.is_folder}
    wrong = [
        one["Path"]
        for one in records
        if one["Path"] in dates
        and int(datetime.fromisoformat(one["ModTime"]).timestamp()) != dates[one["Path"]]
    ]
    suite.none("dates of the files", wrong)


def walks(suite, rclone, sample, cloud):
    suite.section("a tree walk, first and second time")
    folders = 1 + sum(node.is_folder for node in sample.tree)
    for what, most in (("first walk", folders), ("second walk", 0)):
        with Calls(cloud) as calls:
            rclone.good("lsf", "-R", "bridge:")
        note_calls("rclone", what, calls, len(sample.tree))
        suite.check(
            f"{what}: at most {most} calls for listings", calls.kinds["listings"] <= most, calls.routes
        )
        suite.check(f"{what}: no call per child", calls.but_feed <= most + 4, calls.routes)


def copies(suite, rclone, sample, cloud):
    suite.section("copy and check")
    target = suite.folder / "copy"
    limit = ("--max-size", f"{LARGEST}B")
    with Calls(cloud) as calls:
        rclone.good(
            "copy", "bridge:", target, "--inplace", "--create-empty-src-dirs", "--transfers", "16", *limit
        )
    note_calls("rclone", "copy", calls, len(sample.everything(LARGEST)))
    files = [path for path, size in sample.everything(LARGEST) if size is not None]
    suite.check("one download a file", calls.kinds["download"] <= len(files), calls.routes)
    found = [
        (str(path.relative_to(target)), None if path.is_dir() else path.stat().st_size)
        for path in target.rglob("*")
    ]
    suite.none("the copy has what the cloud has", differences(sample.everything(LARGEST), found))
    wrong = []
    for node in sample.tree:
        local = target / node.path
        if node.is_folder or node.size > LARGEST or node not in sample.plain:
            continue
        want = hashlib.sha256(cloud.content(sample.drive["id"], node.id)).digest()
        if not local.is_file() or hashlib.sha256(local.read_bytes()).digest() != want:
            wrong.append(node.path)
    suite.none("the copy has the cloud's bytes", wrong)
    rclone.good("check", "--download", "bridge:", target, *limit)
    return target


def reads(suite, rclone, sample, cloud):
    suite.section("reads in the middle")
    big = sample.big
    for offset in (0, 1, big.size // 2 + 7, big.size - 1000):
        want = cloud.content(sample.drive["id"], big.id, offset, offset + 999)
        done = rclone("cat", f"bridge:{big.path}", "--offset", offset, "--count", 1000)
        suite.check(
            f"1000 bytes at {offset}",
            done.returncode == 0 and done.stdout == want,
            done.stderr.decode()[-300:],
        )


def about(suite, rclone, sample):
    suite.section("space")
    told = json.loads(rclone.good("about", "bridge:", "--json"))
    used, total = sample.drive["used_size"], sample.drive["size"]
    suite.equal("about", (used, total - used), (told.get("used"), told.get("free")))


def writes(suite, rclone, sample):
    suite.section("writes are refused and reported")
    local = suite.folder / "local.txt"
    local.write_text("local")
    first = sample.node.path
    for arguments in (
        ("copyto", local, "bridge:Private/new.txt"),
        ("copyto", local, f"bridge:{first}", "--ignore-times"),
        ("mkdir", "bridge:Private/new"),
        ("deletefile", f"bridge:{first}"),
        ("purge", "bridge:Private/Work"),
        ("moveto", f"bridge:{first}", "bridge:Private/moved"),
        ("rmdir", "bridge:Private/Odd names/Empty folder"),
        ("sync", suite.folder / "nothing", "bridge:Private/Work"),
    ):
        (suite.folder / "nothing").mkdir(exist_ok=True)
        done = rclone(*arguments, *FAST)
        suite.check(
            f"{arguments[0]} fails and says 403",
            done.returncode != 0 and b"403" in done.stderr,
            (done.returncode, done.stderr.decode()[-500:]),
        )


def main():
    with Suite("rclone") as suite:
        version = suite.run(["rclone", "version"]).stdout.decode().split()[1]
        suite.check("rclone is 1.75", version.startswith("v1.75."), version)
        demo = Demo(suite)
        sample = Sample(demo)
        rclone = Rclone(suite, demo, sample.root)
        walks(suite, rclone, sample, demo.cloud)
        listings(suite, rclone, sample)
        copies(suite, rclone, sample, demo.cloud)
        reads(suite, rclone, sample, demo.cloud)
        about(suite, rclone, sample)
        writes(suite, rclone, sample)
        sample.unwritten(suite)


if __name__ == "__main__":
    main()
