"""The whole answer for a case: relations under macro rules, proved signs, types by phase."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import sympy

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import DEFAULT, Classification, RobustnessDraws, classify
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import equilibrium, surroundings
from coopgame.clusters.levers import Policy, levers
from coopgame.clusters.model import Relation
from coopgame.clusters.trajectory import Year, live
from coopgame.comparative.signs import Statics, statics
from coopgame.forms.base import Game
from coopgame.reading.info import Info
from coopgame.rules.macro import MacroRules, bind

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
    draws: RobustnessDraws = DEFAULT,
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
class SignsOfGame:
    """The proved signs of a game, and the relations of the cluster that are played as it says."""

    game: Game
    relations: tuple[str, ...]
    statics: Statics

    @property
    def told(self) -> str:
        """The game, and which relations it is behind."""
        return f"{self.game.header.info.name} ({', '.join(self.relations)})"


@dataclass(frozen=True)
class Study:
    """A case studied: levels under rules, signs of the games behind them, the case's portrait."""

    case: Case
    relations: tuple[RelationUnderRules, ...]
    signs: tuple[SignsOfGame, ...]
    portrait: Portrait


def study(
    case: Case,
    rules: Sequence[MacroRules],
    progress: Callable[[str], None] = lambda step: None,
) -> Study:
    """Study a case under the given rules, beside each phase's own.

    `progress` is told each step begun.
    """
    progress("relations under the macro rules")
    relations = tuple(
        row for phase in case.phases for regime in rules for row in _under(case, phase, regime)
    )
    progress("signs, by proof")
    signs = tuple(_signs(case))
    progress("type, margin and robustness")
    return Study(case, relations, signs, portrait(case, (TYPES, LEVERS), progress=progress))


def _signs(case: Case) -> Iterator[SignsOfGame]:
    """The signs of every game that a relation of the cluster is, each game once.

    Two files may bear one name; what they say tells them apart.
    """
    behind: dict[Info, list[Relation]] = {}
    for relation in case.cluster.relations:
        behind.setdefault(relation.solution.info, []).append(relation)
    for relations in behind.values():
        game = cast(Game, relations[0].solution.game)
        yield SignsOfGame(game, tuple(each.name for each in relations), statics(game))


def _under(case: Case, phase: Phase, rules: MacroRules) -> Iterator[RelationUnderRules]:
    """Every relation of a phase as the rules would have it, in the equilibrium of history."""
    point = {**phase.point, **bind(case.cluster.domain, rules)}
    found = equilibrium(case.cluster, point)
    known = surroundings(case.cluster, point, found)
    for relation in case.cluster.relations:
        selected = found[relation.name]
        hazard = relation.hazard
        yield RelationUnderRules(
            phase=phase,
            relation=relation,
            rules=rules,
            hazard=rules.hazard or sympy.S.Zero,
            branch=selected.branch,
            level=selected.sustainable,
            tipping_point=selected.tipping_point,
            collapse=relation.critical("collapse", hazard, known) if hazard else None,
            comeback=relation.critical("return", hazard, known) if hazard else None,
        )
