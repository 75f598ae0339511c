"""`exercise`: problems with round numbers, and a key whose every number is checked."""

from __future__ import annotations

import re
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy
from click.testing import CliRunner

from coopgame.cache import remembered
from coopgame.catalogue import files, load_game
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.face.making import loads
from coopgame.forms.derivation import Role, put
from coopgame.language.deciding import decide, number
from coopgame.language.printing import symbol
from coopgame.report.exercises import sheet_report
from coopgame.report.formats import rendered
from coopgame.teaching.exercises import Exercise, Sheet, on_border, sheet
from coopgame.teaching.rounds import drawn_value, inside, points, round_values
from tests.generate.drawing import drawn_by
from tests.printed import restated

ROOT = Path(__file__).resolve().parent.parent
STARTERS = [str(path) for path in sorted((ROOT / "games" / "starters").glob("*.toml"))]
GAMES = [*files("catalogue"), *STARTERS]
WIDE = 100_000
FORMATS = ("text", "markdown", "latex", "csv", "json")


@cache
@remembered()  # for all workers
def drawn(name: str) -> Sheet:
    return sheet(load_game(name), seed=4, count=1)


def label(name: str) -> str:
    return Path(name).stem


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_problems_are_round_inside_and_off_every_border(name: str) -> None:
    game, found = load_game(name), drawn(name)
    assert found.exercises
    for exercise in found.exercises:
        assert inside(game.header.domain, exercise.values)
        assert not on_border(found.lecture.solution, exercise.values)
        for key, value in exercise.values.items():
            assert value.q <= max(20, game.header.domain[key].default.q)
    points_drawn = [tuple(e.values.values()) for e in found.exercises]
    assert len(set(points_drawn)) == len(points_drawn)


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_the_key_agrees_with_the_certified_equilibria(name: str) -> None:
    """All comparisons of the key hold where the game's own at() lists the equilibrium; else some
    fails, or has no real value to show."""
    for exercise in drawn(name).exercises:
        here = {branch.name for branch in exercise.solution.branches}
        assert exercise.answers[0].startswith("Yes" if exercise.branch in here else "No")
        assert all(branch in exercise.answers[1] for branch in here)
        verdicts = [line.about for line in exercise.working.lines(Role.INCENTIVE)]
        if exercise.branch in here:
            assert not any(about.endswith("fails") for about in verdicts)
        elif verdicts:
            conditions = [line.about for line in exercise.working.lines(Role.CONDITION)]
            assert any(about.endswith("fails") for about in (*verdicts, *conditions))
        check_solutions(exercise)


def check_solutions(exercise: Exercise) -> None:
    """The numbers shown as solutions solve the numeric equations shown."""
    solved = {}
    for kind in (Role.GIVEN, Role.SOLVED):
        for line in exercise.working.lines(kind):
            left, right = line.statement.args
            solved[left] = right
    for line in exercise.working.lines(Role.SYSTEM):
        statement = put(put(line.statement, solved), solved)
        left, right = statement.args
        rest = sympy.expand(left - right)
        assert rest == 0 or abs(sympy.N(rest, 40)) < 1e-4, line


def test_the_same_seed_gives_the_same_sheet() -> None:
    game = load_game("inspection")
    one, other, third = (sheet(game, seed, 3) for seed in (7, 7, 8))
    assert [e.values for e in one.exercises] == [e.values for e in other.exercises]
    assert [e.answers for e in one.exercises] == [e.answers for e in other.exercises]
    assert [e.values for e in one.exercises] != [e.values for e in third.exercises]


def test_some_problems_are_answered_with_no() -> None:
    answers = [e.answers[0] for e in sheet(load_game("trust"), 1, 6).exercises]
    assert {answer.split(":")[0] for answer in answers} == {"Yes", "No"}


def test_the_range_asked_for_is_the_one_in_which_the_equilibrium_holds() -> None:
    """Grim holds from delta = (T-R)/((1-h)*(T-P)) on, on either side of which at() decides."""
    game = load_game("trust")
    solution = game.solve()
    for exercise in sheet(game, 5, 4).exercises:
        question, answer = exercise.questions[-1], exercise.answers[-1]
        if "for which delta" not in question or "at least" not in answer:
            continue
        v = exercise.values
        bound = (v["T"] - v["R"]) / ((1 - v["h"]) * (v["T"] - v["P"]))
        if bound >= 1:
            assert answer.startswith("For none")
            continue
        assert str(bound) in answer
        for shift, expected in ((-1, False), (1, True)):
            near = bound + shift * min(bound, 1 - bound) / 100
            names = {b.name for b in solution.at(**{**v, "delta": near}).branches}
            assert ("grim" in names) is expected


def test_a_wrong_number_in_a_key_would_be_seen() -> None:
    exercise = drawn("association_quadratic").exercises[0]
    line = exercise.working.lines(Role.SYSTEM)[0]
    left, right = line.statement.args
    solved = {x.statement.args[0]: x.statement.args[1] for x in exercise.working.lines(Role.SOLVED)}
    assert put(left - right, solved) == 0
    assert put(left - right - 1, solved) != 0


@pytest.mark.parametrize("interval", ["(0, 1)", "[0, 1)", "(0, oo)", "integers [2, 50]", "[-1, 2]"])
def test_round_values_lie_in_the_interval(interval: str) -> None:
    from coopgame.language.parameters import Interval

    parsed = Interval.parse(interval)
    found = round_values(parsed, sympy.Integer(2) if parsed.integer else sympy.Rational(1, 2))
    assert found and all(value in parsed and value.q <= 20 for value in found)


def test_points_meet_assumptions_that_bind_parameters_together() -> None:
    domain = load_game("efficiency_wage").header.domain
    random = Random(0)
    found = points(domain, random)
    for _ in range(5):
        at = {symbol(name): value for name, value in next(found).items()}
        assert all(decide(c.subs(at)) for c in domain.constraints)
    assert number(drawn_value(domain["q"], random)) <= 1


# --- the command -------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["exercise", *arguments])
    assert result.exit_code == 0, result.output
    return str(result.output)


@pytest.mark.parametrize("shape", FORMATS)
def test_every_format_has_problems_and_answers(shape: str) -> None:
    output = run("inspection", "--seed", "2", "--count", "1", "--format", shape)
    assert "equilibrium at these values" in output
    assert "Yes: " in output or "No: " in output
    without = run("inspection", "--seed", "2", "--count", "1", "--format", shape, "--no-answers")
    assert "Yes: mixed" not in without and "No: mixed" not in without


def test_the_key_goes_to_a_file_of_its_own(tmp_path: Path) -> None:
    key = tmp_path / "key.md"
    output = run("trust", "--count", "1", "--key", str(key))
    text = key.read_text(encoding="utf-8")
    assert "Problem 1" in output and "Answer 1" not in output
    assert "Answer 1" in text and "Problem 1" not in text
    assert text.startswith("# ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["trust", "--count", "0"],
        ["trust", "--count", "51"],
        ["trust", "--seed", "-1"],
        ["trust", "--branch", "nice"],
        ["trust", "--set", "T=x"],
        ["nowhere"],
    ],
)
def test_bad_input_is_answered(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, ["exercise", *arguments])
    assert result.exit_code == 2 and "Traceback" not in result.output


def test_a_count_out_of_bounds_is_refused_by_the_library() -> None:
    with pytest.raises(InputError, match="ask for 1 to"):
        sheet(load_game("trust"), 0, 0)


def test_a_game_of_numbers_has_one_problem() -> None:
    settings = [f"--set={name}" for name in ("w=4", "e=1", "f=1", "c=1", "v=8")]
    result = CliRunner().invoke(main, ["exercise", "inspection", *settings, "--count", "3"])
    assert result.exit_code == 0, result.output
    assert "Problem 1" in result.output and "Problem 2" not in result.output
    assert "only 1 distinct problems" in result.output


# --- a sheet can be solved from the sheet alone ------------------------------------------------


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_a_sheet_is_solved_from_the_sheet_alone(name: str) -> None:
    """The game that its printed text states has, at each problem's values, the key's answers."""
    check_the_text_says_it_all(load_game(name), drawn(name))


def check_the_text_says_it_all(game: Any, found: Sheet) -> None:
    text = str(rendered(sheet_report(found, key=False), "text", width=WIDE))
    key = str(rendered(sheet_report(found, problems=False), "text", width=WIDE))
    again = restated(text)
    for i, exercise in enumerate(found.exercises, start=1):
        given = re.search(rf"Problem {i}\n(?:  Let (.+)\.\n)?", text)
        assert given is not None
        values = dict(each.split(" = ") for each in given[1].split(", ")) if given[1] else {}
        here = {again.name(b.name): b for b in again.game.at(values).branches}
        expected = {b.name: b for b in exercise.solution.branches}
        assert set(here) == set(expected)
        told = key.partition(f"Answer {i}\n")[2].partition("\n\n")[0]
        assert all(f"{name}" in told for name in here)
        if exercise.branch in here:
            own, other = here[exercise.branch], expected[exercise.branch]
            check_same(own.payoffs, other.payoffs)
            asked = [n for n in game.header.shown if n in other.outcomes]
            check_same(own.outcomes, {n: other.outcomes[n] for n in asked})


def check_same(found: Any, expected: Any) -> None:
    for name, value in expected.items():
        difference = sympy.N(found[name] - value, 30)
        assert difference == 0 or abs(difference) < 1e-12, name


@pytest.mark.slow
@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("form", ["normal", "sequential", "level", "belief"])
def test_sheets_of_games_nobody_has_seen_say_it_all(form: str, number: int) -> None:
    game = loads(drawn_by(number, form).text)
    try:
        found = sheet(game, seed=number, count=1)
    except InputError:
        pytest.skip("a game without a round point off every border, or without an equilibrium")
    check_the_text_says_it_all(game, found)


@pytest.mark.parametrize("ending", ["html", "docx", "tex", "pdf"])
def test_the_student_version_and_the_key_are_documents(ending: str, tmp_path: Path) -> None:
    """The questions in the one and the answers in the other, whatever the kind of document."""
    if ending == "pdf":
        pytest.importorskip("typst")
    student, key = tmp_path / f"sheet.{ending}", tmp_path / f"key.{ending}"
    run("hawk_dove", "--count", "1", "-o", str(student), "--key", str(key))
    questions, answers = _words(student), _words(key)
    if ending != "pdf":
        assert "equilibrium at these values" in questions and "They earn" not in questions
        assert "They earn" in answers and "equilibrium at these values" not in answers
    else:
        assert questions.startswith("%PDF") and answers.startswith("%PDF")


def _words(path: Path) -> str:
    """The text of a document, without its tags where it has them."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            return re.sub("<[^>]*>", "", parts.read("word/document.xml").decode())
    text = path.read_bytes().decode("latin-1")
    return re.sub("<[^>]*>", "", text) if path.suffix == ".html" else " ".join(text.split())
