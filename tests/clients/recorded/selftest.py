"""Proves the rules: good answers pass all of them, and each fails on its planted wrong answer."""

from . import badinput, canned, canned_items, plants, plants_items, selfsteps
from .fakes import World, answering
from .ruling import EVERYONE, RULES, judge


def client_of(rule):
    """A client under which a rule is read."""
    name = rule.partition(".")[0]
    return "nobody" if name == EVERYONE else name


def good(client):
    """The good answers of what a client uses: files, or calendars and contacts, or both for rules of everyone."""
    files, items = ({rule.partition(".")[0] for rule, _, _ in some} for some in (plants.CLIENTS, plants_items.CLIENTS))
    return ({} if client in items else canned.exchanges(client)) | ({} if client in files else canned_items.exchanges(client))


def planted_answers():
    """All wrong ones."""
    return plants.GENERAL + plants.CLIENTS + plants_items.GENERAL + plants_items.CLIENTS


def problems():
    """What the self-test finds wrong, as sentences."""
    clients = {rule.client for rule in RULES}
    for client in sorted(clients):
        for name, exchange in good(client).items():
            for found, text in judge(exchange):
                yield f"good {name} of {client} is refused by {found}: {text}"
    planted = planted_answers()
    for rule, name, change in planted:
        wrong = change(good(client_of(rule))[name])
        if rule not in [found for found, _ in judge(wrong)]:
            yield f"{rule} passes a wrong {name}: found {judge(wrong)}"
    names = {rule.name for rule in RULES}
    for rule in sorted(names - {rule for rule, _, _ in planted}):
        yield f"{rule} has no planted wrong answer"
    for rule in sorted({rule for rule, _, _ in planted} - names):
        yield f"{rule} is no rule"


def bad_input_problems():
    """Servers that take bad input badly must be noticed, and one that takes it well must not."""
    cases = [("malformed", b"PROPFIND /bad HTTP/1.1\r\nHost: h\r\n\r\n", badinput.CLIENT_ERROR)]
    servers = {"good": {"/bad": 400}, "lenient": {"/bad": 207}, "falling over": {"/bad": 500},
               "hanging up": {"/bad": None}, "dying": {"/bad": 400, "/": None}}
    for name, statuses in servers.items():
        with answering(statuses) as address:
            _, complaints = badinput.play(World(address), None, lambda world: cases)
        if bool(complaints) == (name == "good"):
            yield f"bad input at a {name} server: {[str(one) for one in complaints]}"
    names = [name for name, _, _ in badinput.cases(World(("127.0.0.1", 1)))]
    if len(names) < 200 or len(set(names)) != len(names):
        yield f"{len(names)} bad requests, {len(set(names))} different names"


def main():
    """Prints the result; the exit status."""
    found = [*problems(), *selfsteps.problems(), *bad_input_problems()]
    for problem in found:
        print(problem)
    count = len(planted_answers()) + len(selfsteps.PLANTED) + 6
    print(f"{len(RULES)} rules, {count} planted wrong answers and servers")
    print(f"{count - len(found)} passed, {len(found)} failed")
    return 1 if found else 0
