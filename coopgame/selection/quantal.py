"""Logit quantal response equilibria along a path, numerically (McKelvey and Palfrey 1995).

With precision lambda >= 0 each player takes action a with a probability proportional to
exp(lambda*u(a)), u(a) being its expected payoff against the others. The branch of equilibria that
begins at lambda = 0, where all is equally likely, is followed by its length and not by lambda, so
that it may turn back (Turocy 2005); as lambda grows it tends to one Nash equilibrium, the logit
solution of the game. Floats, corrected by Newton's method to about 1e-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from coopgame.errors import InputError, LimitReached, brief
from coopgame.forms.normal.game import NormalGame
from coopgame.language.deciding import number
from coopgame.language.numerals import exact
from coopgame.language.printing import symbol
from coopgame.selection.coordination import bernstein, binary

FIRST_STEP = 0.02
LONGEST_STEP = 0.5
SHORTEST_STEP = 1e-8
MAX_STEPS = 20_000
TOLERANCE = 1e-12
CORRECTIONS = 12

Residual = Callable[[Any], Any]


@dataclass(frozen=True)
class QuantalResponse:
    """A logit equilibrium: the precision and, for each player, the probability of each action."""

    precision: float
    strategies: Mapping[str, Mapping[str, float]]


def logit_path(
    game: NormalGame, lambdas: Sequence[float], **point: Any
) -> tuple[QuantalResponse, ...]:
    """The logit equilibria of a two-player game at a point, at rising precisions `lambdas`.

    Each is the first on the principal branch, begun at lambda = 0, that has that precision.
    Defaults fill what `point` leaves out. Raises InputError for three players or more and for
    precisions that are negative or do not rise; LimitReached where the branch gets too long.
    """
    wanted = precisions_of(lambdas)
    first, second = _matrices(game, point)
    rows, columns = first.shape
    path = _follow(_logit(first, second), np.zeros(rows + columns), wanted)
    return tuple(
        QuantalResponse(precision, _named(game, logits, rows))
        for precision, logits in zip(wanted, path, strict=True)
    )


def symmetric_logit_path(game: Any, lambdas: Sequence[float]) -> tuple[float, ...]:
    """The probability of the first action in the symmetric logit equilibria of identical players.

    Along the same branch, begun at 1/2. Raises as `logit_path`, and unless payoffs are numbers.
    """
    view = binary(game)
    if any(gain.free_symbols for gain in view.advantages):
        raise InputError("the logit path needs numbers", "fix all parameters")
    gains = tuple(map(number, view.advantages))

    def residual(state: Any) -> Any:
        logit, precision = state
        return np.array([logit - precision * bernstein(gains, _chance(logit))])

    path = _follow(residual, np.zeros(1), precisions_of(lambdas))
    return tuple(float(_chance(logits[0])) for logits in path)


def _chance(logit: Any) -> Any:
    return (1 + np.tanh(logit / 2)) / 2


def precisions_of(lambdas: Sequence[float]) -> tuple[float, ...]:
    """Precisions as numbers; raises InputError unless they are finite, not negative, and rise."""
    if not isinstance(lambdas, list | tuple):
        raise InputError(f"{brief(lambdas)} are no precisions", "give some such as [0, 1, 10]")
    wanted = tuple(float(exact(value)) for value in lambdas)
    if any(b <= a for a, b in pairwise(wanted)) or min(wanted, default=0) < 0:
        raise InputError(f"{wanted} are no rising precisions", "give some such as 0, 1, 10")
    return wanted


def _matrices(game: NormalGame, point: Mapping[str, Any]) -> tuple[Any, Any]:
    if len(game.players) != 2:
        raise InputError("the logit path is followed for two players", "use pygambit for more")
    at = {symbol(name): value for name, value in game.header.domain.point(point).items()}
    tables = []
    for player in game.players:
        rows = [[number(cell.subs(at)) for cell in row] for row in game.matrix(player)]
        tables.append(np.array(rows))
    return tables[0], tables[1]


def _named(game: NormalGame, logits: Any, rows: int) -> dict[str, dict[str, float]]:
    parts = (_share(logits[:rows]), _share(logits[rows:]))
    return {
        player: dict(zip(actions, map(float, part), strict=True))
        for (player, actions), part in zip(game.players.items(), parts, strict=True)
    }


def _share(logits: Any) -> Any:
    weights = np.exp(logits - np.max(logits))
    return weights / np.sum(weights)


def _logit(first: Any, second: Any) -> Residual:
    """Zero where the logits are lambda times the expected payoffs, each player's mean taken out.

    The argument holds the logits of both players and, last, lambda.
    """
    rows = first.shape[0]

    def residual(state: Any) -> Any:
        own, other, precision = state[:rows], state[rows:-1], state[-1]
        values = first @ _share(other), _share(own) @ second
        means = [precision * (value - np.mean(value)) for value in values]
        return np.concatenate([own - means[0], other - means[1]])

    return residual


def _follow(residual: Residual, start: Any, wanted: Sequence[float]) -> Iterator[Any]:
    """The logits at each precision wanted, where the path first reaches it."""
    state, step = np.append(start, 0.0), FIRST_STEP
    heading = np.append(start * 0, 1.0)
    todo = list(wanted)
    while todo and todo[0] == 0:
        yield start
        todo.pop(0)
    for _ in range(MAX_STEPS):
        if not todo:
            return
        tangent = _tangent(residual, state, heading)
        ahead = _correct(residual, state + step * tangent, tangent)
        if ahead is None:
            step /= 2
            if step < SHORTEST_STEP:
                raise LimitReached(f"the logit path is lost at lambda = {state[-1]:.3g}")
            continue
        while todo and state[-1] <= todo[0] <= ahead[-1]:
            yield _land(residual, state, ahead, todo.pop(0))
        state, heading, step = ahead, tangent, min(1.5 * step, LONGEST_STEP * (1 + ahead[-1]))
    raise LimitReached(f"the logit path is longer than {MAX_STEPS} steps at {state[-1]:.3g}")


def _slopes(residual: Residual, state: Any) -> Any:
    """The Jacobian by central differences."""
    columns = []
    for place in range(len(state)):
        nudge = np.zeros(len(state))
        nudge[place] = 1e-6 * (1 + abs(state[place]))
        change = residual(state + nudge) - residual(state - nudge)
        columns.append(change / (2 * nudge[place]))
    return np.array(columns).T


def _tangent(residual: Residual, state: Any, heading: Any) -> Any:
    """The unit direction in which the residual stays zero, turned the way taken so far."""
    direction = np.linalg.svd(_slopes(residual, state))[2][-1]
    return direction if direction @ heading > 0 else -direction


def _correct(residual: Residual, guess: Any, normal: Any) -> Any:
    """Newton's method back to the path, in the plane through `guess` across `normal`, or None."""
    state = guess
    for _ in range(CORRECTIONS):
        miss = np.append(residual(state), normal @ (state - guess))
        try:
            state = state - np.linalg.solve(np.vstack([_slopes(residual, state), normal]), miss)
        except np.linalg.LinAlgError:
            return None
        if np.max(np.abs(residual(state))) < TOLERANCE * (1 + np.max(np.abs(state))):
            near = np.linalg.norm(state - guess) <= 0.5 * (1 + np.linalg.norm(guess))
            return state if near else None
    return None


def _land(residual: Residual, before: Any, after: Any, precision: float) -> Any:
    """The logits at a precision between those of two states close to each other on the path."""
    part = (precision - before[-1]) / (after[-1] - before[-1])
    guess = before + part * (after - before)
    guess[-1] = precision
    held = np.append(np.zeros(len(guess) - 1), 1.0)
    landed = _correct(residual, guess, held)
    if landed is None:
        raise LimitReached(f"the logit path could not be corrected at lambda = {precision:.3g}")
    return landed[:-1]
