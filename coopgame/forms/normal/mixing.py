"""The equilibria in which all mix on given supports, from the indifference of each.

They are certified by their own slacks, in more digits than are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy

from coopgame.algebra.systems import RealPoint
from coopgame.forms.normal.mixtures import Mixture, PayoffTable, expected, indifference, make_branch
from coopgame.forms.normal.polishing import TINY, polished
from coopgame.forms.normal.tables import Actions
from coopgame.solution import Branch

EXACT = "a certified search by boxes where three or more mix"
DECIMALS = "probabilities in decimals, right to 25 digits: no closed form of square roots was found"
DIGITS = 28  # places of a decimal; with a digit before the point, what game files may write
SLACK = 4  # digits of a payoff for which these are enough to certify an equilibrium to 1e-20
Supports = Mapping[str, Actions]


@dataclass(frozen=True)
class MixedEquilibria:
    """Equilibria in which three or more mix, by which methods, and what was left open.

    `left` are the choices of supports that nobody examined, or only in part; `left_out` says in
    sentences what the list lacks.
    """

    branches: tuple[Branch, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    method: str = EXACT
    exact: bool = True
    left: tuple[Supports, ...] = ()

    def __add__(self, other: MixedEquilibria) -> MixedEquilibria:
        return replace(
            self,
            branches=(*self.branches, *other.branches),
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
            left_out=tuple(dict.fromkeys((*self.left_out, *other.left_out))),
            exact=self.exact and other.exact,
            left=(*self.left, *other.left),
        )


@dataclass(frozen=True)
class Indifference:
    """The indifference of all who mix on some supports, and what else an equilibrium needs."""

    table: PayoffTable
    supports: Supports
    strategies: Mapping[str, Mixture]
    unknowns: list[sympy.Symbol]
    equations: list[sympy.Expr]
    shares: list[sympy.Expr]
    slacks: list[sympy.Expr]
    worth: Mapping[str, sympy.Expr]

    @classmethod
    def of(cls, table: PayoffTable, supports: Supports) -> Indifference:
        strategies, unknowns, equations = indifference(table, supports)
        values = {
            player: {
                a: expected(table, player, {**strategies, player: {a: sympy.S.One}})
                for a in actions
            }
            for player, actions in table.players.items()
        }
        worth = {p: values[p][supports[p][0]] for p in supports}
        shares = [share for p in supports for share in strategies[p].values() if share != 1]
        slacks = [
            worth[p] - values[p][a] for p in values for a in values[p] if a not in supports[p]
        ]
        kept = [e for e in equations if e != 0]
        return cls(table, supports, strategies, unknowns, kept, shares, slacks, worth)

    def at(self, rough: Iterable[float]) -> dict[sympy.Symbol, sympy.Rational] | None:
        """The solution near a rough one in many digits."""
        return polished(self.equations, self.unknowns, rough)

    def holds(self, near: Mapping[sympy.Symbol, sympy.Rational]) -> bool:
        """Whether all these actions are used and no other gains, to forty digits.

        A probability of zero belongs to a smaller support, where it is found.
        """
        shares = [share.xreplace(near) > TINY for share in self.shares]
        return all(shares) and all(
            sympy.N(slack.xreplace(near), 60) > -TINY for slack in self.slacks
        )

    def holds_exactly(self, point: RealPoint) -> bool:
        positive = all(point.sign(share) > 0 for share in self.shares)
        return positive and all(point.sign(slack) >= 0 for slack in self.slacks)

    def branch(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Branch:
        def put(expression: sympy.Expr) -> sympy.Expr:
            return sympy.expand(expression.xreplace(dict(at)))

        exact = {p: {a: put(s) for a, s in mix.items()} for p, mix in self.strategies.items()}
        return make_branch(self.table, exact, {p: put(value) for p, value in self.worth.items()})

    def decimals(
        self, isolated: Sequence[Mapping[sympy.Symbol, sympy.Rational]], left: bool = False
    ) -> MixedEquilibria:
        """The equilibria in decimals, told as such."""
        digits = DIGITS + max(0, _size(self.table) - SLACK)
        branches = tuple(self._rounded(near, digits) for near in isolated)
        notes = (f"on the supports {shown(self.supports)}: {DECIMALS}",) if branches else ()
        return MixedEquilibria(
            branches, notes, exact=not branches, left=(self.supports,) if left else ()
        )

    def _rounded(self, near: Mapping[sympy.Symbol, sympy.Rational], digits: int) -> Branch:
        """A branch all of whose values are decimals of so many places, as texts can hold them."""

        def put(value: sympy.Expr) -> sympy.Rational:
            whole = sympy.floor(sympy.N(value, 2 * digits + 20) * 10**digits + sympy.S.Half)
            return sympy.Rational(whole, 10**digits)

        branch = self.branch({unknown: put(value) for unknown, value in near.items()})
        payoffs = {player: put(value) for player, value in branch.payoffs.items()}
        outcomes = {name: put(value) for name, value in branch.outcomes.items()}
        return replace(branch, payoffs=payoffs, outcomes=outcomes)


def _size(table: PayoffTable) -> int:
    """The digits before the point of the largest payoff."""
    return max(len(str(abs(sympy.floor(u)))) for us in table.payoffs.values() for u in us)


def shown(supports: Supports) -> str:
    return "|".join(",".join(actions) for actions in supports.values())
