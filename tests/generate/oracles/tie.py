"""Ties at a point: the levels that both sides keep, by a grid, and what each side is paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, minus, plus, real, sign, times, total
from .level import Function, extremes, functions
from .told import is_near, number, wrong_outcomes


def tie_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    table, at = data["tie"], numbers(point)
    told = answer["equilibria"]
    names = {e["name"].split("_")[0] for e in told}
    if not told or len(names) > 1:
        yield "not one branch at a point", f"{[e['name'] for e in told]} at {dict(point)}"
        return
    shared = {key: table[key] for key in ("discount", "detection", "variable") if key in table}
    sides = {name: functions({**shared, **side}, at) for name, side in table["sides"].items()}

    def joint(a: Number) -> Number:
        return total([payoff(a) for payoff, _ in sides.values()])

    def pooled(a: Number) -> Number:
        return total([excess(a) for _, excess in sides.values()])

    constraints = [pooled] if table["transfers"] == "yes" else [e for _, e in sides.values()]
    for each in told:
        yield from extremes(each, joint, constraints, point)
        yield from payments(data, each, sides, at, point)


def payments(
    data: Mapping[str, Any],
    each: Mapping[str, Any],
    sides: Mapping[str, tuple[Function, Function]],
    at: Mapping[str, Number],
    point: Point,
) -> Iterator[tuple[str, str]]:
    """Payoffs add up, and with transfers no side gains by reneging at what it is paid."""
    table = data["tie"]
    level = number(each["exact_text"]["outcomes"]["level"], each["outcomes"]["level"])
    paid = {name: Fraction(str(value)) for name, value in each["payoffs"].items()}
    outside = {n: evaluate(str(s.get("outside", "0")), at) for n, s in table["sides"].items()}
    where = f"{each['name']} at {dict(point)}"
    if each["name"] == "none":
        right = outside
    elif table["transfers"] == "no":
        right = {name: payoff(level) for name, (payoff, _) in sides.items()}
    else:
        whole = total([payoff(level) for payoff, _ in sides.values()])
        if not is_near(total(list(paid.values())), whole, 1e-6):
            yield "a wrong payoff", f"{each['payoffs']} do not sum to {float(real(whole))}, {where}"
        weight = evaluate(str(table["discount"]), at)
        stake = times(evaluate(str(table.get("detection", "1")), at), weight)
        for name in paid:
            text = str(table["sides"][name]["gain"])
            gain = evaluate(text, {**at, table.get("variable", "a"): level})
            kept = times(stake, minus(paid[name], outside[name]))
            if real(minus(times(minus(Fraction(1), weight), gain), kept)) > 1e-9:
                yield "regret", f"{name} gains by reneging, {where}"
        return
    for name, value in right.items():
        if not is_near(paid[name], value, 1e-6):
            yield (
                "a wrong payoff",
                f"{name}: {float(paid[name])}, not {float(real(value))}, {where}",
            )
    if isinstance(level, Fraction) and sign(plus(level, Fraction(1))):
        known = {**at, table.get("variable", "a"): level}
        yield from wrong_outcomes(data.get("outcomes", {}), each, known)
