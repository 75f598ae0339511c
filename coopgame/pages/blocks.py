"""A solved game as a block of a page: what is shown of each equilibrium, and its function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from coopgame.pages.slots import Condition, Quantity, Slots
from coopgame.pictures.words import readable
from coopgame.report.abbreviations import abbreviated
from coopgame.solution import Branch, Solution

TIPPING_POINT, LEVEL = "tipping_point", "level"


@dataclass(frozen=True)
class Equilibrium:
    """A branch as it is shown: its conditions, and what is worth what there."""

    name: str
    concept: str
    note: str
    conditions: tuple[Condition, ...]
    outcomes: tuple[Quantity, ...]
    payoffs: tuple[Quantity, ...]
    strategies: tuple[Quantity, ...]

    @property
    def measures(self) -> dict[str, Quantity]:
        """What a chart can show: outcomes, and each player's payoff as `payoff_PLAYER`."""
        payoffs = {f"payoff_{quantity.name}": quantity for quantity in self.payoffs}
        return {**payoffs, **{quantity.name: quantity for quantity in self.outcomes}}

    @property
    def holds(self) -> list[int]:
        return [condition.holds for condition in self.conditions]


@dataclass(frozen=True)
class Threshold:
    """A critical value of a parameter."""

    parameter: str
    meaning: str
    quantity: Quantity


@dataclass(frozen=True)
class Block:
    """A solved game on a page: assumptions, letters, equilibria, thresholds, and one function.

    `function` is JavaScript, from the parameters `names` to the value in every place.
    """

    id: str
    title: str
    names: tuple[str, ...]
    assumptions: tuple[Condition, ...]
    letters: tuple[Quantity, ...]
    equilibria: tuple[Equilibrium, ...]
    thresholds: tuple[Threshold, ...]
    function: str


def block(identity: str, title: str, solution: Solution) -> Block:
    """The block of a solution in all its parameters."""
    short = abbreviated(solution)
    slots = Slots(solution.domain.names, short.definitions)
    assumptions = tuple(map(slots.condition, solution.domain.assumptions))
    letters = tuple(slots.quantity(s.name, e) for s, e in short.definitions.items())
    pairs = zip(short.solution.branches, solution.branches, strict=True)
    equilibria = tuple(_equilibrium(shown, branch, slots) for shown, branch in pairs)
    thresholds = tuple(
        Threshold(c.parameter, c.meaning, slots.quantity(c.name, short.of(c.expression)))
        for c in solution.criticals
    )
    names = solution.domain.names
    function = slots.function()
    return Block(identity, title, names, assumptions, letters, equilibria, thresholds, function)


def _equilibrium(shown: Branch, branch: Branch, slots: Slots) -> Equilibrium:
    return Equilibrium(
        readable(branch.name),
        branch.concept,
        branch.note,
        tuple(slots.condition(condition) for condition in shown.conditions),
        tuple(slots.quantity(name, value) for name, value in shown.outcomes.items()),
        tuple(slots.quantity(name, value) for name, value in shown.payoffs.items()),
        tuple(_strategies(shown.strategies, slots)),
    )


def _strategies(strategies: Mapping[str, Any], slots: Slots) -> Iterator[Quantity]:
    """Each player's strategy, or each term; an automaton by its name."""
    for name, chosen in strategies.items():
        if isinstance(chosen, Mapping) and "automaton" in chosen:
            yield slots.quantity(name, readable(chosen["automaton"]))
        elif isinstance(chosen, Mapping):
            for key, value in chosen.items():
                yield slots.quantity(f"{name}: {readable(str(key))}", _plain(value))
        elif isinstance(chosen, tuple | list):
            ends = ("from", "to") if len(chosen) == 2 else map(str, range(1, len(chosen) + 1))
            for end, value in zip(ends, chosen, strict=True):
                yield slots.quantity(f"{readable(name)}, {end}", _plain(value))
        else:
            yield slots.quantity(readable(name), _plain(chosen))


def _plain(value: Any) -> Any:
    return value if isinstance(value, sympy.Expr) else readable(str(value))


def series(shown: Block, outcome: str) -> list[dict[str, Any]]:
    """The curves of an outcome, one a branch that has it; with a level goes its tipping point."""
    wanted = [outcome, TIPPING_POINT] if outcome == LEVEL else [outcome]
    return [
        {
            "label": each.name + (", tipping point" if name != outcome else ""),
            "block": shown.id,
            "slot": each.measures[name].slot,
            "holds": each.holds,
            "dashed": name != outcome,
            "colour": colour,
        }
        for name in wanted
        for colour, each in enumerate(shown.equilibria)
        if name in each.measures and each.measures[name].slot is not None
    ]
