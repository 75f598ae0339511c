"""Identical players with two actions: closed forms, roots to tolerance, and their games."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import binom

from coopgame import catalogue
from coopgame.algebra.binomial import K, bernstein, polynomial_mean
from coopgame.algebra.descartes import roots
from coopgame.comparative.rows import EXISTS
from coopgame.comparative.signs import statics
from coopgame.errors import CertificationError, InputError, LimitReached
from coopgame.forms.base import Header
from coopgame.forms.gamefile import read_game
from coopgame.forms.symmetric.game import SymmetricGame
from coopgame.forms.symmetric.leftout import MIXTURES
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain
from coopgame.language.roots import ImplicitRoot
from coopgame.proofs.questions import Verdict, feasible, implies, sign
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.selection.coordination import binary
from coopgame.selection.dominance import risk_dominant
from coopgame.solution import Solution, certify
from tests.peers import pygambit

NAMES = (
    "association",
    "association_fixed_total",
    "association_quadratic",
    "association_threshold",
    "minimum_effort",
    "public_good",
    "trajectory",
    "volunteer",
)
R = sympy.Rational


@pytest.fixture(scope="module")
def games() -> dict[str, SymmetricGame]:
    return {name: catalogue.load_game(name) for name in NAMES}  # type: ignore[misc]


@pytest.fixture(scope="module")
def solutions(games: Mapping[str, SymmetricGame]) -> dict[str, Solution]:
    return {name: game.solve() for name, game in games.items()}


def stated(text: str) -> SymmetricGame:
    section = Section(tomllib.loads(text))
    game = read_game(section, "stated", "")
    section.settle()
    assert isinstance(game, SymmetricGame)
    return game


def tabled(first: list[Any], second: list[Any]) -> SymmetricGame:
    """The game of numbers with these payoffs for k = 0, 1, ..., n - 1 others co-operating."""
    header = Header(Info("tabled", "", "", ""), Domain(), "")
    payoffs = tuple(
        sympy.Piecewise(*((v, sympy.Eq(K, k)) for k, v in enumerate(values)), (0, True))
        for values in (first, second)
    )
    players = sympy.Integer(len(first))
    return SymmetricGame(header, players, ("C", "D"), payoffs, None, {}, {})


def chances(solution: Solution) -> list[Any]:
    found = [b.strategies["each"]["C"] for b in solution.branches if "each" in b.strategies]
    return sorted(found, key=lambda x: sympy.N(x, 20))


def headcounts(solution: Solution) -> set[int]:
    return {int(b.strategies["count"]["C"]) for b in solution.branches if "count" in b.strategies}


def proved(solution: Solution, text: str, branch: str | None = None) -> bool:
    premises = [*solution.domain.constraints, *(solution[branch].conditions if branch else ())]
    condition = parse_condition(text, solution.domain.names)
    return implies(premises, condition, solution.domain.integers).verdict is Verdict.PROVED


# --- the volunteer's dilemma and the weakest link ----------------------------------------------


def test_the_volunteers_dilemma_has_its_closed_form_for_any_number_of_players(
    solutions: Mapping[str, Solution],
) -> None:
    """A volunteer earns b - c; who waits earns b(1 - y^(n-1)), with y the chance of waiting.
    Equal at y = (c/b)^(1/(n-1)); all wait with y^n."""
    mixed = solutions["volunteer"]["mixed"]
    names = ("b", "c", "n")
    assert mixed.conditions == ()
    assert mixed.outcomes["defection"] == parse("(c/b)**(1/(n - 1))", names)
    assert mixed.outcomes["nobody"] == parse("(c/b)**(n/(n - 1))", names)
    assert mixed.payoffs["each"] == parse("b - c", names)
    assert solutions["volunteer"].provenance.exact


@pytest.mark.parametrize(("n", "defection"), [(2, ".25"), (4, ".629961")])
def test_the_published_chances_of_not_volunteering(
    solutions: Mapping[str, Solution], n: int, defection: str
) -> None:
    """Diekmann (1985): c/b = .25."""
    found = solutions["volunteer"].at(b=4, c=1, n=n)["mixed"].outcomes["defection"]
    assert abs(float(found) - float(defection)) < 5e-7


def test_a_larger_group_is_likelier_to_be_left_without_a_volunteer(
    games: Mapping[str, SymmetricGame],
) -> None:
    """y rises with n, and so does y^n: proved for every integer n of 2 and more."""
    table = statics(games["volunteer"], ["defection", "nobody"])
    for outcome in ("defection", "nobody"):
        row = table.row(outcome, "n", "mixed")
        assert (row.sign, row.strict, row.verdict) == ("+", True, Verdict.PROVED)


def test_the_weakest_link_tips_at_its_closed_form_and_later_in_larger_groups(
    games: Mapping[str, SymmetricGame], solutions: Mapping[str, Solution]
) -> None:
    """Working pays b*x^(n-1) - c, not working 0."""
    mixed = solutions["minimum_effort"]["mixed"]
    assert mixed.outcomes["cooperation"] == parse("(c/b)**(1/(n - 1))", ("b", "c", "n"))
    assert mixed.note == "unstable"
    row = statics(games["minimum_effort"], ["cooperation"]).row("cooperation", "n", "mixed")
    assert (row.sign, row.verdict) == ("+", Verdict.PROVED)


def test_powers_of_one_base_are_ordered_as_their_exponents() -> None:
    a, m, n = sympy.symbols("a m n", real=True)
    assert sign(a**m - a**n, [a > 1, m > n]).sign == "+"
    assert sign(a**m - a**n, [a > 0, a < 1, m > n]).sign == "-"
    assert sign(a**m - a**n, [a > 0, m > n]).sign == "?"
    assert sign(a**n - 1, [a > 1, n > 0]).sign == "+"
    assert sign(a**n, [a > 0]).sign == "+"


# --- associations ------------------------------------------------------------------------------


def test_what_is_best_for_all_follows_from_the_payoffs(games: Mapping[str, SymmetricGame]) -> None:
    """With m of n taking part the total is m*a(m-1) + (n-m)*b(m) = m*(n*beta - c - t): all should
    take part iff c + t <= n*beta, by itself each does iff c + t <= beta."""
    game = games["association"]
    m, n = sympy.symbols("m n", real=True)
    first, second = game.payoffs
    total = m * first.subs(K, m - 1) + (n - m) * second.subs(K, m)
    names = game.header.domain.names
    assert sympy.expand(total - m * parse("n*beta - c - t", names)) == 0
    assert sympy.expand(first - second - parse("beta - c - t", names)) == 0


def test_private_co_operation_stops_at_a_lower_cost_of_meetings_than_it_should(
    solutions: Mapping[str, Solution],
) -> None:
    """Once only at t = beta - c, repeated at t = beta*(1 + D*(n-1)) - c, for all at n*beta - c."""
    solution = solutions["association"]
    names = solution.domain.names
    once, kept_up = (solution.threshold("t", f"all_take_part{kind}") for kind in ("", "_repeated"))
    should = parse("n*beta - c", names)
    assert sympy.simplify(once - parse("beta - c", names)) == 0
    domain = solution.domain
    for private in (once, kept_up):
        below = implies(domain.constraints, sympy.Lt(private, should), domain.integers)
        assert below.verdict is Verdict.PROVED
    stops = solution["all_take_part_repeated"].outcomes
    assert sympy.simplify(stops["stops_privately"] - kept_up) == 0
    assert sympy.simplify(stops["stops_socially"] - should) == 0
    assert sympy.simplify(stops["wedge"] - (should - kept_up)) == 0


@pytest.mark.parametrize(
    ("name", "critical", "sign_in_n"),
    [
        ("association", "max(0, (c + t - beta)/(beta*(n - 1)))", "-"),
        ("association_fixed_total", "max(0, (n*(c + t) - B)/(B*(n - 1)))", "+"),
        ("association_quadratic", "1/2", "0"),
        ("public_good", "(1 - a)/(a*(n - 1))", "-"),
    ],
)
def test_group_size_lowers_raises_or_leaves_the_critical_weight_of_the_future(
    games: Mapping[str, SymmetricGame],
    solutions: Mapping[str, Solution],
    name: str,
    critical: str,
    sign_in_n: str,
) -> None:
    """Grim trigger needs D >= (b(n-1) - a(n-1))/(b(n-1) - b(0)).
    Fixed benefit per head: (c+t-beta)/(beta*(n-1)). Fixed total, beta = B/n: (n(c+t) - B)/(B(n-1)),
    whose slope has the sign of B - c - t. Quadratic: beta^2(n-1)^2/2c over beta^2(n-1)^2/c."""
    headline = games[name].header.headline
    solution = solutions[name]
    stated_there = parse(critical, solution.domain.names)
    found = solution[headline].outcomes["critical_patience"]
    assert sympy.simplify(found - stated_there) == 0
    row = statics(games[name], ["critical_patience"]).row("critical_patience", "n", headline)
    assert (row.sign, row.verdict) == (sign_in_n, Verdict.PROVED)
    turned = {"-": "+", "+": "-", "0": "0"}
    exists = statics(games[name], [EXISTS], [headline]).row(EXISTS, "n", headline)
    assert (exists.sign, exists.verdict) == (turned[sign_in_n], Verdict.PROVED)


def test_the_levels_of_the_quadratic_association_are_the_nash_and_the_optimal_ones(
    games: Mapping[str, SymmetricGame],
) -> None:
    """Firm i earns beta*sum(g) - c*g_i^2/2. By itself: beta = c*g. For all: n*beta = c*g."""
    own, others, beta, c, n = sympy.symbols("own others beta c n", real=True)
    one = beta * (own + (n - 1) * others) - c * own**2 / 2
    (nash,) = sympy.solve(one.diff(own), own)
    (optimum,) = sympy.solve(n * one.subs(others, own).diff(own), own)
    outcomes = games["association_quadratic"].named_outcomes
    assert sympy.simplify(outcomes["nash_level"] - nash) == 0
    assert sympy.simplify(outcomes["optimal_level"] - optimum) == 0
    for payoff, level in zip(games["association_quadratic"].payoffs, (optimum, nash), strict=True):
        total = level + K * optimum + (n - 1 - K) * nash
        assert sympy.expand(payoff - (beta * total - c * level**2 / 2)) == 0


def test_the_technology_centre_has_two_mixtures_until_they_meet(
    solutions: Mapping[str, Solution],
) -> None:
    """Pivotal with chance 6x^2(1-x)^2, at most 3/8: mixtures iff 3B/8 >= c, where
    x(1-x) = sqrt(c/(6B)). The gain rises through the lower root, falls through the upper."""
    solution = solutions["association_threshold"]
    for name in ("mixed_stable", "mixed_unstable"):
        assert proved(solution, "3*B >= 8*c", name)
        x, names = solution[name].outcomes["cooperation"], ("B", "c")
        pivotal = sympy.expand(parse("6*B", names) * (x * (1 - x)) ** 2 - parse("c", names))
        assert sympy.simplify(pivotal) == 0
        there = solution.at(B=20)[name]
        assert there.note == name.removeprefix("mixed_")
    low, high = (
        solution.at(B=20)[name].outcomes["cooperation"]
        for name in ("mixed_unstable", "mixed_stable")
    )
    assert low < R(1, 2) < high
    fold = solution.at(B=R(8, 3))
    shares = {b.name: b.outcomes["cooperation"] for b in fold.branches if "_mix" not in b.name}
    assert shares == {"all_wait": 0, "3_commit": R(3, 5), "mixed_stable": R(1, 2)}
    likely = 1 - binom.cdf(2, 5, 1 / 3)
    assert abs(float(parse("(1/3)**3*(10 - 15/3 + 6/9)", ())) - likely) < 1e-12


# --- the common technology ---------------------------------------------------------------------


def test_the_trajectory_tips_where_the_expected_number_of_joiners_pays(
    solutions: Mapping[str, Solution],
) -> None:
    """v + r*(n-1)*x - s = w - x_cost. Both ends are equilibria iff the root lies in (0, 1)."""
    solution = solutions["trajectory"]
    mixed = solution["mixed"]
    tipping = parse("(s + w - x - v)/(r*(n - 1))", solution.domain.names)
    assert sympy.simplify(mixed.outcomes["cooperation"] - tipping) == 0
    for end in ("all_join", "all_alone"):
        premises = [*solution.domain.constraints, *mixed.conditions]
        held = implies(premises, sympy.And(*solution[end].conditions), solution.domain.integers)
        assert held.verdict is Verdict.PROVED
    assert mixed.note == "unstable"


def test_joining_risk_dominates_iff_the_tipping_share_is_below_one_half(
    solutions: Mapping[str, Solution],
) -> None:
    """The gain from joining when each other joins with chance 1/2 is the risk margin; as the gain
    is linear, it is also the mean over a uniform belief about how many join."""
    solution = solutions["trajectory"]
    margin, domain = solution["mixed"].outcomes["risk_margin"], solution.domain
    share = solution["mixed"].outcomes["cooperation"]
    premises = [*domain.constraints, *solution["mixed"].conditions]
    for one, other in ((margin > 0, share < R(1, 2)), (share < R(1, 2), margin > 0)):
        assert implies([*premises, one], other, domain.integers).verdict is Verdict.PROVED


def test_selection_sees_the_game_through_its_table(games: Mapping[str, SymmetricGame]) -> None:
    """At n = 5 all joining risk-dominates iff the gain at chance 1/2, v + 2r - s - w + x, is not
    below zero. A number of players that is not fixed has no table."""
    game = games["trajectory"].substitute({"n": sympy.Integer(5)})
    chosen = {s.equilibrium: s.conditions for s in risk_dominant(binary(game))}
    domain = game.header.domain
    margin = parse_condition("v + 2*r - s - w + x >= 0", domain.names)
    premises = [*domain.constraints, *chosen["all_join"]]
    assert implies(premises, margin, domain.integers).verdict is Verdict.PROVED
    with pytest.raises(InputError, match="n players is not a number"):
        binary(games["trajectory"])


def test_increasing_returns_lock_in(games: Mapping[str, SymmetricGame]) -> None:
    """A larger r enlarges the region with two self-enforcing states, and never ends either."""
    rows = statics(games["trajectory"], [EXISTS])
    found = {b: rows.row(EXISTS, "r", b).sign for b in ("all_join", "all_alone", "mixed")}
    assert found == {"all_join": "+", "all_alone": "0", "mixed": "+"}


# --- any payoffs: numbers ----------------------------------------------------------------------

payoffs = st.integers(-6, 6)


@st.composite
def tables(draw: Any, low: int = 2, high: int = 7) -> tuple[list[int], list[int]]:
    n = draw(st.integers(low, high))
    return (draw(st.lists(payoffs, min_size=n, max_size=n)) for _ in range(2))  # type: ignore


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_pure_and_mixed_equilibrium_is_found(table: Any) -> None:
    """Pure: no player gains by changing sides, profile by profile. Mixed: NumPy's roots of the
    mean gain in the power basis that are simple and inside (0, 1)."""
    first, second = table
    n = len(first)
    solution = tabled(first, second).solve()
    gain = [a - b for a, b in zip(first, second, strict=True)]
    expected = {
        sum(profile)
        for profile in product((0, 1), repeat=n)
        if all(
            (gain[sum(profile) - mine] >= 0) if mine else (gain[sum(profile)] <= 0)
            for mine in profile
        )
    }
    assert headcounts(solution) == expected
    if any(gain):
        x = sympy.Symbol("x")
        polynomial = sympy.Poly(sympy.expand(bernstein(list(map(sympy.Integer, gain)), x)), x)
        flat = polynomial.sqf_part() if polynomial.degree() > 0 else polynomial
        peer = np.roots([float(c) for c in flat.all_coeffs()])
        inside = sorted(r.real for r in peer if abs(r.imag) < 1e-9 and 1e-9 < r.real < 1 - 1e-9)
        assert np.allclose([float(c) for c in chances(solution)], inside, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(tables(3, 4))
def test_pure_equilibria_agree_with_gambit(table: Any) -> None:
    first, second = table
    n = len(first)
    shape = (2,) * n
    arrays = [np.zeros(shape, dtype=object) for _ in range(n)]
    for profile in product((0, 1), repeat=n):
        for player in range(n):
            others = sum(profile) - profile[player]
            arrays[player][profile] = (first if profile[player] else second)[others]
    peer = pygambit.nash.enumpure_solve(pygambit.Game.from_arrays(*arrays)).equilibria
    counts = {sum(int(e[list(player.strategies)[1]]) for player in e.game.players) for e in peer}
    assert headcounts(tabled(first, second).solve()) == counts


@settings(max_examples=25, deadline=None)
@given(tables(2, 5), st.integers(1, 5), st.integers(-5, 5))
def test_rescaling_changes_nothing_and_relabelling_mirrors(
    table: Any, scale: int, shift: int
) -> None:
    first, second = (list(row) for row in table)
    plain = tabled(first, second).solve()
    scaled = tabled([scale * a + shift for a in first], [scale * b + shift for b in second]).solve()
    mirrored = tabled(second[::-1], first[::-1]).solve()
    assert headcounts(plain) == headcounts(scaled)
    assert chances(plain) == chances(scaled)
    assert {len(first) - m for m in headcounts(mirrored)} == headcounts(plain)
    turned = [1 - x for x in reversed(chances(mirrored))]
    assert all(
        abs(sympy.N(a - b, 30)) < R(1, 10**25) for a, b in zip(turned, chances(plain), strict=True)
    )


def test_stability_is_the_sign_of_the_slope_of_the_mean_gain() -> None:
    """d = (-1, 2, -1): f = -(1-x)^2 + 4x(1-x) - x^2 is negative, positive, negative. The lower root
    is a tipping point, the upper stable."""
    solution = tabled([-1, 2, -1], [0, 0, 0]).solve()
    assert [b.note for b in sorted(solution.branches, key=lambda b: b.outcomes["cooperation"])
            if "each" in b.strategies] == ["unstable", "stable"]  # fmt: skip
    x = sympy.Symbol("x")
    slope = sympy.diff(bernstein([R(-1), R(2), R(-1)], x), x)
    assert [sympy.sign(slope.subs(x, c)) for c in chances(solution)] == [1, -1]


def test_a_wrong_mixture_fails_its_certificate() -> None:
    game = tabled([-1, 2, -1], [0, 0, 0])
    branch = next(b for b in game.solve().branches if "each" in b.strategies)
    certify(game, branch, {})
    wrong = replace(branch, strategies={"each": {"C": R(1, 2), "D": R(1, 2)}})
    with pytest.raises(CertificationError):
        certify(game, wrong, {})
    too_many = replace(
        branch, strategies={"count": {"C": sympy.Integer(4), "D": sympy.Integer(-1)}}
    )
    with pytest.raises(CertificationError):
        certify(game, too_many, {})


# --- roots -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [20, 300, 1000])
def test_a_thousand_players_are_isolated_to_tolerance(n: int) -> None:
    """Pivotal at t - 1 = 0.3*n others: C(n-1, t-1) x^(t-1) (1-x)^(n-t) = ratio has two roots, one
    on each side of (t-1)/(n-1), which SciPy brackets."""
    t = 3 * n // 10
    top = (t - 1) / (n - 1)
    ratio = R(str(round(binom.pmf(t - 1, n - 1, top) / 2, 6)))
    values = [-ratio] * n
    values[t - 1] = 1 - ratio

    def gain(x: float) -> float:
        return float(binom.pmf(t - 1, n - 1, x)) - float(ratio)

    peer = [brentq(gain, 1e-9, top), brentq(gain, top, 1 - 1e-9)]
    found = roots(values)
    assert len(found) == 2
    assert np.allclose([float(r) for r in found], peer, atol=1e-9)
    for root in found:
        assert abs(sympy.N(bernstein(values, sympy.N(root, 60)), 50)) < R(1, 10**40)


def test_a_double_root_counts_once_and_a_near_miss_not_at_all() -> None:
    """E (2K-10)^2 - 10 at K ~ B(10, x) is 90(2x-1)^2, zero at 1/2 only; a little more is positive,
    a little less has two roots."""
    values = [R((2 * k - 10) ** 2 - 10) for k in range(11)]
    assert roots(values) == (R(1, 2),)
    assert roots([v + R(1, 10**20) for v in values]) == ()
    pair = roots([v - R(1, 10**20) for v in values])
    assert len(pair) == 2 and pair[0] < R(1, 2) < pair[1]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 59), min_size=1, max_size=4, unique=True), st.integers(9, 40))
def test_roots_put_in_are_the_roots_found(wanted: list[int], degree: int) -> None:
    """The product of (x - w/60) is written in the Bernstein basis of a higher degree."""
    x = sympy.Symbol("x")
    polynomial = sympy.Poly(sympy.prod([x - R(w, 60) for w in wanted]), x)
    power = list(reversed(polynomial.all_coeffs()))
    values = [
        sum(c * sympy.binomial(k, j) / sympy.binomial(degree, j) for j, c in enumerate(power))
        for k in range(degree + 1)
    ]
    found = roots(values)
    assert len(found) == len(wanted)
    for root, w in zip(found, sorted(wanted), strict=True):
        assert abs(root - R(w, 60)) < R(1, 10**40)


def test_means_of_polynomials_are_those_of_the_binomial_sum() -> None:
    x = sympy.Symbol("x", real=True)
    polynomial = 3 * K**3 - K + 2
    listed = bernstein([polynomial.subs(K, k) for k in range(6)], x)
    assert sympy.expand(polynomial_mean(polynomial, 5, x) - listed) == 0


# --- any payoffs: symbols ----------------------------------------------------------------------

HEAD = """
format = 1
form = "symmetric"
headline = "all_in"
actions = ["in", "out"]
[parameters]
b = { meaning = "gain", unit = "u", domain = "(0, oo)", default = "2", source = "chosen" }
c = { meaning = "cost", unit = "u", domain = "(0, oo)", default = "1", source = "chosen" }
"""
SIZE = (
    'n = { meaning = "size", unit = "players", domain = "integers [2, 1000]", default = "6", '
    'source = "chosen" }\n'
)


def game_text(players: str, first: str, second: str = "0") -> str:
    start = HEAD.replace("actions =", f'players = "{players}"\nactions =').replace('in"', 'join"')
    size = SIZE if players == "n" else ""
    return f'{start}{size}[payoffs]\njoin = "{first}"\nout = "{second}"\n'


def test_a_gain_that_rises_has_one_tipping_point_even_without_a_closed_form() -> None:
    """d(k) = b*(k^3 + k^5) - c at n = 7: one root, an implicit one of degree 5, and its signs are
    proved through the equation: a higher cost moves the tipping point up."""
    game = stated(game_text("7", "b*(k**3 + k**5)/100 - c"))
    solution = game.solve()
    mixed = solution["mixed"]
    assert isinstance(mixed.outcomes["cooperation"], ImplicitRoot) and mixed.note == "unstable"
    table = statics(game, ["cooperation"], ["mixed"])
    assert [table.row("cooperation", p, "mixed").sign for p in "bc"] == ["-", "+"]
    here = solution.at(b=3)["mixed"].outcomes["cooperation"]
    gain = [3 * (k**3 + k**5) / 100 - 1 for k in range(7)]
    peer = brentq(lambda x: sum(g * binom.pmf(k, 6, x) for k, g in enumerate(gain)), 0.01, 0.99)
    assert abs(float(here) - peer) < 1e-9


def test_decreasing_returns_leave_a_number_of_co_operators() -> None:
    """d(k) = b - c*k/2: m stay in iff b >= c(m-1)/2 and b <= c*m/2, so m = ceil(2b/c)."""
    solution = stated(game_text("n", "b - c*k/2")).solve()
    some = solution["some_join"]
    for b, n in ((2, 6), ("7/3", 9), ("1/10", 3)):
        (count,) = (
            branch.strategies["count"]["join"]
            for branch in solution.at(b=b, n=n).branches
            if branch.name == "some_join"
        )
        assert count == sympy.ceiling(2 * R(b))
    assert solution.provenance.exact and some.payoffs.keys() == {"join", "out"}


def test_a_quadratic_gain_has_a_stable_and_an_unstable_mixture() -> None:
    """d(k) = b*k - k^2/2 - c, mean b*N*x - (N*x + N(N-1)x^2)/2 - c with N = n - 1 = 5."""
    solution = stated(game_text("6", "b*k - k**2/2 - c")).solve()
    for b in ("2", "3", "5/2"):
        point = solution.at(b=b)
        gain = [R(b) * k - R(k**2, 2) - 1 for k in range(6)]
        found = sorted(
            float(branch.strategies["each"]["join"])
            for branch in point.branches
            if "each" in branch.strategies
        )
        assert np.allclose(found, [float(r) for r in roots(gain)])


def test_what_has_no_closed_form_is_found_at_a_point_and_said_to_be() -> None:
    """d(k) = b*[k >= 2] - c*k/3 - 1/10, n a parameter: no closed form for the mixtures."""
    game = stated(game_text("n", "piecewise(b, k >= 2, 0) - c*k/3 - 1/10"))
    solution = game.solve()
    assert MIXTURES in solution.provenance.left_out
    for n in (6, 40):
        gain = [(R(2) if k >= 2 else 0) - R(k, 3) - R(1, 10) for k in range(n)]
        point = solution.at(n=n)
        found = [b for b in point.branches if "each" in b.strategies]
        inside = sorted(float(b.strategies["each"]["join"]) for b in found)
        assert np.allclose(inside, [float(r) for r in roots(gain)])
        assert [b.note for b in found] == ["unstable", "stable"][: len(found)]


def test_more_than_a_thousand_players_are_refused_where_roots_must_be_sought() -> None:
    text = game_text("n", "piecewise(b, k >= 2, 0) - c*k/3 - 1/10").replace("1000]", "2000]")
    with pytest.raises(LimitReached, match="1500 players"):
        stated(text).solve().at(n=1500)


def test_closed_forms_hold_at_a_thousand_players(solutions: Mapping[str, Solution]) -> None:
    """The certificate sums a thousand binomial terms to sixty digits."""
    found = solutions["volunteer"].at(n=1000)["mixed"].outcomes["cooperation"]
    assert abs(float(found) - (1 - 0.25 ** (1 / 999))) < 1e-15


def test_a_gain_that_never_varies_and_may_vanish_is_noted() -> None:
    note = (
        "where co-operating makes no difference to payoffs, every combination of actions is an "
        "equilibrium"
    )
    assert note in stated(game_text("n", "b - c")).solve().provenance.notes
    assert note not in stated(game_text("n", "b*k - c")).solve().provenance.notes


def test_a_threat_is_needed_only_where_co_operation_is_no_equilibrium_once(
    solutions: Mapping[str, Solution],
) -> None:
    """Where beta >= c + t all take part without any threat, whatever the weight of the future."""
    point = solutions["association"].at(beta=6, delta=0)
    assert [b.name for b in point.branches] == ["all_take_part", "all_take_part_repeated"]
    assert proved(
        solutions["association"],
        "beta*(1 + delta*(1 - h)*(n - 1)) >= c + t",
        "all_take_part_repeated",
    )


def test_a_game_of_two_players_is_the_normal_form_game(solutions: Mapping[str, Solution]) -> None:
    """minimum_effort at n = 2 is a stag hunt: (work, work), (shirk, shirk), mixture c/b."""
    text = """
format = 1
form = "normal"
headline = "shirk,shirk"
assumptions = ["b > c"]
[parameters]
b = { meaning = "gain", unit = "u", domain = "(0, oo)", default = "2", source = "chosen" }
c = { meaning = "cost", unit = "u", domain = "(0, oo)", default = "1", source = "chosen" }
[players]
one = ["work", "shirk"]
two = ["work", "shirk"]
[payoffs]
"work,work" = ["b - c", "b - c"]
"work,shirk" = ["-c", "0"]
"shirk,work" = ["0", "-c"]
"shirk,shirk" = ["0", "0"]
"""
    section = Section(tomllib.loads(text))
    normal = read_game(section, "stated", "")
    section.settle()
    for b, c in ((2, 1), (7, 3)):
        ours = {
            branch.outcomes["cooperation"]
            for branch in solutions["minimum_effort"].at(b=b, c=c, n=2).branches
        }
        theirs = {
            branch.strategies["one"].get("work", sympy.S.Zero)
            for branch in normal.solve().at(b=b, c=c).branches
        }
        assert ours == theirs == {0, 1, R(c, b)}


# --- faults ------------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    text = game_text("n", "b*k - c").replace("b =", "k =").replace('"out"', '"join"')
    text += 'colour = 3\n[mixed_outcomes]\nodd = "nowhere"\n'
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_game(str(tmp_path / "bad.toml"))
    places = {fault.place for fault in caught.value.faults}
    assert places >= {"parameters.k", "actions", "mixed_outcomes.odd", "payoffs.join"}


@pytest.mark.parametrize(
    ("players", "payoff", "place"),
    [
        ("1", "b*k - c", "players"),
        ("b", "b*k - c", "players"),
        ("5/2", "b*k - c", "players"),
        ("6", "b/(k - 2) - c", "payoffs.join"),
    ],
)
def test_players_are_two_or_more_and_payoffs_defined(
    tmp_path: Path, players: str, payoff: str, place: str
) -> None:
    (tmp_path / "bad.toml").write_text(game_text(players, payoff), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_game(str(tmp_path / "bad.toml"))
    assert place in {fault.place for fault in caught.value.faults}


def test_mixtures_of_a_private_gain_do_not_exist(solutions: Mapping[str, Solution]) -> None:
    """Where the gain is the same whatever the others do and not zero, nobody mixes."""
    for name in ("association", "public_good"):
        assert all("count" in branch.strategies for branch in solutions[name].branches)
        domain = solutions[name].domain
        assert feasible(domain.constraints, domain.integers).exists
