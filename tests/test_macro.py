"""Clusters under macro rules: along the hazard, by rules and period, in the two-by-two."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame import catalogue
from coopgame.cli import main
from coopgame.clusters.case import Case, draws_of, revised
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Drawing, drawn
from coopgame.clusters.ground import weight
from coopgame.clusters.macro import USUAL, Macro, by_rules, macro, two_by_two
from coopgame.clusters.relationships import PERIODS, RELATIONSHIPS
from coopgame.clusters.under import under
from coopgame.errors import InputError

FEW = Drawing(60)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def prior(cases: Mapping[str, Case]) -> Macro:
    case = cases["prior"]
    return macro(case, case.phases[0], [catalogue.load_rules(name) for name in USUAL])


def test_the_prior_is_the_codebook_with_every_answer_unknown(cases: Mapping[str, Case]) -> None:
    case = cases["prior"]
    assert not case.phases[0].answers
    at, whole = draws_of(case, case.phases[0], FEW), drawn(case.codebook, {}, FEW)
    assert all(np.array_equal(at[name], whole[name]) for name in whole)


def test_along_the_hazard_every_co_operation_goes_and_italianate_clusters_with_it(
    prior: Macro,
) -> None:
    course = prior.course
    for name in RELATIONSHIPS:
        assert course.levels[name][-1] < course.levels[name][0]
    assert course.types["Italianate"][0] > 0.2 > 0.01 > course.types["Italianate"][-1]
    assert np.allclose(sum(course.types.values()), 1)


def test_switching_rules_lie_between_stable_and_unstable_ones(prior: Macro) -> None:
    for period in (None, 12, 1):
        stable, torn, switching = (
            prior.under[name, period].levels["design"]
            for name in ("stable", "unstable", "switching")
        )
        assert torn - 0.02 <= switching <= stable + 0.02


def test_the_same_rules_break_long_periods_and_spare_short_ones(prior: Macro) -> None:
    """Every kind of co-operation goes further by the month than by the year."""
    for rules in USUAL:
        month, year = (prior.under[rules, period].levels for period in (12, 1))
        assert all(month[name] >= year[name] - 0.01 for name in RELATIONSHIPS)
    month, year = (prior.under["unstable", period].levels for period in (12, 1))
    assert all(month[name] > year[name] + 0.1 for name in RELATIONSHIPS)


def test_neither_stabilisation_nor_a_crisis_alone_does_what_both_do(prior: Macro) -> None:
    """In the prior at large: the mission's two-by-two, all else the same."""
    acting = {key: each.levels["association"] for key, each in prior.corners.items()}
    assert acting[False, False] < min(acting[True, False], acting[False, True])
    assert acting[True, True] > max(acting[True, False], acting[False, True])
    assert prior.corners[True, True].type == "Italianate"
    others = (each.type for key, each in prior.corners.items() if key != (True, True))
    assert set(others) == {"stagnating agglomeration"}


def test_own_periods_are_what_a_study_tells(cases: Mapping[str, Case]) -> None:
    case, rules = cases["criciuma"], [catalogue.load_rules(name) for name in USUAL]
    found = by_rules(case, case.phases[-1], rules, FEW)
    for each in rules:
        told = under(case, case.phases[-1], each, FEW)
        assert found[each.info.name, None].distribution == told.distribution
        assert found[each.info.name, None].levels == told.levels


def test_a_corner_is_the_case_with_both_answers_given(cases: Mapping[str, Case]) -> None:
    """Where a case has one phase and begins with nothing, its answers alone make the corner."""
    case = cases["prior"]
    for (stabilised, crisis), corner in two_by_two(case, case.phases[0], FEW).items():
        answers = {"rules": "a" if stabilised else "c", "threat": "c" if crisis else "a"}
        (phase,) = classify(revised(case, answers), FEW).phases
        assert phase.distribution == corner.distribution


@pytest.mark.parametrize("name", RELATIONSHIPS)
def test_one_period_for_all_is_that_period(name: str, cases: Mapping[str, Case]) -> None:
    case = replace(cases["prior"], period=12)
    at = draws_of(case, case.phases[0], FEW)
    stays = (1 - at["x"]) if name == "buyers" else 1
    expected = (at["delta"] * (1 - at["h"]) * stays) ** (1 / 12)
    assert weight(at, name) == pytest.approx(expected)
    assert any("12 periods" in mark for mark in case.marks)
    if PERIODS[name] == 12:
        plain = draws_of(cases["prior"], case.phases[0], FEW)
        assert weight(plain, name) == pytest.approx(expected)


@pytest.mark.parametrize("setting", ["h=0.1", "phi=0.2"])
def test_what_holds_in_all_four_is_refused(setting: str) -> None:
    found = run("macro", "prior", "--set", setting)
    assert found.exit_code == 2 and "would hold in all four" in found.output
    drawn_ = run("plot", "prior", "--kind", "crisis", "--set", setting)
    assert drawn_.exit_code == 2 and "would hold in all four" in drawn_.output


def test_rules_given_throughout_are_refused(cases: Mapping[str, Case]) -> None:
    case = revised(cases["prior"], {}, catalogue.load_rules("stable"))
    with pytest.raises(InputError, match="rules of stable would hold"):
        two_by_two(case, case.phases[0], FEW)


def test_the_command_and_the_function_agree_in_every_format() -> None:
    found = cg.macro("rural_survival", draws=40).found
    record = json.loads(run("macro", "rural_survival", "--draws", "40", "--format", "json").stdout)
    assert set(record) >= {"hazard", "rules", "two_by_two"}
    told = {(r["rules"], r["periods_a_year"]): r["distribution"] for r in record["rules"]}
    assert told == {key: dict(each.distribution) for key, each in found.under.items()}
    corners = {(c["stabilisation"], c["crisis"]): c["levels"] for c in record["two_by_two"]}
    assert corners == {key: dict(each.levels) for key, each in found.corners.items()}
    text = run("macro", "rural_survival", "--draws", "40", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["varies"] for row in rows].count("corner") == 4
    assert len(rows) == len(found.course.values) + len(found.under) + 4


def test_an_earlier_phase_and_other_rules_can_be_named() -> None:
    found = run("macro", "sialkot:1990", "--draws", "20", "--rules", "brazil-learning")
    assert found.exit_code == 0 and "(1990)" in found.output and "brazil-learning" in found.output
