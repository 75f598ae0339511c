"""Sobol indices, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from typing import Any

from coopgame.language.numerals import approximate
from coopgame.language.printing import to_text
from coopgame.report.tables import (
    Column,
    Report,
    ReportPart,
    Table,
    assigned,
    columns,
    facts,
    origin,
)
from coopgame.tables.indices import CONFIDENCE, RESAMPLES, Index
from coopgame.tables.sensitivity import Result, Sensitivity
from coopgame.tables.spans import ParameterRange

DIGITS = 3
EXPLAINED = (
    "first-order: the share of the outcome's variance that goes when this parameter alone is "
    "known. total: the share that is left when all others are known, interactions with them "
    "included. All are estimates, each with half the width of its 95 % interval (bootstrap); an "
    "index of 0 without more is exact: no draw moved with the parameter. They speak of these "
    "ranges, over which every parameter is drawn on its own."
)


def sensitivity_report(found: Sensitivity) -> Report:
    """The indices of each outcome, the parameters that account for most of it first."""
    info = found.info
    held = [assigned(found.held)] if found.held else []
    sampled = facts([("drawn", [_drawn(found)]), ("held", held)])
    where = f", {found.where}" if found.where else ""
    return Report(
        title=f"{info.title}{where}: global sensitivity",
        sections=(
            ReportPart("", (sampled,)),
            *(_section(found, result) for result in found.results),
        ),
        table=_table(found),
        record=_record(found),
        origin=origin(info),
        notes=(EXPLAINED,),
    )


def _drawn(found: Sensitivity) -> str:
    sampling = found.sampling
    less = ", as wider ones break an assumption" if found.narrowed else ""
    return (
        f"{found.evaluations} points ({sampling.draws} base draws of a Sobol sequence, seed "
        f"{sampling.seed}) of {len(found.spans)} parameters; ranges not given: +-"
        f"{found.width:.3g} of the value, of a probability of its odds{less}"
    )


def _section(found: Sensitivity, result: Result) -> ReportPart:
    mean, deviation = approximate(result.mean), approximate(result.deviation)
    title = f"{result.outcome}: mean {mean}, standard deviation {deviation}"
    pairs = list(zip(found.spans, result.indices, strict=True))
    told = sorted((p for p in pairs if not _idle(p[1])), key=lambda pair: -pair[1].total)
    if not told:
        nothing = "It is the same at every draw: there is nothing to account for."
        return ReportPart(title, (nothing,))
    heads = ("parameter", "from", "to", "first-order", "+-", "total", "+-")
    lines = tuple(
        (s.name, _short(s.low), _short(s.high), *map(_short, _numbers(i))) for s, i in told
    )
    idle = [span.name for span, index in pairs if _idle(index)]
    left = (f"0 for {', '.join(idle)}",) if idle else ()
    return ReportPart(title, (Table(columns(*heads), lines), *left))


def _idle(index: Index) -> bool:
    """Whether no draw moved with the parameter: then both indices are just 0."""
    return not (index.first or index.total)


def _numbers(index: Index) -> tuple[float | None, ...]:
    return index.first, index.first_within, index.total, index.total_within


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


HEADS = (
    Column("outcome"),
    Column("parameter"),
    Column("low", "lower end of its range"),
    Column("high", "upper end of its range"),
    Column("first_order", "first-order Sobol index, an estimate"),
    Column("first_order_within", "half the width of its 95 % interval"),
    Column("total", "total Sobol index, an estimate"),
    Column("total_within", "half the width of its 95 % interval"),
)


def _table(found: Sensitivity) -> Table:
    rows = [
        (result.outcome, span.name, span.low, span.high, *_numbers(index))
        for result in found.results
        for span, index in zip(found.spans, result.indices, strict=True)
    ]
    return Table(HEADS, rows)


def _record(found: Sensitivity) -> dict[str, Any]:
    sampling = found.sampling
    return {
        "of": found.info.name,
        "where": found.where or None,
        "draws": sampling.draws,
        "evaluations": found.evaluations,
        "seed": sampling.seed,
        "confidence": CONFIDENCE,
        "resamples": RESAMPLES,
        "width": found.width,
        "narrowed": found.narrowed,
        "ranges": {span.name: _range(span) for span in found.spans},
        "held": {name: to_text(value) for name, value in found.held.items()},
        "outcomes": [
            {
                "outcome": result.outcome,
                "mean": result.mean,
                "standard_deviation": result.deviation,
                "indices": [_index(index) for index in result.indices],
            }
            for result in found.results
        ],
    }


def _range(span: ParameterRange) -> dict[str, Any]:
    return {"low": span.low, "high": span.high, "uniform_in": "odds" if span.in_odds else "value"}


def _index(index: Index) -> dict[str, Any]:
    names = ("first_order", "first_order_within", "total", "total_within")
    return {"parameter": index.parameter, **dict(zip(names, _numbers(index), strict=True))}
