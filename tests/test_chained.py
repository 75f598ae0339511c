"""Chains of regimes in games of levels, ties, contracts, crowds and beliefs.

The oracle is value iteration: a relationship that is kept on a set of regimes earns one unit in
each of them until its history is wiped out. It knows nothing of matrices or of one hazard.
"""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import chain as joined
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import coopgame as cg
from coopgame.catalogue import load_game, load_rules
from coopgame.comparative.scenario import solve, under
from coopgame.errors import InputError
from coopgame.forms.chained import ChainedGame, chained
from coopgame.language.parameters import Domain
from coopgame.language.putting import put_in
from coopgame.rules.macro import MacroRules, Regime
from coopgame.rules.regimes import hazard_at_start, hazard_kept, reached
from coopgame.tables.storing import Means, write_table
from coopgame.tables.tasks import Request

SWITCHING = load_rules("switching")
TENTH = sympy.Rational(1, 10)
AT = {"h_s": "1/50", "h_u": "1/2", "calm": "9/10", "crisis": "3/5"}


def facing(name: str) -> Any:
    """A game of the catalogue under the chain."""
    return under(load_game(name), SWITCHING)


def iterated(rules: MacroRules, weight: float, kept: tuple[int, ...]) -> list[float]:
    """What a unit a period is worth from each regime on, by value iteration."""
    survival = np.array([[float(1 - r.hazard)] for r in rules.chain])
    moves = np.array([[float(p) for p in r.next] for r in rules.chain])
    earned = np.array([float(i in kept) for i in range(len(rules.chain))])
    values = earned
    for _ in range(600):
        values = earned + weight * survival[:, 0] * (moves @ values)
    return [float(value) for value in values]


def most(rules: MacroRules, weight: float) -> float:
    """The most that G/(q*stake) may be in the first regime: on the best set, where it binds."""
    count = len(rules.chain)
    sets = joined.from_iterable(combinations(range(1, count), n) for n in range(count))
    return max(min(iterated(rules, weight, (0, *rest))[i] - 1 for i in (0, *rest)) for rest in sets)


def drawn(random_: random.Random, count: int) -> MacroRules:
    """A chain in numbers, now and then with regimes that never meet."""
    rows = []
    for _ in range(count):
        parts = [random_.choice([0, 0, 1, 2, 5]) for _ in range(count)]
        parts[random_.randrange(count)] += 1
        rows.append(tuple(sympy.Rational(part, sum(parts)) for part in parts))
    hazards = [sympy.Rational(random_.randrange(0, 19), 20) for _ in range(count)]
    return replace(
        SWITCHING,
        chain=tuple(
            Regime(f"r{i}", h, row) for i, (h, row) in enumerate(zip(hazards, rows, strict=True))
        ),
        domain=Domain(),
    )


@pytest.mark.parametrize("seed", range(8))
def test_one_hazard_weighs_what_the_chain_does(seed: int) -> None:
    """D/(1-D) at the hazard is the most that value iteration allows a breach to gain."""
    random_ = random.Random(seed)
    rules = drawn(random_, random_.choice([2, 3, 4]))
    weight = sympy.Rational(random_.randrange(1, 20), 20)
    D = float(weight * (1 - hazard_kept(rules.chain, weight)))
    allowed = most(rules, float(weight))
    assert pytest.approx(allowed, abs=1e-9) == D / (1 - D)
    D = float(weight * (1 - hazard_at_start(rules.chain, weight)))
    worth = iterated(rules, float(weight), tuple(range(len(rules.chain))))[0]
    assert pytest.approx(worth, abs=1e-9) == 1 / (1 - D)


def test_equal_regimes_are_one() -> None:
    """Whatever the probabilities, and so is a chain of one."""
    third = sympy.Rational(1, 3)
    twice = [Regime("a", TENTH, (third, 1 - third)), Regime("b", TENTH, (1 - third, third))]
    once = [Regime("only", TENTH, (sympy.S.One,))]
    for weight in (sympy.Rational(1, 2), sympy.Rational(9, 10)):
        assert hazard_kept(twice, weight) == hazard_kept(once, weight) == TENTH
        assert hazard_at_start(twice, weight) == hazard_at_start(once, weight) == TENTH
    assert hazard_kept(once, cg.load("relation").patience) == TENTH


def test_on_paper() -> None:
    """Calm (no hazard) is followed by ruin (hazard 1) for ever with chance 1/2; w = 4/5.

    Kept in calm alone: V = 1 + 4/5*1/2*V = 5/3, D = 2/5, which is 4/5*(1 - h) at h = 1/2. Kept in
    both, ruin has V = 1 and D = 0: nothing enforces itself there. From the start, all regimes
    counting: V = 1 + 4/5*(V/2 + 1/2) = 7/3, D = 4/7, h = 2/7.
    """
    half, whole = sympy.Rational(1, 2), sympy.Rational(4, 5)
    chain = [
        Regime("calm", sympy.S.Zero, (half, half)),
        Regime("ruin", sympy.S.One, (sympy.S.Zero, sympy.S.One)),
    ]
    assert hazard_kept(chain, whole) == half
    assert hazard_at_start(chain, whole) == sympy.Rational(2, 7)


def test_what_is_never_met_does_not_count() -> None:
    lasting = Regime("calm", TENTH, (sympy.S.One, sympy.S.Zero))
    other = Regime("ruin", sympy.S.One, (sympy.S.Zero, sympy.S.One))
    assert reached([lasting, other]) == [0]
    assert hazard_kept([lasting, other], sympy.Rational(1, 2)) == TENTH


@pytest.mark.parametrize("name", ["learning", "tie", "tie_no_transfers"])
def test_a_level_enforces_itself_where_value_iteration_says_so(name: str) -> None:
    """G(a) <= q*stake*most, just below the level and not just above it, for every side asked."""
    game = facing(name)
    assert isinstance(game, ChainedGame)
    point = game.header.domain.point({"delta": "4/5"} if name == "learning" else {})
    (branch,) = game.substitute(point).solve().branches
    level = branch.outcomes["level"]
    assert branch.name.startswith("constrained")
    names = game.plain.header.domain.names
    plain: Any = game.plain.substitute({k: v for k, v in point.items() if k in names})
    numbers = _numbered(point)
    weight = float(plain.patience.subs(sympy.Symbol("h", real=True), 0))
    allowed = most(numbers, weight)
    sides = plain.constraints if hasattr(plain, "constraints") else [plain.incentive]

    def holds(a: float) -> bool:
        return all(
            float(s.gain.subs(s.variable, a))
            <= float(s.detection * (s.payoff - s.outside).subs(s.variable, a)) * allowed
            for s in sides
        )

    assert holds(float(level) - 1e-6) and not holds(float(level) + 1e-6)


def _numbered(point: dict[str, sympy.Rational]) -> MacroRules:
    at = {sympy.Symbol(k, real=True): v for k, v in point.items()}
    return replace(SWITCHING, chain=tuple(put_in(regime, at) for regime in SWITCHING.chain))


@pytest.mark.parametrize(
    ("name", "branch"), [("governance", "relational"), ("association", "all_take_part_repeated")]
)
def test_what_a_chain_allows_decides_whatever_the_form(name: str, branch: str) -> None:
    """The branch holds exactly where it does at a discount factor that weighs as much."""
    plain, game = load_game(name).solve(), facing(name)
    seen = set()
    for crisis, delta in product(("0", "99/100"), ("2/5", "4/5")):
        point = game.header.domain.point({**AT, "crisis": crisis, "delta": delta})
        allowed = most(_numbered(point), float(Fraction(delta)))
        D = sympy.nsimplify(allowed / (1 + allowed), rational=True)
        holds = branch in game.substitute(point).solve()
        assert holds == (branch in plain.at({"delta": D, "h": 0}))
        seen.add(holds)
    assert seen == {True, False}


def test_a_belief_needed_under_a_chain() -> None:
    """What starting pays, by value iteration over the regimes, is nought at the belief needed."""
    game = facing("culture")
    point = game.header.domain.point({})
    needed = float(game.at()["ventures"].outcomes["needed"])
    T, R, P, S = (float(point[name]) for name in "TRPS")
    after = iterated(_numbered(point), 0.9, (0, 1))[0] - 1  # periods after the first
    starting = needed * (R + R * after) + (1 - needed) * (S + P * after)
    waiting = needed * (T + P * after) + (1 - needed) * (P + P * after)
    assert starting == pytest.approx(waiting)


@pytest.mark.parametrize("name", ["association", "governance", "culture"])
def test_the_answer_in_symbols_is_that_at_every_point(name: str) -> None:
    game = facing(name)
    solution = game.solve()
    for h_u in ("1/10", "1/2", "9/10"):
        point = game.header.domain.point({"h_u": h_u, "calm": "1/2"})
        at = {sympy.Symbol(k, real=True): v for k, v in point.items()}
        here = {b.name for b in solution.branches if all(c.subs(at) == True for c in b.conditions)}  # noqa: E712
        assert here == set(solution.at({"h_u": h_u, "calm": "1/2"}))


def test_equal_regimes_answer_as_plain_rules_do() -> None:
    values = {**AT, "h_s": "1/4", "h_u": "1/4"}
    for name in ("learning", "governance", "association", "culture"):
        under_chain = facing(name).at(values)
        plain = load_game(name).solve().at({"h": "1/4"})
        assert list(under_chain) == list(plain)
        for branch in plain:
            assert under_chain[branch].outcomes == plain[branch].outcomes


def test_the_answer_says_what_the_chain_amounts_to() -> None:
    (scenario,) = solve(load_game("learning"), rules=[SWITCHING], at_defaults=True)
    told = " ".join(scenario.solution.provenance.told)
    assert "switching amounts to a constant hazard of 0.09903:" in told
    # By hand, w = 3/4, kept in the calm regime alone: x = 1 + .735*(.9*x + .1*y), y = .375*(.4*x +
    # .6*y) = .15*x/.775, so x = 1/(1 - .6615 - .0142258) = 3.08377, D = .675722 and h = .0990.


def test_tables_follow_the_chain_and_arguments_begin_with_it() -> None:
    game = facing("association")
    rows = cg.table("association", {"h_u": ("1/10", "9/10", 3)}, rules=SWITCHING).to_frame()
    for h_u, name, status in zip(rows["h_u"], rows["equilibrium"], rows["status"], strict=True):
        assert (name in set(game.at({"h_u": str(h_u)}))) == (status == "value")
    steps = game.derivation(game.solve()["all_take_part_repeated"]).steps
    assert steps[0].heading == "The chain as one hazard"
    assert "The chain as one hazard" in str(cg.explain(game))


def test_a_parameter_of_the_chain_varies_in_parts_too(tmp_path: Path) -> None:
    request = Request({"calm": ("1/10", "9/10", 3)}, rules=(SWITCHING,))
    write_table(load_game("trust"), tmp_path / "parts", request, Means(part_rows=3))
    assert (tmp_path / "parts").exists()


def test_a_hazard_outside_the_interval_of_the_game_is_refused() -> None:
    """Ruin first: with hazard 1 nothing of a next period is left, and `learning` takes h < 1."""
    ruin = Regime("ruin", sympy.S.One, (sympy.S.One,))
    with pytest.raises(InputError, match=r"a hazard of 1, outside \[0, 1\)"):
        chained(load_game("learning"), replace(SWITCHING, chain=(ruin,), domain=Domain()))
    torn = replace(SWITCHING, chain=(ruin,), domain=Domain())
    assert "all_stay_away" in under(load_game("association"), torn).solve()


def test_what_has_no_meaning_under_a_chain_is_refused() -> None:
    with pytest.raises(InputError, match="inspection has no weight of a next period"):
        under(load_game("inspection"), SWITCHING)
    with pytest.raises(InputError, match="under a constant hazard, not a chain"):
        cg.statics(facing("learning"), "level")
    with pytest.raises(InputError, match="none"):
        under(cg.loads(_starter("tie")), SWITCHING)
    changing = replace(
        SWITCHING,
        chain=tuple(replace(r, changes={"u": sympy.S.Zero}) for r in SWITCHING.chain),
    )
    with pytest.raises(InputError, match="only the stage game of a repeated game"):
        chained(load_game("learning"), changing)
    text = load_game("learning").header.text
    earned = cg.loads(text.replace('payoff = "(g - e)*a', 'payoff = "(1 - h)*(g - e)*a'))
    with pytest.raises(InputError, match="not only in the weight"):
        under(earned, SWITCHING)
    other = cg.loads(text.replace('discount = "delta*(1 - h)"', 'discount = "delta/(1 + h)"'))
    with pytest.raises(InputError, match="a factor times 1 - h"):
        under(other, SWITCHING)


def _starter(form: str) -> str:
    from coopgame.catalogue import starter

    return starter(form)


def test_reputation_leaves_out_what_a_chain_of_breaches_decides() -> None:
    found = facing("reputation").at()
    (branch,) = found.branches
    assert "exact_level" not in branch.outcomes and "necessary_bound" in branch.outcomes
    assert any("known under a constant hazard alone" in note for note in found.provenance.told)
