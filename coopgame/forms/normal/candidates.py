"""The branches of a two-player game in symbols: where they are sought, what is left out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import Matrix
from coopgame.algebra.pieces import opened
from coopgame.algebra.simplify import united
from coopgame.forms.normal.bimatrix import branch_of, equation, simplified, solved_for
from coopgame.forms.normal.borders import alike, whole_borders
from coopgame.forms.normal.cells import Cell, cells, kinked_parts
from coopgame.forms.normal.mixtures import PayoffTable, distinct
from coopgame.forms.normal.numbers import matrices
from coopgame.forms.normal.samples import bases, points
from coopgame.forms.normal.supports import (
    Vertex,
    VertexPair,
    affordable,
    profiles,
    ties,
    vertex_on,
)
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.solution import Branch, Point

METHOD = "support enumeration over the field of fractions"
SAMPLED = "equilibria found at points of the domain, verified in symbols"
SAMPLE_SECONDS = 8.0  # then whatever was verified is given, and what was not is counted
BORDERS = (
    "on the borders (where payoffs tie) further equilibria may exist: given values list them, "
    "--boundaries the continua"
)


@dataclass(frozen=True)
class CandidateBranches:
    """Candidate branches, those that were seen to hold at a point, and what was left out."""

    candidates: tuple[Branch, ...]
    seen: tuple[tuple[Branch, Point], ...] = ()
    method: str = METHOD
    left_out: tuple[str, ...] = ()


def equilibria(table: PayoffTable, domain: Domain) -> CandidateBranches:
    """Every extreme equilibrium that can occur on an open part of the domain, as a branch.

    Those on the border of an equation between whole-number parameters, which is no null set, and
    those on one piece of the payoffs only are among them. Of a game too large for that: the
    equilibria in pure actions, and the mixed ones that hold at one of many points.
    """
    first, second = matrices(table)
    if not affordable(len(first), len(first[0]), len(_letters(first, second))):
        return _sampled(table, domain)
    generic = [p for p in profiles(first, second, domain) if not _has_poles(p)]
    found = [branch_of(table, profile) for profile in generic]
    on_cells, cut = _on_cells(table, generic, domain)
    found += on_cells
    left_out = tuple(
        f"{why}: equilibria that exist on such a piece only are left out" for why in cut
    )
    found += _on_whole_borders(table, generic, domain)
    found = [replace(b, conditions=opened(b.conditions, domain)) for b in found]
    return CandidateBranches(tuple(distinct(found)), left_out=left_out)


def _has_poles(profile: VertexPair) -> bool:
    """Whether a piece of a payoff leaves a vertex undefined: it is one on the other pieces only."""
    pairs = (profile.row, profile.column)
    return any(e.has(sympy.zoo, sympy.nan) for v in pairs for e in (*v.strategy, v.value))


def _letters(*matrices: Matrix) -> set[sympy.Basic]:
    """What determinants of the payoffs are polynomials in: parameters, and functions of them.

    A max or a piecewise payoff is one letter more, which makes all solutions as much longer.
    """
    payoffs = [u for matrix in matrices for row in matrix for u in row]
    functions = {f for u in payoffs for f in kinked_parts(u)}
    return functions.union(*(u.free_symbols for u in payoffs))


def degenerate(table: PayoffTable, domain: Domain) -> Boolean:
    """Where payoffs may tie, so that a point has equilibria that are none of the branches."""
    first, second = matrices(table)
    return ties(first, second, domain)


# --- pieces of the payoffs, and borders of whole numbers ------------------------------------------


def _on_cells(
    table: PayoffTable, generic: Sequence[VertexPair], domain: Domain
) -> tuple[list[Branch], tuple[str, ...]]:
    """The equilibria on one piece of the payoffs only, and why there may be more of them."""
    first, second = matrices(table)
    payoffs = [u for matrix in (first, second) for row in matrix for u in row]
    pieces, left_out = cells(payoffs, domain)
    if len(pieces) < 2 and not left_out:
        return [], ()
    kept: dict[VertexPair, list[Boolean]] = {}
    for cell in pieces:
        known = {_strategies(profile, cell) for profile in generic}
        one, two = ([[cell.inside(u) for u in row] for row in m] for m in (first, second))
        for profile in profiles(one, two, domain.extend(assumptions=cell.conditions)):
            if _strategies(profile, cell) not in known:
                kept.setdefault(profile, []).append(sympy.And(*cell.conditions))
    found = []
    for profile, where in kept.items():
        branch = branch_of(table, profile)
        region = united(where, domain)
        found.append(replace(branch, conditions=(*branch.conditions, *atoms(region))))
    return found, left_out


def _strategies(profile: VertexPair, cell: Cell) -> tuple[object, ...]:
    """The supports, and the probabilities as they are in a cell.

    A vertex whose probability of an action vanishes there is none, which its conditions say.
    """
    shares = (*profile.row.strategy, *profile.column.strategy)
    told = tuple(sympy.cancel(cell.inside(share)) for share in shares)
    return (profile.row.support, profile.column.support, *told)


def _on_whole_borders(
    table: PayoffTable, generic: Sequence[VertexPair], domain: Domain
) -> Iterator[Branch]:
    first, second = matrices(table)
    for profile, tie in whole_borders(first, second, domain):
        # A strategy that is there on both sides is no news: its own conditions are weak.
        if any(alike(profile, other, tie) for other in generic):
            continue
        at = solved_for(tie, domain)
        branch = simplified(branch_of(table, profile).substitute(at))
        yield replace(branch, conditions=(*equation(tie, at, domain), *branch.conditions))


# --- large games ----------------------------------------------------------------------------------


def _sampled(table: PayoffTable, domain: Domain) -> CandidateBranches:
    """Pure equilibria, and the mixed ones that hold at some points, verified in symbols."""
    first, second = matrices(table)
    transposed = list(zip(*second, strict=True))
    pure = [
        (vertex_on(transposed, (i,), (j,)), vertex_on(first, (j,), (i,)))
        for i, j in product(range(len(first)), range(len(first[0])))
    ]
    at = points(domain)
    seen: dict[tuple[object, ...], tuple[VertexPair, Point]] = {}
    structures = {
        (rows[0], columns[0]): (rows, columns, point)
        for rows, columns, point in bases(first, second, at)
        if len(rows[0][0]) > 1 or len(columns[0][0]) > 1
    }
    order = sorted(structures.values(), key=lambda s: (len(s[0][0][0]), s[0][0], s[1][0]))
    deadline, late = time.process_time() + SAMPLE_SECONDS, 0
    for rows, columns, point in order:
        if time.process_time() > deadline:
            late += 1
            continue
        profile = _verified(transposed, first, rows, columns)
        if profile is not None:
            seen.setdefault((profile.row.strategy, profile.column.strategy), (profile, point))
    candidates = [branch_of(table, VertexPair(r, c)) for r, c in pure if r and c]
    mixed = [branch_of(table, profile) for profile, _ in seen.values()]
    named = distinct([*candidates, *mixed])
    left_out = (
        f"too large for every support in symbols: the mixed equilibria are those that hold at one "
        f"of {len(at)} points of the domain; others may be missing, and given values list all",
        *((f"{late} supports used at these points were not solved in time",) if late else ()),
    )
    certain = zip(named[len(candidates) :], (point for _, point in seen.values()), strict=True)
    return CandidateBranches(tuple(named[: len(candidates)]), tuple(certain), SAMPLED, left_out)


Bases = Sequence[tuple[tuple[int, ...], tuple[int, ...]]]


def _verified(
    transposed: Sequence[Sequence[sympy.Expr]],
    first: Sequence[Sequence[sympy.Expr]],
    rows: Bases,
    columns: Bases,
) -> VertexPair | None:
    """The first pair of vertices on these bases that are best replies to each other generically."""
    for row, column in product(_vertices(transposed, rows), _vertices(first, columns)):
        if row.best.issuperset(column.support) and column.best.issuperset(row.support):
            return VertexPair(row, column)
    return None


def _vertices(replies: Sequence[Sequence[sympy.Expr]], known: Bases) -> Iterator[Vertex]:
    for support, tied in known:
        vertex = vertex_on(replies, support, tied)
        if vertex is not None:
            yield vertex
