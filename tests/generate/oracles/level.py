"""Levels at a point: every level of a fine grid tried.

F(a) = (1 - D)*gain(a) - q*D*(payoff(a) - outside); a level enforces itself iff F(a) <= 0. Levels
above the joint optimum are of no use, so the answer is the greatest self-enforcing level up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, minus, real, sign, times
from .told import is_near, number, wrong_outcomes

STEPS = 240
GRID = tuple(Fraction(i, STEPS) for i in range(STEPS + 1))
Function = Callable[[Number], Number]


def level_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    table, at = data["level"], numbers(point)
    if "news" in table:
        return
    told = answer["equilibria"]
    if len(told) != 1:
        yield "not one branch at a point", f"{[e['name'] for e in told]} at {dict(point)}"
        return
    (each,) = told
    payoff, excess = functions(table, at)
    known = {"payoff": payoff, "excess": excess}
    yield from extremes(each, payoff, [excess], point)
    yield from values(data, each, payoff, at, known, point)


def functions(table: Mapping[str, Any], at: Mapping[str, Number]) -> tuple[Function, Function]:
    """The payoff and F, as functions of the level."""
    variable = table.get("variable", "a")
    outside = evaluate(str(table.get("outside", "0")), at)
    weight = evaluate(str(table["discount"]), at)
    found = evaluate(str(table.get("detection", "1")), at)

    def payoff(a: Number) -> Number:
        return evaluate(str(table["payoff"]), {**at, variable: a})

    def excess(a: Number) -> Number:
        gain = times(minus(Fraction(1), weight), evaluate(str(table["gain"]), {**at, variable: a}))
        return minus(gain, times(times(found, weight), minus(payoff(a), outside)))

    return payoff, excess


def extremes(
    each: Mapping[str, Any], payoff: Function, excesses: Sequence[Function], point: Point
) -> Iterator[tuple[str, str]]:
    """Level, tipping point and first best, held to every level of the grid."""
    outcomes = {name: number(text, each["outcomes"][name])
                for name, text in each["exact_text"]["outcomes"].items()
                if name in ("level", "tipping_point", "first_best")}  # fmt: skip
    level, best = outcomes["level"], outcomes["first_best"]
    where = f"{each['name']} at {dict(point)}"
    if not 0 <= real(level) <= 1 or not 0 <= real(best) <= 1:
        yield "a level outside [0, 1]", f"level {real(level)}, first best {real(best)}, {where}"
        return
    worth = [payoff(a) for a in GRID]
    top = max(map(real, worth))
    if real(payoff(best)) < top - 1e-12:
        yield "the first best is not best", f"{float(real(best))} is worth less than {top}, {where}"
        return
    if sign(level) and any(real(excess(level)) > 1e-12 for excess in excesses):
        yield "regret", f"level {float(real(level))} does not enforce itself, {where}"
    if sign(minus(level, best)) > 0 and not is_near(level, best, 1e-12):
        yield "a level above the optimum", f"{float(real(level))} > {float(real(best))}, {where}"
    kept = [
        a for a in GRID[1:]
        if sign(minus(best, a)) >= 0 and all(sign(excess(a)) <= 0 for excess in excesses)
    ]  # fmt: skip
    above = [a for a in kept if real(a) > real(level) + 1e-12]
    if above:
        yield "a higher level enforces itself", f"{above[-1]} > {float(real(level))}, {where}"
    tipping = outcomes.get("tipping_point")
    if tipping is None:
        return
    below = [a for a in kept if real(a) < real(tipping) - 1e-12]
    if below:
        yield "a lower level enforces itself", f"{below[0]} < {float(real(tipping))}, {where}"
    if sign(tipping) and any(real(excess(tipping)) > 1e-12 for excess in excesses):
        yield "the tipping point fails", f"{float(real(tipping))}, {where}"


def values(
    data: Mapping[str, Any],
    each: Mapping[str, Any],
    payoff: Function,
    at: Mapping[str, Number],
    known: Mapping[str, Function],
    point: Point,
) -> Iterator[tuple[str, str]]:
    """Payoff, social optimum and the file's own outcomes at the level."""
    table = data["level"]
    level = number(each["exact_text"]["outcomes"]["level"], each["outcomes"]["level"])
    variable = table.get("variable", "a")
    alone = each["name"] == "none"
    right = evaluate(str(table.get("outside", "0")), at) if alone else payoff(level)
    if not is_near(Fraction(str(each["outcomes"]["payoff"])), right):
        yield (
            "a wrong payoff",
            f"{each['outcomes']['payoff']}, not {float(real(right))} at {dict(point)}",
        )
    social = str(table.get("social", table["payoff"]))
    best = Fraction(str(each["outcomes"]["social_first_best"]))
    top = max(real(evaluate(social, {**at, variable: a})) for a in GRID)
    if real(evaluate(social, {**at, variable: best})) < top - 1e-9:
        yield "the social optimum is not best", f"{float(best)} at {dict(point)}"
    if isinstance(level, Fraction):
        yield from wrong_outcomes(data.get("outcomes", {}), each, {**at, variable: level})
