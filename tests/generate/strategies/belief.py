"""Ventures on a belief: stakes in symbols, chances of success inside their bounds."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import drawn_file, parameter

GAINS = ("g", "g", "g - l/2", "g - 1", "1", "sqrt(2)", "max(g, l)", "g*l", "0", "g/(1 + l)")
LOSSES = ("l", "l", "l + 1", "1", "1/2 + l**2", "max(l, 1)", "sqrt(2)", "exp(-l)")
CHANCES = (
    ("1 - e", "d"), ("1 - e", "d"), ("9/10", "1/2"), ("1 - e", "1/4"), ("1/2 + e/2", "1/2 - d/2"),
    ("2/3", "1/3"), ("1 - e", "e"), ("sqrt(2)/2", "1/2"), ("4/5", "d/2"),
)  # fmt: skip
HEADLINES = ("ventures", "locked_in", "hopeless", "ventures")
SHOWN = ("needed", "margin", "failures_to_lose", "asymmetry", "lift", "trust")


@st.composite
def belief_games(draw: DrawFn) -> Drawn:
    """One venture; that success is likelier in the trustworthy culture is bounded or assumed."""
    known = [
        draw(parameter("g", ("nonnegative", "positive", "free"))),
        draw(parameter("l", ("positive",))),
        draw(parameter("p", ("open unit",))),
        draw(parameter("e", ("tenth",))),
        draw(parameter("d", ("tenth",))),
    ]
    high, low = draw(st.sampled_from(CHANCES))
    body = {
        "prior": draw(st.sampled_from(["p", "p", "p", "1/2", "1/3", "p/2", "sqrt(2)/2", "9/10"])),
        "gain": draw(st.sampled_from(GAINS)),
        "loss": draw(st.sampled_from(LOSSES)),
        "success": {"trustworthy": high, "untrustworthy": low},
    }
    shown = tuple(draw(st.lists(st.sampled_from(SHOWN), max_size=2, unique=True)))
    compared = (f"({body['prior']})*({body['gain']})", f"(1 - {body['prior']})*({body['loss']})")
    headline = draw(st.sampled_from(HEADLINES))
    return draw(drawn_file("belief", known, body, headline, compared, shown))
