"""The types of cluster, stated as conditions on what is the outcome of an equilibrium.

The file `types.toml` lists them; the first whose conditions hold is the type, the last has none.
A condition may speak of outcomes only: one that names a parameter is refused, since a type must
follow from what firms do, not from what was put in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, Not, Or

from coopgame.clusters.relationships import Column, Truth
from coopgame.clusters.walk import OUTCOMES
from coopgame.language.printing import to_text
from coopgame.reading.section import Section

COMPARE = {
    sympy.StrictGreaterThan: np.greater,
    sympy.GreaterThan: np.greater_equal,
    sympy.StrictLessThan: np.less,
    sympy.LessThan: np.less_equal,
    sympy.Equality: np.equal,
    sympy.Unequality: np.not_equal,
}


@dataclass(frozen=True)
class Profile:
    """A type: when a cluster has it, what it is like, where it may go, what promises something."""

    type: str
    when: tuple[Boolean, ...]
    features: str
    strength: str
    weakness: str
    trajectories: tuple[str, ...]
    policies: tuple[str, ...]
    source: str

    @property
    def told(self) -> str:
        """The conditions in words of the grammar."""
        return " and ".join(to_text(c) for c in self.when) or "none of the others"


def kinds(profiles: Sequence[Profile], outcomes: Mapping[str, Column]) -> NDArray[np.int64]:
    """The number of the type at each point: the first whose conditions all hold."""
    shape = next(iter(outcomes.values())).shape
    found = np.full(shape, len(profiles) - 1)
    for number, profile in reversed(list(enumerate(profiles))):
        if profile.when:
            holds = np.all([truth(c, outcomes) for c in profile.when], axis=0)
            found = np.where(holds, number, found)
    return np.asarray(found, np.int64)


def truth(condition: Boolean, outcomes: Mapping[str, Column]) -> Truth:
    """Where a condition holds."""
    if isinstance(condition, Relational):
        left, right = (value(side, outcomes) for side in (condition.lhs, condition.rhs))
        return np.asarray(COMPARE[type(condition)](left, right))
    parts = [truth(part, outcomes) for part in condition.args]
    if isinstance(condition, Not):
        return ~parts[0]
    combine = {And: np.logical_and, Or: np.logical_or}[type(condition)]
    return np.asarray(combine.reduce(parts))


def value(expression: sympy.Basic, outcomes: Mapping[str, Column]) -> Any:
    """The value of an expression in outcomes: sums, products and powers."""
    if isinstance(expression, sympy.Symbol):
        return outcomes[expression.name]
    if expression.is_number:
        return float(expression)
    parts = [value(part, outcomes) for part in expression.args]
    if isinstance(expression, sympy.Add):
        return sum(parts)
    if isinstance(expression, sympy.Mul):
        return np.prod(np.broadcast_arrays(*parts), axis=0)
    extremes = {sympy.Max: np.maximum, sympy.Min: np.minimum}
    if type(expression) in extremes:
        return extremes[type(expression)].reduce(parts)
    return parts[0] ** parts[1]


# --- reading -----------------------------------------------------------------------------------


def read_profiles(section: Section, parameters: Collection[str]) -> tuple[Profile, ...]:
    """The types that a file states, in its order; faults are noted in the section."""
    table = section.table("types")
    found = tuple(_read_profile(table.table(kind), kind, parameters) for kind in table)
    for profile in found[:-1]:
        if not profile.when and not section.faults:
            table.fault(profile.type, "has no conditions", "only the last type may have none")
    if not found:
        section.fault("types", "states no type", 'add [types."..."]')
    return found


def _read_profile(entry: Section, kind: str, parameters: Collection[str]) -> Profile:
    texts = entry.strings("when", default=())
    for i, text in enumerate(texts):
        named = [word for word in re.findall(r"[A-Za-z_]\w*", text) if word in parameters]
        if named:
            entry.fault(
                f"when[{i}]",
                f"names {', '.join(named)}, which is a parameter",
                f"types are stated on outcomes alone: {', '.join(OUTCOMES)}",
            )
    names = (*OUTCOMES, *parameters)
    profile = Profile(
        kind,
        when=entry.conditions("when", names) if texts else (),
        features=entry.text("features"),
        strength=entry.text("strength"),
        weakness=entry.text("weakness"),
        trajectories=tuple(entry.strings("trajectories")),
        policies=tuple(entry.strings("policies")),
        source=entry.text("source"),
    )
    entry.finish()
    return profile
