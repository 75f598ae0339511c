"""Rows too close to a border for floating point: decided in fractions, or else by SymPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy

from coopgame.errors import CoopgameError
from coopgame.language.deciding import number
from coopgame.language.printing import symbol
from coopgame.language.putting import put
from coopgame.language.reals import sign_of
from coopgame.tables.compiled import Compiled, Tree
from coopgame.tables.logic import GapSign, Known, known
from coopgame.tables.operations import holds, operation
from coopgame.tables.programs import Instruction

UNKNOWN = GapSign(False, False, False)
# What SymPy raises where numbers are too long for it (or have no value).
BEYOND = (ValueError, ArithmeticError, AttributeError, CoopgameError)


@dataclass(frozen=True, eq=False)
class ExactRow:
    """One row in exact arithmetic; what was worked out is kept."""

    compiled: Compiled
    values: Mapping[str, sympy.Rational]
    known: dict[int, Fraction | None] = field(default_factory=dict)
    signs: dict[int, GapSign | None] = field(default_factory=dict)

    @cached_property
    def place(self) -> dict[sympy.Symbol, sympy.Rational]:
        return {symbol(name): value for name, value in self.values.items()}

    def decide(self, tree: Tree) -> Known:
        """Whether a condition holds and whether it fails: neither where nothing here can tell."""
        return known(tree, self._sign)

    def number(self, expression: sympy.Expr) -> float | None:
        """The float nearest to an expression; None where it has no finite value."""
        try:
            found = number(put(expression, self.place))
        except (TypeError, *BEYOND):
            return None
        return found if abs(found) < float("inf") else None

    def _sign(self, gap: int) -> GapSign | None:
        if gap not in self.signs:
            found = self.fraction(self.compiled.gaps[gap].step)
            by_sympy = found is None
            self.signs[gap] = self._by_sympy(gap) if by_sympy else _told(found)
        return self.signs[gap]

    def _by_sympy(self, gap: int) -> GapSign | None:
        try:
            found = put(self.compiled.gaps[gap].expression, self.place)
            if found.has(sympy.nan, sympy.zoo):
                return None
            side = sign_of(found)
        except TypeError:  # not a real number: no comparison with it holds
            return None
        except BEYOND:
            return UNKNOWN
        return UNKNOWN if side is None else _told(side)

    def fraction(self, target: int) -> Fraction | None:
        """A step as a fraction; None where it is none that can be told, or no number at all."""
        steps, open_ = self.compiled.steps, [target]
        while open_:
            i = open_[-1]
            missing = [] if i in self.known else self._missing(steps[i])
            if not missing:
                if i not in self.known:
                    self.known[i] = self._applied(steps[i])
                open_.pop()
            open_ += missing
        return self.known[target]

    def _missing(self, step: Instruction) -> Sequence[int]:
        """What has to be known first; of a choice only what is chosen."""
        if step.operation == "choose" and step.arguments[0] in self.known:
            chosen = self._chosen(step)
            return [] if chosen is None or chosen in self.known else [chosen]
        wanted = step.arguments[:1] if step.operation == "choose" else step.arguments
        return [a for a in wanted if a not in self.known]

    def _chosen(self, step: Instruction) -> int | None:
        gap, then, otherwise = step.arguments
        found = self.known[gap]
        if found is None:
            return None
        is_met = step.value in ("ge", "le", "eq") if found == 0 else holds(found, step.value)
        return then if is_met else otherwise

    def _applied(self, step: Instruction) -> Fraction | None:
        if step.operation == "variable":
            value = self.values[self.compiled.names[step.value]]
            return Fraction(int(value.p), int(value.q))
        if step.operation == "constant":
            return step.value if isinstance(step.value, Fraction) else None
        if step.operation == "choose":
            chosen = self._chosen(step)
            return None if chosen is None else self.known[chosen]
        exact = operation(step.operation).exact
        arguments = [self.known[a] for a in step.arguments]
        if exact is None or None in arguments:
            return None
        try:
            return exact(*arguments)
        except ZeroDivisionError:
            return None


def _told(value: Any) -> GapSign:
    return GapSign(value > 0, value < 0, value == 0)
