"""The compiled loop: the same statuses and the same numbers, to the last bit, as NumPy's."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import S

import coopgame as cg
from coopgame.draws import Draws
from coopgame.engine.compiled import Compiled, Wanted, compile_for
from coopgame.engine.fused import Fused, fused
from coopgame.engine.kernel import KINDS, Op
from coopgame.engine.routines import Register, Writer, straight
from coopgame.engine.tracks import STATUSES, VALUE, Track, columns
from coopgame.engine.whole import run
from coopgame.errors import MissingExtra
from coopgame.grids import grid
from coopgame.language.expressions import parse_condition
from coopgame.plans import Grid, Plan, Sample
from coopgame.tasks import Request, prepare
from tests.formulas import CONDITIONS, LEAVES, rounded_alike, x, y

NAMES = ("x", "y")

MORE = [
    "ceil(3*y) < 2*x",
    "max(x - y, y - x) < min(x, 1/3)",
    "x < 3/10",
    "1 < 0",
    "0 < 1",
]
ATOMS = st.sampled_from([*CONDITIONS, *MORE]).map(lambda text: parse_condition(text, set(NAMES)))
TREES = st.recursive(
    ATOMS,
    lambda parts: (
        st.tuples(parts, parts).map(lambda p: sympy.And(*p))
        | st.tuples(parts, parts).map(lambda p: sympy.Or(*p))
        | parts.map(sympy.Not)
    ),
    max_leaves=4,
)

EXPRESSIONS = st.recursive(
    LEAVES,
    lambda parts: (
        rounded_alike(parts)
        | st.tuples(parts, parts).map(lambda p: sympy.Piecewise((p[0], x > y), (p[1], True)))
        | parts.map(sympy.floor)
        | parts.map(sympy.ceiling)
        | parts.map(lambda e: 1 / e if e != 0 else e)
    ),
    max_leaves=6,
)

GRID = Grid({"x": grid(-1, 1, 41), "y": grid("-1.05", "1.95", 241)})
DRAWN = Sample(Draws("sobol", 3000), {"x": (S(-1), S(1)), "y": (S(-1), S(2))})


def compiled(
    plan: Plan, branches: Sequence[tuple[sympy.Basic, sympy.Basic, sympy.Expr]], domain: Sequence
) -> Compiled:
    wanted = [
        Wanted(str(k), [exists], selected, {"z": outcome, "twice": 2 * outcome})
        for k, (exists, selected, outcome) in enumerate(branches)
    ]
    return compile_for(plan.names, plan.outer, domain, wanted)


def assert_same(one: Sequence[Track], other: Sequence[Track]) -> None:
    for left, right in zip(one, other, strict=True):
        assert left.branch == right.branch
        assert left.status.tobytes() == right.status.tobytes()
        valued = left.status == VALUE
        for name, numbers in left.outcomes.items():
            assert np.array_equal(numbers[valued], right.outcomes[name][valued]), name


@pytest.mark.parametrize("plan", [GRID, DRAWN], ids=["grid", "draws"])
@given(
    st.lists(st.tuples(TREES, ATOMS, EXPRESSIONS), min_size=1, max_size=4),
    st.lists(ATOMS, max_size=1),
)
@settings(max_examples=60, deadline=None)
def test_the_loop_finds_what_numpy_finds(plan: Plan, branches: list, domain: list) -> None:
    """Grids of steps of 1/20 and 1/80 are full of ties; draws have none."""
    ready = compiled(plan, branches, domain)
    assert fused(ready, map, 1) is not None
    assert_same(run(ready, plan), run(ready, plan, fused=True))


@pytest.mark.parametrize("name", ["relation", "hawk_dove", "association_threshold", "monitoring"])
def test_a_catalogue_game_is_the_same_both_ways(name: str) -> None:
    game = cg.load(name)
    domain = game.solve().domain
    first, *_, last = [p for p in domain.parameters if not p.interval.integer]
    ends = {p.name: _ends(p) for p in (first, last)}
    requests = (
        Request({n: (low, high, 150) for n, (low, high) in ends.items()}),
        Request({first.name: [*map(str, np.linspace(*map(float, ends[first.name]), 90))]}),
        Request(ends, draws=Draws("latin", 2000)),
    )
    for request in requests:
        (task,) = prepare(game, request)
        one, other = (run(task.compiled, task.plan, fused=way) for way in (False, True))
        assert any((track.status == VALUE).any() for track in one)
        assert_same(one, other)


def _ends(parameter: cg.Parameter) -> tuple[str, str]:
    """A fifth about the default, inside the interval."""
    value = float(parameter.default)
    return f"{value * 0.8:.4f}", f"{value * 1.2 + 0.01:.4f}"


def test_rows_on_a_border_are_left_to_exact_arithmetic() -> None:
    """On the line x = y floating point tells nothing: the cells that it crosses are left."""
    plan = Grid({"x": grid(0, 1, 401), "y": grid(0, 1, 401)})
    ready = compiled(plan, [(parse_condition("x >= y", set(NAMES)), sympy.true, x)], [])
    left: list[int] = []
    own = Fused.__call__

    class Counted(Fused):
        def __call__(self, *given):  # type: ignore[no-untyped-def]
            found = own(self, *given)
            left.append(int(found.sum()))
            assert not found.all()
            return found

    loop = Counted(ready, map, 3)
    tracks = run_with(ready, plan, loop)
    held = tracks[0].status.reshape(401, 401) == VALUE
    assert (held == np.tri(401, dtype=bool)).all()
    assert sum(left) > 0


def run_with(ready: Compiled, plan: Plan, loop: Fused) -> tuple[Track, ...]:
    from coopgame.engine.blocks import fill
    from coopgame.engine.running import Runner
    from coopgame.engine.tracks import blank

    sheet = blank(ready, plan.rows)
    fill(Runner(ready.steps), plan, (0, plan.rows), sheet, loop)
    return sheet.tracks


@pytest.mark.parametrize("shares", [1, 2, 5, 64])
def test_the_result_does_not_depend_on_the_number_of_shares(shares: int) -> None:
    for plan in (GRID, DRAWN):
        conditions = [parse_condition(text, set(NAMES)) for text in (*CONDITIONS, *MORE)]
        ready = compiled(plan, [(c, sympy.true, x / (y + 3)) for c in conditions], [])
        assert_same(run(ready, plan), run_with(ready, plan, Fused(ready, map, shares)))


@given(st.lists(st.tuples(TREES, ATOMS, EXPRESSIONS), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_no_instruction_overwrites_what_it_reads(branches: list) -> None:
    ready = compiled(GRID, branches, [])
    writer = Writer(ready, straight(ready))
    for k, branch in enumerate(ready.alternatives):
        writer.status(k, ready.domain, branch.exists, branch.selected)
    for (k, step), column in columns(ready).items():
        writer.store(column, k, step)
    routine, draft = writer.routine(), writer.draft
    for line, (op, out, operands) in zip(routine.code, draft, strict=True):
        if isinstance(out, Register) and op < Op.SIGN:
            pairs = zip(line[2:], operands, strict=False)
            read = [place // KINDS for place, a in pairs if isinstance(a, Register)]
            assert line.out not in read
            assert max([line.out, *read]) < routine.numbers


def test_what_no_instruction_does_is_left_to_numpy() -> None:
    """Powers of e differ in the last bit from one library to another."""
    ready = compiled(GRID, [(x > y, sympy.true, sympy.exp(x * y))], [])
    assert fused(ready, map, 1) is None
    assert_same(run(ready, GRID), run(ready, GRID, fused=True))


def test_a_number_that_is_not_finite_is_found_exactly() -> None:
    """(x**2 - x*y)/(x - y) is x but at x = y, where it has no value at all."""
    outcome = 1 / (1 / (x - y))
    hidden = sympy.Mul(x, 1 / sympy.Pow(y - x, 2, evaluate=False), evaluate=False)
    ready = compiled(
        GRID, [(sympy.true, sympy.true, hidden), (sympy.true, sympy.true, outcome)], []
    )
    one, other = run(ready, GRID), run(ready, GRID, fused=True)
    assert_same(one, other)
    assert {STATUSES[code] for code in np.unique(other[0].status)} == {"value", "undecided"}


def test_a_table_can_be_asked_for_in_one_loop() -> None:
    game = cg.load("relation")
    vary = {"h": ("0", "0.6", 61), "u": ("0", "0.3", 31)}
    plain, looped = cg.table(game, vary), cg.table(game, vary, fused=True)
    assert list(plain.rows()) == list(looped.rows())


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(MissingExtra, match=r"Numba is not installed: pip install numba"):
        cg.table(cg.load("inspection"), {"e": [1, 2]}, fused=True)


# --- what takes no space -----------------------------------------------------------------------


def test_a_branch_that_exists_nowhere_takes_no_space() -> None:
    for way in (False, True):
        ready = compiled(GRID, [(sympy.false, sympy.true, x), (x > y, sympy.true, y)], [])
        absent, present = run(ready, GRID, fused=way)
        assert absent.status.strides == (0,) and present.status.strides == (1,)
        assert {STATUSES[code] for code in absent.status} == {"no such equilibrium"}


def test_outcomes_without_a_form_in_floating_point_are_told_apart() -> None:
    """Two branches of exact numbers: the one must not be taken for the other."""
    plan = Grid({"x": grid(1, 3, 3), "y": grid(1, 2, 2)})
    gamma, zeta = sympy.gamma(x), sympy.loggamma(x + 1)
    wanted = [Wanted("a", [sympy.true], sympy.true, {"gamma": gamma, "log": zeta})]
    ready = compile_for(plan.names, plan.outer, [], wanted)
    (track,) = run(ready, plan)
    assert track.outcomes["gamma"].tolist() == [1, 1, 1, 1, 2, 2]
    assert track.outcomes["log"].tolist() == pytest.approx(np.log([1, 1, 2, 2, 6, 6]).tolist())
    assert Fraction(int(track.outcomes["gamma"][4])) == 2
