"""Identical players at a point: head counts by comparing payoffs, mixtures by binomial sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

import sympy

from ..files import Point, numbers
from ..values import (
    CONTEXT,
    Number,
    Undefined,
    evaluate,
    minus,
    over,
    plus,
    real,
    sign,
    times,
    total,
)
from .told import is_near, number, wrong_outcomes

MOST = 12
STEPS = 400


def symmetric_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    at = numbers(point)
    n = int(Fraction(evaluate(data["players"], at)))
    first, second = data["actions"]
    if n > MOST:
        return
    worth = [
        [evaluate(str(data["payoffs"][a]), {**at, "k": Fraction(k)}) for k in range(n)]
        for a in (first, second)
    ]
    told = answer["equilibria"]
    if not told:
        yield "no equilibrium of a finite game", f"none is listed at {dict(point)}"
    stage = [e for e in told if not e["name"].endswith("_repeated")]
    indifferent = all(sign(minus(a, b)) == 0 for a, b in zip(*worth, strict=True))
    if not (indifferent and any("all is an equilibrium" in note for note in answer["notes"])):
        yield from pure_counts(worth, n, first, stage, point)
    yield from mixtures(worth, first, stage, point)
    if "patience" in data:
        yield from repetition(data, worth, n, told, point)
    for each in told:
        yield from outcomes(data, each, worth, n, at)


def is_stable(worth: Sequence[Sequence[Number]], n: int, m: int) -> bool:
    """Whether nobody gains by another action where m take the first."""
    stay = m == 0 or sign(minus(worth[0][m - 1], worth[1][m - 1])) >= 0
    return stay and (m == n or sign(minus(worth[1][m], worth[0][m])) >= 0)


def pure_counts(
    worth: Sequence[Sequence[Number]],
    n: int,
    first: str,
    told: Sequence[Mapping[str, Any]],
    point: Point,
) -> Iterator[tuple[str, str]]:
    right = {m for m in range(n + 1) if is_stable(worth, n, m)}
    counts = [e["exact_text"]["strategies"].get("count") for e in told]
    listed = [int(Fraction(number(c[first]))) for c in counts if c and is_whole(c[first])]
    for m in sorted(right - set(listed)):
        yield "a number of co-operators is missing", f"{m} of {n} at {dict(point)}"
    for m in sorted(set(listed) - right):
        yield "regret", f"{m} of {n} is no equilibrium at {dict(point)}"
    if len(set(listed)) < len(listed):
        yield "an equilibrium twice", f"{[e['name'] for e in told]} at {dict(point)}"


def is_whole(text: Any) -> bool:
    value = number(text)
    return isinstance(value, Fraction) and value.denominator == 1


def mixtures(
    worth: Sequence[Sequence[Number]], first: str, told: Sequence[Mapping[str, Any]], point: Point
) -> Iterator[tuple[str, str]]:
    """Chances strictly inside (0, 1) at which both actions are worth the same."""
    gains = [minus(one, other) for one, other in zip(*worth, strict=True)]
    each = [e for e in told if "each" in e["exact_text"]["strategies"]]
    listed = [
        number(e["exact_text"]["strategies"]["each"][first], e["strategies"]["each"][first])
        for e in each
    ]
    for e, chance in zip(each, listed, strict=True):
        gain = real(mean(gains, chance))
        if abs(gain) > 1e-9 * max(1, *(abs(real(g)) for g in gains)):
            yield "regret", f"{e['name']} at {float(real(chance))}: {float(gain)} at {dict(point)}"
    if all(sign(gain) == 0 for gain in gains):
        return
    for chance in roots(gains):
        if not any(is_near(chance, other, 1e-6) for other in listed):
            yield "a mixture is missing", f"chance {float(real(chance))} at {dict(point)}"


def mean(gains: Sequence[Number], chance: Number) -> Number:
    """The gain expected where each of the others takes the first action with this chance."""
    size, other = len(gains) - 1, minus(Fraction(1), chance)
    parts = []
    for k, gain in enumerate(gains):
        weight: Number = Fraction(comb(size, k))
        for factor in [chance] * k + [other] * (size - k):
            weight = times(weight, factor)
        parts.append(times(weight, gain))
    return total(parts)


def roots(gains: Sequence[Number]) -> list[Number]:
    """The roots of the mean gain inside (0, 1): exact where all is rational, else by its signs."""
    if all(isinstance(gain, Fraction) for gain in gains):
        p, size = sympy.Symbol("p"), len(gains) - 1
        terms = (
            sympy.Rational(g.numerator, g.denominator)
            * comb(size, k)
            * p**k
            * (1 - p) ** (size - k)
            for k, g in enumerate(gains)
        )
        polynomial = sympy.Poly(sympy.expand(sum(terms)), p)
        found = polynomial.real_roots(multiple=False) if polynomial.degree() > 0 else []
        inside = (root for root, _ in found if 0 < root < 1)
        return [CONTEXT.mpf(str(sympy.N(root, 50))) for root in inside]
    grid = [Fraction(i, STEPS) for i in range(STEPS + 1)]
    signs = [sign(mean(gains, chance)) for chance in grid]
    crossed = [
        bisected(gains, grid[i], grid[i + 1]) for i in range(STEPS) if signs[i] * signs[i + 1] < 0
    ]
    return [*crossed, *(c for c, s in zip(grid[1:-1], signs[1:-1], strict=True) if s == 0)]


def bisected(gains: Sequence[Number], low: Fraction, high: Fraction) -> Fraction:
    side = sign(mean(gains, low))
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sign(mean(gains, middle)) == side else (low, middle)
    return low


def repetition(
    data: Mapping[str, Any],
    worth: Sequence[Sequence[Number]],
    n: int,
    told: Sequence[Mapping[str, Any]],
    point: Point,
) -> Iterator[tuple[str, str]]:
    """Grim trigger: patience*(tempted - punished) >= tempted - rewarded, all defecting is one."""
    weight = evaluate(data["patience"], numbers(point))
    tempted, rewarded, punished = worth[1][n - 1], worth[0][n - 1], worth[1][0]
    left = times(weight, minus(tempted, punished))
    deterred = sign(minus(left, minus(tempted, rewarded))) >= 0
    right = deterred and is_stable(worth, n, 0)
    name = f"all_{data['actions'][0]}_repeated"
    listed = any(e["name"] == name for e in told)
    if listed and not right and not is_stable(worth, n, n):
        yield "regret", f"{name} is none at {dict(point)}"
    if right and not listed:
        yield "the repeated equilibrium is missing", f"{name} at {dict(point)}"


def outcomes(
    data: Mapping[str, Any],
    each: Mapping[str, Any],
    worth: Sequence[Sequence[Number]],
    n: int,
    at: Mapping[str, Number],
) -> Iterator[tuple[str, str]]:
    first = data["actions"][0]
    told = each["exact_text"]["strategies"]
    stated = dict(data.get("outcomes", {}))
    known = dict(at)
    if set(told) == {"count"} and is_whole(told["count"][first]):
        m = Fraction(number(told["count"][first]))
        parts = [times(m, worth[0][int(m) - 1])] if m else []
        parts += [times(n - m, worth[1][int(m)])] if m < n else []
        welfare = over(total(parts), Fraction(n))
        known |= {"cooperation": m / n, "welfare": welfare}
    elif set(told) == {"each"}:
        chance = number(told["each"][first], each["strategies"]["each"][first])
        welfare = plus(
            times(chance, mean(worth[0], chance)),
            times(minus(Fraction(1), chance), mean(worth[1], chance)),
        )
        known |= {"cooperation": chance, "welfare": welfare, "chance": chance}
        stated |= data.get("mixed_outcomes", {})
    else:
        return
    try:
        seen = Fraction(str(each["outcomes"]["welfare"]))
        if not is_near(seen, welfare, 1e-6):
            yield (
                "a wrong payoff",
                f"welfare of {each['name']}: {float(seen)}, not {float(welfare)}",
            )
        exact = not isinstance(known["cooperation"], float)
        if exact and isinstance(known["cooperation"], Fraction):
            yield from wrong_outcomes(stated, each, known)
    except Undefined:
        return
