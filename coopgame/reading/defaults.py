"""Defaults for parameters that state none: simple numbers at which all assumptions hold."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.expressions import parse_condition
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import to_text
from coopgame.proofs.questions import feasible


def complete(data: dict[str, Any]) -> None:
    """Give each parameter without a default one at which all assumptions hold, if one is found.

    What cannot be read is left to the readers, who say why.
    """
    entries = data["parameters"]
    missing = [n for n, e in entries.items() if isinstance(e, dict) and "default" not in e]
    if not missing:
        return
    try:
        domain = _domain(data, entries)
    except InputError:
        for name in missing:
            entries[name]["default"] = "1"
        return
    chosen = _chosen(domain, frozenset(missing))
    for parameter in domain.parameters:
        entries[parameter.name]["default"] = to_text(chosen[parameter.name])


def _domain(data: Mapping[str, Any], entries: Mapping[str, Any]) -> Domain:
    """The domain with a simple default wherever none is stated."""
    found = []
    for name, entry in entries.items():
        interval = Interval.parse(entry["domain"])
        default = exact(entry["default"]) if "default" in entry else simplest(interval)
        found.append(Parameter(name, "", "", interval, default, ""))
    names = {parameter.name for parameter in found}
    texts = data.get("assumptions", [])
    return Domain(tuple(found), tuple(parse_condition(text, names) for text in texts))


def simplest(interval: Interval) -> sympy.Rational:
    """A simple number of an interval: 1 if it is inside, else one away from an end, or its middle.

    >>> [str(simplest(Interval.parse(text))) for text in ("(0, 1)", "(1, oo)", "integers [2, 9]")]
    ['1/2', '2', '3']
    """
    low, high = interval.lower, interval.upper
    middle = (low + high) / 2 if low.is_finite and high.is_finite else sympy.S.One
    ends = [low + 1 if low.is_finite else sympy.S.One, high - 1 if high.is_finite else middle]
    for value in (sympy.S.One, *ends, low, middle, high):
        inside = value.is_finite and value in interval
        if inside and (value not in (low, high) or interval.integer or value == middle):
            return value
    return next((v for v in (middle, low, high) if v.is_finite and v in interval), sympy.S.One)


def _chosen(domain: Domain, missing: frozenset[str]) -> Mapping[str, sympy.Rational]:
    """Values at which all constraints hold: simple ones, round ones, or the solver's own."""
    tried = {**domain.defaults}
    random = Random(1998)  # any seed will do: the same game has the same defaults every time
    for _ in range(200):
        if _fits(domain, tried):
            return tried
        tried = {
            p.name: _near(p, random) if p.name in missing else p.default for p in domain.parameters
        }
    held = [sympy.Eq(p.symbol, p.default) for p in domain.parameters if p.name not in missing]
    witness = feasible([*domain.constraints, *held], domain.integers).witness or {}
    return {p.name: witness.get(p.symbol, p.default) for p in domain.parameters}


def _near(parameter: Parameter, random: Random) -> sympy.Rational:
    """A round value of an interval: whole numbers near its finite end, tenths of a short one."""
    low, high = parameter.interval.lower, parameter.interval.upper
    if low.is_finite and high.is_finite and high - low <= 1:
        return low + (high - low) * sympy.Rational(random.randint(1, 9), 10)
    base = low if low.is_finite else high - 8 if high.is_finite else sympy.Integer(-3)
    return base + random.randint(0, 8)


def _fits(domain: Domain, values: Mapping[str, sympy.Rational]) -> bool:
    at = {p.symbol: values[p.name] for p in domain.parameters}
    inside = all(values[p.name] in p.interval for p in domain.parameters)
    return inside and all(c.subs(at) == sympy.true for c in domain.constraints)
