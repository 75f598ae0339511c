"""What the commands that print an answer share: `--fragment`, `--figures`, and what is drawn."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from coopgame.errors import InputError
from coopgame.report.formats import FORMATS

if TYPE_CHECKING:
    from coopgame.clusters.case import Case
    from coopgame.forms.base import Game
    from coopgame.pictures.figures import Wish
    from coopgame.report.tables import Report

Command = Callable[..., Any]
FRAGMENT = "coopgame.fragment"
FIGURES = "coopgame.figures"
UNTIL = "coopgame.until"


def document_options(command: Command) -> Command:
    """`--fragment` and `--figures`, kept for where the answer is written."""

    @functools.wraps(command)
    def kept(*arguments: Any, fragment: bool, figures: bool, **options: Any) -> Any:
        click.get_current_context().meta.update({FRAGMENT: fragment, FIGURES: figures})
        return command(*arguments, **options)

    for option in (
        click.option(
            "--figures/--no-figures",
            default=True,
            show_default=True,
            help="Whether a document (HTML, PDF, Word, LaTeX) has figures.",
        ),
        click.option(
            "--fragment",
            is_flag=True,
            help="LaTeX or HTML to be put into a document of your own: no preamble, no figures.",
        ),
    ):
        kept = option(kept)
    return kept


def wants_fragment() -> bool:
    """Whether the bare piece was asked for."""
    return bool(click.get_current_context().meta.get(FRAGMENT, False))


def wants_figures(shape: str) -> bool:
    """Whether the answer is to have figures: a document has, unless it is to have none."""
    asked = click.get_current_context().meta.get(FIGURES, True)
    return bool(asked) and not wants_fragment() and FORMATS[shape].is_document


def illustrated(report: Report, wishes: Iterable[Wish]) -> Report:
    """The report with its figures, if there is time to draw them.

    What is missing for that is a note, not an error: the answer is there already.
    """
    from coopgame.pictures.figures import with_figures
    from coopgame.report.documents import noted

    if time.monotonic() > click.get_current_context().meta.get(UNTIL, float("inf")):
        return noted(report, "Figures are left out, as the time limit is near (--time-limit).")
    return with_figures(report, wishes)


def wishes_for(of: Game | Case, *wishes: tuple[str | None, dict[str, Any]]) -> list[Wish]:
    """The figures of a game or a case: each its kind (None: the usual one) and what is asked."""
    return [(of, *wish) for wish in wishes]


def check_fragment(shape: str) -> None:
    """Refuse a bare piece of a format that has none."""
    if wants_fragment() and not FORMATS[shape].piece:
        known = " or ".join(name for name, each in FORMATS.items() if each.piece)
        raise InputError(f"{shape} has no fragment", f"--fragment goes with --format {known}")
