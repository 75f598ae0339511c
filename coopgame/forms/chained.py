"""A game under a chain of regimes, where its form rests on the weight of the future alone.

What such a game says under a constant hazard it says under the chain, with the constant hazard
that the chain amounts to in place of its own (`coopgame.rules.regimes`). So it is solved once, with
its hazard, and that expression is put into the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import sympy
from sympy import bottom_up

from coopgame.errors import InputError
from coopgame.forms.base import Game, Header, assemble, playable
from coopgame.forms.derivation import Derivation, Line, Role, Step
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put, put_in
from coopgame.rules.macro import MacroRules
from coopgame.rules.regimes import hazard_at_start, hazard_kept
from coopgame.solution import Branch, Point, Provenance, Solution

AMOUNTS = "with it the future weighs in the first regime what it does under the chain"


@playable
@dataclass(frozen=True)
class ChainedGame:
    """A game whose hazard `letter` is `equal`, an expression in the parameters of a chain.

    `plain` is the game with a constant hazard, `chain` the name of the rules.
    """

    header: Header
    plain: Game
    letter: sympy.Symbol
    equal: sympy.Expr
    chain: str

    @property
    def players(self) -> Mapping[str, tuple[str, ...]]:
        """The players under a constant hazard."""
        return self.plain.players

    def solve(self) -> Solution:
        """The branches under a constant hazard, with what the chain amounts to in its place."""
        if self.equal.is_number:
            found = self.plain.substitute({self.letter.name: self.equal}).solve()
            return replace(found, provenance=self._told(found.provenance), game=self)
        found, at = self.plain.solve(), {self.letter: self.equal}
        moved = self.equal.free_symbols | {self.letter}
        kept = (c for c in found.criticals if symbol(c.parameter) not in moved)
        return assemble(
            self,
            [branch.substitute(at) for branch in found.branches],
            self._told(found.provenance),
            {name: put_in(each, at) for name, each in found.extrema.items()},
            [put_in(each, at) for each in kept],
            written=True,
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> ChainedGame:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        names = self.plain.header.domain.names
        own = {name: value for name, value in values.items() if name in names}
        return replace(
            self,
            header=self.header.fixed(values),
            plain=self.plain.substitute(own),
            equal=sympy.sympify(put(self.equal, at)),
        )

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The regret of the game under the constant hazard that the chain amounts to there."""
        at = {symbol(name): value for name, value in point.items()}
        names = self.plain.header.domain.names
        own = {name: value for name, value in point.items() if name in names}
        return self.plain.regret(equilibrium, {**own, self.letter.name: put(self.equal, at)})

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument under a constant hazard, and before it what the chain amounts to."""
        found = self.plain.derivation(self.plain.solve()[equilibrium.name])
        line = Line(sympy.Eq(self.letter, self.equal, evaluate=False))
        first = Step("The chain as one hazard", f"{AMOUNTS}.", (line,), Role.GIVEN)
        return replace(found, steps=(first, *found.steps))

    def describe(self) -> list[tuple[str, str]]:
        """The game under a constant hazard, and what that is."""
        return [*self.plain.describe(), (f"hazard {self.letter}", to_text(self.equal))]

    def _told(self, provenance: Provenance) -> Provenance:
        """What is said below an answer: the constant hazard, as a number where it is one."""
        defaults = {p.symbol: p.default for p in self.header.domain.parameters}
        number = to_text(sympy.Float(put(self.equal, defaults), 4))
        where = " at the defaults" if defaults else ""
        note = f"{self.chain} amounts to a constant hazard of {number}{where}: {AMOUNTS}"
        return replace(provenance, notes=(*provenance.notes, note))


def chained(game: Game, rules: MacroRules) -> ChainedGame:
    """A game under a chain of regimes, which takes the place of its hazard.

    What must enforce itself is kept in the first regime and in those in which it enforces itself
    too; a choice made once, at the start, counts on all regimes. Raises InputError where the game
    has no hazard that lowers the weight of a next period and does nothing else.
    """
    name = game.header.info.name
    game = getattr(game, "at_constant_stakes", game)
    weight = getattr(game, "patience", None)
    if weight is None:
        told = f"{name} has no weight of a next period that {rules.info.name} could change"
        raise InputError(told, _NO_WEIGHT)
    for regime in rules.chain:
        if regime.changes:
            told = f"{rules.info.name} changes {', '.join(regime.changes)} in {regime.name}"
            raise InputError(told, "only the stage game of a repeated game can take that")
    hazard = _hazard_of(game, weight)
    before = sympy.factor(weight.subs(hazard, 0))
    at_start = getattr(game, "decides_at_start", False)
    equal = (hazard_at_start if at_start else hazard_kept)(rules.chain, before)
    header = replace(
        game.header, domain=_joined(game, hazard, equal, rules.domain), expected=(), text=""
    )
    return ChainedGame(header, game, hazard, equal, rules.info.name)


def _hazard_of(game: Game, weight: sympy.Expr) -> sympy.Symbol:
    """The hazard of a game, once it is sure that it does nothing but lower the weight."""
    domain, name = game.header.domain, game.header.info.name
    fitting = domain.by_role("hazard")
    if len(fitting) != 1:
        found = ", ".join(p.name for p in fitting) or "none"
        told = f"a chain takes the place of the one hazard of a game, and {name} has {found}"
        raise InputError(told, 'give one parameter the role = "hazard"')
    hazard = fitting[0].symbol
    before = weight.subs(hazard, 0)
    if sympy.cancel(weight - before * (1 - hazard)) != 0:
        told = f"the weight of a next period is {to_text(weight)}"
        raise InputError(told, f"a chain needs a factor times 1 - {hazard}")
    for expression in _expressions(game):
        if _has_more(expression, hazard, weight, domain):
            told = f"{name} has {hazard} in {to_text(expression)}, not only in the weight"
            raise InputError(told, "a chain cannot take its place there")
    return hazard


def _has_more(
    expression: sympy.Basic, hazard: sympy.Symbol, weight: sympy.Expr, domain: Domain
) -> bool:
    """Whether an expression depends on the hazard other than through the weight."""
    left = expression.subs(weight, sympy.Dummy("D"))
    if hazard not in left.free_symbols:
        return False
    # Written otherwise, as delta - delta*h: with the discount factor that gives the weight D, h
    # has to cancel.
    for parameter in domain.by_role("discount"):
        if parameter.symbol in weight.free_symbols:
            D = sympy.Dummy("D")
            factor = sympy.cancel(weight / parameter.symbol)
            if parameter.symbol not in factor.free_symbols:
                given = expression.subs(parameter.symbol, D / factor)
                return hazard in bottom_up(given, sympy.cancel).free_symbols
    return True


def _expressions(part: Any) -> Iterator[sympy.Basic]:
    """Every expression that a game is made of."""
    if isinstance(part, sympy.Basic):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _expressions(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from _expressions(value)
    elif is_dataclass(part) and not isinstance(part, Header | type):
        for each in fields(part):
            yield from _expressions(getattr(part, each.name))


def _joined(game: Game, hazard: sympy.Symbol, equal: sympy.Expr, added: Domain) -> Domain:
    """The game's domain without its hazard, and with the parameters of the chain."""
    domain = game.header.domain
    kept = tuple(p for p in domain.parameters if p.symbol != hazard)
    taken = {str(s) for each in _expressions(game) for s in each.free_symbols} | set(domain.names)
    clash = sorted((taken - {hazard.name}) & set(added.names))
    if clash:
        raise InputError(
            f"both the game and the rules name a parameter {', '.join(clash)}",
            "rename it in one of the files",
        )
    interval = domain[hazard.name].interval
    if equal.is_number and equal not in interval:
        told = f"the chain amounts to a hazard of {to_text(equal)}, outside {interval}"
        raise InputError(told, f"{hazard} of {game.header.info.name} has to lie inside")
    # A chain always amounts to a hazard from 0 to 1: only narrower limits say something.
    narrower = [c for c in interval.conditions(equal) if not _is_known(c, equal)]
    at = {hazard: equal}
    stated = [each.subs(at) for each in domain.assumptions]
    assumptions = tuple(each for each in (*stated, *narrower) if each != True)  # noqa: E712
    return Domain(kept, assumptions).extend(added.parameters, added.assumptions)


def _is_known(condition: sympy.Basic, equal: sympy.Expr) -> bool:
    return condition in (equal >= 0, equal <= 1, equal < 1)


_NO_WEIGHT = 'a chain needs a "discount" (repeated, level, tie) or a "patience" (other forms)'
