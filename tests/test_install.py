"""The package as a user has it: built as a wheel, installed, run from another directory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def run_installed(wheel: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the wheel's command from another directory, without the checkout on the path."""
    target = home / "site"
    if not target.exists():
        zipfile.ZipFile(wheel).extractall(target)
    door = "import sys; from coopgame.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-P", "-c", door, *arguments],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_games_ship_in_the_wheel(wheel: Path) -> None:
    shipped = set(zipfile.ZipFile(wheel).namelist())
    assert "coopgame/games/CITATION.cff" in shipped
    for path in (ROOT / "games").rglob("*.toml"):
        assert f"coopgame/games/{path.relative_to(ROOT / 'games').as_posix()}" in shipped
    assert not any(name.startswith(("tests/", "cli.py")) for name in shipped)


def test_what_pages_carry_with_them_ships_in_the_wheel(wheel: Path) -> None:
    shipped = set(zipfile.ZipFile(wheel).namelist())
    assets = [p for p in (ROOT / "coopgame/pages/assets").rglob("*") if p.is_file()]
    assert {path.relative_to(ROOT).as_posix() for path in assets} <= shipped
    assert any(path.name == "LICENSE" for path in assets)


def test_the_main_job_runs_from_the_wheel_in_another_directory(wheel: Path, tmp_path: Path) -> None:
    result = run_installed(wheel, tmp_path, "study", "criciuma")
    assert result.returncode == 0, result.stderr
    for words in ("stagnating agglomeration", "Italianate", "tipping point", "Unstable rules"):
        assert words in result.stdout


def test_the_wheel_finds_its_own_games(wheel: Path, tmp_path: Path) -> None:
    code = "import coopgame.catalogue as c; print(c.__file__); print(c.root())"
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    printed = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert all(line.startswith(str(target)) for line in printed.split())
