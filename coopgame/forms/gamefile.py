"""A game file: what every form shares is read here, the rest by the form that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import sympy

from coopgame.forms import FORMS, reader
from coopgame.forms.base import Game, Header
from coopgame.language.printing import symbol
from coopgame.reading.domains import read_domain
from coopgame.reading.kinds import kind_of, of_another_kind
from coopgame.reading.section import Section, parse_toml, read_expected, read_info
from coopgame.rules.macro import Regime


def game_of(text: str, name: str) -> Game:
    """The game that the text of a game file states.

    Raises InputError with every fault of the text, and for one of another kind of file.
    """
    section, digest = parse_toml(text, name)
    found = kind_of(section)
    if found != "catalogue":
        raise of_another_kind(name, found)
    game = read_game(section, name, digest)
    section.settle()
    return game


def read_game(section: Section, name: str, digest: str) -> Game:
    """The game that a file's top section states; faults are noted in the section."""
    info = read_info(section, name, digest)
    form = section.choice("form", FORMS)
    domain = read_domain(section)
    headline = section.text("headline", default="")
    shown = tuple(section.strings("shown", default=()))
    header = Header(info, domain, headline, shown, read_expected(section), section.source)
    if str(section.data.get("form")) not in FORMS:
        section.settle()
    game = reader(form)(section, header)
    section.finish()
    if not section.faults:
        for name in unused(game):
            section.fault(
                f"parameters.{name}", "is used nowhere in the game", "use it or remove it"
            )
    return game


def unused(game: Game) -> tuple[str, ...]:
    """The parameters that no payoff, strategy or outcome of the game depends on."""
    parts: Mapping[str, Any] = vars(game) if is_dataclass(game) else {}
    used = set().union(*(_symbols(part) for name, part in parts.items() if name != "header"))
    return tuple(p.name for p in game.header.domain.parameters if p.symbol not in used)


def _symbols(part: Any) -> set[sympy.Symbol]:
    """Every symbol in a value, however deep in tables, tuples and dataclasses."""
    if isinstance(part, sympy.Basic):
        return set(part.free_symbols)
    if isinstance(part, Regime):
        # Where every regime changes a parameter, nothing of it is left in the payoffs.
        return _symbols(vars(part)) | {symbol(name) for name in part.changes}
    if isinstance(part, Mapping):
        return set().union(*map(_symbols, (*part.keys(), *part.values())))
    if isinstance(part, tuple | list | frozenset | set):
        return set().union(*map(_symbols, part))
    return set().union(*map(_symbols, vars(part).values())) if is_dataclass(part) else set()
