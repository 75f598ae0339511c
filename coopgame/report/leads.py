"""The answer about a game in a sentence or two: what its equilibria open with."""

from __future__ import annotations

import sympy
from sympy.logic.boolalg import Boolean, Or

from coopgame.forms.base import leaders
from coopgame.report.tables import ReportPart, plain
from coopgame.solution import Solution

MOST_NAMED = 8  # equilibria named in the opening sentence
MOST_INFLUENCES = 6
SHORT = 160  # characters of a condition that a sentence can bear; each is told below anyway


def count(solution: Solution) -> str:
    """How many equilibria, and in what sense: found only, where the notes say what is left out."""
    found = len(solution.branches)
    count = f"{found or 'no'} equilibri{'um' if found == 1 else 'a'}"
    if solution.partial == sympy.true:
        count += " found"
    if solution.is_point:
        return f"{count} at these values"
    whose = "with the conditions under which it exists"
    return f"{count}, {'each ' * (found > 1)}{whose}" if found else count


def lead(solution: Solution, whole: Solution) -> tuple[ReportPart, ...]:
    """What the equilibria are, and when the one in question is one.

    `whole` is the solution before letters stood for what repeats.
    """
    names = [branch.name for branch in solution.branches]
    if not names:
        return ()
    more = len(names) - MOST_NAMED
    told = "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
    noun = "equilibria" if len(names) > 1 else "equilibrium"
    return (ReportPart("", (f"{noun.capitalize()}: {told}.{_headline(solution, whole)}",)),)


def _headline(solution: Solution, whole: Solution) -> str:
    """When the equilibrium that the file asks about is one."""
    name = solution.headline
    here = next((branch for branch in solution.branches if branch.name == name), None)
    if not name or (len(solution.branches) < 2 and here):
        return ""
    if solution.is_point:
        return f" {name} is {'one' if here else 'not one'} of them."
    if here is None:
        return ""
    conditions = " and ".join(map(_clause, here.conditions))
    where = f"exists where {conditions}" if conditions else "exists everywhere"
    if len(where) > SHORT:
        return f" Whether {name} exists depends on {_influences(whole, name)}; see below."
    return f" {name} {where}."


def _influences(solution: Solution, name: str) -> str:
    """The parameters in the conditions of an equilibrium, a few by name, what weighs time first."""
    conditions = solution[name].conditions
    found = {symbol for condition in conditions for symbol in condition.free_symbols}
    first = {lead.name for lead in leaders(solution.domain)}
    names = [p.name for p in solution.domain.parameters if p.symbol in found]
    names.sort(key=lambda name: name not in first)
    more = len(names) - MOST_INFLUENCES
    shown = names if more <= 0 else [*names[:MOST_INFLUENCES], f"{more} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _clause(condition: Boolean) -> str:
    """A condition as one of several that all hold: alternatives stand in parentheses."""
    return f"({plain(condition)})" if isinstance(condition, Or) else plain(condition)
