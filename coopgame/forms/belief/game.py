"""Trust as a belief: ventures need it, and only ventures teach it.

A culture is either trustworthy or not, and `prior` is the public belief p that it is. A venture
gains `gain` if the culture is trustworthy and costs `loss` > 0 if not, against nothing for
staying alone; it is begun iff p*gain >= (1 - p)*loss, that is iff gain > 0 and p is at least

    needed = loss/(gain + loss).

What is seen of a venture is noisy: it succeeds with probability `trustworthy` in the one culture
and `untrustworthy`, a lower one, in the other (table `[success]`). Bayes' theorem multiplies the
odds p/(1 - p) by S = trustworthy/untrustworthy after a success, and divides them by
F = (1 - untrustworthy)/(1 - trustworthy) after a failure. With

    margin = prior*gain/((1 - prior)*loss),

the prior odds over those needed, it follows, nothing further assumed, that

- trust is lost after the least number of failures n with F**n > margin, n = floor(log(margin)/
  log(F)) + 1; the least m with S**m >= F**n/margin successes would start ventures again, and
  m = ceil(n*log(F)/log(S)) would restore the belief of before;
- one failure outweighs one success in the odds (F > S) iff trustworthy + untrustworthy > 1: iff a
  cheat passes for sound more often than a sound venture goes wrong. In the belief itself it does
  (cut > lift) iff success was to be expected, as p is a martingale: P(success)*lift =
  P(failure)*cut;
- below `needed` nothing is ventured, so nothing is learnt: distrust is absorbing, trust is not.
  Even in a trustworthy culture bad luck destroys it, with a probability of at most 1/margin
  (Ville's inequality for the likelihood ratio). To start again takes successes seen elsewhere, or
  a guarantee that covers a part of the loss.

Firms are taken to be myopic: each venture is a firm's own, what it teaches is everybody's, so
nobody pays for a lesson (Banerjee 1992; Bikhchandani, Hirshleifer and Welch 1992). Patient firms
would experiment down to a lower belief, and stop there too (Rothschild 1974).

    form = "belief"
    headline = "ventures"
    prior = "p"
    gain = "R - P"
    loss = "P - S"
    patience = "delta*(1 - h)"             # optional: what a next period weighs in gain and loss
    [success]
    trustworthy = "1 - e"
    untrustworthy = "d"

The branches: `ventures`, `locked_in` (some belief would do, this one does not) and `hopeless`
(gain <= 0: none would).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Self

import sympy

from coopgame.cache import remembered
from coopgame.forms.base import Candidate, Header, assemble, playable, substituted
from coopgame.forms.belief.derive import Stakes, argument
from coopgame.forms.checking import check_defined, check_headline
from coopgame.forms.derivation import Derivation
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.language.steps import ceiling, floor
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution

METHOD = "odds form of Bayes' theorem; counts of ventures by exact ceilings"
BRANCHES = ("ventures", "locked_in", "hopeless")
EXACT_STEPS = 2000
DIGITS = 80


@playable
@dataclass(frozen=True)
class BeliefGame:
    """A venture under uncertainty about the culture: its stakes, the belief, and what it shows.

    `trustworthy` and `untrustworthy` are the probabilities of a success in either culture;
    `patience`, if it is stated, is what a next period weighs.
    """

    header: Header
    prior: sympy.Expr
    gain: sympy.Expr
    loss: sympy.Expr
    trustworthy: sympy.Expr
    untrustworthy: sympy.Expr
    patience: sympy.Expr | None = None
    decides_at_start: ClassVar[bool] = True  # a venture is begun or not, and then goes on

    @property
    def stated(self) -> Mapping[str, sympy.Expr]:
        """What the file states, by the keys of the file."""
        return {
            "prior": self.prior,
            "gain": self.gain,
            "loss": self.loss,
            "success.trustworthy": self.trustworthy,
            "success.untrustworthy": self.untrustworthy,
        }

    @property
    def margin(self) -> sympy.Expr:
        """The prior odds over the odds that a venture needs."""
        return self.prior * self.gain / ((1 - self.prior) * self.loss)

    @property
    def weights(self) -> tuple[sympy.Expr, sympy.Expr]:
        """What a success multiplies the odds by, and what a failure divides them by."""
        success = self.trustworthy / self.untrustworthy
        failure = (1 - self.untrustworthy) / (1 - self.trustworthy)
        return sympy.cancel(success), sympy.cancel(failure)

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """The entrepreneur, who begins a venture or stays alone."""
        return {"entrepreneur": ("venture", "stay_alone")}

    @remembered()
    def solve(self) -> Solution:
        """Whether ventures take place, what it takes to lose trust, and what to gain it."""
        value, hopes = self._value(self.prior), self.gain > 0
        regions = {
            "ventures": (value >= 0,),
            "locked_in": (value <= 0, hopes),
            "hopeless": (sympy.Not(hopes),),
        }
        # Where gain <= 0 the margin has no logarithm: no counts before a branch is known to hold.
        candidates = [
            Candidate(name, conditions, partial(self._branch, name, conditions))
            for name, conditions in regions.items()
        ]
        return assemble(self, candidates, Provenance(METHOD))

    def _branch(self, name: str, conditions: tuple[sympy.Basic, ...]) -> Branch:
        ventures = sympy.S.One if name == "ventures" else sympy.S.Zero
        work_out = {"ventures": self._losing, "locked_in": self._starting}.get(name)
        outcomes = work_out() if work_out else {"needed": sympy.S.One}
        return Branch(
            name=name,
            kind="belief",
            concept="myopic Bayesian choice",
            strategies={"entrepreneur": {"venture": ventures, "stay_alone": 1 - ventures}},
            payoffs={"entrepreneur": ventures * self._value(self.prior)},
            outcomes={"ventures": ventures, **self._lessons(), **outcomes},
            conditions=conditions,
        )

    def _lessons(self) -> dict[str, sympy.Expr]:
        """What one venture teaches, wherever one takes place."""
        p, high, low = self.prior, self.trustworthy, self.untrustworthy
        success, failure = self.weights
        seen = p * high + (1 - p) * low
        spread = p * (1 - p) * (high - low)
        return {
            "trust": p,
            "weight_of_success": success,
            "weight_of_failure": failure,
            "asymmetry": sympy.log(failure) / sympy.log(success),
            "after_success": posterior(p, high, low),
            "after_failure": posterior(p, 1 - high, 1 - low),
            "lift": spread / seen,
            "cut": spread / (1 - seen),
        }

    def _losing(self) -> dict[str, sympy.Expr]:
        margin, (success, failure) = self.margin, self.weights
        buffer = sympy.log(margin) / sympy.log(failure)
        lost = floor(buffer) + 1
        missing = lost * sympy.log(failure) - sympy.log(margin)
        return {
            "needed": self._needed(),
            "margin": margin,
            "buffer": buffer,
            "failures_to_lose": lost,
            "successes_to_restart": ceiling(missing / sympy.log(success)),
            "successes_to_restore": ceiling(lost * sympy.log(failure) / sympy.log(success)),
            "bad_luck_bound": 1 / margin,
        }

    def _starting(self) -> dict[str, sympy.Expr]:
        shortfall, (success, _) = 1 / self.margin, self.weights
        return {
            "needed": self._needed(),
            "shortfall": shortfall,
            "successes_to_start": ceiling(sympy.log(shortfall) / sympy.log(success)),
            "guarantee": self.loss - self.gain * self.prior / (1 - self.prior),
        }

    def _needed(self) -> sympy.Expr:
        return self.loss / (self.gain + self.loss)

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        return substituted(self, values)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """What the choice gives up at the belief held, and 1 for each count that is not least.

        The beliefs are worked out anew, by Bayes' theorem over the whole run of ventures.
        """
        game = self.substitute(point)
        venture = equilibrium.strategies["entrepreneur"]["venture"]
        value = game._value(game.prior)
        given_up = -value if venture == 1 else value
        return sympy.Max(0, given_up) + _miscounted(game, equilibrium.outcomes)

    def _value(self, belief: sympy.Expr) -> sympy.Expr:
        return belief * self.gain - (1 - belief) * self.loss

    def belief(self, successes: int, failures: int) -> sympy.Expr:
        """The belief after so many successes and failures; rounded where they are very many."""
        exact = successes + failures <= EXACT_STEPS
        high, low = self.trustworthy, self.untrustworthy
        if not exact:
            high, low = sympy.N(high, DIGITS), sympy.N(low, DIGITS)
        in_trust = high**successes * (1 - high) ** failures
        in_distrust = low**successes * (1 - low) ** failures
        return posterior(self.prior, in_trust, in_distrust)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that ventures take place, or do not, where the branch says so."""
        stakes = Stakes(*self.stated.values())
        return argument(stakes, self.header.domain, equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """The belief, the stakes of a venture, and how often it succeeds in either culture."""
        return [(key, to_text(expression)) for key, expression in self.stated.items()]


def posterior(p: sympy.Expr, likely: sympy.Expr, unlikely: sympy.Expr) -> sympy.Expr:
    """Bayes' theorem: the belief p after an event of these probabilities in either culture.

    >>> posterior(sympy.Rational(1, 2), sympy.Rational(3, 4), sympy.Rational(1, 4))
    3/4
    """
    return p * likely / (p * likely + (1 - p) * unlikely)


def _miscounted(game: BeliefGame, counts: Mapping[str, sympy.Expr]) -> int:
    """How many of the counts are not the least that do what they say."""
    failures = int(counts.get("failures_to_lose", 0))

    def least(name: str, done: sympy.Expr) -> bool:
        if name not in counts:
            return True
        steps = int(counts[name])
        return bool(done(steps)) and (steps <= 0 or not done(steps - 1))

    right = [
        least("failures_to_lose", lambda n: game._value(game.belief(0, n)) < 0),
        least("successes_to_restart", lambda m: game._value(game.belief(m, failures)) >= 0),
        least("successes_to_restore", lambda m: game.belief(m, failures) >= game.prior),
        least("successes_to_start", lambda m: game._value(game.belief(m, 0)) >= 0),
    ]
    return right.count(False)


# --- reading -------------------------------------------------------------------------------------


def read(section: Section, header: Header) -> BeliefGame:
    """The keys that BeliefGame has, and `[success]`, of a game file, proved to make sense."""
    names = header.domain.names
    success = section.table("success")
    stated = [section.expression(key, names) for key in ("prior", "gain", "loss")]
    stated += [success.expression(key, names) for key in ("trustworthy", "untrustworthy")]
    success.finish()
    stated += [section.expression("patience", names)] if "patience" in section else []
    game = BeliefGame(header, *stated)
    for key, expression in game.stated.items():
        check_defined(section, key, expression, header.domain)
    check_headline(section, header.headline, BRANCHES)
    if not section.faults:
        _check_meaning(section, game, header.domain)
    return game


def _check_meaning(section: Section, game: BeliefGame, domain: Domain) -> None:
    high, low, p = game.trustworthy, game.untrustworthy, game.prior
    for key, holds, problem, mend in (
        ("prior", (p > 0) & (p < 1), "is not between 0 and 1", "a certain belief never moves"),
        ("loss", game.loss > 0, "is not positive", "a venture that cannot fail needs no trust"),
        ("success.untrustworthy", low > 0, "is not above 0", "one success would prove all"),
        ("success.trustworthy", high < 1, "is not below 1", "one failure would prove all"),
        ("success", high > low, "teaches nothing", "it is likelier in the trustworthy culture"),
    ):
        found = implies(domain.constraints, holds, domain.integers)
        if found.verdict is Verdict.REFUTED:
            shown = ", ".join(f"{s} = {to_text(v)}" for s, v in (found.witness or {}).items())
            section.fault(key, f"{problem} at {shown or 'some point'}", mend)
