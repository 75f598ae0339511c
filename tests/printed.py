"""A game read back from the printed text of an exercise sheet, and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import coopgame as cg
from coopgame.forms.wording import WORDINGS

Stated = dict[str, Any]
LEVEL_KEYS = {
    "gain from reneging": "gain",
    "outside option": "outside",
    "weight of the next period": "discount",
    "probability that a breach is found out": "detection",
    "payoff to society": "social",
    "floor of trust": "floor",
}
ASKED, CALLED = "What is asked of an equilibrium:", "What equilibria are called:"
BUILT_IN = ("always_defect", "forgiving_grim")  # what these do is said in words on the sheet


@dataclass(frozen=True)
class Printed:
    """A sheet's text: what is played as label -> lines, the sentences beside it, the outcomes."""

    text: str
    form: str
    facts: Mapping[str, list[str]]
    remarks: list[str]
    outcomes: Mapping[str, str]

    def one(self, label: str) -> str:
        (line,) = self.facts[label]
        return line

    def under(self, prefix: str) -> dict[str, str]:
        """The single lines whose label starts so, by the rest of the label."""
        found = {k.removeprefix(prefix): v for k, v in self.facts.items() if k.startswith(prefix)}
        return {key: " ".join(lines) for key, lines in found.items()}

    @property
    def order(self) -> list[str]:
        """The players, as the sentence on the order of payoffs has them."""
        (line,) = (line for line in self.remarks if line.startswith("Payoffs stand"))
        return line.partition(": ")[2].rstrip(".").split(", ")


@dataclass(frozen=True)
class Restated:
    """The game that a sheet states, and the sheet's names of equilibria by those of the game."""

    game: Any
    called: Mapping[str, str] = field(default_factory=dict)

    def name(self, branch: str) -> str:
        plain, comma, perfect = branch.partition(", subgame-perfect")
        return self.called.get(plain, plain) + comma + perfect


def restated(text: str) -> Restated:
    """The game of a sheet, built anew; automata written down there are given to it as its own."""
    printed = _printed(text)
    rows = [_apart(line) for line in _block(text, "The game")]
    start = [row[0] for row in rows].index("symbol") + 2
    stated: Stated = {
        "parameters": {row[0]: _interval(row) for row in rows[start:] if row[-1] != "assumed"},
        "assume": [row[0] for row in rows[start:] if row[-1] == "assumed"],
    }
    stated |= READERS[printed.form](printed)
    called = stated.pop("called", {})
    return Restated(cg.game(printed.form, **stated), called)


def _interval(row: list[str]) -> str:
    """The domain of a parameter from what its row says of its values."""
    name, bounds = row[0], row[-1].removesuffix(", whole")
    kind = "" if bounds == row[-1] and "whole" not in row[-1] else "integers "
    if bounds in ("any number", "any whole number"):
        return f"{kind}(-oo, oo)"
    if found := re.fullmatch(rf"{name} (>=?|=) (\S+)", bounds):
        ends = {">": ("(", "oo)"), ">=": ("[", "oo)"), "=": ("[", f"{found[2]}]")}[found[1]]
        return f"{kind}{ends[0]}{found[2]}, {ends[1]}"
    found = re.fullmatch(rf"(?:(\S+) (<=?) )?{name} (<=?) (\S+)", bounds)
    assert found, row
    left, right = "[" if found[2] == "<=" else "(", "]" if found[3] == "<=" else ")"
    return f"{kind}{left}{found[1] or '-oo'}, {found[4]}{right}"


def _printed(text: str) -> Printed:
    (form,) = (form for form, words in WORDINGS.items() if words.play in text)
    parts: dict[str, dict[str, list[str]]] = {"": {}, ASKED: {}, CALLED: {}}
    remarks, part = [], ""
    across: list[str] = []
    for line in _block(text, "What is played"):
        row = _apart(line)
        is_rule = set(line.strip()) == {"-"}
        across = across if is_rule or len(row) == len(across) + 1 else []
        if " \\ " in row[0]:
            across = row[1:]
        elif across and len(row) == len(across) + 1:
            for column, paid in zip(across, row[1:], strict=True):
                parts[""][f"{row[0]},{column}"] = [paid]
        elif is_rule or line.strip().startswith("Payoffs of "):
            continue
        elif line.strip() in parts:
            part = line.strip()
        elif line.startswith("    "):
            parts[part][list(parts[part])[-1]].append(line.strip())
        elif len(row) == 2:
            parts[part][row[0]] = [row[1]]
        else:
            remarks.append(line.strip())
    words = WORDINGS[form].outcomes
    own = {n: lines[0] for n, lines in parts[ASKED].items() if lines[0] != words.get(n)}
    return Printed(text, form, parts[""], remarks, own)


def _block(text: str, heading: str) -> list[str]:
    """The lines under a heading, up to the next."""
    _, _, rest = text.partition(f"\n{heading}\n")
    return [line for line in re.split(r"\n(?=\S)", rest)[0].splitlines() if line.strip()]


def _apart(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


def _items(text: str) -> list[str]:
    """The items of a list; commas inside brackets separate nothing."""
    depth, items = 0, [""]
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            items.append("")
        else:
            items[-1] += sign
    return [item.strip() for item in items]


def _normal(printed: Printed) -> Stated:
    players = {player: printed.one(player).split(", ") for player in printed.order}
    profiles = [",".join(each) for each in product(*players.values())]
    payoffs = {each: _items(printed.one(each)) for each in profiles}
    return {"players": players, "payoffs": payoffs, "outcomes": printed.outcomes}


def _symmetric(printed: Printed) -> Stated:
    actions = [label for label in printed.facts if label not in ("players", "patience")]
    stated: Stated = {
        "players": printed.one("players"),
        "actions": actions,
        "payoffs": {action: printed.one(action) for action in actions},
        "mixed_outcomes": {n: told for n, told in printed.outcomes.items() if "chance" in told},
    }
    stated["outcomes"] = {
        n: told for n, told in printed.outcomes.items() if n not in stated["mixed_outcomes"]
    }
    return stated | {key: printed.one(key) for key in ("patience",) if key in printed.facts}


def _level(printed: Printed) -> Stated:
    stated = {key: printed.one(told) for told, key in LEVEL_KEYS.items()}
    ((variable, payoff),) = printed.under("payoff at level ").items()
    news = {"necessary_bound", "exact_bound", "exact_level"}
    own = {name: told for name, told in printed.outcomes.items() if name not in news}
    return {"level": stated | {"variable": variable, "payoff": payoff}, "outcomes": own}


def _tie(printed: Printed) -> Stated:
    transfers = printed.one("transfers")
    keys = [told for told in LEVEL_KEYS if told in printed.facts]
    tie: Stated = {LEVEL_KEYS[told]: printed.one(told) for told in keys}
    tie["transfers"] = "no" if transfers == "none" else "yes"
    if transfers != "none":
        tie["share"] = transfers.partition("share of the first ")[2]
    sides: Stated = {}
    for label, lines in printed.facts.items():
        side, colon, what = label.partition(": ")
        if what.startswith("payoff at level "):
            tie["variable"], sides[side] = what.split()[-1], {"payoff": lines[0]}
        elif colon:
            sides[side][LEVEL_KEYS[what]] = lines[0]
    return {"tie": tie | {"sides": sides}, "outcomes": printed.outcomes}


def _contract(printed: Printed) -> Stated:
    terms = {name: _domain(told) for name, told in printed.under("term ").items()}
    modes = {}
    for label, lines in printed.facts.items():
        if label.startswith("mode "):
            modes[label.removeprefix("mode ")] = _mode(lines, list(terms))
    return {"chooser": printed.one("chooser"), "terms": terms, "modes": modes}


def _domain(told: str) -> Stated:
    """The interval that ends a term's line."""
    found = re.search(r"(?:integers )?[\[(][^\[()]*[\])]$", told)
    assert found is not None
    return {"domain": found[0], "meaning": "", "unit": ""}


def _mode(lines: list[str], terms: list[str]) -> Stated:
    mode: Stated = {"constraints": {}, "payoffs": {}, "outcomes": {}}
    for line in lines:
        named = re.match(r"(payoff of )?(\w+)(: | = )(.+)$", line)
        assert named is not None
        where = "outcomes" if named[3] == " = " else "payoffs" if named[1] else "constraints"
        mode[where][named[2]] = named[4]
    mode["objective"] = mode["constraints"].pop("objective")
    told = [mode["objective"], *mode["constraints"].values()]
    mode["terms"] = [t for t in terms if re.search(rf"\b{t}\b", " ".join(told))]
    return mode


def _sequential(printed: Printed) -> Stated:
    tree: Stated = {}
    for label, lines in printed.facts.items():
        at = re.fullmatch(r"(\S+) \((.+)\)", label)
        if at is not None:
            node: Stated = {} if at[2] == "chance" else {"player": at[2]}
            tree[at[1]] = node | _moves(lines[0])
    stated = {"players": printed.one("players").split(", "), "tree": tree, "root": next(iter(tree))}
    return stated | {"outcomes": printed.outcomes}


def _moves(line: str) -> Stated:
    actions, chances = {}, {}
    for move in line.split("; "):
        named, _, to = move.partition(" -> ")
        action, _, chance = named.partition(" with probability ")
        actions[action] = _items(to[1:-1]) if to.startswith("(") else to
        if chance:
            chances[action] = chance
    return {"actions": actions, **({"chance": chances} if chances else {})}


def _belief(printed: Printed) -> Stated:
    stated = {key: printed.one(key) for key in ("prior", "gain", "loss")}
    return {**stated, "success": printed.under("success.")}


# --- repeated games ------------------------------------------------------------------------------


def _repeated(printed: Printed) -> Stated:
    payoffs = printed.under("payoffs at ")
    players = printed.one("players").split(", ")
    profiles = list(dict.fromkeys(key.partition(" (")[0] for key in payoffs))
    actions = [list(dict.fromkeys(p.split(",")[i] for p in profiles)) for i in (0, 1)]
    stage = {p: _items(payoffs[p]) for p in profiles if p in payoffs}
    stated: Stated = {
        "discount": printed.one("discount"),
        "cooperation": printed.one("both co-operate at"),
        "outcomes": printed.outcomes,
    }
    if "hazard" in printed.facts:
        stated |= {"hazard": printed.one("hazard")}
    else:
        stage = {p: [f"u{i}_{j}" for j in (1, 2)] for i, p in enumerate(profiles)}
        stated |= {"regimes": list(_regimes(printed, stage, payoffs))}
    if signals := printed.under("signals after "):
        agreed = printed.one("co-operation goes on after").split(", ")
        chances = {profile: _chances(told) for profile, told in signals.items()}
        stated["monitoring"] = {"chances": chances, "agreed": agreed}
    both = dict(zip(players, actions, strict=True))
    return {"stage": {"players": both, "payoffs": stage}, **stated, **_profiles(printed, players)}


def _chances(text: str) -> dict[str, str]:
    found = (item.partition(" with probability ") for item in _items(text))
    return {name: chance for name, _, chance in found}


def _regimes(
    printed: Printed, stage: Mapping[str, list[str]], payoffs: Mapping[str, str]
) -> Iterator[Stated]:
    """Each regime changes every payoff to what the sheet writes out for it."""
    for label, hazard in printed.under("hazard (").items():
        regime = label.rstrip(")")
        changes = {
            name: told
            for profile, names in stage.items()
            for name, told in zip(names, _items(payoffs[f"{profile} ({regime})"]), strict=True)
        }
        following = _chances(printed.one(f"next ({regime})"))
        yield {"name": regime, "hazard": hazard, "next": following, "changes": changes}


def _profiles(printed: Printed, players: list[str]) -> Stated:
    """The profiles and headline; under one regime each automaton is the one that is printed."""
    listed = printed.one("profiles").split(", ")
    asked = re.search(r"- Is (.+) an equilibrium at", printed.text)
    assert asked is not None
    plain = asked[1].removesuffix(", subgame-perfect")
    if "hazard" not in printed.facts:
        return {"profiles": listed, "headline": asked[1]}
    machines = _machines(printed.text)
    automata: dict[str, Stated] = {}
    called: dict[str, str] = {}
    for name in listed:
        pair = [part.strip() for part in name.split("/")]
        whose = [pair[0], f"{pair[-1]} ({players[1]})"]
        whose[1] = whose[1] if whose[1] in machines else pair[-1]
        names = [w if w in BUILT_IN else f"machine{list(machines).index(w)}" for w in whose]
        automata |= {n: machines[w] for n, w in zip(names, whose, strict=True) if n != w}
        called[" / ".join(dict.fromkeys(names))] = name
    (headline,) = (new for new, old in called.items() if old == plain)
    headline += asked[1].removeprefix(plain)
    return {"profiles": list(called), "headline": headline, "automata": automata, "called": called}


def _machines(text: str) -> dict[str, Stated]:
    """The automata of a sheet by name, as a game states its own."""
    found: dict[str, Stated] = {}
    for line in _block(text, "Automata"):
        name, told = ("", line.strip()) if line.startswith("    ") else _apart(line)
        if name:
            states: Stated = {}
            found[name] = {"states": states, "keys": "profile"}
        at = re.match(r"(\S+?)(, the start)?: plays (.+)$", told)
        assert at is not None
        action, *moves = at[3].split(", then ")
        leads: dict[str, str] = {}
        for move in moves:
            to, _, signals = move.removesuffix(" next").partition(" after ")
            leads |= dict.fromkeys(signals.split(" or ") if signals else ["otherwise"], to)
        states[at[1]] = {"action": action, "next": {"otherwise": at[1]} | leads}
        if at[2]:
            found[list(found)[-1]]["start"] = at[1]
    return found


READERS = {
    "normal": _normal,
    "symmetric": _symmetric,
    "repeated": _repeated,
    "level": _level,
    "tie": _tie,
    "contract": _contract,
    "sequential": _sequential,
    "belief": _belief,
}
