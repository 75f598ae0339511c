"""Feasible and enforceable payoffs of a repeated game at a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from coopgame.forms.abilities import ability
from coopgame.forms.repeated.payoffset import PayoffSet, hull
from coopgame.forms.repeated.play import Profile
from coopgame.language.deciding import number
from coopgame.language.numerals import approximate
from coopgame.language.printing import symbol
from coopgame.language.putting import put_in
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import Heading, readable

Point = tuple[float, float]


@dataclass(frozen=True)
class PayoffPicture:
    """Payoffs a period: the corners of what is feasible and of what is enforceable, in order.

    `profiles` are the stage game's payoffs by the actions taken, `equilibria` those of the listed
    strategies, and `minimax` what each player can secure.
    """

    heading: Heading
    players: tuple[str, str]
    feasible: tuple[Point, ...]
    enforceable: tuple[Point, ...]
    profiles: Mapping[str, Point]
    equilibria: Mapping[str, Point]
    minimax: Point


def payoffs_picture(of: PictureSetting) -> PayoffPicture:
    """The payoff sets at the values given."""
    game: Any = of.game
    found = game.payoff_set(**of.values)
    setting = put_in(game.setting, {symbol(n): v for n, v in of.values.items()})
    stage = {profile: payoffs for (_, profile), payoffs in setting.payoffs.items()}
    first, second = setting.players
    weight = number(setting.discount * (1 - setting.regimes[0].hazard))
    shown = f"feasible and enforceable payoffs (weight of the next period {approximate(weight)})"
    corners = hull((_fraction(x), _fraction(y)) for x, y in stage.values())
    return PayoffPicture(
        heading=of.heading(shown, notes=_notes(found, stage), lacks=False),
        players=(first, second),
        feasible=tuple((float(x), float(y)) for x, y in corners),
        enforceable=tuple((number(x), number(y)) for x, y in found.vertices),
        profiles={", ".join(actions): _point(payoff) for actions, payoff in stage.items()},
        equilibria=dict(_equilibria(of, number(1 - setting.discount))),
        minimax=_minimax(stage),
    )


def unsuited(of: PictureSetting) -> str:
    """Why the payoff sets of a game cannot be drawn; empty where they can."""
    game: Any = of.game
    if ability(game, "payoff_set") is None:
        return "payoff sets are drawn for repeated games"
    setting = game.setting
    if len(setting.regimes) > 1 or any(len(row) > 1 for row in setting.chances.values()):
        return "payoff sets are found for one regime and perfect monitoring"
    return ""


def _fraction(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _point(payoff: tuple[sympy.Expr, sympy.Expr]) -> Point:
    return number(payoff[0]), number(payoff[1])


def _minimax(stage: Mapping[Profile, tuple[sympy.Expr, sympy.Expr]]) -> Point:
    """What each can secure in pure strategies, whatever the other does."""
    lowest = []
    for player in (0, 1):
        best: dict[str, float] = {}
        for profile, payoff in stage.items():
            other = profile[1 - player]
            best[other] = max(best.get(other, float("-inf")), number(payoff[player]))
        lowest.append(min(best.values()))
    return lowest[0], lowest[1]


def _equilibria(of: PictureSetting, share: float) -> Iterator[tuple[str, Point]]:
    """Payoffs a period of the listed equilibria that hold at the point."""
    for branch in of.solution.at(**of.values).branches:
        first, second = (number(value) * share for value in branch.payoffs.values())
        yield readable(branch.name), (first, second)


def _notes(found: PayoffSet, stage: Mapping[Profile, object]) -> Iterator[str]:
    yield "Enforceable: subgame-perfect in pure strategies with public randomisation."
    if len(stage) > 4:
        yield "Dots: the payoffs of each pair of actions; the outermost are named."
    if not found.exact:
        yield f"The set is enclosed from outside, to within {number(found.error):.2g}."
    if not found.vertices:
        yield "No payoff is enforceable in pure strategies."
