"""Figures of structure: matrix, tree and automata against pen and paper, and as TikZ."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame import catalogue
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.pictures.asked import PictureRequest, stage, suitable
from coopgame.pictures.diagram import Diagram, said
from coopgame.pictures.drawing.canvas import styled
from coopgame.pictures.drawing.diagram import draw_diagram
from coopgame.pictures.drawing.tikz import tikz
from coopgame.pictures.gametree import tree_picture
from coopgame.pictures.machines import automata_picture
from coopgame.pictures.matrix import matrix_picture
from coopgame.pictures.setting import PictureSetting
from coopgame.reading.section import read_toml

KINDS = {"matrix": matrix_picture, "tree": tree_picture}
GAMES = sorted(catalogue.files("catalogue"))


@cache
def setting(name: str, **values: str) -> PictureSetting:
    found = stage(cg.load(name), PictureRequest(values=values))
    assert isinstance(found, PictureSetting)
    return found


def diagrams(of: PictureSetting) -> list[Diagram]:
    names = {kind.name for kind in suitable(of)}
    found = [draw(of, {}) for name, draw in KINDS.items() if name in names]
    return found + ([automata_picture(of)] if "automata" in names else [])


def text(tag: Any) -> str:
    return " ".join(map(said, tag.lines))


def framed(picture: Diagram) -> list[str]:
    return sorted(text(tag) for tag in picture.tags if tag.is_framed)


PRISONERS = {
    "form": "normal",
    "players": {"row": ["C", "D"], "column": ["C", "D"]},
    "parameters": {"T": {"domain": "(3, oo)", "default": "5"}},
    "payoffs": {"C,C": [3, 3], "C,D": [0, "T"], "D,C": ["T", 0], "D,D": [1, 1]},
}


# --- matrix --------------------------------------------------------------------------------------


def test_best_replies_of_a_prisoners_dilemma_are_framed() -> None:
    """D is the better reply to C (T > 3) and to D (1 > 0): T once each, and both of D,D."""
    of = stage(cg.load(PRISONERS), PictureRequest())
    assert isinstance(of, PictureSetting)
    assert framed(matrix_picture(of, {})) == ["1", "1", "T", "T"]
    assert framed(matrix_picture(of, {"T": 7})) == ["1", "1", "7", "7"]


def test_all_best_replies_are_framed_where_there_are_several() -> None:
    """Where T is 3 both actions answer C best. The domain is widened for that."""
    wide = {**PRISONERS, "parameters": {"T": {"domain": "[3, oo)", "default": "3"}}}
    of = stage(cg.load(wide), PictureRequest())
    assert isinstance(of, PictureSetting)
    assert framed(matrix_picture(of, {})) == ["1", "1", "3", "3", "T", "T"]


def test_the_stage_game_of_a_repeated_game_is_a_matrix() -> None:
    """T = 5 > R = 3 and P = 1 > S = 0, so that D is best throughout."""
    assert framed(matrix_picture(setting("trust"), {})) == ["P", "P", "T", "T"]


def test_a_sheet_of_exercises_does_not_show_best_replies_or_choices() -> None:
    matrix = matrix_picture(setting("inspection"), {}, marked=False)
    assert framed(matrix) == [] and "best reply" not in " ".join(matrix.heading.notes)
    tree = tree_picture(setting("lead_firm"), {}, marked=False)
    assert bold(tree) == set() and not any(stroke.is_strong for stroke in tree.strokes)
    assert len(tree.strokes) == len(tree_picture(setting("lead_firm"), {}).strokes)


# --- tree ----------------------------------------------------------------------------------------

TREE: dict[str, Any] = {
    "form": "sequential",
    "headline": "trust,honour",
    "players": ["buyer", "supplier"],
    "parameters": {"b": {"domain": "(0, oo)", "default": "4"}},
    "tree": {
        "start": {"player": "buyer", "actions": {"trust": "delivery", "walk": [0, 0]}},
        "delivery": {"player": "supplier", "actions": {"honour": ["b", 2], "abuse": [-1, 1]}},
    },
}


def bold(picture: Diagram) -> set[str]:
    return {text(tag) for tag in picture.tags if tag.is_strong}


def test_the_tree_has_each_node_and_end_once_and_the_choices_in_bold() -> None:
    """The supplier earns 2 > 1 by honouring; trusting then pays b > 0."""
    of = stage(cg.load(TREE), PictureRequest())
    assert isinstance(of, PictureSetting)
    picture = tree_picture(of, {})
    assert framed(picture) == ["buyer", "supplier"]
    ends = {text(tag) for tag in picture.tags if text(tag).startswith("(")}
    assert ends == {"(0, 0)", "(b, 2)", "(-1, 1)"}
    assert bold(picture) == {"trust", "honour"}
    assert len(picture.strokes) == 4 and sum(s.is_strong for s in picture.strokes) == 2
    assert "(6, 2)" in {text(tag) for tag in tree_picture(of, {"b": 6}).tags}


def test_bold_are_choices_off_the_path_too() -> None:
    """Abuse pays 3 > 2, so that the buyer walks; the supplier's choice is not reached, but told."""
    told: dict[str, Any] = {**TREE, "headline": "walk,abuse"}
    told["tree"] = {**TREE["tree"], "delivery": {
        "player": "supplier", "actions": {"honour": ["b", 2], "abuse": [-1, 3]}}}  # fmt: skip
    of = stage(cg.load(told), PictureRequest())
    assert isinstance(of, PictureSetting)
    assert bold(tree_picture(of, {})) == {"walk", "abuse"}


# --- automata ------------------------------------------------------------------------------------


def test_grim_leaves_trust_for_good_after_anything_but_co_operation() -> None:
    picture = automata_picture(setting("trust"))
    texts = [text(tag) for tag in picture.tags]
    assert texts[0] == "grim" and "all but C, C" in texts
    assert {"trust plays C", "broken plays D", "defect plays D"} <= set(framed(picture))
    assert texts.count("always defect") == 1


def test_every_move_to_another_state_is_an_arrow() -> None:
    """One arrow for each pair of states that some signal joins, and one to each start."""
    of = setting("trust")
    machines = {}
    for branch in of.solution.branches:
        for what in branch.strategies.values():
            machines[str(what["states"])] = what
    moves = {
        (i, a, b)
        for i, machine in enumerate(machines.values())
        for a, rule in machine["states"].items()
        for b in rule["next"].values()
        if a != b
    }
    arrows = [stroke for stroke in automata_picture(of).strokes if stroke.has_head]
    assert len(arrows) == len(moves) + len(machines)


# --- drawn ---------------------------------------------------------------------------------------


def overlaps(picture: Diagram) -> list[str]:
    """Labels that lie over each other, or off the sheet, once they are drawn."""
    with styled():
        figure = draw_diagram(picture)
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()
        texts = [*figure.axes[0].texts, *figure.texts]
        boxes = [(each.get_text(), each.get_window_extent(renderer)) for each in texts]
    width, height = figure.canvas.get_width_height()
    off = [name for name, box in boxes
           if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1]  # fmt: skip
    return off + [
        f"{one} over {other}"
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


QUICK = ("inspection", "trust", "hawk_dove", "noisy_trust", "alliance_dated", "lead_firm")


@pytest.mark.parametrize("name", QUICK)
def test_no_label_lies_over_another(name: str) -> None:
    found = diagrams(setting(name))
    assert found
    assert [overlaps(each) for each in found] == [[]] * len(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in GAMES if name not in QUICK])
def test_no_label_of_any_game_lies_over_another(name: str) -> None:
    assert [flaw for each in diagrams(setting(name)) for flaw in overlaps(each)] == []


def test_names_and_payoffs_may_be_long() -> None:
    long = "an_action_with_a_long_name"
    told = {
        "form": "normal",
        "players": {"the_first": [long, "b", "c"], "p2": [f"{long}_2", "y"]},
        "parameters": {"T": {"domain": "(3, oo)", "default": "5"}},
        "payoffs": {f"{r},{c}": ["T**2 + 3*T/(1 + T)", "-T"]
                    for r in (long, "b", "c") for c in (f"{long}_2", "y")},
    }  # fmt: skip
    of = stage(cg.load(told), PictureRequest())
    assert isinstance(of, PictureSetting)
    assert overlaps(matrix_picture(of, {})) == []


# --- TikZ ----------------------------------------------------------------------------------------


def test_tikz_sets_expressions_as_mathematics_and_balances() -> None:
    code = tikz(tree_picture(setting("lead_firm"), {}))
    assert r"\sigma" in code and "sigma*" not in code
    assert code.count("{") == code.count("}") and code.count(r"\begin") == code.count(r"\end")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_tikz_compiles(tmp_path: Path) -> None:
    codes = [tikz(each) for name in QUICK for each in diagrams(setting(name))]
    head = r"\documentclass{article}\usepackage{tikz}\begin{document}"
    whole = "\n\n".join([head, *codes, r"\end{document}"])
    (tmp_path / "x.tex").write_text(whole, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]


@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "tex"])
def test_plot_draws_structure_in_every_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{ending}"
    result = CliRunner().invoke(main, ["plot", "inspection", "--kind", "matrix", "-o", str(path)])
    assert result.exit_code == 0, result.output
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "tex": b"% needs"}[ending]
    assert path.read_bytes().startswith(start)
    if ending == "tex":
        assert re.search(r"% inspection \[[0-9a-f]{12}\]", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("trust", "--kind", "tree"), "it needs a sequential game"),
        (("lead_firm", "--kind", "matrix"), "it needs two players in normal form"),
        (("inspection", "--kind", "automata"), "none of its strategies is an automaton"),
        (("trust", "--kind", "phase", "-o", "x.tex"), "is not drawn in TikZ"),
        (("inspection", "--kind", "matrix", "--x", "w"), "does nothing with"),
    ],
)
def test_what_does_not_suit_is_refused(arguments: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(main, ["plot", *arguments])
    assert result.exit_code == 2 and told in result.output and not Path("x.tex").exists()


def test_what_has_no_structure_is_refused_in_python() -> None:
    for name, kind in (("lead_firm", "matrix"), ("inspection", "automata"), ("inspection", "tree")):
        with pytest.raises(InputError, match="does not suit"):
            cg.picture(cg.load(name), kind)


def test_every_starter_draws_what_it_is() -> None:
    """The starters show each form: normal a matrix, sequential a tree, repeated both others."""
    expected = {"normal": {"matrix"}, "sequential": {"tree"}, "repeated": {"matrix", "automata"}}
    for form, names in expected.items():
        path = catalogue.root() / "starters" / f"{form}.toml"
        assert read_toml(path)
        of = stage(cg.load(path), PictureRequest())
        found = {kind.name for kind in suitable(of)} & {"matrix", "tree", "automata"}
        assert found == names
        assert isinstance(of, PictureSetting)
        assert [flaw for each in diagrams(of) for flaw in overlaps(each)] == []
