"""Two-player games in normal form: their continua in symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled
from coopgame.algebra.simplify import united
from coopgame.forms.base import leaders
from coopgame.forms.normal.borders import Continuum, continua
from coopgame.forms.normal.cells import cells
from coopgame.forms.normal.mixtures import PayoffTable, distinct, make_branch, telling_ties
from coopgame.forms.normal.numbers import matrices
from coopgame.forms.normal.supports import VertexPair
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.questions import feasible
from coopgame.solution import Branch, Component


def continua_of(table: PayoffTable, domain: Domain) -> tuple[list[Component], list[str]]:
    """The continua of equilibria, and notes on what could not be decided."""
    first, second = matrices(table)
    pieces, why = cells([u for matrix in (first, second) for row in matrix for u in row], domain)
    found = []
    notes = [f"{each}: continua that appear there only are left out" for each in why]
    for cell in pieces:
        one, two = ([[cell.inside(u) for u in row] for row in m] for m in (first, second))
        for continuum in continua(one, two, domain.extend(assumptions=cell.conditions)):
            component = _component(table, continuum, cell.conditions, domain)
            if sympy.false in component.conditions:  # told with the tie solved, as x == log(2)
                continue
            found.append(component)
            if not continuum.certain:
                names = ", ".join(branch.name for branch in component.extremes)
                notes.append(f"continuum of {names}: whether it can occur at all is undecided")
    return (_joined(found, domain) if len(pieces) > 1 else found), notes


def _joined(components: Iterable[Component], domain: Domain) -> list[Component]:
    """Components of one shape, found on several pieces of the payoffs, as one wherever any is."""
    alike: dict[object, list[Component]] = {}
    for component in components:
        named = {b.name: _strategies(b) for b in component.extremes}
        subsets = frozenset(frozenset(map(named.get, subset)) for subset in component.subsets)
        alike.setdefault((frozenset(named.values()), subsets), []).append(component)
    return [
        replace(same[0], conditions=atoms(united([sympy.And(*c.conditions) for c in same], domain)))
        if len(same) > 1
        else same[0]
        for same in alike.values()
    ]


def _strategies(branch: Branch) -> tuple[tuple[str, str, sympy.Expr], ...]:
    mixtures = branch.strategies.items()
    return tuple((player, a, share) for player, m in mixtures for a, share in m.items() if share)


def centres(table: PayoffTable, component: Component) -> list[Branch]:
    """A profile from inside each Nash subset of a component: every extreme one weighed alike."""
    named = {branch.name: branch for branch in component.extremes}
    found = []
    for subset in component.subsets:
        members = [named[name].strategies for name in subset]
        strategies = {
            player: {a: sum(m[player][a] for m in members) / len(members) for a in actions}
            for player, actions in table.players.items()
        }
        found.append(make_branch(table, strategies, {}))
    return found


def branch_of(table: PayoffTable, profile: VertexPair) -> Branch:
    """A pair of vertices as a branch, with the conditions of both."""
    pairs = zip(table.players.items(), (profile.row, profile.column), strict=True)
    strategies = {
        player: {actions[i]: vertex.strategy[i] for i in vertex.support}
        for (player, actions), vertex in pairs
    }
    values = (profile.column.value, profile.row.value)
    payoffs = dict(zip(table.players, values, strict=True))
    supports = (profile.row.support, profile.column.support)
    ties = telling_ties(table.players, supports, (profile.column.best, profile.row.best))
    return make_branch(table, strategies, payoffs, profile.conditions, ties)


def _component(
    table: PayoffTable, continuum: Continuum, where: Sequence[Boolean], domain: Domain
) -> Component:
    """The continuum in readable form: its equation solved for a parameter where that is linear.

    `where` says on which piece of the payoffs it was found.
    """
    at = {} if continuum.tie is None else solved_for(continuum.tie, domain)
    branches = [replace(branch_of(table, p), conditions=()) for p in continuum.profiles]
    extremes = distinct([simplified(branch.substitute(at)) for branch in branches])
    stated = equation(continuum.tie, at, domain)
    premises = (*domain.constraints, *stated)
    conditions = [c.subs(at) for c in (*where, *continuum.conditions)]
    reduced = reduce(conditions, premises, domain.integers)
    kept = [_tidied(c, premises, domain) for c in reduced.conditions]
    subsets = tuple(tuple(extremes[i].name for i in subset) for subset in continuum.subsets)
    return Component((*stated, *kept), tuple(extremes), subsets)


def _tidied(condition: Boolean, premises: tuple[Boolean, ...], domain: Domain) -> Boolean:
    """A condition made readable; of alternatives, those that can hold."""
    if not isinstance(condition, sympy.Or):
        return tidy(condition, premises, leaders(domain), domain.integers)
    possible = [
        part
        for part in condition.args
        if feasible([*premises, part], domain.integers).exists is not False
    ]
    return sympy.Or(*(_tidied(part, premises, domain) for part in possible))


def simplified(branch: Branch) -> Branch:
    """The branch with its fractions cancelled, as they are on a border."""
    return branch.told(cancelled)


def solved_for(tie: sympy.Expr, domain: Domain) -> dict[sympy.Symbol, sympy.Expr]:
    """One parameter as the others fix it where `tie` is zero; empty where no one is linear."""
    for variable in _order(tie, domain):
        slope = tie.coeff(variable, 1)
        if tie.is_polynomial(variable) and sympy.degree(tie, variable) == 1 and slope.is_number:
            return {variable: sympy.expand(variable - tie / slope)}
    return {}


def _order(tie: sympy.Expr, domain: Domain) -> Iterable[sympy.Symbol]:
    return [v for v in (*leaders(domain), *domain.symbols) if tie.has(v)]


def equation(
    tie: sympy.Expr | None, at: dict[sympy.Symbol, sympy.Expr], domain: Domain
) -> tuple[Boolean, ...]:
    if tie is None:
        return ()
    if at:
        return tuple(sympy.Eq(variable, value) for variable, value in at.items())
    return (tidy(sympy.Eq(tie, 0), domain.constraints, leaders(domain), domain.integers),)
