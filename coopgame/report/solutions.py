"""A game's equilibria to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.forms.base import Header
from coopgame.printing import to_text
from coopgame.report.tables import (
    Cell,
    Report,
    Section,
    Table,
    columns,
    exact,
    facts,
    origin,
    plain,
)
from coopgame.solution import Branch, Solution


def solution_report(solution: Solution, header: Header) -> Report:
    """The equilibria for all parameter values, or at a point, as a report."""
    found = len(solution.branches)
    where = "at this point" if solution.is_point else "for all parameter values"
    count = "No equilibrium" if not found else f"{found} equilibri{'um' if found == 1 else 'a'}"
    title = f"{header.info.title}: {count.lower() if found else 'no equilibrium'} {where}"
    return Report(
        title=title,
        sections=(
            *_setting(solution),
            *(_branch(branch) for branch in solution.branches),
            *_thresholds(solution),
        ),
        table=table(solution),
        record=at_point(solution) if solution.is_point else symbolic(solution),
        origin=f"{origin(header.info)}, {_method(solution)}",
        notes=solution.provenance.notes,
    )


def _method(solution: Solution) -> str:
    exactness = "exact" if solution.provenance.exact else "numeric"
    return f"{solution.provenance.method} ({exactness})"


def _setting(solution: Solution) -> tuple[Section, ...]:
    values = [f"{name} = {plain(value)}" for name, value in solution.values.items()]
    assumed = [to_text(assumption) for assumption in solution.domain.assumptions]
    entries = facts([("given", [", ".join(values)] if values else []), ("assumed", assumed)])
    return (Section("", (entries,)),) if entries.entries else ()


def _branch(branch: Branch) -> Section:
    entries = facts(
        [
            ("holds where", branch.conditions),
            ("strategies", strategy_lines(branch)),
            ("payoffs", _equations(branch.payoffs)),
            ("outcomes", _equations(branch.outcomes)),
            ("note", [branch.note] if branch.note else []),
        ]
    )
    return Section(f"{branch.name}  ({branch.concept})", (entries,))


def _equations(values: Mapping[str, sympy.Expr]) -> list[Cell]:
    return [f"{name} = {plain(value)}" for name, value in values.items()]


def strategy_lines(branch: Branch) -> list[Cell]:
    """One line a player (or a term): the actions with their probabilities, or the value."""
    return [f"{name}: {_strategy(what)}" for name, what in branch.strategies.items()]


def _strategy(what: Any) -> str:
    if isinstance(what, Mapping):
        played = {action: weight for action, weight in what.items() if weight != 0}
        if len(played) == 1 and next(iter(played.values())) == 1:
            return str(next(iter(played)))
        return ", ".join(f"{action} {_strategy(weight)}" for action, weight in played.items())
    if isinstance(what, list | tuple):
        return ", ".join(map(_strategy, what))
    return plain(what)


# --- thresholds --------------------------------------------------------------------------------


def _thresholds(solution: Solution) -> tuple[Section, ...]:
    if solution.is_point:
        return ()
    lines = facts(
        [
            (f"{critical.parameter} = {critical.name}", [critical.expression, critical.meaning])
            for critical in solution.criticals
        ]
    )
    critical = [Section("Critical values", (lines,))] if lines.entries else []
    bounds = thresholds(solution)
    if not bounds:
        return tuple(critical)
    rows = facts([(f"{name} {side}", [value]) for (name, side), value in bounds.items()])
    return (Section(f"Thresholds of {solution.headline}", (rows,)), *critical)


def thresholds(solution: Solution) -> dict[tuple[str, str], sympy.Expr]:
    """Where the headline branch begins (`>=`) or ends (`<=`) in each parameter it depends on.

    Parameters for which the boundary has no closed form, or is crossed more than once, are left
    out; so are all where there is no headline.
    """
    found: dict[tuple[str, str], sympy.Expr] = {}
    if solution.headline not in {branch.name for branch in solution.branches}:
        return found
    for name in solution.domain.names:
        try:
            lower, upper = solution.bounds(name)
        except InputError:
            continue
        if lower is not None:
            found[name, ">="] = lower
        if upper is not None:
            found[name, "<="] = upper
    return found


# --- for a spreadsheet and for a program -------------------------------------------------------


def table(solution: Solution) -> Table:
    """One row an equilibrium: its conditions, payoffs and outcomes."""
    payoffs = list(dict.fromkeys(name for b in solution.branches for name in b.payoffs))
    outcomes = list(dict.fromkeys(name for b in solution.branches for name in b.outcomes))
    names = ["equilibrium", "concept", "conditions", "strategies"]
    names += [*(f"payoff_{player}" for player in payoffs), *outcomes]
    rows = [
        (
            branch.name,
            branch.concept,
            " and ".join(map(to_text, branch.conditions)),
            "; ".join(map(str, strategy_lines(branch))),
            *(branch.payoffs.get(player) for player in payoffs),
            *(branch.outcomes.get(outcome) for outcome in outcomes),
        )
        for branch in solution.branches
    ]
    return Table(columns(*names), rows)


def symbolic(solution: Solution) -> dict[str, Any]:
    """The record of a solution for all parameter values; values are texts that parse again."""
    return {
        "game": solution.game,
        "exact": solution.provenance.exact,
        "method": solution.provenance.method,
        "notes": solution.provenance.notes,
        "values": {name: to_text(value) for name, value in solution.values.items()},
        "parameters": solution.domain.names,
        "assumptions": [to_text(assumption) for assumption in solution.domain.assumptions],
        "headline": solution.headline,
        "branches": [
            {**_record(branch, _text), "conditions": [to_text(c) for c in branch.conditions]}
            for branch in solution.branches
        ],
        "thresholds": [
            {"parameter": name, "side": side, "value": to_text(value)}
            for (name, side), value in thresholds(solution).items()
        ],
        "criticals": [
            {"name": c.name, "parameter": c.parameter, "value": to_text(c.expression)}
            for c in solution.criticals
        ],
    }


def at_point(solution: Solution) -> dict[str, Any]:
    """The record of the equilibria at a point: numbers, and beside them the exact texts."""
    return {
        "game": solution.game,
        "exact": solution.provenance.exact,
        "method": solution.provenance.method,
        "notes": solution.provenance.notes,
        "values": {name: exact(value) for name, value in solution.values.items()},
        "exact_values": {name: to_text(value) for name, value in solution.values.items()},
        "equilibria": [
            {**_record(branch, exact), "exact_text": _values(branch, _text)}
            for branch in solution.branches
        ],
    }


def _record(branch: Branch, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """The keys that every equilibrium has, in symbols and at a point."""
    about = {"name": branch.name, "kind": branch.kind, "concept": branch.concept}
    return {**about, **_values(branch, shown), "note": branch.note}


def _values(branch: Branch, shown: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "strategies": _mapped(branch.strategies, shown),
        "payoffs": _mapped(branch.payoffs, shown),
        "outcomes": _mapped(branch.outcomes, shown),
    }


def _mapped(value: Any, shown: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _mapped(item, shown) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, shown) for item in value]
    return shown(value)


def _text(value: Any) -> Any:
    return to_text(value) if isinstance(value, sympy.Basic) else value
