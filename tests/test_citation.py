"""CITATION.cff says what pyproject.toml says, and `cite` what it says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import coopgame
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.report.citations import bibtex, read_citation

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    return dict(read_citation((ROOT / "CITATION.cff").read_text(encoding="utf-8")))


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


def entries(text: str) -> dict[str, dict[str, str]]:
    """A reader of BibTeX apart from the writer: fields by key; braces must balance."""
    found = {}
    for kind, key, body in re.findall(r"@(\w+)\{([^,]+),\n(.*?)\n\}\n", text, re.DOTALL):
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
        assert all(value.count("{") == value.count("}") for value in fields.values())
        found[key] = {"kind": kind, **fields}
    return found


def test_cite_prints_the_software_and_the_paper(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["cite"])
    assert result.exit_code == 0 and result.output.isascii()
    found = entries(result.output)
    assert set(found) == {f"coopgame-{coopgame.__version__}", "knorringa1998"}
    paper = found["knorringa1998"]
    assert (
        paper["author"] == r"Knorringa, Peter and Meyer-Stamer, J{\"o}rg"
        and paper["year"] == "1998"
    )
    assert "from clusters to industrial districts" in paper["title"]
    path = tmp_path / "a.bib"
    assert CliRunner().invoke(main, ["cite", "-o", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == coopgame.cite() == result.output


def test_cite_follows_the_file() -> None:
    """Another version, a date, an institution and a journal: no field is written by hand."""
    text = """
version: "2.3"
title: "thing: of 50% & more"
date-released: 2031-05-06
doi: 10.1/x
authors: [{family-names: Šafář, given-names: Ana}, {name: A Lab}]
references:
  - {type: report, title: R, year: 2001, authors: [{name: A Lab}], institution: {name: An Inst}}
  - {type: article, title: P, year: 2002, journal: J, volume: 3, authors: [{family-names: Öz}]}
"""
    found = entries(bibtex(read_citation(text)))
    thing = found["thing-2.3"]
    assert (thing["note"], thing["year"], thing["doi"]) == ("Version 2.3", "2031", "10.1/x")
    assert thing["author"] == r"{\v S}af{\'a}{\v r}, Ana and {A Lab}"
    assert r"50\% \& more" in thing["title"]
    assert found["alab2001"]["institution"] == "An Inst"
    assert (found["oz2002"]["kind"], found["oz2002"]["journal"]) == ("article", "J")


@pytest.mark.parametrize("text", ["", "a: [", "title: x", "- 1"])
def test_a_file_that_is_no_citation_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_citation(text)
