"""The answer about a case in a few sentences: what its study and its brief open with."""

from __future__ import annotations

from collections.abc import Iterator

from coopgame.clusters.answers import UNREALISTIC, Margins, OtherAnswer
from coopgame.clusters.classify import PhaseType
from coopgame.clusters.study import Study
from coopgame.clusters.typology import Profile
from coopgame.clusters.under import GAMES, MEANINGS, ClusterCondition
from coopgame.report.shares import capital
from coopgame.report.tables import Remarks, ReportPart

HALF = 0.5
FIRST = 2  # reasons and changes told at once; the rest follows
# The kind of co-operation behind each channel that a type may be stated on.
BEHIND = {"orders": "buyers", "spokes": "large", "made": "large"}


def opening(found: Study) -> ReportPart:
    """The type, how sure, the first reasons and what would change it, of the last phase."""
    last = _last(found)
    told = [_verdict(last, found), *list(_reasons(found))[:FIRST], _change(found)]
    return ReportPart("", (Remarks(tuple(told)),))


def reasons(found: Study) -> ReportPart:
    """Every kind of co-operation: whether it holds, and the condition of its game that says so."""
    about = (
        "Gains are shares of the best firm's yearly profit, at the middle of what the answers of "
        f"{_last(found).phase.year} allow. A promise holds by itself where breaking it would cost "
        "more than it brings."
    )
    return ReportPart("Reasons", (Remarks(tuple(_reasons(found))), about))


def _last(found: Study) -> PhaseType:
    types = found.portrait.types
    assert types is not None
    return types.phases[-1]


def percent(share: float) -> str:
    """A share in words.

    >>> percent(0.254), percent(0.0), percent(1.0), percent(0.001), percent(0.999)
    ('25 %', 'none', 'all', 'under 1 %', 'over 99 %')
    """
    if share <= 0:
        return "none"
    if share >= 1:
        return "all"
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{round(100 * share)} %"


def _verdict(last: PhaseType, found: Study) -> str:
    types = found.portrait.types
    assert types is not None
    share, error = 100 * last.distribution[last.type], 100 * last.error
    others = sorted(last.distribution, key=lambda kind: -last.distribution[kind])
    rest = [kind for kind in others if kind != last.type and last.distribution[kind] >= 0.01][:1]
    after = "".join(f"; next {kind}, {percent(last.distribution[kind])}" for kind in rest)
    return (
        f"Most likely type in {last.phase.year}: {last.type}, in {share:.0f} % of "
        f"{types.draws.count} draws from what the answers allow (standard error {error:.1f} "
        f"points{after})."
    )


def _reasons(found: Study) -> Iterator[str]:
    sustained = _last(found).sustained
    about = {c.relation: c for c in found.own}
    for name in _order(found):
        yield _reason(about[name], sustained[name])


def _order(found: Study) -> list[str]:
    """What the type is stated on comes first; then what its game explains and is nearly sure.

    The type that is left where no other holds is stated on nothing: of it, what the next likely
    type is stated on and is not sustained comes first.
    """
    last = _last(found)
    profiles = {each.type: each for each in found.case.profiles}
    kinds = sorted(last.distribution, key=lambda kind: -last.distribution[kind])
    is_rest = not profiles[last.type].when
    stated = _stated_on(profiles[kinds[1] if is_rest else last.type])
    explained = {c.relation: _holds(c) == (last.sustained[c.relation] >= HALF) for c in found.own}

    def first(name: str) -> tuple[bool, bool, bool, float]:
        share = last.sustained[name]
        return (
            name not in stated,
            is_rest and share >= HALF,
            not explained[name],
            -abs(share - HALF),
        )

    return sorted(explained, key=first)


def _stated_on(profile: Profile) -> set[str]:
    """The kinds of co-operation that a type's conditions speak of, by themselves or as channels."""
    named = {symbol.name for condition in profile.when for symbol in condition.free_symbols}
    return {BEHIND.get(name, name) for name in named}


def _holds(c: ClusterCondition) -> bool:
    """Whether co-operation holds and starts at the middle of the answers."""
    return c.gain > 0 and c.level > 0 and c.needed <= c.trust


def _reason(c: ClusterCondition, sustained: float) -> str:
    """One kind of co-operation: in what share of draws, and its game's condition in numbers."""
    how = f"{capital(MEANINGS[c.relation])} (game {GAMES[c.relation]})"
    return f"{how}: sustained in {_draws(sustained)}. {_condition(c, sustained)}"


def _draws(share: float) -> str:
    if 0 < share < 1:
        return f"{percent(share)} of draws"
    return "all draws" if share >= 1 else "no draw"


def _condition(c: ClusterCondition, sustained: float) -> str:
    gain, bar, needed, trust = (f"{x:.2g}" for x in (c.gain, c.bar, c.needed, c.trust))
    but = "; other answers allowed here let it hold" if sustained >= HALF else ""
    if c.gain <= 0:
        return f"It brings nothing a year, so that no promise holds{but}."
    if c.level <= 0:
        return f"It would bring {gain} a year, but a promise holds only from {bar} on{but}."
    if c.needed > c.trust:
        return f"It would bring {gain} a year, but starts from trust {needed}, not {trust}{but}."
    but = "" if sustained >= HALF else ", but firms mostly do without it"
    return f"It brings {gain} a year, and a promise holds from {bar} on{but}."


def _change(found: Study) -> str:
    """The measure that helps most of those that policy can reach and that bring another type.

    One that is an improvement goes first; of another it is said that it is none.
    """
    margins: Margins = found.portrait.margins[-1]
    now = _last(found).type
    levers = [lever for lever in margins.levers if lever.alternative.type != now]
    if levers:
        return f"What would change it: {_measure(levers[0].alternative)}."
    others = [each for each in margins.alternatives if each.type != now]
    if others:
        first = min(others, key=lambda each: bool(each.warning))
        return f"Policy alone reaches no other type; what would change it: {_measure(first)}."
    return "No other answer to a single question would change the most likely type."


def _measure(each: OtherAnswer) -> str:
    words = each.question.answers[each.letter]
    share = _draws(each.distribution[each.type])
    remark = "unrealistic" if each.warning == UNREALISTIC else "no improvement"
    warning = f"; {remark}" if each.warning else ""
    return f"{each.question.name} “{words}” (then most likely {each.type}, {share}{warning})"
