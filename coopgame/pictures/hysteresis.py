"""Hysteresis: how far co-operation goes as the hazard rises from high trust, and as it falls again.

On the way up trust is high, and the highest level that enforces itself is kept until none does: at
the hazard of collapse. On the way down only the floor of trust is left, and co-operation begins
again where the tipping point has come down to it: at the hazard of return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy

from coopgame.forms.abilities import ability
from coopgame.language.deciding import decide, evaluate, number
from coopgame.language.printing import symbol
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import Heading, number_text, parameter_label
from coopgame.solution import Solution

POINTS = 121
HALVINGS = 40
BEYOND = 1.35

At = Callable[[sympy.Expr], tuple[sympy.Expr, sympy.Expr | None]]


@dataclass(frozen=True)
class Hysteresis:
    """Levels by hazard: on the way `up` from high trust and on the way `down` from the floor.

    `collapse` and `back` are the hazards of collapse and of return, with their exact texts; None
    where no hazard in the range makes co-operation collapse, or come back.
    """

    heading: Heading
    hazard: str
    hazards: tuple[float, ...]
    up: tuple[float, ...]
    down: tuple[float, ...]
    tipping_points: tuple[float | None, ...]
    floor: float
    collapse: float | None
    back: float | None


@dataclass(frozen=True)
class _Ladder:
    """What is needed of a relation: level and tipping point by hazard, floor, exact criticals."""

    at: At
    floor: sympy.Expr
    collapse: sympy.Expr | None
    back: sympy.Expr | None
    low: sympy.Expr
    high: sympy.Expr


def hysteresis_picture(of: PictureSetting) -> Hysteresis:
    """The loop of a level game at the values given."""
    hazard = of.solution.domain.by_role("hazard")[0]
    others = {symbol(n): v for n, v in of.values.items() if n != hazard.name}

    def at(value: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr | None]:
        return _highest(of.solution, {**of.values, hazard.name: value})

    criticals = {c.name: c.expression.subs(others) for c in of.solution.criticals
                 if c.parameter == hazard.name}  # fmt: skip
    floor = evaluate(ability(of.game, "trust_floor"), others)
    ladder = _Ladder(
        at, floor, criticals.get("collapse"), criticals.get("return"),
        hazard.interval.lower, hazard.interval.upper,
    )  # fmt: skip
    drawn = _climbed(ladder, parameter_label(hazard))
    shown = "co-operation up and down with the hazard"
    return replace(drawn, heading=of.heading(shown, hazard, notes=_notes(drawn)))


def unsuited(of: PictureSetting) -> str:
    """Why a game has no loop; empty where it has a level, a floor of trust and a hazard."""
    hazards = of.solution.domain.by_role("hazard")
    if ability(of.game, "trust_floor") is not None and len(hazards) == 1:
        return ""
    return "it needs a level game with a hazard and a floor of trust"


def _highest(
    solution: Solution, own: dict[str, sympy.Expr]
) -> tuple[sympy.Expr, sympy.Expr | None]:
    """The highest self-enforcing level and the tipping point at a point."""
    at = {symbol(name): value for name, value in own.items()}
    branch = next(b for b in solution.branches if b.holds_at(own))
    tipping_point = branch.outcomes.get("tipping_point")
    level = evaluate(branch.outcomes["level"], at)
    return level, None if tipping_point is None else evaluate(tipping_point, at)


def _climbed(ladder: _Ladder, label: str) -> Hysteresis:
    alive = lambda h: ladder.at(h)[1] is not None  # noqa: E731
    begun = lambda h: _begins(ladder, h)  # noqa: E731
    low, high = ladder.low, ladder.high * sympy.Rational(999, 1000)
    collapse = _within(ladder.collapse, low, high) or _last(alive, low, high)
    back = _within(ladder.back, low, high) or _last(begun, low, high)
    shown = min(number(high), number(collapse) * BEYOND) if collapse is not None else number(high)
    hazards = _hazards(number(low), shown, [h for h in (collapse, back) if h is not None])
    found = [ladder.at(h) for h in hazards]
    down = [level if _begins(ladder, h) else sympy.S.Zero
            for h, (level, _) in zip(hazards, found, strict=True)]  # fmt: skip
    return Hysteresis(
        heading=Heading("", "", ""), hazard=label,
        hazards=tuple(map(number, hazards)),
        up=tuple(number(level) for level, _ in found),
        down=tuple(map(number, down)),
        tipping_points=tuple(None if t is None else number(t) for _, t in found),
        floor=number(ladder.floor),
        collapse=None if collapse is None else number(collapse),
        back=None if back is None else number(back),
    )  # fmt: skip


def _begins(ladder: _Ladder, hazard: sympy.Expr) -> bool:
    """Whether the floor of trust alone is enough for co-operation to begin."""
    tipping_point = ladder.at(hazard)[1]
    # Who expects nothing finds nothing credible, so without any trust nothing begins.
    begun = tipping_point is not None and sympy.And(
        sympy.Gt(ladder.floor, 0), sympy.Ge(ladder.floor, tipping_point)
    )
    return begun is not False and decide(begun)


def _within(value: sympy.Expr | None, low: sympy.Expr, high: sympy.Expr) -> sympy.Expr | None:
    if value is None or not value.is_number or not value.is_real:
        return None
    return value if bool(low < value) and bool(value < high) else None


def _last(
    holds: Callable[[sympy.Expr], bool], low: sympy.Expr, high: sympy.Expr
) -> sympy.Expr | None:
    """The hazard at which something that holds at first ceases to, by halving; None if never."""
    if not holds(low) or holds(high):
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _hazards(low: float, high: float, critical: Sequence[sympy.Expr]) -> list[sympy.Rational]:
    """Hazards in equal steps, and a pair just around each critical one."""
    values = {*np.linspace(low, high, POINTS)}
    values |= {number(c) + side * 1e-9 for c in critical for side in (-1, 1)}
    return [sympy.Rational(str(round(float(v), 12))) for v in sorted(values) if low <= v <= high]


def _notes(found: Hysteresis) -> Iterator[str]:
    if found.collapse is None:
        always = found.up[0] > 0
        yield "No hazard of collapse in the range: " + (
            "some level enforces itself at every hazard." if always else "no level ever does."
        )
    else:
        yield f"Collapse at {number_text(found.collapse)}: above it no level enforces itself."
    if found.back is not None:
        yield (
            f"Return at {number_text(found.back)}: below it the floor of trust "
            f"({number_text(found.floor)}) is enough to begin again."
        )
    elif found.down[0] == 0:
        yield (
            f"No return: the floor of trust ({number_text(found.floor)}) lies below the tipping "
            "point at every hazard."
        )
