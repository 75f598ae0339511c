"""The whole answer for a case: relations under macro rules, proved signs, types by phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import Classification, classify
from coopgame.clusters.model import Relation
from coopgame.comparative import Statics, statics
from coopgame.forms.base import Game
from coopgame.rules import MacroRules, bind


@dataclass(frozen=True)
class RelationUnderRules:
    """What one relation sustains in a phase under one set of macro rules.

    `collapse` is the hazard above which no level enforces itself, all else as in the phase;
    `tipping_point` is None where nothing is sustained.
    """

    phase: Phase
    relation: Relation
    rules: MacroRules
    hazard: sympy.Rational
    branch: str
    level: sympy.Expr
    tipping_point: sympy.Expr | None
    collapse: sympy.Expr | None


@dataclass(frozen=True)
class Study:
    """A case studied: levels under rules, the signs of the game behind them, the types."""

    case: Case
    game: Game
    relations: tuple[RelationUnderRules, ...]
    signs: Statics
    classification: Classification


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
        _under(case, phase, relation, regime)
        for phase in case.phases
        for relation in case.cluster.relations
        for regime in rules
    )
    progress("signs, by proof")
    signs = statics(game)
    progress("type, margin and robustness")
    return Study(case, game, relations, signs, classify(case))


def _under(case: Case, phase: Phase, relation: Relation, rules: MacroRules) -> RelationUnderRules:
    point = {**phase.point, **bind(case.cluster.domain, rules)}
    selected = relation.selected(point)
    hazard_names = [p.name for p in relation.solution.domain.by_role("hazard")]
    collapse = relation.critical("collapse", hazard_names[0], point) if hazard_names else None
    return RelationUnderRules(
        phase=phase,
        relation=relation,
        rules=rules,
        hazard=rules.hazard or sympy.S.Zero,
        branch=selected.branch,
        level=selected.sustainable,
        tipping_point=selected.tipping_point,
        collapse=collapse,
    )
