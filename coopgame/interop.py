"""Games and equilibria in the formats of Gambit: `.nfg` files and `NE,...` lines.

As in its manual ("Game representation formats"), the first player's strategy changes fastest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, cast

import sympy

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game, Header
from coopgame.forms.normal.game import NormalGame
from coopgame.forms.normal.tables import MAX_PLAYERS, MAX_PROFILES, Actions, Players
from coopgame.language.deciding import number
from coopgame.language.grammar import name_problem
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain
from coopgame.reading.info import Info
from coopgame.reading.section import read_text
from coopgame.solution import Branch, Solution, solve_at

TOKEN = re.compile(r'[\s,]+|"((?:[^"\\]|\\.)*)"|([{}])|([^\s,{}"]+)', re.DOTALL)
DECIMALS = 10
Row = tuple[sympy.Expr, ...]


def read_nfg(path: Path) -> NormalGame:
    """The game of a Gambit file, without parameters.

    Labels that are no names here are made names: `1` of a player is `player1`. Raises InputError
    with the line of the first fault.
    """
    text, digest = read_text(path)
    return parse_nfg(text, path.stem, digest)


def parse_nfg(text: str, name: str, digest: str = "") -> NormalGame:
    """The game that the text of a Gambit file states.

    >>> game = parse_nfg('NFG 1 R "g" { "a" "b" } { 2 1 } 1 2 3/2 .5', "g")
    >>> game.payoffs["s2", "s1"]
    (3/2, 1/2)
    """
    tokens = _Tokens(tuple(_tokens(text)))
    for words in (("NFG",), ("1",), ("R", "D")):
        tokens.expect("word", words, "begin with: NFG 1 R")
    title = tokens.expect("text", (), "give the title in quotes")
    players = _read_players(tokens)
    comment = tokens.next("text").text if tokens.kind == "text" else ""
    profiles = [tuple(reversed(turned)) for turned in product(*reversed(tuple(players.values())))]
    read = _read_outcomes if tokens.text == "{" else _read_payoffs
    rows = read(tokens, len(profiles), len(players))
    if tokens.kind:
        raise tokens.fault(f"{_brief(tokens.text)} after the last payoff", "remove it")
    info = Info(name, title or name, comment, "a Gambit .nfg file", digest)
    payoffs = dict(zip(profiles, rows, strict=True))
    ordered = {profile: payoffs[profile] for profile in product(*players.values())}
    return NormalGame(Header(info, Domain(), ""), players, ordered, {})


@dataclass(frozen=True)
class _Token:
    """A quoted `text`, a `brace` or a `word`, and the line it begins on; no kind at the end."""

    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    place, line = 0, 1
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise InputError("the quotation is never closed", 'add a "', f"line {line}")
        quoted, brace, word = match.groups()
        if quoted is not None:
            yield _Token("text", quoted.replace('\\"', '"'), line)
        elif brace or word:
            yield _Token("brace" if brace else "word", brace or word, line)
        line += match.group().count("\n")
        place = match.end()
    yield _Token("", "the end of the file", line)


@dataclass
class _Tokens:
    """The tokens of one file, read from the front."""

    tokens: Sequence[_Token]
    place: int = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.place].kind

    @property
    def text(self) -> str:
        return self.tokens[self.place].text

    def fault(self, problem: str, mend: str) -> InputError:
        return InputError(problem, mend, f"line {self.tokens[self.place].line}")

    def next(self, kind: str) -> _Token:
        token = self.tokens[self.place]
        self.place += bool(kind and token.kind == kind)
        return token

    def expect(self, kind: str, allowed: Sequence[str], mend: str) -> str:
        """The text of the next token, which must be of this kind and one of `allowed`, if any."""
        if self.kind != kind or (allowed and self.text not in allowed):
            raise self.fault(f"{_brief(self.text)} is out of place", mend)
        return self.next(kind).text

    def until_closed(self, kind: str, mend: str) -> list[str]:
        """The tokens of one kind between `{` and `}`."""
        self.expect("brace", "{", mend)
        found = []
        while self.text != "}" or self.kind != "brace":
            found.append(self.expect(kind, (), mend))
        self.next("brace")
        return found

    def number(self) -> sympy.Rational:
        mend = "give an integer, a decimal or a fraction"
        if self.kind != "word":
            raise self.fault(f"{_brief(self.text)} stands where a payoff should", mend)
        try:
            found = exact(self.text)
        except InputError as error:
            raise self.fault(error.faults[0].problem, error.faults[0].mend) from None
        self.next("word")
        return found


def _brief(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:27] + "...")


def _read_players(tokens: _Tokens) -> Players:
    """The players in their order with their strategies, given as counts or as labels."""
    labels = tokens.until_closed("text", 'list the players as in { "a" "b" }')
    if not 2 <= len(labels) <= MAX_PLAYERS:
        raise tokens.fault(f"{len(labels)} players", f"name 2 to {MAX_PLAYERS} players")
    mend = 'list the strategies as in { 2 3 } or { { "l" "r" } { "a" "b" "c" } }'
    tokens.expect("brace", "{", mend)
    strategies: list[Sequence[str]] = []
    while tokens.text != "}" or tokens.kind != "brace":
        is_list = tokens.kind == "brace"
        own = tokens.until_closed("text", mend) if is_list else [""] * _count(tokens, mend)
        strategies.append(own)
        if not strategies[-1]:
            raise tokens.fault("a player without strategies", "give each player one or more")
    if len(strategies) != len(labels):
        problem = f"strategies of {len(strategies)} players for {len(labels)} players"
        raise tokens.fault(problem, "give each player its strategies")
    if math.prod(map(len, strategies)) > MAX_PROFILES:
        raise tokens.fault(f"more than {MAX_PROFILES} profiles", "leave out players or strategies")
    tokens.next("brace")
    return {
        player: names(given, "s")
        for player, given in zip(names(labels, "player"), strategies, strict=True)
    }


def _count(tokens: _Tokens, mend: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", tokens.text):
        raise tokens.fault(f"{_brief(tokens.text)} is no number of strategies", mend)
    return int(tokens.expect("word", (), mend))


def names(labels: Sequence[str], prefix: str) -> Actions:
    """Labels as names, all different.

    >>> names(["1", "give in", "give-in", ""], "s")
    ('s1', 'give_in', 'give_in_2', 's4')
    """
    found: dict[str, None] = {}
    for place, label in enumerate(labels, start=1):
        name = re.sub(r"[^A-Za-z0-9]+", "_", label[:30]).strip("_") or str(place)
        name = prefix + name if name_problem(name) else name
        count, free = 1, name
        while free in found:
            count += 1
            free = f"{name}_{count}"
        found[free] = None
    return tuple(found)


def _read_payoffs(tokens: _Tokens, profiles: int, players: int) -> list[Row]:
    """The payoffs of every profile, player by player."""
    return [tuple(tokens.number() for _ in range(players)) for _ in range(profiles)]


def _read_outcomes(tokens: _Tokens, profiles: int, players: int) -> list[Row]:
    """The payoffs of every profile by the number of its outcome; 0 stands for nothing at all."""
    mend = 'list the outcomes as in { { "both work" 3, 3 } { "" 0, 0 } }'
    outcomes: list[Row] = [(sympy.S.Zero,) * players]
    tokens.expect("brace", "{", mend)
    while tokens.text != "}" or tokens.kind != "brace":
        tokens.expect("brace", "{", mend)
        tokens.expect("text", (), mend)
        outcomes.append(tuple(tokens.number() for _ in range(players)))
        tokens.expect("brace", "}", mend)
    tokens.next("brace")
    rows = []
    for _ in range(profiles):
        known = f"give 0 to {len(outcomes) - 1} for each profile"
        if not re.fullmatch("[0-9]{1,6}", tokens.text) or int(tokens.text) >= len(outcomes):
            raise tokens.fault(f"{_brief(tokens.text)} is no number of an outcome", known)
        rows.append(outcomes[int(tokens.expect("word", (), known))])
    return rows


# --- writing -----------------------------------------------------------------------------------


def to_nfg(game: NormalGame, values: Mapping[str, Any]) -> str:
    """The text of a Gambit file of the game at a point, defaults filling what is not given.

    Payoffs are exact. Raises InputError for payoffs that no fraction states.
    """
    fixed = game.substitute(game.header.domain.point(values))
    turned = product(*reversed(tuple(fixed.players.values())))
    rows = [_written(fixed, tuple(reversed(profile))) for profile in turned]
    strategies = " ".join(_braced(map(_quoted, own)) for own in fixed.players.values())
    head = [
        f"NFG 1 R {_quoted(fixed.header.info.title)} {_braced(map(_quoted, fixed.players))}",
        f'{{ {strategies} }}\n""\n',
    ]
    return "\n".join([*head, *map(" ".join, rows), ""])


def _written(game: NormalGame, profile: Actions) -> list[str]:
    payoffs = game.payoffs[profile]
    for payoff in payoffs:
        if not payoff.is_Rational:
            problem = f"the payoff {payoff} of {','.join(profile)} is no fraction"
            raise InputError(problem, "set values at which the payoffs are fractions")
    return [str(payoff) for payoff in payoffs]


def _braced(parts: Iterator[str]) -> str:
    return f"{{ {' '.join(parts)} }}"


def _quoted(text: str) -> str:
    """Text in quotes; Gambit escapes a quotation mark and nothing else."""
    plain = " ".join(text.replace("\\", "/").split())
    return '"' + plain.replace('"', '\\"') + '"'


def normal(game: Game) -> NormalGame:
    """The game, which must be in normal form; raises InputError otherwise."""
    if ability(game, "matrix") is None:
        raise InputError(f"{game.header.info.name} is not in normal form", "give one that is")
    return cast(NormalGame, game)


def equilibria(game: NormalGame, values: Mapping[str, Any]) -> list[str]:
    """The lines of the equilibria at a point; at a degenerate one, the extreme equilibria."""
    return gambit_lines(solve_at(game, game.header.domain.point(values)))


def gambit_lines(solution: Solution) -> list[str]:
    """The equilibria at a point as Gambit prints them: `NE,1/2,1/2,1,0`.

    Probabilities of all actions, player by player; irrational ones as decimals. Raises
    InputError for a solution in symbols or of a game that is not in normal form.
    """
    if not solution.is_point:
        free = ", ".join(solution.domain.names)
        raise InputError(f"the solution is in symbols: {free}", "take it at a point")
    return [_line(branch) for branch in solution.branches]


def _line(branch: Branch) -> str:
    if branch.kind != "mixed":
        raise InputError(
            f"{branch.name} is no profile of mixed actions", "give a game in normal form"
        )
    shares = [share for mixture in branch.strategies.values() for share in mixture.values()]
    return ",".join(["NE", *map(_share, shares)])


def _share(share: sympy.Expr) -> str:
    return str(share) if share.is_Rational else f"{number(share):.{DECIMALS}f}"
