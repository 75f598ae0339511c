"""Laboratory evidence: what the solved game says of each treatment, beside what was observed.

Source of the numbers: Dal Bó and Fréchette 2011, Dal Bó 2005, Duffy and Ochs 2009, Fudenberg, Rand
and Dreber 2012; shares of co-operation from the decisions that the R package datafsm distributes.
"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scipy.stats import pearsonr, spearmanr
from sympy import Rational

from coopgame import catalogue
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.findings.experiments import Comparison, Prediction, compare

NAME = "repeated_prisoners_dilemmas"

SOUND = """
format = 1
title = "Two treatments"
source = "test"
game = "trust"

[common]
T = "5"
R = "3"
P = "1"
S = "0"
h = "0"

[[treatments]]
study = "A"
name = "short"
source = "test"
at = { delta = "1/4" }
coop_round1 = 0
coop_all_rounds = "0.1"
decisions_round1 = 100

[[treatments]]
study = "A"
name = "long"
source = "test"
at = { delta = "3/4" }
coop_round1 = "0.6"
coop_all_rounds = "0.5"
decisions_round1 = 300
"""


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(catalogue.load_evidence(NAME))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The path of the sound file with some of its text replaced."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


# --- what comes out ----------------------------------------------------------------------------


def test_the_basin_goes_with_first_round_co_operation(comparison: Comparison) -> None:
    """On the twelve treatments -0.88 (Pearson) and -0.904 (rank), unweighted."""
    assert len(comparison.predictions) == 12
    first = comparison.correlations[0]
    assert (first.observed, first.weighted) == ("coop_round1", False)
    assert first.pearson == pytest.approx(-0.88, abs=0.005)
    assert first.rank == pytest.approx(-0.904, abs=0.0005)


def test_co_operation_is_commoner_where_it_risk_dominates(comparison: Comparison) -> None:
    """Means of 0.59 and 0.23; weighted by decisions 0.54 and 0.19. No treatments overlap."""
    means = {
        g.meets: (float(g.means["coop_round1"]), float(g.weighted["coop_round1"]))
        for g in comparison.groups
        if g.criterion == "risk_dominant"
    }
    assert means[True] == pytest.approx((0.59, 0.54), abs=0.005)
    assert means[False] == pytest.approx((0.23, 0.19), abs=0.005)
    sides = {
        side: [p.treatment.observed["coop_round1"] for p in comparison.predictions
               if p.risk_dominant is side]
        for side in (True, False)
    }  # fmt: skip
    assert min(sides[True]) > max(sides[False])


@pytest.mark.parametrize(
    ("name", "basin", "equilibrium", "risk_dominant"),
    [
        ("R = 32, delta = 0.5", Rational(1), False, False),
        ("R = 32, delta = 0.75", Rational(13, 16), True, False),
        ("R = 40, delta = 0.5", Rational(13, 18), True, False),
        ("R = 40, delta = 0.75", Rational(13, 48), True, True),
        ("R = 48, delta = 0.5", Rational(13, 34), True, True),
        ("R = 48, delta = 0.75", Rational(13, 80), True, True),
    ],
)
def test_the_basin_with_pen_and_paper(
    comparison: Comparison, name: str, basin: Rational, equilibrium: bool, risk_dominant: bool
) -> None:
    """Dal Bó and Fréchette 2011: T = 50, P = 25, S = 12, so P - S = 13.

    Against grim, grim earns R/(1-d) and always-defect T + d*P/(1-d); against always-defect,
    S + d*P/(1-d) and P/(1-d). Grim gains A = (R - P)/(1-d) - (T - P) on a co-operator and loses
    13 to a defector: it pays to start from the belief 13/(13 + A) on, and risk-dominates where
    A >= 13. For R = 40, d = 3/4: A = 60 - 25 = 35 and 13/48. For R = 32, d = 1/2: A = 14 - 25 < 0.
    """
    found = treatment(comparison, "Dal Bó & Fréchette 2011", name)
    assert (found.basin, found.equilibrium, found.risk_dominant) == (
        basin,
        equilibrium,
        risk_dominant,
    )


def treatment(comparison: Comparison, study: str, name: str) -> Prediction:
    (found,) = (
        p for p in comparison.predictions if (p.treatment.study, p.treatment.name) == (study, name)
    )
    return found


def test_risk_dominance_is_a_belief_of_at_most_one_half(comparison: Comparison) -> None:
    """Both players being alike; the two are obtained apart from each other."""
    for p in comparison.predictions:
        assert p.risk_dominant is bool(p.basin <= Rational(1, 2))
        assert p.equilibrium is bool(p.basin < 1)


def test_correlations_agree_with_scipy_and_weights_with_repeated_rows(
    comparison: Comparison,
) -> None:
    """A weight of k counts a treatment k times (ranks, though, stay those of one row each)."""
    for c in comparison.correlations:
        pairs = [(p.basin, p.treatment.observed[c.observed]) for p in comparison.predictions]
        basins, shares = zip(*((float(b), float(s)) for b, s in pairs), strict=True)
        if not c.weighted:
            assert c.pearson == pytest.approx(pearsonr(basins, shares).statistic)
            assert c.rank == pytest.approx(spearmanr(basins, shares).statistic)
            continue
        counts = [p.treatment.decisions for p in comparison.predictions]
        repeated = [
            [value for value, count in zip(row, counts, strict=True) for _ in range(count)]
            for row in (basins, shares)
        ]
        assert c.pearson == pytest.approx(pearsonr(*repeated).statistic)


SCALED = {"50": "76/3", "48": "73/3", "40": "61/3", "32": "49/3", "25": "77/6", "12": "19/3"}


def test_units_of_payoff_do_not_matter(tmp_path: Path, comparison: Comparison) -> None:
    """Payoffs times a half plus a third: the same game to its players."""
    text = catalogue.find(NAME, "evidence").read_text(encoding="utf-8")
    path = tmp_path / "scaled.toml"
    for old, new in SCALED.items():
        text = text.replace(f'= "{old}"', f'= "{new}"')
    path.write_text(text, encoding="utf-8")
    scaled = compare(catalogue.load_evidence(str(path)))
    for name, basin in (("R = 40, delta = 0.5", (13, 18)), ("R = 40, delta = 0.75", (13, 48))):
        assert treatment(scaled, "Dal Bó & Fréchette 2011", name).basin == Rational(*basin)


# --- files of one's own ------------------------------------------------------------------------


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """Axelrod's payoffs: grim from 1/2 on; at 3/4 A = 2*4 - 4 = 4, so 1/(1 + 4)."""
    found = compare(catalogue.load_evidence(str(written(tmp_path))))
    assert [p.basin for p in found.predictions] == [1, Rational(1, 5)]
    assert found.correlations[0].pearson == pytest.approx(-1)
    assert found.predictions[0].treatment.observed["coop_round1"] == 0
    groups = {(g.criterion, g.meets): g for g in found.groups}
    assert groups["equilibrium", True].means == groups["equilibrium", True].weighted
    assert groups["equilibrium", False].weighted["coop_all_rounds"] == Rational(1, 10)


def test_without_variation_there_is_no_correlation(tmp_path: Path) -> None:
    path = str(written(tmp_path, ('at = { delta = "1/4" }', 'at = { delta = "3/4" }')))
    result = run("evidence", path)
    assert result.exit_code == 0 and "no correlation can be had" in result.output
    record = json.loads(run("evidence", path, "--format", "json").output)
    assert record["correlations"][0]["pearson"] is None
    none = next(g for g in record["means"] if not g["met"])
    assert none["treatments"] == 0 and none["means"] == {}


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ('h = "0"', 'h = "2"'),
        ('source = "test"\nat = { delta = "1/4" }', "source = 7\nsurprise = 1"),
        ("coop_round1 = 0\n", ""),
        ("decisions_round1 = 100", "decisions_round1 = 0"),
        ('name = "long"', 'name = "short"'),
        ('delta = "3/4" }', 'delta = "7/4", U = "1" }'),
        ('coop_round1 = "0.6"', 'coop_round1 = "1.6"'),
        ('coop_all_rounds = "0.5"', 'coop_all_rounds = "-0.5"'),
        ("decisions_round1 = 300", 'decisions_round1 = "many"'),
    )
    kind, faults = catalogue.check_file(path)
    assert kind == "evidence"
    assert sorted(fault.place for fault in faults) == [
        "common.h",
        "treatments[0].at",
        "treatments[0].coop_round1",
        "treatments[0].decisions_round1",
        "treatments[0].source",
        "treatments[0].surprise",
        "treatments[1].at.U",
        "treatments[1].at.delta",
        "treatments[1].coop_all_rounds",
        "treatments[1].coop_round1",
        "treatments[1].decisions_round1",
        "treatments[1].name",
    ]
    assert all(fault.mend for fault in faults if fault.place not in OUTSIDE)
    result = run("evidence", str(path))
    assert result.exit_code == 2 and not result.stdout
    assert len(result.stderr.splitlines()) == len(faults)


OUTSIDE = {"common.h", "treatments[1].at.delta"}


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('game = "trust"', 'game = "trusty"', "game", "no game is called 'trusty'"),
        ('game = "trust"', 'game = "inspection"', "game", "does not say which belief"),
        ('game = "trust"', "", "game", "is missing"),
        ('S = "0"\n', "", "treatments[0].at.S", "is missing"),
        ('T = "5"', 'T = "2"', "treatments[0].at.T > R", "does not hold"),
        ('delta = "1/4"', 'delta = "nan"', "treatments[0].at.delta", "not a finite number"),
        ('delta = "1/4"', "delta = [1]", "treatments[0].at.delta", "not a finite number"),
        ('at = { delta = "1/4" }', "at = 3", "treatments[0].at", "is not a table"),
        ("coop_round1 = 0\n", "coop_round1 = true\n", "treatments[0].coop_round1", "not a number"),
        ("= 100", "= true", "treatments[0].decisions_round1", "not a number of decisions"),
        ("format = 1", "", "format", "is missing"),
    ],
)
def test_a_hostile_file_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, place: str, problem: str
) -> None:
    path = str(written(tmp_path, (old, new)))
    with pytest.raises(InputError) as caught:
        catalogue.load_evidence(path)
    assert any(f.place == place and problem in f.problem for f in caught.value.faults), (
        caught.value.faults
    )
    result = run("evidence", path)
    assert result.exit_code == 2 and "internal error" not in result.stderr


def test_a_file_without_treatments_and_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text('format = 1\ngame = "trust"\n', encoding="utf-8")
    assert "treatments: is missing" in run("evidence", str(path)).stderr
    assert run("evidence", str(tmp_path / "absent.toml")).exit_code == 2
    unknown = run("evidence", NAME[:-1])
    assert unknown.exit_code == 2 and f"did you mean '{NAME}'" in unknown.stderr


# --- the command -------------------------------------------------------------------------------


def test_the_headline_is_the_result() -> None:
    first = run("evidence").output.splitlines()[0]
    assert first.endswith("correlation -0.88 Pearson, -0.90 rank on 12 treatments")


def test_json_holds_exact_values_and_csv_a_row_a_treatment() -> None:
    record = json.loads(run("evidence", "--format", "json").output)
    rows = list(csv.DictReader(StringIO(run("evidence", "--format", "csv").output)))
    assert len(rows) == len(record["treatments"]) == 12
    for row, found in zip(rows, record["treatments"], strict=True):
        assert float(row["basin"]) == pytest.approx(float(Rational(found["exact_basin"])))
        assert row["risk_dominant"] == ("yes" if found["risk_dominant"] else "no")
        assert float(row["delta"]) == float(Rational(found["exact_values"]["delta"]))
    assert [c["weights"] for c in record["correlations"]] == ["none", "decisions"] * 2


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("txt", "grim risk-dominates"),
        ("md", "| study | treatment | grim | basin |"),
        ("tex", r"\begin{tabular}"),
        ("csv", "study,treatment,T,R,P,S,delta,h"),
        ("json", '"exact_basin": "13/16"'),
    ],
)
def test_the_answer_in_every_format(tmp_path: Path, ending: str, words: str) -> None:
    path = tmp_path / f"answer.{ending}"
    result = run("evidence", NAME, "-o", str(path))
    assert result.exit_code == 0 and not result.stdout
    assert words in path.read_text(encoding="utf-8")


def test_evidence_is_listed_and_checked(tmp_path: Path) -> None:
    assert NAME in run("list").output
    checked = run("check", str(catalogue.find(NAME, "evidence")))
    assert checked.exit_code == 0 and "evidence, no faults" in checked.output
    (tmp_path / "evidence").mkdir()
    written(tmp_path / "evidence")
    assert run("evidence", "mine", "--catalogue", str(tmp_path)).exit_code == 0
