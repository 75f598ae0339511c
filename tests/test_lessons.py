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
def lesson(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


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


def test_a_lesson_runs(lesson: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a fresh kernel that imports the package from this checkout."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setenv("MPLBACKEND", "agg")
    nbclient.NotebookClient(lesson, timeout=LIMIT, kernel_name="python3").execute()


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


def test_a_lesson_is_stored_clean(lesson: Any) -> None:
    """Without outputs, run numbers or the marks of an editor."""
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(not cell.metadata for cell in lesson.cells)
    assert set(lesson.metadata) == {"kernelspec", "language_info"}
    assert lesson.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in lesson.cells}) == len(lesson.cells)
