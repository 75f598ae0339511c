"""Expressions as a straight-line program: steps on numbers, each written once and shared by all.

A sum or a product is taken apart so that what depends only on parameters that vary downwards in a
piece of a plan, or only across it, is combined first: it is then worked out once a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.engine.roots import LEVELS, level_arguments
from coopgame.language.printing import symbol

CONSTANT, DOWN, ACROSS, BOTH = range(4)
MAX_POWER = 64


@dataclass(frozen=True)
class Step:
    """One operation on earlier steps.

    `value` is a constant (a Fraction where it is rational, else a float), the number of a
    variable, an exponent, or the shape of a polynomial's coefficients. `extent` says in which
    direction of a piece the result varies.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    value: Any = None
    extent: int = CONSTANT


@dataclass
class Builder:
    """Writes expressions in the symbols `names` into one program, the first `outer` downwards."""

    names: Sequence[str]
    outer: int
    steps: list[Step] = field(default_factory=list)
    known: dict[Step, int] = field(default_factory=dict)
    written: dict[sympy.Basic, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, name in enumerate(self.names):
            extent = BOTH if not self.outer else DOWN if i < self.outer else ACROSS
            self.written[symbol(name)] = self._step(Step("variable", (), i, extent))

    def put(self, operation: str, *arguments: int, value: Any = None) -> int:
        extents = reduce(int.__or__, (self.steps[a].extent for a in arguments), CONSTANT)
        if operation in ("add", "multiply", "minimum", "maximum"):
            arguments = tuple(sorted(arguments))
        return self._step(Step(operation, arguments, value, extents))

    def constant(self, value: sympy.Expr) -> int:
        if value.is_Rational:
            return self._step(Step("constant", (), Fraction(int(value.p), int(value.q))))
        number = sympy.N(value, 30)
        return self._step(Step("constant", (), float(number) if number.is_real else float("nan")))

    def _step(self, step: Step) -> int:
        if step not in self.known:
            self.known[step] = len(self.steps)
            self.steps.append(step)
        return self.known[step]

    def write(self, expression: sympy.Expr) -> int:
        """The number of the step that yields the expression."""
        if expression not in self.written:
            self.written[expression] = self._written(expression)
        return self.written[expression]

    def _written(self, e: sympy.Expr) -> int:
        if e.is_number:
            return self.constant(e)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul or e.is_Pow:
            return self._product(e)
        if isinstance(e, sympy.Max | sympy.Min):
            operation = "maximum" if isinstance(e, sympy.Max) else "minimum"
            return reduce(lambda x, y: self.put(operation, x, y), self._sorted(e.args))
        if isinstance(e, sympy.Piecewise):
            return self._pieces(e.args)
        if type(e).__name__ in LEVELS:
            return self._level(e)
        names = {"Abs": "absolute", "exp": "exp", "log": "log", "floor": "floor"}
        names |= {"ceiling": "ceiling"}
        if type(e).__name__ in names and len(e.args) == 1:
            return self.put(names[type(e).__name__], self.write(e.args[0]))
        return self.opaque()

    def opaque(self) -> int:
        """What has no form in floating point, and is found in exact arithmetic."""
        return self._step(Step("nothing", (), len(self.steps), BOTH))

    def _level(self, e: sympy.Expr) -> int:
        coefficients, shape = level_arguments(e)
        arguments = list(map(self.write, coefficients))
        if type(e).__name__ == "ImplicitRoot":
            return self.put("ImplicitRoot", *arguments, value=shape)
        return self.put(type(e).__name__, self.put("levels", *arguments, value=shape))

    def _sorted(self, parts: Iterable[sympy.Expr]) -> list[int]:
        return sorted(map(self.write, parts), key=lambda i: (self.steps[i].extent, i))

    def _sum(self, e: sympy.Expr) -> int:
        plus: set[int] = set()
        minus: set[int] = set()
        for term in sympy.Add.make_args(e):
            negative = term.could_extract_minus_sign()
            (minus if negative else plus).add(self.write(-term if negative else term))
        totals: list[tuple[int | None, int | None]] = []
        for extent in range(4):
            added = [i for i in sorted(plus) if self.steps[i].extent == extent]
            taken = [i for i in sorted(minus) if self.steps[i].extent == extent]
            totals.append((self._added(added), self._added(taken)))
        return self._joined(totals)

    def _added(self, parts: list[int]) -> int | None:
        return reduce(lambda x, y: self.put("add", x, y), parts) if parts else None

    def _joined(self, totals: list[tuple[int | None, int | None]]) -> int:
        """Totals to add and to take, the narrowest extent first, as one sum."""
        total: int | None = None
        owed: int | None = None
        for plus, minus in totals:
            if plus is not None:
                total = plus if total is None else self.put("add", total, plus)
            if minus is not None and total is not None:
                total = self.put("subtract", total, minus)
            elif minus is not None:
                owed = minus if owed is None else self.put("add", owed, minus)
            if owed is not None and total is not None:
                total, owed = self.put("subtract", total, owed), None
        if total is None:
            assert owed is not None
            return self.put("negative", owed)
        return total

    def _product(self, e: sympy.Expr) -> int:
        coefficient, rest = e.as_coeff_Mul()
        if coefficient.is_negative and coefficient != -1:
            return self.put("negative", self.write(-e))
        if coefficient == -1:
            return self.put("negative", self.write(rest))
        over: list[int] = []
        under: list[int] = []
        for factor in sympy.Mul.make_args(e):
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, sympy.S.One)
            if exponent.is_Rational and exponent.is_negative:
                under.append(self._power(base, -exponent))
            else:
                over.append(self._power(base, exponent))
        by = {x: [i for i in over if self.steps[i].extent == x] for x in range(4)}
        of = {x: [i for i in under if self.steps[i].extent == x] for x in range(4)}
        quotients = [self._quotient(by[x], of[x]) for x in range(4) if by[x] or of[x]]
        return reduce(lambda x, y: self.put("multiply", x, y), quotients)

    def _quotient(self, over: list[int], under: list[int]) -> int:
        top, bottom = self._multiplied(over), self._multiplied(under)
        if top is None:
            top = self.constant(sympy.S.One)
        return top if bottom is None else self.put("divide", top, bottom)

    def _multiplied(self, parts: list[int]) -> int | None:
        return reduce(lambda x, y: self.put("multiply", x, y), sorted(parts)) if parts else None

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> int:
        """A power with a positive exponent where that is a number."""
        if exponent == 1:
            return self.write(base)
        if exponent.is_Integer and exponent <= MAX_POWER:
            return self._repeated(self.write(base), int(exponent))
        if exponent == sympy.S.Half:
            return self.put("root", self.write(base))
        if exponent.is_Rational and 2 * exponent == int(2 * exponent) and exponent <= MAX_POWER:
            root = self.put("root", self.write(base))
            return self._repeated(root, int(2 * exponent))
        if exponent.is_Rational:
            return self.put("power", self.write(base), value=float(exponent))
        logarithm = self.put("log", self.write(base))
        return self.put("exp", self.put("multiply", self.write(exponent), logarithm))

    def _repeated(self, base: int, exponent: int) -> int:
        if exponent == 1:
            return base
        half = self._repeated(base, exponent // 2)
        square = self.put("multiply", half, half)
        return self.put("multiply", square, base) if exponent % 2 else square

    def _pieces(self, pairs: Sequence[Any]) -> int:
        if not pairs:
            return self._step(Step("constant", (), float("nan")))
        value, condition = pairs[0].args
        if condition == sympy.true:
            return self.write(value)
        return self._choice(condition, self.write(value), self._pieces(pairs[1:]))

    def _choice(self, condition: Boolean, then: int, otherwise: int) -> int:
        """`then` where the condition holds, else `otherwise`."""
        if isinstance(condition, sympy.And):
            for part in condition.args:
                then = self._choice(part, then, otherwise)
            return then
        if isinstance(condition, sympy.Or):
            for part in condition.args:
                otherwise = self._choice(part, then, otherwise)
            return otherwise
        if isinstance(condition, sympy.Not):
            return self._choice(condition.args[0], otherwise, then)
        if isinstance(condition, sympy.ITE):
            test, one, other = condition.args
            ways = (self._choice(way, then, otherwise) for way in (one, other))
            return self._choice(test, *ways)
        if condition in (sympy.true, sympy.false):
            return then if condition == sympy.true else otherwise
        if not isinstance(condition, Relational):
            return self.opaque()
        left, right = self.write(condition.lhs), self.write(condition.rhs)
        if isinstance(condition, sympy.Lt | sympy.Le):
            left, right = right, left
        if isinstance(condition, sympy.Eq | sympy.Ne):
            equal = isinstance(condition, sympy.Eq)
            return self.put("other", left, right, otherwise if equal else then)
        return self.put("choose", left, right, then, otherwise)


def reach(steps: Sequence[Step], targets: Iterable[int]) -> list[int]:
    """The steps that the targets need, in the order in which they can be taken."""
    needed, open_ = set(), list(targets)
    while open_:
        step = open_.pop()
        if step not in needed:
            needed.add(step)
            open_ += steps[step].arguments
    return sorted(needed)
