"""An outcome against one parameter: every branch where it holds, and the exact borders between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.language.deciding import number
from coopgame.language.putting import put
from coopgame.pictures.crossings import gaps, real_roots
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.spans import Span, Wanted
from coopgame.pictures.words import Heading, number_text, readable
from coopgame.solution import Branch
from coopgame.tables.sweep import Sweep, table
from coopgame.tables.tracks import OUTSIDE, VALUE, Track

POINTS = 201
# Where the symbols lack equilibria everywhere, each point is solved by itself, which takes longer.
FEWER = 41
NEARBY = sympy.Rational(1, 10**8)
SAME = 1e-9
STABLE, UNSTABLE = "stable", "unstable"
TIPPING = "tipping_point"
LEVELS = ("level", "cooperation")

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OutcomeCurve:
    """An outcome on one branch, over one stretch on which the branch holds."""

    branch: str
    stability: str
    xs: Floats
    ys: Floats


@dataclass(frozen=True)
class Mark:
    """A value of the parameter at which something begins or ends, exact where that is known."""

    value: float
    text: str
    name: str = ""
    meaning: str = ""


@dataclass(frozen=True, eq=False)
class OutcomePicture:
    """The curves of an outcome over a span, where each branch holds, and the marks between.

    `holdings` gives the stretches of each branch; `is_level` says that the outcome is a level, so
    that no co-operation at all is an equilibrium everywhere.
    """

    heading: Heading
    x: Span
    outcome: str
    curves: tuple[OutcomeCurve, ...]
    holdings: Mapping[str, tuple[tuple[float, float], ...]]
    marks: tuple[Mark, ...]
    is_level: bool


def outcome_picture(
    of: PictureSetting,
    outcome: str | None = None,
    along: Wanted | None = None,
    points: int | None = None,
) -> OutcomePicture:
    """An outcome (default: the first that the file shows) along a parameter of the game.

    Every point is decided as in a table: exactly at the borders, and certified by the game's own
    regret. Raises InputError for an unknown outcome or parameter.
    """
    name = of.outcome(outcome)
    x = of.span(along, outcome=name)
    borders = _borders(of, x)
    values = _values(x, borders, points or _usual(of, x))
    is_level = name in LEVELS and any(b.kind == "level" for b in of.solution.branches)
    measures = [name, TIPPING] if is_level and _has_tipping(of) else [name]
    sweep = table(of.game, {x.name: values}, of.others(x), measures)
    xs = np.array([number(value) for value in values])
    holdings = {t.branch: tuple(_stretches(t, xs)) for t in sweep.tracks}
    known = _known(of, x, values, sweep.tracks)
    curves = [*_curves(known, sweep.tracks, xs, name, holdings)]
    curves += _tipping_points(sweep.tracks, xs) if len(measures) > 1 else []
    shown = {branch: held for branch, held in holdings.items() if held}
    picture = OutcomePicture(
        of.heading("", x),
        x,
        name,
        tuple(curves),
        shown,
        tuple(_marks(of, x, borders, shown)),
        is_level,
    )
    return replace(picture, heading=_heading(of, picture, sweep))


def _usual(of: PictureSetting, x: Span) -> int:
    """How many points to look at, as long as nobody says."""
    at = {of.solution.domain[name].symbol: value for name, value in of.others(x).items()}
    return FEWER if put(of.solution.partial, at) == sympy.true else POINTS


def _heading(of: PictureSetting, picture: OutcomePicture, sweep: Sweep) -> Heading:
    notes = [
        f"{m.name}, {picture.x.name} = {m.text}: {m.meaning}." for m in picture.marks if m.name
    ]
    if picture.is_level:
        notes.append("Grey line at 0: no co-operation, which is always an equilibrium.")
    if any(c.branch == TIPPING for c in picture.curves):
        notes.append("Dashed: the tipping point, the least trust from which the level is reached.")
    elif any(c.stability == UNSTABLE for c in picture.curves):
        notes.append("Dashed: unstable; a small change of expectations leads away from it.")
    if any((track.status == OUTSIDE).any() for track in sweep.tracks):
        notes.append("Left out: values outside the game's domain.")
    absent = [b.name for b in of.solution.branches if b.name not in picture.holdings]
    if absent:
        notes.append(f"Does not exist at any value shown: {'; '.join(map(readable, absent))}.")
    notes += sweep.notes
    shown = f"{readable(picture.outcome)} against {picture.x.name}"
    return of.heading(shown, picture.x, notes=notes, lacks=False)


def _known(
    of: PictureSetting, x: Span, values: Sequence[sympy.Rational], tracks: Sequence[Track]
) -> Mapping[str, Branch]:
    """The branches behind the tracks; one that only points have stands for all of its name."""
    known = {branch.name: branch for branch in of.solution.branches}
    for track in tracks:
        rows = np.flatnonzero(track.status == VALUE)
        if track.branch not in known and len(rows):
            point = {**of.values, x.name: values[rows[0]]}
            known[track.branch] = of.solution.at(**point)[track.branch]
    return known


def _has_tipping(of: PictureSetting) -> bool:
    return any(TIPPING in branch.outcomes for branch in of.solution.branches)


def _borders(of: PictureSetting, x: Span) -> list[sympy.Expr]:
    """Where some condition of some branch may switch along the span, in order."""
    others = of.others(x)
    found = {
        root: None
        for difference in gaps(of.solution.branches, others)
        for root in real_roots(difference, x.parameter.symbol, x.low, x.high)
    }
    return sorted(found, key=number)


def _values(x: Span, borders: Iterable[sympy.Expr], points: int) -> list[sympy.Rational]:
    """The span in equal steps, and a pair around each border (and it, if rational)."""
    values = set(x.values(points))
    if x.parameter.interval.integer:
        return sorted(values)
    step = x.width * NEARBY
    for border in borders:
        near = border if border.is_Rational else sympy.Rational(str(sympy.N(border, 20)))
        values |= {value for value in (near - step, near + step) if x.low <= value <= x.high}
        values |= {near} if border.is_Rational else set()
    return sorted(values)


def _runs(held: NDArray[np.bool_]) -> Iterator[slice]:
    """The stretches of consecutive rows at which something holds."""
    ends = np.flatnonzero(np.diff(np.concatenate(([0], held.astype(np.int8), [0]))))
    yield from (slice(int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True))


def _stretches(track: Track, xs: Floats) -> Iterator[tuple[float, float]]:
    for run in _runs(track.status == VALUE):
        yield float(xs[run][0]), float(xs[run][-1])


def _curves(
    known: Mapping[str, Branch],
    tracks: Sequence[Track],
    xs: Floats,
    outcome: str,
    holdings: Mapping[str, Sequence[tuple[float, float]]],
) -> Iterator[OutcomeCurve]:
    for track in tracks:
        if outcome in track.outcomes and track.branch in known:
            stability = _stability(known[track.branch], known.values(), holdings)
            for run in _runs(track.status == VALUE):
                yield OutcomeCurve(track.branch, stability, xs[run], track.outcomes[outcome][run])


def _tipping_points(tracks: Sequence[Track], xs: Floats) -> Iterator[OutcomeCurve]:
    for track in tracks:
        if TIPPING in track.outcomes:
            for run in _runs(track.status == VALUE):
                yield OutcomeCurve(TIPPING, UNSTABLE, xs[run], track.outcomes[TIPPING][run])


def _stability(
    branch: Branch,
    others: Iterable[Branch],
    holdings: Mapping[str, Sequence[tuple[float, float]]],
) -> str:
    """Unstable: said to be so, or a mixture of two players beside a pure equilibrium."""
    if branch.note == UNSTABLE:
        return UNSTABLE
    if not _is_mixture(branch):
        return STABLE
    pure = [b.name for b in others if b.kind == "mixed" and not _is_mixture(b)]
    beside = any(
        low < other_high and other_low < high
        for low, high in holdings[branch.name]
        for name in pure
        for other_low, other_high in holdings.get(name, ())
    )
    return UNSTABLE if beside else STABLE


def _is_mixture(branch: Branch) -> bool:
    if branch.kind != "mixed":
        return False
    chances = [chance for mixture in branch.strategies.values() for chance in mixture.values()]
    return any(chance not in (0, 1) for chance in chances)


def _marks(
    of: PictureSetting,
    x: Span,
    borders: Iterable[sympy.Expr],
    holdings: Mapping[str, Sequence[tuple[float, float]]],
) -> Iterator[Mark]:
    """The borders at which some branch begins or ends, and the game's critical values."""
    ends = [end for held in holdings.values() for stretch in held for end in stretch]
    tolerance = 2 * number(x.width * NEARBY)
    named = [*_criticals(of, x)]
    yield from named
    for border in borders:
        value = number(border)
        begins = any(abs(end - value) <= tolerance for end in ends)
        if begins and all(abs(value - mark.value) > SAME for mark in named):
            yield Mark(value, number_text(border))


def _criticals(of: PictureSetting, x: Span) -> Iterator[Mark]:
    at = {of.solution.domain[n].symbol: value for n, value in of.others(x).items()}
    for critical in of.solution.criticals:
        if critical.parameter == x.name:
            value = put(critical.expression, at)
            if value.is_number and value.is_real and bool(x.low < value) and bool(value < x.high):
                name = critical.name.replace("_", " ")
                yield Mark(number(value), number_text(value), name, critical.meaning)
