"""Links between relations: those that help are taken, others refused with a witness that shows it.

Each test states the baseline with one thing changed, and reads it as the catalogue would.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sympy

from coopgame import catalogue
from coopgame.clusters import links
from coopgame.clusters.model import Cluster, Relation
from coopgame.errors import Fault, InputError
from coopgame.language.expressions import parse
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Sign, Verdict

Read = Callable[[dict[str, str]], list[Fault]]


@pytest.fixture(scope="module")
def linked(cluster: Cluster) -> Read:
    """The faults of the baseline's relation `horizontal` with some bindings changed."""
    names = {*cluster.domain.names, "collective", "sustained_collective"}

    def read(changes: dict[str, str]) -> list[Fault]:
        changed = {symbol(key): parse(text, names) for key, text in changes.items()}
        first = cluster.relation("horizontal")
        others = [relation for relation in cluster.relations if relation is not first]
        bound = {**first.bound, **changed}
        return list(links.faults([replace(first, bound=bound), *others], cluster.domain))

    return read


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"q": "q_x + (1 - q_x)*nu*collective"},
        {"u": "u_x*(1 - collective)"},
    ],
    ids=["free news", "news in proportion", "a poorer alternative"],
)
def test_a_link_that_helps_is_taken(linked: Read, changes: dict[str, str]) -> None:
    assert linked(changes) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"u": "u_x + sustained_collective/4"},
        {"rho": "rho_x + collective/2"},
        {"m": "1/2"},
        {"q": "q_x*(1 - collective/2)"},
        {"h": "h*(1 + sustained_collective)/2"},
    ],
    ids=["a better alternative", "more to exploit", "news that cost", "silence", "unrest"],
)
def test_a_link_that_hinders_is_refused_with_a_witness_that_shows_it(
    cluster: Cluster, linked: Read, changes: dict[str, str]
) -> None:
    """At the witness the level named enforces itself, and no longer once the link has risen.

    This is checked by exact substitution of the witness into the game's own conditions.
    """
    (fault,) = linked(changes)
    assert fault.place == "relations.horizontal"
    found = re.fullmatch(
        r"(\w+) makes less enforce itself as it rises to \1' at (.*)", fault.problem
    )
    assert found, fault.problem
    link, stated = found.groups()
    values = {k: sympy.Rational(v) for k, v in (p.split(" = ") for p in stated.split(", "))}
    low, high = values[link], values[f"{link}'"]
    assert 0 <= low < high <= 1
    names = {*cluster.domain.names, link}
    bound = {**cluster.relation("horizontal").bound}
    bound |= {symbol(key): parse(text, names) for key, text in changes.items()}
    relation = replace(cluster.relation("horizontal"), bound=bound)
    held = [_holds(relation, cluster.domain.defaults, {**values, link: at}) for at in (low, high)]
    assert held == [True, False]


def _holds(
    relation: Relation, defaults: Mapping[str, sympy.Rational], values: dict[str, sympy.Rational]
) -> bool:
    extremum = relation.solution.extrema["level"]
    at = {symbol(n): v for n, v in {**defaults, **values}.items()}
    own = {k: v.subs(at) for k, v in relation.bound.items()}
    own[extremum.variable] = values["level'"]
    return all(condition.subs(own) == sympy.true for condition in extremum.conditions)


def test_a_link_that_nobody_can_prove_says_so(
    linked: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Sign("?", False, Verdict.UNDECIDED)
    monkeypatch.setattr(links, "region_sign", lambda *_: unknown)
    faults = linked({})
    told = {fault.place: fault.problem for fault in faults}
    assert "no proof that sustained_collective helps" in told["relations.horizontal"]
    assert "no proof that sustained_horizontal helps" in told["relations.collective"]
    assert all(fault.mend for fault in faults)


def test_levels_in_a_circle_are_refused_with_the_mend(tmp_path: Path) -> None:
    text = catalogue.find("baseline", "clusters").read_text(encoding="utf-8")
    text = text.replace("ease*sustained_horizontal", "ease*horizontal")
    text = text.replace("nu*sustained_collective", "nu*collective")
    path = tmp_path / "circle.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_cluster(str(path))
    (fault,) = caught.value.faults
    assert "circle: " in fault.problem
    assert {"horizontal", "collective"} <= set(re.findall(r"\w+", fault.problem))
    assert "sustained_NAME" in fault.mend
