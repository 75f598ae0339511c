"""Repeated games at a point: own automata, values by linear equations, best replies by policies.

Whether a profile is a Nash equilibrium is decided by trying every stationary policy against the
other's automaton, from the start; whether it is subgame-perfect, from every joint state that some
history leads to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..files import Point
from .machines import verdicts

PERFECT = ("subgame-perfect", "perfect public")


def repeated_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    told = {e["name"]: e["concept"] for e in answer["equilibria"]}
    for name, right in verdicts(data, point).items():
        # Where a profile is Nash here and subgame-perfect there, it has a name for each of the two.
        listed = told.get(f"{name}, subgame-perfect") or told.get(name)
        where = f"{name} at {dict(point)}"
        if right == "none" and listed:
            yield "regret", f"told {listed}, and it is no equilibrium: {where}"
        elif right != "none" and not listed:
            yield "a profile is missing", f"it is {right}: {where}"
        elif listed and (listed.startswith(PERFECT)) != (right == "subgame-perfect"):
            yield "a wrong concept", f"told {listed}, it is {right}: {where}"
