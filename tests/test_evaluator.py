"""The evaluator of tables: bounds on rounding, exact borders, the catalogue against an oracle."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from threading import Lock

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Rational, S, sqrt
from sympy.core.relational import Relational

import coopgame as cg
from coopgame.catalogue import files
from coopgame.forms.base import Header
from coopgame.forms.level.news import NewsBound
from coopgame.forms.normal.game import NormalGame
from coopgame.language.deciding import decide
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.proofs.questions import feasible
from coopgame.reading.info import Info
from coopgame.solution import Branch
from coopgame.tables.compiled import Compiled, WantedBranch, compile_for
from coopgame.tables.evaluator import Chunk, Program, evaluate, run
from coopgame.tables.exactly import ExactRow
from coopgame.tables.grids import Logs, Steps, axis, grid
from coopgame.tables.logic import GapSign
from coopgame.tables.measures import column_names
from coopgame.tables.operations import UNIT, Bounded, operation
from coopgame.tables.plans import Grid, pieces
from coopgame.tables.points import Points
from coopgame.tables.programs import Builder
from coopgame.tables.sweep import table
from coopgame.tables.tasks import compiled_for
from coopgame.tables.tracks import ABSENT, OUTSIDE, VALUE
from tests.formulas import CONDITIONS, LEAVES, rounded_alike, x, y

SMALL = st.fractions(-2, 2, max_denominator=1000)


# --- operations and the bounds on their rounding errors ----------------------------------------


def combined(children: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    return (
        rounded_alike(children)
        | children.map(lambda e: sympy.exp(-(e**2)))
        | children.map(lambda e: sympy.log(e**2 + 1))
        | children.map(lambda e: (e**2 + 1) ** Rational(1, 3))
        | children.map(lambda e: 1 / e if e != 0 else e)
        | children.map(lambda e: sqrt(sympy.Max(e, 0)))
        | children.map(lambda e: sympy.Piecewise((e, x > y), (e**2, True)))
        | children.map(sympy.floor)
    )


EXPRESSIONS = st.recursive(LEAVES, combined, max_leaves=7)


def chunk_of(ready: Compiled, plan: Grid) -> Chunk:
    (piece,) = pieces(plan, 0, plan.rows, plan.rows)
    return Chunk(Program(ready), plan, piece)


def gap_compiled(expression: sympy.Expr, outer: int = 0) -> Compiled:
    """A program whose only comparison is of the expression with zero."""
    condition = sympy.Gt(expression, 0, evaluate=False)
    return compile_for(["x", "y"], outer, [], [WantedBranch("b", [condition], S.true, {})])


@given(EXPRESSIONS, SMALL, SMALL)
@settings(max_examples=200, deadline=None)
def test_a_computed_value_is_as_close_to_the_truth_as_its_bound_says(
    expression: sympy.Expr, a: Fraction, b: Fraction
) -> None:
    """Against the expression to 60 digits; NaN bounds say nothing."""
    if expression.is_number:
        return
    ready = gap_compiled(expression)
    plan = Grid({"x": axis([Rational(a)]), "y": axis([Rational(b)])})
    with np.errstate(all="ignore"):
        (found,) = chunk_of(ready, plan).take(ready.gaps[0].step)
    value, reach = (float(np.asarray(v).ravel()[0]) for v in (found.value, found.reach))
    if not (np.isfinite(value) and np.isfinite(reach)):
        return
    truth = sympy.N(ready.gaps[0].expression.subs({x: Rational(a), y: Rational(b)}), 60)
    # The truth itself is known to fifty digits.
    near = sympy.Float(10) ** -45 * (1 + abs(truth))
    assert abs(sympy.Float(value, 60) - truth) <= reach + near


@given(EXPRESSIONS, SMALL, SMALL)
@example(sqrt(sympy.Max(0, 1 / x)), Fraction(0), Fraction(0))
@settings(max_examples=100, deadline=None)
def test_a_program_in_fractions_gives_what_sympy_gives(
    expression: sympy.Expr, a: Fraction, b: Fraction
) -> None:
    if expression.is_number:
        return
    ready = gap_compiled(expression)
    row = ExactRow(ready, {"x": Rational(a), "y": Rational(b)})
    found = row.fraction(ready.gaps[0].step)
    try:
        truth = ready.gaps[0].expression.subs({x: Rational(a), y: Rational(b)})
    except ValueError:  # SymPy compares 1/0 with nothing, as in max(0, 1/x) at 0
        truth = sympy.nan
    if found is not None:
        assert truth == Rational(found)
    else:
        odd = (sympy.exp, sympy.log, sympy.Pow, sympy.zoo, sympy.nan)
        assert not truth.is_Rational or expression.has(*odd)


def test_every_operation_has_a_rule_that_bounds_it() -> None:
    """Two random numbers through each operation of one or two arguments, against 40 digits."""
    mpmath.mp.dps = 40
    truths: dict[str, Callable[..., object]] = {
        "add": lambda p, q: p + q, "subtract": lambda p, q: p - q, "multiply": lambda p, q: p * q,
        "divide": lambda p, q: p / q, "negative": lambda p: -p, "root": mpmath.sqrt,
        "exp": mpmath.exp, "log": mpmath.log, "absolute": abs, "maximum": max, "minimum": min,
    }  # fmt: skip
    rng = np.random.default_rng(7)
    for name, truth in truths.items():
        count = truth.__code__.co_argcount if name in list(truths)[:5] else 1
        count = 2 if name in ("maximum", "minimum") else count
        for _ in range(200):
            exact = [mpmath.mpf(int(n)) / 997 for n in rng.integers(1, 5000, count)]
            given_ = [np.array([float(number)]) for number in exact]
            parts = [Bounded(v, v, 1.0) for v in given_]
            value = operation(name).compute(given_, None)
            size, depth = operation(name).rule(value, parts, None)
            off = abs(mpmath.mpf(float(value[0])) - truth(*exact))
            assert off <= depth * UNIT * float(np.asarray(size).ravel()[0]), (name, exact)


def test_what_is_shared_is_computed_once() -> None:
    """(x + y)**2 and sqrt(x + y): the two variables, one sum, one square, one root."""
    builder = Builder(["x", "y"], 0)
    builder.write((x + y) ** 2)
    builder.write(sqrt(x + y))
    found = [step.operation for step in builder.steps]
    assert found == ["variable", "variable", "add", "multiply", "root"]


def test_what_varies_one_way_is_combined_first() -> None:
    """x downwards, y across: x*y*(1 - x)*(1 - y) takes one product over the rectangle."""
    builder = Builder(["x", "y"], 1)
    builder.write(x * y * (1 - x) * (1 - y))
    assert sum(step.extent == 3 for step in builder.steps) == 1


def test_positive_numbers_carry_their_own_bound() -> None:
    """Sums, products and roots of positive numbers need no array for their size."""
    own = [WantedBranch("b", [sympy.sqrt(x * y + x) > 2], S.true, {})]
    ready = compile_for(["x", "y"], 0, [], own, positive=["x", "y"])
    chunk = chunk_of(ready, Grid({"x": grid(0, 1, 5), "y": grid(0, 1, 5)}))
    root = next(i for i, s in enumerate(ready.steps) if s.operation == "root")
    (found,) = chunk.take(root)
    assert found.is_positive


# --- rows --------------------------------------------------------------------------------------


def compiled(texts: list[str], plan: Grid, outcome: sympy.Expr = x * y) -> Compiled:
    conditions = [parse_condition(text, {"x", "y"}) for text in texts]
    branches = [
        WantedBranch(str(i), [c], sympy.true, {"z": outcome}) for i, c in enumerate(conditions)
    ]
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


def test_a_run_that_is_stopped_ends_at_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the threads look at rows one by one, of which a block may have a million.

    Rows take a while here, so that the interrupt is heard long before the last, however busy the
    machine is; and Z3 has run before, which sets up signals anew.
    """
    assert feasible([x > 0, x * y > 1]).exists
    plan = Grid({"x": grid(-1, 1, 3), "y": grid(-1, 1, 2001)})
    ready, looked_at, once = compiled(["x >= y"], plan), list[int](), Lock()

    def exact_row(chunk: Chunk, row: int) -> ExactRow:
        looked_at.append(row)
        if len(looked_at) > 5 and once.acquire(blocking=False):
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.005)
        return ExactRow(ready, plan.point(chunk.piece.start + row))

    monkeypatch.setattr(Chunk, "_exact_row", exact_row)
    monkeypatch.setattr(Chunk, "_sign", lambda *_: GapSign(False, False, False))
    with pytest.raises(KeyboardInterrupt):
        run(ready, plan)
    assert len(looked_at) < plan.rows / 2


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
    payoffs = {
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
    found = table(game, grid)
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


@given(st.integers(2, 70), st.integers(64, 100), st.integers(-3, 3))
@settings(max_examples=4, deadline=None)
def test_pieces_of_all_sizes_are_decided_as_the_rows_are(n: int, m: int, shift: int) -> None:
    """A curved border and a straight one through pieces of one line and of many."""
    difference = x**2 + y**2 - 1 + Rational(shift, 10)
    wanted = [
        WantedBranch("in", [difference <= 0, x >= y], S.true, {"z": sqrt(1 - difference)}),
        WantedBranch("out", [difference > 0], S.true, {"z": x}),
    ]
    plan = Grid({"x": axis(("0", "1", n)), "y": axis(("0", "1", m))})
    inside, outside = evaluate(compile_for(("x", "y"), 1, [], wanted), plan, 0, n * m)
    for row in range(n * m):
        at = {symbol(name): value for name, value in plan.point(row).items()}
        beyond = difference.subs(at) > 0
        assert (outside.status[row] == VALUE) == beyond
        assert (inside.status[row] == VALUE) == (not beyond and at[x] >= at[y])


# --- the catalogue against an oracle -----------------------------------------------------------


def test_a_comparison_with_what_is_no_real_number_does_not_hold() -> None:
    """sqrt(x) is real from x = 0 on: below, neither sqrt(x) < 1 nor sqrt(x) >= 1 holds."""
    plan = Grid({"x": axis([-1, 0, 1]), "y": axis([0])})
    ready = compile_for(("x", "y"), 0, [], [
        WantedBranch("less", [sqrt(x) < 1], S.true, {}),
        WantedBranch("more", [sqrt(x) >= 1], S.true, {}),
        WantedBranch("not less", [sympy.Not(sympy.Lt(sqrt(x), 1), evaluate=False)], S.true, {}),
    ])  # fmt: skip
    held = [(t.status == VALUE).tolist() for t in evaluate(ready, plan, 0, 3)]
    assert held[:2] == [[False, True, False], [False, False, True]]


def test_the_bound_of_the_news_is_that_of_fractions() -> None:
    """Word of mouth and public news, 1 to 30 partners, against `News.exact_bound`."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        count, public = int(rng.integers(1, 31)), int(rng.integers(0, 2))
        nu, q = (Rational(int(rng.integers(1, 21)), 20) for _ in range(2))
        weight = Rational(int(rng.integers(1, 20)), 20)
        exact = float(NewsBound(count, nu, weight, q, public))
        given_ = [np.array([float(v)]) for v in (count, nu, weight, q, public)]
        value = operation("NewsBound").compute(given_, None)
        size, depth = operation("NewsBound").rule(value, [Bounded(v, v, 1.0) for v in given_], None)
        assert abs(value[0] - exact) <= depth * UNIT * size[0]
        assert value[0] == pytest.approx(exact, rel=1e-11)


def oracle(condition: sympy.Basic, names: Sequence[str]) -> Callable[[dict[str, Rational]], bool]:
    """Whether a condition holds, apart from our programs: each comparison to 50 digits by mpmath,
    and by SymPy where these tell nothing."""
    atoms = sorted(condition.atoms(Relational), key=str)
    flags = {atom: sympy.Dummy(f"f{i}") for i, atom in enumerate(atoms)}
    logic = sympy.lambdify(list(flags.values()), condition.xreplace(flags), "math")
    letters = [symbol(name) for name in names]
    gaps = [sympy.lambdify(letters, atom.lhs - atom.rhs, "mpmath") for atom in atoms]

    def holds(point: dict[str, Rational]) -> bool:
        numbers = [mpmath.mpf(int(point[n].p)) / int(point[n].q) for n in names]
        return bool(logic(*(met(a, g, numbers, point) for a, g in zip(atoms, gaps, strict=True))))

    return holds


def met(
    atom: Relational, gap: Callable[..., object], numbers: Sequence[object], point: dict
) -> bool:
    try:
        near = gap(*numbers)
        if isinstance(near, mpmath.mpc) and abs(near.imag) > 1e-30:
            return False
        near = mpmath.re(near)
        if abs(near) > 1e-30 * (1 + sum(map(abs, numbers))):
            return bool(atom.func(sympy.Integer(1 if near > 0 else -1), 0))
    except (ZeroDivisionError, ValueError):
        pass
    return decide(atom.subs({symbol(name): value for name, value in point.items()}))


def randomly(parameter: Parameter, count: int, rng: np.random.Generator) -> np.ndarray:
    """Values inside the interval, half of them coarse, so that many rows lie on borders."""
    interval, usual = parameter.interval, float(parameter.default)
    low = float(interval.lower) if interval.lower.is_finite else min(-2 * usual - 1, -3.0)
    high = float(interval.upper) if interval.upper.is_finite else max(3 * usual, 4.0)
    if interval.integer:
        return rng.integers(int(np.ceil(low)), int(min(high, max(12, 2 * usual))) + 1, count) * 1.0
    drawn = low + rng.random(count) * (high - low)
    drawn[::2] = np.round(drawn[::2] * 16) / 16
    near = usual + (drawn - usual) * 0.3
    drawn[1::4] = near[1::4]
    outside = [not (low <= v <= high) or (v == low and interval.lower_open)
               or (v == high and interval.upper_open) for v in drawn.tolist()]  # fmt: skip
    return np.where(outside, usual, drawn)


def rows_of(name: str, count: int, seed: int) -> Iterator[tuple[Branch, int, bool]]:
    """At random rows of a game's domain: branch, row and whether table and oracle differ."""
    mpmath.mp.dps = 50
    solution, rng = cg.load(name).solve(), np.random.default_rng(seed)
    domain = solution.domain
    values = np.stack([randomly(p, count, rng) for p in domain.parameters], axis=1)
    plan = Points(tuple(domain.names), values)
    tracks = run(compiled_for(solution, plan, {}, column_names([solution], None)), plan)
    inside = oracle(sympy.And(*domain.assumptions), domain.names)
    branches = [(b, oracle(sympy.And(*b.conditions), domain.names)) for b in solution.branches]
    for row in range(count):
        point = plan.point(row)
        if not inside(point):
            assert all(track.status[row] == OUTSIDE for track in tracks), (name, point)
            continue
        for (branch, holds), track in zip(branches, tracks, strict=True):
            yield branch, row, (track.status[row] == VALUE) == holds(point)


@pytest.mark.parametrize("name", files("catalogue"))
def test_statuses_are_those_of_exact_arithmetic(name: str) -> None:
    """A hundred rows of every game of the catalogue."""
    assert [(b.name, row) for b, row, same in rows_of(name, 100, 3) if not same] == []


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", files("catalogue"))
def test_a_million_statuses_are_those_of_exact_arithmetic(name: str) -> None:
    """A million rows over all games of the catalogue."""
    count = -(-(10**6) // len(files("catalogue")))
    assert [(b.name, row) for b, row, same in rows_of(name, count, 11) if not same] == []
