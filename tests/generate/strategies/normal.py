"""Games in normal form: ties, duplicate rows, one-action players, irrational and piecewise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import Parameter, constants, drawn_file, outcomes, parameters, payoffs, rarely

# Beyond 2x2 only so many payoffs are expressions: supports multiply, and a game must solve at once.
RICH = 4
LETTERS = ("r", "c", "m", "w")


@st.composite
def normal_games(draw: DrawFn) -> Drawn:
    """Two players with 1 to 4 actions."""
    sizes = [draw(st.sampled_from([2, 2, 2, 3, 3, 1, 4])) for _ in range(2)]
    return draw(games(sizes))


@st.composite
def several_games(draw: DrawFn) -> Drawn:
    """Three players, now and then four, with 1 to 3 actions."""
    count = draw(st.sampled_from([3, 3, 3, 4]))
    sizes = [draw(st.sampled_from([2, 2, 2, 1, 3] if count == 3 else [2, 1])) for _ in range(count)]
    return draw(games(sizes))


@st.composite
def games(draw: DrawFn, sizes: Sequence[int]) -> Drawn:
    known = draw(parameters(("x", "y", "t"), least=0))
    players = [f"p{letter}" for letter in LETTERS[: len(sizes)]]
    actions = [
        [f"{letter}{i}" for i in range(1, size + 1)]
        for letter, size in zip(LETTERS, sizes, strict=False)
    ]
    table = draw(tables(known, actions))
    leaves = [p.name for p in known]
    leaves += [f"{players[0]}_payoff", f"{players[0]}_{actions[0][0]}", f"{players[1]}_payoff"]
    named = draw(outcomes(leaves))
    body = {
        "players": dict(zip(players, actions, strict=True)),
        "payoffs": {",".join(profile): row for profile, row in table.items()},
        **({"outcomes": named} if named else {}),
    }
    profiles = [",".join(profile) for profile in table]
    headline = draw(st.sampled_from(["", "mixed", *profiles[:3]]))
    compared = [text for row in table.values() for text in row]
    return draw(drawn_file("normal", known, body, headline, compared, tuple(named)))


@st.composite
def tables(
    draw: DrawFn, known: Sequence[Parameter], actions: Sequence[Sequence[str]]
) -> dict[tuple[str, ...], list[str]]:
    """The payoffs of every profile; some rows twice, so that actions are equivalent."""
    profiles = list(product(*actions))
    plain = st.integers(0, 2).map(str) | constants(irrational=False)
    table = {profile: [draw(plain) for _ in actions] for profile in profiles}
    most = 2 * len(actions) * len(profiles) // 3 if len(profiles) <= 4 else RICH
    places = st.tuples(st.sampled_from(profiles), st.integers(0, len(actions) - 1))
    for profile, player in draw(st.lists(places, max_size=most, unique=True)):
        table[profile][player] = draw(payoffs(known))
    if draw(rarely(4)):
        player = draw(st.integers(0, len(actions) - 1))
        first, last = actions[player][0], actions[player][-1]
        for profile in profiles:
            if profile[player] == last:
                twin = tuple(first if i == player else a for i, a in enumerate(profile))
                table[profile] = list(table[twin])
    if draw(rarely(4)):
        table = {profile: [row[0]] * len(actions) for profile, row in table.items()}
    return table
