"""How an answer is asked for: its format and file, as a bare piece or with figures."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coopgame.report.formats import FORMATS, check_piece

if TYPE_CHECKING:
    from coopgame.clusters.case import Case
    from coopgame.forms.base import Game
    from coopgame.pictures.figures import Wish
    from coopgame.report.tables import Report

Command = Callable[..., Any]
DELIVERY = "coopgame.delivery"
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


def deliver_as(shape: str | None, output: Path | None) -> None:
    """Keep the format and the file that were asked for, for where the answer is written."""
    click.get_current_context().meta[DELIVERY] = shape, output


def asked_delivery() -> tuple[str | None, Path | None]:
    """The format and the file that were asked for, each None where it was not."""
    asked: tuple[str | None, Path | None] = click.get_current_context().meta[DELIVERY]
    return asked


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
    if wants_fragment():
        check_piece(shape)
