"""Input is hostile until parsed: every fault of a file is told at once, none is a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame.cli import main

SOUND = """
format = 1
form = "normal"
title = "A small game"
description = "Two players, two actions."
source = "test"
headline = "x,x"
assumptions = ["a > c"]

[parameters]
a = { meaning = "gain", unit = "payoff", domain = "(0, 2)", default = "1", source = "test" }
b = { meaning = "loss", unit = "payoff", domain = "[0, 2)", default = "1/2", source = "test" }
c = { meaning = "cost", unit = "payoff", domain = "(0, 1)", default = "1/2", source = "test" }

[players]
row = ["x", "y"]
column = ["x", "y"]

[payoffs]
"x,x" = ["a", "a"]
"x,y" = ["0", "c"]
"y,x" = ["c", "0"]
"y,y" = ["b", "b"]
"""

FIVE_FAULTS = {
    'form = "normal"': 'form = "normal"\nsurprise = 1',
    'domain = "(0, 2)", default = "1"': 'domain = "(0, 2)", default = "3"',
    'domain = "[0, 2)"': 'domain = "[2, 0)"',
    'default = "1/2", source = "test" }\n\n[players]': 'default = "1/2" }\n\n[players]',
    '"x,x" = ["a", "a"]': '"x,x" = ["a + nope", "a"]',
}
PLACES = [
    "surprise",
    "parameters.a.default",
    "parameters.b.domain",
    "parameters.c.source",
    "payoffs.x,x[0]",
]
OTHER_COMMANDS = [
    ["show"],
    ["solve"],
    ["solve", "--at-defaults"],
    ["statics"],
    ["table", "--vary", "c=1/4:1/2:3"],
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def written(folder: Path, *changes: tuple[str, str], name: str = "game.toml") -> str:
    """The path of the sound game with some of its text replaced."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """The lines that `check` prints for the changed game; it must refuse it without a defect."""
    path = written(folder, *changes)
    result = run("check", path)
    assert result.exit_code == 1, result.output
    assert "internal error" not in result.stderr and "Traceback" not in result.output
    return [line.removeprefix(f"{path}: ") for line in result.stderr.splitlines()]


def test_the_sound_game_is_sound(tmp_path: Path) -> None:
    result = run("check", written(tmp_path))
    assert result.exit_code == 0, result.output
    assert "game, no faults" in result.output and not result.stderr
    assert run("solve", written(tmp_path)).exit_code == 0


def test_five_faults_are_five_messages_with_places_and_mends(tmp_path: Path) -> None:
    found = faults(tmp_path, *FIVE_FAULTS.items())
    assert sorted(line.split(": ")[0] for line in found) == sorted(PLACES)
    for line in found:
        assert line.endswith(")"), f"no mend in {line!r}"


@pytest.mark.parametrize("command", OTHER_COMMANDS, ids=" ".join)
def test_every_other_command_refuses_the_file_with_the_same_messages(
    tmp_path: Path, command: list[str]
) -> None:
    path = written(tmp_path, *FIVE_FAULTS.items())
    result = run(command[0], path, *command[1:])
    assert result.exit_code == 2
    assert [line.split(": ")[1] for line in sorted(result.stderr.splitlines())] == sorted(PLACES)
    assert result.stdout == ""


EVIL = {
    "a call": ("__import__('os').system('x')", "not allowed"),
    "a tower of powers": ("9**9**9**9", "power"),
    "a large exponent": ("a**1000000", "exponent"),
    "nested powers": ("((a**60)**60)**60", "degree above"),
    "a large number": ("1" * 400, "digits"),
    "an attribute": ("a.__class__", "not allowed"),
    "an index": ("a[0]", "not allowed"),
    "a lambda": ("(lambda: 1)()", "not allowed"),
    "a text": ("'a'", "not a number"),
    "a walrus": ("(b := 1)", "not allowed"),
    "a comprehension": ("[1 for _ in 'x']", "not allowed"),
    "an unknown function": ("eval(1)", "unknown function"),
    "a complex number": ("1j", "not a number"),
    "deep brackets": ("(" * 300 + "a" + ")" * 300, "brackets"),
    "deep nesting": ("-" * 60 + "a", "nested deeper"),
    "too long": ("a + " * 3000 + "a", "longer than"),
    "division by zero": ("1/0", "division by zero"),
    "hidden division by zero": ("1/(a - a)", "division by zero"),
    "nan": ("nan", "unknown name"),
    "inf": ("inf", "unknown name"),
    "infinity": ("oo", "unknown name"),
    "overflowing float": ("1e999", "too long a number"),
    "a negative root of a constant": ("sqrt(-1)", "no finite real value"),
    "a condition": ("a > 0", "condition"),
    "nothing": ("", "not an expression"),
    "a null byte": ("a\\u0000", "not an expression"),
}


@pytest.mark.parametrize(("text", "reason"), EVIL.values(), ids=EVIL.keys())
def test_evil_expressions_are_refused_with_a_reason(tmp_path: Path, text: str, reason: str) -> None:
    (line,) = faults(tmp_path, ('"x,x" = ["a", "a"]', f'"x,x" = ["{text}", "a"]'))
    assert line.startswith("payoffs.x,x[0]: ")
    if text:
        assert reason in line


def test_evil_expressions_do_nothing(tmp_path: Path) -> None:
    """Had either been evaluated, a file would be there, or the test would never end."""
    marker = tmp_path / "owned"
    for text in (f"__import__('pathlib').Path('{marker}').touch()", "9**9**9**9"):
        faults(tmp_path, ('"x,x" = ["a", "a"]', f'"x,x" = ["{text}", "a"]'))
    assert not marker.exists()


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (('["a > c"]', '["a > c", "a < c"]'), "assumptions", "contradict"),
        (('["a > c"]', '["a > nope"]'), "assumptions[0]", "unknown name"),
        (('["a > c"]', '["a + c"]'), "assumptions[0]", "not a condition"),
        (('["a > c"]', '["a < c"]'), "assumptions", "does not hold"),
        (('"(0, 2)"', '"(2, 0)"'), "parameters.a.domain", "empty"),
        (('"(0, 2)"', '"(1, 1)"'), "parameters.a.domain", "empty"),
        (('"(0, 2)"', '"0 to 2"'), "parameters.a.domain", "not an interval"),
        (('"(0, 2)"', '"(nan, 2)"'), "parameters.a.domain", "not a finite number"),
        (('"(0, 2)"', '"(0, 1/0)"'), "parameters.a.domain", "divides by zero"),
        (('default = "1",', 'default = "nan",'), "parameters.a.default", "not a finite number"),
        (('default = "1",', 'default = "inf",'), "parameters.a.default", "not a finite number"),
        (('default = "1",', "default = inf,"), "parameters.a.default", "not a finite number"),
        (('default = "1",', "default = true,"), "parameters.a.default", "not a number"),
        (('"c", "0"]', '"c/b", "0"]'), "payoffs.y,x[0]", "divides by zero where b == 0"),
        (('"c", "0"]', '"1/(a - b)", "0"]'), "payoffs.y,x[0]", "divides by zero where"),
        (("a = {", "lambda = {"), "parameters.lambda", "reserved word"),
        (("format = 1", "format = 99"), "format", "is not 1"),
        (("format = 1", ""), "format", "is missing"),
        (('form = "normal"', 'form = "norml"'), "form", "not known"),
        (('form = "normal"', 'form = ["normal"]'), "form", "not text"),
        (('row = ["x", "y"]', "row = 3"), "players.row", ""),
        (("[players]", "[[players]]"), "players", "is not a table"),
    ],
)
def test_each_fault_has_its_place_and_its_reason(
    tmp_path: Path, change: tuple[str, str], place: str, reason: str
) -> None:
    found = faults(tmp_path, change)
    fitting = [line for line in found if line.startswith(f"{place}: ")]
    assert fitting, found
    assert reason in fitting[0]


def test_an_unused_parameter_is_a_fault(tmp_path: Path) -> None:
    extra = 'z = { meaning = "-", unit = "-", domain = "(0, 1)", default = "1/2", source = "t" }'
    (line,) = faults(tmp_path, ("\n[players]", f"{extra}\n\n[players]"))
    assert line == "parameters.z: is used nowhere in the game (use it or remove it)"


def test_too_many_parameters_are_refused(tmp_path: Path) -> None:
    row = 'meaning = "-", unit = "-", domain = "(0, 1)", default = "1/2", source = "t"'
    many = "\n".join(f"p{i} = {{ {row} }}" for i in range(90))
    found = faults(tmp_path, ("\n[players]", f"{many}\n\n[players]"))
    assert any("more than 80 parameters" in line for line in found)


BYTES = {
    "empty": (b"", "is empty"),
    "binary": (bytes(range(256)) * 8, "is a binary file"),
    "Latin-1": ('title = "café"'.encode("latin-1"), "not UTF-8"),
    "UTF-16": (SOUND.encode("utf-16"), "is text in UTF-16"),
    "duplicate keys": (b"format = 1\nformat = 1\n", "at line 2"),
    "broken syntax": (b"format = \n", "at line 1"),
    "deep nesting": (b"x = " + b"[" * 5000, "TOML syntax"),
    "too large": (b"#" * 300_000, "larger than"),
}
# What is TOML with faults is checked, and the answer is no; anything else is no use of `check`.
FAULTY = ("at line 2", "at line 1", "TOML syntax")


@pytest.mark.parametrize(("raw", "reason"), BYTES.values(), ids=BYTES.keys())
@pytest.mark.parametrize("command", ["check", "solve", "show"])
def test_files_that_are_no_game_files(
    tmp_path: Path, raw: bytes, reason: str, command: str
) -> None:
    path = tmp_path / "game.toml"
    path.write_bytes(raw)
    result = run(command, str(path))
    assert result.exit_code == (1 if command == "check" and reason in FAULTY else 2)
    assert reason in result.stderr and "internal error" not in result.stderr


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "is a folder"), (tmp_path / "no.toml", "No such file")):
        assert run("check", str(path)).exit_code == 2
        result = run("solve", str(path))
        assert result.exit_code == 2 and reason in result.stderr


def test_a_broken_file_among_ones_own_does_not_hide_the_others(tmp_path: Path) -> None:
    written(tmp_path, name="sound.toml")
    (tmp_path / "broken.toml").write_bytes(b"\xff")
    result = run("list", "--catalogue", str(tmp_path))
    assert result.exit_code == 0
    assert "A small game" in result.output and "cannot be read" in result.output
