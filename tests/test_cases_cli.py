"""The commands about cases: every format, the promised keys, exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame import catalogue
from coopgame.cli import main

COMMANDS = {
    "classify": ["classify", "export_zone", "--draws", "50"],
    "contrast": ["contrast", "criciuma", "sinos_valley"],
    "map": ["map", "criciuma:1989", "u_c", "h", "--steps", "4"],
    "types": ["types"],
}


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, str], str]:
    """What each command prints in each format, run once."""
    found: dict[tuple[str, str], str] = {}
    return found


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(main, arguments)


def output(printed: dict[tuple[str, str], str], command: str, shape: str) -> str:
    if (command, shape) not in printed:
        result = run(*COMMANDS[command], "--format", shape)
        assert result.exit_code == 0, result.output
        printed[command, shape] = result.stdout
    return printed[command, shape]


@pytest.mark.parametrize("command", ["classify", "contrast", "map", "types"])
def test_csv_is_a_table(printed: dict[tuple[str, str], str], command: str) -> None:
    head, *rows = csv.reader(io.StringIO(output(printed, command, "csv")))
    assert rows and len(set(head)) == len(head)
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize("command", ["classify", "types"])
def test_latex_is_balanced(printed: dict[tuple[str, str], str], command: str) -> None:
    text = output(printed, command, "latex")
    begun = re.findall(r"\\begin\{(\w+)\}", text)
    assert begun and sorted(begun) == sorted(re.findall(r"\\end\{(\w+)\}", text))
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[_#%](?=\w)", re.sub(r"\$[^$]*\$|\\\w+\{[^}]*\}", "", text))


@pytest.mark.parametrize("command", ["classify", "types"])
def test_markdown_has_headings_and_tables(
    printed: dict[tuple[str, str], str], command: str
) -> None:
    text = output(printed, command, "markdown")
    assert re.search(r"^# ", text, re.MULTILINE)
    assert command == "types" or re.search(r"^\|.*\|$\n\|[ :|-]+\|$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("classify", ("satellite", "robustness", "Levers", "Year by year")),
        ("contrast", ("alliance", "capture", "each of them needed")),
        ("map", ("@ the case", "Borders", "Italianate")),
        ("types", ("hub-and-spoke", "survival cluster")),
    ],
)
def test_text_says_what_the_reader_came_for(
    printed: dict[tuple[str, str], str], command: str, words: tuple[str, ...]
) -> None:
    text = " ".join(output(printed, command, "text").split())
    assert [word for word in words if word not in text] == []


def test_classify_has_the_promised_keys(printed: dict[tuple[str, str], str]) -> None:
    record = json.loads(output(printed, "classify", "json"))
    assert record["case"] == "export_zone"
    (phase,) = record["phases"]
    keys = {"phase", "year", "type", "expected", "margin", "robustness", "levels", "shares"}
    assert keys <= set(phase)
    assert phase["type"] == phase["expected"] == "satellite"
    assert 0 < phase["margin"] < 1 and 0.8 <= phase["robustness"] <= 1


def test_contrast_and_types_and_map_as_json(printed: dict[tuple[str, str], str]) -> None:
    contrasted = json.loads(output(printed, "contrast", "json"))
    assert contrasted["sustained_in"] == "criciuma 1995"
    types = json.loads(output(printed, "types", "json"))["types"]
    assert len(types) == 5 and all(each["policies"] for each in types.values())
    mapped = json.loads(output(printed, "map", "json"))
    assert len(mapped["types"]) == len(mapped["ys"]) == 5
    assert mapped["unexplained"] == []
    for border in mapped["borders"]:
        assert border["points"] and len(set(border["between"])) == 2


@pytest.mark.parametrize("command", [*COMMANDS, "cases", "study"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"coopgame {command}" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("classify", "atlantis"), "no case is called 'atlantis'"),
        (("classify", "criciuma", "--set", "h=2"), "lies outside"),
        (("classify", "criciuma", "--set", "weather=1"), "unknown parameter 'weather'"),
        (("classify", "criciuma", "--draws", "0"), "0 is not in the range"),
        (("classify", "criciuma", "--width", "1"), "1.0 is not in the range"),
        (("contrast", "sinos_valley", "criciuma"), "name a phase that co-operates first"),
        (("contrast", "criciuma:1900", "sinos_valley"), "has no phase in 1900"),
        (("map", "criciuma", "h", "h"), "h is named twice"),
        (("map", "criciuma", "failure", "h"), "no type depends on failure"),
        (("classify", "brazil_after_1994", "--rules", "switching"), "switches between regimes"),
    ],
)
def test_bad_input_is_told_in_a_line_with_exit_code_2(
    arguments: tuple[str, ...], told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.output + result.stderr
    assert "Traceback" not in result.output


def test_cases_of_two_cluster_models_are_not_contrasted(tmp_path: Path) -> None:
    text = catalogue.find("baseline", "clusters").read_text(encoding="utf-8")
    (tmp_path / "clusters").mkdir()
    (tmp_path / "cases").mkdir()
    (tmp_path / "clusters" / "own.toml").write_text(text.replace("b_x", "gain_x"))
    case = catalogue.find("sinos_valley", "cases").read_text(encoding="utf-8")
    (tmp_path / "cases" / "own.toml").write_text(case.replace('"baseline"', '"own"'))
    result = run("contrast", "criciuma", "own", "--catalogue", str(tmp_path))
    assert result.exit_code == 2
    assert "rest on two clusters, baseline and own" in result.output + result.stderr
