"""What was found wrong, grouped by kind, and kept with the file so that it can be done again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

PLACES = re.compile(r'File "[^"]*?/(coopgame/[^"]+)", line \d+, in (\w+)')


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its kind, the command, and what was seen.

    `cause` tells faults of a kind apart where the kind says too little.
    """

    kind: str
    command: str
    seen: str
    trace: str = ""
    cause: str = ""

    @property
    def group(self) -> str:
        """What faults are counted by: the kind, the command, and the place of the exception."""
        where = PLACES.findall(self.trace)
        told = f"{where[-1][0]}:{where[-1][1]}" if where else ""
        last = self.trace.strip().splitlines()[-1].split(":", 1)[0] if where else ""
        parts = (self.kind, self.command.split(" ", 1)[0], told, last, self.cause)
        return " | ".join(filter(None, parts))


def distinct(faults: Iterable[Fault]) -> list[Fault]:
    """The first fault of each group."""
    return list({fault.group: fault for fault in reversed(list(faults))}.values())[::-1]


def short(fault: Fault, length: int = 2000) -> Fault:
    """The fault with what was seen cut to a length."""
    return replace(fault, seen=fault.seen[:length], trace=fault.trace[-2 * length :])
