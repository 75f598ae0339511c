"""CITATION.cff says what pyproject.toml says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import coopgame

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return found


def test_it_names_the_version_and_licence_of_the_package(citation: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"] == coopgame.__version__
    assert citation["license"] == project["license"]
    assert citation["keywords"] == project["keywords"]


def test_it_has_what_the_format_asks_for(citation: dict[str, Any]) -> None:
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert citation["authors"] == [{"name": "The coopgame developers"}]


def test_it_refers_to_the_paper(citation: dict[str, Any]) -> None:
    (paper,) = citation["references"]
    assert [author["family-names"] for author in paper["authors"]] == ["Knorringa", "Meyer-Stamer"]
    assert paper["year"] == 1998
