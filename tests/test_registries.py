"""What it takes to add a function, a format or a kind of picture: one file, or one row in one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import sympy
from click.testing import CliRunner

import coopgame as cg
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.language import functions
from coopgame.language.deciding import decide
from coopgame.language.expressions import parse
from coopgame.language.functions import GrammarFunction, Smooth, Stepped
from coopgame.language.javascript import to_javascript
from coopgame.language.mathml import to_mathml
from coopgame.language.printing import symbol, to_latex, to_numpy, to_text
from coopgame.pictures import asked, kinds
from coopgame.proofs.questions import Verdict, implies
from coopgame.report import formats

x = symbol("x")
# Two functions that the grammar does not have: one with a slope, and one with a jump at nought.
ROWS = {
    "arctan": GrammarFunction(
        sympy.atan,
        "Math.atan",
        np.arctan,
        Smooth(lambda x, v: 1.0, lambda x: np.inf),
        facts=lambda t, x: ((t > 0) == (x > 0), (t < 0) == (x < 0), 7 * t < 11, 7 * t > -11),
    ),
    "signum": GrammarFunction(
        sympy.sign,
        "Math.sign",
        np.sign,
        Stepped(
            lambda x, v: {-1: (sympy.true, x < 0), 0: (x >= 0, x <= 0), 1: (x > 0, sympy.true)}[v],
            lambda x, v: sympy.Ne(x, 0),
            np.abs,
            range(-1, 2),
        ),
        facts=lambda t, x: (((x > 0) & (t == 1)) | ((x == 0) & (t == 0)) | ((x < 0) & (t == -1)),),
    ),
}
GAME = """
format = 1
form = "normal"
headline = "u,l"
[players]
row = ["u", "d"]
column = ["l", "r"]
[parameters]
x = { meaning = "x", unit = "1", domain = "[1, 3]", default = "3/2", source = "test" }
[payoffs]
"u,l" = ["arctan(x)", "arctan(x)"]
"u,r" = ["0", "1/2"]
"d,l" = ["signum(x - 2)/2", "0"]
"d,r" = ["1", "1"]
[outcomes]
angle = "2*arctan(x) + 1"
"""


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, row in ROWS.items():
        monkeypatch.setitem(functions.FUNCTIONS, name, row)


@pytest.mark.usefixtures("added")
def test_a_function_of_the_grammar_is_a_row_in_text_and_mathematics() -> None:
    for name in ROWS:
        part = parse(f"2*{name}(x**2 - 2)", {"x"})
        assert to_text(part) == f"2*{name}(x**2 - 2)"
        assert parse(to_text(part), {"x"}) == part
        assert "x^{2} - 2" in to_latex(part) and "<mi>x</mi>" in to_mathml(part)
    with pytest.raises(InputError, match="takes one value"):
        parse("arctan(x, 1)", {"x"})
    with pytest.raises(InputError) as refused:
        parse("arctg(x)", {"x"})
    assert "floor, arctan, signum, piecewise" in str(refused.value)


@pytest.mark.usefixtures("added")
def test_a_function_of_the_grammar_is_a_row_in_numbers_and_on_pages() -> None:
    """arctan 1 is 0.7853..., and 4 arctan 1 is pi, of which 3.1415 and 3.1416 are bounds."""
    angle, side = parse("4*arctan(x)", {"x"}), parse("signum(x - 1)", {"x"})
    values = to_numpy([angle, side], ["x"])(np.array([1.0, 0.5]))
    assert values[0] == pytest.approx([3.14159265, 1.85459044]) and list(values[1]) == [0, -1]
    assert "4*Math.atan(p[0])" in to_javascript([angle], ["x"])
    assert "Math.sign(p[0] - 1)" in to_javascript([side], ["x"])
    at_one = angle.subs(x, 1)
    assert decide(sympy.Rational(31415, 10000) < at_one) and not decide(at_one >= 3.1416)
    assert decide(sympy.Eq(angle.subs(x, sympy.sqrt(3)), 4 * sympy.pi / 3))


@pytest.mark.usefixtures("added")
def test_a_function_of_the_grammar_is_a_row_in_proofs() -> None:
    """What its row states is used; what does not follow from that is left undecided."""
    angle, side = parse("arctan(x)", {"x"}), parse("signum(x)", {"x"})
    assert implies([x > 0], angle > 0).verdict is Verdict.PROVED
    assert implies([x > 0], sympy.Eq(side, 1)).verdict is Verdict.PROVED
    assert implies([x > 0], angle > 1).verdict is Verdict.REFUTED
    assert implies([x > 1], angle > sympy.Rational(1, 2)).verdict is Verdict.UNDECIDED


@pytest.mark.usefixtures("added")
def test_a_function_of_the_grammar_is_a_row_in_a_game(tmp_path: Path) -> None:
    """At u,l both get arctan x > 1/2 >= signum(x - 2)/2 for x in [1, 3]: always an equilibrium."""
    path = tmp_path / "game.toml"
    path.write_text(GAME, encoding="utf-8")

    def told(*arguments: str) -> dict[str, object]:
        result = CliRunner().invoke(main, [*arguments, "--format", "json"])
        assert result.exit_code == 0, result.output
        return dict(json.loads(result.stdout))

    solved = told("solve", str(path))
    branch = next(b for b in solved["branches"] if b["name"] == "u,l")  # type: ignore[attr-defined]
    assert parse(branch["outcomes"]["angle"], {"x"}) == 2 * sympy.atan(x) + 1
    signs = told("statics", str(path), "--branch", "u,l", "--outcome", "angle")
    assert [(row["sign"], row["verdict"]) for row in signs["rows"]] == [("+", "proved")]  # type: ignore[attr-defined]
    rows = told("table", str(path), "--vary", "x=1:3:5", "--outcome", "angle")["rows"]
    at = {r["x"]: r for r in rows if r["equilibrium"] == "u,l"}  # type: ignore[attr-defined]
    assert [at[v]["status"] for v in (1, 2, 3)] == ["value"] * 3
    assert at[3]["angle"] == pytest.approx(2 * np.arctan(3) + 1)


def test_a_format_is_a_module_and_a_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = ModuleType("shouted")
    module.render = lambda report: report.title.upper()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shouted", module)
    monkeypatch.setitem(formats.FORMATS, "shout", formats.Format(".shout", "shouted"))
    monkeypatch.setitem(formats.ENDINGS, ".shout", "shout")
    cg.solve("inspection").save(tmp_path / "answer.shout")
    assert (tmp_path / "answer.shout").read_text(encoding="utf-8").startswith("INSPECTION OF A")


def test_a_kind_of_picture_is_a_module_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for by its name, its help stands with the others, and its module draws it."""
    module = ModuleType("coopgame.pictures.counted")
    module.count_picture = lambda of: len(of.solution)  # type: ignore[attr-defined]
    module.draw_count = lambda count: SimpleNamespace(dots=count)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "coopgame.pictures.counted", module)
    row = kinds.PictureKind(
        "count", "how many equilibria there are", "counted:count_picture", "counted:draw_count"
    )
    monkeypatch.setattr(kinds, "OF_GAMES", (*kinds.OF_GAMES, row))
    assert "count" in kinds.names() and "how many equilibria there are" in kinds.listed()
    of = asked.stage(cg.load("inspection"), asked.PictureRequest())
    assert asked.chosen(of, "count", asked.PictureRequest()) is row
    assert row.draw(row.picture(of, asked.PictureRequest())).dots == len(cg.solve("inspection"))


@pytest.mark.parametrize("kind", [*kinds.OF_GAMES, *kinds.OF_CASES], ids=lambda kind: kind.name)
def test_the_help_of_plot_tells_every_kind(kind: kinds.PictureKind) -> None:
    told = CliRunner().invoke(main, ["plot", "--help"]).output
    assert f"  {kind.name} " in told and kind.told in told
