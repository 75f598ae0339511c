"""One word for one thing: wordings that are gone stay gone, wherever a reader could meet them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from coopgame.cli import main
from tests.words import found, told

ROOT = Path(__file__).resolve().parent.parent


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
        assert not told(command.get_help(click.Context(command, info_name=name))), name
    assert not told(main.get_help(click.Context(main)))


def test_words_that_are_gone_would_be_seen() -> None:
    assert found("6 equilibria for all\n  parameter values") and not found("6 equilibria")


def test_words_of_the_code_would_be_seen_in_a_sentence() -> None:
    assert told("It holds on this branch.") == ["branch"] and told("no mend") == ["mend"]
    assert not told('{"branch": 1}') and not told("--branch all") and not told("outcome,branch,a")


def test_the_glossary_is_linked_and_explains_the_words_of_the_outputs() -> None:
    glossary = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
    for word in ("equilibrium", "existence", "level", "trust", "tipping point", "hazard", "draw"):
        assert f"**{word}" in glossary
    assert "glossary" in (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert "glossary" in main.get_help(click.Context(main))


RAISES = {"InputError": 2, "UnknownName": 2, "Fault": 3, "fault": 3}


def messages(path: Path) -> Iterator[ast.Call]:
    """The calls of a module that word a fault: the place of a key, the problem, what to do."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in RAISES:
                yield node


def test_every_error_message_says_what_to_do() -> None:
    """Faults that were found elsewhere are passed on as they are; whatever is worded has a fix."""
    silent = []
    for path in (ROOT / "coopgame").rglob("*.py"):
        for call in messages(path):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            worded = any(isinstance(a, ast.Constant | ast.JoinedStr) for a in call.args)
            # In a file of Gambit the place is the line, and a wrong kind of file has its command.
            fewer = path.name == "interop.py" or ".usage" in ast.unparse(call)
            if worded and len(call.args) < RAISES[name] - fewer:
                silent.append(f"{path.name}:{call.lineno}: {ast.unparse(call)}")
    assert not silent, "\n".join(silent)
