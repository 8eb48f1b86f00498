"""The one table: what was measured, its target, and whether it is met."""


class Table:
    """Rows of name, figure, target, verdict."""

    def __init__(self):
        self.rows = []

    def add(self, name, figure, target="", ok=None):
        """A row; ok is None where nothing is promised."""
        self.rows.append((name, figure, target, {None: "", True: "ok", False: "below"}[ok]))

    def note(self, text):
        """A line below a row, outside the columns."""
        self.rows.append((text, None))

    def title(self, text):
        """A heading between rows."""
        self.rows.append((text,))

    def print(self):
        """The rows in columns."""
        full = [row for row in self.rows if len(row) == 4]
        widths = [max(len(row[n]) for row in full) for n in range(4)]
        for row in self.rows:
            if len(row) == 1:
                print(f"\n{row[0]}")
            elif len(row) == 2:
                print(f"      {row[0]}")
            else:
                print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())

    @property
    def below(self):
        """Number of targets that were missed."""
        return sum(row[-1] == "below" for row in self.rows)
