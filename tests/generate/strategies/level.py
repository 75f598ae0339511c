"""Relations with a level: convex, concave, cubic and rational shapes, u = payoff at nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import drawn_file, outcomes, parameter, rarely

PAYOFFS = (
    "b*a - c*a**2/2", "b*a - c*a**2/2", "b*a", "b*a + w", "b*a - c*a", "b*a - c*a**2/2 + w",
    "b*a + a**2/2", "b*a - c*a**3/3", "b*a/(1 + a) - c*a/4", "w", "w - c*a", "b*(1 - a)*a",
    "b*a**2", "b*a - a**2/2 - a**3/6",
)  # fmt: skip
GAINS = (
    "c*a**2/2", "c*a**2/2", "g*a", "a**2 + a/5", "g*a - a**2/4", "a**3", "g + a/2", "c*a + g*a**2",
    "a/(1 + a)", "4*a - 9*a**2 + 6*a**3", "g", "a*(1 - a)", "a**2/2 - a/10",
)  # fmt: skip
OUTSIDES = ("0", "0", "w", "u", "u", "w + u", "1/10", "-u")
HEADLINES = ("none", "constrained", "optimum", "full", "constrained")
MEASURED = ("level", "cooperation", "tipping_point", "first_best", "payoff", "social_first_best")


@st.composite
def level_games(draw: DrawFn) -> Drawn:
    """One relation, its outcomes nested two deep in the level and the parameters."""
    kinds = {
        "b": ("nonnegative", "positive", "free"),
        "c": ("positive", "nonnegative", "positive"),
        "g": ("nonnegative", "positive", "unit"),
        "w": ("free", "nonnegative", "unit"),
        "u": ("nonnegative", "unit"),
        "q": ("unit", "open unit"),
        "floor_": ("unit",),
        "n": ("size",),
    }
    known = [draw(parameter(name, of)) for name, of in kinds.items()]
    known.append(draw(parameter("delta", ("patience",), has_role=True)))
    known.append(draw(parameter("h", ("hazard",), has_role=True)))
    table = draw(tables())
    used = [p for p in known if p.name in "".join(map(str, table.values()))]
    named = draw(outcomes(["a", "a", *(p.name for p in used if len(p.name) == 1)]))
    if "delta" not in table["discount"]:
        known = [p for p in known if p.name != "delta"]
    if "h" not in table["discount"]:
        known = [p for p in known if p.name != "h"]
    body = {"level": table, **({"outcomes": named} if named else {})}
    headline = draw(st.sampled_from(HEADLINES))
    shown = (*draw(st.lists(st.sampled_from(MEASURED), max_size=2, unique=True)), *named)
    return draw(drawn_file("level", known, body, headline, shown=shown))


@st.composite
def tables(draw: DrawFn) -> dict[str, Any]:
    """The table `[level]`."""
    table: dict[str, Any] = {
        "payoff": draw(st.sampled_from(PAYOFFS)),
        "gain": draw(st.sampled_from(GAINS)),
        "discount": draw(
            st.sampled_from(["delta", "delta*(1 - h)", "delta*(1 - h)", "1/2", "delta/2", "0"])
        ),
    }
    if draw(st.booleans()):
        table["outside"] = draw(st.sampled_from(OUTSIDES))
    if draw(rarely(3)):
        table["detection"] = draw(st.sampled_from(["q", "1/2", "1 - q/2", "0"]))
    if draw(rarely(5)):
        table["social"] = draw(st.sampled_from(PAYOFFS))
    if draw(rarely(5)):
        table["floor"] = draw(st.sampled_from(["floor_", "1/4"]))
    if draw(rarely(10)):
        together = draw(st.sampled_from(["yes", "no"]))
        spread = draw(st.sampled_from(["q", "1/2"]))
        size = draw(st.sampled_from(["n", "3"]))
        table["news"] = {"partners": size, "spread": spread, "together": together}
    return table
