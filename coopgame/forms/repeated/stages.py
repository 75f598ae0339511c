"""Reading a stage game, its discount factor and the regimes of its macro rules from a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.forms.paytables import Bimatrix
from coopgame.forms.repeated.play import Profile, RepeatedSetting
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section
from coopgame.rules.files import read_chain
from coopgame.rules.macro import Regime

MAX_ACTIONS = 8
_UNCHANGED = "is no parameter, and not every regime changes it"
_CHANGED = "add it to [parameters], or to the changes of every regime"
Both = tuple[sympy.Expr, sympy.Expr]
Actions = tuple[tuple[str, ...], tuple[str, ...]]
NOBODY: tuple[tuple[str, str], Actions] = (("1", "2"), (("C", "D"), ("C", "D")))


def label(profile: Iterable[str]) -> str:
    """The profile as one text, which is also the signal that shows it."""
    return ",".join(profile)


def read_setting(section: Section, domain: Domain) -> RepeatedSetting:
    """The stage game, discount factor, hazard or chain of regimes, and monitoring of a file."""
    table = section.table("stage")
    players, actions = _read_players(table)
    regimes = _read_regimes(section, domain)
    stage = _read_payoffs(table, actions, {*domain.names, *always_changed(regimes)})
    table.finish()
    _check_changes(section, stage, regimes)
    discount = _by_role(section, "discount", domain)
    _check_counted_once(section, discount, domain)
    return RepeatedSetting(
        players=players,
        actions=actions,
        payoffs=regime_payoffs(stage, regimes),
        discount=discount,
        regimes=regimes,
        chances=_read_chances(section, list(stage), domain),
    )


def read_outcomes(
    section: Section, setting: RepeatedSetting, domain: Domain
) -> dict[str, sympy.Expr]:
    """The named outcomes, in the parameters and in what every profile tells of itself."""
    table = section.table("outcomes", required=False)
    known = {"cooperation", "average_payoff", *(f"value_{player}" for player in setting.players)}
    for name in known & set(domain.names):
        section.fault(f"parameters.{name}", "is the name of an outcome", "rename the parameter")
    return {name: table.expression(name, {*domain.names, *known}) for name in table}


def _read_chances(
    section: Section, profiles: Sequence[Profile], domain: Domain
) -> dict[Profile, dict[str, sympy.Expr]]:
    """The chances of each signal after each profile; without `[monitoring]` all is seen."""
    if "monitoring" not in section:
        return {profile: {label(profile): sympy.S.One} for profile in profiles}
    table = section.table("monitoring")
    stated = table.table("chances")
    chances = {}
    for profile in profiles:
        row = stated.table(label(profile))
        chances[profile] = {y: row.expression(y, domain.names) for y in row}
        if not section.faults:
            _check_chances(row, chances[profile], domain)
    stated.finish()
    return chances


def _check_chances(row: Section, chances: Mapping[str, sympy.Expr], domain: Domain) -> None:
    if sympy.expand(sum(chances.values()) - 1) != 0:
        row.fault("", "the chances do not sum to 1", "write the last as 1 - the rest")
    for signal, chance in chances.items():
        inside = sympy.And(chance >= 0, chance <= 1)
        if implies(domain.constraints, inside, domain.integers).verdict is Verdict.REFUTED:
            row.fault(signal, f"{to_text(chance)} leaves [0, 1]", "bound its parameters")


def _check_changes(
    section: Section, stage: Mapping[Profile, Both], regimes: Sequence[Regime]
) -> None:
    """Note each change of a name that no payoff depends on: it would change nothing."""
    used = set().union(*(payoff.free_symbols for both in stage.values() for payoff in both))
    for i, regime in enumerate(regimes):
        for name in regime.changes:
            if symbol(name) not in used and not section.faults:
                section.fault(f"regimes[{i}].changes.{name}", "no payoff of the stage game has it",
                              "use it in a payoff, or remove it")  # fmt: skip


def always_changed(regimes: Iterable[Regime]) -> set[str]:
    """The names that every regime changes: the payoffs may use them, though no file gives a value.

    Nothing is left of them once the payoffs are those of the regimes.
    """
    return set.intersection(*(set(regime.changes) for regime in regimes))


def regime_payoffs(
    stage: Mapping[Profile, Both], regimes: Iterable[Regime]
) -> dict[tuple[str, Profile], Both]:
    """The stage payoffs in each regime, with the parameters that the regime changes changed."""
    found: dict[tuple[str, Profile], Both] = {}
    for regime in regimes:
        at = {symbol(name): value for name, value in regime.changes.items()}
        for profile, (first, second) in stage.items():
            both = (first.subs(at, simultaneous=True), second.subs(at, simultaneous=True))
            found[regime.name, profile] = both
    return found


def joined(
    domain: Domain, added: Domain, setting: RepeatedSetting, outcomes: Iterable[sympy.Expr]
) -> Domain:
    """The game's domain with that of the rules, without the hazard that nothing uses any more."""
    expressions = [*outcomes, setting.discount, *domain.assumptions]
    expressions += [payoff for both in setting.payoffs.values() for payoff in both]
    used = set().union(*(expression.free_symbols for expression in expressions))
    kept = tuple(p for p in domain.parameters if p.role != "hazard" or p.symbol in used)
    clash = {p.name for p in kept} & set(added.names)
    if clash:
        raise InputError(
            f"both the game and the rules name a parameter {', '.join(sorted(clash))}",
            "rename it in one of the files",
        )
    return replace(domain, parameters=kept).extend(added.parameters, added.assumptions)


def _read_players(table: Section) -> tuple[tuple[str, str], Actions]:
    stated = table.table("players")
    names = list(stated)
    if len(names) != 2:
        table.fault("players", f"{len(names)} players, and a repeated game here has two",
                    'write players = { A = ["C", "D"], B = ["C", "D"] }')  # fmt: skip
        return NOBODY
    actions = [tuple(stated.strings(name)) for name in names]
    for name, own in zip(names, actions, strict=True):
        if not 2 <= len(own) <= MAX_ACTIONS or len(set(own)) < len(own):
            stated.fault(name, f"needs 2 to {MAX_ACTIONS} different actions", 'write ["C", "D"]')
            return NOBODY
        if any("," in action or "/" in action for action in own):
            stated.fault(name, "an action holds a comma or a slash", "choose another name")
            return NOBODY
    return (names[0], names[1]), (actions[0], actions[1])


def _read_payoffs(table: Section, actions: Actions, names: Collection[str]) -> dict[Profile, Both]:
    stated = table.table("payoffs")
    stage: dict[Profile, Both] = {}
    for profile in product(*actions):
        key = label(profile)
        entry = stated.value(key)
        if not isinstance(entry, list) or len(entry) != 2:
            stated.fault(key, "two payoffs are needed", f'write "{key}" = ["...", "..."]')
            entry = ["0", "0"]
        first, second = (stated.parsed(key, text, names) for text in entry)
        stage[profile[0], profile[1]] = (first, second)
    stated.finish()
    return stage


def _read_regimes(section: Section, domain: Domain) -> tuple[Regime, ...]:
    if "regimes" in section:
        chain = read_chain(section, domain, domain.names)
        known = {*domain.names, *(always_changed(chain) if chain else ())}
        for i, regime in enumerate(chain):
            for name in regime.changes:
                if name not in known:
                    section.fault(f"regimes[{i}].changes.{name}", _UNCHANGED, _CHANGED)
        if chain:
            return chain
    return (Regime("", _by_role(section, "hazard", domain, "0"), (sympy.S.One,)),)


def _check_counted_once(section: Section, discount: sympy.Expr, domain: Domain) -> None:
    """Note a fault where a discount factor counts the hazard that is counted beside it anyway.

    In the other forms `discount` is the weight of the next period, hazard and all.
    """
    names = {p.name for p in domain.by_role("hazard") if discount.has(p.symbol)}
    if names and "hazard" not in section and "regimes" not in section:
        section.fault(
            "discount",
            f"counts {', '.join(sorted(names))}, which as the hazard is counted beside it anyway",
            'leave it out here, or write hazard = "0"',
        )


def _by_role(section: Section, role: str, domain: Domain, default: str | None = None) -> Any:
    """The expression stated under the role's own key, or the parameter that has the role."""
    fitting = domain.by_role(role)
    if role in section:
        return section.expression(role, domain.names)
    if len(fitting) == 1:
        return fitting[0].symbol
    if default is not None and not fitting:
        return sympy.sympify(default)
    found = ", ".join(parameter.name for parameter in fitting) or "none"
    section.fault(role, f"one parameter needs the role {role}, found {found}",
                  f'give one the role = "{role}", or write {role} = "..."')  # fmt: skip
    return sympy.S.Zero


def stage_table(setting: RepeatedSetting) -> Bimatrix | None:
    """The stage game's payoffs as a table; None under a chain of regimes."""
    if len(setting.regimes) > 1:
        return None
    stage = {profile: paid for (_, profile), paid in setting.payoffs.items()}
    one, two = (tuple(dict.fromkeys(profile[i] for profile in stage)) for i in (0, 1))
    first, second = setting.players
    return Bimatrix((first, second), (one, two), stage, is_stage=True)
