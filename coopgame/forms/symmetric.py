"""Identical players with two actions: n of them, payoffs by how many of the others co-operate.

    players = "n"                          # an integer parameter, or a number
    actions = ["contribute", "ride"]       # the first is the co-operative one
    patience = "delta*(1 - h)"             # optional: the weight of the future, for grim trigger
    [payoffs]                              # in the parameters and k, the number of OTHERS
    contribute = "a*(k + 1) - 1"           # who take the first action
    ride = "a*k"
    [outcomes]                             # may use `cooperation` (share) and `welfare` (a head)
    [mixed_outcomes]                       # may also use `chance`, that a player co-operates

Branches: `all_<first>`, `all_<second>`, numbers between, mixtures, and, with `patience`,
`all_<first>_repeated`: all co-operate for fear of ending up where all take the second action.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import sympy

from coopgame.algebra.binomial import K, resolved
from coopgame.algebra.simplify import neat, prune
from coopgame.derivation import Derivation
from coopgame.errors import InputError
from coopgame.expressions import name_problem
from coopgame.forms.base import Header, assemble, check_defined
from coopgame.gamefile import Section
from coopgame.methods.symmetric.argument import Crowd, argument
from coopgame.methods.symmetric.gains import Crossing, Gains, at_numbers, crossings, gains
from coopgame.methods.symmetric.headcounts import Headcount, headcounts
from coopgame.methods.symmetric.tally import Tally
from coopgame.methods.vocabulary import read_vocabulary
from coopgame.parameters import Interval, Parameter
from coopgame.printing import symbol, to_text
from coopgame.proofs import QUICK, Verdict, implies, sign
from coopgame.showing import as_html, as_latex, as_text
from coopgame.solution import Branch, Point, Provenance, Solution

SAME = sympy.Rational(1, 10**30)


@dataclass(frozen=True)
class SymmetricGame:
    """`players` identical players; `payoffs` of the two `actions` in k, the others co-operating.

    `patience` is the weight of the future in the repeated game, None where it is played once.
    """

    header: Header
    players: sympy.Expr
    actions: tuple[str, str]
    payoffs: tuple[sympy.Expr, sympy.Expr]
    patience: sympy.Expr | None
    outcomes: Mapping[str, sympy.Expr]
    mixed_outcomes: Mapping[str, sympy.Expr]

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.header.info.name}>"

    def solve(self) -> Solution:
        """Every number of co-operators and every mixture that is an equilibrium.

        What has no closed form for all parameter values is found where the solution is evaluated.
        """
        shape = gains(self.payoffs, self.players, self.header.domain)
        pure, mixed = headcounts(shape), crossings(shape)
        branches = [self._pure(state) for state in pure.found]
        branches += self._mixed_branches(shape, mixed.found)
        branches += self._repeated(shape)
        complete = pure.complete and mixed.complete
        notes = [] if complete else ["further equilibria are found at a point only"]
        if shape.may_vanish:
            notes.append("where co-operating never gains or costs anything, all is an equilibrium")
        method = "numbers of co-operators by their gain; mixtures by the roots of its mean"
        solution = assemble(self, branches, Provenance(method, complete, tuple(notes)))
        if complete:
            return solution
        return (
            replace(solution, partial=sympy.true)
            if self.header.domain.parameters
            else (self._completed(solution))
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        first, second = (payoff.subs(at) for payoff in self.payoffs)
        return replace(
            self,
            header=replace(self.header, domain=self.header.domain.substitute(values)),
            players=self.players.subs(at),
            payoffs=(first, second),
            patience=None if self.patience is None else self.patience.subs(at),
            outcomes={name: value.subs(at) for name, value in self.outcomes.items()},
            mixed_outcomes={name: value.subs(at) for name, value in self.mixed_outcomes.items()},
        )

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most a player gains by another action, by sums over how many others co-operate."""
        at = {symbol(name): value for name, value in point.items()}
        table = self._tally(at)
        first, _ = self.actions
        if "each" in equilibrium.strategies:
            return table.mixed_regret(equilibrium.strategies["each"][first])
        if equilibrium.name == self.repeated_name and self.patience is not None:
            return table.repeated_regret(self.patience.subs(at))
        return table.pure_regret(equilibrium.strategies["count"][first])

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that nobody gains by changing sides where the branch holds."""
        shape = gains(self.payoffs, self.players, self.header.domain)
        crowd = Crowd(self.players, self.actions, self.payoffs, shape, self.patience)
        return argument(crowd, equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """The number of players and the payoff of each action."""
        shown = [(a, to_text(p)) for a, p in zip(self.actions, self.payoffs, strict=True)]
        weight = [] if self.patience is None else [("patience", to_text(self.patience))]
        return [("players", to_text(self.players)), *shown, *weight]

    @property
    def table(self) -> tuple[tuple[sympy.Expr, ...], tuple[sympy.Expr, ...]]:
        """The payoffs of the first and of the second action for k = 0, ..., n - 1.

        Raises InputError where the number of players is not a number.
        """
        if not self.players.is_Integer:
            raise InputError(f"{self.players} players is not a number", "fix it with --set first")
        rows = Tally(int(self.players), self.payoffs).rows
        return tuple(row[0] for row in rows), tuple(row[1] for row in rows)

    @property
    def repeated_name(self) -> str:
        return f"all_{self.actions[0]}_repeated"

    def _tally(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Tally:
        first, second = (payoff.subs(at) for payoff in self.payoffs)
        return Tally(int(self.players.subs(at)), (first, second))

    def _name(self, label: str) -> str:
        first, second = self.actions
        if label == "none":
            return f"all_{second}"
        return f"{label[3:]}_{first}" if label.startswith("of_") else f"{label}_{first}"

    def _pure(self, state: Headcount, name: str = "") -> Branch:
        m, n, domain = state.number, self.players, self.header.domain
        first, second = self.actions
        payoffs = {}
        if m != 0:
            payoffs[first if m != n else "each"] = self._payoff(0, m - 1, state)
        if m != n:
            payoffs[second if m != 0 else "each"] = self._payoff(1, m, state)
        numbers = (m, n - m) if len(payoffs) == 2 else (n,)
        total = sum(a * b for a, b in zip(numbers, payoffs.values(), strict=True))
        return Branch(
            name=name or self._name(state.label),
            kind="symmetric",
            concept="Nash equilibrium",
            strategies={"count": {first: m, second: n - m}},
            payoffs={player: neat(value, domain) for player, value in payoffs.items()},
            outcomes=self._outcomes(m / n, neat(total / n, domain)),
            conditions=state.conditions,
        )

    def _payoff(self, action: int, others: sympy.Expr, state: Headcount) -> sympy.Expr:
        domain = self.header.domain
        premises = [*domain.constraints, *state.conditions]
        return resolved(self.payoffs[action].subs(K, others), premises, domain)

    def _outcomes(self, share: sympy.Expr, welfare: sympy.Expr) -> dict[str, sympy.Expr]:
        known = {symbol("cooperation"): share, symbol("welfare"): welfare}
        domain = self.header.domain
        stated = {name: neat(value.subs(known), domain) for name, value in self.outcomes.items()}
        return {"cooperation": share, "welfare": welfare, **stated}

    def _mixed_branches(self, shape: Gains, found: tuple[Crossing, ...]) -> Iterator[Branch]:
        kinds = [_STABILITY[crossing.rising] for crossing in found]
        for i, (crossing, kind) in enumerate(zip(found, kinds, strict=True), start=1):
            label = kind if kind and kinds.count(kind) == 1 else str(i)
            name = "mixed" if len(found) == 1 else f"mixed_{label}"
            yield self._mixed(name, crossing, shape.mean_payoff(crossing.chance))

    def _mixed(self, name: str, crossing: Crossing, payoff: sympy.Expr) -> Branch:
        chance, (first, second) = crossing.chance, self.actions
        payoff = neat(_condensed(payoff), self.header.domain)
        known = {symbol("chance"): chance, symbol("cooperation"): chance, symbol("welfare"): payoff}
        stated = {name: value.subs(known) for name, value in self.mixed_outcomes.items()}
        mixed = {name: _condensed(value) for name, value in stated.items()}
        return Branch(
            name=name,
            kind="symmetric",
            concept="Nash equilibrium",
            strategies={"each": {first: chance, second: 1 - chance}},
            payoffs={"each": payoff},
            outcomes={**self._outcomes(chance, payoff), **mixed},
            conditions=crossing.conditions,
            implicit={} if crossing.implicit is None else {"cooperation": crossing.implicit},
            note=_STABILITY[crossing.rising],
        )

    def _repeated(self, shape: Gains) -> Iterator[Branch]:
        if self.patience is None:
            return
        premises, domain = self.header.domain.constraints, self.header.domain
        places = ((1, self.players - 1), (0, self.players - 1), (1, sympy.S.Zero))
        tempted, rewarded, punished = (
            resolved(self.payoffs[i].subs(K, k), premises, domain) for i, k in places
        )
        stake, temptation = tempted - punished, tempted - rewarded
        grim = sympy.Ge(sympy.expand(self.patience * stake - temptation), 0)
        punishable = prune([sympy.Le(shape.first, 0), sympy.Ge(shape.last, 0)], [grim], domain)
        state = Headcount("all", self.players, (grim, punishable))
        branch = self._pure(state, self.repeated_name)
        critical = {"critical_patience": self._critical_patience(temptation, stake)}
        yield replace(
            branch,
            concept="subgame-perfect equilibrium of the repeated game",
            outcomes={**branch.outcomes, **critical},
            note=f"whoever defects is answered by {self.actions[1]} of all, for ever",
        )

    def _critical_patience(self, temptation: sympy.Expr, stake: sympy.Expr) -> sympy.Expr:
        """The least weight of the future under which nobody defects; zero if there is no need."""
        domain = self.header.domain
        ratio = neat(sympy.cancel(temptation / stake), domain)
        tempted = sign(temptation, domain.constraints, domain.integers, QUICK).sign
        return ratio if tempted in "+0" else sympy.Max(0, ratio)

    def _completed(self, solution: Solution) -> Solution:
        """The solution at a point with the equilibria that have no closed form."""
        names = self.header.domain.names
        numbers = self.substitute({n: v for n, v in solution.values.items() if n in names})
        tally = numbers._tally({})
        found = [
            numbers._pure(Headcount(f"of_{m}", sympy.Integer(m), ())) for m in tally.stable_counts()
        ]
        for i, crossing in enumerate(at_numbers(tally.gains), start=1):
            payoff = tally.means(crossing.chance)[0]
            found.append(numbers._mixed(f"mixed_at_{i}", crossing, payoff))
        new = [b for b in found if not any(_same(b, known) for known in solution.branches)]
        return replace(solution, branches=(*solution.branches, *new))


_STABILITY = {True: "unstable", False: "stable", None: ""}


def _condensed(expression: sympy.Expr) -> sympy.Expr:
    """Powers of powers joined where exponents are symbols: the bases are chances."""
    symbolic = any(power.exp.free_symbols for power in expression.atoms(sympy.Pow))
    return sympy.powdenest(expression, force=True) if symbolic else expression


def _same(one: Branch, other: Branch) -> bool:
    """Whether two branches at a point are one equilibrium of the stage game."""
    if ("each" in one.strategies) is not ("each" in other.strategies):
        return False
    shares = (sympy.N(branch.outcomes["cooperation"], 40) for branch in (one, other))
    return bool(abs(next(shares) - next(shares)) < SAME)


def read(section: Section, header: Header) -> SymmetricGame:
    """The keys `players`, `actions`, `[payoffs]`, `patience`, `[outcomes]`, `[mixed_outcomes]`."""
    if K.name in header.domain.names:
        section.fault(f"parameters.{K.name}", "k counts the others", "choose another name")
    known = read_vocabulary(section, header.domain.names)
    actions = _read_actions(section)
    table = section.table("payoffs")
    payoffs = [known.with_names([K.name]).expression(table, action) for action in actions]
    table.finish()
    patience = known.expression(section, "patience") if "patience" in section else None
    shown = known.with_names(["cooperation", "welfare"])
    outcomes = shown.expressions(section.table("outcomes", required=False))
    mixed = shown.with_names(["chance"]).expressions(section.table("mixed_outcomes", False))
    players = known.expression(section, "players")
    both = (payoffs[0], payoffs[1])
    game = SymmetricGame(header, players, actions, both, patience, outcomes, mixed)
    if not section.faults:
        _check(section, game)
    return game


def _read_actions(section: Section) -> tuple[str, str]:
    actions = section.strings("actions")
    for action in actions:
        problem = name_problem(action)
        if problem:
            section.fault("actions", problem, "choose another name")
    if len(set(actions)) != 2:
        section.fault("actions", "two different actions are needed", 'actions = ["join", "stay"]')
        return "first", "second"
    return actions[0], actions[1]


def _check(section: Section, game: SymmetricGame) -> None:
    domain, n = game.header.domain, game.players
    whole = n.is_Integer or n in domain.integers
    enough = implies(domain.constraints, sympy.Ge(n, 2), domain.integers).verdict
    if not whole or enough is not Verdict.PROVED:
        section.fault(
            "players", "is not an integer that is 2 or more", "name a parameter on integers [2, 50]"
        )
        return
    others = Parameter(K.name, "", "", Interval.parse("integers [0, oo)"), sympy.S.Zero, "")
    extended = domain.extend([others], [sympy.Le(K, n - 1)])
    for action, payoff in zip(game.actions, game.payoffs, strict=True):
        check_defined(section, f"payoffs.{action}", payoff, extended)
    if game.patience is not None:
        check_defined(section, "patience", game.patience, domain)
