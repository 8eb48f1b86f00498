#!/usr/bin/env python3
"""Independent truth: odd contacts, fetched through the bridge and read with Python's `vobject`, hold what
the simulated cloud's records say, by a mapping written here from what is known of them."""

import json
import re
import sys
from datetime import date

sys.dont_write_bytecode = True
import vobject  # noqa: E402
from kit import Suite  # noqa: E402
from kit.objects import objects  # noqa: E402
from kit.operated import Operated, simulation  # noqa: E402

BOOK = 5510
# what e-mails, phones, addresses and details are lists of is not certain
MODES = ("as_given", "strings", "objects")
# names of the parts of an address
PARTS = {
    "street": ("street", "address", "value"),
    "city": ("city", "locality"),
    "region": ("region", "state"),
    "code": ("zip", "postalCode", "postal_code"),
    "country": ("country",),
}
BIRTHDAY = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)(?:$|T)|(\d{4})(\d\d)(\d\d)$|--(\d\d)-(\d\d)$)")
SWISS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$")
# an id that can be part of a name as it is
SAFE = re.compile(r"[\w-]+$", re.ASCII)


def main():
    with Suite("truth-contacts") as suite:
        for mode in MODES:
            suite.section(mode)
            process = simulation(suite, "--files", "2", "--events", "2", "--contacts", "30", "--corpus", "--switches",
                                 json.dumps({"contact_values": mode}))
            bridge = Operated(suite, process)
            for name, href in bridge.collections("addressbooks").items():
                compare(suite, bridge, mode, name, href)
            bridge.finish()
            process.end()


def compare(suite, bridge, mode, name, href):
    """One book: every card reads, and says what its record says."""
    texts = objects(bridge.dav, href)
    cards = {one: vobject.readOne(text) for one, text in texts.items()}
    suite.equal(f"{mode}, {name}: one card an object", [1] * len(texts),
                [len(list(vobject.readComponents(text))) for text in texts.values()])
    suite.equal(f"{mode}, {name}: no UID twice", len(cards), len({card.uid.value for card in cards.values()}))
    suite.equal(f"{mode}, {name}: names are unique", len(cards), len({one.lower() for one in cards}))
    suite.none(f"{mode}, {name}: lines are at most 75 octets", [
        one for one, text in texts.items() if any(len(line.encode()) > 75 for line in text.splitlines())])
    book = next(book for book, one in bridge.pim.books().items() if (one["name"] or "Organisation") == name)
    records = {}
    for one in all_of(bridge, book):
        # of two with one id there is but one
        records.setdefault(str(one["id"]), one)
    by_id = {ident(one): card for one, card in cards.items()}
    odd = [key for key in records if not SAFE.match(key)]
    shortened = [key for key in by_id if key not in records]
    if len(odd) == len(shortened) == 1:
        by_id[odd[0]] = by_id.pop(shortened[0])
    suite.equal(f"{mode}, {name}: every contact, once", sorted(records), sorted(by_id))
    complaints = []
    for key, record in records.items():
        want, got = wanted(record), found(by_id.get(key))
        for field in want:
            if want[field] != got.get(field):
                complaints.append(f"{key} {field}: wanted {want[field]!r:.200}, got {got.get(field)!r:.200}")
    suite.none(f"{mode}, {name}: {len(records)} cards as their records", complaints)


def all_of(bridge, book):
    """Records of a book that have an id."""
    every = [one for ones in bridge.pim.contacts().values() for one in ones]
    return [one for one in every if str(one.get("addressbook_id")) == str(book) and one.get("id") is not None]


def ident(href):
    return href.rpartition("/")[2].removeprefix("infomaniak-contact-").removesuffix(".vcf")


def wanted(record):
    """What a record says, as a card has it."""
    names = {name: text(record.get(name)) for name in ("name", "firstname", "lastname")}
    mails = values(record.get("emails"))
    # a telephone number may not be spelled as a text
    phones = values([str(one) if isinstance(one, int) else one for one in listed(record.get("phones"))])
    joined = " ".join(filter(None, (names["firstname"], names["lastname"])))
    company = organisation(record)
    shown = [names["name"], joined, *nicknames(record), company, *mails, *phones]
    given, family = names["firstname"], names["lastname"]
    if not joined and not company:
        # of a person whose name is only shown, the last of several words is the family's
        words = names["name"].split()
        given, family = (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (" ".join(words), "")
    return {
        "shown": next((one for one in shown if one), "?"),
        "given": given, "family": family, "company": company,
        "mails": mails, "phones": phones, "addresses": addresses(record.get("addresses")), "birthday": birthday(record),
    }


def found(card):
    """What a card says."""
    if card is None:
        return {}
    def many(name):
        return [plain(one.value) for one in getattr(card, name + "_list", [])]
    box = [one.value for one in getattr(card, "adr_list", [])]
    names = card.n.value
    return {
        "shown": plain(card.fn.value), "given": plain(names.given), "family": plain(names.family),
        "company": plain(card.org.value[0]) if hasattr(card, "org") else "",
        "mails": many("email"), "phones": many("tel"),
        "addresses": [{name: plain(getattr(one, name)) for name in PARTS} for one in box],
        "birthday": born(card),
    }


def born(card):
    """Year, month and day; 1604 is what Apple's clients write for a year that is not known."""
    if not hasattr(card, "bday"):
        return None
    year, month, day = map(int, card.bday.value.split("-"))
    return (year, month, day)


def plain(value):
    """A text without what cards cannot have, blanks and line breaks as single blanks."""
    if isinstance(value, list):
        value = " ".join(value)
    value = "".join("\ufffd" if 0xD800 <= ord(one) <= 0xDFFF else one for one in value)
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe]", "", value).split())


def text(value):
    return plain(value) if isinstance(value, str) else ""


def listed(value):
    return value if isinstance(value, list) else [value]


def values(value):
    """Texts of a list of texts or objects."""
    told = []
    for one in listed(value):
        inner = one if isinstance(one, str) else None
        if isinstance(one, dict):
            inner = next((one[name] for name in ("value", "address", "email", "number", "phone") if text(one.get(name))), None)
        if text(inner):
            told.append(text(inner))
    return told


def addresses(value):
    told = []
    for one in listed(value):
        record = {"street": one} if isinstance(one, str) else one if isinstance(one, dict) else {}
        parts = {part: next(filter(None, map(word, map(record.get, names))), "") for part, names in PARTS.items()}
        if any(parts.values()):
            told.append(parts)
    return told


def word(value):
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)


def details(record):
    """Pairs of a small name and a value."""
    pairs = [(name, value) for name, value in record.items()]
    for one in listed(record.get("details")):
        if not isinstance(one, dict):
            continue
        name = next((one[key] for key in ("type", "key", "name", "label") if isinstance(one.get(key), str)), None)
        value = next((one[key] for key in ("value", "text") if key in one), None)
        pairs += [(name.lower(), value)] if name and value is not None else [(key.lower(), inner) for key, inner in one.items()]
    return pairs


def organisation(record):
    names = ("org", "organization", "organisation", "company")
    told = [inner for name, value in details(record) if name in names for inner in inner_texts(value)]
    return told[0] if told else ""


def inner_texts(value):
    """Texts of a value, its `name` where it is an object."""
    for one in listed(value):
        one = one.get("name", one.get("value")) if isinstance(one, dict) else one
        if text(one):
            yield text(one)


def nicknames(record):
    return [inner for name, value in details(record) if name == "nickname" for inner in inner_texts(value)]


def birthday(record):
    for name, value in details(record):
        if name == "birthday" and isinstance(value, str):
            if swiss := SWISS.match(value):
                day, month, year = map(int, swiss.groups())
                return checked(year, month, day)
            if told := BIRTHDAY.match(value):
                year, month, day = (told.groups()[:3] if told[1] else told.groups()[3:6] if told[4] else (None, told[7], told[8]))
                return checked(year and int(year), int(month), int(day))
    return None


def checked(year, month, day):
    """A day that there is."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return (year or 1604, month, day)


if __name__ == "__main__":
    main()
