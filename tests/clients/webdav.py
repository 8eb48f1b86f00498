#!/usr/bin/env python3
"""npm's `webdav`: listings, content, ranges of a stream, quota; writes and missing things as errors."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

sys.dont_write_bytecode = True
from kit import CUT_CONTENT, NO_LISTINGS, Calls, Demo, Suite, differences, note_calls  # noqa: E402
from kit.sample import ODD, Sample  # noqa: E402

QUOTA = (
    '<D:propfind xmlns:D="DAV:"><D:prop><D:quota-used-bytes/><D:quota-available-bytes/></D:prop></D:propfind>'
)
SCRIPT = Path(__file__).with_suffix(".mjs")


class Webdav:
    """The library in a node process, one call a line."""

    def __init__(self, suite, demo, path, password=Demo.password):
        module = Path(os.environ["NODE_PATH"], "webdav", "dist", "node", "index.js")
        command = ["node", SCRIPT, module, demo.base + path.rstrip("/"), demo.user, password]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        suite.cleanups.append(self.close)

    def __call__(self, *command):
        """The answer: a dictionary with `value`, or `error` and `status`."""
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("node ended")
        return json.loads(line)

    def listing(self, folder):
        """Names and sizes in a folder."""
        told = self("getDirectoryContents", folder)
        return [
            (one["basename"], None if one["type"] == "directory" else one["size"]) for one in told["value"]
        ]

    def bytes(self, *command):
        """Bytes a command gives, or the answer that holds an error."""
        told = self(*command)
        return base64.b64decode(told["value"]) if "value" in told else told

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def reading(suite, webdav, sample, cloud):
    with Calls(cloud) as calls:
        for folder in ("", "Private", "Private/Work", ODD, f"{ODD}/Empty folder"):
            truth = [(node.name, node.size) for node in sample.inside(folder)]
            suite.none(f"list {folder or 'the drive'}", differences(truth, webdav.listing("/" + folder)))
    note_calls("npm webdav", "five folders", calls, len(sample.inside(ODD)))
    for node in (sample.node, *sample.odd):
        got = webdav.bytes("get", "/" + node.path)
        suite.check(f"get {node.name[:60]!r}", got == cloud.content(sample.drive["id"], node.id), got)
    big = sample.big
    for first in (0, big.size // 2 + 99, big.size - 5000):
        got = webdav.bytes("range", "/" + big.path, first, first + 4999)
        suite.check(
            f"5000 bytes at {first}", got == cloud.content(sample.drive["id"], big.id, first, first + 4999)
        )
    told = webdav("stat", "/" + sample.node.path)["value"]
    suite.equal("stat", (sample.node.size, "file"), (told["size"], told["type"]))
    # by itself the library asks for all properties, among which RFC 4331 leaves quota out
    told = webdav("getQuota", {"path": "/", "data": QUOTA}).get("value") or {}
    used, total = sample.drive["used_size"], sample.drive["size"]
    suite.equal("quota", (used, total - used), (told.get("used"), told.get("available")))
    suite.equal(
        "exists",
        (True, False),
        (webdav("exists", "/Private").get("value"), webdav("exists", "/none").get("value")),
    )
    for command in (("getDirectoryContents", "/nothing"), ("get", "/nothing.txt"), ("stat", "/nothing")):
        suite.equal(f"{command[0]} of nothing", 404, webdav(*command).get("status"))


def writing(suite, webdav, sample):
    path = "/" + sample.node.path
    for command in (
        ("put", "/Private/new.txt", "new"),
        ("put", path, "new"),
        ("deleteFile", path),
        ("createDirectory", "/Private/new"),
        ("copyFile", path, "/Private/copy"),
        ("moveFile", path, "/Private/moved"),
        ("lock", path),
    ):
        suite.equal(f"{command[0]} {unquote(command[1])}", 403, webdav(*command).get("status"))


def main():
    with Suite("webdav") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        webdav = Webdav(suite, demo, sample.root)
        reading(suite, webdav, sample, demo.cloud)
        writing(suite, webdav, sample)
        refused = Webdav(suite, demo, sample.root, "wrong")
        suite.equal("a wrong password", 401, refused("getDirectoryContents", "/").get("status"))
        sample.unwritten(suite)
        suite.section("the cloud in trouble")
        cold = Demo(suite)
        webdav = Webdav(suite, cold, Sample(cold).root)
        with cold.cloud.faults(NO_LISTINGS):
            suite.equal(
                "a folder that cannot be listed",
                503,
                webdav("getDirectoryContents", "/Private").get("status"),
            )
        with cold.cloud.faults(CUT_CONTENT):
            told = webdav("get", "/" + sample.node.path)
            suite.check("content that ends early", "error" in told, told)


if __name__ == "__main__":
    main()
