"""Tables of numbers: a solution evaluated over a grid, one row a point and equilibrium.

The symbolic solution is compiled once to NumPy and evaluated in blocks. Where a condition lies
within its rounding error of the border, it is decided in exact arithmetic; outcomes are evaluated
only where their branch holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.forms.base import Game, Header
from coopgame.grids import Axis, grid_columns, grid_point, read_grid
from coopgame.parameters import Domain
from coopgame.printing import symbol, to_numpy, to_text
from coopgame.rounding import Flags, Floats, Indicator, indicator
from coopgame.solution import Branch, Point, Solution, decide, number

BLOCK = 65_536
STATUSES = ("value", "no such equilibrium", "undecided", "outside the domain")
VALUE, ABSENT, UNDECIDED, OUTSIDE = range(4)


@dataclass(frozen=True, eq=False)
class Track:
    """One branch along the grid: its status at each point, and its outcomes where it holds.

    `status` indexes `STATUSES`; `outcomes` hold a number wherever the status is "value".
    """

    branch: str
    status: NDArray[np.int8]
    outcomes: Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Sweep:
    """A tidy table: one row a grid point and branch, the last parameter varying fastest.

    `axes` are the exact values of each varied parameter, `fixed` the values of the others.
    """

    header: Header
    axes: Mapping[str, Axis]
    fixed: Point
    outcomes: tuple[str, ...]
    tracks: tuple[Track, ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.axes, "equilibrium", "status", *self.outcomes)

    @property
    def points(self) -> int:
        return prod(len(axis) for axis in self.axes.values())

    @property
    def undecided(self) -> int:
        """How many rows could not be decided."""
        return sum(int((track.status == UNDECIDED).sum()) for track in self.tracks)

    def __len__(self) -> int:
        return self.points * len(self.tracks)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row as a tuple; None stands where there is no value."""
        for start in range(0, self.points, BLOCK):
            block = slice(start, min(start + BLOCK, self.points))
            grid = [column.tolist() for column in grid_columns(self.axes, block)]
            for i, place in enumerate(zip(*grid, strict=True), start=start):
                for track in self.tracks:
                    yield (*place, track.branch, *_cells(track, i, self.outcomes))

    def columns(self) -> dict[str, list[Any]]:
        """The table by columns, ready for a data frame; None stands where there is no value."""
        return dict(zip(self.names, map(list, zip(*self.rows(), strict=True)), strict=True))


def _cells(track: Track, i: int, outcomes: Sequence[str]) -> Iterator[Any]:
    status = int(track.status[i])
    yield STATUSES[status]
    for name in outcomes:
        has_value = status == VALUE and name in track.outcomes
        yield float(track.outcomes[name][i]) if has_value else None


def table(
    game: Game,
    vary: Mapping[str, Any],
    set: Mapping[str, Any] | None = None,  # noqa: A002
    outcomes: Collection[str] | None = None,
) -> Sweep:
    """The game's equilibria over a grid of parameter values.

    `vary` maps parameters to `(low, high, count)` or to a list of values; `set` fixes others, and
    defaults fill the rest. `outcomes` (default: all that the branches name, else the payoffs as
    `payoff_PLAYER`) become columns. Raises InputError, all faults at once, for unknown names,
    values outside their interval, or a grid that lies outside the domain altogether.
    """
    return tabulate(game.solve(), game.header, vary, set, outcomes)


def tabulate(
    solution: Solution,
    header: Header,
    vary: Mapping[str, Any],
    fixed: Mapping[str, Any] | None = None,
    outcomes: Collection[str] | None = None,
) -> Sweep:
    """`table` for a solution that is at hand."""
    axes, rest = read_grid(solution.domain, vary, fixed or {})
    at = {symbol(name): value for name, value in rest.items()}
    inside = _inside(solution.domain, axes, at)
    names = _outcome_names(solution, outcomes)
    tracks = tuple(
        _track(branch.substitute(at), axes, inside, names) for branch in solution.branches
    )
    _certify_ends(solution, axes, rest, tracks)
    return Sweep(header, axes, {**solution.values, **rest}, names, tracks)


# --- conditions --------------------------------------------------------------------------------


def _statuses(
    conditions: Sequence[Boolean], axes: Mapping[str, Axis], known: Indicator, block: slice
) -> NDArray[np.int8]:
    """VALUE where the conditions hold, ABSENT where they fail; borders are decided exactly."""
    holds, fails = known(grid_columns(axes, block))
    status = np.where(holds, np.int8(VALUE), np.int8(ABSENT))
    for i in np.flatnonzero(~holds & ~fails):
        status[i] = _decided(conditions, grid_point(axes, block.start + int(i)))
    return status


def _decided(conditions: Sequence[Boolean], at: Mapping[sympy.Symbol, sympy.Expr]) -> int:
    try:
        return VALUE if all(decide(condition.subs(at)) for condition in conditions) else ABSENT
    except (TypeError, ValueError, AttributeError):
        return UNDECIDED


def _inside(
    domain: Domain, axes: Mapping[str, Axis], at: Mapping[sympy.Symbol, sympy.Expr]
) -> Flags:
    """Which grid points lie in the domain; an assumption may bind varied parameters together."""
    constraints = [constraint.subs(at) for constraint in domain.constraints]
    broken = [c for c, left in zip(domain.constraints, constraints, strict=True) if left == False]  # noqa: E712
    if broken:
        raise InputError(f"{to_text(broken[0])} does not hold", "set other values")
    known = indicator(constraints, list(axes))
    inside = np.concatenate(
        [_statuses(constraints, axes, known, block) == VALUE for block in _blocks(axes)]
    )
    if not inside.any():
        raise InputError("no grid point lies inside the domain", "vary or set other values")
    return inside


def _blocks(axes: Mapping[str, Axis]) -> Iterator[slice]:
    points = prod(map(len, axes.values()))
    for start in range(0, points, BLOCK):
        yield slice(start, min(start + BLOCK, points))


# --- branches ----------------------------------------------------------------------------------


def measures(branch: Branch) -> dict[str, sympy.Expr]:
    """What can be tabulated of a branch: its outcomes, and each player's payoff."""
    payoffs = {f"payoff_{player}": value for player, value in branch.payoffs.items()}
    return {**payoffs, **branch.outcomes}


def _outcome_names(solution: Solution, wanted: Collection[str] | None) -> tuple[str, ...]:
    known = list(dict.fromkeys(name for b in solution.branches for name in measures(b)))
    usual = [name for b in solution.branches for name in b.outcomes] or known
    for name in wanted or ():
        if name not in known:
            raise InputError(f"unknown outcome {name!r}", f"outcomes: {', '.join(known)}")
    return tuple(dict.fromkeys(wanted or usual))


def _track(
    branch: Branch, axes: Mapping[str, Axis], inside: Flags, outcomes: Sequence[str]
) -> Track:
    """Evaluate one branch, in which only the varied parameters are left, over the grid."""
    known = indicator(branch.conditions, list(axes))
    found = measures(branch)
    wanted = {name: found[name] for name in outcomes if name in found}
    compiled = _compiled(wanted.values(), list(axes))
    status = np.empty(len(inside), np.int8)
    values = {name: np.zeros(len(inside)) for name in wanted}
    for block in _blocks(axes):
        here = _statuses(branch.conditions, axes, known, block)
        here[~inside[block]] = OUTSIDE
        status[block] = here
        rows = np.flatnonzero(here == VALUE)
        columns = [column[rows] for column in grid_columns(axes, block)]
        with np.errstate(all="ignore"):
            results = compiled(*columns) if len(rows) else ()
        for (name, expression), result in zip(wanted.items(), results, strict=False):
            values[name][block.start + rows] = result
            _mend(expression, values[name], status, axes, block.start + rows)
    return Track(branch.name, status, values)


def _compiled(expressions: Iterable[sympy.Expr], names: Sequence[str]) -> Callable[..., Any]:
    """The expressions as a NumPy function; what has no such form is left to `_mend` as NaN."""
    allowed = {symbol(name) for name in names}
    usable = [
        e if e.free_symbols <= allowed and not e.atoms(sympy.core.function.AppliedUndef) else None
        for e in expressions
    ]
    return to_numpy([sympy.nan if e is None or _is_implicit(e) else e for e in usable], names)


def _is_implicit(expression: sympy.Expr) -> bool:
    functions = expression.atoms(sympy.Function)
    return any(type(function).__name__ == "ImplicitRoot" for function in functions)


def _mend(
    expression: sympy.Expr,
    values: Floats,
    status: NDArray[np.int8],
    axes: Mapping[str, Axis],
    rows: NDArray[np.intp],
) -> None:
    """Evaluate exactly where floating point gave no finite number; else mark it undecided."""
    for i in rows[~np.isfinite(values[rows])]:
        try:
            values[i] = number(expression.subs(grid_point(axes, int(i))))
        except (TypeError, ValueError):
            values[i] = np.inf
        if not np.isfinite(values[i]):
            status[i] = UNDECIDED


def _certify_ends(
    solution: Solution, axes: Mapping[str, Axis], rest: Point, tracks: Iterable[Track]
) -> None:
    """Certify each branch by the game's own regret at the first and last point where it holds."""
    if solution.certify is None:
        return
    for track in tracks:
        held = np.flatnonzero(track.status == VALUE)
        for i in {int(held[0]), int(held[-1])} if len(held) else ():
            point = {**solution.values, **rest}
            point |= {s.name: value for s, value in grid_point(axes, i).items()}
            at = {symbol(name): value for name, value in point.items()}
            solution.certify(solution[track.branch].substitute(at), point)
