"""Conditions as they are printed: none that says nothing, none twice, none that contradicts."""

from __future__ import annotations

import pytest
import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame import catalogue
from coopgame.forms.base import readable
from coopgame.language.comparisons import gap
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import to_text
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.plainer import plainer
from coopgame.proofs.questions import QUICK, Verdict, feasible, implies, is_redundant, sign
from coopgame.solution import Branch

v, w = sympy.symbols("v w", real=True)


@pytest.mark.parametrize(
    ("conditions", "premises", "expected"),
    [
        ([v >= 2, v <= 2], [], (sympy.Eq(v, 2),)),
        ([v <= 2], [v >= 2], (sympy.Eq(v, 2),)),
        ([w >= v, v >= w], [], (sympy.Eq(v, w),)),
        ([2 * v >= 4, 3 * v <= 6], [], (sympy.Eq(2 * v, 4),)),
        ([v > 2, v < 2], [], (sympy.false,)),
        ([v > 3], [v < 2], (sympy.false,)),
        ([v > 3, v > 2, v > 1], [v < 9], (v > 3,)),
        ([v > 0], [v > 1], ()),
    ],
)
def test_conditions_are_reduced_to_what_they_say(
    conditions: list[Boolean], premises: list[Boolean], expected: tuple[Boolean, ...]
) -> None:
    found = reduce(conditions, premises).conditions
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert is_redundant(one, [*premises, other]) and is_redundant(other, [*premises, one])
        assert isinstance(one, type(other))


def test_roots_and_exponentials_are_cleared_like_symbols() -> None:
    """(D*b)**(3/2)/3 - D*b*sqrt(D*b) + D*u = D*(u - 2*b*sqrt(D*b)/3), and D is positive."""
    b, u, d = sympy.symbols("b u d", real=True)
    premises = [b > 0, u >= 0, d > 0]
    excess = d * u + (d * b) ** sympy.Rational(3, 2) / 3 - d * b * sympy.sqrt(d * b)
    assert tidy(excess <= 0, premises, [d]) == (3 * u <= 2 * b * sympy.sqrt(b * d))
    halved = (u * sympy.exp(-b) - sympy.exp(-b)) / (1 + sympy.exp(b)) >= 0
    assert tidy(halved, premises, [u]) == (u >= 1)


def test_a_root_that_is_imaginary_somewhere_is_not_cleared_away() -> None:
    """Where v < 0 the comparison does not hold, which v + w >= 1 alone would not say."""
    condition = sympy.Ge((v + w - 1) * (1 + sympy.sqrt(v)), 0)
    assert tidy(condition, [], [w]) == condition
    assert tidy(condition, [v >= 0], [w]) == (w >= 1 - v)


SOME = ["inspection", "trust", "learning", "hawk_dove", "association"]
REST = sorted(set(catalogue.files("catalogue")) - set(SOME))


@pytest.mark.parametrize("name", SOME)
def test_the_conditions_of_a_game_say_something_each(name: str) -> None:
    look_at_conditions(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", REST)
def test_the_conditions_of_every_game_say_something_each(name: str) -> None:
    look_at_conditions(name)


def look_at_conditions(name: str) -> None:
    """Each is open over the domain, and none follows from the others; nothing is uncancelled."""
    solution = catalogue.load_game(name).solve()
    domain = solution.domain
    for branch in solution.branches:
        for condition in branch.conditions:
            assert condition not in (sympy.true, sympy.false)
            assert condition.free_symbols, f"{branch.name}: {condition} is a constant"
            others = [c for c in branch.conditions if c is not condition]
            compared = [c for c in others if isinstance(c, Relational)]
            known = [*domain.constraints, *others]
            assert is_redundant(condition, known, domain.integers, QUICK) is not True, (
                f"{branch.name}: {to_text(condition)} follows from the rest"
            )
            assert parse_condition(to_text(condition), domain.names) == condition
            if isinstance(condition, sympy.Ge | sympy.Le):
                assert not any(sympy.expand(gap(c) + gap(condition)) == 0 for c in compared)
        region = [*domain.constraints, *branch.conditions]
        assert feasible(region, domain.integers, QUICK).exists is not False


def test_a_bound_cleared_of_its_factors_is_seen_to_meet_the_end_of_an_interval() -> None:
    """s*(1 - q) <= 0 with s >= 1 and q <= 1 leaves q = 1."""
    unit = Interval(sympy.S.Zero, sympy.S.One, True, False)
    size = Interval(sympy.S.One, sympy.Integer(4), False, False)
    q = Parameter("q", "m", "u", unit, sympy.S.One, "")
    s = Parameter("s", "m", "u", size, sympy.S.One, "")
    branch = Branch("b", "t", "t", {}, {}, {}, (s.symbol * (1 - q.symbol) <= 0,))
    told, _ = readable(branch, Domain((q, s)))
    assert told.conditions == (sympy.Eq(q.symbol, 1),)


@pytest.mark.parametrize(
    ("premises", "conclusion", "verdict"),
    [
        # At v = 0 there is no 1/v, so that it is not positive there; nor is it its opposite.
        ([v >= 0], 1 / v > 0, Verdict.REFUTED),
        ([v > 0], 1 / v > 0, Verdict.PROVED),
        ([v >= 0], sympy.And(v >= 0, 1 / v > 0), Verdict.REFUTED),
        ([v >= 0], sympy.Or(1 / v > 0, sympy.Eq(v, 0)), Verdict.PROVED),
        ([v >= 1, w >= 0], w / (v * (v - 1)) >= 0, Verdict.REFUTED),
        ([v >= 1, w >= 0], w / (v * (v + 1)) >= 0, Verdict.PROVED),
    ],
)
def test_a_comparison_does_not_hold_where_it_divides_by_zero(
    premises: list[Boolean], conclusion: Boolean, verdict: Verdict
) -> None:
    assert implies(premises, conclusion).verdict is verdict


def test_what_is_no_real_number_somewhere_has_no_sign_there() -> None:
    """sqrt(v) and log(1 + v)**2 are nowhere negative, but not real for v < 0 and for v < -1."""
    assert sign(sympy.sqrt(v), [v >= 0]).sign == "+"
    assert sign(sympy.sqrt(v), [v >= -1]).verdict is Verdict.UNDECIDED
    assert sign(1 / sympy.sqrt(v), [v >= 0]).sign == "+"
    assert sign(sympy.log(1 + v) ** 2, [v >= 1]).sign == "+"
    assert sign(sympy.log(1 + v) ** 2, [v >= -3]).verdict is Verdict.UNDECIDED
    piece = sympy.Piecewise((sympy.sqrt(v), v >= 0), (1, True))
    assert sign(piece, [v >= -1]).sign == "+"


def test_the_root_of_a_square_is_written_so_that_it_can_be_read_back() -> None:
    size = sympy.sqrt(v**2)
    assert to_text(size) == "max(-v, v)"
    assert parse(to_text(3 * size + w), ["v", "w"]).subs({v: -2, w: 1}) == 7


def test_a_comparison_whose_sides_are_equal_in_disguise() -> None:
    """x*(x + 1) - x**2 - x is zero, which no factoring takes."""
    hidden = v * (v + 1) - v**2 - v
    assert tidy(sympy.Ge(hidden, 0, evaluate=False), []) == sympy.true
    assert tidy(sympy.Gt(hidden, 0, evaluate=False), []) == sympy.false


def test_an_example_of_what_holds_without_letters() -> None:
    """There is nothing to draw: a game of numbers holds at the one point that it is."""
    assert plainer({}, [sympy.Gt(1, 0, evaluate=False)], Domain()) == {}
