"""Routines: what is to be worked out in some cells, as instructions on few registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple

from coopgame.engine.compiled import Compiled, Tree
from coopgame.engine.kernel import ACROSS_LINE, DOWN_LINE, KINDS, REGISTER, Instruction, Op
from coopgame.engine.programs import ACROSS, BOTH, Step, reach
from coopgame.engine.tracks import columns

PAIRS = {
    "add": Op.ADD,
    "subtract": Op.SUBTRACT,
    "multiply": Op.MULTIPLY,
    "divide": Op.DIVIDE,
    "maximum": Op.MAXIMUM,
    "minimum": Op.MINIMUM,
}
SINGLES = {
    "negative": Op.NEGATIVE,
    "root": Op.ROOT,
    "absolute": Op.ABSOLUTE,
    "floor": Op.FLOOR,
    "ceiling": Op.CEILING,
}
CHOICES = ("choose", "other")


@dataclass(frozen=True, eq=False)
class Routine:
    """Instructions, and how many registers for numbers and for verdicts they need."""

    code: tuple[Instruction, ...]
    numbers: int
    verdicts: int


class Register(NamedTuple):
    """A result that has not been given a place yet."""

    number: int
    is_verdict: bool


Operand = Register | int
Draft = tuple[Op, Operand, tuple[Operand, ...]]


def is_performed(compiled: Compiled) -> bool:
    """Whether instructions do all that is asked for, to the last bit as NumPy does it."""
    steps = compiled.steps
    targets = {gap.step for gap in compiled.gaps} | {step for _, step in columns(compiled)}
    known = {*PAIRS, *SINGLES, *CHOICES}
    return all(
        steps[i].operation in known or _kind(steps[i]) != REGISTER for i in reach(steps, targets)
    )


def straight(compiled: Compiled) -> dict[int, int]:
    """The steps that routines read from lines, down or across, as operands."""
    steps = compiled.steps
    used = {a for step in steps if step.extent == BOTH for a in step.arguments}
    used |= {gap.step for gap in compiled.gaps}
    used |= {step for _, step in columns(compiled)}
    kinds = {i: kind for i in sorted(used) if (kind := _kind(steps[i])) != REGISTER}
    counts = dict.fromkeys((ACROSS_LINE, DOWN_LINE), 0)
    found = {}
    for i, kind in kinds.items():
        found[i] = kind + KINDS * counts[kind]
        counts[kind] += 1
    return found


def _kind(step: Step) -> int:
    if step.operation == "variable" and step.extent == BOTH:
        return ACROSS_LINE
    return {BOTH: REGISTER, ACROSS: ACROSS_LINE}.get(step.extent, DOWN_LINE)


@dataclass
class Writer:
    """Writes one routine, every step and comparison once."""

    compiled: Compiled
    lines: Mapping[int, int]
    draft: list[Draft] = field(default_factory=list)
    made: dict[object, Register] = field(default_factory=dict)

    def routine(self) -> Routine:
        """What has been written so far."""
        return _assembled(self.draft)

    def status(self, line: int, inside: Tree, exists: Tree, selected: Tree) -> None:
        """Write the statuses of a branch into their line."""
        verdicts = tuple(self._verdict(tree) for tree in (inside, exists, selected))
        self.draft.append((Op.STATUS, line, verdicts))

    def store(self, column: int, line: int, step: int) -> None:
        """Write an outcome into its column, for a branch whose statuses are in a line."""
        self.draft.append((Op.STORE, column, (self._long(step), line)))

    def _put(self, key: object, op: Op, *operands: Operand) -> Register:
        """The result of an operation, known by a key."""
        if key not in self.made:
            register = Register(len(self.made), op >= Op.SIGN)
            self.draft.append((op, register, operands))
            self.made[key] = register
        return self.made[key]

    # numbers

    def _number(self, step: int) -> Operand:
        """The operand for a step, whose own arguments come first."""
        open_ = [step]
        while open_:
            i = open_[-1]
            missing = [a for a in self.compiled.steps[i].arguments if not self._is_at_hand(a)]
            if self._is_at_hand(i) or not missing:
                self._operand(open_.pop())
            else:
                open_ += missing
        return self._operand(step)

    def _is_at_hand(self, step: int) -> bool:
        return step in self.lines or step in self.made

    def _operand(self, i: int) -> Operand:
        if i in self.lines:
            return self.lines[i]
        if i in self.made:
            return self.made[i]
        step = self.compiled.steps[i]
        if step.operation in PAIRS:
            operands = tuple(map(self._operand, step.arguments))
            shape = 1 if _is_down(operands[0]) else 2 if _is_down(operands[1]) else 0
            return self._put(i, Op(PAIRS[step.operation] + shape), *operands)
        if step.operation in SINGLES:
            return self._put(i, SINGLES[step.operation], *map(self._operand, step.arguments))
        left, right, *values = map(self._long, step.arguments)
        return self._put(i, Op.CHOOSE, left, right, values[0], values[-1])

    def _long(self, step: int) -> Operand:
        """A step as an operand that is as long as the chunk."""
        found = self._number(step)
        return self._put(("long", step), Op.SPREAD, found) if _is_down(found) else found

    # verdicts

    def _verdict(self, tree: Tree) -> Register:
        if isinstance(tree, bool):
            return self._put(("settled", tree), Op.SETTLED, 1 if tree else -1)
        word, *rest = tree
        if word == "gap":
            return self._comparison(*rest)
        if word == "not":
            return self._put(tree, Op.NOT, self._verdict(rest[0]))
        op = Op.AND if word == "and" else Op.OR
        return reduce(lambda x, y: self._put((op, x, y), op, x, y), map(self._verdict, rest[0]))

    def _comparison(self, gap: int, relation: str) -> Register:
        key = ("sign", gap)
        if key not in self.made:
            self._put(key, Op.SIGN, self._long(self.compiled.gaps[gap].step), gap)
        sign = self.made[key]
        if relation in ("gt", "ge"):
            return sign
        if relation in ("lt", "le"):
            return self._put(("not", sign), Op.NOT, sign)
        off = self._put(("off", sign), Op.OFF, sign)
        return off if relation == "ne" else self._put(("not", off), Op.NOT, off)


def _is_down(operand: Operand) -> bool:
    return not isinstance(operand, Register) and operand % KINDS == DOWN_LINE


def _assembled(draft: Sequence[Draft]) -> Routine:
    """Registers given places, used again after the last use but never by the instruction itself.

    (Where a result overwrites an operand, the loops take one row at a time.)
    """
    last = {operand: k for k, (_, _, operands) in enumerate(draft) for operand in operands}
    places: dict[Operand, int] = {}
    free: dict[bool, list[int]] = {False: [], True: []}
    count = {False: 0, True: 0}
    code = []
    for k, (op, out, operands) in enumerate(draft):
        if isinstance(out, Register):
            if not free[out.is_verdict]:
                free[out.is_verdict].append(count[out.is_verdict])
                count[out.is_verdict] += 1
            places[out] = free[out.is_verdict].pop()
        code.append(
            Instruction(
                op, places[out] if isinstance(out, Register) else out, *_written(operands, places)
            )
        )
        for operand in set(operands):
            if isinstance(operand, Register) and last[operand] == k:
                free[operand.is_verdict].append(places[operand])
    return Routine(tuple(code), count[False], count[True])


def _written(operands: Iterable[Operand], places: Mapping[Operand, int]) -> Iterable[int]:
    for operand in operands:
        if not isinstance(operand, Register):
            yield operand
        else:
            place = places[operand]
            yield place if operand.is_verdict else REGISTER + KINDS * place
