"""Expressions gathered for one generated function: each gets the number of its place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy.core.relational import Relational

from coopgame.forms.level.isolated import LevelRanges
from coopgame.language.javascript import to_javascript

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "!=": "≠"}


@dataclass(frozen=True)
class SlotComparison:
    """Two sides of a comparison, by their places, and the sign between them."""

    left: int
    sign: str
    right: int


@dataclass(frozen=True)
class Condition:
    """A condition as it is shown, the place of its truth, and the comparisons it is made of."""

    shown: Any
    holds: int
    comparisons: tuple[SlotComparison, ...]


@dataclass(frozen=True)
class Quantity:
    """A named value: its formula and its place, which a name or a set of levels does not have."""

    name: str
    shown: Any
    slot: int | None


@dataclass
class Slots:
    """The places of one function. `letters` stand for parts of what is shown, in order."""

    names: Sequence[str]
    letters: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    known: dict[Any, int] = field(default_factory=dict)

    def place(self, shown: Any) -> int:
        """The place of an expression or condition as it is shown, letters and all."""
        return self.known.setdefault(self._whole(shown), len(self.known))

    def quantity(self, name: str, shown: Any) -> Quantity:
        if isinstance(shown, sympy.Basic) and not self._whole(shown).has(LevelRanges):
            return Quantity(name, shown, self.place(shown))
        return Quantity(name, shown, None)

    def condition(self, shown: Any) -> Condition:
        """A condition with the two sides of everything it compares."""
        atoms = sorted(shown.atoms(Relational), key=sympy.default_sort_key)
        sides = (
            SlotComparison(self.place(a.lhs), SIGNS[a.rel_op], self.place(a.rhs)) for a in atoms
        )
        return Condition(shown, self.place(shown), tuple(sides))

    def function(self) -> str:
        """The JavaScript function of `names` that yields what stands in each place."""
        return to_javascript(self.known, self.names)

    def _whole(self, shown: Any) -> Any:
        """The expression with every letter replaced by what it stands for.

        Comparisons are rebuilt as they stand, side by side.
        """
        if isinstance(shown, Relational):
            return shown.func(self._whole(shown.lhs), self._whole(shown.rhs), evaluate=False)
        if isinstance(shown, sympy.And | sympy.Or | sympy.Not):
            return shown.func(*map(self._whole, shown.args), evaluate=False)
        whole = sympy.sympify(shown)
        for letter in reversed(self.letters):
            whole = whole.xreplace({letter: self.letters[letter]})
        return whole
