"""The real rclone with the bridge as a webdav remote."""

import json

FAST = ("--retries", "1", "--low-level-retries", "1")


class Rclone:
    """rclone with one remote, `bridge:`, whose root is a path of the bridge."""

    def __init__(self, suite, demo, path):
        self.suite = suite
        obscured = suite.run(["rclone", "obscure", demo.password]).stdout.decode().strip()
        self.env = {
            "RCLONE_CONFIG": str(suite.folder / "rclone.conf"),
            "RCLONE_CONFIG_BRIDGE_TYPE": "webdav",
            "RCLONE_CONFIG_BRIDGE_URL": demo.base + path,
            "RCLONE_CONFIG_BRIDGE_VENDOR": "other",
            "RCLONE_CONFIG_BRIDGE_USER": demo.user,
            "RCLONE_CONFIG_BRIDGE_PASS": obscured,
            "RCLONE_CACHE_DIR": str(suite.folder / "rclone-cache"),
        }

    def __call__(self, *arguments, stdin=None):
        """Runs rclone; gives the finished process."""
        return self.suite.run(["rclone", *map(str, arguments)], stdin=stdin, env=self.env)

    def good(self, *arguments):
        """Runs rclone and checks that it reports success; gives its output."""
        done = self(*arguments)
        self.suite.check(f"rclone {arguments[0]} succeeds", done.returncode == 0, done.stderr.decode())
        return done.stdout.decode()

    def listing(self, *arguments):
        """`lsjson -R`: records of everything below the root."""
        return json.loads(self.good("lsjson", "-R", "bridge:", *arguments) or "[]")
