"""Whether a set of points grows as a parameter rises, by proof.

A region grows if no point of it is lost on the way. Where the set that defines an outcome grows,
its greatest element rises and its least falls, jumps between branches included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain, Parameter
from coopgame.proofs.plainer import plainly
from coopgame.proofs.questions import TOO_HARD, Existence, Sign, Verdict, feasible, flat, undecided
from coopgame.solution import Branch, Extremum

TURNED = {"+": "-", "-": "+", "0": "0", "?": "?"}


@lru_cache(maxsize=1024)
def region_sign(conditions: tuple[Boolean, ...], domain: Domain, parameter: Parameter) -> Sign:
    """Whether the set where `conditions` hold grows as the parameter rises.

    Asks for a point inside and a higher (lower) value of the parameter at which the same point
    is outside. Neither: the parameter has no effect, if there is a point inside at all, and another
    value for it to move to. The answer is remembered, as several outcomes are defined by one set.
    """
    involved = [c for c in conditions if c.has(parameter.symbol)]
    region = [*domain.constraints, *conditions]
    if not involved:
        return _unmoved(region, domain, parameter)
    outside = sympy.Or(*map(sympy.Not, involved))
    lost = [_lost(region, outside, domain, parameter, upward) for upward in (True, False)]
    by_rise, by_fall = lost
    if by_rise.exists is None or by_fall.exists is None:
        return undecided(TOO_HARD)
    witnesses = tuple(found.witness for found in lost if found.witness is not None)
    if by_rise.exists and by_fall.exists:
        return Sign("?", False, Verdict.REFUTED, witnesses)
    if not by_rise.exists and not by_fall.exists:
        return _unmoved(region, domain, parameter)
    return Sign("+" if by_fall.exists else "-", False, Verdict.PROVED, witnesses)


def _unmoved(region: Sequence[Boolean], domain: Domain, parameter: Parameter) -> Sign:
    """The sign "0" of a region that no move of the parameter changes, if it can move there."""
    other, admissible = _elsewhere(domain, parameter)
    moves = [*region, *admissible, sympy.Ne(other, parameter.symbol)]
    found = flat(moves, _integers(domain, parameter, other))
    if found.verdict is Verdict.EMPTY and flat(region, domain.integers).verdict is Verdict.PROVED:
        return replace(found, reason=fixed_reason(parameter))
    return found


def fixed_reason(parameter: Parameter) -> str:
    """Why a parameter that cannot move has no sign."""
    return f"no two points of it differ in {parameter.name} alone"


def _elsewhere(domain: Domain, parameter: Parameter) -> tuple[sympy.Symbol, list[Boolean]]:
    """Another value of the parameter, and what puts the point with it into the domain."""
    other = sympy.Symbol(f"{parameter.name}'", real=True)
    moved = {parameter.symbol: other}
    return other, [c.xreplace(moved) for c in domain.constraints if c.has(parameter.symbol)]


def _integers(domain: Domain, parameter: Parameter, other: sympy.Symbol) -> frozenset[sympy.Symbol]:
    return domain.integers | ({other} if parameter.interval.integer else set())


def _lost(
    region: Sequence[Boolean],
    outside: Boolean,
    domain: Domain,
    parameter: Parameter,
    upward: bool,
) -> Existence:
    """A point of the region that is outside at a higher (lower) value of the parameter."""
    other, admissible = _elsewhere(domain, parameter)
    further = sympy.Gt(other, parameter.symbol) if upward else sympy.Lt(other, parameter.symbol)
    gone = outside.xreplace({parameter.symbol: other})
    integers = _integers(domain, parameter, other)
    goals = [*region, *admissible, further, gone]
    return plainly(feasible(goals, integers), goals, domain, integers)


def set_sign(extremum: Extremum | None, domain: Domain, parameter: Parameter) -> Sign | None:
    """The sign of the greatest (least) element of a set: it rises where the set grows (shrinks).

    That a set grows somewhere does not show that its greatest element moves.
    """
    if extremum is None:
        return None
    found = region_sign(extremum.conditions, domain, parameter)
    shown = found.sign if extremum.greatest else TURNED.get(found.sign, found.sign)
    return replace(found, sign=shown)


def existence_sign(branch: Branch, domain: Domain, parameter: Parameter) -> Sign:
    """Whether the region of a branch grows.

    Where the complement is that some value meets some conditions, and these hold for more points,
    each with the same value, the region shrinks; a point that leaves it shows that it does.
    """
    outside = region_sign(branch.complement, domain, parameter) if branch.complement else None
    if outside is None or outside.verdict is not Verdict.PROVED:
        return region_sign(branch.conditions, domain, parameter)
    region, gone = [*domain.constraints, *branch.conditions], sympy.And(*branch.complement)
    if outside.sign == "0":
        return _unmoved(region, domain, parameter)
    left = _lost(region, gone, domain, parameter, upward=outside.sign == "+")
    if left.exists is None:
        return undecided(TOO_HARD)
    if not left.exists:
        return _unmoved(region, domain, parameter)
    witnesses = () if left.witness is None else (left.witness,)
    return Sign(TURNED[outside.sign], False, Verdict.PROVED, witnesses)
