"""What the suites look at: the account's drives as the cloud tells them, and a few chosen files."""

from collections import Counter, defaultdict

from .dav import encoded
from .listing import nfc, shape

# calls that are no GET and yet only read
READING = ("listing/continue", "listing/full", "listing/partial", "files/exists")
ODD = "Private/Odd names"


class Sample:
    """The truth, fetched once before a client starts."""

    def __init__(self, demo):
        self.demo = demo
        self.drives = demo.cloud.drives()
        self.trees = {name: demo.cloud.tree(drive["id"]) for name, drive in self.drives.items()}
        self.roots = demo.dav.drives()
        if set(self.roots) != set(self.drives):
            raise RuntimeError(f"drives: the cloud has {set(self.drives)}, the bridge {set(self.roots)}")
        name = max(self.trees, key=lambda name: len(self.trees[name]))
        self.name, self.drive, self.tree = name, self.drives[name], self.trees[name]
        self.folders = defaultdict(list)
        for node in self.tree:
            self.folders[node.path.rpartition("/")[0]].append(node)
        # paths of the larger drive on the bridge, encoded
        self.root = self.roots[name]
        self.node = self.find("Private/Work/offer.docx")
        self.file = self.root + encoded(self.node.path)
        self.folder = self.root + "Private/Work/"
        self.content = demo.cloud.content(self.drive["id"], self.node.id)
        self.names = [node.name for node in self.inside("Private/Work")]
        self.big = max((node for node in self.tree if not node.is_folder), key=lambda node: node.size)

    def find(self, path):
        """The node at a path of the larger drive."""
        return next(node for node in self.tree if node.path == path)

    def inside(self, folder):
        """Direct children of a folder of the larger drive."""
        return self.folders.get(folder, [])

    @property
    def plain(self):
        """Nodes whose path is theirs alone in normal form C, so that it leads to them."""
        paths = Counter(nfc(node.path) for node in self.tree)
        return {node for node in self.tree if paths[nfc(node.path)] == 1}

    @property
    def odd(self):
        """Files with odd names."""
        return [node for node in self.inside(ODD) if not node.is_folder and node in self.plain]

    def everything(self, largest=None):
        """Paths and sizes of the larger drive; `largest` leaves bigger files out."""
        return [
            (path, size)
            for path, size in shape(self.tree)
            if largest is None or size is None or size <= largest
        ]

    def unwritten(self, suite):
        """Checks that the cloud is as it was and was only ever asked."""
        suite.section("nothing written")
        for name, tree in self.trees.items():
            now = self.demo.cloud.tree(self.drives[name]["id"])
            same = Counter(tree) == Counter(now)
            suite.check(f"{name} is as it was", same, set(tree) ^ set(now))
        asked = self.demo.cloud.counters()
        odd = {
            route: n
            for route, n in asked.items()
            if not route.startswith("GET") and not any(r in route for r in READING)
        }
        suite.equal("the cloud was only asked", {}, odd)
