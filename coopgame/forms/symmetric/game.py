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
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import K, resolved
from coopgame.algebra.chances import signum
from coopgame.algebra.pieces import opened
from coopgame.algebra.simplify import neat, prune
from coopgame.cache import remembered
from coopgame.errors import InputError
from coopgame.forms.base import Header, assemble, playable, substituted
from coopgame.forms.checking import check_defined
from coopgame.forms.derivation import Derivation
from coopgame.forms.symmetric.branches import SymmetricSetting, counted, may_be_called, mixed
from coopgame.forms.symmetric.crossings import crossings
from coopgame.forms.symmetric.derive import Crowd, argument
from coopgame.forms.symmetric.gains import gains
from coopgame.forms.symmetric.headcounts import Headcount, headcounts, numbers_between
from coopgame.forms.symmetric.leftout import left_out, partly, vanishing
from coopgame.forms.symmetric.point import at_point
from coopgame.forms.symmetric.tally import Tally
from coopgame.forms.vocabulary import read_vocabulary
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import Interval, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import QUICK, Verdict, implies, sign
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution

METHOD = "numbers of co-operators by their gain; mixtures by the roots of its mean"


@playable
@dataclass(frozen=True)
class SymmetricGame:
    """`size` identical players; `payoffs` of the two `actions` in k, the others co-operating.

    `patience` is the weight of the future in the repeated game, None where it is played once.
    `between` are the numbers of co-operators that the game as stated has for any number of
    players: with a number put in for it they keep their names.
    """

    header: Header
    size: sympy.Expr
    actions: tuple[str, str]
    payoffs: tuple[sympy.Expr, sympy.Expr]
    patience: sympy.Expr | None
    named_outcomes: Mapping[str, sympy.Expr]
    mixed_outcomes: Mapping[str, sympy.Expr]
    between: tuple[Headcount, ...] = ()

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """Each of the `size` players, all alike, with the two actions."""
        return {"each": self.actions}

    @remembered()
    def solve(self) -> Solution:
        """Every number of co-operators and every mixture that is an equilibrium.

        Where players and payoffs are numbers that is the whole list, those in which some are sure
        and some mix included; what is left out, there or in symbols, the notes of the solution say.
        """
        if self._is_of_numbers:
            found = at_point(self._setting, self._tally({}), self.between)
            branches = [*found.branches, *self._repeated()]
            provenance = Provenance(METHOD, found.exact, found.notes, found.left_out)
            return assemble(self, branches, provenance)
        shape = gains(self.payoffs, self.size, self.header.domain)
        pure, mixtures = headcounts(shape, self.between), crossings(shape)
        branches = [counted(self._setting, state) for state in pure.found]
        branches += [
            mixed(self._setting, _mixture(c.label), c, shape.mean_payoff(c.chance))
            for c in mixtures.found
        ]
        branches += self._repeated()
        branches = [replace(b, conditions=opened(b.conditions, shape.domain)) for b in branches]
        left, notes = left_out(shape, pure, mixtures), vanishing(shape)
        solution = assemble(self, branches, Provenance(METHOD, notes=notes, left_out=left))
        return replace(solution, partial=partly(shape, left))

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        size = self.size.subs(at)
        named = self.between
        if size.is_Integer and not self.size.is_Integer:
            named = numbers_between(self.payoffs, self.size, self.header.domain)
        return substituted(self, values, between=tuple(state.substitute(at) for state in named))

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most a player gains by another action, by sums over how many others co-operate."""
        at = {symbol(name): value for name, value in point.items()}
        table = self._tally(at)
        if equilibrium.name == self.repeated_name and self.patience is not None:
            return table.repeated_regret(self.patience.subs(at))
        first, second = self.actions
        groups = []
        for key, strategy in equilibrium.strategies.items():
            if key == "count":
                groups += [(strategy[first], sympy.S.One), (strategy[second], sympy.S.Zero)]
            else:
                size = table.players if key == "each" else int(key.split("_")[0])
                groups.append((sympy.sympify(size), strategy[first]))
        return table.regret(groups)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that nobody gains by changing sides where the branch holds."""
        shape = gains(self.payoffs, self.size, self.header.domain)
        crowd = Crowd(self.size, self.actions, self.payoffs, shape, self.patience)
        return argument(crowd, equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """The number of players and the payoff of each action."""
        shown = [(a, to_text(p)) for a, p in zip(self.actions, self.payoffs, strict=True)]
        weight = [] if self.patience is None else [("patience", to_text(self.patience))]
        return [("players", to_text(self.size)), *shown, *weight]

    @property
    def payoff_table(self) -> tuple[tuple[sympy.Expr, ...], tuple[sympy.Expr, ...]]:
        """The payoffs of the first and of the second action for k = 0, ..., n - 1.

        Raises InputError where the number of players is not a number.
        """
        if not self.size.is_Integer:
            raise InputError(f"{self.size} players is not a number", "fix it with --set first")
        rows = Tally(int(self.size), self.payoffs).rows
        return tuple(row[0] for row in rows), tuple(row[1] for row in rows)

    @property
    def repeated_name(self) -> str:
        return f"all_{self.actions[0]}_repeated"

    def _tally(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Tally:
        first, second = (payoff.subs(at) for payoff in self.payoffs)
        return Tally(int(self.size.subs(at)), (first, second))

    @property
    def _is_of_numbers(self) -> bool:
        free = set().union(*(payoff.free_symbols for payoff in self.payoffs))
        return bool(self.size.is_Integer) and free <= {K}

    @property
    def _setting(self) -> SymmetricSetting:
        return SymmetricSetting(
            self.size,
            self.actions,
            self.payoffs,
            self.named_outcomes,
            self.mixed_outcomes,
            self.header.domain,
        )

    def _repeated(self) -> Iterator[Branch]:
        if self.patience is None:
            return
        premises, domain = self.header.domain.constraints, self.header.domain
        places = (
            (1, self.size - 1),
            (0, self.size - 1),
            (1, sympy.S.Zero),
            (0, sympy.S.Zero),
        )
        tempted, rewarded, punished, alone = (
            resolved(self.payoffs[i].subs(K, k), premises, domain) for i, k in places
        )
        stake, temptation = tempted - punished, tempted - rewarded
        grim = sympy.Ge(sympy.expand(self.patience * stake - temptation), 0)
        credible, needless = sympy.Le(alone - punished, 0), sympy.Le(temptation, 0)
        whole = domain.integers
        if implies([*premises, needless], grim, whole, QUICK).proved:
            held: tuple[Boolean, ...] = (grim, prune([credible, needless], [grim], domain))
        else:
            held = (prune([sympy.And(grim, credible), needless], [], domain),)
        state = Headcount("all", self.size, held)
        branch = counted(self._setting, state, self.repeated_name)
        critical = {"critical_patience": self._critical_patience(temptation, stake)}
        yield replace(
            branch,
            concept="subgame-perfect equilibrium of the repeated game",
            outcomes={**branch.outcomes, **critical},
            note=f"whoever defects is answered by {self.actions[1]} of all, for ever",
        )

    def _critical_patience(self, temptation: sympy.Expr, stake: sympy.Expr) -> sympy.Expr:
        """The least weight of the future under which nobody defects; zero if there is no need.

        Where somebody is tempted the branch holds only with something at stake.
        """
        domain = self.header.domain
        if not temptation.free_symbols:
            is_tempted = may_be = signum(temptation) > 0
        else:
            known = sign(temptation, domain.constraints, domain.integers, QUICK)
            is_tempted, may_be = known.sign == "+" and known.strict, known.sign not in "-0"
        if not may_be or stake == 0:
            return sympy.S.Zero
        ratio = neat(sympy.cancel(temptation / stake), domain)
        if is_tempted:
            return ratio
        staked = sign(stake, domain.constraints, domain.integers, QUICK)
        if staked.sign == "+" and staked.strict:
            return ratio if known.sign == "+" else sympy.Max(0, ratio)
        return sympy.Piecewise((ratio, sympy.Gt(temptation, 0)), (0, True))


def _mixture(label: str) -> str:
    return f"mixed_{label}" if label else "mixed"


def read(section: Section, header: Header) -> SymmetricGame:
    """The keys `players`, `actions`, `[payoffs]`, `patience`, `[outcomes]`, `[mixed_outcomes]`."""
    if K.name in header.domain.names:
        section.fault(f"parameters.{K.name}", "k counts the others", "choose another name")
    known = read_vocabulary(section, header.domain.names)
    actions = _read_actions(section)
    table = section.table("payoffs")
    # Where the actions are faulty, payoffs are read as they are called: one fault, not many.
    called = actions or list(table)
    payoffs = [known.with_names([K.name]).expression(table, action) for action in called]
    table.finish()
    patience = known.expression(section, "patience") if "patience" in section else None
    shown = known.with_names(["cooperation", "welfare"])
    outcomes = shown.expressions(section.table("outcomes", required=False))
    mixed = shown.with_names(["chance"]).expressions(section.table("mixed_outcomes", False))
    players = known.expression(section, "players")
    first, second, *_ = (*payoffs, sympy.S.Zero, sympy.S.Zero)
    game = SymmetricGame(
        header, players, actions or ("", ""), (first, second), patience, outcomes, mixed
    )
    if not section.faults:
        _check(section, game)
    return game


def _read_actions(section: Section) -> tuple[str, str] | None:
    known = len(section.faults)
    actions = section.strings("actions")
    if len(section.faults) > known:
        return None
    for action in actions:
        problem = name_problem(action)
        if problem:
            section.fault("actions", problem, "choose another name")
    if len(set(actions)) != 2:
        section.fault("actions", "two different actions are needed", 'actions = ["join", "stay"]')
        return None
    return actions[0], actions[1]


def _check(section: Section, game: SymmetricGame) -> None:
    domain, n = game.header.domain, game.size
    whole = n.is_Integer or n in domain.integers
    enough = implies(domain.constraints, sympy.Ge(n, 2), domain.integers).verdict
    if not whole or enough is not Verdict.PROVED:
        section.fault(
            "players", "is not an integer that is 2 or more", "name a parameter on integers [2, 50]"
        )
        return
    _check_headline(section, game)
    others = Parameter(K.name, "", "", Interval.parse("integers [0, oo)"), sympy.S.Zero, "")
    extended = domain.extend([others], [sympy.Le(K, n - 1)])
    for action, payoff in zip(game.actions, game.payoffs, strict=True):
        check_defined(section, f"payoffs.{action}", payoff, extended)
    if game.patience is not None:
        check_defined(section, "patience", game.patience, domain)


def _check_headline(section: Section, game: SymmetricGame) -> None:
    """Note a fault where the headline is the name of no branch that the game can have."""
    name, domain, (first, second) = game.header.headline, game.header.domain, game.actions
    most = game.size if game.size.is_Integer else domain[str(game.size)].interval.upper
    repeated = [] if game.patience is None else [game.repeated_name]
    if not name or name in repeated or may_be_called(name, game.actions, most):
        return
    ends = [f"all_{first}", f"all_{second}", *repeated, f"one_{first}", f"2_{first}"]
    listed = ", ".join([*ends, "mixed", "mixed_stable", "mixed_unstable", f"1_{second}_2_mix"])
    problem = f"{name!r} is no equilibrium that this game can have"
    section.fault("headline", problem, f"equilibria: {listed}, and so on for other numbers")
