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

from coopgame.parameters import Domain, Parameter
from coopgame.proofs import Existence, Sign, Verdict, feasible, negation
from coopgame.solution import Branch, Extremum

TURNED = {"+": "-", "-": "+", "0": "0", "?": "?"}


@lru_cache(maxsize=1024)
def region_sign(conditions: tuple[Boolean, ...], domain: Domain, parameter: Parameter) -> Sign:
    """Whether the set where `conditions` hold grows as the parameter rises.

    Asks for a point inside and a higher (lower) value of the parameter at which the same point
    is outside. Neither: the parameter has no effect. The answer is remembered, as several
    outcomes are defined by one set.
    """
    involved = [c for c in conditions if c.has(parameter.symbol)]
    if not involved:
        return Sign("0", False, Verdict.PROVED)
    region = [*domain.constraints, *conditions]
    outside = sympy.Or(*map(negation, involved))
    lost = [_lost(region, outside, domain, parameter, upward) for upward in (True, False)]
    by_rise, by_fall = lost
    if by_rise.exists is None or by_fall.exists is None:
        return Sign("?", False, Verdict.UNDECIDED)
    witnesses = tuple(found.witness for found in lost if found.witness is not None)
    if by_rise.exists and by_fall.exists:
        return Sign("?", False, Verdict.REFUTED, witnesses)
    if not by_rise.exists and not by_fall.exists:
        return Sign("0", False, Verdict.PROVED)
    return Sign("+" if by_fall.exists else "-", False, Verdict.PROVED, witnesses)


def _lost(
    region: Sequence[Boolean],
    outside: Boolean,
    domain: Domain,
    parameter: Parameter,
    upward: bool,
) -> Existence:
    """A point of the region that is outside at a higher (lower) value of the parameter."""
    other = sympy.Symbol(f"{parameter.name}'", real=True)
    moved = {parameter.symbol: other}
    admissible = [c.xreplace(moved) for c in domain.constraints if c.has(parameter.symbol)]
    further = sympy.Gt(other, parameter.symbol) if upward else sympy.Lt(other, parameter.symbol)
    integers = domain.integers | ({other} if parameter.interval.integer else set())
    return feasible([*region, *admissible, further, outside.xreplace(moved)], integers)


def set_sign(extremum: Extremum | None, domain: Domain, parameter: Parameter) -> Sign | None:
    """The sign of the greatest (least) element of a set: it rises where the set grows (shrinks)."""
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
    if outside.sign == "0":
        return outside
    region, gone = [*domain.constraints, *branch.conditions], sympy.And(*branch.complement)
    left = _lost(region, gone, domain, parameter, upward=outside.sign == "+")
    if left.exists is None:
        return Sign("?", False, Verdict.UNDECIDED)
    witnesses = () if left.witness is None else (left.witness,)
    shown = TURNED[outside.sign] if left.exists else "0"
    return Sign(shown, False, Verdict.PROVED, witnesses)
