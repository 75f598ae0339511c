"""The cluster model: shares by pen and paper, types by rule, Criciúma by its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import sympy

from coopgame import catalogue
from coopgame.clusters import typology
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify, compiled_type
from coopgame.clusters.model import Channel, Cluster, _share
from coopgame.errors import InputError
from coopgame.printing import symbol
from coopgame.solution import decide


def channel(name: str, worth: str, need: str) -> Channel:
    return Channel(name, sympy.Rational(worth), sympy.Rational(need), sympy.S.One)


def test_shares_by_pen_and_paper() -> None:
    """Needs 0, 1/5, 3/10, 1/2 in rising order of worth: each channel holds the gap to the next."""
    channels = [
        channel("local", "1/10", "0"),
        channel("external", "1/2", "1/5"),
        channel("lead", "3/5", "3/10"),
        channel("direct", "1", "1/2"),
    ]
    shares = [_share(c, channels) for c in channels]
    assert shares == [sympy.Rational(n, 10) for n in (2, 1, 2, 5)]


def test_a_channel_worth_less_and_harder_is_empty() -> None:
    channels = [
        channel("local", "0", "0"),
        channel("external", "1", "1/5"),
        channel("lead", "1/2", "1/2"),
    ]
    assert [_share(c, channels) for c in channels] == [
        sympy.Rational(1, 5),
        sympy.Rational(4, 5),
        0,
    ]


def test_the_shares_always_sum_to_one(cluster: Cluster) -> None:
    generator = np.random.default_rng(5)
    for _ in range(20):
        point = {
            p.symbol: sympy.Rational(int(generator.integers(1, 99)), 100)
            for p in cluster.domain.parameters
        }
        levels = {name: sympy.Rational(1, 3) for name in cluster.levels}
        total = sum(share.subs({**point, **levels}) for share in cluster.shares.values())
        assert total == 1


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return catalogue.load_cluster("baseline")


@pytest.fixture(scope="module")
def criciuma() -> Case:
    return catalogue.load_case("criciuma")


def exact_type(cluster: Cluster, point: Mapping[str, sympy.Rational]) -> str:
    known = {symbol(name): value for name, value in point.items()}
    known |= {symbol(r.name): r.selected(point).level for r in cluster.relations}
    return next(kind for kind, holds in typology.rules(cluster) if decide(holds.subs(known)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n_external": "3/5", "n_lead": "7/10", "n_direct": "4/5"}, typology.SURVIVAL),
        ({"v_external": "3/2"}, typology.SATELLITE),
        ({"v_lead": "3/2"}, typology.HUB_AND_SPOKE),
        ({"h": "0", "trust_c": "1"}, typology.ITALIANATE),
        ({"h": "99/100"}, typology.STAGNATING),
    ],
)
def test_each_type_follows_from_what_makes_it(
    cluster: Cluster, changes: dict[str, str], expected: str
) -> None:
    assert exact_type(cluster, cluster.domain.point(changes)) == expected


def test_the_compiled_type_agrees_with_the_exact_one(cluster: Cluster) -> None:
    typed = compiled_type(cluster)
    generator = np.random.default_rng(11)
    kinds = [kind for kind, _ in typology.rules(cluster)]
    points = []
    for _ in range(60):
        point = {}
        for p in cluster.domain.parameters:
            low, high = float(p.interval.lower), float(p.interval.upper)
            value = low + (high - low) * int(generator.integers(1, 199)) / 200
            point[p.name] = sympy.Rational(str(round(value, 4)))
        points.append(point)
    columns = {n: np.array([float(p[n]) for p in points]) for n in cluster.domain.names}
    found = typed(columns)
    assert len(set(found)) >= 3
    for point, index in zip(points, found, strict=True):
        assert exact_type(cluster, point) == kinds[index]


def test_criciuma_turns_as_the_paper_says(criciuma: Case) -> None:
    found = classify(criciuma)
    assert [p.type for p in found.phases] == [typology.STAGNATING, typology.ITALIANATE]
    assert all(p.as_stated for p in found.phases)
    for p in found.phases:
        assert p.margin.distance is not None and p.margin.distance > 0
        assert p.robustness >= 0.8


def test_beyond_the_nearest_border_the_type_is_the_other(criciuma: Case) -> None:
    for p in classify(criciuma).phases:
        assert p.margin.parameter is not None and p.margin.at is not None
        here = p.phase.point[p.margin.parameter]
        direction = 1 if p.margin.at > here else -1
        for step, kind in ((1, p.margin.becomes), (-1, p.type)):
            value = sympy.Rational(str(round(p.margin.at, 9))) + direction * step * sympy.Rational(
                1, 10**6
            )
            point = {**p.phase.point, p.margin.parameter: value}
            assert exact_type(criciuma.cluster, point) == kind


def test_robustness_repeats_from_its_seed_and_depends_on_it(criciuma: Case) -> None:
    first, again = (classify(criciuma, draws=400, width=0.9, seed=7) for _ in range(2))
    other = classify(criciuma, draws=400, width=0.9, seed=8)
    robust = [[p.robustness for p in c.phases] for c in (first, again, other)]
    assert robust[0] == robust[1] != robust[2]


def test_a_case_with_many_faults_lists_them_all(tmp_path: Path) -> None:
    text = """
format = 1
title = "x"
cluster = "baseline"
[[phases]]
name = "late"
year = 1999
rules = "stable"
source = "x"
expected = "Atlantis"
[phases.values]
happiness = { value = "1", source = "x" }
[[phases]]
name = "early"
year = 1980
rules = "stabel"
source = "x"
surprise = 1
[phases.values]
b_c = { value = "7" }
"""
    path = tmp_path / "faulty.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        catalogue.load_case(str(path))
    told = str(caught.value)
    for words in ("phases[0].expected", "happiness", "stabel", "surprise", "b_c.source"):
        assert words in told, told


def test_an_unknown_channel_is_refused(tmp_path: Path) -> None:
    text = catalogue.find("baseline", "clusters").read_text(encoding="utf-8")
    path = tmp_path / "odd.toml"
    path.write_text(
        text.replace("[channels]", '[channels]\nspaceport = { worth = "1", need = "0" }')
    )
    with pytest.raises(InputError, match=r"channels\.spaceport"):
        catalogue.load_cluster(str(path))
