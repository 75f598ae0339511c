"""What the commands that print an answer share: `--fragment`, `--figures`, and what is drawn."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from coopgame.errors import InputError, MissingExtra
from coopgame.report.formats import FORMATS

if TYPE_CHECKING:
    from coopgame.clusters.case import Case
    from coopgame.forms.base import Game
    from coopgame.report.tables import Figure, Report

Command = Callable[..., Any]
FRAGMENT = "coopgame.fragment"
FIGURES = "coopgame.figures"
UNTIL = "coopgame.until"
Drawn = Callable[[], Iterable["Figure"]]


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


def with_figures(report: Report, shape: str, drawn: Drawn | None) -> Report:
    """The report with its figures, if the format is a document's and there is time to draw them.

    What is missing for that is a note, not an error: the answer is there already.
    """
    from coopgame.report.documents import illustrated, noted

    meta = click.get_current_context().meta
    if drawn is None or not meta.get(FIGURES, True) or wants_fragment():
        return report
    if not FORMATS[shape].is_document:
        return report
    if time.monotonic() > meta.get(UNTIL, float("inf")):
        return noted(report, "Figures are left out, as the time limit is near (--time-limit).")
    try:
        return illustrated(report, list(drawn()))
    except MissingExtra as error:
        return noted(report, f"Figures are left out: {error}.")


def of_game(game: Game, *wishes: tuple[str | None, dict[str, Any]]) -> Drawn:
    """The figures of a game: each by its kind (None for the usual one) and what is asked of it."""
    return _drawn((game, *wish) for wish in wishes)


def of_cases(*wishes: tuple[Case, str, dict[str, Any]]) -> Drawn:
    """The figures of cases."""
    return _drawn(wishes)


def _drawn(wishes: Iterable[tuple[Game | Case, str | None, dict[str, Any]]]) -> Drawn:
    def draw() -> Iterable[Figure]:
        from coopgame.pictures.asked import PictureRequest
        from coopgame.pictures.figures import figures

        return figures([(of, kind, PictureRequest(**asked)) for of, kind, asked in wishes])

    return draw


def check_fragment(shape: str) -> None:
    """Refuse a bare piece of a format that has none."""
    if wants_fragment() and not FORMATS[shape].piece:
        known = " or ".join(name for name, each in FORMATS.items() if each.piece)
        raise InputError(f"{shape} has no fragment", f"--fragment goes with --format {known}")
