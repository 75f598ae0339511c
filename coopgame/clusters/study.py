"""The whole answer for a case: types by phase and year, under macro rules, with proved signs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from coopgame.clusters.answers import Margins, margins
from coopgame.clusters.case import Case
from coopgame.clusters.classify import Classification, classify
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.under import GAMES, ClusterCondition, UnderRules, conditions, under
from coopgame.comparative.signs import Statics, statics
from coopgame.forms.base import Game
from coopgame.rules.macro import MacroRules

TYPES, YEARS, ANSWERS, LEVERS, FACTS = PARTS = ("types", "years", "answers", "levers", "facts")
FEW = 500  # draws under each of the macro rules compared


@dataclass(frozen=True)
class Portrait:
    """A case described in parts: its types, and what other answers would make, phase by phase."""

    case: Case
    parts: tuple[str, ...]
    types: Classification | None = None
    margins: tuple[Margins, ...] = ()


def portrait(
    case: Case,
    parts: Collection[str] = PARTS,
    draws: Drawing | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Portrait:
    """The parts of a case's description that are asked for; `progress` is told each step begun."""
    draws = draws or Drawing()
    wanted = tuple(part for part in PARTS if part in parts)
    types = classify(case, draws, progress) if {TYPES, YEARS} & set(parts) else None
    found: tuple[Margins, ...] = ()
    if {ANSWERS, LEVERS} & set(parts):
        progress("other answers")
        found = tuple(margins(case, phase, draws) for phase in case.phases)
    return Portrait(case, wanted, types, found)


@dataclass(frozen=True)
class SignsOfGame:
    """The proved signs of a game, and the kinds of co-operation that are played as it says."""

    game: Game
    relations: tuple[str, ...]
    statics: Statics

    @property
    def told(self) -> str:
        """The game, and what it is behind."""
        return f"{self.game.header.info.name} ({', '.join(self.relations)})"


@dataclass(frozen=True)
class Study:
    """A case studied: phases under rules, signs of the games behind them, the case's portrait.

    `own` are the conditions of its games in the last phase, under the rules that the case states.
    """

    case: Case
    rows: tuple[UnderRules, ...]
    signs: tuple[SignsOfGame, ...]
    portrait: Portrait
    own: tuple[ClusterCondition, ...]


def study(
    case: Case,
    rules: Sequence[MacroRules],
    progress: Callable[[str], None] = lambda step: None,
) -> Study:
    """Study a case under the given rules, beside what its own answers say."""
    progress("types under the macro rules")
    draws = Drawing(FEW)
    rows = tuple(under(case, phase, each, draws) for phase in case.phases for each in rules)
    progress("signs, by proof")
    signs = tuple(_signs(case))
    own = conditions(case, case.phases[-1])
    return Study(case, rows, signs, portrait(case, (TYPES, LEVERS), progress=progress), own)


def _signs(case: Case) -> Iterator[SignsOfGame]:
    """The signs of every game that a kind of co-operation is, each game once."""
    for name, game in case.games.items():
        yield SignsOfGame(game, tuple(r for r, g in GAMES.items() if g == name), statics(game))
