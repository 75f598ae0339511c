"""A cluster and a case show themselves as a game does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame.catalogue import root
from coopgame.cli import main


@pytest.mark.parametrize("shape", ["text", "json", "csv", "markdown", "latex"])
@pytest.mark.parametrize("name", ["baseline", "criciuma"])
def test_a_cluster_and_a_case_are_shown_in_every_format(name: str, shape: str) -> None:
    result = CliRunner().invoke(main, ["show", name, "--format", shape])
    assert result.exit_code == 0, result.output
    assert "u_c" in result.output.replace("\\", "")


def test_a_cluster_shows_what_its_relations_are_bound_to() -> None:
    record = json.loads(CliRunner().invoke(main, ["show", "baseline", "--format", "json"]).output)
    assert record["relations"]["vertical"]["game"] == "tie"
    assert "sustained_collective" in record["relations"]["horizontal"]["bind"]["q"]
    assert {lever["parameter"] for lever in record["levers"]} >= {"capture", "leadership", "h"}
    assert len(record["parameters"]) > 60


def test_clusters_are_listed() -> None:
    assert "baseline" in CliRunner().invoke(main, ["list"]).output


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_macro_rules_show_their_hazard_and_how_it_was_estimated() -> None:
    shown = run("show", "brazil-1986-1994").output
    assert "hazard 0.5131 a year" in shown and "95 % interval" in shown
    assert json.loads(run("show", "stable", "--format", "json").output)["hazard"] == "0.02"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("solve", str(root() / "cases" / "agra.toml")), "`coopgame classify` takes it"),
        (("classify", str(root() / "catalogue" / "trust.toml")), "`coopgame solve` takes it"),
        (("show", "repeated_prisoners_dilemmas"), "`coopgame evidence` takes it"),
        (("show", "brasil"), "rules: brazil-1986-1994, stable"),
        (("table", "trust", "--vary", "c"), "as in --vary h=0:0.6:13"),
    ],
)
def test_what_is_given_to_the_wrong_command_is_told_the_right_one(
    arguments: tuple[str, ...], told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_in_this_folder_is_suggested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "laboratory.toml").write_text("format = 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "did you mean the file laboratory.toml?" in run("solve", "laboratory").stderr


def test_a_coarse_map_shows_each_of_its_rows_once() -> None:
    shown = run("map", "criciuma", "u_c", "h", "--steps", "4").output
    assert [line.split()[0] for line in shown.splitlines() if "...." in line or "III" in line] == [
        "0.99", "0.742", "0.495", "0.247", "0",
    ]  # fmt: skip
