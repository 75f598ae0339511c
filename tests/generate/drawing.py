"""Draw a game by number: the same number, the same game, without pytest."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings

from .files import Drawn
from .strategies import GAMES

# A run of Hypothesis begins with the simplest game and goes on to vary what it has; of many games
# drawn in one run too many would be alike, so each is the second game of a run of its own.
SECOND = 2


def drawn_by(number: int, form: str) -> Drawn:
    """The game of a form with this number."""
    found: list[Drawn] = []

    @seed(number)
    @settings(
        max_examples=SECOND,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(GAMES[form])
    def take(drawn: Drawn) -> None:
        found.append(drawn)

    take()
    return found[-1]
