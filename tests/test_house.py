"""The structure of the house: floors, no cycles, data apart from code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "coopgame"

# Lowest first. Modules on one line are siblings: they may not import each other.
FLOORS = [
    ["errors"],
    ["printing", "steps"],
    ["expressions"],
    ["parameters"],
    ["smt"],
    ["proofs"],
    ["conditions"],
    ["solution"],
    ["gamefile"],
    ["estimates"],
    ["rules"],
    ["forms.base"],
    ["forms.algebra", "forms.trees", "forms.elimination", "forms.simplify", "forms.vocabulary"],
    ["forms.supports", "forms.tables", "forms.extremes", "forms.systems"],
    ["forms.borders", "forms.mixtures"],
    ["forms.bimatrix", "forms.several", "forms.gambit"],
    ["forms.many"],
    ["forms.binomial", "forms.descartes"],
    ["forms.gains", "forms.tally"],
    ["forms.headcounts"],
    ["forms.programme"],
    ["forms.comparison", "forms.modes", "forms.verification"],
    ["forms.automata"],
    ["forms.play"],
    ["forms.deviations", "forms.replies", "forms.stages", "forms.starting"],
    ["forms.contexts", "forms.forgiveness", "forms.payoffset"],
    ["forms.quadratics", "forms.temptation", "forms.news"],
    ["forms.shapes", "forms.isolated"],
    ["forms.regions", "forms.collapse"],
    ["forms.agreements", "forms.pairs"],
    ["forms.*"],
    ["forms"],
    ["interop"],
    ["selection.coordination"],
    ["selection.*"],
    ["selection", "comparative", "scenario"],
    ["rounding"],
    ["grids"],
    ["sweep"],
    ["clusters"],
    ["clusters.model"],
    ["clusters.typology"],
    ["clusters.case"],
    ["clusters.classify"],
    ["claims"],
    ["catalogue"],
    ["study"],
    ["report"],
    ["report.tables", "report.abbreviations"],
    ["report.continua"],
    ["report.solutions", "report.signs", "report.games", "report.sweeps"],
    ["report.scenarios"],
    ["report.*"],
    [""],
    ["cli.door"],
    ["cli.options"],
    ["cli.*"],
    ["cli"],
]


def module_name(path: Path) -> str:
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int:
    for number, floor in enumerate(FLOORS):
        if module in floor:
            return number
    package = module.split(".")[0]
    for number, floor in enumerate(FLOORS):
        if f"{package}.*" in floor and "." in module:
            return number
    raise AssertionError(f"{module} stands on no floor: add it to FLOORS and to CONTRIBUTING.md")


def imports(path: Path) -> set[str]:
    """The coopgame modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {n if is_module(n) else node.module for n in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {n.removeprefix("coopgame").removeprefix(".") for n in found if within(n)}


def within(name: str) -> bool:
    return name == "coopgame" or name.startswith("coopgame.")


def is_module(name: str) -> bool:
    path = PACKAGE.parent / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_every_module_imports_only_from_floors_below(path: Path) -> None:
    module = module_name(path)
    here = floor_of(module)
    for imported in imports(path):
        assert floor_of(imported) < here, f"{module} imports {imported}, which is not below it"


def test_the_test_of_floors_can_fail(tmp_path: Path) -> None:
    upward = tmp_path / "module.py"
    upward.write_text("from coopgame import catalogue\nimport coopgame.cli\n")
    assert imports(upward) == {"catalogue", "cli"}
    assert floor_of("catalogue") > floor_of("errors")
    with pytest.raises(AssertionError, match="stands on no floor"):
        floor_of("nowhere")


def test_games_hold_data_and_no_code() -> None:
    games = PACKAGE.parent / "games"
    assert {path.suffix for path in games.rglob("*") if path.is_file()} == {".toml"}


def test_every_form_module_is_registered() -> None:
    from coopgame.forms import FORMS

    with_reader = {
        path.stem
        for path in (PACKAGE / "forms").glob("*.py")
        if any(
            isinstance(node, ast.FunctionDef) and node.name == "read"
            for node in ast.parse(path.read_text(encoding="utf-8")).body
        )
    }
    assert with_reader == set(FORMS)
