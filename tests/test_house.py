"""The structure of the house: rooms with one job, one thing a name, data apart from code.

Which room may import from which is said by the contracts in `pyproject.toml`.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import coopgame

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "coopgame"
MOST_ROOMS = 26
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 300


def test_the_contracts_between_rooms_are_kept() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_few_rooms() -> None:
    rooms = [p for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    assert len(rooms) <= MOST_ROOMS


def test_no_module_is_long() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in FILES
    }
    assert {name for name, lines in lengths.items() if lines > LONGEST_MODULE} == set()


def test_no_two_classes_have_one_name() -> None:
    names = Counter(
        node.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_games_hold_data_and_no_code() -> None:
    games = ROOT / "games"
    assert {path.suffix for path in games.rglob("*") if path.is_file()} == {".toml"}


def test_every_wing_of_the_forms_is_registered() -> None:
    from coopgame.forms import FORMS

    assert {path.parent.name for path in (PACKAGE / "forms").glob("*/game.py")} == set(FORMS)


def test_no_room_bears_a_public_name() -> None:
    """A room that is imported would take the place of the function of its name."""
    rooms = {path.stem for path in PACKAGE.iterdir()}
    assert rooms.isdisjoint(coopgame.__all__)
