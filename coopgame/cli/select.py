"""The command that chooses among equilibria: select."""

from __future__ import annotations

import click

from coopgame.cli.completion import complete_outcomes
from coopgame.cli.documents import wishes_for
from coopgame.cli.door import emit, progress
from coopgame.cli.options import (
    assignments,
    at_defaults_option,
    example,
    folders,
    game_argument,
    printed,
    set_option,
)
from coopgame.selection.registry import COMPARE, CRITERIA, OTHERS, listed


@click.command(
    epilog=listed()
    + example("""  coopgame select battle_of_the_sexes
  coopgame select hawk_dove --by risk --by basins --set v=1
  coopgame select stag_hunt --by logit --precision 1 --precision 10
  coopgame select minimum_effort --by stochastic --set n=2 --population 20""")
)
@game_argument
@click.option(
    "--by", "criteria", multiple=True, type=click.Choice(tuple(CRITERIA)),
    metavar="CRITERION",
    help="Only this criterion (see below); may be repeated. By default all that the game allows.",
)  # fmt: skip
@at_defaults_option
@click.option(
    "--population", type=click.IntRange(1, 200), metavar="N",
    help="How many players are drawn into games (stochastic, potential); else one game's.",
)  # fmt: skip
@click.option(
    "--compare", type=click.Choice(COMPARE), default=OTHERS, show_default=True,
    help="What players compare when they revise (stochastic).",
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(1, 40), metavar="S",
    help="How many past plays are sampled (adaptive); else the limit of many.",
)  # fmt: skip
@click.option(
    "--precision", "precisions", multiple=True, type=float, metavar="LAMBDA",
    help="A precision of the quantal responses (logit); may be repeated, rising.",
)  # fmt: skip
@click.option(
    "--outcome", default="cooperation", show_default=True, metavar="NAME",
    shell_complete=complete_outcomes,
    help="The outcome of which there is to be most (cooperative).",
)  # fmt: skip
@set_option
@printed
def select(
    game: str,
    criteria: tuple[str, ...],
    at_defaults: bool,
    population: int | None,
    compare: str,
    sample: int | None,
    precisions: tuple[float, ...],
    outcome: str,
    settings: tuple[str, ...],
) -> None:
    """Choose among the equilibria of GAME by criteria of selection.

    Each criterion says where in the parameter space it selects an equilibrium, with exact
    conditions; with values set, what it selects there. Most are defined for two players with two
    actions each and for identical players with two actions; where one is not, the answer says why.
    """
    from coopgame.catalogue import load_game
    from coopgame.report.selections import selected_report
    from coopgame.selection.criteria import PRECISIONS, SelectionOptions, select

    asked = SelectionOptions(population, sample, precisions or PRECISIONS, compare, outcome)
    loaded = load_game(game, folders())
    domain, values = loaded.header.domain, assignments(settings)
    point = domain.point(values) if at_defaults else domain.read(values)
    with progress() as step:
        step("selecting")
        found = select(loaded, criteria, asked, point)
    emit(selected_report(found), wishes_for(loaded, ("basins", {"values": point})))
