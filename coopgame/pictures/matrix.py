"""The payoff matrix of two players, the best replies in it framed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sympy

from coopgame.forms.abilities import ability
from coopgame.forms.base import Game
from coopgame.forms.paytables import Bimatrix
from coopgame.language.deciding import decide
from coopgame.pictures.diagram import Diagram, Place, Stroke, Tag, extent, framed
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import readable, values_text

Payoff = tuple[sympy.Expr, sympy.Expr]
HEIGHT, AIR, MOST = 0.6, 0.12, 12
MANY = f"a matrix of more than {MOST} actions is not drawn"


def unsuited(of: PictureSetting) -> str:
    """Why a game has no matrix to be drawn; empty where it has."""
    found = bimatrix(of.game)
    if found is None:
        return "it needs two players in normal form, or a repeated game of one regime"
    return MANY if max(map(len, found.actions)) > MOST else ""


def bimatrix(game: Game) -> Bimatrix | None:
    """The matrix of a game in normal form of two players, or of a stage game that is repeated."""
    table = ability(game, "bimatrix")
    found: Bimatrix | None = table() if table else None
    return found


def matrix_picture(of: PictureSetting, values: Mapping[str, Any], marked: bool = True) -> Diagram:
    """The matrix with the `values` put for parameters, the others as symbols.

    Framed, if `marked`, are the payoffs of best replies to the other's pure actions, at the values
    given.
    """
    found = bimatrix(of.game)
    assert found is not None  # `unsuited` says why it may be
    best = set(_best(found.at(of.values))) if marked else set()
    shown = found.at(of.game.header.domain.read(values))
    what = "the stage game" if found.is_stage else "the payoffs"
    notes = [f"Payoffs of {found.players[0]}, then of {found.players[1]}."]
    if marked:
        notes = [f"{notes[0]} Framed: a best reply to the other's action{_where(of.values)}."]
    heading = of.heading(what, *of.game.header.domain.parameters, notes=notes, lacks=False)
    return framed(heading, *_laid_out(shown, best))


def _where(values: Mapping[str, sympy.Expr]) -> str:
    return f" at {values_text(values)}" if values else ""


def _best(found: Bimatrix) -> Iterator[tuple[tuple[str, str], int]]:
    """The payoffs that no other action of the same player exceeds: their profile and player."""
    for profile, paid in found.payoffs.items():
        for player in (0, 1):
            others = (
                each[player]
                for other, each in found.payoffs.items()
                if other[1 - player] == profile[1 - player]
            )
            if all(decide(sympy.Ge(paid[player], each)) for each in others):
                yield profile, player


def _laid_out(
    found: Bimatrix, best: set[tuple[tuple[str, str], int]]
) -> tuple[list[Tag], list[Stroke]]:
    rows, columns = found.actions
    wide = [_needed(found, column, rows) for column in columns]
    edges = [sum(wide[:i]) for i in range(len(wide) + 1)]
    bottom = -HEIGHT * len(rows)
    tags = [Tag(((readable(found.players[1]),),), (edges[-1] / 2, 0.42), is_strong=True)]
    for i, column in enumerate(columns):
        tags.append(Tag(((readable(column),),), ((edges[i] + edges[i + 1]) / 2, 0.16)))
    label = max(extent([(readable(row),)])[0] for row in rows)
    name = extent([(readable(found.players[0]),)])[0]
    tags.append(
        Tag(((readable(found.players[0]),),), (-2 * label - name - AIR, bottom / 2), is_strong=True)
    )
    for i, row in enumerate(rows):
        middle = -HEIGHT * (i + 0.5)
        own = extent([(readable(row),)])[0]
        tags.append(Tag(((readable(row),),), (-own, middle), align="right"))
        for j, column in enumerate(columns):
            tags += _cell(found.payoffs[row, column], (row, column), best,
                          ((edges[j] + edges[j + 1]) / 2, middle))  # fmt: skip
    return tags, list(_grid(edges, len(rows)))


def _needed(found: Bimatrix, column: str, rows: Iterable[str]) -> float:
    """How wide a column is: both payoffs beside each other, or its heading."""
    pairs = [[2 * extent([(paid,)])[0] for paid in found.payoffs[row, column]] for row in rows]
    heading = 2 * extent([(readable(column),)])[0]
    return max(heading, *(sum(pair) + 3 * AIR for pair in pairs))


def _cell(
    paid: Payoff,
    profile: tuple[str, str],
    best: set[tuple[tuple[str, str], int]],
    middle: Place,
) -> Iterator[Tag]:
    halves = [extent([(each,)])[0] for each in paid]
    whole = halves[0] + halves[1] + AIR / 2
    places = (middle[0] - whole + halves[0], middle[0] + whole - halves[1])
    for player in (0, 1):
        marked = (profile, player) in best
        yield Tag(((paid[player],),), (places[player], middle[1]), marked, marked)


def _grid(edges: Sequence[float], rows: int) -> Iterator[Stroke]:
    for i in range(rows + 1):
        yield Stroke((0, -HEIGHT * i), (edges[-1], -HEIGHT * i))
    for edge in edges:
        yield Stroke((edge, 0), (edge, -HEIGHT * rows))
