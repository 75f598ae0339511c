"""`explain`: every displayed equation of every derivation is checked, by substitution and by proof.

What a line must satisfy depends on the part it plays (`coopgame.forms.derivation.Role`): solutions
solve the displayed equations, the displayed incentive constraints hold together exactly where the
branch's conditions do (Z3, both ways), and what is said of the equilibrium is true at a point of
its region.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy
from click.testing import CliRunner

from coopgame.catalogue import files, load_game
from coopgame.cli import main
from coopgame.forms.base import Game
from coopgame.forms.derivation import Derivation, Line, Role, put
from coopgame.forms.gamefile import read_game
from coopgame.forms.level.isolated import HighestLevel
from coopgame.language.deciding import decide
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import Verdict, feasible, implies
from coopgame.reading.section import Section
from coopgame.report.derivations import lecture_report
from coopgame.report.latex import fragment
from coopgame.solution import Branch, Solution
from coopgame.teaching.lecture import Lecture, lecture
from coopgame.teaching.rounds import points

ROOT = Path(__file__).resolve().parent.parent
STARTERS = [str(path) for path in sorted((ROOT / "games" / "starters").glob("*.toml"))]
GAMES = [*files("catalogue"), *STARTERS]
FORMATS = ("text", "markdown", "latex", "csv", "json")
MOST_STEPS = 15


@cache
def told_of(name: str) -> tuple[Game, Lecture]:
    game = load_game(name)
    return game, lecture(game, signs=False)


def solved(name: str) -> tuple[Game, Solution]:
    game, told = told_of(name)
    return game, told.solution


def label(name: str) -> str:
    return Path(name).stem


# --- the checks --------------------------------------------------------------------------------


def check(game: Game, solution: Solution, branch: Branch) -> Derivation:
    """Every line of the derivation of a branch, by the part it plays."""
    told = game.derivation(branch)
    assert told.branch == branch.name and len(told.steps) >= 3
    highest = {symbol("highest"): h for c in branch.conditions for h in c.atoms(HighestLevel)}
    stated = tuple(put(line.statement, highest) for line in told.lines(Role.CONDITION))
    assert stated == tuple(c for c in branch.conditions if c != sympy.true)
    for line in told.lines(Role.SYSTEM):
        check_zero(told, line, game, branch)
    for step in told.steps:
        if step.kind is Role.SAME:
            check_same([told.resolved(line.statement) for line in step.lines], game)
    if any(step.kind is Role.INCENTIVE for step in told.steps):
        wanted = [told.resolved(line.statement) for line in told.lines(Role.INCENTIVE)]
        check_equivalent(wanted, branch, game)
    check_values(told, game, branch)
    return told


def check_zero(told: Derivation, line: Line, game: Game, branch: Branch) -> None:
    """The solution put into an equation leaves nothing: exactly, or to 40 digits at a point."""
    left, right = told.resolved(line.statement).args
    rest = sympy.simplify(left - right)
    if rest != 0:
        at = witness(game, branch)
        assert at is not None and rest.free_symbols <= set(at), f"{line}: leaves {rest}"
        assert abs(sympy.N(rest.subs(at), 50)) < 10**-40, f"{line}: leaves {rest}"


def check_same(statements: list[Any], game: Game) -> None:
    """Each statement implies the next, over the domain and whatever the level is."""
    domain = game.header.domain
    for one, other in zip(statements, [*statements[1:], statements[0]], strict=True):
        free = (one.free_symbols | other.free_symbols) - set(domain.symbols)
        unit = [c for variable in free for c in (variable >= 0, variable <= 1)]
        found = implies([*domain.constraints, *unit, one.doit()], other.doit(), domain.integers)
        assert found.verdict is Verdict.PROVED, f"{to_text(one)} and {to_text(other)} differ"


def check_equivalent(wanted: list[Any], branch: Branch, game: Game) -> None:
    """The incentive constraints hold together exactly where the branch's conditions do."""
    domain = game.header.domain
    asked, stated = sympy.And(*(w.doit() for w in wanted)), sympy.And(*branch.conditions)
    for premises, goal in (
        ([w.doit() for w in wanted], stated),
        (list(branch.conditions), asked),
    ):
        found = implies([*domain.constraints, *premises], goal, domain.integers)
        assert found.verdict is not Verdict.REFUTED, f"{branch.name}: differs at {found.witness}"
        if found.verdict is Verdict.UNDECIDED:
            check_at_points(wanted, branch, game)


def check_at_points(wanted: list[Any], branch: Branch, game: Game) -> None:
    for values in islice(points(game.header.domain, Random(1)), 30):
        at = {symbol(name): value for name, value in values.items()}
        assert all(holds(w, at) for w in wanted) is all(holds(c, at) for c in branch.conditions)


def holds(statement: Any, at: dict[sympy.Symbol, sympy.Expr]) -> bool:
    if isinstance(statement, sympy.And | sympy.Or):
        every = all if isinstance(statement, sympy.And) else any
        return every(holds(part, at) for part in statement.args)
    return decide(statement.subs(at).doit())


def witness(game: Game, branch: Branch) -> dict[sympy.Symbol, sympy.Expr] | None:
    domain = game.header.domain
    found = feasible([*domain.constraints, *branch.conditions], domain.integers).witness
    if found is None:
        return None
    return {p.symbol: found.get(p.symbol, p.default) for p in domain.parameters}


def check_values(told: Derivation, game: Game, branch: Branch) -> None:
    """What is said of the equilibrium holds at a point of its region, payoffs included."""
    at = witness(game, branch)
    if at is None or any(not holds(c, at) for c in game.header.domain.constraints):
        return
    for line in told.lines(Role.VALUE):
        resolved = told.resolved(line.statement)
        left, right = resolved.args
        if isinstance(resolved, sympy.Eq) and left.is_Symbol:
            check_payoff(left.name, right.subs(at), branch, at)
        elif resolved.free_symbols <= set(at) and not isinstance(resolved, sympy.Eq):
            assert holds(resolved, at), f"{branch.name}: {to_text(line.statement)} at {at}"


def check_payoff(name: str, shown: sympy.Expr, branch: Branch, at: dict[Any, Any]) -> None:
    who = name.removesuffix("_payoff").removeprefix("value_")
    assert who in branch.payoffs, name
    assert abs(sympy.N(shown - branch.payoffs[who].subs(at), 50)) < 10**-30, (name, shown)


def headline(solution: Solution) -> Branch:
    known = {branch.name: branch for branch in solution.branches}
    return known.get(solution.headline, solution.branches[0])


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_the_headline_is_derived_line_by_line(name: str) -> None:
    game, solution = solved(name)
    check(game, solution, headline(solution))


@pytest.mark.slow
@pytest.mark.parametrize("name", GAMES, ids=label)
def test_every_other_equilibrium_is_derived_line_by_line(name: str) -> None:
    game, solution = solved(name)
    for branch in solution.branches:
        if branch is not headline(solution):
            check(game, solution, branch)


def test_a_wrong_line_would_be_seen() -> None:
    """A temptation left out, or a value that solves another equation, fails the same checks."""
    game, solution = solved("trust")
    branch = solution["grim"]
    told = game.derivation(branch)

    class Wrong:
        header = game.header

        def derivation(self, equilibrium: Branch) -> Derivation:
            return replace(told, steps=tuple(spoilt(step) for step in told.steps))

    def spoilt(step: Any) -> Any:
        kept = tuple(line for line in step.lines if not to_text(line.statement).startswith(target))
        return replace(step, lines=kept)

    for target in ("V1 >= ", "delta"):
        with pytest.raises(AssertionError):
            if target == "V1 >= ":
                without = [told.resolved(x.statement) for x in told.lines(Role.INCENTIVE)][1:2]
                check_equivalent(without, branch, game)
            check(Wrong(), solution, branch)  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        line = told.lines(Role.SYSTEM)[0]
        left, right = line.statement.args
        check_zero(told, Line(sympy.Eq(left, right + 1, evaluate=False)), game, branch)


# --- known results -----------------------------------------------------------------------------


def statements(told: Derivation, kind: Role) -> list[str]:
    return [to_text(line.statement) for line in told.lines(kind)]


def test_grim_is_derived_as_on_the_blackboard() -> None:
    """V = R/(1-D) for ever, against T now and P/(1-D) after: D*(T-P) >= T-R (Friedman 1971)."""
    game, solution = solved("trust")
    told = game.derivation(solution["grim"])
    assert statements(told, Role.SYSTEM) == ["V1 == D*V1 + R", "V2 == D*V2 + P"]
    assert statements(told, Role.SOLVED) == ["V1 == R/(1 - D)", "V2 == P/(1 - D)"]
    assert statements(told, Role.INCENTIVE) == [
        "V1 >= D*V2 + T",
        "V2 >= D*V2 + S",
        "D*(T - P) >= T - R",
    ]


def test_the_inspection_game_is_solved_by_indifference() -> None:
    """The agent works with (w - c)/w and the principal inspects with e/(w + f): each keeps the
    other indifferent (Fudenberg and Tirole 1991, section 1.1)."""
    game, solution = solved("inspection")
    told = game.derivation(solution["mixed"])
    assert "agent_work == (w - c)/w" in statements(told, Role.SOLVED)
    assert "principal_inspect == e/(f + w)" in statements(told, Role.SOLVED)


def test_tit_for_tat_is_compared_with_the_best_replies() -> None:
    told = lecture(solved("trust")[0], "tit_for_tat", signs=False).derivation
    abouts = [line.about for line in told.lines(Role.INCENTIVE)]
    assert "each: rather than D, C in turn" in abouts
    assert "each: rather than D, then D for ever" in abouts


# --- games of one's own ------------------------------------------------------------------------

OWN = """
format = 1
form = "{form}"
title = "A test"
description = "A game with awkward names."
source = "own"
headline = "{headline}"
{body}
"""


def parameter(name: str, domain: str = "(0, oo)", default: str = "1", role: str = "") -> str:
    kept = f', role = "{role}"' if role else ""
    about = f'meaning = "{name}", unit = "1", source = "own"{kept}'
    return f'{name} = {{ {about}, domain = "{domain}", default = "{default}" }}'


def own(form: str, headline: str, parameters: list[str], body: str, first: str = "") -> Game:
    import tomllib

    text = "\n".join([first, "[parameters]", *parameters, body])
    data = tomllib.loads(OWN.format(form=form, headline=headline, body=text))
    section = Section(data)
    game = read_game(section, "own", "")
    section.settle()
    return game


def check_all(game: Game) -> Derivation:
    solution = game.solve()
    assert solution.branches
    told = [check(game, solution, branch) for branch in solution.branches]
    lecture(game)
    return told[0]


def test_letters_keep_clear_of_the_names_of_parameters() -> None:
    """A repeated game whose parameters are called as the argument would call its values."""
    names = [parameter("V1", default="5"), parameter("V2", default="3"), parameter("W1")]
    names += [parameter("D", "(0, 1)", "1/2", "discount"), parameter("x", "[0, 1)", "0", "hazard")]
    body = """
[stage]
players = { one = ["C", "D"], two = ["C", "D"] }
[stage.payoffs]
"C,C" = ["V2", "V2"]
"C,D" = ["0", "V1"]
"D,C" = ["V1", "0"]
"D,D" = ["W1", "W1"]
"""
    first = 'profiles = ["grim", "always_defect"]\nassumptions = ["V1 > V2", "V2 > W1"]'
    told = check_all(own("repeated", "grim", names, body, first))
    taken = {"V1", "V2", "W1", "D", "x"}
    letters = {str(line.statement.args[0]) for line in told.lines(Role.SOLVED)}
    assert letters and not letters & taken


def test_a_level_game_whose_parameters_are_called_as_its_letters() -> None:
    names = [parameter(name) for name in ("A", "B", "level", "V", "F")]
    names += [parameter("D", "(0, 1)", "1/2", "discount"), parameter("C", "[0, 1)", "0", "hazard")]
    body = """
[level]
variable = "a_best"
payoff = "B*a_best - A*a_best**2/2 - V"
gain = "A*a_best**2/2 + F*a_best"
outside = "level"
discount = "D*(1 - C)"
"""
    check_all(own("level", "constrained", names, body))


def test_levels_of_every_shape_are_derived() -> None:
    """F linear, concave, of unknown curvature and of the third degree: the latter two isolated."""
    names = [parameter("b"), parameter("c", default="2")]
    names.append(parameter("delta", "(0, 1)", "1/2", "discount"))
    shapes = {
        "linear": ("b*a", "c*a"),
        "concave": ("b*a", "c*a - a**2/8"),
        "of either sign": ("b*a - a**2/4", "c*a - a**2/8"),
        "cubic": ("b*a - a**2/2", "c*a**3"),
    }
    for payoff, gain in shapes.values():
        body = f'[level]\npayoff = "{payoff}"\ngain = "{gain}"\ndiscount = "delta"'
        body += '\noutside = "0"'
        first = 'assumptions = ["c >= 2"]'
        check_all(own("level", "constrained", names, body, first))


def test_a_regime_chain_is_derived() -> None:
    runner = CliRunner()
    result = runner.invoke(main, ["explain", "alliance_dated", "--no-signs"])
    assert result.exit_code == 0, result.output
    assert "under first play C" in result.output


def test_three_players_and_a_large_tree_are_derived() -> None:
    profiles = [f"{a},{b},{c}" for a in "LR" for b in "LR" for c in "LR"]
    rows = [
        f'"{p}" = ["{"g" if len(set(p)) == 2 else "0"}", "g", "{p.count("L")}"]' for p in profiles
    ]
    body = "\n".join(
        ['[players]\nx = ["L", "R"]\ny = ["L", "R"]\nz = ["L", "R"]', "[payoffs]", *rows]
    )
    check_all(own("normal", "L,L,L", [parameter("g")], body))
    nodes = [
        f'n{i} = {{ player = "p", actions = {{ go = "n{i + 1}", stop = ["{i}*g", "1"] }} }}'
        for i in range(1, 10)
    ]
    last = 'n10 = { player = "q", actions = { go = ["20*g", "2"], stop = ["9*g", "3"] } }'
    body = "\n".join(["[tree]", *nodes, last])
    first = 'players = ["p", "q"]\nroot = "n1"'
    headline = ",".join(["stop"] * 9 + ["stop"])
    told = check_all(own("sequential", headline, [parameter("g")], body, first))
    assert len(told.steps) < MOST_STEPS


def test_a_contract_without_feasible_terms_says_so() -> None:
    names = [parameter("y"), parameter("e")]
    body = """
[terms]
w = { meaning = "wage", unit = "money", domain = "[0, 1]" }
[modes.employ]
terms = ["w"]
objective = "y - w"
[modes.employ.constraints]
participation = "w >= e"
"""
    game = own("contract", "employ", names, body, 'chooser = "principal"')
    solution = game.solve()
    for branch in solution.branches:
        check(game, solution, branch)
    assert "infeasible" in {branch.name for branch in solution.branches}


# --- the whole lecture -------------------------------------------------------------------------


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_a_lecture_is_short_and_its_thresholds_hold(name: str) -> None:
    game, told = told_of(name)
    assert len(told.derivation.steps) + 1 <= MOST_STEPS
    assert told.derivation.steps[0].heading == "The game"
    check_thresholds(game, told.branch, told.derivation)


def check_thresholds(game: Game, branch: Branch, told: Derivation) -> None:
    """Where the branch holds, so does each bound; at a bound some condition is an equation.

    At points where no denominator of the bound vanishes.
    """
    domain = game.header.domain
    lines = [
        line for line in told.lines(Role.THRESHOLD) if line.statement.args[0] in domain.symbols
    ]
    for values in islice(points(domain, Random(1), 0.8), 20 if lines else 0):
        at = {symbol(name): value for name, value in values.items()}
        if all(holds(c, at) for c in branch.conditions):
            for line in lines:
                check_bound(line, branch, at)


def check_bound(line: Line, branch: Branch, at: dict[Any, Any]) -> None:
    left, right = line.statement.args
    parts = right.args if isinstance(right, sympy.Max | sympy.Min) else (right,)
    if not all(part.subs(at).is_finite for part in parts):
        return
    bound = right.subs(at)
    assert holds(line.statement, at), f"{to_text(line.statement)} at {at}"
    gaps = [c.lhs - c.rhs for c in branch.conditions if c.has(left)]
    border = {**at, left: bound}
    assert any(sympy.simplify(gap.subs(border)) == 0 for gap in gaps), to_text(line.statement)


@pytest.mark.parametrize("name", ["trust", "inspection", "efficiency_wage", "relation"])
def test_every_sign_shown_has_a_proved_reason(name: str) -> None:
    game = load_game(name)
    told = lecture(game)
    domain, branch = game.header.domain, told.branch
    lines = told.derivation.lines(Role.SIGN)
    assert lines
    for line in lines:
        about = line.about.split("/")[0]
        tied = [
            c
            for tie in branch.implicit.values()
            for c in (sympy.Eq(tie.equation, 0), *tie.conditions)
            if about == "dF" and tie is branch.implicit.get("level")
        ]
        premises = [*domain.constraints, *branch.conditions, *tied]
        found = implies(premises, line.statement.doit(), domain.integers)
        assert found.verdict is Verdict.PROVED, f"{line.about}: {to_text(line.statement)}"


def test_the_signs_are_those_of_the_table_of_signs() -> None:
    told = lecture(load_game("trust"))
    grid = told.derivation.steps[-1].grids[0]
    assert grid.columns == ("as it rises", "cooperation", "belief", "its region")
    by_name = {str(row[0]): row[1:] for row in grid.rows}
    assert by_name["h"] == ("stays", "rises", "shrinks")
    assert by_name["delta"] == ("stays", "falls", "grows")


# --- formats -----------------------------------------------------------------------------------


def explained(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["explain", *arguments])
    assert result.exit_code == 0, result.output
    return str(result.output)


@pytest.mark.parametrize("shape", FORMATS)
def test_every_format_tells_every_step(shape: str) -> None:
    output = explained("trust", "--no-signs", "--format", shape)
    for heading in ("The incentive constraint", "The condition", "The thresholds"):
        assert heading in output
    assert not re.search(r"\bnan\b|Traceback", output)


def test_text_reads_well() -> None:
    output = explained("relation", "--no-signs")
    assert "==" not in output
    assert "D = delta*(1 - h)*(1 - x)" in output
    assert "gain from full co-operation" in output
    assert max(map(len, output.splitlines())) <= 100


def latex_faults(text: str) -> Iterator[str]:
    """What a strict reading finds wrong: environments, braces, and bare special characters."""
    stack: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
        if kind == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            yield f"unmatched end of {name}"
    yield from (f"{name} is not ended" for name in stack)
    bare = re.sub(r"\\.", "", text)
    if bare.count("{") != bare.count("}"):
        yield "unbalanced braces"
    outside = re.sub(r"\$[^$]*\$|\\begin\{align\*\}.*?\\end\{align\*\}", "", text, flags=re.DOTALL)
    yield from (f"bare {mark}" for mark in re.findall(r"(?<!\\)[_^#]", re.sub(r"%.*", "", outside)))


def document(fragments: list[str]) -> str:
    head = r"\documentclass{article}\usepackage{amsmath,array,booktabs}\begin{document}"
    return "\n".join([head, *fragments, r"\end{document}"])


@cache
def latex_of(name: str) -> str:
    return fragment(lecture_report(told_of(name)[1]))


@pytest.mark.parametrize("name", GAMES, ids=label)
def test_the_latex_is_well_formed(name: str) -> None:
    assert list(latex_faults(latex_of(name))) == []


def test_the_strict_reading_of_latex_can_fail() -> None:
    assert list(latex_faults(r"\begin{align*} x \end{itemize}"))
    assert list(latex_faults("a_b"))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex; read strictly instead")
def test_the_latex_compiles(tmp_path: Path) -> None:
    """All games in one document."""
    (tmp_path / "all.tex").write_text(document([latex_of(name) for name in GAMES]), "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


# --- what can go wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["trust", "--branch", "nice"], "no equilibrium 'nice'"),
        (["trust", "--set", "zzz=1"], "unknown parameter"),
        (["nowhere"], "no game is called"),
        (["trust", "--set", "T=0", "--set", "R=1"], "T"),
    ],
)
def test_bad_input_is_answered(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(main, ["explain", *arguments])
    assert result.exit_code == 2
    assert told in result.output and "Traceback" not in result.output


def test_a_game_of_numbers_is_explained(tmp_path: Path) -> None:
    """With all parameters set there is nothing left to solve for, and nothing to sign."""
    settings = [f"--set={name}" for name in ("T=5", "R=3", "P=1", "S=0", "delta=9/10", "h=0")]
    output = explained("trust", *settings)
    assert "V1 = 30" in output
    nfg = tmp_path / "game.nfg"
    nfg.write_text('NFG 1 R "x" { "a" "b" } { 2 2 }\n1 1 0 0 0 0 1 1\n', encoding="utf-8")
    assert "The incentive constraint" in explained(str(nfg))


def test_an_effective_discount_factor_is_told_before_it_is_used() -> None:
    output = explained("efficiency_wage", "--no-signs")
    assert output.index("D = delta*(1 - h)") < output.index("D*(e + u)")
