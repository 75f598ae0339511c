"""The domain cut into cells on each of which payoffs are smooth: no max, min, floor or piecewise.

Inside a cell such a function is one of its pieces, so that a determinant that vanishes on an open
part of the domain vanishes for all values there, and is seen to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import LimitReached
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible

MAX_CELLS = 16
STEPS = range(-12, 13)  # values of a floor or ceiling that are tried
KINKED = (sympy.Max, sympy.Min, sympy.Abs, sympy.Piecewise, sympy.floor, sympy.ceiling)


@dataclass(frozen=True)
class Cell:
    """Where a piece of each kinked function holds, and these pieces, innermost first."""

    conditions: tuple[Boolean, ...] = ()
    pieces: tuple[tuple[sympy.Expr, sympy.Expr], ...] = ()

    def inside(self, expression: sympy.Expr) -> sympy.Expr:
        """The expression as it is in the cell."""
        for function, piece in self.pieces:
            expression = expression.xreplace({function: piece})
        return expression


def cells(payoffs: Sequence[sympy.Expr], domain: Domain) -> list[Cell]:
    """The cells of the domain; one, without conditions, where payoffs have no kinks.

    Raises LimitReached for more than `MAX_CELLS`, or a floor of a wide range.
    """
    done: list[Cell] = []
    left = [Cell()]
    while left:
        cell = left.pop(0)
        function = _kinked([cell.inside(payoff) for payoff in payoffs])
        if function is None:
            done.append(cell)
            continue
        for piece, conditions in _pieces(function):
            region = (*cell.conditions, *(c for c in conditions if c != sympy.true))
            if feasible([*domain.constraints, *region], domain.integers, QUICK).exists is not False:
                left.append(Cell(region, (*cell.pieces, (function, piece))))
        if len(left) + len(done) > MAX_CELLS:
            raise LimitReached(f"payoffs have more than {MAX_CELLS} smooth pieces")
    return done


def _kinked(payoffs: Sequence[sympy.Expr]) -> sympy.Expr | None:
    """A kinked function of parameters without others inside it, the same one on every run."""
    found = {f for payoff in payoffs for f in payoff.atoms(*KINKED) if f.free_symbols}
    inner = [f for f in found if not any(arg.has(*KINKED) for arg in f.args)]
    return min(inner, key=sympy.default_sort_key, default=None)


def _pieces(function: sympy.Expr) -> Iterator[tuple[sympy.Expr, list[Boolean]]]:
    """What the function may be, and where."""
    if isinstance(function, sympy.Max | sympy.Min):
        compare = sympy.Ge if isinstance(function, sympy.Max) else sympy.Le
        for chosen in function.args:
            yield chosen, [compare(chosen, other) for other in function.args if other != chosen]
    elif isinstance(function, sympy.Abs):
        part = function.args[0]
        yield part, [sympy.Ge(part, 0)]
        yield -part, [sympy.Le(part, 0)]
    elif isinstance(function, sympy.Piecewise):
        before: list[Boolean] = []
        for value, condition in function.args:
            yield value, [*before, condition]
            before.append(sympy.Not(condition))
    else:
        part, up = function.args[0], isinstance(function, sympy.ceiling)
        for step in STEPS:
            low, high = sympy.Integer(step - up), sympy.Integer(step + 1 - up)
            inside = [part > low, part <= high] if up else [part >= low, part < high]
            yield sympy.Integer(step), inside
        yield function, [sympy.Or(part < STEPS.start, part > STEPS.stop - 1)]
