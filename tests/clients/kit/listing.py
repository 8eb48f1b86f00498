"""Comparing what a client lists with what the cloud has."""

import posixpath
import unicodedata
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A file or folder of the cloud, at a path below its drive."""

    path: str
    id: int
    size: int | None  # None for a folder
    modified: int
    etag: str | None

    @property
    def name(self):
        return posixpath.basename(self.path)

    @property
    def is_folder(self):
        return self.size is None


def nfc(text):
    """Normal form C: how names are compared."""
    return unicodedata.normalize("NFC", text)


def shape(nodes):
    """Paths and sizes of nodes, as `differences` wants the truth."""
    return [(node.path, node.size) for node in nodes]


def differences(truth, got):
    """What a client's listing gets wrong: a list of complaints.

    Both are pairs of path and size (None for a folder). Names are compared in normal form C. Where
    the cloud has several names that are one name in that form, one keeps it and each of the others
    must appear beside it under a name that is not the cloud's, with the same ending.
    """
    wanted, shown = defaultdict(list), {}
    for path, size in truth:
        wanted[nfc(path)].append(size)
    complaints = []
    for path, size in got:
        if nfc(path) in shown:
            complaints.append(f"twice: {path!r}")
        shown[nfc(path)] = size
    spare = {path: size for path, size in shown.items() if path not in wanted}
    for path, sizes in wanted.items():
        if path not in shown:
            complaints.append(f"missing: {path!r}")
            continue
        found = [shown[path]]
        for other in [other for other in spare if _is_sibling(path, other)][: len(sizes) - 1]:
            found.append(spare.pop(other))
        if sorted(map(str, sizes)) != sorted(map(str, found)):
            complaints.append(f"sizes of {path!r}: wanted {sizes}, got {found}")
    return complaints + [f"not in the cloud: {path!r}" for path in spare]


def _is_sibling(path, other):
    """Whether `other` can stand for a second file that the cloud calls `path`."""
    stem, ending = posixpath.splitext(path)
    return other.startswith(stem) and posixpath.splitext(other)[1] == ending
