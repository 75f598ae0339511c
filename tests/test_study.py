"""The main job: a case studied in one go, with the keys that others build on."""

from __future__ import annotations

import pytest
import sympy
from click.testing import CliRunner

from coopgame import catalogue
from coopgame.cli import main
from coopgame.clusters.joint import equilibrium, surroundings
from coopgame.clusters.study import Study, study
from coopgame.report.briefs import brief_report
from coopgame.report.text import render


@pytest.fixture(scope="module")
def criciuma() -> Study:
    rules = [catalogue.load_rules(name) for name in ("stable", "unstable")]
    return study(catalogue.load_case("criciuma"), rules)


def test_every_relation_is_studied_in_every_phase_under_every_rule(criciuma: Study) -> None:
    seen = {(r.phase.name, r.relation.name, r.rules.info.name) for r in criciuma.relations}
    assert len(seen) == len(criciuma.relations) == 3 * 4 * 2


def test_stable_rules_sustain_at_least_as_much_as_unstable_ones(criciuma: Study) -> None:
    levels = {
        (r.phase.name, r.relation.name, r.rules.info.name): sympy.N(r.level)
        for r in criciuma.relations
    }
    for (phase, relation, rules), level in levels.items():
        if rules == "unstable":
            assert level <= levels[phase, relation, "stable"]
    assert any(level == 0 for (_, _, rules), level in levels.items() if rules == "unstable")


def test_the_hazard_of_collapse_parts_levels_from_none(criciuma: Study) -> None:
    """A relation sustains something exactly up to its hazard of collapse."""
    for row in criciuma.relations:
        assert row.collapse is not None
        assert (sympy.N(row.hazard) <= sympy.N(row.collapse)) == (sympy.N(row.level) > 0)


def test_just_around_the_hazard_of_collapse(criciuma: Study) -> None:
    for row in criciuma.relations:
        edge = sympy.N(row.collapse, 30)
        if not 0 < edge < sympy.Rational(98, 100):
            continue
        step = sympy.Rational(1, 10**6)
        near = sympy.Rational(str(edge.round(12)))
        cluster = criciuma.case.cluster
        point = {**row.phase.point, "h": row.hazard}
        known = surroundings(cluster, point, equilibrium(cluster, point))
        own = row.relation.own(known)
        below, above = (
            row.relation.solution.at(**{**own, "h": near + side * step})
            .branches[0]
            .outcomes["level"]
            for side in (-1, 1)
        )
        assert sympy.N(below) > 0 and above == 0


def test_the_study_prints_what_the_reader_came_for() -> None:
    result = CliRunner(env={"COLUMNS": "100"}).invoke(main, ["study", "criciuma"])
    assert result.exit_code == 0, result.output
    for words in ("stable", "unstable", "collapse", "signs of relation, proved", "Italianate"):
        assert words in result.output
    assert "…" not in result.output, "a table is too wide for the page"


def test_the_brief_says_on_one_page_what_the_study_found(criciuma: Study) -> None:
    shown = brief_report(criciuma, catalogue.load_types()[1])
    page = render(shown)
    assert len(page.splitlines()) < 90
    assert "1993 (after the crisis), Italianate" in page
    assert "grants for local economic development" in page
    assert "further, or as far, with more of: gain from full co-operation" in page
    assert criciuma.case.info.digest in page


def test_the_brief_has_no_jargon(criciuma: Study) -> None:
    page = render(brief_report(criciuma, catalogue.load_types()[1])).lower()
    terms = ("equilibri", "tipping", "hazard of collapse", "robustness", "margin", "parameter")
    assert [term for term in terms if term in page] == []


def test_the_brief_tells_how_often_rules_may_change(criciuma: Study) -> None:
    """Once in 1/hazard periods on average: the last phase's hazard of collapse, turned over."""
    row = next(r for r in criciuma.relations if r.phase is criciuma.case.phases[-1])
    years = row.rules.years_per_period / sympy.N(row.collapse)
    assert f"once in {float(years):.1f} years" in render(
        brief_report(criciuma, catalogue.load_types()[1])
    )


def test_the_brief_of_a_case_without_a_lever_for_its_type_says_so() -> None:
    result = CliRunner().invoke(main, ["study", "rural_survival", "--brief"])
    assert result.exit_code == 0
    assert "no single measure would make it another kind of cluster" in result.output
