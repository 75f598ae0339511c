"""A case on one page, for readers who know neither games nor the paper's terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor

import sympy

from coopgame.clusters.case import Phase
from coopgame.clusters.classify import Classification, PhaseType
from coopgame.clusters.levers import POSSIBLE, STARTS, Move, Policy
from coopgame.clusters.study import RelationUnderRules, SignsOfGame, Study
from coopgame.clusters.typology import Profile
from coopgame.comparative.rows import ALL
from coopgame.language.deciding import number
from coopgame.proofs.questions import Verdict
from coopgame.report.cases import NOT_COVERED, classification_record, phase_table, short
from coopgame.report.games import paragraphs
from coopgame.report.tables import Cell, Remarks, Report, ReportPart, Table, columns, origin

CHOSEN = "chosen"
DOES = {POSSIBLE: "would let firms act together", STARTS: "would make them start now"}


def brief_report(found: Study, profiles: Mapping[str, Profile]) -> Report:
    """A study on one page, in plain words; needs the types and levers of its portrait."""
    types = found.portrait.types
    assert types is not None
    return Report(
        title=f"{found.case.info.title}, in brief",
        sections=(
            ReportPart("", tuple(paragraphs(found.case.info.description)[:1])),
            ReportPart("What kind of cluster it is", (Remarks(tuple(_kinds(types, profiles))),)),
            ReportPart("How far its firms co-operate", (_levels(types),)),
            ReportPart("What steady rules would do", (*_rules(found),)),
            ReportPart("What would change it", (Remarks(tuple(_changes(found))),)),
            ReportPart("What holds whatever the numbers", tuple(_signs(found))),
            ReportPart("How far to trust this", (_caveat(types),)),
        ),
        table=phase_table(types),
        record=classification_record(types),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,),
    )


def _when(phase: Phase) -> str:
    return f"{phase.year} ({phase.name})"


def _kinds(types: Classification, profiles: Mapping[str, Profile]) -> Iterator[str]:
    """Each phase's type and, the first time, what such a cluster is like."""
    told: set[str] = set()
    for p in types.phases:
        like = "" if p.type in told else f": {profiles[p.type].features}"
        told.add(p.type)
        yield f"{_when(p.phase)}, {p.type}{like}.{_stated(p)}"


def _stated(p: PhaseType) -> str:
    if p.as_stated is None:
        return ""
    return " Its source says so too." if p.as_stated else f" Its source says {p.phase.expected}."


def _levels(types: Classification) -> Table:
    """One row a kind of co-operation, one column a phase."""
    rows = [
        (_capital(relation.meaning), *(_far(p.place.relations[relation.name].level)
         for p in types.phases))
        for relation in types.case.cluster.relations
    ]  # fmt: skip
    return Table(columns("between firms", *(_when(p.phase) for p in types.phases)), rows)


def _far(level: sympy.Expr) -> str:
    """How far co-operation goes, in words.

    >>> _far(sympy.S.Zero), _far(sympy.Rational(12, 25)), _far(sympy.S.One)
    ('none', '48 %', 'full')
    """
    share = short(level)
    return "none" if share == 0 else "full" if share == 1 else f"{share:.0%}".replace("%", " %")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rules(found: Study) -> Iterator[str | Table]:
    """What the last phase could sustain under each of the rules compared, and what it survives."""
    last = found.case.phases[-1]
    of_last = [row for row in found.relations if row.phase is last]
    by_relation: dict[str, list[RelationUnderRules]] = {}
    for row in of_last:
        by_relation.setdefault(row.relation.meaning, []).append(row)
    compared = list(dict.fromkeys(row.rules.info.title for row in of_last))
    rows: list[tuple[Cell, ...]] = [
        (_capital(meaning), *(_far(row.level) for row in under), _survives(under[0]))
        for meaning, under in by_relation.items()
    ]
    yield (
        f"How far co-operation could last as things were in {last.year}, once it is there, and how "
        "often the rules of the game may change before none is left:"
    )
    yield Table(columns("between firms", *compared, "rules may change"), rows)


def _survives(row: RelationUnderRules) -> str:
    """How often the rules may change, on average, before nothing lasts."""
    hazard = row.collapse
    if hazard is None or not hazard.is_number or not sympy.N(hazard, 30).is_real:
        return ""
    if number(hazard) <= 0:
        return "never: it does not last at all"
    if number(hazard) >= 1:
        return "at any time"
    years = number(row.rules.years_per_period / hazard)
    return f"once in {years:.1f} years"


def _changes(found: Study) -> Iterator[str]:
    """For each phase and aim, the smallest single measure that would reach it."""
    for phase, policies in zip(found.case.phases, found.portrait.policies, strict=True):
        for policy in policies:
            told = _change(found, phase, policy)
            if told:
                yield f"{_when(phase)}: {told}."


def _change(found: Study, phase: Phase, policy: Policy) -> str:
    """What would reach one aim; that firms could act together goes without saying where they do."""
    does = DOES.get(policy.goal, "would make it another kind of cluster")
    if policy.is_met:
        return "firms do act together" if policy.goal == STARTS else ""
    if not policy.workable:
        return f"no single measure {does}"
    return _measure(found, phase, policy.workable[0], does)


def _measure(found: Study, phase: Phase, move: Move, does: str) -> str:
    parameter = found.case.cluster.domain[move.lever.parameter]
    here = number(phase.point[parameter.name])
    becomes = f", namely {move.becomes}" if move.becomes else ""
    return (
        f"{move.lever.instrument} {does}{becomes} ({parameter.meaning}: from {here:.3g} to "
        f"{move.to:.3g}, {move.size:.0%} of the way it could go)"
    )


def _signs(found: Study) -> Iterator[str | Remarks]:
    """What is proved to help and to hurt co-operation, in the words of the game file."""
    for signs in found.signs:
        alone = len(found.signs) == 1
        which = "a relation between two firms" if alone else f"the game {signs.told}"
        yield f"Proved for every choice of the numbers, in {which}:"
        yield Remarks(tuple(_directions(signs)))


def _directions(signs: SignsOfGame) -> Iterator[str]:
    meaning = {p.name: p.meaning for p in signs.game.header.domain.parameters}
    of_level = [r for r in signs.statics.rows if (r.outcome, r.branch) == ("level", ALL)]

    def which(sign: str, verdict: Verdict = Verdict.PROVED) -> str:
        found = (r for r in of_level if (r.sign, r.verdict) == (sign, verdict))
        return "; ".join(meaning[r.parameter] for r in found)

    told = [
        ("Co-operation goes further, or as far, with more of", which("+")),
        ("It goes less far, or as far, with more of", which("-")),
        ("It can go either way with", which("?", Verdict.REFUTED)),
        ("Nobody has proved which way it goes with", which("?", Verdict.UNDECIDED)),
    ]
    yield from (f"{way}: {names}." for way, names in told if names)


def _caveat(types: Classification) -> str:
    sources = [d.source for p in types.case.phases for d in p.departures.values()]
    chosen = sum(CHOSEN in source for source in sources)
    least = min(p.robustness for p in types.phases)
    kept = "every one" if least == 1 else f"at least {floor(1000 * least) / 10:g} %"
    draws = types.draws
    return (
        f"{len(sources)} numbers set this case apart; {chosen} of them are marked as chosen to fit "
        "what the paper tells, and none was measured. That the cluster comes out as it should is "
        "no proof of the model. With each number moved at random by up to "
        f"{draws.width:.0%}, {draws.count} times, the kind of cluster stayed the same in {kept} of "
        "the draws, in each phase."
    )
