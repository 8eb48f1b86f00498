"""The list of rules: each a small function that reads one exchange and says what is wrong."""

import re

from .davxml import Malformed

RULES = []
EVERYONE = "all"


def is_listing(exchange):
    """A PROPFIND that was answered."""
    return exchange.method == "PROPFIND" and exchange.status == 207


def is_multistatus(exchange):
    """A PROPFIND or REPORT that was answered with a multistatus."""
    return exchange.method in ("PROPFIND", "REPORT") and exchange.status == 207


def is_report(exchange):
    """A REPORT that was answered with a multistatus."""
    return exchange.method == "REPORT" and exchange.status == 207


def is_options(exchange):
    """An OPTIONS that was answered."""
    return exchange.method == "OPTIONS" and 200 <= exchange.status < 300


def is_content(exchange):
    """A GET or HEAD with content."""
    return exchange.method in ("GET", "HEAD") and exchange.status in (200, 206)


def is_any(_):
    """Every answer."""
    return True


class Rule:
    """What one client, or everyone, needs of an answer."""

    def __init__(self, client, when, check):
        self.client, self.when, self.check = client, when, check
        self.name = f"{client}.{check.__name__}"

    def applies(self, exchange):
        """Whether this rule reads this exchange."""
        return self.client in (EVERYONE, exchange.client) and self.when(exchange)

    def complaints(self, exchange):
        """What is wrong, as sentences."""
        try:
            return list(self.check(exchange) or ())
        except Malformed as error:
            return [f"unreadable: {error}"]


def rule(client, when):
    """Registers a rule; its doc string is what it demands."""
    def register(check):
        RULES.append(Rule(client, when, check))
        return check
    return register


def judge(exchange):
    """Names of broken rules with sentences; the first few of each rule."""
    found = []
    for one in RULES:
        if one.applies(exchange):
            complaints = one.complaints(exchange)
            found += [(one.name, text) for text in complaints[:3]]
            if len(complaints) > 3:
                found.append((one.name, f"… and {len(complaints) - 3} more of these"))
    return found


HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT")
STRONG_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]+"')
