"""The self-enforcing levels as a set whose greatest and least elements are outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.level.standing import Standing
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, implies
from coopgame.solution import Extremum


def extrema(
    sides: Sequence[Incentive], joint: sympy.Expr, domain: Domain, standing: Iterable[Standing]
) -> dict[str, Extremum]:
    """Level and tipping point as greatest and least of a set, where the joint payoff is concave.

    A tipping point that is 0 wherever there is one is the least of a set that never moves.
    """
    a, found = sides[0].variable, members(sides, joint, domain)
    if not found:
        return {}
    greatest, least = (Extremum(a, found, greatest=end) for end in (True, False))
    if all(one.tipping_point in (None, sympy.S.Zero) for one in standing):
        least = Extremum(a, (sympy.Eq(a, 0),), greatest=False)
    return {"level": greatest, "cooperation": greatest, "tipping_point": least}


def members(sides: Sequence[Incentive], joint: sympy.Expr, domain: Domain) -> tuple[Boolean, ...]:
    """The conditions on a level to enforce itself and not exceed a concave payoff's optimum.

    Empty where the joint payoff is not proved to be concave on [0, 1].
    """
    a = sides[0].variable
    unit = (a >= 0, a <= 1)
    concave = sympy.diff(joint, a, 2) <= 0
    proof = implies([*domain.constraints, *unit], concave, domain.integers, QUICK)
    if not proof.proved:
        return ()
    return (a > 0, a <= 1, sympy.diff(joint, a) >= 0, *(s.excess <= 0 for s in sides))
