#!/usr/bin/env python3
"""litmus on a read-only server: exactly the tests that write may fail, each for a reason given here.

litmus makes a collection of its own before anything else. A relay says yes to that and shows it an
empty folder of the cloud in its place; everything else reaches the bridge. Left out: copymove, which
only writes, and http, whose one test sends a PUT that the relay would answer (curl's suite has it).
"""

import re
import sys

sys.dont_write_bytecode = True
from kit import Demo, Suite  # noqa: E402
from kit.dav import encoded  # noqa: E402
from kit.relay import Relay  # noqa: E402
from kit.sample import ODD, Sample  # noqa: E402

PUT, MKCOL = "PUT is 403", "MKCOL is 403"
NO_FILE, NO_FOLDER = "needs the file that PUT made", "needs the folder that MKCOL made"
# number and name of each test that does not pass, how, and why; all others pass
EXPECTED = {
    "basic": (
        15,
        {
            (3, "put_get"): ("FAIL", PUT),
            (4, "put_get_utf8_segment"): ("FAIL", PUT),
            (6, "mkcol_over_plain"): ("SKIPPED", NO_FILE),
            (7, "delete"): ("SKIPPED", NO_FILE),
            (9, "delete_fragment"): ("FAIL", MKCOL),
            (10, "mkcol"): ("FAIL", MKCOL),
            (11, "mkcol_again"): ("SKIPPED", NO_FOLDER),
            (12, "delete_coll"): ("SKIPPED", NO_FOLDER),
            (14, "mkcol_with_body"): ("FAIL", "403 although the body would be worth a 415"),
        },
    ),
    "props": (
        29,
        {
            (5, "propinit"): ("FAIL", PUT),
            **{
                (number, name): ("SKIPPED", NO_FILE)
                for number, name in (
                    (6, "propset"),
                    (7, "propget"),
                    (9, "propmove"),
                    (10, "propget"),
                    (11, "propdeletes"),
                    (12, "propget"),
                    (13, "propreplace"),
                    (14, "propget"),
                    (15, "propnullns"),
                    (16, "propget"),
                    (17, "prophighunicode"),
                    (18, "propget"),
                    (19, "propremoveset"),
                    (20, "propget"),
                    (21, "propsetremove"),
                    (22, "propget"),
                    (23, "propvalnspace"),
                    (27, "propget"),
                )
            },
            (25, "propinit"): ("FAIL", PUT),
            (26, "propmanyns"): ("FAIL", "PROPPATCH of what is not there"),
        },
    ),
    "locks": (3, {(3, "precond"): ("SKIPPED", "the server is class 1 and 3, so without locks")}),
}
TEST = re.compile(r"^ ?(\d+)\. (\w+?)\.+ (.*)$")
RESULT = re.compile(r"\b(pass|FAIL|SKIPPED)\b")


def results(output):
    """Number and name of each test to its result; a warning stands on a line before the result."""
    found, test = {}, None
    for line in output.replace("\r", "\n").splitlines():
        row = TEST.match(line)
        test = (int(row[1]), row[2]) if row else test
        result = RESULT.search(row[3] if row else line)
        if test and result and test not in found:
            found[test] = result[1]
    return found


def main():
    with Suite("litmus") as suite:
        demo = Demo(suite)
        sample = Sample(demo)
        mine = f"{sample.root}Private/litmus/"
        empty = f"{sample.root}{encoded(ODD)}/Empty%20folder/"

        def own(method, path):
            return {"DELETE": 404, "MKCOL": 201}.get(method) if path.rstrip("/") == mine.rstrip("/") else None

        relay = Relay(suite, demo.base, own, [(mine, empty)])
        for name, (last, unlike) in EXPECTED.items():
            command = [
                f"/usr/libexec/litmus/{name}",
                "--htdocs",
                "/usr/share/litmus/htdocs",
                f"{relay.base}{sample.root}Private/",
                demo.user,
                demo.password,
            ]
            said = suite.run(command, cwd=suite.folder).stdout.decode(errors="replace")
            got = results(said)
            suite.equal(f"{name}: all tests ran", list(range(last + 1)), [number for number, _ in got])
            for test, result in got.items():
                wanted, why = unlike.get(test, ("pass", ""))
                suite.equal(
                    f"{name} {test[0]} {test[1]}: {wanted}" + (f", {why}" if why else ""), wanted, result
                )
        sample.unwritten(suite)


if __name__ == "__main__":
    main()
