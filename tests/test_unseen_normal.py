"""Two players in normal form: games nobody had in mind, answers by hand or by Gambit."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import coopgame as cg
from coopgame.catalogue import load_game
from coopgame.forms.base import Header
from coopgame.forms.normal import extremes, irrational, polytopes
from coopgame.forms.normal.extremes import extreme_equilibria
from coopgame.forms.normal.game import NormalGame
from coopgame.language.deciding import decide
from coopgame.language.expressions import parse
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.language.reals import sign_of
from coopgame.proofs.questions import feasible
from coopgame.reading.info import Info
from coopgame.solution import Branch, Solution
from tests.peers import pygambit

UNSEEN = Path(__file__).parent / "unseen"
Matrix = list[list[Fraction]]
HALF, QUARTER = sympy.Rational(1, 2), sympy.Rational(1, 4)


def unseen(name: str) -> NormalGame:
    game = load_game(str(UNSEEN / name))
    assert isinstance(game, NormalGame)
    return game


def at(name: str, **values: Any) -> Solution:
    """The equilibria of a case where values are set, and defaults elsewhere."""
    game = unseen(name)
    return game.substitute(game.header.domain.point(values)).solve()


def bimatrix(first: list[list[str]], second: list[list[str]], **domains: str) -> NormalGame:
    parameters = tuple(
        Parameter(name, "", "", Interval.parse(text), Interval.parse(text).upper, "")
        for name, text in domains.items()
    )
    rows = tuple(f"r{i}" for i in range(len(first)))
    columns = tuple(f"c{j}" for j in range(len(first[0])))
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (row, column): (parse(first[i][j], set(domains)), parse(second[i][j], set(domains)))
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }
    header = Header(Info("game", "game", "", ""), Domain(parameters), "")
    return NormalGame(header, {"row": rows, "col": columns}, payoffs, {})


def shares(branch: Branch) -> tuple[tuple[sympy.Expr, ...], ...]:
    return tuple(tuple(mixture.values()) for mixture in branch.strategies.values())


def profiles(solution: Solution) -> set[tuple[tuple[sympy.Expr, ...], ...]]:
    return set(map(shares, solution.branches))


# --- the kinds ------------------------------------------------------------------------

TIE = {
    ((3 * QUARTER, QUARTER), (1, 0, 0)),
    ((QUARTER, 3 * QUARTER), (1, 0, 0)),
}


@pytest.mark.parametrize("x", ["2", "5/2", "1", "4"])
def test_a_tie_at_a_point_with_irrational_payoffs(x: str) -> None:
    """At t = 0 both rows are worth 0 against c1, the column's best reply (worth 0) as long as
    c2 (p - 3(1-p)) and c3 (1-p - 3p) are worth no more: 1/4 <= p <= 3/4. No other equilibrium:
    against c2 row 2 is strictly better and c3 the answer to it; against c3 row 1, and c2."""
    solution = at("irr_border_empty.toml", t=0, x=x)
    assert profiles(solution) == TIE
    (component,) = solution.boundaries or ()
    assert {shares(branch) for branch in component.extremes} == TIE


def test_a_border_of_a_whole_number_is_no_null_set() -> None:
    """The same game with t = -1, 0, 1: at t = 0 the symbolic list has what is there, too."""
    assert profiles(at("border_empty_int.toml", t=0)) == TIE
    solution = unseen("border_empty_int.toml").solve()
    here = [b for b in solution.branches if sympy.Eq(sympy.Symbol("t", real=True), 0)
            in b.conditions]  # fmt: skip
    assert {shares(branch) for branch in here} == TIE


def test_equilibria_on_one_piece_of_the_payoffs() -> None:
    """For x <= 1/2 max(0, x - 1/2) is 0, so that the row player is indifferent everywhere. The
    column player is, at p = 1/2. Extremes: the pure ones and (1/2, 1/2) against either column."""
    solution = unseen("pw_max.toml").solve()
    everywhere = {
        ((1, 0), (1, 0)),
        ((0, 1), (0, 1)),
        ((HALF, HALF), (1, 0)),
        ((HALF, HALF), (0, 1)),
    }
    assert profiles(solution) == everywhere == profiles(at("pw_max.toml", x="1/4"))
    assert profiles(at("pw_max.toml", x=1)) == {((1, 0), (1, 0))}
    for branch in solution.branches[1:]:
        assert [str(c) for c in branch.conditions] == ["2*x <= 1"]


def test_an_all_pay_auction_on_the_border_between_two_regimes() -> None:
    """Bids 0 to 3, prize 4: each of (1/2, 0, 1/2, 0) and (0, 1/2, 0, 1/2) is a best reply to
    each. Against the first the payoffs are v/4, v/2 - 1, 3v/4 - 2, v - 3 = 1, 1, 1, 1; against
    the second 0, v/4 - 1, v/2 - 2, 3v/4 - 3 = 0, 0, 0, 0."""
    even, odd = (HALF, 0, HALF, 0), (0, HALF, 0, HALF)
    assert profiles(at("allpay4.toml", v=4)) == {(a, b) for a in (even, odd) for b in (even, odd)}


def test_a_branch_that_needs_a_whole_number_between_two_neighbours_is_none() -> None:
    """Every payoff of this Cournot game of whole numbers turns on a - c only; a mixture would need
    k < a - c < k + 1."""
    solution = unseen("cournot_tie_int.toml").solve()
    assert not any("undecided" in note for note in solution.provenance.told)
    assert not [b.name for b in solution.branches if b.name.startswith("mixed")]


def test_the_full_mixture_of_seven_actions() -> None:
    """Each action beats three and loses to three: a tournament that looks alike from everywhere,
    so that all mix equally. Given values list all there is."""
    solution = unseen("rps7.toml").solve()
    (branch,) = solution.branches
    assert set(branch.strategies["row"].values()) == {sympy.Rational(1, 7)}
    assert solution.provenance.left_out and solution.partial == sympy.true
    assert profiles(at("rps7.toml")) == profiles(solution)


@pytest.mark.parametrize(("name", "count"), [("big9.nfg", 9), ("big10.nfg", None)])
def test_large_games_of_numbers(name: str, count: int | None) -> None:
    game = unseen(name)
    start = time.perf_counter()
    solution = game.solve()
    assert time.perf_counter() - start < 20
    assert count is None or len(solution.branches) == count
    assert len(profiles(solution)) == len(solution.branches) > 0


def test_a_game_of_fifty_symbols_at_its_defaults() -> None:
    start = time.perf_counter()
    solution = at("allsym5.toml")
    assert time.perf_counter() - start < 3
    names = {branch.name for branch in solution.branches}
    assert names >= {"r0,c2", "r1,c0", "r3,c1", "mixed{r0,r1,r3|c0,c1,c2}"}


@pytest.mark.slow
def test_a_game_of_fifty_symbols_says_what_is_left_out() -> None:
    start = time.perf_counter()
    solution = unseen("allsym5.toml").solve()
    assert time.perf_counter() - start < 120
    assert len(solution.branches) >= 25 and solution.provenance.left_out


@pytest.mark.parametrize("swap", [False, True])
def test_players_with_one_action(swap: bool) -> None:
    """Against the only row the column's best: c0 for x > 1/2, both at x = 1/2."""
    first, second = [["0", "0"]], [["x", "1/2"]]
    if swap:
        first, second = [["x"], ["1/2"]], [["0"], ["0"]]
    game = bimatrix(first, second, x="[0, 1]")
    solution = game.solve()
    assert len(solution.branches) == 2
    assert len(solution.at(x="1/2").branches) == 2
    assert len(solution.at(x="1/2").boundaries or ()) == 1
    assert len(solution.at(x="2/3").branches) == 1
    (only,) = bimatrix([["x"]], [["0"]], x="[0, 1]").solve().branches
    assert only.name == "r0,c0"


# --- what is left out is said ---------------------------------------------------------


def test_borders_are_named_where_there_are_some_and_only_there() -> None:
    """Hawks and doves meet a border at v = c; with v > c in the domain there is none."""
    rows = [["(v - 1)/2", "v"], ["0", "v/2"]]
    across = [list(column) for column in zip(*rows, strict=True)]
    (note,) = bimatrix(rows, across, v="(0, 2]").solve().provenance.told
    assert "on the borders" in note
    assert bimatrix(rows, across, v="(1, 2]").solve().provenance.told == ()


def test_a_border_that_is_a_face_of_the_domain_is_named() -> None:
    """At v = 1, the end of the domain, a dove is as good as a hawk against a hawk."""
    rows = [["(v - 1)/2", "v"], ["0", "v/2"]]
    across = [list(column) for column in zip(*rows, strict=True)]
    solution = bimatrix(rows, across, v="[1, 2]").solve()
    held = {name for name in ("r0,c0", "r0,c1", "r1,c0")
            if name in {b.name for b in solution.at(v=1).branches}}  # fmt: skip
    assert len(held) > len([b for b in solution.branches if not b.conditions])
    assert "on the borders" in solution.provenance.told[0] or len(solution.branches) >= len(held)


def test_games_too_large_for_their_mixtures_keep_the_pure_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(polytopes, "MAX_VERTICES", 3)
    solution = bimatrix([["2", "0"], ["0", "1"]], [["2", "0"], ["0", "1"]]).solve()
    assert {branch.name for branch in solution.branches} == {"r0,c0", "r1,c1"}
    assert "pure actions" in solution.provenance.told[0] and solution.partial == sympy.true


# --- numbers: exact signs, other enumerations -----------------------------------------

ZEROS = [
    "sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2)",
    "log(4) - 2*log(2)",
    "log(2)*(sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2))",
    "exp(1/2)*exp(1/2) - exp(1)",
    "log(3/2) + log(2) - log(3)",
    "exp(sqrt(3 + 2*sqrt(2))) - exp(1)*exp(sqrt(2))",
    "1/(1 + sqrt(2)) - sqrt(2) + 1",
]


@pytest.mark.parametrize("text", ZEROS)
def test_numbers_that_are_zero_and_those_that_are_next_to_it(text: str) -> None:
    zero = parse(text, set())
    tiny = sympy.Rational(1, 10**40)
    assert (sign_of(zero), sign_of(zero + tiny), sign_of(zero - tiny)) == (0, 1, -1)


FACTORS = ["sqrt(2)", "1 + sqrt(2)", "exp(1)", "log(3)", "sqrt(1 + sqrt(2))", "3/2", "exp(1/2)"]


@pytest.mark.parametrize("seed", range(12))
def test_irrational_vertices_tie_what_rational_ones_tie(seed: int) -> None:
    """Positive factors of the actions (columns here) stretch a best-response polytope: the same
    actions are unplayed and the same replies best at its vertices."""
    generator = random.Random(seed)
    width, count, most = generator.randint(1, 3), generator.randint(1, 4), generator.choice([2, 9])
    table = [[generator.randint(1, most) for _ in range(width)] for _ in range(count)]
    by = [parse(generator.choice(FACTORS), set()) for _ in range(width)]
    stretched = [[u * factor for u, factor in zip(row, by, strict=True)] for row in table]
    plain = polytopes.vertices([[Fraction(u) for u in row] for row in table])
    found, decided = irrational.vertices(stretched)
    assert decided
    assert found.support.tolist() == plain.support.tolist()
    assert found.best.tolist() == plain.best.tolist()


def test_irrational_parts_that_drop_out_leave_a_rational_game() -> None:
    """sqrt(2) times a game, plus what depends on the other's action only."""
    root = sympy.sqrt(2)
    table = [[root * 3 + sympy.E, sympy.E], [root + sympy.E, root + sympy.E]]
    assert irrational.as_rational(list(zip(*table, strict=True))) is not None
    assert irrational.as_rational([[root, sympy.S.One], [sympy.S.One, sympy.S.Zero]]) is None


def test_pennies_with_irrational_stakes() -> None:
    """The row player wins sqrt(2) or e; the column player must make her indifferent:
    q*sqrt(2) = (1-q)*e."""
    game = bimatrix([["sqrt(2)", "0"], ["0", "exp(1)"]], [["0", "1"], ["1", "0"]])
    (branch,) = game.solve().branches
    q = branch.strategies["col"]["c0"]
    assert sign_of(sympy.sqrt(2) * q - sympy.E * (1 - q)) == 0
    assert game.solve().provenance.exact


def test_whole_numbers_between_neighbours_are_excluded() -> None:
    a, c, x = sympy.symbols("a c x", real=True)
    box = [a >= 1, a <= 12, c >= 0, c <= 4]
    assert feasible([*box, a > c + 2, a < c + 3], {a, c}).exists is False
    assert feasible([*box, 2 * a > 2 * c + 5, 2 * a < 2 * c + 7], {a, c}).exists is True
    assert feasible([*box, x**2 < a - 12, x > 0], {a}).exists is False


# --- Gambit ---------------------------------------------------------------------------


def gambit(first: Matrix, second: Matrix) -> set[tuple[tuple[Fraction, ...], ...]]:
    exact = [
        np.array([[pygambit.Rational(u.numerator, u.denominator) for u in row] for row in m])
        for m in (first, second)
    ]
    game = pygambit.Game.from_arrays(*exact)
    return {
        tuple(tuple(Fraction(str(profile[s])) for s in p.strategies) for p in game.players)
        for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria
    }


def drawn(generator: random.Random, most: int) -> tuple[Matrix, Matrix]:
    """Two matrices; of two in three, one is degenerate in some way."""
    rows, columns = generator.randint(1, most), generator.randint(1, most)
    kind = generator.choice(["any", "any", "ties", "twins", "zero-sum", "dominated", "flat"])
    spread = generator.choice([1, 2, 3]) if kind == "ties" else generator.choice([9, 50, 1000])
    below = [1, generator.choice([1, 7, 12])]
    first, second = (
        [
            [Fraction(generator.randint(-spread, spread), generator.choice(below))
             for _ in range(columns)]
            for _ in range(rows)
        ]
        for _ in range(2)
    )  # fmt: skip
    one, other = generator.randrange(rows), generator.randrange(rows)
    if kind == "twins":
        first[one], second[one] = list(first[other]), list(second[other])
    elif kind == "zero-sum":
        second = [[-u for u in row] for row in first]
    elif kind == "dominated" and one != other:
        first[one] = [u - generator.randint(0, 1) for u in first[other]]
    elif kind == "flat":
        first = [[Fraction(1)] * columns for _ in range(rows)]
    return first, second


def agreeing(seed: int, count: int, most: int) -> Iterator[bool]:
    """Compare with Gambit; whether each game was degenerate."""
    generator = random.Random(seed)
    for _ in range(count):
        first, second = drawn(generator, most)
        found = extreme_equilibria(first, second)
        pairs = {(row.strategy, column.strategy) for row, column in found.pairs}
        assert pairs == gambit(first, second), (first, second)
        assert len(pairs) == len(found.pairs)
        groups = extremes.connected(found.pairs)
        assert {pair for group in groups for pair in group} == set(found.pairs)
        yield found.degenerate


def test_sixty_random_games_have_gambits_extreme_equilibria() -> None:
    assert 15 <= sum(agreeing(1, 60, 5)) <= 55


@pytest.mark.slow
def test_five_hundred_random_games_have_gambits_extreme_equilibria() -> None:
    assert 100 <= sum(agreeing(2, 440, 6)) + sum(agreeing(3, 60, 9)) <= 400


def test_ten_by_ten_in_seconds() -> None:
    generator = random.Random(10)
    first, second = (
        [[Fraction(generator.randint(1, 20)) for _ in range(10)] for _ in range(10)]
        for _ in range(2)
    )
    start = time.perf_counter()
    found = extreme_equilibria(first, second)
    assert time.perf_counter() - start < 10
    assert found.pairs


@pytest.mark.slow
def test_twelve_by_twelve_in_twenty_seconds() -> None:
    generator = random.Random(12)
    first, second = (
        [[Fraction(generator.randint(1, 20)) for _ in range(12)] for _ in range(12)]
        for _ in range(2)
    )
    start = time.perf_counter()
    found = extreme_equilibria(first, second)
    assert time.perf_counter() - start < 20
    assert found.pairs


def test_payoffs_with_many_kinks_are_solved_in_time() -> None:
    """Guess p times the mean, on 0 to 4: the lower guess is nearer iff p < 1, the higher iff p > 1.

    So 0 is weakly dominant for p <= 1, and strictly better than all against itself; 4 likewise for
    p >= 1; at p = 1 every guess ties. Twenty payoffs are pieces of their own, so that mixtures are
    sought at points; the answer says so.
    """
    began = time.process_time()
    solution = unseen("beauty.toml").solve()
    assert time.process_time() - began < 20
    away = {
        name: {b.name for b in solution.branches if holds(b, symbol("p"), value)}
        for name, value in (("low", sympy.Rational(2, 3)), ("high", sympy.Rational(3, 2)))
    }
    assert away == {"low": {"r0,c0"}, "high": {"r4,c4"}}
    assert "others may be missing" in solution.provenance.left_out[0]
    assert len(at("beauty.toml", p=1).branches) == 25


def holds(branch: Branch, name: sympy.Symbol, value: sympy.Rational) -> bool:
    return all(decide(condition.subs(name, value)) for condition in branch.conditions)


def test_no_further_equilibria_are_claimed_where_all_payoffs_tie() -> None:
    """All is equal: the four pure profiles are the extreme equilibria, on borders and elsewhere."""
    solution = bimatrix([["a", "a"], ["a", "a"]], [["1", "1"], ["1", "1"]], a="[0, 3]").solve()
    for value in (0, 1):
        assert profiles(solution.at(a=value)) == profiles(solution)
    assert all("may exist" in note for note in solution.provenance.left_out)


def test_a_ceiling_without_bound_ends_and_says_what_it_leaves_out() -> None:
    """ceil(3 + x) takes every whole number from 4 on, so that its pieces cannot all be tried.

    The row's second action pays 2 + x > sqrt(2) against c1 and 0 > -x**2 against c2, and the
    column then answers c2 (0 > -1/3): r2,c2 is the one equilibrium, for all x.
    """
    game = cg.game(
        "normal",
        players={"pr": "r1 r2", "pc": "c1 c2"},
        parameters={"x": "(0, oo)"},
        payoffs={
            "r1,c1": ("sqrt(2)", "ceil(3 + x)"),
            "r1,c2": ("-x*x", 0),
            "r2,c1": ("2 + x", "-1/3"),
            "r2,c2": (0, 0),
        },
    )
    solution = game.solve()
    assert list(solution) == ["r2,c2"]
    assert "ceil(x + 3) may lie outside -12 to 12" in solution.provenance.left_out[0]
    for x in ("1/3", 2, 40):
        assert list(solution.at(x=x)) == ["r2,c2"]
        assert not solution.at(x=x).provenance.left_out


def test_pieces_of_a_bounded_ceiling_are_all_tried() -> None:
    """With x in (0, 2), ceil(x) - 1 is 0 on (0, 1], where a column's payoffs tie, and 1 beyond."""
    game = cg.game(
        "normal",
        players={"pr": "r1 r2", "pc": "c1 c2"},
        parameters={"x": "(0, 2)"},
        payoffs={
            "r1,c1": (1, "ceil(x) - 1"),
            "r1,c2": (1, 0),
            "r2,c1": (0, 0),
            "r2,c2": (0, 0),
        },
    )
    solution = game.solve()
    assert not any("outside" in note for note in solution.provenance.left_out)
    assert set(solution.at(x="1/2")) == {"r1,c1", "r1,c2"}
    assert set(solution.at(x="3/2")) == {"r1,c1"}


@pytest.mark.parametrize("x", ["5", "9/4", "0", "-4"])
def test_two_mixtures_of_one_support_have_one_name_each_everywhere(x: str) -> None:
    """The row mixes p: 1 - p, both rows pay 1 against c1, which is best while 3p >= x(1 - p) and
    3p >= 3 - 4p. So p is fixed where c2 ties, p = x/(x + 3), best while 4x >= 9, or where c3 does,
    p = 3/7, best while 4x <= 9. At values where one of them exists it keeps its name.
    """
    case = "two_vertices_one_support.toml"
    symbolic, there = unseen(case).solve(), at(case, x=x)
    second, third = (f"mixed{{r1,r2|c1 ties {reply}}}" for reply in ("c2", "c3"))
    assert {b.name for b in symbolic.branches} == {"r1,c1", second, third}
    share = symbol("x") / (symbol("x") + 3)
    assert sympy.cancel(symbolic[second].strategies["row"]["r1"] - share) == 0
    assert symbolic[third].strategies["row"]["r1"] == sympy.Rational(3, 7)
    value = sympy.Rational(x)
    expected = {"r1,c1", second if value > sympy.Rational(9, 4) else third}
    if value != sympy.Rational(9, 4):  # there the two mixtures are one, and every reply ties
        assert {b.name for b in there.branches} == expected
    else:
        assert {b.name for b in there.branches} == {"r1,c1", "mixed{r1,r2|c1}"}


def test_continua_where_an_exponential_ties() -> None:
    """pc is indifferent against r3 where exp(-(1/2 + y + x)) = 1/2, that is x + y = log(2) - 1/2,
    and r3 is a best reply to c2 while x <= log(2) < 1: there r3,c2 and mixtures join r1,c1."""
    solution = unseen("exponential_tie.toml").solve(boundaries=True)
    found = [set(map(str, each.conditions)) for each in solution.boundaries or ()]
    assert {"Eq(2*exp(-x - y - 1/2), 1)", "x < log(2)"} in found
    assert all("False" not in conditions for conditions in found)


@pytest.mark.slow
def test_a_branch_whose_conditions_come_to_false_is_none() -> None:
    """Both players are paid the same. To mix c2 and c4 takes a mixture of rows at which both pay
    alike, but c2 pays 3 or x + y, and c4 log(2) < 1 or less than 1: c2 is better against both."""
    solution = unseen("condition_false.toml").solve()
    assert "mixed{r1,r2|c2,c4}" not in {branch.name for branch in solution.branches}
    assert all(c not in (sympy.true, sympy.false) for b in solution.branches for c in b.conditions)
    assert not any("c2,c4" in note for note in solution.provenance.notes)
