"""Trust as a belief: closed forms against Bayes' theorem step by step, and what follows from it."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopgame.catalogue import find, load_game
from coopgame.errors import CertificationError
from coopgame.forms.gamefile import read_game
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.solution import Branch, Solution, certify

CULTURE = load_game("culture")


@cache
def solved() -> Solution:
    return CULTURE.solve()


@pytest.fixture(scope="module")
def solution() -> Solution:
    return solved()


def bayes(p: Fraction, success: bool, e: Fraction, d: Fraction) -> Fraction:
    """One venture seen: a sound one goes wrong with e, an unsound one passes with d."""
    likely, unlikely = (1 - e, d) if success else (e, 1 - d)
    return p * likely / (p * likely + (1 - p) * unlikely)


def needed(T: Fraction, R: Fraction, P: Fraction, S: Fraction, D: Fraction) -> Fraction:
    """The belief at which p*R + (1-p)*((1-D)*S + D*P) = p*((1-D)*T + D*P) + (1-p)*P."""
    return (1 - D) * (P - S) / (R - (1 - D) * T - D * P + (1 - D) * (P - S))


fractions = st.fractions(min_value=Fraction(1, 40), max_value=Fraction(39, 40), max_denominator=40)


@st.composite
def points(draw: st.DrawFn) -> dict[str, Fraction]:
    point = {name: draw(fractions) for name in ("delta", "p", "e", "d")}
    point["h"] = draw(st.fractions(min_value=0, max_value=Fraction(1, 2), max_denominator=20))
    steps = [draw(st.integers(1, 8)) for _ in range(3)]
    point |= {"S": Fraction(0), "P": Fraction(steps[0]), "R": Fraction(steps[0] + steps[1])}
    point["T"] = point["R"] + steps[2]
    assume(point["e"] + point["d"] < 1)
    return point


@settings(max_examples=60, deadline=None, derandomize=True)
@given(points())
def test_closed_forms_count_what_bayes_counts_one_venture_at_a_time(
    point: dict[str, Fraction],
) -> None:
    counts_agree(point)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(points())
def test_closed_forms_count_what_bayes_counts_at_many_points(point: dict[str, Fraction]) -> None:
    counts_agree(point)


def counts_agree(point: dict[str, Fraction]) -> None:
    D = point["delta"] * (1 - point["h"])
    T, R, P, S = (point[name] for name in "TRPS")
    p, e, d = point["p"], point["e"], point["d"]
    for branch in solved().at(**point).branches:
        if D * (T - P) <= T - R:
            assert branch.name == "hopeless"
            continue
        star = needed(T, R, P, S, D)
        assert branch.outcomes["needed"] == sympy.Rational(star)
        if branch.name == "ventures":
            assert p >= star
            check_losing(branch, p, star, e, d)
        else:
            assert branch.name == "locked_in" and p <= star
            check_starting(branch, p, star, e, d)


def check_losing(branch: Branch, p: Fraction, star: Fraction, e: Fraction, d: Fraction) -> None:
    belief, failures = p, 0
    while belief >= star:
        belief, failures = bayes(belief, False, e, d), failures + 1
    assert branch.outcomes["failures_to_lose"] == failures
    successes, restart = 0, None
    while belief < p:
        if restart is None and belief >= star:
            restart = successes
        belief, successes = bayes(belief, True, e, d), successes + 1
    assert branch.outcomes["successes_to_restart"] == (successes if restart is None else restart)
    assert branch.outcomes["successes_to_restore"] == successes
    assert (successes > failures) == (d > e)


def check_starting(branch: Branch, p: Fraction, star: Fraction, e: Fraction, d: Fraction) -> None:
    belief, successes = p, 0
    while belief < star:
        belief, successes = bayes(belief, True, e, d), successes + 1
    assert branch.outcomes["successes_to_start"] == successes


def test_a_failure_outweighs_a_success_exactly_where_cheating_goes_unnoticed_more_often(
    solution: Solution,
) -> None:
    """F > S iff (1-d)/e > (1-e)/d iff d(1-d) > e(1-e) iff (d-e)(1-d-e) > 0 iff d > e: trust is
    easier to destroy than distrust is a result with a condition, and false where d < e.
    """
    domain, outcomes = solution.domain, solution["ventures"].outcomes
    harder = sympy.Gt(outcomes["weight_of_failure"], outcomes["weight_of_success"])
    more = symbol("d") > symbol("e")
    assert implies([*domain.constraints, more], harder).verdict is Verdict.PROVED
    assert implies([*domain.constraints, harder], more).verdict is Verdict.PROVED
    assert implies(domain.constraints, harder).verdict is Verdict.REFUTED


def test_a_failure_cuts_more_than_a_success_lifts_where_success_was_to_be_expected(
    solution: Solution,
) -> None:
    """The belief is a martingale: q*lift = (1-q)*cut with q = p*(1-e) + (1-p)*d the probability
    of a success, so cut > lift iff q > 1/2, whatever d and e are.
    """
    p, e, d = map(symbol, "ped")
    outcomes = solution["ventures"].outcomes
    q = p * (1 - e) + (1 - p) * d
    assert sympy.simplify(q * outcomes["lift"] - (1 - q) * outcomes["cut"]) == 0
    assert sympy.simplify(outcomes["after_success"] - p - outcomes["lift"]) == 0
    assert sympy.simplify(p - outcomes["after_failure"] - outcomes["cut"]) == 0
    more = sympy.Gt(outcomes["cut"], outcomes["lift"])
    for premise, conclusion in (
        (more, q > sympy.Rational(1, 2)),
        (q > sympy.Rational(1, 2), more),
    ):
        proof = implies([*solution.domain.constraints, premise], conclusion)
        assert proof.verdict is Verdict.PROVED


@pytest.mark.parametrize(("R", "belief"), [(32, 0.8125), (40, 0.2708), (48, 0.1625)])
def test_the_belief_needed_in_the_laboratory(R: int, belief: float) -> None:
    """T = 50, P = 25, S = 12, delta = 3/4 (Dal Bo and Frechette 2011): p* = 13/4 over
    R - 50/4 - 75/4 + 13/4 = R - 28.
    """
    (branch,) = solved().at(T=50, R=R, P=25, S=12, delta="3/4", h=0).branches
    assert branch.outcomes["needed"] == sympy.Rational(13, 4 * (R - 28))
    assert abs(float(branch.outcomes["needed"]) - belief) < 1e-4


def test_counts_are_exact_at_a_tie() -> None:
    """With e = 1/10, d = 1/2 a failure divides the odds by F = 5. D = 81/100, gain 31/25, loss
    19/100 need odds of 19/124. Prior odds of exactly 25 times that survive two failures, as they
    leave the firm indifferent, and not the third; one part in a million less survives one.
    """
    odds = Fraction(25 * 19, 124)
    for prior_odds, failures in ((odds, 3), (odds * Fraction(999_999, 1_000_000), 2)):
        (branch,) = solved().at(p=prior_odds / (1 + prior_odds)).branches
        assert branch.outcomes["failures_to_lose"] == failures


def test_distrust_is_absorbing_and_trust_is_not() -> None:
    """From 1/2 two failures lead below p* = 19/143; there the game says that nothing is ventured,
    so no belief moves. In a trustworthy culture two failures in a row happen with e**2 > 0, and
    the probability that trust is ever lost is at most 1/margin = 19/124 (Ville). The exact
    probability of loss within t ventures is computed by going through all histories.
    """
    e, d, star = Fraction(1, 10), Fraction(1, 2), Fraction(19, 143)
    (branch,) = solved().at().branches
    below = bayes(bayes(Fraction(1, 2), False, e, d), False, e, d)
    assert [b.name for b in solved().at(p=below).branches] == ["locked_in"]
    alive, lost = {Fraction(1, 2): Fraction(1)}, [Fraction(0)]
    for _ in range(12):
        after: dict[Fraction, Fraction] = {}
        gone = lost[-1]
        for belief, weight in alive.items():
            for success, chance in ((True, 1 - e), (False, e)):
                then = bayes(belief, success, e, d)
                if then < star:
                    gone += weight * chance
                else:
                    after[then] = after.get(then, Fraction(0)) + weight * chance
        alive, lost = after, [*lost, gone]
    assert lost[2] == e**2
    assert lost == sorted(lost) and lost[2] < lost[-1]
    assert sympy.Rational(lost[-1]) <= branch.outcomes["bad_luck_bound"] == sympy.Rational(19, 124)


def test_a_guarantee_of_the_stated_size_starts_the_first_venture() -> None:
    """Covering a part c of the loss turns p*gain - (1-p)*loss into p*gain - (1-p)*(loss - c),
    which is zero at the stated guarantee.
    """
    (branch,) = solved().at(h="2/5").branches
    gain, loss, p = sympy.Rational(4, 25), sympy.Rational(23, 50), sympy.Rational(1, 2)
    assert p * gain - (1 - p) * (loss - branch.outcomes["guarantee"]) == 0


def test_unstable_rules_make_the_same_failures_fatal(solution: Solution) -> None:
    """The buffer falls in h; one failure more is fatal at h = 3/10 (D = 63/100: gain 13/25, loss
    37/100, margin 52/37 < 5) than at h = 1/10, and the threshold hazard has a closed form.
    """
    assert solution.at(h="1/10").branches[0].outcomes["failures_to_lose"] == 2
    assert solution.at(h="3/10").branches[0].outcomes["failures_to_lose"] == 1
    critical = solution.threshold("h", "ventures")
    at = {symbol(name): value for name, value in CULTURE.header.domain.defaults.items()}
    # p*gain = (1-p)*loss at p = 1/2: 3 - 5*(1-D) - D = 1 - D, so D = 3/5 and h = 1 - D/delta
    assert critical.subs(at) == sympy.Rational(1, 3)


def test_a_false_count_fails_its_certificate() -> None:
    point = CULTURE.header.domain.point({})
    (honest,) = solved().at().branches
    certify(CULTURE, honest, point)
    for name in ("failures_to_lose", "successes_to_restart", "successes_to_restore"):
        for step in (-1, 1):
            outcomes = {**honest.outcomes, name: honest.outcomes[name] + step}
            with pytest.raises(CertificationError):
                certify(CULTURE, replace(honest, outcomes=outcomes), point)
    alone = {"entrepreneur": {"venture": sympy.S.Zero, "stay_alone": sympy.S.One}}
    with pytest.raises(CertificationError):
        certify(CULTURE, replace(honest, strategies=alone), point)


def test_very_many_steps_are_counted_too() -> None:
    """Where ventures teach almost nothing (e = 1/2 - 1/2000, d = 1/2 - 1/2000), the odds move by
    F = S = 1001/999 a venture, so that log(6.526)/log(F) + 1 = 938 failures lose the trust.
    """
    (branch,) = solved().at(e="999/2000", d="999/2000").branches
    steps = 0
    odds = Fraction(124, 19)
    while odds >= 1:
        odds, steps = odds * Fraction(999, 1001), steps + 1
    assert branch.outcomes["failures_to_lose"] == steps == branch.outcomes["successes_to_restore"]
    (branch,) = solved().at(e="99999/200000", d="99999/200000").branches
    steps = int(branch.outcomes["failures_to_lose"])
    assert 19 * 100001**steps > 124 * 99999**steps
    assert 19 * 100001 ** (steps - 1) <= 124 * 99999 ** (steps - 1)


def test_random_points_have_one_branch_or_a_tie() -> None:
    generator = random.Random(3)
    for _ in range(20):
        draw = {name: Fraction(generator.randrange(1, 997), 997) for name in ("delta", "p")}
        assert len(solved().at(**draw).branches) == 1
    tied = solved().at(p="19/143")
    assert {branch.name for branch in tied.branches} == {"ventures", "locked_in"}


def test_all_faults_of_a_belief_are_reported_at_once() -> None:
    text = find("culture", "catalogue").read_text(encoding="utf-8")
    broken = text.replace('untrustworthy = "d"', 'untrustworthy = "d/0"\ncolour = "red"')
    broken = broken.replace('prior = "p"', 'prior = "q"').replace('gain = "R -', 'gain = "X/R -')
    found = "\n".join(faults(broken))
    for place in ("prior: ", "gain: ", "success.untrustworthy: ", "success.colour: "):
        assert place in found, found


def faults(text: str) -> list[str]:
    section = Section(tomllib.loads(text))
    read_game(section, "test", "")
    return [str(fault) for fault in section.faults]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('prior = "p"', 'prior = "2*p"', "prior: is not between 0 and 1 at "),
        ('"(1 - delta*(1 - h))*(P - S)"', '"P - R"', "loss: is not positive"),
        ('untrustworthy = "d"', 'untrustworthy = "1 - e"', "success: teaches nothing"),
        ('trustworthy = "1 - e"', 'trustworthy = "1 + e"', "trustworthy: is not below 1"),
        ('gain = "R - ', 'gain = "1/(p - e) - ', "gain: divides by zero where p - e == 0"),
    ],
)
def test_a_belief_that_makes_no_sense_is_refused(old: str, new: str, problem: str) -> None:
    text = Path(find("culture", "catalogue")).read_text(encoding="utf-8")
    assert old in text
    assert any(problem in fault for fault in faults(text.replace(old, new, 1)))


def test_it_describes_itself_and_can_be_fixed_in_part(solution: Solution) -> None:
    assert dict(CULTURE.describe())["success.untrustworthy"] == "d"
    part = CULTURE.substitute({"h": sympy.S.Zero, "e": sympy.Rational(1, 10)}).solve()
    assert "h" not in part.domain.names
    assert [b.outcomes for b in part.at(p="2/5").branches] == [
        b.outcomes for b in solution.at(p="2/5", h=0, e="1/10").branches
    ]
