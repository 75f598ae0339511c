"""Ties between unequal sides, with transfers and without: pen and paper, brute force, payoffs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgame
from coopgame import catalogue
from coopgame.comparative.signs import statics
from coopgame.errors import InputError
from coopgame.forms.level.game import LevelGame
from coopgame.forms.tie.game import TieGame
from coopgame.proofs.questions import feasible
from coopgame.solution import Solution

SIDES = ("s", "l")
STEPS = 60
PLAIN = {"rho_s": 0, "rho_l": 0, "q": 1, "delta": "3/5", "h": 0, "x_s": 0, "x_l": 0}


def load(place: str) -> TieGame:
    found = catalogue.load_game(place)
    assert isinstance(found, TieGame)
    return found


@pytest.fixture(scope="module")
def games(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TieGame]:
    """The tie of the catalogue, and the same where nothing can be paid across."""
    text = catalogue.find("tie", "catalogue").read_text(encoding="utf-8")
    text = text.replace('transfers = "yes"\nshare = "s"\n', 'transfers = "no"\n')
    text = "\n".join(line for line in text.splitlines() if not line.startswith("s = {"))
    text = text[: text.index("[[expected]]")].replace('"constrained"', '"full"')
    path = tmp_path_factory.mktemp("ties") / "alone.toml"
    path.write_text(text, encoding="utf-8")
    return {"pooled": load("tie"), "alone": load(str(path))}


# The tie where nothing can be paid across takes long to solve: only slow tests do. The others have
# the catalogue's `tie_no_transfers` for it, which is the same at the values of PLAIN and c = 1.
EACH = ["pooled", pytest.param("alone", marks=pytest.mark.slow)]


@pytest.fixture
def solution(games: dict[str, TieGame], name: str) -> Solution:
    return games[name].solve()


@pytest.fixture(scope="module")
def pooled(games: dict[str, TieGame]) -> Solution:
    return games["pooled"].solve()


@pytest.fixture(scope="module")
def simple() -> Solution:
    return load("tie_no_transfers").solve()


def fractions(low: int, high: int, parts: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda i: Fraction(i, parts))


POINTS = st.fixed_dictionaries(
    {
        "b_s": fractions(0, 20, 10),
        "b_l": fractions(0, 20, 10),
        "c_s": fractions(1, 20, 10),
        "c_l": fractions(1, 20, 10),
        "rho_s": fractions(0, 3, 10),
        "rho_l": fractions(0, 3, 10),
        "u_s": fractions(0, 6, 20),
        "u_l": fractions(0, 6, 20),
        "q": fractions(3, 10, 10),
        "delta": fractions(8, 19, 20),
        "h": fractions(0, 3, 10),
        "x_s": fractions(0, 1, 10),
        "x_l": fractions(0, 1, 10),
    }
)


def excess(p: dict[str, Fraction], side: str, a: Fraction) -> Fraction:
    """F of one side, from the words."""
    weight = p["delta"] * (1 - p["h"]) * (1 - p["x_s"]) * (1 - p["x_l"])
    b, c, rho, u = (p[f"{name}_{side}"] for name in ("b", "c", "rho", "u"))
    worth = b * a - c * a * a / 2 - u
    return (1 - weight) * (c * a * a / 2 + rho * a) - p["q"] * weight * worth


def check(solution: Solution, p: dict[str, Fraction], pooled: bool) -> None:
    """The grid levels that enforce themselves are exactly those of the solution's interval."""
    branches = solution.at(**p).branches
    assert branches
    assert len({branch.outcomes["level"] for branch in branches}) == 1
    branch = branches[0]
    top = max(Fraction(0), min(Fraction(1), (p["b_s"] + p["b_l"]) / (p["c_s"] + p["c_l"])))
    level = branch.outcomes["level"]
    low = branch.outcomes.get("tipping_point", sympy.oo)
    assert level <= sympy.Rational(top)
    for i in range(1, STEPS + 1):
        a = top * Fraction(i, STEPS)
        values = [excess(p, side, a) for side in SIDES]
        holds = sum(values) <= 0 if pooled else max(values) <= 0
        inside = bool(low <= sympy.Rational(a)) and bool(sympy.Rational(a) <= level)
        assert a == 0 or inside == holds


FEW = settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@FEW
@given(p=POINTS)
def test_ties_agree_with_brute_force(pooled: Solution, p: dict[str, Fraction]) -> None:
    check(pooled, p, pooled=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pooled", "alone"])
@settings(FEW, max_examples=100)
@given(p=POINTS)
def test_many_more_ties(solution: Solution, name: str, p: dict[str, Fraction]) -> None:
    check(solution, p, name == "pooled")


def test_transfers_sustain_what_the_sides_cannot(pooled: Solution, simple: Solution) -> None:
    """D = 3/5, c = 1, q = 1, rho = 0. The small firm (b = 1/5, u = 0) keeps levels up to
    2*b*D/c = 6/25; the large one (b = 3/2, u = 2/5) those from 9/10 - sqrt(33)/10 = 0.3255.
    Pooled: F = a**2 - 3/5*(17/10*a - 2/5), which is zero at (1.02 +- sqrt(0.0804))/2.
    """
    at = {**PLAIN, "b_s": "1/5", "b_l": "3/2", "c_s": 1, "c_l": 1, "u_s": 0, "u_l": "2/5"}
    alone = simple.at(**{name: value for name, value in at.items() if name in simple.domain.names})
    assert [branch.name for branch in alone.branches] == ["none"]
    (branch,) = pooled.at(**at).branches
    assert branch.name == "constrained"
    root = sympy.sqrt(sympy.Rational("0.0804"))
    assert (branch.outcomes["level"] - (sympy.Rational("1.02") + root) / 2).equals(0)
    assert branch.outcomes["transfer"] > 0


def test_transfers_never_hurt(games: dict[str, TieGame]) -> None:
    """Proved: whatever level both sides keep on their own, they keep together."""
    game = games["alone"]
    both = [side.excess <= 0 for side in game.sides.values()]
    premises = [*game.header.domain.constraints, *both]
    assert feasible([*premises, game.pooled.excess > 0]).exists is False


def test_each_side_gets_what_keeps_it_and_its_share(pooled: Solution) -> None:
    """pi_1 + pi_2 is shared out; at the bound of the constraint nothing is left to share."""
    for share in (0, "1/4", 1):
        (branch,) = pooled.at(s=share).branches
        total = sum(branch.payoffs.values())
        assert (total - branch.outcomes["joint_payoff"]).equals(0)
        assert branch.name == "constrained"
    richer = {"delta": "99/100", "q": 1}
    (poor,) = pooled.at(s=0, **richer).branches
    (rich,) = pooled.at(s=1, **richer).branches
    assert rich.payoffs["small_firm"] > poor.payoffs["small_firm"]
    assert rich.outcomes["joint_payoff"] == poor.outcomes["joint_payoff"]


@pytest.mark.parametrize("name", EACH)
def test_equal_sides_are_the_symmetric_relation(solution: Solution, name: str) -> None:
    """Two equal sides, pooled or not, are the game `relation`."""
    relation = catalogue.load_game("relation")
    assert isinstance(relation, LevelGame)
    (symmetric,) = relation.solve().at(tau=0, k=0, m=0, spill=0, x=0).branches
    at = {
        f"{name}_{side}": relation.header.domain.defaults[name]
        for name in ("b", "c", "rho", "u")
        for side in SIDES
    } | {name: relation.header.domain.defaults[name] for name in ("q", "delta", "h")}
    for branch in solution.at(**at, x_s=0, x_l=0).branches:
        for outcome in ("level", "tipping_point"):
            assert (branch.outcomes[outcome] - symmetric.outcomes[outcome]).equals(0)


def test_where_both_sides_bind_both_branches_hold_with_one_level(simple: Solution) -> None:
    at = {"delta": "3/5", "h": 0, "x_l": 0, "b_s": 1, "b_l": 1, "u_s": "1/5", "u_l": "1/5"}
    branches = simple.at(**at).branches
    assert {b.name for b in branches} == {"constrained_small_firm", "constrained_large_firm"}
    assert len({b.outcomes["level"] for b in branches}) == 1


def test_the_unshared_tie_leaves_no_gap(pooled: Solution) -> None:
    """Proved: at no point of the domain do all branches fail."""
    outside = [sympy.Not(sympy.And(*branch.conditions)) for branch in pooled.branches]
    assert feasible([*pooled.domain.constraints, *outside]).exists is False


def test_faults_of_a_tie_are_reported_together(tmp_path: Path) -> None:
    text = catalogue.find("tie", "catalogue").read_text(encoding="utf-8")
    text = text.replace('transfers = "yes"', 'transfers = "perhaps"')
    text = text.replace("[tie.sides.large_firm]", "[tie.sides.large_firm]\nwhim = 1")
    text = text.replace('detection = "q"', 'detection = "2*q"')
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_game(str(path))
    places = {fault.place for fault in caught.value.faults}
    assert {"tie.transfers", "tie.sides.large_firm.whim"} <= places


def test_a_footloose_buyer_undoes_it_and_taking_over_steps_restores_it() -> None:
    """The satellite: lower wages elsewhere lower the level (proved); steps taken over raise it."""
    game = load("satellite")
    row = statics(game, outcomes=["level"], branches=["all"]).row("level", "w")
    assert (row.sign, row.verdict.value) == ("-", "proved")
    solution = game.solve()
    names = [solution.at(n=n).branches[0].name for n in (0, "1/5", "1/2")]
    assert names == ["none", "constrained", "full"]
    assert solution.at(n="1/5", w="9/20").branches[0].name == "none"


def test_of_two_sides_bounds_only_the_stricter_is_told() -> None:
    """Both sides earn a; F_1 = (1-D)*a**2/3 - D*a and F_2 = (1-D)*a**2/2 - D*a.

    F_1(1) <= 0 asks for 4*D >= 1 and F_2(1) <= 0 for 3*D >= 1, which says more. Below that the
    level is the root 2*D/(1-D) of F_2; that of F_1, 3*D/(1-D), lies above it for every D.
    """
    sides = {
        name: {"payoff": "a", "gain": gain} for name, gain in (("x", "a**2/3"), ("y", "a**2/2"))
    }
    tie = {"discount": "D", "transfers": "no", "sides": sides}
    game = coopgame.game("tie", tie=tie, parameters={"D": "(0, 1)"})
    found = game.solve()
    D = found.symbols("D")
    assert {name: branch.conditions for name, branch in found.items()} == {
        "constrained_y": (3 * D < 1,),
        "full": (3 * D >= 1,),
    }
    assert sympy.simplify(found["constrained_y"].outcomes["level"] - 2 * D / (1 - D)) == 0
