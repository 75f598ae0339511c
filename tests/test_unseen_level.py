"""Level games that nobody had in mind: every shape up to degree four, borders drawn on purpose.

The oracle knows nothing of the solver: levels are looked at one by one on a fine grid, at the roots
that NumPy finds and on either side of each.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import sympy

from coopgame import catalogue
from coopgame.comparative.signs import statics
from coopgame.errors import InputError
from coopgame.forms.gamefile import read_game
from coopgame.forms.level.game import BRANCHES, LevelGame
from coopgame.forms.level.isolated import (
    HighestLevel,
    LevelRanges,
    in_coefficients,
    sign_coefficients,
    slope_in,
)
from coopgame.language.deciding import decide, number
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.javascript import to_javascript
from coopgame.language.mathml import to_mathml
from coopgame.language.printing import symbol, to_latex, to_numpy, to_text
from coopgame.language.roots import ImplicitRoot
from coopgame.pages.slots import Slots
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point
from coopgame.tables.sweep import table

UNSEEN = Path(__file__).parent / "unseen"
UNIT = 'meaning = "m", unit = "1", source = "test"'
CLOSE = 1e-7


def read(text: str) -> LevelGame:
    import tomllib

    section = Section(tomllib.loads(text))
    game = read_game(section, "drawn", "0")
    section.settle()
    assert isinstance(game, LevelGame)
    return game


def draw(seed: int) -> tuple[str, str, str, str, str]:
    """Payoff, gain, outside option, discount and detection, degenerate on purpose."""
    at = random.Random(seed)

    def coefficient(low: int, high: int) -> str:
        return str(sympy.Rational(at.randint(low, high), at.choice([1, 2, 3, 4])))

    def polynomial(degree: int, low: int, high: int, constant: str) -> str:
        terms = [f"({coefficient(low, high)})*a**{i}" for i in range(1, degree + 1)]
        return " + ".join([constant, *terms])

    constant = coefficient(-2, 2) if at.random() < 0.4 else "0"
    payoff = polynomial(at.randint(1, 4), -4, 4, constant)
    if at.random() < 0.1:
        payoff = constant  # nothing depends on the level
    gain = polynomial(at.randint(1, 4), -1, 4, "0")
    if at.random() < 0.1:
        gain = "0"
    outside = constant if at.random() < 0.5 else coefficient(-2, 2)
    discount = at.choice(["0", "1/2", "1/3", "9/10", "3/4"])
    detection = at.choice(["1", "1", "1", "0", "1/2"])
    if at.random() < 0.15:
        payoff = payoff.replace("(1)*", "sqrt(2)*").replace("(1/2)*", "exp(-1)*")
    return payoff, gain, outside, discount, detection


def game_of(parts: tuple[str, str, str, str, str]) -> LevelGame:
    payoff, gain, outside, discount, detection = parts
    return read(
        f'format = 1\nform = "level"\ntitle = "drawn"\nheadline = "constrained"\n'
        f'[parameters]\nd = {{ {UNIT}, domain = "[0, 1)", default = "{discount}" }}\n'
        f'[level]\npayoff = "{payoff}"\ngain = "{gain}"\noutside = "{outside}"\n'
        f'discount = "d"\ndetection = "{detection}"\n'
    )


def oracle(game: LevelGame) -> tuple[float, float, float]:
    """The best level, and the highest and lowest self-enforcing ones up to it, or zeros.

    `game` has no parameters left. Ends of the ranges are roots, so that trying these, points next
    to them and a grid misses none.
    """
    side, a = game.incentive, game.incentive.variable
    pays, excess = sympy.Poly(side.payoff, a), sympy.Poly(side.excess, a)
    numbers = [[float(c) for c in p.all_coeffs()] for p in (pays, excess)]
    slope = np.polyder(np.array(numbers[0]))
    turns = [r.real for r in np.roots(slope) if abs(r.imag) < 1e-6 and 0 < r.real < 1]
    grid = np.linspace(0, 1, 201)
    best = max([*turns, *grid], key=lambda x: (round(float(np.polyval(numbers[0], x)), 9), x))
    crossings = [r.real for r in np.roots(numbers[1]) if abs(r.imag) < 1e-6]
    points = sorted({x for x in (*grid, *crossings, best) if 0 < x <= best + 1e-12})
    held = [x for x in points if np.polyval(numbers[1], x) <= 1e-11]
    if not held:
        return best, 0.0, 0.0
    return best, held[-1], 0.0 if held[0] <= grid[1] else held[0]


def check(seed: int) -> None:
    game = game_of(draw(seed))
    point = game.header.domain.point({})
    solution = game.substitute(point).solve()
    assert solution.is_point and solution.provenance.exact and not solution.provenance.notes
    names = [branch.name for branch in solution.branches]
    assert len(names) == 1 and names[0] in BRANCHES, names
    (branch,) = solution.branches
    assert game.regret(branch, point) <= 1e-20
    best, high, low = oracle(game.substitute(point))
    assert number(branch.outcomes["first_best"]) == pytest.approx(best, abs=1e-2)
    assert number(branch.outcomes["level"]) == pytest.approx(high, abs=CLOSE)
    if "tipping_point" in branch.outcomes:
        assert number(branch.outcomes["tipping_point"]) == pytest.approx(low, abs=1e-2)
    else:
        assert high == 0


@pytest.mark.parametrize("seed", range(40))
def test_levels_of_drawn_games_are_those_of_the_grid(seed: int) -> None:
    check(seed)


def load(name: str) -> LevelGame:
    found = catalogue.load_game(str(UNSEEN / f"{name}.toml"))
    assert isinstance(found, LevelGame)
    return found


def test_nash_reversion_of_a_duopoly() -> None:
    """Of linear demand: 9*(1 - D)*G(1) = D*(pi(1) - pi(0)) with G(1) = A**2/64 and A**2/72.

    So (1 - D)/64 = D/72, D = 9/17. Nothing collapses: low enough levels enforce themselves
    whatever D, as their temptation is of second order.
    """
    game = load("c04_cournot")
    solution = game.solve()
    delta, h = (game.header.domain[name].symbol for name in ("delta", "h"))
    assert sympy.simplify(solution.threshold("delta") - 9 / (17 * (1 - h))) == 0
    assert sympy.simplify(solution.threshold("h") - (1 - sympy.Rational(9, 17) / delta)) == 0
    assert [branch.name for branch in solution.branches] == ["constrained", "full"]
    assert solution.criticals == ()
    assert solution["full"].outcomes["tipping_point"] == 0
    for branch in solution.branches:
        assert len(branch.conditions) == 1 and sympy.true not in branch.conditions
        assert sympy.Symbol("A", real=True) not in branch.conditions[0].free_symbols


def test_nash_reversion_of_n_firms() -> None:
    """delta >= (n + 1)**2/(n**2 + 6*n + 1), which is 9/17 for two (Friedman 1971; Tirole 1988)."""
    game = load("c04b_cournot_n")
    solution = game.solve()
    n = game.header.domain["n"].symbol
    found = solution.threshold("delta")
    assert sympy.simplify(found - (n + 1) ** 2 / (n**2 + 6 * n + 1)) == 0
    assert all(len(branch.conditions) == 1 for branch in solution.branches)
    assert found.subs(n, 2) == sympy.Rational(9, 17)


def test_effort_with_a_cubic_cost() -> None:
    """pi' = b - a**2 is zero at sqrt(b); F = a**3/3 - D*b*a + D*u, a**2/3 = D*b where u = 0."""
    game = load("c09_levin_cubic")
    b, u, delta, h = (game.header.domain[name].symbol for name in ("b", "u", "delta", "h"))
    D = delta * (1 - h)
    solution = game.solve()
    assert not solution.provenance.notes
    constrained = solution["constrained"]
    assert constrained.outcomes["first_best"] == sympy.Min(1, sympy.sqrt(b))
    level = constrained.outcomes["level"]
    assert isinstance(level, ImplicitRoot)
    a = level.args[1]
    assert sympy.expand(level.args[0] - (a**3 / 3 - D * b * a + D * u)) == 0
    alone = game.substitute({"u": sympy.S.Zero}).solve()["constrained"]
    assert sympy.simplify(alone.outcomes["level"] ** 2 - 3 * D * b) == 0
    assert alone.outcomes["tipping_point"] == 0


def test_no_class_name_is_shown_and_every_text_parses_back() -> None:
    game = load("c09_levin_cubic")
    for at in ({}, {"b": "1/2"}, {"b": "1/2", "u": "1/10", "delta": "4/5", "h": "1/10"}):
        solution = game.substitute(game.header.domain.read(at)).solve()
        for branch in solution.branches:
            for value in branch.outcomes.values():
                text = to_text(value)
                assert parse(text, solution.domain.names) == value
                told = text + to_latex(value)
                assert not any(name in told for name in ("Level", "Root", "Implicit", "CRoot"))


def test_files_may_not_state_what_answers_are_told_in() -> None:
    with pytest.raises(InputError, match="not what files state"):
        game_of(("root(a**2 - 2, a, 0, 2)*a", "a", "0", "1/2", "1"))


DEGENERATE = {
    "payoff linear": ("v*a", "a**2", "0"),
    "payoff constant, and no more than outside": ("1", "a", "1"),
    "payoff constant, and more than outside": ("2", "a", "1"),
    "gain linear": ("v*a - a**2/2", "a/2", "0"),
    "gain zero": ("v*a - a**2/2", "0", "0"),
    "outside is the payoff at nothing": ("1 + v*a - a**2/2", "a**2 + a/5", "1"),
    "cubic cost": ("v*a - a**3/3", "a**3/3", "0"),
    "fourth power, outside as at nothing": ("v + v*a - a**4", "a**4/4 + a/9", "v"),
    "nothing to gain or lose": ("v", "0", "v"),
}


@pytest.mark.parametrize("discount, detection", [("d", "1"), ("d", "0"), ("0", "1/2")])
@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_games_have_one_branch_at_every_point(
    name: str, discount: str, detection: str
) -> None:
    payoff, gain, outside = DEGENERATE[name]
    parts = {"payoff": payoff, "gain": gain, "outside": outside}
    text = "".join(f'{key} = "{value}"\n' for key, value in parts.items())
    used = payoff + outside + discount
    parameters = {"v": "(0, 2]", "d": "[0, 1)"}
    table = "".join(
        f'{key} = {{ {UNIT}, domain = "{domain}", default = "1/2" }}\n'
        for key, domain in parameters.items()
        if key in used
    )
    game = read(
        'format = 1\nform = "level"\ntitle = "t"\nheadline = "full"\n'
        f"[parameters]\n{table}[level]\n{text}"
        f'discount = "{discount}"\ndetection = "{detection}"\n'
    )
    solution = game.solve()
    names = game.header.domain.names
    assert not any(sympy.true in branch.conditions for branch in solution.branches)
    for v in ("1/5", "1", "2"):
        for d in ("0", "3/4"):
            at = {key: value for key, value in (("v", v), ("d", d)) if key in names}
            point = game.header.domain.point(at)
            direct = game.substitute(point).solve()
            there = [b for b in solution.branches if holds(b, point)]
            assert [b.name for b in there] == [b.name for b in direct.branches]
            assert len(direct.branches) == 1
            _, high, _ = oracle(game.substitute(point))
            assert number(direct.branches[0].outcomes["level"]) == pytest.approx(high, abs=CLOSE)


def holds(branch: Branch, point: Point) -> bool:
    at = {symbol(name): value for name, value in point.items()}
    return all(decide(condition.subs(at)) for condition in branch.conditions)


# --- nothing that the domain has settled -------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "text", "none", "first_best"),
    [
        # A breach gains nothing: only the outside option, or no future, keeps a side away.
        ({"b": "[0, oo)", "u": "(-oo, oo)"}, 'payoff = "b*a"\ngain = "0"\noutside = "u"',
         "d*(u - b) > 0", "1"),
        # Efficiency wages (Shapiro and Stiglitz): w < b + e is a case of the one condition.
        ({"w": "(0, oo)", "e": "(0, oo)", "q": "[0, 1]", "b": "[0, oo)"},
         'payoff = "(w - e)*a + b*(1 - a)"\ngain = "e*a"\noutside = "b"\ndetection = "q"',
         "d*(e + q*(w - b - e)) < e", None),
        # n sellers share what one could have alone: d >= 1 - 1/n.
        ({"M": "(0, oo)", "n": "integers [2, 20]"}, 'payoff = "M*a/n"\ngain = "M*a - M*a/n"',
         "d*n < n - 1", "1"),
        # A convex payoff that rises all the way is greatest at 1.
        ({"A": "(0, oo)"}, 'payoff = "A*a**3"\ngain = "a**3 + a**4/4"', "d*(A + 1) <= 1", "1"),
    ],
)  # fmt: skip
def test_what_the_domain_settles_is_not_left_open(
    parameters: dict[str, str], text: str, none: str, first_best: str | None
) -> None:
    lines = "".join(
        f'{name} = {{ {UNIT}, domain = "{domain}", default = "2" }}\n'.replace(
            'default = "2"', 'default = "1"' if "[0, 1]" in domain else 'default = "2"'
        )
        for name, domain in parameters.items()
    )
    game = read(
        'format = 1\nform = "level"\ntitle = "t"\nheadline = "full"\n'
        f'[parameters]\n{lines}d = {{ {UNIT}, domain = "[0, 1)", default = "1/2" }}\n'
        f'[level]\n{text}\ndiscount = "d"\n'
    )
    (found,) = game.solve()["none"].conditions
    wanted = parse_condition(none, {*parameters, "d"})
    assert not isinstance(found, sympy.Or)
    for one, other in ((found, wanted), (wanted, found)):
        proof = implies([*game.header.domain.constraints, one], other, game.header.domain.integers)
        assert proof.verdict is Verdict.PROVED
    if first_best is not None:
        for name in ("first_best", "social_first_best"):
            assert to_text(game.solve()["none"].outcomes[name]) == first_best


def test_a_collapse_names_no_case_that_cannot_be() -> None:
    """Two sides, n*a shared, costs a**2/2 and a: n <= 3/2 with n > 4*n/3 is nowhere."""
    game = catalogue.load_game(str(UNSEEN / "team.toml"))
    (critical,) = game.solve().criticals
    n = game.header.domain["n"].symbol
    assert sympy.simplify(critical.expression.subs(n, 3)) == sympy.Rational(1, 3)
    assert not critical.expression.has(sympy.And)


def test_a_level_without_a_formula_has_an_elasticity() -> None:
    """G = a**3/3 and pi - u = b*a - a**3/3 - u: at the level a**3/3 - D*b*a + D*u = 0.

    By the implicit function theorem da/db = D*a/(a**2 - D*b), so that the elasticity in b is
    D*b/(a**2 - D*b).
    """
    game = catalogue.load_game(str(UNSEEN / "c09_levin_cubic.toml"))
    wanted = ["level", "elasticity:level:b"]
    rows = table(game, {"delta": ["1/4", "1/3"]}, {"b": 1, "u": "1/20"}, wanted).rows()
    held = [row for row in rows if row[2] == "value" and row[1] == "constrained"]
    assert len(held) == 2
    for weight, _, _, level, moves in held:
        assert level**3 / 3 - weight * level + weight / 20 == pytest.approx(0, abs=1e-9)
        assert moves == pytest.approx(weight / (level**2 - weight))


def test_an_extremum_moves_within_an_equilibrium_no_other_way_than_over_all_of_them() -> None:
    """The set of levels that enforce themselves grows in b and delta and shrinks in u and h."""
    found = statics(catalogue.load_game(str(UNSEEN / "c09_levin_cubic.toml")), ["level"])
    for parameter, sign in zip(("b", "u", "delta", "h"), "+-+-", strict=True):
        row = found.row("level", parameter, "constrained")
        assert row.sign == sign and row.verdict is Verdict.PROVED and row.witnesses


def test_each_isolated_level_moves_as_its_equation_says() -> None:
    """The highest level follows the side that binds: F1 = a - p below 1/2, F2 = a - 1/2 above."""
    p, a = symbol("p"), symbol("a")
    level = HighestLevel(*in_coefficients([a - p, a - sympy.S.Half], a, a))
    slope = slope_in(level, p)
    for at, right in (("1/4", 1), ("3/4", 0)):
        assert slope.subs(p, sympy.Rational(at)) == right


def test_a_payoff_that_loses_its_bend_at_a_border() -> None:
    """pi = b*a - c*a**2/2 with c from 0 on: the best level is b/c within [0, 1], and 1 at c = 0.

    F = (1 - D)*(a**2 + a/5) - D*pi/2 at c = 0 and D = 3/5 is a*(2/25 - 3*b/10) + 2*a**2/5, with its
    root at (15*b - 4)/20: 4/5 of it at b = 4/3.
    """
    game = read(
        'format = 1\nform = "level"\ntitle = "t"\nheadline = "constrained"\n'
        '[level]\npayoff = "b*a - c*a**2/2"\ngain = "a**2 + a/5"\ndiscount = "3/5"\n'
        f'detection = "1/2"\n[parameters]\nb = {{ {UNIT}, domain = "(-1, 3]", default = "1" }}\n'
        f'c = {{ {UNIT}, domain = "[0, 2]", default = "1/10" }}\n'
    )
    rows = table(game, {"b": [0, "4/3", 3], "c": [0, 2]}, outcomes=["level", "first_best"]).rows()
    found = {(round(b, 3), c): values for b, c, _, status, *values in rows if status == "value"}
    assert found[0, 0] == [0, 1]
    assert found[1.333, 0] == pytest.approx([4 / 5, 1])
    assert found[0, 2] == [0, 0]


def test_outcomes_that_ask_which_piece_a_level_is_in() -> None:
    """b*a - c*a**2/2 is best at b/c within [0, 1]: above 1/2 where b >= c, or b > 0 and b/c > 1/2.

    SymPy makes a choice between conditions of the comparison; it is told by "and" and "or".
    """
    b, c = symbol("b"), symbol("c")
    best = sympy.Piecewise((1, b >= c), (0, b <= 0), (b / c, True))
    asked = sympy.Piecewise((best, best > sympy.S.Half), (0, True))
    assert asked.has(sympy.ITE)
    back = parse(to_text(asked), {"b", "c"})
    for point, right in (((1, 1), 1), ((3, 4), sympy.Rational(3, 4)), ((1, 3), 0), ((-1, 1), 0)):
        at = dict(zip((b, c), map(sympy.Integer, point), strict=True))
        assert back.subs(at) == right == asked.subs(at)
    page = to_javascript([asked], ["b", "c"])
    assert "ITE" not in page + to_latex(asked) + to_mathml(asked)


def test_a_payoff_that_falls_has_no_level_at_its_optimum() -> None:
    """Payoff w - c*a is best at nothing, so that nothing is all there is, with no condition."""
    game = read(
        'format = 1\nform = "level"\ntitle = "t"\n[level]\npayoff = "w - c*a"\n'
        'gain = "c*a + g*a**2"\ndiscount = "1/2"\noutside = "0"\n[parameters]\n'
        f'w = {{ {UNIT}, domain = "[0, 1)", default = "0" }}\n'
        f'c = {{ {UNIT}, domain = "(0, 3]", default = "1" }}\n'
        f'g = {{ {UNIT}, domain = "[0, 1]", default = "1" }}\n'
    )
    (only,) = game.solve().branches
    assert (only.name, only.conditions, only.outcomes["first_best"]) == ("none", (), 0)


def test_a_page_tells_levels_that_are_no_interval_without_a_number() -> None:
    a = symbol("a")
    levels = LevelRanges(*in_coefficients([a * symbol("b") - 1], a, a))
    slots = Slots(["b"])
    assert slots.quantity("self_enforcing", levels).slot is None and not slots.known
    assert "no closed form" in to_mathml(levels)


def test_a_piece_that_divides_by_zero_has_no_value_and_the_others_keep_theirs() -> None:
    """The optimum b/c at c = 0 on its own piece, b > 1: NaN there, and 0 elsewhere.

    A file with `piecewise(a, a > 1/2, 0)` whose default is c = 0 could not be drawn.
    """
    b, c = symbol("b"), symbol("c")
    at = sympy.Piecewise((b / c, b > 1), (0, True)).xreplace({c: sympy.S.Zero})
    assert at.has(sympy.zoo)
    asked = sympy.And(b > 0, sympy.Gt(sympy.zoo * b, 1, evaluate=False), evaluate=False)
    found, holds = to_numpy([at, asked], ["b"])(np.array([0.0, 1.0, 2.0]))
    assert list(found[:2]) == [0, 0] and np.isnan(found[2])
    assert not np.any(holds)


def test_where_no_level_ever_enforces_itself_there_is_one_branch() -> None:
    """With no future F = c*a**2/2, which is positive at every positive level."""
    solution = load("never_level").solve()
    (branch,) = solution.branches
    assert (branch.name, branch.conditions, solution.provenance.notes) == ("none", (), ())


def test_a_power_of_the_level_has_no_say_in_the_sign_of_its_constraint() -> None:
    """F = a**2*(a - x) in coefficients: those of a - x, with the levels (0, x]."""
    a, x = sympy.symbols("a x", real=True)
    half, coefficients = sympy.Rational(1, 2), sign_coefficients(a**3 - x * a**2, a)
    assert coefficients == sympy.Tuple(1, -x)
    level = HighestLevel(sympy.Tuple(coefficients.subs(x, half)), sympy.Tuple((1, 0), (1,)))
    assert level == half
