"""Routines performed over many cells in one compiled loop, without Python's lock: needs Numba.

A routine is a list of instructions on registers, each as long as a chunk of neighbouring rows. It
is read, not compiled: the loops below are compiled once on a machine, whatever the game. Each
operation rounds as NumPy's does, so that both ways give the same numbers.

Places in an array are unsigned: one that might be negative keeps the compiler from taking several
rows at a time. What has been compiled is kept on the disk until this file changes; so whatever is
stated in another file comes as an argument.
"""

from __future__ import annotations

import math
import operator
from enum import IntEnum
from typing import NamedTuple

import numba
import numpy as np

CHUNK = 512
REGISTER, ACROSS_LINE, DOWN_LINE = range(3)
KINDS = 3


class Op(IntEnum):
    """What an instruction does; `out` is where its result goes.

    The operations on two numbers come three by three: both operands are as long as the chunk, the
    left one is the same all over it, or the right one is.
    """

    ADD, ADD_LEFT, ADD_RIGHT = 0, 1, 2
    SUBTRACT, SUBTRACT_LEFT, SUBTRACT_RIGHT = 3, 4, 5
    MULTIPLY, MULTIPLY_LEFT, MULTIPLY_RIGHT = 6, 7, 8
    DIVIDE, DIVIDE_LEFT, DIVIDE_RIGHT = 9, 10, 11
    MAXIMUM, MAXIMUM_LEFT, MAXIMUM_RIGHT = 12, 13, 14
    MINIMUM, MINIMUM_LEFT, MINIMUM_RIGHT = 15, 16, 17
    NEGATIVE = 18
    ROOT = 19
    ABSOLUTE = 20
    FLOOR = 21
    CEILING = 22
    CHOOSE = 23
    SPREAD = 24
    STORE = 25
    SIGN = 26
    SETTLED = 27
    NOT = 28
    OFF = 29
    AND = 30
    OR = 31
    STATUS = 32


class Instruction(NamedTuple):
    """An operation, the register (or column, or branch) it writes, and its operands."""

    op: Op
    out: int
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0


fast = numba.njit(error_model="numpy")
place = numba.uint64


# --- loops over a chunk: numbers ---------------------------------------------------------------


def _loops(operation):
    """Loops for two lines, for a number and a line, and for a line and a number."""

    @fast
    def both(memory, out, x, y, size):
        for k in range(size):
            memory[out + k] = operation(memory[x + k], memory[y + k])

    @fast
    def left(memory, out, x, y, size):
        number = memory[x]
        for k in range(size):
            memory[out + k] = operation(number, memory[y + k])

    @fast
    def right(memory, out, x, y, size):
        number = memory[y]
        for k in range(size):
            memory[out + k] = operation(memory[x + k], number)

    return both, left, right


@fast
def _greater(x, y):
    return x if x >= y or x != x else y


@fast
def _less(x, y):
    return x if x <= y or x != x else y


add, add_left, add_right = _loops(operator.add)
subtract, subtract_left, subtract_right = _loops(operator.sub)
multiply, multiply_left, multiply_right = _loops(operator.mul)
divide, divide_left, divide_right = _loops(operator.truediv)
maximum, maximum_left, maximum_right = _loops(_greater)
minimum, minimum_left, minimum_right = _loops(_less)


def _loop(operation):
    """A loop for one line."""

    @fast
    def single(memory, out, x, size):
        for k in range(size):
            memory[out + k] = operation(memory[x + k])

    return single


negative, root, absolute = map(_loop, (operator.neg, math.sqrt, abs))


@fast
def repeat(memory, out, value, size):
    for k in range(size):
        memory[out + k] = value


@fast
def whole(memory, out, x, size, up, near):
    """Floor or ceiling; NaN next to an integer, where rounding may have crossed it."""
    for k in range(size):
        number = memory[x + k]
        found = np.ceil(number) if up else np.floor(number)
        touchy = abs(number - np.rint(number)) <= near * (1 + abs(number))
        memory[out + k] = np.nan if touchy else found


@fast
def choose(memory, out, x, y, then, otherwise, size, near):
    """`then` where x > y; NaN where they are too close to tell."""
    for k in range(size):
        left, right, one, other = (
            memory[x + k],
            memory[y + k],
            memory[then + k],
            memory[otherwise + k],
        )
        touchy = abs(left - right) <= near * _greater(abs(left), abs(right))
        found = one if left > right else other
        memory[out + k] = np.nan if touchy else found


# --- loops over a chunk: verdicts --------------------------------------------------------------


@fast
def sign(verdicts, memory, out, x, size, reach):
    """1 where a number is above zero by more than the reach, -1 where it is below, else 0."""
    for k in range(size):
        number = memory[x + k]
        verdicts[out + k] = np.int8(number > reach) - np.int8(number < -reach)


# --- results -----------------------------------------------------------------------------------


@fast
def status(statuses, start, verdicts, inside, exists, selected, size, names):
    """Write statuses of a branch; whether any stays open."""
    value, absent, outside, unselected, open_ = names
    doubt = np.int8(0)
    for k in range(size):
        here, there, chosen = verdicts[inside + k], verdicts[exists + k], verdicts[selected + k]
        code = value if chosen > 0 else unselected if chosen < 0 else open_
        code = code if there > 0 else absent if there < 0 else open_
        code = code if here > 0 else outside if here < 0 else open_
        statuses[start + k] = code
        doubt |= code
    return doubt < 0


@fast
def store(numbers, start, memory, x, statuses, own, size, value):
    """Write an outcome; whether it is not finite anywhere where the branch has a value."""
    doubt = np.int8(0)
    for k in range(size):
        number = memory[x + k]
        numbers[start + k] = number
        doubt |= np.int8(statuses[own + k] == value) & np.int8(not abs(number) < np.inf)
    return doubt > 0


# --- one instruction, one chunk, all jobs ------------------------------------------------------


@fast
def calculate(op, out, x, y, then, otherwise, memory, size, near):
    """An operation on numbers."""
    if op == Op.ADD:
        add(memory, out, x, y, size)
    elif op == Op.ADD_LEFT:
        add_left(memory, out, x, y, size)
    elif op == Op.ADD_RIGHT:
        add_right(memory, out, x, y, size)
    elif op == Op.SUBTRACT:
        subtract(memory, out, x, y, size)
    elif op == Op.SUBTRACT_LEFT:
        subtract_left(memory, out, x, y, size)
    elif op == Op.SUBTRACT_RIGHT:
        subtract_right(memory, out, x, y, size)
    elif op == Op.MULTIPLY:
        multiply(memory, out, x, y, size)
    elif op == Op.MULTIPLY_LEFT:
        multiply_left(memory, out, x, y, size)
    elif op == Op.MULTIPLY_RIGHT:
        multiply_right(memory, out, x, y, size)
    elif op == Op.DIVIDE:
        divide(memory, out, x, y, size)
    elif op == Op.DIVIDE_LEFT:
        divide_left(memory, out, x, y, size)
    elif op == Op.DIVIDE_RIGHT:
        divide_right(memory, out, x, y, size)
    elif op == Op.MAXIMUM:
        maximum(memory, out, x, y, size)
    elif op == Op.MAXIMUM_LEFT:
        maximum_left(memory, out, x, y, size)
    elif op == Op.MAXIMUM_RIGHT:
        maximum_right(memory, out, x, y, size)
    elif op == Op.MINIMUM:
        minimum(memory, out, x, y, size)
    elif op == Op.MINIMUM_LEFT:
        minimum_left(memory, out, x, y, size)
    elif op == Op.MINIMUM_RIGHT:
        minimum_right(memory, out, x, y, size)
    elif op == Op.NEGATIVE:
        negative(memory, out, x, size)
    elif op == Op.ROOT:
        root(memory, out, x, size)
    elif op == Op.ABSOLUTE:
        absolute(memory, out, x, size)
    elif op == Op.FLOOR:
        whole(memory, out, x, size, False, near)
    elif op == Op.CEILING:
        whole(memory, out, x, size, True, near)
    elif op == Op.CHOOSE:
        choose(memory, out, x, y, then, otherwise, size, near)
    elif op == Op.SPREAD:
        repeat(memory, out, memory[x], size)


@fast
def judge(op, out, x, y, verdicts, size):
    """An operation on verdicts: 1 where something holds, -1 where it fails, 0 where open."""
    if op == Op.NOT:
        negative(verdicts, out, x, size)
    elif op == Op.OFF:
        absolute(verdicts, out, x, size)
    elif op == Op.AND:
        minimum(verdicts, out, x, y, size)
    elif op == Op.OR:
        maximum(verdicts, out, x, y, size)


@fast
def located(operand, first, apart):
    """Where an operand of some kind begins in the memory."""
    return first[operand % KINDS] + place(operand // KINDS) * apart[operand % KINDS]


@numba.njit(error_model="numpy", nogil=True, cache=True)
def perform(
    code, starts, jobs, reach, memory, begin, apart, verdicts, statuses, numbers, room, names, near
):
    """Perform the routine of every job in its cells; returns in which some row stays open.

    `code` are the instructions of all routines and `starts` where each begins. A job is a routine,
    the lines from where to where, the rows of each from where to where, and the cell whose `reach`
    (by gap) counts. For each kind of operand `begin` tells where the first is in `memory`, `apart`
    how far they are apart. Row j of line i is at `room[0]` + i * `room[1]` + j of each line of
    `statuses` and `numbers`, which are `room[2]` long. `names` are the statuses: of a value,
    absent, outside the domain, not selected, open. What is relatively as `near` to a jump gets NaN.
    """
    chunk, length, first = place(CHUNK), place(room[2]), begin.copy()
    left = np.zeros(len(jobs), np.bool_)
    for job in range(len(jobs)):
        routine, top, bottom, start, stop, down, across = jobs[job]
        for i in range(top, bottom):
            first[DOWN_LINE] = begin[DOWN_LINE] + place(i)
            for j in range(start, stop, CHUNK):
                first[ACROSS_LINE] = begin[ACROSS_LINE] + place(j)
                size, row = place(min(CHUNK, stop - j)), place(room[0] + i * room[1] + j)
                for c in range(starts[routine], starts[routine + 1]):
                    op, out = code[c, 0], place(code[c, 1])
                    a, b = code[c, 2], code[c, 3]
                    if op < Op.STORE:
                        calculate(
                            op, begin[REGISTER] + out * chunk,
                            located(a, first, apart), located(b, first, apart),
                            located(code[c, 4], first, apart), located(code[c, 5], first, apart),
                            memory, size, near,
                        )  # fmt: skip
                    elif op == Op.STORE:
                        x, own = located(a, first, apart), place(b) * length + row
                        to = out * length + row
                        left[job] |= store(numbers, to, memory, x, statuses, own, size, names[0])
                    elif op == Op.STATUS:
                        known = place(a) * chunk, place(b) * chunk, place(code[c, 4]) * chunk
                        to = out * length + row
                        left[job] |= status(statuses, to, verdicts, *known, size, names)
                    elif op == Op.SIGN:
                        x, far = located(a, first, apart), reach[b, down, across]
                        sign(verdicts, memory, out * chunk, x, size, far)
                    elif op == Op.SETTLED:
                        repeat(verdicts, out * chunk, np.int8(a), size)
                    else:
                        x, y = place(a) * chunk, place(b) * chunk
                        judge(op, out * chunk, x, y, verdicts, size)
    return left


@fast
def copy(statuses, start, source, size):
    for k in range(size):
        statuses[start + k] = statuses[source + k]


@numba.njit(nogil=True, cache=True)
def fill(codes, downs, acrosses, statuses, room):
    """The status of each branch all over each cell, cells being cut at `downs` and `acrosses`.

    `codes` are by branch and cell, `statuses` and `room` as above. Lines of a band are alike.
    """
    first, width = acrosses[0], acrosses[len(acrosses) - 1] - acrosses[0]
    for branch in range(len(codes)):
        for band in range(len(downs) - 1):
            line = branch * room[2] + room[0] + downs[band] * room[1]
            for cell in range(len(acrosses) - 1):
                start, size = line + acrosses[cell], acrosses[cell + 1] - acrosses[cell]
                repeat(statuses, place(start), codes[branch, band, cell], place(size))
            line += first
            for i in range(1, downs[band + 1] - downs[band]):
                copy(statuses, place(line + i * room[1]), place(line), place(width))
