"""A phase under macro rules: along the hazard, by rules and period, and in the two-by-two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coopgame.clusters.history import CHAIN_BEGINS
from coopgame.clusters.macro import Macro, Outlook
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.report.shares import short, top
from coopgame.report.tables import Cell, Report, ReportPart, Table, columns, fields_of, origin
from coopgame.rules.macro import MacroRules

PERIOD = {None: "its own", 12: "a month", 1: "a year"}
TOLD = (
    "period: what every relationship lasts at the least before it can be ended; its own is a month "
    "for stages, a quarter for ties, a year for the others. A hazard is rescaled to it."
)
CORNERS = (
    "Stabilisation: `rules` answered by its first letter, not by its last; crisis: `threat` by its "
    "last, not by its first. All else is as in the phase, at the same draws, after its own history."
)
EVERY = 4  # one hazard in so many is printed; CSV and JSON have all


def macro_report(found: Macro) -> Report:
    """How types and levels move with macro rules and a crisis, all else the same."""
    case, phase, table = found.case, found.phase, _table(found)
    names = [profile.type for profile in case.profiles]
    heads = (*names, *RELATIONSHIPS)
    along = [row for i, row in enumerate(_hazards(found)) if i % EVERY == 0]
    under = [(*_where(key), *_cells(each)) for key, each in found.under.items()]
    corners = [(*_sides(key), *_cells(each)) for key, each in found.corners.items()]
    return Report(
        title=f"{case.info.title}, {phase.name} ({phase.year}): macro rules and crisis",
        sections=(
            ReportPart("Along the hazard", (Table(columns("hazard a year", *heads), along),)),
            ReportPart(
                "Under macro rules",
                (
                    Table(columns("rules", "period", *heads), under, keys=2),
                    TOLD,
                    *chained(found.rules),
                ),
            ),
            ReportPart(
                "Stabilisation and crisis, ceteris paribus",
                (
                    _square(found, "Most likely type", lambda o: top(o.distribution)),
                    _square(
                        found,
                        "Mean level of collective action",
                        lambda o: short(o.levels["association"]),
                    ),
                    Table(columns("stabilisation", "crisis", *heads), corners, keys=2),
                    CORNERS,
                ),
            ),
        ),
        table=table,
        record=macro_record(found),
        origin=origin(case.info),
        notes=(f"{found.draws.count} draws, the same everywhere.", *case.marks),
    )


def chained(rules: Iterable[MacroRules]) -> Iterator[str]:
    """Where a chain of regimes begins, if some rules are one."""
    if any(each.chain for each in rules):
        yield f"{CHAIN_BEGINS}."


def _square(found: Macro, title: str, of: Any) -> Table:
    rows = [
        (name, *(of(found.corners[stabilised, crisis]) for crisis in (False, True)))
        for name, stabilised in (("stabilisation", True), ("none", False))
    ]
    return Table(columns("", "no crisis", "crisis"), rows, title)


def _cells(of: Outlook) -> tuple[Cell, ...]:
    return (*map(short, of.distribution.values()), *map(short, of.levels.values()))


def _hazards(found: Macro) -> Iterable[tuple[Cell, ...]]:
    course = found.course
    columns_ = [*course.types.values(), *course.levels.values()]
    for i, hazard in enumerate(course.values):
        yield (short(float(hazard)), *(short(float(column[i])) for column in columns_))


def _where(key: tuple[str, int | None]) -> tuple[str, str]:
    return key[0], PERIOD[key[1]]


def _sides(key: tuple[bool, bool]) -> tuple[str, str]:
    stabilised, crisis = ("yes" if each else "no" for each in key)
    return stabilised, crisis


def _table(found: Macro) -> Table:
    """Every row in one table: what varies is named, all else is left empty."""
    kinds = [profile.type for profile in found.case.profiles]
    none = (None,)
    rows = [("hazard", *row[:1], *none * 4, *row[1:]) for row in _hazards(found)]
    rows += [("rules", None, *_where(k), *none * 2, *_cells(o)) for k, o in found.under.items()]
    rows += [("corner", *none * 3, *_sides(k), *_cells(o)) for k, o in found.corners.items()]
    heads = ("varies", "hazard", "rules", "period", "stabilisation", "crisis")
    return Table(columns(*heads, *kinds, *RELATIONSHIPS), rows)


def macro_record(found: Macro) -> dict[str, Any]:
    """What JSON prints: `hazard`, `rules`, `two_by_two`."""
    course = found.course
    return {
        "case": found.case.info.name,
        "phase": found.phase.name,
        "year": found.phase.year,
        "draws": found.draws.count,
        "seed": found.draws.seed,
        "in_place_of_answers": list(found.case.marks),
        "hazard": {
            "values": course.values.tolist(),
            "types": {kind: share.tolist() for kind, share in course.types.items()},
            "levels": {name: level.tolist() for name, level in course.levels.items()},
        },
        "rules": [
            {"rules": rules, "periods_a_year": period, **_outlook(each)}
            for (rules, period), each in found.under.items()
        ],
        "two_by_two": [
            {"stabilisation": stabilised, "crisis": crisis, **_outlook(each)}
            for (stabilised, crisis), each in found.corners.items()
        ],
    }


def _outlook(of: Outlook) -> Mapping[str, Any]:
    return fields_of(of, "type", "distribution", "levels")
