"""Statements about a game in symbols, decided by proof.

A statement takes one of three shapes:

- `always CONDITION if PREMISE`: the condition holds wherever the premise does, over the whole
  domain (`if ...` may be left out); a premise that no point satisfies proves nothing. `CONDITION
  iff CONDITION` says that the two hold at the same points;
- `somewhere CONDITION`: some point of the domain satisfies it;
- `OUTCOME rises|falls|stays in PARAMETER [strictly] [on BRANCH]`: a sign; `on critical NAME` where
  the outcome is the critical value of the parameter NAME.

Names in a condition are the game's parameters, `holds_BRANCH` (where a branch is an equilibrium),
`OUTCOME_at_BRANCH`, and `critical_NAME_PARAMETER`; what is no letter or digit in a branch's name
may be written `_`. `at NAME = VALUE, NAME = VALUE: CONDITION` speaks of the same point with these
parameters changed, and `CONDITION; CONDITION` of several such points at once; each of them lies in
the domain. Values may be expressions in the parameters, as they are at the point itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.comparative.rows import ALL
from coopgame.comparative.signs import check_sign, sign_row
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.showing import shown
from coopgame.proofs.plainer import plainly
from coopgame.proofs.questions import Existence, Proof, Verdict, feasible, standing
from coopgame.reading.info import Info
from coopgame.solution import Solution

MOVES = {"rises": "+", "falls": "-", "stays": "0"}
SIGN = re.compile(
    r"(?P<outcome>\S+) (?P<move>rises|falls|stays) in (?P<parameter>\w+)"
    r"(?P<strict> strictly)?(?: on (?P<branch>.+))?\Z"
)
AT = re.compile(r"at (?P<changes>[^:]+): *(?P<condition>.+)\Z")
CHANGES = re.compile(r",(?=\s*\w+\s*=)")
HELP = (
    "write 'always CONDITION if PREMISE', 'somewhere CONDITION', "
    "or 'OUTCOME rises in PARAMETER on EQUILIBRIUM'"
)


class Ruling(StrEnum):
    """What became of a claim; where it is false by proof, no single point could show it.

    A claim whose premise holds nowhere says nothing, and does not count as one that holds.
    """

    PROVED = "proved"
    HOLDS = "true, with an example"
    REFUTED = "false, with a counter-example"
    EXCLUDED = "false, by proof"
    EMPTY = "premise never holds"
    UNDECIDED = "undecided"


STRENGTH = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.EMPTY, Verdict.PROVED)


@shown
@dataclass(frozen=True, repr=False)
class Decision:
    """A statement about a game with its ruling, and the points that bear it out or refute it.

    `tested` is what holds or fails at such a point.
    """

    game: str
    statement: str
    ruling: Ruling
    witnesses: tuple[Mapping[str, sympy.Rational], ...] = ()
    info: Info | None = field(default=None, compare=False)
    tested: tuple[Boolean, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        shown = self.witnesses[:1] if "example" in self.ruling.value else ()
        at = ", ".join(f"{n} = {to_text(v)}" for point in shown for n, v in sorted(point.items()))
        return f"{self.game}: {self.statement!r} is {_said(self.ruling)}" + f" ({at})" * bool(at)

    @property
    def holds(self) -> bool:
        return self.ruling in (Ruling.PROVED, Ruling.HOLDS)


def _said(ruling: Ruling) -> str:
    """A ruling as the end of a sentence."""
    told = {Ruling.HOLDS: "true, for example", Ruling.EMPTY: "empty: its premise never holds"}
    return told.get(ruling, ruling.value)


class EmptyPremise(InputError):
    """A statement speaks of no point at all: nothing satisfies its premise."""


def prove(game: Game, statement: str, solution: Solution | None = None) -> Decision:
    """Decide a statement about a game by proof.

    Raises InputError where the statement cannot be read or names what the game has not, and
    EmptyPremise where no point of the domain satisfies its premise.

    >>> from coopgame.catalogue import load_game
    >>> prove(load_game("trust"), "always holds_grim if holds_tit_for_tat").ruling.value
    'proved'
    """
    decision = understood(statement, game.solve() if solution is None else solution)()
    return replace(decision, info=game.header.info)


def understood(statement: str, solution: Solution) -> Callable[[], Decision]:
    """What decides a statement, once it has been read: all that can be said without a proof of it.

    Raises InputError where it cannot be read or names what the game has not.
    """
    text = " ".join(statement.split())
    for name in (branch.name for branch in solution.branches):  # as it is told, or as a word
        text = re.sub(f"(holds|_at)_{re.escape(name)}", rf"\1_{identifier(name)}", text)
    if text.startswith("always "):
        return _always(solution, text)
    if text.startswith("somewhere "):
        return _somewhere(solution, text)
    match = SIGN.match(text)
    if not match:
        raise InputError(f"{statement!r} is not a statement", HELP)
    return _moves(solution, text, match.groupdict())


def vocabulary(solution: Solution) -> dict[str, sympy.Basic]:
    """What each name in a condition stands for."""
    names: dict[str, sympy.Basic] = {s.name: s for s in solution.domain.symbols}
    for branch in solution.branches:
        plain = identifier(branch.name)
        names[f"holds_{plain}"] = sympy.And(*branch.conditions)
        names |= {f"{o}_at_{plain}": value for o, value in branch.outcomes.items()}
    for critical in solution.criticals:
        names[f"critical_{critical.name}_{critical.parameter}"] = critical.expression
    return names


def identifier(name: str) -> str:
    """A branch's name as a word: `grim{stable,unstable}` is `grim_stable_unstable`."""
    return re.sub(r"\W+", "_", name).strip("_")


@dataclass(frozen=True)
class _Read:
    """A condition read, and what puts the points it speaks of into the domain."""

    condition: Boolean
    admissible: tuple[Boolean, ...] = ()


def _read(text: str, solution: Solution) -> _Read:
    """The conjunction of the clauses of a text, each at a point of its own."""
    names = vocabulary(solution)
    clauses = [_clause(clause.strip(), solution, names) for clause in text.split(";")]
    condition = sympy.And(*[clause.condition for clause in clauses])
    return _Read(condition, tuple(c for clause in clauses for c in clause.admissible))


def _clause(text: str, solution: Solution, names: Mapping[str, sympy.Basic]) -> _Read:
    match = AT.match(text)
    if not match:
        return _Read(parse_condition(text, names))
    changes = _changes(match["changes"], solution)
    admissible = tuple(c.xreplace(changes) for c in solution.domain.constraints)
    return _Read(_moved(parse_condition(match["condition"], names), changes, text), admissible)


def _moved(condition: Boolean, changes: Mapping[sympy.Symbol, sympy.Expr], text: str) -> Boolean:
    """The condition at the changed point; InputError where something in it has no value there."""
    try:
        moved = condition.xreplace(dict(changes))
    except TypeError:  # what SymPy raises for comparing 1/0 with a number
        moved = sympy.nan
    if moved.has(sympy.nan, sympy.zoo):
        raise InputError(f"{text!r} has no value there", "choose other values")
    return moved


def _changes(text: str, solution: Solution) -> dict[sympy.Symbol, sympy.Expr]:
    """The parameters changed, each with its value in terms of the unchanged ones."""
    found: dict[sympy.Symbol, sympy.Expr] = {}
    for change in CHANGES.split(text):
        name, _, value = (part.strip() for part in change.partition("="))
        if name not in solution.domain.names:
            known = ", ".join(solution.domain.names)
            raise InputError(f"unknown parameter {name!r} in 'at {text}'", f"parameters: {known}")
        found[symbol(name)] = parse(value, solution.domain.names)
        if symbol(name) in solution.domain.integers and not found[symbol(name)].is_Integer:
            raise InputError(f"{name} is a whole number, not {value}", "write a whole number")
    return found


def _always(solution: Solution, text: str) -> Callable[[], Decision]:
    body, _, premise_text = text.removeprefix("always ").partition(" if ")
    premise = _read(premise_text, solution) if premise_text else _Read(sympy.true)
    sides = [_read(side, solution) for side in body.split(" iff ")]
    if len(sides) > 2:
        raise InputError(f"{text!r} says 'iff' twice", HELP)
    known = [*_points(solution, premise, *sides), premise.condition]

    def decide() -> Decision:
        if feasible(known, solution.domain.integers).exists is False:
            told = f"no point satisfies the premise {premise_text!r}"
            raise EmptyPremise(told, "weaken the premise")
        return _implied(solution, text, known, [side.condition for side in sides])

    return decide


def _implied(
    solution: Solution, text: str, known: Sequence[Boolean], sides: Sequence[Boolean]
) -> Decision:
    """Whether the first side follows from what is known and the other, and the other from it.

    Only what is known must be able to hold: two conditions that hold nowhere do hold at the same
    points.
    """
    first, *others = sides
    proofs = [_follows(known, others, first, solution.domain)]
    proofs += [_follows(known, [first], other, solution.domain) for other in others]
    weakest = min(proofs, key=lambda proof: STRENGTH.index(proof.verdict))
    ruling = Ruling(weakest.verdict) if weakest.verdict is not Verdict.REFUTED else Ruling.REFUTED
    return Decision(solution.name, text, ruling, _witnesses(weakest), tested=tuple(sides))


def _follows(
    known: Sequence[Boolean],
    given: Sequence[Boolean],
    goal: Boolean,
    domain: Domain,
) -> Proof:
    """Whether a goal follows from what is known, which must be able to hold, and what is given."""
    goals = [*known, *given, sympy.Not(goal)]
    counter = plainly(feasible(goals, domain.integers), goals, domain)
    if counter.exists:
        return Proof(Verdict.REFUTED, counter.witness)
    open_ended = counter.exists is None
    return Proof(Verdict.UNDECIDED if open_ended else standing(known, domain.integers))


def _somewhere(solution: Solution, text: str) -> Callable[[], Decision]:
    body = _read(text.removeprefix("somewhere "), solution)
    goals = [*_points(solution, body), body.condition]

    def decide() -> Decision:
        domain = solution.domain
        found = plainly(feasible(goals, domain.integers), goals, domain)
        ruling = {True: Ruling.HOLDS, False: Ruling.EXCLUDED, None: Ruling.UNDECIDED}[found.exists]
        return Decision(solution.name, text, ruling, _witnesses(found), tested=(body.condition,))

    return decide


def _points(solution: Solution, *read: _Read) -> list[Boolean]:
    """What puts every point spoken of into the domain; InputError where nothing can."""
    moved = [condition for each in read for condition in each.admissible]
    known = [*solution.domain.constraints, *moved]
    if moved and feasible(known, solution.domain.integers).exists is False:
        raise InputError("'at' leads out of the domain", "choose values within it")
    return known


def _witnesses(found: Existence | Proof) -> tuple[Mapping[str, sympy.Rational], ...]:
    return ({s.name: value for s, value in found.witness.items()},) if found.witness else ()


def _moves(
    solution: Solution, text: str, stated: Mapping[str, str | None]
) -> Callable[[], Decision]:
    outcome, parameter = str(stated["outcome"]), str(stated["parameter"])
    branch = stated["branch"] or ALL
    check_sign(solution, outcome, parameter, branch)

    def decide() -> Decision:
        row = sign_row(solution, outcome, parameter, branch)
        ruling = Ruling.UNDECIDED
        if row.verdict is Verdict.EMPTY:
            ruling = Ruling.EMPTY
        elif row.verdict is not Verdict.UNDECIDED:
            is_move = row.sign == MOVES[str(stated["move"])]
            against = Ruling.REFUTED if row.witnesses else Ruling.EXCLUDED
            ruling = Ruling.PROVED if is_move and (row.strict or not stated["strict"]) else against
        return Decision(solution.name, text, ruling, row.witnesses)

    return decide
