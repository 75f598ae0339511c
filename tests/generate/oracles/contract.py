"""Contracts at a point: no terms on a grid may be feasible and better than what is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from ..files import Point, numbers
from ..values import CONTEXT, Names, Number, Undefined, evaluate, holds, real
from .told import is_near, number, wrong_outcomes

STEPS = {1: 240, 2: 24}
FAR = Fraction(6)
SLACK = 1e-9


def contract_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    at = numbers(point)
    told = answer["equilibria"]
    where = f"at {dict(point)}"
    if not told:
        yield "no answer where there is one", f"no branch {where}"
        return
    names = [e["name"] for e in told]
    if "infeasible" in names and len(names) > 1:
        yield "infeasible beside a contract", f"{names} {where}"
    best = best_of_grid(data, at)
    for each in told:
        if each["name"] == "infeasible":
            if best is not None:
                yield "told infeasible", f"{best} is feasible {where}"
            continue
        if not each["payoffs"]:
            continue
        yield from sound(data, each, at, where)
        value = real(number(each["exact_text"]["outcomes"]["value"], each["outcomes"]["value"]))
        if best is not None and real(best[0]) > value + SLACK * max(1, abs(value)):
            better = f"{best[1]} with {best[2]} is worth {float(real(best[0]))}"
            yield "better terms exist", f"{better}, told {each['name']} {float(value)} {where}"


def sound(
    data: Mapping[str, Any], each: Mapping[str, Any], at: Mapping[str, Number], where: str
) -> Iterator[tuple[str, str]]:
    """What is told meets the limits and is worth what it is said to be."""
    strategies, shown = each["exact_text"]["strategies"], each["strategies"]
    mode = data["modes"][strategies["mode"]]
    terms = {t: number(strategies[t], shown[t]) for t in mode.get("terms", [])}
    known = {**at, **terms}
    worth = evaluate(str(mode["objective"]), known)
    if not is_near(Fraction(str(each["outcomes"]["value"])), worth, 1e-6):
        value = each["outcomes"]["value"]
        yield "a wrong payoff", f"{each['name']}: {value}, not {float(real(worth))} {where}"
    for text in mode.get("constraints", {}).values():
        if not holds(text, known) and not nearly(text, known):
            yield "regret", f"{each['name']} breaks {text} {where}"
    for term, value in terms.items():
        if not within(data["terms"][term]["domain"], value):
            yield "regret", f"{each['name']}: {term} = {float(real(value))} is outside {where}"
    if all(isinstance(value, Fraction) for value in terms.values()):
        yield from wrong_outcomes(mode.get("outcomes", {}), each, known)


def nearly(text: str, known: Names) -> bool:
    """Whether a limit holds but for the rounding of irrational terms."""
    for sign_ in (">=", "<=", ">", "<"):
        left, found, right = text.partition(sign_)
        if found:
            gap = real(evaluate(f"({left}) - ({right})", known))
            return bool((gap if sign_[0] == ">" else -gap) > -(CONTEXT.mpf(10) ** -12))
    return False


def within(domain: str, value: Number) -> bool:
    low, high = (end.strip(" []()") for end in domain.split(","))
    above = low == "-oo" or real(value) >= real(evaluate(low)) - 1e-12
    return bool(above and (high == "oo" or real(value) <= real(evaluate(high)) + 1e-12))


def best_of_grid(
    data: Mapping[str, Any], at: Mapping[str, Number]
) -> tuple[Number, str, Mapping[str, str]] | None:
    """The best feasible terms on the grid, with the mode."""
    found: tuple[Number, str, Mapping[str, str]] | None = None
    for name, mode in data["modes"].items():
        terms = mode.get("terms", [])
        axes = [axis(data["terms"][term]["domain"], STEPS[max(1, len(terms))]) for term in terms]
        for values in product(*axes):
            known = {**at, **dict(zip(terms, values, strict=True))}
            try:
                if not all(holds(text, known) for text in mode.get("constraints", {}).values()):
                    continue
                worth = evaluate(str(mode["objective"]), known)
            except Undefined:
                continue
            if found is None or real(worth) > real(found[0]):
                told = {t: str(v) for t, v in zip(terms, values, strict=True)}
                found = (worth, name, told)
    return found


def axis(domain: str, steps: int) -> list[Fraction]:
    """Equal steps through a term's interval, as far as `FAR` where it has no end."""
    low, high = (end.strip(" []()") for end in domain.split(","))
    first = -FAR if low == "-oo" else Fraction(low)
    last = FAR if high == "oo" else Fraction(high)
    return [first + (last - first) * i / steps for i in range(steps + 1)]
