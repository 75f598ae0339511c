"""Repeated games that nobody wrote for the solver: right answers by hand, and brute force."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sympy
from sympy import Rational

import coopgame as cg
from coopgame.catalogue import check_file, load_game
from coopgame.errors import InputError
from coopgame.findings.statements import prove
from coopgame.forms.gamefile import read_game
from coopgame.forms.repeated.game import Repeated
from coopgame.forms.repeated.starting import Starting, belief
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.pictures.setting import setting
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.solution import Branch, Provenance, Solution
from tests.unseen_repeated import Numbers, concept, drawn, points

UNSEEN = Path(__file__).parent / "unseen"
T, R, P, S, delta, h, b, c, x, r = map(
    symbol, ["T", "R", "P", "S", "delta", "h", "b", "c", "x", "r"]
)


def load(name: str) -> Repeated:
    game = load_game(str(UNSEEN / f"{name}.toml"))
    assert isinstance(game, Repeated)
    return game


def stated(name: str) -> dict[str, Any]:
    return tomllib.loads((UNSEEN / f"{name}.toml").read_text())


def read(data: dict[str, Any]) -> Repeated:
    section = Section(copy.deepcopy(data))
    game = read_game(section, "test", "")
    section.settle()
    assert isinstance(game, Repeated)
    return game


def same_region(domain: Domain, one: Any, other: Any) -> bool:
    return all(
        implies([*domain.constraints, *a], sympy.And(*b), domain.integers).verdict is Verdict.PROVED
        for a, b in ((one, other), (other, one))
    )


# --- functions in the payoffs and in the discount factor ---------------------------------------


def test_a_discount_factor_that_is_an_exponential() -> None:
    """R/(1-D) >= T + D*P/(1-D) with D = exp(-r): grim where exp(-r) >= (T-R)/(T-P)."""
    solution = load("c70_exp").solve()
    (condition,) = solution["grim"].conditions
    assert sympy.simplify(condition.lhs - condition.rhs - (sympy.exp(-r) * (T - P) - T + R)) == 0
    assert "grim" in [branch.name for branch in solution.at(r="69/100").branches]  # log 2 = 0.693
    assert "grim" not in [branch.name for branch in solution.at(r="7/10").branches]


@pytest.mark.parametrize(
    ("discount", "holds", "fails"),
    [("sqrt(q)", "1/4", "6/25"), ("1/(1 + log(1 + q))", "171/100", "172/100"),
     ("q**2", "71/100", "70/100"), ("min(q, 1/2)", "1/2", "2/5")],
)  # fmt: skip
def test_other_functions_in_the_discount_factor(discount: str, holds: str, fails: str) -> None:
    """At (5, 3, 1, 0) grim needs D >= 1/2: sqrt(q) from 1/4 on; 1/(1 + log(1 + q)) up to
    q = e - 1 = 1.718; q**2 from 0.7071 on; min(q, 1/2) from 1/2 on."""
    data = stated("c70_exp") | {"discount": discount, "profiles": ["always_defect", "grim"]}
    domain = "(0, oo)" if "log" in discount else "(0, 1)"
    rate = data["parameters"].pop("r") | {"domain": domain, "default": "1/3"}
    data["parameters"]["q"] = rate
    solution = read(data).solve()
    for value, expected in ((holds, True), (fails, False)):
        assert ("grim" in [branch.name for branch in solution.at(q=value).branches]) is expected


def test_irrational_payoffs_at_given_values() -> None:
    """T = 3 + sqrt(2), R = 3, P = 1, D = exp(-r): grim where exp(-r) >= sqrt(2)/(2 + sqrt(2)),
    about 0.4142, that is up to r = 0.8814."""
    data = stated("c70_exp")
    data["stage"]["payoffs"] = {
        "C,C": ["3", "3"], "C,D": ["0", "3 + sqrt(2)"], "D,C": ["3 + sqrt(2)", "0"],
        "D,D": ["1", "1"],
    }  # fmt: skip
    data["parameters"] = {"r": data["parameters"]["r"]}
    data["assumptions"] = []
    game = read(data)
    for rate, listed in (("88/100", True), ("89/100", False)):
        found = game.substitute(game.header.domain.point({"r": rate})).solve()
        assert ("grim" in [branch.name for branch in found.branches]) is listed
        assert found.provenance.exact


# --- regimes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["c19b_benoit", "c19c_benoit"])
def test_a_finite_horizon_with_two_stage_equilibria(name: str) -> None:
    """Benoit and Krishna's carrot: A in the first period, then B after A,A and C otherwise.

    In the second period B,B and C,C are stage equilibria where b >= 0 and c >= 0; in the first,
    A (r now, b later) against B (x now, c later) and C (0 now, c later). Play starts in the first
    regime, so that nobody is ever in state s in the second one.
    """
    solution = load(name).solve()
    perfect = solution["carrot, subgame-perfect"]
    by_hand = [delta * (b - c) >= x - r, r + delta * (b - c) >= 0, b >= 0, c >= 0]
    assert same_region(solution.domain, perfect.conditions, by_hand)
    greatest = sympy.Max(c, 0)
    nash = [r + delta * b >= x + delta * greatest, r + delta * b >= delta * greatest, b >= 0]
    assert same_region(solution.domain, solution["carrot"].conditions, nash)
    assert solution.headline == "carrot, subgame-perfect"
    with pytest.raises(InputError, match="b - c > 0"):
        solution.bounds("delta", "carrot, subgame-perfect")


def test_what_is_never_met_asks_nothing_at_a_border() -> None:
    """Play starts in `high` and stays there with the chance a: what is agreed for `low` binds
    where a < 1 and not at a = 1. In `low` the stage payoff is negative for co-operation, so that
    grim{high,low} is an equilibrium at a = 1 only (s/2 each period against s once: delta >= 1/2).
    """
    data = stated("c05b_rotemberg")
    data["parameters"]["a"] = data["parameters"]["delta"] | {"domain": "[0, 1]"}
    del data["parameters"]["a"]["role"], data["parameters"]["sL"]
    data["assumptions"] = []
    data["regimes"][0]["next"] = {"high": "a", "low": "1 - a"}
    data["regimes"][1] |= {"next": {"low": "1"}, "changes": {"s": "-s"}}
    solution = read(data).solve()
    for share, listed in (("1", True), ("999/1000", False)):
        names = [branch.name for branch in solution.at(a=share, delta="1/2").branches]
        assert ("grim{high,low}" in names) is listed
    assert "grim{high,low}" not in [found.name for found in solution.at(a=1, delta="0.49").branches]


@pytest.mark.parametrize("declared", [True, False])
def test_a_parameter_that_every_regime_changes(declared: bool) -> None:
    """Rotemberg and Saloner: in the high state sH/2 + delta/(1-delta)*(sH + sL)/4 >= sH, that is
    delta >= 2*sH/(3*sH + sL). Nothing of `s` is left, whether it is a parameter or not."""
    data = stated("c05_rotemberg")
    if not declared:
        del data["parameters"]["s"]
    high, low = symbol("sH"), symbol("sL")
    threshold = read(data).solve().threshold("delta")
    assert sympy.simplify(threshold - 2 * high / (3 * high + low)) == 0


def test_a_change_without_effect_and_an_unknown_one_are_faults() -> None:
    data = stated("c05_rotemberg")
    data["regimes"][0]["changes"] = {"s": "sH", "sL": "sH"}
    with pytest.raises(InputError, match=r"regimes\[0\].changes.sL: no payoff"):
        read(data)
    data["regimes"][0]["changes"] = {"z": "sH"}
    with pytest.raises(InputError, match=r"regimes\[0\].changes.z: is no parameter"):
        read(data)


# --- automata of one's own ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["c03_abreu", "c03b_abreu_own"])
def test_an_optimal_penal_code_in_either_notation(name: str) -> None:
    """Abreu's (1986) example: the one to be punished gets -4 + 10*D/(1-D) from M,H and then L,M
    ... on; it is credible where 7*D >= 4 (D = 4/7), below grim's 5/8."""
    solution = load(name).solve()
    code = solution["simple / simple2, subgame-perfect"]
    D = delta * (1 - h)
    assert same_region(solution.domain, code.conditions, [7 * D >= 4])
    assert sympy.simplify(solution.threshold("delta") - Rational(4, 7) / (1 - h)) == 0


@pytest.mark.parametrize(
    ("key", "problem"),
    [("M,X", "not a profile"), ("M", "not a profile"), ("M,L,L", "not a profile"),
     ("good", "not a profile"), ("M, L", "not a profile")],
)  # fmt: skip
def test_a_key_that_cannot_occur_is_a_fault_with_those_there_are(
    key: str, problem: str, tmp_path: Path
) -> None:
    text = (UNSEEN / "c03b_abreu_own.toml").read_text().replace('"M,L" = "p1"', f'"{key}" = "p1"')
    file = tmp_path / "typo.toml"
    file.write_text(text)
    _, faults = check_file(file)
    fault = next(f for f in faults if f.place == f"automata.simple.states.coop.next.{key}")
    assert problem in fault.problem and "M,L; M,M" in fault.mend


def test_the_critical_value_of_a_penal_code_is_where_it_is_subgame_perfect() -> None:
    """Carrot and stick. To bear the stick (-15 now, then 10 for ever) rather than to take 0 now and
    the stick again: -15 + 25*D >= 0, that is D >= 3/5; on the path 25*D >= 5 is less. Nash from
    1/3 on, where 10/(1-D) >= 15: who never bears the stick gets 15 once and 0 for ever after."""
    solution = load("c20_stick").solve()
    assert solution.headline == "stick, subgame-perfect"
    assert solution.threshold("delta") == Rational(3, 5)
    found = {c.name: (c.expression, c.meaning) for c in solution.criticals}
    assert found["critical_discount"][0] == Rational(3, 5)
    assert "subgame-perfect" in found["critical_discount"][1]
    assert found["critical_discount_nash"][0] == Rational(1, 3)


def test_a_subgame_perfect_part_can_be_the_headline() -> None:
    data = stated("c20_stick") | {"headline": "stick, subgame-perfect"}
    assert read(data).solve().threshold("delta") == Rational(3, 5)
    data["headline"] = "stack, subgame-perfect"
    with pytest.raises(InputError, match="headline"):
        read(data)


def test_turns_outlast_grim() -> None:
    """Who co-operates first gets S + D*T + ... = (S + D*T)/(1 - D**2), or P/(1-D) for ever: turns
    need D*(T-P) >= P-S; grim needs D*(T-P) >= T-R. So a claim that speaks of grim alone does not
    speak of co-operation."""
    solution = load("turns").solve()
    turns = solution["turns / turns_second"]
    assert turns.concept == "subgame-perfect"
    D = delta * (1 - h)
    assert same_region(solution.domain, turns.conditions, [D * (T - P) >= P - S])
    beyond = "holds_turns_turns_second and h >= 1 - (T - R)/(T - P)"
    assert prove(load("turns"), f"somewhere {beyond}", solution).holds


@pytest.mark.parametrize(("payoffs", "least"), [((5, 3, 1, 0), "1/4"), ((4, 3, 1, -1), "1/3"),
                                                ((6, 4, 2, 1), "1/4")])  # fmt: skip
def test_below_both_bounds_nothing_but_defection_is_an_equilibrium(
    payoffs: tuple[int, ...], least: str
) -> None:
    """min(T-R, P-S)/(T-P): just below it the payoff set is the point (P, P), at it more (Stahl
    1991)."""
    values = dict(zip("TRPS", payoffs, strict=True))
    game = load_game("trust")
    assert isinstance(game, Repeated)
    bound = Rational(least)
    assert bound == Rational(min(payoffs[0] - payoffs[1], payoffs[2] - payoffs[3]),
                             payoffs[0] - payoffs[2])  # fmt: skip
    below = game.payoff_set(**values, delta=bound - Rational(1, 100), h=0)
    assert below.vertices == ((payoffs[2], payoffs[2]),)
    assert len(game.payoff_set(**values, delta=bound, h=0).vertices) > 1


# --- bounds whose direction is open ------------------------------------------------------------


def of_conditions(domains: dict[str, str], *conditions: Any) -> Solution:
    parameters = tuple(
        Parameter(name, "m", "u", Interval.parse(text), Rational(1, 2), "s")
        for name, text in domains.items()
    )
    branch = Branch("b", "automaton", "Nash", {}, {}, {}, conditions)
    info = load_game("trust").header.info
    return Solution(info, Domain(parameters), (branch,), "b", Provenance("test"))


OPEN = {"delta": "(0, 1)", "b": "(-oo, oo)", "c": "(-oo, oo)"}


def test_a_bound_from_below_here_and_from_above_there_is_refused_with_the_reason() -> None:
    solution = of_conditions(OPEN | {"x": "(-oo, oo)"}, delta * (b - c) >= x)
    with pytest.raises(InputError, match="from below where b - c > 0, and from above"):
        solution.bounds("delta")
    with pytest.raises(InputError, match="add the one or the other to the assumptions"):
        solution.threshold("delta")


def test_a_condition_that_never_holds_elsewhere_has_a_piecewise_bound() -> None:
    """With x > 0, delta*(b - c) >= x asks for b > c; elsewhere it holds nowhere in (0, 1)."""
    solution = of_conditions(OPEN | {"x": "(0, oo)"}, delta * (b - c) >= x)
    bound = solution.threshold("delta")
    assert bound.subs({b: 3, c: 1, x: 1}) == Rational(1, 2)
    assert bound.subs({b: 1, c: 3, x: 1}) == 1


def test_a_condition_that_always_holds_elsewhere_has_a_piecewise_bound() -> None:
    """With x < 0, delta*(b - c) >= x binds from above where b < c, and elsewhere not at all."""
    solution = of_conditions(OPEN | {"x": "(-oo, 0)"}, delta * (b - c) >= x)
    lower, upper = solution.bounds("delta")
    assert lower is None and upper is not None
    assert upper.subs({b: 1, c: 3, x: -1}) == Rational(1, 2)
    assert upper.subs({b: 3, c: 1, x: -1}) == 1


def test_damages_that_do_more_than_outweigh_the_temptation() -> None:
    """alliance: grim asks D*(T-P-f) >= T-R-f. With f > T-P both sides are negative, and it holds
    for every D below 1, though the quotient is above 1."""
    solution = load_game("alliance").solve()
    threshold = solution.threshold("delta")
    values = {"T": 4, "R": 3, "P": 1, "S": -6, "h": 0, "omega": 0}
    at = {symbol(name): value for name, value in values.items()}
    assert threshold.subs({**at, symbol("f"): 0}) == Rational(1, 3)
    assert threshold.subs({**at, symbol("f"): 4}) == 0
    assert "grim" in [branch.name for branch in solution.at(**values, f=4, delta="1/100").branches]


def test_an_equation_holds_at_one_value() -> None:
    solution = of_conditions(OPEN, sympy.Eq(delta, b))
    assert solution.bounds("delta") == (b, b)
    with pytest.raises(InputError, match="at one value of delta only"):
        solution.threshold("delta")


# --- what is said of the answer ----------------------------------------------------------------


def test_the_answer_says_that_it_is_about_the_profiles_listed() -> None:
    for name in ("c20_stick", "c05b_rotemberg"):
        game = load(name)
        solution = game.solve()
        here = game.substitute(game.header.domain.point({})).solve()
        for found in (solution, solution.at(), here):
            assert any("among the profiles listed" in note for note in found.provenance.notes)


# --- brute force -------------------------------------------------------------------------------


def compare(seed: int, count: int = 3) -> None:
    """What a drawn game lists, in symbols and in numbers, is what brute force finds."""
    data = drawn(seed)
    game = read(data)
    solution = game.solve()
    for values in points(seed, count):
        told = {name: str(v) for name, v in values.items() if name in game.header.domain.names}
        numbers = Numbers(data, values)
        wanted = {
            name: concept(numbers, tuple(part.strip() for part in name.split("/")))
            for name in data["profiles"]
        }
        here = game.substitute(game.header.domain.point(told)).solve()
        at = {symbol(name): Rational(value) for name, value in told.items()}
        in_symbols = [
            branch
            for branch in solution.branches
            if all(decide(condition.subs(at)) for condition in branch.conditions)
        ]
        assert [branch.name for branch in here.branches] == [branch.name for branch in in_symbols]
        for found in (here.branches, in_symbols):
            strongest: dict[str, str] = {}
            for branch in found:
                name = branch.name.removesuffix(", subgame-perfect")
                strongest[name] = branch.concept.replace("perfect public", "subgame-perfect")
            assert strongest == {name: one for name, one in wanted.items() if one}, told


@pytest.mark.parametrize("seed", [0, 1, 4, 5, 7, 12])
def test_drawn_games_list_exactly_what_brute_force_finds(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("seed", range(15, 75))
def test_more_drawn_games(seed: int) -> None:
    compare(seed, 5)


# --- each equilibrium once ---------------------------------------------------------------------


def test_an_alternation_lists_each_profile_once_and_two_concepts_only_where_they_differ() -> None:
    """Boom and bust take turns; a breach in the boom gains s*w and forfeits what both lose after.

    Kept up, the relation is worth L = s*w/2 + delta*(1 - q)*(s*w + delta*(1 - p)*L) from the bust
    on, and the boom asks s*w <= delta*(1 - p)*L: delta*(1 - p)*(1 + 4*delta*(1 - q)) >= 2. The bust
    asks less, and is on the path, so that Nash and subgame-perfect are one region. The file
    names grim on one regime beside `grim`, which stands for that as well.
    """
    solution = load("alternation").solve()
    names = [branch.name for branch in solution.branches]
    assert len(names) == len(set(names))
    delta, p, q = (solution.domain[name].symbol for name in ("delta", "p", "q"))
    whole = solution["grim{boom,bust}"]
    assert whole.concept == "subgame-perfect" and "grim{boom,bust}, subgame-perfect" not in names
    wanted = [delta * (1 - p) * (1 + 4 * delta * (1 - q)) >= 2]
    assert same_region(solution.domain, whole.conditions, wanted)


def test_forgiving_grim_asks_nothing_beside_what_grim_asks() -> None:
    """Not even that delta*(1 - h) >= 0, where the hazard may be 1 and grim never holds."""
    unit = {"meaning": "m", "unit": "u", "source": "chosen"}
    game = read(
        {
            "format": 1,
            "form": "repeated",
            "title": "t",
            "profiles": ["grim", "forgiving_grim"],
            "assumptions": ["T > 2"],
            "parameters": {
                "T": {**unit, "domain": "(0, oo)", "default": "3"},
                "d": {**unit, "domain": "[0, 1)", "default": "1/2", "role": "discount"},
                "h": {**unit, "domain": "[0, 1]", "default": "0", "role": "hazard"},
            },
            "stage": {
                "players": {"a": ["C", "D"], "b": ["C", "D"]},
                "payoffs": {
                    "C,C": ["2", "2"],
                    "C,D": ["0", "T"],
                    "D,C": ["T", "0"],
                    "D,D": ["1", "1"],
                },
            },
        }
    )
    solution = game.solve()
    assert solution["forgiving_grim"].conditions == solution["grim"].conditions
    assert len(solution["grim"].conditions) == 1


def test_what_is_too_long_to_ask_in_letters_is_named_and_asked_at_values() -> None:
    """Two regimes, four letters, 44 policies against punish(2) from either start: minutes.

    At T = 8 (4 in the storm), S = 2, P = 1 agreed is C,D, worth S to A and T to B. A would get
    P < S by leaving it, B 3 < T/2; punished with D a player gets S at most, in every period: so
    punish(2) is Nash for every delta and e. Who punishes gets P and would get S by C, so that it
    is not subgame-perfect.
    """
    unit = {"meaning": "m", "unit": "u", "source": "chosen", "domain": "(-oo, oo)"}
    game = read(
        {
            "format": 1,
            "form": "repeated",
            "title": "t",
            "headline": "punish(2)",
            "profiles": ["always_defect", "punish(2)"],
            "cooperation": "C,D",
            "regimes": [
                {"name": "calm", "hazard": "0", "next": {"calm": "1 - e", "storm": "e"}},
                {
                    "name": "storm",
                    "hazard": "1/2",
                    "next": {"calm": "1/2", "storm": "1/2"},
                    "changes": {"T": "T/2"},
                },
            ],
            "parameters": {
                **{name: {**unit, "default": "1"} for name in "TSP"},
                "d": {**unit, "domain": "(0, 1)", "default": "1/2", "role": "discount"},
                "e": {**unit, "domain": "[0, 1/2]", "default": "1/4"},
            },
            "stage": {
                "players": {"A": ["C", "D"], "B": ["C", "D"]},
                "payoffs": {
                    "C,C": ["3", "3"],
                    "C,D": ["S", "T"],
                    "D,C": ["T", "S"],
                    "D,D": ["P", "P"],
                },
            },
        }
    )
    solution = game.solve()
    assert solution["punish(2)"].concept == "subgame-perfect"
    assert any("whether it is Nash" in note for note in solution.provenance.notes)
    values = {"T": 8, "S": 2, "P": 1, "d": Rational(1, 2), "e": Rational(1, 4)}
    at = game.substitute({name: Rational(value) for name, value in values.items()}).solve()
    assert at["punish(2)"].concept == "Nash"


def test_a_game_of_which_no_profile_is_an_equilibrium_is_not_drawn() -> None:
    """Constant defection, where the first action dominates: no branch, and no outcome to draw."""
    unit = {"meaning": "m", "unit": "u", "source": "chosen"}
    rows = {"C,C": ["3", "3"], "C,D": ["2", "1"], "D,C": ["1", "2"], "D,D": ["0", "0"]}
    game = read(
        {
            "format": 1,
            "form": "repeated",
            "title": "t",
            "headline": "always_defect",
            "profiles": ["always_defect"],
            "parameters": {"d": {**unit, "domain": "(0, 1)", "default": "1/2", "role": "discount"}},
            "stage": {"players": {"a": ["C", "D"], "b": ["C", "D"]}, "payoffs": rows},
        }
    )
    assert not game.solve().branches
    with pytest.raises(InputError, match="no equilibrium is listed"):
        setting(game).outcome(None)


def test_a_profile_that_loses_what_defection_gains_is_never_started() -> None:
    """An automaton that always plays D is constant defection itself: there is nothing to gain."""
    kept = sympy.Integer(-2)
    alone = Domain((Parameter("x", "", "", Interval.parse("(0, 1)"), sympy.S.Half, ""),))
    assert belief(Starting((kept, kept), (-kept, -kept)), alone, True) == 1


def test_a_hazard_is_not_counted_twice() -> None:
    """A period is followed by another with delta*(1 - h); with 1 - h in `discount` as well, grim
    (T - R)/(T - P) = 1/2 would ask for delta*(1 - h)**2 >= 1/2 without a word."""
    stated: dict[str, Any] = {
        "stage": {
            "players": {"one": ["C", "D"], "two": ["C", "D"]},
            "payoffs": {"C,C": [2, 2], "C,D": [0, 3], "D,C": [3, 0], "D,D": [1, 1]},
        },
        "profiles": ["grim"],
        "parameters": {
            "delta": {"domain": "[0, 1)", "role": "discount"},
            "h": {"domain": "[0, 1]", "role": "hazard"},
        },
    }
    with pytest.raises(InputError, match="counts h, which as the hazard is counted beside it"):
        cg.game("repeated", discount="delta*(1 - h)", **stated)
    once = cg.game("repeated", discount="delta*(1 - h)", hazard="0", **stated).solve()
    assert once.bounds("delta", "grim") == cg.game("repeated", **stated).solve().bounds(
        "delta", "grim"
    )
