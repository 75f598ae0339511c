"""What it takes to add a format or a kind of picture: one function in a file, and one row."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import coopgame as cg
from coopgame.pictures import kinds
from coopgame.report import formats


def test_a_format_is_a_module_and_a_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = ModuleType("shouted")
    module.render = lambda report: report.title.upper()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shouted", module)
    monkeypatch.setitem(formats.FORMATS, "shout", formats.Format(".shout", "shouted"))
    monkeypatch.setitem(formats.ENDINGS, ".shout", "shout")
    cg.solve("inspection").save(tmp_path / "answer.shout")
    assert (tmp_path / "answer.shout").read_text(encoding="utf-8").startswith("INSPECTION OF A")


def test_a_kind_of_picture_is_a_function_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = kinds.PictureKind(
        "count", lambda of, request: len(of.solution), lambda count: SimpleNamespace(dots=count)
    )
    monkeypatch.setattr(kinds, "OF_GAMES", (*kinds.OF_GAMES, row))
    of = kinds.stage(cg.load("inspection"), kinds.PictureRequest())
    assert kinds.chosen(of, "count", kinds.PictureRequest()) is row
    assert row.draw(row.picture(of, kinds.PictureRequest())).dots == len(cg.solve("inspection"))
