"""A headline that no branch of the game can have is a fault of the file, whatever the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgame.catalogue import check_file, starter

UNSEEN = Path(__file__).parent / "unseen"
WRITTEN = ("level", "tie", "belief", "sequential")


def faults(path: Path) -> list[str]:
    return [str(fault) for fault in check_file(path)[1]]


def test_the_names_that_a_level_can_have_are_told() -> None:
    (fault,) = faults(UNSEEN / "hl_level.toml")
    assert fault.startswith("headline: 'nonsense' is no equilibrium that this game can have")
    assert "none, constrained, optimum, full" in fault


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("headline", ["nonsense", "constrainedd", "Full", "trust,", ",", " "])
def test_in_every_form(form: str, headline: str, tmp_path: Path) -> None:
    text = starter(form)
    (line,) = [line for line in text.splitlines() if line.startswith("headline")]
    path = tmp_path / f"{form}.toml"
    path.write_text(text, encoding="utf-8")
    assert faults(path) == []
    path.write_text(text.replace(line, f'headline = "{headline}"'), encoding="utf-8")
    (fault,) = faults(path)
    assert "is no equilibrium that this game can have" in fault
    assert "equilibria: " in fault or "one action for each of the nodes" in fault


def test_a_side_that_there_is_none_of(tmp_path: Path) -> None:
    text = starter("tie")
    (line,) = [line for line in text.splitlines() if line.startswith("headline")]
    path = tmp_path / "tie.toml"
    path.write_text(text.replace(line, 'headline = "constrained_nobody"'), encoding="utf-8")
    assert "constrained_nobody" in faults(path)[0]
