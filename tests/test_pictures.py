"""Pictures: what they show against pen and paper, and how they are drawn, measured on the sheet."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from click.testing import CliRunner

import coopgame as cg
from coopgame.catalogue import files, load_case, load_cases, load_game, load_rules, starter
from coopgame.cli import main
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify
from coopgame.clusters.maps import type_map
from coopgame.errors import InputError
from coopgame.forms import FORMS
from coopgame.pictures import hysteresis
from coopgame.pictures.asked import (
    PictureRequest,
    chosen,
    stage,
    suitable,
)
from coopgame.pictures.basins import BasinLine, BasinSquare, basins_picture
from coopgame.pictures.drawing.canvas import saved, styled
from coopgame.pictures.drawing.regions import draw_regions
from coopgame.pictures.kinds import OF_CASES, OF_GAMES, PictureKind
from coopgame.pictures.outcome import TIPPING, UNSTABLE, outcome_picture
from coopgame.pictures.payoffs import payoffs_picture
from coopgame.pictures.phase import phase_picture
from coopgame.pictures.regions import OUTSIDE
from coopgame.pictures.replies import replies_picture
from coopgame.pictures.scene import Scene
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.spans import Wanted
from coopgame.pictures.spread import YEARLY, rules_picture, trajectory_picture
from coopgame.pictures.tornado import tornado_picture
from coopgame.pictures.typemap import map_picture
from tests.sheets import flaws

GAMES = sorted(files("catalogue"))
CASES = sorted(files("cases"))
PLAIN = PictureRequest()
COARSE = (61, 53)


@cache
def game(name: str, **values: str) -> PictureSetting:
    found = stage(load_game(name), PictureRequest(values=values))
    assert isinstance(found, PictureSetting)
    return found


@cache
def all_cases() -> dict[str, Case]:
    return dict(zip(CASES, load_cases(CASES), strict=True))


def case(name: str, year: int | None = None) -> Scene:
    found = stage(all_cases()[name], PictureRequest(year=year))
    assert isinstance(found, Scene)
    return found


def coarse(kind: PictureKind, of: Any) -> Any:
    """The picture of a kind on a coarser grid, to be quick; drawn the same way."""
    if kind.name == "outcome":
        return outcome_picture(of, points=41)
    if kind.name == "phase":
        return phase_picture(of, shape=COARSE)
    if kind.name == "map":
        return map_picture(of, steps=3)
    return kind.picture(of, PLAIN)


# --- every kind for every game and case that it suits ------------------------------------------


@pytest.mark.parametrize("name", GAMES)
def test_every_kind_that_suits_a_game_is_drawn_without_a_flaw(name: str) -> None:
    of = game(name)
    kinds = suitable(of)
    assert {"outcome", "phase"} <= {kind.name for kind in kinds}
    for kind in kinds:
        with styled():
            assert flaws(kind.draw(coarse(kind, of))) == [], kind.name


@pytest.mark.parametrize("name", CASES)
def test_every_kind_of_a_case_is_drawn_without_a_flaw(name: str) -> None:
    of = case(name)
    for kind in suitable(of):
        try:
            shown = coarse(kind, of)
        except InputError as error:
            assert kind.name == "tornado" and "no parameter alone" in str(error)
            continue
        with styled():
            assert flaws(kind.draw(shown)) == [], kind.name


def test_between_them_games_and_cases_suit_every_kind() -> None:
    drawn = {kind.name for name in GAMES for kind in suitable(game(name))}
    assert drawn == {kind.name for kind in OF_GAMES}
    assert [kind.name for kind in suitable(case("sialkot"))] == [kind.name for kind in OF_CASES]


def test_the_measure_of_flaws_can_find_each() -> None:
    with styled():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure()
        FigureCanvasAgg(figure)
        figure.subplots()
        figure.text(0.5, 0.5, "one")
        figure.text(0.51, 0.5, "two")
        figure.text(0.99, 0.99, "far away")
        found = " ".join(flaws(figure))
    for flaw in ("empty", "no label upwards", "no label across", "over", "runs off", "covers data"):
        assert flaw in found


def test_the_usual_kinds() -> None:
    assert chosen(game("inspection"), None, PLAIN).name == "replies"
    assert chosen(game("trust"), None, PLAIN).name == "outcome"
    assert chosen(game("trust"), None, PictureRequest(x=Wanted("h"))).name == "phase"
    assert chosen(case("sialkot"), None, PLAIN).name == "trajectory"
    assert chosen(case("sialkot"), None, PictureRequest(x=Wanted("p"))).name == "map"


@pytest.mark.parametrize(
    ("name", "kind", "advice"),
    [
        ("trust", "replies", "two actions each"),
        ("stag_hunt", "replies", "two actions each"),
        ("inspection", "payoffs", "repeated games"),
        ("noisy_trust", "payoffs", "perfect monitoring"),
        ("alliance_dated", "payoffs", "one regime"),
        ("trust", "hysteresis", "floor of trust"),
        ("trust", "tornado", "no kind of figure of a game"),
    ],
)
def test_a_kind_that_does_not_suit_is_refused_with_those_that_do(
    name: str, kind: str, advice: str
) -> None:
    with pytest.raises(InputError, match=advice) as refused:
        chosen(game(name), kind, PLAIN)
    assert "kinds that suit: " in str(refused.value)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_of_game_of_ones_own_is_drawn(form: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(starter(form), encoding="utf-8")
    of = stage(load_game(str(path)), PLAIN)
    for kind in suitable(of):
        with styled():
            assert flaws(kind.draw(coarse(kind, of))) == [], kind.name


def test_a_game_that_names_no_outcome_shows_payoffs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(starter("sequential"), encoding="utf-8")
    of = stage(load_game(str(path)), PLAIN)
    assert isinstance(of, PictureSetting)
    assert of.outcome(None).startswith("payoff_")


def test_a_game_has_no_years() -> None:
    with pytest.raises(InputError, match="a year does nothing with --kind outcome"):
        chosen(game("trust"), None, PictureRequest(year=1990))


def test_options_that_a_kind_does_not_heed_are_refused() -> None:
    with pytest.raises(InputError, match="--vary does nothing with --kind phase"):
        chosen(game("trust"), "phase", PictureRequest(along=Wanted("h")))


# --- an outcome against a parameter ------------------------------------------------------------


def test_borders_of_the_repeated_dilemma_are_exact() -> None:
    """D = 9/10*(1-h) >= 1/2 is h <= 4/9; tit-for-tat D >= 2/3 is h <= 7/27; two-period punishment
    D + D^2 >= 1 is D >= (sqrt(5)-1)/2."""
    found = outcome_picture(game("trust"), along=Wanted("h"))
    texts = {mark.text for mark in found.marks}
    assert {"4/9", "7/27"} <= texts
    bound = 1 - (np.sqrt(5) - 1) / 2 / 0.9
    assert found.holdings["punish(2)"][0] == pytest.approx((0, bound), abs=1e-7)
    assert found.holdings["always_defect"] == ((0, 0.999),)
    assert found.holdings["grim"][0][1] == pytest.approx(4 / 9, abs=1e-12)
    levels = {curve.branch: set(curve.ys) for curve in found.curves}
    assert levels["grim"] == {1} and levels["always_defect"] == {0}


def test_collapse_is_marked_where_the_roots_meet() -> None:
    """Without leakage, watching or meetings the roots of F meet at D = 2*c*u/b**2 (sure detection);
    with u = 1/5 and delta = 3/5 that is h = 1/3, and the level there b*D/c = 2/5."""
    values = {"b": "1", "c": "1", "rho": "0", "spill": "0", "tau": "0", "k": "0", "m": "0",
              "q": "1", "u": "1/5", "delta": "3/5", "x": "0"}  # fmt: skip
    found = outcome_picture(game("relation", **values), "level", Wanted("h"))
    (collapse,) = [mark for mark in found.marks if mark.name == "collapse"]
    assert collapse.text == "1/3" and collapse.value == pytest.approx(1 / 3)
    ends = {c.branch: c.ys[-1] for c in found.curves if c.xs[-1] == pytest.approx(1 / 3, abs=1e-6)}
    assert ends["constrained"] == pytest.approx(2 / 5, abs=1e-3)
    assert ends[TIPPING] == pytest.approx(2 / 5, abs=1e-3)
    assert {c.stability for c in found.curves if c.branch == TIPPING} == {UNSTABLE}


def test_curves_are_the_outcomes_of_the_solution() -> None:
    of = game("relation")
    found = outcome_picture(of, "level", Wanted("q", "1/4", "1"), points=11)
    for curve in found.curves:
        for x, y in list(zip(curve.xs, curve.ys, strict=True))[::5]:
            at = {**of.values, "q": sympy.Rational(str(round(x, 12)))}
            (branch,) = of.solution.at(**at).branches
            name = TIPPING if curve.branch == TIPPING else "level"
            assert float(branch.outcomes[name]) == pytest.approx(y, abs=1e-5)


def test_a_mixture_is_unstable_beside_pure_equilibria_and_not_alone() -> None:
    def stability(name: str) -> dict[str, str]:
        return {c.branch: c.stability for c in outcome_picture(game(name)).curves}

    assert stability("battle_of_the_sexes")["mixed"] == UNSTABLE
    assert stability("inspection")["mixed"] != UNSTABLE
    assert stability("association_threshold")["mixed_unstable"] == UNSTABLE


def test_an_integer_parameter_takes_integers() -> None:
    found = outcome_picture(game("public_good"), along=Wanted("n", 3, 12))
    assert set(np.concatenate([c.xs for c in found.curves])) == set(range(3, 13))


def test_ends_outside_the_interval_or_turned_are_refused() -> None:
    with pytest.raises(InputError, match="outside"):
        outcome_picture(game("trust"), along=Wanted("h", "0", "2"))
    with pytest.raises(InputError, match="lower end first"):
        outcome_picture(game("trust"), along=Wanted("h", "1/2", "1/4"))
    with pytest.raises(InputError, match="unknown outcome"):
        outcome_picture(game("trust"), "lvel")


def test_macro_rules_set_the_hazard() -> None:
    of = stage(load_game("trust"), PictureRequest(rules=load_rules("unstable")))
    assert isinstance(of, PictureSetting) and of.values["h"] == sympy.Rational(1, 2)
    assert "rules: Unstable rules" in outcome_picture(of, along=Wanted("T")).heading.given


# --- regions -----------------------------------------------------------------------------------


def test_regions_of_the_phase_diagram_are_those_of_the_solution() -> None:
    of = game("trust")
    found = phase_picture(of, Wanted("h"), Wanted("delta"), COARSE)
    assert found.is_traced
    for j in range(3, len(found.ys), 13):
        for i in range(3, len(found.xs), 13):
            h, delta = (sympy.Rational(str(round(float(v), 9))) for v in (found.xs[i], found.ys[j]))
            held = of.solution.at(**{**of.values, "h": h, "delta": delta}).branches
            stated = "; ".join(b.name.replace("_", " ") for b in held)
            assert found.names[found.codes[j, i]] == stated


def test_borders_of_the_phase_diagram_are_the_exact_curves() -> None:
    """Grim holds where delta*(1-h) >= 1/2, tit-for-tat where it is at least 2/3."""
    found = phase_picture(game("trust"), Wanted("h"), Wanted("delta"), COARSE)
    texts = {border.text for border in found.borders}
    assert {"delta = 1/(2*(1 - h))", "delta = 2/(3*(1 - h))"} <= texts
    for border in found.borders:
        kept = np.isfinite(border.values)
        assert 0 < kept.sum() < kept.size / 4
        assert border.values[kept].min() < 0 < border.values[kept].max()


def test_what_is_outside_the_domain_is_in_no_region() -> None:
    found = phase_picture(game("trust"), Wanted("T", 2, 7), Wanted("R", 2, 5), COARSE)
    wide, high = np.meshgrid(found.xs, found.ys)
    outside = (wide <= high + 1e-9) | (2 * high <= wide + 1e-9)
    assert np.array_equal(found.codes == OUTSIDE, outside)


def test_the_point_given_is_marked_where_the_plane_has_it() -> None:
    """Outside the part that is drawn its star would stretch the figure beyond all axes."""
    inside = phase_picture(game("trust"), Wanted("h"), Wanted("delta"), COARSE)
    outside = phase_picture(game("trust"), Wanted("h", "0.9", "0.95"), Wanted("delta"), COARSE)
    for found, marked in ((inside, True), (outside, False)):
        figure = draw_regions(found)
        plane, key = figure.axes
        assert found.shows_here is marked
        assert any(line.get_marker() == "*" for line in plane.lines) is marked
        told = [text.get_text() for text in key.get_legend().get_texts()]
        assert any(text.startswith("here: ") for text in told) is marked


def test_a_phase_diagram_needs_two_parameters() -> None:
    with pytest.raises(InputError, match="named twice"):
        phase_picture(game("trust"), Wanted("h"), Wanted("h"))


def test_the_map_of_a_case_shows_the_types_of_its_cluster() -> None:
    of = case("criciuma")
    found = map_picture(of, Wanted("p", "0", "1"), Wanted("h"), steps=4)
    assert found.x.ends == (0, 1) and found.codes.shape == (5, 5)
    known = [profile.type for profile in of.case.profiles]
    grid = type_map(of.case, of.phase, "p", "h", 4, ((0.0, 1.0), found.y.ends))
    for j in range(5):
        for i in range(5):
            assert found.names[found.codes[j, i]] == known[grid.kinds[j, i]]


# --- replies and payoffs -----------------------------------------------------------------------


def test_best_replies_of_inspection_meet_in_the_mixture() -> None:
    """The agent works iff q >= e/(w + f) = 1/4; the principal inspects iff p <= 1 - c/w = 3/4."""
    found = replies_picture(game("inspection"))
    assert found.first == ((0, 0), (0, 0.25), (1, 0.25), (1, 1))
    assert found.second == ((0, 1), (0.75, 1), (0.75, 0), (1, 0))
    assert [meeting.at for meeting in found.meetings] == [(0.75, 0.25)]
    assert found.actions == ("work", "inspect")


def test_a_dominant_action_is_a_straight_reply() -> None:
    found = replies_picture(game("hawk_dove", v="5"))
    assert found.first == ((1, 0), (1, 1)) and found.second == ((0, 1), (1, 1))


def test_replies_on_a_border_show_the_continua() -> None:
    found = replies_picture(game("hawk_dove", v="4"))
    assert {frozenset(path) for path in found.continua} == {
        frozenset({(1, 1), (1, 0)}), frozenset({(1, 1), (0, 1)}),
    }  # fmt: skip
    with styled():
        from coopgame.pictures.drawing.replies import draw_replies

        assert flaws(draw_replies(found)) == []


def own_game(a: str, b: str, c: str, d: str) -> PictureSetting:
    """Two coordinate; the losses by leaving the first outcome are a, b, and by the second c, d."""
    first, second = [[a, 0], [0, c]], [[b, 0], [0, d]]
    found = stage(cg.game("normal", first, second), PLAIN)
    assert isinstance(found, PictureSetting)
    return found


@pytest.mark.parametrize("losses", ["1 1 1 1", "4 1 1 2", "1 5 3 1", "1 1 9 7", "7 9 1 1"])
def test_the_shaded_part_is_as_large_as_the_basin_that_select_states(losses: str) -> None:
    """Its area by the shoelace formula, and what the mean of the dashed curve leaves above it.

    Best replies turn at p = d/(b + d), q = c/(a + c); the dashed curve passes through that point.
    """
    of = own_game(*losses.split())
    found = basins_picture(of)
    assert isinstance(found, BasinSquare)
    p, q = (np.array(axis) for axis in zip(*found.above, strict=True))
    area = abs(np.dot(p, np.roll(q, -1)) - np.dot(q, np.roll(p, -1))) / 2
    chosen_by = cg.select(of.game, ["basins", "replicator"])
    assert area == pytest.approx(float(chosen_by["basins"].selected[0].measure))
    across, up = (np.array(axis) for axis in zip(*found.curve, strict=True))
    assert 1 - up.mean() == pytest.approx(float(chosen_by["replicator"].selected[0].measure))
    a, b, c, d = map(int, losses.split())
    assert np.interp(d / (b + d), across, up) == pytest.approx(c / (a + c), abs=1e-3)


def test_arrows_point_where_each_population_gains() -> None:
    """The agent of inspection works more where q > 1/4; inspections rise where p < 3/4."""
    found = basins_picture(game("inspection"))
    assert isinstance(found, BasinSquare) and not found.names
    assert all((dp > 0) == (q > 1 / 4) for p, q, dp, dq in found.arrows if abs(dp) > 1e-9)
    assert all((dq > 0) == (p < 3 / 4) for p, q, dp, dq in found.arrows if abs(dq) > 1e-9)


def test_one_population_leaves_a_share_that_repels_for_one_that_attracts() -> None:
    """Three of five must commit: to be pivotal has the chance 6*x^2*(1 - x)^2, of B = 6 for c = 1,
    so that play rests where x*(1 - x) = 1/6: x = 1/2 +- sqrt(1/12), the larger attracting."""
    found = basins_picture(game("association_threshold"))
    assert isinstance(found, BasinLine)
    low, high = 1 / 2 - 12**-0.5, 1 / 2 + 12**-0.5
    assert [share for share, *_ in found.rests] == pytest.approx([0, low, high, 1])
    assert [attracts for _, attracts, _ in found.rests] == [True, False, True, False]
    assert [place for *_, place in found.stretches] == [0, 2, 2]


def test_payoffs_of_a_patient_pair() -> None:
    """With D = 9/10 all individually rational payoffs are enforceable: P = 1 each is the minimax,
    and the edges from (0, 5) and (5, 0) to (3, 3) cross it at (1, 13/3) and (13/3, 1)."""
    found = payoffs_picture(game("trust"))
    assert set(found.feasible) == {(1, 1), (0, 5), (5, 0), (3, 3)}
    assert found.minimax == (1, 1)
    assert {tuple(np.round(p, 9)) for p in found.enforceable} == {
        (1, 1), (3, 3), (1, round(13 / 3, 9)), (round(13 / 3, 9), 1),
    }  # fmt: skip
    assert found.equilibria["grim"] == pytest.approx((3, 3))


def test_payoffs_of_an_impatient_pair_are_a_point_and_still_drawn() -> None:
    """To co-operate against a defector takes a promise of 1 + (1-D)/D * (P-S) = 10 at D = 1/10."""
    found = payoffs_picture(game("trust", delta="1/10"))
    assert found.enforceable == ((1, 1),)
    with styled():
        from coopgame.pictures.drawing.payoffs import draw_payoffs

        assert flaws(draw_payoffs(found)) == []


# --- cases -------------------------------------------------------------------------------------


def test_the_trajectory_is_that_of_the_classification() -> None:
    of = case("criciuma")
    found = trajectory_picture(of)
    lived = classify(of.case, YEARLY).years
    assert found.xs == tuple(float(year.year) for year in lived)
    assert dict(found.types)["Italianate"] == tuple(y.distribution["Italianate"] for y in lived)
    assert [sum(share) for share in zip(*dict(found.types).values(), strict=True)] == pytest.approx(
        [1] * len(lived)
    )


def test_unstable_rules_take_co_operation_away() -> None:
    found = rules_picture(case("criciuma"))
    assert found.xs[0] == 0 and found.xs[-1] > 0.9
    for name, level in found.levels:
        assert level[-1] <= level[0] + 0.02, name


def test_the_loop_of_a_relation_has_its_exact_hazards() -> None:
    of = game("relation")
    found = hysteresis.hysteresis_picture(of)
    at = {sympy.Symbol(n, real=True): v for n, v in of.values.items() if n != "h"}
    exact = {c.name: float(c.expression.subs(at)) for c in of.solution.criticals
             if c.parameter == "h"}  # fmt: skip
    assert (found.collapse, found.back) == pytest.approx((exact["collapse"], exact["return"]))
    for h, up, down, tipping in zip(
        found.hazards, found.up, found.down, found.tipping_points, strict=True
    ):
        assert (up > 0) == (h <= exact["collapse"])
        assert (down > 0) == (h <= exact["return"])
        assert down in (0, up)
        assert (tipping is None) == (up == 0)


def test_a_loop_without_a_floor_of_trust_never_comes_back() -> None:
    """Where nothing stops it (k = m = u = 0) the tipping point is 0, and trust stays 0."""
    of = game("relation")
    free = {**of.values, **dict.fromkeys(("k", "m", "u", "t0"), sympy.S.Zero)}
    found = hysteresis.hysteresis_picture(PictureSetting(of.game, of.solution, free))
    assert found.tipping_points[0] == 0 < found.up[0]
    assert found.back is None and set(found.down) == {0}


def test_halving_finds_the_hazards_that_the_closed_forms_state() -> None:
    of = game("relation")
    closed = hysteresis.hysteresis_picture(of)
    bare = PictureSetting(of.game, _without_criticals(of.solution), of.values)
    halved = hysteresis.hysteresis_picture(bare)
    assert (halved.collapse, halved.back) == pytest.approx((closed.collapse, closed.back))


def _without_criticals(solution: Any) -> Any:
    from dataclasses import replace

    return replace(solution, criticals=())


def test_bars_of_the_tornado_are_the_answers_that_shift_most_first() -> None:
    of = case("criciuma")
    found = tornado_picture(of)
    shifts = [bar.shift for bar in found.bars]
    assert shifts == sorted(shifts, reverse=True) and shifts[0] > 0
    assert len({bar.question for bar in found.bars}) == len(found.bars)


def test_an_earlier_phase_can_be_named() -> None:
    assert case("sialkot", 1990).phase.year == 1990
    assert "1990" in tornado_picture(case("sialkot", 1990)).heading.given


# --- files -------------------------------------------------------------------------------------


def test_the_same_picture_makes_the_same_bytes() -> None:
    for ending in ("svg", "png", "pdf"):
        made = []
        for _ in range(2):
            with styled():
                kind = chosen(game("inspection"), None, PLAIN)
                shown = kind.picture(game("inspection"), PLAIN)
                made.append(saved(kind.draw(shown), ending, shown.heading))
        assert made[0] == made[1], ending


def test_the_style_is_the_projects_and_leaves_no_trace() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    matplotlib.rcParams["font.size"] = 30
    try:
        with styled():
            assert matplotlib.rcParams["font.size"] == 9
        assert matplotlib.rcParams["font.size"] == 30
    finally:
        matplotlib.rcParams["font.size"] = before["font.size"]
    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_loaded(tmp_path: Path) -> None:
    """In a process of its own: other packages that the tests load may load it."""
    code = (
        "import sys; from coopgame.cli import main\n"
        f"main(['plot', 'hawk_dove', '-o', {str(tmp_path / 'a.svg')!r}], standalone_mode=False)"
    )
    check = (
        "import atexit, sys\natexit.register(lambda: print('matplotlib.pyplot' in sys.modules))\n"
    )
    found = subprocess.run([sys.executable, "-c", check + code], capture_output=True, text=True)
    assert found.stdout.split() == ["False"], found.stderr


def test_drawing_alone_knows_matplotlib() -> None:
    folder = Path(__file__).resolve().parent.parent / "coopgame"
    knowing = {p for p in folder.rglob("*.py") if "import matplotlib" in p.read_text("utf-8")
               or "from matplotlib" in p.read_text("utf-8")}  # fmt: skip
    assert {path.parent.name for path in knowing} == {"drawing"}


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["plot", *arguments])


@pytest.mark.parametrize(
    ("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_ending_says_the_format(tmp_path: Path, ending: str, start: bytes) -> None:
    path = tmp_path / f"picture.{ending}"
    found = run("battle_of_the_sexes", "-o", str(path))
    assert (found.exit_code, found.stdout) == (0, "")
    assert path.read_bytes().startswith(start)


def test_without_a_file_the_picture_is_named_after_game_and_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("hawk_dove", "--kind", "outcome", "--set", "c=3")
    assert found.exit_code == 0 and "wrote hawk_dove-outcome.png" in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hawk_dove-outcome.png"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["trust", "-o", "picture.txt"], "end it in .png, .svg, .pdf or .tex"),
        (["trust", "--vary", "h=0"], "write name or name=low:high"),
        (["trust", "--vary", "hazard"], "unknown parameter 'hazard'"),
        (["trust", "--kind", "map"], "no kind of figure of a game"),
        (["nowhere"], "no game or case is called"),
        (["hawk_dove", "-o", "/nowhere/a.png"], "folder /nowhere does not exist"),
    ],
)
def test_bad_usage_is_told_in_a_line(arguments: list[str], told: str) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    assert told in found.stderr and len(found.stderr.splitlines()) == 1


def test_a_missing_matplotlib_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found = run("hawk_dove", "-o", str(tmp_path / "a.png"))
    assert found.exit_code != 0
    assert found.stderr == "coopgame: Matplotlib is not installed: pip install matplotlib\n"
    assert not list(tmp_path.iterdir())


def test_the_footer_names_file_digest_and_version() -> None:
    from coopgame.report.tables import origin

    of = game("trust")
    assert outcome_picture(of, points=11).heading.origin == origin(of.game.header.info)
    scene = case("sialkot")
    assert load_case("sialkot").info.digest in trajectory_picture(scene).heading.origin


IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"


SCREENSHOTS = {"explorer.png"}  # of a page in a browser, not drawn by plot
PLOTTED = sorted(path for path in IMAGES.glob("*.png") if path.name not in SCREENSHOTS)


@pytest.mark.parametrize("path", PLOTTED, ids=lambda path: path.name)
def test_an_image_of_the_documentation_is_made_by_a_command_there_from_files_as_they_are(
    path: Path,
) -> None:
    """Its name is in a command of a page, and the origin in it is that of today's files."""
    pages = [*(IMAGES.parent / "how-to").glob("*.md"), IMAGES.parent.parent / "README.md"]
    texts = "".join(page.read_text(encoding="utf-8") for page in pages)
    (command,) = {line for line in texts.splitlines() if line.endswith(f" -o {path.name}")}
    name = command.removeprefix("$ coopgame plot ").split()[0].partition(":")[0]
    info = all_cases()[name].info if name in CASES else load_game(name).header.info
    assert f"{name} [{info.digest}]".encode() in path.read_bytes()


def test_a_picture_is_a_value_that_shows_and_saves_itself(tmp_path: Path) -> None:
    shown = cg.picture(cg.load("trust"), "phase", x="h", y=("delta", "1/2", "9/10"))
    assert repr(shown) == "<Picture: phase>"
    assert shown._repr_png_().startswith(b"\x89PNG")
    shown.save(tmp_path / "trust.svg")
    assert b"<svg" in (tmp_path / "trust.svg").read_bytes()
    with pytest.raises(InputError, match=r"end it in \.png"):
        shown.save(tmp_path / "trust.doc")
    with pytest.raises(InputError, match="no kind of figure"):
        cg.picture(cg.load("trust"), "portrait")
