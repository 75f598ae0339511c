"""Stochastic stability: what is played most of the time when mistakes are rare.

Players mostly play best replies and, with a small probability, anything. As that probability goes
to zero the long-run distribution concentrates on the states at which a spanning tree of least
resistance (fewest mistakes) is rooted (Freidlin and Wentzell 1984; Kandori, Mailath and Rob 1993;
Young 1993). Everything here is exact; at a tie of resistances all tied states are selected.

With two actions the states of one population are z = 0, ..., N, the number of players who take
the first. One player at a time revises (in games of co-ordination any number may, with the same
result; elsewhere players who move together may overshoot). Play moves between neighbours, so that
the tree rooted at z is a path from either end: its resistance adds 1 for every step toward z that
needs a mistake. Its difference between z + 1 and z is 1 if the step up needs a mistake, less 1 if
the step back does.

Who is counted matters in small populations. With `OTHERS` a player replies to the N - 1 others: a
player of the second action at z sees z of them take the first, and so does a player of the first
at z + 1. A step is free if it is a best reply, a tie included. With `AVERAGES` (the dynamics of
Kandori, Mailath and Rob) players compare what either action earned on average at z, a player of
the first having met z - 1 others of the kind and one of the second z; at a tie nobody moves, and
no action that nobody takes is taken up without a mistake. The numbers of mistakes differ (with
payoffs 2, 0, 0, 1 and N = 10: 6 and 3 against 7 and 4), and so may, in small populations, the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError, LimitReached
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import Verdict, implies
from coopgame.selection.coordination import Binary, Selection, TwoByTwo, binary, settled, two_by_two
from coopgame.selection.registry import AVERAGES, COMPARE, OTHERS

STOCHASTIC = "stochastic stability"
ADAPTIVE_PLAY = "stochastic stability under adaptive play"
POTENTIAL = "stochastic stability under logit mistakes"
MAX_POPULATION = 200
MAX_GENERAL = 12
MAX_SAMPLE = 40


def stochastically_stable(
    game: Any, population: int | None = None, compare: str = OTHERS
) -> tuple[Selection, ...]:
    """The stochastically stable states of one population of N players under uniform mistakes.

    `population` is N, at least the number of players of the game (the default): groups of n are
    then drawn at random. The states are named as the game names "all take the first" and "all
    take the second", the others "z of N". Where more others make the first action more (or less)
    attractive throughout the domain, which is proved, the conditions are single comparisons;
    otherwise sums of signs, for N up to 12. `measure` is the resistance of the tree, at a point.

    Raises InputError for a population smaller than the game, or `AVERAGES` in a game that is not
    one of co-ordination; LimitReached for N above 200, or above 12 in the general case.
    """
    view = binary(game)
    chain = _chain(view, population or view.players, compare)
    if not any(gain.free_symbols for gain in chain.gains):
        return settled(_at_a_point(chain), view.domain)
    if _ordered(chain, view.domain, rising=True):
        return settled(_at_the_ends(chain), view.domain)
    if compare == AVERAGES:
        raise InputError(
            "comparing averages is for games in which others' choice of an action favours it",
            "compare others",
        )
    if _ordered(chain, view.domain, rising=False):
        return settled(_where_the_sign_turns(chain), view.domain)
    return settled(_by_sums_of_signs(chain), view.domain)


@dataclass(frozen=True)
class Chain:
    """The states 0..N of a population: names, and what the first action gains where it matters.

    With `compare` others, gains[z] (z = 0..N-1) is its advantage to a player who sees z others
    take it. With averages, gains[z-1] (z = 1..N-1) is its advantage at the state z.
    """

    names: tuple[str, ...]
    gains: tuple[sympy.Expr, ...]
    compare: str

    @property
    def size(self) -> int:
        return len(self.names) - 1

    def free_up(self, z: int) -> Boolean:
        """Whether play goes from z to z + 1 without a mistake."""
        if self.compare == OTHERS:
            return sympy.Ge(self.gains[z], 0)
        return sympy.false if z == 0 else sympy.Gt(self.gains[z - 1], 0)

    def free_down(self, z: int) -> Boolean:
        """Whether play goes from z to z - 1 without a mistake."""
        if self.compare == OTHERS:
            return sympy.Le(self.gains[z - 1], 0)
        return sympy.false if z == self.size else sympy.Lt(self.gains[z - 1], 0)


def _chain(game: Binary, population: int, compare: str) -> Chain:
    if population < game.players:
        problem = f"a population of {population} cannot play a game of {game.players}"
        raise InputError(problem, "give a larger population")
    if compare not in COMPARE:
        raise InputError(f"{compare!r} is no way to compare", f"use {OTHERS!r} or {AVERAGES!r}")
    if population > MAX_POPULATION:
        raise LimitReached(f"stochastic stability is worked out for up to {MAX_POPULATION} players")
    first = _expected(game.first, population)
    second = _expected(game.second, population)
    if compare == OTHERS:
        pairs = zip(first, second, strict=True)
    else:
        pairs = zip(first[:-1], second[1:], strict=True)
    gains = tuple(sympy.expand(one - other) for one, other in pairs)
    names = [f"{z} of {population}" for z in range(population + 1)]
    names[-1], names[0] = game.names
    return Chain(tuple(names), gains, compare)


def _expected(payoffs: Sequence[sympy.Expr], population: int) -> list[sympy.Expr]:
    """The mean payoff when k of N - 1 others take the first action and n - 1 are drawn of them."""
    drawn, others = len(payoffs) - 1, population - 1
    if drawn == others:
        return list(payoffs)
    return [
        sympy.Add(
            *(
                sympy.Rational(comb(k, j) * comb(others - k, drawn - j), comb(others, drawn)) * u
                for j, u in enumerate(payoffs)
            )
        )
        for k in range(others + 1)
    ]


def _ordered(chain: Chain, domain: Domain, rising: bool) -> bool:
    """Whether the gains strictly rise (or fall) from state to state, proved for the domain."""
    steps = {
        sympy.factor(after - before)
        for before, after in zip(chain.gains, chain.gains[1:], strict=False)
    }
    return len(chain.gains) > 1 and all(
        implies(domain.constraints, step > 0 if rising else step < 0, domain.integers).verdict
        is Verdict.PROVED
        for step in steps
    )


def _at_a_point(chain: Chain) -> Iterator[Selection]:
    costs = [_resistance(chain, z) for z in range(chain.size + 1)]
    for name, cost in zip(chain.names, costs, strict=True):
        if cost == min(costs):
            yield Selection(name, STOCHASTIC, (), sympy.Integer(cost))


def _resistance(chain: Chain, z: int) -> int:
    """The mistakes along the tree rooted at z, once gains are numbers."""
    below = [chain.free_up(k) for k in range(z)]
    above = [chain.free_down(k) for k in range(z + 1, chain.size + 1)]
    return sum(step != sympy.true for step in (*below, *above))


def _at_the_ends(chain: Chain) -> Iterator[Selection]:
    """Rising gains: the ends compete, and the middle decides which needs more mistakes to leave.

    The tree rooted at the upper end is cheaper by the number of positive less that of negative
    gains. Of an odd number of gains in strict order the middle one decides; of an even number the
    upper of the two middle ones decides for the upper end, the lower for the lower.
    """
    upper, lower = chain.gains[len(chain.gains) // 2], chain.gains[(len(chain.gains) - 1) // 2]
    strict = len(chain.gains) % 2 == 0
    for_upper = sympy.Gt(upper, 0) if strict else sympy.Ge(upper, 0)
    for_lower = sympy.Lt(lower, 0) if strict else sympy.Le(lower, 0)
    yield Selection(chain.names[-1], STOCHASTIC, (for_upper,))
    yield Selection(chain.names[0], STOCHASTIC, (for_lower,))


def _where_the_sign_turns(chain: Chain) -> Iterator[Selection]:
    """Falling gains: play returns from everywhere to where the gain changes its sign."""
    for z, name in enumerate(chain.names):
        before = (sympy.Ge(chain.gains[z - 1], 0),) if z > 0 else ()
        after = (sympy.Le(chain.gains[z], 0),) if z < chain.size else ()
        yield Selection(name, STOCHASTIC, (*before, *after))


def _by_sums_of_signs(chain: Chain) -> Iterator[Selection]:
    """In general: z is stable iff no sum of signs of gains up to another state exceeds its own."""
    if chain.size > MAX_GENERAL:
        raise LimitReached(
            f"the gains change order in the domain: fix the parameters, or take at most "
            f"{MAX_GENERAL} players"
        )
    signs = [
        sympy.Piecewise((1, sympy.Gt(gain, 0)), (-1, sympy.Lt(gain, 0)), (0, True))
        for gain in chain.gains
    ]
    totals = [sympy.Add(*signs[:z]) for z in range(chain.size + 1)]
    for name, total in zip(chain.names, totals, strict=True):
        rivals = tuple(sympy.Ge(total - other, 0) for other in totals if other is not total)
        yield Selection(name, STOCHASTIC, rivals)


def logit_stable(game: Any, population: int | None = None) -> tuple[Selection, ...]:
    """The stochastically stable states where a mistake is the rarer the more it costs (Blume 1993).

    With logit replies the game of two actions is a potential game: the stable states maximise the
    sum of the gains of the first action up to z. `measure` is that potential.
    """
    view = binary(game)
    chain = _chain(view, population or view.players, OTHERS)
    potential = [sympy.Add(*chain.gains[:z]) for z in range(chain.size + 1)]
    candidates = (
        Selection(
            name,
            POTENTIAL,
            tuple(sympy.Ge(sympy.expand(height - other), 0) for other in potential),
            sympy.factor(height),
        )
        for name, height in zip(chain.names, potential, strict=True)
    )
    return settled(candidates, view.domain)


def adaptive_play(game: Any, sample: int | None = None) -> tuple[Selection, ...]:
    """The stochastically stable convention of two populations under adaptive play (Young 1993).

    Each player replies to a random sample of s past plays of the other side, of a memory at least
    three times as long. To leave a convention takes the fewer of ceil(s*l/(l + m)) mistakes of
    either side, l and m the losses from leaving it and the other one. `sample` None is the limit
    of large samples, in which the risk-dominant convention is selected. Where only one outcome is
    a strict equilibrium it is selected. Raises LimitReached for a sample above 40.
    """
    if sample is not None and not 0 < sample <= MAX_SAMPLE:
        raise LimitReached(f"samples of 1 to {MAX_SAMPLE} plays are examined")
    view = two_by_two(game)
    return settled(_conventions(view, sample), view.domain)


def _conventions(game: TwoByTwo, sample: int | None) -> Iterator[Selection]:
    for i, j in game.outcomes:
        here, there = game.losses(i, j), game.losses(1 - i, 1 - j)
        stands = tuple(sympy.Gt(loss, 0) for loss in here)
        rival = tuple(sympy.Gt(loss, 0) for loss in there)
        name = game.name(i, j)
        if sample is None:
            harder = sympy.Ge(here[0] * here[1] - there[0] * there[1], 0)
        else:
            harder = _takes_more_mistakes(here, there, sample)
        yield Selection(name, ADAPTIVE_PLAY, (*stands, *rival, harder))
        alone = sympy.Or(*(sympy.Lt(loss, 0) for loss in there))
        yield Selection(name, ADAPTIVE_PLAY, (*stands, alone))


def _takes_more_mistakes(
    here: tuple[sympy.Expr, ...], there: tuple[sympy.Expr, ...], sample: int
) -> Boolean:
    """Some number of mistakes suffices to leave there, and no fewer suffice to leave here."""
    pairs = list(zip(here, there, strict=True))
    return sympy.Or(
        *(
            sympy.And(
                sympy.Or(*(sympy.Ge(j * (l + m) - sample * m, 0) for l, m in pairs)),
                *(sympy.Gt(sample * l - (j - 1) * (l + m), 0) for l, m in pairs),
            )
            for j in range(1, sample + 1)
        )
    )
