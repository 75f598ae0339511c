"""What every form of game shares: the protocol it meets, and how candidates become a solution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, Protocol, Self, TypeVar

import sympy

from coopgame.algebra.alternatives import plainer
from coopgame.algebra.pieces import narrowed, without_dead_pieces
from coopgame.clock import is_late
from coopgame.errors import InputError, fitting
from coopgame.forms.derivation import Derivation
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import symbol
from coopgame.language.putting import put_in
from coopgame.language.showing import Elsewhere, shown
from coopgame.proofs.conditions import as_equality, reduce, tidy
from coopgame.proofs.questions import Existence, feasible, holds
from coopgame.reading.info import Info
from coopgame.reading.section import Expected
from coopgame.solution import Branch, Critical, Extremum, Point, Provenance, Solution, certify


@dataclass(frozen=True)
class Header:
    """What the file of any game states before its form's own keys.

    `headline` names the branch that thresholds speak of; `shown` the outcomes worth a table.
    `text` is the file that states the game, empty where the game is not as any file states it.
    """

    info: Info
    domain: Domain
    headline: str
    shown: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()
    text: str = field(default="", repr=False, compare=False)

    def fixed(self, values: Point) -> Header:
        """The header of the game with values put for some of its parameters."""
        return replace(self, domain=self.domain.substitute(values), text="")


class Game(Protocol):
    """A game of any form: it solves itself in symbols and certifies answers from its primitives."""

    @property
    def header(self) -> Header: ...

    @property
    def players(self) -> Mapping[str, tuple[str, ...]]:
        """Who gets a payoff, with their actions; none are listed of who chooses a number."""

    def solve(self) -> Solution:
        """Every equilibrium with the exact conditions under which it is one."""

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most any player could gain by deviating at a point, from the primitives alone."""

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument, step by step, that a branch holds exactly where its conditions do."""

    def describe(self) -> list[tuple[str, str]]:
        """What `show` prints of the form's own content: label and text."""


FACE = "coopgame"
# The commands of one game, which are methods of it too.
VERBS = ("at", "check", "exercise", "explain", "explore", "export", "plot", "prove", "select",
         "sensitivity", "statics", "table", "to_toml")  # fmt: skip
Form = TypeVar("Form", bound=type[Any])
Played = TypeVar("Played", bound=Game)


def playable(cls: Form) -> Form:
    """Give a form's class what games of every form have: the commands as methods, and a face.

    `game.table(...)` is `coopgame.table(game, ...)`, and so for each of `VERBS`. `parameters` maps
    names to parameters, `outcomes` are the names of what equilibria tell. Games that are equal have
    one hash, though their tables are mappings.
    """
    for verb in VERBS:
        setattr(cls, verb, Elsewhere(FACE, verb))
    found: Any = shown(cls)
    found.solve = fitting(found.solve)
    found.parameters, found.outcomes = property(_parameters), property(_outcomes)
    found.__hash__, found.__repr__ = _hash, _repr
    return cls


def _parameters(game: Game) -> dict[str, Parameter]:
    """The free parameters by name."""
    return {parameter.name: parameter for parameter in game.header.domain.parameters}


def _outcomes(game: Game) -> tuple[str, ...]:
    """The names of what some equilibrium tells; `payoff_PLAYER` may be asked for beside them."""
    solution = game.solve()
    return tuple(dict.fromkeys(name for b in solution.branches for name in b.outcomes))


def _hash(game: Game) -> int:
    return hash((game.header.info, game.header.domain))


def _repr(game: Game) -> str:
    return f"<{type(game).__name__} {game.header.info.name}>"


def substituted(
    game: Played, values: Point, put: Callable[[Any, Any], Any] | None = None, **own: Any
) -> Played:
    """A game with values put for parameters in all that it is made of, whatever its form.

    `own` are the fields that a form sees to itself.
    """
    at = {symbol(name): value for name, value in values.items()}
    ways = () if put is None else (put,)
    given = {"header": game.header.fixed(values), **own}
    stated = {f.name: getattr(game, f.name) for f in fields(game) if f.name not in given}  # type: ignore[arg-type]
    return replace(game, **given, **put_in(stated, at, *ways))  # type: ignore[type-var]


def leaders(domain: Domain) -> tuple[sympy.Symbol, ...]:
    """The symbols in which conditions are best read: discount factor, then hazard."""
    return tuple(p.symbol for role in ("discount", "hazard") for p in domain.by_role(role))


@dataclass(frozen=True)
class Candidate:
    """A branch that may hold, its outcomes worked out only where its conditions can be met.

    Where they are not, an outcome need not exist: a root that is not real, a logarithm of 0.
    """

    name: str
    conditions: tuple[sympy.Basic, ...]
    complete: Callable[[], Branch]


def assemble(
    game: Game,
    candidates: Iterable[Branch | Candidate],
    provenance: Provenance,
    extrema: Mapping[str, Extremum] | None = None,
    criticals: Iterable[Critical] = (),
    written: bool = False,
) -> Solution:
    """The solution made of the candidates that can hold somewhere in the domain.

    Impossible candidates are dropped by proof; conditions are cleared and made irredundant by
    proof, but where the form says they are `written` as they should be read; and each branch is
    certified at a point of its region by the game's own regret. Candidates for which time runs out
    are counted, and the answer says so.
    """
    domain = game.header.domain
    if not domain.parameters:
        return _at_numbers(game, candidates, provenance)
    branches, notes, late = [], list(provenance.notes), 0
    for candidate in candidates:
        if is_late():
            late += 1
            continue
        found = _feasible(candidate.conditions, domain)
        if found.exists is False:
            continue
        whole = _completed(candidate)
        branch, unsettled = (whole, 0) if written else readable(whole, domain)
        conditions = without_dead_pieces(branch.conditions, domain)
        branch = replace(branch, conditions=plainer(conditions, domain, leaders(domain)))
        if sympy.false in branch.conditions:
            continue
        if found.exists is None:
            notes.append(f"{branch.name}: whether it can occur at all is undecided")
        branch = branch.told(partial(narrowed, where=branch.conditions, domain=domain))
        if unsettled:
            notes.append(f"{branch.name}: {unsettled} conditions may be redundant")
        certify_somewhere(game, branch, found)
        branches.append(branch)
    return Solution(
        info=game.header.info,
        domain=domain,
        branches=tuple(branches),
        headline=game.header.headline,
        provenance=_with_late(replace(provenance, notes=tuple(notes)), late),
        extrema=extrema or {},
        criticals=tuple(criticals),
        game=game,
    )


def _feasible(conditions: Sequence[sympy.Basic], domain: Domain) -> Existence:
    """Whether a branch can occur; what nobody can decide may be seen at the defaults."""
    goals = [*domain.constraints, *conditions]
    found = feasible(goals, domain.integers)
    usual = {p.symbol: p.default for p in domain.parameters}
    if found.exists is None and all(holds(goal, usual) for goal in goals):
        return Existence(True, usual)
    return found


def _with_late(provenance: Provenance, late: int) -> Provenance:
    """What is said where time ran out before all candidates were looked at."""
    if not late:
        return provenance
    note = f"{late} candidates were not looked at before time ran out (--time-limit allows more)"
    return replace(provenance, left_out=(note, *provenance.left_out), late=late)


def _completed(candidate: Branch | Candidate) -> Branch:
    return candidate.complete() if isinstance(candidate, Candidate) else candidate


def _at_numbers(
    game: Game, candidates: Iterable[Branch | Candidate], provenance: Provenance
) -> Solution:
    """The solution of a game of numbers: every condition is decided exactly, none is left."""
    found = [_completed(one) for one in candidates if all(map(decide, one.conditions))]
    branches = [replace(b, conditions=(), implicit={}, complement=()) for b in found]
    for branch in branches:
        certify(game, branch, {})
    return Solution(
        info=game.header.info,
        domain=game.header.domain,
        branches=tuple(branches),
        headline=game.header.headline,
        provenance=provenance,
        game=game,
    )


def readable(branch: Branch, domain: Domain) -> tuple[Branch, int]:
    """The branch with its conditions reduced and tidied, and how many were left unsettled."""
    reduced = reduce(branch.conditions, domain.constraints, domain.integers)
    tidied = tuple(
        tidy(c, domain.constraints, leaders(domain), domain.integers) for c in reduced.conditions
    )
    told = tuple(c for c in dict.fromkeys(tidied) if c != sympy.true)
    # Cleared of its factors a bound may be seen to meet the end of an interval.
    told = tuple(
        as_equality(c, [*domain.constraints, c], domain.integers)
        if c not in reduced.conditions and len(c.free_symbols) == 1
        else c
        for c in told
    )
    return replace(branch, conditions=told), reduced.unsettled


def certify_somewhere(game: Game, branch: Branch, found: Existence | None = None) -> None:
    """Certify a branch at a point that shows it feasible, where that is a full rational point."""
    domain = game.header.domain
    found = found or feasible([*domain.constraints, *branch.conditions], domain.integers)
    if not found.witness:
        return
    chosen = {s.name: value for s, value in found.witness.items() if s in domain.symbols}
    try:
        point = domain.point(chosen)
    except InputError:
        return
    at = {p.symbol: point[p.name] for p in domain.parameters}
    certify(game, branch.substitute(at), point)
