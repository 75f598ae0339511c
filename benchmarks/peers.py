"""The same games solved point by point by Nashpy, pygambit and QuantEcon, and compared with ours.

Peers are timed on a sample of the grid's points, drawn with a fixed seed; building their game
objects is left out of their time. Ours is the whole way from the file to the arrays, the symbolic
solution included, in a process of its own. Every equilibrium of every sampled game is compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import print_table, shown

HERE = Path(__file__).parent
POINTS = 3162  # a side of the grid: 10^7 points
CLOSE = 1e-6
PROCESSES = 3  # of ours for each pass: what new memory costs differs from one to the next
Profile = tuple[float, ...]
Matrices = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Contest:
    """A parameterised game, the ranges its grid spans, and what is asked of us against peers."""

    size: str
    game: str
    ranges: dict[str, tuple[str, str]]
    sample: int
    targets: dict[str, int]


CONTESTS = (
    Contest(
        "2x2", "inspection", {"e": ("0.1", "6"), "c": ("0.1", "6")}, 400,
        {"QuantEcon": 100, "pygambit": 500, "Nashpy": 1000},
    ),
    Contest(
        "3x3", str(HERE / "games" / "three.toml"), {"a": ("-5", "5"), "b": ("-5", "5")}, 200,
        {"QuantEcon": 15, "pygambit": 100, "Nashpy": 1000},
    ),
    Contest(
        "4x4", str(HERE / "games" / "four.toml"), {"a": ("-5", "5"), "b": ("-5", "5")}, 60, {},
    ),
)  # fmt: skip


# --- ours --------------------------------------------------------------------------------------


def end_to_end(contest: Contest, side: int, draws: bool = False) -> dict[str, float]:
    """Seconds from the file to the arrays in a fresh process, and of that to solve."""
    command = [sys.executable, "-m", "benchmarks.ours", contest.game, str(side)]
    command += [f"{name}={low}:{high}" for name, (low, high) in contest.ranges.items()]
    command += ["--draws"] if draws else []
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def ours(contest: Contest, side: int, rows: list[int]) -> list[set[Profile]]:
    """Our equilibria at some rows of the grid, as probabilities of all actions."""
    from benchmarks.ours import prepared
    from coopgame.tables.evaluator import evaluate
    from coopgame.tables.tracks import VALUE

    _, _, chances, plan, compiled = prepared(contest.game, contest.ranges, side)
    found = []
    for row in rows:
        tracks = evaluate(compiled, plan, row, row + 1)
        held = [track for track in tracks if track.status[0] == VALUE]
        found.append({tuple(float(t.outcomes[name][0]) for name in chances) for t in held})
    return found


def matrices(contest: Contest, side: int, rows: list[int]) -> list[Matrices]:
    """The payoffs of both players at some rows of the grid, in floating point."""
    import coopgame as cg
    from benchmarks.ours import prepared
    from coopgame.forms.normal.game import NormalGame
    from coopgame.language.printing import to_numpy

    game, rest, _, plan, _ = prepared(contest.game, contest.ranges, side)
    assert isinstance(game, NormalGame) and cg
    names = game.header.domain.names
    cells = [value for player in game.players for line in game.matrix(player) for value in line]
    payoffs = to_numpy(cells, names)
    shape = tuple(map(len, game.players.values()))
    found = []
    for row in rows:
        point = {**rest, **plan.point(row)}
        values = np.array([float(v) for v in payoffs(*(float(point[n]) for n in names))])
        first, second = values.reshape(2, *shape)
        found.append((first, second))
    return found


# --- peers -------------------------------------------------------------------------------------


def nashpy(games: list[Matrices]) -> tuple[float, list[set[Profile]]]:
    """Support enumeration by Nashpy."""
    import nashpy as nash

    built = [nash.Game(*game) for game in games]

    def solve(game: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(game.support_enumeration())

    return _timed(built, solve)


def pygambit(games: list[Matrices]) -> tuple[float, list[set[Profile]]]:
    """Enumeration of extreme equilibria by Gambit, in floating point."""
    import pygambit as gbt

    built = [gbt.Game.from_arrays(*game) for game in games]

    def solve(game: Any) -> Any:
        return gbt.nash.enummixed_solve(game, rational=False).equilibria

    def profile(found: Any) -> tuple[list[float], ...]:
        return ([float(chance) for _, chance in found],)

    return _timed(built, solve, profile)


def quantecon(games: list[Matrices]) -> tuple[float, list[set[Profile]]]:
    """Support enumeration by QuantEcon, compiled before it is timed."""
    import quantecon.game_theory as qe

    built = [qe.NormalFormGame((qe.Player(a), qe.Player(b.T.copy()))) for a, b in games]
    qe.support_enumeration(built[0])
    return _timed(built, qe.support_enumeration)


PEERS: dict[str, Callable[[list[Matrices]], tuple[float, list[set[Profile]]]]] = {
    "QuantEcon": quantecon,
    "pygambit": pygambit,
    "Nashpy": nashpy,
}


def _timed(
    games: list[Any], solve: Callable[[Any], Any], profile: Callable[[Any], Any] = lambda e: e
) -> tuple[float, list[set[Profile]]]:
    """Seconds a game, the least of three passes, and the equilibria."""
    seconds, found = float("inf"), []
    for _ in range(3):
        start = time.perf_counter()
        found = [solve(game) for game in games]
        seconds = min(seconds, (time.perf_counter() - start) / len(games))
    return seconds, [
        {tuple(float(p) for side in profile(one) for p in side) for one in each} for each in found
    ]


# --- comparison --------------------------------------------------------------------------------


def missing(these: set[Profile], those: set[Profile]) -> list[Profile]:
    """The profiles among these that are not among those, to within rounding."""
    return [p for p in these if not any(np.allclose(p, q, atol=CLOSE) for q in those)]


def compare(contest: Contest, repeats: int, side: int = POINTS) -> Iterator[list[str]]:
    """Time a contest; one line a peer. Raises AssertionError where equilibria do not agree."""
    seeded = np.random.default_rng(1)
    rows = sorted(int(row) for row in seeded.integers(0, side * side, contest.sample))
    games, own = matrices(contest, side, rows), ours(contest, side, rows)
    runs = [end_to_end(contest, side) for _ in range(PROCESSES * repeats)]
    whole = min(run["seconds"] for run in runs)
    drawn = min(end_to_end(contest, side, draws=True)["seconds"] for _ in range(repeats))
    each, count = whole / side**2, sum(map(len, own))
    solve = min(run["solve"] for run in runs)
    remarks = f"{shown(whole)} in all, {shown(solve)} to solve; over draws {shown(drawn)}"
    yield [contest.size, "coopgame", shown(each), "1", "", f"{count} equilibria", remarks]
    union: list[set[Profile]] = [set() for _ in rows]
    for name, peer in PEERS.items():
        seconds, found = peer(games)
        lost = sum(len(missing(mine, theirs)) for mine, theirs in zip(own, found, strict=True))
        extra = [missing(theirs, mine) for mine, theirs in zip(own, found, strict=True)]
        assert not any(extra), f"{name} finds what we do not: {extra}"
        union = [known | theirs for known, theirs in zip(union, found, strict=True)]
        target = f"{contest.targets[name]}" if name in contest.targets else ""
        remarks, total = f"{lost} of ours lost" if lost else "agree", sum(map(len, found))
        ratio = f"{seconds / each:.0f}"
        yield [contest.size, name, shown(seconds), ratio, target, f"{total} equilibria", remarks]
    alone = [missing(mine, theirs) for mine, theirs in zip(own, union, strict=True)]
    assert not any(alone), f"no peer finds {alone}"


def run(repeats: int) -> None:
    rows = [line for contest in CONTESTS for line in compare(contest, repeats)]
    print_table(
        f"All equilibria of {POINTS**2:,} games (peers: on a sample; ours: from file to arrays)",
        ["games", "solver", "a game", "ratio", "wanted", "in the sample", "remarks"],
        rows,
    )
