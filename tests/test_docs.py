"""Every example in README and docs runs, and prints what the page says it prints.

A `console` block holds commands behind `$ ` and their output; a line of `...` stands for any lines.
A `python` block is a doctest.
"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopgame.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[object]:
    return [
        pytest.param(
            text, id=f"{page.name}:{page.read_text('utf-8')[: match.start()].count(chr(10))}"
        )
        for page in PAGES
        for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
        for found, text in [match.groups()]
        if found == language
    ]


def examples(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output shown below it."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(part.split("\n", 1)[0], part.split("\n", 1)[1]) for part in parts]


def matches(shown: str, printed: str) -> bool:
    pieces = [
        re.escape(piece) for piece in re.split(r"^\.\.\.$", trimmed(shown), flags=re.MULTILINE)
    ]
    return re.fullmatch(".*".join(pieces), trimmed(printed), flags=re.DOTALL) is not None


def trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def printed(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    program, *arguments = shlex.split(command)
    assert program == "coopgame", command
    monkeypatch.chdir(folder)
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, arguments).output


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_the_page_shows(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    found = [(command, printed(command, tmp_path, monkeypatch)) for command, _ in examples(block)]
    if request.config.getoption("--refresh-examples"):
        refresh(block, found)
        return
    for (command, output), (_, shown) in zip(found, examples(block), strict=True):
        assert matches(shown, output), f"$ {command}\n{output}"


def refresh(block: str, found: list[tuple[str, str]]) -> None:
    """Write what the commands print now into the page that holds the block."""
    fresh = "\n".join(f"$ {command}\n{trimmed(output)}\n" for command, output in found)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(f"```console\n{block}", f"```console\n{fresh}"), "utf-8")


@pytest.mark.parametrize("block", blocks("python"))
def test_python_examples_run(block: str) -> None:
    test = doctest.DocTestParser().get_doctest(block, {}, "page", None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0


def test_the_readme_has_examples_of_both_kinds() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "```console\n$ coopgame study" in readme
    assert "```python" in readme


def test_a_wrong_output_would_be_seen() -> None:
    assert matches("a\n...\nd", "a\nb\nc\nd")
    assert not matches("a\nb", "a\nc")
