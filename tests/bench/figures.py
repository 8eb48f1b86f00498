"""Speed and memory of the bridge, beside rclone's `serve webdav` and beside the cloud itself."""

import base64
import sys
from pathlib import Path
from urllib.parse import quote, unquote

from load import curl, median, middle, wrk
from process import Process, free_port

MIB = 1 << 20
LARGE = ("Big", "1 GiB.bin")
# First targets on 2 cores, which the load tool and the simulated cloud share.
LISTING_MS, TIMES_RCLONE, OF_STRAIGHT, IDLE_MB, LOADED_MB = 5.0, 5.0, 0.8, 20.0, 64.0


def basic(user, password):
    """An Authorization value."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Places:
    """Addresses of the sample's folders and files on the bridge, and ids in the cloud."""

    def __init__(self, bridge, cloud):
        self.authorization = bridge.authorization
        private = bridge.find("Muster kDrive", "Private")
        self.thousand = private + "Thousand/"
        self.mebibyte = private + quote("1 MiB.bin")
        self.gibibyte = private + quote("/".join(LARGE))
        self.cloud = cloud

    def signed(self, *names):
        """The signed address of a file, straight from the cloud."""
        drive = self.cloud.drive("Muster kDrive")
        return self.cloud.signed(drive, self.cloud.file_id(drive, "Private", *names))


def rclone_folder(bridge, place, folder):
    """The same names and sizes as a folder of the bridge, on disk."""
    folder.mkdir()
    for response in bridge.list(place)[1:]:
        name = unquote(response.href.rpartition("/")[2])
        with open(folder / name, "wb") as file:
            file.truncate(int(response.text("getcontentlength")))
    with open(folder.parent / "1 MiB.bin", "wb") as file:
        file.write(b"\xa5" * MIB)


class Rclone(Process):
    """`rclone serve webdav` on a local folder."""

    def __init__(self, program, folder, work):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__("rclone", [program, "serve", "webdav", "--read-only", "--user", "bench", "--pass", "bench",
                                    "--addr", f"127.0.0.1:{port}", folder], work / "rclone.log")
        self.wait_port(port)
        self.authorization = basic("bench", "bench")


def listings(table, bridge, places, rclone, effort):
    """PROPFIND, warm: the bridge and rclone by turns."""
    targets = {"bridge": (bridge.url + places.thousand, places.authorization),
               "rclone": (rclone.url + "/Thousand/", rclone.authorization)}
    for connections in (1, 8):
        runs = {name: [] for name in targets}
        for _ in range(effort.runs):
            for name, (url, authorization) in targets.items():
                runs[name].append(wrk(url, authorization, connections, effort.seconds, depth=1))
        own, other = (median(runs[name], lambda run: run.rate) for name in ("bridge", "rclone"))
        who = f"Depth 1 × 1,000, {connections} client{'s' * (connections > 1)}"
        if connections == 1:
            table.add(f"{who}: p50", f"{own.p50:.2f} ms", f"≤ {LISTING_MS:.0f} ms", own.p50 <= LISTING_MS)
        table.add(f"{who}: bridge", f"{own.rate:.0f}/s, p50 {own.p50:.1f}, p99 {own.p99:.1f} ms")
        table.add(f"{who}: rclone", f"{other.rate:.0f}/s, p50 {other.p50:.1f}, p99 {other.p99:.1f} ms")
        times = own.rate / other.rate
        table.add(f"{who}: times rclone", f"{times:.1f}", f"≥ {TIMES_RCLONE:.0f}", times >= TIMES_RCLONE)
    for name, url, authorization in (("bridge", bridge.url + places.mebibyte, places.authorization),
                                     ("rclone", rclone.url + "/1%20MiB.bin", rclone.authorization)):
        run = median([wrk(url, authorization, 8, effort.seconds, depth=0) for _ in range(effort.runs)], lambda r: r.rate)
        table.add(f"Depth 0 of a file, 8 clients: {name}", f"{run.rate:.0f}/s, p50 {run.p50:.2f}, p99 {run.p99:.2f} ms")


def contents(table, bridge, places, rclone, effort):
    """GET of 1 MiB: the bridge, the cloud and rclone by turns."""
    signed = places.signed("1 MiB.bin")
    targets = {"bridge": (bridge.url + places.mebibyte, places.authorization), "straight": (signed, None),
               "rclone": (rclone.url + "/1%20MiB.bin", rclone.authorization)}
    runs = {name: [] for name in targets}
    for _ in range(effort.runs):
        for name, (url, authorization) in targets.items():
            runs[name].append(wrk(url, authorization, 8, effort.seconds))
    for name, all_runs in runs.items():
        run = median(all_runs, lambda run: run.rate)
        table.add(f"GET 1 MiB, 8 clients: {name}", f"{run.megabytes:.0f} MB/s, {run.rate:.0f}/s, p99 {run.p99:.0f} ms")


class Relay(Process):
    """`relay.py` before the cloud's downloads."""

    def __init__(self, cloud, work):
        port = free_port()
        self.host, self.behind = f"127.0.0.1:{port}", cloud.downloads.rpartition("//")[2]
        program = Path(__file__).with_name("relay.py")
        super().__init__("relay", [sys.executable, program, port, self.behind], work / "relay.log")
        self.wait_port(port)

    def address(self, signed):
        """A signed address by way of the relay."""
        return signed.replace(self.behind, self.host)


def by_turns(ways, cloud, count):
    """Fetches 1 GiB by each way in turn; per way the medians of seconds and of the CPU seconds of
    cloud, client and what lies between."""
    runs = {name: [] for name in ways}
    for _ in range(count):
        for name, (between, *fetch) in ways.items():
            watched = [cloud, between] if between else [cloud]
            before = [process.cpu() for process in watched]
            seconds, size, client = curl(*fetch)
            if size != 1 << 30:
                raise SystemExit(f"{name}: 1 GiB came as {size} bytes")
            own, *others = (process.cpu() - used for process, used in zip(watched, before))
            runs[name].append((seconds, own, client, *others))
    return {name: [middle(values) for values in zip(*all_runs)] for name, all_runs in runs.items()}


def gibibyte(table, bridge, places, relay, effort):
    """GET of 1 GiB: straight from the cloud, by way of the relay, by way of the bridge.

    A relay copies each byte as often as cloud and client together, and all share the cores: the
    relay's share is what can be had, and CPU seconds tell more than speed.
    """
    signed = places.signed(*LARGE)
    ways = {"straight": (None, signed), "plain relay": (relay, relay.address(signed)),
            "bridge": (bridge, bridge.url + places.gibibyte, places.authorization)}
    found = by_turns(ways, places.cloud, effort.large)
    for name, (seconds, *cpu) in found.items():
        table.add(f"GET 1 GiB: {name}", f"{(1 << 30) / seconds / 1e6:.0f} MB/s")
        table.note("CPU seconds: " + ", ".join(f"{who} {used:.2f}" for who, used in zip(("cloud", "client", name), cpu)))
    straight, least, own = (found[name][0] for name in ways)
    table.add("GET 1 GiB: plain relay, share of straight", f"{straight / least:.2f}")
    table.add("GET 1 GiB: bridge, share of plain relay", f"{least / own:.2f}")
    share = straight / own
    table.add("GET 1 GiB: bridge, share of straight", f"{share:.2f}", f"≥ {OF_STRAIGHT}", share >= OF_STRAIGHT)


def figures(table, stack, rclone_program, work, effort):
    """Everything of one stack: memory before, speed, memory after."""
    cloud = stack.cloud(work, "--large")
    cloud.switches(signed_once=False)
    cloud.write("/Private/1 MiB.bin", MIB)
    bridge = stack.bridge(work, cloud)
    idle, _ = bridge.memory()
    places = Places(bridge, cloud)
    (work / "local").mkdir()
    rclone_folder(bridge, places.thousand, work / "local" / "Thousand")
    rclone = stack.keep(Rclone(rclone_program, work / "local", work))
    table.title("Speed (medians)")
    listings(table, bridge, places, rclone, effort)
    contents(table, bridge, places, rclone, effort)
    relay = stack.keep(Relay(cloud, work))
    gibibyte(table, bridge, places, relay, effort)
    loaded, peak = bridge.memory()
    table.title("Memory of the bridge")
    table.add("resident, idle", f"{idle:.1f} MB", f"< {IDLE_MB:.0f} MB", idle < IDLE_MB)
    table.add("resident, after load", f"{loaded:.1f} MB", f"< {LOADED_MB:.0f} MB", loaded < LOADED_MB)
    table.add("resident, peak", f"{peak:.1f} MB", f"< {LOADED_MB:.0f} MB", peak < LOADED_MB)
    table.add("rclone, peak", f"{rclone.memory()[1]:.1f} MB")
    for process in (relay, rclone, bridge, cloud):
        process.end()
