"""Statements decided by proof, and the paper's claims with their rivals."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.findings.claims import Judged, judge
from coopgame.findings.statements import Ruling, identifier, prove, vocabulary
from coopgame.forms.repeated.game import Repeated
from coopgame.language.expressions import parse_condition
from coopgame.language.printing import symbol
from coopgame.proofs.questions import holds
from coopgame.report import markdown
from coopgame.report.claims import claims_report
from coopgame.solution import Solution

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "claims.md"


@pytest.mark.parametrize(
    ("game", "statement", "ruling"),
    [
        # Tit-for-tat's threshold is the larger of two ratios, one of them grim's.
        ("trust", "always holds_grim if holds_tit_for_tat", Ruling.PROVED),
        ("trust", "always holds_tit_for_tat if holds_grim", Ruling.REFUTED),
        ("trust", "somewhere holds_grim and not holds_tit_for_tat", Ruling.HOLDS),
        ("trust", "somewhere holds_tit_for_tat and not holds_grim", Ruling.EXCLUDED),
        ("trust", "exists falls in h on grim", Ruling.PROVED),
        ("trust", "exists rises in h on grim", Ruling.REFUTED),
        ("trust", "always delta > 0", Ruling.PROVED),
        ("relation", "level falls in h strictly on constrained", Ruling.PROVED),
        ("relation", "level rises in q", Ruling.REFUTED),
        # Grim is an equilibrium iff D >= (T - R)/(T - P) (Friedman 1971); tit-for-tat needs more.
        ("trust", "always holds_grim iff delta*(1 - h)*(T - P) >= T - R", Ruling.PROVED),
        ("trust", "always holds_grim iff holds_tit_for_tat", Ruling.REFUTED),
        ("trust", "always holds_tit_for_tat iff holds_grim", Ruling.REFUTED),
        # What the hazard takes away stable rules give back, and never the other way round.
        ("trust", "always at h = 0: holds_grim if holds_grim", Ruling.PROVED),
        ("trust", "always holds_grim if at h = 0: holds_grim", Ruling.REFUTED),
        ("trust", "somewhere holds_grim; at h = 1/2: not holds_grim", Ruling.HOLDS),
        (
            "trust",
            "somewhere not holds_grim; at h = 0: holds_grim; at h = h/2: not holds_grim",
            Ruling.HOLDS,
        ),
        ("trust", "somewhere holds_grim; at h = h/2: not holds_grim", Ruling.EXCLUDED),
        ("trust", "always at h = min(h, 1/2), T = T: h <= 1/2", Ruling.PROVED),
        # Only D counts: patience and hazard can change places.
        (
            "trust",
            "always holds_grim iff at delta = 1 - h, h = 1 - delta: holds_grim if h > 0",
            Ruling.PROVED,
        ),
        # Each point spoken of lies in the domain, where h stays below 1.
        ("trust", "always h < 1/2 if at h = 2*h: not holds_grim", Ruling.PROVED),
        ("learning", "collapse rises in rho on critical delta", Ruling.PROVED),
        ("learning", "collapse rises in g on critical delta", Ruling.REFUTED),
    ],
)
def test_statements_come_out_as_pen_and_paper_says(
    game: str, statement: str, ruling: Ruling
) -> None:
    assert prove(catalogue.load_game(game), statement).ruling is ruling


def test_a_refutation_is_a_point_at_which_the_statement_fails() -> None:
    game = catalogue.load_game("trust")
    solution = game.solve()
    decision = prove(game, "always holds_tit_for_tat if holds_grim", solution)
    point = {symbol(name): value for name, value in decision.witnesses[0].items()}
    names = vocabulary(solution)
    assert holds(parse_condition("holds_grim and not holds_tit_for_tat", names), point)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("grim is nice", "is not a statement"),
        ("always holds_grimm", "unknown name 'holds_grimm'"),
        ("always holds_grim if T < S", "no point satisfies the premise"),
        ("somewhere __import__('os')", "unknown function"),
        ("level falls in h", "unknown outcome 'level'"),
        ("cooperation falls in z on grim", "no sign of"),
        ("belief falls in h on critical z", "no sign of"),
        ("somewhere at z = 1: holds_grim", "unknown parameter 'z'"),
        ("somewhere at h: holds_grim", "not an expression"),
        ("always at h = 2: holds_grim", "leads out of the domain"),
        ("somewhere at delta = 2: holds_grim", "leads out of the domain"),
        ("somewhere at T = R: T/(T - R) > 1", "has no value there"),
        ("always h < 1 iff h < 1 iff h < 1", "'iff' twice"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_reason(statement: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem.replace("(", r"\(")):
        prove(catalogue.load_game("trust"), statement)


def test_a_whole_number_stays_one() -> None:
    game = catalogue.load_game("trajectory")
    with pytest.raises(InputError, match="n is a whole number, not 5/2"):
        prove(game, "somewhere at n = 5/2: holds_all_join")


def test_branch_names_become_identifiers() -> None:
    assert identifier("tit_for_tat, subgame-perfect") == "tit_for_tat_subgame_perfect"


def test_an_equilibrium_may_be_called_in_a_statement_as_answers_call_it() -> None:
    """The mixture that c2 fixes is one where 4*x >= 9 (see the game's own test)."""
    game = catalogue.load_game(str(Path(__file__).parent / "unseen/two_vertices_one_support.toml"))
    told = "always holds_mixed{r1,r2|c1 ties c2} iff x >= 9/4"
    assert prove(game, told).ruling is Ruling.PROVED
    assert prove(game, "somewhere holds_r1,c1 and x > 3").ruling is Ruling.HOLDS


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    _, claims = catalogue.load_claims()
    return judge(claims, catalogue.load_game)


@pytest.mark.slow
def test_every_claim_of_the_paper_is_decided_and_has_a_place(judged: tuple[Judged, ...]) -> None:
    for each in judged:
        assert each.claim.place and each.claim.sentence and each.claim.rival and each.claim.teaches
        assert each.decision.holds, f"{each.claim.id}: {each.decision.ruling.value}"
        assert each.rival.ruling is not Ruling.UNDECIDED


@pytest.mark.slow
def test_a_rival_can_come_out_otherwise(judged: tuple[Judged, ...]) -> None:
    rulings = {each.rival.ruling for each in judged}
    assert rulings == {Ruling.PROVED, Ruling.HOLDS, Ruling.REFUTED, Ruling.EXCLUDED}


@pytest.mark.slow
def test_the_page_of_claims_says_what_the_command_says(
    judged: tuple[Judged, ...], request: pytest.FixtureRequest
) -> None:
    """All but the examples, of which one is as good as another, and the file's digest."""
    info, _ = catalogue.load_claims()
    found = markdown.render(claims_report(judged, info))
    if request.config.getoption("--refresh-examples"):
        PAGE.write_text(found, encoding="utf-8")
    assert settled(PAGE.read_text(encoding="utf-8")) == settled(found)


def settled(page: str) -> list[str]:
    """The lines of a page without points (which alone are lists within lists) and origin."""
    movable = re.compile(r"- (its )?(counter-)?example:|  - |<sub>")
    return [line for line in page.splitlines() if not movable.match(line)]


def test_the_commands_return_the_verdict_as_their_exit_code(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["prove", "trust", "always holds_grim if holds_tit_for_tat"]).exit_code == 0
    refuted = run(main, ["prove", "trust", "exists rises in h on grim", "--format", "json"])
    assert refuted.exit_code == 1
    assert json.loads(refuted.output)["verdict"] == "false, with a counter-example"
    assert run(main, ["prove", "trust", "nonsense"]).exit_code == 2
    path = tmp_path / "mine.toml"
    path.write_text(
        'format = 1\n[[claims]]\nid = "a"\nplace = "p. 1"\nsentence = "s"\ngame = "trust"\n'
        'statement = "always holds_grim"\n[claims.rival]\nassumes = "r"\n'
        'statement = "somewhere holds_grim"\n',
        encoding="utf-8",
    )
    own = run(main, ["claims", str(path), "--format", "json"])
    assert own.exit_code == 1
    (record,) = json.loads(own.output)["claims"]
    assert {"id", "place", "sentence", "statement", "verdict", "witnesses", "rival"} <= set(record)


def stated(
    name: str, statement: str, rival: str = "somewhere holds_grim", game: str = "trust"
) -> str:
    return (
        f'[[claims]]\nid = "{name}"\nplace = "p"\nsentence = "s"\ngame = "{game}"\n'
        f'statement = "{statement}"\n[claims.rival]\nassumes = "r"\nstatement = "{rival}"\n'
    )


def claimed(path: Path, *claims: str) -> str:
    path.write_text("format = 1\n" + "".join(claims), encoding="utf-8")
    return str(path)


def test_a_premise_that_never_holds_fails_its_own_claim_alone(tmp_path: Path) -> None:
    file = claimed(
        tmp_path / "mine.toml",
        stated("empty", "always holds_grim if  delta > 2"),
        stated("good", "exists falls in h on grim", "always holds_grim if T < R"),
    )
    result = CliRunner().invoke(main, ["claims", file, "--format", "json"])
    assert result.exit_code == 1
    empty, good = json.loads(result.output)["claims"]
    assert (empty["verdict"], empty["witnesses"]) == ("premise never holds", [])
    assert (empty["game"], empty["statement"]) == ("trust", "always holds_grim if delta > 2")
    assert (good["verdict"], good["rival"]["verdict"]) == ("proved", "premise never holds")
    alone = claimed(tmp_path / "good.toml", stated("good", "always holds_grim if holds_grim"))
    assert CliRunner().invoke(main, ["claims", alone]).exit_code == 0
    told = CliRunner().invoke(main, ["claims", file])
    assert "1 of 2 claims hold" in told.output and "premise never holds" in told.output


def test_a_claim_that_needs_a_condition_is_counted_apart(tmp_path: Path) -> None:
    """Grim sustains itself where delta is high; always it does not. A condition that changes no
    verdict is no condition: the claim holds as its text has it."""
    needing = stated("needing", "always holds_grim if h == 0 and delta*(T - P) >= T - R",
                     "always holds_grim if h == 0")  # fmt: skip
    idle = stated("idle", "exists falls in h on grim", "exists falls in h on grim")
    condition = 'condition = "Firms are patient enough."\n[claims.rival]'
    file = claimed(
        tmp_path / "mine.toml",
        needing.replace("[claims.rival]", condition),
        idle.replace("[claims.rival]", condition),
    )
    told = CliRunner().invoke(main, ["claims", file])
    assert told.exit_code == 0
    heading = "1 of 2 claims hold as stated, 1 under a condition that its text leaves unsaid"
    assert heading in " ".join(told.output.split())
    assert "proved under a condition" in told.output
    assert "Firms are patient enough." in told.output
    result = CliRunner().invoke(main, ["claims", file, "--format", "json"])
    assert [c["holds_as_stated"] for c in json.loads(result.output)["claims"]] == [False, True]


def test_faulty_statements_are_told_together_each_with_its_claim(tmp_path: Path) -> None:
    file = claimed(
        tmp_path / "mine.toml",
        stated("a", "grim is nice", "always holds_grimm"),
        stated("b", "always holds_grim if delta > 2"),
        stated("c", "cooperation falls in z on grim", "somewhere at z = 1: holds_grim"),
        stated("d", "always at h = 2: holds_grim", game="trsut"),
        stated("e", "exists falls in h on grim", "exists rises in h on girm"),
        stated("f", "always at h = 2: holds_grim"),
    )
    for command, code in (("claims", 2), ("check", 1)):
        result = CliRunner().invoke(main, [command, file])
        assert result.exit_code == code
        for place, told in (
            ("a.statement", "is not a statement"),
            ("a.rival.statement", "unknown name 'holds_grimm'"),
            ("c.statement", "no sign of"),
            ("c.rival.statement", "unknown parameter 'z'"),
            ("d.game", "no game is called 'trsut'"),
            ("e.rival.statement", "girm"),
            ("f.statement", "leads out of the domain"),
        ):
            lines = [line for line in result.output.splitlines() if f"claims.{place}: " in line]
            assert len(lines) == 1 and told in lines[0], result.output
        assert "claims.b" not in result.output


def test_a_faulty_file_of_claims_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text('format = 1\n[[claims]]\nid = "a"\nsurprise = 1\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["claims", str(path)])
    assert result.exit_code == 2
    for place in ("claims[0].place", "claims[0].rival", "claims[0].surprise"):
        assert place in result.output


# --- the arguments behind some claims, apart from the prover --------------------------------------


def test_dealings_at_random_weigh_the_next_one_exactly() -> None:
    """The next dealing comes after t years with density exp(-t/y)/y; it is discounted by exp(-r*t)
    and finds the rules unchanged with probability exp(-h*t), so it weighs 1/(1 + (r + h)*y)."""
    t, y, r, h = sympy.symbols("t y r h", positive=True)
    weight = sympy.integrate(sympy.exp(-t / y) / y * sympy.exp(-(r + h) * t), (t, 0, sympy.oo))
    game = catalogue.load_game("frequency")
    assert isinstance(game, Repeated)
    stated = game.setting.discount * (1 - game.setting.regimes[0].hazard)
    plain = {symbol(name): value for name, value in (("y", y), ("r", r), ("h", h))}
    assert sympy.simplify(weight - stated.subs(plain)) == 0


rationals = st.integers(1, 19).map(lambda n: sympy.Rational(n, 20))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.tuples(*[rationals] * 8))
def test_trust_left_above_the_tipping_point_is_what_return_takes(
    drawn: tuple[sympy.Rational, ...],
) -> None:
    """By hand: co-operation comes back from t0 iff (1-D)*G(t0) < q*D*(pi(t0) - u), with the
    relation's G and pi, for any chance q that a breach is known (the claim proves q = 1)."""
    solution = relation()
    b, rho, k, u, q, delta, h, t0 = drawn
    values = {"b": 2 * b, "rho": rho, "k": k / 10, "m": k / 20, "u": u / 5, "q": q}
    values |= {"delta": delta, "h": h / 2, "t0": t0}
    point = solution.at(**values)
    at = {symbol(name): value for name, value in point.point.items()}
    critical = next(c for c in solution.criticals if (c.name, c.parameter) == ("return", "h"))
    returns = bool(values["h"] < critical.expression.subs(at))
    v = point.point
    weight = v["delta"] * (1 - v["h"]) * (1 - v["x"])
    gain = v["c"] * t0**2 / 2 + v["rho"] * t0
    profit = ((1 - v["tau"]) * v["b"] - v["spill"]) * t0 - v["c"] * t0**2 / 2
    lost = profit - v["k"] - v["m"] * v["q"] - v["u"]
    assert returns == bool((1 - weight) * gain < v["q"] * weight * lost)
    (branch,) = point.branches
    if branch.name == "constrained" and bool(t0 < branch.outcomes["level"]):
        assert returns == bool(branch.outcomes["tipping_point"] < t0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.tuples(*[rationals] * 7))
def test_a_breach_known_by_chance_weighs_as_a_sure_one_at_a_lower_discount(
    drawn: tuple[sympy.Rational, ...],
) -> None:
    """A level holds iff (1-D)*G <= q*D*(pi - u). With W = q*D/(1-D+q*D) that is
    (1-W)*G <= W*(pi - u), the condition at q = 1, and the cost m*q of watching joins k."""
    b, rho, k, u, q, delta, x = drawn
    values = {"b": 2 * b, "rho": rho, "k": k / 10, "m": k / 20, "u": u / 5, "h": 0, "tau": 0}
    weight = delta * (1 - x)
    sure = {"q": 1, "x": 0, "delta": q * weight / (1 - weight + q * weight)}
    sure |= {"k": values["k"] + values["m"] * q, "m": 0}
    (by_chance,) = relation().at(**values, q=q, delta=delta, x=x).branches
    (known,) = relation().at(**values | sure).branches
    assert by_chance.name == known.name
    for outcome in ("level", "tipping_point"):
        one, other = (branch.outcomes.get(outcome) for branch in (by_chance, known))
        if one is None or other is None:
            assert one is other
        else:
            assert abs(sympy.N(one - other, 30)) < 1e-25


@cache
def relation() -> Solution:
    return catalogue.load_game("relation").solve()


def test_the_four_cells_at_one_cluster() -> None:
    """By hand at b = 2, c = 1, q = 1/2, rho = 2/7, u = 1/3, t0 = 1/2, delta = 1/2, else nothing:
    G = 1/8 + 1/7 and pi = 7/8, so D must exceed G/(G + (7/8 - u)/2), 90/181 before the crisis and
    30/79 after it, against D = 1/4 under unstable rules (h = 1/2) and 49/100 under stable ones."""
    gain, profit, half = sympy.Rational(15, 56), sympy.Rational(7, 8), sympy.Rational(1, 2)
    needed = [gain / (gain + (profit - u) / 2) for u in (sympy.Rational(1, 3), 0)]
    weights = [half * (1 - h) for h in (half, sympy.Rational(1, 50))]
    by_hand = [[bool(weight > least) for weight in weights] for least in needed]
    assert by_hand == [[False, False], [False, True]]
    none = "k = 0, m = 0, spill = 0, tau = 0, x = 0"
    others = f"b = 2, c = 1, q = 1/2, rho = 2/7, t0 = 1/2, delta = 1/2, {none}"
    for u, row in zip(("1/3", "0"), by_hand, strict=True):
        for h, returns in zip(("1/2", "1/50"), row, strict=True):
            cell = f"somewhere at u = {u}, h = {h}, {others}: h < critical_return_h"
            assert prove(catalogue.load_game("relation"), cell, relation()).holds is returns
