"""Relations with a level: pen and paper, exact brute force, collapse and return."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.comparative.signs import statics
from coopgame.errors import InputError
from coopgame.forms.level.game import LevelGame
from coopgame.language.printing import symbol
from coopgame.proofs.questions import feasible
from coopgame.solution import Branch, Solution

NAMES = ("b", "c", "rho", "spill", "tau", "k", "m", "q", "u", "delta", "h", "x", "t0")
PLAIN = {name: Fraction(0) for name in NAMES} | {
    "b": Fraction(1),
    "c": Fraction(1),
    "q": Fraction(1),
    "delta": Fraction(3, 5),
    "t0": Fraction(1, 4),
}


@pytest.fixture(scope="module")
def game() -> LevelGame:
    found = catalogue.load_game("relation")
    assert isinstance(found, LevelGame)
    return found


@pytest.fixture(scope="module")
def solution(game: LevelGame) -> Solution:
    return game.solve()


def one(solution: Solution, **changes: object) -> Branch:
    """The only equilibrium at the plain point (b = c = q = 1, delta = 3/5, the rest 0), changed."""
    (branch,) = solution.at(**{**PLAIN, **changes}).branches
    return branch


def number(expression: sympy.Expr, at: dict[str, Fraction] | None = None) -> float:
    point = {symbol(k): sympy.Rational(v) for k, v in (at or {}).items()}
    return float(sympy.N(expression.subs(point), 30))


# --- pen and paper -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "level", "tipping_point"),
    [
        ({"u": "1/5"}, 0.946410, 0.253590),
        ({"u": "3/10"}, 0.6, 0.6),
        ({"k": "1/10", "u": "1/10"}, 0.946410, 0.253590),
        ({"m": "1/5"}, 0.946410, 0.253590),
        ({"u": 0, "delta": "3/10"}, 0.6, 0.0),
    ],
)
def test_level_without_leakage(
    solution: Solution, changes: dict[str, object], level: float, tipping_point: float
) -> None:
    """With rho = 0 and q = 1, F(a) = c*a**2/2 - b*D*a + D*X, X the drag k + m*q + u.

    Hence a = (b*D +- sqrt(D*(b**2*D - 2*c*X)))/c: at b = c = 1, D = 3/5 this is
    3/5 +- sqrt(9/25 - 6*X/5), 3/5 +- sqrt(3)/5 at X = 1/5; the roots meet at X = 3/10.
    """
    found = one(solution, **changes)
    assert found.name == "constrained"
    assert number(found.outcomes["level"]) == pytest.approx(level, abs=1e-6)
    assert number(found.outcomes["tipping_point"]) == pytest.approx(tipping_point, abs=1e-6)


def test_levels_are_a_continuum(solution: Solution) -> None:
    found = one(solution, u="1/5")
    assert found.strategies["self_enforcing"] == (
        found.outcomes["tipping_point"],
        found.outcomes["level"],
    )
    assert "continuum" in found.note


def test_collapse_at_full_cooperation(solution: Solution) -> None:
    """b = 10, c = 1, drag 8: F(1) = (1-D)/2 - D*(10 - 1/2 - 8) = 1/2 - 2*D, zero at D = 1/4.

    The roots of F = a**2/2 - 10*D*a + 8*D meet where 100*D = 16, D = 4/25, at level 8/5 > 1. So
    co-operation falls from level 1 to nothing at once.
    """
    steep = {"b": 10, "k": 8}
    at_border = one(solution, **steep, delta="1/4")
    assert at_border.name == "full"
    assert at_border.outcomes["level"] == at_border.outcomes["tipping_point"] == 1
    assert one(solution, **steep, delta="0.2499").name == "none"
    collapse = solution.threshold("delta")
    at = {symbol(k): sympy.Rational(v) for k, v in {**PLAIN, **steep}.items() if k != "delta"}
    assert collapse.subs(at) == sympy.Rational(1, 4)


def test_the_level_stops_at_the_joint_optimum(solution: Solution) -> None:
    """pi'(a) = (1-tau)*b - spill - c*a is zero at a = 1/2 - 1/10; the social one ignores tau."""
    found = one(solution, tau="1/2", spill="1/10", delta="9/10")
    assert found.name == "optimum"
    assert found.outcomes["level"] == sympy.Rational(2, 5)
    assert found.outcomes["social_first_best"] == sympy.Rational(9, 10)


def test_nothing_is_sustained_where_a_little_does_not_pay(solution: Solution) -> None:
    """pi'(0) = b - spill = 0: the joint optimum is 0."""
    for spill in (1, 2):
        found = one(solution, spill=spill, delta="9/10")
        assert found.name == "none"
        assert found.outcomes["level"] == found.outcomes["first_best"] == 0


def test_leakage_alone_can_stop_a_relation_without_drag(solution: Solution) -> None:
    """Without drag F(a)/a is at a = 0 equal to (1-D)*rho - q*D*b, so D must exceed rho/(rho+b)."""
    assert one(solution, rho=1, delta="1/2").name == "none"
    assert one(solution, rho=1, delta="501/1000").name == "constrained"
    point = {**PLAIN, "rho": Fraction(1)}
    assert number(solution.threshold("delta"), point) == pytest.approx(0.5)


def test_unseen_breaches(solution: Solution) -> None:
    """q = 1/2, D = 3/5: F = (2/5)*a**2/2 - (3/10)*(a - a**2/2) = 0.35*a**2 - 0.3*a: 6/7."""
    found = one(solution, q="1/2")
    assert found.outcomes["level"] == sympy.Rational(6, 7)


# --- exact brute force -------------------------------------------------------------------------


def excess(p: dict[str, Fraction], a: Fraction) -> Fraction:
    """F(a), written out from the words: what is gained by reneging, less what is lost."""
    weight = p["delta"] * (1 - p["h"]) * (1 - p["x"])
    payoff = (1 - p["tau"]) * p["b"] * a - p["spill"] * a - p["c"] * a * a / 2
    payoff -= p["k"] + p["m"] * p["q"]
    gain = p["c"] * a * a / 2 + p["rho"] * a
    return (1 - weight) * gain - p["q"] * weight * (payoff - p["u"])


def cap(p: dict[str, Fraction]) -> Fraction:
    return max(Fraction(0), min(Fraction(1), ((1 - p["tau"]) * p["b"] - p["spill"]) / p["c"]))


def lowest(p: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Where in [0, cap] F is least (three values give the parabola), and F there."""
    at_0, at_half, at_1 = (excess(p, Fraction(i, 2)) for i in range(3))
    square = 2 * (at_0 + at_1 - 2 * at_half)
    slope = at_1 - at_0 - square
    level = max(Fraction(0), min(cap(p), -slope / (2 * square)))
    return level, excess(p, level)


def anything_enforces_itself(p: dict[str, Fraction]) -> bool:
    level, value = lowest(p)
    return level > 0 and value <= 0


def fractions(low: int, high: int, parts: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda i: Fraction(i, parts))


POINTS = st.fixed_dictionaries(
    {
        "b": fractions(0, 40, 10),
        "c": fractions(1, 30, 10),
        "rho": fractions(0, 6, 10),
        "spill": fractions(0, 4, 10),
        "tau": fractions(0, 4, 10),
        "k": fractions(0, 4, 20),
        "m": fractions(0, 4, 20),
        "q": fractions(2, 10, 10),
        "u": fractions(0, 5, 20),
        "delta": fractions(6, 19, 20),
        "h": fractions(0, 6, 10),
        "x": fractions(0, 4, 10),
        "t0": fractions(0, 10, 10),
    }
)


@st.composite
def border_points(draw: st.DrawFn) -> dict[str, Fraction]:
    """Points where F(cap) = 0 or where the roots of F meet, by choice of u."""
    p = draw(POINTS)
    weight = p["q"] * p["delta"] * (1 - p["h"]) * (1 - p["x"])
    level, value = (cap(p), excess(p, cap(p))) if draw(st.booleans()) else lowest(p)
    p["u"] -= value / weight
    assume(p["u"] >= 0 and level > 0)
    assert excess(p, level) == 0
    return p


def check_against_brute_force(solution: Solution, p: dict[str, Fraction]) -> None:
    found = solution.at(**p).branches
    assert len(found) == 1, [branch.name for branch in found]
    branch, top = found[0], cap(p)
    assert (branch.name != "none") == anything_enforces_itself(p)
    level = branch.outcomes["level"]
    assert (branch.name == "optimum") == (level == sympy.Rational(top) and 0 < top < 1)
    assert (branch.name == "full") == (level == 1)
    low = branch.outcomes.get("tipping_point", sympy.oo)
    for i in range(1, 41):
        a = top * Fraction(i, 40)
        inside = bool(low <= sympy.Rational(a)) and bool(sympy.Rational(a) <= level)
        assert a == 0 or inside == (excess(p, a) <= 0)


THOROUGH = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@settings(THOROUGH, max_examples=4)
@given(p=POINTS)
def test_the_solution_is_what_brute_force_finds(solution: Solution, p: dict[str, Fraction]) -> None:
    check_against_brute_force(solution, p)


@settings(THOROUGH, max_examples=4)
@given(p=border_points())
def test_borders_belong_to_exactly_one_branch(solution: Solution, p: dict[str, Fraction]) -> None:
    check_against_brute_force(solution, p)


@pytest.mark.slow
@settings(THOROUGH, max_examples=100)
@given(p=st.one_of(POINTS, border_points()))
def test_many_more_points(solution: Solution, p: dict[str, Fraction]) -> None:
    check_against_brute_force(solution, p)


def test_the_branches_cover_the_domain_and_exclude_each_other(solution: Solution) -> None:
    """Proved, not sampled: no point satisfies none of them, and none satisfies two."""
    regions = [sympy.And(*branch.conditions) for branch in solution.branches]
    domain = solution.domain.constraints
    uncovered = [sympy.Not(region) for region in regions]
    assert feasible([*domain, *uncovered]).exists is False
    for i, region in enumerate(regions):
        for other in regions[:i]:
            assert feasible([*domain, region, other]).exists is False


# --- collapse, return, hysteresis --------------------------------------------------------------

NUDGE = Fraction(1, 10**6)


def test_a_critical_value_that_a_game_does_not_have_is_refused_with_those_that_it_has(
    solution: Solution,
) -> None:
    with pytest.raises(InputError, match=r"no critical value 'colapse' of h") as error:
        solution.critical("colapse", "h")
    assert "collapse of h" in str(error.value) and "return of h" in str(error.value)


@THOROUGH
@given(p=POINTS)
def test_just_past_the_hazard_of_collapse_nothing_is_left(
    solution: Solution, p: dict[str, Fraction]
) -> None:
    hazard = number(solution.threshold("h"), p)
    if hazard >= 1:
        assert anything_enforces_itself(p)
        return
    above = {**p, "h": max(Fraction(0), Fraction(hazard) + NUDGE)}
    assert not anything_enforces_itself(above)
    if hazard > NUDGE:
        assert anything_enforces_itself({**p, "h": Fraction(hazard) - NUDGE})


@THOROUGH
@given(p=POINTS)
def test_the_critical_values_of_all_parameters_of_patience_agree(
    solution: Solution, p: dict[str, Fraction]
) -> None:
    """D = delta*(1-h)*(1-x) is the same at each of them."""
    for name in ("collapse", "return"):
        at = {k: number(solution.critical(name, k), p) for k in ("delta", "h", "x")}
        delta, h, x = (float(p[k]) for k in ("delta", "h", "x"))
        weights = (at["delta"] * (1 - h) * (1 - x), delta * (1 - at["h"]) * (1 - x))
        assert weights[0] == pytest.approx(weights[1], abs=1e-9)
        assert weights[0] == pytest.approx(delta * (1 - h) * (1 - at["x"]), abs=1e-9)


@settings(THOROUGH, max_examples=20)
@given(p=POINTS)
def test_cooperation_returns_at_a_lower_hazard_than_it_collapses(
    game: LevelGame, solution: Solution, p: dict[str, Fraction]
) -> None:
    """The floor enforces itself from the return hazard down, so some level does: hysteresis."""
    assume(0 < p["t0"] < cap(p))
    back = number(solution.critical("return", "h"), p)
    if back > 0:
        assert back <= number(solution.critical("collapse", "h"), p) + 1e-12
    if 0.001 < back < 0.999:
        for hazard, grows in ((back - 0.001, True), (back + 0.001, False)):
            point = {**p, "h": Fraction(hazard)}
            answer = best_response(game, symbol("t0"))
            assert (number(answer, point) > p["t0"]) == grows


def test_hysteresis_at_the_defaults(game: LevelGame, solution: Solution) -> None:
    """Between the two hazards trust stays where it is: high if it was high, low if it was low."""
    at = {p.name: Fraction(str(p.default)) for p in game.header.domain.parameters}
    back, gone = (number(solution.critical(name, "h"), at) for name in ("return", "collapse"))
    assert 0.05 < back < gone < 0.5
    for hazard in ((back + gone) / 2, back - 0.01, gone + 0.01):
        ends = [settle(game, {**at, "h": Fraction(hazard)}, start) for start in (0.9, 0.2)]
        reached = [end > 0.3 for end in ends]
        expected = [hazard < gone, hazard < back]
        assert reached == expected


def best_response(game: LevelGame, trust: sympy.Expr) -> sympy.Expr:
    """phi(t): the highest level that is credible now if level t is expected ever after.

    For G = g*a**2 + s*a: `min(cap, G^-1(q*D/(1-D)*max(0, pi(t)-u)))`, as reneging on it gains what
    the loss of a relation at level t is worth.
    """
    side = game.incentive
    gain, slope = (sympy.expand(side.gain).coeff(side.variable, power) for power in (2, 1))
    lost = sympy.Max(0, side.payoff.subs(side.variable, trust) - side.outside)
    worth = side.detection * side.discount / (1 - side.discount) * lost
    return sympy.Min(game.cap, (sympy.sqrt(slope**2 + 4 * gain * worth) - slope) / (2 * gain))


def settle(game: LevelGame, at: dict[str, Fraction], start: float) -> float:
    """Where trust settles if it follows the best credible response but never below the floor."""
    t = symbol("t")
    phi = best_response(game, t).subs({symbol(k): sympy.Rational(v) for k, v in at.items()})
    trust = start
    for _ in range(400):
        trust = max(float(at["t0"]), number(phi, {"t": Fraction(trust)}))
    return trust


@settings(THOROUGH, max_examples=10)
@given(p=POINTS)
def test_fixed_points_of_the_best_response_are_the_roots(
    game: LevelGame, solution: Solution, p: dict[str, Fraction]
) -> None:
    (branch,) = solution.at(**p).branches
    for outcome in ("level", "tipping_point"):
        level = branch.outcomes.get(outcome, sympy.S.Zero)
        answer = best_response(game, level)
        assert number(answer, p) == pytest.approx(number(level), abs=1e-12)


# --- other relations ---------------------------------------------------------------------------

TEXT = """
format = 1
form = "level"
title = "A relation for a test"
headline = "{headline}"
[parameters]
v = {{ meaning = "value", unit = "1", domain = "[-2, 2]", default = "1/2", source = "test" }}
delta = {{ meaning = "patience", unit = "1", domain = "[0, 1)", default = "1/2", source = "test" }}
[level]
payoff = "{payoff}"
gain = "{gain}"
discount = "{discount}"
"""


def relation(
    tmp_path: Path,
    payoff: str,
    gain: str,
    discount: str = "delta",
    headline: str = "constrained",
) -> LevelGame:
    path = tmp_path / "mine.toml"
    text = TEXT.format(payoff=payoff, gain=gain, discount=discount, headline=headline)
    path.write_text(text, encoding="utf-8")
    found = catalogue.load_game(str(path))
    assert isinstance(found, LevelGame)
    return found


def test_a_relation_worth_having_at_level_zero_has_no_tipping_point(tmp_path: Path) -> None:
    """pi(a) = v + a - a**2/2, G = a**2: at D = 1/4 and v = 1/10,
    F = (3/4)*a**2 - (1/4)*(1/10 + a - a**2/2) = (7/8)*a**2 - a/4 - 1/40, which is negative at 0.
    Its upper root is (1/4 + sqrt(1/16 + 7/80))/(7/4) = 0.364170. At v = -1/10 the constant turns:
    1/16 - 7/80 < 0, so no root is left."""
    solution = relation(tmp_path, "v + a - a**2/2", "a**2").solve()
    (branch,) = solution.at(v="1/10", delta="1/4").branches
    assert branch.name == "constrained"
    assert number(branch.outcomes["level"]) == pytest.approx(0.364170, abs=1e-6)
    assert branch.outcomes["tipping_point"] == 0
    assert [b.name for b in solution.at(v="-1/10", delta="1/4").branches] == ["none"]
    assert [b.name for b in solution.at(v="1/10", delta=0).branches] == ["none"]


def test_a_linear_payoff_is_capped_at_full_cooperation(tmp_path: Path) -> None:
    """pi = v*a, G = a**2: F = (1-D)*a**2 - D*v*a, level D*v/(1-D) up to 1."""
    solution = relation(tmp_path, "v*a", "a**2").solve()
    assert {branch.name for branch in solution.branches} == {"none", "constrained", "full"}
    (branch,) = solution.at(v=1, delta="1/4").branches
    assert branch.outcomes["level"] == sympy.Rational(1, 3)
    assert [b.name for b in solution.at(v=1, delta="1/2").branches] == ["full"]
    assert [b.name for b in solution.at(v=0, delta="1/2").branches] == ["none"]


def test_fixing_parameters_first_changes_nothing(game: LevelGame) -> None:
    fixed = {"k": 0, "m": 0, "u": 0, "spill": 0, "rho": 0, "tau": 0}
    part = game.substitute({name: sympy.Rational(value) for name, value in fixed.items()})
    (branch,) = part.solve().at(b=1, c=1, q=1, delta="3/10", h=0, x=0).branches
    assert branch.outcomes["level"] == sympy.Rational(3, 5)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"payoff": "v*sqrt(a)", "gain": "a**2"}, "level.payoff"),
        ({"payoff": "v*a - a**2", "gain": "a**2", "discount": "2*delta"}, "level.discount"),
        ({"payoff": "v*a - a**2", "gain": "a + w"}, "level.gain"),
        ({"payoff": "a/v", "gain": "a**2"}, "level.payoff"),
    ],
)
def test_faults_name_their_place(tmp_path: Path, changes: dict[str, str], place: str) -> None:
    with pytest.raises(InputError) as caught:
        relation(tmp_path, **changes)
    assert place in [fault.place for fault in caught.value.faults]


def test_a_false_claim_is_caught_by_its_regret(game: LevelGame, solution: Solution) -> None:
    """The check does not trust the solver: half the level fails, or one where none is."""
    point = solution.at(**{**PLAIN, "u": "1/5"})
    (branch,) = point.branches
    assert game.regret(branch, point.point) < 1e-20
    outcomes = {**branch.outcomes, "level": branch.outcomes["level"] / 2}
    false = Branch(**{**vars(branch), "outcomes": outcomes})
    assert game.regret(false, point.point) > 0.4
    assert game.regret(branch, {**point.point, "delta": sympy.Rational(1, 10)}) > 0.9


# --- learning from a rival ---------------------------------------------------------------------


def test_the_same_firms_exchange_technology_and_not_design() -> None:
    """The discount factor of collapse rises in rho (proved), so two fields leave an interval."""
    game = catalogue.load_game("learning")
    solution = game.solve()
    row = statics(game, outcomes=["collapse"]).row("collapse", "rho", "critical delta")
    assert (row.sign, row.verdict.value) == ("+", "proved")
    at = {p.name: Fraction(str(p.default)) for p in solution.domain.parameters}
    low, high = (
        number(solution.threshold("delta"), {**at, "rho": rho})
        for rho in (Fraction(1, 10), Fraction(1, 2))
    )
    assert low < high
    for delta, technology in ((low - 0.01, "none"), ((low + high) / 2, None), (high + 0.01, None)):
        (branch,) = solution.at(rho="1/10", delta=round(delta, 6)).branches
        assert (branch.name == "none") == (technology == "none")
        (branch,) = solution.at(rho="1/2", delta=round(delta, 6)).branches
        assert (branch.name == "none") == (delta < high)
