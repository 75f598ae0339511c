"""Every file in `games/` is listed, read, solved and checked without being named here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import sympy

from coopgame import catalogue
from coopgame.errors import InputError
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.kinds import read_top
from coopgame.reading.section import Expected, read_expected
from coopgame.solution import Solution

GAMES = sorted(catalogue.files("catalogue"))


@pytest.fixture(scope="module")
def solutions() -> dict[str, Solution]:
    return {}


def solved(solutions: dict[str, Solution], name: str) -> Solution:
    if name not in solutions:
        solutions[name] = catalogue.load_game(name).solve()
    return solutions[name]


@pytest.mark.parametrize("name", GAMES)
def test_a_game_says_what_it_is(name: str) -> None:
    header = catalogue.load_game(name).header
    assert header.info.title and header.info.source
    assert len(header.info.description) > 80
    for parameter in header.domain.parameters:
        assert parameter.meaning and parameter.unit and parameter.source
    assert header.expected, "a game states results that tests check"


@pytest.mark.parametrize("name", GAMES)
def test_a_game_is_solved_and_its_headline_is_a_branch(
    solutions: dict[str, Solution], name: str
) -> None:
    game, solution = catalogue.load_game(name), solved(solutions, name)
    assert solution.branches
    solution[game.header.headline]
    known = {outcome for branch in solution.branches for outcome in branch.outcomes}
    assert set(game.header.shown) <= known | {c.name for c in solution.criticals}


@pytest.mark.parametrize("name", GAMES)
def test_some_branch_holds_at_the_defaults_and_is_certified(
    solutions: dict[str, Solution], name: str
) -> None:
    game, solution = catalogue.load_game(name), solved(solutions, name)
    point = solution.at()
    for branch in point.branches:
        assert game.regret(branch, point.point) <= sympy.Rational(1, 10**20)


@pytest.mark.parametrize("name", GAMES)
def test_every_condition_parses_again(solutions: dict[str, Solution], name: str) -> None:
    solution = solved(solutions, name)
    for branch in solution.branches:
        for condition in branch.conditions:
            assert parse_condition(to_text(condition), solution.domain.names) == condition


# Read without the games, which every worker would have to read before it runs its first test.
EXPECTED = [
    pytest.param(name, row, id=f"{name}-{i}-{row.source[:40]}")
    for name in GAMES
    for i, row in enumerate(read_expected(read_top(catalogue.find(name, "catalogue"))[0]))
]


@pytest.mark.parametrize(("name", "row"), EXPECTED)
def test_what_the_file_expects_comes_out(
    solutions: dict[str, Solution], name: str, row: Expected
) -> None:
    solution = solved(solutions, name)
    assert row.equilibria is not None or row.outcomes or row.thresholds, "the row states nothing"
    if row.equilibria is not None or row.outcomes:
        point = solution.at(**row.at)
        if row.equilibria is not None:
            assert {branch.name for branch in point.branches} == set(row.equilibria)
        for place, text in row.outcomes.items():
            branch, _, outcome = place.rpartition(".")
            assert_equal(point[branch].outcomes[outcome], parse(text, set()))
    at = {symbol(key): value for key, value in solution.domain.read(row.at).items()}
    for place, text in row.thresholds.items():
        branch, _, parameter = place.rpartition(".")
        found = solution.threshold(parameter, branch or None)
        stated = parse(text, solution.domain.names)
        assert_equal(settled(found.subs(at), solution.domain, at), stated.subs(at))


def settled(found: sympy.Expr, domain: Domain, at: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """The piece of an expression that the domain leaves where some parameters are fixed."""
    if not isinstance(found, sympy.Piecewise):
        return found
    left = (constraint.subs(at) for constraint in domain.constraints)
    here = [constraint for constraint in left if constraint != sympy.true]
    proved = (v for v, c in found.args if implies(here, c).verdict is Verdict.PROVED)
    return next(proved, found)


def assert_equal(found: sympy.Expr, stated: sympy.Expr) -> None:
    """Equal exactly, or to the digits stated where those are a rounded decimal."""
    difference = found - stated
    if not difference.free_symbols:
        assert abs(sympy.N(difference, 30)) < sympy.Rational(1, 10**6), f"{found} is not {stated}"
    else:
        assert sympy.simplify(difference) == 0, f"{found} is not {stated}"


def test_a_file_dropped_in_is_listed_and_solved(tmp_path: Path) -> None:
    text = catalogue.find(GAMES[0], "catalogue").read_text(encoding="utf-8")
    (tmp_path / "my_own.toml").write_text(text, encoding="utf-8")
    assert "my_own" in catalogue.files("catalogue", [tmp_path])
    game = catalogue.load_game("my_own", [tmp_path])
    assert game.header.info.name == "my_own"
    assert game.solve().branches


def test_an_unknown_name_suggests_the_nearest() -> None:
    nearly = GAMES[0][:-1] + "x"
    with pytest.raises(InputError, match=f"did you mean '{GAMES[0]}'"):
        catalogue.load_game(nearly)
