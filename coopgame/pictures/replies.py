"""Best replies of a 2x2 game at a point, and where they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.language.deciding import decide, number
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import Heading, number_text, readable
from coopgame.solution import Branch, Component, Solution

Path = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Meeting:
    """An equilibrium: its name, and the chances with which the players take their first action."""

    name: str
    at: tuple[float, float]
    text: str


@dataclass(frozen=True)
class Replies:
    """The best replies of both players as paths in (p, q), and the equilibria.

    p and q are the chances of the `actions` named, of the first and the second player. An empty
    path says that every reply is best, whatever the other does. `continua` are stretches of
    equilibria between two that are listed.
    """

    heading: Heading
    players: tuple[str, str]
    actions: tuple[str, str]
    first: Path
    second: Path
    meetings: tuple[Meeting, ...]
    continua: tuple[Path, ...]


def replies_picture(of: PictureSetting) -> Replies:
    """The best replies at the values given. Raises InputError unless the game is 2x2."""
    game = of.game
    if unsuited(of):
        raise InputError("best replies are drawn for two players with two actions each",
                         "use --kind outcome or --kind phase")  # fmt: skip
    fixed: Any = game.substitute(of.values)
    first, second = fixed.players
    own, other = fixed.matrix(first), fixed.matrix(second)
    gains = (_gain(own[0], own[1]), _gain(*zip(*other, strict=True)))
    solution = of.solution.at(**of.values)
    return Replies(
        heading=of.heading(
            "best replies and equilibria", notes=_notes(gains, solution.boundaries), lacks=False
        ),
        players=(first, second),
        actions=(fixed.players[first][0], fixed.players[second][0]),
        first=tuple(_reply(gains[0])),
        second=tuple((p, q) for q, p in _reply(gains[1])),
        meetings=meetings(solution, fixed),
        continua=tuple(_continua(fixed, solution.boundaries or ())),
    )


def unsuited(of: PictureSetting) -> str:
    """Why a game has no best replies to be drawn; empty where it has."""
    game: Any = of.game
    if ability(game, "matrix") and [len(a) for a in game.players.values()] == [2, 2]:
        return ""
    return "it needs two players with two actions each"


def _gain(one: Sequence[sympy.Expr], two: Sequence[sympy.Expr]) -> tuple[sympy.Expr, sympy.Expr]:
    """What the first action gains over the second where the other takes the first, the second."""
    return one[0] - two[0], one[1] - two[1]


def _reply(gain: tuple[sympy.Expr, sympy.Expr]) -> Iterator[tuple[float, float]]:
    """Best chances of one's first action (x) as the other's chance of theirs (y) goes up to 1."""
    at_one, at_none = gain
    slope = at_one - at_none
    turn = None if slope == 0 else -at_none / slope
    if turn is None or not (decide(sympy.Ge(turn, 0)) and decide(sympy.Le(turn, 1))):
        inside = at_none if slope == 0 else at_one + at_none
        if inside != 0:
            best = float(decide(sympy.Gt(inside, 0)))
            yield from ((best, 0.0), (best, 1.0))
        return
    after = float(decide(sympy.Gt(slope, 0)))
    where = number(turn)
    yield from ((1 - after, 0.0), (1 - after, where), (after, where), (after, 1.0))


def meetings(solution: Solution, game: Any) -> tuple[Meeting, ...]:
    """Where the equilibria of a 2x2 game at a point lie in the square of chances."""
    known = {branch.name: _chances(branch, game) for branch in solution.branches}
    return tuple(_meeting(name, at) for name, at in known.items())


def _chances(branch: Branch, game: Any) -> tuple[sympy.Expr, sympy.Expr]:
    p, q = (branch.strategies[player][actions[0]] for player, actions in game.players.items())
    return p, q


def _meeting(name: str, at: tuple[sympy.Expr, sympy.Expr]) -> Meeting:
    p, q = at
    text = f"{readable(name)} ({number_text(p)}, {number_text(q)})"
    return Meeting(name, (number(p), number(q)), text)


def _continua(game: Any, components: Sequence[Component]) -> Iterator[Path]:
    for component in components:
        known = {branch.name: _chances(branch, game) for branch in component.extremes}
        for names in component.subsets:
            yield tuple((number(known[n][0]), number(known[n][1])) for n in names)


def _notes(
    gains: Sequence[tuple[sympy.Expr, sympy.Expr]], components: Sequence[Component] | None
) -> Iterator[str]:
    for who, gain in zip(("first", "second"), gains, strict=True):
        if gain[0] == gain[1] == 0:
            yield f"To the {who} player every reply is best, whatever the other does."
    if components:
        yield "On a border: the thick grey line is a continuum of equilibria."
