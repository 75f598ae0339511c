"""Every example in README and docs runs, and prints what the page says it prints.

The blocks of a page run in order, in one empty folder, as a reader would follow them:

- `console` holds commands behind `$ ` and their output; a line of `...` stands for any lines;
- `python` is a doctest, each with names of its own;
- `toml NAME` is the content of the file NAME; a nameless one must be well-formed;
- `diff NAME` changes that file: its `-` lines, found once, become its `+` lines.

A page that says `<!-- needs LIBRARY -->` is skipped where that is not installed.
"""

from __future__ import annotations

import doctest
import json
import re
import shlex
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopgame.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```([^\n`]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# Lines for the reader's own shell (installing, building, long runs) or paper. Nothing runs them.
NOT_RUN = {"sh", "tex"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is about (if any), its text, and its line."""

    language: str
    name: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    found = []
    for match in BLOCK.finditer(page):
        language, _, name = match[1].strip().partition(" ")
        found.append(Block(language, name, match[2], page[: match.start()].count("\n") + 1))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    for library in re.findall(r"^<!-- needs (\w+) -->$", text, re.MULTILINE):
        pytest.importorskip(library)
    wrong = []
    for block in blocks(text):
        fresh, trouble = RUN.get(block.language, left_alone)(block)
        wrong += [f"line {block.line}: {told}" for told in trouble]
        text = text.replace(f"\n{block.text}```", f"\n{fresh}```", 1)
    if request.config.getoption("--refresh-examples"):
        page.write_text(text, encoding="utf-8")
        return
    assert not wrong, "\n".join(wrong)


Ran = tuple[str, list[str]]


def left_alone(block: Block) -> Ran:
    return block.text, []


def run_console(block: Block) -> Ran:
    """The block as it would be written now, and the commands that print something else."""
    fresh, wrong = [], []
    for command, shown in examples(block.text):
        output = printed(command)
        right = matches(shown, output)
        updated = with_digests_of(output, shown)
        wrong += [] if right else [f"$ {command}\n{output}"]
        kept = updated if matches(updated, output) else f"{trimmed(output)}\n" * bool(output)
        fresh.append(f"$ {command}\n{shown if right else kept}")
    return "".join(fresh), wrong


def with_digests_of(output: str, shown: str) -> str:
    """What is shown, with the digests of files as they are now: what is left out stays so."""
    for name, digest in re.findall(r"(\w+) \[([0-9a-f]{12})\]", output):
        shown = re.sub(rf"\b{name} \[[0-9a-f]{{12}}\]", f"{name} [{digest}]", shown)
    return shown


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


def printed(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "coopgame", command
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, arguments).output


def run_python(block: Block) -> Ran:
    test = doctest.DocTestParser().get_doctest(block.text, {}, "page", None, 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=told.append)
    return block.text, ["".join(told)] if runner.failures else []


def write_file(block: Block) -> Ran:
    """Write what the block shows, if it has a name; else only read it."""
    if block.name:
        Path(block.name).write_text(block.text, encoding="utf-8")
        return block.text, []
    try:
        tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        return block.text, [f"TOML: {error}"]
    return block.text, []


def change_file(block: Block) -> Ran:
    path = Path(block.name)
    old, new = ("\n".join(side) for side in sides(block.text))
    before = path.read_text(encoding="utf-8")
    if before.count(old) != 1:
        return block.text, [f"{block.name} has this {before.count(old)} times: {old}"]
    path.write_text(before.replace(old, new), encoding="utf-8")
    return block.text, []


def sides(difference: str) -> tuple[list[str], list[str]]:
    """The lines of a difference as they were and as they are to be."""
    lines = difference.splitlines()
    return (
        [line[1:] for line in lines if line[0] != "+"],
        [line[1:] for line in lines if line[0] != "-"],
    )


def read_json(block: Block) -> Ran:
    try:
        json.loads(block.text)
    except json.JSONDecodeError as error:
        return block.text, [f"JSON: {error}"]
    return block.text, []


RUN: dict[str, Callable[[Block], Ran]] = {
    "console": run_console,
    "python": run_python,
    "toml": write_file,
    "diff": change_file,
    "json": read_json,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_is_of_a_language_that_something_runs(page: Path) -> None:
    """Directives (in braces) are run by the build of the site."""
    for block in blocks(page.read_text(encoding="utf-8")):
        known = block.language in {*RUN, *NOT_RUN} or block.language.startswith("{")
        assert known, f"{page.name}, line {block.line}: nothing runs {block.language!r}"


def test_every_fence_has_a_language() -> None:
    for page in PAGES:
        fences = [f for f in page.read_text("utf-8").splitlines() if f.startswith("```")]
        assert all(fence != "```" for fence in fences[::2]), page.name


def test_the_readme_has_examples_of_both_kinds() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "```console\n$ coopgame study" in readme
    assert "```python" in readme


def test_a_wrong_output_would_be_seen() -> None:
    assert matches("a\n...\nd", "a\nb\nc\nd")
    assert not matches("a\nb", "a\nc")


def test_a_block_that_fails_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_console(Block("console", "", "$ coopgame new normal\nnothing\n", 1))[1]
    assert run_python(Block("python", "", ">>> 1 + 1\n3\n", 1))[1]
    assert write_file(Block("toml", "", "a = \n", 1))[1]
    assert not write_file(Block("toml", "a.toml", "a = 1\nb = 2\n", 1))[1]
    assert not change_file(Block("diff", "a.toml", "-a = 1\n+a = 3\n b = 2\n", 1))[1]
    assert Path("a.toml").read_text() == "a = 3\nb = 2\n"
    assert change_file(Block("diff", "a.toml", "-a = 1\n+a = 3\n", 1))[1]


def test_a_refresh_keeps_what_is_left_out() -> None:
    shown = "a\n...\ntrust [000000000000], coopgame\n"
    output = "a\nb\ntrust [0123456789ab], coopgame\n"
    assert with_digests_of(output, shown) == "a\n...\ntrust [0123456789ab], coopgame\n"
