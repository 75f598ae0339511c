"""Every lesson runs from top to bottom, fits into an hour, and has questions with answers.

Lessons are found by their place: a new one in docs/lessons is tested without being named here.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "docs" / "lessons").glob("*.ipynb"))
HOUR = 60
FEWEST_QUESTIONS = 5
LIMIT = 300


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def lesson(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _prose(notebook: Any) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def _headings(notebook: Any) -> list[tuple[int, str]]:
    found = re.findall(r"^(#+) (.+)$", _prose(notebook), flags=re.MULTILINE)
    return [(len(marks), title) for marks, title in found]


def _section(notebook: Any, title: str) -> str:
    """The prose from a heading of level two to the next."""
    parts = re.split(r"^## ", _prose(notebook), flags=re.MULTILINE)
    found = [part for part in parts[1:] if part.partition("\n")[0].strip() == title]
    assert len(found) == 1, f"one section {title!r}"
    return found[0]


def _numbered(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"^(\d+)\. ", text, flags=re.MULTILINE)]


def test_there_are_lessons() -> None:
    assert LESSONS


def test_a_lesson_shows_what_it_shows_when_it_runs(
    lesson: Any, path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """In a fresh kernel that imports the package from this checkout.

    What a cell is known to find stands in its metadata, out of a reader's way: each of these
    holds after the cell. With `--refresh-examples` what is shown now is stored.
    """
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.setenv("MPLBACKEND", "agg")
    stored = [cell for cell in lesson.cells if cell.cell_type == "code"]
    before = [_text(cell) for cell in stored]
    asked = [(cell, nbformat.v4.new_code_cell(_checks(cell))) for cell in lesson.cells]
    whole = nbformat.v4.new_notebook(metadata=lesson.metadata)
    whole.cells = [each for pair in asked for each in pair if each.source]
    nbclient.NotebookClient(whole, timeout=LIMIT, kernel_name="python3").execute()
    if request.config.getoption("--refresh-examples"):
        for cell in stored:
            cell.execution_count = None
            cell.outputs = [_stored(output) for output in cell.outputs]
            cell.metadata.pop("execution", None)
        nbformat.write(lesson, path)
        return
    assert [_text(cell) for cell in stored] == before


def _checks(cell: Any) -> str:
    return "\n".join(f"assert {check}" for check in cell.metadata.get("checks", []))


def _text(cell: Any) -> str:
    """The text of what a cell shows; of a picture, that it is one."""
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        parts.append(output.get("text") or ("a picture" if "image/png" in data else
                                            data.get("text/plain", "")))  # fmt: skip
    return "".join(map(str, parts))


def _stored(output: Any) -> Any:
    output = nbformat.from_dict(dict(output))
    if "metadata" in output:
        output.metadata = {}
    if "execution_count" in output:
        output.execution_count = None
    return output


def test_a_lesson_fits_into_an_hour(lesson: Any) -> None:
    minutes = re.findall(r"^\| *(\d+) *\|", _section(lesson, "Timetable"), flags=re.MULTILINE)
    assert minutes
    assert sum(map(int, minutes)) <= HOUR


def test_a_lesson_asks_and_answers(lesson: Any) -> None:
    """The answers come last, one for every question."""
    asked = _numbered(_section(lesson, "Questions"))
    answered = [int(n) for n in re.findall(r"^### Answer (\d+)", _section(lesson, "Answers"), re.M)]
    assert asked == list(range(1, len(asked) + 1))
    assert len(asked) >= FEWEST_QUESTIONS
    assert answered == asked
    assert [title for level, title in _headings(lesson) if level == 2][-1] == "Answers"


def test_a_lesson_has_orderly_headings(lesson: Any) -> None:
    levels = [level for level, _ in _headings(lesson)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_lesson_is_stored_with_what_it_shows(lesson: Any) -> None:
    """Without run numbers or the marks of an editor, and without tests in students' cells."""
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    assert sum(bool(cell.outputs) for cell in code) > len(code) / 2
    assert all(cell.execution_count is None for cell in code)
    assert all(set(cell.metadata) <= {"checks"} for cell in lesson.cells)
    assert not any(re.search(r"^\s*assert\b", cell.source, re.MULTILINE) for cell in code)
    assert set(lesson.metadata) == {"kernelspec", "language_info"}
    assert lesson.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in lesson.cells}) == len(lesson.cells)


def test_a_lesson_builds_its_game_in_a_cell() -> None:
    assert any("cg.game(" in path.read_text(encoding="utf-8") for path in LESSONS)
