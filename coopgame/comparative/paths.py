"""A region of parameters, and the pairs of its points that differ in one parameter alone."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.comparisons import gap
from coopgame.language.parameters import Domain, Parameter
from coopgame.proofs.questions import (
    QUICK,
    TOO_HARD,
    Sign,
    Witness,
    feasible,
    holds,
    sign,
    undecided,
)
from coopgame.proofs.smt import Budget

BRIEF = Budget(100_000, 200)  # only the wording of a proved sign hangs on it
NEAR = tuple(sympy.Rational(1, 10**k) for k in (1, 3, 6, 12))


@dataclass(frozen=True)
class Path:
    """A region, and the parameter that moves in it, by steps of one if it is an integer."""

    parameter: Parameter
    region: tuple[Boolean, ...]
    integers: frozenset[sympy.Symbol]
    deadline: float

    @property
    def variable(self) -> sympy.Symbol:
        return self.parameter.symbol

    @property
    def is_stepped(self) -> bool:
        return self.parameter.interval.integer

    @cached_property
    def move(self) -> dict[sympy.Symbol, sympy.Expr]:
        """What stands for the parameter at the second point of a pair."""
        name = sympy.Symbol(f"{self.parameter.name}'", real=True)
        return {self.variable: self.variable + 1 if self.is_stepped else name}

    @cached_property
    def pairs(self) -> tuple[Boolean, ...]:
        """What two points of the region meet that differ in the parameter alone, upwards."""
        (second,) = self.move.values()
        moved = [c.xreplace(self.move) for c in self.region if c.has(self.variable)]
        return (*self.region, *moved, *([] if self.is_stepped else [second > self.variable]))

    def on(self, *conditions: Boolean) -> Path:
        """The part of the region on which further conditions hold."""
        return replace(self, region=(*self.region, *conditions))

    def change(self, expression: sympy.Expr) -> sympy.Expr:
        """What an expression gains between the two points of a pair."""
        return expression.xreplace(self.move) - expression

    def sign(self, expression: sympy.Expr) -> Sign:
        """The sign of an expression over the region, by a quick proof."""
        return self._asked(expression, self.region)

    def slope(self, expression: sympy.Expr) -> Sign:
        """The sign of a smooth expression's derivative, or of its step."""
        if self.is_stepped:
            return self._asked(self.change(expression), self.pairs)
        return self._asked(sympy.diff(expression, self.variable), self.region)

    def _asked(self, expression: sympy.Expr, premises: tuple[Boolean, ...]) -> Sign:
        if time.process_time() > self.deadline:
            return undecided(TOO_HARD)
        return _sign(expression, premises, self.integers)

    def example(self, shown: Boolean) -> Witness | None:
        """A pair that shows a condition: beside a point of the region, if it is easily had."""
        point = somewhere(frozenset(self.region), self.integers)
        return None if point is None else self.near(point, shown)

    def near(self, point: Witness, shown: Boolean) -> Witness | None:
        """A pair of the point and one close to it in the parameter that shows a condition."""
        (second,) = self.move.values()
        here = point.get(self.variable, sympy.S.Zero)
        for step in (sympy.S.One,) if self.is_stepped else NEAR:
            for low, high in ((0, step), (-step, 0)):
                pair = {**point, self.variable: here + low}
                if not self.is_stepped:  # an integer's second value is the first and one
                    pair[second] = here + high
                if all(holds(c, pair) for c in (*self.pairs, shown)):
                    return pair
        return None

    def never(self, *conditions: Boolean) -> bool:
        """Whether it is proved that no pair of points meets the conditions."""
        if time.process_time() > self.deadline:
            return False
        return feasible([*self.pairs, *conditions], self.integers, QUICK).exists is False


@lru_cache(maxsize=4096)
def _sign(
    expression: sympy.Expr, premises: tuple[Boolean, ...], integers: frozenset[sympy.Symbol]
) -> Sign:
    return sign(expression, premises, integers, QUICK)


@lru_cache(maxsize=1024)
def somewhere(region: frozenset[Boolean], integers: frozenset[sympy.Symbol]) -> Witness | None:
    """A point of a region, if it is easily had, remembered: each parameter asks for one."""
    ordered = tuple(sorted(region, key=sympy.default_sort_key))
    return feasible(ordered, integers, QUICK).witness


@lru_cache(maxsize=1024)
def can_move(
    parameter: Parameter, region: frozenset[Boolean], integers: frozenset[sympy.Symbol]
) -> bool | None:
    """Whether two points of the region differ in the parameter alone."""
    ordered = tuple(sorted(region, key=sympy.default_sort_key))
    path = Path(parameter, ordered, integers, 0.0)
    example = somewhere(region, integers) or {}
    steps = (sympy.S.One,) if path.is_stepped else NEAR
    for step in (way * step for step in steps for way in (1, -1) if path.variable in example):
        near = {**example, path.variable: example[path.variable] + step}
        if all(holds(c, near) for c in ordered):
            return True
    return feasible(path.pairs, integers).exists


@lru_cache(maxsize=4096)
def is_stretch(condition: Boolean, variable: sympy.Symbol, domain: Domain) -> bool:
    """Whether a condition that holds at two values of a parameter is proved to hold between."""
    if not condition.has(variable):
        return True
    is_order = isinstance(condition, Relational) and not isinstance(condition, sympy.Ne)
    if is_order and _degree(gap(condition), variable) <= 1:
        return True
    second, between = sympy.symbols(f"{variable.name}' {variable.name}''", real=True)
    moved = [condition.xreplace({variable: second}), between > variable, between < second]
    fails = sympy.Not(condition.xreplace({variable: between}))
    others = [c for c in domain.constraints if c.free_symbols <= condition.free_symbols]
    there = [c.xreplace({variable: second}) for c in others if c.has(variable)]
    asked = [*others, *there, condition, *moved, fails]
    return feasible(asked, domain.integers, BRIEF).exists is False


def _degree(expression: sympy.Expr, variable: sympy.Symbol) -> float:
    """No less than the degree of an expression in a variable, by its form; infinite if none."""
    if not expression.has(variable):
        return 0
    if expression == variable:
        return 1
    if expression.is_Add:
        return max(_degree(term, variable) for term in expression.args)
    if expression.is_Mul:
        return sum(_degree(factor, variable) for factor in expression.args)
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        return int(expression.exp) * _degree(expression.base, variable)
    return math.inf
