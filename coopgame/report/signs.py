"""Tables of proved signs, with a witness for each direction of an ambiguous one."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Any

from coopgame.comparative.rows import ALL, CRITICAL, EXISTS, SignRow
from coopgame.comparative.signs import Statics
from coopgame.language.deciding import HELD, LOST
from coopgame.language.printing import to_text
from coopgame.proofs.questions import Verdict
from coopgame.report.abbreviations import Abbreviated, abbreviated
from coopgame.report.documents import quantities
from coopgame.report.examples import Values, both_sides, point
from coopgame.report.tables import (
    Cell,
    Column,
    Equation,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    fields_of,
    origin,
)
from coopgame.solution import Solution

LEGEND = (
    "+ never falls and rises somewhere; ++ strictly rises; - and -- the same for falling; "
    "0 no effect; ? rises at some values and falls at others; . not decided. "
    "Each sign but . is proved for all values at which the equilibrium exists."
)
WAYS = ("rises in", "falls in", "both ways in", "undecided in", "no effect of")
NO_PAIR = "/ no two points to compare: nothing to prove."


def signs_report(
    statics: Statics, is_summary: bool = False, solution: Solution | None = None
) -> Report:
    """The table of signs of a game as a report, or a line an outcome where a summary is asked for.

    The conditions of each equilibrium of its `solution`, where given, stand beside its signs, as
    `solve` writes them.
    """
    assumed = [to_text(condition) for condition in statics.assumed]
    setting = facts([("assumed", assumed)])
    return Report(
        title=f"{statics.info.title}: which way outcomes move, {as_proved(statics.rows)}",
        sections=(
            *((ReportPart("", (setting,)),) if assumed else ()),
            *_told(statics, is_summary, solution),
        ),
        table=sign_table(statics),
        record=signs_record(statics),
        origin=origin(statics.info),
        symbols=_symbols(statics),
    )


def _symbols(statics: Statics) -> tuple[Column, ...]:
    if statics.of is None:
        return columns(*dict.fromkeys(row.parameter for row in statics.rows))
    return quantities(statics.of.header.domain.parameters)


def as_proved(rows: Iterable[SignRow]) -> str:
    """What can be said of all signs of a table together."""
    undecided = any(row.verdict is Verdict.UNDECIDED for row in rows)
    return "as far as proved" if undecided else "proved"


def _told(statics: Statics, is_summary: bool, solution: Solution | None) -> Iterator[ReportPart]:
    matrix = sign_matrix(statics)
    # Where nothing moves, sentences say so: a table would have heads and no rows.
    full = (matrix, _legend(statics.rows)) if matrix.rows else matrix.notes
    yield ReportPart("", (facts(_summary(statics.rows)),) if is_summary else full)
    if solution is not None:
        yield ReportPart("Where each exists", (facts(_conditions(abbreviated(solution))),))
    if is_summary:
        return
    yield from _reasons(statics.rows)
    yield from _ambiguous(statics.rows)


def _conditions(short: Abbreviated) -> Iterator[tuple[str, Sequence[Cell]]]:
    """What the letters in the conditions stand for, and the conditions of each equilibrium."""
    asked = [condition for branch in short.solution.branches for condition in branch.conditions]
    needed = set().union(*(condition.free_symbols for condition in asked))
    for letter, value in reversed(list(short.definitions.items())):
        needed |= value.free_symbols if letter in needed else set()
    told = [Equation((s.name,), value) for s, value in short.definitions.items() if s in needed]
    yield "below", told
    yield from ((branch.name, branch.conditions) for branch in short.solution.branches)


def _summary(rows: Sequence[SignRow]) -> Iterator[tuple[str, list[Cell]]]:
    """For each outcome, in which parameters it rises, falls, does both, or is not decided.

    Over all equilibria where that is told; else over each, one and the same way or both. The
    critical values of different parameters are different things.
    """
    of: dict[str, dict[str, set[str]]] = {}
    over_all = {row.outcome for row in rows if row.branch == ALL}
    for row in rows:
        if row.outcome == EXISTS:
            key = f"existence of {row.branch}"
        elif row.branch.startswith(CRITICAL):
            key = f"{row.outcome} ({row.branch})"
        elif row.outcome in over_all and row.branch != ALL:
            continue
        else:
            key = row.outcome
        of.setdefault(key, {}).setdefault(row.parameter, set()).add(mark(row)[0])
    for outcome, marks in of.items():
        grouped: dict[str, list[str]] = {}
        for parameter, signs in marks.items():
            grouped.setdefault(_way(signs), []).append(parameter)
        told = [f"{way} {', '.join(grouped[way])}" for way in WAYS if way in grouped]
        yield outcome, ["; ".join(told)]


def _way(signs: Collection[str]) -> str:
    """One word for the signs that an outcome has over several equilibria."""
    moving = set(signs) - {"0", "/"}
    if "?" in moving or {"+", "-"} <= moving:
        return "both ways in"
    if "." in moving:
        return "undecided in"
    return {"+": "rises in", "-": "falls in"}.get("".join(moving), "no effect of")


def _legend(rows: Iterable[SignRow]) -> str:
    empty = any(row.verdict is Verdict.EMPTY for row in rows)
    return f"{LEGEND} {NO_PAIR}" if empty else LEGEND


def sign_matrix(statics: Statics) -> Table:
    """One row an outcome and branch, one column a parameter; branches without a move are noted."""
    parameters = list(dict.fromkeys(row.parameter for row in statics.rows))
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in statics.rows:
        lines.setdefault((row.outcome, row.branch), {})[row.parameter] = mark(row)
    moving = {key: signs for key, signs in lines.items() if set(signs.values()) != {"0"}}
    rows = [
        (_outcome(outcome), branch, *(signs.get(name, "") for name in parameters))
        for (outcome, branch), signs in moving.items()
    ]
    heads = columns("outcome", "equilibrium", *parameters)
    return Table(heads, rows, notes=_unmoved(lines, moving), keys=2)


def _unmoved(
    lines: Iterable[tuple[str, str]], moving: Container[tuple[str, str]]
) -> tuple[str, ...]:
    """For each outcome, the branches on which no parameter moves it."""
    still: dict[str, list[str]] = {}
    for outcome, branch in lines:
        if (outcome, branch) not in moving:
            still.setdefault(outcome, []).append(branch)
    return tuple(
        f"{_outcome(outcome)} is constant in: {'; '.join(branches)}"
        for outcome, branches in still.items()
    )


def mark(row: SignRow) -> str:
    """The sign as one mark: doubled where strict; . where undecided, / where it says nothing."""
    if row.verdict is Verdict.UNDECIDED:
        return "."
    if row.verdict is Verdict.EMPTY:
        return "/"
    return row.sign * 2 if row.strict and row.sign in "+-" else row.sign


def _outcome(name: str) -> str:
    return "existence" if name == EXISTS else name


def _reasons(rows: Sequence[SignRow]) -> Iterator[ReportPart]:
    """Why signs are missing, and on which stretches of values those hold that say so."""
    reasons: dict[str, dict[tuple[str, str], list[str]]] = {}
    for row in rows:
        if row.reason:
            places = reasons.setdefault(row.reason, {})
            places.setdefault((_outcome(row.outcome), row.branch), []).append(row.parameter)
    if reasons:
        lines = [
            (reason, [f"{o}, {branch}: {', '.join(names)}" for (o, branch), names in at.items()])
            for reason, at in reasons.items()
        ]
        yield ReportPart("What to know of some signs", (facts(lines),))


def _ambiguous(rows: Sequence[SignRow]) -> Iterator[ReportPart]:
    """What an ambiguous sign depends on: the exact condition, and a point for each direction."""
    told: dict[tuple[str, str, tuple[tuple[str, Cell], ...]], list[str]] = {}
    parameters = {row.parameter for row in rows}
    for row in rows:
        if row.verdict is Verdict.REFUTED:
            where = "over all equilibria" if row.branch == ALL else f"on {row.branch}"
            key = (row.outcome, row.parameter, tuple(_causes(row, parameters)))
            told.setdefault(key, []).append(where)
    for (outcome, parameter, causes), places in told.items():
        entries = facts((label, [line]) for label, line in causes)
        yield ReportPart(f"{_outcome(outcome)} in {parameter}, {'; '.join(places)}: ?", (entries,))


def _causes(row: SignRow, parameters: Container[str]) -> Iterator[tuple[str, Cell]]:
    if row.rises_where is not None:
        yield "rises where", row.rises_where
        for name in sorted(s.name for s in row.rises_where.free_symbols):
            if name not in parameters:
                yield "", f"({name}: the value of {row.outcome} itself)"
    lost = tuple(f"stops existing as {row.parameter} {way}" for way in ("rises", "falls"))
    labels = lost if row.outcome == EXISTS else ("rises at", "falls at")
    for label, witness in zip(labels, row.witnesses, strict=False):
        yield label, point(witness)
        yield from (("", line) for line in _shown(row, witness))


def _shown(row: SignRow, witness: Values) -> Iterator[str]:
    """Both sides of what decides: the condition that is lost, before and after, or of the slope."""
    if row.outcome != EXISTS:
        yield from both_sides([row.rises_where] if row.rises_where is not None else [], witness)
        return
    second = f"{row.parameter}'"
    if second not in witness:
        return
    moved = {**witness, row.parameter: witness[second]}
    for before, after in zip(
        both_sides(row.tested, witness), both_sides(row.tested, moved), strict=False
    ):
        if before.endswith(HELD) and after.endswith(LOST):
            yield f"{before} at {row.parameter}, {after.partition(': ')[2]} at {second}"


def sign_table(statics: Statics) -> Table:
    """One row a sign, for a spreadsheet."""
    heads = ("outcome", "branch", "parameter", "sign", "strict", "verdict", "rises_where", "reason")
    rows = [
        (
            row.outcome,
            row.branch,
            row.parameter,
            row.sign,
            str(row.strict).lower(),
            row.verdict.value,
            row.rises_where,
            row.reason,
        )
        for row in statics.rows
    ]
    return Table(columns(*heads), rows)


def signs_record(statics: Statics) -> dict[str, Any]:
    """The record that `statics --format json` prints; witnesses are exact texts."""
    return {
        "game": statics.game,
        "assumed": [to_text(condition) for condition in statics.assumed],
        "rows": [
            {
                **fields_of(row, "outcome", "branch", "parameter", "sign", "strict"),
                "verdict": row.verdict.value,
                "witnesses": [
                    {name: to_text(value) for name, value in witness.items()}
                    for witness in row.witnesses
                ],
                "rises_where": None if row.rises_where is None else to_text(row.rises_where),
                "reason": row.reason,
            }
            for row in statics.rows
        ],
    }
