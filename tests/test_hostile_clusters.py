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
    "content", [b"x = [", b"\xff\xfe\x00", b"# " + b"x" * 300_000, b"phases = 3\nformat = 1"]
)
def test_what_is_no_case_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "noise.toml"
    path.write_bytes(content)
    assert run("classify", path).exit_code == 2
    assert run("check", path).exit_code == 1
