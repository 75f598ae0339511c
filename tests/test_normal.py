"""Games in normal form: reading, closed forms by hand, and what must not change an answer."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgame.errors import CertificationError, InputError
from coopgame.forms.base import Header
from coopgame.forms.gamefile import read_game
from coopgame.forms.normal.game import NormalGame
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.solution import Branch, Solution, certify

Texts = Sequence[Sequence[str]]


def bimatrix(
    first: Texts,
    second: Texts,
    domains: Mapping[str, str],
    assumptions: Sequence[str] = (),
    actions: tuple[Sequence[str], Sequence[str]] | None = None,
) -> NormalGame:
    """A two-player game whose actions are r0, r1, ... and c0, c1, ... unless named."""
    names = set(domains)
    parameters = tuple(
        Parameter(name, "", "", Interval.parse(text), sympy.Rational(1, 2), "")
        for name, text in domains.items()
    )
    rows = tuple(actions[0] if actions else (f"r{i}" for i in range(len(first))))
    columns = tuple(actions[1] if actions else (f"c{j}" for j in range(len(first[0]))))
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (row, column): (parse(first[i][j], names), parse(second[i][j], names))
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }
    domain = Domain(parameters, tuple(parse_condition(a, names) for a in assumptions))
    header = Header(Info("game", "", "", ""), domain, "mixed")
    return NormalGame(header, {"one": rows, "two": columns}, payoffs, {})


def transposed(rows: Texts) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


def probabilities(branch: Branch, player: str) -> list[sympy.Expr]:
    return list(branch.strategies[player].values())


def same(found: Sequence[sympy.Expr], texts: Sequence[str]) -> bool:
    names = {s.name for expression in found for s in expression.free_symbols}
    return all(
        sympy.cancel(expression - parse(text, names)) == 0
        for expression, text in zip(found, texts, strict=True)
    )


def equivalent(solution: Solution, branch: str, *texts: str) -> bool:
    """Whether, inside the domain, the branch's conditions are the same as those stated."""
    names = set(solution.domain.names)
    stated = [parse_condition(text, names) for text in texts]
    found = solution[branch].conditions
    both = [(found, stated), (stated, found)]
    return all(
        implies([*solution.domain.constraints, *premises], c).verdict is Verdict.PROVED
        for premises, conclusions in both
        for c in conclusions
    )


def test_bagwells_leader_mixes_iff_the_noise_is_at_most_a_quarter() -> None:
    """Bagwell 1995: the leader's payoffs [[5, 3], [6, 4]], the follower's [[2, 1], [3, 4]].

    The follower sees the leader's action S or C, but wrongly with probability n < 1/2; her plan
    SC answers each sign by the same action, SS and CC ignore it. (C, CC) is always an equilibrium.
    Let her play SC with s and SS with 1 - s: they differ after the sign C, where she is indifferent
    iff p*n = (1-p)*(1-n) with p the leader's probability of S, so p = 1 - n. The leader gains 1 by
    C, and loses the 2 that the answer S is worth with probability s*(1-2n): s = 1/(2 - 4n), which
    is a probability below 1 iff n < 1/4. With CC in the place of SS the same holds with p = n. At
    n = 1/4 both end in SC against every p from n to 1 - n.
    """
    leader = {("S", "S"): "5", ("S", "C"): "3", ("C", "S"): "6", ("C", "C"): "4"}
    follower = {("S", "S"): "2", ("S", "C"): "1", ("C", "S"): "3", ("C", "C"): "4"}

    def mean(payoffs: dict[tuple[str, str], str], action: str, plan: str) -> str:
        right, wrong = (plan[0], plan[1]) if action == "S" else (plan[1], plan[0])
        return f"(1 - n)*{payoffs[action, right]} + n*{payoffs[action, wrong]}"

    plans = ("SS", "SC", "CS", "CC")
    tables = [[[mean(p, a, plan) for plan in plans] for a in "SC"] for p in (leader, follower)]
    game = bimatrix(tables[0], tables[1], {"n": "(0, 1/2)"}, actions=(("S", "C"), plans))
    solution = game.solve()
    names = {branch.name for branch in solution.branches}
    assert names == {"C,CC", "mixed{S,C|SS,SC}", "mixed{S,C|SC,CC}"}
    assert solution["C,CC"].conditions == ()
    for name, place in (("mixed{S,C|SS,SC}", "1 - n"), ("mixed{S,C|SC,CC}", "n")):
        assert equivalent(solution, name, "n < 1/4")
        lead = solution[name].strategies["one"]["S"]
        assert sympy.cancel(lead - parse(place, {"n"})) == 0
        answer = solution[name].strategies["two"]["SC"]
        assert sympy.cancel(answer - parse("1/(2 - 4*n)", {"n"})) == 0
    assert {branch.name for branch in solution.at(n="3/10").branches} == {"C,CC"}
    (component,) = game.boundaries()
    assert component.conditions == (sympy.Eq(symbol("n"), sympy.Rational(1, 4)),)
    leads = {branch.strategies["one"]["S"] for branch in component.extremes}
    assert leads == {sympy.Rational(1, 4), sympy.Rational(3, 4)}
    assert all(branch.strategies["two"]["SC"] == 1 for branch in component.extremes)


def test_hawk_dove_is_mixed_iff_the_fight_costs_more_than_the_prize() -> None:
    """Maynard Smith and Price: prize v, cost of a fight c. Hawk earns (v - c)/2 against a hawk
    and v against a dove; doves share. For v >= c hawk is best whatever the other does; for v < c
    each is best against the other, and hawks are as good as doves at probability v/c."""
    rows = [["(v - c)/2", "v"], ["0", "v/2"]]
    domains = {"v": "(0, oo)", "c": "(0, oo)"}
    kinds = ("hawk", "dove")
    solution = bimatrix(rows, transposed(rows), domains, actions=(kinds, kinds)).solve()
    assert equivalent(solution, "hawk,hawk", "v >= c")
    assert equivalent(solution, "hawk,dove", "v <= c")
    assert equivalent(solution, "dove,hawk", "v <= c")
    assert equivalent(solution, "mixed", "v < c")
    assert same(probabilities(solution["mixed"], "one"), ["v/c", "(c - v)/c"])
    assert len(solution.branches) == 4


def test_the_stag_hunt_with_an_outside_option() -> None:
    """Stag is worth a with a stag partner, else 0; hare 1 in any case; the second player may stay
    out, which gives her u and the first player 1. With a > 1: (stag, stag) needs a >= u,
    (hare, hare) needs 1 >= u, (hare, out) needs u >= 1; the mixed equilibrium, stag with 1/a
    each, is one iff 1 >= u, as the second player then earns 1."""
    first = [["a", "0", "0"], ["1", "1", "1"]]
    second = [["a", "1", "u"], ["0", "1", "u"]]
    kinds = (("stag", "hare"), ("stag", "hare", "out"))
    domains = {"a": "(1, oo)", "u": "[0, oo)"}
    solution = bimatrix(first, second, domains, actions=kinds).solve()
    assert equivalent(solution, "stag,stag", "a >= u")
    assert equivalent(solution, "hare,hare", "u <= 1")
    assert equivalent(solution, "hare,out", "u >= 1")
    inner = solution["mixed{stag,hare|stag,hare}"]
    assert equivalent(solution, inner.name, "u <= 1")
    assert same(probabilities(inner, "one"), ["1/a", "(a - 1)/a"])
    with_out = "mixed{stag,hare|stag,out}"
    assert equivalent(solution, with_out, "u >= 1", "u < a")
    assert same(probabilities(solution[with_out], "one"), ["u/a", "(a - u)/a"])
    assert same(probabilities(solution[with_out], "two"), ["1/a", "0", "(a - 1)/a"])


def test_a_determinant_that_changes_sign_inside_the_domain() -> None:
    """One game, matching or mismatching pennies by the sign of x: mixed at 1/2 in either case."""
    rows = [["x", "0"], ["0", "x"]]
    solution = bimatrix(rows, rows, {"x": "[-1, 1]"}).solve()
    assert same(probabilities(solution["mixed"], "one"), ["1/2", "1/2"])
    assert {b.name for b in solution.at(x="1/2").branches} == {"r0,c0", "r1,c1", "mixed"}
    assert {b.name for b in solution.at(x="-1/2").branches} == {"r0,c1", "r1,c0", "mixed"}
    skew = [["x - 1/3", "0"], ["0", "x - 1/2"]]
    solution = bimatrix(skew, skew, {"x": "[-1, 1]"}).solve()
    names = {v: {b.name for b in solution.at(x=v).branches} for v in ("1", "2/5", "0")}
    assert names["1"] == {"r0,c0", "r1,c1", "mixed"}
    assert names["2/5"] == {"r0,c0"}
    assert names["0"] == {"r0,c1", "r1,c0", "mixed"}


def test_roots_min_and_max_in_payoffs_are_carried_through() -> None:
    """Pennies whose matches are worth sqrt(x) and max(x, 2): the column player plays the first
    with max(x, 2)/(sqrt(x) + max(x, 2)), so that both rows are worth the same."""
    first = [["sqrt(x)", "0"], ["0", "max(x, 2)"]]
    second = [["0", "1"], ["1", "0"]]
    solution = bimatrix(first, second, {"x": "(0, 9]"}).solve()
    assert [branch.name for branch in solution.branches] == ["mixed"]
    at_four = solution.at(x=4)["mixed"]
    assert probabilities(at_four, "two") == [sympy.Rational(2, 3), sympy.Rational(1, 3)]


FILE: dict[str, Any] = {
    "format": 1,
    "form": "normal",
    "title": "t",
    "headline": "up,left",
    "parameters": {
        "x": {"meaning": "m", "unit": "u", "domain": "[0, 1]", "default": "1/2", "source": "s"}
    },
    "players": {"row": ["up", "down"], "column": ["left", "right"]},
    "payoffs": {
        "up,left": ["x", "1"],
        "up, right": ["0", "0"],
        "down,left": ["0", "0"],
        "down,right": ["1", 1],
    },
    "outcomes": {"welfare": "row_payoff + column_payoff", "matched": "row_up*column_left"},
}


def test_a_game_is_read_and_its_outcomes_are_evaluated() -> None:
    section = Section({**FILE, "shown": ["welfare"]})
    game = read_game(section, "file", "")
    section.settle()
    assert isinstance(game, NormalGame)
    assert game.payoffs["up", "left"] == (symbol("x"), 1)
    found = game.solve().at(x="1/2")
    assert found["mixed"].outcomes["matched"] == sympy.Rational(1, 2) * sympy.Rational(2, 3)
    assert found["down,right"].outcomes["welfare"] == 2


FAULTY = [
    ({"players": {"row": ["up", "down"]}}, "players", "1 players"),
    ({"players": {**FILE["players"], "row": ["up", "up"]}}, "players.row", "twice"),
    ({"players": {**FILE["players"], "row": ["up", "do wn"]}}, "players", "not a name"),
    ({"players": {"x_payoff": ["a"], "x": ["payoff"]}}, "players", "both for"),
    ({"payoffs": {**FILE["payoffs"], "up,left": ["x"]}}, "payoffs.up,left", "1 payoffs for 2"),
    ({"payoffs": {**FILE["payoffs"], "up,middle": ["1", "1"]}}, "payoffs.up,middle", "profile"),
    ({"payoffs": {**FILE["payoffs"], "up,right": ["1", "1"]}}, "payoffs.up,right", "twice"),
    ({"payoffs": {"up,left": ["x", "1"]}}, "payoffs.down,right", "missing"),
    ({"payoffs": {**FILE["payoffs"], "up,left": ["y", "1"]}}, "payoffs.up,left[0]", "unknown name"),
    ({"payoffs": {**FILE["payoffs"], "up,left": ["1/x", "1"]}}, "payoffs.up,left[0]", "zero"),
    ({"outcomes": {"x": "row_payoff"}}, "outcomes.x", "already names"),
    ({"outcomes": {"y": "row_left"}}, "outcomes.y", "unknown name"),
    ({"outcomes": {"y": "1/row_up"}}, "outcomes.y", "divides by zero"),
    ({"headline": "up,up"}, "headline", "not known"),
    ({"shown": ["profit"]}, "shown", "not known"),
    ({"payofs": {}}, "payofs", "not a known key"),
]


@pytest.mark.parametrize(("change", "place", "problem"), FAULTY)
def test_a_fault_is_told_with_its_place(change: dict[str, Any], place: str, problem: str) -> None:
    section = Section({**FILE, **change})
    read_game(section, "file", "")
    with pytest.raises(InputError) as raised:
        section.settle()
    told = [f for f in raised.value.faults if f.place == place and problem in f.problem]
    assert told, raised.value.faults


def test_all_faults_are_told_at_once() -> None:
    payoffs = {**FILE["payoffs"], "up,left": ["y", "1/"], "down,left": ["1"]}
    section = Section({**FILE, "payoffs": payoffs, "outcomes": {"a": "b"}, "shown": ["c"]})
    read_game(section, "file", "")
    with pytest.raises(InputError) as raised:
        section.settle()
    places = {fault.place for fault in raised.value.faults}
    assert places >= {
        "payoffs.up,left[0]",
        "payoffs.up,left[1]",
        "payoffs.down,left",
        "outcomes.a",
        "shown",
    }


def test_a_wrong_equilibrium_fails_its_certificate() -> None:
    game = bimatrix([["x", "0"], ["0", "x"]], [["x", "0"], ["0", "x"]], {"x": "(0, 1]"})
    right = game.solve().at(x=1)["mixed"]
    point = {"x": sympy.Integer(1)}
    certify(game, right, point)
    third = {"r0": sympy.Rational(1, 3), "r1": sympy.Rational(2, 3)}
    for wrong in (third, {"r0": sympy.Rational(1, 2), "r1": sympy.Rational(1, 3)}):
        with pytest.raises(CertificationError):
            certify(game, replace(right, strategies={**right.strategies, "one": wrong}), point)


def table(game: NormalGame, point: dict[str, sympy.Rational], solution: Solution) -> set[tuple]:
    return {
        tuple(
            tuple(sorted((a, p) for a, p in branch.strategies[player].items() if p != 0))
            for player in game.players
        )
        for branch in solution.at(**point).branches
    }


def random_game(seed: int, rows: int, columns: int) -> NormalGame:
    generator = random.Random(seed)

    def texts() -> Texts:
        def one() -> str:
            return f"{generator.randint(-5, 5)} + {generator.randint(-3, 3)}*x"

        return [[one() for _ in range(columns)] for _ in range(rows)]

    return bimatrix(texts(), texts(), {"x": "[-1, 1]"})


POINTS = [{"x": sympy.Rational(k, 97)} for k in (-71, 5, 64)]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(-4, 4), st.integers(-4, 4))
def test_positive_affine_rescaling_changes_no_equilibrium(
    seed: int, scale: int, shift: int, tilt: int
) -> None:
    """Each player's payoffs may be multiplied by a positive number, and moved by anything that
    does not depend on her own action: here also a constant times what the other does."""
    game = random_game(seed, 2, 3)
    places = {name: i for i, name in enumerate(("r0", "r1", "c0", "c1", "c2"))}
    moved: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (row, column): (
            scale * payoffs[0] + shift + tilt * places[column],
            payoffs[1] / scale + tilt * places[row] * symbol("x"),
        )
        for (row, column), payoffs in game.payoffs.items()
    }
    other = replace(game, payoffs=moved)
    solutions = game.solve(), other.solve()
    for point in POINTS:
        assert table(game, point, solutions[0]) == table(other, point, solutions[1])


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.permutations(["c0", "c1", "c2"]))
def test_relabelling_players_and_actions_only_relabels(seed: int, order: list[str]) -> None:
    game = random_game(seed, 2, 3)
    turned = replace(
        game,
        players={"two": tuple(order), "one": game.players["one"][::-1]},
        payoffs={(c, r): (u2, u1) for (r, c), (u1, u2) in game.payoffs.items()},
    )
    solutions = game.solve(), turned.solve()
    for point in POINTS:
        swapped = {(row, column) for column, row in table(turned, point, solutions[1])}
        assert table(game, point, solutions[0]) == swapped


def test_substitution_and_solution_commute() -> None:
    game = random_game(11, 3, 2)
    point = POINTS[1]
    fixed = game.substitute(point)
    assert table(fixed, {}, fixed.solve()) == table(game, point, game.solve())
