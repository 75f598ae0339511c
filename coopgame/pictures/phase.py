"""A two-parameter phase diagram of a game: which equilibria exist where, with exact borders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import sympy

from coopgame.errors import InputError
from coopgame.language.deciding import number
from coopgame.language.printing import to_text
from coopgame.pictures.crossings import gaps
from coopgame.pictures.regions import (
    OUTSIDE,
    BorderLine,
    Codes,
    Regions,
    anchors,
    explained,
    numbered,
    traced,
    without_specks,
)
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.spans import Span, Wanted
from coopgame.pictures.words import readable
from coopgame.solution import Branch
from coopgame.tables.sweep import table
from coopgame.tables.tracks import OUTSIDE as OUT_OF_DOMAIN
from coopgame.tables.tracks import VALUE, Track

ACROSS, UP = 241, 227
SHORT = 60
NONE = "no equilibrium of those listed"


def unsuited(of: PictureSetting) -> str:
    """Why a game has no phase diagram; empty where it has."""
    if len(of.solution.domain.names) < 2:
        return "it needs two parameters"
    return "" if _areas(of) else "none of its equilibria is known in symbols over an area"


def phase_picture(
    of: PictureSetting,
    x: Wanted | None = None,
    y: Wanted | None = None,
    shape: tuple[int, int] = (ACROSS, UP),
) -> Regions:
    """Which branches hold where over two parameters (default: those that move equilibria first).

    Raises InputError for a parameter named twice.
    """
    across = of.span(x, taken=y.name if y else None)
    up = of.span(y, taken=across.name)
    if across.name == up.name:
        raise InputError(f"{up.name} is named twice", "name two parameters")
    branches = _areas(of)
    sweep = table(
        of.game, {up.name: up.values(shape[1]), across.name: across.values(shape[0])},
        of.others(across, up), _any_outcome(of),
    )  # fmt: skip
    xs, ys = across.floats(shape[0]), up.floats(shape[1])
    names = [branch.name for branch in branches]
    raw = _codes([t for t in sweep.tracks if t.branch in names], (len(ys), len(xs)))
    codes, kept = numbered(without_specks(raw))
    borders = [*_borders(of, branches, (across, up), (xs, ys), codes)]
    found = Regions(
        heading=of.heading("", across, up),
        x=across, y=up, xs=xs, ys=ys, codes=codes,
        names=tuple(_name(code, names) for code in kept),
        anchors=anchors(codes, xs, ys, len(kept)),
        borders=tuple(borders),
        here=(number(of.values[across.name]), number(of.values[up.name])),
        is_traced=explained(codes, borders),
    )  # fmt: skip
    shown = f"which equilibria exist by {across.name} and {up.name}"
    return replace(found, heading=of.heading(shown, across, up, notes=_notes(of, found, branches)))


def _areas(of: PictureSetting) -> list[Branch]:
    """The branches that can fill an area: those a diagram of regions shows."""
    return [branch for branch in of.solution.branches if not _on_an_edge(branch)]


def _on_an_edge(branch: Branch) -> bool:
    """Whether a branch needs an equation between parameters, so that it fills no region."""
    return any(c.atoms(sympy.Eq) for c in branch.conditions)


def _any_outcome(of: PictureSetting) -> list[str] | None:
    """One outcome is enough where only existence is asked for."""
    known = [name for branch in of.solution.branches for name in branch.outcomes]
    return known[:1] or None


def _codes(tracks: list[Track], shape: tuple[int, int]) -> Codes:
    """The branches that hold at each grid point as the bits of a number."""
    total = np.zeros(shape[0] * shape[1], np.int64)
    for i, track in enumerate(tracks):
        total += (track.status == VALUE).astype(np.int64) << i
    total[tracks[0].status == OUT_OF_DOMAIN] = OUTSIDE
    return total.reshape(shape)


def _name(code: int, branches: list[str]) -> str:
    held = [readable(name) for i, name in enumerate(branches) if code >> i & 1]
    return "; ".join(held) or NONE


def _borders(
    of: PictureSetting,
    branches: list[Branch],
    plane: tuple[Span, Span],
    grid: tuple[np.ndarray, np.ndarray],
    codes: Codes,
) -> Iterator[BorderLine]:
    for border in traced(gaps(branches, of.others(*plane)), *plane, grid, codes):
        yield replace(border, text=solved_text(border.expression, plane))


def solved_text(expression: sympy.Expr, plane: tuple[Span, Span]) -> str:
    """A border as a parameter in terms of the other, where it is linear in one and short."""
    numerator = sympy.fraction(sympy.together(expression))[0]
    for span in reversed(plane):
        variable = span.parameter.symbol
        if numerator.is_polynomial(variable) and sympy.degree(numerator, variable) == 1:
            slope, constant = sympy.Poly(numerator, variable).all_coeffs()
            value = _readable(sympy.factor(-constant / slope))
            text = f"{span.name} = {to_text(value)}"
            return text if len(text) <= SHORT else ""
    return ""


def _readable(value: sympy.Expr) -> sympy.Expr:
    """A fraction without a minus sign in front, where turning a sum below or above does it.

    >>> h = sympy.Symbol("h", real=True)
    >>> _readable(-1 / (2 * (h - 1)))
    1/(2*(1 - h))
    """
    top, bottom = map(sympy.factor_list, sympy.fraction(value))
    constant = top[0] / bottom[0]
    factors = [*((f, -power) for f, power in bottom[1]), *top[1]]
    for i, (factor, power) in enumerate(factors):
        if constant.is_negative and factor.is_Add and power % 2:
            constant, factors[i] = -constant, (sympy.expand(-factor), power)
    return sympy.Mul(constant, *(factor**power for factor, power in factors))


def _notes(of: PictureSetting, found: Regions, branches: list[Branch]) -> Iterator[str]:
    texts = sorted({border.text for border in found.borders if border.text})
    if texts:
        yield f"Border{'s' * (len(texts) > 1)}: {'; '.join(texts)}."
    if not found.is_traced:
        yield "Some borders have no expression that NumPy evaluates; they follow the grid."
    if any(branch.kind == "level" for branch in branches):
        yield "No co-operation is an equilibrium everywhere beside the level named."
    edges = [readable(b.name) for b in of.solution.branches if b not in branches]
    if edges:
        yield f"Not drawn (exists only on a line): {'; '.join(edges)}."
    thin = [chr(65 + i) for i, at in enumerate(found.anchors) if at is None]
    if thin:
        areas, verb = ("Areas", "are") if len(thin) > 1 else ("Area", "is")
        yield f"{areas} {', '.join(thin)} {verb} too narrow to label."
    if (found.codes == OUTSIDE).any():
        yield "White: outside the game's domain."
