"""Programs run by NumPy over a tile of rows, in buffers that are used again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from coopgame.engine.enclosures import TOUCHY
from coopgame.engine.programs import BOTH, CONSTANT, Step, reach
from coopgame.engine.roots import LEVEL_OPERATIONS, root_or_levels
from coopgame.grids import Floats

UFUNCS: Mapping[str, np.ufunc] = {
    "add": np.add,
    "subtract": np.subtract,
    "negative": np.negative,
    "multiply": np.multiply,
    "divide": np.divide,
    "root": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "absolute": np.absolute,
    "maximum": np.maximum,
    "minimum": np.minimum,
}


def _whole(operation: str, x: Any) -> Floats:
    """Floor or ceiling; NaN next to an integer, where rounding may have crossed it."""
    take = np.floor if operation == "floor" else np.ceil
    touchy = np.abs(x - np.rint(x)) <= TOUCHY * (1 + np.abs(x))
    return np.where(touchy, np.nan, take(x))


def _choice(left: Any, right: Any, then: Any, otherwise: Any) -> Floats:
    """`then` where left > right; NaN where they are too close to tell."""
    touchy = np.abs(left - right) <= TOUCHY * np.maximum(np.abs(left), np.abs(right))
    return np.where(touchy, np.nan, np.where(left > right, then, otherwise))


def apply(step: Step, arguments: Sequence[Any]) -> Any:
    """One step on arrays that broadcast together."""
    operation = step.operation
    if operation in UFUNCS:
        return UFUNCS[operation](*arguments)
    if operation in LEVEL_OPERATIONS:
        return root_or_levels(operation, arguments, step.value)
    if operation == "power":
        return np.power(arguments[0], step.value)
    if operation in ("floor", "ceiling"):
        return _whole(operation, arguments[0])
    if operation == "choose":
        return _choice(*arguments)
    if operation == "other":
        return _choice(arguments[0], arguments[1], arguments[2], arguments[2])
    return np.nan


def run(steps: Sequence[Step], order: Iterable[int], values: dict[int, Any]) -> None:
    """Add the results of the steps in `order` to the `values` found before."""
    for i in order:
        if i not in values:
            step = steps[i]
            if step.operation == "constant":
                values[i] = float(step.value)
            else:
                values[i] = apply(step, [values[a] for a in step.arguments])


Instruction = tuple[int, Callable[..., Any] | None, tuple[int, ...], tuple[int, ...]]


class Buffers:
    """Arrays that are used again, each cut to the shape that is asked for."""

    def __init__(self) -> None:
        self.own: dict[int, Floats] = {}
        self.free: list[Floats] = []

    def take(self, shape: tuple[int, ...]) -> Floats:
        """An array of a shape with nothing in it that means anything."""
        size = prod(shape)
        whole = self.free.pop() if self.free else np.empty(0)
        if len(whole) < size:
            self.own.pop(id(whole), None)
            whole = np.empty(size)
            self.own[id(whole)] = whole
        return whole[:size].reshape(shape)

    def give(self, array: Any) -> None:
        """Take an array back, if it is one of these."""
        whole = self.own.get(id(getattr(array, "base", None)))
        if whole is not None:
            self.free.append(whole)


class Runner:
    """Runs parts of one program over tiles; keeps, for each part asked for, the order of steps."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.schedules: dict[tuple[int, ...], list[Instruction]] = {}
        self.own = threading.local()

    @property
    def buffers(self) -> Buffers:
        """The buffers of the thread that asks."""
        if not hasattr(self.own, "buffers"):
            self.own.buffers = Buffers()
        found: Buffers = self.own.buffers
        return found

    def schedule(self, targets: tuple[int, ...]) -> list[Instruction]:
        """The steps that vary both ways, and after each what is needed no more."""
        if targets not in self.schedules:
            order = [
                i
                for i in reach(self.steps, targets)
                if self.steps[i].extent == BOTH and self.steps[i].operation != "variable"
            ]
            last: dict[int, int] = {}
            for i in order:
                last.update(dict.fromkeys(self.steps[i].arguments, i))
            spent: dict[int, list[int]] = {}
            for a, i in last.items():
                is_buffer = self.steps[a].extent == BOTH and self.steps[a].operation in UFUNCS
                if is_buffer and a not in targets:
                    spent.setdefault(i, []).append(a)
            self.schedules[targets] = [
                (i, UFUNCS.get(self.steps[i].operation), self.steps[i].arguments,
                 tuple(spent.get(i, ())))
                for i in order
            ]  # fmt: skip
        return self.schedules[targets]

    def run(
        self,
        targets: tuple[int, ...],
        values: dict[int, Any],
        shape: tuple[int, ...],
        rooms: Mapping[int, Floats],
    ) -> None:
        """Add the targets to the values, in the `rooms` that some have ready, else in buffers."""
        free = self.buffers
        for i, operation, arguments, spent in self.schedule(targets):
            if i in values:
                continue
            given = [values[a] for a in arguments]
            if operation is None:
                values[i] = apply(self.steps[i], given)
            else:
                room = rooms.get(i)
                values[i] = operation(*given, out=free.take(shape) if room is None else room)
            for a in spent:
                free.give(values.pop(a))


def lines(steps: Sequence[Step], order: Sequence[int], columns: Sequence[Floats]) -> dict[int, Any]:
    """The steps that vary in one direction of a piece only, or not at all, over the whole piece."""
    values: dict[int, Any] = {}
    for i in order:
        step = steps[i]
        if step.operation == "variable":
            values[i] = columns[step.value]
        elif step.extent == CONSTANT or step.extent != BOTH:
            run(steps, [i], values)
    return values
