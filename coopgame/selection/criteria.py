"""What the criteria of selection choose in a game: the function `by_NAME` of each, and `select`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import sympy

from coopgame.cache import remembered
from coopgame.errors import InputError, LimitReached, brief, meant
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game
from coopgame.language.showing import shown
from coopgame.selection.basins import basins, replicator_basins
from coopgame.selection.coordination import Selection, as_solution, binary
from coopgame.selection.dominance import most_cooperative, payoff_dominant, risk_dominant
from coopgame.selection.quantal import QuantalResponse, logit_path, symmetric_logit_path
from coopgame.selection.registry import CRITERIA, OTHERS, Criterion
from coopgame.selection.stochastic import adaptive_play, logit_stable, stochastically_stable
from coopgame.solution import Point, Solution

# From noise alone to nearly best replies, for payoffs of the size of a few units.
PRECISIONS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class SelectionOptions:
    """What the criteria can be told: how many players, how large samples, which precisions.

    `population` is the number of players who are drawn into groups (by default those of one
    game), `sample` the number of past plays that are remembered (by default the limit of many),
    `precisions` those of logit replies, `compare` whom a player compares herself with.
    """

    population: int | None = None
    sample: int | None = None
    precisions: tuple[float, ...] = PRECISIONS
    compare: str = OTHERS
    outcome: str = "cooperation"


@shown
@dataclass(frozen=True)
class Chosen:
    """What one criterion selects in a game: equilibria as regions, or responses along a path.

    `measured` is what the measures of the selected are. `point` is where responses were worked
    out; `without` says why it selects nothing, where it is not defined for the game.
    """

    criterion: str
    selected: tuple[Selection, ...] = ()
    measured: str = ""
    responses: tuple[QuantalResponse, ...] = ()
    point: Point = field(default_factory=dict)
    without: str = ""


@shown
@dataclass(frozen=True)
class SelectedEquilibria:
    """What several criteria select among the equilibria of a game."""

    solution: Solution = field(repr=False)
    chosen: tuple[Chosen, ...]

    def __getitem__(self, criterion: str) -> Chosen:
        for each in self.chosen:
            if each.criterion == criterion:
                return each
        asked = ", ".join(each.criterion for each in self.chosen)
        raise InputError(f"{brief(criterion)} was not asked for", f"criteria: {asked}")

    def solved(self, criterion: str) -> Solution:
        """The solution with each equilibrium only where a criterion selects it.

        Its thresholds are those of the selection: from where on an equilibrium is risk-dominant.
        """
        return as_solution(self.solution, self[criterion].selected)


@remembered()
def select(
    game: Game,
    criteria: Collection[str] = (),
    options: SelectionOptions | None = None,
    point: Point | None = None,
) -> SelectedEquilibria:
    """What criteria select in a game; by default all that are defined for it.

    `point` fixes parameters. Raises InputError for an unknown criterion, or one that was asked
    for and is not defined for the game.
    """
    names = tuple(criteria) or tuple(CRITERIA)
    for name in names:
        if name not in CRITERIA:
            known = ", ".join(CRITERIA)
            raise InputError(f"unknown criterion {name!r}", f"{meant(name, CRITERIA)}use {known}")
    facing = game.substitute(point) if point else game
    solution, asked = facing.solve(), options or SelectionOptions()
    found = [_chosen(CRITERIA[name], solution, facing, asked, bool(criteria)) for name in names]
    return SelectedEquilibria(solution, tuple(found))


def _chosen(
    criterion: Criterion, solution: Solution, game: Game, asked: SelectionOptions, needed: bool
) -> Chosen:
    try:
        found: Chosen = criterion.choose(solution, game, asked)
    except (InputError, LimitReached) as error:
        if needed:
            raise
        return Chosen(criterion.name, without=str(error))
    return replace(found, measured=found.measured or criterion.measured)


def by_payoff(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("payoff", payoff_dominant(solution))


def by_risk(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("risk", risk_dominant(game))


def by_cooperative(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("cooperative", most_cooperative(solution, asked.outcome), asked.outcome)


def by_basins(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("basins", basins(game))


def by_replicator(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    areas = replicator_basins(game)
    found = [Selection(name, "replicator", (), sympy.Float(area)) for name, area in areas.items()]
    return Chosen("replicator", tuple(found))


def by_stochastic(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("stochastic", stochastically_stable(game, asked.population, asked.compare))


def by_potential(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("potential", logit_stable(game, asked.population))


def by_adaptive(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    return Chosen("adaptive", adaptive_play(game, asked.sample))


def by_logit(solution: Solution, game: Any, asked: SelectionOptions) -> Chosen:
    """Logit responses at numbers: what is not fixed has its default."""
    point = game.header.domain.point({})
    if ability(game, "payoff_table") is not None:
        view = binary(game.substitute(point))
        first, second = game.actions
        path = zip(asked.precisions, symmetric_logit_path(view, asked.precisions), strict=True)
        each = [QuantalResponse(p, {"each": {first: x, second: 1 - x}}) for p, x in path]
        return Chosen("logit", responses=tuple(each), point=point)
    if ability(game, "matrix") is None:
        raise InputError(
            f"{game.header.info.name} is not in normal form", "logit replies are for such games"
        )
    return Chosen("logit", responses=logit_path(game, asked.precisions), point=point)
