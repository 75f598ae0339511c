"""Macro rules: estimation from dated events, the length of a period, binding by role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import sympy
from sympy import Rational

from coopgame.catalogue import files, load_game, load_rules, root
from coopgame.comparative.scenario import solve
from coopgame.errors import InputError
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.reading.section import Section
from coopgame.rules.estimates import (
    EVENT_TO_EVENT,
    FIXED_WINDOW,
    Learning,
    estimate_rate,
    rounded,
)
from coopgame.rules.files import read_rules
from coopgame.rules.inflation import Inflation
from coopgame.rules.macro import MacroRules, bind

PLANS = [
    date(1986, 2, 28),
    date(1986, 11, 21),
    date(1987, 6, 12),
    date(1989, 1, 15),
    date(1990, 3, 16),
    date(1991, 1, 31),
    date(1994, 7, 1),
]


def parameter(name: str, role: str | None, domain: str = "[0, 1)") -> Parameter:
    return Parameter(name, name, "-", Interval.parse(domain), Rational(1, 2), "test", role)


def read(**data: object) -> MacroRules:
    section = Section({"format": 1, "source": "test", **data})
    rules = read_rules(section, "test", "")
    section.settle()
    return rules


@pytest.mark.parametrize("name", files("rules"))
def test_every_rule_file_reads_and_says_where_it_comes_from(name: str) -> None:
    rules = load_rules(name)
    assert rules.info.source and rules.info.description
    assert rules.describe()["name"] == name


def test_brazil_event_to_event() -> None:
    """Six intervals in 8.337 years: 5/8.337 = 0.600 a year; exact 95 % interval chi2(12)/(2*8.337).

    The sum T of k exponential waiting times of rate r is gamma, so that E[1/T] = r/(k - 1).
    chi2 quantiles with 12 degrees of freedom (any table): 4.4038 at 2.5 %, 23.3367 at 97.5 %;
    divided by 16.6736: 0.2641 and 1.3996.
    """
    rules = load_rules("brazil-1986-1994")
    estimate = rules.estimate
    assert estimate is not None
    assert (estimate.events, estimate.convention) == (6, EVENT_TO_EVENT)
    assert rounded(estimate.years) == Rational("8.3368")
    assert rounded(estimate.rate) == Rational("0.5998")
    assert (estimate.lower, estimate.upper) == (Rational("0.2641"), Rational("1.3996"))
    # 1 - exp(-0.5998) = 0.4511; the ends of the interval map the same way.
    assert rules.hazard == Rational("0.4511")
    assert rules.hazard_interval == (Rational("0.2321"), Rational("0.7533"))


def test_to_collor_ii_and_over_a_fixed_window() -> None:
    """Five intervals in 4.923 years: 4/4.923 = 0.813 (0.330 to 2.081).

    Fixed windows end at chi2(2k + 2).
    chi2(10): 3.2470 and 20.4832; chi2(12) at 97.5 % 23.3367, chi2(14) 26.1189; over 9.8453 and
    16.6736 (twice the years): 0.330, 2.081, 2.370 and 0.264, 1.566.
    """
    short = estimate_rate(PLANS[:6])
    assert float(short.rate or 0) == pytest.approx(0.8126, abs=6e-4)
    assert [float(short.lower), float(short.upper)] == pytest.approx([0.330, 2.081], abs=6e-4)
    window = estimate_rate(PLANS[1:6], (PLANS[0], PLANS[5]))
    assert window.convention == FIXED_WINDOW
    assert [float(window.lower), float(window.upper)] == pytest.approx([0.330, 2.370], abs=6e-4)
    longer = estimate_rate(PLANS[1:], (PLANS[0], PLANS[6]))
    assert [float(longer.lower), float(longer.upper)] == pytest.approx([0.264, 1.566], abs=6e-4)


def test_the_rate_from_event_to_event_is_unbiased() -> None:
    """4 000 records of six waiting times at 0.6 a year: the mean of 5/T, T in whole days."""
    random = np.random.default_rng(3)
    gaps = np.maximum(random.exponential(365.25 / 0.6, (4000, 6)).round().astype(int), 1)
    rates = 5 / (gaps.sum(axis=1) / 365.25)
    days = [date(1900, 1, 1) + timedelta(int(d)) for d in np.cumsum([0, *gaps[0]])]
    assert float(estimate_rate(days).rate or 0) == pytest.approx(rates[0])
    assert abs(rates.mean() - 0.6) < 3 * rates.std() / np.sqrt(len(rates))


def test_firms_that_learn_know_only_the_past() -> None:
    """One change in ten years to begin with; after n more in t years gamma(1 + n, 10 + t).

    The expected probability of a change within a year is 1 - ((10 + t)/(11 + t))**(1 + n): 1/11 in
    1986, before the record. When 1991 begins, four intervals have ended in 4.84 years.
    """
    rules = load_rules("brazil-learning")
    assert rules.known_in(1986).hazard == rounded(Rational(1, 11))
    years = float(Rational((date(1991, 1, 1) - PLANS[0]).days) / Rational(1461, 4))
    expected = 1 - ((10 + years) / (11 + years)) ** 5
    assert float(rules.known_in(1991).hazard or 0) == pytest.approx(expected, abs=1e-4)
    rate = sympy.Symbol("r", positive=True)
    belief = rate**4 * sympy.exp(-rate * 15) * Rational(15) ** 5 / sympy.factorial(4)
    averaged = sympy.integrate((1 - sympy.exp(-rate)) * belief, (rate, 0, sympy.oo))
    found = Learning(Rational(1), Rational(10)).hazard(4, Rational(5), Rational(1))
    assert found == rounded(averaged)
    assert load_rules("stable").known_in(1986) == load_rules("stable")


def test_cautious_firms_act_on_the_upper_end_of_what_they_believe() -> None:
    """chi2(10) at 97.5 % is 20.4832: gamma(5) over 15 years ends at 20.4832/30 = 0.6828 a year."""
    found = Learning(Rational(1), Rational(10), cautious=True).hazard(4, Rational(5), Rational(1))
    assert float(found) == pytest.approx(1 - np.exp(-20.4832 / 30), abs=1e-4)


def test_two_events_teach_and_have_no_rate() -> None:
    """The first opens the record; one change in T years: gamma(1 + 1, 10 + T), T = 365/365.25.

    The posterior does not ask what ended the record; an unbiased rate does, and there is none.
    """
    days = [date(1990, 3, 16), date(1991, 3, 16)]
    found = estimate_rate(days, learns=True)
    assert (found.rate, found.events) == (None, 1)
    rules = replace(load_rules("brazil-learning"), dates=tuple(days), estimate=found)
    years = 365 / 365.25
    expected = 1 - ((10 + years) / (11 + years)) ** 2
    assert float(rules.hazard or 0) == pytest.approx(expected, abs=1e-4)
    assert replace(rules, learning=None).hazard is None
    assert rules.describe()["estimate"]["rate_per_year"] is None
    with pytest.raises(InputError, match="needs three events"):
        estimate_rate(days)
    with pytest.raises(InputError, match="only opens the record"):
        estimate_rate(days[:1], learns=True)


def test_a_window_without_events_bounds_the_rate_from_above() -> None:
    """No event in T years: the interval is 0 to chi2(2)/(2T) = -ln(0.025)/T (3.689/T)."""
    found = estimate_rate([], (date(2000, 1, 1), date(2010, 1, 1)))
    assert found.rate == found.lower == 0
    assert abs(float(found.upper) - 3.6889 / float(found.years)) < 1e-4


def test_the_interval_covers_by_the_poisson_distribution_itself() -> None:
    """At the fixed window's ends, k or more (k or fewer) events have probability 2.5 %."""
    found = estimate_rate(PLANS[1:], (PLANS[0], PLANS[6]))
    years, k = float(found.years), found.events

    def at_most(n: int, rate: float) -> float:
        mean = rate * years
        return float(sum(sympy.exp(-mean) * mean**i / sympy.factorial(i) for i in range(n + 1)))

    assert at_most(k, float(found.upper)) == pytest.approx(0.025, abs=2e-4)
    assert 1 - at_most(k - 1, float(found.lower)) == pytest.approx(0.025, abs=2e-4)


@pytest.mark.parametrize(
    ("name", "per_year", "temptations"),
    [("brazil-1986-1994", "0.5998", (0.99, 5.2, 16.7)), ("calm", "0.05", (6.2, 26, 79))],
)
def test_short_periods_undo_the_hazard(
    name: str, per_year: str, temptations: tuple[float, ...]
) -> None:
    """The largest temptation a relation survives is g = D/(1-D), D = exp(-(rate + 0.1)/n).

    With n periods a year and a discount rate of 10 %: at 0.6 changes a year 0.99, 5.2 and 16.7 for
    n = 1, 4, 12; at 0.05 a year 6.2, 26 and 79.
    """
    rate = Rational(per_year)
    yearly = read(hazard=str(rounded(1 - sympy.exp(-rate))), per="year", annual_discount_rate="0.1")
    rules = load_rules(name) if name != "calm" else yearly
    for periods, temptation in zip((1, 4, 12), temptations, strict=True):
        length = Rational(1, periods)
        hazard, discount = rules.with_period(length).hazard, yearly.with_period(length).discount
        assert hazard is not None and discount is not None
        D = float(discount * (1 - hazard))
        survived = D / (1 - D)
        assert survived == pytest.approx(temptation, rel=0.025)


def test_the_file_holds_the_seven_plans() -> None:
    text = (root() / "rules" / "brazil-1986-1994.toml").read_text(encoding="utf-8")
    assert all(f'date = "{day}"' in text for day in PLANS)
    assert text.count("[[events]]") == 7


def test_a_yearly_hazard_compounds_over_the_period() -> None:
    """Half a year at 1/2 a year survives with sqrt(1/2); two years with 1/4."""
    yearly = read(hazard="1/2", per="year", annual_discount_rate="0.1")
    assert yearly.hazard == Rational(1, 2)
    assert yearly.with_period("2").hazard == Rational(3, 4)
    assert yearly.with_period("1/2").hazard == rounded(1 - sympy.sqrt(Rational(1, 2)))
    assert yearly.discount == rounded(sympy.exp(-Rational(1, 10)))
    per_period = read(hazard="1/2", per="period", years_per_period="2")
    assert per_period.hazard == Rational(1, 2)
    assert per_period.with_period("4").hazard == Rational(3, 4)


def test_rules_bind_by_role_whatever_the_names() -> None:
    domain = Domain((parameter("shock", "hazard"), parameter("patience", "discount")))
    rules = read(hazard="1/5", per="period", annual_discount_rate="0.1")
    assert bind(domain, rules) == {"shock": Rational(1, 5), "patience": Rational(9048, 10000)}
    assert bind(domain, rules, {"shock": 0.2})["shock"] == Rational(1, 5)


def test_rules_that_do_not_fit_are_refused() -> None:
    rules = read(hazard="1/5", per="period")
    with pytest.raises(InputError, match="no parameter of that role"):
        bind(Domain((parameter("delta", "discount"),)), rules)
    with pytest.raises(InputError, match="conflicts"):
        bind(Domain((parameter("h", "hazard"),)), rules, {"h": "0.3"})
    with pytest.raises(InputError, match="outside"):
        bind(Domain((parameter("h", "hazard", "[1/4, 1)"),)), rules)
    with pytest.raises(InputError, match="per period"):
        load_rules("switching").with_period(2)


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        ({}, "", "exactly one of"),
        ({"hazard": "1/2", "events": []}, "", "exactly one of"),
        ({"hazard": "3/2", "per": "year"}, "hazard", "outside"),
        ({"hazard": "1/2", "per": "decade"}, "per", "not known"),
        ({"hazard": "1/2", "per": "year", "years_per_period": "0"}, "years_per_period", "positive"),
        (
            {"hazard": "1/2", "per": "year", "years_per_period": "1e99"},
            "years_per_period", "no length of a period",
        ),
        (
            {"hazard": "1/2", "per": "year", "annual_discount_rate": "1e30"},
            "annual_discount_rate", "more than 100 a year",
        ),
        (
            {"hazard": "1/2", "per": "year", "inflation": {"rate": "1e99", "discounting": "9"}},
            "inflation.rate", "more than 100 a year",
        ),
        ({"hazard": "1/2", "per": "year", "surprise": 1}, "surprise", "not a known key"),
        (
            {
                "events": [],
                "window": ["1990-01-01", "1999-01-01"],
                "learning": {"events": "0", "years": "9", "view": "expected"},
            },
            "learning.events",
            "not positive",
        ),
        ({"events": [{"name": "A", "date": "someday"}]}, "events[0].date", "not a date"),
        ({"events": [{"name": "A", "date": "1990-01-01"}]}, "events", "three events"),
        (
            {
                "events": [{"name": "A", "date": "1990-01-01"}],
                "window": ["1991-01-01", "1992-01-01"],
            },
            "events",
            "outside the window",
        ),
    ],
)  # fmt: skip
def test_faults_of_a_rule_file_have_their_place(
    data: dict[str, object], place: str, problem: str
) -> None:
    with pytest.raises(InputError) as raised:
        read(**data)
    assert any(f.place == place and problem in f.problem for f in raised.value.faults)


HALVED = {"rate": "2", "discounting": "1/10", "noise": "1/2"}


def test_inflation_on_paper() -> None:
    """200 % a year: 0.2 more discounting, e^-0.2 = 0.8187; half of what is seen is the partner's.

    Of a quarter of a year e^-0.05 = 0.9512; detection is a probability, whatever the period.
    """
    domain = Domain(
        (parameter("h", "hazard"), parameter("delta", "discount"), parameter("q", "detection"))
    )
    rules = read(hazard="1/5", per="year", inflation=HALVED)
    assert bind(domain, rules) == {
        "h": Rational(1, 5),
        "delta": Rational(8187, 20000),  # the default 1/2
        "q": Rational(1, 4),
    }
    assert bind(domain, rules, {"delta": "0.9"})["delta"] == Rational(9 * 8187, 100000)
    quarterly = bind(domain, rules.with_period("1/4"))
    assert quarterly["delta"] == Rational(9512, 20000) and quarterly["q"] == Rational(1, 4)
    rated = read(hazard="1/5", per="year", annual_discount_rate="1/10", inflation=HALVED)
    assert bind(domain, rated)["delta"] == Rational(9048, 10000) * Rational(8187, 10000)


def test_inflation_says_what_was_not_applied() -> None:
    """A game without detection, one without either, and one that inflation reaches whole."""
    rules = load_rules("inflation")
    for name, applied, missing in (
        ("relation", ("delta by 0.9512", "q by 0.6667"), ()),
        ("trust", ("delta by 0.9512",), ("detection",)),
    ):
        (found,) = solve(load_game(name), rules=[rules], at_defaults=True)
        told = " ".join(found.solution.provenance.told)
        assert all(text in told for text in applied)
        assert all(f"to {role} is not applied" in told for role in missing)
        assert ("not applied" in told) == bool(missing)


def test_inflation_acts_under_a_chain_too() -> None:
    """A chain keeps its regimes; the discount factor that weighs them is lower."""
    torn = load_rules("switching")
    rules = replace(torn, inflation=Inflation(Rational(2), Rational(1, 10), Rational(1, 2)))
    (plain,), (lowered,) = (
        solve(load_game("learning"), {"rho": "1/10"}, [each], at_defaults=True)
        for each in (torn, rules)
    )
    point = lowered.solution.point
    assert point["delta"] == Rational(3, 4) * Rational(8187, 10000) and point["q"] == Rational(1, 4)
    levels = [s.solution.branches[0].outcomes["level"] for s in (plain, lowered)]
    assert levels[0] > levels[1]


@pytest.mark.parametrize(
    ("table", "place", "problem"),
    [
        ({"rate": "-1", "noise": "1"}, "inflation.rate", "negative"),
        ({"rate": "1", "noise": "-1"}, "inflation.noise", "negative"),
        ({"rate": "1"}, "inflation", "does nothing"),
        ({"noise": "1"}, "inflation.rate", "missing"),
        ({"rate": "1", "noise": "1", "prices": "2"}, "inflation.prices", ""),
    ],
)
def test_faults_of_inflation_have_their_place(
    table: dict[str, object], place: str, problem: str
) -> None:
    with pytest.raises(InputError) as raised:
        read(hazard="1/5", per="year", inflation=table)
    assert any(f.place == place and problem in f.problem for f in raised.value.faults)


def test_a_chain_must_be_a_distribution_everywhere() -> None:
    chance = {"meaning": "m", "unit": "u", "domain": "[0, 2]", "default": "1/2", "source": "s"}
    regimes = [
        {"name": "calm", "hazard": "0", "next": {"calm": "x", "storm": "1 - x"}},
        {"name": "storm", "hazard": "1/2", "next": {"storm": "1/2"}},
    ]
    with pytest.raises(InputError) as raised:
        read(parameters={"x": chance}, regimes=regimes)
    found = {(fault.place, fault.problem.split()[0]) for fault in raised.value.faults}
    assert ("regimes[1].next", "the") in found
    assert any(place == "regimes[0].next" for place, _ in found)
