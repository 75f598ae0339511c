"""Games of the textbooks in closed form, each derived by hand in its docstring."""

from __future__ import annotations

import tomllib

import sympy

from coopgame.catalogue import load_game
from coopgame.forms.base import Game
from coopgame.forms.gamefile import read_game
from coopgame.language.printing import symbol
from coopgame.reading.section import Section


def read(domains: dict[str, str], defaults: dict[str, str], rest: str) -> Game:
    lines = [
        f'{name} = {{ meaning = "m", unit = "u", domain = "{domain}", '
        f'default = "{defaults[name]}", source = "s" }}'
        for name, domain in domains.items()
    ]
    head = 'format = 1\nform = "normal"\n[parameters]\n'
    section = Section(tomllib.loads(head + "\n".join(lines) + "\n" + rest))
    game = read_game(section, "test", "")
    section.settle()
    return game


def same(left: sympy.Expr, right: sympy.Expr) -> bool:
    return sympy.simplify(left - right) == 0


def test_hawks_are_as_many_as_the_prize_is_of_the_cost() -> None:
    """(v - c)/2*p + v*(1 - p) = v/2*(1 - p) gives p = v/c, below one iff v < c."""
    v, c = symbol("v"), symbol("c")
    mixed = load_game("hawk_dove").solve()["mixed"]
    for mixture in mixed.strategies.values():
        assert same(mixture["hawk"], v / c)
    for prize, is_mixed in ((1, True), (3, False)):
        held = [bool(each.subs({v: prize, c: 2})) for each in mixed.conditions]
        assert all(held) is is_mixed


def test_an_outside_option_between_the_two_efforts_drives_out_the_lower() -> None:
    """With P < u < R hare is worse than out for the second player whatever the first does.

    The mixture of stag and out then needs first = (u - S)/(R - S) and second = (P - S)/(R - S).
    """
    solution = load_game("stag_hunt").solve()
    names = {b.name for b in solution.at(u="3").branches}
    assert names == {"stag,stag", "hare,out", "mixed{stag,hare|stag,out}"}
    mixed = solution["mixed{stag,hare|stag,out}"].strategies
    R, P, S, u = map(symbol, "RPSu")
    assert same(mixed["first"]["stag"], (u - S) / (R - S))
    assert same(mixed["second"]["stag"], (P - S) / (R - S))


def test_weighted_rock_paper_scissors_has_one_equilibrium() -> None:
    """Rock loses a to paper, wins b from scissors; scissors win c from paper; zero sum.

    With A = [[0, -a, b], [a, 0, -c], [-b, c, 0]] the mixture x must meet A'x = 0, and the kernel
    of that antisymmetric matrix is spanned by (c, b, a).
    """
    entries = (("0", "-a", "b"), ("a", "0", "-c"), ("-b", "c", "0"))
    moves = ("rock", "paper", "scissors")
    rows = [
        f'"{row},{column}" = ["{entries[i][j]}", "-({entries[i][j]})"]'
        for i, row in enumerate(moves)
        for j, column in enumerate(moves)
    ]
    listed = '["rock", "paper", "scissors"]'
    rest = f"[players]\none = {listed}\ntwo = {listed}\n[payoffs]\n" + "\n".join(rows)
    positive = dict.fromkeys("abc", "(0, oo)")
    (only,) = read(positive, {"a": "1", "b": "2", "c": "3"}, rest).solve().branches
    a, b, c = map(symbol, "abc")
    assert only.conditions == ()
    for mixture in only.strategies.values():
        for move, weight in zip(moves, (c, b, a), strict=True):
            assert same(mixture[move], weight / (a + b + c))


def test_the_leader_seen_through_noise_can_only_mix_when_it_is_seen_well() -> None:
    """Bagwell 1995: leader S or C, follower s or c; (S,s) = 5,2, (S,c) = 3,1, (C,s) = 6,3,
    (C,c) = 4,4; the follower sees the wrong action with probability e.

    Against a reply that heeds no signal C is better for the leader, by 1, so there S is never
    played, and (C, always c) is always an equilibrium. Against one who follows the signal S earns
    5 - 2*e and C 4 + 2*e. A follower who follows with probability q and otherwise heeds nothing
    leaves S a gain of q*2*(1 - 2*e) - 1, so q = 1/(2*(1 - 2*e)), at most 1 iff e <= 1/4. The
    follower is indifferent after c iff p*e = (1 - p)*(1 - e), that is p = 1 - e (then it plays s
    otherwise), and after s iff p = e (then c). At e = 1/4 q = 1, and both are the ends of one
    continuum in which the follower follows.
    """
    first = {("S", "s"): (5, 2), ("S", "c"): (3, 1), ("C", "s"): (6, 3), ("C", "c"): (4, 4)}
    plans = {"ss": "ss", "follow": "sc", "reverse": "cs", "cc": "cc"}
    rows = []
    for lead in "SC":
        for plan, replies in plans.items():
            at_s, at_c = tuple(replies)
            right, wrong = (at_s, at_c) if lead == "S" else (at_c, at_s)
            pay = [f"(1 - e)*{first[lead, right][i]} + e*{first[lead, wrong][i]}" for i in (0, 1)]
            rows.append(f'"{lead},{plan}" = ["{pay[0]}", "{pay[1]}"]')
    rest = (
        '[players]\nleader = ["S", "C"]\nfollower = ["ss", "follow", "reverse", "cc"]\n'
        "[payoffs]\n" + "\n".join(rows)
    )
    domains = {"e": "(0, 1/2)"}
    solution = read(domains, {"e": "1/10"}, rest).solve()
    mixed = {"mixed{S,C|ss,follow}": 1 - symbol("e"), "mixed{S,C|follow,cc}": symbol("e")}
    for e in ("1/100", "1/10", "6/25"):
        assert {b.name for b in solution.at(e=e).branches} == {"C,cc", *mixed}
    for e in ("13/50", "2/5"):
        assert {b.name for b in solution.at(e=e).branches} == {"C,cc"}
    for name, prior in mixed.items():
        e = symbol("e")
        assert same(solution[name].strategies["leader"]["S"], prior)
        assert same(solution[name].strategies["follower"]["follow"], 1 / (2 * (1 - 2 * e)))
    border = read(domains, {"e": "1/10"}, rest).substitute({"e": sympy.Rational(1, 4)}).solve()
    ends = [b.strategies["leader"]["S"] for b in border.branches if b.name != "C,cc"]
    assert sorted(ends) == [sympy.Rational(1, 4), sympy.Rational(3, 4)]
