"""Commands about cases: study, classify, contrast, map, types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgame.cli.door import emit, progress
from coopgame.cli.options import (
    assignments,
    case_argument,
    case_set_option,
    common,
    complete_names,
    dated,
    example,
    printed,
    rules_option,
)

if TYPE_CHECKING:
    from coopgame.clusters.case import Case

PARTS = ("types", "years", "levers", "causes")
RELATIONS = ("horizontal", "collective", "vertical", "chain")


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
@common
def study(
    case: str,
    rules: tuple[str, ...],
    brief: bool,
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Study CASE: co-operation by macro rules, proved signs, types.

    The main job in one go: what each relation in the cluster sustains under stable and unstable
    macro rules, the hazard at which it collapses, which way it moves in every parameter, and the
    type of cluster phase by phase.
    """
    from coopgame.catalogue import load_case, load_rules, load_types
    from coopgame.clusters.study import study
    from coopgame.report.briefs import brief_report
    from coopgame.report.studies import study_report

    loaded = load_case(case, folders)
    regimes = [load_rules(name, folders) for name in rules]
    with progress() as step:
        found = study(loaded, regimes, step)
    report = brief_report(found, load_types()[1]) if brief else study_report(found)
    emit(report, shape, output)


@click.command(
    epilog=example("""  coopgame classify criciuma
  coopgame classify brazil_after_1994 --set t0=0
  coopgame classify sialkot --only years --only levers
  coopgame classify criciuma --draws 10000 --width 0.3 --seed 7""")
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
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=2000, show_default=True,
    help="How many seeded draws the robustness is the share of.",
)  # fmt: skip
@click.option(
    "--width", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.2,
    show_default=True, help="How far a draw moves each value, relatively (of a probability: odds).",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1998, show_default=True,
    help="The seed of the draws.",
)  # fmt: skip
@printed
@common
def classify(
    case: str,
    settings: tuple[str, ...],
    rules: str | None,
    parts: tuple[str, ...],
    draws: int,
    width: float,
    seed: int,
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Say which type of cluster CASE is, by phase and by year.

    Each phase with its margin (the distance to the nearest border between types), its robustness
    (the share of seeded draws around the calibrated values that keep the type), and the smallest
    moves of policy that would change something. --set and --rules hold in every phase.
    """
    from coopgame.catalogue import load_types
    from coopgame.clusters.classify import RobustnessDraws
    from coopgame.clusters.study import portrait
    from coopgame.report.portraits import portrait_report

    loaded = _loaded(case, settings, rules, folders)
    with progress() as step:
        found = portrait(loaded, parts or PARTS, RobustnessDraws(draws, width, seed), step)
    emit(portrait_report(found, load_types()[1]), shape, output)


def _loaded(
    case: str, settings: tuple[str, ...], rules: str | None, folders: tuple[Path, ...]
) -> Case:
    from coopgame.catalogue import load_case, load_rules
    from coopgame.clusters.case import revised

    regime = load_rules(rules, folders) if rules else None
    return revised(load_case(case, folders), assignments(settings), regime)


@click.command(
    epilog=example("""  coopgame contrast criciuma sinos_valley
  coopgame contrast sialkot rural_survival --relation horizontal""")
)
@click.argument("one", metavar="CASE", shell_complete=complete_names("cases"))
@click.argument("other", metavar="CASE", shell_complete=complete_names("cases"))
@click.option(
    "--relation",
    type=click.Choice(RELATIONS),
    default="collective",
    show_default=True,
    help="The co-operation in question.",
)
@printed
@common
def contrast(
    one: str,
    other: str,
    relation: str,
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Find why firms co-operate in one CASE but not in another.

    The last phases are compared. Every difference between them is tried alone and with one or two
    others: which of them, taken over from the second case, stop co-operation in the first, and
    which, taken over from the first, start it in the second. Write CASE:YEAR for an earlier phase.
    """
    from coopgame.catalogue import load_case
    from coopgame.clusters.case import phase_at
    from coopgame.clusters.columns import CompiledCluster
    from coopgame.clusters.contrast import contrast
    from coopgame.errors import InputError
    from coopgame.report.contrasts import contrast_report

    with progress() as step:
        step("cases")
        (first, early), (second, late) = (
            phase_at(load_case(name, folders), year) for name, year in map(dated, (one, other))
        )
        if first.cluster.info != second.cluster.info:
            told = f"{first.cluster.info.name} and {second.cluster.info.name}"
            raise InputError(
                f"{one} and {other} rest on two clusters, {told}", "compare within one"
            )
        step("differences")
        compiled = CompiledCluster(first.cluster)
        found = contrast(compiled, early.point, late.point, relation)
    emit(contrast_report(found, (first, early), (second, late)), shape, output)


@click.command(
    "map",
    epilog=example("""  coopgame map criciuma u_c h
  coopgame map sialkot:1996 certificate size --steps 40 --format csv -o map.csv"""),
)
@click.argument("case", metavar="CASE", shell_complete=complete_names("cases"))
@click.argument("x")
@click.argument("y")
@click.option(
    "--steps", type=click.IntRange(2, 400), default=60, show_default=True,
    help="How many steps across and up.",
)  # fmt: skip
@printed
@common
def type_map(
    case: str,
    x: str,
    y: str,
    steps: int,
    shape: str | None,
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Map the types of cluster around CASE over X and Y.

    All other values are those of the last phase (or of CASE:YEAR). The borders are given as exact
    curves, in closed form where there is one; CSV and JSON hold the whole grid.
    """
    from coopgame.catalogue import load_case
    from coopgame.clusters.case import phase_at
    from coopgame.clusters.columns import CompiledCluster
    from coopgame.clusters.maps import type_map
    from coopgame.report.maps import map_report

    name, year = dated(case)
    with progress() as step:
        step("types over the plane")
        loaded, phase = phase_at(load_case(name, folders), year)
        found = type_map(CompiledCluster(loaded.cluster), phase.point, x, y, steps)
    emit(map_report(found, loaded, phase), shape, output)


@click.command(
    "cases",
    epilog=example("""  coopgame cases
  coopgame cases --format markdown -o cases.md"""),
)
@printed
@common
def overview(shape: str | None, output: Path | None, folders: tuple[Path, ...]) -> None:
    """Classify every case, each phase beside what the paper states.

    Where each phase lies against the borders, and which single change would have given another
    type.
    """
    from coopgame.catalogue import files, load_cases
    from coopgame.clusters.classify import classify_all
    from coopgame.report.overview import overview_report

    with progress() as step:
        step("clusters")
        found = classify_all(load_cases(files("cases", folders), folders), step)
    emit(overview_report(found), shape, output)


@click.command(
    epilog=example("""  coopgame types
  coopgame types --format latex -o types.tex""")
)
@printed
@common
def types(shape: str | None, output: Path | None, folders: tuple[Path, ...]) -> None:
    """Show what each type of cluster is like (Table 1)."""
    from coopgame.catalogue import load_types
    from coopgame.report.maps import types_report

    emit(types_report(*load_types()), shape, output)


HEADING = "Cases and types of cluster"
COMMANDS = (study, classify, overview, contrast, type_map, types)
