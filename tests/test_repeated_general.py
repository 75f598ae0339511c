"""Repeated games beyond the built-in dilemma: noise, automata of one's own, larger stage games,
minimax punishment, known last dates, and the set of equilibrium payoffs."""

from __future__ import annotations

import copy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from coopgame.catalogue import load_game
from coopgame.errors import InputError, LimitReached
from coopgame.forms.gamefile import read_game
from coopgame.forms.repeated.automata import describe, expand
from coopgame.forms.repeated.contexts import minimax_profile
from coopgame.forms.repeated.game import Repeated
from coopgame.forms.repeated.payoffset import hull
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.rules.macro import Regime
from coopgame.solution import Branch

T, R, P, S, delta, h, p0, p1 = map(symbol, ("T", "R", "P", "S", "delta", "h", "p0", "p1"))


def parameter(default: str, domain: str = "(-oo, oo)", role: str | None = None) -> dict[str, str]:
    told = {"meaning": "m", "unit": "u", "domain": domain, "default": default, "source": "s"}
    return told | ({"role": role} if role else {})


DILEMMA: dict[str, Any] = {
    "format": 1,
    "form": "repeated",
    "headline": "mine",
    "profiles": ["always_defect", "mine"],
    "assumptions": ["T > R", "R > P", "P > S"],
    "parameters": {
        "T": parameter("5"),
        "R": parameter("3"),
        "P": parameter("1"),
        "S": parameter("0"),
        "delta": parameter("9/10", "(0, 1)", "discount"),
    },
    "stage": {
        "players": {"A": ["C", "D"], "B": ["C", "D"]},
        "payoffs": {"C,C": ["R", "R"], "C,D": ["S", "T"], "D,C": ["T", "S"], "D,D": ["P", "P"]},
    },
}


def read(**changes: Any) -> Repeated:
    section = Section(copy.deepcopy(DILEMMA) | copy.deepcopy(changes))
    game = read_game(section, "test", "")
    section.settle()
    assert isinstance(game, Repeated)
    return game


def equivalent(domain: Domain, one: Any, other: Any) -> bool:
    return all(
        implies([*domain.constraints, *a], sympy.And(*b), domain.integers).verdict is Verdict.PROVED
        for a, b in ((one, other), (other, one))
    )


# --- automata of one's own ---------------------------------------------------------------------

STATES = {
    "tit_for_tat": {
        "cooperate": {"action": "C", "next": {"C,C": "cooperate", "D,C": "cooperate",
                                              "C,D": "defect", "D,D": "defect"}},
        "defect": {"action": "D", "next": {"C,C": "cooperate", "D,C": "cooperate",
                                           "otherwise": "defect"}},
    },
    "grim": {
        "trust": {"action": "C", "next": {"C,C": "trust", "otherwise": "broken"}},
        "broken": {"action": "D", "next": "broken"},
    },
    "punish(2)": {
        "trust": {"action": "C", "next": {"C,C": "trust", "otherwise": "one"}},
        "one": {"action": "D", "next": "two"},
        "two": {"action": "D", "next": "trust"},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_an_automaton_written_in_the_file_is_the_built_in_one(name: str) -> None:
    """Signals are read from the player's own side, so the same text serves both."""
    mine = read(automata={"mine": {"states": STATES[name]}}).solve()
    built_in = read(profiles=["always_defect", name], headline=name).solve()
    found, stated = mine["mine"], built_in[name]
    assert found.concept == stated.concept
    assert equivalent(mine.domain, found.conditions, stated.conditions)
    assert found.payoffs == stated.payoffs


def test_an_automaton_that_forgives_once() -> None:
    """Two breaches before grim: a single breach is free, so it is taken and never an equilibrium.

    In the first state a deviation gains T - R today and costs nothing until the next breach.
    """
    states = {
        "trust": {"action": "C", "next": {"C,C": "trust", "otherwise": "warned"}},
        "warned": {"action": "C", "next": {"C,C": "warned", "otherwise": "broken"}},
        "broken": {"action": "D", "next": "broken"},
    }
    solution = read(automata={"mine": {"states": states}}).solve()
    assert [branch.name for branch in solution.branches] == ["always_defect"]


@pytest.mark.parametrize(
    ("states", "place", "problem"),
    [
        ({"a": {"action": "X", "next": "a"}}, "automata.mine.states.a.action", "not an action"),
        (
            {"a": {"action": "C", "next": {"C,C": "a"}}},
            "automata.mine.states.a.next",
            "nothing is said of 'C,D'",
        ),
        (
            {"a": {"action": "C", "next": {"C,X": "a", "otherwise": "a"}}},
            "automata.mine.states.a.next.C,X",
            "not a profile, own action first",
        ),
        ({"a": {"action": "C", "next": "b"}}, "automata.mine.states.a.next", "not a state"),
        ({"a": {"next": "a"}}, "automata.mine.states.a.action", "missing"),
        ({"a": {"action": "C", "next": "a", "x": 1}}, "automata.mine.states.a.x", "not a known"),
        ({}, "automata.mine.states", "0 states"),
    ],
)
def test_faults_of_automata_have_their_place(
    states: dict[str, Any], place: str, problem: str
) -> None:
    with pytest.raises(InputError) as raised:
        read(automata={"mine": {"states": states}})
    assert any(f.place == place and problem in f.problem for f in raised.value.faults)


def test_faults_of_a_game_are_found_together() -> None:
    payoffs = {**DILEMMA["stage"]["payoffs"], "C,D": ["S"], "E,E": ["1", "1"]}
    with pytest.raises(InputError) as raised:
        read(
            profiles=["grimm", "always_defect"],
            headline="tit_for_tat",
            stage={"players": DILEMMA["stage"]["players"], "payoffs": payoffs},
            cooperation="X,X",
        )
    places = {fault.place for fault in raised.value.faults}
    assert {"stage.payoffs.C,D", "stage.payoffs.E,E", "profiles[0]", "headline",
            "cooperation"} <= places  # fmt: skip


def test_without_a_discount_factor_the_file_is_refused() -> None:
    parameters = {k: v for k, v in DILEMMA["parameters"].items() if k != "delta"}
    with pytest.raises(InputError) as raised:
        read(parameters=parameters, profiles=["grim"], headline="grim")
    assert "discount" in {fault.place for fault in raised.value.faults}


# --- noise -------------------------------------------------------------------------------------


def test_the_best_strongly_symmetric_payoff_under_noise() -> None:
    """R - p0*(T-R)/(p1-p0) where D*((R-P)(p1-p0) + (T-R)(1-p0)) >= T-R (chances of a bad signal).

    V = R - D*p0*phi*(V-P)/(1-D) with the constraint (1-D)(T-R) = D*phi*(p1-p0)*(V-P) binding;
    the condition is phi <= 1.
    """
    solution = load_game("noisy_trust").solve()
    best = solution["forgiving_grim"]
    stated = R - p0 * (T - R) / (p1 - p0)
    assert sympy.simplify(best.outcomes["average_payoff"] - stated) == 0
    condition = delta * (1 - h) * ((R - P) * (p1 - p0) + (T - R) * (1 - p0)) >= T - R
    assert equivalent(solution.domain, best.conditions, [condition])
    assert best.concept == "perfect public"


def test_the_forgiving_profile_is_certified_at_the_border_and_inside() -> None:
    game = load_game("noisy_trust")
    solution = game.solve()
    for patience, hazard in (("10/19", "0"), ("0.9", "0.1"), ("0.99", "0")):
        point = solution.at(delta=patience, h=hazard)
        assert game.regret(point["forgiving_grim"], point.point) == 0


def test_more_forgiveness_than_the_best_one_invites_a_breach() -> None:
    game = load_game("noisy_trust")
    point = game.solve().at(delta="0.9")
    best = point["forgiving_grim"]
    told = {
        player: {**strategy, "forgiveness": strategy["forgiveness"] + Rational(1, 100)}
        for player, strategy in best.strategies.items()
    }
    assert game.regret(replace(best, strategies=told), point.point) > 0


def test_noisy_grim_against_a_simulation_of_its_states() -> None:
    """Grim's value solves V = R + delta*((1-p0)*V + p0*P/(1-delta)), and falls to P."""
    solution = load_game("noisy_trust").solve()
    worth = solution["grim"].payoffs["buyer"].subs(h, 0)
    recursion = R + delta * ((1 - p0) * worth + p0 * P / (1 - delta))
    assert sympy.simplify(worth - recursion) == 0
    assert sympy.limit((1 - delta) * worth, delta, 1) == P


def test_what_needs_perfect_monitoring_says_so() -> None:
    chances = {profile: {"good": "1/2", "bad": "1/2"} for profile in DILEMMA["stage"]["payoffs"]}
    for name in ("tit_for_tat", "minimax(2)"):
        with pytest.raises(InputError, match="perfect monitoring"):
            read(
                profiles=[name],
                headline=name,
                monitoring={"agreed": ["good"], "chances": chances},
            )


def test_chances_must_be_a_distribution() -> None:
    chances = {profile: {"good": "1/2", "bad": "1/2"} for profile in DILEMMA["stage"]["payoffs"]}
    chances["C,C"] = {"good": "R", "bad": "1 - R"}
    chances["D,D"] = {"good": "1/2", "bad": "1/3"}
    with pytest.raises(InputError) as raised:
        read(
            profiles=["grim"],
            headline="grim",
            monitoring={"agreed": ["fine"], "chances": {**chances}},
        )
    places = {fault.place for fault in raised.value.faults}
    assert {"monitoring.agreed"} <= places
    assert any(place.startswith("monitoring.chances.") for place in places)


# --- larger stage games ------------------------------------------------------------------------

# Bertrand duopoly with three prices (high, middle, low), demand to the cheaper: v = 4, 3, 1/2.
BERTRAND = {
    "players": {"A": ["high", "middle", "low"], "B": ["high", "middle", "low"]},
    "payoffs": {
        "high,high": ["v/2", "v/2"],
        "high,middle": ["0", "w"],
        "high,low": ["0", "x"],
        "middle,high": ["w", "0"],
        "middle,middle": ["w/2", "w/2"],
        "middle,low": ["0", "x"],
        "low,high": ["x", "0"],
        "low,middle": ["x", "0"],
        "low,low": ["x/2", "x/2"],
    },
}
PRICES = {
    "v": parameter("4", "(0, oo)"),
    "w": parameter("3", "(0, oo)"),
    "x": parameter("1/2", "[0, oo)"),
    "delta": parameter("9/10", "(0, 1)", "discount"),
}


def test_grim_in_a_three_price_duopoly() -> None:
    """Keeping the high price: v/2/(1-delta) >= w + delta*x/2/(1-delta), so
    delta >= (w - v/2)/(w - x/2); the low price for ever is the one-shot equilibrium."""
    game = read(
        parameters=PRICES,
        stage=BERTRAND,
        assumptions=["v > w", "w > 2*x", "w > v/2"],
        profiles=["always_defect", "grim"],
        headline="grim",
    )
    solution = game.solve()
    v, w, x = map(symbol, "vwx")
    stated = delta * (w - x / 2) >= w - v / 2
    assert equivalent(solution.domain, solution["grim"].conditions, [stated])
    assert solution["grim"].concept == "subgame-perfect"
    assert solution.at(delta="1/2")["grim"].payoffs["A"] == 4


# A dilemma with an action that hurts both: minimax is 0, below the one-shot equilibrium at 1.
HURT = {
    "players": {"A": ["C", "D", "M"], "B": ["C", "D", "M"]},
    "payoffs": {
        "C,C": ["3", "3"], "C,D": ["0", "T"], "C,M": ["-1", "-1"],
        "D,C": ["T", "0"], "D,D": ["1", "1"], "D,M": ["0", "-1"],
        "M,C": ["-1", "-1"], "M,D": ["-1", "0"], "M,M": ["-1", "-1"],
    },
}  # fmt: skip


def hurting(profile: str) -> Repeated:
    return read(
        parameters={
            "T": parameter("5", "(3, oo)"),
            "delta": parameter("9/10", "(0, 1)", "discount"),
        },
        stage=HURT,
        assumptions=[],
        profiles=[profile],
        headline=profile,
        punishment="D,D",
    )


def test_the_minimax_profile_is_found_by_proof() -> None:
    """Against M the best is 0 (D), against D it is 1, against C it is T > 3."""
    game = hurting("minimax(1)")
    assert minimax_profile(game.setting, game.header.domain) == ("M", "M")


def test_mutual_minimax_punishment_as_nash_and_as_subgame_perfect() -> None:
    """T = 5. Nash reversion: delta >= (5-3)/(5-1) = 1/2. Two periods of M,M, begun anew by whoever
    deviates from them: on the path 5 + delta*W <= 3/(1-delta) with
    W = -1 - delta + 3*delta**2/(1-delta), that is 2 <= 4*delta + 4*delta**2, delta >= 0.366;
    against one who plays D for ever 5*(1-delta) <= 3, delta >= 2/5. That is Nash. Punishing, D
    gains 0 + delta*W against W, so subgame perfection asks for W >= 0, delta >= 1/2.
    """
    twice, reversion = hurting("minimax(2)").solve(), hurting("grim").solve()
    assert "grim" in [b.name for b in reversion.at(T=5, delta="1/2").branches]
    assert reversion.at(T=5, delta="0.4999").branches == ()
    d = symbol("delta")
    worth = -1 - d + 3 * d**2 / (1 - d)
    path = 4 * d + 4 * d**2 >= 2
    domain = twice.domain.substitute({"T": Rational(5)})

    def conditions(name: str) -> list[Any]:
        return [condition.subs(symbol("T"), 5) for condition in twice[name].conditions]

    assert twice["minimax(2)"].concept == "Nash"
    assert equivalent(domain, conditions("minimax(2)"), [path, 5 * d >= 2])
    assert equivalent(domain, conditions("minimax(2), subgame-perfect"), [path, worth >= 0])
    assert [b.name for b in twice.at(T=5, delta="0.45").branches] == ["minimax(2)"]


TEMPLATE = Branch("claimed", "automaton", "Nash", {}, {}, {})


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(-4, 4), min_size=18, max_size=18),
    st.fractions(min_value=Fraction(1, 10), max_value=Fraction(9, 10), max_denominator=10),
)
def test_random_bimatrix_games_are_listed_exactly_where_nobody_gains(
    payoffs: list[int], patience: Fraction
) -> None:
    labels = [f"{a},{b}" for a in "abc" for b in "abc"]
    stated = {
        label: [str(payoffs[2 * i]), str(payoffs[2 * i + 1])] for i, label in enumerate(labels)
    }
    game = read(
        parameters={"delta": parameter("1/2", "(0, 1)", "discount")},
        assumptions=[],
        stage={"players": {"A": ["a", "b", "c"], "B": ["a", "b", "c"]}, "payoffs": stated},
        profiles=["always_defect", "grim", "punish(2)", "tit_for_tat"],
        headline="grim",
    )
    listed = {branch.name: branch for branch in game.solve().at(delta=patience).branches}
    point = {"delta": Rational(patience.numerator, patience.denominator)}
    for name in game.profiles:
        told = [describe(automaton) for automaton in game.pair(name)]
        claimed = replace(TEMPLATE, strategies=dict(zip(game.setting.players, told, strict=True)))
        nash = game.regret(replace(claimed, concept="Nash"), point) == 0
        perfect = game.regret(replace(claimed, concept="subgame-perfect"), point) == 0
        assert (name in listed) == nash
        edge = f"{name}, subgame-perfect" in listed
        assert perfect == (edge or (name in listed and listed[name].concept != "Nash"))


# --- alliances ---------------------------------------------------------------------------------


@pytest.mark.parametrize("periods", [1, 2, 4, 5])
def test_cooperation_unravels_from_any_known_last_date(periods: int) -> None:
    """With n periods and no contract, no non-empty set of dates enforces itself."""
    game = repeated("alliance_dated")
    first, over = game.setting.regimes[0], game.setting.regimes[-1]
    dates = [f"t{i}" for i in range(1, periods + 1)]
    zero, one = sympy.S.Zero, sympy.S.One
    chain = [
        Regime(date, first.hazard, tuple(one if j == i + 1 else zero for j in range(periods + 1)))
        for i, date in enumerate(dates)
    ]
    chain.append(replace(over, next=(*[zero] * periods, one)))
    payoffs = {
        (regime, profile): game.setting.payoffs["over" if regime == "over" else "first", profile]
        for regime in (*dates, "over")
        for profile in game.setting.chances
    }
    setting = replace(game.setting, regimes=tuple(chain), payoffs=payoffs)
    context = replace(game.context, regimes=(*dates, "over"))
    sets = [
        f"grim{{{','.join(dates[i:j])}}}" for i in range(periods) for j in range(i + 1, periods + 1)
    ]
    free = replace(game, setting=setting, context=context, profiles=("always_defect", *sets[:6]),
                   header=replace(game.header, headline="always_defect"))  # fmt: skip
    unravelled = free.substitute({"f": Rational(0)}).solve()
    assert [branch.name for branch in unravelled.branches] == ["always_defect"]


# --- the set of payoffs ------------------------------------------------------------------------


def repeated(name: str) -> Repeated:
    game = load_game(name)
    assert isinstance(game, Repeated)
    return game


NINE = {"T": 10, "R": 9, "P": 3, "S": 1}


def corners(game: Repeated, **values: Any) -> list[tuple[Rational, ...]]:
    return list(game.payoff_set(**values).vertices)


@pytest.fixture(scope="module")
def trust() -> Repeated:
    return repeated("trust")


@pytest.mark.parametrize("patience", ["1/7", "0.145", "0.2", "0.24"])
def test_just_above_the_critical_discount_factor_the_set_is_a_segment(
    trust: Repeated, patience: str
) -> None:
    """9,9/1,10/3,3: grim from (10-9)/(10-3) = 1/7 on; D,C and C,D need promises above 9 until 1/4.

    QuantEcon's outer approximation raises a QhullError on these.
    """
    found = trust.payoff_set(**NINE, delta=patience)
    assert list(found.vertices) == [(3, 3), (9, 9)]
    assert found.exact and found.error == 0


def test_below_the_critical_discount_factor_only_defection_is_left(trust: Repeated) -> None:
    assert corners(trust, **NINE, delta=Rational(1, 7) - Rational(1, 10**9)) == [(3, 3)]


def test_the_payoff_set_of_a_patient_pair(trust: Repeated) -> None:
    """The feasible payoffs of at least 3 each: (10,1)-(9,9) is cut by 3 at 10 - 1/4."""
    found = [(3, 3), (Rational(39, 4), 3), (9, 9), (3, Rational(39, 4))]
    assert corners(trust, **NINE, delta="3/4") == found
    assert corners(trust, **NINE, delta="3/4", h="1/5") == found


def test_alternating_below_the_grim_threshold(trust: Repeated) -> None:
    """(5,3,1,0) at 0.3: no mutual co-operation below 1/2, but D,C and C,D in turn from 1/4 on.

    Starting from (5, 0) with the promise (5/3, 10/3): 0.7*(5, 0) + 0.3*(5/3, 10/3) = (4, 1).
    """
    found = trust.payoff_set(delta="0.3")
    assert list(found.vertices) == [(1, 1), (4, 1), (1, 4)]
    assert found.exact and found.error < Rational(1, 10**15)
    assert corners(trust, delta="0.2499") == [(1, 1)]


def test_a_hazard_shrinks_the_set_like_impatience(trust: Repeated) -> None:
    for patience, hazard in (("0.6", "0.5"), ("0.8", "0.625")):
        assert corners(trust, delta=patience, h=hazard) == corners(trust, delta="0.3")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=8, max_size=8),
    st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20),
)
def test_random_payoff_sets_hold_every_automaton_equilibrium_and_nothing_irrational(
    payoffs: list[int], patience: Fraction
) -> None:
    """Equilibria in automata lie in the set; all of it is feasible and above the minimax."""
    stated = {
        label: [str(payoffs[2 * i]), str(payoffs[2 * i + 1])]
        for i, label in enumerate(["C,C", "C,D", "D,C", "D,D"])
    }
    game = read(
        parameters={"delta": parameter("1/2", "(0, 1)", "discount")},
        assumptions=[],
        stage={"players": {"A": ["C", "D"], "B": ["C", "D"]}, "payoffs": stated},
        profiles=["always_defect", "grim", "punish(2)", "win_stay_lose_shift", "tit_for_tat"],
        headline="grim",
    )
    found = game.payoff_set(delta=patience)
    shape = [
        (Fraction(int(x.p), int(x.q)), Fraction(int(y.p), int(y.q))) for x, y in found.vertices
    ]
    feasible = [
        (Fraction(a), Fraction(b)) for a, b in zip(payoffs[::2], payoffs[1::2], strict=True)
    ]
    if found.exact:
        assert hull([*feasible, *shape]) == hull(feasible)
    cc, cd, dc, dd = feasible
    floor = (min(max(cc[0], dc[0]), max(cd[0], dd[0])), min(max(cc[1], cd[1]), max(dc[1], dd[1])))
    slack = Fraction(1, 10**9)
    assert all(x >= floor[0] - slack and y >= floor[1] - slack for x, y in shape)
    for branch in game.solve().at(delta=patience).branches:
        if branch.concept == "subgame-perfect":
            scale = 1 - patience
            one, other = (scale * Fraction(int(v.p), int(v.q)) for v in branch.payoffs.values())
            assert shape, "an equilibrium exists, so the set cannot be empty"
            assert near(hull([*shape, (one, other)]), shape, slack)


def near(one: list[Any], other: list[Any], slack: Fraction) -> bool:
    return all(any(abs(a - c) <= slack and abs(b - d) <= slack for c, d in other) for a, b in one)


def test_what_is_not_verified_says_so() -> None:
    """One corner is irrational, -(3 + sqrt(89))/10, so what is given is an outer approximation."""
    stated = {"C,C": ["0", "-2"], "C,D": ["-4", "-2"], "D,C": ["3", "-5"], "D,D": ["0", "3"]}
    game = read(
        parameters={"delta": parameter("4/5", "(0, 1)", "discount")},
        assumptions=[],
        stage={"players": {"A": ["C", "D"], "B": ["C", "D"]}, "payoffs": stated},
        profiles=["always_defect"],
        headline="always_defect",
    )
    found = game.payoff_set()
    assert not found.exact and 0 < found.error < Rational(1, 10**15)
    lowest = min(y for _, y in found.vertices)
    assert abs(sympy.N(lowest + (3 + sympy.sqrt(89)) / 10, 30)) < Rational(1, 10**15)


def test_an_equilibrium_free_game_has_an_empty_set() -> None:
    """Matching pennies in pure strategies: every profile tempts someone by 2, and 0 is the most
    that promises and threats between -1 and 1 leave at delta = 1/10."""
    stated = {"C,C": ["1", "-1"], "C,D": ["-1", "1"], "D,C": ["-1", "1"], "D,D": ["1", "-1"]}
    game = read(
        parameters={"delta": parameter("1/10", "(0, 1)", "discount")},
        assumptions=[],
        stage={"players": {"A": ["C", "D"], "B": ["C", "D"]}, "payoffs": stated},
        profiles=["grim"],
        headline="grim",
    )
    assert game.payoff_set().vertices == ()


def test_the_payoff_set_refuses_what_it_does_not_cover() -> None:
    with pytest.raises(InputError, match="perfect monitoring"):
        repeated("noisy_trust").payoff_set()
    with pytest.raises(InputError, match="one regime"):
        repeated("alliance_dated").payoff_set()


# --- bounds ------------------------------------------------------------------------------------


def test_too_many_joint_states_are_refused_with_the_bound() -> None:
    game = read(profiles=["punish(11) / punish(12)"], headline="punish(11) / punish(12)")
    with pytest.raises(LimitReached, match="at most 60"):
        game.solve()


def test_grim_on_a_long_chain_stands_for_all_regimes() -> None:
    assert len(expand("grim", "abcd")) == 15
    assert expand("grim", "abcde") == ["grim{a,b,c,d,e}"]
