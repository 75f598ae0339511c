"""What co-operating gains, given how many others do, and the mixtures in which it gains nothing.

With gain d(k) = a(k) - b(k) the chance x at which each of n players co-operates is a mixed
equilibrium iff f(x) = E d(K) = 0 for K ~ Binomial(n-1, x). If d changes sign once, f has one root:
unstable where d rises (strategic complements: a tipping point), stable where it falls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import Count, K, bernstein, count, resolved
from coopgame.algebra.descartes import roots
from coopgame.algebra.elimination import Root, univariate
from coopgame.algebra.simplify import simplified
from coopgame.parameters import Domain
from coopgame.printing import symbol
from coopgame.proofs import QUICK, Verdict, feasible, implies, sign
from coopgame.solution import Implicit, ImplicitRoot

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
    counts: tuple[Count, Count, Count] | None
    listed: tuple[tuple[sympy.Expr, sympy.Expr], ...] | None

    @property
    def values(self) -> tuple[sympy.Expr, ...]:
        """d(0), ..., d(n - 1), where listed."""
        return tuple(sympy.expand(a - b) for a, b in self.listed or ())

    @property
    def may_vanish(self) -> bool:
        """Whether some point of the domain has d(k) = 0 for every k, as far as is known."""
        values = self.values
        if self.counts is not None:
            shape = self.counts[2]
            values = (shape.first, shape.last, *sympy.Poly(shape.middle, K).coeffs())
        return bool(values) and _can_hold(self.domain, [sympy.Eq(v, 0) for v in values])

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
    if players.is_Integer and players <= LISTED:
        listed = tuple(_at(payoffs, k, domain) for k in range(players))
    ends = [_at(payoffs, k, domain) for k in (sympy.S.Zero, others)]
    a, b = shapes
    return Gains(
        domain=domain,
        others=others,
        first=sympy.expand(ends[0][0] - ends[0][1]),
        last=sympy.expand(ends[1][0] - ends[1][1]),
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
    the sign is not the same all over the region.
    """

    chance: sympy.Expr
    conditions: tuple[Boolean, ...]
    rising: bool | None
    implicit: Implicit | None = None


@dataclass(frozen=True)
class Crossings:
    """The mixed equilibria found in symbols; `complete` if there are no others anywhere."""

    found: tuple[Crossing, ...] = field(default=())
    complete: bool = True


def crossings(game: Gains) -> Crossings:
    """Every mixed equilibrium that has a closed form or is the only one where it exists."""
    values = game.values
    if game.listed is not None and not any(value.free_symbols for value in values):
        return Crossings(tuple(at_numbers(values)))
    single = _single(game)
    if single is not None:
        return single
    polynomial = _polynomial(game)
    solved = None if polynomial is None else univariate(polynomial, CHANCE)
    if solved is None:
        return Crossings(complete=polynomial == 0)
    return Crossings(tuple(_inside(game, polynomial, root) for root in solved))


def at_numbers(values: Sequence[sympy.Rational]) -> Iterator[Crossing]:
    """The mixed equilibria for numbers d(0), ..., d(n - 1): exact, or isolated to 1e-50."""
    found = roots(values)
    ends = [sympy.S.Zero, *found, sympy.S.One]
    for i, root in enumerate(found, start=1):
        below, above = (_sign_at(values, (ends[j] + ends[j + 1]) / 2) for j in (i - 1, i))
        yield Crossing(root, (), None if below * above >= 0 else above > 0)


def _sign_at(values: Sequence[sympy.Rational], x: sympy.Expr) -> int:
    share = sympy.Rational(str(sympy.N(x, 15)))
    return int(sympy.sign(sympy.N(bernstein(values, share), 20)))


def _single(game: Gains) -> Crossings | None:
    """The one crossing of a gain that changes sign once: in closed form, or implicit."""
    shape = game.counts[2] if game.counts is not None else None
    chance = None if shape is None else _closed(shape)
    if chance is None and not (game.listed is not None and _is_monotone(game)):
        return None
    found = []
    for rising in (True, False):
        low, high = (game.first, game.last) if rising else (game.last, game.first)
        conditions = (sympy.Lt(low, 0), sympy.Gt(high, 0))
        if _can_hold(game.domain, conditions):
            implicit = None if chance is not None else _implicit(game, rising)
            share = chance if implicit is None else implicit_share(implicit)
            found.append(Crossing(share, conditions, rising, implicit))
    return Crossings(tuple(found))


def _closed(shape: Count) -> sympy.Expr | None:
    """The root of a mean gain that is linear, or a constant and one power.

    (1-x)^N = r or x^N = r, or A + B*N*x = 0.
    """
    at_ends = (shape.off_first, shape.off_last)
    constant = not shape.middle.has(K)
    if constant and at_ends[0] != 0 and at_ends[1] == 0:
        return 1 - (_ratio(shape.middle, at_ends[0])) ** (1 / shape.others)
    if constant and at_ends[0] == 0 and at_ends[1] != 0:
        return _ratio(shape.middle, at_ends[1]) ** (1 / shape.others)
    if at_ends == (0, 0) and not constant and sympy.degree(shape.middle, K) == 1:
        slope, rest = sympy.Poly(shape.middle, K).all_coeffs()
        return sympy.factor(-rest / (slope * shape.others))
    return None


def _ratio(constant: sympy.Expr, slope: sympy.Expr) -> sympy.Expr:
    return sympy.factor(-constant / slope)


def _is_monotone(game: Gains) -> bool:
    """Whether the gain is proved to rise, or to fall, all along k and all over the domain."""
    steps = [b - a for a, b in pairwise(game.values)]
    directions = {sign(step, game.domain.constraints, game.domain.integers).sign for step in steps}
    return not directions & {"?"} and not {"+", "-"} <= directions


def _implicit(game: Gains, rising: bool) -> Implicit:
    equation = sympy.expand(game.mean(CHANCE) if rising else -game.mean(CHANCE))
    return Implicit(CHANCE, equation, (sympy.Gt(CHANCE, 0), sympy.Lt(CHANCE, 1)))


def implicit_share(implicit: Implicit) -> sympy.Expr:
    """The root in (0, 1) that an implicit crossing stands for."""
    return ImplicitRoot(implicit.equation, implicit.variable, sympy.S.Zero, sympy.S.One)


def _polynomial(game: Gains) -> sympy.Expr | None:
    """The mean gain as a polynomial in the chance, where its degree is a number."""
    if game.listed is None and (game.counts is None or _has_power_ends(game.counts[2])):
        return None
    return sympy.expand(game.mean(CHANCE))


def _has_power_ends(shape: Count) -> bool:
    return bool(shape.off_first != 0 or shape.off_last != 0)


def _inside(game: Gains, polynomial: sympy.Expr, root: Root) -> Crossing:
    chance = root.values[CHANCE]
    inside = (sympy.Gt(chance, 0), sympy.Lt(chance, 1))
    conditions = simplified([*root.conditions, *inside], game.domain)
    region = [*game.domain.constraints, *conditions]
    slope = polynomial.diff(CHANCE).subs(CHANCE, chance)
    found = sign(slope, region, game.domain.integers, QUICK).sign
    return Crossing(chance, conditions, {"+": True, "-": False}.get(found))


def _can_hold(domain: Domain, conditions: Sequence[Boolean]) -> bool:
    return feasible([*domain.constraints, *conditions], domain.integers).exists is not False


def always(condition: Boolean, domain: Domain) -> bool:
    """Whether a condition is proved to hold all over the domain."""
    return implies(domain.constraints, condition, domain.integers, QUICK).verdict is Verdict.PROVED
