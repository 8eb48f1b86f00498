"""What the real-client suites share: the demo as a process, the truth from the simulated cloud, checks.

A suite is one file: it opens a `Suite`, starts a `Demo`, drives one real client against it and checks
what that client got against what the simulated cloud itself tells over its JSON API.
"""

from .calls import Calls, note_calls
from .cloud import CUT_CONTENT, NO_LISTINGS, Cloud
from .dav import Dav
from .demo import Demo
from .listing import Node, differences
from .suite import Suite, until

__all__ = [
    "CUT_CONTENT",
    "NO_LISTINGS",
    "Calls",
    "Cloud",
    "Dav",
    "Demo",
    "Node",
    "Suite",
    "differences",
    "note_calls",
    "until",
]
