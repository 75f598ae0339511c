"""A solution compiled for a plan: one program for all conditions and outcomes of all branches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, optimum
from coopgame.forms.level.isolated import LEVEL, HighestLevel, PeakLevel
from coopgame.language.comparisons import gap
from coopgame.language.printing import without_choices
from coopgame.tables.programs import FLIPPED, RELATIONS, Builder, Instruction

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
    """All that the evaluation of rows needs but the plan; plain data, which can be pickled.

    `positive` are the numbers of the variables that are nowhere negative.
    """

    names: tuple[str, ...]
    positive: frozenset[int]
    steps: tuple[Instruction, ...]
    gaps: tuple[Gap, ...]
    domain: Tree
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class WantedBranch:
    """A branch with only the varied parameters left in it, and what is asked of it."""

    name: str
    exists: Sequence[Boolean]
    selected: Boolean
    outcomes: Mapping[str, sympy.Expr]


def compile_for(
    names: Sequence[str],
    outer: int,
    domain: Sequence[Boolean],
    branches: Sequence[WantedBranch],
    positive: Collection[str] = (),
) -> Compiled:
    """The program for conditions and outcomes in the symbols `names`, `outer` of them downwards.

    Subexpressions are shared among everything. A gap and its negative are one gap.
    """
    writer = _Writer(Builder(names, outer))
    inside = writer.tree(sympy.And(*domain))
    alternatives = tuple(writer.alternative(branch) for branch in branches)
    nowhere_negative = frozenset(i for i, name in enumerate(names) if name in positive)
    steps, gaps = tuple(writer.builder.steps), tuple(writer.gaps)
    return Compiled(tuple(names), nowhere_negative, steps, gaps, inside, alternatives)


@dataclass
class _Writer:
    """Turns conditions into trees over the gaps that it numbers."""

    builder: Builder
    gaps: list[Gap] = field(default_factory=list)
    numbers: dict[sympy.Expr, int] = field(default_factory=dict)

    def alternative(self, branch: WantedBranch) -> Alternative:
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
            parts = [self.tree(part) for part in sorted(condition.args, key=sympy.default_sort_key)]
            # What varies one way only is decided once a line, and often settles the rest.
            return (word, tuple(sorted(parts, key=self._extent)))
        if not isinstance(condition, Relational):
            raise TypeError(f"{condition} is no condition that a table can decide")
        return self._comparison(gap(condition), RELATIONS[condition.func])

    def _extent(self, tree: Tree) -> int:
        steps = self.builder.steps
        return max((steps[self.gaps[g].step].extent for g in gaps_in(tree)), default=0)

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
                    step = self.builder.put("level_against", *levels, value=bound)
                    return step if sign == 1 else self.builder.put("negative", step)
        return self.builder.write(difference)


def gaps_in(tree: Tree) -> set[int]:
    """The numbers of the gaps in a tree."""
    if isinstance(tree, bool):
        return set()
    word, *rest = tree
    if word == "gap":
        return {rest[0]}
    return set().union(*map(gaps_in, rest if word == "not" else rest[0]))


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
