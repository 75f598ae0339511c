"""Commands about cases: study, classify."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.door import emit, progress
from coopgame.cli.options import case_argument, common, example, printed


@click.command(
    epilog=example("""  coopgame study criciuma
  coopgame study criciuma -o report.md
  coopgame study criciuma --rules stable --rules brazil-1986-1994""")
)
@case_argument
@click.option(
    "--rules",
    "rules",
    multiple=True,
    metavar="RULES",
    default=("stable", "unstable"),
    show_default=True,
    help="Macro rules to compare, by name or file; may be repeated.",
)
@printed
@common
def study(
    case: str,
    rules: tuple[str, ...],
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Study CASE: co-operation by macro rules, proved signs, types.

    The main job in one go: what each relation in the cluster sustains under stable and unstable
    macro rules, the hazard at which it collapses, which way it moves in every parameter, and the
    type of cluster phase by phase.
    """
    from coopgame.catalogue import load_case, load_game, load_rules
    from coopgame.report.cases import study_report
    from coopgame.study import study

    loaded = load_case(case, folders)
    game = load_game(loaded.cluster.relations[0].solution.game, folders)
    regimes = [load_rules(name, folders) for name in rules]
    with progress() as step:
        found = study(loaded, game, regimes, step)
    emit(study_report(found), shape, output)


@click.command(
    epilog=example("""  coopgame classify criciuma
  coopgame classify criciuma --format json
  coopgame classify criciuma --draws 10000 --width 0.3 --seed 7""")
)
@case_argument
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=2000, show_default=True,
    help="How many seeded draws the robustness is the share of.",
)  # fmt: skip
@click.option(
    "--width", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.2,
    show_default=True, help="How far a draw moves each value, relatively (of a probability: odds).",
)  # fmt: skip
@click.option("--seed", type=int, default=1998, show_default=True, help="The seed of the draws.")
@printed
@common
def classify(
    case: str,
    draws: int,
    width: float,
    seed: int,
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Say which type of cluster CASE is, phase by phase.

    Each phase with its margin (the distance to the nearest border between types) and its
    robustness (the share of seeded draws around the calibrated values that keep the type).
    """
    from coopgame.catalogue import load_case
    from coopgame.clusters.classify import classify
    from coopgame.report.cases import classification_report

    found = classify(load_case(case, folders), draws, width, seed)
    emit(classification_report(found), shape, output)


COMMANDS = (study, classify)
