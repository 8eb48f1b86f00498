"""A vdirsyncer, a scripted DAVx5 and a scripted Thunderbird that have everything, beside a bridge and
a cloud of its own, in trouble."""

import re

from .operated import ALL, Operated, simulation
from .phones import Davx5, Thunderbird
from .suite import until
from .vdirsyncer import Vdirsyncer

# counts of calls that are the same in a row when nothing goes on, each 0.1 s after the other
STILL = 10
UID = re.compile(r"^UID:(.*)$", re.M)


class Case:
    """A cloud, a bridge and clients of their own. What is assigned to `before` is what vdirsyncer has
    now, rightly; the phones then take their stock, too."""

    def __init__(self, suite, name, settings="", full=True, flags=(), **more):
        suite.section(name)
        self.suite, self.name = suite, name
        folder = f"{len(suite.cleanups)}-"
        self.process = simulation(suite, "--files", "2", "--events", "60", "--contacts", "20", *flags)
        self.bridge = Operated(suite, self.process, settings, **more)
        self.cloud, self.pim = self.bridge.sky, self.bridge.pim
        self.sync = Vdirsyncer(suite, self.bridge, self.bridge.url + "/dav/", folder + "sync")
        self.check("collections are found", self.sync.discover().returncode == 0)
        self.phones = [Davx5(self), Thunderbird(self)]
        if full:
            self.good("everything")
            self.before = self.sync.hashes()
            self.check("something is there", len(self.before) > 60, len(self.before))

    @property
    def before(self):
        """The state of vdirsyncer's folders that has to stay."""
        return self._before

    @before.setter
    def before(self, hashes):
        self._before, self.stock = hashes, {}
        have = set(self.uids())
        for phone in self.phones:
            name = type(phone).__name__
            self.equal(f"{name} is content", [], phone.sync())
            lost = sorted(set(phone.removed) & have - set(phone.uids()))
            self.suite.none(f"{self.name}: {name} has deleted nothing that is there", lost)
            self.stock[name] = phone.texts()

    def uids(self):
        """Kind, collection and UID of everything that vdirsyncer has."""
        return [(*path.split("/")[:2], uid.strip()) for path, text in self.sync.files().items() for uid in set(UID.findall(text))]

    def check(self, what, good, detail=""):
        return self.suite.check(f"{self.name}: {what}", good, detail)

    def equal(self, what, want, got):
        return self.suite.equal(f"{self.name}: {what}", want, got)

    def good(self, what):
        """A sync that must succeed."""
        done = self.sync.sync()
        self.check(f"{what}: vdirsyncer is content", done.returncode == 0, done.text[-900:] + self.bridge.text()[-900:])
        return done

    def same(self, what):
        """Nothing local is gone, new or other than before."""
        now = self.sync.hashes()
        gone, new = sorted(self.before.keys() - now.keys()), sorted(now.keys() - self.before.keys())
        other = sorted(path for path in now.keys() & self.before.keys() if now[path] != self.before[path])
        told = {"gone": gone, "new": new, "changed": other}
        self.suite.none(f"{self.name}: {what}: nothing is gone, new or changed",
                        [f"{word} {path}" for word, paths in told.items() for path in paths])
        self.alone(what)
        for phone in self.phones:
            name = type(phone).__name__
            phone.sync()
            now, stock = phone.texts(), self.stock[name]
            other = sorted(href for href in stock.keys() | now.keys() if stock.get(href) != now.get(href))
            self.suite.none(f"{self.name}: {what}: {name} keeps what it has", other)
            uids = phone.uids()
            self.equal(f"{what}: {name} has each UID once", len(uids), len(set(uids)))

    def alone(self, what):
        """No object is there twice in a collection."""
        uids = [(path.split("/")[:2], uid) for path, text in self.sync.files().items() for uid in set(UID.findall(text))]
        self.equal(f"{what}: each UID once", len(uids), len(set(map(str, uids))))

    def quiet(self, what):
        """A sync that may fail, after which everything is as before."""
        done = self.sync.sync()
        self.same(what)
        return done

    def looked(self, what, seconds=ALL):
        """Time passes, and whatever look is due then comes to its end."""
        self.bridge.later(seconds)
        calls = self.cloud.counters()
        done = self.quiet(f"{what}, while it is looked")
        until(f"{what}: a look", lambda: self.cloud.counters() != calls)
        self.settled()
        self.quiet(what)
        return done

    def settled(self):
        """Waits until the bridge asks the cloud nothing any more."""
        # a walk on a loaded machine may halt for a while
        seen = [None] * STILL

        def still():
            seen.append(self.cloud.counters())
            return len({str(sorted(one.items())) if one is not None else None for one in seen[-STILL:]}) == 1
        until("the bridge is quiet", still, 30, 0.1)

    def healed(self):
        """The trouble is over: everything is as it was."""
        self.bridge.later(ALL)
        self.sync.sync()
        self.settled()
        done = self.good("afterwards")
        self.equal("afterwards nothing moves", [], done.moves)
        self.same("afterwards")
        thunderbird, have = next(one for one in self.phones if isinstance(one, Thunderbird)), set(self.uids())
        ours = {(*path.split("/")[-4:-3], path.split("/")[-2]) for path in thunderbird.shelves}
        self.equal("Thunderbird has what vdirsyncer has", {one for one in have if one[:2] in ours}, set(thunderbird.uids()))
        self.bridge.finish()
        self.process.end()
