"""Numbers and conditions out of a file's text, worked out apart from coopgame.

Rational arithmetic stays exact (`Fraction`); what is irrational is an mpmath number of 60 digits.
Two numbers nearer than `TIE` count as equal: ties at irrational payoffs are drawn on purpose, and
60 digits leave twenty between the rounding of short formulas and a difference that is meant.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import mpmath

CONTEXT = mpmath.mp.clone()
CONTEXT.dps = 60
TIE = CONTEXT.mpf(10) ** -40
Number: TypeAlias = Fraction | Any  # or an mpmath number, which has no types
Names = Mapping[str, Number]


class Undefined(Exception):
    """The text has no real value here, or uses what this small evaluator does not know."""


def real(value: Number) -> mpmath.mpf:
    """The number with 60 digits."""
    if isinstance(value, Fraction):
        return CONTEXT.mpf(value.numerator) / value.denominator
    return CONTEXT.mpf(value)


def sign(value: Number) -> int:
    """-1, 0 or 1; what is nearer to zero than `TIE` is zero."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    return 0 if abs(value) < TIE else (1 if value > 0 else -1)


def least(values: Sequence[Number]) -> Number:
    return min(values, key=real)


def greatest(values: Sequence[Number]) -> Number:
    return max(values, key=real)


def plus(one: Number, other: Number) -> Number:
    both = isinstance(one, Fraction) and isinstance(other, Fraction)
    return one + other if both else real(one) + real(other)


def times(one: Number, other: Number) -> Number:
    if one == 0 or other == 0:
        return Fraction(0)
    both = isinstance(one, Fraction) and isinstance(other, Fraction)
    return one * other if both else real(one) * real(other)


def minus(one: Number, other: Number) -> Number:
    return plus(one, times(Fraction(-1), other))


def over(one: Number, other: Number) -> Number:
    if sign(other) == 0:
        raise Undefined("division by zero")
    both = isinstance(one, Fraction) and isinstance(other, Fraction)
    return one / other if both else real(one) / real(other)


def total(values: Sequence[Number]) -> Number:
    result: Number = Fraction(0)
    for value in values:
        result = plus(result, value)
    return result


def power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if sign(base) == 0 and exponent <= 0:
            raise Undefined("zero to the power of zero or less")
        return base ** int(exponent)
    if sign(base) < 0 or (sign(base) == 0 and sign(exponent) <= 0):
        raise Undefined("a power of a negative number")
    if exponent == Fraction(1, 2) and isinstance(base, Fraction):
        top, bottom = math.isqrt(base.numerator), math.isqrt(base.denominator)
        if top * top == base.numerator and bottom * bottom == base.denominator:
            return Fraction(top, bottom)
    return CONTEXT.power(abs(real(base)), real(exponent))


def rounded(value: Number, how: Callable[[Number], int]) -> Fraction:
    """Floor or ceiling; a number within `TIE` of an integer is that integer."""
    if isinstance(value, Fraction):
        return Fraction(how(value))
    near = int(CONTEXT.nint(value))
    return Fraction(near if abs(value - near) < TIE else int(how(value)))


def logarithm(value: Number) -> Number:
    if sign(value) <= 0:
        raise Undefined("the logarithm of what is not positive")
    return Fraction(0) if value == 1 else CONTEXT.log(real(value))


FUNCTIONS: dict[str, Callable[..., Number]] = {
    "min": lambda *v: least(v),
    "max": lambda *v: greatest(v),
    "sqrt": lambda v: power(v, Fraction(1, 2)),
    "exp": lambda v: Fraction(1) if sign(v) == 0 else CONTEXT.exp(real(v)),
    "log": logarithm,
    "floor": lambda v: rounded(v, lambda x: math.floor(x)),
    "ceil": lambda v: rounded(v, lambda x: math.ceil(x)),
    "abs": lambda v: times(Fraction(sign(v)), v),
}
OPERATIONS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: plus,
    ast.Sub: minus,
    ast.Mult: times,
    ast.Div: over,
    ast.Pow: power,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[int], bool]] = {
    ast.Lt: lambda s: s < 0,
    ast.LtE: lambda s: s <= 0,
    ast.Gt: lambda s: s > 0,
    ast.GtE: lambda s: s >= 0,
    ast.Eq: lambda s: s == 0,
    ast.NotEq: lambda s: s != 0,
}


def evaluate(text: str, names: Names | None = None) -> Number:
    """The value of an expression.

    >>> evaluate("max(x, 1/3) + sqrt(4)", {"x": Fraction(1, 2)})
    Fraction(5, 2)
    """
    return _value(ast.parse(text.strip(), mode="eval").body, names or {})


def holds(text: str, names: Names | None = None) -> bool:
    """The truth of a condition.

    >>> holds("0 < x <= 1 and not (x == 1)", {"x": Fraction(1)})
    False
    """
    return _truth(ast.parse(text.strip(), mode="eval").body, names or {})


def _value(node: ast.expr, names: Names) -> Number:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise Undefined(f"unknown name {node.id}")
        return names[node.id]
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, names)
        return times(Fraction(-1), value) if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](_value(node.left, names), _value(node.right, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node.args, names)
    raise Undefined(ast.unparse(node))


def _called(name: str, arguments: Sequence[ast.expr], names: Names) -> Number:
    if name == "piecewise":
        for value, condition in zip(arguments[::2], arguments[1::2], strict=False):
            if _truth(condition, names):
                return _value(value, names)
        return _value(arguments[-1], names)
    if name not in FUNCTIONS:
        raise Undefined(name)
    return FUNCTIONS[name](*(_value(argument, names) for argument in arguments))


def _truth(node: ast.expr, names: Names) -> bool:
    if isinstance(node, ast.BoolOp):
        parts = (_truth(part, names) for part in node.values)
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _truth(node.operand, names)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    if isinstance(node, ast.Name) and node.id in ("true", "false"):
        return node.id == "true"
    if isinstance(node, ast.Compare):
        sides = [_value(side, names) for side in (node.left, *node.comparators)]
        return all(
            COMPARISONS[type(op)](sign(minus(left, right)))
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        )
    raise Undefined(ast.unparse(node))
