"""The command that draws: plot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgame.cli.completion import complete_outcomes, complete_parameters
from coopgame.cli.door import deliver, progress
from coopgame.cli.options import (
    Command,
    assignments,
    common,
    dated,
    example,
    folders,
    rules_option,
    set_option,
    subject_argument,
)
from coopgame.errors import InputError
from coopgame.pictures import kinds

if TYPE_CHECKING:
    from coopgame.pictures.spans import Wanted


def _axis(option: str, told: str) -> Callable[[Command], Command]:
    """An option for a parameter that runs, perhaps with the ends of its range."""
    return click.option(
        option, metavar="NAME[=LOW:HIGH]", shell_complete=complete_parameters(""), help=told
    )


@click.command(
    epilog=kinds.listed()
    + example("""  coopgame plot relation
  coopgame plot relation --vary q=0.2:1 -o detection.pdf
  coopgame plot trust --kind phase --x h --y delta -o trust.svg
  coopgame plot inspection --kind replies --set f=0
  coopgame plot inspection --kind matrix -o inspection.tex
  coopgame plot lead_firm --kind tree -o lead_firm.svg
  coopgame plot criciuma -o criciuma.png
  coopgame plot sialkot:1990 --kind map --x kappa --y L=0:0.8""")
)
@subject_argument
@click.option(
    "--kind",
    type=click.Choice(kinds.names()),
    metavar="KIND",
    help="The kind of figure; see below.",
)
@_axis("--vary", "The parameter along which an outcome is drawn.")
@_axis("--x", "The parameter across (phase, map).")
@_axis("--y", "The parameter upwards (phase, map).")
@click.option(
    "--outcome",
    metavar="NAME",
    shell_complete=complete_outcomes,
    help="The outcome drawn; else the first one shown.",
)
@set_option
@rules_option(multiple=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
    help="Where to write: .png, .svg, .pdf, or .tex for TikZ (matrix, tree, automata); else "
    "NAME-KIND.png in the current folder.",
)  # fmt: skip
@common
def plot(
    name: str,
    kind: str | None,
    vary: str | None,
    x: str | None,
    y: str | None,
    outcome: str | None,
    settings: tuple[str, ...],
    rules: str | None,
    output: Path | None,
) -> None:
    """Draw a picture of GAME or CASE as PNG, SVG, PDF or TikZ.

    Everything shown is computed as in the other commands: borders exactly, equilibria certified.
    Readable in grey and by colour-blind readers; the footer names file, digest and version.
    """
    from coopgame.catalogue import load, load_rules
    from coopgame.pictures.asked import PictureRequest, chosen, ending_of, rendered, stage

    ending = ending_of(output) if output else "png"
    plain, year = dated(name)
    request = PictureRequest(
        _wanted(vary), _wanted(x), _wanted(y), outcome, year, assignments(settings),
        load_rules(rules, folders()) if rules else None,
    )  # fmt: skip
    with progress() as step:
        step("solving")
        subject = load(plain, folders())
        of = stage(subject, request)
        picked = chosen(of, kind, request)
        step("drawing")
        content = rendered(picked, of, request, ending)
    path = output or Path(f"{Path(plain).stem}-{picked.name}.png")
    deliver(content, path)


def _wanted(text: str | None) -> Wanted | None:
    """`name` or `name=low:high` as a parameter wanted."""
    from coopgame.pictures.spans import Wanted

    if text is None:
        return None
    name, equals, ends = (part.strip() for part in text.partition("="))
    low, colon, high = (part.strip() for part in ends.partition(":"))
    if not name or (equals and not (low and colon and high)):
        raise InputError(f"{text!r} is not a parameter with a range", "write name or name=low:high")
    return Wanted(name, low or None, high or None)
