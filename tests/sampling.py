"""A search for counter-examples to proved signs: random expressions, random pairs of points."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.expressions import parse
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.proofs.questions import Sign, Verdict, holds

NAMES = ("x", "y")
BINARY = ("{} + {}", "{} - {}", "{}*{}", "min({}, {})", "max({}, {})")
UNARY = ("sqrt(1 + ({})**2)", "exp({})", "log(2 + ({})**2)", "ceil({})", "floor({})", "({})**2")
LEAVES = ("x", "y", "1/2", "2", "-1", "3*x/2", "y - 1")


def tree(draw: random.Random, depth: int) -> str:
    """The text of a random expression in x and y with every function of the grammar."""
    if depth == 0:
        return draw.choice(LEAVES)
    kind = draw.random()
    if kind < 0.4:
        shape = draw.choice(BINARY)
        return shape.format(*(f"({tree(draw, depth - 1)})" for _ in range(2)))
    if kind < 0.85:
        return draw.choice(UNARY).format(tree(draw, depth - 1))
    parts = [tree(draw, depth - 1) for _ in range(4)]
    relation = draw.choice(("<", "<=", ">", ">="))
    return f"piecewise({parts[0]}, {parts[1]} {relation} {parts[2]}, {parts[3]})"


def domain(draw: random.Random) -> Domain:
    """Two parameters, either of them perhaps an integer."""
    shapes = ("[0, 3]", "(0, 2)", "[-1, 1]", "integers [0, 4]", "[1/2, oo)", "integers [-2, 1]")
    return Domain(
        tuple(
            Parameter(name, "", "", Interval.parse(draw.choice(shapes)), sympy.S.Zero, "")
            for name in NAMES
        )
    )


def point(draw: random.Random, within: Domain) -> dict[sympy.Symbol, sympy.Rational]:
    """A random point of the intervals, often round, often on their ends."""
    found = {}
    for parameter in within.parameters:
        interval = parameter.interval
        low = interval.lower if interval.lower != -sympy.oo else -sympy.Integer(9)
        high = interval.upper if interval.upper != sympy.oo else sympy.Integer(9)
        steps = 1 if interval.integer else draw.choice((1, 2, 4, 60))
        count = int(sympy.floor((high - low) * steps))
        value = low + sympy.Rational(draw.randint(0, max(count, 0)), steps)
        found[parameter.symbol] = value
    return found


def counter_example(
    expression: sympy.Expr,
    found: Sign,
    parameter: Parameter,
    within: Domain,
    conditions: Sequence[Boolean],
    draw: random.Random,
    tries: int = 40,
) -> str | None:
    """A pair of points at which a proved sign is wrong, as text; None where none was found."""
    if found.verdict is not Verdict.PROVED:
        return None
    wrong: dict[str, Callable[[sympy.Expr], bool]] = {
        "+": lambda change: change < 0 or (found.strict and change == 0),
        "-": lambda change: change > 0 or (found.strict and change == 0),
        "0": lambda change: change != 0,
    }
    region = [*within.constraints, *conditions]
    for _ in range(tries):
        here = point(draw, within)
        there = {**here, parameter.symbol: point(draw, within)[parameter.symbol]}
        low, high = sorted((here, there), key=lambda at: at[parameter.symbol])
        if low == high or not _on_a_stretch(low, high, parameter, region):
            continue
        change = _value(expression, high) - _value(expression, low)
        if abs(change) < Fraction(1, 10**20):
            change = sympy.S.Zero
        if wrong[found.sign](change):
            return f"{expression} in {parameter.name}: {found}, {low} to {high}: {change}"
    return None


def _on_a_stretch(
    low: dict[sympy.Symbol, sympy.Rational],
    high: dict[sympy.Symbol, sympy.Rational],
    parameter: Parameter,
    region: Sequence[Boolean],
) -> bool:
    first, last = low[parameter.symbol], high[parameter.symbol]
    if parameter.interval.integer:
        between = [first + k for k in range(int(last - first) + 1)]
    else:
        between = [first + (last - first) * sympy.Rational(k, 8) for k in range(9)]
    return all(holds(c, {**low, parameter.symbol: v}) for v in between for c in region)


def _value(expression: sympy.Expr, at: dict[sympy.Symbol, sympy.Rational]) -> sympy.Expr:
    return sympy.N(expression.xreplace(at), 40)


def read(text: str) -> sympy.Expr:
    """The expression of a text in x and y."""
    return parse(text, NAMES)
