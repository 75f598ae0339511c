"""Commands about all cases and types: cases, types."""

from __future__ import annotations

import click

from coopgame.cli.cases import DRAWS
from coopgame.cli.door import emit, progress
from coopgame.cli.options import draws_option, example, folders, printed, seed_option


@click.command(
    "cases",
    epilog=example("""  coopgame cases
  coopgame cases --score
  coopgame cases --format markdown -o cases.md"""),
)
@click.option("--score", "scored", is_flag=True, help="How often the model is right.")
@draws_option(DRAWS)
@seed_option
@printed
def overview(scored: bool, draws: int, seed: int) -> None:
    """Classify every case, each phase beside what its source states.

    --score tells log score and hits beside predictors that know no game, and what it gets wrong.
    """
    from coopgame.catalogue import files, load_cases
    from coopgame.clusters.classify import classify
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.score import score
    from coopgame.report.overview import overview_report, score_report

    drawn = Drawing(draws, seed)
    with progress() as step:
        step("cases")
        cases = load_cases(files("cases", folders()), folders())
        if scored:
            report = score_report(score(cases, drawn, step))
        else:
            report = overview_report([classify(case, drawn, step) for case in cases])
    emit(report)


@click.command(
    epilog=example("""  coopgame types
  coopgame types --format latex -o types.tex""")
)
@printed
def types() -> None:
    """Show when a cluster is of each type, and what it is like.

    Beside the words of the paper's Table 1 stand its rows as outcomes: means over what of the whole
    prior (every answer unknown) is of the type.
    """
    from coopgame.catalogue import load_codebook, load_types
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.features import by_type
    from coopgame.report.maps import types_report

    info, profiles = load_types()
    rows = by_type(load_codebook(), profiles, Drawing())
    emit(types_report(info, profiles, rows))
