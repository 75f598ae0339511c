"""Continua of equilibria to read and for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coopgame.language.printing import to_text
from coopgame.report.tables import ReportPart, facts, plain
from coopgame.solution import Branch, Component, Solution


def continua_sections(solution: Solution) -> Iterator[ReportPart]:
    """One section a continuum: where it appears, its extreme equilibria, and what joins them."""
    for number, component in enumerate(solution.boundaries or (), start=1):
        entries = facts(
            [
                ("appears where", component.conditions),
                ("extreme equilibria", [_extreme(branch) for branch in component.extremes]),
                ("equilibria too", [_between(subset) for subset in component.subsets]),
            ]
        )
        yield ReportPart(f"Continuum {number}", (entries,))


def continua_records(solution: Solution) -> dict[str, Any]:
    """The key `boundaries` of a record, where continua were looked for; values parse again."""
    if solution.boundaries is None:
        return {}
    return {"boundaries": [_record(component) for component in solution.boundaries]}


def _extreme(branch: Branch) -> str:
    mixtures = [
        f"{player}: {', '.join(f'{a} {plain(p)}' for a, p in mixture.items() if p != 0)}"
        for player, mixture in branch.strategies.items()
    ]
    return f"{branch.name}: {'; '.join(mixtures)}" if "mixed" in branch.name else branch.name


def _between(subset: tuple[str, ...]) -> str:
    return f"all mixtures, player by player, of {' and '.join(subset)}"


def _record(component: Component) -> dict[str, Any]:
    return {
        "conditions": [to_text(condition) for condition in component.conditions],
        "extremes": [
            {
                "name": branch.name,
                "strategies": {
                    player: {action: to_text(share) for action, share in mixture.items()}
                    for player, mixture in branch.strategies.items()
                },
            }
            for branch in component.extremes
        ],
        "subsets": [list(subset) for subset in component.subsets],
    }
