"""The command sensitivity."""

from __future__ import annotations

from collections.abc import Iterable

import click

from coopgame.cli.completion import complete_parameters
from coopgame.cli.door import emit, progress
from coopgame.cli.options import (
    assignments,
    dated,
    example,
    folders,
    outcomes_option,
    printed,
    seed_option,
    set_option,
    subject_argument,
)
from coopgame.errors import InputError


@click.command(
    epilog=example("""  coopgame sensitivity relation
  coopgame sensitivity inspection --outcome compliance --range c=0.5:3
  coopgame sensitivity criciuma --draws 256
  coopgame sensitivity sialkot:1990 --outcome type --format csv""")
)
@subject_argument
@outcomes_option(
    "Of a game, an outcome (by default the first that is shown); of a case, 'type' (whether "
    "the cluster has its most likely type; the default), a type, or a kind of co-operation; may be "
    "repeated.",
)
@click.option(
    "--range", "given", multiple=True, metavar="NAME=LOW:HIGH",
    shell_complete=complete_parameters(),
    help="The range of a parameter; may be repeated. The others move around their values.",
)  # fmt: skip
@click.option(
    "--width", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.2,
    show_default=True, help="How far the others move, as a share of their value (0.2: by 20 %).",
)  # fmt: skip
@click.option(
    "--select", metavar="CRITERION",
    help="Which of several equilibria counts, as in table; by default that with most of the "
    "outcome.",
)  # fmt: skip
@click.option(
    "--draws", type=int, default=1024, show_default=True,
    help="Base draws, a power of two. Of k parameters, k + 2 times as many points are evaluated.",
)  # fmt: skip
@seed_option
@set_option
@printed
def sensitivity(
    name: str,
    outcomes: tuple[str, ...],
    given: tuple[str, ...],
    width: float,
    select: str | None,
    draws: int,
    seed: int,
    settings: tuple[str, ...],
) -> None:
    """Find how far each parameter accounts for an outcome's variance.

    First-order and total Sobol indices, estimated over ranges of all parameters at once, with 95 %
    intervals: of an outcome of GAME, or of the type of the cluster of CASE (its last phase, or that
    of a year: CASE:YEAR). What is --set stays fixed.
    """
    from coopgame.catalogue import load
    from coopgame.clusters.case import Case, phase_at
    from coopgame.clusters.variance import of_case
    from coopgame.report.sensitivities import sensitivity_report
    from coopgame.tables.indices import Sampling
    from coopgame.tables.sensitivity import Asked, of_game

    sampling = Sampling(draws, seed)
    asked = Asked(outcomes, _ranges(given), assignments(settings), width, select, sampling)
    plain, year = dated(name)
    with progress() as step:
        step("solving")
        subject = load(plain, folders())
        step("drawing")
        if isinstance(subject, Case):
            found = of_case(*phase_at(subject, year), asked)
        else:
            found = of_game(subject, asked)
    emit(sensitivity_report(found))


def _ranges(texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """`name=low:high` texts as the ends of ranges."""
    found = {}
    for name, text in assignments(texts, "--range").items():
        ends = [part.strip() for part in text.split(":")]
        if len(ends) != 2 or not all(ends):
            raise InputError(f"{text!r} is no range", "as in h=0:0.5", f"--range {name}")
        found[name] = (ends[0], ends[1])
    return found
