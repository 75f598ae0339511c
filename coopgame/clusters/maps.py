"""A map of types over two parameters, with the borders as curves in closed form where they exist.

Each vertical line of the map is scanned for changes of type; each change is traced to the
comparison that switches there, and that comparison, with all other parameters fixed, is the curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.clusters.borders import Border, Point, floats, surface_of, switches
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.language.deciding import number
from coopgame.language.parameters import Parameter
from coopgame.language.printing import symbol

STEPS = 60
FINE = 40
REFINEMENTS = 6
MAX_CURVES = 24
NEAR = 1e-6


@dataclass(frozen=True)
class Curve:
    """A border between two types: `expression`, in the two parameters, is zero on it.

    `solved` are the closed forms of one parameter in the other, where there are some. `label` says
    what is compared there; `spots` are points of the border that it explains, as (x, y).
    """

    between: tuple[str, str]
    label: str
    expression: sympy.Expr
    solved: tuple[sympy.Expr, ...]
    spots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class TypeMap:
    """Types over a grid: `kinds[j, i]` indexes `TYPES` at `(xs[i], ys[j])`.

    `unexplained` are border points at which no single comparison switches.
    """

    x: Parameter
    y: Parameter
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    kinds: NDArray[np.int64]
    curves: tuple[Curve, ...]
    unexplained: tuple[tuple[float, float], ...]


def type_map(
    compiled: CompiledCluster, point: Point, x: str, y: str, steps: int = STEPS
) -> TypeMap:
    """The types around a point as two parameters run over their whole intervals.

    Raises InputError for a parameter the types do not depend on, or for one named twice.
    """
    for name in (x, y):
        if compiled.cluster.domain[name].name not in compiled.telling:
            raise InputError(f"no type depends on {name}", "name another parameter")
    if x == y:
        raise InputError(f"{x} is named twice", "name two parameters")
    along, up = compiled.cluster.domain[x], compiled.cluster.domain[y]
    xs, ys = _ticks(along, steps), _ticks(up, steps)
    wide, high = np.meshgrid(xs, ys)
    kinds = compiled.types({**floats(point), x: wide, y: high})
    crossings = [*_crossings(compiled, point, (along, up), steps)]
    crossings += [*_crossings(compiled, point, (up, along), steps)]
    curves, left = _curves(compiled, point, (along, up), crossings)
    return TypeMap(along, up, xs, ys, kinds, curves, left)


def _ticks(parameter: Parameter, steps: int) -> NDArray[np.float64]:
    return np.linspace(
        number(parameter.interval.lower), number(parameter.interval.upper), steps + 1
    )


@dataclass(frozen=True)
class _Crossing:
    """A change between two types along `moving`, the other parameter `still` at a value."""

    still: str
    at: float
    moving: str
    value: float
    between: tuple[int, int]

    def spot(self, x: str) -> tuple[float, float]:
        return (self.at, self.value) if self.still == x else (self.value, self.at)


def _crossings(
    compiled: CompiledCluster, point: Point, plane: tuple[Parameter, Parameter], steps: int
) -> Iterator[_Crossing]:
    """Every change of type along each line on which the first parameter stands still."""
    still, moving = plane
    here = floats(point)
    fine = _ticks(moving, steps * FINE)
    for at in _ticks(still, steps):
        fixed = {**here, still.name: float(at)}
        kinds = compiled.types({**fixed, moving.name: fine})
        for i in np.flatnonzero(kinds[1:] != kinds[:-1]):
            low, high = fine[i], fine[i + 1]
            for _ in range(REFINEMENTS):
                values = np.linspace(low, high, FINE + 1)
                within = compiled.types({**fixed, moving.name: values})
                j = int(np.flatnonzero(within != within[0])[0])
                low, high = values[j - 1], values[j]
            ends = (int(min(kinds[i : i + 2])), int(max(kinds[i : i + 2])))
            yield _Crossing(still.name, float(at), moving.name, float(high), ends)


def _curves(
    compiled: CompiledCluster,
    point: Point,
    plane: tuple[Parameter, Parameter],
    crossings: list[_Crossing],
) -> tuple[tuple[Curve, ...], tuple[tuple[float, float], ...]]:
    """One curve for each comparison that explains some crossings, and the crossings left over."""
    curves: list[Curve] = []
    left: list[tuple[float, float]] = []
    x, y = plane
    while crossings and len(curves) < MAX_CURVES:
        first = crossings[0]
        spot = {**point, first.still: _rational(first.at)}
        border = Border(first.moving, first.value, TYPES[first.between[1]], 0.0)
        found = surface_of(compiled.cluster, spot, border)
        if found is None:
            left.append(first.spot(x.name))
            crossings = crossings[1:]
            continue
        others = {symbol(n): v for n, v in point.items() if n not in (x.name, y.name)}
        stated = sympy.together(found.expression.subs(others))
        explained = [c for c in crossings if c.between == first.between and _on(stated, c)]
        explained = explained or [first]
        crossings = [c for c in crossings if c not in explained]
        curves.append(_curve(stated, found.label, explained, plane))
    return tuple(curves), tuple(left) + tuple(c.spot(x.name) for c in crossings)


def _rational(value: float) -> sympy.Rational:
    return sympy.Rational(str(round(value, 12)))


def _on(expression: sympy.Expr, crossing: _Crossing) -> bool:
    """Whether the expression switches its sign at a crossing."""
    step = sympy.Rational(1, 10**9)
    at = {crossing.still: _rational(crossing.at)}
    value = _rational(crossing.value)
    sides = [{**at, crossing.moving: value + move} for move in (-step, step)]
    return switches(expression, sides)


def _curve(
    expression: sympy.Expr,
    label: str,
    explained: list[_Crossing],
    plane: tuple[Parameter, Parameter],
) -> Curve:
    x, y = plane
    first, last = explained[0].between
    spots = tuple(sorted(c.spot(x.name) for c in explained))
    named = tuple({x.symbol: across, y.symbol: up} for across, up in spots)
    return Curve(
        between=(TYPES[first], TYPES[last]),
        label=label,
        expression=expression,
        solved=_solved(expression, (y.symbol, x.symbol), named),
        spots=spots,
    )


def _solved(
    expression: sympy.Expr,
    wanted: tuple[sympy.Symbol, sympy.Symbol],
    spots: tuple[dict[sympy.Symbol, float], ...],
) -> tuple[sympy.Expr, ...]:
    """Closed forms of a curve, of the vertical parameter or else of the horizontal one.

    Only roots that pass through points of the border are kept.
    """
    numerator = _cleared(sympy.fraction(expression)[0])
    for variable in wanted:
        if numerator.has(variable) and numerator.is_polynomial(*wanted):
            polynomial = sympy.Poly(numerator, variable)
            if polynomial.degree() <= 2:
                roots = [r for r in sympy.roots(polynomial) if _passes(r, variable, spots)]
                return tuple(sympy.Eq(variable, root, evaluate=False) for root in roots)
    return ()


def _cleared(numerator: sympy.Expr) -> sympy.Expr:
    """Without its square root, if it has one: a + b*sqrt(c) is zero only where a^2 = b^2*c."""
    surds = [p for p in numerator.atoms(sympy.Pow) if p.exp == sympy.S.Half and p.base.free_symbols]
    if len(surds) != 1:
        return numerator
    root = sympy.Dummy()
    linear = sympy.Poly(numerator.expand().xreplace({surds[0]: root}), root)
    if linear.degree() != 1:
        return numerator
    b, a = linear.all_coeffs()
    return sympy.factor(sympy.expand(a**2 - b**2 * surds[0].base))


def _passes(
    root: sympy.Expr, variable: sympy.Symbol, spots: tuple[dict[sympy.Symbol, float], ...]
) -> bool:
    def near(spot: dict[sympy.Symbol, float]) -> bool:
        value = complex(root.subs({s: v for s, v in spot.items() if s != variable}))
        return abs(value - spot[variable]) < NEAR

    return any(map(near, spots))
