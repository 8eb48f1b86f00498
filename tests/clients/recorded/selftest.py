"""Proves the rules: good answers pass all of them, and each fails on its planted wrong answer."""

from . import canned, plants
from .ruling import EVERYONE, RULES, judge


def client_of(rule):
    """A client under which a rule is read."""
    name = rule.partition(".")[0]
    return "nobody" if name == EVERYONE else name


def problems():
    """What the self-test finds wrong, as sentences."""
    clients = {rule.client for rule in RULES}
    for client in sorted(clients):
        for name, exchange in canned.exchanges(client).items():
            for found, text in judge(exchange):
                yield f"good {name} of {client} is refused by {found}: {text}"
    planted = plants.GENERAL + plants.CLIENTS
    for rule, name, change in planted:
        wrong = change(canned.exchanges(client_of(rule))[name])
        if rule not in [found for found, _ in judge(wrong)]:
            yield f"{rule} passes a wrong {name}: found {judge(wrong)}"
    names = {rule.name for rule in RULES}
    for rule in sorted(names - {rule for rule, _, _ in planted}):
        yield f"{rule} has no planted wrong answer"
    for rule in sorted({rule for rule, _, _ in planted} - names):
        yield f"{rule} is no rule"


def main():
    """Prints the result; the exit status."""
    found = list(problems())
    for problem in found:
        print(problem)
    count = len(plants.GENERAL) + len(plants.CLIENTS)
    print(f"{len(RULES)} rules, {count} planted wrong answers")
    print(f"{count - len(found)} passed, {len(found)} failed")
    return 1 if found else 0
