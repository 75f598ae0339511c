"""Sobol indices of a cluster's type, and of the levels of its relations, in its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.typology import TYPES
from coopgame.errors import unknown
from coopgame.language.deciding import number
from coopgame.tables.grids import Floats
from coopgame.tables.sensitivity import Asked, Sensitivity, answer, drawn, some
from coopgame.tables.spans import spans

TYPE = "type"


def of_case(case: Case, phase: Phase, asked: Asked) -> Sensitivity:
    """The indices of whether a cluster has the type of its phase, or of other outcomes.

    An outcome is `type` (1 where the type is that of the phase, else 0; the default), a type (1
    where the cluster is of it, else 0) or a relation (its level of co-operation).
    """
    cluster = case.cluster
    compiled = CompiledCluster(cluster)
    names = asked.outcomes or (TYPE,)
    known = (TYPE, *TYPES, *(relation.name for relation in cluster.relations))
    for name in names:
        if name not in known:
            raise unknown("outcome", name, known)
    point = cluster.domain.point({**phase.point, **asked.values})
    free = {name: value for name, value in point.items() if name not in asked.values}
    moving = some(spans(cluster.domain, free, asked.ranges, asked.width))
    draws = drawn(moving, asked.sampling)
    columns: dict[str, Any] = {name: number(value) for name, value in point.items()}
    here = TYPES[int(compiled.types(columns))]
    columns |= {span.name: draws[:, j] for j, span in enumerate(moving)}
    found = _cluster_outcomes(compiled, columns, names, here)
    where = f"{phase.name} ({phase.year}), {here}"
    return answer(case.info, where, (moving, point), (asked.width, asked), found)


def _cluster_outcomes(
    compiled: CompiledCluster, columns: Mapping[str, Any], names: Iterable[str], here: str
) -> dict[str, Floats]:
    types, levels = compiled.types(columns), compiled.levels(columns)
    found = {}
    for name in names:
        if name in levels:
            found[name] = levels[name]
        else:
            kind = here if name == TYPE else name
            found[kind] = (types == TYPES.index(kind)).astype(float)
    return found
