"""Grids of exact parameter values: what varies, what is fixed, and the points in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import numpy as np
import sympy

from coopgame.errors import Fault, InputError
from coopgame.expressions import exact
from coopgame.parameters import Domain
from coopgame.printing import symbol
from coopgame.rounding import Floats

MAX_POINTS = 10_000_000

Axis = tuple[sympy.Rational, ...]


def grid(low: Any, high: Any, count: int) -> Axis:
    """`count` equally spaced exact values from low to high, both included.

    >>> grid(0, 0.6, 4)
    (0, 1/5, 2/5, 3/5)
    """
    first, last = exact(low), exact(high)
    if not isinstance(count, int) or not 2 <= count <= MAX_POINTS:
        raise InputError(f"a grid of {count!r} values", f"give a whole number, 2 to {MAX_POINTS}")
    if first >= last:
        raise InputError(f"the grid {low}:{high} is empty", "put the smaller value first")
    return tuple(first + (last - first) * i / (count - 1) for i in range(count))


def read_grid(
    domain: Domain, vary: Mapping[str, Any], fixed: Mapping[str, Any]
) -> tuple[dict[str, Axis], dict[str, sympy.Rational]]:
    if not vary:
        raise InputError("nothing varies", "name a parameter, as in h=0:0.6:13")
    twice = [name for name in vary if name in fixed]
    if twice:
        raise InputError(f"{twice[0]} is both varied and set", "drop the one or the other")
    faults: list[Fault] = []
    axes: dict[str, Axis] = {}
    for name, values in vary.items():
        try:
            axes[name] = _axis(domain, name, values)
        except InputError as error:
            faults += error.faults
    try:
        rest = {n: v for n, v in domain.defaults.items() if n not in vary} | domain.read(fixed)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    if prod(map(len, axes.values())) > MAX_POINTS:
        raise InputError(f"a grid of more than {MAX_POINTS} points", "vary in fewer steps")
    return axes, rest


def _axis(domain: Domain, name: str, values: Any) -> Axis:
    """The values of one parameter, each inside its interval."""
    domain[name]
    try:
        axis = _values(values)
        ends = [axis[0], *axis[1:]] if domain[name].interval.integer else [min(axis), max(axis)]
        for value in ends:
            domain.read({name: value})
    except InputError as error:
        raise InputError(error.faults[0].problem, error.faults[0].mend, name) from None
    return axis


def _values(values: Any) -> Axis:
    """The exact values that `(low, high, count)` or a list of values stands for."""
    if isinstance(values, tuple) and len(values) == 3:
        return grid(*values)
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"{values!r} is no range", "give (low, high, count) or a list of values")
    listed = tuple(map(exact, values))
    if not listed:
        raise InputError("no values", "give (low, high, count) or a list of values")
    return listed


def grid_columns(axes: Mapping[str, Axis], block: slice) -> list[Floats]:
    """The varied parameters at the grid points of a block, as floats."""
    shape = tuple(len(axis) for axis in axes.values())
    places = np.unravel_index(np.arange(block.start, block.stop), shape)
    values = [np.array([float(value) for value in axis]) for axis in axes.values()]
    return [column[place] for column, place in zip(values, places, strict=True)]


def grid_point(axes: Mapping[str, Axis], i: int) -> dict[sympy.Symbol, sympy.Rational]:
    """The exact grid point number i."""
    places = np.unravel_index(i, tuple(len(axis) for axis in axes.values()))
    named = zip(axes.items(), places, strict=True)
    return {symbol(name): axis[int(place)] for (name, axis), place in named}
