"""Every lesson runs from top to bottom, fits into an hour, and has questions with answers.

Lessons are found by their place: a new one in docs/lessons is tested without being named here.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coopgame.cache import Store

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("sphinx")

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "docs" / "_extensions"))
handouts = import_module("lessons")
handout, VERSIONS = handouts.handout, handouts.VERSIONS

LESSONS = sorted((ROOT / "docs" / "lessons").glob("*.ipynb"))
HOUR = 60
FEWEST_QUESTIONS = 3
MOST_QUESTIONS = 5
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


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


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


# Run before a lesson: its kernel is a process of its own, and yet solves no game once more that
# another test of this run has solved. By default, since a kernel may run each cell in a context of
# its own.
KEEPING = """
from contextvars import ContextVar
from pathlib import Path
from coopgame import cache
cache._STORE = ContextVar("store", default=cache.Store(Path({folder!r})))
"""


def test_a_lesson_shows_what_it_shows_when_it_runs(
    lesson: Any,
    path: Path,
    answers: Store,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
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
    first = nbformat.v4.new_code_cell(KEEPING.format(folder=str(answers.folder)))
    whole.cells = [first, *(each for pair in asked for each in pair if each.source)]
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
    """By the minutes of its timetable, of which the questions take as many as they state."""
    table = _section(lesson, "Timetable")
    planned = re.findall(r"^\| *(\d+) *\| (.+) \|$", table, flags=re.MULTILINE)
    assert planned
    assert sum(int(minutes) for minutes, _ in planned) <= HOUR
    (for_questions,) = (int(minutes) for minutes, what in planned if what == "questions")
    asked = _section(lesson, "Questions")
    stated = re.findall(r"^\d+\. \((\d+) minutes\) ", asked, flags=re.MULTILINE)
    assert len(stated) == len(_numbered(asked))
    assert sum(map(int, stated)) == for_questions


def test_a_lesson_says_at_the_top_what_to_know_before(lesson: Any) -> None:
    assert re.search(r"^\*\*Before this lesson:\*\* \w", lesson.cells[0].source, re.MULTILINE)


def test_the_handouts_are_the_lesson_without_and_with_its_answers(lesson: Any) -> None:
    """The student's notebook is where the key begins, and holds every question and no answer."""
    student, key = (handout(lesson, version) for version in VERSIONS)
    assert [c.source for c in key.cells] == [c.source for c in lesson.cells]
    assert _prose(key).startswith(_prose(student))
    assert [c.outputs for c in _code(student)] == [c.outputs for c in _code(lesson)][
        : len(_code(student))
    ]
    assert _numbered(_section(student, "Questions")) == _numbered(_section(lesson, "Questions"))
    told = [title for _, title in _headings(student)]
    assert not any(title.startswith("Answer") for title in told)
    assert [t for _, t in _headings(key)][: len(told)] == told
    assert not any(cell.metadata for cell in (*student.cells, *key.cells))
    nbformat.validate(student)


def test_a_lesson_asks_and_answers(lesson: Any) -> None:
    """The answers come last, one for every question."""
    asked = _numbered(_section(lesson, "Questions"))
    answered = [int(n) for n in re.findall(r"^### Answer (\d+)", _section(lesson, "Answers"), re.M)]
    assert asked == list(range(1, len(asked) + 1))
    assert FEWEST_QUESTIONS <= len(asked) <= MOST_QUESTIONS
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
