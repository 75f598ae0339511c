"""Which way an expression moves as one parameter rises over a region, by proof.

Three ways, tried in this order:

- a smooth expression by its derivative, or by its step where the parameter is an integer;
- by composition: what is made by increasing functions (min, max, ceil, floor, exp, log, sums,
  products with known signs) of parts that rise, rises; this needs no derivative;
- by pairs of points: no two points of the region, the second with the higher value, show a fall.

What is proved holds along each stretch of the region, that is, between any two values of the
parameter such that the region contains all that lie between.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.comparative.composition import KINKED, is_smooth, way
from coopgame.comparative.growth import fixed_reason
from coopgame.comparative.paths import Path, can_move, is_stretch
from coopgame.language.functions import named
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import to_text
from coopgame.proofs.plainer import plainer
from coopgame.proofs.questions import (
    QUICK,
    TOO_HARD,
    Sign,
    Verdict,
    feasible,
    flat,
    sign,
    standing,
    undecided,
)

SECONDS = 10.0  # for one sign: beyond this it is left undecided
NO_VALUE = (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
UNSEEN = "whether it moves at all is undecided"
GAPS = "along each stretch of values on which its conditions hold"


def moves(
    expression: sympy.Expr,
    parameter: Parameter,
    domain: Domain,
    conditions: Sequence[Boolean],
    seconds: float = SECONDS,
) -> Sign:
    """Which way an expression moves in a parameter wherever the domain and the conditions hold.

    A "?" that is refuted has a pair of points for each direction, or for a smooth expression a
    point for each; in a pair, the name with an apostrophe is the parameter's second value.

    >>> from coopgame.language.parameters import Interval
    >>> x = Parameter("x", "", "", Interval.parse("[0, 9]"), sympy.S.Zero, "")
    >>> moves(sympy.floor(x.symbol) ** 2, x, Domain((x,)), ()).sign
    '+'
    """
    region = (*domain.constraints, *conditions)
    path = Path(parameter, region, domain.integers, time.process_time() + seconds)
    if expression.has(*NO_VALUE):
        return undecided("it has no finite value")
    if not expression.has(path.variable):
        return stays(parameter, domain, conditions)
    found = undecided(TOO_HARD)
    if is_smooth(expression, path.variable) and not path.is_stepped:
        change = sympy.diff(expression, path.variable)
        found = signed(change, domain.constraints, region, domain.integers)
    elif path.is_stepped:
        found = sign(path.change(expression), path.pairs, path.integers)
    if found.verdict is Verdict.UNDECIDED:
        found = _composed(expression, path)
    if found.verdict is Verdict.UNDECIDED and not path.is_stepped:
        found = _by_slopes(expression, path) or found
    if found.verdict is Verdict.UNDECIDED and not path.is_stepped:
        found = _by_pairs(expression, path)
    if found.verdict is Verdict.REFUTED:
        found = _plainly(found, expression, path, domain)
    return settled(found, parameter, domain, conditions)


def _plainly(found: Sign, expression: sympy.Expr, path: Path, domain: Domain) -> Sign:
    """An ambiguous sign, shown by points or pairs of points in small numbers."""
    paired = any(name.name.endswith("'") for witness in found.witnesses for name in witness)
    if paired or path.is_stepped:
        return in_small_numbers(found, path.change(expression), path.pairs, domain)
    return in_small_numbers(found, sympy.diff(expression, path.variable), path.region, domain)


def in_small_numbers(
    found: Sign, change: sympy.Expr, goals: Sequence[Boolean], domain: Domain
) -> Sign:
    """A sign whose first point shows a rise and whose second a fall, by points easily checked."""
    ways = zip(found.witnesses, (sympy.Gt(change, 0), sympy.Lt(change, 0)), strict=False)
    return replace(
        found, witnesses=tuple(plainer(point, [*goals, way], domain) for point, way in ways)
    )


def signed(
    change: sympy.Expr,
    few: Sequence[Boolean],
    region: Sequence[Boolean],
    integers: Collection[sympy.Symbol],
) -> Sign:
    """The sign of a change over a region; one that is strict given a `few` of its conditions is so.

    Fewer conditions are easier on the proof.
    """
    for direction, opposite in (("+", sympy.Le), ("-", sympy.Ge)):
        if change.is_zero:
            break
        if feasible([*few, opposite(change, 0)], integers, QUICK).exists is False:
            example = feasible(region, integers, QUICK).witness
            verdict = Verdict.PROVED if example else standing(region, integers)
            if verdict is Verdict.PROVED:
                return Sign(direction, True, verdict, (example,) if example else ())
            return flat(region, integers)
    return sign(change, region, integers)


def stays(parameter: Parameter, domain: Domain, conditions: Sequence[Boolean]) -> Sign:
    """The sign "0" of what does not depend on a parameter, if that can move at all."""
    region = (*domain.constraints, *conditions)
    return settled(flat(region, domain.integers), parameter, domain, conditions)


def settled(
    found: Sign, parameter: Parameter, domain: Domain, conditions: Sequence[Boolean]
) -> Sign:
    """A sign as it can be told: not proved of a parameter that cannot move within the region."""
    if found.verdict is not Verdict.PROVED and found.verdict is not Verdict.EMPTY:
        return found
    region = frozenset([*domain.constraints, *conditions])
    if flat(region, domain.integers).verdict is Verdict.EMPTY:
        return flat(region, domain.integers)
    movable = can_move(parameter, region, domain.integers)
    if movable is None:
        return undecided(f"whether {parameter.name} can move alone is undecided")
    if not movable:
        return Sign("?", False, Verdict.EMPTY, (), fixed_reason(parameter))
    if found.sign in "+-" and not parameter.interval.integer:
        connected = all(is_stretch(c, parameter.symbol, domain) for c in region)
        return found if connected else replace(found, reason=GAPS)
    return found


# --- by composition ----------------------------------------------------------------------------


def _composed(expression: sympy.Expr, path: Path) -> Sign:
    found = way(expression, path)
    if found.sign == "?":
        return undecided(TOO_HARD)
    if found.sign == "0":
        return flat(path.region, path.integers)
    weak = Sign(found.sign, found.strict, Verdict.PROVED)
    return _shown_to_move(expression, weak, path)


def _shown_to_move(expression: sympy.Expr, found: Sign, path: Path) -> Sign:
    """A direction proved weakly is one only where some pair of points shows it."""
    change = path.change(expression)
    moved = change > 0 if found.sign == "+" else change < 0
    nearby = path.example(moved)
    if nearby is not None:
        return replace(found, witnesses=(nearby,))
    example = feasible([*path.pairs, moved], path.integers, QUICK)
    if example.exists:
        witnesses = () if example.witness is None else (example.witness,)
        return replace(found, witnesses=witnesses)
    if example.exists is False or found.strict:
        standing_pairs = flat(path.pairs, path.integers)
        is_strict = found.strict and standing_pairs.verdict is Verdict.PROVED
        return replace(found, witnesses=()) if is_strict else standing_pairs
    never = "falls" if found.sign == "+" else "rises"
    return undecided(f"it nowhere {never}; {UNSEEN}")


def shown_to_move(
    expression: sympy.Expr,
    found: Sign,
    parameter: Parameter,
    domain: Domain,
    conditions: Sequence[Boolean],
) -> Sign:
    """A direction that is proved otherwise, if the expression is shown to move at all."""
    if found.sign not in "+-":
        return settled(found, parameter, domain, conditions)
    region = (*domain.constraints, *conditions)
    path = Path(parameter, region, domain.integers, time.process_time() + SECONDS)
    return _shown_to_move(expression, found, path)


# --- by slopes of pieces -----------------------------------------------------------------------


def _by_slopes(expression: sympy.Expr, path: Path) -> Sign | None:
    """Both directions, found by the slopes of pieces; nothing is proved by these, as pieces jump.

    Each direction counts only with a pair of points that shows it.
    """
    if _unknown(expression) or time.process_time() > path.deadline:
        return None
    smooth = expression.rewrite(sympy.Piecewise) if expression.has(*KINKED) else expression
    slope = sympy.diff(smooth, path.variable)
    if slope.has(sympy.Derivative, sympy.Subs, *NO_VALUE):
        return None
    found = path.sign(slope)
    if found.verdict is not Verdict.REFUTED or len(found.witnesses) != 2:
        return None
    change = path.change(expression)
    up, down = found.witnesses
    pairs = (path.near(up, change > 0), path.near(down, change < 0))
    shown = tuple(pair for pair in pairs if pair is not None)
    return Sign("?", False, Verdict.REFUTED, shown) if len(shown) == 2 else None


# --- by pairs of points ------------------------------------------------------------------------


def _by_pairs(expression: sympy.Expr, path: Path) -> Sign:
    """Whether any two points of the region show a rise, and whether any show a fall."""
    if time.process_time() > path.deadline or _unknown(expression):
        told = ", ".join(sorted(_unknown(expression)))
        return undecided(f"no formula to move along: {told}" if told else TOO_HARD)
    change = path.change(expression)
    up = feasible([*path.pairs, change > 0], path.integers, QUICK)
    down = feasible([*path.pairs, change < 0], path.integers, QUICK)
    shown = tuple(each.witness for each in (up, down) if each.witness is not None)
    if up.exists is None or down.exists is None:
        return undecided(TOO_HARD, shown)
    if up.exists and down.exists:
        return Sign("?", False, Verdict.REFUTED, shown)
    if not up.exists and not down.exists:
        return flat(path.pairs, path.integers)
    level = feasible([*path.pairs, sympy.Eq(change, 0)], path.integers, QUICK)
    return Sign("+" if up.exists else "-", level.exists is False, Verdict.PROVED, shown)


def _unknown(expression: sympy.Expr) -> set[str]:
    known = (*KINKED, sympy.Piecewise)
    found = expression.atoms(sympy.Function, sympy.Derivative, sympy.Subs)
    return {
        to_text(node).partition("(")[0]
        for node in found
        if not isinstance(node, known) and not named(node)
    }
