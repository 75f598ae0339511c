"""The cluster model: shares by pen and paper, types by what makes them, joint equilibria."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import sympy

from coopgame.clusters import market, typology
from coopgame.clusters.borders import floats
from coopgame.clusters.case import Case
from coopgame.clusters.classify import RobustnessDraws, classify, drawn
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import GREATEST, HISTORY, LEAST, SELECTIONS, equilibrium
from coopgame.clusters.links import ordered
from coopgame.clusters.model import Cluster
from coopgame.clusters.place import place
from coopgame.language.deciding import evaluate
from coopgame.language.parameters import Interval, Parameter
from coopgame.language.printing import symbol

Q = sympy.Rational
BASELINE = {
    "worth_local": "1/5", "need_local": "0", "output_local": "1/4",
    "worth_external": "3/5", "need_external": "1/5", "output_external": "1",
    "worth_lead": "7/10", "need_lead": "3/10", "output_lead": "1",
    "worth_direct": "11/10", "need_direct": "1/2", "output_direct": "1",
    "size_of_large_firms": "1/4", "share_put_out": "1/2",
    "value_make": "1", "value_subcontract": "2", "value_leave": "0", "collective": "0",
}  # fmt: skip


def known(changes: Mapping[str, str]) -> dict[sympy.Symbol, sympy.Rational]:
    return {symbol(name): Q(value) for name, value in {**BASELINE, **changes}.items()}


def at(expressions: Mapping[str, sympy.Expr], changes: Mapping[str, str]) -> list[sympy.Expr]:
    return [evaluate(expression, known(changes)) for expression in expressions.values()]


def random_points(cluster: Cluster, count: int, seed: int) -> list[dict[str, sympy.Rational]]:
    """Rational points all over the domain, every parameter a 200th of its range."""
    generator = np.random.default_rng(seed)
    return [
        {
            p.name: p.interval.lower
            + (p.interval.upper - p.interval.lower) * Q(int(generator.integers(1, 200)), 200)
            for p in cluster.domain.parameters
        }
        for _ in range(count)
    ]


# --- the market --------------------------------------------------------------------------------


def test_shares_by_pen_and_paper() -> None:
    """Needs 0, 1/5, 3/10, 1/2 in rising order of worth: each channel holds the gap to the next."""
    assert at(market.shares(), {}) == [Q(1, 5), Q(1, 10), Q(1, 5), Q(1, 2)]


def test_amounts_by_pen_and_paper() -> None:
    """A fifth at a quarter of full time is 1/20; large firms keep half of their 1/4."""
    assert at(market.amounts(), {}) == [Q(1, 20), Q(1, 10), Q(1, 5), Q(1, 2), Q(1, 8)]


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        ({"worth_external": "0"}, "3/10 0 1/5 1/2"),
        ({"need_lead": "3/5"}, "1/5 3/10 0 1/2"),
        ({"worth_external": "11/10"}, "1/5 4/5 0 0"),
        ({"worth_lead": "3/5"}, "1/5 3/10 0 1/2"),
        ({"need_direct": "3/2"}, "1/5 1/10 7/10 0"),
        ({"size_of_large_firms": "0"}, "1/5 3/10 0 1/2"),
        ({"value_make": "3"}, "1/5 3/10 0 1/2"),
        ({"value_leave": "3"}, "1/5 3/10 0 1/2"),
    ],
    ids=[
        "a channel worth less than local sales is empty",
        "a harder channel worth less than an easier one is empty",
        "of two channels worth the same the earlier is taken, and rules out the harder",
        "of two channels worth the same the earlier is taken",
        "a channel out of reach is empty",
        "without large firms nobody works for them",
        "where large firms make everything nobody works for them",
        "where large firms have left nobody works for them",
    ],
)
def test_who_sells_where(changes: dict[str, str], shares: str) -> None:
    assert at(market.shares(), changes) == list(map(Q, shares.split()))


@pytest.mark.parametrize(
    ("values", "mode"),
    [
        (("2", "1", "0"), "make"),
        (("1", "2", "0"), "subcontract"),
        (("0", "1", "2"), "leave"),
        (("1", "1", "0"), "subcontract"),
        (("1", "0", "1"), "make"),
        (("0", "1", "1"), "subcontract"),
    ],
)
def test_large_firms_take_what_is_worth_most_and_stay_where_that_is_as_good(
    values: tuple[str, str, str], mode: str
) -> None:
    stated = {f"value_{name}": value for name, value in zip(market.MODES, values, strict=True)}
    taken = [name for name, holds in market.modes().items() if evaluate(holds, known(stated))]
    assert taken == [mode]


def test_shares_and_outputs_sum_to_one_wherever_something_is_produced(cluster: Cluster) -> None:
    for point in random_points(cluster, 25, seed=5):
        found = place(cluster, point)
        assert sum(found.shares.values()) == 1
        assert all(0 <= share <= 1 for share in found.shares.values())
        assert sum(found.outputs.values()) == 1


def test_where_nobody_produces_anything_there_is_still_a_type(
    cluster: Cluster, compiled: CompiledCluster
) -> None:
    """All firms sell locally, beside other work to which they give all their time."""
    nothing = {"o_local": 0, "size": 0, "v_local": 2, "v_external": 0, "v_lead": 0, "v_direct": 0}
    point = cluster.domain.point(nothing)
    found = place(cluster, point)
    assert set(found.outputs.values()) == {0}
    assert found.type == typology.TYPES[int(compiled.types(floats(point)))]
    assert found.type == typology.STAGNATING
    assert not any(compiled.outputs(floats(point)).values())


# --- types -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n_external": "3/5", "n_lead": "7/10", "n_direct": "4/5"}, typology.SURVIVAL),
        ({"v_external": "3/2"}, typology.SATELLITE),
        ({"v_lead": "3/2", "n_lead": "1/10"}, typology.HUB_AND_SPOKE),
        ({"size": "3", "g_large": "0", "tau": "1/2"}, typology.HUB_AND_SPOKE),
        ({"n_direct": "1/5", "trust_c": "1"}, typology.ITALIANATE),
        ({"n_direct": "1/5", "trust_c": "0", "t0": "0"}, typology.STAGNATING),
        ({"n_direct": "1/5", "trust_c": "1", "h": "99/100"}, typology.STAGNATING),
    ],
    ids=[
        "most firms below every formal need",
        "outside buyers pay best",
        "small firms work for large ones",
        "large firms make everything themselves",
        "firms sell on their own and act together",
        "the same without trust",
        "the same without rules that hold",
    ],
)
def test_each_type_follows_from_what_makes_it(
    cluster: Cluster, changes: dict[str, str], expected: str
) -> None:
    assert place(cluster, cluster.domain.point(changes)).type == expected


def test_exactly_half_is_not_most(cluster: Cluster) -> None:
    """A least formal need of exactly 1/2 leaves half of the firms above it."""
    half = cluster.domain.point({"n_external": "1/2", "n_lead": "1", "n_direct": "1"})
    more = {**half, "n_external": Q(501, 1000)}
    assert place(cluster, half).type != typology.SURVIVAL == place(cluster, more).type


@pytest.mark.parametrize("selection", SELECTIONS)
def test_compiled_clusters_agree_with_exact_places(
    cluster: Cluster, compiled: CompiledCluster, selection: str
) -> None:
    points = random_points(cluster, 25, seed=11)
    columns = {n: np.array([float(p[n]) for p in points]) for n in cluster.domain.names}
    types = compiled.types(columns, selection)
    levels, outputs = compiled.levels(columns, selection), compiled.outputs(columns, selection)
    exact = [place(cluster, point, selection) for point in points]
    assert len({found.type for found in exact}) >= 3
    for row, found in enumerate(exact):
        assert typology.TYPES[types[row]] == found.type
        for name, selected in found.relations.items():
            assert levels[name][row] == pytest.approx(float(selected.level), abs=1e-9)
        for name, share in found.outputs.items():
            assert outputs[name][row] == pytest.approx(float(share), abs=1e-9)


def test_more_trust_never_means_less_co_operation(cluster: Cluster) -> None:
    """Least, as history has it, greatest: the levels rise, relation by relation."""
    apart = 0
    for point in random_points(cluster, 20, seed=3):
        point |= {"h": point["h"] / 4, "t0": point["t0"] / 10}
        least, history, most = (equilibrium(cluster, point, s) for s in (LEAST, HISTORY, GREATEST))
        for name in least:
            levels = [found[name].level for found in (least, history, most)]
            assert levels[0] <= levels[1] <= levels[2]
            apart += bool(levels[0] < levels[2])
    assert apart >= 5


# --- what the parts of a cluster are for one another --------------------------------------------


def tie(cluster: Cluster, relation: str, changes: dict[str, str]) -> dict[str, sympy.Expr]:
    """The parameters of a relation's game at a point where nothing is sustained elsewhere."""
    here = {symbol(n): v for n, v in cluster.domain.point(changes).items()}
    for each in cluster.relations:
        here |= {each.symbol: sympy.S.Zero, each.is_sustained: sympy.S.Zero}
    return cluster.relation(relation).own(here)


def test_the_outside_option_is_the_next_best_channel_at_arms_length(cluster: Cluster) -> None:
    """Who can work for a large firm at 3/5 gives up 1/10 by staying with a buyer who pays 1/2."""
    reached = {"n_lead": "1/5"}
    assert tie(cluster, "chain", reached)["u_s"] == Q(1, 10)
    assert tie(cluster, "chain", {})["u_s"] == 0, "out of reach of whom the buyer takes"
    assert tie(cluster, "chain", {**reached, "size": "0"})["u_s"] == 0, "no large firms"
    assert tie(cluster, "chain", {**reached, "v_lead": "1/5"})["u_s"] == 0, "worth less"


def test_a_crisis_in_one_channel_moves_the_relation_behind_another(cluster: Cluster) -> None:
    """Work for large firms pays less: suppliers of outside buyers have less reason to cheat."""
    before = {"n_lead": "1/5", "v_lead": "4/5", "u_e": "0", "trust_e": "1"}
    after = {**before, "v_lead": "2/5"}
    levels = [equilibrium(cluster, cluster.domain.point(v))["chain"].level for v in (before, after)]
    assert levels[0] < levels[1]


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        ({}, "subcontract"),
        ({"tau": "1/2", "g_large": "0"}, "make"),
        ({"v_away": "5", "move": "0"}, "leave"),
    ],
)
def test_large_firms_make_subcontract_or_leave(
    cluster: Cluster, changes: dict[str, str], mode: str
) -> None:
    """At the defaults 19/20*2 + 1/10 - 1/4 = 7/4 is above 2 + 1/10 - 3/5 and above 1 - 1/2."""
    found = place(cluster, cluster.domain.point(changes))
    assert found.mode == mode
    assert (found.shares["lead"] > 0) == (mode == "subcontract")
    assert (found.outputs["inside"] > 0) == (mode != "leave")


def test_capture_pools_the_controllers_incentive(cluster: Cluster) -> None:
    """With control 1/4, gain and outside option are 3/4 of the small firms' and 1/4 of theirs."""
    own = tie(cluster, "collective", {"capture": "1/4", "B_c": "3", "alliance": "2", "u_c": "1/5"})
    assert (own["b"], own["u"]) == (Q(3, 2), Q(13, 20))


def test_two_relations_sustain_each_other_and_neither_could_alone(cluster: Cluster) -> None:
    """Exchange needs the association's news, the association the shorter meetings.

    With `nu` = 1 news makes detection of 1/20 certain; with `ease` = 1 exchange does away with
    meetings that cost 3/10. Taking out either link takes out both relations.
    """
    together = {
        "q_x": "1/20", "nu": "1", "u_x": "1/20", "trust_x": "1", "c_x": "1/2",
        "k_c": "3/10", "ease": "1", "u_c": "1/5", "trust_c": "1", "delta": "9/10",
    }  # fmt: skip
    point = cluster.domain.point(together)
    most = equilibrium(cluster, point, GREATEST)
    assert most["horizontal"].level > 0 and most["collective"].level > 0
    for found in (equilibrium(cluster, point), equilibrium(cluster, point, LEAST)):
        assert found["horizontal"].level == found["collective"].level == 0
    for link in ("nu", "ease"):
        alone = equilibrium(cluster, {**point, link: sympy.S.Zero}, GREATEST)
        assert alone["horizontal"].level == alone["collective"].level == 0, link


# --- robustness --------------------------------------------------------------------------------


def test_robustness_repeats_from_its_seed_and_depends_on_it(cases: Mapping[str, Case]) -> None:
    case = cases["brazil_before_1994"]
    shares = [
        classify(case, RobustnessDraws(400, 0.5, seed)).phases[0].robustness for seed in (7, 7, 8)
    ]
    assert shares[0] == shares[1] != shares[2]
    assert 0 < shares[0] < 1


def test_a_draw_depends_on_its_own_name_and_the_seed_alone(cluster: Cluster) -> None:
    """Neither on other parameters nor on how many draws are taken at once."""
    point, parameters = cluster.domain.defaults, cluster.domain.parameters
    everything = drawn(parameters, point, RobustnessDraws(300))
    for parameter in parameters:
        alone = drawn((parameter,), point, RobustnessDraws(100))
        assert np.array_equal(everything[parameter.name][:100], alone[parameter.name])
    assert not np.array_equal(everything["b_c"], everything["B_c"])


def test_types_of_draws_do_not_depend_on_how_they_are_cut(
    cluster: Cluster, compiled: CompiledCluster, cases: Mapping[str, Case]
) -> None:
    point = cases["brazil_before_1994"].phases[0].point
    columns = drawn(cluster.domain.parameters, point, RobustnessDraws(300, 0.5))
    pieces = [
        compiled.types({name: column[a : a + 70] for name, column in columns.items()})
        for a in range(0, 300, 70)
    ]
    whole = compiled.types(columns)
    assert len(set(whole)) > 1
    assert np.array_equal(np.concatenate(pieces), whole)


PROCESS = """
from coopgame import catalogue
from coopgame.clusters.classify import RobustnessDraws, classify
case = catalogue.load_case("brazil_before_1994")
print(classify(case, RobustnessDraws(400, 0.5, 7)).phases[0].robustness)
"""


def test_robustness_does_not_depend_on_the_process(cases: Mapping[str, Case]) -> None:
    here = classify(cases["brazil_before_1994"], RobustnessDraws(400, 0.5, 7)).phases[0].robustness
    run = subprocess.run(
        [sys.executable, "-c", PROCESS], capture_output=True, text=True, check=True, timeout=120
    )
    assert float(run.stdout) == here


def drawn_from(value: str, unit: str, interval: str, role: str | None = None) -> np.ndarray:
    default = Q(value)
    parameter = Parameter("p", "", unit, Interval.parse(interval), default, "", role)
    return drawn((parameter,), {"p": default}, RobustnessDraws(4000, 0.2, 1))["p"]


def test_values_move_by_a_fifth_and_odds_for_probabilities_and_discount_factors() -> None:
    """1/2 has odds 1, moved to 4/5 and 6/5: 4/9 to 6/11. 9/10 has odds 9: 36/41 to 54/59."""
    ends = [
        (drawn_from("1", "profit", "[0, 3]"), 0.8, 1.2),
        (drawn_from("1/2", "probability", "[0, 1]"), 4 / 9, 6 / 11),
        (drawn_from("9/10", "weight", "[0, 99/100]", "discount"), 36 / 41, 54 / 59),
        (drawn_from("0", "profit", "[0, 3]"), 0, 0),
        (drawn_from("1", "level, 0 to 1", "[0, 1]"), 0.8, 1),
        (drawn_from("1/10", "probability", "[1/10, 1]"), 0.1, 12 / 102),
    ]
    for found, low, high in ends:
        assert low - 1e-12 <= found.min() <= low + 1e-3
        assert high - 1e-3 <= found.max() <= high + 1e-12


def test_the_floor_and_what_history_knows_are_two_selections(cluster: Cluster) -> None:
    """The defaults sustain exchange on the trust firms have, and not on the floor alone."""
    point = cluster.domain.defaults
    assert equilibrium(cluster, point, HISTORY)["horizontal"].level > 0
    assert equilibrium(cluster, point, LEAST)["horizontal"].level == 0


NOTHING_STOPS_IT = {"u_c": Q(0), "k_c": Q(0), "alliance": Q(0)}
NO_TRUST = dict.fromkeys(("t0", "trust_x", "trust_c", "trust_v", "trust_e", "leadership"), Q(0))


@pytest.mark.parametrize("trust", [Q(0), Q(1, 10**6)])
def test_out_of_no_trust_at_all_nothing_begins(
    cluster: Cluster, compiled: CompiledCluster, trust: sympy.Rational
) -> None:
    """With k = m = u = 0 the tipping point is 0, and phi(0) = 0: expecting nothing is fulfilled.

    The least trust above that is enough.
    """
    point = {**cluster.domain.defaults, **NO_TRUST, **NOTHING_STOPS_IT, "t0": trust}
    columns = {name: np.array([float(value)]) for name, value in point.items()}
    for selection in (HISTORY, LEAST):
        found = equilibrium(cluster, point, selection)["collective"]
        assert found.tipping_point == 0 and found.sustainable > 0
        assert found.is_sustained == (trust > 0)
        assert (compiled.levels(columns, selection)["collective"] > 0) == [trust > 0]
    assert equilibrium(cluster, point, GREATEST)["collective"].is_sustained


def test_relations_come_after_those_whose_level_they_lean_on(cluster: Cluster) -> None:
    first, second, *others = cluster.relations
    leaning = replace(first, bound={**first.bound, symbol("k"): second.symbol / 100})
    names = [relation.name for relation in ordered([leaning, second, *others])]
    assert names.index(second.name) < names.index(first.name)
