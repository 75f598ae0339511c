"""What the answer about a case opens with: type, how sure, reasons, what would change it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame.catalogue import starter
from coopgame.cli import main
from coopgame.clusters.answers import margins
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.study import LEVERS, TYPES, Portrait, Study
from coopgame.clusters.under import GAMES, MEANINGS, conditions
from coopgame.report import text
from coopgame.report.openings import opening, reasons
from coopgame.report.signs import signs_report
from coopgame.report.solutions import solution_report
from coopgame.report.tables import Report, ReportPart, Table
from coopgame.report.text import render

TEN = 10
DRAWS = 40
VERDICT = re.compile(
    r"Most likely type in (\d+): ([\w -]+), in (\d+) % of 40 draws "
    r".*?\(standard error ([\d.]+) points"
)


def looked_at(case: Case) -> Study:
    """A study of the last phase, at fewer draws: all that its first lines are made of."""
    last = case.phases[-1]
    types, other = classify(case, Drawing(DRAWS)), margins(case, last, Drawing(TEN))
    portrait = Portrait(case, (TYPES, LEVERS), types, (other,))
    return Study(case, (), (), portrait, conditions(case, last))


def shown(part: ReportPart, title: str) -> list[str]:
    return render(Report(title, (part,), Table((), ()), {})).splitlines()


def check_first_lines(case: Case) -> None:
    """A person who reads ten lines knows the type, how sure, two reasons, and what would change it.

    The type and its share are those of the classification; the standard error is that of a share
    of independent draws, sqrt(p(1 - p)/n); each reason is about another kind of co-operation and
    names its game and a number of it.
    """
    found = looked_at(case)
    head = " ".join(line.strip() for line in shown(opening(found), case.info.title)[:TEN])
    types = found.portrait.types
    assert types is not None
    last = types.phases[-1]
    told = VERDICT.search(head)
    assert told, head
    p = last.distribution[last.type]
    assert (int(told[1]), told[2]) == (last.phase.year, last.type)
    assert int(told[3]) == round(100 * p)
    assert float(told[4]) == pytest.approx(100 * (p * (1 - p) / DRAWS) ** 0.5, abs=0.06)
    about = [name for name, words in MEANINGS.items() if words.lower() in head.lower()]
    assert len(about) >= 2
    for name in about:
        reason = head.lower().split(MEANINGS[name].lower())[1]
        assert reason.startswith(f" (game {GAMES[name]}): sustained in ")
        assert re.search(r"brings? (nothing|[\d.e-]+ a year)", reason)
    assert re.search("would change (it|the most likely type)", head)
    assert head.endswith(".") and "paper" not in head


SOME = ("criciuma", "sialkot", "rural_survival")


@pytest.mark.parametrize("name", SOME)
def test_the_first_ten_lines_tell_the_answer(cases: Mapping[str, Case], name: str) -> None:
    check_first_lines(cases[name])


@pytest.mark.slow
def test_the_first_ten_lines_tell_the_answer_of_every_other_case(
    cases: Mapping[str, Case],
) -> None:
    for name in cases.keys() - set(SOME):
        check_first_lines(cases[name])


def test_a_reason_agrees_with_the_numbers_of_its_game(cases: Mapping[str, Case]) -> None:
    """Of the condition at the middle of the answers: what brings nothing, does not keep its
    promise, or wants more trust than there is, is told as that, with these numbers."""
    found = looked_at(cases["criciuma"])
    told = " ".join(line.strip() for line in shown(reasons(found), ""))
    for c in found.own:
        reason = told.lower().split(MEANINGS[c.relation].lower())[1].split(" - ")[0]
        if c.gain <= 0:
            assert "brings nothing" in reason
        elif c.level <= 0:
            assert f"only from {c.bar:.2g} on" in reason
        elif c.needed > c.trust:
            assert f"trust {c.needed:.2g}, not {c.trust:.2g}" in reason
        else:
            assert f"brings {c.gain:.2g} a year" in reason and f"from {c.bar:.2g} on" in reason


@pytest.mark.parametrize("name", ["trust", "hawk_dove", "relation"])
def test_solve_opens_with_the_equilibria_and_the_condition_of_the_headline(name: str) -> None:
    solution = cg.load(name).solve()
    report = solution_report(solution)
    (told,) = report.sections[0].parts
    assert isinstance(told, str)
    assert all(branch.name in told for branch in solution.branches)
    headline = next((b for b in solution.branches if b.name == solution.headline), None)
    if headline is not None and headline.conditions:
        assert re.search(f"{headline.name} exists (where |under the )|depends on", told)


def test_at_a_point_solve_says_whether_the_headline_is_an_equilibrium() -> None:
    """Grim is one where delta*(1 - h) >= (T - R)/(T - P) = 1/2 at T = 5, R = 3, P = 1."""
    trust = cg.load("trust")
    for delta, said in (("2/5", "grim is not one of them."), ("3/5", "grim is one of them.")):
        report = solution_report(trust.solve().at(T=5, R=3, P=1, S=0, h=0, delta=delta))
        assert said in str(report.sections[0].parts[0])


def test_a_summary_of_signs_tells_each_parameter_once() -> None:
    """Of hawk and dove, v <= c or c <= v: fights are (v/c)**2 in the mixture, so they rise in v and
    fall in c; waste is c*(v/c)**2 there but c itself where both are hawks: both ways in c."""
    shown = text.render(signs_report(cg.statics(cg.load("hawk_dove")), is_summary=True))
    lines = {line[:26].strip(): line[26:].strip() for line in shown.splitlines()}
    assert lines["fights"] == "rises in v; falls in c"
    assert lines["waste"] == "rises in v; both ways in c"
    assert lines["existence of mixed"] == "rises in c; falls in v"


def test_signs_with_conditions_beside_them_and_of_payoffs_without_outcomes() -> None:
    run = CliRunner().invoke(main, ["statics", "hawk_dove", "--conditions"])
    assert run.exit_code == 0 and "Where each exists" in run.stdout
    assert re.search(r"hawk,hawk +c <= v", run.stdout)
    game = cg.loads(starter("sequential"))
    assert {row.outcome for row in cg.statics(game).rows} == {
        "payoff_buyer", "payoff_supplier", "exists",
    }  # fmt: skip


def test_a_summary_keeps_the_critical_values_of_different_parameters_apart() -> None:
    """Below the critical patience relations collapse, and above the critical hazard: a higher gain
    lowers the one and raises the other, which is not both ways."""
    told = cg.statics("relation", outcomes=["collapse"])
    shown = text.render(signs_report(told, is_summary=True), 200)
    (patience,) = (line for line in shown.splitlines() if "collapse (critical delta)" in line)
    (hazard,) = (line for line in shown.splitlines() if "collapse (critical h)" in line)
    assert "falls in b" in patience and "rises in b, delta" in hazard


def test_a_summary_may_have_the_conditions_too() -> None:
    run = CliRunner().invoke(main, ["statics", "inspection", "--summary", "--conditions"])
    assert run.exit_code == 0 and "Where each exists" in run.stdout
    assert "rises in" in run.stdout and "++" not in run.stdout
