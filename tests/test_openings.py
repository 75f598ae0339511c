"""What the answer about a case opens with: type, how sure, reasons, what would change it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from coopgame.clusters.answers import margins
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.study import LEVERS, TYPES, Portrait, Study
from coopgame.clusters.under import GAMES, MEANINGS, conditions
from coopgame.report.openings import opening, reasons
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


@pytest.mark.parametrize("name", ["criciuma", "sialkot", "rural_survival"])
def test_the_first_ten_lines_tell_the_answer(cases: Mapping[str, Case], name: str) -> None:
    check_first_lines(cases[name])


@pytest.mark.slow
def test_the_first_ten_lines_tell_the_answer_of_every_case(cases: Mapping[str, Case]) -> None:
    for case in cases.values():
        check_first_lines(case)


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
