"""Games in normal form: finitely many players and actions, a payoff expression for each profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Self

import sympy

from coopgame.cache import remembered
from coopgame.errors import InputError
from coopgame.forms.base import Header, assemble, certify_somewhere, playable, readable, substituted
from coopgame.forms.derivation import Derivation
from coopgame.forms.normal.bimatrix import centres, continua_of
from coopgame.forms.normal.candidates import BORDERS, degenerate, equilibria
from coopgame.forms.normal.derive import argument
from coopgame.forms.normal.idle import among, deciding, restored, restored_component
from coopgame.forms.normal.many import many_mix, notes_on_pairs
from coopgame.forms.normal.mixtures import distinct, expected, flaw, gains, put
from coopgame.forms.normal.numbers import at_numbers, matrices
from coopgame.forms.normal.several import continua_between, few_mix, has_borders
from coopgame.forms.normal.tables import (
    Actions,
    Payoffs,
    Players,
    check_known,
    check_names,
    read_outcomes,
    read_payoffs,
    read_players,
)
from coopgame.forms.paytables import Bimatrix
from coopgame.language.deciding import number
from coopgame.language.printing import symbol, to_text
from coopgame.language.reals import plain
from coopgame.reading.section import Section
from coopgame.solution import Branch, Component, Point, Provenance, Solution, certify

MAX_READABLE = 200  # operations: conditions longer than that are not worth the time
MAX_LETTERS = 12


@playable
@dataclass(frozen=True)
class NormalGame:
    """Players with their actions, and for each profile of actions the payoff of each player.

    `players` keeps its order; `payoffs` maps every profile (one action a player) to one
    expression a player; `named_outcomes` are expressions in the parameters, in `<player>_<action>`
    (the probability) and in `<player>_payoff`.
    """

    header: Header
    players: Players
    payoffs: Payoffs
    named_outcomes: Mapping[str, sympy.Expr]

    @property
    def profiles(self) -> list[Actions]:
        """Every profile of actions, the last player's action changing fastest."""
        return list(product(*self.players.values()))

    def matrix(self, player: str) -> list[list[sympy.Expr]]:
        """The payoffs of one of two players: a row for each action of the first."""
        return matrices(self)[list(self.players).index(player)]

    def bimatrix(self) -> Bimatrix | None:
        """The payoffs of two players as a table; None of more."""
        if len(self.players) != 2:
            return None
        first, second = self.players
        paid: dict[Any, Any] = dict(self.payoffs)
        return Bimatrix((first, second), (self.players[first], self.players[second]), paid)

    @remembered()
    def solve(self, boundaries: bool = False) -> Solution:
        """All equilibria of two players; of more, those in which at most two of them mix.

        Equilibria in which three or more mix are added at a point (`Solution.at`), or here for a
        game of numbers. A two-player game that is degenerate for all parameter values has its
        extreme equilibria listed. With `boundaries`, its continua of equilibria are found too
        (`Solution.boundaries`). Raises InputError where that is asked of more players.
        """
        domain = self.header.domain
        if len(self.players) > 2:
            kept = deciding(self.players)
            if len(kept) < len(self.players):
                few = replace(self, players=kept, payoffs=among(self, kept), named_outcomes={})
                return _restored(self, few.solve(boundaries))
            if boundaries:
                raise InputError("continua are found for two players only", "leave boundaries out")
            return _solve_several(self)
        if not domain.parameters:
            return _solve_numbers(self)
        solution = _solve_symbols(self)
        return _with_boundaries(self, solution) if boundaries else _with_borders(self, solution)

    def boundaries(self) -> tuple[Component, ...]:
        """The continua of equilibria: on which borders of the parameter space, between what.

        Each is certified at a point of its region, with a mixture from inside it.
        """
        return self.solve(boundaries=True).boundaries or ()

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        return substituted(self, values, put)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most any player gains by another action; 1 or more if some mixture is none."""
        at = {symbol(name): value for name, value in point.items()}
        here = {p: tuple(u.xreplace(at) for u in us) for p, us in self.payoffs.items()}
        strategies = equilibrium.strategies
        flaws = [flaw(strategies[player]) for player in self.players]
        every = [*flaws, *gains(replace(self, payoffs=here), strategies)]
        return max(every, key=lambda gain: sympy.N(gain, 60))

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a branch is an equilibrium exactly where its conditions hold."""
        return argument(self, self.header.domain, equilibrium)

    def payoff(self, player: str, strategies: Mapping[str, Mapping[str, sympy.Expr]]) -> sympy.Expr:
        """The expected payoff of a player when all play their mixtures."""
        return expected(self, player, strategies)

    def to_nashpy(self, **values: Any) -> Any:
        """The game at a point as a `nashpy.Game`, in floats; defaults fill what is left out.

        Raises InputError unless there are two players, or for a value outside the domain.
        """
        if len(self.players) != 2:
            problem = f"{len(self.players)} players: Nashpy knows games of two"
            raise InputError(problem, "write the game as a Gambit file instead")
        import nashpy

        fixed = self.substitute(self.header.domain.point(values))
        matrices = map(fixed.matrix, fixed.players)
        return nashpy.Game(*[[[number(u) for u in row] for row in rows] for rows in matrices])

    def describe(self) -> list[tuple[str, str]]:
        """The actions of each player, then the payoffs of each profile."""
        actions = [(player, ", ".join(actions)) for player, actions in self.players.items()]
        payoffs = [(",".join(p), ", ".join(map(to_text, self.payoffs[p]))) for p in self.profiles]
        return [*actions, *payoffs]


def _solve_symbols(game: NormalGame) -> Solution:
    """The branches of two players for all parameter values."""
    domain = game.header.domain
    found = equilibria(game, domain)
    provenance = Provenance(found.method, left_out=found.left_out)
    # With many parameters each condition costs seconds to rewrite, and is long whatever is done.
    many = len(domain.parameters) > MAX_LETTERS and bool(found.seen)
    solution = assemble(game, found.candidates, provenance, written=many)
    seen = [_seen(game, branch, point, many) for branch, point in found.seen]
    partial = sympy.true if found.left_out else sympy.false
    return replace(solution, branches=(*solution.branches, *seen), partial=partial)


def _seen(game: NormalGame, branch: Branch, point: Point, written: bool) -> Branch:
    """A branch known to hold at a point, certified there, with its conditions made readable."""
    certify(game, branch.substitute({symbol(name): value for name, value in point.items()}), point)
    size = sum(condition.count_ops() for condition in branch.conditions)
    return branch if written or size > MAX_READABLE else readable(branch, game.header.domain)[0]


def _with_borders(game: NormalGame, solution: Solution) -> Solution:
    """The solution with where payoffs may tie, if they may anywhere in the domain."""
    if solution.partial == sympy.true:
        return solution
    where = degenerate(game, solution.domain)
    left_out = (*solution.provenance.left_out, *((BORDERS,) if where != sympy.false else ()))
    return replace(
        solution,
        provenance=replace(solution.provenance, left_out=left_out),
        partial=sympy.Or(solution.partial, where),
    )


def _plainly(game: NormalGame) -> NormalGame:
    """Equal numbers written alike: nested roots and logarithms of products slow everything down."""
    return replace(game, payoffs={p: tuple(map(plain, us)) for p, us in game.payoffs.items()})


def _solve_numbers(game: NormalGame) -> Solution:
    """All extreme equilibria of two players in a game of numbers, and the continua they span."""
    game = _plainly(game)
    found = at_numbers(game)
    for branch in found.branches:
        certify(game, branch, {})
    for component in found.components:
        for centre in centres(game, component):
            certify(game, centre, {})
    solution = assemble(game, (), found.provenance)
    partial = sympy.true if found.provenance.left_out else sympy.false
    return replace(solution, branches=found.branches, boundaries=found.components, partial=partial)


def _restored(game: NormalGame, solution: Solution) -> Solution:
    """The solution of a game without its idle players as one of the whole game."""
    continua = solution.boundaries
    return replace(
        solution,
        branches=tuple(restored(game, branch) for branch in solution.branches),
        boundaries=None
        if continua is None
        else tuple(restored_component(game, each) for each in continua),
        game=game,
    )


def _solve_several(game: NormalGame) -> Solution:
    """Three players or more: symbols where at most two mix; the rest at a point."""
    domain = game.header.domain
    if not domain.parameters:
        game = _plainly(game)
    few = few_mix(game, domain)
    candidates = distinct(list(few.branches))
    method = "support enumeration over the field of fractions where at most two players mix"
    if not domain.parameters:
        return _with_more_mixing(game, assemble(game, candidates, Provenance(method)), few.cut)
    at_values = ["equilibria in which three players or more mix"]
    if has_borders(game, domain):
        at_values.append("those in which one player mixes where an equation leaves her indifferent")
    if few.cut:
        at_values.append("continua in which two players mix")
    left_out = tuple(f"{which} are found at given values only" for which in at_values)
    provenance = Provenance(method, left_out=left_out)
    return replace(assemble(game, candidates, provenance), partial=sympy.true)


def _with_more_mixing(
    game: NormalGame, solution: Solution, cut: Sequence[Mapping[str, Actions]]
) -> Solution:
    """The solution of a game of numbers with the equilibria in which three players or more mix."""
    found = many_mix(game)
    for branch in found.branches:
        certify(game, branch, {})
    method = f"{solution.provenance.method}; {found.method}"
    left_out = (*notes_on_pairs(game, cut), *found.left_out)
    provenance = Provenance(method, found.exact, found.notes, left_out)
    branches = tuple(distinct([*solution.branches, *found.branches]))
    continua = continua_between(list(game.players), branches)
    return replace(solution, branches=branches, provenance=provenance, boundaries=continua)


def _with_boundaries(game: NormalGame, solution: Solution) -> Solution:
    components, notes = continua_of(game, game.header.domain)
    for component in components:
        for branch in (*component.extremes, *centres(game, component)):
            certify_somewhere(game, replace(branch, conditions=component.conditions))
    provenance = replace(solution.provenance, notes=(*solution.provenance.notes, *notes))
    return replace(solution, boundaries=tuple(components), provenance=provenance)


def read(section: Section, header: Header) -> NormalGame:
    """A normal-form game from the keys `players`, `payoffs` and `outcomes` of its file.

    Every fault is noted in `section`; what is returned after faults means nothing.
    """
    players = read_players(section.table("players"))
    check_names(section, header.domain, players)
    payoffs = read_payoffs(section.table("payoffs"), header.domain, players)
    outcomes = read_outcomes(section.table("outcomes", required=False), header.domain, players)
    check_known(section, "shown", header.shown, outcomes.keys())
    if header.headline and not header.headline.startswith("mixed") and payoffs:
        known = [",".join(profile) for profile in payoffs]
        check_known(section, "headline", [header.headline], [*known, "mixed"])
    return NormalGame(header, players, payoffs, outcomes)
