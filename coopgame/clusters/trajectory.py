"""A case lived year by year: trust that learns, rules perceived with a lag, capability learnt.

Each year firms act on the rules as they perceive them. A relation that is sustained succeeds, and
success lifts what firms expected of each other by Bayes' rule, where an honest partner fails with
chance `failure` and an opportunist's venture passes with chance `luck` (as in the game `culture`);
one that unravels cuts the trust they had by the same rule; where nothing is ventured nothing is
learnt. Co-operation seen elsewhere pulls trust towards it; a dated change of the rules wipes it out
down to the floor. Firms that produce for demanding buyers gain capability. What relations bring is
earned only if the rules really hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sympy

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.joint import Known, surroundings
from coopgame.clusters.model import Cluster
from coopgame.clusters.place import Place, place
from coopgame.language.deciding import decide, evaluate
from coopgame.language.printing import symbol

DIGITS = 4
DEMANDING = ("external", "lead")


@dataclass(frozen=True)
class Year:
    """A cluster in one year: the phase in force, what firms expect and perceive, what it is.

    `trust` is per relation, before the year's experience; `hazard` is true, `perceived` what firms
    act on; `earned` is the mean profit of a small firm under the true rules (as `_earned` sums it),
    `together` the part of it that relations outside the channels bring, or going without them.
    """

    year: int
    phase: Phase
    trust: Mapping[str, sympy.Rational]
    hazard: sympy.Expr
    perceived: sympy.Expr
    learnt: sympy.Expr
    is_wiped: bool
    place: Place
    earned: sympy.Expr
    together: sympy.Expr


@dataclass(frozen=True)
class State:
    """What one year hands on to the next: values of parameters, and who co-operated."""

    values: Mapping[str, sympy.Rational]
    sustained: frozenset[str] = frozenset()


def live(case: Case, progress: Callable[[str], None] = lambda step: None) -> tuple[Year, ...]:
    """The case year by year, from its first phase to the year it states as its last.

    Values are exact; what is handed on from year to year is rounded to four decimals.
    """
    return tuple(_years(case, progress))


def _years(case: Case, progress: Callable[[str], None]) -> Iterator[Year]:
    state = State({})
    for year in range(case.phases[0].year, case.until + 1):
        progress(str(year))
        phase = [p for p in case.phases if p.year <= year][-1]
        before = _entering(case.cluster, phase, year, state)
        lived = _lived(case.cluster, phase, year, before)
        yield lived
        state = _after(case.cluster, lived, before)


def _entering(cluster: Cluster, phase: Phase, year: int, state: State) -> State:
    """The state at the start of a year: what the phase sets anew, and histories wiped out."""
    handed = dict(state.values)
    if year == phase.year:
        for name in phase.departures:
            handed.pop(name, None)
    hazards = {p.name: phase.point[p.name] for p in cluster.domain.by_role("hazard")}
    values = {**_states(cluster, phase.point), **hazards, **handed}
    if _is_wiped(phase, year):
        known = _known({**phase.point, **values})
        for relation in cluster.relations:
            left = sympy.Min(values[relation.state], evaluate(relation.floor, known))
            values[relation.state] = left
    return State(values, state.sustained)


def _states(cluster: Cluster, point: Mapping[str, sympy.Rational]) -> dict[str, sympy.Rational]:
    names = [relation.state for relation in cluster.relations] + [cluster.learnt]
    return {name: point[name] for name in names}


def _is_wiped(phase: Phase, year: int) -> bool:
    """Whether the phase's rules date a change in this year."""
    return any(day.year == year for day in phase.rules.dates)


def _lived(cluster: Cluster, phase: Phase, year: int, state: State) -> Year:
    point = {**phase.point, **state.values}
    here = place(cluster, point)
    hazard = cluster.domain.by_role("hazard")[0].name
    known = surroundings(cluster, point, here.relations)
    holds = 1 - phase.point[hazard]
    together = _together(cluster, here, known, holds)
    return Year(
        year=year,
        phase=phase,
        trust={r.name: evaluate(r.trust, known) for r in cluster.relations},
        hazard=phase.point[hazard],
        perceived=state.values[hazard],
        learnt=state.values[cluster.learnt],
        is_wiped=_is_wiped(phase, year),
        place=here,
        earned=_earned(cluster, here, known, holds) + together,
        together=together,
    )


def _earned(cluster: Cluster, here: Place, known: Known, holds: sympy.Expr) -> sympy.Expr:
    """What small firms earn through their channels, in the mean over all of them.

    Of each channel, times the share of firms in it, the margin and, where the rules hold (with the
    chance `holds`), the gain that the channel states: what the relations behind it bring, by their
    levels. A relation that is not sustained has level 0; whoever does better in another channel
    without it sells there.
    """
    worths = {c.name: c.margin + holds * c.gain for c in cluster.channels}
    return sympy.Add(*(here.shares[n] * evaluate(w, known) for n, w in worths.items()))


def _together(cluster: Cluster, here: Place, known: Known, holds: sympy.Expr) -> sympy.Expr:
    """What relations bring small firms beside their channels, in the mean over all of them.

    Of each relation, times the share of firms it is `among`: where it is sustained the gain that
    the cluster states for it, lost where the rules change; where it is not, what a firm has alone.
    """
    found = []
    for relation in cluster.relations:
        among = sympy.S.One if relation.among is None else here.shares[relation.among]
        is_sustained = here.relations[relation.name].is_sustained
        brought = holds * relation.gain if is_sustained else relation.alone
        found.append(among * evaluate(brought, known))
    return sympy.Add(*found)


# --- from year to year -------------------------------------------------------------------------


def _after(cluster: Cluster, lived: Year, before: State) -> State:
    known = _known({**lived.phase.point, **before.values})
    rates = {name: evaluate(rate, known) for name, rate in cluster.learning.items()}
    values = dict(before.values)
    sustained = set()
    for relation in cluster.relations:
        now = lived.place.relations[relation.name].is_sustained
        trust = values[relation.state]
        if now:
            sustained.add(relation.name)
            trust = success(lived.trust[relation.name], rates)
        elif relation.name in before.sustained:
            trust = breach(trust, rates)
        trust = _looking(trust, rates)
        values[relation.state] = _rounded(trust)
    hazard = cluster.domain.by_role("hazard")[0].name
    gap = lived.hazard - lived.perceived
    values[hazard] = _rounded(lived.perceived + rates["attention"] * gap)
    taught = sympy.Add(*(lived.place.shares[name] for name in DEMANDING))
    room = cluster.domain[cluster.learnt].interval.upper
    gained = lived.learnt + rates["teaching"] * taught
    values[cluster.learnt] = _rounded(sympy.Min(room, gained))
    return State(values, frozenset(sustained))


def success(trust: sympy.Expr, rates: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Trust after a good year, `p*(1-e)/(p*(1-e) + (1-p)*d)`; never lifted above `1-e`.

    e is the chance that an honest partner fails, d that an opportunist's venture passes; nobody
    learns to expect more of a partner than an honest one delivers. Where d > 1-e a good year says
    nothing for a partner, and trust stays.
    """
    honest, lucky = trust * (1 - rates["failure"]), (1 - trust) * rates["luck"]
    if decide(sympy.Eq(honest + lucky, 0)):
        return trust
    return sympy.Max(trust, sympy.Min(1 - rates["failure"], honest / (honest + lucky)))


def breach(trust: sympy.Expr, rates: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Trust after a relation has unravelled, `p*e/(p*e + (1-p)*(1-d))`."""
    honest, caught = trust * rates["failure"], (1 - trust) * (1 - rates["luck"])
    if decide(sympy.Eq(honest + caught, 0)):
        return trust
    return sympy.Min(trust, honest / (honest + caught))


def _looking(trust: sympy.Expr, rates: Mapping[str, sympy.Expr]) -> sympy.Expr:
    return trust + rates["imitation"] * sympy.Max(0, rates["example"] - trust)


def _rounded(value: sympy.Expr) -> sympy.Rational:
    return sympy.Rational(round(sympy.Rational(sympy.N(value, 30)) * 10**DIGITS), 10**DIGITS)


def _known(point: Mapping[str, sympy.Expr]) -> Known:
    return {symbol(name): value for name, value in point.items()}
