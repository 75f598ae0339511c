"""A game's argument as a lecturer gives it: the game, the derivation, thresholds and signs.

The form derives the equilibrium from its solver's steps; what stands here is the same for all
forms: what the parameters mean, where the equilibrium begins and ends, and which way things move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.cache import remembered
from coopgame.comparative.rows import EXISTS, SignRow
from coopgame.comparative.signs import statics
from coopgame.comparative.ties import slope_of
from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game, Header, leaders
from coopgame.forms.derivation import (
    ArgumentTable,
    Derivation,
    Line,
    Role,
    Step,
    at_least,
    at_most,
    equal,
    positive,
)
from coopgame.language.comparisons import gap
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.language.showing import shown
from coopgame.proofs.questions import QUICK, Sign, Verdict, sign
from coopgame.solution import Branch, Critical, Implicit, Solution

LONG = 60
MOST = 24
MOVES = (
    "Which way each outcome moves as one parameter rises, wherever this equilibrium exists, is "
    "proved and not sampled; derivatives that are short enough to print say why:"
)
MARKS = {"+": "rises", "-": "falls", "0": "stays", "?": "either way"}
RELATIONS = {
    ("+", True): sympy.Gt,
    ("+", False): sympy.Ge,
    ("-", True): sympy.Lt,
    ("-", False): sympy.Le,
}


@shown
@dataclass(frozen=True, repr=False)
class Lecture:
    """A game's solution, and the whole argument for one of its equilibria."""

    solution: Solution
    branch: Branch
    derivation: Derivation

    @property
    def header(self) -> Header:
        """What the game says of itself."""
        return cast(Game, self.solution.game).header

    def __repr__(self) -> str:
        return f"<Lecture on {self.branch.name} of {self.solution.name}>"


@remembered()
def lecture(game: Game, branch: str | None = None, signs: bool = True) -> Lecture:
    """The whole argument for one equilibrium of a game, by default the headline.

    Without `signs` it is quick. Raises InputError for a branch that the game does not have.
    """
    solution = game.solve()
    chosen = _chosen(solution, branch)
    derived = game.derivation(chosen)
    steps = [_opening(game), *derived.steps, *_thresholds(solution, chosen)]
    if signs and ability(game, "equal") is None:  # what has a chain has no signs of its own
        steps += _signs(game, solution, chosen)
    return Lecture(solution, chosen, replace(derived, steps=tuple(steps)))


def _chosen(solution: Solution, name: str | None) -> Branch:
    """The branch of that name; else the headline, or the first where that is none or many."""
    if name is not None:
        return solution[name]
    if not solution.branches:
        raise InputError(f"{solution.name} has no equilibrium to explain", "see coopgame solve")
    known = {branch.name for branch in solution.branches}
    return solution[solution.headline if solution.headline in known else solution.branches[0].name]


# --- the game ----------------------------------------------------------------------------------


def _opening(game: Game) -> Step:
    header = game.header
    parameters = header.domain.parameters
    rows = tuple((p.symbol, p.meaning, p.unit, p.interval.told(p.name)) for p in parameters)
    grids = (ArgumentTable(("symbol", "meaning", "unit", "values"), rows),) if rows else ()
    assumed = tuple(Line(a, "assumed") for a in header.domain.assumptions)
    return Step("The game", first_sentences(header.info.description), assumed, grids=grids)


def first_sentences(text: str, most: int = 300) -> str:
    """The first sentences of a description, as many as fit, on one line.

    >>> first_sentences("Two firms meet. They may trust each other.", most=20)
    'Two firms meet.'
    """
    words = " ".join(text.split("\n\n")[0].split())
    if len(words) <= most:
        return words
    ends = [i + 1 for i in range(len(words)) if words[i] in ".!?" and words[i + 1 : i + 2] == " "]
    within = [end for end in ends if end <= most]
    return words[: within[-1] if within else ends[0] if ends else len(words)]


# --- thresholds --------------------------------------------------------------------------------


def _thresholds(solution: Solution, branch: Branch) -> Iterator[Step]:
    """Where the branch begins and ends, in the discount factor and hazards or in all parameters."""
    told = {critical.parameter for critical in solution.criticals if not _is_short(critical)}
    asked = [p for p in _leading(solution.domain) if p.name not in told]
    lines = [line for p in asked for line in _bounds(solution, branch, p)]
    remarks = []
    for critical in solution.criticals:
        if _is_short(critical):
            lines.append(_critical(critical))
        else:
            what = f"{critical.name} in {critical.parameter}: {critical.meaning}"
            remarks.append(f"{what} (in closed form; coopgame solve prints it)")
    if lines or remarks:
        text = "Solved for one parameter at a time, this is where the equilibrium begins or ends:"
        if not lines:
            text = "What collapses and returns has a critical value in each of these parameters:"
        yield Step("The thresholds", text, tuple(lines), Role.THRESHOLD, tuple(remarks))


def _leading(domain: Domain) -> tuple[Parameter, ...]:
    named = {lead.name for lead in leaders(domain)}
    return tuple(p for p in domain.parameters if p.name in named) or domain.parameters


def _bounds(solution: Solution, branch: Branch, parameter: Parameter) -> Iterator[Line]:
    """The bounds that the branch's conditions put on a parameter, where they have a closed form."""
    try:
        lower, upper = solution.bounds(parameter.name, branch.name)
    except InputError:
        return
    if lower is not None and lower.count_ops() <= LONG:
        yield Line(at_least(parameter.symbol, lower), parameter.meaning)
    if upper is not None and upper.count_ops() <= LONG:
        yield Line(at_most(parameter.symbol, upper), parameter.meaning)


def _is_short(critical: Critical) -> bool:
    value = critical.expression
    return bool(value.count_ops() <= LONG and not value.has(sympy.Piecewise))


def _critical(critical: Critical) -> Line:
    name = symbol(f"{critical.name}_{critical.parameter}")
    return Line(equal(name, critical.expression), critical.meaning)


# --- signs -------------------------------------------------------------------------------------


def _signs(game: Game, solution: Solution, branch: Branch) -> Iterator[Step]:
    """The proved signs of the shown outcomes on the branch and of its region, with reasons."""
    outcomes = [name for name in game.header.shown if name in branch.outcomes]
    by_region = branch.conditions and not solution.extrema
    wanted = [*outcomes, EXISTS] if by_region else outcomes
    if not wanted or not solution.domain.parameters:
        return
    found = statics(game, wanted, (branch.name,)).rows
    rows = [row for row in found if row.branch == branch.name]
    lines: dict[Boolean, Line] = {}
    for row in rows:
        for line in _reasons(solution.domain, branch, row):
            lines.setdefault(line.statement, line)
    remarks = [*_footnotes(branch, rows), *_ambiguous(rows)]
    grid, kept = _sign_grid(rows), tuple(lines.values())[:MOST]
    if not grid.rows:
        text = f"No parameter moves {' or '.join(outcomes)} here: that is proved, and not sampled."
        yield Step("The signs", text, (), Role.SIGN)
        return
    yield Step("The signs", MOVES, kept, Role.SIGN, tuple(remarks), (grid,))


def _footnotes(branch: Branch, rows: Sequence[SignRow]) -> Iterator[str]:
    """What the reasons speak of."""
    if any(row.outcome == EXISTS for row in rows):
        yield "gap: by how much the larger side of a condition exceeds the smaller one"
    tied = [row.outcome for row in rows if row.outcome in branch.implicit]
    if tied:
        variable = branch.implicit[tied[0]].variable
        yield (
            f"F, and {variable} in its derivatives, is taken at its root: where F rises there, as "
            "at the level, the root moves against what raises F; where F falls, with it"
        )


def _sign_grid(rows: Sequence[SignRow]) -> ArgumentTable:
    """One row a parameter, one column an outcome; parameters that move nothing are left out."""
    outcomes = list(dict.fromkeys(row.outcome for row in rows))
    table: dict[str, dict[str, str]] = {}
    for row in rows:
        table.setdefault(row.parameter, {})[row.outcome] = _mark(row)
    told = tuple(
        (symbol(name), *(marks.get(outcome, "") for outcome in outcomes))
        for name, marks in table.items()
        if set(marks.values()) != {"stays"}
    )
    return ArgumentTable(
        ("as it rises", *("its region" if o == EXISTS else o for o in outcomes)), told
    )


def _mark(row: SignRow) -> str:
    if row.verdict in (Verdict.UNDECIDED, Verdict.EMPTY):
        return row.verdict.value
    if row.outcome == EXISTS and row.sign in "+-":
        return "grows" if row.sign == "+" else "shrinks"
    return MARKS[row.sign]


def _ambiguous(rows: Sequence[SignRow]) -> Iterator[str]:
    """A point for each direction of an outcome's ambiguous sign."""
    for row in rows:
        if row.verdict is Verdict.REFUTED and row.outcome != EXISTS:
            points = zip(("rises", "falls"), row.witnesses, strict=False)
            told = "; ".join(f"{way} at {_point(witness)}" for way, witness in points)
            yield f"{row.outcome} in {row.parameter}: {told}"


def _point(witness: Mapping[str, sympy.Rational]) -> str:
    """The values of a witness; the many that are nought are only counted."""
    told = [f"{name} = {to_text(value)}" for name, value in sorted(witness.items()) if value != 0]
    nought = len(witness) - len(told)
    return ", ".join([*told, "all others 0"] if nought else told)


def _reasons(domain: Domain, branch: Branch, row: SignRow) -> Iterator[Line]:
    """The derivatives behind a sign, where they are short and their own sign is proved."""
    if row.sign not in "+-" or domain[row.parameter].interval.integer:
        return
    if row.outcome == EXISTS:
        yield from _region_reasons(domain, branch, row.parameter)
        return
    tie = branch.implicit.get(row.outcome)
    if tie is None:
        change = slope_of(branch.outcomes[row.outcome], None, domain[row.parameter])
        found = Sign(row.sign, row.strict, row.verdict)
        if change is not None:
            yield from _line(domain, change, found, f"d({row.outcome})/d({row.parameter})")
    else:
        yield from _implicit_reason(domain, branch, tie, row)


def _region_reasons(domain: Domain, branch: Branch, parameter: str) -> Iterator[Line]:
    """How a parameter moves the gap between the sides of each condition that it enters."""
    premises = [*domain.constraints, *branch.conditions]
    for number, condition in enumerate(branch.conditions, start=1):
        if isinstance(condition, Relational) and condition.has(symbol(parameter)):
            change = slope_of(gap(condition), None, domain[parameter])
            if change is None:  # a floor or the like has no derivative to tell
                continue
            found = sign(change, premises, domain.integers, QUICK)
            which = f" {number}" if len(branch.conditions) > 1 else ""
            yield from _line(domain, change, found, f"d(gap{which})/d({parameter})")


def _implicit_reason(domain: Domain, branch: Branch, tie: Implicit, row: SignRow) -> Iterator[Line]:
    """F rises at the root, so that the root moves against what raises F."""
    change = slope_of(tie.equation, None, domain[row.parameter])
    if change is None:
        return
    premises = [*domain.constraints, *branch.conditions, *tie.conditions, sympy.Eq(tie.equation, 0)]
    found = sign(change, premises, domain.integers, QUICK)
    yield from _line(domain, change, found, f"dF/d({row.parameter})")


def _line(domain: Domain, change: sympy.Expr, found: Sign, about: str) -> Iterator[Line]:
    relation = RELATIONS.get((found.sign, found.strict))
    if relation is None or found.verdict is not Verdict.PROVED:
        return
    shown = positive(change, domain) if change.count_ops() <= LONG else change
    if shown.count_ops() <= LONG and not shown.has(sympy.Piecewise):
        yield Line(relation(shown, 0, evaluate=False), about)
