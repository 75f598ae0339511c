"""Commands that decide statements and test predictions: prove, claims, evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgame.cli.completion import complete_names
from coopgame.cli.door import LIMIT, NEGATIVE, emit, progress, say
from coopgame.cli.options import assignments, example, folders, game_argument, printed, set_option

if TYPE_CHECKING:
    from coopgame.findings.statements import Decision

TREATMENTS = "repeated_prisoners_dilemmas"
UNDECIDED = "undecided"


@click.command(
    epilog=example("""  coopgame prove trust "always holds_grim if holds_tit_for_tat"
  coopgame prove relation "level falls in h strictly on constrained"
  coopgame prove trust "somewhere holds_grim and not holds_tit_for_tat"
  coopgame prove trust "always holds_grim iff delta*(1 - h)*(T - P) >= T - R"
  coopgame prove relation "somewhere holds_none; at h = 0: holds_full" """)
)
@game_argument
@click.argument("statement")
@set_option
@printed
def prove(game: str, statement: str, settings: tuple[str, ...]) -> int:
    """Prove or refute STATEMENT about GAME, for all values.

    "always CONDITION if PREMISE" (or "always CONDITION iff CONDITION"), "somewhere CONDITION", or
    "OUTCOME rises in PARAMETER on BRANCH" (falls, stays; strictly). Conditions speak of the
    parameters, holds_BRANCH, OUTCOME_at_BRANCH and critical_NAME_PARAMETER. "at h = 0: CONDITION"
    speaks of the same point with h changed, and "CONDITION; at h = 0: CONDITION" of both at once.
    Exit code 1 if refuted, 3 if undecided.
    """
    from coopgame.catalogue import load_game
    from coopgame.comparative.scenario import fixed
    from coopgame.findings.statements import prove
    from coopgame.report.claims import decision_report

    loaded = fixed(load_game(game, folders()), assignments(settings))
    decision = prove(loaded, statement)
    emit(decision_report(decision))
    return _code([decision])


@click.command(
    epilog=example("""  coopgame claims
  coopgame claims --format csv -o claims.csv
  coopgame claims my-claims.toml""")
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@printed
def claims(file: Path | None) -> int:
    """Decide the paper's claims (or those of FILE) by proof.

    Each claim has its place, a plain sentence, a formal statement, and a rival way of formalising
    it with that one's verdict and what it teaches. Exit code 1 if one is refuted or has a premise
    that never holds, 3 if one is undecided.
    """
    from coopgame.catalogue import load_claims, load_game
    from coopgame.findings.claims import judge
    from coopgame.report.claims import claims_report

    info, found = load_claims(file)
    with progress() as step:
        judged = judge(found, lambda name: load_game(name, folders()), step)
    emit(claims_report(judged, info))
    if len(judged) < len(found):
        say(f"{len(found) - len(judged)} of {len(found)} claims not decided in the time allowed")
        return LIMIT
    return _code([each.decision for each in judged])


@click.command(
    epilog=example("""  coopgame evidence
  coopgame evidence --format csv -o treatments.csv
  coopgame evidence my-treatments.toml""")
)
@click.argument(
    "file", required=False, default=TREATMENTS, shell_complete=complete_names("evidence")
)
@printed
def evidence(file: str) -> None:
    """Compare a repeated game with laboratory evidence.

    FILE is a name from the catalogue or a path; by default, repeated prisoner's dilemmas. For
    each treatment: whether co-operation is an equilibrium and risk-dominates, and the belief
    needed to start it, beside what was observed; then how well the one goes with the other.
    """
    from coopgame.catalogue import load_evidence
    from coopgame.findings.experiments import compare
    from coopgame.report.evidence import evidence_report

    emit(evidence_report(compare(load_evidence(file, folders()))))


def _code(decisions: list[Decision]) -> int:
    failed = [each.ruling.value for each in decisions if not each.holds]
    if any(ruling != UNDECIDED for ruling in failed):
        return NEGATIVE
    return LIMIT if failed else 0
