"""A case, to read, for a spreadsheet and for a program: facts, types, years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coopgame.clusters.case import UNKNOWN, Case, told_answer
from coopgame.clusters.classify import CHANNELS, Classification, PhaseType, Year
from coopgame.clusters.features import FEW
from coopgame.clusters.history import assumed
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.study import FACTS, TYPES, YEARS, Portrait
from coopgame.report.alternatives import other_answers
from coopgame.report.games import paragraphs
from coopgame.report.records import portrait_record
from coopgame.report.shares import short, top
from coopgame.report.tables import Cell, Part, Remarks, Report, ReportPart, Table, columns, origin

NOT_COVERED = "The state-anchored type is not covered."
FOLLOWS = (
    "A type follows from the equilibrium outcome alone. Shares are shares of seeded draws from "
    "what the answers allow; what is left of the last phase goes on, unless the rules changed."
)
MEANT = (
    "dependence: per cent of small firms' earnings lost for each per cent less that orders from "
    "outside, or stage work, bring, all relationships as they are. lost, rests on: share of small "
    "firms' earnings, once all has settled anew. A radical change makes carrying on as before cost "
    "what a grave threat does, and leaves neither relationships nor experience."
)
LOSSES = f"Losses are means over the first {FEW} draws."
GAINED = "A loss below 0 is a gain, as where those left behind organise."
GAINED_LEAST = 0.0005  # what is shown as less than nothing


def stated(p: PhaseType) -> str:
    """Whether the most likely type is the one that the source states."""
    if p.as_stated is None:
        return "(none stated)"
    told = "yes" if p.as_stated else f"no: {p.phase.stated}"
    return f"{told} (soft)" if p.phase.is_soft else told


def portrait_report(found: Portrait) -> Report:
    """A case in the parts that were asked for."""
    case = found.case
    sections = [ReportPart("", tuple(paragraphs(case.info.description)))]
    sections += portrait_sections(found)
    return Report(
        title=case.info.title,
        sections=tuple(sections),
        table=types_table(found.types) if found.types is not None else facts_table(case),
        record=portrait_record(found),
        origin=origin(case.info),
        notes=(*case.marks, NOT_COVERED),
    )


def portrait_sections(found: Portrait) -> list[ReportPart]:
    """The sections of the parts of a portrait."""
    sections = []
    types, parts = found.types, found.parts
    if types is not None and TYPES in parts:
        sections += [_types_section(types), _kinds_section(types), _several_section(types)]
    if types is not None and YEARS in parts:
        sections.append(ReportPart("Year by year", (years_table(types.years), yearly(types))))
    sections += other_answers(found)
    if FACTS in parts:
        sections.append(facts_section(found.case))
    return sections


def classification_report(found: Classification) -> Report:
    """A classification alone."""
    return portrait_report(Portrait(found.case, (TYPES, YEARS), found))


# --- types -------------------------------------------------------------------------------------


def types_table(found: Classification) -> Table:
    """One row a phase: how likely each type is."""
    kinds = [profile.type for profile in found.case.profiles]
    rows = [
        (
            p.phase.year,
            p.phase.name,
            p.type,
            *(short(p.distribution[kind]) for kind in kinds),
            short(p.error),
            stated(p),
        )
        for p in found.phases
    ]
    return Table(
        columns("year", "phase", "most likely", *kinds, "error", "as its source says"), rows
    )


def _types_section(found: Classification) -> ReportPart:
    kinds = [profile.type for profile in found.case.profiles]
    rows = [(kind, *(short(p.distribution[kind]) for p in found.phases)) for kind in kinds]
    heads = columns("share of draws", *(f"{p.phase.year} {p.phase.name}" for p in found.phases))
    told = [
        f"{p.phase.year}: most likely {p.type} (standard error {short(p.error)}); at the middle of "
        f"every interval {p.middle}; as its source says: {stated(p)}."
        for p in found.phases
    ]
    return ReportPart("Types", (Table(heads, rows), Remarks(tuple(told)), FOLLOWS))


def _kinds_section(found: Classification) -> ReportPart:
    """Levels, channels and Table 1's rows as outcomes, by phase."""
    heads = columns("", *(str(p.phase.year) for p in found.phases))

    def rows(names: Iterable[str], of: Any) -> list[tuple[Cell, ...]]:
        return [(name, *(short(of(p)[name]) for p in found.phases)) for name in names]

    levels = Table(
        heads, rows(RELATIONSHIPS, lambda p: p.levels), "Mean level of each kind of co-operation"
    )
    held = Table(
        heads, rows(RELATIONSHIPS, lambda p: p.sustained), "Share of draws in which it is sustained"
    )
    sold = Table(
        heads,
        rows(CHANNELS, lambda p: p.shares),
        "Mean share of capacity sold through each channel",
    )
    names = list(found.phases[0].features)
    lost = [p.features[name] for p in found.phases for name in names]
    meant = (MEANT, LOSSES, GAINED) if min(lost) < -GAINED_LEAST else (MEANT, LOSSES)
    told = Table(heads, rows(names, lambda p: p.features), "What Table 1 speaks of, as outcomes")
    return ReportPart("What sustains them", (levels, held, sold, told, " ".join(meant)))


def _several_section(found: Classification) -> ReportPart:
    rows = [
        (
            p.phase.year,
            short(p.equilibria.count),
            short(p.equilibria.closed),
            short(p.equilibria.types),
            top(p.equilibria.least),
            top(p.equilibria.greatest),
            short(p.equilibria.differ),
        )
        for p in found.phases
    ]
    heads = columns(
        "year", "equilibria", "closed", "several types", "from none", "from all", "these differ"
    )
    explained = (
        "equilibria: mean number of patterns of co-operation that enforce themselves (closed: and "
        "in which nothing else would start). several types: share of draws in which two of them "
        "have different types. from none, from all: the most likely type of history from there."
    )
    return ReportPart("Several equilibria", (Table(heads, rows), explained))


YEARLY = (
    "wiped: the share of draws in which the rules changed in the year and every relationship had "
    "to start anew. Phases and years are one account."
)


def yearly(found: Classification) -> str:
    """What the table of years says and takes for granted."""
    return " ".join((YEARLY, *assumed(found.case)))


def years_table(years: tuple[Year, ...]) -> Table:
    """One row a year: the most likely type and the mean levels."""
    rows = [
        (
            y.year,
            y.phase.name,
            top(y.distribution),
            *(short(y.levels[name]) for name in RELATIONSHIPS),
            short(y.wiped),
        )
        for y in years
    ]
    return Table(columns("year", "phase", "most likely", *RELATIONSHIPS, "wiped"), rows)


# --- facts -------------------------------------------------------------------------------------


def facts_table(case: Case) -> Table:
    """Every answer of every phase, with its source."""
    questions = {question.name: question for question in case.codebook.questions}
    rows = [
        (phase.year, name, told_answer(phase, questions[name]), phase.answers[name].source)
        for phase in case.phases
        for name in phase.changed
    ]
    return Table(columns("year", "question", "answer", "source"), rows, keys=2)


def facts_section(case: Case) -> ReportPart:
    """The dated answers, what is not known, and how they were coded."""
    unknown = [
        question.name
        for question in case.codebook.questions
        if all(told_answer(phase, question) == UNKNOWN for phase in case.phases)
    ]
    told: list[Part] = [f"Coded {case.coded}."] if case.coded else []
    told.append(facts_table(case))
    if unknown:
        told.append(f"Unknown throughout: {', '.join(unknown)}.")
    names = [
        f"{p.year}, {p.name}: {p.stated or 'no type stated'} ({p.source})" for p in case.phases
    ]
    return ReportPart("Facts", (Remarks(tuple(names)), *told))
