"""The whole answer for a case: relations under macro rules, proved signs, types by phase."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import sympy

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import DEFAULT, Classification, Draws, classify
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import equilibrium, surroundings
from coopgame.clusters.levers import Policy, levers
from coopgame.clusters.model import Relation
from coopgame.clusters.trajectory import Year, live
from coopgame.comparative import Statics, statics
from coopgame.forms.base import Game
from coopgame.rules import MacroRules, bind

TYPES, YEARS, LEVERS, CAUSES = PARTS = ("types", "years", "levers", "causes")


@dataclass(frozen=True)
class RelationUnderRules:
    """What one relation sustains in a phase under one set of macro rules.

    `collapse` is the hazard above which no level enforces itself, all else as in the phase, and
    `comeback` the lower one below which co-operation returns from the floor of trust (None where
    the game has none); `tipping_point` is None where nothing is sustained.
    """

    phase: Phase
    relation: Relation
    rules: MacroRules
    hazard: sympy.Rational
    branch: str
    level: sympy.Expr
    tipping_point: sympy.Expr | None
    collapse: sympy.Expr | None
    comeback: sympy.Expr | None


@dataclass(frozen=True)
class Portrait:
    """A case described in parts: types by phase, the years it lives through, what policy could do.

    `policies` are given phase by phase; a part that was not asked for is empty.
    """

    case: Case
    types: Classification | None = None
    years: tuple[Year, ...] = ()
    policies: tuple[tuple[Policy, ...], ...] = ()
    causes: bool = True


def portrait(
    case: Case,
    parts: Collection[str] = PARTS,
    draws: Draws = DEFAULT,
    progress: Callable[[str], None] = lambda step: None,
) -> Portrait:
    """The parts of a case's description that are asked for; `progress` is told each step begun."""
    compiled = CompiledCluster(case.cluster)
    types = classify(case, draws, compiled, progress) if TYPES in parts else None
    years = live(case, progress) if YEARS in parts else ()
    policies: tuple[tuple[Policy, ...], ...] = ()
    if LEVERS in parts:
        progress("levers")
        policies = tuple(levers(compiled, phase.point) for phase in case.phases)
    return Portrait(case, types, years, policies, CAUSES in parts)


@dataclass(frozen=True)
class Study:
    """A case studied: levels under rules, signs of the game behind them, the case's portrait."""

    case: Case
    game: Game
    relations: tuple[RelationUnderRules, ...]
    signs: Statics
    portrait: Portrait


def study(
    case: Case,
    game: Game,
    rules: Sequence[MacroRules],
    progress: Callable[[str], None] = lambda step: None,
) -> Study:
    """Study a case under the given rules, beside each phase's own; `game` is the level game.

    `progress` is told each step begun.
    """
    progress("relations under the macro rules")
    relations = tuple(
        row for phase in case.phases for regime in rules for row in _under(case, phase, regime)
    )
    progress("signs, by proof")
    signs = statics(game)
    progress("type, margin and robustness")
    return Study(case, game, relations, signs, portrait(case, (TYPES, LEVERS), progress=progress))


def _under(case: Case, phase: Phase, rules: MacroRules) -> Iterator[RelationUnderRules]:
    """Every relation of a phase as the rules would have it, in the equilibrium of history."""
    point = {**phase.point, **bind(case.cluster.domain, rules)}
    found = equilibrium(case.cluster, point)
    known = surroundings(case.cluster, point, found)
    for relation in case.cluster.relations:
        selected = found[relation.name]
        hazard = relation.solution.domain.by_role("hazard")[0].name
        yield RelationUnderRules(
            phase=phase,
            relation=relation,
            rules=rules,
            hazard=rules.hazard or sympy.S.Zero,
            branch=selected.branch,
            level=selected.sustainable,
            tipping_point=selected.tipping_point,
            collapse=relation.critical("collapse", hazard, known),
            comeback=relation.critical("return", hazard, known),
        )
