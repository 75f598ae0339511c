"""Why co-operation starts in one place and not in another: which differences it takes.

Two points of one cluster model differ in some parameters. A set of them is pivotal if giving the
first place the second's values on that set stops co-operation there, and no smaller set does; and
the other way round for starting it. A parameter in no such set makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import sympy

from coopgame.clusters.borders import Point, floats
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import equilibrium
from coopgame.errors import InputError

LARGEST = 3


@dataclass(frozen=True)
class Contrast:
    """Two places: where they differ, which sets of differences stop and which start co-operation.

    `differences` maps a parameter to its value in the first place (which co-operates) and in the
    second. `stops` are the smallest sets that, taken over from the second, stop it in the first;
    `starts` those that, taken over from the first, start it in the second.
    """

    relation: str
    differences: Mapping[str, tuple[sympy.Rational, sympy.Rational]]
    stops: tuple[frozenset[str], ...]
    starts: tuple[frozenset[str], ...]


def contrast(
    compiled: CompiledCluster, one: Point, other: Point, relation: str = "collective"
) -> Contrast:
    """The pivotal differences between a place where a relation is sustained and one where not.

    Sets of up to three parameters are tried; those found are confirmed exactly. Raises InputError
    unless the relation is sustained in the first place and not in the second.
    """
    cluster = compiled.cluster
    known = [equilibrium(cluster, point)[relation].is_sustained for point in (one, other)]
    if known != [True, False]:
        told = ", ".join("sustained" if held else "not sustained" for held in known)
        raise InputError(
            f"{relation} is {told}", "name a phase that co-operates first, then one that does not"
        )
    names = [n for n in cluster.domain.names if n in compiled.telling and one[n] != other[n]]
    return Contrast(
        relation,
        {name: (one[name], other[name]) for name in names},
        tuple(_pivotal(compiled, one, other, names, relation, wanted=False)),
        tuple(_pivotal(compiled, other, one, names, relation, wanted=True)),
    )


def _pivotal(
    compiled: CompiledCluster,
    base: Point,
    source: Point,
    names: list[str],
    relation: str,
    wanted: bool,
) -> Iterator[frozenset[str]]:
    """The smallest sets of values from `source` that turn the relation on (off) in `base`."""
    found: list[frozenset[str]] = []
    for size in range(1, LARGEST + 1):
        tried = [frozenset(c) for c in combinations(names, size)]
        tried = [c for c in tried if not any(small <= c for small in found)]
        if not tried:
            break
        columns = floats(base) | {
            name: np.array([float((source if name in c else base)[name]) for c in tried])
            for name in names
        }
        turned = (compiled.levels(columns)[relation] > 0) == wanted
        found += [c for c, yes in zip(tried, turned, strict=True) if yes]
    for chosen in found:
        mixed = {**base, **{name: source[name] for name in chosen}}
        if equilibrium(compiled.cluster, mixed)[relation].is_sustained == wanted:
            yield chosen
