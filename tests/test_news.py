"""Who hears of a breach: the exact chain of partners lost against value iteration."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.comparative.signs import sign_row
from coopgame.forms.level.news import News, NewsBound
from coopgame.language.expressions import parse_condition

HALF, FOUR_FIFTHS = sympy.Rational(1, 2), sympy.Rational(4, 5)


@pytest.mark.parametrize(("public", "bound"), [(False, 1.912), (True, 2.193)])
def test_five_partners_half_of_whom_hear(public: bool, bound: float) -> None:
    """N = 5, nu = 1/2, D = 4/5, q = 1: necessary (1/2 + 1/10)*4 = 2.40; exact as published
    in the project's reference table, from value iteration."""
    news = News(5, HALF, FOUR_FIFTHS, public=public)
    assert news.necessary_bound == sympy.Rational(12, 5)
    assert float(news.exact_bound) == pytest.approx(bound, abs=5e-4)


def test_two_partners_by_hand() -> None:
    """N = 2, nu = 1/2, D = 1/2, q = 1. With one partner left (met every other period) honesty is
    worth 1/2/(1/2) = 1 and cheating 1/2*(1+G)/(3/4) = 2*(1+G)/3, more where G > 1/2. A breach with
    both left keeps one partner with chance 1/2: 1 + G + 1/2*1/2*max(1, 2*(1+G)/3) against 2. With
    honesty after: G <= 3/4, but there cheating is better, so 1 + G + (1+G)/6 <= 2: G <= 5/7.
    """
    news = News(2, HALF, HALF)
    assert news.necessary_bound == sympy.Rational(3, 4)
    assert news.exact_bound == sympy.Rational(5, 7)


def by_value_iteration(news: News) -> float:
    """The largest G at which honesty is best with all partners left, by bisection in floats."""
    size, spread, weight, detection = (
        news.partners, float(news.spread), float(news.weight), float(news.detection)
    )  # fmt: skip

    def after(left: int, values: list[float]) -> float:
        others = left - 1
        if news.public:
            return (1 - spread) * values[others]
        return sum(
            comb(others, kept) * (1 - spread) ** kept * spread ** (others - kept) * values[kept]
            for kept in range(others + 1)
        )

    def pays(gain: float) -> bool:
        values = [0.0] * (size + 1)
        for _ in range(4000):
            new = [0.0]
            for left in range(1, size + 1):
                met = left / size
                honest = 1 + weight * values[left]
                cheat = 1 + gain + weight * (1 - detection) * values[left]
                cheat += weight * detection * after(left, values)
                new.append(met * max(honest, cheat) + (1 - met) * weight * values[left])
            if max(abs(a - b) for a, b in zip(new, values, strict=True)) < 1e-13:
                break
            values = new
        return values[size] > 1 / (1 - weight) + 1e-9

    low, high = 0.0, float(news.necessary_bound) + 1e-6
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if pays(middle) else (middle, high)
    return low


CHAINS = st.builds(
    News,
    partners=st.integers(1, 7),
    spread=st.integers(0, 10).map(lambda i: sympy.Rational(i, 10)),
    weight=st.integers(2, 18).map(lambda i: sympy.Rational(i, 20)),
    detection=st.integers(2, 10).map(lambda i: sympy.Rational(i, 10)),
    public=st.booleans(),
)
FEW = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@FEW
@given(news=CHAINS)
def test_the_exact_bound_is_that_of_value_iteration(news: News) -> None:
    assert float(news.exact_bound) == pytest.approx(by_value_iteration(news), abs=1e-5)


@settings(FEW, max_examples=100)
@given(news=CHAINS)
def test_the_exact_bound_is_at_most_the_necessary_one(news: News) -> None:
    assert 0 <= news.exact_bound <= news.necessary_bound


@pytest.mark.parametrize("spread", [0, 1])
@pytest.mark.parametrize("size", [1, 2, 6])
def test_both_agree_where_nobody_or_everybody_hears(spread: int, size: int) -> None:
    """With private memory partners are lost one for one; with a public record all at once."""
    news = News(size, sympy.Integer(spread), FOUR_FIFTHS, HALF)
    assert news.exact_bound == news.necessary_bound


def test_the_bound_waits_for_numbers() -> None:
    n = sympy.Symbol("n", real=True)
    waiting = NewsBound(n, HALF, FOUR_FIFTHS, 1, 0)
    assert waiting.free_symbols == {n}
    assert waiting.xreplace({n: sympy.Integer(5)}) == News(5, HALF, FOUR_FIFTHS).exact_bound


def test_reputation_shows_both_side_by_side() -> None:
    (branch,) = catalogue.load_game("reputation").solve().at().branches
    level, exact = branch.outcomes["level"], branch.outcomes["exact_level"]
    assert 0 < exact < level
    bound, side = branch.outcomes["exact_bound"], Fraction(1, 10)
    gain, worth = exact**2 / 2 + side * exact, exact - exact**2 / 2 - Fraction(3, 20)
    assert float(gain) == pytest.approx(float(bound * worth))


def test_under_a_public_record_size_is_irrelevant() -> None:
    """Proved: N has no effect on the level at nu = 1, and lowers it at nu = 0."""
    solution = catalogue.load_game("reputation").solve()
    signs = {}
    for assumption in ("nu == 1", "nu == 0"):
        assumed = parse_condition(assumption, solution.domain.names)
        domain = solution.domain.extend(assumptions=(assumed,))
        row = sign_row(replace(solution, domain=domain), "level", "N")
        signs[assumption] = (row.sign, row.verdict.value)
    assert signs == {"nu == 1": ("0", "proved"), "nu == 0": ("-", "proved")}


def test_the_largest_cluster_that_polices_itself() -> None:
    """At the critical size something enforces itself, one partner above it nothing does."""
    solution = catalogue.load_game("reputation").solve()
    defaults = {p.symbol: p.default for p in solution.domain.parameters}
    size = solution.threshold("N").subs(defaults)
    assert 2 < size < 200
    largest = int(sympy.floor(size))
    assert solution.at(N=largest).branches[0].name == "constrained"
    assert solution.at(N=largest + 1).branches[0].name == "none"


def test_a_bound_of_thousands_of_digits_is_no_obstacle() -> None:
    """The exact bound at N = 11 has more digits than a square root of it can be simplified with.

    One breach that is noticed with chance 1/8 costs q*(nu + (1-nu)/N)*D/(1-D) = 0.00828 at most,
    far below what any level would ask (G/(pi-u) > 1): nothing enforces itself.
    """
    game = catalogue.load_game("reputation")
    values = {"b": "43/20", "c": "21/10", "rho": "13/40", "k": "4/125", "u": "49/200"}
    values |= {"q": "1/8", "nu": "71/200", "N": "11", "delta": "69/100", "h": "4/5"}
    (found,) = game.solve().at(values).branches
    assert (found.name, found.outcomes["exact_level"]) == ("none", 0)
    assert 0 < found.outcomes["exact_bound"] < found.outcomes["necessary_bound"]
