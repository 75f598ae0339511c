"""The domain cut into cells on each of which payoffs are smooth: no max, min, floor or piecewise.

Inside a cell such a function is one of its pieces, so that a determinant that vanishes on an open
part of the domain vanishes for all values there, and is seen to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.comparisons import atoms
from coopgame.language.functions import stepped_parts, steps_of
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import QUICK, feasible

MAX_CELLS = 16
KINKED = (sympy.Max, sympy.Min, sympy.Abs, sympy.Piecewise)


@dataclass(frozen=True)
class Cell:
    """Where a piece of each kinked function holds, and these pieces, innermost first."""

    conditions: tuple[Boolean, ...] = ()
    pieces: tuple[tuple[sympy.Expr, sympy.Expr], ...] = ()

    def inside(self, expression: sympy.Expr) -> sympy.Expr:
        """The expression as it is in the cell."""
        for function, piece in self.pieces:
            expression = expression.xreplace({function: piece})
        # SymPy writes a power of a piecewise function as one of powers: another function, with
        # conditions that the cell settles alike.
        return (
            expression.xreplace(self._settled()) if expression.has(sympy.Piecewise) else expression
        )

    def _settled(self) -> dict[Boolean, Boolean]:
        """The truth of each comparison that the conditions of the cell state."""
        parts = dict.fromkeys(part for c in self.conditions for part in (c, *atoms(c)))
        return dict.fromkeys(parts, sympy.true) | {sympy.Not(p): sympy.false for p in parts}


def cells(payoffs: Sequence[sympy.Expr], domain: Domain) -> tuple[list[Cell], tuple[str, ...]]:
    """The cells of the domain, and why there are others, if there may be.

    One cell without conditions where payoffs have no kinks. Others are left out beyond
    `MAX_CELLS`, and where a floor or ceiling takes values beyond those that are tried.
    """
    done: list[Cell] = []
    left, left_out = [Cell()], dict[str, None]()
    while left and len(left) + len(done) <= MAX_CELLS:
        cell = left.pop(0)
        function = _kinked([cell.inside(payoff) for payoff in payoffs])
        if function is None:
            done.append(cell)
            continue
        for piece, conditions in _pieces(function):
            region = (*cell.conditions, *(c for c in conditions if c != sympy.true))
            if feasible([*domain.constraints, *region], domain.integers, QUICK).exists is False:
                continue
            if piece == function and (steps := steps_of(function)):
                first, last = steps.values[0], steps.values[-1]
                left_out[f"{to_text(function)} may lie outside {first} to {last}"] = None
            else:
                left.append(Cell(region, (*cell.pieces, (function, piece))))
    if left:
        left_out[f"payoffs have more than {MAX_CELLS} smooth pieces"] = None
    return done, tuple(left_out)


def kinked_parts(expression: sympy.Expr) -> set[sympy.Expr]:
    """The functions of parameters in an expression that are made of pieces or jump."""
    found = {*expression.atoms(*KINKED), *stepped_parts(expression)}
    return {part for part in found if part.free_symbols}


def _kinked(payoffs: Sequence[sympy.Expr]) -> sympy.Expr | None:
    """A kinked function of parameters without others inside it, the same one on every run."""
    found = {f for payoff in payoffs for f in kinked_parts(payoff)}
    inner = [f for f in found if not any(kinked_parts(arg) for arg in f.args)]
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
    elif steps := steps_of(function):
        part = function.args[0]
        for step in steps.values:
            yield sympy.Integer(step), list(steps.bounds(part, sympy.Integer(step)))
        # Itself: no piece stands for it below the first value tried, or above the last.
        first, last = (steps.bounds(part, sympy.Integer(steps.values[i])) for i in (0, -1))
        yield function, [sympy.Or(sympy.Not(first[0]), sympy.Not(last[1]))]
