"""Finite games at a point: regret, existence, and every extreme equilibrium of two players.

The extreme equilibria of a bimatrix game are the completely labelled pairs of vertices of the
two best-response polytopes (Mangasarian 1964). Vertices are found here by trying every choice of
as many binding constraints as there are unknowns, in exact arithmetic or with 60 digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, greatest, minus, over, plus, real, sign, times, total
from .told import ROUNDED, SMALL, is_near, number, wrong_outcomes

Matrix = list[list[Number]]
Mixture = tuple[Number, ...]
MOST = 5


def normal_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    at = numbers(point)
    players: dict[str, list[str]] = data["players"]
    payoffs = {
        tuple(part.strip() for part in key.split(",")): [evaluate(str(u), at) for u in row]
        for key, row in data["payoffs"].items()
    }
    told = answer["equilibria"]
    if not told and not said(answer):
        yield "no equilibrium of a finite game", "none is listed"
    within = SMALL if answer["exact"] else ROUNDED
    for each in told:
        mixtures = mixtures_of(each, players)
        gain = regret(players, payoffs, mixtures)
        if real(gain) > within:
            yield "regret", f"{each['name']}: {float(real(gain))} at {dict(point)}"
            continue
        yield from wrong_outcomes(
            data.get("outcomes", {}), each, known(players, payoffs, mixtures, at)
        )
    missing = pure(players, payoffs) - {supports(players, mixtures_of(e, players)) for e in told}
    if missing and not (said(answer) and len(players) > 2 and not missing):
        yield "a pure equilibrium is missing", f"{sorted(missing)} at {dict(point)}"
    if len(players) == 2 and all(len(own) <= MOST for own in players.values()):
        yield from extreme(players, payoffs, told, point)


def said(answer: Mapping[str, Any]) -> bool:
    """Whether the answer says that it leaves something out."""
    return any("not" in note or "left" in note or "limit" in note for note in answer["notes"])


def mixtures_of(
    told: Mapping[str, Any], players: Mapping[str, Sequence[str]]
) -> dict[str, Mixture]:
    exact, shown = told["exact_text"]["strategies"], told["strategies"]
    return {
        player: tuple(number(exact[player].get(a, "0"), shown[player].get(a)) for a in actions)
        for player, actions in players.items()
    }


def supports(players: Mapping[str, Sequence[str]], mixtures: Mapping[str, Mixture]) -> Any:
    """The profile of a pure equilibrium, None for a mixed one."""
    chosen = [
        [a for a, share in zip(actions, mixtures[player], strict=True) if sign(share)]
        for player, actions in players.items()
    ]
    return tuple(a[0] for a in chosen) if all(len(a) == 1 for a in chosen) else None


def expected(
    players: Mapping[str, Sequence[str]],
    payoffs: Mapping[tuple[str, ...], Sequence[Number]],
    mixtures: Mapping[str, Mixture],
    index: int,
) -> Number:
    parts = []
    for profile, row in payoffs.items():
        weight: Number = Fraction(1)
        for action, (player, actions) in zip(profile, players.items(), strict=True):
            weight = times(weight, mixtures[player][actions.index(action)])
        parts.append(times(weight, row[index]))
    return total(parts)


def regret(
    players: Mapping[str, Sequence[str]],
    payoffs: Mapping[tuple[str, ...], Sequence[Number]],
    mixtures: Mapping[str, Mixture],
) -> Number:
    """The most that anybody gains by an action, or by how far a mixture is from being one."""
    found: list[Number] = []
    for index, (player, actions) in enumerate(players.items()):
        own = mixtures[player]
        short = minus(total(own), Fraction(1))
        found += [times(Fraction(-1), share) for share in own]
        found += [short, times(Fraction(-1), short)]
        now = expected(players, payoffs, mixtures, index)
        for place in range(len(actions)):
            only = tuple(Fraction(int(i == place)) for i in range(len(actions)))
            other = expected(players, payoffs, {**mixtures, player: only}, index)
            found.append(minus(other, now))
    return greatest(found)


def known(
    players: Mapping[str, Sequence[str]],
    payoffs: Mapping[tuple[str, ...], Sequence[Number]],
    mixtures: Mapping[str, Mixture],
    at: Mapping[str, Number],
) -> dict[str, Number]:
    """What outcomes may name."""
    found = dict(at)
    for index, (player, actions) in enumerate(players.items()):
        found[f"{player}_payoff"] = expected(players, payoffs, mixtures, index)
        found |= {f"{player}_{a}": s for a, s in zip(actions, mixtures[player], strict=True)}
    return found


def pure(
    players: Mapping[str, Sequence[str]], payoffs: Mapping[tuple[str, ...], Sequence[Number]]
) -> set[tuple[str, ...]]:
    """Every profile from which nobody gains by another action."""

    def is_stable(profile: tuple[str, ...]) -> bool:
        return all(
            sign(minus(payoffs[(*profile[:i], a, *profile[i + 1 :])][i], payoffs[profile][i])) <= 0
            for i, actions in enumerate(players.values())
            for a in actions
        )

    return {profile for profile in payoffs if is_stable(profile)}


# --- two players -------------------------------------------------------------------------------


def extreme(
    players: Mapping[str, Sequence[str]],
    payoffs: Mapping[tuple[str, ...], Sequence[Number]],
    told: Sequence[Mapping[str, Any]],
    point: Point,
) -> Iterator[tuple[str, str]]:
    """Extreme equilibria that are missing, and listed ones that are none."""
    rows, columns = players.values()
    first = [[payoffs[r, c][0] for c in columns] for r in rows]
    second = [[payoffs[r, c][1] for c in columns] for r in rows]
    right = extreme_equilibria(first, second)
    listed = [tuple(mixtures_of(each, players).values()) for each in told]
    for pair in right:
        if not any(_alike(pair, other) for other in listed):
            yield "an extreme equilibrium is missing", f"{_shown(pair)} at {dict(point)}"
    for each, own in zip(told, listed, strict=True):
        if not any(_alike(own, other) for other in right):
            yield "listed, and not extreme", f"{each['name']}: {_shown(own)} at {dict(point)}"
    if len({tuple(map(_shown_mixture, pair)) for pair in listed}) < len(listed):
        yield "an equilibrium twice", f"{[each['name'] for each in told]} at {dict(point)}"


def extreme_equilibria(first: Matrix, second: Matrix) -> list[tuple[Mixture, Mixture]]:
    """The completely labelled pairs of vertices.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> len(extreme_equilibria([[one, zero], [zero, one]], [[one, zero], [zero, one]]))
    3
    """
    turned = [list(column) for column in zip(*second, strict=True)]
    pairs = product(vertices(turned), vertices(first))
    return [(x, y) for x, y in pairs if is_equilibrium(first, turned, x, y)]


def is_equilibrium(first: Matrix, turned: Matrix, x: Mixture, y: Mixture) -> bool:
    return _best(first, x, y) and _best(turned, y, x)


def _best(own: Matrix, mixture: Mixture, other: Mixture) -> bool:
    """Whether only best replies to `other` are played."""
    worth = [total([times(u, w) for u, w in zip(row, other, strict=True)]) for row in own]
    most = greatest(worth)
    return all(
        sign(share) == 0 or sign(minus(value, most)) == 0
        for share, value in zip(mixture, worth, strict=True)
    )


def vertices(against: Matrix) -> list[Mixture]:
    """The mixtures at vertices of {(x, v): x a mixture, no row of `against` worth more than v}.

    Rows of `against` are the other's actions, columns one's own.
    """
    size, others = len(against[0]), len(against)
    zero = [([Fraction(int(i == j)) for j in range(size)] + [Fraction(0)]) for i in range(size)]
    worth = [[*row, Fraction(-1)] for row in against]
    found: list[Mixture] = []
    whole: list[Number] = [Fraction(1)] * size + [Fraction(0)]
    for chosen in combinations(range(size + others), size):
        rows = [whole, *([*zero, *worth][i] for i in chosen)]
        solution = solved(rows, [Fraction(1)] + [Fraction(0)] * size)
        if solution is None:
            continue
        x, v = tuple(solution[:-1]), solution[-1]
        fits = all(sign(share) >= 0 for share in x) and all(
            sign(minus(total([times(u, s) for u, s in zip(row, x, strict=True)]), v)) <= 0
            for row in against
        )
        if fits and not any(all(map(is_near, x, other)) for other in found):
            found.append(x)
    return found


def solved(rows: Sequence[Sequence[Number]], right: Sequence[Number]) -> list[Number] | None:
    """The one solution of a square system, None where there is none or more."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(rows)
    for place in range(size):
        best = max(range(place, size), key=lambda i: abs(real(table[i][place])))
        if sign(table[best][place]) == 0:
            return None
        table[place], table[best] = table[best], table[place]
        lead = table[place][place]
        table[place] = [over(value, lead) for value in table[place]]
        for i in range(size):
            if i != place and sign(table[i][place]):
                factor = times(Fraction(-1), table[i][place])
                pairs = zip(table[i], table[place], strict=True)
                table[i] = [plus(a, times(factor, b)) for a, b in pairs]
    return [row[-1] for row in table]


def _alike(one: Sequence[Mixture], other: Sequence[Mixture]) -> bool:
    return all(all(map(is_near, x, y)) for x, y in zip(one, other, strict=True))


def _shown(pair: Sequence[Mixture]) -> str:
    return " against ".join(map(_shown_mixture, pair))


def _shown_mixture(mixture: Mixture) -> str:
    told = (str(s) if isinstance(s, Fraction) else f"{float(s):.9g}" for s in mixture)
    return f"({', '.join(told)})"
