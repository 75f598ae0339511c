"""Commands about one case or two: study, classify, contrast, map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopgame.cli.completion import complete_names, complete_parameters
from coopgame.cli.documents import wishes_for
from coopgame.cli.door import emit, progress
from coopgame.cli.options import (
    assignments,
    case_argument,
    case_set_option,
    dated,
    draws_option,
    example,
    folders,
    printed,
    rules_option,
    seed_option,
)

if TYPE_CHECKING:
    from coopgame.clusters.case import Case, Phase
    from coopgame.clusters.contrast import Contrast
    from coopgame.clusters.score import Total

PARTS = ("types", "years", "answers", "levers", "facts")
RELATIONS = ("stages", "buyers", "large", "technology", "design", "association")
DRAWS = 2000


@click.command(
    epilog=example("""  coopgame study criciuma
  coopgame study criciuma -o report.html
  coopgame study criciuma --brief
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
@click.option("--brief", is_flag=True, help="On one page, in plain words.")
@printed
def study(case: str, rules: tuple[str, ...], brief: bool) -> None:
    """Study CASE: its likely type, how sure, why, and what could change it.

    The main job in one go: what each kind of co-operation in the cluster sustains under stable and
    unstable macro rules, the condition of the game behind it, which way that moves in every
    parameter, how likely each type of cluster is phase by phase, and what policy could change.
    """
    from coopgame.catalogue import load_case, load_rules
    from coopgame.clusters.study import study
    from coopgame.report.briefs import brief_report
    from coopgame.report.studies import study_report

    loaded = load_case(case, folders())
    regimes = [load_rules(name, folders()) for name in dict.fromkeys(rules)]
    with progress() as step:
        found = study(loaded, regimes, step)
    drawn = wishes_for(loaded, ("trajectory", {}), *([] if brief else [("tornado", {})]))
    emit(brief_report(found) if brief else study_report(found), drawn)


@click.command(
    epilog=example("""  coopgame classify criciuma
  coopgame classify criciuma --rules stable --set role_model=no
  coopgame classify sialkot --only years --only levers
  coopgame classify criciuma --draws 10000 --seed 7""")
)
@case_argument
@case_set_option
@rules_option(multiple=False)
@click.option(
    "--only",
    "parts",
    multiple=True,
    type=click.Choice(PARTS),
    help="Only this part of the answer; may be repeated.",
)
@draws_option(DRAWS)
@seed_option
@printed
def classify(
    case: str,
    settings: tuple[str, ...],
    rules: str | None,
    parts: tuple[str, ...],
    draws: int,
    seed: int,
) -> None:
    """Say how likely each type of cluster is for CASE, phase by phase.

    A case is a set of dated answers; what they leave open is drawn. Each phase with levels of
    co-operation, shares of channels, all equilibria, which answers matter, and what policy could
    change. --set gives a question another answer, or a parameter a value; --set and --rules hold
    in every phase and are told in the output.
    """
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.study import portrait
    from coopgame.report.cases import portrait_report

    loaded = _loaded(case, settings, rules)
    with progress() as step:
        found = portrait(loaded, parts or ("types", "years", "levers"), Drawing(draws, seed), step)
    emit(portrait_report(found), wishes_for(loaded, ("trajectory", {})))


def _loaded(case: str, settings: tuple[str, ...], rules: str | None) -> Case:
    from coopgame.catalogue import load_case, load_rules
    from coopgame.clusters.case import revised

    regime = load_rules(rules, folders()) if rules else None
    return revised(load_case(case, folders()), assignments(settings), regime)


@click.command(
    epilog=example("""  coopgame contrast criciuma sinos_valley
  coopgame contrast sialkot:1990 sialkot:1997 --relation technology
  coopgame contrast criciuma itajai --rival crowding
  coopgame contrast criciuma itajai --rules stable""")
)
@click.argument("one", metavar="CASE", shell_complete=complete_names("cases"))
@click.argument("other", metavar="CASE", shell_complete=complete_names("cases"))
@click.option(
    "--relation",
    type=click.Choice(RELATIONS),
    default="association",
    show_default=True,
    help="The co-operation in question.",
)
@click.option(
    "--rival",
    metavar="NAME",
    help="Compare also under this rival hypothesis of the codebook; its score is told.",
)
@rules_option(multiple=False)
@printed
def contrast(one: str, other: str, relation: str, rival: str | None, rules: str | None) -> None:
    """Find why firms co-operate in one CASE but not in another.

    The last phases are compared (or CASE:YEAR). Every answer in which they differ is handed over
    alone, then one after another, until the first co-operates as often as the second. --rules hold
    in both, in place of what their answers say of rules.
    """
    from coopgame.clusters.contrast import contrast
    from coopgame.report.contrasts import contrast_report

    with progress() as step:
        step("cases")
        first, second = (_dated_case(name, rules) for name in (one, other))
        step("differences")
        found = contrast(first, second, relation)
        beside = None
        if rival:
            step("the rival hypothesis")
            beside = _under_rival(rival, first, second, relation)
    both = {case.info.name: case for case, _ in (first, second)}
    drawn = [wish for case in both.values() for wish in wishes_for(case, ("trajectory", {}))]
    emit(contrast_report(found, first, second, beside), drawn)


def _dated_case(name: str, rules: str | None = None) -> tuple[Case, Phase]:
    from coopgame.clusters.case import phase_at

    plain, year = dated(name)
    return phase_at(_loaded(plain, (), rules), year)


def _under_rival(
    rival: str, first: tuple[Case, Phase], second: tuple[Case, Phase], relation: str
) -> tuple[str, Contrast, Total, Total]:
    """The contrast and the score of all cases under a rival hypothesis, and the score without."""
    from coopgame.catalogue import files, load_cases
    from coopgame.clusters.case import under_rival
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.contrast import contrast
    from coopgame.clusters.score import score

    one, other = ((under_rival(case, rival), phase) for case, phase in (first, second))
    found = contrast(one, other, relation)
    cases = load_cases(files("cases", folders()), folders())
    draws = Drawing(500)
    ours = score(cases, draws).total("all")
    theirs = score([under_rival(case, rival) for case in cases], draws).total("all")
    return rival, found, ours, theirs


@click.command(
    "map",
    epilog=example("""  coopgame map criciuma p h
  coopgame map sialkot:1997 kappa L --steps 40 --format csv -o map.csv"""),
)
@case_argument
@click.argument("x", shell_complete=complete_parameters(""))
@click.argument("y", shell_complete=complete_parameters(""))
@click.option(
    "--steps", type=click.IntRange(2, 100), default=24, show_default=True,
    help="How many steps across and up.",
)  # fmt: skip
@printed
def type_map(case: str, x: str, y: str, steps: int) -> None:
    """Map the most likely type of CASE over two parameters X and Y.

    All else is drawn from the answers of the last phase (or of CASE:YEAR); every point has the
    same draws. CSV and JSON hold the whole grid with the shares.
    """
    from coopgame.clusters.maps import type_map
    from coopgame.report.maps import map_report

    with progress() as step:
        step("types over the plane")
        loaded, phase = _dated_case(case)
        found = type_map(loaded, phase, x, y, steps)
    emit(map_report(found, loaded, phase))
