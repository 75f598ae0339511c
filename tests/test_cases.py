"""The cases of the paper: types as stated, for the reasons stated, by their files alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
import sympy

from coopgame import catalogue
from coopgame.clusters import typology
from coopgame.clusters.borders import floats
from coopgame.clusters.case import Case, phase_at, revised
from coopgame.clusters.classify import Classification, classify_all
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.contrast import contrast
from coopgame.clusters.joint import GREATEST, equilibrium
from coopgame.clusters.model import Cluster
from coopgame.clusters.place import place
from coopgame.clusters.trajectory import live
from coopgame.errors import InputError

ELEVEN = {
    "sialkot", "criciuma", "itajai", "sinos_valley", "agra", "madras", "italy", "rural_survival",
    "export_zone", "brazil_before_1994", "brazil_after_1994",
}  # fmt: skip
PLACES = ("criciuma", "criciúma", "sialkot", "sinos", "itaja", "agra", "madras", "brazil", "italy")
NAMES = sorted(catalogue.files("cases"))
PACKAGE = Path(catalogue.__file__).resolve().parent
SOURCED = re.compile(r"paper(, |: ).|chosen(: .|\Z)|as (?P<other>\w+)(; value chosen)?\Z")


def is_sourced(source: str, departures: Collection[str]) -> bool:
    """The paper with what of it, chosen (and why), or as another value stated in the same phase."""
    match = SOURCED.match(source)
    return match is not None and (match["other"] is None or match["other"] in departures)


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        ("paper: 'fierce rivalry'; value chosen", True),
        ("paper, 'Italianate trajectory'", True),
        ("chosen", True),
        ("chosen: no value is stated", True),
        ("as n_external", True),
        ("as n_external; value chosen", True),
        ("as n_lead", False),
        ("as everybody knows", False),
        ("such as it is", False),
        ("as", False),
        ("paper", False),
        ("newspaper: gossip", False),
        ("unchosen", False),
        ("", False),
    ],
)
def test_what_counts_as_a_source(source: str, is_one: bool) -> None:
    assert is_sourced(source, {"n_external"}) == is_one


@pytest.fixture(scope="module")
def classified(cases: Mapping[str, Case]) -> Mapping[str, Classification]:
    return {found.case.info.name: found for found in classify_all(list(cases.values()))}


def test_the_eleven_cases_are_there() -> None:
    assert set(NAMES) >= ELEVEN


@pytest.mark.parametrize("name", NAMES)
def test_every_type_that_the_paper_states_comes_out_robustly(
    classified: Mapping[str, Classification], name: str
) -> None:
    for p in classified[name].phases:
        assert p.margin is not None and p.margin > 0, p.phase.name
        if p.phase.expected is not None:
            assert p.type == p.phase.expected, p.phase.name
            assert p.robustness >= 0.8, (p.phase.name, p.robustness)


def test_the_paper_states_a_type_of_all_but_the_brazilian_twins(
    cases: Mapping[str, Case],
) -> None:
    silent = {n for n, case in cases.items() if not any(p.expected for p in case.phases)}
    assert silent == {"brazil_before_1994", "brazil_after_1994"}


@pytest.mark.parametrize("name", NAMES)
def test_every_departure_is_a_parameter_with_a_source(cases: Mapping[str, Case], name: str) -> None:
    case = cases[name]
    assert "paper" in case.info.source
    for phase in case.phases:
        assert re.search("paper|chosen", phase.place), phase.name
        for parameter, departure in phase.departures.items():
            assert parameter in case.cluster.domain.names
            others = set(phase.departures) - {parameter}
            assert is_sourced(departure.source, others), (phase.name, parameter)
            assert phase.point[parameter] == departure.value


def test_no_case_is_named_in_the_code() -> None:
    """Docstrings and examples may name one; a line of code that computes may not."""
    for path in sorted((PACKAGE / "clusters").glob("*.py")):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL).lower()
        assert [name for name in (*PLACES, *NAMES) if name in code] == [], path.name


def test_an_export_zone_has_no_relational_surplus_and_is_a_satellite(
    cases: Mapping[str, Case],
) -> None:
    """Nothing can be sustained with the outside buyers, whatever trust there is."""
    (phase,) = cases["export_zone"].phases
    found = place(cases["export_zone"].cluster, phase.point, GREATEST)
    assert found.relations["chain"].sustainable == 0
    assert found.type == typology.SATELLITE
    assert found.outputs["external"] > sympy.Rational(1, 2)


def test_sinos_is_hub_and_spoke_though_no_small_firm_works_for_the_giants(
    cases: Mapping[str, Case],
) -> None:
    found = place(cases["sinos_valley"].cluster, cases["sinos_valley"].phases[0].point)
    assert found.type == typology.HUB_AND_SPOKE
    assert (found.shares["lead"], found.mode) == (0, "make")


def test_itajai_begins_under_one_roof_and_ends_by_putting_out(cases: Mapping[str, Case]) -> None:
    case = cases["itajai"]
    modes = [place(case.cluster, phase.point).mode for phase in case.phases]
    assert (modes[0], modes[-1]) == ("make", "subcontract")


def test_certificates_keep_the_firms_of_sialkot_from_selling_on_their_own(
    cases: Mapping[str, Case],
) -> None:
    """All else as after the embargo, fewer sell directly the dearer certificates are."""
    case = cases["sialkot"]
    point = case.phases[-1].point
    shares = [
        place(case.cluster, {**point, "certificate": sympy.Rational(n, 10)}).shares["direct"]
        for n in range(0, 9, 2)
    ]
    assert all(more >= less for more, less in itertools.pairwise(shares))
    assert shares[0] > shares[-1]


# --- what makes the difference ------------------------------------------------------------------


def test_a_shock_of_one_kind_starts_co_operation_here_and_stops_it_there(
    cases: Mapping[str, Case], compiled: CompiledCluster
) -> None:
    """Control by large firms and their alliance elsewhere: both stop it, lacking one starts it."""
    one, other = cases["criciuma"].phases[-1].point, cases["sinos_valley"].phases[-1].point
    found = contrast(compiled, one, other)
    assert found.stops == (frozenset({"capture", "alliance"}),)
    assert set(found.starts) == {frozenset({"capture"}), frozenset({"alliance"})}


@pytest.mark.parametrize(
    ("base", "taken", "sustained"),
    [
        ("criciuma", (), True),
        ("criciuma", ("capture",), True),
        ("criciuma", ("alliance",), True),
        ("criciuma", ("capture", "alliance"), False),
        ("sinos_valley", (), False),
        ("sinos_valley", ("capture",), True),
        ("sinos_valley", ("alliance",), True),
    ],
)
def test_the_difference_is_confirmed_exactly(
    cases: Mapping[str, Case], base: str, taken: tuple[str, ...], sustained: bool
) -> None:
    here = cases[base]
    (there,) = {"criciuma", "sinos_valley"} - {base}
    values = {name: cases[there].phases[-1].point[name] for name in taken}
    found = equilibrium(here.cluster, {**here.phases[-1].point, **values})
    assert found["collective"].is_sustained == sustained


def test_a_contrast_without_contrast_is_refused(
    cases: Mapping[str, Case], compiled: CompiledCluster
) -> None:
    one, other = (cases[n].phases[-1].point for n in ("criciuma", "sinos_valley"))
    for pair in ((one, one), (other, other), (other, one)):
        with pytest.raises(InputError, match="name a phase that co-operates first"):
            contrast(compiled, *pair)


# --- stabilisation and crisis --------------------------------------------------------------------


def collective(case: Case) -> list[bool]:
    return [year.place.relations["collective"].is_sustained for year in live(case)]


@pytest.mark.parametrize(
    ("rules", "outside", "restarts"),
    [
        ("unstable", "1/10", False),
        ("stable", "1/10", True),
        ("unstable", "0", True),
        ("stable", "0", True),
    ],
    ids=["neither", "stabilisation", "crisis", "both"],
)
def test_stabilisation_and_crisis_by_four_runs(
    cases: Mapping[str, Case], rules: str, outside: str, restarts: bool
) -> None:
    """Co-operation ends a decade on as it does, from a floor of trust of 1/5."""
    case = revised(cases["brazil_after_1994"], {"u_c": outside}, catalogue.load_rules(rules))
    assert collective(case)[-1] == restarts


def test_without_a_floor_stabilisation_restarts_nothing(cases: Mapping[str, Case]) -> None:
    """Trust of 1/10 lies below the tipping point under stable rules, the floor of 1/5 above it."""
    stable = catalogue.load_rules("stable")
    case = cases["brazil_after_1994"]
    assert not any(collective(revised(case, {"t0": "0"}, stable)))
    assert collective(revised(case, {}, stable))[-1]


@pytest.mark.parametrize(
    ("values", "recovers"),
    [
        ({"t0": "0", "leadership": "0"}, False),
        ({"t0": "1/5", "leadership": "0"}, True),
        ({"t0": "0", "leadership": "1/5"}, True),
    ],
    ids=["neither", "a floor", "leadership"],
)
def test_what_brings_a_cluster_back_once_a_shock_has_wiped_out_trust(
    cases: Mapping[str, Case], values: dict[str, str], recovers: bool
) -> None:
    """The plan of 1994 wipes out trust; from 1995 the rules hold."""
    years = live(revised(cases["brazil_after_1994"], values))
    assert years[0].is_wiped and not any(year.is_wiped for year in years[1:])
    assert not years[0].place.relations["collective"].is_sustained
    assert years[-1].place.relations["collective"].is_sustained == recovers


# --- phases ---------------------------------------------------------------------------------------


def test_a_phase_is_in_force_from_its_year_on(cases: Mapping[str, Case]) -> None:
    case = cases["criciuma"]
    assert phase_at(case)[1] is case.phases[-1]
    assert phase_at(case, 1994)[1] is case.phases[1]
    with pytest.raises(InputError, match="its phases begin in 1989"):
        phase_at(case, 1900)


def test_every_case_rests_on_the_one_baseline(
    cases: Mapping[str, Case], cluster: Cluster, compiled: CompiledCluster
) -> None:
    """The compiled baseline gives every phase of every case the type that its own cluster gives."""
    for case in cases.values():
        assert case.cluster.info == cluster.info
        for phase in case.phases:
            kind = typology.TYPES[int(compiled.types(floats(phase.point)))]
            assert kind == place(case.cluster, phase.point).type


@pytest.mark.parametrize(
    ("values", "begins"),
    [({}, 1993), ({"example": "0"}, 1993), ({"leadership": "0"}, 1995),
     ({"leadership": "0", "example": "0"}, None)],
    ids=["both", "leaders", "an example", "neither"],
)  # fmt: skip
def test_leaders_start_criciuma_at_once_and_an_example_later(
    cases: Mapping[str, Case], values: dict[str, str], begins: int | None
) -> None:
    """Two presidents of associations, and the sight of Italy and Spain (paper, Criciúma)."""
    years = live(revised(cases["criciuma"], values))
    acting = [y.year for y in years if y.place.relations["collective"].is_sustained]
    assert (acting[0] if acting else None) == begins
