"""A case year by year: how trust, perceived rules and capability are handed on."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

import pytest
import sympy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.cli import main
from coopgame.clusters.case import Case, revised
from coopgame.clusters.joint import equilibrium, surroundings
from coopgame.clusters.model import Cluster
from coopgame.clusters.trajectory import Year, breach, live, success
from coopgame.language.printing import symbol
from coopgame.report.tables import Table
from coopgame.report.trajectories import trajectory_section

Q = sympy.Rational
chances = st.integers(1, 49).map(lambda n: Q(n, 50))
RATES = {"failure": Q(1, 20), "luck": Q(1, 2), "imitation": Q(0), "example": Q(0)}


def rates(failure: sympy.Expr, luck: sympy.Expr) -> dict[str, sympy.Expr]:
    return {"failure": failure, "luck": luck}


# --- Bayes' rule ---------------------------------------------------------------------------------


def test_trust_after_a_success_and_after_a_breach_by_pen_and_paper() -> None:
    """p = 1/2, e = 1/20, d = 1/2: (19/40)/(19/40 + 10/40) = 19/29; (1/40)/(1/40 + 10/40) = 1/11."""
    assert success(Q(1, 2), RATES) == Q(19, 29)
    assert breach(Q(1, 2), RATES) == Q(1, 11)


def test_trust_of_nought_and_of_one_is_beyond_learning() -> None:
    sure = rates(Q(0), Q(0))
    assert (success(Q(0), RATES), breach(Q(0), RATES)) == (0, 0)
    assert (success(Q(1), RATES), breach(Q(1), sure)) == (1, 1)
    assert success(Q(0), sure) == 0


@given(p=chances, e=chances, d=chances)
def test_a_success_never_lowers_trust_nor_lifts_it_above_what_honest_partners_deliver(
    p: sympy.Rational, e: sympy.Rational, d: sympy.Rational
) -> None:
    after = success(p, rates(e, d))
    assert p <= after <= max(p, 1 - e)
    assert breach(p, rates(e, d)) <= p


@given(p=chances, e=chances, d=chances)
def test_a_breach_moves_the_odds_further_than_a_success_where_failures_are_the_rarer_news(
    p: sympy.Rational, e: sympy.Rational, d: sympy.Rational
) -> None:
    """A success multiplies the odds by (1-e)/d, a breach by e/(1-d).

    So a breach undoes more than one success iff e*(1-e) < d*(1-d), that is iff d lies between e and
    1-e. The cap at 1-e only makes a success smaller.
    """
    if not e < d < 1 - e:
        return
    given_rates = rates(e, d)
    assert breach(success(p, given_rates), given_rates) < p
    assert breach(p, given_rates) < p


# --- years ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lives(cases: Mapping[str, Case]) -> Mapping[str, tuple[Year, ...]]:
    return {name: live(cases[name]) for name in ("brazil_before_1994", "criciuma", "madras")}


def test_history_is_wiped_out_in_the_years_of_the_dated_plans(
    lives: Mapping[str, tuple[Year, ...]],
) -> None:
    """Cruzado and Cruzado II 1986, Bresser, Verao, Collor I and II, Real."""
    wiped = [year.year for year in lives["brazil_before_1994"] if year.is_wiped]
    assert wiped == [1986, 1987, 1989, 1990, 1991, 1994]


def test_a_wiped_year_starts_from_no_more_than_the_floor(
    cases: Mapping[str, Case], lives: Mapping[str, tuple[Year, ...]]
) -> None:
    """Leadership vouches for itself and is no history; it is 0 here."""
    for year in lives["brazil_before_1994"]:
        if year.is_wiped:
            assert set(year.trust.values()) == {year.phase.point["t0"]}


def test_a_case_runs_from_its_first_phase_to_its_last_year(
    cases: Mapping[str, Case], lives: Mapping[str, tuple[Year, ...]]
) -> None:
    for name, years in lives.items():
        case = cases[name]
        assert [y.year for y in years] == list(range(case.phases[0].year, case.until + 1))


def test_perceived_rules_close_a_stated_part_of_the_gap_each_year(
    lives: Mapping[str, tuple[Year, ...]],
) -> None:
    """From 1995 the rules hold at a hazard of 1/50; half of what is left of the gap goes a year."""
    years = [year for year in lives["criciuma"] if year.year >= 1995]
    assert years[0].perceived > years[0].hazard == Q(1, 50)
    for now, then in itertools.pairwise(years):
        gap = (now.perceived - now.hazard) * (1 - now.phase.point["attention"])
        assert abs(then.perceived - then.hazard - gap) <= Q(1, 10**4)


def test_capability_grows_with_sales_to_demanding_buyers(
    lives: Mapping[str, tuple[Year, ...]],
) -> None:
    """Each year by `teaching` times the share of firms that work for buyers or large firms."""
    years = lives["madras"]
    for now, then in itertools.pairwise(years):
        taught = now.place.shares["external"] + now.place.shares["lead"]
        gained = now.phase.point["teaching"] * taught
        assert abs(then.learnt - now.learnt - gained) <= Q(1, 10**4)
    assert years[-1].learnt > years[0].learnt


def test_where_nobody_produces_for_demanding_buyers_nothing_is_learnt(
    cases: Mapping[str, Case],
) -> None:
    alone = revised(short(cases["criciuma"], 2), {"v_external": 0, "size": 0})
    assert {year.learnt for year in live(alone)} == {0}


def short(case: Case, years: int) -> Case:
    """The first phase of a case for some years."""
    return replace(case, phases=case.phases[:1], until=case.phases[0].year + years)


def test_nothing_ventured_nothing_learnt(cases: Mapping[str, Case]) -> None:
    """Without any co-operation, trust stays where it is; seen elsewhere, it is looked up to."""
    quiet = short(cases["rural_survival"], 3)
    years = live(quiet)
    ventured = {name for year in years for name, r in year.place.relations.items() if r.level > 0}
    idle = set(years[0].trust) - ventured
    assert "collective" in idle
    for name in idle:
        assert len({year.trust[name] for year in years}) == 1
    looking = live(revised(quiet, {"example": "1/10", "imitation": "1/4"}))
    gaps = [Q(1, 10) - year.trust["collective"] for year in looking]
    for gap, left in itertools.pairwise(gaps):
        assert abs(left - gap * Q(3, 4)) <= Q(1, 10**4)


def test_what_is_wiped_out_to_nothing_never_comes_back(cases: Mapping[str, Case]) -> None:
    """The plan of 1994 leaves no trust where there is no floor, whatever the tipping point is."""
    nothing_stops_it = {"u_c": 0, "k_c": 0, "alliance": 0}
    case = cases["brazil_after_1994"]
    for floor, returns in ((0, False), ("1/1000", True)):
        years = live(revised(case, {"t0": floor, **nothing_stops_it}))
        assert years[0].is_wiped
        assert years[-1].place.relations["collective"].tipping_point == 0
        assert years[-1].place.relations["collective"].is_sustained == returns


def test_who_ventures_on_the_word_of_leaders_learns_from_it(cases: Mapping[str, Case]) -> None:
    """Leaders vouch for 1/5; a good year makes that 19/40 / (19/40 + 1) by Bayes' rule.

    p*(1-e) = 19/100 and (1-p)*d = 4/10, so 19/59, although nobody trusted anybody before.
    """
    case, stable = cases["criciuma"], catalogue.load_rules("stable")
    led = replace(case, phases=case.phases[1:2], until=case.phases[1].year + 1)
    years = live(revised(led, {"trust_c": 0, "t0": 0, "example": 0}, stable))
    assert years[0].trust["collective"] == Q(1, 5)
    assert years[0].place.relations["collective"].is_sustained
    assert abs(years[1].trust["collective"] - Q(19, 59)) <= Q(1, 10**4)


def test_what_relations_bring_is_earned_only_if_the_rules_hold(cases: Mapping[str, Case]) -> None:
    """Firms act on the same perceived rules; where the true hazard is 0 they earn more.

    The difference is the true hazard times the gain of the channels they sell through.
    """
    case = short(cases["italy"], 0)
    (year,) = live(case)
    point = {**year.phase.point, "h": year.perceived}
    found = equilibrium(case.cluster, point)
    known = surroundings(case.cluster, point, found)
    gains = sum(year.place.shares[c.name] * c.gain.subs(known) for c in case.cluster.channels)
    margins = sum(year.place.shares[c.name] * c.margin.subs(known) for c in case.cluster.channels)
    assert gains > 0
    assert year.place.relations["collective"].is_sustained and year.together > 0
    assert sympy.simplify(year.earned - year.together - margins - (1 - year.hazard) * gains) == 0


def game_payoff(case: Case, year: Year, name: str) -> sympy.Expr:
    """What the relation's own game pays a period at the level selected, or outside it at 0."""
    point = {**year.phase.point, "h": year.perceived}
    known = surroundings(case.cluster, point, year.place.relations)
    own = {symbol(k): v for k, v in case.cluster.relation(name).own(known).items()}
    b, c, k, u, spill = (own[symbol(n)] for n in ("b", "c", "k", "u", "spill"))
    a = year.place.relations[name].level
    return u if a == 0 else (b - spill) * a - c * a**2 / 2 - k


@pytest.mark.parametrize("floor", ["0", "1/2"])
@pytest.mark.parametrize("name", ["criciuma", "italy", "rural_survival"])
def test_collective_action_is_earned_as_its_game_pays_where_nobody_controls_it(
    cases: Mapping[str, Case], name: str, floor: str
) -> None:
    """Where capture is 0 the game is a small firm's own: pi(a) where sustained, u where not.

    pi is lost where the rules really change. Of horizontal relations only u counts beside the
    channels, for those who sell on their own and keep apart.
    """
    case = revised(short(cases[name], 0), {"capture": 0, "t0": floor})
    (year,) = live(case)
    holds = [1 - year.hazard if r.level > 0 else 1 for r in year.place.relations.values()]
    rates = dict(zip(year.place.relations, holds, strict=True))
    expected = rates["collective"] * game_payoff(case, year, "collective")
    if year.place.relations["horizontal"].level == 0:
        expected += year.place.shares["direct"] * game_payoff(case, year, "horizontal")
    assert sympy.simplify(year.together - expected) == 0


def test_what_a_channel_tells_of_a_relation_is_what_its_game_pays(cluster: Cluster) -> None:
    """The gain of selling directly is pi of horizontal, so it is not counted twice."""
    (direct,) = (c for c in cluster.channels if c.name == "direct")
    bound, a = cluster.relation("horizontal").bound, symbol("horizontal")
    b, c, spill = (bound[symbol(n)] for n in ("b", "c", "spill"))
    assert sympy.expand(direct.gain - ((b - spill) * a - c * a**2 / 2)) == 0
    assert [r.name for r in cluster.relations if r.gain != 0] == ["collective"]
    assert {r.name for r in cluster.relations if r.alone != 0} == {"collective", "horizontal"}


def test_going_without_collective_action_a_firm_has_what_it_has_alone(
    cases: Mapping[str, Case],
) -> None:
    """Nobody's trust reaches the tipping point; a dearer outside option is earned in full."""
    case = revised(short(cases["criciuma"], 0), {"u_c": 1, "t0": 0, "trust_c": 0, "trust_x": 0})
    (year,) = live(case)
    (less,) = live(revised(case, {"u_c": "1/2"}))
    assert not year.place.relations["collective"].is_sustained
    assert year.earned - less.earned == year.together - less.together == Q(1, 2)


def test_co_operation_returns_only_at_a_lower_hazard_than_the_one_at_which_it_collapses(
    cases: Mapping[str, Case],
) -> None:
    """Hysteresis, wherever a relation has both critical hazards; exact just around each."""
    both = 0
    for name in ("criciuma", "brazil_after_1994", "italy"):
        case = cases[name]
        point = case.phases[-1].point
        known = surroundings(case.cluster, point, equilibrium(case.cluster, point))
        for relation in case.cluster.relations:
            back, gone = (relation.critical(n, "h", known) for n in ("return", "collapse"))
            if back is None or gone is None:
                continue
            if not all(end.is_real and 0 < end < 1 for end in (back, gone)):
                continue
            assert back < gone, (name, relation.name)
            own = relation.own(known)
            for hazard, sustained in ((gone - Q(1, 1000), True), (gone + Q(1, 1000), False)):
                there = {**own, "h": Q(str(sympy.N(hazard, 12)))}
                level = relation.solution.at(**there).branches[0].outcomes["level"]
                assert (level > 0) == sustained, (name, relation.name)
            both += 1
    assert both >= 2


# --- as they are reported ------------------------------------------------------------------------


def test_the_years_show_the_shares_of_output_of_the_channels_that_have_any(
    cases: Mapping[str, Case],
) -> None:
    """As in JSON, to three decimals; Itajai's small firms come to work for its large ones."""
    years = live(cases["itajai"])
    tables = [part for part in trajectory_section(years).parts if isinstance(part, Table)]
    (shown,) = (table for table in tables if "Share of output" in table.title)
    names = [column.name for column in shown.columns]
    assert names == ["year", "local", "external", "lead", "direct", "inside"]
    for year, row in zip(years, shown.rows, strict=True):
        assert row[0] == str(year.year)
        shares = [round(float(year.place.outputs[name]), 3) for name in names[1:]]
        assert list(row[1:]) == shares
    alone = live(revised(short(cases["itajai"], 1), {"v_external": 0, "size": 0}))
    (fewer,) = (t for t in trajectory_section(alone).parts
                if isinstance(t, Table) and "Share" in t.title)  # fmt: skip
    assert [column.name for column in fewer.columns] == ["year", "local", "direct"]


def test_the_shares_by_year_are_in_text_and_markdown(cases: Mapping[str, Case]) -> None:
    for shape in ("text", "markdown"):
        command = ["classify", "madras", "--only", "years", "--format", shape]
        output = CliRunner().invoke(main, command).output
        heads = ["year", "local", "external", "lead", "direct", "inside"]
        rows = [line.replace("|", " ").split() for line in output.splitlines()]
        assert heads in rows, output
