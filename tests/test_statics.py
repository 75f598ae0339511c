"""Signs proved over whole domains, refuted with witnesses, and never sampled."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

import coopgame as cg
from coopgame import catalogue
from coopgame.comparative.rows import ALL, EXISTS, branch_row
from coopgame.comparative.signs import Statics, sign_row, statics
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict
from coopgame.solution import Solution


@pytest.fixture(scope="module")
def relation() -> Game:
    return catalogue.load_game("relation")


@pytest.fixture(scope="module")
def signs(relation: Game) -> Statics:
    return statics(relation, outcomes=("level", "tipping_point"))


# Raising what co-operation brings, or the weight of the future, can only lift the level and lower
# the tipping point; raising a cost, a temptation, an outside value or the hazard does the reverse.
# Watching (q) catches breaches and costs m a unit, so its sign is open.
EXPECTED = {
    **dict.fromkeys(["b", "delta"], ("+", "-")),
    **dict.fromkeys(["c", "rho", "spill", "tau", "k", "m", "u", "h", "x"], ("-", "+")),
    "t0": ("0", "0"),
    "q": ("?", "?"),
}


@pytest.mark.slow
@pytest.mark.parametrize("parameter", EXPECTED)
def test_every_sign_of_relation_over_the_whole_domain(signs: Statics, parameter: str) -> None:
    for outcome, expected in zip(("level", "tipping_point"), EXPECTED[parameter], strict=True):
        row = signs.row(outcome, parameter)
        assert row.sign == expected
        verdict = Verdict.REFUTED if expected == "?" else Verdict.PROVED
        assert row.verdict is verdict
        assert row.branch == ALL


@pytest.mark.slow
@pytest.mark.parametrize("parameter", [p for p in EXPECTED if p not in ("t0", "q", "m")])
def test_signs_are_strict_where_the_level_is_constrained(signs: Statics, parameter: str) -> None:
    row = signs.row("level", parameter, "constrained")
    assert row.strict and row.sign == EXPECTED[parameter][0]


@pytest.mark.slow
def test_the_witnesses_for_watching_go_both_ways(relation: Game, signs: Statics) -> None:
    """At each witness the level is computed at q and at a slightly larger q, exactly."""
    row = signs.row("level", "q")
    assert len(row.witnesses) == 2
    moves = [level_moves(relation.solve(), dict(witness)) for witness in row.witnesses]
    assert moves[0] > 0 > moves[1]
    assert row.rises_where is not None


def level_moves(solution: Solution, witness: dict[str, sympy.Rational]) -> sympy.Expr:
    names = solution.domain.names
    here = {name: value for name, value in witness.items() if name in names}
    step = sympy.Rational(1, 10**9)
    (before,) = solution.at(**here).branches
    (after,) = solution.at(**{**here, "q": here["q"] - step}).branches
    return sympy.N(before.outcomes["level"] - after.outcomes["level"], 30)


def test_an_assumption_settles_an_open_sign(relation: Game) -> None:
    free_watching = statics(relation, outcomes=("level",), assume=("m == 0",))
    assert free_watching.row("level", "q").sign == "+"


def test_grim_lives_longer_with_patience_and_shorter_with_temptation() -> None:
    found = statics(catalogue.load_game("trust"), outcomes=(EXISTS,), branches=("grim",))
    signs = {row.parameter: row.sign for row in found.rows}
    assert {name: signs[name] for name in ("T", "R", "P", "S", "delta", "h")} == {
        "T": "-",
        "R": "+",
        "P": "-",
        "S": "0",
        "delta": "+",
        "h": "-",
    }
    assert all(row.verdict is Verdict.PROVED for row in found.rows)


def test_an_unsatisfiable_assumption_is_refused(relation: Game) -> None:
    with pytest.raises(InputError, match="no point"):
        statics(relation, assume=("b < 0",))


def test_an_unknown_outcome_is_refused(relation: Game) -> None:
    with pytest.raises(InputError, match="unknown outcome 'happiness'"):
        statics(relation, outcomes=("happiness",))


def test_the_derivative_of_a_kinked_outcome_is_proved_piece_by_piece() -> None:
    """max(0, 1 - 2*y) falls in y weakly, never strictly everywhere."""
    from coopgame.language.parameters import Domain, Interval, Parameter
    from coopgame.solution import Branch

    y = Parameter("y", "", "", Interval.parse("[0, 1]"), sympy.S.Zero, "")
    kinked = {"wedge": sympy.Max(0, 1 - 2 * symbol("y"))}
    branch = Branch("b", "mixed", "Nash", {}, {}, kinked)
    row = branch_row(branch, Domain((y,)), "wedge", y)
    assert (row.sign, row.strict, row.verdict) == ("-", False, Verdict.PROVED)


@pytest.mark.parametrize("name", ["trust", "learning", "trajectory"])
def test_one_row_asked_for_is_the_row_of_the_table(name: str) -> None:
    game = catalogue.load_game(name)
    solution = game.solve()
    for row in statics(game).rows:
        found = sign_row(solution, row.outcome, row.parameter, row.branch)
        # Of many points that show a sign, Z3 gives one that depends on what it was asked before.
        assert replace(found, witnesses=()) == replace(row, witnesses=())
        assert len(found.witnesses) == len(row.witnesses)


def test_a_row_that_does_not_exist_is_refused() -> None:
    solution = catalogue.load_game("learning").solve()
    with pytest.raises(InputError, match="no sign of 'collapse' in 'rho' on 'critical rho'"):
        sign_row(solution, "collapse", "rho", "critical rho")


def test_signs_of_what_no_parameter_moves_are_a_sentence_and_no_empty_table() -> None:
    """In the prisoner's dilemma both get 1 at mutual defection, whatever T and R are."""
    dilemma = cg.game(
        "normal", players={"row": "C D", "column": "C D"}, assume=["T > R"],
        parameters={"T": "(1, oo)", "R": "(1, oo)"},
        payoffs={"C,C": ("R", "R"), "C,D": (0, "T"), "D,C": ("T", 0), "D,D": (1, 1)},
    )  # fmt: skip
    signs = dilemma.statics("payoff_row")
    assert "payoff_row is constant in: D,D" in str(signs) and "equilibrium   T" not in str(signs)
    assert "tabular" not in signs.to_latex()
