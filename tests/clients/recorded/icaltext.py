"""Texts of events and contacts, read line by line."""

import re

LINE = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;[^:;=]+=(?:\"[^\"]*\"|[^\";:]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)*):(.*)", re.S)


class Text:
    """An iCalendar or vCard text: its lines unfolded, as (components above, name, parameters, value)."""

    def __init__(self, text):
        self.raw, self.lines, self.unreadable = text, [], []
        above = []
        for line in re.sub("\r?\n[ \t]", "", text).splitlines():
            match = LINE.fullmatch(line)
            if not match:
                self.unreadable.append(line)
                continue
            name, parameters, value = match[1].upper(), match[2], match[3]
            if name == "END" and above:
                above.pop()
            self.lines.append((tuple(above), name, parameters, value))
            if name == "BEGIN":
                above.append(value.upper())
        self.open = above

    def values(self, name, within=None):
        """Values of a property, everywhere or directly within a component."""
        return [value for above, other, _, value in self.lines
                if other == name and (within is None or above and above[-1] == within)]

    def uids(self):
        """Different UIDs of events, tasks and journals, or of the card."""
        return sorted({value for above, name, _, value in self.lines
                       if name == "UID" and above[-1] in ("VEVENT", "VTODO", "VJOURNAL", "VCARD")})

    def zones(self):
        """Zones that are named and zones that are defined."""
        named = {match[1].strip('"') for _, _, parameters, _ in self.lines
                 if (match := re.search(r";TZID=(\"[^\"]*\"|[^;:]*)", parameters, re.I))}
        return named, set(self.values("TZID", "VTIMEZONE"))

    def surely_after(self, day):
        """Whether the event begins after a day, or repeats without end."""
        rules = self.values("RRULE", "VEVENT")
        begins = [value[:8] for value in self.values("DTSTART", "VEVENT")]
        endless = any("UNTIL" not in rule and "COUNT" not in rule for rule in rules)
        return endless or any(begin > day for begin in begins)
