"""The words exact, proved, all and every: never of an answer that is cut, sampled or numeric.

"Exact as far as listed" is what may be said of a list that lacks something.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from coopgame import catalogue
from coopgame.cache import Store, kept
from coopgame.comparative.signs import statics
from coopgame.report.formats import FORMATS, rendered
from coopgame.report.signs import signs_report
from coopgame.report.solutions import solution_report
from coopgame.solution import Solution

READABLE = set(FORMATS) - {"pdf", "docx", "xlsx"}  # these are made of the same report
UNSEEN = Path(__file__).parent / "unseen"
# Of an answer: that it is exact, or that it is whole.
OUTRIGHT = re.compile(
    r"\bexact\b(?! as far as listed)|\b(all|every) (of )?(the )?equilibri|equilibria for all"
)
# Three players who mix, at a point; a root that no formula gives; supports beyond what is tried.
CUT = ("jordan3", "vol3", "rps7", "centre")


@pytest.fixture(scope="module")
def solved() -> dict[str, Solution]:
    return {name: catalogue.load_game(str(UNSEEN / f"{name}.toml")).solve() for name in CUT}


@pytest.mark.parametrize("shape", sorted(READABLE))
def test_a_list_that_lacks_something_is_not_called_exact_or_whole(
    shape: str, solved: dict[str, Solution]
) -> None:
    for name, solution in solved.items():
        assert not solution.provenance.complete, name
        shown = " ".join(str(rendered(solution_report(solution), shape)).split())
        if shape == "json":
            assert json.loads(shown)["exact"] is False
            continue
        assert not OUTRIGHT.search(shown), (name, OUTRIGHT.findall(shown))


def test_what_is_numeric_is_not_called_exact() -> None:
    """An answer whose equilibria were found to so many digits, though the list lacks nothing."""
    here = catalogue.load_game("inspection").solve().at()
    assert here.provenance.complete and "(exact)" in str(rendered(solution_report(here), "text"))
    numeric = replace(here, provenance=replace(here.provenance, exact=False))
    shown = str(rendered(solution_report(numeric), "text"))
    assert "(numeric)" in shown and not OUTRIGHT.search(shown)
    assert json.loads(rendered(solution_report(numeric), "json"))["exact"] is False


@pytest.mark.parametrize("shape", sorted(READABLE - {"json", "csv"}))
def test_a_table_with_an_open_sign_is_not_called_proved(
    shape: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("coopgame.comparative.rows.is_late", lambda: True)
    with kept(Store(tmp_path)):  # an answer kept before would be there in time
        open_signs = statics(catalogue.load_game("inspection"))
    shown = " ".join(str(rendered(signs_report(open_signs), shape)).split())
    assert "as far as proved" in shown and "move, proved" not in shown


def test_the_search_finds_what_it_looks_for() -> None:
    for wrong in ("2 equilibria (exact)", "all equilibria", "2 equilibria for all values"):
        assert OUTRIGHT.search(wrong)
    assert not OUTRIGHT.search("(exact as far as listed), for all players")
