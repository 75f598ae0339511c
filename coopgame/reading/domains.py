"""Reading the parameters of a file and the assumptions that bind them."""

from __future__ import annotations

from coopgame.errors import InputError
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import ROLES, Domain, Interval, Parameter
from coopgame.proofs.questions import feasible
from coopgame.reading.section import Section

MAX_PARAMETERS = 80


def read_domain(section: Section) -> Domain:
    """The parameters of a file and the assumptions that bind them; proved not empty."""
    table = section.table("parameters", required=False)
    if len(table.keys()) > MAX_PARAMETERS:
        table.fault("", f"more than {MAX_PARAMETERS} parameters", "split the game up")
    parameters = tuple(
        parameter
        for name in table.keys()[:MAX_PARAMETERS]
        if (parameter := read_parameter(table, name)) is not None
    )
    names = {parameter.name for parameter in parameters}
    domain = Domain(parameters, section.conditions("assumptions", names))
    if not section.faults:
        _check_not_empty(section, domain)
    return domain


def read_parameter(table: Section, name: str) -> Parameter | None:
    """One parameter: meaning, unit, domain, default, source and perhaps a role.

    A faulty domain or default reads as a harmless one, so that the name stays known and no later
    fault follows from this one.
    """
    entry = table.table(name)
    problem = name_problem(name)
    if problem:
        table.refuse(name, problem)
        return None
    meaning, unit, source = (entry.text(key) for key in ("meaning", "unit", "source"))
    noted = len(table.faults)
    default = entry.number("default")
    is_sound = len(table.faults) == noted
    written = entry.text("domain")
    role = entry.choice("role", ROLES) if "role" in entry else None
    entry.finish()
    try:
        interval = Interval.parse(written)
    except InputError as error:
        if written:
            entry.adopt("domain", error)
        return Parameter(name, meaning, unit, Interval.parse("(-oo, oo)"), default, source, role)
    if is_sound and default not in interval:
        entry.fault("default", f"{default} lies outside {interval}", "choose a default inside")
    return Parameter(name, meaning, unit, interval, default, source, role)


def _check_not_empty(section: Section, domain: Domain) -> None:
    try:
        domain.point({})
        return
    except InputError as error:
        faults = error.faults
    if feasible(domain.constraints, domain.integers).exists is False:
        section.fault(
            "assumptions",
            "contradict each other or the domains: no point is left",
            "drop or weaken one",
        )
    else:
        for fault in faults:
            section.fault("assumptions", f"{fault.place} {fault.problem}", "change the defaults")
