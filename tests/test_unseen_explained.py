"""What is explained of levels whose F is no quadratic.

In Levin's game with cost a**3/3, F(a) = (1 - D)*a**3/3 - D*(b*a - a**3/3 - u) = a**3/3 - D*b*a
+ D*u, and b*a - a**3/3 is greatest at sqrt(b): so the level that binds, put into F, leaves
nothing, and a joint optimum is at sqrt(b) where b < 1.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy

from coopgame.catalogue import load_game
from coopgame.forms.derivation import Derivation, Role
from coopgame.language.printing import symbol

LEVIN = Path(__file__).parent / "unseen" / "c09_levin_cubic.toml"
# b, u, delta, h at which the branch holds, and its level.
POINTS = {
    "none": ("1/10", "1", "1/2", "0"),
    "constrained": ("1", "1/20", "1/4", "0"),
    "optimum": ("1/2", "1/100", "9/10", "0"),
    "full": ("2", "1/100", "9/10", "0"),
}


@pytest.mark.parametrize("name", POINTS)
def test_a_cubic_level_is_explained_with_its_own_powers(name: str) -> None:
    values = dict(zip(("b", "u", "delta", "h"), map(sympy.Rational, POINTS[name]), strict=True))
    game = load_game(str(LEVIN))
    (branch,) = (b for b in game.solve().branches if b.name == name)
    at = {symbol(key): value for key, value in values.items()}
    assert all(bool(condition.subs(at)) for condition in branch.conditions)
    told, a = game.derivation(branch), symbol("a")
    b, u, delta = (values[key] for key in ("b", "u", "delta"))
    excess = a**3 / 3 - delta * b * a + delta * u
    powers = told.lines(Role.SYSTEM)[2].statement
    assert sympy.expand(_number(told, powers.rhs, at) - excess) == 0
    if name == "constrained":
        check = told.lines(Role.SYSTEM)[-1].statement
        assert abs(sympy.N(_number(told, check.lhs, at), 40)) < 10**-30
    if name == "optimum":
        assert _number(told, symbol("a_best"), at) == sympy.sqrt(b)


def _number(
    told: Derivation, expression: sympy.Expr, at: dict[sympy.Symbol, sympy.Expr]
) -> sympy.Expr:
    found: sympy.Expr = told.resolved(expression).subs(at)
    return found
