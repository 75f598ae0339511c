"""Ties between two unequal sides, with and without transfers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import Parameter, drawn_file, outcomes, parameter, rarely

PAYOFFS = (
    "b*a - a**2/2", "b*a - c*a**2/2", "w*a - a**2/2", "b*a", "w*a", "b*a - a", "a - a**2/2",
    "a/2", "w", "b*a - a**3/3", "-a/4", "b*a/(1 + a)", "b*a + w",
)  # fmt: skip
GAINS = ("a**2/2", "c*a**2/2", "a/2", "c*a", "a**2 + a/5", "a**3", "0", "a - a**2/4", "1/10 + a/2")
OUTSIDES = ("0", "0", "u", "w/2", "1/5", "-u")


@st.composite
def tie_games(draw: DrawFn) -> Drawn:
    """Two sides and one level."""
    kinds = {
        "b": ("nonnegative", "positive", "free"),
        "c": ("positive", "nonnegative"),
        "w": ("free", "nonnegative", "unit"),
        "u": ("nonnegative", "unit"),
        "q": ("unit", "open unit"),
        "s": ("unit",),
    }
    known: list[Parameter] = [draw(parameter(name, of)) for name, of in kinds.items()]
    table: dict[str, Any] = {"discount": draw(st.sampled_from(["delta", "delta*(1 - h)", "1/2"]))}
    for name, kind in (("delta", "patience"), ("h", "hazard")):
        if name in table["discount"]:
            known.append(draw(parameter(name, (kind,), has_role=True)))
    table["transfers"] = draw(st.sampled_from(["yes", "no"]))
    if table["transfers"] == "yes" and draw(rarely(2)):
        table["share"] = draw(st.sampled_from(["s", "1/3", "0", "1"]))
    if draw(rarely(4)):
        table["detection"] = draw(st.sampled_from(["q", "1/2"]))
    if draw(rarely(5)):
        table["floor"] = draw(st.sampled_from(["1/4", "s"]))
    table["sides"] = {name: draw(sides()) for name in ("small", "large")}
    named = draw(outcomes(["a", "a"]))
    body = {"tie": table, **({"outcomes": named} if named else {})}
    headline = draw(st.sampled_from(["none", "optimum", "full"]))
    return draw(drawn_file("tie", known, body, headline, shown=("level", *named)))


@st.composite
def sides(draw: DrawFn) -> dict[str, str]:
    found = {"payoff": draw(st.sampled_from(PAYOFFS)), "gain": draw(st.sampled_from(GAINS))}
    if draw(st.booleans()):
        found["outside"] = draw(st.sampled_from(OUTSIDES))
    return found
