"""One table of a game by this package, from the file to the arrays: seconds as JSON.

python -m benchmarks.ours GAME SIDE NAME=LOW:HIGH... [--draws]
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from coopgame.catalogue import load_game
from coopgame.forms.base import Game
from coopgame.tables.compiled import Compiled
from coopgame.tables.draws import Draws
from coopgame.tables.evaluator import run
from coopgame.tables.measures import measures
from coopgame.tables.plans import Plan, read_plan
from coopgame.tables.tasks import compiled_for

Ready = tuple[Game, Any, list[str], Plan, Compiled]


def prepared(
    name: str, ranges: dict[str, tuple[str, str]], side: int, draws: bool = False
) -> Ready:
    """The game, its fixed values, the names of all probabilities, the plan and what is compiled."""
    game = load_game(name)
    return ready(game, game.solve(), ranges, side, draws)


def ready(
    game: Game, solution: Any, ranges: dict[str, tuple[str, str]], side: int, draws: bool
) -> Ready:
    drawn = Draws("sobol", side * side) if draws else None
    vary: dict[str, Any] = {n: ends if draws else (*ends, side) for n, ends in ranges.items()}
    plan, rest = read_plan(solution.domain, vary, {}, drawn)
    branch = solution.branches[0]
    known = set(branch.outcomes)
    chances = [n for n in measures(branch) if not n.startswith("payoff_") and n not in known]
    return game, rest, chances, plan, compiled_for(solution, plan, rest, chances)


def main(arguments: list[str]) -> None:
    draws = "--draws" in arguments
    name, side, *spans = [a for a in arguments if a != "--draws"]
    ranges = {}
    for span in spans:
        parameter, _, ends = span.partition("=")
        low, _, high = ends.partition(":")
        ranges[parameter] = (low, high)
    start = time.perf_counter()
    game = load_game(name)
    solution = game.solve()
    solved = time.perf_counter() - start
    _, _, _, plan, compiled = ready(game, solution, ranges, int(side), draws)
    tracks = run(compiled, plan)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "solve": solved, "rows": len(tracks[0].status)}))


if __name__ == "__main__":
    main(sys.argv[1:])
