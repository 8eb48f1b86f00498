"""The real curl, one request at a time."""

import re
import tempfile
from pathlib import Path

from .dav import Answer

WRITING = ("PUT", "DELETE", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "POST", "PATCH")


def asking(*names):
    """A PROPFIND body for named properties."""
    inner = "".join(f"<D:{name}/>" for name in names)
    return f'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop>{inner}</D:prop></D:propfind>'


class Curl:
    """Requests with curl against one demo; `pair` None sends no credentials."""

    def __init__(self, suite, demo):
        self.suite, self.base = suite, demo.base
        self.pair = f"{demo.user}:{demo.password}"

    def __call__(self, method, path, *options, pair="", **headers):
        """`headers` are header names with `_` for `-`; `options` go to curl as they are."""
        with tempfile.TemporaryDirectory(dir=self.suite.folder) as folder:
            head, body = Path(folder, "head"), Path(folder, "body")
            command = ["curl", "-sS", "--path-as-is", "--max-time", "60", "-D", head, "-o", body]
            command += ["-I"] if method == "HEAD" else ["-X", method]
            pair = self.pair if pair == "" else pair
            command += ["-u", pair] if pair else []
            for name, value in headers.items():
                command += ["-H", f"{name.replace('_', '-')}: {value}"]
            done = self.suite.run([*command, *options, self.base + path])
            answer = parse(head.read_bytes() if head.exists() else b"")
            answer.body = body.read_bytes() if method != "HEAD" and body.exists() else b""
            answer.exit, answer.seconds = done.returncode, done.seconds
            return answer


def parse(head):
    """The last header block curl wrote (a 100 Continue may stand before it)."""
    blocks = [block for block in head.decode("latin-1").split("\r\n\r\n") if block.strip()]
    if not blocks:
        return Answer(0, {}, b"")
    first, *lines = blocks[-1].split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    status = re.match(r"HTTP/\S+ (\d+)", first)
    return Answer(int(status.group(1)) if status else 0, headers, b"")
