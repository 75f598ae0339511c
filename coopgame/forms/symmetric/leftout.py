"""What a symbolic solution of identical players leaves out, in plain words.

At given values, all of it is looked for (see `point`).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import K
from coopgame.forms.symmetric.gains import Crossings, Gains, is_monotone
from coopgame.forms.symmetric.headcounts import Headcounts
from coopgame.forms.symmetric.mixes import MOST_PLAYERS, UNEQUAL_PLAYERS
from coopgame.proofs.questions import QUICK, sign

COUNTS = "numbers of co-operators between none and all are found at given values only"
MIXTURES = "mixtures of all players are found at given values only"
SOME = (
    "equilibria in which some are sure and some mix are found at given values only, "
    f"of up to {MOST_PLAYERS} players"
)
UNEQUAL = (
    f"equilibria in which some are sure and some mix (up to {MOST_PLAYERS} players), and those in "
    f"which players mix with different chances (up to {UNEQUAL_PLAYERS}), are found at given "
    "values only"
)
TIES = "where one more or fewer gains exactly nothing, that number is found at given values only"
VANISHING = (
    "where co-operating makes no difference to payoffs, every combination of actions is an "
    "equilibrium"
)


def left_out(shape: Gains, pure: Headcounts, mixtures: Crossings) -> tuple[str, ...]:
    """The equilibria that a solution in symbols lacks, a sentence each."""
    notes: list[str] = []
    if not pure.complete:
        notes.append(COUNTS)
    elif any(state.label == "some" for state in pure.found):
        notes.append(TIES)
    if not mixtures.complete:
        notes.append(MIXTURES)
    if _more_than_two(shape) and not _never_partly(shape):
        notes.append(SOME if _once(shape) else UNEQUAL)
    return tuple(notes)


def vanishing(shape: Gains) -> tuple[str, ...]:
    """A note where the gain may be nothing whatever the others do."""
    return (VANISHING,) if shape.vanishes != sympy.false else ()


def partly(shape: Gains, left: Sequence[str]) -> Boolean:
    """The condition under which a point may have equilibria that are not listed in symbols."""
    if not left:
        return shape.vanishes
    if any(note not in (SOME, UNEQUAL) for note in left):
        return sympy.true
    n = shape.others + 1
    return sympy.Or(shape.vanishes, sympy.And(sympy.Ge(n, 3), sympy.Le(n, MOST_PLAYERS)))


def _more_than_two(shape: Gains) -> bool:
    """With two players, one who mixes leaves the other indifferent or sure: nothing in between."""
    return bool(shape.others != 1)


def _never_partly(shape: Gains) -> bool:
    """Whether the gain is proved to rise, or to have one sign: then nobody mixes beside sure ones.

    What a rising gain makes one player indifferent about, it makes a sure one of the second action
    leave, and one of the first.
    """
    if shape.listed is not None:
        signs = {_sign(shape, value) for value in shape.values}
        return is_monotone(shape) == "+" or signs <= {"+", "0"} or signs <= {"-", "0"}
    if shape.rises or shape.counts is None:
        return shape.rises
    gain = shape.counts[2]
    if gain.off_first != 0 or gain.off_last != 0:
        return False
    step = gain.middle.diff(K)
    return step == 0 or (not step.has(K) and _sign(shape, step) in "+0")


def _once(shape: Gains) -> bool:
    """Whether the gain has a shape that changes sign once at most: then all who mix mix alike."""
    if shape.listed is not None:
        return bool(shape.others < 3) or bool(is_monotone(shape))
    if shape.counts is None:
        return False
    gain = shape.counts[2]
    power = 0 if not gain.middle.has(K) else int(sympy.degree(gain.middle, K))
    off = (gain.off_first != 0) + (gain.off_last != 0)
    return bool(power + off <= 1)


def _sign(shape: Gains, value: sympy.Expr) -> str:
    return sign(value, shape.domain.constraints, shape.domain.integers, QUICK).sign
