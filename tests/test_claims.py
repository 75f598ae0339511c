"""Statements decided by proof, and the paper's claims with their rivals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopgame import catalogue
from coopgame.claims import Judged, Ruling, identifier, judge, prove, vocabulary
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.expressions import parse_condition
from coopgame.printing import symbol
from coopgame.proofs import holds


@pytest.mark.parametrize(
    ("game", "statement", "ruling"),
    [
        # Tit-for-tat's threshold is the larger of two ratios, one of them grim's.
        ("trust", "always holds_grim if holds_tit_for_tat", Ruling.PROVED),
        ("trust", "always holds_tit_for_tat if holds_grim", Ruling.REFUTED),
        ("trust", "somewhere holds_grim and not holds_tit_for_tat", Ruling.HOLDS),
        ("trust", "somewhere holds_tit_for_tat and not holds_grim", Ruling.REFUTED),
        ("trust", "exists falls in h on grim", Ruling.PROVED),
        ("trust", "exists rises in h on grim", Ruling.REFUTED),
        ("trust", "always delta > 0", Ruling.PROVED),
        ("relation", "level falls in h strictly on constrained", Ruling.PROVED),
        ("relation", "level rises in q", Ruling.REFUTED),
    ],
)
def test_statements_come_out_as_pen_and_paper_says(
    game: str, statement: str, ruling: Ruling
) -> None:
    assert prove(catalogue.load_game(game), statement).ruling is ruling


def test_a_refutation_is_a_point_at_which_the_statement_fails() -> None:
    game = catalogue.load_game("trust")
    solution = game.solve()
    decision = prove(game, "always holds_tit_for_tat if holds_grim", solution)
    point = {symbol(name): value for name, value in decision.witnesses[0].items()}
    names = vocabulary(solution)
    assert holds(parse_condition("holds_grim and not holds_tit_for_tat", names), point)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("grim is nice", "is not a statement"),
        ("always holds_grimm", "unknown name 'holds_grimm'"),
        ("always holds_grim if T < S", "no point satisfies the premise"),
        ("somewhere __import__('os')", "unknown function"),
        ("level falls in h", "unknown outcome 'level'"),
        ("cooperation falls in z on grim", "no sign of"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_reason(statement: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem.replace("(", r"\(")):
        prove(catalogue.load_game("trust"), statement)


def test_branch_names_become_identifiers() -> None:
    assert identifier("tit_for_tat, subgame-perfect") == "tit_for_tat_subgame_perfect"


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    _, claims = catalogue.load_claims()
    return judge(claims, catalogue.load_game)


def test_every_claim_of_the_paper_is_decided_and_has_a_place(judged: tuple[Judged, ...]) -> None:
    for each in judged:
        assert each.claim.place and each.claim.sentence and each.claim.rival
        assert each.decision.holds, f"{each.claim.id}: {each.decision.ruling.value}"
        assert each.rival.ruling is not Ruling.UNDECIDED


def test_a_rival_can_come_out_otherwise(judged: tuple[Judged, ...]) -> None:
    assert any(each.rival.ruling is Ruling.REFUTED for each in judged)


def test_the_commands_return_the_verdict_as_their_exit_code(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["prove", "trust", "always holds_grim if holds_tit_for_tat"]).exit_code == 0
    refuted = run(main, ["prove", "trust", "exists rises in h on grim", "--format", "json"])
    assert refuted.exit_code == 1
    assert json.loads(refuted.output)["verdict"] == "refuted at a witness"
    assert run(main, ["prove", "trust", "nonsense"]).exit_code == 2
    path = tmp_path / "mine.toml"
    path.write_text(
        'format = 1\n[[claims]]\nid = "a"\nplace = "p. 1"\nsentence = "s"\ngame = "trust"\n'
        'statement = "always holds_grim"\n[claims.rival]\nassumes = "r"\n'
        'statement = "somewhere holds_grim"\n',
        encoding="utf-8",
    )
    own = run(main, ["claims", str(path), "--format", "json"])
    assert own.exit_code == 1
    (record,) = json.loads(own.output)["claims"]
    assert {"id", "place", "sentence", "statement", "verdict", "witnesses", "rival"} <= set(record)


def test_a_faulty_file_of_claims_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text('format = 1\n[[claims]]\nid = "a"\nsurprise = 1\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["claims", str(path)])
    assert result.exit_code == 2
    for place in ("claims[0].place", "claims[0].rival", "claims[0].surprise"):
        assert place in result.output
