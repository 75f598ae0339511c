"""Contracts that nobody tuned the solver for: curved limits, infeasible modes, borders, degenerate
programmes; each answer derived by hand, or found by searches that know nothing of the solver."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sympy
from scipy.optimize import minimize

import coopgame as cg
from coopgame.catalogue import load_game
from coopgame.forms.base import Game
from coopgame.forms.contract.game import Contract
from coopgame.forms.gamefile import read_game
from coopgame.language.parameters import Domain
from coopgame.reading.section import Section
from coopgame.solution import Solution

UNSEEN = Path(__file__).parent / "unseen"
Modes = dict[str, tuple[list[str], str, dict[str, str]]]


def stated(
    parameters: Sequence[tuple[str, str, str]], terms: Sequence[tuple[str, str]], modes: Modes
) -> Contract:
    """A game of parameters (name, domain, default), terms (name, domain) and modes."""
    fields = 'meaning = "m", unit = "u"'
    lines = ['format = 1\nform = "contract"\nchooser = "firm"\n[parameters]']
    lines += [f'{n} = {{ {fields}, domain = "{d}", default = "{v}", source = "s" }}'
              for n, d, v in parameters]  # fmt: skip
    lines += ["[terms]", *(f'{n} = {{ {fields}, domain = "{d}" }}' for n, d in terms)]
    for name, (used, objective, limits) in modes.items():
        lines += [f"[modes.{name}]", f'objective = "{objective}"', f"terms = {used}"]
        lines += [f"[modes.{name}.constraints]", *(f'{k} = "{v}"' for k, v in limits.items())]
    section = Section(tomllib.loads("\n".join(lines)))
    game = read_game(section, "test", "")
    section.settle()
    assert isinstance(game, Contract)
    return game


def at(game: Game, **values: Any) -> Solution:
    return game.substitute(game.header.domain.point(values)).solve()


def names(solution: Solution) -> set[str]:
    return {branch.name for branch in solution.branches}


def in_symbols(solution: Solution, **values: Any) -> set[str]:
    """The branches whose conditions in symbols hold at a point."""
    return names(solution._put(solution.domain.point(values)))


def test_the_larger_root_of_a_quadratic_limit() -> None:
    """max x with x**2 + k*x <= a, x >= 0: the larger root (sqrt(k**2 + 4*a) - k)/2, since the
    limit's left side rises in x >= 0. It is at least V0 iff V0**2 + k*V0 <= a."""
    game = load_game(str(UNSEEN / "m1_quadlimit.toml"))
    solution = game.solve()
    a, k = (p.symbol for p in solution.domain.parameters[:2])
    assert names(solution) == {"go", "none"}
    assert sympy.simplify(solution["go"].outcomes["x"] - (sympy.sqrt(k**2 + 4 * a) - k) / 2) == 0
    assert solution.provenance.exact and solution.provenance.told == ()
    assert names(at(game, a=2, k=1, V0=1)) == {"go", "none"}
    assert names(at(game, a=1, k=1, V0="1/2")) == {"go"}


def test_a_mode_is_best_where_the_other_is_infeasible() -> None:
    """b*y - b**2/2 - V0 >= r*b has solutions iff its greatest gap, (y - r)**2/2 - V0 at b = y - r,
    is not negative, and with y < r not at b >= 0. Where it has one, the relation is worth at least
    V0 + r*b > V0. So the fallback is best exactly where it has none."""
    game = load_game(str(UNSEEN / "m2_feas.toml"))
    solution = game.solve()
    assert names(solution) == {"relational_interior", "relational_reneging", "fallback"}
    assert solution.provenance.told == ()
    for y, r, v in [(2, 1, 5), (2, 1, "1/2"), (2, 1, "501/1000"), (1, 3, "1/9"), (4, 1, 2)]:
        point = {"y": y, "r": r, "V0": v}
        feasible = y >= r and sympy.Rational(v) <= sympy.Rational((y - r) ** 2, 2)
        found = names(at(game, **point))
        assert (found == {"fallback"}) is (not feasible)
        assert found == in_symbols(solution, **point)


def test_linear_limits_and_two_names_where_both_bind() -> None:
    """At V0 = r*y both limits bind at b = r: both names are listed, in symbols and for numbers."""
    game = load_game(str(UNSEEN / "m3_lin.toml"))
    both = {"relational_reneging", "relational_participation"}
    assert names(at(game, V0=1)) == in_symbols(game.solve(), V0=1) == both
    assert names(at(game, V0=3)) == {"fallback"}


def test_moral_hazard_in_utils() -> None:
    """Both limits bind while vL = u - c*pL/(pH - pL) >= 0; beyond that vL = 0."""
    game = load_game(str(UNSEEN / "c22_mh_utils.toml"))
    branch = game.solve()["effort_incentive_participation"]
    u, c, high, low = (sympy.Symbol(n, real=True) for n in ("u", "c", "pH", "pL"))
    assert sympy.simplify(branch.outcomes["vL"] - (u - c * low / (high - low))) == 0
    assert names(at(game, u=0)) == {"effort_incentive_vL_min"}


ABV = [("a", "[0, 10]", "1"), ("k", "[0, 5]", "1"), ("V0", "[0, oo)", "0")]
STAY: tuple[list[str], str, dict[str, str]] = ([], "V0", {})


def test_a_root_holds_where_its_square_vanishes() -> None:
    """k*x**2 + x <= a: x = 2*a/(1 + sqrt(1 + 4*a*k)), which is a at k = 0 too."""
    game = stated(ABV, [("x", "[0, oo)")], {"go": (["x"], "x", {"cap": "k*x**2 + x <= a"}),
                                            "stay": STAY})  # fmt: skip
    solution = game.solve()
    assert solution.provenance.told == ()
    for k, v in [(0, 2), (0, 1), (0, 0), (2, 1), (2, "1/2"), (2, "1/3")]:
        assert names(at(game, k=k, V0=v)) == in_symbols(solution, k=k, V0=v)
    assert at(game, k=0).branches[0].outcomes["x"] == 1


def test_a_limit_that_leaves_one_point_has_no_multiplier_and_a_contract() -> None:
    """(x - k)**2 <= 0 leaves x = k, at which the limit's slope is zero."""
    limits = {"cap": "(x - k)**2 <= 0"}
    game = stated(ABV, [("x", "(-oo, oo)")], {"go": (["x"], "x + a", limits), "stay": STAY})
    assert game.solve()["go"].outcomes["x"] == sympy.Symbol("k", real=True)
    assert names(at(game, a=1, k=1, V0=2)) == {"go", "stay"}


def test_two_roots_of_one_limit_have_two_names() -> None:
    """Nearest to k outside (-sqrt(a), sqrt(a)): k itself if k**2 >= a, else the root on its side;
    with k = 0 both are equally near."""
    limits = {"cap": "x**2 >= a"}
    game = stated(ABV[:2], [("x", "(-oo, oo)")], {"go": (["x"], "-(x - k)**2", limits)})
    solution = game.solve()
    assert {"go_cap_lower", "go_cap_upper", "go_interior"} == names(solution)
    assert names(at(game, k=0, a=2)) == in_symbols(solution, k=0, a=2)
    assert names(at(game, k=0, a=2)) == {"go_cap_lower", "go_cap_upper"}
    assert names(at(game, k=1, a=2)) == {"go_cap_upper"}


def test_an_open_end_is_approached_and_never_reached() -> None:
    """a - x over x > 0 tends to a: no contract is best while a > V0, and at V0 = a staying is."""
    game = stated([ABV[0], ABV[2]], [("x", "(0, oo)")], {"go": (["x"], "a - x", {}), "stay": STAY})
    solution = game.solve()
    assert names(solution) == {"go_unattained", "stay"}
    assert solution["go_unattained"].outcomes["approached"] == sympy.Symbol("a", real=True)
    assert names(at(game, a=1, V0=0)) == {"go_unattained"}
    assert names(at(game, a=1, V0=1)) == {"stay"}


def test_several_optima_are_said_to_be() -> None:
    """A constant objective: the ends of the interval are listed, and that there are others."""
    game = stated(ABV, [("x", "[0, oo)")], {"go": (["x"], "a", {"most": "x <= k"}), "stay": STAY})
    assert any("other terms can be worth as much" in n for n in game.solve().provenance.notes)


@pytest.mark.parametrize(
    ("objective", "limits", "expected"),
    [
        ("x", {"never": "x**2 + 1 <= -a"}, {"infeasible"}),
        ("k*x**2 - x + a", {}, {"go_unbounded"}),
        ("x - a + k", {"one": "x <= a", "same": "2*x <= 2*a"}, {"go"}),
        ("a + k", {}, {"go"}),
    ],
)
def test_degenerate_programmes(objective: str, limits: dict[str, str], expected: set[str]) -> None:
    used = [p for p in ABV[:2] if p[0] in objective + "".join(limits.values())]
    game = stated(used, [("x", "(-oo, oo)")], {"go": (["x"], objective, limits)})
    assert names(game.solve()) == expected
    assert names(at(game)) == expected


def drawn(source: random.Random) -> tuple[Contract, dict[str, str]]:
    """A contract of one or two terms: linear or quadratic, its terms between bounds."""
    terms = ["x", "y"][: source.choice([1, 1, 2])]

    def number() -> str:
        return source.choice(["-2", "-1", "0", "1", "2", "1/2", "a", "-a", "k"])

    def linear() -> str:
        return " + ".join(f"({number()})*{term}" for term in terms)

    square = " - ".join(f"{source.choice(['1', '1/2', '2'])}*{term}**2" for term in terms)
    objective = linear() + (f" - {square}" if source.random() < 0.5 else "") + " + a + k"
    limits = {"line": f"{linear()} + {terms[0]}/3 <= {number()} + 1"}
    if source.random() < 0.6:
        limits["curve"] = f"{linear()} - {square} >= {number()} - 1"
    modes: Modes = {"go": (terms, objective, limits), "stay": ([], "a - k/2", {})}
    bounds = [(t, source.choice(["[0, 1]", "[0, 3]", "[-2, 2]"])) for t in terms]
    point = {"a": source.choice(["0", "1/2", "1", "3"]), "k": source.choice(["0", "1", "2"])}
    return stated([("a", "[0, 4]", "1"), ("k", "[0, 4]", "1")], bounds, modes), point


def searched(game: Contract) -> float:
    """The best of local searches over the primitives at numbers, from a grid of starts."""
    best = -float("inf")
    for mode in game.modes:
        programme = mode.programme(Domain())
        if not programme.terms:
            best = max(best, float(programme.objective))
            continue
        worth = sympy.lambdify([programme.terms], programme.objective)
        gaps = [sympy.lambdify([programme.terms], limit.gap) for limit in programme.limits]
        rows = [{"type": "ineq", "fun": gap} for gap in gaps]
        for start in (-2.0, -0.7, 0.1, 0.9, 2.3):
            ended = minimize(
                lambda x, worth=worth: -float(worth(x)), [start] * len(programme.terms),
                method="SLSQP", constraints=rows,
            )  # fmt: skip
            if ended.success and all(gap(ended.x) >= -1e-9 for gap in gaps):
                best = max(best, float(worth(ended.x)))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_search_finds_better_terms(seed: int) -> None:
    game, point = drawn(random.Random(seed))
    found = at(game, **point)
    values = [float(sympy.N(b.payoffs["firm"])) for b in found.branches]
    assert values and max(values) - min(values) < 1e-9
    assert searched(game.substitute(game.header.domain.point(point))) <= max(values) + 1e-6


def test_a_row_at_which_no_contract_is_listed_is_solved_as_a_point() -> None:
    """y*x - c*x**2/2 is nothing at y = c = 0, so that every x is as good as any other."""
    game = cg.game(
        "contract", chooser="buyer", terms={"x": "(-oo, oo)"},
        modes={"only": {"terms": ["x"], "objective": "y*x - c*x**2/2"}},
        parameters={"y": "[0, oo)", "c": "[0, 2]"},
    )  # fmt: skip
    found = {branch.name for branch in game.solve().at(y=0, c=0).branches}
    rows = cg.table(game, {"y": [0, 1]}, {"c": 0}).rows()
    assert {row[1] for row in rows if row[0] == 0 and row[2] == "value"} == found != set()


def test_a_value_that_large_terms_come_to_is_approached_and_never_had() -> None:
    """y*x/(1 + x) < y on x >= 0, and it comes to y: with y > 0 there is no best contract, and no
    other mode that is worth 0 is one. With y <= 0 nothing beats x = 0."""
    game = stated(
        [("y", "[-5, oo)", "1")],
        [("x", "[0, oo)")],
        {"sell": (["x"], "y*x/(1 + x)", {}), "wait": ([], "0", {})},
    )
    solution = game.solve()
    told = {b.name: {str(c) for c in b.conditions} for b in solution.branches}
    assert told == {"sell_x_min": {"y <= 0"}, "sell_unattained": {"y > 0"}, "wait": {"y <= 0"}}
    assert str(solution["sell_unattained"].outcomes["approached"]) == "y"
    assert {b.name for b in at(game, y=2).branches} == {"sell_unattained"}


def test_a_quotient_that_grows_without_bound_has_no_best_terms() -> None:
    """(y*x**2 + 1)/(1 + x) on x >= 0 grows for ever where y > 0; else the most is 1, at x = 0."""
    game = stated(
        [("y", "[-5, oo)", "1")],
        [("x", "[0, oo)")],
        {"sell": (["x"], "(y*x**2 + 1)/(1 + x)", {}), "wait": ([], "0", {})},
    )
    solution = game.solve()
    told = {b.name: {str(c) for c in b.conditions} for b in solution.branches}
    assert told == {"sell_x_min": {"y <= 0"}, "sell_unbounded": {"y > 0"}}
    for y, name in ((3, "sell_unbounded"), (0, "sell_x_min"), (-2, "sell_x_min")):
        assert [b.name for b in at(game, y=y).branches] == [name]


def test_a_mode_that_others_beat_without_closed_form_is_no_answer() -> None:
    """y*(x/(1 + x) + z/(1 + z)) comes to 2*y: waiting, worth 1, is best where 2*y <= 1 only. In
    symbols the terms that beat it have no closed form, so that it is left out and named."""
    far = "y*(x/(1 + x) + z/(1 + z))"
    game = stated(
        [("y", "[-5, oo)", "1")],
        [("x", "[0, oo)"), ("z", "[0, oo)")],
        {"sell": (["x", "z"], far, {}), "wait": ([], "1", {})},
    )
    solution = game.solve()
    assert not solution.branches
    assert any("wait is left out" in note for note in solution.provenance.left_out)
    for y, names in (("-1", {"wait"}), ("1/4", {"wait"}), ("2", set())):
        there = at(game, y=y)
        assert {b.name for b in there.branches} == names
        assert not any("given values only" in note for note in there.provenance.left_out)


def test_an_objective_with_a_pole_at_an_open_end_claims_nothing_in_symbols() -> None:
    """p + q/w**2 on w < 0: with q > 0 it grows for ever next to 0, with q < 0 it comes to p, and
    with q = 0 every w has p."""
    game = stated(
        [("p", "(-oo, oo)", "1"), ("q", "(-oo, oo)", "1")],
        [("w", "(-oo, 0)")],
        {"buy": (["w"], "(p*w**2 + q)/w**2", {})},
    )
    assert not game.solve().branches
    assert [b.name for b in at(game, p=1, q=-1).branches] == ["buy_unattained"]
    for q in (0, 1):
        assert "buy_unattained" not in {b.name for b in at(game, p=1, q=q).branches}
