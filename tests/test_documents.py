"""Documents: the same sentences and figures as HTML, PDF, Word and LaTeX, nothing off the page."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy
from click.testing import CliRunner
from sympy import Max, Rational, sqrt

import coopgame as cg
from coopgame import catalogue
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.language.printing import symbol
from coopgame.report import formats, latex, pdf, typst
from coopgame.report.documents import illustrated, whole
from coopgame.report.fitting import SMALL_LINE, cell_width, fitted
from coopgame.report.formulas import in_line, tree, width
from coopgame.report.notebook import report
from coopgame.report.prose import Formula, runs
from coopgame.report.tables import (
    Column,
    Display,
    Equation,
    Figure,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
)
from coopgame.report.tabular import said
from coopgame.report.typesetting import breaking, typeset
from tests.papers import (
    beyond,
    of_docx,
    of_pdf,
    overfull,
    pictures_of_docx,
    sentences,
)

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
MOST_OVER = 10.0  # points that a line may be too wide
GAMES = sorted(catalogue.files("catalogue"))
FEW = ("inspection", "hawk_dove")
a, b, c, delta = map(symbol, ("a", "b", "c", "delta"))


def ran(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 2 and len(result.output.splitlines()) == 1, result.output
    return result.output


# --- the same in all ---------------------------------------------------------------------------


COMMANDS = [
    ("solve", "inspection"),
    ("solve", "inspection", "--set", "w=3"),
    ("statics", "inspection", "--outcome", "compliance"),
    ("explain", "inspection", "--no-signs"),
    ("exercise", "hawk_dove", "--count", "2"),
    ("table", "hawk_dove", "--vary", "c=3:6:4"),
]
LONG = [
    ("solve", "trust"),
    ("explain", "trust"),
    ("study", "criciuma"),
    ("study", "criciuma", "--brief"),
    ("contrast", "criciuma", "sinos_valley"),
]


def check_alike(arguments: tuple[str, ...], folder: Path) -> None:
    """Every sentence of the page is in the PDF and in the Word file, and as many figures."""
    pytest.importorskip("typst")
    pytest.importorskip("docx")
    pytest.importorskip("matplotlib")
    for ending in ("html", "pdf", "docx"):
        ran(*arguments, "-o", str(folder / f"x.{ending}"))
    page = (folder / "x.html").read_text(encoding="utf-8")
    word = (folder / "x.docx").read_bytes()
    paper, text = of_pdf(folder / "x.pdf"), of_docx(word)
    told = sentences(page)
    assert len(told) > 8
    assert [each for each in told if each not in text] == []
    assert [each for each in told if each not in paper] == []
    count = page.count("data:image/svg+xml;base64,")
    assert count >= 1 and pictures_of_docx(word) == count
    assert all(f"Figure{i}:" in paper for i in range(1, count + 1))
    assert not re.search(r'(src|href)="(?!data:)', page)  # self-contained


@needs_poppler
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_page_pdf_and_word_say_the_same(arguments: tuple[str, ...], tmp_path: Path) -> None:
    check_alike(arguments, tmp_path)


@pytest.mark.slow
@needs_poppler
@pytest.mark.parametrize("arguments", LONG, ids=" ".join)
def test_long_documents_say_the_same(arguments: tuple[str, ...], tmp_path: Path) -> None:
    check_alike(arguments, tmp_path)


def test_the_same_report_gives_the_same_bytes() -> None:
    pytest.importorskip("typst")
    made = report(cg.load("hawk_dove").solve())
    assert pdf.render(made) == pdf.render(made)
    assert pdf.render(made).startswith(b"%PDF")


def test_python_saves_what_the_command_writes(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("docx")
    solution = cg.load("inspection").solve()
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        solution.save(tmp_path / f"x.{ending}")
        assert (tmp_path / f"x.{ending}").read_bytes().startswith(start)


@pytest.mark.parametrize("command", ["solve", "statics", "explain", "exercise"])
def test_python_saves_the_figures_and_meanings_of_the_command(command: str, tmp_path: Path) -> None:
    """The page is the same to the byte: what it says, its figures, what its symbols mean."""
    arguments = ["inspection", *(["--answers"] if command == "exercise" else [])]
    path = tmp_path / "told.html"
    assert CliRunner().invoke(main, [command, *arguments, "-o", str(path)]).exit_code == 0
    getattr(cg, command)("inspection").save(tmp_path / "saved.html")
    saved = (tmp_path / "saved.html").read_text(encoding="utf-8")
    assert saved == path.read_text(encoding="utf-8")
    assert "<svg" in saved or "data:image" in saved
    assert "further penalty" in saved


# --- what is asked wrongly ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "module", "line"),
    [
        ("pdf", "typst", "coopgame: Typst is not installed: pip install typst"),
        ("docx", "docx", "coopgame: python-docx is not installed: pip install python-docx"),
        ("xlsx", "openpyxl", "coopgame: openpyxl is not installed: pip install openpyxl"),
    ],
)
def test_a_missing_library_is_named_before_anything_is_solved(
    ending: str, module: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(formats, "find_spec", lambda n: None if n == module else known(n))
    monkeypatch.setattr("coopgame.comparative.scenario.solve", None)
    path = tmp_path / f"x.{ending}"
    assert refused("solve", "inspection", "-o", str(path)).strip() == line
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "pdf"), "pdf is not for the terminal (add -o FILE.pdf)"),
        (("--format", "text", "-o", "x.pdf"), "x.pdf would hold text"),
        (("--format", "pdf", "-o", "x.txt"), "x.txt would hold pdf"),
        (("-o", "x.odt"), "unknown ending .odt"),
        (("--fragment",), "text has no fragment"),
        (("--fragment", "-o", "x.pdf"), "pdf has no fragment"),
    ],
)
def test_a_file_is_what_its_ending_says(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (("solve", "inspection"), ("table", "inspection", "--vary", "w=3,4")):
        assert told in refused(*command, *arguments)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_a_document_says_that_figures_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    path = tmp_path / "x.html"
    ran("solve", "inspection", "-o", str(path))
    page = path.read_text(encoding="utf-8")
    assert "<img" not in page and "pip install matplotlib" in page


def test_figures_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.tex"
    ran("solve", "inspection", "--no-figures", "-o", str(path))
    assert [each.name for each in tmp_path.iterdir()] == ["x.tex"]
    assert "includegraphics" not in path.read_text(encoding="utf-8")


# --- LaTeX -------------------------------------------------------------------------------------


def test_a_whole_document_and_a_bare_piece() -> None:
    document = ran("statics", "inspection", "--format", "latex")
    piece = ran("statics", "inspection", "--format", "latex", "--fragment")
    for mark in (r"\documentclass", r"\begin{table}", r"\caption{", r"\label{tab:inspection-1}"):
        assert mark in document and mark not in piece
    assert piece.count(r"\begin{tabular}") == 1 and r"\section" not in piece
    lines = [line for line in piece.splitlines() if line and not line.startswith("%")]
    assert lines[0].startswith(r"\begin{tabular}")


def test_greek_names_are_letters_also_in_sentences_and_headings() -> None:
    table = Table(columns("delta", "b"), [(1, 2)], "as delta rises", ("delta is a weight",))
    made = Report(
        "What delta does",
        (ReportPart("In delta", ("let delta = 1/2 and b = 1, a deltoid", table)),), table, {},
        "o", ("delta again",), (Column("delta", "weight"), Column("b", "benefit")),
    )  # fmt: skip
    for written in (latex.render(made), latex.fragment(made)):
        without = re.sub(r"%.*", "", written)
        assert not re.search(r"(?<!\\)\bdelta\b", without) and "deltoid" in without
        assert r"let $\delta = 1/2$ and $b = 1$" in without
    assert "benefit" in typst.render(whole(made)) and "δ" in typst.render(made)


def test_an_article_is_no_quantity() -> None:
    names = ["a", "t0"]
    assert runs("a firm with a > 1 or a t0", names) == [
        "a firm with ", Formula((a, "1"), (">",)), " or a ", Formula((symbol("t0"),)),
    ]  # fmt: skip
    assert runs("nothing", []) == ["nothing"] and runs("", names) == []


QUANTITIES = frozenset({"a", "b", "c", "h", "n", "R", "T", "delta", "level", "v_spill"})


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("grim exists where D*(T - 1) >= T - R.",
         r"grim exists where $D \left(T - 1\right) \geq T - R$."),
        ("0 <= h <= 1, T=3,R=2 (T > R)", r"$0 \leq h \leq 1$, $T = 3$,$R = 2$ ($T > R$)"),
        ("h <= 7/27 in 1989-1995", r"$h \leq 7/27$ in 1989-1995"),
        ("costs -0.5, h = 6.67e-8", r"costs $-0.5$, $h = 6.67 \cdot 10^{-8}$"),
        ("n - 1 others of the n-player game", r"$n - 1$ others of the n-player game"),
        ("level = 0.667 (2/3) in punish(2)", r"$\mathit{level} = 0.667$ (2/3) in punish(2)"),
        ("D = 0.9*(1 - 0.1) = 0.81", r"$D = 0.9 \cdot (1-0.1) = 0.81$"),
        ("max(0, h - b) > 0, the firm's h", r"$\max\left(0, h - b\right) > 0$, the firm's $h$"),
        ("coopgame solve x --set h=0.9", r"coopgame solve x -{}-set h=0.9"),
        ("tit_for_tat, (C,D), 50 % and he/she", r"tit\_for\_tat, (C,D), 50 \% and he/she"),
        ("h >=", r"$h \geq$"),
        ("e.g. v_spill, a deltoid", r"e.g. $v_{\mathit{spill}}$, a deltoid"),
        ("h = 12.34.5 or 1990.", r"$h$ = 12.34.5 or 1990."),
    ],
)  # fmt: skip
def test_conditions_in_sentences_are_mathematics(text: str, set_as: str) -> None:
    assert said(text, QUANTITIES) == set_as


def test_a_formula_of_a_sentence_is_one_in_every_format() -> None:
    """One tree for the page, the PDF and Word: Greek and plain letters are set alike."""
    _, formula = runs("as delta*h <= 0.5", QUANTITIES)
    assert isinstance(formula, Formula)
    assert "".join(formula.tree.itertext()).replace("\u2062", "") == "δh≤0.5"
    assert typst.said("delta*h <= 0.5", QUANTITIES).count("$") == 2


def test_a_workbook_holds_the_numbers_of_the_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = cg.table("hawk_dove", {"c": (3, 6, 4)})
    table.save(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    rows = list(book["table"].values)
    assert rows[0] == tuple(table.names) and len(rows) == len(table) + 1
    assert rows[1][0] == 3 and isinstance(rows[1][0], int | float)
    assert "hawk_dove [" in str(list(book["about"].values))
    cg.statics("inspection", "compliance").save(tmp_path / "y.xlsx")
    signs = list(openpyxl.load_workbook(tmp_path / "y.xlsx")["table"].values)
    assert ("compliance", "mixed", "c", "-", "true", "proved", None, None) in signs


def test_no_text_of_a_workbook_is_a_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from coopgame.report import xlsx

    awkward = Table(columns("=a"), [("=1+1",), ("\x00b",), (None,)])
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(Report("t", (), awkward, {}))))
    cells = [cell for row in book["table"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells[:3]] == ["s"] * 3 and cells[1].value == "=1+1"


def test_a_table_saved_from_python_has_the_figure_of_the_command(tmp_path: Path) -> None:
    path = tmp_path / "told.html"
    ran("table", "hawk_dove", "--vary", "c=3:6:4", "-o", str(path))
    cg.table("hawk_dove", {"c": ("3", "6", 4)}).save(tmp_path / "saved.html")
    saved = (tmp_path / "saved.html").read_text(encoding="utf-8")
    assert saved == path.read_text(encoding="utf-8") and "data:image" in saved


def tex_of(value: Any, folder: Path) -> list[float]:
    """By how much the lines of a report's LaTeX document are too wide; it must compile."""
    (folder / "x.tex").write_text(latex.render(whole(value)), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "x.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = done.stdout.decode(errors="replace")
    assert done.returncode == 0, log[-1500:]
    return [over for over in overfull(log) if over > MOST_OVER]


def typst_of(value: Any) -> float:
    """How far a report's PDF runs off its page to the right."""
    typeset_by = pytest.importorskip("typst")
    pages = typeset_by.compile({"main.typ": typst.render(whole(value)).encode()}, format="svg")
    return max(beyond(page.decode()) for page in (pages if isinstance(pages, list) else [pages]))


@cache
def reports(name: str) -> tuple[Report, ...]:
    """What the four commands print of a game."""
    game = cg.load(name)
    found = (game.solve(), cg.statics(game), cg.explain(game), cg.exercise(game, seed=1))
    return tuple(map(report, found))


def check_tex(name: str, folder: Path) -> None:
    assert [tex_of(value, folder) for value in reports(name)] == [[]] * 4


@needs_tex
@pytest.mark.parametrize("name", FEW)
def test_the_latex_of_a_game_keeps_within_the_margins(name: str, tmp_path: Path) -> None:
    check_tex(name, tmp_path)


@pytest.mark.slow
@pytest.mark.long
@needs_tex
@pytest.mark.parametrize("name", GAMES)
def test_the_latex_of_every_game_keeps_within_the_margins(name: str, tmp_path: Path) -> None:
    check_tex(name, tmp_path)


@pytest.mark.parametrize("name", FEW)
def test_the_pdf_of_a_game_keeps_within_the_margins(name: str) -> None:
    assert max(map(typst_of, reports(name))) <= 0


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", GAMES)
def test_the_pdf_of_every_game_keeps_within_the_margins(name: str) -> None:
    assert max(map(typst_of, reports(name))) <= 0


LONG_SUM = sum((symbol(f"x{i}") * (symbol(f"y{i}") + i) for i in range(14)), start=sympy.S.Zero)
WIDE = (
    LONG_SUM / (LONG_SUM**2 + 1),
    sqrt(LONG_SUM + 2) / a + b,
    Max(0, LONG_SUM / (1 + a)) >= 1 / (LONG_SUM + b),
    sympy.Piecewise((LONG_SUM / (a + LONG_SUM), a > 0), (b, True)),
    (LONG_SUM + b) ** Rational(2, 3) * (LONG_SUM + c),
    sympy.And(LONG_SUM > 1, sympy.Or(LONG_SUM < 5, a > LONG_SUM)),
)


def wide_report() -> Report:
    """Formulas, texts and tables that no line holds, and characters that mean something to TeX."""
    table = Table(
        columns(*(f"a_parameter_{i}" for i in range(15))), [tuple(["12345", a / b, 0.123456] * 5)]
    )
    awkward = "[0, 1) * % $ # & _ { } ~ ^ \\ -- → 中文 “quoted” été"
    parts = (
        awkward, Display(tuple((each, "what it is about, " * 3) for each in WIDE)),
        facts([(awkward, WIDE), ("a long label that is a sentence of its own", [awkward]),
               ("short", [Equation(("x", "delta"), LONG_SUM)]),
               ("word", ["(1-(c/(b*k)))**2+" * 9])]),
        table, Table(columns("meaning", "formula"), [("word " * 40, each) for each in WIDE]),
        Table(columns("n", "square"), [(i, i * i) for i in range(90)]),
    )  # fmt: skip
    return Report(awkward, (ReportPart(awkward, parts),), table, {}, awkward, (awkward,))


@needs_tex
def test_what_is_too_wide_is_broken_in_latex(tmp_path: Path) -> None:
    assert tex_of(wide_report(), tmp_path) == []


def test_what_is_too_wide_is_broken_in_typst_and_word() -> None:
    assert typst_of(wide_report()) <= 0
    pytest.importorskip("docx")
    from coopgame.report import docx

    text = of_docx(docx.render(wide_report()))
    assert "中文" in text and "89" in text


def test_the_measure_of_the_page_can_fail() -> None:
    typeset_by = pytest.importorskip("typst")
    text = '#set page(paper: "a4", margin: 25mm)\n#box[' + "m" * 200 + "]"
    assert beyond(typeset_by.compile({"main.typ": text.encode()}, format="svg").decode()) > 50
    assert overfull(r"Overfull \hbox (12.5pt too wide) in paragraph") == [12.5]


def test_panels_hold_every_column_once_beside_those_that_name_a_row() -> None:
    names = ["outcome", "branch", *(f"p{i}" for i in range(40))]
    table = Table(columns(*names), [("level", "a", *("++",) * 40)] * 3, keys=2)
    panels = [each.table.names for each in fitted(table)]
    assert len(panels) > 1 and all(each[:2] == ("outcome", "branch") for each in panels)
    assert [n for each in panels for n in each[2:]] == names[2:]
    for panel in panels:
        assert sum(cell_width(name) for name in panel) <= SMALL_LINE


# --- formulas ----------------------------------------------------------------------------------


def value(node: Any, at: dict[str, float]) -> float:
    """What a tree of MathML is worth: a reader apart from SymPy's printer and from ours."""
    parts = list(node)
    if node.tag == "mn":
        return float(sympy.Rational(node.text))
    if node.tag in ("mi", "msub"):
        return at["".join(node.itertext()).strip()]
    if node.tag == "mfrac":
        return value(parts[0], at) / value(parts[1], at)
    if node.tag == "msup":
        return value(parts[0], at) ** value(parts[1], at)
    if node.tag == "msqrt":
        return row(parts, at) ** 0.5
    return row(parts, at)


def row(parts: list[Any], at: dict[str, float]) -> float:
    """A row of terms: products, quotients and sums, and brackets that are one factor."""
    tokens: list[Any] = []
    for part in flat(parts):
        if part.tag == "mo":
            tokens.append({"−": "-", "\u2062": "*", "-": "-"}.get(part.text, part.text))
        elif part.tag == "msup" and part[0].tag == "mo":  # ")^p", a bracket with its power
            tokens.append(f")**({value(part[1], at)!r})")
        else:
            tokens.append(f"({value(part, at)!r})")
    text = "".join(tokens).replace(")(", ")*(")
    return float(eval(text, {"__builtins__": {}}))


def flat(parts: list[Any]) -> list[Any]:
    return [leaf for part in parts
            for leaf in (flat(list(part)) if part.tag in ("mrow", "math") else [part])]  # fmt: skip


@pytest.mark.parametrize("wide", [WIDE[0], WIDE[1], a / b + 1, (a - b) / (a * c) - a**2 / 3])
@pytest.mark.parametrize("room", [0.5, 3.0, 500.0])
def test_a_formula_on_the_line_is_worth_the_same(wide: Any, room: float) -> None:
    """Slashes and powers in place of fractions and roots; brackets where they are needed."""
    names = sorted(map(str, wide.free_symbols))
    at = {name: 1.25 + 0.37 * i for i, name in enumerate(names)}
    expected = float(wide.subs({symbol(name): each for name, each in at.items()}))
    turned = in_line(tree(wide), room)
    assert value(turned, at) == pytest.approx(expected, rel=1e-9)
    for each in turned.iter():
        assert each.tag not in ("mfrac", "msqrt") or width(each) <= room + 1


def test_what_is_broken_in_latex_has_no_bracket_that_holds_it_together() -> None:
    for each in WIDE:
        written = breaking(each)
        assert r"\left(" not in written and r"\sqrt" not in written
        assert written.count("{") == written.count("}")


def test_words_in_products_keep_apart() -> None:
    assert typeset(a * symbol("level") * 2) == r"2 \, a \, \mathit{level}"
    assert typeset(a * delta) == r"a \delta"


def test_figures_follow_the_opening() -> None:
    figure = Figure("a figure", lambda ending: b"")
    prose, titled = ReportPart("1. The game", ("text",)), ReportPart("2. Then", (facts([]),))
    table = Table(columns("a"), [])

    def places(*sections: ReportPart) -> list[int]:
        made = illustrated(Report("t", sections, table, {}), [figure])
        return [i for i, section in enumerate(made.sections) if figure in section.parts]

    assert places(prose, titled) == [1] and places(titled) == [0]
    assert places(ReportPart("", (facts([]),)), titled) == [1]


def test_an_unknown_shape_has_no_piece() -> None:
    made = report(cg.load("hawk_dove").solve())
    with pytest.raises(InputError, match="no fragment"):
        formats.rendered(made, "csv", piece=True)
