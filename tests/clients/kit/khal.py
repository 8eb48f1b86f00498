"""The real khal and khard, reading the folders that vdirsyncer fills."""

KHAL = """
[calendars]
[[all]]
path = {folder}/calendars/*
type = discover

[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
firstweekday = 0

[sqlite]
path = {folder}/khal.db

[default]
default_calendar = {default}
"""
KHARD = """
[addressbooks]
{books}
[general]
default_action = list
editor = /bin/true
merge_editor = /bin/true

[contact table]
display = formatted_name
show_uids = no
"""
BOOK = """[[{name}]]
path = {folder}/addressbooks/{name}/
"""
ROW = "{start-long-full}|{end-long-full}|{title}"


def shown(begin, end, title):
    """As khal tells it; whole days come with and without midnight."""
    days = begin.endswith(" 00:00") and end.endswith(" 00:00")
    return (begin[:10], end[:10], title) if days else (begin, end, title)


class Khal:
    """khal over a vdirsyncer folder."""

    def __init__(self, suite, folder):
        self.suite, self.config = suite, folder / "khal.conf"
        default = next(path.name for path in sorted((folder / "calendars").iterdir()))
        self.config.write_text(KHAL.format(folder=folder, default=default))

    def good(self, *words):
        """Output of a command that must succeed, as lines."""
        environment = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        done = self.suite.run(["khal", "-c", self.config, *map(str, words)], env=environment)
        self.suite.check(f"`khal {' '.join(map(str, words[:1]))}` succeeds", done.returncode == 0,
                         done.stderr.decode()[-800:])
        complaints = [line for line in done.stderr.decode().splitlines() if "error" in line.lower()]
        self.suite.none(f"`khal {words[0]}` reads everything", complaints)
        return done.stdout.decode().splitlines()

    def rows(self, calendar, first, last):
        """Begin, end and title of what begins or goes on between two days, a set; UTC."""
        form = ("--format", ROW, "--day-format", "", "-a", calendar)
        lines = self.good("list", *form, first, last)
        return {shown(*line.split("|", 2)) for line in lines if "|" in line}


class Khard:
    """khard over a vdirsyncer folder."""

    def __init__(self, suite, folder):
        self.suite, self.config = suite, folder / "khard.conf"
        books = [path.name for path in sorted((folder / "addressbooks").iterdir())]
        self.config.write_text(KHARD.format(books="".join(BOOK.format(name=name, folder=folder) for name in books)))

    def good(self, *words):
        """Output of a command that must succeed, as lines."""
        done = self.suite.run(["khard", "-c", self.config, *words], env={"LC_ALL": "C.UTF-8"})
        self.suite.check(f"`khard {words[0]}` succeeds", done.returncode == 0, done.stderr.decode()[-800:])
        return done.stdout.decode().splitlines()
