"""Pure equilibria of identical players with two actions: how many co-operate.

With gain d(k), m of n co-operating is an equilibrium iff d(m-1) >= 0 (no co-operator leaves) and
d(m) <= 0 (nobody joins), where each applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import Count, K
from coopgame.algebra.chances import signum
from coopgame.algebra.pieces import unfolded
from coopgame.forms.symmetric.gains import Gains, gains
from coopgame.language.parameters import Domain
from coopgame.language.steps import ceiling
from coopgame.proofs.questions import QUICK, implies


@dataclass(frozen=True)
class Headcount:
    """A number of co-operators, the conditions under which it is an equilibrium, and its name."""

    label: str
    number: sympy.Expr
    conditions: tuple[Boolean, ...]

    def substitute(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Headcount:
        """The same with expressions put in for symbols."""
        conditions = tuple(condition.subs(at) for condition in self.conditions)
        return Headcount(self.label, self.number.subs(at), _true_or(*conditions))


@dataclass(frozen=True)
class Headcounts:
    """The pure equilibria found in symbols; `complete` if there are no others anywhere."""

    found: tuple[Headcount, ...]
    complete: bool = True


def headcounts(game: Gains, named: Sequence[Headcount] = ()) -> Headcounts:
    """All, none, and what lies between: listed where n is a number, by the shape of d otherwise.

    `named` are those between that the game has for any number of players: they keep their names.
    """
    above, below = (
        unfolded(condition, game.domain)
        for condition in (sympy.Ge(game.last, 0), sympy.Le(game.first, 0))
    )
    ends = (
        Headcount("all", game.others + 1, _true_or(above)),
        Headcount("none", sympy.S.Zero, _true_or(below)),
    )
    if named:
        return Headcounts((*ends, *named))
    if game.listed is not None:
        return Headcounts((*ends, *_listed(game)))
    if game.counts is None:
        return Headcounts(ends, complete=game.rises)
    between = _between(game, game.counts[2])
    return Headcounts((*ends, *between.found), between.complete)


@lru_cache(maxsize=256)
def numbers_between(
    payoffs: tuple[sympy.Expr, sympy.Expr], players: sympy.Expr, domain: Domain
) -> tuple[Headcount, ...]:
    """The numbers between none and all that a game has for any number of players."""
    found = headcounts(gains(payoffs, players, domain)).found
    return tuple(state for state in found if state.label not in ("all", "none"))


def stable_counts(values: Sequence[sympy.Expr]) -> Iterator[int]:
    """The numbers of co-operators from whom nobody leaves and whom nobody joins, at numbers."""
    signs = list(map(signum, values))
    for m in range(len(values) + 1):
        leaves = m > 0 and signs[m - 1] < 0
        joins = m < len(values) and signs[m] > 0
        if not leaves and not joins:
            yield m


def _true_or(*conditions: Boolean) -> tuple[Boolean, ...]:
    return tuple(condition for condition in conditions if condition != sympy.true)


def _listed(game: Gains) -> list[Headcount]:
    found, values = [], game.values
    for m in range(1, len(values)):
        both = (sympy.Ge(values[m - 1], 0), sympy.Le(values[m], 0))
        conditions = _true_or(*(unfolded(condition, game.domain) for condition in both))
        found.append(Headcount("one" if m == 1 else f"of_{m}", sympy.Integer(m), conditions))
    return found


def _between(game: Gains, gain: Count) -> Headcounts:
    """Neither all nor none, where the gain is a line, or a constant off which one end lies."""
    inside = gain.middle
    regular = gain.off_first == 0 and gain.off_last == 0
    degree = sympy.degree(inside, K) if inside.has(K) else 0
    if regular and degree == 0:
        return Headcounts(())
    if regular and degree == 1:
        slope, rest = sympy.Poly(inside, K).all_coeffs()
        conditions = (sympy.Gt(game.first, 0), sympy.Le(game.last, 0))
        return Headcounts((Headcount("some", ceiling(sympy.factor(-rest / slope)), conditions),))
    if degree == 0 and (gain.off_first == 0 or gain.off_last == 0):
        name, number = ("one", sympy.S.One) if gain.off_last == 0 else ("all_but_one", gain.others)
        conditions = _true_or(sympy.Ge(game.first, 0), sympy.Le(game.last, 0))
        return Headcounts((Headcount(name, number, conditions),))
    return Headcounts((), complete=game.rises or _rises(game, gain))


def _rises(game: Gains, gain: Count) -> bool:
    """Whether the gain is proved to rise all along, which leaves nothing between none and all."""
    domain, others = game.domain, gain.others
    inside = [*domain.constraints, sympy.Ge(K, 1), sympy.Le(K, others - 2)]
    three = [*domain.constraints, sympy.Ge(others, 2)]
    steps = [
        (inside, gain.middle.subs(K, K + 1) - gain.middle),
        (three, gain.middle.subs(K, 1) - gain.first),
        (three, gain.last - gain.middle.subs(K, others - 1)),
    ]
    return all(
        implies(region, sympy.Gt(step, 0), domain.integers | {K}, QUICK).proved
        for region, step in steps
    )
