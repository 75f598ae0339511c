"""Files, options and texts that are not what they should be: each is told what it is, and how to
go on, in a message of our own and with exit code 2."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame.catalogue import check_file
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.expressions import parse, parse_condition

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
