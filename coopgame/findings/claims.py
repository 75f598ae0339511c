"""Claims of a text, each with a rival: read from a file, and decided as statements about games."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coopgame.clock import is_late
from coopgame.errors import Fault, InputError
from coopgame.findings.statements import Decision, EmptyPremise, Ruling, understood
from coopgame.forms.base import Game
from coopgame.reading.section import Section
from coopgame.solution import Solution


@dataclass(frozen=True)
class Claim:
    """A claim of a text: its place there, a plain sentence, a formal statement and a rival one.

    `rival` says in words what the other formalisation assumes; its statement may be over another
    game. `teaches` says what is to be learnt from its verdict. `condition` is what the statement
    assumes and the text leaves unsaid; the rival is then the statement without it.
    """

    id: str
    place: str
    sentence: str
    game: str
    statement: str
    rival: str
    rival_game: str
    rival_statement: str
    teaches: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Judged:
    """A claim with the decisions on its statement and on its rival's."""

    claim: Claim
    decision: Decision
    rival: Decision

    @property
    def holds_as_stated(self) -> bool:
        """Whether the sentence holds as its text has it, without a condition that was added."""
        return self.decision.holds and (not self.claim.condition or self.rival.holds)

    @property
    def verdict(self) -> str:
        """The verdict on the statement, in words, and whether a condition was added to it."""
        ruling = self.decision.ruling.value
        needed = self.decision.holds and not self.holds_as_stated
        return f"{ruling} under a condition" if needed else ruling


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
            teaches=rival.text("teaches", default=""),
            condition=entry.text("condition", default=""),
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
    """Decide every claim and its rival, now; each game is loaded and solved once.

    Where time runs out (`coopgame.clock`), those that were decided. Raises InputError with every
    statement that cannot be read and every game that cannot be loaded, each with its claim, before
    anything is decided.
    """
    read = read_statements(claims, load)
    judged = []
    for claim, (own, rival) in zip(claims, read, strict=True):
        if is_late():
            break
        progress(claim.id)
        judged.append(
            Judged(
                claim,
                _ruled(own, claim.game, claim.statement),
                _ruled(rival, claim.rival_game, claim.rival_statement),
            )
        )
    return tuple(judged)


def _ruled(decide: Callable[[], Decision], game: str, statement: str) -> Decision:
    """The decision; a premise that never holds is a ruling like the others."""
    try:
        return decide()
    except EmptyPremise:
        return Decision(game, " ".join(statement.split()), Ruling.EMPTY)


Read = tuple[Callable[[], Decision], Callable[[], Decision]]


def read_statements(claims: Sequence[Claim], load: Callable[[str], Game]) -> list[Read]:
    """What decides each claim and its rival.

    Raises InputError with all faults at once; a game that is faulty is told once.
    """
    reader = _StatementReader(load)
    found = []
    for claim in claims:
        own = reader.read(claim.id, claim.game, claim.statement)
        rival = reader.read(f"{claim.id}.rival", claim.rival_game, claim.rival_statement)
        if own is not None and rival is not None:
            found.append((own, rival))
    reader.noted.settle()
    return found


def statement_faults(claims: Sequence[Claim], load: Callable[[str], Game]) -> list[Fault]:
    """The faults of all statements that are there at all; nothing is decided."""
    reader = _StatementReader(load)
    for claim in claims:
        if claim.game and claim.statement:
            reader.read(claim.id, claim.game, claim.statement)
        if claim.rival_game and claim.rival_statement:
            reader.read(f"{claim.id}.rival", claim.rival_game, claim.rival_statement)
    return reader.noted.faults


@dataclass
class _StatementReader:
    """Reads statements; faults are noted, each with its claim."""

    load: Callable[[str], Game]
    noted: Section = field(default_factory=lambda: Section({}, "claims"))
    solutions: dict[str, Solution | None] = field(default_factory=dict)

    def read(self, place: str, game: str, statement: str) -> Callable[[], Decision] | None:
        try:
            if game not in self.solutions:
                self.solutions[game] = None
                self.solutions[game] = self.load(game).solve()
        except InputError as error:
            self.noted.adopt(f"{place}.game", error)
        solution = self.solutions[game]
        try:
            return understood(statement, solution) if solution is not None else None
        except InputError as error:
            self.noted.adopt(f"{place}.statement", error)
            return None
