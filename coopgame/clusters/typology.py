"""The types of cluster, by ordered rules on where firms sell and what they sustain together.

The order and the rules follow the paper: survival clusters stand below "the minimum threshold";
satellites sell to firms outside, hub-and-spoke districts to large firms inside; what divides an
Italianate district from a stagnating agglomeration is the step "from only information exchange to
collective action" (section "Cluster trajectories"). Each rule is an inequality, so the borders
between types are exact surfaces. The state-anchored type is not covered, as in the paper.
"""

from __future__ import annotations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clusters.model import Cluster
from coopgame.printing import symbol

SURVIVAL = "survival cluster"
SATELLITE = "satellite"
HUB_AND_SPOKE = "hub-and-spoke"
ITALIANATE = "Italianate"
STAGNATING = "stagnating agglomeration"

TYPES = (SURVIVAL, SATELLITE, HUB_AND_SPOKE, ITALIANATE, STAGNATING)


def rules(cluster: Cluster) -> tuple[tuple[str, Boolean], ...]:
    """Each type with its condition, in the parameters and the levels; the first that holds wins."""
    half = sympy.Rational(1, 2)
    formal = [channel.need for channel in cluster.channels if channel.name != "local"]
    return (
        (SURVIVAL, sympy.Min(*formal) > half),
        (SATELLITE, cluster.outputs["external"] > half),
        (HUB_AND_SPOKE, cluster.outputs["lead"] > half),
        (ITALIANATE, symbol("collective") > 0),
        (STAGNATING, sympy.true),
    )
