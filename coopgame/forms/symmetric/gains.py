"""What co-operating gains, given how many others do, and the mixtures in which it gains nothing.

With gain d(k) = a(k) - b(k) the chance x at which each of n players co-operates is a mixed
equilibrium iff f(x) = E d(K) = 0 for K ~ Binomial(n-1, x). If d changes sign once, f has one root:
unstable where d rises (strategic complements: a tipping point), stable where it falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import Count, K, bernstein, count, resolved
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import QUICK, Verdict, feasible, implies, sign
from coopgame.solution import Implicit

LISTED = 20
CHANCE = symbol("chance")


@dataclass(frozen=True)
class Gains:
    """The payoffs of both actions, seen as functions of how many of the others co-operate.

    `counts` has their closed shapes and that of their difference, where they have one; `listed`
    the two payoffs for each k, where the number of players is a number that is not large.
    """

    domain: Domain
    others: sympy.Expr
    first: sympy.Expr
    last: sympy.Expr
    gain: sympy.Expr
    counts: tuple[Count, Count, Count] | None
    listed: tuple[tuple[sympy.Expr, sympy.Expr], ...] | None

    @property
    def values(self) -> tuple[sympy.Expr, ...]:
        """d(0), ..., d(n - 1), where listed."""
        return tuple(sympy.expand(a - b) for a, b in self.listed or ())

    @cached_property
    def vanishes(self) -> Boolean:
        """Where d(k) = 0 for every k; false where that is proved to be nowhere, or is not known."""
        values = self.values
        if self.counts is not None:
            shape = self.counts[2]
            values = (shape.first, shape.last, *sympy.Poly(shape.middle, K).coeffs())
        none = sympy.And(*(sympy.Eq(value, 0) for value in values))
        return none if values and can_hold(self.domain, [none]) else sympy.false

    @cached_property
    def rises(self) -> bool:
        """Whether d(k) is proved to rise strictly all along k, all over the domain."""
        others, domain = self.others, self.domain
        inside = [*domain.constraints, sympy.Ge(K, 0), sympy.Le(K, others - 1)]
        step = sympy.Gt(sympy.factor(self.gain.subs(K, K + 1) - self.gain), 0)
        known = implies(inside, step, domain.integers | {K}, QUICK).verdict
        return known is Verdict.PROVED

    def mean(self, chance: sympy.Expr) -> sympy.Expr:
        """E d(K) when each of the others co-operates with this chance."""
        if self.counts is not None:
            return self.counts[2].mean(chance)
        return bernstein(self.values, chance)

    def mean_payoff(self, chance: sympy.Expr) -> sympy.Expr:
        """What either action pays in a mixed equilibrium, in the shorter of its two forms."""
        if self.counts is not None:
            ways = [shape.mean(chance) for shape in self.counts[:2]]
        else:
            ways = [bernstein([pair[i] for pair in self.listed or ()], chance) for i in (0, 1)]
        return min(ways, key=lambda way: int(way.count_ops()))


def gains(payoffs: tuple[sympy.Expr, sympy.Expr], players: sympy.Expr, domain: Domain) -> Gains:
    """The gains of co-operating when it pays `payoffs[0]`, and `payoffs[1]` not to."""
    others = players - 1
    shapes = [count(payoff, others, domain) for payoff in payoffs]
    listed = None
    of_numbers = set().union(*(payoff.free_symbols for payoff in payoffs)) <= {K}
    if players.is_Integer and (of_numbers or players <= LISTED):
        listed = tuple(_at(payoffs, k, domain) for k in range(players))
    ends = [_at(payoffs, k, domain) for k in (sympy.S.Zero, others)]
    a, b = shapes
    return Gains(
        domain=domain,
        others=others,
        first=sympy.expand(ends[0][0] - ends[0][1]),
        last=sympy.expand(ends[1][0] - ends[1][1]),
        gain=payoffs[0] - payoffs[1],
        counts=None if a is None or b is None else (a, b, a - b),
        listed=listed,
    )


def _at(
    payoffs: tuple[sympy.Expr, sympy.Expr], k: sympy.Expr, domain: Domain
) -> tuple[sympy.Expr, sympy.Expr]:
    a, b = (resolved(payoff.subs(K, k), domain.constraints, domain) for payoff in payoffs)
    return a, b


@dataclass(frozen=True)
class Crossing:
    """A chance of co-operating that is a mixed equilibrium; `rising` is the sign of f' there.

    Rising: whoever expects a little more co-operation gains by co-operating, unstable. None if
    the sign is not the same all over the region. `label` tells two mixtures at one point apart.
    """

    chance: sympy.Expr
    conditions: tuple[Boolean, ...]
    rising: bool | None
    implicit: Implicit | None = None
    label: str = ""


@dataclass(frozen=True)
class Crossings:
    """The mixed equilibria found in symbols; `complete` if there are no others anywhere."""

    found: tuple[Crossing, ...] = field(default=())
    complete: bool = True


def is_monotone(game: Gains) -> str:
    """ "+" or "-" where the listed gain is proved to rise or fall all along k, weakly; else ""."""
    steps = [b - a for a, b in pairwise(game.values)]
    domain = game.domain
    found = {sign(step, domain.constraints, domain.integers, QUICK).sign for step in steps}
    if not steps or "?" in found or {"+", "-"} <= found:
        return ""
    return "-" if "-" in found else "+"


def can_hold(domain: Domain, conditions: Sequence[Boolean]) -> bool:
    return feasible([*domain.constraints, *conditions], domain.integers).exists is not False


def always(condition: Boolean, domain: Domain) -> bool:
    """Whether a condition is proved to hold all over the domain."""
    return implies(domain.constraints, condition, domain.integers, QUICK).proved
