"""Solutions: points, thresholds and exact decisions, on hand-made branches."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import coopgame as cg
from coopgame.cache import Store, kept
from coopgame.clock import until
from coopgame.errors import InputError
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.language.roots import ImplicitRoot
from coopgame.reading.info import Info
from coopgame.solution import Branch, Provenance, Solution

d, g, h = map(symbol, ("d", "g", "h"))


def parameter(name: str, interval: str, default: str) -> Parameter:
    return Parameter(name, "", "", Interval.parse(interval), sympy.Rational(default), "")


DOMAIN = Domain(
    (
        parameter("d", "(0, 1)", "9/10"),
        parameter("g", "(0, oo)", "1/2"),
        parameter("h", "[0, 1)", "0"),
    )
)


def solution(*conditions: sympy.Rel) -> Solution:
    branch = Branch("coop", "automaton", "Nash", {}, {"one": g * 2}, {"c": g}, tuple(conditions))
    return Solution(Info("hand-made", "", "", ""), DOMAIN, (branch,), "coop", Provenance("by hand"))


def test_a_linear_threshold_is_a_closed_form() -> None:
    """d*(1-h)*(1+g) >= g, so d >= g/((1-h)*(1+g)); and h <= 1 - g/(d*(1+g))."""
    found = solution(d * (1 - h) * (1 + g) >= g)
    assert sympy.simplify(found.threshold("d") - g / ((1 - h) * (1 + g))) == 0
    assert sympy.simplify(found.threshold("h") - (1 - g / (d * (1 + g)))) == 0


def test_several_bounds_on_one_side_join() -> None:
    found = solution(d >= g, d >= h)
    assert found.threshold("d") == sympy.Max(g, h)


def test_a_branch_between_two_values_has_bounds_and_no_threshold() -> None:
    found = solution(d >= g / 2, d <= g)
    assert found.bounds("d") == (g / 2, g)
    with pytest.raises(InputError, match="between two values"):
        found.threshold("d")


def test_a_quadratic_threshold_takes_the_root_that_is_crossed_upward() -> None:
    """d + d**2 >= g: the positive root (sqrt(1+4g)-1)/2."""
    found = solution(d + d**2 >= g).threshold("d")
    assert sympy.simplify(found - (sympy.sqrt(1 + 4 * g) - 1) / 2) == 0


def test_beyond_degree_two_the_root_stays_implicit_and_evaluates() -> None:
    """d + d**2 + d**3 >= 1 first holds at 0.543689 (models.md: g=1, k=3)."""
    found = solution(d + d**2 + d**3 >= g).threshold("d")
    assert found.has(ImplicitRoot)
    root = found.subs({g: 1, d: sympy.Rational(1, 2)})
    assert abs(sympy.N(root, 20) - sympy.Rational("0.543689")) < sympy.Rational(1, 10**6)


def test_a_parameter_without_effect_has_no_threshold() -> None:
    with pytest.raises(InputError, match="does not depend on h"):
        solution(d >= g).threshold("h")


def test_a_point_keeps_the_branches_whose_conditions_hold() -> None:
    found = solution(d >= g)
    assert [b.name for b in found.at(d="1/2", g=0.5).branches] == ["coop"]
    assert found.at(d="0.49").branches == ()
    assert found.at(g="1/4").branches[0].payoffs == {"one": sympy.Rational(1, 2)}


def test_a_point_outside_the_domain_is_refused() -> None:
    with pytest.raises(InputError, match="outside"):
        solution(d >= g).at(d=1)
    with pytest.raises(InputError, match="unknown parameter 'z'"):
        solution(d >= g).at(z=1)


@given(st.integers(1, 40), st.integers(1, 40))
def test_surds_are_decided_exactly(a: int, b: int) -> None:
    """(sqrt(a) + sqrt(b))**2 equals a + b + 2*sqrt(ab), however close floats come."""
    left = (sympy.sqrt(a) + sympy.sqrt(b)) ** 2
    right = a + b + 2 * sympy.sqrt(a * b)
    nearly = right + sympy.Rational(1, 10**30)
    assert decide(sympy.Ge(left, right)) and decide(sympy.Le(left, right))
    assert not decide(sympy.Gt(left, right))
    assert not decide(sympy.Ge(left, nearly))
    assert decide(sympy.Lt(left, nearly))


def test_what_time_runs_out_for_is_counted_and_named(tmp_path: Path) -> None:
    with kept(Store(tmp_path)), until(0):  # an answer kept before would be there in time
        found = cg.load("inspection").solve()
    assert not found.branches
    assert found.provenance.late
    assert "time ran out" in found.provenance.left_out[0]
