"""The forms that a game can take. Adding one is a module here and a line in `FORMS`.

A form's module has `read(section, header) -> Game`, which reads the keys of its own from a game
file, and a frozen dataclass that meets `coopgame.forms.base.Game`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the names of the forms are wanted where nothing heavy may load
    from coopgame.forms.base import Game, Header
    from coopgame.reading.section import Section

FORMS: dict[str, str] = {
    "normal": "finitely many players and actions, a payoff expression for each profile",
    "repeated": "a stage game played again and again; strategies are finite automata",
    "symmetric": "n identical players with two actions; payoffs by how many others co-operate",
    "contract": "one party chooses a mode and its terms, subject to what others will stand for",
    "level": "a relation with a level of co-operation that must enforce itself",
    "tie": "a relation between two unequal sides, with transfers between them or without",
    "sequential": "a tree of moves, each seen by all; payoffs and chances are expressions",
    "belief": "trust as a belief that only ventures teach, and that ventures need",
}


def reader(form: str) -> Callable[[Section, Header], Game]:
    """The function that reads the keys of a form; the form's module is imported on first use."""
    read: Callable[[Section, Header], Game] = import_module(f"coopgame.forms.{form}.game").read
    return read
