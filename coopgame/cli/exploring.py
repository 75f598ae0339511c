"""The command that writes a page with sliders: explore."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.completion import complete_names
from coopgame.cli.door import deliver, progress
from coopgame.cli.options import assignments, common, example, set_option
from coopgame.report.formats import check_ending


@click.command(
    epilog=example("""  coopgame explore relation -o relation.html
  coopgame explore sialkot -o sialkot.html
  coopgame explore trust --set T=4 -o trust.html""")
)
@click.argument("name", metavar="GAME|CASE", shell_complete=complete_names("catalogue", "cases"))
@set_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="The page to write.",
)
@common
def explore(name: str, settings: tuple[str, ...], output: Path, folders: tuple[Path, ...]) -> None:
    """Write a page with sliders for GAME or CASE.

    One file that opens in any browser without a network: sliders for the parameters, the diagram,
    the equilibria and which conditions hold now, formulas, worked out in the page; of a case how
    likely each type is by phase, hazard and trust, worked out beforehand. --set says where sliders
    start.
    """
    from coopgame.catalogue import load
    from coopgame.clusters.case import Case
    from coopgame.pages.cases import case_page
    from coopgame.pages.games import game_page
    from coopgame.pages.render import render

    check_ending(output, (".html", ".htm"))
    values = assignments(settings)
    with progress() as step:
        step("solving")
        loaded = load(name, folders)
        page = case_page(loaded, values) if isinstance(loaded, Case) else game_page(loaded, values)
        content = render(page)
    deliver(content, output)


HEADING = "Pages"
COMMANDS = (explore,)
