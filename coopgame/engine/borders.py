"""Rows that lie within rounding of a border: enclosed one by one, then decided exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.engine.compiled import Compiled, Tree
from coopgame.engine.enclosures import UNIT, Enclosure, enclose
from coopgame.engine.exactly import Inexact, Values, evaluate, place_of
from coopgame.engine.logic import Known, Sign, gaps_in, known, sign_of
from coopgame.engine.programs import reach
from coopgame.grids import Floats
from coopgame.solution import decide

Exact = Callable[[int], Values]
Places = NDArray[np.intp]


def settle(
    compiled: Compiled,
    trees: Sequence[Tree],
    found: Sequence[Known],
    places: Places,
    columns: Sequence[Floats],
    exact: Exact,
) -> None:
    """Put into `found` what is true of the trees at some rows; what cannot be decided stays open.

    `places` are the rows' places in the arrays of `found`, `columns` their values as floats, and
    `exact` gives the exact values of each.
    """
    signs = _enclosed(compiled, trees, columns)
    count = len(places)
    left = np.zeros(count, bool)
    for tree, flags in zip(trees, found, strict=True):
        here = known(tree, signs.__getitem__)
        holds, fails = (np.broadcast_to(flag, count) for flag in here)
        flags.holds[places] |= holds
        flags.fails[places] |= fails
        left |= ~(flags.holds[places] | flags.fails[places])
    for r in np.flatnonzero(left).tolist():
        _settle_row(compiled, trees, found, int(places[r]), exact(r))


def _enclosed(
    compiled: Compiled, trees: Sequence[Tree], columns: Sequence[Floats]
) -> dict[int, Sign]:
    """The signs of gaps as far as enclosures of single rows tell them."""
    gaps = sorted({gap for tree in trees for gap in gaps_in(tree)})
    steps = compiled.steps
    order = reach(steps, [compiled.gaps[gap].step for gap in gaps])
    bounds: dict[int, Enclosure] = {}
    for i in order:
        if steps[i].operation == "variable":
            column = columns[steps[i].value]
            bounds[i] = Enclosure(column, column, UNIT * np.abs(column))
    enclose(steps, order, bounds)
    return {gap: _sign(bounds[compiled.gaps[gap].step]) for gap in gaps}


def _sign(bounds: Enclosure) -> Sign:
    reach_ = bounds.reach
    if bounds.low is bounds.high:
        return sign_of(bounds.low, -reach_, reach_)
    zero = (bounds.low == 0) & (bounds.high == 0) & (reach_ == 0)
    return Sign(bounds.low > reach_, bounds.high < -reach_, zero)


def _settle_row(
    compiled: Compiled,
    trees: Sequence[Tree],
    found: Sequence[Known],
    place: int,
    row: Values,
) -> None:
    signs: dict[int, Sign] = {}
    memory: dict[int, Any] = {}

    def sign(gap: int) -> Sign:
        if gap not in signs:
            signs[gap] = exact_sign(compiled, gap, row, memory)
        return signs[gap]

    for tree, flags in zip(trees, found, strict=True):
        if not (flags.holds[place] or flags.fails[place]):
            flags.holds[place], flags.fails[place] = known(tree, sign)


def exact_sign(compiled: Compiled, gap: int, row: Values, memory: dict[int, Any]) -> Sign:
    """The sign of a gap in exact arithmetic: among the fractions, else by SymPy."""
    try:
        number = evaluate(compiled.steps, compiled.gaps[gap].step, row, memory)
    except Inexact:
        return _by_sympy(compiled.gaps[gap].expression, compiled.names, row)
    return Sign(number > 0, number < 0, number == 0)


def _by_sympy(expression: sympy.Expr, names: Sequence[str], row: Values) -> Sign:
    try:
        number = expression.subs(place_of(names, row))
        if decide(sympy.Eq(number, 0)):
            return Sign(False, False, True)
        above = decide(sympy.Gt(number, 0))
    except (TypeError, ValueError, AttributeError):
        return Sign(False, False, False)
    return Sign(above, not above, False)
