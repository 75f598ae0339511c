"""Identical players: linear, quadratic, stepwise and constant gains, from two players on."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import constants, drawn_file, outcomes, parameter

PAYOFFS = (
    "b*(k + 1) - c", "b*k", "b*k/{n}", "b*(k + 1)/{n} - c", "piecewise(b, k >= {m}, 0) - c",
    "piecewise(b, k >= {m}, 0)", "c", "0", "b", "x", "b*k - c*k**2/4", "min(k, {m})*b",
    "x*(k - {m})", "max(b - k, 0)", "b - x*k", "b*(1 - (k/{n})**2)", "1", "k", "c*k",
    "b*sqrt(k + 1)",
    "b*exp(-k)", "(k - 1)*(k - 2)*x", "floor(k/2)*b", "piecewise(b, k == {m}, c)",
)  # fmt: skip


@st.composite
def symmetric_games(draw: DrawFn) -> Drawn:
    """n players with two actions, the payoffs by how many others take the first."""
    known = [
        draw(parameter("b", ("positive", "nonnegative", "free"))),
        draw(parameter("c", ("nonnegative", "positive", "free"))),
        draw(parameter("x", ("free", "unit", "integer"))),
        draw(parameter("m", ("integer",))),
        draw(parameter("n", ("size",))),
        draw(parameter("delta", ("patience",), has_role=True)),
        draw(parameter("h", ("hazard",), has_role=True)),
    ]
    n = draw(st.sampled_from(["n", "n", "n", "2", "3", "4", "5"]))
    m = draw(st.sampled_from(["1", "2", "m", "2"]))
    payoff = st.sampled_from(PAYOFFS).map(lambda text: text.format(n=n, m=m)) | constants()
    first, second = draw(payoff), draw(payoff)
    patience = draw(st.sampled_from(["", "", "delta", "delta*(1 - h)", "1/2"]))
    leaves = ["cooperation", "welfare", "b" if "b" in first + second else "1"]
    named, mixed = draw(outcomes(leaves)), draw(outcomes([*leaves, "chance"], 1))
    mixed = {"w" + name: text for name, text in mixed.items()}
    body = {
        "players": n,
        "actions": ["join", "stay"],
        **({"patience": patience} if patience else {}),
        "payoffs": {"join": first, "stay": second},
        **({"outcomes": named} if named else {}),
        **({"mixed_outcomes": mixed} if mixed else {}),
    }
    known = [p for p in known if not p.role or (p.name == "h" and "h" in patience)
             or (p.name == "delta" and "delta" in patience)]  # fmt: skip
    heads = ["all_join", "all_stay", "mixed", *(["all_join_repeated"] if patience else [])]
    headline = draw(st.sampled_from(heads))
    shown = ("cooperation", "welfare", *named)
    return draw(drawn_file("symmetric", known, body, headline, (first, second, "0"), shown))
