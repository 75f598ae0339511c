"""Continua of equilibria in symbols: on which borders of the parameter space, and between what.

Where some reply ties although no reply of its vertex's own does, the game is degenerate. Each such
tie is a polynomial; on the border where one of its irreducible factors is zero the vertices keep
more best replies, and pairs of them that share a vertex span a continuum. The same without any
equation gives the continua of games that are degenerate for all parameter values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import Matrix, determinant
from coopgame.errors import LimitReached
from coopgame.forms.normal.extremes import connected, nash_subsets
from coopgame.forms.normal.supports import Vertex, VertexPair, both_vertices, indifference
from coopgame.language.comparisons import gap
from coopgame.language.parameters import Domain
from coopgame.language.rational import as_rational, put_back
from coopgame.proofs.questions import feasible, is_redundant

MAX_CELLS = 200


@dataclass(frozen=True)
class Spot:
    """A vertex as it is on a border: its best replies there, and the region, with strict signs."""

    vertex: Vertex
    best: frozenset[int]
    conditions: tuple[Boolean, ...]


Link = tuple[Spot, Spot]


@dataclass(frozen=True)
class Continuum:
    """A connected set of equilibria: where it appears, its extreme pairs, its Nash subsets.

    `tie` is the polynomial that is zero there, or None if no equation is needed; `certain` says
    whether it was proved that `conditions` can hold.
    """

    tie: sympy.Expr | None
    conditions: tuple[Boolean, ...]
    profiles: tuple[VertexPair, ...]
    subsets: tuple[tuple[int, ...], ...]
    certain: bool


def continua(row_payoffs: Matrix, column_payoffs: Matrix, domain: Domain) -> Iterator[Continuum]:
    """Every continuum of equilibria that appears on an open region, or on a border of one equation.

    Both matrices have a row for each action of the row player. On a border, what is given for it
    stands in place of the continua of the regions around. Where two equations hold at once further
    continua may appear; those are found at a point, by `extremes`. Raises LimitReached where a
    border falls into too many parts.
    """
    transposed = list(zip(*column_payoffs, strict=True))
    all_rows, all_columns = both_vertices(row_payoffs, column_payoffs, domain)
    generic: dict[frozenset[VertexPair], tuple[Boolean, ...]] = {}
    for tie in [None, *_ties([*all_rows, *all_columns], domain)]:
        rows = _spots(transposed, all_rows, tie, domain)
        columns = _spots(row_payoffs, all_columns, tie, domain)
        for piece in connected(_links(rows, columns)):
            for continuum in _pieces(piece, tie, domain):
                key = frozenset(continuum.profiles)
                if tie is None:
                    generic[key] = continuum.conditions
                elif key in generic and _within(continuum, generic[key], domain):
                    continue
                yield continuum


def whole_borders(
    row_payoffs: Matrix, column_payoffs: Matrix, domain: Domain
) -> Iterator[tuple[VertexPair, sympy.Expr]]:
    """Equilibria that exist only where an equation between whole-number parameters holds.

    Such a border is no null set: it is what the game is for some values of these parameters.
    """
    if not domain.integers:
        return
    transposed = list(zip(*column_payoffs, strict=True))
    all_rows, all_columns = both_vertices(row_payoffs, column_payoffs, domain)
    for tie in _ties([*all_rows, *all_columns], domain):
        if tie.free_symbols <= domain.integers:
            rows = _spots(transposed, all_rows, tie, domain)
            for row, column in _links(rows, _spots(row_payoffs, all_columns, tie, domain)):
                if not row.vertex.best >= set(
                    column.vertex.support
                ) or not column.vertex.best >= set(row.vertex.support):
                    yield VertexPair(row.vertex, column.vertex), tie


def _within(continuum: Continuum, region: tuple[Boolean, ...], domain: Domain) -> bool:
    """Whether a continuum on a border appears only where `region` holds anyway."""
    premises = [*domain.constraints, sympy.Eq(continuum.tie, 0), *continuum.conditions]
    return all(is_redundant(condition, premises, domain.integers) for condition in region)


def _ties(found: Sequence[Vertex], domain: Domain) -> list[sympy.Expr]:
    """The irreducible polynomials on whose zeros some vertex gains a best reply."""
    ties: dict[sympy.Expr, None] = {}
    for vertex in found:
        for _, slack in vertex.slacks:
            ties |= dict.fromkeys(sorted(factors(slack), key=sympy.default_sort_key))
    return [
        tie
        for tie in ties
        if feasible([*domain.constraints, sympy.Eq(tie, 0)], domain.integers).exists is not False
    ]


@lru_cache(maxsize=4096)
def factors(expression: sympy.Expr) -> frozenset[sympy.Expr]:
    """The irreducible factors of the numerator, without constants, each with a fixed sign.

    >>> x, y = sympy.symbols("x y", real=True)
    >>> sorted(factors((1 - x) * y**2 / 3), key=str)
    [x - 1, y]
    """
    parts: dict[sympy.Expr, sympy.Symbol] = {}
    numerator, _ = sympy.fraction(sympy.together(as_rational(expression, parts)))
    _, found = sympy.factor_list(numerator)
    return frozenset(put_back(-f if sympy.Poly(f).LC() < 0 else f, parts) for f, _ in found)


def _spots(
    replies: Matrix, found: Iterable[Vertex], tie: sympy.Expr | None, domain: Domain
) -> list[Spot]:
    """The vertices that exist on an open part of a border, each once."""
    spots: list[Spot] = []
    for vertex in found:
        spot = _on_border(vertex, tie)
        if spot is None or any(_coincide(spot, other, tie) for other in spots):
            continue
        if tie is not None:
            pivot = determinant(indifference(replies, vertex.support, vertex.tied))
            if tie in factors(pivot):
                continue
        if _possible(spot.conditions, tie, domain) is not False:
            spots.append(spot)
    return spots


def _on_border(vertex: Vertex, tie: sympy.Expr | None) -> Spot | None:
    """What becomes of a vertex where `tie` is zero: None if a probability vanishes there."""
    gained = {j for j, slack in vertex.slacks if tie is not None and tie in factors(slack)}
    kept = []
    for condition in vertex.conditions:
        if tie is None or tie not in factors(gap(condition)):
            kept.append(sympy.Gt(gap(condition), 0))
        elif isinstance(condition, sympy.StrictGreaterThan | sympy.StrictLessThan):
            return None
    return Spot(vertex, vertex.best | gained, tuple(kept))


def _coincide(one: Spot, other: Spot, tie: sympy.Expr | None) -> bool:
    """Whether two vertices are the same strategy on the border."""
    if one.vertex.support != other.vertex.support or one.best != other.best:
        return False
    return _same(one.vertex, other.vertex, tie)


def _same(one: Vertex, other: Vertex, tie: sympy.Expr | None) -> bool:
    """Whether two strategies are the same where `tie` is zero."""
    gaps = [sympy.cancel(a - b) for a, b in zip(one.strategy, other.strategy, strict=True)]
    return all(g == 0 or (tie is not None and tie in factors(g)) for g in gaps)


def alike(one: VertexPair, other: VertexPair, tie: sympy.Expr) -> bool:
    """Whether two pairs of vertices are the same strategies where `tie` is zero."""
    same_supports = (one.row.support, one.column.support) == (
        other.row.support,
        other.column.support,
    )
    return same_supports and _same(one.row, other.row, tie) and _same(one.column, other.column, tie)


def _links(rows: Sequence[Spot], columns: Sequence[Spot]) -> list[Link]:
    return [
        (row, column)
        for row in rows
        for column in columns
        if row.best.issuperset(column.vertex.support) and column.best.issuperset(row.vertex.support)
    ]


def _possible(conditions: Iterable[Boolean], tie: sympy.Expr | None, domain: Domain) -> bool | None:
    equation = [] if tie is None else [sympy.Eq(tie, 0)]
    return feasible([*domain.constraints, *equation, *conditions], domain.integers).exists


def _pieces(links: Sequence[Link], tie: sympy.Expr | None, domain: Domain) -> Iterator[Continuum]:
    """The continua that connected links fall into, for each way their vertices can exist."""
    if len(links) < 2:
        return
    spots = list(dict.fromkeys(spot for link in links for spot in link))
    seen: set[frozenset[Link]] = set()
    for cell in _cells(spots, tie, domain):
        present = [link for link in links if cell.issuperset(link)]
        for group in connected(present):
            if len(group) > 1 and frozenset(group) not in seen:
                seen.add(frozenset(group))
                conditions = _region(group, links)
                certain = _possible(conditions, tie, domain)
                yield _continuum(group, tie, conditions, certain is True)


def _cells(spots: Sequence[Spot], tie: sympy.Expr | None, domain: Domain) -> list[frozenset[Spot]]:
    """The sets of vertices that exist together on some open part of the border."""
    cells: list[tuple[frozenset[Spot], tuple[Boolean, ...]]] = [(frozenset(), ())]
    for spot in spots:
        options = []
        for chosen, conditions in cells:
            with_it = (*conditions, *spot.conditions)
            without = (*conditions, _absent(spot))
            options += [(chosen | {spot}, with_it), (chosen, without)]
        cells = [c for c in options if _possible(c[1], tie, domain) is not False]
        if len(cells) > MAX_CELLS:
            raise LimitReached(
                f"a border falls into more than {MAX_CELLS} parts: fix some parameters first"
            )
    return [chosen for chosen, _ in cells]


def _absent(spot: Spot) -> Boolean:
    return sympy.Or(*(sympy.Lt(gap(condition), 0) for condition in spot.conditions))


def _region(group: Sequence[Link], links: Sequence[Link]) -> tuple[Boolean, ...]:
    """Where just this group exists: its vertices do, and no further one linked to them does."""
    inside = dict.fromkeys(spot for link in group for spot in link)
    near = dict.fromkeys(
        spot for link in links for spot in link if spot not in inside and set(link) & set(inside)
    )
    present = [condition for spot in inside for condition in spot.conditions]
    return tuple(dict.fromkeys([*present, *map(_absent, near)]))


def _continuum(
    group: Sequence[Link], tie: sympy.Expr | None, conditions: tuple[Boolean, ...], certain: bool
) -> Continuum:
    profiles = tuple(VertexPair(row.vertex, column.vertex) for row, column in group)
    subsets = tuple(
        tuple(i for i, (row, column) in enumerate(group) if row in rows and column in columns)
        for rows, columns in nash_subsets(group)
    )
    return Continuum(tie, conditions, profiles, subsets, certain)
