"""The page of a game: its equilibria over sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coopgame.cache import remembered
from coopgame.forms.base import Game
from coopgame.pages.blocks import Block, block, series
from coopgame.pages.page import Chart, ChartChoice, Page
from coopgame.pages.sliders import sliders
from coopgame.pictures.words import outcome_label
from coopgame.report.tables import origin
from coopgame.solution import Solution

ID = "game"


@remembered()
def game_page(game: Game, values: Mapping[str, Any] | None = None) -> Page:
    """The page of a game, its sliders at `values` and elsewhere at the defaults.

    Raises InputError for values outside the domain.
    """
    info, domain = game.header.info, game.header.domain
    point = domain.point(values or {})
    solution = game.solve()
    shown = block(ID, "Equilibria", solution)
    return Page(
        title=info.title,
        description=info.description,
        source=info.source,
        origin=origin(info),
        values=point,
        sliders=sliders(domain, point),
        along=_along(solution),
        charts=(Chart("outcome", "Every equilibrium", _choices(shown, game)),),
        marks=tuple(
            {"parameter": t.parameter, "label": t.quantity.name, "block": ID,
             "slot": t.quantity.slot}
            for t in shown.thresholds
        ),
        model=f'gameModel("{ID}", {shown.function})',
        block=shown,
        notes=solution.provenance.left_out,
    )  # fmt: skip


def _along(solution: Solution) -> str:
    """The parameter to look along first: a hazard or discount factor that conditions speak of."""
    telling = {s for b in solution.branches for c in b.conditions for s in c.free_symbols}
    domain = solution.domain
    candidates = [*domain.by_role("hazard"), *domain.by_role("discount"), *domain.parameters]
    found = [p.name for p in candidates if p.symbol in telling]
    return (found or [p.name for p in candidates] or [""])[0]


def _choices(shown: Block, game: Game) -> tuple[ChartChoice, ...]:
    """The outcomes to choose from, those first that the file wants shown; else the payoffs."""
    known = list(dict.fromkeys(q.name for e in shown.equilibria for q in e.outcomes))
    known = known or list(dict.fromkeys(n for e in shown.equilibria for n in e.measures))
    wanted = [name for name in game.header.shown if name in known]
    names = dict.fromkeys([*wanted, *known])
    found = [ChartChoice(name, outcome_label(name), tuple(series(shown, name))) for name in names]
    widest = max((len(choice.series) for choice in found), default=0)
    return tuple(sorted(found, key=lambda choice: len(choice.series) < widest / 2))
