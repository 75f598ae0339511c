"""Every function of the grammar inside every other, as outcomes of a game: all commands do them.

On x in [1, 3] the parts `x + 2` and the like are at least 1, so that each composition is defined.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame.cli import main
from coopgame.language.expressions import parse

Real = Callable[[float, float], float]
# Of each function: its text around an inner one, and what it does to a number (and to x).
FUNCTIONS: Mapping[str, tuple[str, Real]] = {
    "min": ("min({}, 4)", lambda v, x: min(v, 4)),
    "max": ("max({}, 4)", lambda v, x: max(v, 4)),
    "sqrt": ("sqrt({})", lambda v, x: math.sqrt(v)),
    "exp": ("exp({})", lambda v, x: math.exp(v)),
    "log": ("log({} + 2)", lambda v, x: math.log(v + 2)),
    "ceil": ("ceil({})", lambda v, x: math.ceil(v)),
    "floor": ("floor({})", lambda v, x: math.floor(v)),
    "piecewise": ("piecewise({}, x > 2, 4)", lambda v, x: v if x > 2 else 4),
}
PARAMETER = """
[parameters]
x = { meaning = "x", unit = "1", domain = "[1, 3]", default = "3/2", source = "test" }
"""
NORMAL = (
    """format = 1
form = "normal"
headline = "u,l"
[players]
row = ["u", "d"]
column = ["l", "r"]
[payoffs]
"u,l" = ["x", "x"]
"u,r" = ["0", "1/2"]
"d,l" = ["1/2", "0"]
"d,r" = ["1", "1"]
"""
    + PARAMETER
)
LEVEL = (
    """format = 1
form = "level"
headline = "full"
[level]
payoff = "x*a - a**2/2"
gain = "a**2/2"
discount = "1/2"
"""
    + PARAMETER
)
# The file, the inner part of an outcome, the branch looked at, and that part's value there.
GAMES: Mapping[str, tuple[str, str, str, Callable[[float], float]]] = {
    "normal": (NORMAL, "(row_payoff + 2)", "u,l", lambda x: x + 2),
    "level": (LEVEL, "(x + a)", "full", lambda x: x + 1),
}


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert "Traceback" not in result.output and result.exit_code in (0, 3), result.output
    return result


@pytest.fixture
def path(form: str, outer: str, tmp_path: Path) -> Path:
    """A game with eight outcomes: the outer function around each of the others."""
    text, inner, _, _ = GAMES[form]
    around = FUNCTIONS[outer][0]
    lines = [f'of_{n} = "{around.format(t.format(inner))}"' for n, (t, _) in FUNCTIONS.items()]
    written = tmp_path / "game.toml"
    written.write_text("\n".join([text, "[outcomes]", *lines]), encoding="utf-8")
    return written


@pytest.mark.parametrize("form", GAMES)
@pytest.mark.parametrize("outer", FUNCTIONS)
def test_outcomes_nested_two_deep(form: str, outer: str, path: Path) -> None:
    solved = json.loads(run("solve", str(path), "--format", "json").stdout)
    for branch in solved["branches"]:
        for text in branch["outcomes"].values():
            parse(text, {"x"})
    for x in (1, 1.5, 3):
        told = json.loads(run("solve", str(path), "--set", f"x={x}", "--format", "json").stdout)
        check(form, outer, x, {e["name"]: e["outcomes"] for e in told["equilibria"]})
    rows = json.loads(run("table", str(path), "--vary", "x=1:3:5", "--format", "json").stdout)
    for row in rows["rows"]:
        if row["status"] == "value":
            check(form, outer, row["x"], {row["equilibrium"]: row})


def check(form: str, outer: str, x: float, told: Mapping[str, Mapping[str, float]]) -> None:
    """The outcomes on the branch looked at are what plain arithmetic makes of them."""
    _, _, branch, part = GAMES[form]
    if branch not in told:
        return
    for name, (_, inner) in FUNCTIONS.items():
        right = FUNCTIONS[outer][1](inner(part(x), x), x)
        assert told[branch][f"of_{name}"] == pytest.approx(right, rel=1e-9), (name, x)


@pytest.mark.parametrize("form", GAMES)
@pytest.mark.parametrize("outer", FUNCTIONS)
def test_signs_of_outcomes_nested_two_deep(form: str, outer: str, path: Path) -> None:
    """Nothing here falls in x on its branch, and a sign that is told says no other."""
    _, _, branch, _ = GAMES[form]
    told = run("statics", str(path), "--branch", branch, "--format", "json")
    rows = json.loads(told.stdout)["rows"]
    assert {row["outcome"] for row in rows} >= {f"of_{name}" for name in FUNCTIONS}
    for row in rows:
        falling = outer == "piecewise" or row["outcome"] == "of_piecewise"
        if row["outcome"].startswith("of_") and row["verdict"] == "proved" and not falling:
            assert row["sign"] in "+0", row
