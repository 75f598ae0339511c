"""Borders between types: where they are said to lie, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import sympy

from coopgame.clusters.borders import Border, borders, floats
from coopgame.clusters.case import Case, Phase
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.maps import TypeMap, type_map
from coopgame.clusters.place import place
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.language.deciding import decide, evaluate
from coopgame.language.printing import symbol

STEP = sympy.Rational(1, 10**6)
PHASES = [
    ("criciuma", 0), ("criciuma", 1), ("sialkot", 2), ("madras", 0), ("agra", 1),
    ("export_zone", 0), ("metropolitan_survival", 0),
]  # fmt: skip
MAPS = [("criciuma", "u_c", "h"), ("sialkot", "certificate", "size")]
STEPS, FINE = 16, 64


def around(phase: Phase, border: Border) -> list[dict[str, sympy.Rational]]:
    """Exact points just before a border and just beyond it."""
    at = sympy.Rational(str(round(border.at, 9)))
    towards = 1 if at > phase.point[border.parameter] else -1
    return [{**phase.point, border.parameter: at + side * towards * STEP} for side in (-1, 1)]


@pytest.mark.parametrize(("name", "index"), PHASES)
def test_a_border_parts_the_types_named_and_its_surface_vanishes_there(
    cases: Mapping[str, Case], compiled: CompiledCluster, name: str, index: int
) -> None:
    """Exactly: the old type just before every border, the one named just beyond."""
    case, phase = cases[name], cases[name].phases[index]
    here, found = place(case.cluster, phase.point).type, borders(compiled, phase.point)
    assert found
    for border in found:
        kinds = [place(case.cluster, side).type for side in around(phase, border)]
        assert kinds == [here, border.becomes], border
    surface = found[0].surface
    assert surface is not None
    assert {s.name for s in surface.expression.free_symbols} <= set(case.cluster.domain.names)
    signs = [
        decide(sympy.Gt(evaluate(surface.expression, {symbol(n): v for n, v in p.items()}), 0))
        for p in around(phase, found[0])
    ]
    assert signs[0] != signs[1]


def test_the_nearest_border_is_the_nearest_on_a_scan_of_our_own(
    cases: Mapping[str, Case], compiled: CompiledCluster
) -> None:
    """No parameter changes the type within less of its range than the margin says."""
    phase = cases["sialkot"].phases[2]
    margin = borders(compiled, phase.point)[0].distance
    kind = compiled.types(floats(phase.point))
    for parameter in compiled.cluster.domain.parameters:
        low, high = float(parameter.interval.lower), float(parameter.interval.upper)
        here, reach = float(phase.point[parameter.name]), 0.999 * margin * (high - low)
        values = np.linspace(max(low, here - reach), min(high, here + reach), 1501)
        kinds = compiled.types({**floats(phase.point), parameter.name: values})
        assert np.all(kinds == kind), parameter.name


# --- maps ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=MAPS, ids=lambda chosen: "-".join(chosen))
def mapped(
    request: pytest.FixtureRequest, cases: Mapping[str, Case], compiled: CompiledCluster
) -> tuple[TypeMap, Phase]:
    name, x, y = request.param
    phase = cases[name].phases[1 if name == "criciuma" else -1]
    return type_map(compiled, phase.point, x, y, STEPS), phase


def test_a_map_has_the_exact_types_off_its_borders(
    mapped: tuple[TypeMap, Phase], compiled: CompiledCluster
) -> None:
    """Every fourth node, exactly; a node may differ only where a border runs within a step."""
    found, phase = mapped
    assert len(np.unique(found.kinds)) > 1
    for j in range(0, len(found.ys), 4):
        for i in range(0, len(found.xs), 4):
            x, y = (sympy.Rational(str(v)) for v in (found.xs[i], found.ys[j]))
            point = {**phase.point, found.x.name: x, found.y.name: y}
            kinds = found.kinds[max(0, j - 1) : j + 2, max(0, i - 1) : i + 2]
            exact = TYPES.index(place(compiled.cluster, point).type)
            if len(np.unique(kinds)) == 1:
                assert exact == found.kinds[j, i], (x, y)
            else:
                assert exact in kinds, (x, y)


def test_every_change_of_type_on_a_fine_grid_is_crossed_by_a_curve(
    mapped: tuple[TypeMap, Phase], compiled: CompiledCluster
) -> None:
    """Between two neighbours of different type some curve between these types changes sign.

    A neighbour within a step of a corner, where three types meet or two curves do, is let off.
    """
    found, phase = mapped
    assert not found.unexplained
    xs = np.linspace(found.xs[0], found.xs[-1], FINE + 1) * (1 - 1e-9) + 1e-10
    ys = np.linspace(found.ys[0], found.ys[-1], FINE + 1) * (1 - 1e-9) + 1e-10
    wide, high = np.meshgrid(xs, ys)
    kinds = compiled.types({**floats(phase.point), found.x.name: wide, found.y.name: high})
    crossed = {"across": np.zeros(kinds[:, 1:].shape, bool), "up": np.zeros(kinds[1:].shape, bool)}
    for curve in found.curves:
        value = sympy.lambdify([found.x.symbol, found.y.symbol], curve.expression, "numpy")
        with np.errstate(all="ignore"):
            sign = np.broadcast_to(np.asarray(value(wide, high), dtype=float), kinds.shape) > 0
        crossed["across"] |= sign[:, 1:] != sign[:, :-1]
        crossed["up"] |= sign[1:] != sign[:-1]
    across, up = kinds[:, 1:] != kinds[:, :-1], kinds[1:] != kinds[:-1]
    changes = int(across.sum() + up.sum())
    missed = int((across & ~crossed["across"]).sum() + (up & ~crossed["up"]).sum())
    assert changes > FINE / 2
    assert missed <= changes * 0.02, (missed, changes)


def test_closed_forms_satisfy_the_equation_of_their_curve(
    mapped: tuple[TypeMap, Phase],
) -> None:
    found, _ = mapped
    solved = 0
    for curve in found.curves:
        for x, y in curve.spots:
            at = {found.x.symbol: x, found.y.symbol: y}
            near = [abs(float(evaluate_float(s.rhs, at)) - at[s.lhs]) < 1e-6 for s in curve.solved]
            assert any(near) or not near, (curve.label, x, y)
            solved += any(near)
    assert solved > 0


def evaluate_float(expression: sympy.Expr, at: Mapping[sympy.Symbol, float]) -> float:
    value = complex(expression.subs(at))
    return value.real if abs(value.imag) < 1e-9 else float("nan")


def test_maps_over_what_no_type_depends_on_are_refused(
    cases: Mapping[str, Case], compiled: CompiledCluster
) -> None:
    point = cases["criciuma"].phases[0].point
    for x, y, told in (
        ("failure", "h", "no type depends on failure"),
        ("h", "h", "h is named twice"),
        ("h", "weather", "unknown parameter 'weather'"),
    ):
        with pytest.raises(InputError, match=told):
            type_map(compiled, point, x, y, 2)
