"""The structure of the house: floors, no cycles, data apart from code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "coopgame"

METHODS = ("normal", "symmetric", "contract", "repeated", "level", "sequential", "belief")

DRAWN = ("outcome", "regions", "replies", "payoffs", "spread", "hysteresis", "tornado")

# Lowest first. Modules on one line are siblings: they may not import each other.
FLOORS = [
    ["errors", "info", "showing", "clock"],
    ["foreign"],
    ["printing", "steps", "mathml", "reals"],
    ["javascript"],
    ["expressions"],
    ["parameters"],
    ["smt", "witnesses"],
    ["proofs"],
    ["conditions"],
    ["solution"],
    ["gamefile", "derivation", "rounds"],
    ["estimates"],
    ["rules"],
    ["algebra"],
    ["algebra.linear", "algebra.elimination", "algebra.simplify", "algebra.quadratics"],
    ["algebra.systems", "algebra.binomial", "algebra.descartes"],
    ["algebra.chances", "algebra.pieces"],
    ["forms.base"],
    ["methods"],
    ["methods.vocabulary", "methods.belief.argument"],
    [f"methods.{form}" for form in METHODS],
    ["methods.normal.tables", "methods.sequential.trees", "methods.contract.limits"],
    ["methods.sequential.argument"],
    ["methods.normal.supports", "methods.normal.polytopes"],
    ["methods.normal.irrational"],
    ["methods.normal.extremes", "methods.normal.mixtures"],
    ["methods.normal.borders", "methods.normal.numbers", "methods.normal.samples"],
    ["methods.normal.cells"],
    [
        "methods.normal.bimatrix",
        "methods.normal.several",
        "methods.normal.gambit",
        "methods.normal.idle",
    ],
    ["methods.normal.argument", "methods.normal.candidates"],
    ["methods.normal.boxes", "methods.normal.effort", "methods.normal.polishing"],
    ["methods.normal.worths"],
    ["methods.normal.many"],
    ["methods.symmetric.gains", "methods.symmetric.tally"],
    ["methods.symmetric.crossings", "methods.symmetric.mixes"],
    ["methods.symmetric.headcounts", "methods.symmetric.argument"],
    ["methods.symmetric.branches", "methods.symmetric.leftout"],
    ["methods.symmetric.point"],
    ["methods.contract.searching"],
    ["methods.contract.argument", "methods.contract.candidates", "methods.contract.naming"],
    ["methods.contract.comparison", "methods.contract.modes", "methods.contract.verification"],
    ["methods.contract.possible"],
    ["methods.contract.programme"],
    ["methods.repeated.automata"],
    ["methods.repeated.play"],
    ["methods.repeated.reach", "methods.repeated.replies"],
    ["methods.repeated.deviations", "methods.repeated.stages"],
    ["methods.repeated.starting", "methods.repeated.written", "methods.repeated.payoffset"],
    ["methods.repeated.contexts"],
    ["methods.repeated.forgiveness"],
    ["methods.repeated.argument"],
    ["methods.level.temptation", "methods.level.news"],
    ["methods.level.shapes", "methods.level.isolated"],
    ["methods.level.bowls"],
    ["methods.level.regions", "methods.level.collapse", "methods.level.curves"],
    ["methods.level.bent"],
    ["methods.level.agreements", "methods.level.pairs", "methods.level.argument"],
    ["forms.*"],
    ["forms"],
    ["interop"],
    ["selection.coordination"],
    ["selection.*"],
    ["growth", "paths"],
    ["composition"],
    ["monotone"],
    ["ties"],
    ["selection", "comparative", "scenario"],
    ["lecture"],
    ["exercises"],
    ["choosing", "grids", "draws", "measures"],
    ["plans"],
    ["engine"],
    ["engine.roots", "engine.kernel"],
    ["engine.programs"],
    ["engine.compiled", "engine.enclosures"],
    ["engine.running", "engine.exactly", "engine.logic"],
    ["engine.areas", "engine.borders", "engine.tracks"],
    ["engine.tiles", "engine.routines"],
    ["engine.rectangles"],
    ["engine.filling", "engine.fused"],
    ["engine.blocks"],
    ["engine.whole"],
    ["tasks"],
    ["pointwise"],
    ["sweep"],
    ["runs"],
    ["runs.job"],
    ["runs.parquet"],
    ["runs.folder", "runs.threads"],
    ["runs.cluster"],
    ["runs.whole"],
    ["clusters"],
    ["clusters.relationships"],
    ["clusters.trade", "clusters.codebook", "clusters.regimes"],
    ["clusters.ground"],
    ["clusters.offers", "clusters.services"],
    ["clusters.state"],
    ["clusters.equilibria"],
    ["clusters.typology"],
    ["clusters.case"],
    ["clusters.casefile", "clusters.classify"],
    ["clusters.answers", "clusters.maps", "clusters.along", "clusters.under"],
    ["clusters.contrast"],
    ["clusters.score"],
    ["treatments"],
    ["claims", "evidence"],
    ["catalogue"],
    ["study", "sensitivity"],
    ["sensitivity.indices", "sensitivity.spans", "sensitivity.points"],
    ["sensitivity.study"],
    ["report"],
    ["report.tables", "report.abbreviations", "report.typesetting"],
    ["report.equations"],
    ["report.continua"],
    ["report.solutions", "report.signs", "report.games", "report.sweeps"],
    ["report.cases"],
    ["report.scenarios", "report.derivations"],
    ["report.*"],
    ["report.notebook"],
    ["pictures"],
    ["pictures.words", "pictures.crossings"],
    ["pictures.spans"],
    ["pictures.setting", "pictures.scene"],
    ["pictures.outcome", "pictures.regions", "pictures.replies", "pictures.payoffs"],
    ["pictures.phase", "pictures.spread", "pictures.hysteresis", "pictures.tornado"],
    ["pictures.typemap"],
    ["pictures.drawing"],
    ["pictures.drawing.canvas"],
    [f"pictures.drawing.{kind}" for kind in DRAWN],
    ["pictures.kinds"],
    ["pictures.picture"],
    ["pages"],
    ["pages.slots", "pages.sliders"],
    ["pages.blocks"],
    ["pages.page"],
    ["pages.games", "pages.cases", "pages.markup"],
    ["pages.render"],
    [""],
    ["cli.door"],
    ["cli.options"],
    ["cli.large"],
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


def test_the_methods_of_one_form_do_not_lean_on_those_of_another() -> None:
    for form in METHODS:
        for path in (PACKAGE / "methods" / form).glob("*.py"):
            others = {n.split(".")[1] for n in imports(path) if n.startswith("methods.")}
            assert others <= {form, "vocabulary"}, path


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
