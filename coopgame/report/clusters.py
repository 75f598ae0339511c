"""What a cluster model says about itself: channels, relations and links, levers, parameters."""

from __future__ import annotations

from typing import Any

import sympy

from coopgame.clusters.model import Cluster, Lever, Relation
from coopgame.language.printing import to_text
from coopgame.report.games import paragraphs, parameter_record, parameter_table
from coopgame.report.tables import Facts, Report, ReportPart, Table, columns, facts, origin


def cluster_report(cluster: Cluster) -> Report:
    """A cluster's description, what it is made of, what policy can move, and its parameters."""
    parameters = parameter_table(cluster.domain.parameters)
    return Report(
        title=cluster.info.title,
        sections=(
            ReportPart("", tuple(paragraphs(cluster.info.description))),
            ReportPart("Channels and large local firms", (_channels(cluster), _large(cluster))),
            ReportPart("Relations, each a game bound to the cluster", (_relations(cluster),)),
            ReportPart("Levers", (_levers(cluster),)),
            ReportPart("Parameters", (parameters,)),
        ),
        table=parameters,
        record=_record(cluster),
        origin=origin(cluster.info),
    )


def _channels(cluster: Cluster) -> Table:
    rows = [(c.name, c.margin, c.gain, c.need, c.output) for c in cluster.channels]
    return Table(columns("channel", "margin", "gain from relations", "capability", "output"), rows)


def _large(cluster: Cluster) -> Facts:
    large = cluster.large
    values = [(f"profit if they {mode}", [value]) for mode, value in large.values.items()]
    return facts([("output", [large.size]), ("part put out", [large.put_out]), *values])


def _relations(cluster: Cluster) -> Facts:
    entries = []
    for relation in cluster.relations:
        lines = [f"{relation.meaning}; game {relation.solution.name}"]
        lines.append(f"trust = {to_text(relation.trust)}; floor = {to_text(relation.floor)}")
        lines += _brought(relation)
        entries.append((relation.name, [*lines, ", ".join(_bindings(relation))]))
    return facts(entries)


def _brought(relation: Relation) -> list[str]:
    """What the relation brings a small firm beside its channel's gain, if anything."""
    whose = "every small firm" if relation.among is None else f"who sells through {relation.among}"
    told = {"sustained": relation.gain, "not sustained": relation.alone}
    return [f"{whose} has {to_text(v)} where it is {k}" for k, v in told.items() if v != 0]


def _bindings(relation: Relation) -> list[str]:
    """What each parameter of the game is; what is bound to no more than 0 is left out."""
    return [f"{name} = {_written(value)}" for name, value in relation.bound.items() if value != 0]


def _written(value: sympy.Expr) -> str:
    return "next best channel" if value.has(sympy.Piecewise) else to_text(value)


def _levers(cluster: Cluster) -> Table:
    rows = [
        (
            lever.parameter,
            "up" if lever.rises else "down",
            lever.reach,
            lever.instrument,
            lever.place,
        )
        for lever in cluster.levers
    ]
    return Table(columns("lever", "moves", "at most by", "instrument", "source"), rows)


def _record(cluster: Cluster) -> dict[str, Any]:
    return {
        "cluster": cluster.info.name,
        "title": cluster.info.title,
        "description": cluster.info.description.strip(),
        "source": cluster.info.source.strip(),
        "digest": cluster.info.digest,
        "channels": {
            c.name: {k: to_text(getattr(c, k)) for k in ("margin", "gain", "need", "output")}
            for c in cluster.channels
        },
        "large": {mode: to_text(value) for mode, value in cluster.large.values.items()},
        "relations": {
            r.name: {
                "game": r.solution.name,
                "meaning": r.meaning,
                "trust": to_text(r.trust),
                "floor": to_text(r.floor),
                "gain": to_text(r.gain),
                "alone": to_text(r.alone),
                "among": r.among,
                "bind": {str(name): to_text(value) for name, value in r.bound.items()},
            }
            for r in cluster.relations
        },
        "levers": [_lever_record(lever) for lever in cluster.levers],
        "parameters": [parameter_record(p) for p in cluster.domain.parameters],
    }


def _lever_record(lever: Lever) -> dict[str, Any]:
    return {
        "parameter": lever.parameter,
        "direction": "up" if lever.rises else "down",
        "reach": None if lever.reach is None else to_text(lever.reach),
        "instrument": lever.instrument,
        "source": lever.place,
    }
