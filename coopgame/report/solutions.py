"""A game's equilibria to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy

from coopgame.cache import remembered
from coopgame.errors import InputError
from coopgame.forms.base import leaders
from coopgame.language.printing import to_text
from coopgame.report.abbreviations import Abbreviated, abbreviated
from coopgame.report.continua import continua_records, continua_sections
from coopgame.report.documents import quantities
from coopgame.report.leads import count, lead
from coopgame.report.tables import (
    Cell,
    Equation,
    Report,
    ReportPart,
    Table,
    assigned,
    columns,
    exact,
    facts,
    fields_of,
    origin,
    plain,
)
from coopgame.solution import Branch, Solution


@remembered()
def solution_report(solution: Solution) -> Report:
    """The equilibria in symbols, or at a point, as a report."""
    short = abbreviated(solution)
    return Report(
        title=f"{solution.info.title}: {count(solution)}",
        sections=(
            *lead(short.solution, solution),
            *_setting(solution, short),
            *(_branch(branch) for branch in short.solution.branches),
            *continua_sections(solution),
            *_thresholds(solution, short),
            *machines(solution),
        ),
        table=table(solution),
        record=at_point(solution) if solution.is_point else symbolic(solution),
        origin=f"{origin(solution.info)}, {_method(solution)}",
        notes=solution.provenance.told,
        symbols=quantities(solution.domain.parameters),
    )


def _method(solution: Solution) -> str:
    """How it was found; "exact" alone is said only of an answer that leaves nothing out."""
    provenance = solution.provenance
    exactness = "exact" if provenance.complete else "exact as far as listed"
    return f"{provenance.method} ({exactness if provenance.exact else 'numeric'})"


def _setting(solution: Solution, short: Abbreviated) -> tuple[ReportPart, ...]:
    """What is given, what is assumed, and what the letters below stand for."""
    letters = [Equation((name.name,), value) for name, value in short.definitions.items()]
    entries = facts(
        [
            ("given", [assigned(solution.point)] if solution.point else []),
            ("assumed", solution.domain.assumptions),
            ("below", letters),
        ]
    )
    return (ReportPart("", (entries,)),) if entries.entries else ()


def _branch(branch: Branch) -> ReportPart:
    entries = facts(
        [
            ("exists where", branch.conditions),
            ("strategies", strategy_lines(_without_repeats(branch))),
            ("payoffs", _equations(branch.payoffs)),
            ("outcomes", _equations(branch.outcomes)),
            ("note", [branch.note] if branch.note else []),
        ]
    )
    return ReportPart(f"{branch.name}  ({branch.concept})", (entries,))


def _without_repeats(branch: Branch) -> Branch:
    """The branch without the strategies that its outcomes tell already, as a level does."""
    told = branch.outcomes.items()
    kept = {name: what for name, what in branch.strategies.items() if (name, what) not in told}
    return replace(branch, strategies=kept)


def _equations(values: Mapping[str, sympy.Expr]) -> list[Cell]:
    """One line a value: names that share an expression stand together, not so plain numbers."""
    shared: dict[tuple[sympy.Expr, str], list[str]] = {}
    for name, value in values.items():
        shared.setdefault((value, name if value.is_number else ""), []).append(name)
    return [Equation(tuple(names), value) for (value, _), names in shared.items()]


# --- strategies --------------------------------------------------------------------------------


def strategy_lines(branch: Branch) -> list[Cell]:
    """One line a player or a term: actions with their probabilities, an automaton, or a value."""
    return [f"{name}: {_strategy(what)}" for name, what in branch.strategies.items()]


def _strategy(what: Any) -> str:
    if isinstance(what, Mapping) and "automaton" in what:
        return str(what["automaton"])
    if isinstance(what, Mapping):
        played = {action: weight for action, weight in what.items() if weight != 0}
        if len(played) == 1 and next(iter(played.values())) == 1:
            return str(next(iter(played)))
        return ", ".join(f"{action} {_strategy(weight)}" for action, weight in played.items())
    if isinstance(what, list | tuple):
        return " to ".join(map(_strategy, what)) if what else "none"
    return plain(what)


def automata(branches: Iterable[Branch]) -> dict[str, Mapping[str, Any]]:
    """The automata of some equilibria, each once."""
    found: dict[str, Mapping[str, Any]] = {}
    for branch in branches:
        for player, what in branch.strategies.items():
            if isinstance(what, Mapping) and "automaton" in what:
                name = str(what["automaton"])
                if found.setdefault(name, what)["states"] != what["states"]:
                    found[f"{name} ({player})"] = what
    return found


def machines(solution: Solution) -> tuple[ReportPart, ...]:
    """What each automaton does, told once."""
    found = automata(solution.branches)
    told = facts((name, _machine_lines(what)) for name, what in found.items())
    return (ReportPart("Automata", (told,)),) if found else ()


def _machine_lines(machine: Mapping[str, Any]) -> Iterator[str]:
    """One line a state: what it plays, and where each signal leads if not back to itself."""
    for state, rule in machine["states"].items():
        start = ", the start" if state == machine["start"] and len(machine["states"]) > 1 else ""
        yield f"{state}{start}: {_rule(state, rule)}"


def _rule(state: str, rule: Mapping[str, Any]) -> str:
    if "action" not in rule:
        return "; ".join(f"in {regime}, {_rule(state, each)}" for regime, each in rule.items())
    leading: dict[str, list[str]] = {}
    for signal, successor in rule["next"].items():
        leading.setdefault(successor, []).append(signal)
    moves = [f"{to} after {' or '.join(signals)}" for to, signals in leading.items() if to != state]
    if len(leading) == 1:
        moves = [f"{to} next" for to in leading if to != state]
    return ", then ".join([f"plays {rule['action']}", *moves])


# --- thresholds --------------------------------------------------------------------------------


def _thresholds(solution: Solution, short: Abbreviated) -> Iterator[ReportPart]:
    if solution.is_point:
        return
    lines = [
        (f"{name} {side}", [short.of(value)])
        for (name, side), value in thresholds(solution).items()
    ]
    if lines:
        yield ReportPart(f"Thresholds of {solution.headline}", (facts(lines),))
    criticals = [
        (f"{c.parameter}, {c.name}", [c.expression, c.meaning]) for c in short.solution.criticals
    ]
    if criticals:
        yield ReportPart("Critical values", (facts(criticals),))


def thresholds(solution: Solution) -> dict[tuple[str, str], sympy.Expr]:
    """Where the headline branch begins (`>=`) or ends (`<=`), by parameter and side.

    In the discount factor and the hazards, where the game has them, else in every parameter; not
    where the game names a critical value itself, nor where the boundary has no closed form.
    """
    found: dict[tuple[str, str], sympy.Expr] = {}
    if solution.headline not in {branch.name for branch in solution.branches}:
        return found
    critical = {c.parameter for c in solution.criticals if c.bounds(solution.headline)}
    leading = [lead.name for lead in leaders(solution.domain)] or solution.domain.names
    for name in (name for name in leading if name not in critical):
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
        **_about(solution),
        "values": {name: to_text(value) for name, value in solution.point.items()},
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
        **continua_records(solution),
    }


def at_point(solution: Solution) -> dict[str, Any]:
    """The record of the equilibria at a point: numbers, and beside them the exact texts."""
    return {
        **_about(solution),
        "values": {name: exact(value) for name, value in solution.point.items()},
        "exact_values": {name: to_text(value) for name, value in solution.point.items()},
        "equilibria": [
            {**_record(branch, exact), "exact_text": _values(branch, _text)}
            for branch in solution.branches
        ],
        **continua_records(solution),
    }


def _about(solution: Solution) -> dict[str, Any]:
    """Of which game, how it was found, and what is left out."""
    return {
        "game": solution.name,
        "exact": solution.provenance.complete,
        "method": solution.provenance.method,
        "notes": solution.provenance.told,
    }


def _record(branch: Branch, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """The keys that every equilibrium has, in symbols and at a point."""
    about = fields_of(branch, "name", "kind", "concept")
    return {**about, **_values(branch, shown), "note": branch.note}


def _values(branch: Branch, shown: Callable[[Any], Any]) -> dict[str, Any]:
    found: dict[str, Any] = _mapped(fields_of(branch, "strategies", "payoffs", "outcomes"), shown)
    return found


def _mapped(value: Any, shown: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _mapped(item, shown) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, shown) for item in value]
    return shown(value)


def _text(value: Any) -> Any:
    return to_text(value) if isinstance(value, sympy.Basic) else value
