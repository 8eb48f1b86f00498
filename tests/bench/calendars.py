"""Calendars: an unchanged poll, multiget, first synchronisation, a time range and memory, beside
Radicale and Xandikos holding the same objects in the same run."""

import json
import os
import re
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import peers
from load import Result, median
from process import until

SCRIPT = Path(__file__).with_name("report.lua")
# First targets on 2 cores, which the load tool shares.
UNCHANGED_MS, TIMES_XANDIKOS, MULTIGET_MS, INITIAL_MS = 1.0, 100.0, 3.0, 100.0
DAV = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
SYNC = ('<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:"><D:sync-token>{}</D:sync-token>'
        "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>")
MULTIGET = ('<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget {}><D:prop><D:getetag/><C:calendar-data/>'
            "</D:prop>{}</C:calendar-multiget>")
QUERY = ('<?xml version="1.0" encoding="utf-8"?><C:calendar-query {}><D:prop><D:getetag/></D:prop><C:filter>'
         '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{}" end="{}"/>'
         "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>")


class Server:
    """A calendar on a server, as the load tool reaches it."""

    def __init__(self, name, process, url, authorization):
        self.name, self.process, self.url, self.authorization = name, process, url, authorization

    def ask(self, method, body, depth="1"):
        """One request; the body of the answer."""
        headers = {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        with urlopen(Request(self.url, body.encode(), headers, method=method), timeout=300) as answer:
            return answer.read()

    def token(self):
        """The sync-token of now."""
        return re.search(rb"sync-token>([^<]+)</", self.ask("REPORT", SYNC.format("")))[1].decode()

    def hrefs(self):
        """Addresses of all objects."""
        found = re.findall(rb"<[^>]*href>([^<]+\.ics)</", self.ask("REPORT", SYNC.format("")))
        return [href.decode() for href in found]

    def load(self, body, work, seconds, connections=1):
        """wrk with one REPORT; rate, times and CPU milliseconds of the server per answer."""
        file = work / "body.xml"
        file.write_text(body)
        settings = {"METHOD": "REPORT", "BODY": str(file), "DEPTH": "1"}
        settings |= {"AUTH": self.authorization} if self.authorization else {}
        before = self.process.cpu()
        done = subprocess.run(["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s",
                               "--timeout", "60s", "-s", SCRIPT, self.url],
                              env=os.environ | settings, text=True, capture_output=True, timeout=seconds + 120)
        found = re.search(r"^JSON (.*)$", done.stdout, re.M)
        values = json.loads(found[1]) if found else {}
        if values and not values["errors"] and not values["requests"] and seconds < 30:
            # slower than the time it was given
            return self.load(body, work, seconds * 10, connections)
        if not values or values["errors"] or not values["requests"]:
            raise SystemExit(f"wrk on {self.name}: {values or done.stdout + done.stderr}")
        result = Result(values["us"] / 1e6, values)
        result.cpu = (self.process.cpu() - before) * 1000 / values["requests"]
        return result

    def once(self, body):
        """Milliseconds of one REPORT, the median of three."""
        times = []
        for _ in range(3):
            begun = time.monotonic()
            self.ask("REPORT", body)
            times.append((time.monotonic() - begun) * 1000)
        return sorted(times)[1]


def bridged(stack, work, count):
    """A bridge that has copied a calendar of so many events, and how long the first reading took."""
    cloud = stack.cloud(work, "--events", count, "--contacts", 0)
    bridge = stack.bridge(work, cloud)
    home = f"{bridge.url}/dav/calendars/{bridge.USER}/"
    begun = time.monotonic()
    server = Server("davbridge", bridge, f"{home}anna-muster/", bridge.authorization)

    def complete():
        try:
            return server.ask("REPORT", SYNC.format(""))
        except HTTPError as error:
            if error.code != 503:
                raise
            return None

    until(f"the first reading of {count} events", complete, 1200)
    return server, cloud, time.monotonic() - begun


def texts(server):
    """All objects of the bridge's calendar, by name."""
    hrefs, found = server.hrefs(), {}
    for at in range(0, len(hrefs), 500):
        wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs[at:at + 500])
        answer = server.ask("REPORT", MULTIGET.format(DAV, wanted)).decode()
        for href, text in re.findall(r"<D:href>([^<]+)</D:href>.*?<C:calendar-data>([^<]*)</C:calendar-data>", answer, re.S):
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#13;", "\r")
            text = text.replace("&amp;", "&").replace("\r\n", "\n").replace("\n", "\r\n")
            found[href.rpartition("/")[2]] = text.encode()
    return found


def measured(server, work, effort):
    """Everything of one server: unchanged poll, multiget of 100, first synchronisation, a month."""
    unchanged, busy = (
        median([server.load(SYNC.format(server.token()), work, effort.seconds, clients) for _ in range(effort.runs)],
               lambda run: run.rate) for clients in (1, 4))
    hrefs = server.hrefs()
    wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs[:100])
    multiget = median([server.load(MULTIGET.format(DAV, wanted), work, effort.seconds) for _ in range(effort.runs)],
                      lambda run: run.rate)
    now = datetime.now(timezone.utc)
    span = [(now + timedelta(days=days)).strftime("%Y%m%dT000000Z") for days in (0, 30)]
    return {"unchanged": unchanged, "busy": busy, "multiget": multiget, "initial": server.once(SYNC.format("")),
            "month": server.once(QUERY.format(DAV, *span)), "memory": server.process.memory(), "count": len(hrefs)}


def row(table, size, server, found):
    """What one server gave."""
    name, unchanged, multiget = server.name, found["unchanged"], found["multiget"]
    ours = name == "davbridge"
    table.add(f"{size:,} events, unchanged poll: {name}",
              f"p50 {unchanged.p50:.2f} ms, CPU {unchanged.cpu:.2f} ms; 4 clients {found['busy'].rate:.0f}/s",
              f"CPU < {UNCHANGED_MS:.0f} ms" if ours else "", unchanged.cpu < UNCHANGED_MS if ours else None)
    table.add(f"{size:,} events, multiget 100: {name}", f"p50 {multiget.p50:.2f} ms, CPU {multiget.cpu:.2f} ms",
              f"< {MULTIGET_MS:.0f} ms" if ours else "", multiget.p50 < MULTIGET_MS if ours else None)
    promised = ours and size <= 10_000
    table.add(f"{size:,} events, first synchronisation: {name}", f"{found['initial']:.0f} ms",
              f"< {INITIAL_MS:.0f} ms" if promised else "", found["initial"] < INITIAL_MS if promised else None)
    table.add(f"{size:,} events, a month of them: {name}", f"{found['month']:.0f} ms")
    table.add(f"{size:,} events, memory: {name}", "{:.0f} MB, peak {:.0f} MB".format(*found["memory"]))


def calendars(table, stack, python, folders, effort, sizes):
    """The whole; `folders` gives fresh folders."""
    table.title("Calendars (medians; objects of the bridge are those of the peers)")
    for size in sizes:
        work = folders()
        server, cloud, seconds = bridged(stack, work, size)
        ours = measured(server, work, effort)
        table.add(f"{size:,} events in the cloud: first reading", f"{seconds:.1f} s")
        row(table, size, server, ours)
        objects = texts(server) if size <= 10_000 else {}
        for process in (server.process, cloud):
            process.end()
        for name in peers.PEERS if objects else ():
            peer = peers.start(name, python, objects, work / name)
            stack.keep(peer)
            other = Server(name, peer, peer.url, peer.authorization)
            found = measured(other, work, effort)
            row(table, size, other, found)
            peer.end()
            if name == "xandikos":
                times = ours["busy"].rate / found["busy"].rate
                table.add(f"{size:,} events, unchanged poll, 4 clients: times xandikos", f"{times:.0f}", f"≥ {TIMES_XANDIKOS:.0f}",
                          times >= TIMES_XANDIKOS)
