"""A cluster and a case show themselves as a game does."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

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
