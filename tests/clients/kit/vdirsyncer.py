"""The real vdirsyncer, with folders for calendars and address books."""

import hashlib
import re

CONFIG = """
[general]
status_path = "{folder}/status/"
{pairs}
"""
PAIR = """
[pair {kind}]
a = "{kind}_far"
b = "{kind}_near"
collections = ["from a"]
conflict_resolution = "a wins"
metadata = [{metadata}]

[storage {kind}_far]
type = "{type}"
url = "{url}"
username = "{user}"
password = "{password}"
read_only = true

[storage {kind}_near]
type = "filesystem"
path = "{folder}/{kind}/"
fileext = "{ending}"
"""
KINDS = {
    "calendars": ("caldav", ".ics", '"displayname", "color"'),
    "addressbooks": ("carddav", ".vcf", '"displayname"'),
}
# how its log tells that it changes something
MOVES = re.compile(r"(?:Copying|Deleting).*")


class Vdirsyncer:
    """One user's vdirsyncer; `url` is what the user was told."""

    def __init__(self, suite, bridge, url, name="vdirsyncer", kinds=tuple(KINDS)):
        self.suite, self.folder, self.kinds = suite, suite.folder / name, kinds
        self.folder.mkdir()
        self.config = self.folder / "config"
        self.point(bridge, url)

    def point(self, bridge, url):
        """Writes the configuration."""
        pairs = ""
        for kind in self.kinds:
            storage, ending, metadata = KINDS[kind]
            pairs += PAIR.format(kind=kind, type=storage, ending=ending, metadata=metadata, url=url,
                                 user=bridge.user, password=bridge.password, folder=self.folder)
        self.config.write_text(CONFIG.format(folder=self.folder, pairs=pairs))

    def __call__(self, *words, stdin=None):
        done = self.suite.run(["vdirsyncer", "-v", "INFO", "-c", self.config, *words], stdin=stdin)
        done.text = (done.stdout + done.stderr).decode()
        done.moves = MOVES.findall(done.text)
        return done

    def discover(self):
        """Looks for collections; new ones get a local folder."""
        return self("discover", stdin="y\n" * 40)

    def sync(self):
        """Copies what changed; `moves` are the lines that tell so."""
        return self("sync")

    def files(self, kind=None):
        """Paths below the folder, such as `calendars/team/x.ics`, to texts."""
        found = {}
        for one in (kind,) if kind else self.kinds:
            for path in sorted((self.folder / one).rglob("*" + KINDS[one][1])):
                found[str(path.relative_to(self.folder))] = path.read_text()
        return found

    def hashes(self):
        """The state of the folders, to compare with later."""
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in self.files().items()}

    def names(self, kind):
        """What collections are called by the files that hold their names."""
        found = (self.folder / kind).glob("*/displayname")
        return {path.parent.name: path.read_text() for path in found}
