"""Expressions as a straight-line program: steps on numbers, each written once and shared by all.

A sum or a product is taken apart so that what varies only down a piece of a plan, or only across
it, is combined first: it is then worked out once a line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.comparisons import gap
from coopgame.language.functions import named
from coopgame.language.printing import symbol
from coopgame.tables.operations import operation
from coopgame.tables.roots import LEVELS, level_arguments

# In which directions of a piece a step varies: neither, down, across, or both (their union).
CONSTANT, DOWN, ACROSS, BOTH = range(4)
MAX_POWER = 64
RELATIONS = {
    sympy.Gt: "gt", sympy.Lt: "gt", sympy.Ge: "ge", sympy.Le: "ge", sympy.Eq: "eq", sympy.Ne: "ne",
}  # fmt: skip
FLIPPED = {"gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
NAMED = {"Abs": "absolute", "NewsBound": "NewsBound"}


@dataclass(frozen=True)
class Instruction:
    """One operation on earlier steps.

    `value` is a constant (a Fraction where it is rational, else a float), the number of a variable,
    an exponent, a relation, or the shape of a polynomial's coefficients.
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
    steps: list[Instruction] = field(default_factory=list)
    known: dict[Instruction, int] = field(default_factory=dict)
    written: dict[sympy.Basic, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, name in enumerate(self.names):
            extent = DOWN if i < self.outer else ACROSS
            self.written[symbol(name)] = self._step(Instruction("variable", (), i, extent))

    def put(self, operation: str, *arguments: int, value: Any = None) -> int:
        extent = reduce(int.__or__, (self.steps[a].extent for a in arguments), CONSTANT)
        if operation in ("add", "multiply", "minimum", "maximum"):
            arguments = tuple(sorted(arguments))
        return self._step(Instruction(operation, arguments, value, extent))

    def _step(self, step: Instruction) -> int:
        if step not in self.known:
            self.known[step] = len(self.steps)
            self.steps.append(step)
        return self.known[step]

    def write(self, expression: sympy.Expr) -> int:
        """The number of the step that yields the expression."""
        if expression not in self.written:
            self.written[expression] = self._written(expression)
        return self.written[expression]

    def constant(self, value: sympy.Expr) -> int:
        if value.is_Rational:
            return self._step(Instruction("constant", (), Fraction(int(value.p), int(value.q))))
        number = sympy.N(value, 30)
        real = number.is_extended_real
        return self._step(Instruction("constant", (), float(number) if real else float("nan")))

    def _written(self, e: sympy.Expr) -> int:
        name = type(e).__name__
        if e.is_number:
            return self.constant(e)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul or e.is_Pow:
            return self._product(e)
        if isinstance(e, sympy.Max | sympy.Min):
            return self._folded(name.lower() + "imum", map(self.write, e.args))
        if isinstance(e, sympy.Piecewise):
            return self._pieces(e.args)
        if name in LEVELS or name == "ImplicitRoot":
            return self._level(e)
        operation = named(e) or NAMED.get(name)
        if operation:
            # The same argument may be written in two ways, and some of these are dear.
            return self.put(operation, *(self.write(sympy.factor_terms(a)) for a in e.args))
        # What has no form in floating point is found in exact arithmetic, row by row.
        return self._step(Instruction("nothing", (), len(self.steps), BOTH))

    def _level(self, e: sympy.Expr) -> int:
        coefficients, shape = level_arguments(e)
        arguments = map(self.write, coefficients)
        if type(e).__name__ == "ImplicitRoot":
            return self.put("ImplicitRoot", *arguments, value=shape)
        return self.put(type(e).__name__, self.put("levels", *arguments, value=shape))

    def _by_extent(self, parts: Iterable[int]) -> list[list[int]]:
        """Steps apart by where they vary, those that vary least first."""
        found = sorted(parts)
        return [[i for i in found if self.steps[i].extent == extent] for extent in range(4)]

    def _folded(self, operation: str, parts: Iterable[int]) -> int:
        groups = [reduce(lambda x, y: self.put(operation, x, y), group)
                  for group in self._by_extent(parts) if group]  # fmt: skip
        return reduce(lambda x, y: self.put(operation, x, y), groups)

    def _sum(self, e: sympy.Expr) -> int:
        """Terms to add and to take away: of each extent the difference, then all together."""
        plus, minus = list[int](), list[int]()
        for term in sympy.Add.make_args(e):
            negative = term.could_extract_minus_sign()
            (minus if negative else plus).append(self.write(-term if negative else term))
        gained, owed = list[int](), list[int]()
        for own, taken in zip(self._by_extent(plus), self._by_extent(minus), strict=True):
            if own and taken:
                pair = self._folded("add", own), self._folded("add", taken)
                gained.append(self.put("subtract", *pair))
            else:
                gained += own
                owed += taken
        if not gained:
            return self.put("negative", self._folded("add", owed))
        total = self._folded("add", gained)
        return self.put("subtract", total, self._folded("add", owed)) if owed else total

    def _product(self, e: sympy.Expr) -> int:
        coefficient, rest = e.as_coeff_Mul()
        if coefficient.is_negative:
            return self.put("negative", self.write(rest if coefficient == -1 else -e))
        over, under = list[int](), list[int]()
        for factor in sympy.Mul.make_args(e):
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, sympy.S.One)
            if exponent.is_Rational and exponent.is_negative:
                under.append(self._power(base, -exponent))
            else:
                over.append(self._power(base, exponent))
        quotients = []
        for top, bottom in zip(self._by_extent(over), self._by_extent(under), strict=True):
            if top or bottom:
                above = self._folded("multiply", top) if top else self.constant(sympy.S.One)
                below = self._folded("multiply", bottom) if bottom else None
                quotients.append(above if below is None else self.put("divide", above, below))
        return reduce(lambda x, y: self.put("multiply", x, y), quotients)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> int:
        """A power with a positive exponent where that is a number."""
        if exponent == 1:
            return self.write(base)
        if exponent.is_Integer and exponent <= MAX_POWER:
            return self._repeated(self.write(base), int(exponent))
        if exponent.is_Rational and exponent.q == 2 and exponent <= MAX_POWER:
            return self._repeated(self.put("root", self.write(base)), int(2 * exponent))
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
            return self._step(Instruction("constant", (), float("nan")))
        value, condition = pairs[0].args
        if condition == sympy.true:
            return self.write(value)
        return self._choice(condition, self.write(value), self._pieces(pairs[1:]))

    def _choice(self, condition: Boolean, then: int, otherwise: int) -> int:
        """`then` where the condition holds, else `otherwise`."""
        if isinstance(condition, sympy.And):
            return reduce(lambda t, part: self._choice(part, t, otherwise), condition.args, then)
        if isinstance(condition, sympy.Or):
            return reduce(lambda o, part: self._choice(part, then, o), condition.args, otherwise)
        if isinstance(condition, sympy.Not):
            return self._choice(condition.args[0], otherwise, then)
        if isinstance(condition, sympy.ITE):
            test, one, other = condition.args
            ways = (self._choice(way, then, otherwise) for way in (one, other))
            return self._choice(test, *ways)
        if condition in (sympy.true, sympy.false):
            return then if condition == sympy.true else otherwise
        if not isinstance(condition, Relational):
            return self._step(Instruction("nothing", (), len(self.steps), BOTH))
        relation = RELATIONS[condition.func]
        return self.put("choose", self.write(gap(condition)), then, otherwise, value=relation)


def reach(steps: Sequence[Instruction], targets: Iterable[int]) -> list[int]:
    """The steps that the targets need, in the order in which they can be taken."""
    needed, open_ = set(), list(targets)
    while open_:
        step = open_.pop()
        if step not in needed:
            needed.add(step)
            open_ += steps[step].arguments
    return sorted(needed)


def bounded(steps: Sequence[Instruction], targets: Collection[int]) -> frozenset[int]:
    """The steps whose rounding has to be bounded: those behind the targets, and behind jumps."""
    jumps = [step.arguments[0] for step in steps
             if step.arguments and operation(step.operation).is_step]  # fmt: skip
    return frozenset(reach(steps, [*targets, *jumps]))
