"""Identical players: some sure and some mixing, two chances, borders, and what is left out."""

from __future__ import annotations

import math
import random
import tomllib
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from scipy.optimize import root as find_root

import coopgame as cg
from coopgame import catalogue
from coopgame.algebra.binomial import K
from coopgame.algebra.chances import chances
from coopgame.errors import InputError
from coopgame.forms.base import Header
from coopgame.forms.gamefile import read_game
from coopgame.forms.symmetric.game import SymmetricGame
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.solution import Branch, Solution
from coopgame.tables.sweep import table
from tests.peers import pygambit

R = sympy.Rational
UNSEEN = Path(__file__).parent / "unseen"


def tabled(first: list[Any], second: list[Any]) -> SymmetricGame:
    """The game of numbers with these payoffs for k = 0, 1, ..., n - 1 others co-operating."""
    payoffs = tuple(
        sympy.Piecewise(*((v, sympy.Eq(K, k)) for k, v in enumerate(values)), (0, True))
        for values in (first, second)
    )
    header, players = Header(Info("tabled", "", "", ""), Domain(), ""), sympy.Integer(len(first))
    return SymmetricGame(header, players, ("C", "D"), payoffs, None, {}, {})


def profile(branch: Branch, n: int) -> list[float]:
    """Each player's chance of the first action."""
    found: list[float] = []
    for key, strategy in branch.strategies.items():
        if key == "count":
            found += [1.0] * int(strategy["C"]) + [0.0] * int(strategy["D"])
        else:
            size = n if key == "each" else int(key.split("_")[0])
            found += [float(sympy.N(strategy["C"], 20))] * size
    assert len(found) == n
    return sorted(found)


def judged(first: list[Any], second: list[Any], chances: list[float]) -> tuple[float, float]:
    """The greatest gain by a deviation, and the mean payoff, over all 2^n profiles of actions."""
    n, worst, total = len(first), 0.0, 0.0
    for i in range(n):
        others, pays = chances[:i] + chances[i + 1 :], [0.0, 0.0]
        for actions in product((0, 1), repeat=n - 1):
            weight = math.prod(q if a else 1 - q for q, a in zip(others, actions, strict=True))
            pays[0] += weight * float(first[sum(actions)])
            pays[1] += weight * float(second[sum(actions)])
        own = chances[i] * pays[0] + (1 - chances[i]) * pays[1]
        worst, total = max(worst, max(pays) - own), total + own / n
    return worst, total


def at(name: str, **values: Any) -> Solution:
    game = catalogue.load_game(str(UNSEEN / f"{name}.toml") if name not in CATALOGUE else name)
    point = game.header.domain.point(values)
    return game.substitute(point).solve()


CATALOGUE = ("volunteer", "association_threshold", "trajectory", "minimum_effort")


# --- some are sure and some mix ----------------------------------------------------------------


def test_two_wait_for_sure_and_two_volunteer_with_three_quarters() -> None:
    """A volunteer has b - c = 3. Of two who mix one waits: 4*p = 3 at p = 3/4, and the sure ones
    have 4*(1 - 1/16) = 15/4 against 3. Of three, 4*(1 - (1 - p)^2) = 3 at p = 1/2, the sure one
    has 4*(1 - 1/8) = 7/2."""
    solution = at("volunteer", n=4, b=4, c=1)
    assert [b.name for b in solution.branches] == [
        "one_volunteer",
        "mixed",
        "1_wait_3_mix",
        "2_wait_2_mix",
    ]
    for name, share, sure, welfare in (
        ("2_wait_2_mix", R(3, 4), R(15, 4), R(27, 8)),
        ("1_wait_3_mix", R(1, 2), R(7, 2), R(25, 8)),
    ):
        branch = solution[name]
        assert branch.strategies[name[-5:]]["volunteer"] == share
        assert branch.payoffs == {"wait": sure, "mix": 3}
        assert branch.outcomes["welfare"] == welfare
    assert solution.provenance.exact and not solution.provenance.left_out


def test_four_players_may_mix_with_two_different_chances() -> None:
    """Three of four are needed, each pivotal where two of the other three give. If two mix with u
    and two with v, K = Bernoulli(u) + Bernoulli(v) must have P(K = 1) = P(K = 2) = c: then both
    kinds are pivotal with chance c. With s = u + v and q = u*v: s - 2*q = q = c, so that u and v
    are the roots of t^2 - 3*c*t + c; at c = 23/50 both lie in (0, 1), although all alike are
    pivotal with chance 4/9 < c at most."""
    c = R(23, 50)
    solution = tabled([-c, -c, 1 - c, 1 - c], [0, 0, 0, 1]).solve()
    assert "mixed" not in {b.name[:5] for b in solution.branches}
    groups = list(solution["2_mix_2_mix"].strategies.values())
    for strategy in groups:
        t = strategy["C"]
        assert sympy.expand(t**2 - 3 * c * t + c) == 0
    assert groups[0]["C"] != groups[1]["C"]
    lone = tabled([-1, -1, 1, -1], [0, 0, 0, 0]).solve()
    assert not [b for b in lone.branches if b.name.count("mix") == 2]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_listed_is_an_equilibrium_by_brute_force(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(5):
        n, size = draw.choice([2, 3, 4, 5]), draw.choice([1, 2, 6])
        first, second = ([draw.randint(-size, size) for _ in range(n)] for _ in range(2))
        solution = tabled(first, second).solve()
        names = [b.name for b in solution.branches]
        assert len(set(names)) == len(names)
        for branch in solution.branches:
            regret, welfare = judged(first, second, profile(branch, n))
            assert regret < 1e-9, (first, second, branch.name)
            assert abs(welfare - float(sympy.N(branch.outcomes["welfare"], 20))) < 1e-8


def test_no_equilibrium_of_a_blind_search_is_missing() -> None:
    """Newton's method from random places, each player with a chance of her own, on the equations
    of indifference of those who mix; whatever is an equilibrium by brute force must be listed."""
    draw, places, hits = random.Random(3), np.random.default_rng(3), 0

    def gain(values: list[int], others: Any) -> float:
        weights = np.array([1.0])
        for p in others:
            weights = np.convolve(weights, [1 - p, p])
        return float(weights @ np.array(values[: len(weights)], dtype=float))

    for n in (3, 4, 4, 5):
        values = [draw.choice([-9, -5, -2, 1, 4, 7]) for _ in range(n)]
        known = [profile(b, n) for b in tabled(values, [0] * n).solve().branches]
        for m, j in [(n - l - i, i) for i in range(n - 1) for l in range(n - 1 - i)]:
            for _ in range(6):

                def gains(p: Any, seen: list[int] = values[j:], size: int = m) -> list[float]:
                    return [gain(seen, np.delete(p, i)) for i in range(size)]

                found = find_root(gains, places.uniform(0, 1, m), tol=1e-12)
                if not found.success or not all((found.x > 1e-6) & (found.x < 1 - 1e-6)):
                    continue
                whole = sorted([*map(float, found.x), *[1.0] * j, *[0.0] * (n - m - j)])
                if judged(values, [0] * n, whole)[0] < 1e-9:
                    hits += 1
                    assert any(np.allclose(whole, one, atol=1e-5) for one in known), values
    assert hits > 10


@pytest.mark.parametrize("seed", range(3))
def test_two_players_have_the_extreme_equilibria_of_the_bimatrix(seed: int) -> None:
    """Against Gambit's vertex enumeration, ties drawn on purpose; `one_C` is both orders."""
    draw = random.Random(seed)
    for _ in range(12):
        (a0, a1), (b0, b1) = ([draw.randint(-2, 2) for _ in range(2)] for _ in range(2))
        rows = np.array([[a1, a0], [b1, b0]], dtype=object)
        peer = pygambit.nash.enummixed_solve(pygambit.Game.from_arrays(rows, rows.T)).equilibria
        theirs = {
            tuple(sorted(float(e[next(iter(player.strategies))]) for player in e.game.players))
            for e in peer
        }
        ours = {tuple(profile(b, 2)) for b in tabled([a0, a1], [b0, b1]).solve().branches}
        assert ours == theirs, (a0, a1, b0, b1)


def test_where_the_gain_is_nothing_the_infinite_set_is_told() -> None:
    """d = (1, 0, -1): with one sure of each action the third is indifferent."""
    solution = tabled([1, 0, -1], [0, 0, 0]).solve()
    counts = {b.name for b in solution.branches if "count" in b.strategies}
    assert counts == {"one_C", "2_C"}
    assert any("1 C and 1 D for sure" in note for note in solution.provenance.notes)
    everything = tabled([1, 2], [1, 2]).solve().provenance.notes
    assert any("every profile is an equilibrium" in note for note in everything)


def test_a_repeated_root_belongs_to_an_infinite_set() -> None:
    """d = (1, -1, 1): f = (1 - 2x)^2 touches zero at 1/2. With the two others at 1/2 and the gains
    seen by them (1 - p)*d(0) + p*d(1) mixed again to nothing, the third may do anything."""
    solution = tabled([1, -1, 1], [0, 0, 0]).solve()
    assert solution["mixed_stable"].outcomes["cooperation"] == R(1, 2)
    assert any(note.startswith("mixed_stable: ") for note in solution.provenance.notes)
    for p in (0.0, 0.2, 1.0):
        assert judged([1, -1, 1], [0, 0, 0], [0.5, 0.5, p])[0] < 1e-12


# --- many players ------------------------------------------------------------------------------


def test_a_hundred_players_are_solved_and_told_what_is_left_out() -> None:
    solution = at("volunteer", n=100, b=4, c=1)
    assert [b.name for b in solution.branches] == ["one_volunteer", "mixed"]
    assert solution["mixed"].outcomes["defection"] == sympy.root(R(1, 4), 99)
    assert any("up to 10 players" in note for note in solution.provenance.left_out)
    rising = at("minimum_effort", n=100)
    assert rising.provenance.exact and not rising.provenance.left_out


def test_a_chance_without_a_formula_is_a_number_that_text_can_hold() -> None:
    """Twenty gains without order: the roots are within 1e-29, and not called exact."""
    values = [R((7 * k * k + 3 * k) % 11 - 5, 3) for k in range(20)]
    found = chances(values)
    assert found and not any(zero.exact for zero in found)
    assert all(len(str(zero.value.q)) <= 16 for zero in found)
    solution = tabled(values, [0] * 20).solve()
    assert not solution.provenance.exact


def test_closed_forms_of_irrational_payoffs_are_exact() -> None:
    """Proportions decide: exp(-1)*(1, 1, -2) has the root of 1 - 3x^2."""
    e = sympy.exp(-1)
    (zero,) = chances([e, e, -2 * e])
    assert zero.exact and sympy.simplify(zero.value - 1 / sympy.sqrt(3)) == 0
    (pivot,) = chances([sympy.sqrt(2), sympy.S.Zero, -sympy.sqrt(3)])
    assert pivot.exact and sympy.N(pivot.value - 1 / (1 + sympy.root(R(3, 2), 4)), 30) < 1e-25


# --- symbols and points ------------------------------------------------------------------------


def test_three_of_five_has_two_mixtures_that_meet_where_c_is_three_eighths() -> None:
    """Pivotal with chance 6*x^2*(1-x)^2 = c, at most 3/8; at 1/4 x = 0.2858 and 0.7142."""
    game = catalogue.load_game(str(UNSEEN / "sym_kofn.toml")).substitute({"n": 5, "m": 3})
    symbolic = game.solve()
    alike = ["all_keep", "3_give", "mixed_unstable", "mixed_stable"]
    assert {b.name for b in symbolic.branches} == set(alike)
    for c, names in ((R(1, 4), alike), (R(3, 8), ["all_keep", "3_give", "mixed_stable"]),
                     (R(1, 2), ["all_keep", "3_give"])):  # fmt: skip
        here = game.substitute({"c": c}).solve()
        assert [b.name for b in here.branches if "_mix" not in b.name] == names
        holding = {
            b.name: b.substitute({sympy.Symbol("c", real=True): c}).outcomes["cooperation"]
            for b in symbolic.branches
            if all(k.subs(sympy.Symbol("c", real=True), c) == sympy.true for k in b.conditions)
        }
        assert set(holding) == set(names)
        for name, share in holding.items():
            assert abs(sympy.N(share - here[name].outcomes["cooperation"], 30)) < 1e-25
    low = game.substitute({"c": R(1, 4)}).solve()["mixed_unstable"].outcomes["cooperation"]
    assert abs(float(low) - 0.285814) < 1e-6


def test_conditions_of_a_threshold_are_told_without_pieces() -> None:
    """All give only where all are needed; nobody does where two or more are."""
    solution = catalogue.load_game(str(UNSEEN / "sym_kofn.toml")).solve()
    m, n = sympy.symbols("m n", real=True)
    assert solution["all_give"].conditions == (sympy.Eq(m, n),)
    assert solution["all_keep"].conditions == (sympy.Ge(m, 2),)
    assert len(solution.provenance.left_out) > 1 and solution.partial == sympy.true


def test_the_training_centre_has_its_tipping_share_at_the_defaults() -> None:
    """g*(n-1)*x*(1-p) = F*(1 - (1-x)^n)/(n*x): the mean of 1/(k+1) is (1 - (1-x)^n)/(n*x)."""
    game = catalogue.load_game(str(UNSEEN / "centre.toml"))
    symbolic = game.solve()
    assert symbolic.provenance.left_out[-1].startswith("mixtures of all players")
    here = at("centre")
    assert [b.name for b in here.branches] == ["all_join", "all_poach", "mixed"]
    x = float(here["mixed"].outcomes["cooperation"])
    assert abs(2 * 7 * x * 3 / 4 - 12 * (1 - (1 - x) ** 8) / (8 * x)) < 1e-9
    assert abs(x - 0.373449) < 1e-6 and here.provenance.exact


def test_fingers_have_a_closed_form() -> None:
    """(1-x)^2 = s*x^2, so that (1-x)/x = sqrt(s)."""
    s = sympy.Symbol("s", real=True)
    mixed = catalogue.load_game(str(UNSEEN / "fingers.toml")).solve()["mixed"]
    assert sympy.simplify(mixed.outcomes["cooperation"] - 1 / (1 + sympy.sqrt(s))) == 0


TEXT = """
format = 1
form = "symmetric"
headline = "HEAD"
players = "3"
actions = ["join", "out"]
[parameters]
a = { meaning = "a", unit = "u", domain = "integers [-3, 3]", default = "1", source = "chosen" }
b = { meaning = "b", unit = "u", domain = "integers [-3, 3]", default = "1", source = "chosen" }
c = { meaning = "c", unit = "u", domain = "integers [-3, 3]", default = "1", source = "chosen" }
[payoffs]
join = "piecewise(a, k == 0, b, k == 1, c)"
out = "0"
"""


def stated(text: str) -> Any:
    section = Section(tomllib.loads(text))
    game = read_game(section, "stated", "")
    section.settle()
    return game


def test_symbols_and_points_agree_on_every_integer_point_of_three_players() -> None:
    """Any gains (a, b, c) of three players: at each of 343 integer points the branches that hold
    are, by name and share, those that the point solution lists for all alike."""
    game = stated(TEXT.replace("HEAD", "mixed"))
    symbolic = game.solve()
    names = sympy.symbols("a b c", real=True)
    seen: Counter[str] = Counter()
    for values in product(range(-3, 4), repeat=3):
        if sum(map(abs, values)) % 3:
            continue
        point = dict(zip(names, map(sympy.Integer, values), strict=True))
        here = game.substitute({s.name: v for s, v in point.items()}).solve()
        listed = {b.name: b for b in here.branches if "_mix" not in b.name}
        holding = {
            b.name: b.outcomes["cooperation"].subs(point)
            for b in symbolic.branches
            if all(condition.subs(point) == sympy.true for condition in b.conditions)
        }
        assert set(holding) == set(listed), values
        for name, share in holding.items():
            gap = sympy.N(share - listed[name].outcomes["cooperation"], 20)
            assert abs(gap) < 1e-15, (values, name)
        seen.update(holding)
    assert {"mixed", "mixed_stable", "mixed_unstable", "one_join", "2_join"} <= set(seen)


def test_a_headline_that_no_branch_can_have_is_a_fault() -> None:
    for name in ("all_join", "2_join", "mixed_stable", "1_out_2_mix", ""):
        stated(TEXT.replace("HEAD", name))
    for name in ("nonsense", "3_join", "all_join_repeated", "2_out_2_mix"):
        with pytest.raises(InputError, match="equilibria: all_join, all_out"):
            stated(TEXT.replace("HEAD", name))


def test_nothing_tempts_where_nothing_is_at_stake() -> None:
    """Joining pays b*k and staying (b + c)*k: grim trigger asks for delta >= c/(b + c).

    With b = c = 0 nobody is tempted, so that no patience is needed; the quotient is 0/0 there.
    """
    game = catalogue.load_game(str(UNSEEN / "nothing_at_stake.toml"))
    rows = table(game, {"b": [0, 1], "c": [0, 1]}, outcomes=["critical_patience"]).rows()
    held = {(b, c): v for b, c, n, s, v in rows if n == "all_join_repeated" and s == "value"}
    assert held == {(0, 0): 0, (1, 0): 0, (1, 1): 0.5}


def test_a_row_at_which_nothing_is_at_stake_has_every_number_of_co_operators() -> None:
    """d(k) = x whatever the others do: at x = 0 all numbers, 0 to n, are equilibria."""
    game = cg.game(
        "symmetric", players="n", actions=["join", "stay"], payoffs={"join": "x", "stay": 0},
        parameters={"x": "integers [0, 5]", "n": "integers [3, 5]"},
    )  # fmt: skip
    rows = list(cg.table(game, {"x": [0, 1]}, {"n": 4}).rows())
    held = {x: {row[1] for row in rows if row[0] == x and row[2] == "value"} for x in (0, 1)}
    assert held[0] == {"all_stay", "one_join", "2_join", "3_join", "all_join"}
    assert held[1] == {"all_join"}


def test_a_threshold_over_a_denominator_that_is_no_polynomial() -> None:
    """Alone among n - 1 joiners one gains b*exp(1 - n) by staying: all join exactly where that is
    not positive, b <= 0. No n is a threshold, as a multiple of exp(-n) is never a polynomial in n.
    """
    game = cg.game(
        "symmetric", players="n", actions=["join", "stay"],
        payoffs={"join": 0, "stay": "b*exp(-k)"},
        parameters={"b": "[-1, 1]", "n": "integers [2, 6]"},
    )  # fmt: skip
    solution = game.solve()
    assert solution.bounds("b", "all_join") == (None, 0)
    with pytest.raises(InputError):
        solution.bounds("n", "all_join")


def test_a_chance_is_a_number_where_the_mean_gain_is_a_line() -> None:
    """Joining pays x*(k - 1), staying b*(1 - (k/n)**2). With b = 0, x = -1 and n = 4 the gain of
    joining is 1, 0, -1, -2 in k, on average 1 - 3*p: all mix with 1/3. The formula of a quadratic
    divides by what is zero there, unless it is written the other way round."""
    game = cg.game(
        "symmetric", players="n", actions=["join", "stay"],
        payoffs={"join": "x*(k - 1)", "stay": "b*(1 - (k/n)**2)"},
        parameters={"b": "(-oo, 4)", "x": "integers [-2, 2]", "n": "integers [3, 5]"},
        assume=["1/2 + 2*b >= 0"],
    )  # fmt: skip
    at = {symbol(name): sympy.Integer(v) for name, v in {"b": 0, "x": -1, "n": 4}.items()}
    share = game.solve()["mixed"].substitute(at).outcomes["cooperation"]
    assert share == sympy.Rational(1, 3)


def test_a_mixture_on_one_piece_is_told_by_that_piece() -> None:
    """Two players; who stays gets b if the other joins and m <= 1 (m whole, at least 1), who joins
    1/2. With m = 1: mixing at p = 1/(2*b) where 2*b > 1. Elsewhere nobody is ever tempted, where
    the chance would divide by nothing."""
    game = catalogue.load_game(str(UNSEEN / "mixed_on_one_piece.toml"))
    solution = game.solve()
    b = symbol("b")
    mixed = solution["mixed"]
    assert set(map(str, mixed.conditions)) == {"Eq(m, 1)", "2*b > 1"}
    assert sympy.simplify(mixed.outcomes["cooperation"] - 1 / (2 * b)) == 0
    assert solution["all_join_repeated"].outcomes["critical_patience"] == 0
    told = [v for x in solution.branches for v in (*x.payoffs.values(), *x.outcomes.values())]
    assert not any(value.has(sympy.zoo, sympy.nan) for value in told)
