"""Games nobody has seen: ten of every form, the quick ones in the ordinary run and the others in
the slow one; a hundred more in the long one.

What must hold of each stands in `generate/`; `python -m tests.generate` tries thousands. A fault
shows the whole file with points and commands at its head; saved, `--replay FILE` tries it again.
"""

from __future__ import annotations

import pytest

from tests.generate.drawing import drawn_by
from tests.generate.examine import examine
from tests.generate.strategies import GAMES

FEW, MANY = 10, 100
# Games that took more than two and a half seconds when they were last measured, but for three of
# each form: the slow run has these.
LASTING = {
    "normal": (2,), "several": (5, 9), "symmetric": (0, 1, 3, 8), "repeated": (0, 4, 5, 6, 7, 8, 9),
    "level": (1, 2, 3, 5, 7, 8, 9), "tie": (1, 2, 4, 5, 6, 7, 8), "contract": (1, 2, 6, 9),
    "sequential": (6, 8), "belief": (4, 5, 9),
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form"),
    [(n, form) for form in GAMES for n in range(FEW) if n not in LASTING.get(form, ())],
)
def test_a_few_games_of_every_form(number: int, form: str) -> None:
    tried(number, form)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "form"), [(number, form) for form, lasting in LASTING.items() for number in lasting]
)
def test_games_that_take_long(number: int, form: str) -> None:
    tried(number, form)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("form", GAMES)
@pytest.mark.parametrize("number", range(FEW, FEW + MANY))
def test_many_games_of_every_form(number: int, form: str) -> None:
    tried(number, form)


def tried(number: int, form: str) -> None:
    drawn = drawn_by(number, form)
    # What takes long is told by the script; how long depends on the machine.
    faults = [fault for fault in examine(drawn).faults if fault.kind != "slow"]
    told = "\n".join(f"[{f.kind}] {f.command}\n{f.seen}\n{f.trace}" for f in faults)
    assert not faults, f"{told}\n\n{drawn.written()}"
