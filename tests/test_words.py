"""One word for one thing: wordings that are gone stay gone, wherever a reader could meet them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from coopgame.cli import main

ROOT = Path(__file__).resolve().parent.parent
GONE = (
    "equilibria for all parameter values", "equilibrium for all parameter values",
    "Why do these firms co-operate", "nowhere falls and somewhere rises", "both directions occur",
    "region where it holds", "does not move on:", "lost as", "gained as", "at a witness",
    "never gains or costs anything", "Seen by one who would join", "that the candidate leaves out",
    "In the parameters alone", "What it asks", "do not deter every deviation",
    "The other values as given", "the slack of a condition", "d(slack",
    "is answered with those there are", "For others to go on with",
    "whoever read the output", "the answer is no", "a defect of coopgame", "what would mend it",
    "problem and mend", "mend this first", "Take rules that there are", "State a hazard",
    "at no hazard", "at any hazard", "The smallest single change that would do it",
    "How far co-operation could last", "goes further, or as far", "departs here",
    "chosen to fit what the paper", "reach less far than", "Borders that are short",
    "as an equation between parameters is needed", "Too thin to hold", "Nowhere on this axis",
    "from the solver's own steps", "hold no text about any one", "exact in their status",
    "in its right place", "further equilibria are found at a point only", "calls it unrealistic",
)  # fmt: skip


def found(text: str) -> list[str]:
    """The wordings that are gone and yet in a text, however its lines are broken."""
    plain = " ".join(text.split()).lower()
    return [words for words in GONE if words.lower() in plain]


def written(path: Path) -> str:
    """The text of a file; of a lesson its cells: what they show is what the program prints."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def literals(path: Path) -> Iterator[str]:
    """Every string of a module: messages, titles and docstrings, those with values in them too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    "room", sorted(p for p in (ROOT / "coopgame").iterdir()), ids=lambda p: p.stem
)
def test_no_string_of_the_program_has_words_that_are_gone(room: Path) -> None:
    for path in [room] if room.suffix == ".py" else room.rglob("*.py"):
        for text in literals(path):
            assert not found(text), f"{path.name}: {text}"


@pytest.mark.parametrize("ending", [".js", ".html", ".css"])
def test_no_asset_of_a_page_has_words_that_are_gone(ending: str) -> None:
    for path in (ROOT / "coopgame").rglob(f"*{ending}"):
        assert not found(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("folder", ["docs", "games"])
def test_no_page_lesson_or_game_has_words_that_are_gone(folder: str) -> None:
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in (".md", ".ipynb", ".toml"):
            assert not found(written(path)), path.name


def test_no_help_has_words_that_are_gone() -> None:
    for name, command in main.commands.items():
        assert not found(command.get_help(click.Context(command, info_name=name))), name
    assert not found(main.get_help(click.Context(main)))


def test_words_that_are_gone_would_be_seen() -> None:
    assert found("6 equilibria for all\n  parameter values") and not found("6 equilibria")


def test_the_glossary_is_linked_and_explains_the_words_of_the_outputs() -> None:
    glossary = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
    for word in ("equilibrium", "existence", "level", "trust", "tipping point", "hazard", "draw"):
        assert f"**{word}" in glossary
    assert "glossary" in (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert "glossary" in main.get_help(click.Context(main))
