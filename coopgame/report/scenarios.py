"""One game under given values and macro rules, or under several rules side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy

from coopgame.comparative.scenario import Scenario
from coopgame.language.numerals import approximate, as_given
from coopgame.report.games import paragraphs
from coopgame.report.solutions import solution_report
from coopgame.report.tables import (
    Cell,
    Facts,
    Given,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    origin,
    plain,
)
from coopgame.rules.macro import MacroRules


def scenario_report(scenarios: Sequence[Scenario]) -> Report:
    """The answer under each of the rules; several are compared first, then told one by one."""
    reports = [_single(scenario) for scenario in scenarios]
    if len(scenarios) == 1 and scenarios[0].rules is None:
        return reports[0]
    compared = _comparison(scenarios)
    sections = [
        ReportPart("Macro rules", (rules_facts([s.rules for s in scenarios if s.rules]),)),
        ReportPart("", (compared,)),
    ]
    for scenario, report in zip(scenarios, reports, strict=True):
        if len(reports) > 1:
            sections.append(ReportPart(f"--- under {scenario.label} ---", ()))
        sections += report.sections
    return Report(
        title=reports[0].title
        if len(reports) == 1
        else f"{scenarios[0].solution.info.title}, by macro rules",
        sections=tuple(sections),
        table=compared if len(reports) > 1 else reports[0].table,
        record=_record(scenarios, reports),
        origin=reports[0].origin,
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        symbols=reports[0].symbols,
    )


def _single(scenario: Scenario) -> Report:
    report = solution_report(scenario.solution)
    if scenario.rules is None:
        return report
    return replace(report, record={**report.record, "rules": scenario.rules.describe()})


def _record(scenarios: Sequence[Scenario], reports: Sequence[Report]) -> dict[str, Any]:
    if len(reports) == 1:
        return dict(reports[0].record)
    return {
        "game": scenarios[0].solution.name,
        "exact": all(scenario.solution.provenance.exact for scenario in scenarios),
        "compared": [report.record for report in reports],
    }


def rules_report(rules: MacroRules) -> Report:
    """What a rule file says."""
    described = tuple(paragraphs(rules.info.description))
    told = rules.describe()
    rows = [(key, str(value)) for key, value in told.items()]
    return Report(
        title=rules.info.title,
        sections=(ReportPart("", (*described, rules_facts([rules]))),),
        table=Table(columns("what", "value"), rows),
        record=told,
        origin=origin(rules.info),
    )


def rules_facts(rules: Sequence[MacroRules]) -> Facts:
    """What each rule file says: its hazard a period, and where that was estimated, how surely."""
    return facts([(each.info.name, _rules_lines(each)) for each in rules])


def _rules_lines(rules: MacroRules) -> list[Cell]:
    lines: list[Cell] = [rules.info.title]
    years = as_given(rules.years_per_period)
    period = "a year" if years == "1" else f"a period of {years} years"
    if rules.hazard is not None:
        lines.append(f"hazard {as_given(rules.hazard)} {period}")
    if rules.discount is not None:
        lines.append(f"discount factor {as_given(rules.discount)} {period}")
    if rules.inflation is not None:
        lines.append(f"inflation {as_given(rules.inflation.rate)} a year")
    interval = rules.hazard_interval
    if rules.estimate is not None and interval is not None:
        estimate = rules.estimate
        low, high = map(approximate, interval)
        lines.append(
            f"estimated from {estimate.events} events in {approximate(estimate.years)} years; "
            f"95 % interval of the hazard {low} to {high}"
        )
        lines.append(f"({estimate.convention})")
    if rules.learning is not None and rules.estimate is not None:
        believed = rules.learning
        lines.append(
            f"what firms {'fear' if believed.cautious else 'expect'} who began with "
            f"{_changes(plain(believed.events))} in {plain(believed.years)} years, and have seen "
            f"what came until {rules.estimate.last}"
        )
    return lines


def _changes(count: str) -> str:
    return "one change" if count == "1" else f"{count} changes"


def _comparison(scenarios: Sequence[Scenario]) -> Table:
    """One row an equilibrium and set of rules, at the given values and else at the defaults."""
    points = [(scenario, scenario.at_defaults()) for scenario in scenarios]
    everything = [b for _, point in points if point for b in point.branches]
    outcomes = list(dict.fromkeys(name for b in everything for name in b.outcomes))
    rows = []
    for scenario, point in points:
        rules = scenario.rules
        hazard = None if rules is None or rules.hazard is None else Given(rules.hazard)
        for branch in point.branches if point else ():
            values: list[sympy.Expr | None] = [branch.outcomes.get(name) for name in outcomes]
            rows.append((scenario.label, hazard, branch.name, *values))
        if point is not None and not point.branches:
            rows.append((scenario.label, hazard, "(none)", *[None] * len(outcomes)))
    free = any(not scenario.solution.is_point for scenario in scenarios)
    title = "Equilibria at the defaults of what is free" if free else "Equilibria"
    return Table(columns("rules", "hazard", "equilibrium", *outcomes), rows, title)
