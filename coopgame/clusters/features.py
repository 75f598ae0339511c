"""Table 1 of the paper as outcomes: dependence, vulnerability, hierarchy, specialisation, exchange.

What small firms earn is the measure. Dependence is an elasticity with the relationships as they
are, and the loss once outside buyers or large firms have gone and all has settled anew. A radical
change makes carrying on as before cost what the codebook's graver threat does, wipes out every
relationship (the paper's footnote 4), and leaves the trust of those without ties or experience.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coopgame.clusters.codebook import Codebook, Drawing, drawn
from coopgame.clusters.equilibria import followed
from coopgame.clusters.ground import At, ground
from coopgame.clusters.relationships import Column, Truth
from coopgame.clusters.state import earned
from coopgame.clusters.typology import Profile, kinds
from coopgame.clusters.walk import START, Pattern, active_in

FEW = 200  # draws at which all settles anew: what is lost has a standard error near 0.01 then
STEP = 1e-6  # of what a partner brings; earnings are piecewise smooth and of order 1
GONE = 9.0  # beyond what any partner brings or is offered, in units of a good firm's profit
HARD, STRANGERS = (
    ("phi", "c"),
    ("p", "b"),
)  # the codebook's answers that a radical change makes true


def features(
    codebook: Codebook, at: At, pattern: Pattern, out: Mapping[str, Column], few: int = FEW
) -> dict[str, Column]:
    """Each row at every draw in its equilibrium; what is lost at the first `few` of them."""
    small = np.maximum(out["formal"] - out["made"], 1e-12)
    formal = np.maximum(out["formal"], 1e-12)
    found = _dependence(at, pattern, out["left"] > 0)
    here, now = ({name: column[:few] for name, column in of.items()} for of in (at, out))
    found |= _losses(codebook, here, now, pattern[:few])
    return found | {
        "hierarchy": out["spokes"] / small,
        "specialisation": out["stages"],
        "exchange": np.maximum(out["technology"], out["design"]),
        "collective action": out["association"],
        "large firms make everything": np.asarray(
            (out["made"] > formal / 2) & (out["spokes"] < formal / 10), dtype=float
        ),
    }


def _dependence(at: At, pattern: Pattern, left: Truth) -> dict[str, Column]:
    """The elasticity of small firms' earnings in what an order, or stage work, brings."""
    gathering, now = ground(at).gathering, _earned(at, pattern, left)
    order = at["d"] - at["zeta"] + gathering - at["phi"]
    stage = at["v_L"] - at["tau"] + gathering - at["phi"] * (1 - at["r"])
    partners = {"outside buyers": ("d", order), "large firms": ("v_L", stage)}
    found = {}
    for who, (name, brings) in partners.items():
        less = _earned({**at, name: at[name] - STEP}, pattern, left)
        found[f"dependence on {who}"] = (now - less) / STEP * np.maximum(brings, 0) / now
    return found


def _losses(
    codebook: Codebook, at: At, out: Mapping[str, Column], pattern: Pattern
) -> dict[str, Column]:
    """What small firms lose, as a share of what they earn, once all has settled anew.

    Settled without the change, too: a year more of history may begin what was not begun yet.
    """
    left, none = out["left"] > 0, np.zeros_like(pattern)
    hard = {"phi": np.maximum(at["phi"], _middle(codebook, *HARD))}
    strange = {"p": np.minimum(at["p"], _middle(codebook, *STRANGERS))}
    gone = {"d": np.full_like(at["d"], -GONE)}, {"v_a": np.full_like(at["v_a"], GONE)}
    now = _earned(at, pattern, left)
    settled = _settled(
        at,
        [({}, pattern), (gone[0], pattern), (gone[1], pattern), (hard, pattern),
         (hard | strange, none)],
    )  # fmt: skip
    unchanged = settled[0]
    buyers, large, kept, anew = (1 - after / unchanged for after in settled[1:])
    return {
        "lost if outside buyers went": buyers,
        "lost if large firms left": large,
        "rests on co-operation": 1 - _earned(at, none, left) / now,
        "lost in a radical change": anew,
        "of this for want of trust": anew - kept,
    }


def _settled(at: At, changes: Sequence[tuple[Mapping[str, Column], Pattern]]) -> list[Column]:
    """What small firms earn after each change, with history going on from what is left."""
    columns = [{**at, **change, START: start.astype(float)} for change, start in changes]
    stacked = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
    points = followed(stacked)
    rest = points.selected()
    left = points.outcomes(rest)["left"] > 0
    return np.split(_earned(stacked, rest, left), len(changes))


def _earned(at: At, pattern: Pattern, left: Truth) -> Column:
    columns = {name: column[:, None] for name, column in at.items() if name != START}
    active = {name: bits[:, None] for name, bits in active_in(pattern).items()}
    found = earned(columns, active, left[:, None])
    return np.broadcast_to(found, (len(pattern), 1))[:, 0]


def _middle(codebook: Codebook, name: str, answer: str) -> float:
    within = codebook.parameters[name].by_answer[answer]
    return (within.low + within.high) / 2


def means(found: Mapping[str, Column], where: Truth | None = None) -> dict[str, float]:
    """The mean of each row over the draws, or over some of them."""
    some = {n: c if where is None else c[where[: len(c)]] for n, c in found.items()}
    return {name: float(column.mean()) if len(column) else 0.0 for name, column in some.items()}


def by_type(
    codebook: Codebook, profiles: Sequence[Profile], draws: Drawing
) -> dict[str, dict[str, float]]:
    """The rows of each type: means over the draws of the whole prior that are of it."""
    at = drawn(codebook, {}, draws)
    points = followed(at)
    pattern = points.selected()
    out = points.outcomes(pattern)
    kind, found = kinds(profiles, out), features(codebook, at, pattern, out, draws.count)
    return {p.type: means(found, kind == i) for i, p in enumerate(profiles)}
