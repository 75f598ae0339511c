"""Cases as facts: reading, drawing, one answer everywhere, rules, other answers, and the score."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from click.testing import CliRunner

from coopgame import catalogue
from coopgame.cache import Store, kept
from coopgame.cli import main
from coopgame.clusters.along import FEW as COURSE
from coopgame.clusters.along import course
from coopgame.clusters.answers import (
    NOTHING,
    RANK,
    UNREALISTIC,
    UNSURE,
    WORSE,
    OtherAnswer,
    _alternative,
    margins,
)
from coopgame.clusters.case import (
    Case,
    draws_of,
    letters_of,
    middle_of,
    phase_at,
    revised,
    told_answer,
    under_rival,
)
from coopgame.clusters.classify import classify, distribution, types_at
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.contrast import contrast
from coopgame.clusters.equilibria import equilibria, followed
from coopgame.clusters.history import history_of, lived
from coopgame.clusters.macro import by_rules
from coopgame.clusters.regimes import chain_weight, weights
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.score import RIDGE, Row, frequencies, regressions
from coopgame.clusters.study import study
from coopgame.clusters.typology import kinds
from coopgame.clusters.under import GAMES, under
from coopgame.clusters.walk import START
from coopgame.errors import InputError
from coopgame.language.putting import put_in
from coopgame.pictures.scene import Scene
from coopgame.pictures.spread import YEARLY, rules_picture, trajectory_picture
from coopgame.rules.estimates import estimate_rate
from coopgame.rules.macro import Regime
from coopgame.rules.regimes import hazard_kept

FEW = Drawing(120)
SCORE_PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "score.md"


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


# --- facts --------------------------------------------------------------------------------------


def test_every_answer_of_every_case_has_a_source(cases: Mapping[str, Case]) -> None:
    assert len(cases) >= 27
    for case in cases.values():
        for phase in case.phases:
            assert phase.source
            assert all(answer.source for answer in phase.answers.values())
        assert case.group == "stylised" or case.coded


def test_nothing_is_set_per_case(cases: Mapping[str, Case]) -> None:
    assert all(not case.overrides and case.rules is None for case in cases.values())


def test_draws_stay_within_what_the_answers_allow(cases: Mapping[str, Case]) -> None:
    case = cases["sialkot"]
    phase = case.phases[0]
    at = draws_of(case, phase, FEW)
    for question in case.codebook.questions:
        given = phase.answers.get(question.name)
        letters = tuple(question.answers) if given is None else given.letters
        for allowed in question.allows:
            inside = np.zeros(FEW.count, dtype=bool)
            for letter in letters:
                ends = allowed.by_answer[letter]
                column = at[allowed.name]
                inside |= (column >= ends.low - 1e-12) & (column <= ends.high + 1e-12)
            assert inside.all(), allowed.name


MINE = """
format = 1
title = "Mine"
description = "Mine."
source = "mine"
[[phases]]
name = "now"
year = 1990
source = "mine"
[phases.answers]
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('capability = { answer = "z", source = "x" }', "is no answer"),
        ('capability = { answer = "a" }', "source: is missing"),
        ('virtue = { answer = "a", source = "x" }', "not a question"),
        ("capability = 3", "is not a table"),
    ],
)
def test_faults_of_a_case_are_told(line: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE + line + "\n", encoding="utf-8")
    kind, faults = catalogue.check_file(path)
    assert kind == "cases" and any(told in str(fault) for fault in faults)


FAULTY = """
format = 1
title = "Faulty"
source = "mine"
group = "somebody's"
[[phases]]
name = "one"
year = "1990"
stated = "Italian"
[phases.answers]
capability = { answer = "z", source = "x" }
spred = { answer = "a", source = "x" }
large = "b"
rules = { answer = "b or", source = "x" }
leaders = { answer = 3, source = "x" }
support = { source = "x" }
"""
PLACES = {"group", "phases[0].year", "phases[0].stated", "phases[0].source"}
ANSWERS = {
    "capability.answer",
    "spred",
    "large",
    "rules.answer",
    "leaders.answer",
    "support.answer",
}


def test_all_faults_of_a_case_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(FAULTY, encoding="utf-8")
    _, faults = catalogue.check_file(path)
    assert {fault.place for fault in faults} >= PLACES | {f"phases[0].answers.{a}" for a in ANSWERS}
    assert sum(fault.place.endswith("support.answer") for fault in faults) == 1
    assert all(fault.problem and not fault.problem.startswith("'' ") for fault in faults)


@pytest.mark.parametrize("letter", ["a", "z" * 50])
def test_a_hostile_case_is_told_in_a_few_lines(letter: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    line = f'capability = {{ answer = "{f"{letter} or " * 3000}{letter}", source = "x" }}'
    path.write_text(MINE + line + "\n", encoding="utf-8")
    _, faults = catalogue.check_file(path)
    assert sum(len(str(fault)) for fault in faults) < 4000


def test_a_rule_of_types_that_names_a_parameter_is_refused(tmp_path: Path) -> None:
    text = (catalogue.root() / "types.toml").read_text(encoding="utf-8")
    path = tmp_path / "types.toml"
    path.write_text(text.replace("orders > formal/2", "orders > formal/2 + kappa"), "utf-8")
    kind, faults = catalogue.check_file(path)
    assert kind == "types"
    assert any("names kappa, which is a parameter" in str(fault) for fault in faults)


# --- one answer ---------------------------------------------------------------------------------


def test_phases_and_years_are_one_account(cases: Mapping[str, Case]) -> None:
    for case in cases.values():
        found = classify(case, Drawing(20))
        years = {year.year: year for year in found.years}
        for phase in found.phases:
            assert phase.distribution == years[phase.phase.year].distribution
            assert phase.levels == years[phase.phase.year].levels
            assert sum(phase.distribution.values()) == pytest.approx(1)


def test_whatever_is_said_of_a_phase_begins_with_its_history(cases: Mapping[str, Case]) -> None:
    """Types by phase and year, margins, contrast, macro rules and maps are one answer."""
    draws, stable = Drawing(60), catalogue.load_rules("stable")
    for case in cases.values():
        found = classify(case, draws)
        under_stable = classify(revised(case, {}, stable), draws)
        for phase, ruled in zip(found.phases, under_stable.phases, strict=True):
            (year,) = (each for each in found.years if each.year == phase.phase.year)
            assert year.distribution == phase.distribution and year.levels == phase.levels
            table = followed(history_of(case, phase.phase, draws))
            out = table.outcomes(table.selected())
            shares = distribution(case.profiles, kinds(case.profiles, out))
            assert shares == phase.distribution
            assert np.mean(out["association"] > 0) == pytest.approx(phase.sustained["association"])
            assert under(case, phase.phase, stable, draws).distribution == ruled.distribution
            base = history_of(under_stable.case, phase.phase, draws)
            along = course(case, base, "h", base["h"][:1])  # stable rules have one hazard
            assert {kind: float(share[0]) for kind, share in along.types.items()} == dict(
                ruled.distribution
            )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["agra", "criciuma", "italy", "policy_from_scratch", "sialkot"])
def test_under_every_rule_file_there_is_one_answer(cases: Mapping[str, Case], name: str) -> None:
    """Phase by phase: the classification, its years, the study, contrast, levers, macro, a map."""
    draws, case = Drawing(40), cases[name]
    for file in catalogue.files("rules"):
        rules = catalogue.load_rules(file)
        ruled = revised(case, {}, rules)
        found = classify(ruled, draws)
        years = {year.year: year for year in found.years}
        outlooks = by_rules(case, case.phases[-1], [rules], draws)
        assert outlooks[file, None].distribution == found.phases[-1].distribution
        for own in found.phases:
            place = (ruled, own.phase)
            assert years[own.phase.year].distribution == own.distribution
            assert under(case, own.phase, rules, draws).distribution == own.distribution
            assert under(case, own.phase, rules, draws).sustained == own.sustained
            base = history_of(*place, draws)
            types = types_at(case.profiles, base)
            assert distribution(case.profiles, types) == own.distribution
            level = contrast(place, place, "technology", draws)
            assert level.one == own.sustained["technology"]
            if not rules.chain:  # a hazard that runs takes the place of a chain
                along = course(ruled, base, "h", base["h"][:1])
                assert {k: s[0] for k, s in along.types.items()} == own.distribution


def test_the_command_the_value_and_the_study_agree(cases: Mapping[str, Case]) -> None:
    found = classify(cases["rural_survival"], Drawing(150))
    result = run("classify", "rural_survival", "--draws", "150", "--format", "json")
    record = json.loads(result.stdout)
    (phase,) = record["phases"]
    assert phase["distribution"] == found.phases[0].distribution
    assert phase["type"] == "survival cluster"
    assert set(phase) >= {"distribution", "type", "levels", "shares", "equilibria", "error"}


def test_the_same_seed_gives_the_same_answer(cases: Mapping[str, Case]) -> None:
    one, other = (classify(cases["criciuma"], FEW).phases[-1] for _ in range(2))
    assert one.distribution == other.distribution
    assert classify(cases["criciuma"], Drawing(120, 7)).phases[-1].distribution != one.distribution


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen")
def test_one_processor_and_many_give_the_same_distribution(cases: Mapping[str, Case]) -> None:
    everywhere = os.sched_getaffinity(0)
    many = classify(cases["sialkot"], FEW)
    try:
        os.sched_setaffinity(0, {min(everywhere)})
        one = classify(cases["sialkot"], FEW)
    finally:
        os.sched_setaffinity(0, everywhere)
    assert [p.distribution for p in one.phases] == [p.distribution for p in many.phases]
    assert [p.features for p in one.phases] == [p.features for p in many.phases]


def test_a_kept_answer_is_the_same(cases: Mapping[str, Case], tmp_path: Path) -> None:
    case = cases["rural_survival"]
    store = Store(tmp_path)
    with kept(store):
        first = classify(case, Drawing(400)), margins(case, case.phases[0])
        again = classify(case, Drawing(400)), margins(case, case.phases[0])
        assert store.size()[0] > 0
    assert first == again and again[0].case is case
    assert first[0].phases[0].distribution == classify(case, Drawing(400)).phases[0].distribution


def test_an_override_is_told() -> None:
    result = run("classify", "rural_survival", "--draws", "20", "--set", "w=0.2", "--only", "types")
    assert "w set to 0.2" in result.output
    asked = ("classify", "rural_survival", "--draws", "20", "--set", "trust=a or b")
    assert "trust answered a or b by hand" in run(*asked).output
    assert run("classify", "rural_survival", "--set", "w=7").exit_code == 2
    assert run("classify", "rural_survival", "--set", "wealth=a").exit_code == 2


def test_rising_incomes_dissolve_a_survival_cluster(cases: Mapping[str, Case]) -> None:
    """The prototype has no cluster at incomes of 0.15, 0.2, 0.25, 0.3: 0, .01, .26, .69."""
    found = []
    for income in ("0.15", "0.2", "0.25", "0.3"):
        case = revised(cases["rural_survival"], {"w": income})
        found.append(classify(case, Drawing(400)).phases[0].distribution["no cluster"])
    assert found == pytest.approx([0, 0.01, 0.26, 0.69], abs=0.08)


def test_undated_rules_change_year_by_year_each_draw_on_its_own(cases: Mapping[str, Case]) -> None:
    """A distribution over histories: in eleven years at h = 1/2 hardly any passes without a change.

    The share of draws that are wiped in a year is their mean hazard within three standard errors.
    """
    case, draws = revised(cases["brazil_before_1994"], {"h": "0.5"}), Drawing(1000)
    moments = list(lived(case, draws))
    for moment in moments:
        assert np.mean(moment.changed) == pytest.approx(0.5, abs=3 * 0.5 / 1000**0.5)
        assert np.all(moment.start[moment.changed] == 0)
    calm = np.all([~moment.changed for moment in moments], axis=0)
    assert np.mean(calm) < 0.05
    assert len({tuple(moment.changed[:50]) for moment in moments}) == len(moments)


def test_dated_rules_change_on_their_dates_for_all(cases: Mapping[str, Case]) -> None:
    rules = catalogue.load_rules("brazil-1986-1994")
    case = revised(cases["criciuma"], {}, rules)
    years = {day.year for day in rules.dates}
    for moment in lived(case, FEW):
        if min(years) <= moment.year <= max(years):
            assert np.all(moment.changed == (moment.year in years))


SOME = ("rural_survival", "sialkot")


def test_figures_agree_with_the_table(cases: Mapping[str, Case]) -> None:
    """Every case: the picture of years is the table of years at its draws, phases included."""
    for name in SOME:
        check_figure(cases[name])


@pytest.mark.slow
def test_figures_of_all_other_cases_agree_with_the_table(cases: Mapping[str, Case]) -> None:
    for name in cases.keys() - set(SOME):
        check_figure(cases[name])


def check_figure(case: Case) -> None:
    found, shown = classify(case, YEARLY), trajectory_picture(Scene(*phase_at(case)))
    assert shown.xs == tuple(float(year.year) for year in found.years)
    for kind, shares in shown.types:
        assert shares == tuple(year.distribution[kind] for year in found.years)
    for name, levels in shown.levels:
        assert levels == tuple(year.levels[name] for year in found.years)
    at = {p.phase.year: p for p in found.phases}
    for i, year in enumerate(found.years):
        if year.year in at:
            assert dict(shown.types)[at[year.year].type][i] == max(year.distribution.values())
    here = Scene(*phase_at(case))
    along, base = rules_picture(here), history_of(case, here.phase, COURSE)
    hazard = course(case, base, "h", np.array(along.xs[:1]))
    assert {kind: share[0] for kind, share in along.types} == {
        kind: float(share[0]) for kind, share in hazard.types.items()
    }


def test_italian_stages_are_divided_among_small_firms_alone(cases: Mapping[str, Case]) -> None:
    """In 1980 there is no vertical tie, and yet specialisation: that is an outcome of its own."""
    first = classify(cases["italy"], FEW).phases[0]
    assert first.features["specialisation"] > 0.9
    assert first.levels["large"] == first.features["hierarchy"] == 0


def test_the_page_tells_that_the_sinos_valley_goes_the_wrong_way(cases: Mapping[str, Case]) -> None:
    """The paper: collective action begins after 1990, stops by 1995; Schmitz (1999): ties rose."""
    phases = {p.phase.year: p for p in classify(cases["sinos_valley"], Drawing(400)).phases}
    acting = {year: p.levels["association"] for year, p in phases.items()}
    assert acting[1985] > acting[1992] < acting[1995]
    assert phases[1992].levels["large"] <= phases[1985].levels["large"] + 0.02
    told = SCORE_PAGE.read_text(encoding="utf-8")
    assert "Sinos valley's collective action" in told


STUDIED = ("stable", "unstable", "switching", "brazil-1986-1994")


def test_a_study_tells_each_step_by_the_condition_of_a_bound_game(
    cases: Mapping[str, Case],
) -> None:
    """Under each of the rules types and levels, and of each co-operation gain, bar and trust."""
    found = study(cases["criciuma"], [catalogue.load_rules(name) for name in STUDIED])
    assert {row.rules.info.name for row in found.rows} == set(STUDIED)
    for row in found.rows:
        assert sum(row.distribution.values()) == pytest.approx(1)
        assert [each.relation for each in row.conditions] == list(RELATIONSHIPS)
        for each in row.conditions:
            if GAMES[each.relation] == "tie":
                assert (each.level > 0) == (each.gain >= each.bar)
            elif each.level > 0:  # at the highest level that holds, its promise is kept
                assert each.gain >= each.bar - 1e-9
    weights_ = {
        row.rules.info.name: row.conditions[-1].weight
        for row in found.rows
        if row.phase is found.rows[-1].phase
    }
    assert weights_["unstable"] < weights_["switching"] < weights_["stable"]
    assert {signs.game.header.info.name for signs in found.signs} == {"relation", "tie"}


# --- which of the four things was needed --------------------------------------------------------

# (crisis, leaders, open association, role model) under rules c and a: the prototype's P(Italianate)
NEEDED = {
    "0000": (0.0, 0.04), "0001": (0.06, 0.69), "1000": (0.0, 0.37), "1001": (0.58, 0.99),
    "1100": (0.16, 0.83), "1110": (0.24, 0.93), "1111": (0.70, 1.0),
}  # fmt: skip


@pytest.mark.parametrize("four", NEEDED)
def test_with_linear_payoffs_criciumas_turn_needs_what_it_did_in_the_prototype(
    four: str, cases: Mapping[str, Case]
) -> None:
    case = cases["criciuma"]
    crisis, leaders, open_, seen = (bit == "1" for bit in four)
    answers = {
        "threat": "c" if crisis else "a", "leaders": "yes" if leaders else "no",
        "association": "c" if open_ else "b", "role_model": "yes" if seen else "no",
    }  # fmt: skip
    for rules, expected in zip("ca", NEEDED[four], strict=True):
        changed = revised(case, {**answers, "rules": rules, "curve": "0"})
        table = equilibria(draws_of(changed, changed.phases[0], Drawing(300)))
        kind = kinds(case.profiles, table.outcomes(table.selected()))
        names = [profile.type for profile in case.profiles]
        share = np.mean(kind == names.index("Italianate"))
        assert share == pytest.approx(expected, abs=0.12), rules


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        ("criciuma", [(0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0.67, 0.33)]),
        ("rural_survival", [(0.18, 0.82, 0, 0, 0, 0)]),
        ("metropolitan_survival", [(0, 1, 0, 0, 0, 0)]),
    ],
)
def test_with_linear_payoffs_these_cases_are_those_of_the_prototype(
    name: str, shares: list[tuple[float, ...]], cases: Mapping[str, Case]
) -> None:
    """Its table of cases, within the sampling error of 1 000 draws on either side.

    Its other cases had other letters than ours, which it does not tell.
    """
    found = classify(revised(cases[name], {"curve": "0"}), Drawing(1000))
    for phase, expected in zip(found.phases, shares, strict=True):
        assert list(phase.distribution.values()) == pytest.approx(expected, abs=0.05)


# --- rules --------------------------------------------------------------------------------------


def test_a_chain_of_one_hazard_is_that_hazard() -> None:
    delta = np.array([0.9, 0.88])
    hazards, moves = np.array([0.3, 0.3]), np.array([[0.9, 0.1], [0.4, 0.6]])
    for periods in (1, 4, 12):
        found = chain_weight(hazards, moves, delta, periods)
        assert found == pytest.approx((delta * 0.7) ** (1 / periods))


def test_a_chain_lies_between_its_regimes() -> None:
    delta = np.array([0.9])
    switching = weights(catalogue.load_rules("switching"), delta)
    for periods in (1, 4, 12):
        calm, torn = ((0.9 * (1 - h)) ** (1 / periods) for h in (1 / 50, 1 / 2))
        assert torn < switching[f"weight_{periods}"][0] < calm


def test_a_chain_weighs_in_a_cluster_what_it_does_in_a_game() -> None:
    """The yearly weight is that of the constant hazard to which the chain amounts in a game."""
    rules = catalogue.load_rules("switching")
    at = {p.symbol: p.default for p in rules.domain.parameters}
    chain = [put_in(regime, at) for regime in rules.chain]
    found = weights(rules, np.array([0.5, 0.8, 0.95]))["weight_1"]
    for weight, delta in zip(found, ("1/2", "4/5", "19/20"), strict=True):
        factor = sympy.Rational(delta)
        assert weight == pytest.approx(float(factor * (1 - hazard_kept(chain, factor))))


def test_a_chain_moves_through_its_regimes_from_year_to_year(cases: Mapping[str, Case]) -> None:
    """Calm for a year, then turmoil for ever: no change in the first year, and then in most."""
    turmoil = Regime("turmoil", sympy.Rational(9, 10), (sympy.S.Zero, sympy.S.One))
    calm = Regime("calm", sympy.S.Zero, (sympy.S.Zero, sympy.S.One))
    rules = replace(catalogue.load_rules("switching"), chain=(calm, turmoil))
    case = revised(cases["criciuma"], {}, rules)
    first, *others = [moment.changed.mean() for moment in lived(case, Drawing(400))]
    assert first == 0
    assert others == pytest.approx([0.9] * len(others), abs=0.06)  # four standard errors


def test_inflation_lowers_discounting_and_detection(cases: Mapping[str, Case]) -> None:
    """e^-0.05 = 0.9512 a year, and two thirds of what is found out."""
    case = cases["criciuma"]
    stable, dear = (
        middle_of(revised(case, {}, catalogue.load_rules(name)), case.phases[0])
        for name in ("stable", "inflation")
    )
    assert dear["delta"] == pytest.approx(stable["delta"] * 0.9512)
    assert dear["q"] == pytest.approx(stable["q"] * 2 / 3)
    assert dear["h"] == stable["h"]


def test_stable_rules_help_what_lasts_a_year(cases: Mapping[str, Case]) -> None:
    case = cases["brazil_before_1994"]
    stable, torn = (
        classify(revised(case, {}, catalogue.load_rules(name)), FEW).phases[0].sustained
        for name in ("stable", "unstable")
    )
    assert stable["technology"] > torn["technology"] + 0.2
    assert abs(stable["stages"] - torn["stages"]) < 0.2


def test_every_case_takes_every_rules(cases: Mapping[str, Case]) -> None:
    for name in catalogue.files("rules"):
        rules = catalogue.load_rules(name)
        for case in list(cases.values())[::9]:
            found = classify(revised(case, {}, rules), Drawing(10))
            assert any(rules.info.name in mark for mark in found.case.marks)


# --- other answers, contrasts -------------------------------------------------------------------


def test_levers_have_a_place_and_a_warning_where_nothing_improves(
    cases: Mapping[str, Case],
) -> None:
    case = cases["rural_survival"]
    found = margins(case, case.phases[0], Drawing(40))
    assert all(lever.place for lever in found.levers)
    lifted = [lever for lever in found.levers if lever.alternative.type != "survival cluster"]
    assert all(lever.warning for lever in lifted)
    assert all(0 <= each.error <= 0.5 / 40**0.5 * 2 for each in found.alternatives)
    shifts = [each.shift for each in found.alternatives]
    assert shifts == sorted(shifts, reverse=True)
    assert all(0 <= shift <= 1 for shift in shifts)


def test_a_satellite_is_warned_of_what_is_no_improvement(cases: Mapping[str, Case]) -> None:
    case = cases["export_zone"]
    found = margins(case, case.phases[0])
    worse = [x for x in found.levers if x.alternative.type in ("stagnating agglomeration",
             "survival cluster")]  # fmt: skip
    assert worse and all("is no improvement on satellite" in lever.warning for lever in worse)


def test_levers_that_help_come_first_and_warnings_last(cases: Mapping[str, Case]) -> None:
    """After the phase's history and at its draws, an alternative is the case with that answer."""
    draws = Drawing(60)
    for name in ("criciuma", "agra", "export_zone", "italy"):
        case, phase = cases[name], cases[name].phases[-1]
        found = margins(case, phase, draws)
        (own,) = (p for p in classify(case, draws).phases if p.phase.year == phase.year)
        assert found.base == own.distribution
        order = [
            (bool(x.warning), not x.alternative.improves, -x.alternative.shift)
            for x in found.levers
        ]
        assert order == sorted(order)
        for each in found.alternatives:
            gain = RANK[each.type] - RANK[own.type]
            assert each.improves == (gain > 0)
            assert each.warning or gain > 0 or each.type == own.type
        last = found.alternatives[0]
        letters = {**letters_of(phase), last.question.name: (last.letter,)}
        start = {START: history_of(case, phase, draws)[START]}
        types = types_at(case.profiles, draws_of(case, phase, draws, letters) | start)
        assert last.distribution == pytest.approx(distribution(case.profiles, types))


def test_what_is_given_by_hand_or_by_rules_is_no_alternative(cases: Mapping[str, Case]) -> None:
    case = revised(cases["rural_survival"], {"w": 0.2}, catalogue.load_rules("switching"))
    found = margins(case, case.phases[0], Drawing(10))
    names = {each.question.name for each in found.alternatives}
    assert "trust" in names and not names & {"rules", "side_income"}


def moved(before: list[int], after: list[int]) -> OtherAnswer:
    """An alternative under which draws of these types would have those, of a base alike."""
    profiles = catalogue.load_case("criciuma").profiles
    one, other = np.array(before), np.array(after)
    question = catalogue.load_codebook().question("rules")
    return _alternative(profiles, question, "a", (distribution(profiles, one), one, other))


def test_the_error_of_a_shift_on_paper() -> None:
    """30 of 100 draws leave stagnation (5) for the Italianate type (4): sqrt(.3*.7/100) = 0.0458.

    Where 10 others go the other way, the mean of +1 thirty times and -1 ten times is 0.2, with
    variance 0.4 - 0.04.
    """
    found = moved([5] * 100, [4] * 30 + [5] * 70)
    assert (found.shift, found.error) == pytest.approx((0.3, 0.0458), abs=1e-4)
    assert found.type == "stagnating agglomeration" and not found.warning
    both = moved([5] * 90 + [4] * 10, [4] * 30 + [5] * 70)
    assert (both.shift, both.error) == pytest.approx((0.2, 0.06), abs=1e-4)


def test_what_is_no_improvement_is_told_so() -> None:
    assert moved([5] * 100, [5] * 100).warning == NOTHING
    assert moved([5] * 60 + [4] * 40, [5] * 70 + [4] * 30).warning == WORSE
    assert moved([5] * 100, [5] * 99 + [4]).warning == UNSURE
    assert moved([2] * 100, [5] * 100).warning.endswith("is no improvement on satellite")
    assert moved([1] * 100, [4] * 100).warning == UNREALISTIC


def test_shares_of_alternatives_are_the_phases_own_and_what_changes() -> None:
    """At few draws the base may differ from that at all: only what an alternative moves is added.

    Base 0.5 and 0.5; of ten draws six are stagnating and one of these turns Italianate: 0.6, 0.4.
    """
    profiles = catalogue.load_case("criciuma").profiles
    base = {p.type: 0.5 * (p.type in ("Italianate", "stagnating agglomeration")) for p in profiles}
    before, after = np.array([5] * 6 + [4] * 4), np.array([5] * 5 + [4] * 5)
    question = catalogue.load_codebook().question("rules")
    found = _alternative(profiles, question, "a", (base, before, after)).distribution
    assert found["Italianate"] == pytest.approx(0.6)
    assert found["stagnating agglomeration"] == pytest.approx(0.4)


def test_a_contrast_is_told_in_words_with_its_draws_and_errors() -> None:
    result = run("contrast", "export_zone", "agra", "--relation", "buyers", "--format", "json")
    record = json.loads(result.stdout)
    assert record["draws"] == 2000 and 0 < record["error"] < 0.02
    assert all(0 <= each["error"] < 0.1 for each in record["differences"] + record["steps"])
    agra = classify(catalogue.load_case("agra")).phases[-1].sustained["buyers"]
    assert record["sustained"]["agra 1995"] == agra
    told = run("contrast", "export_zone", "agra", "--relation", "buyers").output
    assert told.startswith("Ties with outside buyers: ")
    assert "of the 2000 draws" in told and "standard error" in told


def test_a_contrast_of_a_case_with_itself_has_no_differences(cases: Mapping[str, Case]) -> None:
    side = (cases["criciuma"], cases["criciuma"].phases[0])
    found = contrast(side, side, "technology", Drawing(20))
    assert found.differences == () and found.one == found.other and not found.is_sure


def test_rules_alone_set_the_brazilian_cluster_apart(cases: Mapping[str, Case]) -> None:
    one, other = (
        (cases[n], cases[n].phases[0]) for n in ("brazil_before_1994", "brazil_after_1994")
    )
    found = contrast(one, other, "technology", FEW)
    assert [d.question.name for d in found.differences] == ["rules"]
    (step,) = found.steps
    assert step.question == "rules" and step.share == pytest.approx(found.other)
    assert found.is_sure and 0 < step.error < 0.05


def test_a_rival_hypothesis_changes_the_answer_and_is_told(cases: Mapping[str, Case]) -> None:
    case = under_rival(cases["madras"], "crowding")
    plain, crowded = (
        classify(each, FEW).phases[0].sustained["buyers"] for each in (cases["madras"], case)
    )
    assert crowded < plain
    assert any("psi" in mark for mark in case.marks)
    with pytest.raises(InputError, match="no rival hypothesis"):
        under_rival(case, "providence")


@pytest.mark.slow
def test_a_rival_is_compared_with_both_scores() -> None:
    asked = ("contrast", "criciuma", "itajai", "--rival", "crowding", "--format", "json")
    rival = json.loads(run(*asked).stdout)["rival"]
    assert rival["name"] == "crowding" and rival["steps"]
    assert rival["score"]["count"] == rival["score_without"]["count"] == 30
    assert rival["score"]["log"] != rival["score_without"]["log"]


# --- the score ----------------------------------------------------------------------------------


def page_rows() -> list[list[str]]:
    text = SCORE_PAGE.read_text(encoding="utf-8").partition("## The phases")[2]
    lines = [line for line in text.splitlines() if re.match(r"\| \w+ \| \d{4} ", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def page_totals() -> dict[tuple[str, str], list[str]]:
    text = SCORE_PAGE.read_text(encoding="utf-8").partition("## The phases")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return {(row[0].strip(), row[1].strip()): [c.strip() for c in row[2:]] for row in rows}


def test_the_page_of_the_score_has_every_stated_phase(cases: Mapping[str, Case]) -> None:
    stated = {
        (name, str(phase.year)) for name, case in cases.items() for phase in case.phases
        if phase.stated
    }  # fmt: skip
    assert {(row[0], row[1]) for row in page_rows()} == stated


def test_the_totals_of_the_page_follow_from_its_rows() -> None:
    """Log score and hits from the printed shares; a share of 0.00 stands for less than 0.005."""
    heads = ["no cluster", "survival cluster", "satellite", "hub-and-spoke", "Italianate",
             "stagnating agglomeration"]  # fmt: skip
    rows = page_rows()
    for group in ("paper", "public"):
        some = [row for row in rows if row[2] == group]
        hits = sum(row[-1] == "yes" for row in some)
        chances = [float(row[4 + heads.index(row[3].removesuffix(" (soft)"))]) for row in some]
        told = page_totals()["model", group]
        assert told[2] == f"{hits} of {len(some)}"
        assert float(told[1]) == pytest.approx(np.mean(chances), abs=0.006)


def test_the_baselines_of_the_page_are_recomputed(cases: Mapping[str, Case]) -> None:
    rows = [Row(case, phase, {}) for case in cases.values() for phase in case.phases
            if phase.stated]  # fmt: skip
    case = cases["criciuma"]
    kinds_ = [profile.type for profile in case.profiles]
    totals = page_totals()
    assert RIDGE == 1
    for name, found in (
        ("frequency", frequencies(rows, kinds_)),
        ("regression", regressions(rows, kinds_, case.codebook)),
    ):
        for group in ("paper", "public"):
            some = [row for row in found if row.case.group == group]
            log = float(np.mean([np.log(row.chance) for row in some]))
            assert float(totals[name, group][0]) == pytest.approx(log, abs=0.006)
            assert totals[name, group][2] == f"{sum(r.is_hit for r in some)} of {len(some)}"


def check_rows(cases: Mapping[str, Case], names: list[str], count: int, within: float) -> None:
    told = {(row[0], row[1]): [float(cell) for cell in row[4:10]] for row in page_rows()}
    for name in names:
        for phase in classify(cases[name], Drawing(count)).phases:
            if phase.phase.stated:
                expected = told[name, str(phase.phase.year)]
                assert list(phase.distribution.values()) == pytest.approx(expected, abs=within)


def test_some_rows_of_the_page_are_recomputed(cases: Mapping[str, Case]) -> None:
    check_rows(cases, ["criciuma"], 500, 0.08)


@pytest.mark.slow
def test_all_rows_of_the_page_are_recomputed(cases: Mapping[str, Case]) -> None:
    stated = [name for name, case in cases.items() if any(p.stated for p in case.phases)]
    check_rows(cases, stated, 2000, 0.006)


def test_the_page_tells_that_the_regression_is_better_and_where_the_model_fails() -> None:
    totals = page_totals()
    for group in ("paper", "public"):
        assert float(totals["model", group][0]) < float(totals["regression", group][0])
    assert "loses to a regression" in SCORE_PAGE.read_text(encoding="utf-8")


def test_firms_learn_year_by_year(cases: Mapping[str, Case]) -> None:
    """In each year firms act on what the dates before it teach; a phase's year is no exception."""
    rules = catalogue.load_rules("brazil-learning")
    case = revised(cases["criciuma"], {}, rules)
    hazards = []
    for moment in lived(case, Drawing(20)):
        expected = float(rules.known_in(moment.year).hazard or 0)
        assert moment.at["h"] == pytest.approx(expected)
        hazards.append(expected)
    assert len(set(hazards)) > 4
    found = classify(case, Drawing(20))
    for phase in found.phases:
        here = middle_of(case, phase.phase)["h"]
        assert here == pytest.approx(float(rules.known_in(phase.phase.year).hazard or 0))


def test_two_dates_are_enough_to_learn_from(cases: Mapping[str, Case]) -> None:
    """Outside a record too short for a rate, rules change with the hazard that firms expect."""
    known = catalogue.load_rules("brazil-learning")
    days = (date(1990, 3, 16), date(1991, 3, 16))
    rules = replace(known, dates=days, estimate=estimate_rate(days, learns=True))
    case = revised(cases["criciuma"], {}, rules)
    shares = {m.year: (m.changed.mean(), m.at["h"][0]) for m in lived(case, Drawing(1000))}
    assert [shares[year][0] for year in (1990, 1991)] == [1, 1]
    for year in (1989, 1993, 1998):
        share, hazard = shares[year]
        assert share == pytest.approx(hazard, abs=4 * (hazard / 1000) ** 0.5)


def test_in_a_window_without_events_nothing_changes(cases: Mapping[str, Case]) -> None:
    window = (date(1989, 1, 1), date(1995, 12, 31))
    rules = replace(
        catalogue.load_rules("brazil-1986-1994"),
        dates=(date(1993, 1, 1),),
        estimate=estimate_rate([date(1993, 1, 1)], window),
    )
    for moment in lived(revised(cases["criciuma"], {}, rules), Drawing(50)):
        if moment.year <= 1995:
            assert np.all(moment.changed == (moment.year == 1993))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("stable", "with the hazard of stable"),
        ("switching", "begins in its first regime"),
        ("brazil-learning", "learn year by year"),
        ("brazil-1986-1994", "on the dates on record"),
        ("", "each draw's hazard"),
    ],
)
def test_the_table_of_years_tells_what_it_takes_for_granted(rules: str, told: str) -> None:
    asked = ["classify", "rural_survival", "--draws", "10", "--only", "years"]
    asked += ["--rules", rules] if rules else []
    text = " ".join(run(*asked).output.split())
    assert told in text and "starts anew within the same year" in text
    record = json.loads(run(*asked, "--format", "json").stdout)
    assert any(told in line for line in record["years_assume"])


def test_all_letters_are_what_is_unknown(cases: Mapping[str, Case]) -> None:
    phase = revised(cases["criciuma"], {"trust": "a or b or c or d"}).phases[0]
    question = cases["criciuma"].codebook.question("trust")
    assert told_answer(phase, question) == "unknown"
    assert told_answer(cases["criciuma"].phases[0], question) == "a"


def test_what_firms_fear_does_not_change_the_rules_more_often(cases: Mapping[str, Case]) -> None:
    """Firms that act on the cautious end keep up less; rules change at the rate on record."""
    known = catalogue.load_rules("brazil-learning")
    assert known.learning is not None
    wary = replace(known, learning=replace(known.learning, cautious=True))
    plain = replace(known, learning=None)
    one, other = (
        [float(moment.changed.mean()) for moment in lived(revised(cases["criciuma"], {}, r), FEW)]
        for r in (wary, plain)
    )
    assert one == other
