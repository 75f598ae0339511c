"""A folder of pages with a page of contents: what a lecturer puts on a web server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from string import Template

from coopgame.clusters.case import Case
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.pages.cases import case_page
from coopgame.pages.games import game_page
from coopgame.pages.page import Page
from coopgame.pages.render import asset, render
from coopgame.reading.info import VERSION
from coopgame.report.formats import write

CONTENTS = "index.html"
FIRST = 240  # characters of a description that stand in the contents
Told = Callable[[int, int], None]


def gallery(subjects: Sequence[Game | Case], folder: Path, told: Told) -> Path:
    """The page of each game and case in a folder, and the page of contents, written last.

    The folder is made if only it is missing. `told` hears how many pages of how many are done. A
    page that was written stays where a later one fails or is interrupted.

    Raises
    ------
    InputError
        Where the folder cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        told_so = error.strerror or "cannot be made"
        raise InputError(
            f"folder {folder}: {told_so}", "name one in a folder that exists"
        ) from None
    entries: dict[str, list[str]] = {}
    for done, subject in enumerate(subjects):
        told(done, len(subjects))
        is_case = isinstance(subject, Case)
        page = case_page(subject) if isinstance(subject, Case) else game_page(subject)
        name = f"{_name(subject)}.html"
        write(folder / name, render(page))
        entries.setdefault("Cases" if is_case else "Games", []).append(_entry(name, page))
    told(len(subjects), len(subjects))
    sections = [
        f"<section><h2>{heading}</h2><ul>{''.join(lines)}</ul></section>"
        for heading, lines in entries.items()
    ]
    contents = Template(asset("gallery.html")).substitute(
        style=asset("page.css"), sections="\n".join(sections), version=VERSION
    )
    write(folder / CONTENTS, contents)
    return folder / CONTENTS


def _name(subject: Game | Case) -> str:
    info = subject.info if isinstance(subject, Case) else subject.header.info
    return info.name


def _entry(name: str, page: Page) -> str:
    about = " ".join(page.description.split())
    short = about if len(about) <= FIRST else about[:FIRST].rsplit(" ", 1)[0] + " ..."
    return f'<li><a href="{escape(name)}">{escape(page.title)}</a><br>{escape(short)}</li>'
