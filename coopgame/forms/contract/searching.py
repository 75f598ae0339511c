"""Local searches among the terms of a programme of numbers, and their ends to many digits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import mpmath
import numpy as np
import sympy
from scipy.optimize import minimize

from coopgame.forms.contract.limits import Limit, Programme
from coopgame.language.printing import to_numpy

STARTS = 24
SEED = 20260101
BINDS = 1e-5  # a local search ends this near to a limit that binds, or nearer
DIGITS = 60
SHOWN = 40

Terms = dict[sympy.Symbol, sympy.Rational]


def local_optima(programme: Programme) -> list[Terms]:
    """Where sequential quadratic programming ends from seeded starts, as rational numbers."""
    source = random.Random(SEED)
    names = [term.name for term in programme.terms]
    compiled = to_numpy([programme.objective, *(g.gap for g in programme.limits)], names)
    constraints = [
        {"type": "eq" if g.exact else "ineq", "fun": lambda x, i=i: float(compiled(*x)[i + 1])}
        for i, g in enumerate(programme.limits)
    ]
    found = []
    with np.errstate(all="ignore"):
        for _ in range(STARTS):
            start = [source.uniform(-1, 1) * 10 ** source.randint(-1, 1) for _ in names]
            ended = minimize(
                lambda x: -float(compiled(*x)[0]), start, method="SLSQP", constraints=constraints
            )
            if np.all(np.isfinite(ended.x)):
                values = [sympy.Rational(str(value)) for value in ended.x.tolist()]
                found.append(dict(zip(programme.terms, values, strict=True)))
    return found


def sharpened(programme: Programme) -> Iterator[tuple[tuple[Limit, ...], Terms]]:
    """The ends of the searches that solve the first-order conditions, to 40 digits, once each."""
    seen: set[tuple[float, ...]] = set()
    for near in local_optima(programme):
        near_gaps = [(g, float(g.gap.subs(near))) for g in programme.limits]
        active = tuple(g for g, gap in near_gaps if abs(gap) < BINDS and g.gap.free_symbols)
        terms = _newton(programme, active, near)
        key = tuple(round(float(value), 12) for value in terms.values()) if terms else ()
        if terms and key not in seen:
            seen.add(key)
            yield active, terms


def _newton(programme: Programme, active: Sequence[Limit], near: Terms) -> Terms | None:
    """Newton's method on the system of Karush, Kuhn and Tucker, from a point close by."""
    prices = [sympy.Symbol(f"price!{i}", real=True) for i in range(len(active))]
    lagrangian = programme.objective + sum(
        (p * g.gap for p, g in zip(prices, active, strict=True)), sympy.S.Zero
    )
    equations = [lagrangian.diff(t) for t in programme.terms] + [g.gap for g in active]
    unknowns = [*programme.terms, *prices]
    slopes = np.array(
        [[float(g.gap.diff(t).subs(near)) for g in active] for t in programme.terms], dtype=float
    ).reshape(len(programme.terms), len(active))
    rise = np.array([float(programme.objective.diff(t).subs(near)) for t in programme.terms])
    start = [*(float(near[t]) for t in programme.terms), *np.linalg.lstsq(slopes, -rise)[0]]
    compiled = sympy.lambdify(unknowns, equations, "mpmath")
    with mpmath.workdps(DIGITS):
        try:
            found = mpmath.findroot(lambda *x: compiled(*x), start, tol=mpmath.mpf(10) ** -50)
        except (ValueError, ZeroDivisionError, TypeError):
            return None
        values = [sympy.Rational(mpmath.nstr(found[i], SHOWN)) for i in range(len(near))]
    return dict(zip(programme.terms, values, strict=True))
