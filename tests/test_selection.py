"""Selection: published values, derivations by hand, and chains solved by brute force."""

from __future__ import annotations

import itertools
import random
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
import sympy

from coopgame.catalogue import load_game
from coopgame.errors import InputError, LimitReached
from coopgame.forms.gamefile import read_game
from coopgame.forms.normal.game import NormalGame
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.selection.basins import basins, replicator_basins
from coopgame.selection.coordination import (
    Binary,
    Selection,
    TwoByTwo,
    as_solution,
    binary,
    two_by_two,
)
from coopgame.selection.dominance import most_cooperative, payoff_dominant, risk_dominant
from coopgame.selection.quantal import logit_path, symmetric_logit_path
from coopgame.selection.stochastic import adaptive_play, logit_stable, stochastically_stable
from tests.peers import pygambit


def normal(payoffs: dict[str, tuple[str, str]], assumptions: Sequence[str] = ()) -> NormalGame:
    """A 2x2 game of actions A, B whose payoffs may name a, b, c, d, x, y (any real; positive x)."""
    names = {
        symbol for row in payoffs.values() for text in row for symbol in text if symbol.isalpha()
    }
    lines = ['format = 1\nform = "normal"\n', f"assumptions = {list(assumptions)}\n[parameters]\n"]
    for name in sorted(names):
        domain = "(0, 1)" if name in "xy" else "(-oo, oo)"
        default = {"a": "4", "b": "0", "c": "3", "d": "2", "x": "1/3", "y": "1/4"}[name]
        lines.append(
            f'{name} = {{ meaning = "m", unit = "u", domain = "{domain}", '
            f'default = "{default}", source = "s" }}\n'
        )
    lines.append('[players]\none = ["A", "B"]\ntwo = ["A", "B"]\n[payoffs]\n')
    lines += [f'"{profile}" = {list(row)}\n' for profile, row in payoffs.items()]
    section = Section(tomllib.loads("".join(lines)))
    game = read_game(section, "test", "")
    section.settle()
    assert isinstance(game, NormalGame)
    return game


def symmetric(a: str, b: str, c: str, d: str, assumptions: Sequence[str] = ()) -> NormalGame:
    table = {"A,A": (a, a), "A,B": (b, c), "B,A": (c, b), "B,B": (d, d)}
    return normal(table, assumptions)


COORDINATION = ("a > c", "d > b")
STAG_HUNT = symmetric("a", "b", "c", "d", COORDINATION)
LAB = symmetric("4", "0", "3", "2")


def names(found: Sequence[Selection]) -> list[str]:
    return sorted(each.equilibrium for each in found)


def region(found: Sequence[Selection], name: str) -> Any:
    return sympy.Or(*(sympy.And(*each.conditions) for each in found if each.equilibrium == name))


def assert_same(domain: Domain, one: Any, other: Any) -> None:
    for premise, conclusion in ((one, other), (other, one)):
        assert implies([*domain.constraints, premise], conclusion).verdict is Verdict.PROVED


a, b, c, d, x = map(symbol, "abcdx")


# --- dominance -----------------------------------------------------------------------------------


def test_risk_dominance_in_a_symmetric_game_compares_the_deviation_losses() -> None:
    """Harsanyi and Selten 1988: A risk-dominates B iff (a - c)**2 >= (d - b)**2, both positive."""
    found = risk_dominant(STAG_HUNT)
    assert names(found) == ["A,A", "B,B"]
    domain = STAG_HUNT.header.domain
    assert_same(domain, region(found, "A,A"), a - c >= d - b)
    assert_same(domain, region(found, "B,B"), a - c <= d - b)
    border = as_solution(STAG_HUNT.solve(), found).threshold("a", "A,A")
    assert sympy.expand(border - (c + d - b)) == 0


def test_the_stag_hunt_of_harsanyi_and_selten_is_split_between_the_criteria() -> None:
    """Payoffs 9,9 / 0,8 / 8,0 / 7,7 (Harsanyi and Selten 1988, fig. 3.28; Aumann 1990): (9, 9) is
    payoff-dominant, (7, 7) risk-dominant as (7-0)**2 > (9-8)**2.
    """
    game = symmetric("9", "0", "8", "7")
    assert names(payoff_dominant(game.solve())) == ["A,A"]
    (chosen,) = risk_dominant(game)
    assert (chosen.equilibrium, chosen.measure) == ("B,B", 49)


def test_risk_dominance_of_unequal_players_is_the_nash_product() -> None:
    """Losses (4, 1) at A,A and (2, 3) at B,B: products 4 < 6."""
    game = normal({"A,A": ("5", "2"), "A,B": ("0", "1"), "B,A": ("1", "0"), "B,B": ("2", "3")})
    assert [(s.equilibrium, s.measure) for s in risk_dominant(game)] == [("B,B", 6)]


def test_risk_dominance_between_the_pure_equilibria_of_hawk_dove() -> None:
    """In a symmetric game of chicken the two asymmetric equilibria tie: both are selected. In a
    prisoner's dilemma there are no two strict equilibria to compare.
    """
    dilemma = symmetric("3", "0", "5", "1")
    assert names(risk_dominant(dilemma)) == names(risk_dominant(two_by_two(dilemma))) == []
    chicken = symmetric("0", "5", "1", "3")
    assert names(risk_dominant(chicken)) == ["A,B", "B,A"]


def test_payoff_dominance_as_a_region() -> None:
    """A,A is payoff-dominant iff a >= d. The mixture never interferes: it is worth a mean of a and
    b, and b < d, so it is worth less than the better of A,A and B,B.
    """
    found = payoff_dominant(STAG_HUNT.solve())
    assert names(found) == ["A,A", "B,B"]
    assert_same(STAG_HUNT.header.domain, region(found, "A,A"), a >= d)
    assert_same(STAG_HUNT.header.domain, region(found, "B,B"), d >= a)
    assert names(payoff_dominant(STAG_HUNT.solve().at(a=4, b=0, c=3, d=2))) == ["A,A"]


def test_where_no_equilibrium_is_best_for_all_none_is_payoff_dominant() -> None:
    """Battle of the sexes: each prefers another equilibrium."""
    game = normal({"A,A": ("2", "1"), "A,B": ("0", "0"), "B,A": ("0", "0"), "B,B": ("1", "2")})
    assert payoff_dominant(game.solve()) == ()


def test_the_most_cooperative_equilibrium_of_the_trust_game() -> None:
    """At the defaults co-operating profiles exist and are chosen before constant defection; where
    patience is too low only profiles without mutual co-operation are left.
    """
    trust = load_game("trust")
    outcome = trust.header.shown[0]
    patient = trust.solve().at()
    best = max(float(branch.outcomes[outcome]) for branch in patient.branches)
    chosen = most_cooperative(patient, outcome)
    assert chosen and all(float(s.measure) == best for s in chosen if s.measure is not None)
    assert names(chosen) == sorted(
        branch.name for branch in patient.branches if float(branch.outcomes[outcome]) == best
    )
    with pytest.raises(InputError, match="has no outcome 'harmony'"):
        most_cooperative(patient, "harmony")


def test_most_cooperative_as_a_region() -> None:
    """Of A,A, B,B and the mixture the outcome "A" is played most in A,A wherever that exists."""
    game = symmetric("a", "b", "c", "d")
    whole = replace(game, named_outcomes={"cooperation": symbol("one_A")})
    found = most_cooperative(whole.solve())
    assert_same(game.header.domain, region(found, "A,A"), a >= c)
    below = implies([*game.header.domain.constraints, region(found, "B,B")], d >= b)
    assert below.verdict is Verdict.PROVED


# --- many identical players ----------------------------------------------------------------------


def domain_of(game: NormalGame) -> Domain:
    return game.header.domain


UNIT = domain_of(symmetric("x", "0", "0", "1"))


def hunt(n: int, domain: Domain = UNIT, prize: Any = 1, safe: Any = x) -> Binary:
    """The stag hunt of n hunters: the prize if all take part, else nothing; or x alone."""
    zero, one = sympy.S.Zero, sympy.sympify(prize)
    first = (*[zero] * (n - 1), one)
    return Binary(("all hunt", "all alone"), first, (sympy.sympify(safe),) * n, domain)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_risk_dominance_and_rivals_in_the_stag_hunt_of_n(n: int) -> None:
    """Carlsson and van Damme 1993 ("Equilibrium selection in stag hunt games"): hunting is risk-
    dominant iff (1 - x)**(n-1) >= x: with gains a = 1 - x and b = x each believes that another
    hunts with a/(a + b) = 1 - x. The potential (global games, logit mistakes) selects it iff the
    sum of gains 1 - n*x >= 0. With uniform mistakes among exactly n hunters one mistake ends the
    hunt, and n - 1 are needed to begin it: for n = 2 a tie, for n > 2 never.
    """
    game = hunt(n)
    assert_same(UNIT, region(risk_dominant(game), "all hunt"), (1 - x) ** (n - 1) >= x)
    assert_same(UNIT, region(logit_stable(game), "all hunt"), n * x <= 1)
    stable = stochastically_stable(game)
    assert names(stable) == (["all alone"] if n > 2 else ["all alone", "all hunt"])


def test_a_large_population_hunts_where_one_half_suffices() -> None:
    """Drawn at random from N, a hunter meets n - 1 hunters with probability C(k, n-1)/C(N-1, n-1).
    Of N = 2m + 1 the state with half the others decides: for n = 2, x <= 1/2; for n = 3 and N = 9
    x <= C(4,2)/C(8,2) = 6/28, near the limit 1/4.
    """
    assert_same(
        UNIT, region(stochastically_stable(hunt(2), 9), "all hunt"), x <= sympy.Rational(1, 2)
    )
    found = stochastically_stable(hunt(3), 9)
    assert_same(UNIT, region(found, "all hunt"), x <= sympy.Rational(6, 28))


# --- stochastic stability ------------------------------------------------------------------------


def test_the_computers_of_kandori_mailath_and_rob() -> None:
    """KMR 1993, section 1: ten students, payoffs 2 (both s1), 1 (both s2), 0. Seven mistakes upset
    s1, four upset s2: s1 is selected. Counting only the others, 3*k >= 9 is a best reply from
    k = 3 on, a tie: six and three.
    """
    game = symmetric("2", "0", "0", "1")
    (chosen,) = stochastically_stable(game, 10, "averages")
    assert (chosen.equilibrium, chosen.measure) == ("A,A", 4)
    (chosen,) = stochastically_stable(game, 10)
    assert (chosen.equilibrium, chosen.measure) == ("A,A", 3)
    other = binary(symmetric("1", "0", "0", "2"))
    assert [s.measure for s in stochastically_stable(other, 10, "averages")] == [4]


@pytest.mark.parametrize("n", [6, 7, 10, 11])
def test_the_region_of_kandori_mailath_and_rob(n: int) -> None:
    """KMR: z* = (N*(d - b) + a - d)/(a - c + d - b); s1 is selected iff it takes no fewer mistakes
    to leave, N - ceil(z*) + 1 >= floor(z*) + 1: iff z* <= N/2 for N even and z* < (N+1)/2 for N
    odd. So a - c = d - b does not tie: z* = N/2 + (a - d)/(2*(d - b)) favours the equilibrium
    that pays less.
    """
    found = stochastically_stable(STAG_HUNT, n, "averages")
    border = (n * (d - b) + a - d) / (a - c + d - b)
    stated = border <= sympy.Rational(n, 2) if n % 2 == 0 else border < sympy.Rational(n + 1, 2)
    assert_same(STAG_HUNT.header.domain, region(found, "A,A"), stated)


@pytest.mark.parametrize(
    ("n", "condition"), [(9, a - c >= d - b), (10, 10 * (a - c) > 8 * (d - b))]
)
def test_the_region_when_only_the_others_count(n: int, condition: Any) -> None:
    """k* = (N-1)*(d-b)/(a-c+d-b). Leaving A,A takes N - 1 - floor(k*) mistakes, leaving B,B
    ceil(k*). For N odd that compares k* with (N-1)/2: risk dominance; for N even it asks k* <
    N/2, so that both are selected in a band around the tie.
    """
    found = stochastically_stable(STAG_HUNT, n)
    assert_same(STAG_HUNT.header.domain, region(found, "A,A"), condition)


def stationary(transition: Any) -> Any:
    size = len(transition)
    system = np.vstack([transition.T - np.eye(size), np.ones(size)])
    right = np.append(np.zeros(size), 1.0)
    return np.linalg.lstsq(system, right, rcond=None)[0]


def binomial(n: int, k: int, p: Fraction) -> Fraction:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


def exact_long_run(rows: list[list[Fraction]]) -> list[Fraction]:
    """The stationary distribution by elimination without subtractions (Grassmann et al. 1985)."""
    matrix = [row[:] for row in rows]
    size = len(matrix)
    for k in range(size - 1, 0, -1):
        total = sum(matrix[k][:k], Fraction(0))
        for i in range(k):
            matrix[i][k] /= total
        for i, j in itertools.product(range(k), repeat=2):
            matrix[i][j] += matrix[i][k] * matrix[k][j]
    weights = [Fraction(1)]
    for k in range(1, size):
        weights.append(sum((weights[i] * matrix[i][k] for i in range(k)), Fraction(0)))
    return [weight / sum(weights) for weight in weights]


def reply(gain: int, slip: Fraction) -> Fraction:
    """The chance of the first action in a best reply, either at a tie, with a chance of a slip."""
    best = Fraction(1 if gain > 0 else 0) if gain else Fraction(1, 2)
    return (1 - slip) * best + slip / 2


def one_at_a_time(gains: list[int], slip: Fraction) -> list[list[Fraction]]:
    """One player at a time, each as likely, revises to a reply to the others."""
    n = len(gains)
    rows = []
    for z in range(n + 1):
        up = Fraction(n - z, n) * reply(gains[z], slip) if z < n else Fraction(0)
        down = Fraction(z, n) * (1 - reply(gains[z - 1], slip)) if z else Fraction(0)
        row = [Fraction(0)] * (n + 3)
        row[z - 1], row[z], row[z + 1] = down, 1 - up - down, up
        rows.append(row[: n + 1])
    return rows


def all_at_once(gains: list[int], slip: Fraction) -> list[list[Fraction]]:
    """Every player revises with chance 1/2, independently, so that any number may move at once."""
    n = len(gains)
    rows = []
    for z in range(n + 1):
        stays = (1 + reply(gains[z - 1], slip)) / 2 if z else Fraction(0)
        joins = reply(gains[z], slip) / 2 if z < n else Fraction(0)
        row = [Fraction(0)] * (n + 1)
        for kept, joined in itertools.product(range(z + 1), range(n - z + 1)):
            row[kept + joined] += binomial(z, kept, stays) * binomial(n - z, joined, joins)
        rows.append(row)
    return rows


def averages_chain(view: Binary, n: int, slip: Fraction) -> list[list[Fraction]]:
    """KMR's best-reply dynamics: all go to the action that paid more on average; at a tie all stay;
    then each slips to a random action with chance `slip`.
    """
    (b_, a_), (d_, c_) = ([Fraction(str(u)) for u in us] for us in (view.first, view.second))
    rows = []
    for z in range(n + 1):
        gain = ((z - 1) * a_ + (n - z) * b_) - (z * c_ + (n - z - 1) * d_)
        target = z if z in (0, n) or gain == 0 else n if gain > 0 else 0
        row = [Fraction(0)] * (n + 1)
        for up, down in itertools.product(range(n - target + 1), range(target + 1)):
            chance = binomial(n - target, up, slip / 2) * binomial(target, down, slip / 2)
            row[target + up - down] += chance
        rows.append(row)
    return rows


def long_run_winners(rows: list[list[Fraction]]) -> set[int]:
    return {z for z, weight in enumerate(exact_long_run(rows)) if weight > Fraction(1, 1000)}


SLIP = Fraction(1, 10**9)


def numbers(gains: list[int]) -> Binary:
    n = len(gains)
    values = tuple(map(sympy.Integer, gains))
    return Binary((f"{n} of {n}", f"0 of {n}"), values, (sympy.S.Zero,) * n, Domain())


def selected_states(found: Sequence[Selection]) -> set[int]:
    return {int(each.equilibrium.split()[0]) for each in found}


@pytest.mark.parametrize("seed", range(25))
def test_trees_of_least_resistance_against_the_chain_itself(seed: int) -> None:
    """For random gains, ties among them, the states selected are those that keep a share of the
    exact stationary distribution as mistakes vanish, one player revising at a time.
    """
    generator = random.Random(seed)
    gains = [generator.choice([-2, -1, 0, 1, 3]) for _ in range(generator.randrange(2, 7))]
    found = selected_states(stochastically_stable(numbers(gains)))
    assert found == long_run_winners(one_at_a_time(gains, SLIP)), gains


@pytest.mark.parametrize("seed", range(15))
def test_in_games_of_coordination_it_does_not_matter_how_many_revise_at_once(seed: int) -> None:
    """Where the gains rise the same states are selected if any number may revise together."""
    generator = random.Random(seed)
    gains = sorted(generator.sample(range(-4, 5), generator.randrange(2, 7)))
    found = selected_states(stochastically_stable(numbers(gains)))
    assert found == long_run_winners(all_at_once(gains, SLIP)), gains
    assert found == long_run_winners(one_at_a_time(gains, SLIP)), gains


def test_where_others_choice_does_not_favour_ones_own_it_does_matter() -> None:
    """Gains 0, -2, 0: from z = 0 all three are indifferent. One at a time a second player who joins
    meets -2; all at once they may reach z = 3 without a mistake. The answer here is the former.
    """
    gains = [0, -2, 0]
    assert selected_states(stochastically_stable(numbers(gains))) == {0, 1}
    assert long_run_winners(all_at_once(gains, SLIP)) == {0, 1, 2, 3}


@pytest.mark.parametrize("seed", range(20))
def test_kandori_mailath_and_rob_against_the_chain_itself(seed: int) -> None:
    generator = random.Random(100 + seed)
    high, low = generator.randrange(1, 5), generator.randrange(1, 5)
    off = generator.choice([0, 0, -1, -3]), generator.choice([0, -1, -2])
    table = (high, off[0], off[1], low)
    view = binary(symmetric(*map(str, table)))
    n = generator.randrange(3, 7)
    found = {s.equilibrium for s in stochastically_stable(view, n, "averages")}
    winners = long_run_winners(averages_chain(view, n, SLIP))
    labels = {0: "B,B", n: "A,A"}
    assert found == {labels.get(z, f"{z} of {n}") for z in winners}, (table, n)


def held_at(found: Sequence[Selection], value: Fraction) -> set[str]:
    at = {x: sympy.Rational(value)}
    return {s.equilibrium for s in found if all(k.subs(at) == sympy.true for k in s.conditions)}


def test_without_order_the_region_is_a_sum_of_signs() -> None:
    """Gains x - 1/4, -1, x - 1/2 of three players rise nor fall throughout. From all first (z = 3)
    the signs sum to +1 for x > 1/2; between 1/4 and 1/2 it is -1, with one player at the top.
    """
    quarter, half = sympy.Rational(1, 4), sympy.Rational(1, 2)
    gains = (x - quarter, sympy.Integer(-1), x - half)
    view = Binary(("all", "none"), gains, (sympy.S.Zero,) * 3, UNIT)
    found = stochastically_stable(view)
    at = {Fraction(1, 8): {"none"}, Fraction(1, 3): {"1 of 3"}, Fraction(3, 4): {"all", "1 of 3"}}
    for value, stated in at.items():
        assert held_at(found, value) == stated
    with pytest.raises(InputError, match="comparing averages"):
        stochastically_stable(view, 3, "averages")


def test_falling_gains_select_the_state_where_the_sign_turns() -> None:
    """Hawk-dove, V = 2 and cost 2/x: with a hawk-share of x = V/C of the others both pay the same.
    Of N = 11 players z take the first iff the 10 others are z - 1 with gain and z without.
    """
    game = symmetric("x - 1", "2*x", "0", "x")
    found = stochastically_stable(game, 11)
    gains = [Fraction(k, 10) * (Fraction(11, 40) - 1) + (1 - Fraction(k, 10)) * Fraction(11, 40)
             for k in range(11)]  # fmt: skip
    turn = sum(gain > 0 for gain in gains)
    assert held_at(found, Fraction(11, 40)) == {f"{turn} of 11"} == {"3 of 11"}


@pytest.mark.parametrize("seed", range(10))
def test_logit_mistakes_against_the_chain_itself(seed: int) -> None:
    """One revision at a time by logit replies: the chain z -> z +- 1 at precision 200."""
    generator = random.Random(seed)
    n = generator.randrange(2, 6)
    gains = [generator.choice([-3, -2, -1, 1, 2, 4]) for _ in range(n)]
    logs = [0.0]
    for z in range(n):
        # detailed balance between z and z + 1: up (n-z)/n * P(first), down (z+1)/n * P(second)
        logs.append(logs[-1] + np.log((n - z) / (z + 1)) + 200 * gains[z])
    weights = np.exp(np.array(logs) - max(logs))
    winners = {z for z, weight in enumerate(weights / weights.sum()) if weight > 1e-3}
    assert selected_states(logit_stable(numbers(gains))) == winners


def test_adaptive_play_in_the_limit_is_risk_dominance() -> None:
    """Young 1993, theorem 3: with large samples the risk-dominant convention is selected."""
    table = {"A,A": ("a", "x"), "A,B": ("0", "0"), "B,A": ("0", "0"), "B,B": ("1", "1")}
    game = normal(table, ["a > 0"])
    found = adaptive_play(game)
    assert_same(game.header.domain, region(found, "A,A"), a * x >= 1)


@pytest.mark.parametrize(
    "payoffs", [(3, 1, 1, 2), (1, 1, 1, 1), (2, 1, 3, 4), (1, 3, 2, 1), (5, 1, 1, 3)]
)
@pytest.mark.parametrize(("sample", "memory"), [(1, 3), (2, 4)])
def test_adaptive_play_against_the_chain_itself(
    payoffs: tuple[int, int, int, int], sample: int, memory: int
) -> None:
    """All histories of the last m plays are states; each side samples s of the other's plays
    without replacement, replies best (either way at a tie) and errs with a small chance. The
    conventions selected are those that keep a share of the stationary distribution.
    """
    l1, l2, m1, m2 = payoffs
    first = ((sympy.Integer(l1), sympy.S.Zero), (sympy.S.Zero, sympy.Integer(m1)))
    second = ((sympy.Integer(l2), sympy.S.Zero), (sympy.S.Zero, sympy.Integer(m2)))
    view = TwoByTwo((("A", "B"), ("A", "B")), first, second, Domain())
    found = {s.equilibrium for s in adaptive_play(view, sample)}
    weights = adaptive_long_run((l1, m1), (l2, m2), sample, memory)
    assert found == {name for name, weight in weights.items() if weight > 0.01}


def adaptive_long_run(
    row: tuple[int, int], column: tuple[int, int], sample: int, memory: int, slip: float = 1e-5
) -> dict[str, float]:
    """The stationary weight of the conventions; a history holds a 1 for each play of A."""
    histories = list(itertools.product((0, 1), repeat=memory))
    place = {history: i for i, history in enumerate(histories)}

    def plays_a(losses: tuple[int, int], seen: tuple[int, ...]) -> float:
        total = sum(seen)
        chance = 0.0
        for k in range(sample + 1):
            weight = comb(total, k) * comb(memory - total, sample - k) / comb(memory, sample)
            gain = losses[0] * k - losses[1] * (sample - k)
            chance += weight * (0.5 if gain == 0 else float(gain > 0))
        return (1 - slip) * chance + slip / 2

    size = len(histories)
    matrix = np.zeros((size * size, size * size))
    for (i, one), (j, two) in itertools.product(enumerate(histories), repeat=2):
        p, q = plays_a(row, two), plays_a(column, one)
        for u, v in itertools.product((0, 1), repeat=2):
            to = place[(*one[1:], u)] * size + place[(*two[1:], v)]
            matrix[i * size + j, to] += (p if u else 1 - p) * (q if v else 1 - q)
    weights = stationary(matrix)
    return {"A,A": float(weights[-1]), "B,B": float(weights[0])}


def test_a_small_sample_ties_where_a_large_one_does_not() -> None:
    """Losses 3 and 2 for both: of s = 1 play either convention is left after one mistake, of s = 3
    too (ceil(9/5) = 2 against ceil(6/5) = 2); of s = 5 it takes 3 against 2.
    """
    game = symmetric("3", "0", "0", "2")
    assert names(adaptive_play(game, 1)) == names(adaptive_play(game, 3)) == ["A,A", "B,B"]
    assert names(adaptive_play(game, 5)) == names(adaptive_play(game)) == ["A,A"]


# --- basins --------------------------------------------------------------------------------------


def test_the_basin_in_one_population_ends_at_the_mixed_equilibrium() -> None:
    """x* = (d - b)/(a - c + d - b); the larger basin is that of the risk-dominant equilibrium."""
    view = binary(STAG_HUNT)
    found = {s.equilibrium: s.measure for s in basins(view)}
    assert set(found) == {"A,A", "B,B"}
    assert sympy.simplify(found["B,B"] - (d - b) / (a - c + d - b)) == 0
    larger = sympy.Ge(found["A,A"], sympy.Rational(1, 2))
    assert_same(STAG_HUNT.header.domain, larger, region(risk_dominant(STAG_HUNT), "A,A"))


def test_the_basin_of_constant_defection_in_the_laboratory() -> None:
    """delta = .95, g = 18/7, l = 13/7: (1-D)*l/(1 - (1-D)*(1+g-l)) = 0.101562 (Blonski and
    Spagnolo; Dal Bo and Frechette 2011). Normalised by 1 - delta the choice between grim and
    constant defection has a = 1, b = -(1-D)*l, c = (1-D)*(1+g), d = 0.
    """
    D, g, loss = sympy.Rational(19, 20), sympy.Rational(18, 7), sympy.Rational(13, 7)
    first, second = (-(1 - D) * loss, sympy.S.One), (sympy.S.Zero, (1 - D) * (1 + g))
    found = {
        s.equilibrium: s.measure
        for s in basins(Binary(("grim", "defect"), first, second, Domain()))
    }
    assert (
        found["defect"]
        == (1 - D) * loss / (1 - (1 - D) * (1 + g - loss))
        == sympy.Rational(13, 128)
    )
    assert abs(float(found["defect"]) - 0.101562) < 1e-6


def test_other_cases_of_one_population() -> None:
    assert [(s.equilibrium, s.measure) for s in basins(binary(symmetric("2", "1", "1", "0")))] == [
        ("A,A", 1)
    ]
    assert [(s.equilibrium, s.measure) for s in basins(binary(symmetric("0", "1", "1", "0")))] == [
        ("mixed", 1)
    ]


def test_basins_of_many_players_end_at_the_roots_of_the_gain() -> None:
    """Three hunters at x = 1/4: p**2 = 1/4, the border is at 1/2. Gains -1, 5, -1, ... of three
    change sign twice: -1*(1-p)**2 + 5*2*p*(1-p) - p**2 = 0 at p = (1 -+ sqrt(2/3))/2.
    """
    quarter = sympy.Rational(1, 4)
    found = {s.equilibrium: s.measure for s in basins(hunt(3, Domain(), safe=quarter))}
    assert found == {"all hunt": sympy.Rational(1, 2), "all alone": sympy.Rational(1, 2)}
    gains = tuple(map(sympy.Integer, (-1, 5, -1)))
    view = Binary(("all", "none"), gains, (sympy.S.Zero,) * 3, Domain())
    sizes = {s.equilibrium.split()[0]: s.measure for s in basins(view)}
    border = (1 - sympy.sqrt(sympy.Rational(2, 3))) / 2
    assert sympy.simplify(sizes["none"] - border) == 0
    assert sympy.simplify(sizes["mixed"] - (1 - border)) == 0
    with pytest.raises(InputError, match="rational numbers"):
        basins(hunt(3))
    with pytest.raises(LimitReached):
        basins(hunt(31, Domain(), safe=quarter))


def test_a_touching_root_stops_play_from_one_side() -> None:
    """The gain (p - 1/2)**2 in Bernstein form, (1/4, -1/4, 1/4): from below 1/2 play rises to 1/2
    and rests; from above it goes on to 1.
    """
    gains = tuple(sympy.Rational(k, 4) for k in (1, -1, 1))
    view = Binary(("all", "none"), gains, (sympy.S.Zero,) * 3, Domain())
    sizes = {s.equilibrium: s.measure or sympy.nan for s in basins(view)}
    assert sizes == {"mixed at 1/2": sympy.Rational(1, 2), "all": sympy.Rational(1, 2)}


def asymmetric(here: tuple[int, int], there: tuple[int, int]) -> TwoByTwo:
    first = ((sympy.Integer(here[0]), sympy.S.Zero), (sympy.S.Zero, sympy.Integer(there[0])))
    second = ((sympy.Integer(here[1]), sympy.S.Zero), (sympy.S.Zero, sympy.Integer(there[1])))
    return TwoByTwo((("A", "B"), ("A", "B")), first, second, Domain())


PAIRS = [((1, 1), (1, 1)), ((4, 1), (2, 3)), ((1, 5), (2, 2)), ((3, 1), (1, 4)), ((1, 2), (3, 7))]


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_basins_of_two_populations_under_best_replies_and_replicator(
    here: tuple[int, int], there: tuple[int, int]
) -> None:
    """Both dynamics integrated from a grid of starts, to within the width of the grid."""
    view = asymmetric(here, there)
    sizes = {s.equilibrium: s.measure or sympy.nan for s in basins(view)}
    assert sizes["A,A"] + sizes["B,B"] == 1
    assert (sizes["A,A"] >= sympy.Rational(1, 2)) == (here[0] * here[1] >= there[0] * there[1])
    replies = integrated(here, there, lambda p, u: (u > 0) - p)
    assert abs(float(sizes["A,A"]) - replies) < 0.02
    replicator = integrated(here, there, lambda p, u: p * (1 - p) * u)
    assert abs(replicator_basins(view)["A,A"] - replicator) < 0.02


def integrated(here: tuple[int, int], there: tuple[int, int], speed: Any) -> float:
    grid = (np.arange(50) + 0.5) / 50
    p, q = np.meshgrid(grid, grid)
    for _ in range(2500):
        u = q * here[0] - (1 - q) * there[0]
        v = p * here[1] - (1 - p) * there[1]
        p, q = p + 0.02 * speed(p, u), q + 0.02 * speed(q, v)
    return float(((p + q) > 1).mean())


def test_basins_of_two_populations_in_symbols() -> None:
    """One measure for each equilibrium, right on both sides of risk dominance: at the losses
    (x, x) and (1-x, 1-x) the borders are at 1 - x for both, the triangles (1-p)**3/(2*p) each.
    """
    game = symmetric("x", "0", "0", "1 - x")
    found = {s.equilibrium: s.measure or sympy.nan for s in basins(game)}
    for value in (sympy.Rational(1, 3), sympy.Rational(3, 4)):
        p = 1 - value if value < sympy.Rational(1, 2) else value
        small = (1 - p) ** 2 + (1 - p) ** 3 / p
        stated = small if value < sympy.Rational(1, 2) else 1 - small
        assert found["A,A"].subs(x, value) == stated


# --- quantal response ----------------------------------------------------------------------------


def test_the_logit_equilibrium_of_reference() -> None:
    """[[4,0],[3,2]] at lambda = 1: p = 1/(1 + exp(2 - 3*p)) at 0.195846."""
    (found,) = logit_path(LAB, [1])
    assert abs(found.strategies["one"]["A"] - 0.195846) < 5e-7
    assert abs(symmetric_logit_path(LAB, [1])[0] - found.strategies["one"]["A"]) < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_logit_path_agrees_with_gambit(seed: int) -> None:
    generator = random.Random(seed)
    table = {
        f"{i},{j}": (str(generator.randrange(-5, 6)), str(generator.randrange(-5, 6)))
        for i, j in itertools.product("AB", repeat=2)
    }
    game = normal(table)
    lambdas = [0.3, 1.0, 4.0, 20.0]
    arrays = [np.array([[float(u) for u in row] for row in game.matrix(p)]) for p in ("one", "two")]
    peer = pygambit.Game.from_arrays(*(array.astype(int).astype(object) for array in arrays))
    theirs = pygambit.qre.logit_solve_lambda(peer, lambdas)
    for ours, other in zip(logit_path(game, lambdas), theirs, strict=True):
        stated = [other.profile[s] for player in peer.players for s in player.strategies]
        found = [ours.strategies[p][action] for p in ("one", "two") for action in "AB"]
        assert np.allclose(found, stated, atol=1e-6)


def test_the_logit_path_tends_to_the_risk_dominant_equilibrium() -> None:
    """In a symmetric 2x2 game the branch from 1/2 ends there (McKelvey and Palfrey 1995; Turocy
    2005), through three logit equilibria at high precision.
    """
    path = symmetric_logit_path(LAB, [0, 1, 10, 100])
    assert path[0] == 0.5 and path[-1] < 1e-6
    assert list(path) == sorted(path, reverse=True)


def test_parameters_of_the_logit_path_are_filled_and_checked() -> None:
    assert logit_path(STAG_HUNT, [1]) == logit_path(STAG_HUNT, [1], a=4, b=0, c=3, d=2)
    for lambdas in ([1, 1], [2, 1], [-1]):
        with pytest.raises(InputError, match="rising precisions"):
            logit_path(LAB, lambdas)
    with pytest.raises(InputError, match="does not hold"):
        logit_path(STAG_HUNT, [1], a=1)
    with pytest.raises(InputError, match="numbers"):
        symmetric_logit_path(STAG_HUNT, [1])


# --- views and refusals --------------------------------------------------------------------------


def test_games_of_another_shape_are_refused() -> None:
    criteria: tuple[Any, ...] = (risk_dominant, basins, adaptive_play, stochastically_stable)
    for criterion in criteria:
        with pytest.raises(InputError, match="not a game of two players with two actions"):
            criterion(load_game("lead_firm"))
    uneven = normal({"A,A": ("2", "1"), "A,B": ("0", "0"), "B,A": ("0", "0"), "B,B": ("1", "2")})
    with pytest.raises(InputError, match="is not symmetric"):
        stochastically_stable(uneven)
    with pytest.raises(InputError, match="cannot play"):
        stochastically_stable(hunt(3), 2)
    with pytest.raises(LimitReached):
        stochastically_stable(LAB, 1000)
    with pytest.raises(LimitReached):
        adaptive_play(LAB, 1000)
    with pytest.raises(InputError, match="no way to compare"):
        stochastically_stable(LAB, 5, "hearsay")
