#!/usr/bin/env python3
"""cadaver: listings, content and properties as its own parser reads them; writes refused."""

import re
import sys
from urllib.parse import urlsplit

sys.dont_write_bytecode = True
from kit import NO_LISTINGS, Calls, Demo, Suite, differences, note_calls  # noqa: E402
from kit.sample import ODD, Sample  # noqa: E402

# `Coll:   name    size  date`, a file without the first word; `*` marks an executable
ROW = re.compile(r"^(Coll:| {5})  [ *](.*?)\s+(\d+)  (.{12})$")


class Cadaver:
    """cadaver with the password from .netrc and commands on its standard input."""

    def __init__(self, suite, demo):
        self.suite, self.demo = suite, demo
        home = suite.folder / "home"
        home.mkdir(exist_ok=True)
        host = urlsplit(demo.base).hostname
        (home / ".netrc").write_text(f"machine {host} login {demo.user} password {demo.password}\n")
        (home / ".netrc").chmod(0o600)
        self.env = {"HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb"}

    def __call__(self, path, *commands):
        """Runs commands in a collection; gives all that cadaver says."""
        done = self.suite.run(
            ["cadaver", self.demo.base + path],
            stdin="\n".join([*commands, "quit", ""]),
            env=self.env,
            cwd=self.suite.folder,
        )
        return (done.stdout + done.stderr).decode()

    def listing(self, path):
        """Names and sizes in a collection, blanks at the end of names apart: cadaver pads with them."""
        rows = [ROW.match(line) for line in self(path, "ls").splitlines()]
        return [(row[2].rstrip(), None if row[1] == "Coll:" else int(row[3])) for row in rows if row]


def main():
    with Suite("cadaver") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        cadaver = Cadaver(suite, demo)
        with Calls(demo.cloud) as calls:
            for folder in ("Private", ODD, "Private/Work"):
                truth = [(node.name.rstrip(), node.size) for node in sample.inside(folder)]
                got = cadaver.listing(sample.root + folder.replace(" ", "%20") + "/")
                suite.none(f"ls {folder}", differences(truth, got))
        note_calls("cadaver", "three folders", calls, len(sample.inside(ODD)))
        said = cadaver(sample.root, f'cd "{ODD}/Empty folder"', "ls")
        suite.check("an empty folder is empty", "collection is empty" in said, said)
        said = cadaver(sample.folder, f"get {sample.node.name} got")
        got = suite.folder / "got"
        suite.check("get", got.exists() and got.read_bytes() == sample.content, said)
        said = cadaver(sample.folder, f"propget {sample.node.name}")
        suite.check("propget", f"getcontentlength = {sample.node.size}\n" in said, said)
        said = cadaver(sample.folder, "ls nothing-there")
        suite.check("what is not there is an error", "failed" in said and "404" in said, said)
        local = suite.folder / "local.txt"
        local.write_text("local")
        name = sample.node.name
        for command in (
            f"put {local} new.txt",
            f"put {local} {name}",
            f"delete {name}",
            "mkcol new",
            f"copy {name} copy",
            f"move {name} moved",
            f"rmcol {sample.inside('Private/Work')[0].name}",
        ):
            said = cadaver(sample.folder, command)
            # rmcol of a file is refused by cadaver itself
            suite.check(f"{command.split()[0]} fails", "failed" in said or "not a collection" in said, said)
            suite.check(f"{command.split()[0]} does not succeed", "succeeded" not in said, said)
        sample.unwritten(suite)
        suite.section("the cloud in trouble")
        cold = Demo(suite)
        place = Sample(cold).folder
        with cold.cloud.faults(NO_LISTINGS):
            # a place that cannot be opened is not listed at all
            said = Cadaver(suite, cold)(place, "ls")
        suite.check("an error, not an empty folder", "503" in said and "is empty" not in said, said)


if __name__ == "__main__":
    main()
