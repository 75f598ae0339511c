"""The functions of the grammar: one row each, with all that any room knows of it.

Text, LaTeX, pages, arrays, exact fractions, proofs and signs ask here; a new function is a new row.
`min`, `max` and `sqrt` stand apart, as they become parts of the algebra (Max, Min, a power), which
every room knows as it knows a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language import steps

SEVERAL: Mapping[str, Callable[..., Any]] = {"min": sympy.Min, "max": sympy.Max}
ROOT: Mapping[str, Callable[..., Any]] = {"sqrt": sympy.sqrt}


@dataclass(frozen=True)
class Smooth:
    """What an error in the argument does to the value, for arrays of arguments x and values v.

    Within `room(x)` of x the slope is nowhere above twice `steep(x, v)`.
    """

    steep: Callable[[Any, Any], Any]
    room: Callable[[Any], Any]


@dataclass(frozen=True)
class Stepped:
    """A function that is constant between jumps.

    `bounds(x, value)` are the lower and the upper condition on the argument for it to have a value,
    of which `values` are those that are tried one by one; `between(x, value)` says that the
    argument is not at a jump; `apart` is the distance of an array to the nearest one.
    """

    bounds: Callable[[Any, Any], tuple[Any, Any]]
    between: Callable[[Any, Any], Any]
    apart: Callable[[Any], Any]
    values: range = range(-12, 13)


@dataclass(frozen=True)
class GrammarFunction:
    """A function of one value.

    Attributes
    ----------
    build
        The function in SymPy; the name of what it builds is how a part is known again.
    javascript
        The function that a page calls.
    floats
        The function of an array.
    shape
        How it moves between two arguments that are near each other.
    rises
        Whether it falls nowhere.
    facts
        What is certain of the value t at the argument x, in operators that Z3 shares: the prover
        knows nothing else of it.
    fraction
        Its value at a fraction, where that is one.
    domain, outside
        Where it has a real value, in operators that SymPy and Z3 share, and what a fault calls an
        argument beyond it.
    """

    build: Callable[..., Any]
    javascript: str
    floats: Callable[[Any], Any]
    shape: Smooth | Stepped
    rises: bool = True
    facts: Callable[[Any, Any], Iterable[Any]] = lambda t, x: ()
    fraction: Callable[[Fraction], Fraction] | None = None
    domain: Callable[[Any], Any] | None = None
    outside: str = ""


FUNCTIONS: dict[str, GrammarFunction] = {
    "exp": GrammarFunction(
        sympy.exp,
        "Math.exp",
        np.exp,
        Smooth(lambda x, v: v, lambda x: 1 / 4),
        facts=lambda t, x: (t > 0, (t > 1) == (x > 0), (t < 1) == (x < 0)),
    ),
    "log": GrammarFunction(
        sympy.log,
        "Math.log",
        np.log,
        Smooth(lambda x, v: 1 / x, lambda x: x / 2),
        facts=lambda t, x: (
            ((x > 1) & (t > 0)) | ((x == 1) & (t == 0)) | ((x > 0) & (x < 1) & (t < 0)),
        ),
        domain=lambda x: x > 0,
        outside="the logarithm of zero or of a negative number",
    ),
    "ceil": GrammarFunction(
        steps.ceiling,
        "ceil",  # the page's own, which takes what is within rounding of a whole number for it
        np.ceil,
        Stepped(
            lambda x, value: (x > value - 1, x <= value),
            lambda x, value: x < value,
            lambda x: np.abs(x - np.rint(x)),
        ),
        facts=lambda t, x: (
            t >= x,
            t < x + 1,
            ((t >= 1) & (x > 0)) | ((t == 0) & (x > -1) & (x <= 0)) | ((t <= -1) & (x <= -1)),
        ),
        fraction=lambda x: Fraction(ceil(x)),
    ),
    "floor": GrammarFunction(
        steps.floor,
        "floor",
        np.floor,
        Stepped(
            lambda x, value: (x >= value, x < value + 1),
            lambda x, value: x > value,
            lambda x: np.abs(x - np.rint(x)),
        ),
        facts=lambda t, x: (
            t <= x,
            t > x - 1,
            ((t >= 1) & (x >= 1)) | ((t == 0) & (x >= 0) & (x < 1)) | ((t <= -1) & (x < 0)),
        ),
        fraction=lambda x: Fraction(floor(x)),
    ),
}


def named(part: Any) -> str:
    """The name in the grammar of the function that a part is a value of; nothing of any other."""
    built = type(part).__name__
    return next((name for name, row in FUNCTIONS.items() if row.build.__name__ == built), "")


def row_of(part: Any) -> GrammarFunction | None:
    """The row of the function that a part is a value of.

    >>> row_of(sympy.exp(sympy.Symbol("x"))).javascript
    'Math.exp'
    """
    return FUNCTIONS.get(named(part))


def is_smooth(part: Any) -> bool:
    """Whether a part is a value of a function that has a slope."""
    row = row_of(part)
    return row is not None and isinstance(row.shape, Smooth)


def steps_of(part: Any) -> Stepped | None:
    """How a part jumps, where it is a value of a function that is constant between jumps."""
    row = row_of(part)
    return row.shape if row is not None and isinstance(row.shape, Stepped) else None


def stepped_parts(expression: sympy.Basic) -> list[sympy.Expr]:
    """The parts of an expression that jump, in the same order on every run."""
    found = [part for part in expression.atoms(sympy.Function) if steps_of(part)]
    return sorted(found, key=sympy.default_sort_key)


def outside_of(part: Any) -> Boolean:
    """Where a value has no argument of its domain: never, for most."""
    row = row_of(part)
    if row is None or row.domain is None:
        return sympy.false
    return sympy.Not(row.domain(part.args[0]))


def known_functions() -> str:
    """The functions there are, as a fault names them."""
    return ", ".join([*SEVERAL, *ROOT, *FUNCTIONS, "piecewise"])
