"""Contracts: modes and terms by active constraints, against pen and paper and other solvers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from coopgame import catalogue
from coopgame.algebra.elimination import solve, univariate
from coopgame.comparative.rows import EXISTS
from coopgame.comparative.signs import statics
from coopgame.errors import InputError
from coopgame.forms.contract.game import Contract
from coopgame.forms.contract.programme import Limit, Programme, feasibility, optimise
from coopgame.forms.gamefile import read_game
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import Verdict, feasible, implies
from coopgame.reading.section import Section
from coopgame.solution import Solution

NAMES = ("governance", "monitoring", "efficiency_wage", "association_large_firm")


@pytest.fixture(scope="module")
def games() -> dict[str, Contract]:
    return {name: catalogue.load_game(name) for name in NAMES}  # type: ignore[misc]


@pytest.fixture(scope="module")
def solutions(games: Mapping[str, Contract]) -> dict[str, Solution]:
    return {name: game.solve() for name, game in games.items()}


def stated(text: str) -> Contract:
    """The contract game that the text of a file states."""
    section = Section(tomllib.loads(text))
    game = read_game(section, "stated", "")
    section.settle()
    assert isinstance(game, Contract)
    return game


def equivalent(solution: Solution, branch: str, text: str) -> bool:
    """Whether a branch's conditions and `text` are proved to imply each other in the domain."""
    names, domain = solution.domain.names, solution.domain
    other = parse_condition(text, names)
    own = sympy.And(*solution[branch].conditions)
    there = implies([*domain.constraints, other], own, domain.integers)
    back = implies([*domain.constraints, own], other, domain.integers)
    return there.verdict is back.verdict is Verdict.PROVED


# --- governance --------------------------------------------------------------------------------

MARKET = "((1 - tau)*v - f*(1 - courts))"
HIERARCHY = "(v - g)"
RELATION = "((1 - tau)*(v + s) - k)"
ENFORCED = f"delta*(1 - h)*({RELATION} - max({MARKET}, {HIERARCHY})) >= (1 - delta*(1 - h))*H"


def test_governance_has_the_regions_that_self_enforcement_and_surplus_give(
    solutions: Mapping[str, Solution],
) -> None:
    """Relational iff it enforces itself: as H > 0 and D < 1, that already makes it the best mode.
    Otherwise the better of market and hierarchy."""
    solution = solutions["governance"]
    assert equivalent(solution, "relational", ENFORCED)
    assert equivalent(solution, "arms_length", f"{MARKET} >= {HIERARCHY} and not ({ENFORCED})")
    assert equivalent(solution, "integration", f"{MARKET} <= {HIERARCHY} and not ({ENFORCED})")
    assert solution.provenance.notes == ()


def lost(solution: Solution, branch: str, parameter: str, premises: tuple[str, ...] = ()) -> Any:
    """Whether some point of a branch's region leaves it when `parameter` alone rises."""
    domain = solution.domain
    raised = sympy.Symbol("raised", real=True)
    variable = domain[parameter].symbol
    conditions = sympy.And(*solution[branch].conditions)
    assumed = [parse_condition(text, domain.names) for text in premises]
    inside = [*domain.constraints, *assumed, conditions, raised > variable]
    outside = sympy.Not(conditions.xreplace({variable: raised}))
    valid = [c.xreplace({variable: raised}) for c in domain.constraints if c.has(variable)]
    return feasible([*inside, *valid, outside]).exists


@pytest.mark.parametrize(
    ("branch", "parameter", "grows"),
    [
        ("integration", "tau", True),
        ("relational", "h", False),
        ("relational", "f", True),
        ("relational", "courts", False),
    ],
    ids=[
        "taxes on transactions enlarge the region of integration",
        "unstable rules shrink the relational region",
        "contracting costs enlarge the relational region",
        "better courts crowd relations out",
    ],
)
def test_what_the_paper_says_of_governance_is_proved(
    games: Mapping[str, Contract],
    solutions: Mapping[str, Solution],
    branch: str,
    parameter: str,
    grows: bool,
) -> None:
    """Growing: no point is lost as the parameter rises. Shrinking: some is, and none is gained,
    which is the sign that `statics` proves by a question put the other way round."""
    assert lost(solutions["governance"], branch, parameter) is not grows
    row = statics(games["governance"], [EXISTS], [branch]).row(EXISTS, parameter, branch)
    assert (row.sign, row.verdict) == ("+" if grows else "-", Verdict.PROVED)


def test_contracting_costs_matter_to_a_relation_only_where_the_market_is_its_fallback(
    games: Mapping[str, Contract],
) -> None:
    """The fallback is max(market, hierarchy), and only the market's value has f in it."""
    market = statics(games["governance"], [EXISTS], ["relational"], [f"{MARKET} > {HIERARCHY}"])
    beaten = ["tau*v > g"]  # hierarchy beats the market whatever f is
    inside = statics(games["governance"], [EXISTS], ["relational"], beaten)
    assert market.row(EXISTS, "f", "relational").sign == "+"
    assert inside.row(EXISTS, "f", "relational").sign == "0"


def test_courts_that_crowd_a_relation_out_can_lower_the_social_surplus(
    solutions: Mapping[str, Solution],
) -> None:
    """With s = 1, k = 1/2, f = 2 the relation is worth 10.5 to society, the market at no
    contracting cost 10. At courts = 1 the fallback is 9.5, the relation 9.95: D*0.45 < (1-D)*4 at
    D = 0.89, so that the relation breaks and 0.5 is lost."""
    poor, good = (solutions["governance"].at(courts=c, delta="0.89") for c in (0, 1))
    assert [b.name for b in poor.branches] == ["relational"]
    assert [b.name for b in good.branches] == ["arms_length"]
    surplus = [p.branches[0].outcomes["social_surplus"] for p in (poor, good)]
    assert surplus == [sympy.Rational(21, 2), 10]


# --- monitoring --------------------------------------------------------------------------------


def test_the_no_shirking_wage_follows_from_the_values_of_having_and_losing_the_job() -> None:
    """V = w - e + D*V + X and V_out = u + D*V_out + X with the same X from a fresh start, as a
    change of rules treats both alike. Shirking saves e and loses w and the job with probability q:
    w - e + D*V >= (1-q)*(w + D*V) + q*D*V_out. At equality: w = e*(1-D)/q + D*(e+u)."""
    w, e, u, q, D = sympy.symbols("w e u q D", real=True)
    difference = (w - e - u) / (1 - D)  # V - V_out
    incentive = w - e - (1 - q) * w + q * D * difference
    (wage,) = sympy.solve(incentive, w)
    assert sympy.simplify(wage - (e * (1 - D) / q + D * (e + u))) == 0
    assert sympy.limit(wage, D, 0) == e / q
    assert sympy.simplify(wage.subs(D, 1) - (e + u)) == 0


def test_the_wage_at_a_given_watch_is_the_larger_of_the_two(
    solutions: Mapping[str, Solution],
) -> None:
    solution = solutions["efficiency_wage"]
    names = solution.domain.names
    incentive = parse("e*(1 - delta*(1 - h))/q + delta*(1 - h)*(e + u)", names)
    assert sympy.simplify(solution["employ_incentive"].outcomes["w"] - incentive) == 0
    assert solution["employ_participation"].outcomes["w"] == parse("e + u", names)
    assert equivalent(solution, "employ_incentive", "e/q >= e + u")
    assert equivalent(solution, "employ_participation", "e/q <= e + u")


def test_the_wage_tends_to_e_over_q_as_the_future_loses_its_weight(
    solutions: Mapping[str, Solution],
) -> None:
    """As h tends to 1, D tends to 0. (With u so large that e + u > e/q it is e + u at every D.)"""
    branch = solutions["efficiency_wage"]["employ_incentive"]
    e, q, h = (parse(name, {name}) for name in "eqh")
    assert sympy.limit(branch.outcomes["w"], h, 1) == e / q


@pytest.mark.parametrize(
    ("parameter", "sign"), [("q", "-"), ("h", "+"), ("delta", "-"), ("u", "-"), ("e", "+")]
)
def test_the_rent_of_a_watched_agent_moves_as_said(
    games: Mapping[str, Contract], parameter: str, sign: str
) -> None:
    """rent = (1-D)*(e*(1-q)/q - u), nowhere negative where incentives bind."""
    row = statics(games["efficiency_wage"], ["rent"], ["employ_incentive"]).row(
        "rent", parameter, "employ_incentive"
    )
    assert (row.sign, row.verdict) == (sign, Verdict.PROVED)


def test_how_closely_to_watch_comes_out_in_closed_form(solutions: Mapping[str, Solution]) -> None:
    """min w + m*q with w = e*(1-D)/q + D*(e+u): m = e*(1-D)/q^2. That leaves a rent as long as
    q < e/(e+u), where the two lower bounds on the wage cross; else q is at the crossing."""
    solution = solutions["monitoring"]
    names = solution.domain.names
    rent, none = solution["employ_incentive"], solution["employ_incentive_participation"]
    best = parse("sqrt(e*(1 - delta*(1 - h))/m)", names)
    assert sympy.simplify(rent.outcomes["q"] ** 2 - best**2) == 0
    assert sympy.simplify(none.outcomes["q"] - parse("e/(e + u)", names)) == 0
    assert none.outcomes["rent"] == 0
    inside = "m*e >= (1 - delta*(1 - h))*(e + u)**2"
    domain = solution.domain
    for branch, text in ((rent, inside), (none, inside.replace(">=", "<="))):
        premises = [*domain.constraints, *branch.conditions]
        assert implies(premises, parse_condition(text, names)).verdict is Verdict.PROVED


def test_the_agency_cost_never_falls_with_the_hazard_though_the_rent_may(
    games: Mapping[str, Contract],
) -> None:
    """With X = 1-D: agency cost 2*sqrt(e*m*X) - X*(e+u), rising in X while X <= e*m/(e+u)^2, which
    is the branch's condition; rent sqrt(e*m*X) - X*(e+u), falling beyond a quarter of that."""
    table = statics(games["monitoring"], ["agency_cost", "rent"], ["employ_incentive"])
    agency = table.row("agency_cost", "h", "employ_incentive")
    rent = table.row("rent", "h", "employ_incentive")
    assert (agency.sign, agency.verdict) == ("+", Verdict.PROVED)
    assert (rent.sign, rent.verdict, len(rent.witnesses)) == ("?", Verdict.REFUTED, 2)


def test_the_agency_cost_is_positive_and_is_the_loss_against_the_first_best(
    solutions: Mapping[str, Solution],
) -> None:
    solution = solutions["monitoring"]
    for name in ("employ_incentive", "employ_incentive_participation"):
        branch = solution[name]
        loss = branch.outcomes["first_best"] - branch.outcomes["value"]
        assert sympy.simplify(loss - branch.outcomes["agency_cost"]) == 0
        premises = [*solution.domain.constraints, *branch.conditions]
        positive = implies(premises, sympy.Gt(branch.outcomes["agency_cost"], 0))
        assert positive.verdict is Verdict.PROVED


@settings(max_examples=25, deadline=None)
@given(
    e=st.integers(1, 20),
    u=st.integers(0, 20),
    m=st.integers(1, 60),
    delta=st.integers(0, 9),
    h=st.integers(0, 10),
)
def test_monitoring_agrees_with_a_numerical_optimiser(
    solutions: Mapping[str, Solution], e: int, u: int, m: int, delta: int, h: int
) -> None:
    point = {"e": f"{e}/10", "u": f"{u}/10", "m": f"{m}/10", "delta": f"{delta}/10", "h": f"{h}/10"}
    found = solutions["monitoring"].at(**point, y=30).branches[0]
    E, U, M, D = e / 10, u / 10, m / 10, delta / 10 * (1 - h / 10)

    def cost(q: Any) -> float:
        return float(max(E + U, E * (1 - D) / q[0] + D * (E + U)) + M * q[0])

    peer = min(cost([i / 4000]) for i in range(1, 4001))
    polished = minimize(cost, [float(found.outcomes["q"])], bounds=[(1e-6, 1)], method="Powell")
    ours = 30 - float(found.outcomes["value"])
    assert ours <= min(peer, float(polished.fun)) + 1e-9
    assert ours >= peer - 0.02


# --- the association with one large firm -------------------------------------------------------


def test_services_lie_between_what_one_firm_does_alone_and_the_optimum(
    solutions: Mapping[str, Solution],
) -> None:
    """With payments up to what enforces itself, the firm weighs phi + D*(1-phi) of the benefit:
    g = b*(phi + D*(1-phi))/c, between phi*b/c and b/c."""
    solution = solutions["association_large_firm"]
    names = solution.domain.names
    level = solution["association"].outcomes["g"]
    weight = parse("b*(phi + delta*(1 - h)*(1 - phi))/c", names)
    assert sympy.simplify(level - weight) == 0
    lower, upper = parse("phi*b/c", names), parse("b/c", names)
    between = sympy.And(level >= lower, level < upper)
    assert implies(solution.domain.constraints, between).verdict is Verdict.PROVED


# --- programmes --------------------------------------------------------------------------------

PARAMETERS = {
    "p": '{ meaning = "price", unit = "m", domain = "(-oo, oo)", default = "1", source = "us" }',
    "a": '{ meaning = "least", unit = "m", domain = "[0, 10]", default = "1", source = "chosen" }',
    "b": '{ meaning = "most", unit = "m", domain = "[0, 10]", default = "2", source = "chosen" }',
}
QUANTITY = 'x = { meaning = "quantity", unit = "pieces", domain = "[0, oo)" }'


def selling(names: str) -> str:
    """A file in these parameters, up to the terms of the mode `sell`; the rest is to be added."""
    start = 'format = 1\nform = "contract"\nheadline = "sell"\nchooser = "seller"\n[parameters]\n'
    parameters = "\n".join(f"{name} = {PARAMETERS[name]}" for name in names)
    return f'{start}{parameters}\n[terms]\n{QUANTITY}\n[modes.sell]\nterms = ["x"]\n'


def test_an_unbounded_problem_is_a_branch_of_its_own() -> None:
    """max p*x over x >= a: at x = a if p <= 0, without bound if p > 0."""
    solution = stated(
        selling("pa") + 'objective = "p*x"\nconstraints = { least = "x >= a" }'
    ).solve()
    assert equivalent(solution, "sell", "p <= 0")
    assert equivalent(solution, "sell_unbounded", "p > 0")
    assert {b.name for b in solution.at(p=1).branches} == {"sell_unbounded"}
    assert solution["sell"].outcomes["x"] == parse("a", {"a"})


def test_an_unbounded_mode_leaves_no_other_mode_best() -> None:
    extra = '\n[modes.stop]\nobjective = "0"'
    solution = stated(selling("p") + 'objective = "p*x"\n' + extra).solve()
    assert equivalent(solution, "stop", "p <= 0")
    assert [b.name for b in solution.at(p="1/1000000").branches] == ["sell_unbounded"]


def test_an_infeasible_problem_is_a_branch_of_its_own() -> None:
    """max p*x over a <= x <= b is empty where a > b."""
    limits = 'constraints = { least = "x >= a", most = "x <= b" }'
    solution = stated(selling("pab") + 'objective = "p*x"\n' + limits).solve()
    assert equivalent(solution, "infeasible", "a > b")
    assert equivalent(solution, "sell_least", "a <= b and p <= 0")
    assert equivalent(solution, "sell_most", "a <= b and p >= 0")
    assert [b.name for b in solution.at(a=3).branches] == ["infeasible"]


def test_a_mode_that_is_never_feasible_is_said_to_be_so() -> None:
    limits = 'constraints = { least = "x >= a + 1", most = "x <= a" }'
    text = selling("pab") + 'objective = "p*x - b"\n' + limits + '\n[modes.stop]\nobjective = "0"'
    solution = stated(text.replace('headline = "sell"', 'headline = "stop"')).solve()
    assert [b.name for b in solution.branches] == ["stop"]
    assert "sell: infeasible at every point of the domain (proved)" in solution.provenance.notes


def test_a_concave_quadratic_with_bounds_has_three_branches() -> None:
    """max p*x - x^2/2 over a <= x <= a + b: x = p clipped to the interval."""
    limits = 'constraints = { least = "x >= a", most = "x <= a + b" }'
    solution = stated(selling("pab") + 'objective = "p*x - x**2/2"\n' + limits).solve()
    assert {b.name: str(b.outcomes["x"]) for b in solution.branches} == {
        "sell_interior": "p",
        "sell_least": "a",
        "sell_most": "a + b",
    }
    assert equivalent(solution, "sell_interior", "a <= p <= a + b")
    assert solution.provenance.exact and solution.provenance.notes == ()


def test_a_problem_that_is_not_concave_is_compared_globally() -> None:
    """max (x - a)^2 over 0 <= x <= 3: at 3 if a <= 3/2, else at 0. Both corners satisfy the
    first-order conditions for 0 <= a <= 3, and x = a is a minimum."""
    text = selling("a").replace("[0, oo)", "[0, 3]") + 'objective = "(x - a)**2"'
    solution = stated(text).solve()
    assert equivalent(solution, "sell_x_max", "a <= 3/2")
    assert equivalent(solution, "sell_x_min", "a >= 3/2")
    assert solution.provenance.notes == ()


def test_a_wrong_contract_fails_its_certificate() -> None:
    """`regret` notices terms that are not the best, and terms that break a constraint."""
    game = stated(selling("pb") + 'objective = "p*x - x**2/2"\nconstraints = { most = "x <= b" }')
    branch = game.solve().at(p=1).branches[0]
    point = {name: sympy.Rational(value) for name, value in {"p": 1, "b": 2}.items()}
    assert game.regret(branch, point) == 0
    for wrong, flaw in (("1/2", 0), ("3", 1)):
        x = sympy.Rational(wrong)
        changed = type(branch)(**{**vars(branch), "strategies": {"mode": "sell", "x": x}})
        assert game.regret(changed, point) > flaw


def test_elimination_solves_products_powers_and_compositions() -> None:
    x, y, c = sympy.symbols("x y c", real=True)
    pairs = {(r.values[x], r.values[y]) for r in solve([x * y, x + y - c], [x, y]).found}
    assert pairs == {(0, c), (c, 0)}
    quartic = sympy.expand((x - x**2) ** 2) - sympy.Rational(1, 25)
    roots = [r.values[x] for r in univariate(quartic, x) or []]
    assert len(roots) == 4 and all(sympy.expand(quartic.subs(x, r)) == 0 for r in roots)
    assert univariate(x**5 - x - 1, x) is None
    assert not solve([x**5 - x - 1], [x]).complete


def test_feasibility_is_what_elimination_leaves() -> None:
    """0 <= x <= 1, x + y >= 3, y <= b has a solution iff b >= 2."""
    x, y, b = sympy.symbols("x y b", real=True)
    limits = (Limit("l", x), Limit("u", 1 - x), Limit("s", x + y - 3), Limit("b", b - y))
    conditions = feasibility(Programme("m", (x, y), x, limits, Domain()))
    assert implies(conditions or (), b >= 2).verdict is Verdict.PROVED
    assert implies([b >= 2], sympy.And(*(conditions or ()))).verdict is Verdict.PROVED


small = st.integers(-4, 4)


@settings(max_examples=40, deadline=None)
@given(
    objective=st.tuples(small, small),
    rows=st.lists(st.tuples(small, small, small), min_size=1, max_size=3),
    bounded=st.booleans(),
)
def test_linear_programmes_agree_with_an_interior_point_solver(
    objective: tuple[int, int], rows: list[tuple[int, int, int]], bounded: bool
) -> None:
    """max c.z over A z <= b, z >= 0 (and z <= 5): the same value, or the same reason for none."""
    x, y = sympy.symbols("x y", real=True)
    limits = [Limit(f"r{i}", b - a1 * x - a2 * y) for i, (a1, a2, b) in enumerate(rows)]
    limits += [Limit("x0", x), Limit("y0", y)]
    limits += [Limit("x5", 5 - x), Limit("y5", 5 - y)] if bounded else []
    value = objective[0] * x + objective[1] * y
    optimum = optimise(Programme("lp", (x, y), value, tuple(limits), Domain()))
    peer = linprog(
        [-objective[0], -objective[1]],
        A_ub=[row[:2] for row in rows],
        b_ub=[row[2] for row in rows],
        bounds=[(0, 5 if bounded else None)] * 2,
    )
    assert optimum.sufficient
    if peer.status == 0:
        assert {c.value for c in optimum.candidates}
        for candidate in optimum.candidates:
            assert abs(float(candidate.value) + peer.fun) < 1e-7
    else:
        assert not optimum.candidates
        assert optimum.attained is (peer.status == 2)  # 2: infeasible, 3: unbounded


# --- faults ------------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    text = selling("pab").replace('terms = ["x"]', 'terms = ["x", "z"]') + (
        'objective = "p*x + nobody"\n'
        'constraints = { odd = "x", sum = "x != 1" }\n'
        'payoffs = { seller = "p" }\n'
        "colour = 3\n"
        "[modes.if]\n"
    )
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_game(str(tmp_path / "bad.toml"))
    places = {fault.place for fault in caught.value.faults}
    assert places >= {
        "modes.sell.terms[1]",
        "modes.sell.objective",
        "modes.sell.constraints.odd",
        "modes.sell.constraints.sum",
        "modes.sell.payoffs.seller",
        "modes.sell.colour",
        "modes.if",
        "modes.if.objective",
    }


@pytest.mark.parametrize(
    ("objective", "place"),
    [
        ("sqrt(x)", "modes.sell.objective"),
        ("p/(x - 1)", "modes.sell.objective"),
        ("max(x, p)", "modes.sell.objective"),
    ],
)
def test_an_objective_must_be_rational_and_defined(
    tmp_path: Path, objective: str, place: str
) -> None:
    (tmp_path / "bad.toml").write_text(
        selling("p") + f'objective = "{objective}"', encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        catalogue.load_game(str(tmp_path / "bad.toml"))
    assert place in {fault.place for fault in caught.value.faults}


def test_a_definition_is_written_out_and_may_not_hide_a_parameter() -> None:
    with_definition = '[definitions]\nnet = "p - a"\n[modes.sell]'
    text = (
        selling("pab").replace("[modes.sell]", with_definition)
        + 'objective = "net*x - b*x**2/2 - x**2"'
    )
    assert stated(text).solve()["sell_interior"].outcomes["x"].free_symbols == {
        sympy.Symbol(name, real=True) for name in "pab"
    }
    with pytest.raises(InputError, match=r"definitions\.p: is already the name"):
        stated(text.replace('net = "p - a"', 'net = "p - a"\np = "a"'))
