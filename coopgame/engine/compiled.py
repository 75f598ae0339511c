"""A solution compiled for a plan: one program for all conditions and outcomes of all branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, optimum
from coopgame.engine.programs import Builder, Step
from coopgame.forms.level.isolated import LEVEL, HighestLevel, PeakLevel
from coopgame.language.comparisons import gap
from coopgame.language.printing import without_choices

FLIPPED = {"gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
RELATIONS = {
    sympy.Gt: "gt", sympy.Lt: "gt", sympy.Ge: "ge", sympy.Le: "ge", sympy.Eq: "eq", sympy.Ne: "ne",
}  # fmt: skip

# True, False, ("gap", number, relation), ("not", tree), ("and", trees) or ("or", trees).
Tree = Any


@dataclass(frozen=True)
class Gap:
    """What a comparison compares with zero: the step that yields it, and the expression."""

    step: int
    expression: sympy.Expr


@dataclass(frozen=True)
class Alternative:
    """A branch to evaluate: where it exists, where it is selected, and its outcomes' steps."""

    name: str
    exists: Tree
    selected: Tree
    steps: Mapping[str, int]
    outcomes: Mapping[str, sympy.Expr]


@dataclass(frozen=True)
class Compiled:
    """All that the evaluation of a block needs but the plan; plain data, which can be pickled."""

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]
    domain: Tree
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Wanted:
    """A branch with only the varied parameters left in it, and what is asked of it."""

    name: str
    exists: Sequence[Boolean]
    selected: Boolean
    outcomes: Mapping[str, sympy.Expr]


def compile_for(
    names: Sequence[str], outer: int, domain: Sequence[Boolean], branches: Sequence[Wanted]
) -> Compiled:
    """The program for conditions and outcomes in the symbols `names`, `outer` of them downwards.

    Subexpressions are shared among everything. A gap and its negative are one gap.
    """
    writer = _Writer(Builder(names, outer))
    inside = writer.tree(sympy.And(*domain))
    alternatives = tuple(writer.alternative(branch) for branch in branches)
    return Compiled(
        tuple(names), tuple(writer.builder.steps), tuple(writer.gaps), inside, alternatives
    )


class _Writer:
    """Turns conditions into trees over the gaps that it numbers."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.gaps: list[Gap] = []
        self.numbers: dict[sympy.Expr, int] = {}

    def alternative(self, branch: Wanted) -> Alternative:
        return Alternative(
            branch.name,
            self.tree(sympy.And(*branch.exists)),
            self.tree(branch.selected),
            {name: self.builder.write(value) for name, value in branch.outcomes.items()},
            branch.outcomes,
        )

    def tree(self, condition: Boolean) -> Tree:
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.ITE):
            return self.tree(without_choices(condition))
        if isinstance(condition, sympy.Not):
            return ("not", self.tree(condition.args[0]))
        if isinstance(condition, sympy.And | sympy.Or):
            word = "and" if isinstance(condition, sympy.And) else "or"
            parts = sorted(condition.args, key=sympy.default_sort_key)
            return (word, tuple(map(self.tree, parts)))
        if not isinstance(condition, Relational):
            raise TypeError(f"{condition} is no condition that a table can decide")
        return self._comparison(gap(condition), RELATIONS[condition.func])

    def _comparison(self, difference: sympy.Expr, relation: str) -> Tree:
        if difference.could_extract_minus_sign():
            difference, relation = -difference, FLIPPED[relation]
        if difference not in self.numbers:
            self.numbers[difference] = len(self.gaps)
            self.gaps.append(Gap(self._gap(difference), difference))
        return ("gap", self.numbers[difference], relation)

    def _gap(self, difference: sympy.Expr) -> int:
        """The step for a gap; of a level found by isolation only the sign is asked for."""
        for level in difference.atoms(HighestLevel):
            for sign in (1, -1):
                rest = sign * difference - level
                bound = None if rest.has(HighestLevel) else _bound(-rest, level.args[1])
                if bound is not None:
                    levels = self.builder.steps[self.builder.write(level)].arguments
                    step = self.builder.put(f"level_{bound}", *levels)
                    return step if sign == 1 else self.builder.put("negative", step)
        return self.builder.write(difference)


def _bound(expression: sympy.Expr, payoff: sympy.Tuple) -> str | None:
    """What a highest level is compared with: zero, one, the cap of its payoff, or anything else."""
    if expression in (0, 1):
        return "one" if expression == 1 else "zero"
    return "cap" if _settled(expression) == _settled(_cap(payoff)) else None


def _cap(payoff: sympy.Tuple) -> sympy.Expr:
    top, bottom = payoff
    peak = PeakLevel(payoff)
    if not isinstance(peak, PeakLevel) or len(top) != 3 or len(bottom) != 1:
        return peak
    polynomial = sympy.Poly(list(top), LEVEL).as_expr() / bottom[0]
    return optimum(Quadratic.of(polynomial, LEVEL))


def _settled(expression: sympy.Expr) -> sympy.Expr:
    """Equal expressions made the same, inside minima and maxima."""
    if isinstance(expression, sympy.Max | sympy.Min):
        return expression.func(*map(_settled, expression.args))
    return expression if isinstance(expression, PeakLevel) else sympy.cancel(expression)
