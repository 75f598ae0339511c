"""Faulty cluster and case files: every fault at once, each with its place and a mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopgame import catalogue
from coopgame.cli import main
from coopgame.errors import Fault, InputError

BASELINE = catalogue.find("baseline", "clusters").read_text(encoding="utf-8")
HORIZONTAL = 'meaning = "information exchange between rivals"\ntrust = "max(t0, trust_x)"'
STEPS = 'unit = "share", domain = "[0, 1]", default = "1/2", source = "chosen" }\nv_large'


def changed(*changes: tuple[str, str]) -> str:
    text = BASELINE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def faults_of(folder: Path, text: str, kind: str = "clusters") -> tuple[Fault, ...]:
    path = folder / "faulty.toml"
    path.write_text(text, encoding="utf-8")
    found, faults = catalogue.check_file(path)
    assert found == kind
    return faults


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        ((STEPS, STEPS.replace("1]", "2]")), "large.put_out", "put_out <= 1 at steps = "),
        (('need = "0"', 'need = "1/5"'), "channels.local.need", "need <= 0 everywhere"),
        (('"o_local" }', '"o_local - 1" }'), "channels.local.output", "output >= 0 at o_local"),
        ((HORIZONTAL, HORIZONTAL.replace("max(t0, trust_x)", "trust_x + t0")),
         "relations.horizontal.trust", "trust <= 1 at"),
        (('floor = "t0"', 'floor = "1 - t0"'), "relations.horizontal.floor", "floor <= trust at"),
        (('luck = "luck"', 'luck = "2*luck"'), "learning.luck", "luck <= 1 at luck = "),
        (('c = "c_x"', 'c = "c_x - 1/10"'), "relations.horizontal.bind.c",
         "breaks c > 0 at c_x = 1/10"),
        (('b = "b_x"', 'b = "b_x/rho_x"'), "relations.horizontal.bind.b", "divides by zero"),
        (('u_v", q', 'u_w", q'), "relations.vertical.bind.u_l", "unknown name 'u_w'"),
        (('b = "b_x"', 'b = "b_x*horizontal"'), "relations.horizontal.bind.b", "unknown name"),
        (('game = "relation"', 'game = "trust"'), "relations.horizontal.game",
         "trust has no level of co-operation"),
        (('game = "tie"', 'game = "knot"'), "relations.vertical.game", "no game is called 'knot'"),
        (('"[0, 3]", default = "1", source = "chosen: the unit',
          '"[0, oo)", default = "1", source = "chosen: the unit'),
         "parameters.b_c.domain", "no closed range"),
        ((', role = "hazard"', ""), "parameters", "0 of them have the role hazard"),
        (("[large]", "[giants]"), "large", "is missing"),
        (('direction = "down"', 'direction = "sideways"'), "levers.k_c.direction", "'sideways'"),
        (('reach = "3/20"', 'reach = "0"'), "levers.n_direct.reach", "0 is no distance"),
        (('among = "direct"', 'among = "everybody"'), "relations.horizontal.among", "'everybody'"),
        (('alone = "u_c"', 'alone = "u_c/h"'), "relations.collective.alone", "divides by zero"),
        (('gain = "b_c*coll', 'gain = "b_k*coll'), "relations.collective.gain", "unknown name"),
        (('state = "trust_x"', 'state = "mood"'), "relations.horizontal.state", "'mood'"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_a_mend(
    tmp_path: Path, change: tuple[str, str], place: str, told: str
) -> None:
    faults = faults_of(tmp_path, changed(change))
    fitting = [f for f in faults if f.place == place]
    assert fitting and told in fitting[0].problem, faults
    assert all(fault.mend for fault in faults)


MANY = (
    ("[channels]", '[channels]\nspaceport = { margin = "1", need = "0" }'),
    ('size = "size"', 'size = "size +"'),
    ('b = "b_x"', """b = "__import__('os').system('false')" """),
    ('rho = "rho_c"', 'rho = "rho_z", wonder = "1"'),
    ("[relations.horizontal]", '[relations.gossip]\nmeaning = "x"\n\n[relations.horizontal]'),
    ("k_c = { dir", 'kk = { direction = "up", instrument = "x", source = "x" }\nk_c = { dir'),
    ('teaching = "teaching"', 'teaching = "teaching"\nforgetting = "1"'),
    (STEPS, STEPS.replace("1]", "2]").replace("1/2", "3/2")),
    ('h = "h", k = "0"', 'h = "h/(1 - h)", k = "1/0"'),
)  # fmt: skip
PLACES = (
    "channels.spaceport", "large.size", "large.put_out", "relations.gossip",
    "relations.horizontal.bind.b", "relations.horizontal.bind.k", "relations.collective.bind.rho",
    "relations.collective.bind.wonder", "levers.kk", "learning.forgetting",
)  # fmt: skip


def test_all_faults_of_a_cluster_file_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, changed(*MANY))
    assert set(PLACES) <= {fault.place for fault in faults}
    assert len(set(faults)) == len(faults)
    assert [fault for fault in faults if not fault.mend] == []


def test_a_faulty_parameter_is_told_once_and_nothing_follows_from_it(tmp_path: Path) -> None:
    """With no range known for c_x nothing is asked of what it is bound to."""
    text = changed(('unit = "profit per period", domain = "[1/10, 2]"', 'unit = "x", domain = "?"'))
    (fault,) = faults_of(tmp_path, text)
    assert fault.place == "parameters.c_x.domain"


DECREASING = ('rho = "rho_x"', 'rho = "rho_x + sustained_collective/10"')
EXCEEDING = ('trust = "max(t0, trust_v)"', 'trust = "max(t0, trust_v) + 1/2"')
CIRCLE = ('rho = "rho_c"', 'rho = "rho_c*(1 - horizontal/2)"')
BACK = ('nu*sustained_collective"', 'nu*collective"')


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ((EXCEEDING, DECREASING), {"relations.vertical.trust", "relations.horizontal"}),
        ((("[channels]", '[channels]\nspaceport = { margin = "1" }'), DECREASING),
         {"channels.spaceport", "relations.horizontal"}),
        ((('b_s = "b_v"', 'b_s = "b_w"'), DECREASING),
         {"relations.vertical.bind.b_s", "relations.horizontal"}),
        ((('game = "tie"', 'game = "knot"'), DECREASING),
         {"relations.vertical.game", "relations.horizontal"}),
        ((EXCEEDING, CIRCLE, BACK), {"relations.vertical.trust", "relations"}),
        ((('format = 1', 'format = 2'), EXCEEDING, DECREASING),
         {"format", "relations.vertical.trust", "relations.horizontal"}),
        ((('unit = "share", domain = "[0, 1]", default = "1/4"', 'domain = "?", default = "1/4"'),
          EXCEEDING, DECREASING),
         {"parameters.ease.unit", "parameters.ease.domain", "relations.vertical.trust",
          "relations.horizontal"}),
        ((('rho = "rho_x"', 'rho = "rho_w + sustained_collective"'),),
         {"relations.horizontal.bind.rho"}),
    ],
    ids=["trust", "channel", "bindings", "game", "circle", "format", "parameter", "own"],
)  # fmt: skip
def test_links_are_looked_at_whatever_else_is_faulty(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], places: set[str]
) -> None:
    """Only a relation whose own bindings are faulty is left alone; nothing else is made of it."""
    assert {fault.place for fault in faults_of(tmp_path, changed(*changes))} == places


def test_links_of_a_case_are_looked_at_whatever_else_is_faulty(tmp_path: Path) -> None:
    link = 'rho = "rho_x + sustained_collective/10"'
    text = f'format = 1\n[links.horizontal]\n{link}\n[links.vertical]\nb_s = "b_w"\n'
    faults = faults_of(tmp_path, text + phase(1990), "cases")
    assert {fault.place for fault in faults} == {"links.horizontal", "links.vertical.b_s"}


CASE = """
format = 1
title = "x"
cluster = "baseline"
until = 1970
[[phases]]
name = "late"
year = 1999
rules = "stable"
source = "x"
expected = "Atlantis"
[phases.values]
happiness = { value = "1", source = "x" }
trust_c = { value = "3/2", source = "x" }
size = { value = "-1", source = "x" }
[[phases]]
name = "middle"
year = 1990
rules = "stabel"
source = "x"
surprise = 1
[phases.turn]
miracle = "x"
[phases.values]
b_c = { value = "2" }
[[phases]]
name = "twice"
year = true
rules = "stable"
source = "x"
[phases.values]
u_c = { value = "1/0", source = "x" }
[[phases]]
name = "a"
year = 1995
rules = "stable"
source = "x"
[[phases]]
name = "b"
year = 1980
rules = "switching"
source = "x"
[[phases]]
name = "c"
year = 1985
rules = "stable"
source = "x"
"""


def test_all_faults_of_a_case_are_told_at_once(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, CASE, "cases")
    places = {fault.place for fault in faults}
    for place in (
        "phases[0].expected", "phases[0].values.happiness", "phases[0].values.trust_c",
        "phases[0].values.size", "phases[1].rules", "phases[1].surprise", "phases[1].turn.miracle",
        "phases[1].values.b_c.source", "phases[2].year", "phases[2].values.u_c.value",
        "phases[4].values", "phases[5].year", "until",
    ):  # fmt: skip
        assert any(found.startswith(place) for found in places), (place, places)


def phase(year: int, rest: str = "") -> str:
    return f'[[phases]]\nname = "p{year}"\nyear = {year}\nrules = "stable"\nsource = "x"\n{rest}'


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        (phase(1990) + phase(1980), "phases[1].year", "1980 does not come after 1990"),
        (phase(1990) + phase(1990), "phases[1].year", "1990 does not come after 1990"),
        ("until = 1995\n" + phase(1990) + phase(1999), "until", "1995 is no year to end in"),
        ("until = 3000\n" + phase(1990), "until", "3000 is no year to end in"),
        (phase(1) + phase(3000), "phases", "run from 1 to 3000"),
        ('cluster = "atlantis"\n' + phase(1990), "cluster", "no cluster is called 'atlantis'"),
        ("phases = []", "phases", "is missing"),
    ],
    ids=["out of order", "twice", "ends early", "ends late", "too long", "no cluster", "none"],
)
def test_years_and_clusters_of_a_case(tmp_path: Path, text: str, place: str, told: str) -> None:
    faults = faults_of(tmp_path, "format = 1\n" + text, "cases")
    assert any(f.place == place and told in f.problem and f.mend for f in faults), faults


def valued(year: int, values: str, rules: str = "stable") -> str:
    return phase(year, f"[phases.values]\n{values}\n").replace('"stable"', f'"{rules}"')


def value(name: str, number: str) -> str:
    return f'{name} = {{ value = "{number}", source = "x" }}'


def test_years_are_compared_in_phases_that_are_otherwise_faulty(tmp_path: Path) -> None:
    text = valued(1995, value("trust_c", "3/2")) + valued(1990, value("trust_x", "2"))
    text += phase(1980, 'rules = "stabel"').replace('rules = "stable"\n', "")
    faults = faults_of(tmp_path, "format = 1\nuntil = 1993\n" + text, "cases")
    assert [fault.place for fault in faults if fault.place.endswith("year")] == [
        "phases[1].year",
        "phases[2].year",
    ]
    assert {fault.place for fault in faults} > {
        "until", "phases[0].values.trust_c", "phases[1].values.trust_x", "phases[2].rules",
    }  # fmt: skip


def test_values_are_held_against_the_parameters_under_rules_that_are_unknown(
    tmp_path: Path,
) -> None:
    text = valued(1990, value("trust_c", "3/2") + "\n" + value("luck_y", "1/0"), "stabel")
    faults = faults_of(tmp_path, "format = 1\n" + text, "cases")
    assert {fault.place for fault in faults} == {
        "phases[0].rules", "phases[0].values.trust_c", "phases[0].values.luck_y",
        "phases[0].values.luck_y.value",
    }  # fmt: skip


def test_a_faulty_value_is_told_once(tmp_path: Path) -> None:
    """What stands in for it may lie outside the range, and nothing is said of that."""
    (fault,) = faults_of(tmp_path, "format = 1\n" + valued(1990, value("ease", "x")), "cases")
    assert fault.place == "phases[0].values.ease.value"


def test_no_assumption_is_asked_of_a_value_that_is_not_known(tmp_path: Path) -> None:
    """With u_c unknown nothing can be said of u_c <= b_c; c_c <= b_c is broken all the same."""
    (tmp_path / "clusters").mkdir()
    stated = changed(("assumptions = []", 'assumptions = ["u_c <= b_c", "c_c <= b_c"]'))
    (tmp_path / "clusters" / "bound.toml").write_text(stated, encoding="utf-8")
    path = tmp_path / "case.toml"
    values = "\n".join((value("u_c", "7"), value("b_c", "1/20"), value("c_c", "1/10")))
    path.write_text('format = 1\ncluster = "bound"\n' + valued(1990, values), encoding="utf-8")
    _, faults = catalogue.check_file(path, [tmp_path])
    assert [fault.place for fault in faults] == [
        "phases[0].values.u_c",
        "phases[0].values.c_c <= b_c",
    ]


def test_a_case_is_checked_as_far_as_its_faulty_cluster_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "clusters").mkdir()
    broken = changed(("[channels]", '[channels]\nspaceport = { margin = "1" }'))
    (tmp_path / "clusters" / "broken.toml").write_text(broken, encoding="utf-8")
    path = tmp_path / "case.toml"
    values = "\n".join((value("trust_c", "3/2"), value("capture", "-1/10"), value("wonder", "1")))
    text = 'format = 1\ncluster = "broken"\nuntil = 1999\n[links.gossip]\n'
    text += valued(1995, values) + valued(1990, value("h", "1/3"))
    path.write_text(text, encoding="utf-8")
    _, faults = catalogue.check_file(path, [tmp_path])
    assert {fault.place for fault in faults} == {
        "cluster.channels.spaceport", "links.gossip", "phases[0].values.trust_c",
        "phases[0].values.capture", "phases[0].values.wonder", "phases[1].year",
        "phases[1].values",
    }  # fmt: skip


def test_ranges_hold_in_a_case_though_parameters_of_its_cluster_are_faulty(tmp_path: Path) -> None:
    """Rules bind by a role that may be missing, so nothing is said of them; names stay known."""
    (tmp_path / "clusters").mkdir()
    broken = changed((', role = "hazard"', ', role = "danger"'))
    (tmp_path / "clusters" / "broken.toml").write_text(broken, encoding="utf-8")
    path = tmp_path / "case.toml"
    text = 'format = 1\ncluster = "broken"\n' + valued(1995, value("trust_c", "3/2"))
    path.write_text(text, encoding="utf-8")
    _, faults = catalogue.check_file(path, [tmp_path])
    assert {f.place for f in faults} == {"cluster.parameters.h.role", "phases[0].values.trust_c"}


def test_a_case_of_no_cluster_is_still_checked(tmp_path: Path) -> None:
    text = 'format = 1\ncluster = "atlantis"\nuntil = 1999\n' + phase(1995) + phase(1990)
    faults = faults_of(tmp_path, text, "cases")
    assert {fault.place for fault in faults} == {"cluster", "phases[1].year"}


def test_faults_of_a_case_are_told_beside_those_of_its_cluster(tmp_path: Path) -> None:
    (tmp_path / "clusters").mkdir()
    broken = changed(("[channels]", '[channels]\nspaceport = { margin = "1" }'))
    (tmp_path / "clusters" / "broken.toml").write_text(broken, encoding="utf-8")
    path = tmp_path / "case.toml"
    path.write_text('format = 1\nwrong = 1\ncluster = "broken"\n' + phase(1990, 'odd = "x"\n'))
    with pytest.raises(InputError) as caught:
        catalogue.load_case(str(path), [tmp_path])
    places = [fault.place for fault in caught.value.faults]
    assert {"cluster.channels.spaceport", "wrong", "phases[0].odd"} == set(places)


def run(command: str, path: Path) -> Result:
    result = CliRunner().invoke(main, [command, str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def test_commands_list_the_faults_and_say_so_by_their_exit_code(tmp_path: Path) -> None:
    case, cluster = tmp_path / "case.toml", tmp_path / "cluster.toml"
    case.write_text(CASE, encoding="utf-8")
    cluster.write_text(changed(*MANY), encoding="utf-8")
    for command, path, code, words in (
        ("check", case, 1, ("happiness", "stabel", "miracle", "until")),
        ("classify", case, 2, ("happiness", "stabel", "miracle", "until")),
        ("check", cluster, 1, PLACES),
        ("classify", cluster, 2, ()),
    ):
        result = run(command, path)
        assert result.exit_code == code, (command, result.output)
        assert all(word in result.output + result.stderr for word in words), result.output


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x = [", 1),
        (b"\xff\xfe\x00", 2),  # nothing that can be read at all is no use of `check`
        (b"# " + b"x" * 300_000, 2),
        (b"phases = 3\nformat = 1", 1),
    ],
)
def test_what_is_no_case_at_all_is_refused(tmp_path: Path, content: bytes, code: int) -> None:
    path = tmp_path / "noise.toml"
    path.write_bytes(content)
    assert run("classify", path).exit_code == 2
    assert run("check", path).exit_code == code


# --- types and claims -----------------------------------------------------------------------------

TYPES = catalogue.root() / "types.toml"


def test_the_types_of_the_project_are_sound_and_known_as_what_they_are(tmp_path: Path) -> None:
    assert catalogue.check_file(TYPES) == ("types", ())
    result = run("check", TYPES)
    assert result.exit_code == 0 and "types of cluster, no faults" in result.output


def test_all_faults_of_a_file_of_types_are_told_at_once(tmp_path: Path) -> None:
    text = TYPES.read_text(encoding="utf-8").replace("[types.satellite]", "[types.atlantis]")
    text = text.replace('strength = "low cost, flex', 'strong = "low cost, flex')
    places = {fault.place for fault in faults_of(tmp_path, text, "types")}
    assert places == {
        "types.atlantis", "types.satellite", "types.hub-and-spoke.strength",
        "types.hub-and-spoke.strong",
        *(f"types.satellite.{key}" for key in (
            "features", "strength", "weakness", "trajectories", "policies", "source")),
    }  # fmt: skip


def test_all_faults_of_a_file_of_claims_are_told_at_once(tmp_path: Path) -> None:
    """Statements that are there are read, though keys are missing elsewhere."""
    text = """format = 2
[[claims]]
id = "a"
game = "trust"
statement = "grim is nice"
surprise = 1
[[claims]]
id = "b"
place = "p"
sentence = "s"
game = "trust"
[claims.rival]
assumes = "r"
statement = "always holds_grimm"
"""
    assert {fault.place for fault in faults_of(tmp_path, text, "claims")} == {
        "format", "claims[0].place", "claims[0].sentence", "claims[0].surprise",
        "claims[0].rival", "claims[0].rival.assumes", "claims[0].rival.statement",
        "claims[1].statement", "claims.a.statement", "claims.b.rival.statement",
    }  # fmt: skip
