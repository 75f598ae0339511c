"""Reports: the same answer in every format, nothing cut off, nothing mistaken for markup."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from io import StringIO
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Max, Min, Rational, S, sqrt

import coopgame as cg
from coopgame import catalogue
from coopgame.comparative.rows import ALL, SignRow
from coopgame.comparative.signs import Statics
from coopgame.language.expressions import parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict
from coopgame.reading.info import Info
from coopgame.report import data, latex, markdown, tabular, text
from coopgame.report.abbreviations import abbreviated
from coopgame.report.equations import escape
from coopgame.report.signs import LEGEND, mark, sign_matrix, signs_record, signs_report
from coopgame.report.solutions import solution_report, strategy_lines, thresholds
from coopgame.report.tables import Equation, Facts, Report, ReportPart, Table, columns, facts, plain
from coopgame.solution import Branch, Critical, Provenance, Solution

x, delta, h = symbol("x"), symbol("delta"), symbol("h")


def report(*parts: Any, table: Table | None = None) -> Report:
    shown = table or Table(columns("a"), [])
    return Report(
        "A title", (ReportPart("A section", parts),), shown, {"k": S.Half}, "origin", ("n",)
    )


def parameter(name: str, interval: str = "[0, 1)", role: str | None = None) -> Parameter:
    return Parameter(name, name, "-", Interval.parse(interval), Rational(1, 2), "test", role)


CELLS = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.fractions(max_denominator=99).map(Rational)
    | st.sampled_from([x > 0, x / (1 - x), Equation(("a", "b"), x), sqrt(2)])
)


def tables(most: int = 4) -> st.SearchStrategy[Table]:
    return st.integers(1, most).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=5).map(
            lambda rows: Table(columns(*"abcd"[:n]), rows, "t", ("note",))
        )
    )


# --- cells -------------------------------------------------------------------------------------


def test_numbers_read_in_decimals_with_the_exact_value_where_it_says_more() -> None:
    assert plain(Rational(18, 25)) == "0.72"
    assert plain(Rational(2, 3)) == "0.667 (2/3)"
    assert plain(sqrt(2)) == "1.41 (sqrt(2))"
    assert plain(S(3)) == "3" and plain(7) == "7" and plain(None) == ""
    assert plain(Rational(10**9 + 1, 10**9 + 7)) == "1.00"  # not 1, but near it
    assert plain(Equation(("level", "cooperation"), x)) == "level = cooperation = x"


# --- text --------------------------------------------------------------------------------------


@given(tables(), st.integers(20, 120))
@settings(max_examples=60, deadline=None)
def test_text_never_cuts_a_cell_off(table: Table, width: int) -> None:
    shown = text.render(report(table), width)
    for row in table.rows:
        for word in (word for cell in row for word in plain(cell).split()):
            assert word in shown


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_a_table_too_wide_for_the_terminal_comes_in_panels(width: int) -> None:
    """No line leaves the terminal, no word of a head is cut, and each panel names its rows."""
    kinds = ("no cluster", "survival cluster", "stagnating agglomeration")
    rows = [("policy_external", 1990, "hub-and-spoke (soft)", 0.1, 0.25, 0.65, "no"),
            ("agra", 1988, "Italianate", 0.5, 0.25, 0.25, "yes")]  # fmt: skip
    wide = Table(columns("case", "year", "stated", *kinds, "hit"), rows, keys=2)
    told = text.render(Report("A title", (ReportPart("", (wide,)),), wide, {}), width)
    assert all(len(line) <= width for line in told.splitlines())
    words = told.split()
    panels = told.count("----\n")
    assert words.count("policy_external") == words.count("1990") == words.count("year") == panels
    assert (panels == 1) == (width >= 100)
    for word in ("cluster", "survival", "stagnating", "agglomeration", "hub-and-spoke", "0.65"):
        assert word in words


def test_text_takes_nothing_for_markup_and_has_no_colour_codes_unless_asked() -> None:
    part = facts([("[bold]domain[/bold]", ["[0, 1)", ":smile:"])])
    shown = text.render(report(part))
    assert "[bold]domain[/bold]" in shown and "[0, 1)" in shown and ":smile:" in shown
    assert "\x1b" not in shown and shown.isascii()
    assert "\x1b[" in text.render(report(part), colour=True)


def test_text_wraps_prose_and_leaves_long_expressions_whole() -> None:
    long = "a" * 150
    shown = text.render(report("word " * 60, facts([("is", [long])])), width=60)
    assert long in shown
    assert all(len(line) <= 60 for line in shown.splitlines() if long not in line)


def test_facts_without_lines_are_left_out() -> None:
    assert facts([("a", []), ("b", [1])]) == Facts((("b", (1,)),))


# --- CSV and JSON ------------------------------------------------------------------------------


@given(tables())
@settings(max_examples=60, deadline=None)
def test_csv_has_one_header_row_and_comes_back_cell_by_cell(table: Table) -> None:
    rows = list(csv.reader(StringIO(data.spreadsheet(table))))
    assert rows[0] == list(table.names)
    assert len(rows) - 1 == len(table.rows)
    for found, row in zip(rows[1:], table.rows, strict=True):
        for cell, original in zip(found, row, strict=True):
            if original is None:
                assert cell == ""
            elif isinstance(original, float):
                assert float(cell) == original
            elif isinstance(original, str):
                assert cell == original


def test_numbers_in_csv_have_full_precision() -> None:
    table = Table(columns("a", "b"), [(Rational(1, 3), sqrt(2))])
    assert data.spreadsheet(table) == "a,b\n0.3333333333333333,1.4142135623730951\n"


def test_json_knows_no_nan() -> None:
    record = {"a": float("nan"), "b": float("inf"), "c": [x > 1, S.Half, None, True, "é"]}
    found = json.loads(json.dumps(data.jsonable(record), allow_nan=False))
    assert found == {"a": None, "b": None, "c": ["x > 1", 0.5, None, True, "é"]}


# --- Markdown and LaTeX ------------------------------------------------------------------------


@given(tables())
@settings(max_examples=60, deadline=None)
def test_markdown_rows_have_as_many_cells_as_the_header(table: Table) -> None:
    lines = markdown.table(table).split("\n\n")[0].splitlines()
    assert len(lines) == 2 + len(table.rows)
    for line in lines:
        unescaped = re.sub(r"\\.", "", line)
        assert unescaped.count("|") == len(table.columns) + 1


@given(tables())
@settings(max_examples=60, deadline=None)
def test_latex_rows_have_as_many_cells_as_the_header(table: Table) -> None:
    found = tabular.table(table)
    body = found.split("\\midrule\n")[1].split("\\bottomrule")[0].strip("\n")
    lines = [line for line in body.split(" \\\\\n") if line] if table.rows else []
    lines = [line.removesuffix(" \\\\") for line in lines]
    for line in lines:
        assert re.sub(r"\\.", "", line).count("&") == len(table.columns) - 1
    unescaped = re.sub(r"\\[{}\\]", "", found)
    assert unescaped.count("{") == unescaped.count("}")


def test_special_characters_are_escaped() -> None:
    assert escape("a_b & 50% #1 $ {~^\\}") == (
        r"a\_b \& 50\% \#1 \$ \{\textasciitilde{}\textasciicircum{}\textbackslash{}\}"
    )
    assert markdown.escape("a|b_c*<d>`") == r"a\|b\_c\*\<d\>\`"


def test_every_format_tells_title_sections_notes_and_origin() -> None:
    table = Table(columns("a"), [(x / (1 + x),)], notes=("of the table",))
    whole = report("prose", facts([("label", [x > 0, "two"])]), table)
    for shown in (text.render(whole), markdown.render(whole), latex.render(whole)):
        for part in ("A title", "A section", "prose", "label", "origin", "of the table"):
            assert part in shown
    assert r"\frac{x}{x + 1}" in latex.render(whole)
    assert "`x/(x + 1)`" in markdown.render(whole)


# --- abbreviations -----------------------------------------------------------------------------


def restored(expression: Any, definitions: dict[sympy.Symbol, sympy.Expr]) -> Any:
    for letter in reversed(list(definitions)):
        expression = expression.xreplace({letter: definitions[letter]})
    return expression


def expressions(solution: Solution) -> list[Any]:
    found: list[Any] = []
    for branch in solution.branches:
        found += [*branch.payoffs.values(), *branch.outcomes.values(), *branch.conditions]
    return [*found, *(critical.expression for critical in solution.criticals)]


@pytest.mark.parametrize("name", sorted(catalogue.files("catalogue")))
def test_letters_stand_for_exactly_what_they_replace(name: str) -> None:
    """With the definitions put back, every value and condition is the same at several points."""
    solution = cg.load(name).solve()
    short = abbreviated(solution)
    definitions = dict(short.definitions)
    assert not set(map(str, definitions)) & set(solution.domain.names)
    points = _points(solution.domain)
    for before, after in zip(expressions(solution), expressions(short.solution), strict=True):
        back = restored(after, definitions)
        assert back.free_symbols <= set(solution.domain.symbols)
        for at in points:
            value = _value(before, at)
            if value is not None:
                _assert_same(value, back.subs(at))


def _value(expression: Any, at: dict[sympy.Symbol, sympy.Rational]) -> Any:
    """The value at a point; None off the branch, where a maximum may be of what is not real."""
    try:
        return expression.subs(at)
    except ValueError:
        return None


def _points(domain: Domain) -> list[dict[sympy.Symbol, sympy.Rational]]:
    """The defaults, and with each parameter moved a little, where that is allowed: a quarter of
    them at a time, or alone where a quarter cannot be moved."""
    quarters = [domain.parameters[i::4] for i in range(4)]
    points = [_moved(domain, ())]
    for quarter in quarters:
        together = _moved(domain, quarter)
        points += (
            [together] if _is_inside(domain, together) else [_moved(domain, (p,)) for p in quarter]
        )
    return [point for point in points if _is_inside(domain, point)]


def _moved(domain: Domain, moved: Sequence[Parameter]) -> dict[sympy.Symbol, sympy.Rational]:
    steps = {p.symbol: 1 if p.interval.integer else Rational(1, 17) for p in moved}
    return {p.symbol: p.default + steps.get(p.symbol, 0) for p in domain.parameters}


def _is_inside(domain: Domain, point: dict[sympy.Symbol, sympy.Rational]) -> bool:
    return all(c.subs(point) == True for c in domain.constraints)  # noqa: E712


def _assert_same(before: Any, after: Any) -> None:
    if isinstance(before, sympy.logic.boolalg.Boolean):
        assert bool(before) == bool(after)
    elif before.is_finite is False or before is sympy.nan:
        return
    else:
        assert abs(sympy.N(before - after, 30)) < Rational(1, 10**20)


TOY = Info("toy", "A toy", "", "made for the test")


def hand_made(*branches: Branch, **options: Any) -> Solution:
    domain = Domain((parameter("x"), parameter("delta", "(0, 1)", "discount"),
                     parameter("h", "[0, 1)", "hazard")))  # fmt: skip
    return Solution(TOY, domain, branches, "one", Provenance("by hand"), **options)


def branch(**outcomes: sympy.Expr) -> Branch:
    return Branch("one", "terms", "Nash", {}, {}, outcomes)


def test_what_depends_on_the_effective_discount_factor_is_written_in_it() -> None:
    """D = delta*(1-h): delta - delta*h + x = D + x, also when multiplied out; h alone stays."""
    D = symbol("D")
    short = abbreviated(hand_made(branch(a=delta - delta * h + x, b=delta * (1 - h) * x, c=h)))
    assert dict(short.definitions) == {D: delta * (1 - h)}
    assert short.solution.branches[0].outcomes == {"a": D + x, "b": D * x, "c": h}


def test_other_chances_of_survival_join_the_discount_factor() -> None:
    product = delta * (1 - h) * (1 - x)
    short = abbreviated(hand_made(branch(a=product**1 + 1, b=product / (2 - product))))
    assert list(short.definitions.values()) == [product]


def test_short_answers_get_no_letters() -> None:
    assert not abbreviated(hand_made(branch(a=x + 1, b=x + 1))).definitions


def test_long_repeated_parts_get_letters_told_before_they_are_used() -> None:
    inner = sqrt(x**4 / 5 + 3 * x**2 * (x + 2) ** 3 + 11 * x + Rational(7, 3))
    outer = Max(inner - x / (1 + x) - 3 * x**5 + 17 * x**2 * (x + 1), 0)
    other = Branch("two", "terms", "Nash", {}, {}, {"a": outer**2, "b": inner / 2, "c": outer / 3})
    short = abbreviated(hand_made(branch(a=outer, b=inner + 1), other))
    letters = list(short.definitions)
    assert len(letters) == 2
    for i, letter in enumerate(letters):
        assert not set(letters[i:]) & short.definitions[letter].free_symbols


def test_at_a_point_there_is_nothing_to_abbreviate() -> None:
    point = cg.load("inspection").solve().at()
    assert not abbreviated(point).definitions


# --- solutions and signs -----------------------------------------------------------------------


def test_thresholds_of_the_headline_are_in_the_discount_factor_and_hazard() -> None:
    """grim with T, R, P, S fixed: delta*(1-h) >= 1/2, so h <= 1 - 1/(2*delta)."""
    grim = Branch("one", "terms", "Nash", {}, {}, {}, (delta * (1 - h) >= S.Half,))
    found = thresholds(hand_made(grim))
    assert set(found) == {("delta", ">="), ("h", "<=")}
    assert sympy.simplify(found["delta", ">="] - 1 / (2 * (1 - h))) == 0
    assert sympy.simplify(found["h", "<="] - (1 - 1 / (2 * delta))) == 0


def test_a_named_critical_value_takes_the_place_of_a_threshold() -> None:
    grim = Branch("one", "terms", "Nash", {}, {}, {}, (delta * (1 - h) >= S.Half,))
    collapse = Critical("collapse", "h", 1 - 1 / (2 * delta), "above which nothing holds")
    solution = hand_made(grim, criticals=(collapse,))
    assert set(thresholds(solution)) == {("delta", ">=")}
    shown = text.render(solution_report(solution))
    assert "h, collapse" in shown and "above which nothing holds" in shown


def test_strategies_read_as_one_line_a_player() -> None:
    mixed = {"row": {"work": x, "shirk": 1 - x}, "column": {"a": S.One, "b": S.Zero}}
    found = Branch("one", "mixed", "Nash", mixed, {}, {})
    assert strategy_lines(found) == ["row: work x, shirk 1 - x", "column: a"]
    interval = Branch("one", "level", "", {"levels": (S.Zero, S.Half), "none": ()}, {}, {})
    assert strategy_lines(interval) == ["levels: 0 to 0.5", "none: none"]


def test_automata_are_told_once_with_states_and_moves() -> None:
    solution = cg.load("trust").solve()
    shown = text.render(solution_report(solution))
    assert shown.count("plays C, then broken after C,D or D,C or D,D") == 1
    assert "buyer: grim" in shown


def test_a_solution_without_branches_says_so() -> None:
    shown = solution_report(hand_made())
    assert shown.title.endswith(": no equilibria")
    assert data.to_csv(shown).splitlines() == ["equilibrium,concept,conditions,strategies,origin"]


ROWS = (
    SignRow("level", "one", "x", "+", True, Verdict.PROVED),
    SignRow("level", "one", "h", "-", False, Verdict.PROVED),
    SignRow("level", "two", "x", "0", False, Verdict.PROVED),
    SignRow("level", "two", "h", "0", False, Verdict.PROVED),
    SignRow("exists", "one", "x", "?", False, Verdict.UNDECIDED),
    SignRow("exists", "one", "h", "?", False, Verdict.REFUTED,
            ({"h": S.Half}, {"h": S.One}), x > 1),
)  # fmt: skip


def test_the_matrix_of_signs() -> None:
    matrix = sign_matrix(Statics(TOY, ROWS))
    assert matrix.names == ("outcome", "equilibrium", "x", "h")
    assert matrix.rows == [
        ("level", "one", "++", "-"),
        ("existence", "one", ".", "?"),
    ]
    assert matrix.notes == ("level is constant in: two",)
    assert all(f"{mark(row)} " in LEGEND for row in ROWS)


def test_ambiguous_signs_come_with_their_causes_told_once() -> None:
    """Rows with the same causes share a heading; a stranger in the condition is explained."""
    a = symbol("a")
    witnesses = ({"h": Rational(1, 3)}, {"h": S.One})
    both = tuple(
        SignRow("level", name, "x", "?", False, Verdict.REFUTED, witnesses, a > x)
        for name in (ALL, "one")
    )
    shown = text.render(signs_report(Statics(TOY, both)))
    assert shown.count("level in x, over all equilibria; on one: ?") == 1
    assert "(a: the value of level itself)" in shown and "rises at     h = 1/3" in shown
    region = signs_report(Statics(TOY, ROWS))
    assert "stops existing as h rises  h = 1/2" in text.render(region)


def test_the_record_of_signs_has_exact_witnesses() -> None:
    record = signs_record(Statics(TOY, ROWS, (parse_condition("x > 0", {"x"}),)))
    assert record["assumed"] == ["x > 0"]
    assert record["rows"][-1]["witnesses"] == [{"h": "1/2"}, {"h": "1"}]
    assert record["rows"][-1]["rises_where"] == "x > 1"


def test_min_and_max_read_the_same_in_every_format() -> None:
    value = Min(x, Max(h, 0))
    assert plain(value) == "min(max(0, h), x)"
    assert tabular.table(Table(columns("a"), [(value,)])).count("max") == 1


def test_every_format_tells_which_file_and_version_an_answer_is_from() -> None:
    game = cg.load("inspection")
    shown = solution_report(game.solve())
    assert shown.origin.startswith(f"inspection [{game.header.info.digest}], coopgame ")
    assert json.loads(data.to_json(shown))["origin"] == shown.origin
    rows = list(csv.DictReader(StringIO(data.to_csv(shown))))
    assert rows and {row["origin"] for row in rows} == {shown.origin}
    for render in (text.render, markdown.render, latex.render):
        assert game.header.info.digest in render(shown)
