"""One client's recorded conversation, played in order over one connection."""

import re
import tomllib
from pathlib import Path

from . import library
from .davxml import APPLE, CALDAV, CALENDARSERVER, CARDDAV, DAV, MICROSOFT, Malformed
from .ruling import judge
from .wire import Connection, Refused, fill

KEYS = {"request", "title", "status", "each", "noise", "needs", "folder_properties", "file_properties",
        "missing_properties", "same_content", "same_tag", "upstream_calls", "closes", "shelf_properties",
        "complete", "due", "unchanged", "error", "keep", "recorded"}


class Complaint:
    """One thing that is wrong, with the request that shows it."""

    def __init__(self, client, step, exchange, rule, text):
        self.client, self.step, self.rule, self.text = client, step, rule, text
        self.line = f"{exchange.method} {exchange.target} → {exchange.status}" if exchange else "no answer"

    def __str__(self):
        return f"{self.client}/{self.step}: {self.line}\n    {self.rule}: {self.text}"


def load(folder):
    """Steps of a conversation; unknown keys are refused. `recorded`: as the client itself sent it."""
    steps = tomllib.loads((folder / "conversation.toml").read_text())["step"]
    for step in steps:
        if set(step) - KEYS:
            raise ValueError(f"{folder.name}: unknown keys {sorted(set(step) - KEYS)}")
    files = {path.name for path in folder.glob("*.http")}
    if files != {step["request"] for step in steps}:
        raise ValueError(f"{folder.name}: files and steps differ")
    return steps


def requests(folder, step, world):
    """Bytes of each request of a step."""
    if "needs" in step and step["needs"] not in world.values:
        return
    with open(folder / step["request"], newline="", encoding="utf-8") as file:
        template = file.read()
    if step.get("each") == "parent":
        variants = [{"parent_bare": path} for path in world.parents]
    elif step.get("each") == "noise":
        variants = [{"noise": name} for name in step["noise"]]
    else:
        variants = [{}]
    for extra in variants:
        yield fill(template, {**world.values, **extra})


def play(folder, world, counters=None):
    """Plays a conversation; gives the number of exchanges and the complaints."""
    client, complaints, count = folder.name, [], 0
    connection = Connection(*world.address)
    for step in load(folder):
        for request in requests(folder, step, world):
            count += 1
            before = counters() if counters else None
            try:
                exchange = connection.send(client, request)
            except Refused as refused:
                complaints.append(Complaint(client, step["request"], None, "wire", f"{refused}: {request[:120]!r}"))
                continue
            found = judge(exchange) + list(expected(step, exchange, world))
            if counters and "upstream_calls" in step:
                calls = counters() - before
                if calls.total() > step["upstream_calls"]:
                    found.append(("upstream_calls", f"{dict(calls)}"))
            complaints += [Complaint(client, step["request"], exchange, *one) for one in found]
            if step.get("closes"):
                connection.close()
    connection.close()
    return count, complaints


SPACES = {"C": CALDAV, "CR": CARDDAV, "CS": CALENDARSERVER, "A": APPLE}


def name(text):
    """A property name: `{namespace}local`, one of CalDAV and the like with their prefix, or one of DAV:."""
    match = re.fullmatch(r"\{(.*)\}(.*)", text)
    prefix, _, local = text.rpartition(":")
    if prefix in SPACES:
        return SPACES[prefix], local
    return (match[1], match[2]) if match else (MICROSOFT if text.startswith("Win32") else DAV, text)


def expected(step, exchange, world):
    """What the step itself expects, beyond the rules."""
    if exchange.status not in step["status"]:
        yield "status", f"{exchange.status} is not in {step['status']}: {exchange.body[:160]!r}"
        return
    if "error" in step and f":{step['error']}".encode() not in exchange.body:
        yield "error", f"no {step['error']} in {exchange.body[:200]!r}"
    if exchange.method in ("PROPFIND", "REPORT") and exchange.status == 207:
        try:
            yield from properties(step, exchange)
            yield from library.expected(step, exchange, world.library)
            if "keep" in step:
                world.values[step["keep"]] = exchange.multistatus.token or ""
        except Malformed as error:
            yield "multistatus", str(error)
    if exchange.method == "GET" and exchange.status == 200:
        yield from library.expected(step, exchange, world.library)
    if exchange.method in ("GET", "HEAD") and exchange.status in (200, 206) and exchange.path == world.values["file"]:
        if exchange.header("ETag") != world.values["file_etag"]:
            yield "same_tag", f"ETag {exchange.header('ETag')}, listed as {world.values['file_etag']}"
        if exchange.header("Last-Modified") != world.values["file_modified"]:
            yield "same_date", f"{exchange.header('Last-Modified')}, listed as {world.values['file_modified']}"
        if step.get("same_content"):
            start, end = 0, len(world.content)
            if exchange.status == 206:
                first, last = re.match(r"bytes=(\d+)-(\d*)", exchange.asked("Range")).groups()
                start, end = int(first), min(int(last) + 1 if last else end, end)
            if exchange.body != world.content[start:end]:
                yield "same_content", f"{len(exchange.body)} bytes differ from {start}..{end} of the file"


def properties(step, exchange):
    """Properties that a step names must be good, or must be missing, on every response."""
    own = exchange.path.rstrip("/")
    seen_file = False
    for response in exchange.multistatus.responses:
        seen_file |= not response.is_collection
        if response.status is not None:
            continue
        wanted = step.get("folder_properties" if response.is_collection else "file_properties", [])
        wanted = wanted + (step.get("shelf_properties", []) if response.shelf else [])
        for text in wanted:
            element = response.good(name(text)[1], name(text)[0])
            if element is None:
                yield "property", f"{response.href}: no {text}"
        for text in step.get("missing_properties", []):
            codes = [p.code for p in response.propstats for e in p.properties if e.name == name(text)]
            if codes != [404]:
                yield "missing_property", f"{response.href}: {text} under {codes}"
    if step.get("file_properties") and not seen_file:
        yield "property", f"no file in the answer for {own}"
    if step.get("shelf_properties") and not any(one.shelf for one in exchange.multistatus.responses):
        yield "property", f"no calendar or address book in the answer for {own}"


def clients(root):
    """Folders of all conversations."""
    return sorted(path.parent for path in Path(root).glob("*/conversation.toml"))
