"""Tables in LaTeX: what is set so that a paper can take it, and that it compiles."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import coopgame as cg
from coopgame import catalogue
from coopgame.report.latex import fragment
from coopgame.report.notebook import report
from coopgame.report.tables import Table, columns
from coopgame.report.tabular import table

HEAD = r"\documentclass{article}\usepackage{amsmath,array,booktabs}\begin{document}"


def test_signs_are_mathematics_and_no_dashes() -> None:
    r"""In text `--` would be set as one dash, and a strict minus not be told from a weak one."""
    shown = table(Table(columns("h", "b"), [("-", "++"), ("--", "0")]))
    assert "$-$ & $++$" in shown and "$--$ & 0" in shown
    assert "--" not in table(Table(columns("a"), [("pages 1--2",)]))


def test_long_texts_are_broken_and_wide_tables_set_small() -> None:
    wide = table(Table(columns(*"abcdefghijklmnopq"), [tuple(["12345"] * 17)]))
    assert r"\footnotesize" in wide and wide.count("{") == wide.count("}")
    long = table(Table(columns("name", "meaning"), [("h", "hazard of a change of rules " * 3)]))
    assert r"\linewidth}" in long and r"\footnotesize" not in long


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
def test_the_sign_table_of_every_game_compiles(tmp_path: Path) -> None:
    """All sign tables and descriptions of the catalogue in one document."""
    games = [cg.load(name) for name in catalogue.files("catalogue")]
    shown = [fragment(report(value)) for game in games for value in (game, cg.statics(game))]
    text = "\n".join([HEAD, *shown, r"\end{document}"])
    (tmp_path / "all.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
