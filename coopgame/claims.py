"""Claims about games, decided by proof: a sentence in words, a statement in symbols, a verdict.

A statement takes one of three shapes:

- `always CONDITION if PREMISE`: the condition holds wherever the premise does, over the whole
  domain (`if ...` may be left out); a premise that no point satisfies is refused;
- `somewhere CONDITION`: some point of the domain satisfies it;
- `OUTCOME rises|falls|stays in PARAMETER [strictly] [on BRANCH]`: a sign.

Names in a condition are the game's parameters, `holds_BRANCH` (where a branch is an equilibrium),
`OUTCOME_at_BRANCH`, and `critical_NAME_PARAMETER`; whatever is no letter or digit in a branch's
name is written `_`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sympy

from coopgame.comparative import ALL, EXISTS, SignRow, statics
from coopgame.errors import InputError
from coopgame.expressions import parse_condition
from coopgame.forms.base import Game
from coopgame.gamefile import Section
from coopgame.proofs import Existence, Verdict, feasible, implies
from coopgame.solution import Solution

MOVES = {"rises": "+", "falls": "-", "stays": "0"}
SIGN = re.compile(
    r"(?P<outcome>\S+) (?P<move>rises|falls|stays) in (?P<parameter>\w+)"
    r"(?P<strict> strictly)?(?: on (?P<branch>.+))?\Z"
)
HELP = (
    "write 'always CONDITION if PREMISE', 'somewhere CONDITION', "
    "or 'OUTCOME rises in PARAMETER on BRANCH'"
)


class Ruling(StrEnum):
    """What became of a claim."""

    PROVED = "proved"
    HOLDS = "holds at a witness"
    REFUTED = "refuted at a witness"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Decision:
    """A statement about a game with its ruling, and the points that bear it out or refute it."""

    game: str
    statement: str
    ruling: Ruling
    witnesses: tuple[Mapping[str, sympy.Rational], ...] = ()

    @property
    def holds(self) -> bool:
        return self.ruling in (Ruling.PROVED, Ruling.HOLDS)


@dataclass(frozen=True)
class Claim:
    """A claim of a text: its place there, a plain sentence, a formal statement and a rival one.

    `rival` says in words what the other formalisation assumes; its statement may be over another
    game.
    """

    id: str
    place: str
    sentence: str
    game: str
    statement: str
    rival: str
    rival_game: str
    rival_statement: str


@dataclass(frozen=True)
class Judged:
    """A claim with the decisions on its statement and on its rival's."""

    claim: Claim
    decision: Decision
    rival: Decision


def prove(game: Game, statement: str, solution: Solution | None = None) -> Decision:
    """Decide a statement about a game by proof.

    Raises InputError where the statement cannot be read, names what the game has not, or has a
    premise that no point of the domain satisfies.

    >>> from coopgame.catalogue import load_game
    >>> prove(load_game("trust"), "always holds_grim if holds_tit_for_tat").ruling.value
    'proved'
    """
    text = " ".join(statement.split())
    solved = solution or game.solve()
    if text.startswith("always "):
        return _always(solved, text)
    if text.startswith("somewhere "):
        return _somewhere(solved, text)
    match = SIGN.match(text)
    if not match:
        raise InputError(f"{statement!r} is not a statement", HELP)
    return _moves(game, text, match.groupdict())


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
    """A branch's name as it is written in statements.

    >>> identifier("grim{stable,unstable}")
    'grim_stable_unstable'
    """
    return re.sub(r"\W+", "_", name).strip("_")


def _always(solution: Solution, text: str) -> Decision:
    body, _, premise_text = text.removeprefix("always ").partition(" if ")
    names = vocabulary(solution)
    premise = parse_condition(premise_text, names) if premise_text else sympy.true
    domain = solution.domain
    if feasible([*domain.constraints, premise], domain.integers).exists is False:
        raise InputError(f"no point satisfies the premise {premise_text!r}", "weaken the premise")
    conclusion = parse_condition(body, names)
    proof = implies([*domain.constraints, premise], conclusion, domain.integers)
    ruling = {
        Verdict.PROVED: Ruling.PROVED,
        Verdict.REFUTED: Ruling.REFUTED,
        Verdict.UNDECIDED: Ruling.UNDECIDED,
    }[proof.verdict]
    found = Existence(None, proof.witness)
    return Decision(solution.game, text, ruling, _witnesses(found))


def _somewhere(solution: Solution, text: str) -> Decision:
    body = parse_condition(text.removeprefix("somewhere "), vocabulary(solution))
    found = feasible([*solution.domain.constraints, body], solution.domain.integers)
    ruling = Ruling.HOLDS if found.exists else Ruling.REFUTED
    if found.exists is None:
        ruling = Ruling.UNDECIDED
    return Decision(solution.game, text, ruling, _witnesses(found))


def _witnesses(found: Existence) -> tuple[Mapping[str, sympy.Rational], ...]:
    return ({s.name: value for s, value in found.witness.items()},) if found.witness else ()


def _moves(game: Game, text: str, stated: Mapping[str, str | None]) -> Decision:
    outcome, branch = str(stated["outcome"]), stated["branch"] or ALL
    found = statics(game, outcomes=(outcome,), branches=() if branch == ALL else (branch,))
    row = _row(found.rows, outcome, str(stated["parameter"]), branch)
    expected = MOVES[str(stated["move"])]
    if row.verdict is Verdict.UNDECIDED:
        ruling = Ruling.UNDECIDED
    else:
        as_stated = row.sign == expected and (row.strict or not stated["strict"])
        ruling = Ruling.PROVED if as_stated else Ruling.REFUTED
    return Decision(game.header.info.name, text, ruling, row.witnesses)


def _row(rows: Sequence[SignRow], outcome: str, parameter: str, branch: str) -> SignRow:
    for row in rows:
        if (row.outcome, row.parameter, row.branch) == (outcome, parameter, branch):
            return row
    known = ", ".join(dict.fromkeys(row.branch for row in rows))
    problem = f"no sign of {outcome!r} in {parameter!r} on {branch!r}"
    raise InputError(problem, f"branches with one: {known}; the outcome of a region is {EXISTS!r}")


# --- a file of claims --------------------------------------------------------------------------


def read_claims(section: Section) -> tuple[Claim, ...]:
    """The claims in the `[[claims]]` tables of a file; faults are noted in the section."""
    found: list[Claim] = []
    for entry in section.tables("claims"):
        game, rival = entry.text("game"), entry.table("rival")
        claim = Claim(
            id=entry.text("id"),
            place=entry.text("place"),
            sentence=entry.text("sentence"),
            game=game,
            statement=entry.text("statement"),
            rival=rival.text("assumes"),
            rival_game=rival.text("game", default=game),
            rival_statement=rival.text("statement"),
        )
        if claim.id in {other.id for other in found}:
            entry.fault("id", f"{claim.id!r} is given twice", "give each claim its own id")
        rival.finish()
        entry.finish()
        found.append(claim)
    return tuple(found)


def judge(
    claims: Sequence[Claim],
    load: Callable[[str], Game],
    progress: Callable[[str], None] = lambda step: None,
) -> tuple[Judged, ...]:
    """Decide every claim and its rival, now; each game is loaded and solved once."""
    games: dict[str, tuple[Game, Solution]] = {}

    def decide(name: str, statement: str) -> Decision:
        if name not in games:
            game = load(name)
            games[name] = game, game.solve()
        game, solution = games[name]
        return prove(game, statement, solution)

    judged = []
    for claim in claims:
        progress(claim.id)
        rival = decide(claim.rival_game, claim.rival_statement)
        judged.append(Judged(claim, decide(claim.game, claim.statement), rival))
    return tuple(judged)
