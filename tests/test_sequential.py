"""Sequential games: backward induction by hand, published games, pygambit, and faulty files."""

from __future__ import annotations

import itertools
import random
import tomllib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgame.catalogue import load_game
from coopgame.errors import CertificationError, InputError
from coopgame.forms.gamefile import read_game
from coopgame.forms.sequential.game import SequentialGame
from coopgame.forms.sequential.trees import worth
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put_in
from coopgame.proofs.questions import Verdict, feasible, implies
from coopgame.reading.section import Section
from coopgame.solution import certify
from tests.peers import pygambit

HEAD = 'format = 1\nform = "sequential"\n'


def parameters(**domains: str) -> str:
    """A `[parameters]` table: each name with its domain and, after `;`, its default."""
    lines = ["[parameters]"]
    for name, text in domains.items():
        domain, default = text.split(";")
        fields = {"meaning": "m", "unit": "u", "domain": domain, "default": default, "source": "s"}
        entries = ", ".join(f'{key} = "{value}"' for key, value in fields.items())
        lines.append(f"{name} = {{ {entries} }}")
    return "\n".join(lines) + "\n"


def game(text: str) -> SequentialGame:
    section = Section(tomllib.loads(text))
    found = read_game(section, "test", "")
    section.settle()
    assert isinstance(found, SequentialGame)
    return found


def faults(text: str) -> list[str]:
    section = Section(tomllib.loads(text))
    read_game(section, "test", "")
    return [str(fault) for fault in section.faults]


# --- by hand -------------------------------------------------------------------------------------

TRUST = (
    HEAD
    + 'headline = "trust,honour"\nplayers = ["buyer", "supplier"]\n'
    + parameters(b="(0, oo);3", p="(0, oo);2", c="(0, oo);1", k="[0, oo);3")
    + """
[tree]
start = { player = "buyer", actions = { trust = "delivery", walk = ["0", "0"] } }
[tree.delivery]
player = "supplier"
actions = { honour = ["b - p", "p - c"], abuse = ["-p", "p - k"] }
[outcomes]
trade = "reached_delivery_honour"
surplus = "buyer_payoff + supplier_payoff"
"""
)


def test_trust_with_an_abuse_option() -> None:
    """The supplier honours iff p - c >= p - k, that is k >= c; a buyer who foresees it trusts iff
    b >= p. A buyer who foresees abuse gets -p < 0 and walks. Three plans can be equilibria; to
    trust somebody who will abuse it cannot.
    """
    solution = game(TRUST).solve()
    b, p, c, k = map(symbol, "bpck")
    found = {branch.name: set(branch.conditions) for branch in solution.branches}
    assert set(found) == {"trust,honour", "walk,honour", "walk,abuse"}
    region = {
        "trust,honour": sympy.And(k >= c, b >= p),
        "walk,honour": sympy.And(k >= c, b <= p),
        "walk,abuse": k <= c,
    }
    for name, stated in region.items():
        assert_equivalent(solution.domain, sympy.And(*found[name]), stated)
    assert solution.threshold("k") == c
    assert solution["trust,honour"].outcomes == {"trade": 1, "surplus": b - c}
    assert solution["walk,honour"].outcomes == {"trade": 0, "surplus": 0}
    assert solution["trust,honour"].strategies == {
        "buyer": {"start": "trust"},
        "supplier": {"delivery": "honour"},
    }


def assert_equivalent(domain: Domain, one: Any, other: Any) -> None:
    for premise, conclusion in ((one, other), (other, one)):
        proof = implies([*domain.constraints, premise], conclusion, domain.integers)
        assert proof.verdict is Verdict.PROVED


def test_at_a_tie_every_pure_equilibrium_is_reported() -> None:
    """At k = c and b = p the supplier is indifferent, and so is the buyer facing honour."""
    solution = game(TRUST).solve()
    at = solution.at(k=1, c=1, b=2, p=2)
    assert {b.name for b in at.branches} == {"trust,honour", "walk,honour", "walk,abuse"}


def test_stackelberg_entry_with_a_threat_that_is_not_credible() -> None:
    """Selten's (1978) entry game: facing entry the incumbent gets a > 0 by sharing, -w by a war.
    The threat of war is not carried out, so the entrant enters; "out, fight" is a Nash
    equilibrium and not subgame-perfect.
    """
    text = (
        HEAD
        + 'players = ["entrant", "incumbent"]\n'
        + parameters(a="(0, oo);1", w="(0, oo);1", M="(0, oo);4")
        + """
[tree]
start = { player = "entrant", actions = { stay_out = ["0", "M"], enter = "answer" } }
answer = { player = "incumbent", actions = { fight = ["-w", "-w"], share = ["a", "a"] } }
"""
    )
    solution = game(text).solve()
    assert [branch.name for branch in solution.branches] == ["enter,share"]
    assert solution.branches[0].conditions == ()


def test_centipede_is_left_at_once_whatever_the_growth() -> None:
    """Rosenthal's (1981) centipede: staying doubles a pot z of which the mover may take a part
    q > 1/2. At the last node taking q beats 1 - q; before it, taking q*z beats what is left of the
    doubled pot, 2*z*(1 - q), iff q > 2/3. So for q > 2/3 every node takes; for q < 2/3 only the
    last does and the first mover stays.
    """
    text = (
        HEAD
        + 'players = ["one", "two"]\n'
        + parameters(q="(1/2, 1);3/4", z="(0, oo);1")
        + """
[tree]
start = { player = "one", actions = { take = ["q*z", "(1-q)*z"], stay = "second" } }
second = { player = "two", actions = { take = ["2*(1-q)*z", "2*q*z"], stay = "third" } }
[tree.third]
player = "one"
actions = { take = ["4*q*z", "4*(1-q)*z"], stay = ["4*(1-q)*z", "4*q*z"] }
"""
    )
    solution = game(text).solve()
    q = symbol("q")
    found = {branch.name: branch.conditions for branch in solution.branches}
    assert found["take,take,take"] == (3 * q >= 2,)
    # below 2/3: two prefers 4(1-q) to 2q, one then gets 4q
    assert found["stay,stay,take"] == (3 * q <= 2,)
    # at q = 2/3 alone two is indifferent: whatever two does, one compares q with 4q or 2(1-q)
    names = {branch.name for branch in solution.at(q="2/3", z=1).branches}
    assert names == {"take,take,take", "stay,take,take", "stay,stay,take"}


def test_chance_and_the_value_of_an_option() -> None:
    """An investor pays f before learning whether demand is high (prob q, worth H) or low (L);
    with the option to stop at 0 the project is begun iff q*max(H,0) + (1-q)*max(L,0) >= f. For
    H > f > 0 > L: iff q >= f/H.
    """
    text = (
        HEAD
        + 'headline = "begin,continue,stop"\nplayers = ["firm"]\nassumptions = ["H > f"]\n'
        + parameters(q="[0, 1];1/2", H="(0, oo);4", L="(-oo, 0);-1", f="(0, oo);1")
        + """
[tree]
start = { player = "firm", actions = { begin = "demand", no = ["0"] } }
high = { player = "firm", actions = { continue = ["H - f"], stop = ["-f"] } }
low = { player = "firm", actions = { continue = ["L - f"], stop = ["-f"] } }
[tree.demand]
chance = { good = "q", bad = "1 - q" }
actions = { good = "high", bad = "low" }
[outcomes]
produced = "reached_high_continue + reached_low_continue"
"""
    )
    solution = game(text).solve()
    assert {b.name for b in solution.branches} == {"begin,continue,stop", "no,continue,stop"}
    assert solution.threshold("q") == symbol("f") / symbol("H")
    assert solution["begin,continue,stop"].outcomes["produced"] == symbol("q")


def test_substituting_then_solving_agrees_with_solving_then_substituting() -> None:
    whole = game(TRUST)
    part = whole.substitute({"c": sympy.Integer(1), "p": sympy.Integer(2)}).solve()
    assert part.domain.names == ("b", "k")
    for b, k in itertools.product(range(1, 5), range(4)):
        there = {x.name for x in whole.solve().at(b=b, k=k, c=1, p=2).branches}
        assert {x.name for x in part.at(b=b, k=k).branches} == there


def test_a_false_equilibrium_fails_its_certificate() -> None:
    whole = game(TRUST)
    point = whole.header.domain.point({})
    honest = whole.solve().at()["trust,honour"]
    certify(whole, honest, point)
    lie = replace(
        honest, strategies={"buyer": {"start": "walk"}, "supplier": {"delivery": "abuse"}}
    )
    assert whole.regret(lie, point) == 2  # abuse costs the supplier k - c = 2
    with pytest.raises(CertificationError):
        certify(whole, lie, point)


# --- lead_firm -----------------------------------------------------------------------------------


def test_a_better_exit_option_can_hurt_the_firm_that_has_it() -> None:
    """At x = 1/2 the suppliers invest if the firm is going to stay (4 - 2 >= 1) and not if it is
    going to leave (1/2*4 + 1/2*1 - 2 < 1). The offer g that makes it leave (w + g - r > s*v) so
    costs it the programme: 11/2 without the offer, 7/2 with it. A cost of leaving gives it back.
    """
    solution = load_game("lead_firm").solve()

    def lead(**values: Any) -> sympy.Expr:
        (branch,) = solution.at(x="1/2", **values).branches
        return branch.payoffs["lead"]

    assert lead(g=2) == sympy.Rational(11, 2)
    assert lead(g=4) == sympy.Rational(7, 2)
    assert lead(g=4, r="5/2") == sympy.Rational(11, 2)


def test_a_transfer_starts_a_programme_that_equal_burdens_do_not() -> None:
    """Where the firm stays, upgrading needs s*v - f - i*t >= m and (1-s)*v - (1-t)*i >= u for some
    t in [0, 1]. Adding the two: only if v - f - i >= m + u; and t can settle it if moreover the
    firm would pay nothing (s*v - f >= m) and the suppliers accept when paid all ((1-s)*v >= u).
    """
    solution = load_game("lead_firm").solve()
    domain, branch = solution.domain, solution["upgrade,invest,stay"]
    v, f, i, t, m, u = map(symbol, ["v", "f", "i", "t", "m", "u"])
    pooled = v - f - i >= m + u
    holds = sympy.And(*branch.conditions)
    assert implies([*domain.constraints, holds], pooled).verdict is Verdict.PROVED
    without = [c.subs(t, 0) for c in branch.conditions]
    some = feasible([*domain.constraints, *branch.conditions, sympy.Not(sympy.And(*without))])
    assert some.exists and some.witness is not None and some.witness[t] > 0


def test_away_from_ties_exactly_one_equilibrium() -> None:
    """Backward induction is unique where nobody is indifferent: no two branches of `lead_firm`
    have an interior point in common (proved for every pair), and at random points one holds.
    """
    solution = load_game("lead_firm").solve()
    strict = [
        [sympy.Gt(c.lhs, c.rhs) if c.func in (sympy.Ge, sympy.Gt) else sympy.Lt(c.lhs, c.rhs)
         for c in branch.conditions]
        for branch in solution.branches
    ]  # fmt: skip
    for one, other in itertools.combinations(strict, 2):
        assert feasible([*solution.domain.constraints, *one, *other]).exists is False
    generator = random.Random(7)
    for _ in range(30):
        assert len(solution.at(**random_point(solution.domain, generator)).branches) == 1


def random_point(domain: Domain, generator: random.Random) -> dict[str, Fraction]:
    """A random rational point with large coprime denominators, so that ties do not occur."""

    def draw(lower: sympy.Expr, upper: sympy.Expr) -> Fraction:
        low = Fraction(-8) if lower == -sympy.oo else Fraction(int(lower))
        high = low + 12 if upper == sympy.oo else Fraction(int(upper))
        return low + (high - low) * Fraction(generator.randrange(1, 99991), 99991)

    return {p.name: draw(p.interval.lower, p.interval.upper) for p in domain.parameters}


# --- pygambit ------------------------------------------------------------------------------------


def gambit_subgame(tree: Any, root: str) -> Any:
    """The subgame that starts at a node, as an extensive game of pygambit with rational payoffs."""
    built = pygambit.Game.new_tree(players=list(tree.players))

    def grow(place: Any, to: Any) -> None:
        if not isinstance(to, str):
            end = built.add_outcome(f"end {len(built.outcomes)}", [str(value) for value in to])
            built.set_outcome(place, end)
            return
        node = tree.nodes[to]
        mover = built.players.chance if node.player is None else node.player
        built.append_move(place, mover, [move.action for move in node.moves])
        place.infoset.label = to
        if node.player is None:
            chances = [pygambit.Rational(str(move.probability)) for move in node.moves]
            built.set_chance_probs(place.infoset, chances)
        for child, move in zip(place.children, node.moves, strict=True):
            grow(child, move.to)

    grow(built.root, root)
    return built


def is_nash(built: Any, plan: dict[str, str]) -> bool:
    """Whether pygambit finds no profitable deviation from a pure plan."""
    profile = built.mixed_behavior_profile(rational=True)
    for player in built.players:
        for infoset in player.infosets:
            for action in infoset.actions:
                profile[action] = 1 if plan[infoset.label] == action.label else 0
    return profile.as_strategy().max_regret() == 0


def subgame_perfect(tree: Any) -> set[str]:
    """All pure subgame-perfect equilibria: the plans that are Nash in every subgame (Selten)."""
    decisions = tree.decisions
    subgames = [gambit_subgame(tree, node.name) for node in decisions]
    found = set()
    for actions in itertools.product(*([m.action for m in node.moves] for node in decisions)):
        plan = {node.name: action for node, action in zip(decisions, actions, strict=True)}
        if all(is_nash(subgame, plan) for subgame in subgames):
            found.add(",".join(actions))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_lead_firm_agrees_with_gambit(seed: int) -> None:
    lead = load_game("lead_firm")
    point = random_point(lead.header.domain, random.Random(seed))
    at = {symbol(name): sympy.Rational(value) for name, value in point.items()}
    found = {branch.name for branch in lead.solve().at(**point).branches}
    assert isinstance(lead, SequentialGame)
    assert found == subgame_perfect(put_in(lead.tree, at))


@st.composite
def trees(draw: Any, players: int = 2, depth: int = 3) -> str:
    """A random small tree with payoffs 0..3 (so ties abound), x and y among them."""
    nodes: list[str] = []

    def grow(level: int) -> str:
        if level == depth or (level and draw(st.integers(0, 2)) == 0):
            ends = st.sampled_from(["0", "1", "2", "3", "x", "y", "x + y", "2 - x"])
            return "[" + ", ".join(f'"{draw(ends)}"' for _ in range(players)) + "]"
        name = "start" if not level else f"n{len(nodes)}"
        nodes.append("")
        place = len(nodes) - 1
        ways = [grow(level + 1) for _ in range(2)]
        actions = ", ".join(f"{action} = {way}" for action, way in zip("ab", ways, strict=True))
        if level and draw(st.integers(0, 3)) == 0:
            head = 'chance = { a = "x/(x+y)", b = "y/(x+y)" }'
        else:
            head = f'player = "p{draw(st.integers(0, players - 1))}"'
        nodes[place] = f"{name} = {{ {head}, actions = {{ {actions} }} }}"
        return f'"{name}"'

    grow(0)
    names = ", ".join(f'"p{i}"' for i in range(players))
    head = HEAD + f"players = [{names}]\n" + parameters(x="[0, 2];1", y="(0, 3];1")
    used = '[outcomes]\nboth = "x + y"\n'
    return head + "[tree]\n" + "\n".join(nodes) + "\n" + used


def agrees_with_gambit(text: str, x: int, y: int) -> None:
    whole = game(text)
    tree = put_in(whole.tree, {symbol("x"): sympy.Integer(x), symbol("y"): sympy.Integer(y)})
    found = whole.solve().at(x=x, y=y)
    assert {branch.name for branch in found.branches} == subgame_perfect(tree)
    for branch in found.branches:
        plan = {n: a for chosen in branch.strategies.values() for n, a in chosen.items()}
        assert tuple(branch.payoffs.values()) == worth(tree, "start", plan)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(trees(), st.integers(0, 2), st.integers(1, 3))
def test_random_trees_with_ties_agree_with_gambit(text: str, x: int, y: int) -> None:
    agrees_with_gambit(text, x, y)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(trees(players=3), st.integers(0, 2), st.integers(1, 3))
def test_many_random_trees_of_three_players_agree_with_gambit(text: str, x: int, y: int) -> None:
    agrees_with_gambit(text, x, y)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(trees(), st.integers(1, 5), st.integers(-3, 3))
def test_affine_rescaling_of_payoffs_changes_no_equilibrium(text: str, a: int, b: int) -> None:
    """Multiplying everybody's payoffs by a > 0 and adding b leaves every best action best."""
    data = tomllib.loads(text)
    for node in data["tree"].values():
        for action, to in node["actions"].items():
            if isinstance(to, list):
                node["actions"][action] = [f"{a}*({payoff}) + {b}" for payoff in to]
    section = Section(data)
    rescaled = read_game(section, "test", "")
    section.settle()
    for x, y in ((0, 1), (1, 2), ("1/3", "5/7")):
        there = {branch.name for branch in rescaled.solve().at(x=x, y=y).branches}
        assert {branch.name for branch in game(text).solve().at(x=x, y=y).branches} == there


# --- faults --------------------------------------------------------------------------------------


def test_all_faults_of_a_tree_are_reported_at_once() -> None:
    text = (
        HEAD
        + 'players = ["a", "b"]\nheadline = "left"\nshown = ["welfare"]\n'
        + parameters(q="[0, 2];1", x="(-oo, oo);1")
        + """
[tree]
start = { player = "nobody", actions = { left = "middle", right = ["1"] } }
middle = { player = "a", actions = { again = "middle", up = ["x", "y"], down = 3 } }
island = { player = "b", actions = { on = "nowhere" } }
luck = { chance = { up = "q" }, actions = { up = ["1", "1"], down = ["1/x", "0"] } }
both = { chance = { up = "1" }, player = "a", actions = { up = ["1", "1"] } }
none = { player = "a", actions = {}, colour = "red" }
[outcomes]
ratio = "1/reached_middle"
a_payoff = "1"
"""
    )
    found = "\n".join(faults(text))
    for place, problem in {
        "tree.start.player": "'nobody' is not known",
        "tree.start.actions.right": "has 1 payoffs for 2 players",
        "tree.middle.actions.up[1]": "unknown name 'y'",
        "tree.middle.actions.down": "neither a node nor a list of payoffs",
        "tree.middle": "is reached from start.left and middle.again",
        "tree.island.actions.on": "no node 'nowhere'",
        "tree.island": "cannot be reached from 'start'",
        "tree.luck.chance": "must give a probability to each of",
        "tree.luck.actions.down": "divides by zero where x == 0",
        "tree.both": "must have either a player or chance",
        "tree.none.actions": "must hold 1 to 12 actions",
        "tree.none.colour": "is not a known key",
        "outcomes.a_payoff": "'a_payoff' is taken",
        "shown[0]": "no outcome 'welfare'",
        "outcomes.ratio": "divides by zero where reached_middle == 0",
    }.items():
        assert f"{place}: " in found or f"{place} " in found, place
        assert problem in found, problem


@pytest.mark.parametrize(
    ("tree", "problem"),
    [
        ('start = { player = "a", actions = { on = "start" } }', "leads back to itself"),
        (
            'start = { player = "a", actions = { on = ["1"] } }\n'
            'x = { player = "a", actions = { on = "y" } }\n'
            'y = { player = "a", actions = { on = "x" } }',
            "tree.x: leads back to itself",
        ),
        ('begin = { player = "a", actions = { on = ["1"] } }', "no node 'start'"),
        (
            'start = { chance = { on = "q", off = "1 - q" }, '
            'actions = { on = ["1"], off = ["0"] } }',
            "tree.start.chance.off: can be negative in the domain",
        ),
        (
            'start = { chance = { on = "q/2", off = "q/3" }, '
            'actions = { on = ["1"], off = ["0"] } }',
            "the probabilities do not add up to 1",
        ),
        (
            'start = { player = "a", actions = { b_c = ["1"], b = "start_b" } }\n'
            'start_b = { player = "a", actions = { c = ["1"] } }',
            "reached_start_b would mean two things",
        ),
        (
            "\n".join(
                f'{"start" if i == 0 else f"n{i}"} = {{ player = "a", actions = {{ '
                + (f'on = "n{i + 1}", ' if i < 10 else "")
                + 'off = ["1"] } }'
                for i in range(11)
            ).replace('off = ["1"] }', 'off = ["1"], end = ["2"] }'),
            "plans, more than 1024",
        ),
    ],
)  # fmt: skip
def test_a_tree_that_is_none_is_refused(tree: str, problem: str) -> None:
    text = HEAD + 'players = ["a"]\n' + parameters(q="[0, 2];1") + f"[tree]\n{tree}\n"
    assert any(problem in fault for fault in faults(text)), faults(text)


def test_the_headline_must_be_a_plan() -> None:
    text = TRUST.replace('"trust,honour"', '"trust"', 1)
    with pytest.raises(InputError, match="is no equilibrium that this game can have"):
        game(text)


def test_a_missing_tree_and_missing_players_are_faults() -> None:
    found = "\n".join(faults(HEAD + "[parameters]\n"))
    assert "players: is missing" in found and "tree: is missing" in found


def test_it_describes_its_tree() -> None:
    shown = dict(game(TRUST).describe())
    assert shown["players"] == "buyer, supplier"
    assert shown["start (buyer)"] == "trust -> delivery; walk -> (0, 0)"
    assert to_text(symbol("b") - symbol("p")) in shown["delivery (supplier)"]
