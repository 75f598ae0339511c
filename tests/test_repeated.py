"""Repeated games: thresholds on paper, published values, regimes, and an independent check."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from coopgame.catalogue import load_game, load_rules
from coopgame.errors import InputError
from coopgame.forms.repeated.automata import describe, from_description
from coopgame.forms.repeated.game import Repeated
from coopgame.language.parameters import Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, feasible, implies
from coopgame.rules.macro import MacroRules, Regime
from coopgame.solution import Solution

AXELROD = {"T": "5", "R": "3", "P": "1", "S": "0"}
T, R, P, S, delta, h = map(symbol, ("T", "R", "P", "S", "delta", "h"))


def with_profiles(game: Repeated, *profiles: str) -> Repeated:
    return replace(game, profiles=profiles, header=replace(game.header, headline=profiles[-1]))


def repeated(name: str) -> Repeated:
    game = load_game(name)
    assert isinstance(game, Repeated)
    return game


@pytest.fixture(scope="module")
def trust() -> Repeated:
    return repeated("trust")


@pytest.fixture(scope="module")
def solution(trust: Repeated) -> Solution:
    return trust.solve()


@pytest.fixture(scope="module")
def switching(trust: Repeated) -> Repeated:
    return trust.with_regimes(load_rules("switching"))


@pytest.fixture(scope="module")
def chain(switching: Repeated) -> Solution:
    return switching.solve()


def names(solution: Solution, **values: object) -> list[str]:
    return [branch.name for branch in solution.at(**values).branches]


# --- one regime --------------------------------------------------------------------------------


def test_grim_is_exactly_friedmans_condition_with_the_effective_discount(
    solution: Solution,
) -> None:
    """R/(1-D) >= T + D*P/(1-D) with D = delta*(1-h), that is D >= (T-R)/(T-P)."""
    stated = delta * (1 - h) >= (T - R) / (T - P)
    found = sympy.And(*solution["grim"].conditions)
    domain = solution.domain.constraints
    assert implies([*domain, found], stated).verdict is Verdict.PROVED
    assert implies([*domain, stated], found).verdict is Verdict.PROVED
    threshold = solution.threshold("delta")
    assert sympy.simplify(threshold - (T - R) / ((T - P) * (1 - h))) == 0


def test_tit_for_tat_is_nash_from_the_larger_of_two_ratios(solution: Solution) -> None:
    """Against tit-for-tat only two policies can beat it: always D, and alternating.

    Always D: T + D*P/(1-D) against R/(1-D). Alternating D, C: (T + D*S)/(1-D**2), which is
    beaten iff D*(R-S) >= T-R. One-shot deviations on and off the path would ask more.
    """
    branch = solution["tit_for_tat"]
    assert branch.concept == "Nash"
    stated = sympy.Max((T - R) / (T - P) / (1 - h), (T - R) / (R - S) / (1 - h))
    assert sympy.simplify(solution.threshold("delta", "tit_for_tat") - stated) == 0


def test_tit_for_tat_is_subgame_perfect_on_a_knife_edge_only(solution: Solution) -> None:
    """After C,D play alternates; indifference at all four joint states needs g = l and D = g/(1+g).

    g = l is T - R = P - S; with it D = (T-R)/(T-P) = (P-S)/(R-S).
    """
    edge = solution["tit_for_tat, subgame-perfect"]
    assert all(isinstance(condition, sympy.Eq) for condition in edge.conditions)
    domain = [*solution.domain.constraints, *edge.conditions]
    for implied in (sympy.Eq(T - R, P - S), sympy.Eq(delta * (1 - h) * (T - P), T - R)):
        assert implies(domain, implied).verdict is Verdict.PROVED
    assert "tit_for_tat, subgame-perfect" in names(solution, T=4, delta=Rational(1, 3))


@pytest.mark.parametrize(("k", "critical"), [(2, "0.618034"), (3, "0.543689"), (5, "0.508660")])
def test_punishment_of_k_periods(trust: Repeated, k: int, critical: str) -> None:
    """g <= D*(1-D**k)/(1-D) at g = 1: 0.61803 (the golden ratio), 0.54369 and 0.50866."""
    solution = with_profiles(trust, "always_defect", f"punish({k})").solve()
    found = solution.threshold("delta").subs({symbol(n): v for n, v in AXELROD.items()} | {h: 0})
    assert abs(sympy.N(found, 20) - Rational(critical)) < Rational(1, 10**6)
    assert solution[f"punish({k})"].concept == "subgame-perfect"


def test_punishing_once_needs_a_small_temptation(trust: Repeated) -> None:
    """g <= D: at g = 1 (5, 3, 1, 0) one period of punishment never suffices below D = 1."""
    solution = with_profiles(trust, "punish(1)").solve()
    assert names(solution, delta=Rational(999, 1000)) == []
    assert names(solution, T=4, delta=Rational(1, 2)) == ["punish(1)"]


@pytest.mark.parametrize(
    ("payoffs", "threshold"),
    [((5, 3, 1, 0), "1/2"), ((3, 2, 0, -1), "1/3"), ((10, 9, 3, 1), "1/7"),
     ((50, 32, 25, 12), "18/25"), ((50, 40, 25, 12), "2/5"), ((50, 48, 25, 12), "2/25")],
)  # fmt: skip
def test_grim_thresholds_of_known_games(
    solution: Solution, payoffs: tuple[int, ...], threshold: str
) -> None:
    """Axelrod 1984; textbook games; Dal Bó and Fréchette 2011. The branch flips exactly there."""
    values = dict(zip("TRPS", payoffs, strict=True))
    at = {symbol(name): value for name, value in values.items()} | {h: 0}
    critical = solution.threshold("delta").subs(at)
    assert critical == Rational(threshold)
    assert "grim" in names(solution, **values, delta=critical)
    assert "grim" not in names(solution, **values, delta=critical - Rational(1, 10**9))


@pytest.mark.parametrize(
    ("reward", "dominance", "needed"),
    [(32, "31/38", "0.8125"), (40, "23/38", "0.2708"), (48, "15/38", "0.1625")],
)
def test_what_starting_takes_in_the_laboratory_games(
    solution: Solution, reward: int, dominance: str, needed: str
) -> None:
    """T, P, S = 50, 25, 12 (Dal Bó and Fréchette 2011): (T+P-S-R)/(T-S), and p* at delta = 0.75.

    p* = (1-D)(P-S) / (R-(1-D)T-DP+(1-D)(P-S)) = 3.25/4, 3.25/12 and 3.25/20.
    """
    values = {"T": 50, "R": reward, "P": 25, "S": 12}
    at = {symbol(name): value for name, value in values.items()} | {h: 0}
    critical = next(c for c in solution.criticals if c.name == "risk_dominance")
    assert critical.expression.subs(at) == Rational(dominance)
    grim = solution.at(**values, delta="0.75")["grim"]
    assert abs(grim.outcomes["belief"] - Rational(needed)) < Rational(1, 10**4)


def test_the_belief_is_one_where_grim_is_no_equilibrium(solution: Solution) -> None:
    values = {"T": 50, "R": 32, "P": 25, "S": 12}
    for patience in ("0.5", "0.7199"):
        found = solution.at(**values, delta=patience)["always_defect"]
        assert found.outcomes["belief"] == 1
    assert solution.at(**values, delta="0.75")["always_defect"].outcomes["belief"] == Rational(
        13, 16
    )


def test_a_reset_is_not_a_termination(solution: Solution, trust: Repeated) -> None:
    """R = 3, delta = 0.9, h = 0.2: 3/(1-0.9) = 30 with resets, 3/(1-0.72) = 10.714 without.

    The incentive is the same in both: D = 0.72.
    """
    assert solution.at(delta="0.9", h="0.2")["grim"].payoffs["buyer"] == 30
    ending = replace(
        trust.setting, discount=delta * (1 - h), regimes=(Regime("", sympy.S.Zero, (sympy.S.One,)),)
    )
    ended = replace(trust, setting=ending).solve()
    assert ended.at(delta="0.9", h="0.2")["grim"].payoffs["buyer"] == Rational(75, 7)
    domain = solution.domain.constraints
    for here, there in ((solution, ended), (ended, solution)):
        proof = implies([*domain, *here["grim"].conditions], sympy.And(*there["grim"].conditions))
        assert proof.verdict is Verdict.PROVED


def test_the_two_sides_may_differ(trust: Repeated) -> None:
    """Grim against tit-for-tat: the grim player is bound by tit-for-tat's memory and vice versa.

    Against grim the best deviation is D for ever, against tit-for-tat also alternating, so the
    pair is Nash under the same conditions as tit-for-tat with itself.
    """
    mixed = with_profiles(trust, "grim / tit_for_tat").solve()
    both = with_profiles(trust, "tit_for_tat").solve()
    for one, other in ((mixed, both), (both, mixed)):
        premises = [*one.domain.constraints, *one.branches[0].conditions]
        for wanted in other.branches[0].conditions:
            assert implies(premises, wanted).verdict is Verdict.PROVED


# --- regimes -----------------------------------------------------------------------------------


def test_the_chain_has_four_sets_of_regimes(chain: Solution) -> None:
    assert {branch.name for branch in chain.branches} == {
        "always_defect",
        "grim{stable}",
        "grim{unstable}",
        "grim{stable,unstable}",
    }
    assert chain.headline == "grim{stable,unstable}"
    assert "h" not in chain.domain.names


def test_the_conditions_are_those_of_the_resolvent(chain: Solution) -> None:
    """W = (I - delta*H*Pi)^-1 (R-P on the set, 0 elsewhere), self-enforcing where
    (delta*H*Pi*W)_i >= T-R for every regime i of the set: proved equivalent for each set.

    Play starts in the stable regime, and with a = 1 never leaves it: what the unstable one would
    ask does not matter there, and W_s = (R-P)/(1 - delta*(1-h_s)) has to be enough."""
    a, b, h_s, h_u = map(symbol, ("calm", "crisis", "h_s", "h_u"))
    step = delta * sympy.diag(1 - h_s, 1 - h_u) * sympy.Matrix([[a, 1 - a], [1 - b, b]])
    domain = chain.domain.constraints
    for chosen in ((1, 0), (0, 1), (1, 1)):
        worth = (sympy.eye(2) - step).inv() * sympy.Matrix([c * (R - P) for c in chosen])
        lost = step * worth
        stated = [sympy.Ge(sympy.cancel(lost[i] - (T - R)), 0) for i in (0, 1) if chosen[i]]
        label = ",".join(name for name, c in zip(("stable", "unstable"), chosen, strict=True) if c)
        found = chain[f"grim{{{label}}}"].conditions
        gaps = [sympy.factor(c.lhs - c.rhs) for c in found]
        inside = [sympy.Ge(gap / (1 - a if gap.subs(a, 1) == 0 else 1), 0) for gap in gaps]
        for premises, wanted in ((stated, inside), (inside, stated)):
            for one in wanted:
                assert implies([*domain, a < 1, *premises], one).verdict is Verdict.PROVED
        D = delta * (1 - h_s)
        alone = (D * (T - P) >= T - R) if chosen[0] else sympy.true
        stuck = [condition.subs(a, 1) for condition in found]
        at_one = [condition.subs(a, 1) for condition in domain]
        for premises, wanted in ((stuck, alone), ([alone], sympy.And(*stuck))):
            assert implies([*at_one, *premises], wanted).verdict is Verdict.PROVED


def test_only_the_unstable_regime_is_never_the_greatest_set(chain: Solution) -> None:
    """Common payoffs and h_s <= h_u: wherever it is self-enforcing, both regimes together are.

    And it can be an equilibrium: there is a point where its conditions hold. (At a = 1 the unstable
    regime is never met, and what is agreed for it asks nothing.)
    """
    domain = [*chain.domain.constraints, symbol("calm") < 1]
    alone = chain["grim{unstable}"].conditions
    for wanted in chain["grim{stable,unstable}"].conditions:
        assert implies([*domain, *alone], wanted).verdict is Verdict.PROVED
    witness = feasible([*domain, *alone]).witness
    assert witness is not None
    point = {s.name: value for s, value in witness.items()}
    assert "grim{unstable}" in names(chain, **point)


def test_with_a_larger_temptation_in_crises_the_stable_regime_alone_can_be_the_greatest(
    switching: Repeated,
) -> None:
    """delta=.9, a=.9, b=.6, R=3, P=1, T_s=5, T_u=6, h_s=0: both until h_u = 55/93.

    W solves W_s = 2 + .9(.9 W_s + .1 W_u), W_u = 2 + .9(1-h_u)(.4 W_s + .6 W_u); the unstable
    regime's condition W_u - 2 >= 3 binds at W_u = 5, W_s = 2.45/.19 and 1-h_u = 38/93.
    """
    rules = load_rules("switching")
    stable, unstable = rules.chain
    T_u = Parameter("T_u", "temptation in crises", "payoff", Interval.parse("(-oo, oo)"),
                    Rational(6), "test", "payoff")  # fmt: skip
    worse = replace(
        rules,
        chain=(stable, replace(unstable, changes={"T": symbol("T_u")})),
        domain=rules.domain.extend([T_u]),
    )
    game = repeated("trust").with_regimes(worse)
    fixed = {"T": 5, "R": 3, "P": 1, "S": 0, "T_u": 6, "delta": "0.9",
             "calm": "0.9", "crisis": "0.6", "h_s": 0}  # fmt: skip
    values = game.header.domain.read(fixed)
    solution = game.substitute(values).solve()
    assert solution.threshold("h_u", "grim{stable,unstable}") == Rational(55, 93)
    above = names(solution, h_u=Rational(56, 93))
    assert "grim{stable}" in above and "grim{stable,unstable}" not in above


def test_critical_discount_of_the_stable_regime_alone(switching: Repeated) -> None:
    """delta**2*(1-a-b) + delta*(a+x*b) - x = 0 with x = g/(1+g): 0.536675 at g=1, a=.9, b=.6.

    At x = 1/2: -0.5 d**2 + 1.2 d - 0.5 = 0, d = 1.2 - sqrt(0.44).
    """
    fixed = {**AXELROD, "calm": "0.9", "crisis": "0.6", "h_s": 0, "h_u": 0}
    solution = switching.substitute(switching.header.domain.read(fixed)).solve()
    threshold = solution.threshold("delta", "grim{stable}")
    assert abs(sympy.N(threshold, 20) - Rational("0.536675")) < Rational(1, 10**6)
    assert sympy.simplify(threshold - (Rational(6, 5) - sympy.sqrt(Rational(11, 25)))) == 0
    assert solution.threshold("delta", "grim{stable,unstable}") == Rational(1, 2)


def test_a_mean_hazard_is_not_a_sufficient_statistic(chain: Solution) -> None:
    """Two chains with the same long-run mean hazard 1/5: one keeps co-operation in both regimes,
    the other in the stable one only."""
    same = {**AXELROD, "delta": "0.7"}
    steady = {"calm": "1/2", "crisis": "1/2", "h_s": "1/5", "h_u": "1/5"}
    torn = {"calm": "9/10", "crisis": "9/10", "h_s": "0", "h_u": "2/5"}
    assert "grim{stable,unstable}" in names(chain, **same, **steady)
    found = names(chain, **same, **torn)
    assert "grim{stable,unstable}" not in found and "grim{stable}" in found


def test_rules_that_do_not_fit_a_chain_are_refused(trust: Repeated, switching: Repeated) -> None:
    with pytest.raises(InputError, match="cannot take the place"):
        trust.with_regimes(load_rules("unstable"))
    with pytest.raises(InputError, match="cannot take the place"):
        switching.with_regimes(load_rules("switching"))
    rules = load_rules("switching")
    delta_named = Parameter("delta", "d", "-", Interval.parse("(0, 1)"), Rational(1, 2), "t")
    clash: MacroRules = replace(rules, domain=rules.domain.extend([delta_named]))
    with pytest.raises(InputError, match="name a parameter delta"):
        trust.with_regimes(clash)


# --- checks apart from the solver --------------------------------------------------------------

chance = st.fractions(min_value=0, max_value=1, max_denominator=12)
inner = st.fractions(min_value=Fraction(1, 12), max_value=Fraction(11, 12), max_denominator=12)
step = st.integers(min_value=1, max_value=6)


def dilemma(first: int, second: int, third: int) -> dict[str, int] | dict[str, str]:
    """S < P < R < T with 2R > T + S."""
    R_ = first + second
    return {"S": 0, "P": first, "R": R_, "T": R_ + min(third, R_ - 1)} if R_ > 1 else AXELROD


@settings(max_examples=60, deadline=None)
@given(step, step, step, inner, chance)
def test_every_profile_is_listed_exactly_where_nobody_gains(
    first: int, second: int, third: int, patience: Fraction, hazard: Fraction
) -> None:
    """Soundness and completeness: a profile is listed at a point iff its regret there is zero."""
    solution = solved("trust")
    values = {
        **dilemma(first, second, third),
        "delta": patience,
        "h": min(hazard, Fraction(11, 12)),
    }
    listed = set(names(solution, **values))
    point = solution.domain.point(values)
    game = GAMES["trust"]
    for branch in solution.branches:
        at = branch.substitute({symbol(name): value for name, value in point.items()})
        assert (branch.name in listed) == (game.regret(at, point) == 0)


@settings(max_examples=40, deadline=None)
@given(step, step, step, inner, chance, chance, chance, chance)
def test_the_same_under_regimes(
    first: int, second: int, third: int, patience: Fraction,
    calm: Fraction, crisis: Fraction, low: Fraction, high: Fraction,
) -> None:  # fmt: skip
    solution, game = solved("chain"), GAMES["chain"]
    low, high = sorted(min(x, Fraction(11, 12)) for x in (low, high))
    values = {**dilemma(first, second, third), "delta": patience, "calm": calm, "crisis": crisis,
              "h_s": low, "h_u": high}  # fmt: skip
    listed = set(names(solution, **values))
    point = solution.domain.point(values)
    for branch in solution.branches:
        at = branch.substitute({symbol(name): value for name, value in point.items()})
        assert (branch.name in listed) == (game.regret(at, point) == 0)


GAMES = {"trust": repeated("trust")}
GAMES["chain"] = GAMES["trust"].with_regimes(load_rules("switching"))


@cache
def solved(name: str) -> Solution:
    return GAMES[name].solve()


@settings(max_examples=30, deadline=None)
@given(step, step, step, inner, st.integers(2, 5), st.integers(-5, 5))
def test_positive_affine_payoffs_change_nothing(
    first: int, second: int, third: int, patience: Fraction, scale: int, shift: int
) -> None:
    payoffs = dilemma(first, second, third)
    moved = {name: scale * int(value) + shift for name, value in payoffs.items()}
    solution = solved("trust")
    assert names(solution, **payoffs, delta=patience) == names(solution, **moved, delta=patience)


def test_play_simulated_period_by_period_has_the_reported_value(solution: Solution) -> None:
    """Grim at delta = 9/10, h = 1/5 against one who defects once and then follows: the stream of
    payoffs, summed over 600 periods by the recursion on states, is what the value says."""
    game = GAMES["trust"]
    point = solution.domain.point({"delta": "0.9", "h": "0.2"})
    pair = game.pair("punish(2)")
    stage = {("C", "C"): 3, ("C", "D"): 0, ("D", "C"): 5, ("D", "D"): 1}
    weights, total = {(pair[0].start, pair[1].start): 1.0}, 0.0
    for period in range(600):
        following: dict[tuple[str, str], float] = {}
        for (x, y), weight in weights.items():
            played = (pair[0].actions[x, ""], pair[1].actions[y, ""])
            total += 0.9**period * weight * stage[played]
            signal = ",".join(played)
            to = (pair[0].moves[x, "", signal], pair[1].moves[y, "", signal])
            start = (pair[0].start, pair[1].start)
            following[to] = following.get(to, 0) + 0.8 * weight
            following[start] = following.get(start, 0) + 0.2 * weight
        weights = following
    value = solution["punish(2)"].payoffs["buyer"]
    assert total == pytest.approx(float(value.subs({symbol(k): v for k, v in point.items()})))


def test_the_regret_of_a_wrong_profile_is_positive(solution: Solution) -> None:
    """Grim at delta = 0.4 on (5, 3, 1, 0): R/(1-D) = 5 against T + D*P/(1-D) = 17/3: regret 2/3."""
    game = GAMES["trust"]
    point = solution.domain.point({"delta": "0.4"})
    grim = solution["grim"].substitute({symbol(k): v for k, v in point.items()})
    assert game.regret(grim, point) == Rational(2, 3)


@pytest.mark.parametrize("name", ["always_defect", "grim", "punish(3)", "tit_for_tat"])
def test_automata_are_read_back_from_their_description(name: str) -> None:
    for game in (GAMES["trust"], GAMES["chain"]):
        automaton = game.pair(name)[0]
        assert from_description(describe(automaton)) == automaton


def test_every_history_is_covered_by_the_joint_states() -> None:
    """Replaying every history of four periods leads only to states the conditions looked at."""
    from coopgame.forms.repeated.play import reachable

    game = GAMES["trust"]
    pair = game.pair("tit_for_tat")
    known = {node[:2] for node in reachable(game.setting, pair, deviations=True)}
    for history in product(["C,C", "C,D", "D,C", "D,D"], repeat=4):
        state = (pair[0].start, pair[1].start)
        for signal in history:
            state = (pair[0].moves[state[0], "", signal], pair[1].moves[state[1], "", signal])
            assert state in known
