"""The page of undecided signs lists exactly those that the catalogue's sign tables leave open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopgame import catalogue
from coopgame.comparative.signs import statics
from coopgame.proofs.questions import Verdict

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "undecided.md"
ROW = re.compile(r"^\| (\w+) \| (\w+) \| ([^|]+) \| (\w+) \| [^|]+ \|$", re.MULTILINE)


def listed(game: str) -> set[tuple[str, str, str]]:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {
        (outcome, branch, parameter) for name, outcome, branch, parameter in rows if name == game
    }


@pytest.mark.parametrize("game", sorted(catalogue.files("catalogue")))
def test_the_page_lists_what_is_undecided(game: str) -> None:
    found = statics(catalogue.load_game(game))
    assert found.rows
    undecided = [r for r in found.rows if r.verdict is Verdict.UNDECIDED]
    assert {(r.outcome, r.branch, r.parameter) for r in undecided} == listed(game)


def test_what_holds_at_the_defaults_can_occur() -> None:
    """Payoff b*a/(1 + a), gain a**3: full co-operation holds where delta*b >= 2*(1 - delta), as at
    b = 2 and delta = 3/5, whatever a prover can decide of roots that have no closed form."""
    file = Path(__file__).parent / "unseen" / "full_at_defaults.toml"
    solution = catalogue.load_game(str(file)).solve()
    assert "full" in {branch.name for branch in solution.branches}
    assert not any(note.startswith("full: whether") for note in solution.provenance.notes)
