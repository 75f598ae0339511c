"""Levers: at the move the goal is reached, short of it it is not, and nothing smaller would do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import sympy

from coopgame.clusters.borders import floats
from coopgame.clusters.case import Case
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import GREATEST, HISTORY, equilibrium
from coopgame.clusters.levers import POSSIBLE, STARTS, TYPE, Policy, levers
from coopgame.clusters.model import Cluster
from coopgame.clusters.place import place

STEP = sympy.Rational(1, 10**6)
PHASES = [("criciuma", 0), ("brazil_before_1994", 0), ("metropolitan_survival", 0), ("agra", 1)]


def reached(cluster: Cluster, point: Mapping[str, sympy.Rational], policy: Policy) -> object:
    """What the goal looks at, exactly."""
    if policy.goal == TYPE:
        return place(cluster, point).type
    selection = {POSSIBLE: GREATEST, STARTS: HISTORY}[policy.goal]
    return equilibrium(cluster, point, selection)["collective"].is_sustained


@pytest.mark.parametrize(("name", "index"), PHASES)
def test_the_goal_is_reached_at_the_move_and_not_just_short_of_it(
    cases: Mapping[str, Case], compiled: CompiledCluster, name: str, index: int
) -> None:
    cluster, point = cases[name].cluster, cases[name].phases[index].point
    moved = 0
    for policy in levers(compiled, point):
        here = reached(cluster, point, policy)
        assert policy.is_met == (policy.goal != TYPE and here is True)
        for move in policy.workable[:5]:
            assert move.to is not None
            name = move.lever.parameter
            at, towards = sympy.Rational(str(round(move.to, 9))), 1 if move.lever.rises else -1
            sides = [{**point, name: at + side * towards * STEP} for side in (-1, 1)]
            interval = cluster.domain[name].interval
            assert reached(cluster, sides[0], policy) == here, (policy.goal, name)
            if sides[1][name] in interval:
                beyond = reached(cluster, sides[1], policy)
                assert beyond == (move.becomes if policy.goal == TYPE else True)
            moved += 1
    assert moved >= 2


@pytest.mark.parametrize(("name", "index"), PHASES)
def test_no_smaller_move_works_and_direction_and_reach_are_kept(
    cases: Mapping[str, Case], compiled: CompiledCluster, name: str, index: int
) -> None:
    point = cases[name].phases[index].point
    here, kind = floats(point), compiled.types(floats(point))
    for policy in levers(compiled, point):
        sizes = [move.size for move in policy.workable]
        assert sizes == sorted(sizes)
        for move in policy.moves:
            lever, parameter = move.lever, compiled.cluster.domain[move.lever.parameter]
            end = float(lever.end(point[parameter.name], parameter))
            last = end if move.to is None else move.to - (move.to - here[parameter.name]) * 1e-6
            if move.to is not None:
                assert (move.to > here[parameter.name]) == lever.rises
                assert (
                    abs(move.to - here[parameter.name]) <= abs(end - here[parameter.name]) + 1e-12
                )
            columns = {**here, parameter.name: np.linspace(here[parameter.name], last, 997)}
            if policy.goal == TYPE:
                assert np.all(compiled.types(columns) == kind), lever
            else:
                selection = {POSSIBLE: GREATEST, STARTS: HISTORY}[policy.goal]
                assert not np.any(compiled.levels(columns, selection)["collective"] > 0), lever


def test_reach_stops_a_lever_short_of_the_end_of_its_range(cluster: Cluster) -> None:
    """Training lowers a need of 3/5 by 3/20 at most; from 1/10 it can only fall to 0."""
    (training,) = (lever for lever in cluster.levers if lever.parameter == "n_external")
    parameter = cluster.domain["n_external"]
    assert training.end(sympy.Rational(3, 5), parameter) == sympy.Rational(9, 20)
    assert training.end(sympy.Rational(1, 10), parameter) == 0
    (rules,) = (lever for lever in cluster.levers if lever.parameter == "h")
    assert rules.end(sympy.Rational(1, 2), cluster.domain["h"]) == 0


def test_no_single_lever_lifts_a_rural_survival_cluster_and_one_lifts_a_metropolitan_one(
    cases: Mapping[str, Case], compiled: CompiledCluster
) -> None:
    lifted = {}
    for name in ("rural_survival", "metropolitan_survival"):
        *_, policy = levers(compiled, cases[name].phases[0].point)
        lifted[name] = [move.lever.parameter for move in policy.workable]
    assert lifted["rural_survival"] == []
    assert "n_external" in lifted["metropolitan_survival"]


def test_every_lever_names_its_instrument_and_place(cluster: Cluster) -> None:
    for lever in cluster.levers:
        assert lever.instrument and "paper" in lever.place
