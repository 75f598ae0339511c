"""Tables of proved signs, with a witness for each direction of an ambiguous one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

import sympy

from coopgame.comparative import ALL, EXISTS, SignRow, Statics
from coopgame.gamefile import Info
from coopgame.printing import to_text
from coopgame.proofs import Verdict
from coopgame.report.tables import Cell, Report, Section, Table, columns, facts, origin, plain

LEGEND = (
    "+ nowhere falls and somewhere rises (++ rises everywhere), - and -- the reverse, "
    "0 no effect, ? both directions occur, . undecided; every sign is a proof over the branch."
)


def signs_report(statics: Statics, info: Info) -> Report:
    """The table of signs of a game as a report."""
    assumed = [to_text(condition) for condition in statics.assumed]
    setting = facts([("assumed", assumed)])
    return Report(
        title=f"{info.title}: which way outcomes move, proved",
        sections=(
            *((Section("", (setting,)),) if assumed else ()),
            Section("", (sign_matrix(statics), LEGEND)),
            *_ambiguous(statics.rows),
        ),
        table=sign_table(statics),
        record=signs_record(statics),
        origin=origin(info),
    )


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
    return Table(columns("outcome", "branch", *parameters), rows, notes=_unmoved(lines, moving))


def _unmoved(
    lines: Iterable[tuple[str, str]], moving: Container[tuple[str, str]]
) -> tuple[str, ...]:
    """For each outcome, the branches on which no parameter moves it."""
    still: dict[str, list[str]] = {}
    for outcome, branch in lines:
        if (outcome, branch) not in moving:
            still.setdefault(outcome, []).append(branch)
    return tuple(
        f"{_outcome(outcome)} does not move on: {'; '.join(branches)}"
        for outcome, branches in still.items()
    )


def mark(row: SignRow) -> str:
    """The sign as one mark: doubled where it is strict, a dot where it is undecided."""
    if row.verdict is Verdict.UNDECIDED:
        return "."
    return row.sign * 2 if row.strict and row.sign in "+-" else row.sign


def _outcome(name: str) -> str:
    return "(region where it holds)" if name == EXISTS else name


def _ambiguous(rows: Iterable[SignRow]) -> Iterable[Section]:
    """What an ambiguous sign depends on: a point for each direction, and the exact condition."""
    for row in rows:
        if row.verdict is Verdict.REFUTED:
            settled = [] if row.rises_where is None else [row.rises_where]
            rises, falls, *_ = (*row.witnesses, None, None)
            entries = facts(
                [
                    ("rises where", settled),
                    ("rises at", [_point(rises)] if rises else []),
                    ("falls at", [_point(falls)] if falls else []),
                ]
            )
            where = "over all branches" if row.branch == ALL else f"on {row.branch}"
            yield Section(f"{_outcome(row.outcome)} in {row.parameter}, {where}: ?", (entries,))


def _point(witness: Mapping[str, sympy.Rational]) -> str:
    return ", ".join(f"{name} = {plain(value)}" for name, value in sorted(witness.items()))


def sign_table(statics: Statics) -> Table:
    """One row a sign, for a spreadsheet."""
    heads = ("outcome", "branch", "parameter", "sign", "strict", "verdict", "rises_where")
    rows: list[tuple[Cell, ...]] = [
        (
            row.outcome,
            row.branch,
            row.parameter,
            row.sign,
            str(row.strict).lower(),
            row.verdict.value,
            row.rises_where,
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
                "outcome": row.outcome,
                "branch": row.branch,
                "parameter": row.parameter,
                "sign": row.sign,
                "strict": row.strict,
                "verdict": row.verdict.value,
                "witnesses": [
                    {name: to_text(value) for name, value in witness.items()}
                    for witness in row.witnesses
                ],
                "rises_where": None if row.rises_where is None else to_text(row.rises_where),
            }
            for row in statics.rows
        ],
    }
