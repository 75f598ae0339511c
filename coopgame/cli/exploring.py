"""The commands that write pages with sliders: explore, and gallery for many at once."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.completion import complete_names
from coopgame.cli.door import bar, deliver, progress, say
from coopgame.cli.options import (
    assignments,
    common,
    example,
    folders,
    set_option,
    subject_argument,
    unlimited,
)
from coopgame.report.formats import check_ending


@click.command(
    epilog=example("""  coopgame explore relation -o relation.html
  coopgame explore sialkot -o sialkot.html
  coopgame explore trust --set T=4 -o trust.html""")
)
@subject_argument
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
def explore(name: str, settings: tuple[str, ...], output: Path) -> None:
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
        loaded = load(name, folders())
        page = case_page(loaded, values) if isinstance(loaded, Case) else game_page(loaded, values)
        content = render(page)
    deliver(content, output)


@click.command(
    epilog=example("""  coopgame gallery -o site/
  coopgame gallery -o site/ trust relation criciuma
  coopgame gallery -o site/ --cases""")
)
@click.argument(
    "names", metavar="[GAME|CASE]...", nargs=-1, shell_complete=complete_names("catalogue", "cases")
)
@click.option("--cases", "with_cases", is_flag=True, help="The cases too, which take longer.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    required=True,
    help="The folder to write; it is made if it is missing.",
)
@common
def gallery(names: tuple[str, ...], with_cases: bool, output: Path) -> None:
    """Write the pages of many games, and a page of contents, for a web server.

    Without names every game of the catalogue. Each page is a file that opens from the disk, too;
    those that are written stay if the command is interrupted.
    """
    from coopgame.catalogue import files, load
    from coopgame.pages.gallery import gallery

    kinds = ("catalogue", "cases") if with_cases else ("catalogue",)
    chosen = tuple(dict.fromkeys(names)) or tuple(
        name for kind in kinds for name in files(kind, folders())
    )
    subjects = [load(name, folders()) for name in chosen]
    unlimited()
    with bar() as told:
        contents = gallery(subjects, output, told)
    say(f"wrote {contents} and {len(subjects)} pages")
