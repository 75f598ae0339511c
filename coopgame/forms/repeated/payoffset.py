"""The set of subgame-perfect payoffs at numbers, under perfect monitoring and public randomisation.

The set V* of normalised payoffs of pure-strategy subgame-perfect equilibria of a two-player game
is the largest fixed point of the operator of Abreu, Pearce and Stacchetti (1990). It is approached
from outside with the operator of Abreu and Sannikov (2014), which needs at most four points for
each action profile: with g(a) the stage payoffs, h(a) the best gains from deviating and u the
lowest payoffs in W,

    R(W, u) = co of (1 - delta) * g(a) + delta * C(a, W, u) over all a,
    C(a, W, u) = {g(a)}  if delta * (g(a) - u) >= (1 - delta) * h(a), and otherwise
                 the extreme points of {w in W : w >= u + (1 - delta)/delta * h(a)} that bind.

All arithmetic is rational, so that sets without interior (a segment, a point) and discount factors
at or just above a critical value need no tolerance. Numbers whose denominators outgrow any use are
rounded to 1e-30. What the iteration settles at is snapped to simple fractions and checked: a fixed
point of R is self-generating, hence a subset of V*, and the iterates contain V*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy

from coopgame.errors import InputError
from coopgame.forms.repeated.play import Profile, RepeatedSetting

Point = tuple[Fraction, Fraction]

MAX_ITERATIONS = 4000
SETTLED = Fraction(1, 10**18)
ROUNDED = 10**30
SIMPLE = 10**8


@dataclass(frozen=True)
class PayoffSet:
    """The convex set of equilibrium payoffs a period: its extreme points, counter-clockwise.

    `exact` says that these points are verified to span a self-generating set, so that all of it
    is attained in equilibrium; no equilibrium payoff lies farther outside than `error`. Where
    `exact` is False the points are an outer approximation that last moved by `error`. No points
    mean that there is no pure-strategy subgame-perfect equilibrium.
    """

    vertices: tuple[tuple[sympy.Rational, sympy.Rational], ...]
    exact: bool
    error: sympy.Rational


@dataclass(frozen=True)
class Stage:
    """A stage game in numbers: payoffs and best gains from deviating, profile by profile."""

    discount: Fraction
    payoffs: Mapping[Profile, Point]
    gains: Mapping[Profile, Point]

    @property
    def minimax(self) -> Point:
        """The pure minimax payoffs."""
        best = {a: _add(self.payoffs[a], self.gains[a]) for a in self.payoffs}
        lowest: list[Fraction] = []
        for player in (0, 1):
            others = {a[1 - player]: best[a][player] for a in best}
            lowest.append(min(others.values()))
        return lowest[0], lowest[1]


def payoff_set(setting: RepeatedSetting) -> PayoffSet:
    """The equilibrium payoffs of a setting in numbers, with one regime and perfect monitoring.

    A hazard h counts as in the incentives: the set is that of the discount factor delta*(1-h).
    Raises InputError for a chain of regimes or noisy signals.
    """
    if len(setting.regimes) > 1 or any(len(row) > 1 for row in setting.chances.values()):
        raise InputError(
            "the payoff set needs one regime and perfect monitoring",
            "ask for the equilibria listed",
        )
    stage = _stage(setting)
    if stage.discount == 0:  # no promise counts: what is left are equilibria of the stage game
        alone = (stage.payoffs[a] for a, gains in stage.gains.items() if not any(gains))
        return _told(hull(alone), True, Fraction(0))
    current, threat = hull(stage.payoffs.values()), stage.minimax
    for _ in range(MAX_ITERATIONS):
        following = operator(stage, current, threat)
        if not following:
            return PayoffSet((), True, sympy.S.Zero)
        threat = _higher(threat, lowest(following))
        moved = _distance(current, following)
        if moved <= SETTLED:
            return _settled(stage, following, moved)
        current = following
    return _told(current, False, moved)


def _settled(stage: Stage, found: Sequence[Point], moved: Fraction) -> PayoffSet:
    simple = hull((x.limit_denominator(SIMPLE), y.limit_denominator(SIMPLE)) for x, y in found)
    if self_generating(stage, simple):
        off = _distance(found, simple)
        return _told(simple, True, off + (moved if off else 0))
    return _told(found, False, moved)


def _told(points: Sequence[Point], exact: bool, error: Fraction) -> PayoffSet:
    vertices = tuple((_rational(x), _rational(y)) for x, y in points)
    return PayoffSet(vertices, exact, _rational(error))


def _rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def _stage(setting: RepeatedSetting) -> Stage:
    regime = setting.regimes[0]
    payoffs = {
        profile: (_fraction(first), _fraction(second))
        for (_, profile), (first, second) in setting.payoffs.items()
    }
    gains = {}
    for a in payoffs:
        first = max(payoffs[b, a[1]][0] for b in setting.actions[0]) - payoffs[a][0]
        second = max(payoffs[a[0], b][1] for b in setting.actions[1]) - payoffs[a][1]
        gains[a] = (first, second)
    return Stage(_fraction(setting.discount * (1 - regime.hazard)), payoffs, gains)


def _fraction(value: sympy.Expr) -> Fraction:
    if not value.is_Rational:
        raise InputError(
            f"{value} is not rational", "set values at which all payoffs are fractions"
        )
    return Fraction(int(value.p), int(value.q))


def operator(stage: Stage, within: Sequence[Point], threat: Point) -> list[Point]:
    """The extreme points of R(W, u), counter-clockwise."""
    return hull(
        _round(_mix(stage.discount, payoff, promised))
        for profile, payoff in stage.payoffs.items()
        for promised in _promises(stage, profile, within, threat)
    )


def self_generating(stage: Stage, within: Sequence[Point]) -> bool:
    """Whether every extreme point of W is today's payoff and a promise from W that is credible.

    The test of Abreu, Pearce and Stacchetti: W is contained in B(W).
    """
    threat = lowest(within)
    generated = hull(
        _mix(stage.discount, payoff, promised)
        for profile, payoff in stage.payoffs.items()
        for promised in _credible(within, _needed(stage, profile, threat))
    )
    return all(_contains(generated, point) for point in within)


def _needed(stage: Stage, profile: Profile, threat: Point) -> Point:
    """The least promises that keep both from deviating."""
    weight = (1 - stage.discount) / stage.discount
    gains = stage.gains[profile]
    return threat[0] + weight * gains[0], threat[1] + weight * gains[1]


def _promises(
    stage: Stage, profile: Profile, within: Sequence[Point], threat: Point
) -> list[Point]:
    needed, payoff = _needed(stage, profile, threat), stage.payoffs[profile]
    if payoff[0] >= needed[0] and payoff[1] >= needed[1]:
        return [payoff]
    return [w for w in _credible(within, needed) if w[0] == needed[0] or w[1] == needed[1]]


def _credible(within: Sequence[Point], needed: Point) -> list[Point]:
    return _clip(_clip(within, 0, needed[0]), 1, needed[1])


# --- convex sets in the plane ------------------------------------------------------------------


def hull(points: Iterable[Point]) -> list[Point]:
    """The extreme points of the convex hull, counter-clockwise; one or two for flat sets."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def half(sequence: Iterable[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in sequence:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _clip(points: Sequence[Point], axis: int, bound: Fraction) -> list[Point]:
    """The part of a convex set in which one coordinate is at least `bound`."""
    kept: list[Point] = []
    for p, q in zip(points, [*points[1:], *points[:1]], strict=True):
        if p[axis] >= bound:
            kept.append(p)
        if (p[axis] - bound) * (q[axis] - bound) < 0:
            share = (bound - p[axis]) / (q[axis] - p[axis])
            other = p[1 - axis] + share * (q[1 - axis] - p[1 - axis])
            kept.append((bound, other) if axis == 0 else (other, bound))
    return hull(kept)


def _contains(points: Sequence[Point], point: Point) -> bool:
    if len(points) < 3:
        return hull([*points, point]) == list(points)
    edges = zip(points, [*points[1:], points[0]], strict=True)
    return all(_turn(a, b, point) >= 0 for a, b in edges)


def lowest(points: Sequence[Point]) -> Point:
    """The lowest payoff of each player."""
    return min(x for x, _ in points), min(y for _, y in points)


def _higher(a: Point, b: Point) -> Point:
    return max(a[0], b[0]), max(a[1], b[1])


def _add(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _mix(discount: Fraction, now: Point, later: Point) -> Point:
    stay = 1 - discount
    return stay * now[0] + discount * later[0], stay * now[1] + discount * later[1]


def _round(point: Point) -> Point:
    x, y = (Fraction(round(c * ROUNDED), ROUNDED) if c.denominator > ROUNDED else c for c in point)
    return x, y


def _distance(first: Sequence[Point], second: Sequence[Point]) -> Fraction:
    """How far some extreme point of one set is from the nearest extreme point of the other."""

    def farthest(here: Sequence[Point], there: Sequence[Point]) -> Fraction:
        return max(min(max(abs(a - c), abs(b - d)) for c, d in there) for a, b in here)

    return max(farthest(first, second), farthest(second, first))
