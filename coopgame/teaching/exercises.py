"""Numeric problems for a class, with a worked key: a game at a round point, and its argument there.

Drawn from a seed, so that the same seed gives the same sheet. No point lies on a border between
equilibria, and every answer is one that the game's own regret has certified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random

import sympy
from sympy.core.relational import Relational

from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.forms.derivation import Derivation, Role
from coopgame.language.comparisons import gap
from coopgame.language.deciding import decide, evaluate
from coopgame.language.numerals import approximate
from coopgame.language.parameters import Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.language.reals import sign_of
from coopgame.language.showing import shown
from coopgame.solution import Branch, Solution
from coopgame.teaching.lecture import Lecture, lecture
from coopgame.teaching.rounds import Values, points
from coopgame.teaching.working import At, worked

MOST = 50
DRAWS = 60
KEPT = (0.5, 0.75, 0.9)
CHOICE = 6


@dataclass(frozen=True)
class Exercise:
    """One problem: the values given, the questions, and a worked answer to each.

    `working` is the argument with the numbers put in; `solution` the certified equilibria there.
    """

    values: Values
    branch: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    working: Derivation
    solution: Solution


@shown
@dataclass(frozen=True, repr=False)
class Sheet:
    """The problems of one seed, and the argument in symbols that they all put numbers into."""

    lecture: Lecture
    seed: int
    exercises: tuple[Exercise, ...]

    def __repr__(self) -> str:
        return f"<Sheet of {len(self.exercises)} problems on {self.lecture.solution.name}>"


def sheet(game: Game, seed: int, count: int, branch: str | None = None) -> Sheet:
    """`count` problems on one equilibrium of a game, by default the headline.

    Fewer, where the game has not so many distinct round points. Raises InputError for a count
    that is not 1 to 50, an unknown branch, or a game without any round point.
    """
    if not 1 <= count <= MOST:
        raise InputError(f"a sheet cannot have {count} problems", f"ask for 1 to {MOST}")
    told = lecture(game, branch, signs=False)
    chosen = tuple(_chosen(told, Random(seed), count))
    if not chosen:
        raise InputError(f"no round point of {told.solution.name} was found", "widen its domains")
    shown = game.header.shown
    return Sheet(told, seed, tuple(_exercise(told, values, shown) for values in chosen))


# --- choosing points ---------------------------------------------------------------------------


def _chosen(told: Lecture, random: Random, count: int) -> Iterator[Values]:
    """Distinct points off every border; the equilibrium holds at every other one where it can."""
    pool: dict[bool, list[Values]] = {True: [], False: []}
    domain, each = told.solution.domain, DRAWS + CHOICE * count
    drawn = chain.from_iterable(islice(points(domain, random, keep), each) for keep in KEPT)
    distinct = {tuple(values.values()): values for values in drawn}
    for values in sorted(distinct.values(), key=_length):
        if min(map(len, pool.values())) >= CHOICE * count:
            break
        if not on_border(told.solution, values):
            pool[told.branch.holds_at(values)].append(values)
    for kind in pool.values():
        del kind[CHOICE * count :]
        random.shuffle(kind)
    for i in range(count):
        wanted = pool[i % 3 != 2] or pool[i % 3 == 2]
        if wanted:
            yield wanted.pop()


def _length(values: Values) -> int:
    """How much ink the numbers take."""
    return sum(len(str(value)) for value in values.values())


def on_border(solution: Solution, values: Values) -> bool:
    """Whether some condition of some branch holds with equality at a point."""
    at = {symbol(name): value for name, value in values.items()}
    atoms = {a for b in solution.branches for c in b.conditions for a in c.atoms(Relational)}
    return any(_vanishes(evaluate(gap(atom), at)) for atom in atoms)


def _vanishes(value: sympy.Expr) -> bool:
    """Whether a number is zero; what is not defined at the point counts as a border."""
    if not value.is_finite or not value.is_real:
        return True
    return not sign_of(value)


# --- one problem -------------------------------------------------------------------------------


def _exercise(told: Lecture, values: Values, shown: Sequence[str]) -> Exercise:
    found = told.solution.at(**values)
    name = told.branch.name
    here = {branch.name for branch in found.branches}
    questions, answers = zip(*_asked(told, values, found, shown), strict=True)
    working = worked(told.derivation, values, name in here)
    return Exercise(values, name, questions, answers, working, found)


def _asked(
    told: Lecture, values: Values, found: Solution, shown: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Each question with its answer."""
    name, here = told.branch.name, {branch.name: branch for branch in found.branches}
    yield (
        f"Is {name} an equilibrium at these values? Show why, or why not.",
        f"Yes: {name} is an equilibrium." if name in here else f"No: {name} is not an equilibrium.",
    )
    yield "Which equilibria are there?", _listed(found.branches)
    if name in here:
        earned = "; ".join(_told(who, worth) for who, worth in here[name].payoffs.items())
        yield f"What does each party earn in {name}?", f"They earn: {earned}."
        outcomes = {n: v for n, v in here[name].outcomes.items() if n in shown and v.is_number}
        if outcomes:
            asked = " and ".join(outcomes)
            given = "; ".join(_told(outcome, value) for outcome, value in outcomes.items())
            verb = "is" if len(outcomes) == 1 else "are"
            yield f"What {verb} {asked} there?", f"There {given}."
    yield from _range(told, values)


def _listed(branches: Sequence[Branch]) -> str:
    """The equilibria by name, each with its note."""
    told = [f"{b.name} ({b.note})" if b.note else b.name for b in branches]
    count = "There is one" if len(told) == 1 else f"There are {len(told)}" if told else "None"
    return f"{count}: {'; '.join(told)}." if told else "There is none."


def _told(name: str, value: sympy.Expr) -> str:
    """A number with its name: exact where that is short, and in decimals."""
    if not (value.is_number and value.is_real and value.is_finite):
        return f"{name} = {to_text(value)}"
    exact, near = to_text(value), f"{approximate(value)}"
    return f"{name} = {exact}" if len(exact) <= 4 else f"{name} = {exact} (about {near})" if len(
        exact
    ) <= 16 else f"{name} is about {near}"  # fmt: skip


def _range(told: Lecture, values: Values) -> Iterator[tuple[str, str]]:
    """For which values of the first parameter with a threshold the equilibrium holds."""
    solution, branch = told.solution, told.branch
    asked = [line.statement.args[0] for line in told.derivation.lines(Role.THRESHOLD)]
    for name in dict.fromkeys(s.name for s in asked if s in solution.domain.symbols):
        rest = {symbol(n): v for n, v in values.items() if n != name}
        bounds = [_bound(b, rest) for b in solution.bounds(name, branch.name)]
        if all(b is None or (b.is_number and b.is_real) for b in bounds):
            yield (
                f"Keeping the other values, for which {name} is {branch.name} an equilibrium?",
                _where(branch, solution.domain[name], rest, bounds),
            )
            return


def _bound(bound: sympy.Expr | None, rest: At) -> sympy.Expr | None:
    """A bound at a point; not a number where one of several has a denominator of zero."""
    if bound is None:
        return None
    parts = bound.args if isinstance(bound, sympy.Max | sympy.Min) else (bound,)
    values = [part.subs(rest) for part in parts]
    if not all(value.is_finite for value in values):
        return sympy.nan
    return bound.func(*values) if len(parts) > 1 else values[0]


def _where(branch: Branch, of: Parameter, rest: At, bounds: Sequence[sympy.Expr | None]) -> str:
    """The values of one parameter at which a branch holds, in words, the others being given."""
    interval, variable = of.interval, of.symbol
    fixed = [c for c in branch.conditions if not c.has(variable)]
    if not all(decide(condition.subs(rest)) for condition in fixed):
        return f"For none: another condition fails whatever {of.name} is."
    lower, upper = bounds
    low = interval.lower if lower is None else sympy.Max(lower, interval.lower)
    high = interval.upper if upper is None else sympy.Min(upper, interval.upper)
    if decide(low > high):
        told = " and ".join(_side(b, i == 0) for i, b in enumerate(bounds) if b is not None)
        within = interval.told(of.name)
        return f"For none: {of.name} would have to be {told}, but the game has {within}."

    def holds(value: sympy.Expr) -> bool:
        inside = value in interval
        return inside and all(decide(c.subs({**rest, variable: value})) for c in branch.conditions)

    parts = []
    if lower is not None and decide(low > interval.lower):
        parts.append(_side(low, True, holds(low)))
    if upper is not None and decide(high < interval.upper):
        parts.append(_side(high, False, holds(high)))
    return (
        f"It is one for {of.name} {' and '.join(parts)}."
        if parts
        else f"It is one for every {of.name} that the game allows: {interval.told(of.name)}."
    )


def _side(bound: sympy.Expr, lower: bool, included: bool = True) -> str:
    words = {(True, True): "at least", (True, False): "above",
             (False, True): "at most", (False, False): "below"}  # fmt: skip
    near = "" if len(to_text(bound)) <= 4 else f" (about {approximate(bound)})"
    return f"{words[lower, included]} {to_text(bound)}{near}"
