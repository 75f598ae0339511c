"""Commands that solve: solve, statics, table."""

from __future__ import annotations

import click

from coopgame.cli.completion import complete_equilibria, complete_parameters
from coopgame.cli.documents import wishes_for
from coopgame.cli.door import LIMIT, bar, emit, progress, say
from coopgame.cli.large import Delivery, large, write_large
from coopgame.cli.options import (
    assignments,
    at_defaults_option,
    common,
    drawn,
    example,
    folders,
    game_argument,
    in_time,
    outcomes_option,
    printed,
    ranges,
    rules_option,
    set_option,
)


@click.command(
    epilog=example("""  coopgame solve trust
  coopgame solve trust --set T=5 --set R=3 --set P=1 --set S=0
  coopgame solve trust --at-defaults --set delta=0.6
  coopgame solve relation --rules stable --rules brazil-1986-1994
  coopgame solve inspection --boundaries""")
)
@game_argument
@set_option
@rules_option(multiple=True)
@at_defaults_option
@click.option(
    "--boundaries",
    is_flag=True,
    help="Also the continua of equilibria on borders of the parameter space (normal form).",
)
@printed
def solve(
    game: str,
    settings: tuple[str, ...],
    rules: tuple[str, ...],
    at_defaults: bool,
    boundaries: bool,
) -> int:
    """Find the equilibria of GAME, and where each exists.

    Parameters that are not set stay symbols. With all of them set, or --at-defaults, the
    equilibria at that point. Exit code 3 if time ran out: what was found so far is printed.
    """
    from coopgame.catalogue import load_game, load_rules
    from coopgame.comparative.scenario import solve
    from coopgame.report.documents import STRUCTURE
    from coopgame.report.scenarios import scenario_report

    loaded = load_game(game, folders())
    regimes = [load_rules(name, folders()) for name in rules]
    with in_time():
        scenarios = solve(loaded, assignments(settings), regimes, at_defaults, boundaries)
    facing = {"values": assignments(settings), "rules": regimes[0] if regimes else None}
    drawn = wishes_for(loaded, *STRUCTURE, (None, facing))
    emit(scenario_report(scenarios), drawn)
    return _limited(sum(each.solution.provenance.late for each in scenarios), "candidates")


@click.command(
    epilog=example("""  coopgame statics relation
  coopgame statics relation --outcome level --assume "m == 0"
  coopgame statics relation --summary
  coopgame statics trust --set T=5 --set R=3 --format csv""")
)
@game_argument
@outcomes_option("Only this outcome.")
@click.option(
    "--branch",
    "branches",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_equilibria,
    help="Only this equilibrium, or 'all'.",
)
@click.option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="STATEMENT",
    help='A further assumption, as in --assume "m == 0" or --assume "T > 2*R".',
)
@click.option("--summary", is_flag=True, help="One line for each outcome: rises in, falls in, ...")
@click.option("--conditions", is_flag=True, help="With the conditions of each equilibrium.")
@set_option
@printed
def statics(
    game: str,
    outcomes: tuple[str, ...],
    branches: tuple[str, ...],
    assumed: tuple[str, ...],
    summary: bool,
    conditions: bool,
    settings: tuple[str, ...],
) -> int:
    """Prove which way the outcomes of GAME move in each parameter.

    An ambiguous sign comes with a point for each direction and, where it can be found, the
    condition that settles it. Of a file without outcomes, the payoffs. Exit code 3 if a sign
    could not be decided.
    """
    from coopgame.catalogue import load_game
    from coopgame.comparative.scenario import fixed
    from coopgame.comparative.signs import statics
    from coopgame.report.signs import signs_report

    loaded = fixed(load_game(game, folders()), assignments(settings))
    with progress() as step, in_time():
        found = statics(loaded, outcomes, branches, assumed, step)
    report = signs_report(found, summary, loaded.solve() if conditions else None)
    drawn = wishes_for(loaded, *(("outcome", {"outcome": name}) for name in outcomes or [None]))
    emit(report, drawn)
    return _limited(sum(row.verdict == "undecided" for row in found.rows), "signs")


@click.command(
    epilog=example("""  coopgame table trust --vary h=0:0.6:13
  coopgame table trust --vary h=0:0.6:13 --vary delta=0.5:0.9:5 -o table.csv
  coopgame table relation --vary q=1/4,1/2,1 --set b=2 --outcome level
  coopgame table relation --vary c=0.5:2:5:log --outcome elasticity:level:c
  coopgame table relation --vary u=0:0.3:4 --rules stable --rules unstable
  coopgame table trust --vary delta=0.4:0.6:5 --select most-cooperative
  coopgame table inspection --vary e=1:3 --vary c=1:3 --draws sobol:4:7
  coopgame table inspection --vary e=1:3:5000 --vary c=1:3:5000 -o parts/""")
)
@game_argument
@click.option(
    "--vary",
    "varied",
    multiple=True,
    required=True,
    metavar="NAME=LOW:HIGH:COUNT",
    shell_complete=complete_parameters(),
    help="Vary a parameter in equal steps (exact), in equal ratios with :log at the end, or over "
    "a list NAME=A,B,C; may be repeated. With --draws, NAME=LOW:HIGH.",
)
@click.option(
    "--draws",
    "draws",
    metavar="KIND:COUNT[:SEED]",
    help="Draw points from the ranges instead: sobol or latin (hypercube), as in sobol:1024.",
)
@set_option
@rules_option(multiple=True)
@click.option(
    "--select",
    default="all",
    show_default=True,
    metavar="CRITERION",
    help="Which equilibria to keep: all, risk-dominant, most-cooperative or least-cooperative "
    "(these two with :OUTCOME to compare another outcome than cooperation).",
)
@outcomes_option("Only this outcome; may be repeated. elasticity:OUTCOME:PARAMETER is one too.")
@large
@common
def table(
    game: str,
    varied: tuple[str, ...],
    draws: str | None,
    settings: tuple[str, ...],
    rules: tuple[str, ...],
    select: str,
    outcomes: tuple[str, ...],
    way: Delivery,
) -> int:
    """Tabulate the equilibria of GAME over parameter values.

    One row a grid point and equilibrium, with a status column: value, no such equilibrium,
    undecided, outside the domain, or not selected. Defaults fill what is neither varied nor set.
    In Parquet a table may have any size; -o DIR/ writes it part by part.
    """
    from coopgame.catalogue import load_game, load_rules
    from coopgame.pictures.spans import over_axes
    from coopgame.report.sweeps import sweep_report
    from coopgame.tables.draws import Draws
    from coopgame.tables.sweep import tabled
    from coopgame.tables.tasks import Request

    loaded, parts = load_game(game, folders()), drawn(draws)
    request = Request(
        ranges(varied, parts is not None),
        assignments(settings),
        outcomes,
        tuple(load_rules(name, folders()) for name in rules),
        select,
        Draws(*parts) if parts else None,
    )
    if way.is_parquet:
        return _limited(write_large(loaded, request, way), "rows")
    with bar() as told:
        found = tabled(loaded, request, told)
    emit(sweep_report(found), wishes_for(loaded, over_axes(request)))
    return _limited(found.undecided, "rows")


def _limited(undecided: int, what: str) -> int:
    """The exit code of an answer of which a part was left undecided."""
    if undecided:
        say(f"{undecided} {what} left undecided within the effort allowed")
    return LIMIT if undecided else 0
