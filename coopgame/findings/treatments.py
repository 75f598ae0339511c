"""Treatments of an experiment: points of a repeated game, with the co-operation observed at each.

A file of them names the game, states its parameters' values exactly, and leaves none to a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sympy

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game
from coopgame.forms.repeated.game import DEFECTION
from coopgame.forms.repeated.starting import Starting, belief
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.solution import Point

MEASURES = ("coop_round1", "coop_all_rounds")


@dataclass(frozen=True)
class Treatment:
    """One treatment: a full parameter point, and the shares of co-operative choices observed.

    `observed` maps each of `MEASURES` to a share; `decisions` counts the first-round choices.
    """

    study: str
    name: str
    source: str
    point: Point
    observed: Mapping[str, sympy.Rational]
    decisions: int


@dataclass(frozen=True)
class Evidence:
    """Treatments of one game, from a file."""

    info: Info
    game: Game
    treatments: tuple[Treatment, ...]


def choice_to_start(game: Game) -> Starting:
    """What starting the game's headline takes against constant defection.

    Raises InputError for a game that has no such choice.
    """
    found: Starting | None = ability(game, "starting")
    if found is None or belief(found, game.header.domain, True) is None:
        raise InputError(
            f"{game.header.info.name} does not say which belief it takes to start co-operating",
            f"name a repeated game with its headline and {DEFECTION} among the profiles, as trust",
        )
    return found


def read_evidence(section: Section, info: Info, load: Callable[[str], Game]) -> Evidence:
    """The treatments that a file states. Raises InputError with every fault of the file."""
    game = _read_game(section, load)
    domain = game.header.domain if game else None
    common = _read_values(section, "common", domain, required=False)
    treatments = [_read_treatment(entry, common, domain) for entry in section.tables("treatments")]
    if not treatments and not section.faults:
        section.fault("treatments", "is missing", "add at least one [[treatments]]")
    _check_distinct(section, treatments)
    section.finish()
    if game is None or section.faults:
        raise InputError(dict.fromkeys(section.faults))
    return Evidence(info, game, tuple(treatments))


def _read_game(section: Section, load: Callable[[str], Game]) -> Game | None:
    name = section.text("game")
    if not name:
        return None
    try:
        game = load(name)
        choice_to_start(game)
        return game
    except InputError as error:
        section.adopt("game", error)
        return None


def _read_treatment(entry: Section, common: Point | None, domain: Domain | None) -> Treatment:
    treatment = Treatment(
        study=entry.text("study"),
        name=entry.text("name"),
        source=entry.text("source"),
        point=_read_point(entry, common, domain),
        observed={measure: _read_share(entry, measure) for measure in MEASURES},
        decisions=_read_count(entry, "decisions_round1"),
    )
    entry.finish()
    return treatment


def _read_point(entry: Section, common: Point | None, domain: Domain | None) -> Point:
    """The full point of a treatment: no default of the game stands in for what it leaves out."""
    own = _read_values(entry, "at", domain)
    if domain is None or common is None or own is None:
        return {}
    values = {**common, **own}
    absent = [name for name in domain.names if name not in values]
    for name in absent:
        entry.fault(f"at.{name}", "is missing", f'add {name} = "1/2", say, here or in [common]')
    try:
        return {} if absent else domain.point(values)
    except InputError as error:
        entry.adopt("at", error)
        return {}


def _read_values(
    section: Section, key: str, domain: Domain | None, required: bool = True
) -> Point | None:
    """Values of the game's parameters; None where they are faulty or there is no game."""
    noted = len(section.faults)
    table = section.table(key, required)
    if domain is None or len(section.faults) > noted:
        return None
    try:
        return domain.read(table.data)
    except InputError as error:
        section.adopt(key, error)
        return None


def _read_share(entry: Section, key: str) -> sympy.Rational:
    share = entry.number(key)
    if not 0 <= share <= 1:
        entry.fault(key, f"{to_text(share)} is not a share", "write a number from 0 to 1")
    return share


def _read_count(entry: Section, key: str) -> int:
    found = entry.value(key)
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return found
    problem = "is missing" if found is None else f"{found!r} is not a number of decisions"
    entry.fault(key, problem, f"write a whole number above 0, as in {key} = 100")
    return 1


def _check_distinct(section: Section, treatments: Sequence[Treatment]) -> None:
    seen: set[tuple[str, str]] = set()
    for i, treatment in enumerate(treatments):
        key = (treatment.study, treatment.name)
        if key in seen and all(key):
            section.fault(
                f"treatments[{i}].name",
                f"{treatment.name!r} of {treatment.study!r} is given twice",
                "give each treatment of a study its own name",
            )
        seen.add(key)
