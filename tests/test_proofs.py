"""Feasibility, implication and sign, against pen and paper and against exact evaluation."""

from __future__ import annotations

import random

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.plainer import plainer
from coopgame.proofs.questions import Verdict, feasible, holds, implies, sign

x, y, z, n = sympy.symbols("x y z n", real=True)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([x > 0, x < 0], False),
        ([sympy.Eq(x**2, 2)], True),
        ([sympy.Eq(x**2, -1)], False),
        ([x**2 + y**2 < 1, x + y > sympy.Rational(3, 2)], False),
        ([x**2 + y**2 < 1, x + y > sympy.Rational(7, 5)], True),
        ([sympy.sqrt(x) > x, x > 1], False),
        ([sympy.sqrt(x) > x], True),
        ([sympy.Max(x, y) < sympy.Min(x, y)], False),
        ([sympy.Piecewise((1, x > 0), (-1, True)) > 0, x < 0], False),
        ([1 / x > 0, x < 0], False),
        ([sympy.exp(x) < 0], False),
        ([x**3 > 8, x < 2], False),
    ],
)
def test_feasibility(conditions: list[sympy.Rel], expected: bool) -> None:
    found = feasible(conditions)
    assert found.exists is expected
    if found.witness is not None:
        assert all(holds(condition, found.witness) for condition in conditions)


def test_an_irrational_only_solution_exists_without_a_rational_witness() -> None:
    found = feasible([sympy.Eq(x**2, 2), x > 0])
    assert found.exists is True and found.witness is None


def test_an_example_is_plain_and_off_every_border() -> None:
    """A default first where it is short, else small numbers; the corner of the box is left."""
    u, v = sympy.symbols("u v", real=True)
    usual = Parameter("u", "", "", Interval.parse("[0, oo)"), sympy.Rational(5), "")
    corner = {u: sympy.Rational(0), v: sympy.Rational(1, 7919)}
    goals = [u >= 0, v >= 0, v <= 1, u + v < 6]
    assert plainer(corner, goals, Domain((usual,))) == {u: 5, v: sympy.Rational(1, 2)}


def test_an_example_stays_at_a_corner_where_all_others_fail() -> None:
    u, v = sympy.symbols("u v", real=True)
    only = {u: sympy.Integer(0), v: sympy.Rational(22, 7)}
    goals = [u >= 0, u <= 0, v > 3]
    assert plainer(only, goals, Domain()) == {u: 0, v: 4}


def test_an_example_solves_its_equation_still() -> None:
    """One of those that it is linear in is what the others, plain, make of it."""
    a, b, c = sympy.symbols("a b c", real=True)
    equation = sympy.Eq(a**2 - c * (1 + b), 0)
    point = {a: sympy.Rational(7, 9), b: sympy.Rational(4, 45), c: sympy.Rational(5, 9)}
    found = plainer(point, [equation, a > 0, b > 0, c > 0], Domain())
    assert found[a] == 1 and found[c] == found[a] ** 2 / (1 + found[b])


def test_what_meets_not_all_goals_is_left_as_it_is() -> None:
    u = sympy.Symbol("u", real=True)
    assert plainer({u: sympy.Rational(-9, 7)}, [u > 0], Domain()) == {u: sympy.Rational(-9, 7)}


def test_integers_are_respected() -> None:
    between = [n > 2, n < 3]
    assert feasible(between).exists is True
    assert feasible(between, {n}).exists is not True
    found = feasible([n >= 2, n <= 9, n**2 > 50], {n})
    assert found.witness is not None and found.witness[n] in (8, 9)


def test_a_refuted_implication_names_the_point() -> None:
    proof = implies([x > 0], x > 1)
    assert proof.verdict is Verdict.REFUTED
    assert proof.witness is not None and 0 < proof.witness[x] <= 1


@pytest.mark.parametrize(
    ("expression", "premises", "expected", "strict"),
    [
        (x**2, [], "+", False),
        (x**2 + 1, [], "+", True),
        (-(x**2), [], "-", False),
        (x, [], "?", False),
        (x - x, [], "0", False),
        (x * y, [x > 0, sympy.Eq(y, 0)], "0", False),
        (x / (1 + x), [x > 0], "+", True),
        (sympy.sqrt(x) - x, [x > 0, x < 1], "+", True),
    ],
)
def test_sign(
    expression: sympy.Expr, premises: list[sympy.Rel], expected: str, strict: bool
) -> None:
    found = sign(expression, premises)
    assert (found.sign, found.strict) == (expected, strict)
    for witness in found.witnesses:
        assert all(holds(premise, witness) for premise in premises)


def test_signs_of_logarithms_and_bounds_of_whole_steps_are_known() -> None:
    """log(x) has the sign of x - 1; x <= ceil(x) < x + 1 and x - 1 < floor(x) <= x."""
    x, y = sympy.symbols("x y", real=True)
    assert sign(sympy.log(x) * (y - 1), [x > 1, y > 2]).sign == "+"
    assert sign(sympy.log(x), [x > 0, x < 1]).sign == "-"
    assert feasible([sympy.log(x) > 0, x > 0, x < 1]).exists is False
    assert implies([x > 2], sympy.ceiling(x) >= 2).verdict is Verdict.PROVED
    assert feasible([sympy.Ge(sympy.floor(x), x + 1)]).exists is False
    assert feasible([sympy.Gt(sympy.floor(x), 1), x < 2]).exists is None


def test_what_cannot_be_decided_says_so() -> None:
    """exp is relaxed: exp(x) >= 1 + x is true, but Z3 is not told enough to prove it."""
    assert sign(sympy.exp(x) - 1 - x, []).verdict is Verdict.UNDECIDED


coefficients = st.integers(-3, 3)


@st.composite
def comparisons(draw: st.DrawFn) -> sympy.Rel:
    terms = [1, x, y, x * y, x**2, y**2]
    top = sum(draw(coefficients) * term for term in terms)
    bottom = draw(st.sampled_from([1, 1 + x, x - y, 1 + y**2, x]))
    relation = draw(st.sampled_from([sympy.Gt, sympy.Ge]))
    return relation(sympy.sympify(top) / bottom, 0)


def random_point(generator: random.Random) -> dict[sympy.Symbol, sympy.Rational]:
    return {v: sympy.Rational(generator.randint(1, 30), generator.randint(1, 10)) for v in (x, y)}


@settings(max_examples=60, deadline=None)
@given(comparisons(), st.integers(0, 10**6))
def test_tidying_changes_no_truth_value(condition: sympy.Rel, seed: int) -> None:
    if condition in (sympy.true, sympy.false):
        return
    premises = [x > 0, y > 0, sympy.Ne(x, y)]
    tidied = tidy(condition, premises, [x])
    generator = random.Random(seed)
    for _ in range(8):
        point = random_point(generator)
        if point[x] != point[y]:
            assert holds(condition, point) == holds(sympy.And(tidied), point)


@settings(max_examples=30, deadline=None)
@given(st.lists(comparisons(), min_size=1, max_size=4), st.integers(0, 10**6))
def test_reducing_changes_no_region(conditions: list[sympy.Rel], seed: int) -> None:
    premises = [x > 0, y > 0, sympy.Ne(x, y)]
    real = [c for c in conditions if c not in (sympy.true, sympy.false)]
    kept = reduce(real, premises).conditions
    equalities = {sympy.Eq(c.lhs, c.rhs) for c in real}
    assert set(kept) <= {*real, *equalities, sympy.false}
    generator = random.Random(seed)
    for _ in range(8):
        point = random_point(generator)
        if point[x] != point[y]:
            assert holds(sympy.And(*real), point) == holds(sympy.And(*kept), point)


def test_reduction_keeps_only_what_binds() -> None:
    assert reduce([x > 1, x > 2, x > 0], [y > 0]).conditions == (x > 2,)


def test_a_conclusion_that_is_not_real_somewhere_is_not_proved() -> None:
    """sqrt(x - 1) < 2 fails at x = 0, where there is no such number, and so does log(x) < 2."""
    x = sympy.Symbol("x", real=True)
    assert implies([x < 5], sympy.sqrt(x - 1) < 2).verdict is Verdict.REFUTED
    assert implies([x >= 1, x < 5], sympy.sqrt(x - 1) < 2).verdict is Verdict.PROVED
    either = sympy.Or(sympy.sqrt(x - 1) < 2, x < 1)
    assert implies([x < 5], either).verdict is Verdict.PROVED
    piece = sympy.Piecewise((sympy.sqrt(x - 1), x >= 1), (0, True))
    assert implies([x < 5], piece < 2).verdict is Verdict.PROVED
    piece = sympy.Piecewise((sympy.sqrt(x - 1), x >= 0), (0, True))
    assert implies([x < 5], piece < 2).verdict is Verdict.REFUTED
