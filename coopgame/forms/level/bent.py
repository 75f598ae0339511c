"""The argument where F or the joint payoff is no quadratic, and bends one way only.

The branch's own level and joint optimum are stated, with F in powers of the level: that F vanishes
at a root, or is not positive at a cap, can be checked by putting the level in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sympy

from coopgame.forms.derivation import Line, Role, Step, at_most, condition_step, equal, fresh
from coopgame.forms.level.curves import CAP, HIGHEST, ONE, ZERO, Side, excess
from coopgame.solution import Branch

CAPPED = (
    "Nobody wants a level beyond the joint optimum, where another little of co-operation adds "
    "nothing to the payoffs (or beyond 1, if that comes first):"
)


def bent(sides: Collection[Side], branch: Branch, taken: Collection[str]) -> Iterator[Step]:
    """The cap, F in powers of the level, what it is at the branch's level, and the condition."""
    best, level = fresh("a_best", taken), fresh("level", taken)
    optimum = Line(equal(best, branch.outcomes["first_best"]), "the best level jointly")
    yield Step(CAP, CAPPED, (optimum,), Role.GIVEN)
    lines = [line for side in sides for line in (excess(side), _powers(side))]
    text = "The constraint, and the same in powers of the level:"
    yield Step("The constraint in powers of the level", text, tuple(lines), Role.GIVEN)
    yield from _found(sides, branch, best, level)
    yield condition_step(branch.conditions)


def _powers(side: Side) -> Line:
    """F multiplied out, each coefficient gathered by D."""
    about = "in powers of the level"
    return Line(equal(side.at("F", side.level), _written(side)), about, Role.SYSTEM)


def _written(side: Side) -> sympy.Expr:
    own, D, q, a = side.incentive, side.weight, side.detection, side.level
    whole = sympy.expand((1 - D) * own.gain - q * D * (own.payoff - side.outside))
    return sympy.collect(whole, a, lambda c: sympy.factor_terms(sympy.collect(c, D)))


def _found(
    sides: Collection[Side], branch: Branch, best: sympy.Symbol, level: sympy.Symbol
) -> Iterator[Step]:
    """The level and what F is there: it binds at a root, and holds at a cap."""
    kind = branch.name.split("_")[0]
    if kind == "none":
        text = "No positive level up to the cap satisfies the constraint where the condition holds."
        yield Step("Where it is the answer", text)
        return
    if kind == "constrained":
        text = "The level is the last root up to the cap: a little above it a breach would pay."
        root = Line(equal(level, branch.outcomes["level"]))
        yield Step(HIGHEST, text, (root,), Role.SOLVED)
        name = branch.name.removeprefix("constrained").removeprefix("_")
        binds = (Line(equal(_at(side, level), ZERO)) for side in sides if side.name == name)
        yield Step("Its check", "Put into F, it leaves nothing:", tuple(binds), Role.SYSTEM)
        return
    reached = ONE if kind == "full" else best
    kept = tuple(Line(at_most(_at(side, reached), ZERO), "nobody breaks it") for side in sides)
    text = f"The level is the cap itself, {reached}, where that enforces itself:"
    yield Step("Where it is the answer", text, kept)


def _at(side: Side, level: sympy.Expr) -> sympy.Expr:
    return _written(side).subs(side.level, level)
