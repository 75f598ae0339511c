"""Files, options and texts that are not what they should be: each is told what it is, and how to
go on, in a message of our own and with exit code 2."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner, Result

import coopgame as cg
from coopgame.catalogue import check_file, find, starter
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.language.expressions import parse, parse_condition

UNSEEN = Path(__file__).resolve().parent / "unseen"
CLI = Path(__file__).resolve().parent.parent / "cli.py"
NAMES = {"b", "a", "x1y", "e5x"}
COMPARES = "a condition compares two sides"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


# --- conditions that compare nothing -----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["b", "1", "true", "True", "a + b", "-b", "(b)", "min(a, b)", "not b", "b and b > 1",
     "b > 1 or 2", "piecewise(1, b, 0)", "piecewise(1, b, 0) > 0", "b > 1 and not a"],
)  # fmt: skip
def test_a_condition_compares_two_sides(text: str) -> None:
    """A parameter is no truth: SymPy would take a bare name for one."""
    with pytest.raises(InputError, match=COMPARES):
        parse_condition(text, NAMES)


@pytest.mark.parametrize("text", ["piecewise(1, b, 0)", "max(piecewise(a, b, 1), 2)"])
def test_the_condition_of_a_piece_compares_two_sides(text: str) -> None:
    with pytest.raises(InputError, match=COMPARES):
        parse(text, NAMES)


def test_a_bare_assumption_is_a_fault_with_its_place() -> None:
    _, faults = check_file(UNSEEN / "bare_assumption.toml")
    assert [fault.place for fault in faults] == ["assumptions[0]"]
    assert COMPARES in faults[0].mend
    result = run("check", str(UNSEEN / "bare_assumption.toml"))
    assert (result.exit_code, COMPARES in result.output) == (1, True)


@pytest.mark.parametrize(
    "words",
    [("statics", "inspection", "--assume", "e"), ("prove", "inspection", "always e"),
     ("prove", "inspection", "always e > 0 if c"), ("prove", "inspection", "somewhere e + c")],
)  # fmt: skip
def test_options_that_take_a_condition_say_so_too(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert COMPARES in result.output


# --- texts of which Python would warn ----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["1x", "2if", "2if b else 3", "0_1", "1e5x", "'\\d'", '"\\d"', "\\d", "b\\w", "1or b",
     "2and b > 1", "0x1F", "1j", "1e", "1_", "[1for b in b]", "`b`", "b''", "3in b", "1E2b"],
)  # fmt: skip
def test_texts_that_python_warns_of_get_one_message_of_ours(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError) as caught:
            parse(text, NAMES)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e5", 100_000), ("1_000", 1000), ("1.e2", 100), ("2*x1y - 2*x1y", 0), ("1E2", 100)],
)
def test_numbers_and_names_with_digits_stay(text: str, value: int) -> None:
    assert parse(text, NAMES) == value


def test_the_terminal_sees_no_warning_of_python(tmp_path: Path) -> None:
    text = (UNSEEN / "bare_assumption.toml").read_text()
    text = text.replace('assumptions = ["b"]\n', "").replace(
        '["b", "1"]', "[\"2if b else 1\", '\\d']"
    )
    (tmp_path / "odd.toml").write_text(text)
    command = [sys.executable, "-W", "always", str(CLI), "solve", str(tmp_path / "odd.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 2, lines
    assert all(line.startswith("coopgame: payoffs.a,a[") for line in lines)


# --- files of other programs -------------------------------------------------------------------

FOREIGN = {
    "a Gambit file of a game in extensive form": b'EFG 2 R "x" { "a" "b" }\nt "" 1 "" { 1, 2 }\n',
    "a Gambit file of a game in normal form": b'NFG 1 R "x" { "a" "b" } { 1 1 } 1 2\n',
    "is JSON": b'{"players": ["a", "b"]}',
    "a notebook": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "a table in CSV": b"year,level\n1990,0.5\n1991,0.6\n",
    "is YAML": b"---\nplayers:\n  - a\n  - b\n",
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a PNG picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "a Python program": b"from math import sqrt\n\nprint(sqrt(2))\n",
    "a ZIP archive": b"PK\x03\x04\x14\x00",
    "text in UTF-16": "format = 1\n".encode("utf-16"),
    "a web page": b"<!DOCTYPE html>\n<html></html>\n",
    "is empty": b"",
    "a binary file": b"\x01\x02\x00\x03",
    "nothing of ours": b'[project]\nname = "x"\n',
    "larger than": b"# a comment\n" * 30_000,
}
COMMANDS = {
    "solve": ("solve", "{}"),
    "statics": ("statics", "{}"),
    "table": ("table", "{}", "--vary", "x=0:1:2"),
    "plot": ("plot", "{}"),
    "explore": ("explore", "{}", "-o", "page.html"),
    "export": ("export", "{}", "--to", "nfg"),
    "show": ("show", "{}"),
    "check": ("check", "{}"),
    "classify": ("classify", "{}"),
    "evidence": ("evidence", "{}"),
    "rules": ("solve", "trust", "--rules", "{}"),
}


@pytest.mark.parametrize("ending", [".toml", ".nfg", ".dat"])
@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_told_what_it_is(what: str, ending: str, tmp_path: Path) -> None:
    if ending == ".nfg" and not what.startswith(("a Gambit file of a game in ext", "a P", "is e")):
        pytest.skip("read as Gambit's, with the line of the first fault")
    if ending == ".nfg" and what == "a Python program":
        pytest.skip("read as Gambit's, with the line of the first fault")
    path = tmp_path / f"file{ending}"
    path.write_bytes(FOREIGN[what])
    result = run("solve", str(path))
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert str(path) in line
    assert what in line
    assert line.endswith(")")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_a_foreign_file(command: str, tmp_path: Path) -> None:
    path = tmp_path / "tree.efg"
    path.write_bytes(next(iter(FOREIGN.values())))
    result = run(*(word.format(path) for word in COMMANDS[command]))
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert "extensive form" in line
    assert "to_nfg()" in line


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'{"nfg": 1}', 1), (b'NFG 1 R "t" { "a" "b" } { 2 2 }\n1 2 3', 2),
     (b'NFG 1 R "t" { "a" "b" ', 1), (b'NFG 1 R "t', 1), (b"NFG", 1),
     (b'NFG 1 R "t" { "a" "b" } { 1 1 }\n1 1e999', 2), (b'NFG 1 R "t" { "a" } { 1 }\n1', 1),
     (b'NFG 1 R "t" { "a" "b" } { 1 1 }\n1 1/0', 2)],
)  # fmt: skip
def test_a_broken_gambit_file_is_refused_with_its_line(
    content: bytes, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "game.nfg"
    path.write_bytes(content)
    result = run("solve", str(path))
    assert result.exit_code == 2
    assert f"line {line}: " in result.output


def test_an_ending_in_capitals_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "GAME.NFG"
    path.write_text('\ufeffNFG 1 R "t" { "a" "b" } { 1 2 }\n1 1 1 2')
    assert run("check", str(path)).exit_code == 0
    assert "s1,s2" in run("solve", str(path)).output


@pytest.mark.parametrize(
    ("words", "told"),
    [(("solve", "criciuma"), "criciuma is a case: coopgame study criciuma"),
     (("solve", "stable"), "stable is a file of macro rules: --rules stable"),
     (("classify", "trust"), "trust is a game: coopgame solve trust"),
     (("solve", "trust", "--rules", "trust"), "trust is a game: coopgame solve trust"),
     (("check", "nosuch.toml"), "check the path"), (("solve", "nosuch.toml"), "check the path")],
)  # fmt: skip
def test_a_name_of_another_kind_is_told_which_command_takes_it(
    words: tuple[str, ...], told: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.output


def test_a_file_of_another_kind_is_told_which_command_takes_it(tmp_path: Path) -> None:
    for kind, name, words in [
        ("cases", "criciuma", ("solve", "{}")),
        ("rules", "stable", ("solve", "{}")),
        ("catalogue", "trust", ("classify", "{}")),
        ("catalogue", "trust", ("solve", "trust", "--rules", "{}")),
        ("cases", "criciuma", ("solve", "trust", "--rules", "{}")),
        ("catalogue", "trust", ("claims", "{}")),
        ("catalogue", "trust", ("evidence", "{}")),
        ("cases", "criciuma", ("claims", "{}")),
    ]:
        path = tmp_path / f"own-{kind}.toml"
        path.write_bytes(find(name, kind).read_bytes())
        result = run(*(word.format(path) for word in words))
        assert result.exit_code == 2, words
        usage = {"cases": "coopgame study", "rules": "--rules", "catalogue": "coopgame solve"}
        assert f"{path} is a " in result.output and f"{usage[kind]} {path}" in result.output


# --- files that are written --------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("solve", "nosuch"), ("statics", "nosuch"), ("table", "nosuch", "--vary", "x=0:1:2"),
     ("plot", "nosuch"), ("explore", "nosuch"), ("export", "nosuch", "--to", "nfg"),
     ("export", "nosuch", "--to", "ne"), ("new", "nosuch"), ("classify", "nosuch"), ("list",),
     ("check", "nosuch.toml"), ("exercise", "nosuch"), ("claims",), ("types",)],
)  # fmt: skip
def test_an_unknown_ending_is_refused_before_any_work(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """There is no game nosuch, but the ending is looked at first."""
    path = tmp_path / "answer.odt"
    result = run(*words, "-o", str(path))
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert "answer.odt" in line
    assert "end it in ." in line
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "opening"),
    [("a.CSV", "equilibrium,"), ("a.Json", "{"), ("a.MD", "#"), ("a.TEX", "%"), ("a.txt", "insp"),
     ("a.HTML", "<!DOCTYPE")],
)  # fmt: skip
def test_endings_count_in_any_case(name: str, opening: str, tmp_path: Path) -> None:
    path = tmp_path / name
    assert run("solve", "inspection", "-o", str(path)).exit_code == 0
    assert path.read_text().lower().startswith(opening.lower())


def test_a_format_in_so_many_words_goes_into_any_file(tmp_path: Path) -> None:
    path = tmp_path / "answer.dat"
    assert run("solve", "inspection", "--format", "json", "-o", str(path)).exit_code == 0
    assert json.loads(path.read_text())


def test_new_writes_over_nothing_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    result = run("new", "normal", "-o", str(path))
    assert result.exit_code == 2
    assert "--force" in result.output
    assert path.read_text() == "mine"
    assert run("new", "normal", "-o", str(path), "--force").exit_code == 0
    assert "format = 1" in path.read_text()
    assert list(tmp_path.iterdir()) == [path]


def test_a_misspelt_key_or_strategy_is_told_what_may_have_been_meant(tmp_path: Path) -> None:
    path = tmp_path / "typo.toml"
    text = starter("repeated").replace("profiles = [", 'profilse = []\nprofiles = ["grimm", ')
    path.write_text(text, encoding="utf-8")
    mends = {fault.place: fault.mend for fault in check_file(path)[1]}
    assert mends["profilse"].startswith("did you mean 'profiles'?")
    assert mends["profiles[0]"].startswith("did you mean 'grim'?")


def test_a_game_of_numbers_needs_no_parameters(tmp_path: Path) -> None:
    """Matching pennies, with no table of parameters: both sides mix evenly."""
    file = tmp_path / "pennies.toml"
    file.write_text(
        'format = 1\nform = "normal"\ntitle = "Pennies"\n[players]\none = ["h", "t"]\n'
        'two = ["h", "t"]\n[payoffs]\n"h,h" = [1, -1]\n"h,t" = [-1, 1]\n"t,h" = [-1, 1]\n'
        '"t,t" = [1, -1]\n',
        encoding="utf-8",
    )
    assert CliRunner().invoke(main, ["check", str(file)]).exit_code == 0
    solution = cg.load(file).solve()
    (found,) = solution.branches
    assert set(found.strategies["one"].values()) == {sympy.Rational(1, 2)}


# --- names that may not be given ---------------------------------------------------------------


def test_a_reserved_name_is_one_fault_and_what_uses_it_none() -> None:
    """The file has seven texts that use the two names: only the names are faulty."""
    _, faults = check_file(UNSEEN / "reserved_names.toml")
    assert [(fault.place, fault.mend) for fault in faults] == [
        ("parameters.lambda", "choose another name, such as lambda1"),
        ("parameters.exp", "choose another name, such as exp1"),
    ]


def test_a_fault_beside_a_reserved_name_is_still_told(tmp_path: Path) -> None:
    text = (UNSEEN / "reserved_names.toml").read_text(encoding="utf-8")
    path = tmp_path / "two.toml"
    path.write_text(text.replace('"1/10"]', '"c"]'), encoding="utf-8")
    assert "unknown name 'c'" in check_file(path)[1][-1].problem


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("h=90%", "h: '90%' is a percentage (write 0.9)"),
        ("delta=0,9", "delta: '0,9' has a comma (write 0.9)"),
        ("h=1,5 %", "h: '1,5 %' is a percentage (write 0.015)"),
        ("delta=nine", "delta: 'nine' is not a finite number (write a number such as 3, 0.9,"),
        ("delta=0.9,h=0.1", "--set delta=0.9,h=0.1: has more than one = (repeat --set)"),
    ],
)
def test_a_value_written_otherwise_is_told_how_to_write_it(given: str, told: str) -> None:
    result = run("solve", "trust", "--set", given)
    assert result.exit_code == 2 and told in result.output


@pytest.mark.parametrize("actions", ['"join stay"', '["join", "join"]', "3", '["join"]'])
def test_faulty_actions_are_one_fault_and_what_uses_them_none(actions: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    stated = [line for line in starter("symmetric").splitlines() if line.startswith("actions")]
    path.write_text(starter("symmetric").replace(stated[0], f"actions = {actions}"), "utf-8")
    assert [fault.place for fault in check_file(path)[1]] == ["actions"]
