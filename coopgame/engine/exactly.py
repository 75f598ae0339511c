"""Programs in exact arithmetic, at one row: what decides where floating point cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import Any

import sympy

from coopgame.engine.programs import Step
from coopgame.language.printing import symbol
from coopgame.solution import decide, number, put

Values = Sequence[Fraction]


class Inexact(Exception):
    """The step has no value among the fractions."""


def _root(x: Fraction) -> Fraction:
    if x < 0:
        raise Inexact
    top, bottom = isqrt(x.numerator), isqrt(x.denominator)
    if top * top != x.numerator or bottom * bottom != x.denominator:
        raise Inexact
    return Fraction(top, bottom)


def _choose(left: Any, right: Any, then: Any, otherwise: Any) -> Any:
    if left == right:
        raise Inexact
    return then if left > right else otherwise


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "negative": lambda x: -x,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "root": _root,
    "absolute": abs,
    "maximum": max,
    "minimum": min,
    "floor": lambda x: Fraction(floor(x)),
    "ceiling": lambda x: Fraction(ceil(x)),
    "choose": _choose,
}


def evaluate(steps: Sequence[Step], target: int, row: Values, known: dict[int, Any]) -> Any:
    """A step at a row, as a Fraction; Inexact where it has none, or is no number at all."""
    open_ = [target]
    while open_:
        i = open_[-1]
        if i in known:
            open_.pop()
            continue
        missing = [a for a in steps[i].arguments if a not in known]
        if missing:
            open_ += missing
            continue
        known[i] = _apply(steps[i], [known[a] for a in steps[i].arguments], row)
        open_.pop()
    if known[target] is None:
        raise Inexact
    return known[target]


def _apply(step: Step, arguments: list[Any], row: Values) -> Any:
    """The result, or None where it is no fraction."""
    if step.operation == "variable":
        return row[step.value]
    if step.operation == "constant":
        return step.value if isinstance(step.value, Fraction) else None
    if step.operation not in OPERATIONS or None in arguments:
        return None
    try:
        return OPERATIONS[step.operation](*arguments)
    except (Inexact, ZeroDivisionError):
        return None


def place_of(names: Sequence[str], row: Values) -> dict[sympy.Symbol, sympy.Rational]:
    """A row as values for symbols."""
    pairs = zip(names, row, strict=True)
    return {symbol(n): sympy.Rational(v.numerator, v.denominator) for n, v in pairs}


def holds(condition: Any, at: Mapping[sympy.Symbol, sympy.Rational]) -> bool | None:
    """Whether a condition holds at a point, by SymPy; None where that is undecided."""
    try:
        return decide(put(condition, at))
    except (TypeError, ValueError, AttributeError):
        return None


def value(expression: sympy.Expr, at: Mapping[sympy.Symbol, sympy.Rational]) -> float | None:
    """The float nearest to an expression at a point; None where it has no finite value."""
    try:
        found = number(put(expression, at))
    except (TypeError, ValueError):
        return None
    return found if abs(found) < float("inf") else None
