"""The types of cluster, by ordered rules on where firms sell and what they sustain together.

The order and the rules follow the paper: survival clusters stand below "the minimum threshold";
satellites sell to firms outside, hub-and-spoke districts to large firms inside; what divides an
Italianate district from a stagnating agglomeration is the step "from only information exchange to
collective action" (section "Cluster trajectories"). Each rule is an inequality, so the borders
between types are exact surfaces. The state-anchored type is not covered, as in the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clusters import market
from coopgame.language.printing import symbol
from coopgame.reading.section import Section

SURVIVAL = "survival cluster"
SATELLITE = "satellite"
HUB_AND_SPOKE = "hub-and-spoke"
ITALIANATE = "Italianate"
STAGNATING = "stagnating agglomeration"

TYPES = (SURVIVAL, SATELLITE, HUB_AND_SPOKE, ITALIANATE, STAGNATING)


@cache
def rules() -> tuple[tuple[str, Boolean], ...]:
    """Each type with its condition, in the symbols of `market` and the level of `collective`.

    The first that holds is the type.
    """
    half = sympy.Rational(1, 2)
    sold = market.amounts()
    most = sympy.Add(*sold.values()) / 2
    formal = [need for name, need in market.needs().items() if name != "local"]
    return (
        (SURVIVAL, sympy.Min(*formal) > half),
        (SATELLITE, sold["external"] > most),
        (HUB_AND_SPOKE, sold["lead"] + sold[market.INSIDE] > most),
        (ITALIANATE, symbol("collective") > 0),
        (STAGNATING, sympy.true),
    )


@dataclass(frozen=True)
class Profile:
    """What a type of cluster is like, where it may go, and which policies promise something."""

    type: str
    features: str
    strength: str
    weakness: str
    trajectories: tuple[str, ...]
    policies: tuple[str, ...]
    source: str


def read_profiles(section: Section) -> Mapping[str, Profile]:
    """The profile of every type that a file states; faults are noted in the section."""
    table = section.table("types")
    for name in table:
        if name not in TYPES:
            table.fault(name, "is not a type", f"types: {', '.join(TYPES)}")
            table.used.add(name)
    return {kind: _read_profile(table.table(kind), kind) for kind in TYPES}


def _read_profile(entry: Section, kind: str) -> Profile:
    profile = Profile(
        kind,
        features=entry.text("features"),
        strength=entry.text("strength"),
        weakness=entry.text("weakness"),
        trajectories=tuple(entry.strings("trajectories")),
        policies=tuple(entry.strings("policies")),
        source=entry.text("source"),
    )
    entry.finish()
    return profile
