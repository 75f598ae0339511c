"""A case on one page, for readers who know neither games nor the paper's terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coopgame.clusters.answers import NOTHING, Margins
from coopgame.clusters.case import JUDGEMENT, UNKNOWN, Phase, told_answer
from coopgame.clusters.classify import Classification, PhaseType
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.study import SignsOfGame, Study
from coopgame.clusters.under import MEANINGS, UnderRules
from coopgame.comparative.rows import ALL
from coopgame.proofs.questions import Verdict
from coopgame.report.cases import NOT_COVERED, types_table
from coopgame.report.games import paragraphs
from coopgame.report.openings import opening, percent, reasons
from coopgame.report.records import portrait_record
from coopgame.report.shares import capital
from coopgame.report.tables import Remarks, Report, ReportPart, Table, columns, origin

FEW = 3


def brief_report(found: Study) -> Report:
    """A study on one page, in plain words."""
    types = found.portrait.types
    assert types is not None
    return Report(
        title=f"{found.case.info.title}, in brief",
        sections=(
            opening(found),
            reasons(found),
            ReportPart("The case", tuple(paragraphs(found.case.info.description)[:1])),
            ReportPart("What kind of cluster it is", (Remarks(tuple(_kinds(types))),)),
            ReportPart("How likely its firms co-operate", (_levels(types),)),
            ReportPart("What steady rules would do", tuple(_rules(found))),
            ReportPart("What would change it", (Remarks(tuple(_changes(found))),)),
            ReportPart("What holds whatever the numbers", tuple(_signs(found))),
            ReportPart("How far to trust this", (_caveat(types),)),
        ),
        table=types_table(types),
        record=portrait_record(found.portrait),
        origin=origin(found.case.info),
        notes=(*found.case.marks, NOT_COVERED),
    )


def _when(phase: Phase) -> str:
    return f"{phase.year} ({phase.name})"


def _kinds(types: Classification) -> Iterator[str]:
    """Each phase's most likely type and, the first time, what such a cluster is like."""
    like = {profile.type: profile.features for profile in types.case.profiles}
    told: set[str] = set()
    for p in types.phases:
        more = "" if p.type in told else f": {like[p.type]}"
        told.add(p.type)
        share = percent(p.distribution[p.type])
        yield f"{_when(p.phase)}, most likely {p.type} ({share} of the draws){more}.{_stated(p)}"


def _stated(p: PhaseType) -> str:
    if p.as_stated is None:
        return ""
    if p.as_stated:
        return " Its source says so too."
    return f" Its source says {p.phase.stated}, which {percent(p.stated_share or 0)} of them are."


def _levels(types: Classification) -> Table:
    """One row a kind of co-operation, one column a phase."""
    rows = [
        (capital(MEANINGS[name]), *(percent(p.sustained[name]) for p in types.phases))
        for name in RELATIONSHIPS
    ]
    return Table(columns("in what share of draws", *(_when(p.phase) for p in types.phases)), rows)


def _rules(found: Study) -> Iterator[str | Table]:
    """How often each kind of co-operation would be sustained in the last phase, by macro rules."""
    last = found.case.phases[-1]
    rows = [row for row in found.rows if row.phase is last]
    yield f"In what share of draws firms would co-operate as things were in {last.year}:"
    cells = [
        (capital(MEANINGS[name]), *(percent(row.sustained[name]) for row in rows))
        for name in RELATIONSHIPS
    ]
    cells.append(("Most likely type", *(_most(row) for row in rows)))
    yield Table(columns("between firms", *(row.rules.info.title for row in rows)), cells)


def _most(row: UnderRules) -> str:
    return f"{row.type} ({percent(row.distribution[row.type])})"


def _changes(found: Study) -> Iterator[str]:
    """For the last phase, the measures that would help most, with errors and warnings."""
    margins: Margins = found.portrait.margins[-1]
    helping = [lever for lever in margins.levers if lever.warning != NOTHING]
    for lever in helping[:FEW]:
        each = lever.alternative
        words = each.question.answers[each.letter]
        warning = f" Warning: {lever.warning}." if lever.warning else ""
        yield (
            f"{each.question.name} ({lever.place} government): “{words}” would change the type in "
            f"{percent(each.shift)} of draws at least (standard error {100 * each.error:.1f} "
            f"points); most likely {each.type} then "
            f"({percent(each.distribution[each.type])}).{warning}"
        )


def _signs(found: Study) -> Iterator[str | Remarks]:
    """What is proved to help and to hurt co-operation, in the words of the game file."""
    for signs in found.signs:
        yield f"Proved for every choice of the numbers, in the game {signs.told}:"
        yield Remarks(tuple(_directions(signs)))


def _directions(signs: SignsOfGame) -> Iterator[str]:
    meaning: Mapping[str, str] = {p.name: p.meaning for p in signs.game.header.domain.parameters}
    of_level = [r for r in signs.statics.rows if (r.outcome, r.branch) == ("level", ALL)]

    def which(sign: str, verdict: Verdict = Verdict.PROVED) -> str:
        found = (r for r in of_level if (r.sign, r.verdict) == (sign, verdict))
        return "; ".join(meaning[r.parameter] for r in found)

    told = [
        ("More of the following never reduces co-operation", which("+")),
        ("More of the following never raises it", which("-")),
        ("More of the following can do either", which("?", Verdict.REFUTED)),
        ("Not decided", which("?", Verdict.UNDECIDED)),
    ]
    yield from (f"{way}: {names}." for way, names in told if names)


def _caveat(types: Classification) -> str:
    last = types.case.phases[-1]
    questions = types.case.codebook.questions
    known = [each.name for each in questions if told_answer(last, each) != UNKNOWN]
    judged = sum(last.answers[name].source.startswith(JUDGEMENT) for name in known)
    return (
        f"Of {len(questions)} questions {len(questions) - len(known)} have no answer here and "
        f"{judged} were answered by judgement; what is not known was drawn from all that may be. "
        f"Shares are of {types.draws.count} draws. How often the model is right and wrong on all "
        "cases is told by `coopgame cases --score`."
    )
