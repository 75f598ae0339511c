"""A search for counter-examples to proved signs: points of a branch's region, two at a time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from .faults import Fault
from .files import is_inside, numbers
from .running import run
from .values import Number, Undefined, evaluate, holds, minus, sign

POINTS = 40
STEPS = (Fraction(1, 1000), Fraction(1, 9), Fraction(1))
BETWEEN = 4
EXISTS, ALL = "exists", "all"
Values = Mapping[str, str]


def refuted_signs(
    data: Mapping[str, Any], file: Path, command: Sequence[str], limit: float
) -> Iterator[Fault]:
    """Proved signs of `statics` with the command's `--set`, against sampled points."""
    fixed = dict(text.split("=") for text in after(command, "--set"))
    settings = [part for name, value in fixed.items() for part in ("--set", f"{name}={value}")]
    told = run(["statics", str(file), *settings, "--format", "json"], limit)
    solved = run(["solve", str(file), *settings, "--format", "json"], limit)
    if told.code not in (0, 3) or solved.code not in (0, 3):
        return
    symbolic = json.loads(solved.out)
    if "branches" not in symbolic:
        return
    branches = {branch["name"]: branch for branch in symbolic["branches"]}
    rows = [row for row in json.loads(told.out)["rows"] if row["verdict"] == "proved"]
    points = list(sampled(data, fixed))
    for row in rows:
        for where in contradicted(data, row, branches, points):
            claim = f"{row['outcome']} {row['sign']}{'!' * row['strict']} in {row['parameter']}"
            shown = f"{claim} on {row['branch']} is refuted: {where}"
            yield Fault("a proved sign has a counter-example", told.shown, shown)
            break


def after(command: Sequence[str], option: str) -> list[str]:
    return [text for before, text in pairwise(command) if before == option]


def sampled(data: Mapping[str, Any], fixed: Values) -> Iterator[Values]:
    """Points of the domain, drawn with a seed of their own, simple numbers mostly."""
    generator = random.Random(1)
    for _ in range(POINTS * 4):
        point = {}
        for name, about in data["parameters"].items():
            whole = about["domain"].startswith("integers")
            drawn = Fraction(generator.randint(-40, 120), generator.choice((7, 10, 16, 30)))
            point[name] = fixed.get(name, str(int(drawn) if whole else drawn))
        if is_inside(data, point):
            yield point


def contradicted(
    data: Mapping[str, Any],
    row: Mapping[str, Any],
    branches: Mapping[str, Mapping[str, Any]],
    points: Sequence[Values],
) -> Iterator[str]:
    """Pairs of points that differ in the parameter alone, and move the other way."""
    name = row["parameter"]
    if name not in data["parameters"] or row["branch"].startswith("critical"):
        return
    whole = data["parameters"][name]["domain"].startswith("integers")
    for point in points:
        for step in STEPS if not whole else STEPS[-1:]:
            path = [
                {**point, name: str(Fraction(point[name]) + step * i / (1 if whole else BETWEEN))}
                for i in range(2 if whole else BETWEEN + 1)
            ]
            if not all(is_inside(data, other) for other in path):
                continue
            try:
                move = moved(row, branches, path)
            except (Undefined, SyntaxError, OverflowError):
                continue
            if move is not None and not fits(row, move):
                yield f"{path[0]} to {name} = {path[-1][name]}: {move}"


def moved(
    row: Mapping[str, Any], branches: Mapping[str, Mapping[str, Any]], path: Sequence[Values]
) -> int | None:
    """The sign of the change from the first point to the last; None where it says nothing."""
    ends = (path[0], path[-1])
    if row["outcome"] == EXISTS:
        begun, ended = (is_held(branches[row["branch"]], p) for p in ends)
        return ended - begun or None
    if row["branch"] == ALL:
        before, later = (value_anywhere(row["outcome"], branches, p) for p in ends)
    else:
        branch = branches[row["branch"]]
        if row["outcome"] not in branch["outcomes"] or not all(is_held(branch, p) for p in path):
            return None
        before, later = (value(branch, row["outcome"], p) for p in ends)
    return None if before is None or later is None else sign(minus(later, before))


def fits(row: Mapping[str, Any], move: int) -> bool:
    """Whether a move is one that the sign allows."""
    allowed = {"+": (0, 1), "-": (-1, 0), "0": (0,)}.get(row["sign"], (-1, 0, 1))
    return move in allowed and not (row["strict"] and move == 0 and row["outcome"] != EXISTS)


def is_held(branch: Mapping[str, Any], point: Values) -> bool:
    return all(holds(text, numbers(point)) for text in branch["conditions"])


def value(branch: Mapping[str, Any], outcome: str, point: Values) -> Number:
    return evaluate(branch["outcomes"][outcome], numbers(point))


def value_anywhere(
    outcome: str, branches: Mapping[str, Mapping[str, Any]], point: Values
) -> Number | None:
    """The outcome on the one branch that holds; None where several do, or none has it."""
    here = [b for b in branches.values() if outcome in b["outcomes"] and is_held(b, point)]
    values = [value(branch, outcome, point) for branch in here]
    if not values or any(sign(minus(v, values[0])) for v in values):
        return None
    return values[0]
