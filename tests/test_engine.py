"""The engine under the tables: bounds on rounding, cutting into blocks, exact borders, pickling."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, S, sqrt

import coopgame as cg
from coopgame.engine.blocks import evaluate
from coopgame.engine.compiled import Compiled, Wanted, compile_for
from coopgame.engine.enclosures import UNIT, Enclosure, enclose
from coopgame.engine.exactly import Inexact
from coopgame.engine.exactly import evaluate as exactly
from coopgame.engine.programs import Builder, Step, reach
from coopgame.engine.running import run
from coopgame.engine.tracks import ABSENT, VALUE
from coopgame.forms.base import Header
from coopgame.forms.normal.game import NormalGame
from coopgame.grids import Logs, Steps, axis, grid
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.plans import Grid
from coopgame.reading.info import Info
from coopgame.solution import decide
from coopgame.sweep import tabulate
from tests.formulas import CONDITIONS, LEAVES, rounded_alike, x, y

SMALL = st.fractions(-2, 2, max_denominator=1000)


# --- programs and the bounds on their rounding errors ------------------------------------------


def combined(children: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    return (
        rounded_alike(children)
        | children.map(lambda e: sympy.exp(-(e**2)))
        | children.map(lambda e: sympy.log(e**2 + 1))
        | children.map(lambda e: (e**2 + 1) ** Rational(1, 3))
    )


EXPRESSIONS = st.recursive(LEAVES, combined, max_leaves=7)


def at_a_point(expression: sympy.Expr, a: Fraction, b: Fraction) -> tuple[float, Enclosure]:
    """The computed value and its enclosure at one point."""
    builder = Builder(["x", "y"], 0)
    target = builder.write(expression)
    order = reach(builder.steps, [target])
    columns = [np.array([float(a)]), np.array([float(b)])]
    values = {i: columns[s.value] for i, s in enumerate(builder.steps) if s.operation == "variable"}
    bounds = {i: Enclosure(v, v, UNIT * np.abs(v)) for i, v in values.items()}
    run(builder.steps, order, values)
    enclose(builder.steps, order, bounds)
    return float(np.asarray(values[target]).ravel()[0]), bounds[target]


@given(EXPRESSIONS, SMALL, SMALL)
@settings(max_examples=150, deadline=None)
def test_a_computed_value_is_as_close_to_the_truth_as_its_enclosure_says(
    expression: sympy.Expr, a: Fraction, b: Fraction
) -> None:
    """Against the expression to 60 digits."""
    computed, bounds = at_a_point(expression, a, b)
    truth = sympy.N(expression.subs({x: Rational(a), y: Rational(b)}), 60)
    # The truth itself is known to fifty digits.
    near = sympy.Float(10) ** -45 * (1 + abs(truth))
    assert abs(sympy.Float(computed, 60) - truth) <= float(np.max(bounds.reach)) + near


@given(EXPRESSIONS, st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_an_enclosure_of_many_rows_holds_all_that_is_computed_in_them(
    expression: sympy.Expr, rows: list[tuple[Fraction, Fraction]]
) -> None:
    builder = Builder(["x", "y"], 0)
    target = builder.write(expression)
    order = reach(builder.steps, [target])
    columns = [np.array([float(row[i]) for row in rows]) for i in (0, 1)]
    values = {i: columns[s.value] for i, s in enumerate(builder.steps) if s.operation == "variable"}
    bounds = {i: Enclosure(v.min(), v.max(), UNIT * np.max(np.abs(v))) for i, v in values.items()}
    run(builder.steps, order, values)
    enclose(builder.steps, order, bounds)
    assert np.all(values[target] >= bounds[target].low - bounds[target].reach)
    assert np.all(values[target] <= bounds[target].high + bounds[target].reach)


@given(EXPRESSIONS, SMALL, SMALL)
@settings(max_examples=100, deadline=None)
def test_a_program_in_fractions_gives_what_sympy_gives(
    expression: sympy.Expr, a: Fraction, b: Fraction
) -> None:
    builder = Builder(["x", "y"], 1)
    target = builder.write(expression)
    truth = expression.subs({x: Rational(a), y: Rational(b)})
    try:
        found = exactly(builder.steps, target, (a, b), {})
    except Inexact:
        assert not truth.is_Rational or expression.has(sympy.exp, sympy.log, sympy.Pow)
    else:
        assert truth == Rational(found)


def test_what_is_shared_is_computed_once() -> None:
    """(x + y)**2 and sqrt(x + y): the two variables, one sum, one square, one root."""
    builder = Builder(["x", "y"], 0)
    builder.write((x + y) ** 2)
    builder.write(sqrt(x + y))
    assert [s.operation for s in builder.steps] == [
        "variable",
        "variable",
        "add",
        "multiply",
        "root",
    ]


def test_what_varies_one_way_is_combined_first() -> None:
    """x downwards, y across: x*y*(1 - x)*(1 - y) takes one product over the rectangle."""
    builder = Builder(["x", "y"], 1)
    builder.write(x * y * (1 - x) * (1 - y))
    assert sum(step.extent == 3 for step in builder.steps) == 1


# --- blocks ------------------------------------------------------------------------------------


def compiled(texts: list[str], plan: Grid, outcome: sympy.Expr = x * y) -> Compiled:
    conditions = [parse_condition(text, {"x", "y"}) for text in texts]
    branches = [Wanted(str(i), [c], sympy.true, {"z": outcome}) for i, c in enumerate(conditions)]
    return compile_for(plan.names, plan.outer, [], branches)


def test_every_condition_agrees_with_exact_arithmetic_on_a_grid_full_of_ties() -> None:
    """Steps of 1/10 and 1/20: every border above passes through points of the grid."""
    plan = Grid({"x": grid(-1, 1, 21), "y": grid("-1.05", "1.95", 61)})
    tracks = evaluate(compiled(CONDITIONS, plan), plan, 0, plan.rows)
    for text, track in zip(CONDITIONS, tracks, strict=True):
        condition = parse_condition(text, {"x", "y"})
        for row in range(0, plan.rows, 3):
            at = {symbol(name): value for name, value in plan.point(row).items()}
            truth = VALUE if decide(condition.subs(at)) else ABSENT
            assert track.status[row] == truth, (text, at)


@given(st.integers(0, 1280), st.integers(1, 1281))
@settings(max_examples=30, deadline=None)
def test_a_row_does_not_depend_on_the_block_it_is_in(start: int, length: int) -> None:
    plan = Grid({"x": grid(-1, 1, 21), "y": grid("-1.05", "1.95", 61)})
    ready = compiled(CONDITIONS, plan, sympy.exp(x * y) / (x + 3) ** 3 + sqrt(y + 2))
    whole = evaluate(ready, plan, 0, plan.rows)
    stop = min(plan.rows, start + length)
    for part, track in zip(evaluate(ready, plan, start, stop), whole, strict=True):
        assert (part.status == track.status[start:stop]).all()
        valued = part.status == VALUE
        expected = track.outcomes["z"][start:stop]
        assert part.outcomes["z"][valued].tobytes() == expected[valued].tobytes()


def test_a_block_can_be_evaluated_by_another_process() -> None:
    plan = Grid({"x": grid(0, 1, 5), "y": grid(0, 1, 7)})
    ready = compiled(CONDITIONS, plan)
    again, same_plan = pickle.loads(pickle.dumps((ready, plan)))
    for one, other in zip(
        evaluate(ready, plan, 3, 30), evaluate(again, same_plan, 3, 30), strict=True
    ):
        assert (one.status == other.status).all()
        assert (one.outcomes["z"] == other.outcomes["z"]).all()


@pytest.mark.parametrize("name", ["relation", "inspection", "lead_firm", "satellite", "trust"])
def test_what_is_compiled_of_a_catalogue_game_can_be_pickled(name: str) -> None:
    from coopgame.measures import column_names
    from coopgame.plans import read_plan
    from coopgame.tasks import compiled_for

    solution = cg.load(name).solve()
    varied = solution.domain.parameters[0]
    plan, rest = read_plan(solution.domain, {varied.name: [varied.default]}, {})
    ready = compiled_for(solution, plan, rest, column_names([solution], None))
    assert pickle.loads(pickle.dumps(ready)) == ready


# --- axes --------------------------------------------------------------------------------------


@given(st.fractions(-100, 100), st.fractions("1/1000", 50), st.integers(2, 10**8), st.data())
@settings(max_examples=200, deadline=None)
def test_the_floats_of_an_axis_are_those_nearest_to_its_values(
    low: Fraction, width: Fraction, count: int, data: st.DataObject
) -> None:
    steps = Steps(Rational(low), Rational(low + width), count)
    i = data.draw(st.integers(0, count - 1))
    assert steps.floats(i, i + 1)[0] == float(Fraction(int(steps[i].p), int(steps[i].q)))


@given(
    st.fractions("1/1000000", 1000, max_denominator=10**6),
    st.integers(2, 1000),
    st.integers(2, 10**6),
    st.data(),
)
@settings(max_examples=100, deadline=None)
def test_a_log_axis_keeps_its_ends_and_states_the_rest_exactly(
    low: Fraction, factor: int, count: int, data: st.DataObject
) -> None:
    """Between the ends, value i is low*(high/low)**(i/(count-1)) to 12 digits."""
    logs = Logs(Rational(low), Rational(low * factor), count)
    assert logs[0] == low and logs[count - 1] == low * factor
    i = data.draw(st.integers(0, count - 1))
    assert logs.floats(i, i + 1)[0] == float(Fraction(int(logs[i].p), int(logs[i].q)))
    assert float(logs[i]) == pytest.approx(float(low) * factor ** (i / (count - 1)), rel=1e-11)


def test_an_axis_of_a_hundred_million_values_is_three_numbers() -> None:
    huge = axis(("0.1", "0.7", 10**8))
    assert huge[10**8 - 1] == Rational(7, 10)
    assert huge[-1] == Rational(7, 10)
    assert len(pickle.dumps(huge)) < 1000
    assert huge.floats(10**8 - 2, 10**8)[1] == 0.7


# --- a game of four by four --------------------------------------------------------------------


def four_by_four() -> NormalGame:
    """Two firms with four levels of effort each; two parameters stand in the payoffs."""
    rows = ["none", "some", "much", "all"]
    first = [
        ["3", "1", "0", "-2"],
        ["-2", "-4", "1", "4"],
        ["3", "-3", "1", "4"],
        ["b", "2", "-2", "3"],
    ]
    second = [
        ["2", "a", "-2", "-1"],
        ["a", "-3", "-2", "4"],
        ["-3", "2", "b", "0"],
        ["-1", "-1", "2", "-3"],
    ]
    own = tuple(
        Parameter(n, n, "-", Interval.parse("[-5, 5]"), Rational(1, 3), "test") for n in "ab"
    )
    payoffs: dict[tuple[str, ...], tuple[Any, ...]] = {
        (r, c): (parse(first[i][j], {"a", "b"}), parse(second[i][j], {"a", "b"}))
        for i, r in enumerate(rows)
        for j, c in enumerate(rows)
    }
    header = Header(Info("four", "Four by four", "", ""), Domain(own), "none,none")
    return NormalGame(header, {"one": tuple(rows), "two": tuple(rows)}, payoffs, {})


def test_a_game_of_four_by_four_agrees_with_exact_arithmetic_at_ten_thousand_points() -> None:
    """Every point of one decimal in [-5, 4.9] squared, ties and all.

    The conditions of every branch are decided in fractions at every point, by Python's own
    arithmetic on polynomials and not by the engine's programs.
    """
    game = four_by_four()
    solution = game.solve()
    grid = {"a": ("-5", "4.9", 100), "b": ("-5", "4.9", 100)}
    found = tabulate(solution, game.header, grid)
    assert found.points == 10_000
    assert len(solution.branches) > 8
    a, b = symbol("a"), symbol("b")
    tenths = [Fraction(i, 10) for i in range(-50, 50)]
    for track in found.tracks:
        condition = sympy.And(*solution[track.branch].conditions)
        truth = sympy.lambdify([a, b], _in_integers(condition), modules="math")
        expected = [bool(truth(p, q)) for p in tenths for q in tenths]
        assert [status == VALUE for status in track.status.tolist()] == expected, track.branch
        assert set(track.status.tolist()) <= {VALUE, ABSENT}


def _in_integers(condition: sympy.Basic) -> sympy.Basic:
    """The condition with every comparison's denominators cleared, so that no float enters."""
    cleared = {}
    for relation in condition.atoms(sympy.core.relational.Relational):
        top, bottom = sympy.fraction(sympy.together(relation.lhs - relation.rhs))
        assert bottom.is_number or relation.func in (sympy.Eq, sympy.Ne)
        cleared[relation] = relation.func(sympy.expand(top * (1 if bottom > 0 else -1)), 0)
    return condition.xreplace(cleared)


def test_a_rounded_constant_is_told_from_the_fraction_that_equals_it() -> None:
    """One half is exact as a fraction; as the float nearest to some other number it is not."""
    exact, near = Step("constant", (), Fraction(1, 2)), Step("constant", (), 0.5)
    bounds: dict[int, Enclosure] = {}
    enclose([exact, near], [0, 1], bounds)
    assert bounds[0].error == 0.0
    assert bounds[1].error == UNIT / 2


@given(st.integers(2, 70), st.integers(64, 100), st.integers(-3, 3))
@settings(max_examples=4, deadline=None)
def test_cells_of_all_sizes_are_decided_as_the_rows_are(n: int, m: int, shift: int) -> None:
    """A curved border and a straight one through rows that fill the cells or do not."""
    difference = x**2 + y**2 - 1 + Rational(shift, 10)
    wanted = [
        Wanted("in", [difference <= 0, x >= y], S.true, {"z": sqrt(1 - difference)}),
        Wanted("out", [difference > 0], S.true, {"z": x}),
    ]
    plan = Grid({"x": axis(("0", "1", n)), "y": axis(("0", "1", m))})
    inside, outside = evaluate(compile_for(("x", "y"), 1, [], wanted), plan, 0, n * m)
    for row in range(n * m):
        at = {symbol(name): value for name, value in plan.point(row).items()}
        beyond = difference.subs(at) > 0
        assert (outside.status[row] == VALUE) == beyond
        assert (inside.status[row] == VALUE) == (not beyond and at[x] >= at[y])
