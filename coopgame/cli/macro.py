"""The command that tells how a cluster moves with macro rules: macro."""

from __future__ import annotations

import click

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
)


@click.command(
    epilog=example("""  coopgame macro criciuma
  coopgame macro prior -o prior.html
  coopgame macro sialkot:1990 --rules stable --rules brazil-1986-1994
  coopgame macro prior --set trust=a --format csv -o low-trust.csv""")
)
@case_argument
@case_set_option
@rules_option(multiple=True)
@draws_option(200)
@printed
def macro(case: str, settings: tuple[str, ...], rules: tuple[str, ...], draws: int) -> None:
    """Tell how types and co-operation in CASE move with macro rules, and in a crisis.

    Along the hazard from 0 to 1; under stable, unstable and switching rules (or those named), with
    each relationship's own period, a month, or a year; and in the two-by-two of stabilisation and
    crisis, all else the same. CASE:YEAR takes an earlier phase; the case `prior` has every answer
    unknown. Documents have the figures.
    """
    from coopgame.catalogue import load_case, load_rules
    from coopgame.clusters.case import phase_at, revised
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.macro import USUAL, macro
    from coopgame.report.macros import macro_report

    plain, year = dated(case)
    set_ = assignments(settings)
    loaded, phase = phase_at(revised(load_case(plain, folders()), set_), year)
    regimes = [load_rules(name, folders()) for name in dict.fromkeys(rules or USUAL)]
    with progress() as step:
        found = macro(loaded, phase, regimes, Drawing(draws), step)
    kinds = ("rules", "regimes", "crisis")
    drawn = wishes_for(loaded, *((kind, {"year": phase.year}) for kind in kinds))
    emit(macro_report(found), drawn)
