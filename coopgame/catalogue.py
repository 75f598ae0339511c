"""Names and files: the only module that knows where `games/` lies.

A folder of games holds `catalogue/` (games), `cases/`, `rules/` and `evidence/`; a
folder of one's own may also hold game files directly. Dropping a file in makes it listed, shown,
solved and tested. Beside the folders lie single files: claims, types, codebook.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import sympy

from coopgame.claims import Claim, read_claims, statement_faults
from coopgame.clusters.case import Case
from coopgame.clusters.casefile import questionnaire, read_case
from coopgame.clusters.codebook import Codebook, read_codebook
from coopgame.clusters.typology import Profile, read_profiles
from coopgame.errors import Fault, InputError, meant
from coopgame.foreign import START, UnreadableFile, refuse
from coopgame.forms import FORMS, reader
from coopgame.forms.base import Game, Header
from coopgame.gamefile import (
    Section,
    read_domain,
    read_expected,
    read_info,
    read_text,
    read_toml,
)
from coopgame.info import Info
from coopgame.interop import read_nfg
from coopgame.printing import symbol
from coopgame.rules import KINDS as RULES
from coopgame.rules import MacroRules, Regime, read_rules
from coopgame.treatments import Evidence, read_evidence

KINDS = {
    "catalogue": "game",
    "cases": "case",
    "rules": "rules",
    "evidence": "evidence",
    "claims": "claims",
    "types": "types of cluster",
    "codebook": "codebook",
}
SEVERAL = ("rules", "claims", "types")
ALONE = ("claims", "types", "codebook")  # files beside the folders
# Which command or option takes a file of each kind.
TAKERS = {
    "catalogue": "`coopgame solve`",
    "cases": "`coopgame classify`",
    "rules": "`--rules`",
    "evidence": "`coopgame evidence`",
    "claims": "`coopgame claims`",
    "types": "`coopgame check`",
    "codebook": "`coopgame check`",
}
SHOWN = ("catalogue", "cases", "rules")
CLAIMS, TYPES, CODEBOOK = "claims", "types", "codebook"
# A file without `format` that has one of these is one of ours with a fault.
MARKS = ("form", "title", "parameters", "players", "payoffs", "phases", "coded",
         "treatments", "questions", CLAIMS, TYPES, *RULES)  # fmt: skip
NFG = ".nfg"
CASE = "case"


def root() -> Path:
    """The folder `games/`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "games"
    return inside if inside.is_dir() else package.parent / "games"


def files(kind: str, extra: Iterable[Path] = ()) -> dict[str, Path]:
    """Name and path of every file of a kind; a folder given later hides earlier names."""
    found: dict[str, Path] = {}
    for folder in (root(), *extra):
        if not folder.is_dir():
            raise InputError(f"{folder} is not a folder", "give a folder of .toml files")
        own = kind == "catalogue" and folder != root()
        places = [folder / kind, folder] if own else [folder / kind]
        for place in places:
            found |= {path.stem: path for path in sorted(place.glob("*.toml"))}
    return dict(sorted(found.items()))


def find(name: str, kind: str, extra: Iterable[Path] = ()) -> Path:
    """The file that a catalogue name or a path stands for."""
    known = files(kind, extra)
    if name in known:
        return known[name]
    if is_path(name):
        return Path(name)
    told = f"known: {', '.join(known)}"
    verb = "are" if kind in SEVERAL else "is"
    if Path(name).is_dir():
        raise InputError(f"{name} is a folder", "give a file in it, or --catalogue with a folder")
    for other in TAKERS:
        if other not in ALONE and name in files(other, extra):
            what = f"{name} is of the kind `{KINDS[other]}`, not `{KINDS[kind]}`"
            raise InputError(what, f"{TAKERS[other]} takes it")
    raise InputError(f"no {KINDS[kind]} {verb} called {name!r}", _instead(name, known) + told)


def is_path(name: str) -> bool:
    """Whether a name stands for a file: it says where, has an ending, or there is one."""
    return "/" in name or "." in name or os.sep in name or Path(name).is_file()


def is_nfg(path: Path) -> bool:
    """Whether a file is one of Gambit's, by its ending in letters of either case."""
    return path.suffix.lower() == NFG


def read_top(path: Path) -> tuple[Section, str]:
    """The top section of a file, which must have something of ours in it, and its digest."""
    section, digest = read_toml(path)
    if "format" not in section and not any(key in section for key in MARKS):
        raise refuse(path, "is TOML, but nothing of ours: it has no `format = 1`", START)
    return section, digest


def _instead(name: str, known: Iterable[str]) -> str:
    """What an unknown name may have been meant for: a file in this folder, or a name like it."""
    if Path(f"{name}.toml").is_file():
        return f"did you mean the file {name}.toml? "
    return meant(name, known)


def _expect(section: Section, kind: str, path: Path) -> None:
    """Refuse a file that by its keys is of another kind, and say which command takes it."""
    found = kind_of(section)
    if found != kind and (found != "catalogue" or "form" in section):
        what = f"{path.name} is of the kind `{KINDS[found]}`, not `{KINDS[kind]}`"
        raise InputError(what, f"{TAKERS[found]} takes it")


def load_game(name: str, extra: Iterable[Path] = ()) -> Game:
    """The game of a catalogue name, a game file or a Gambit file.

    Raises InputError with every fault of the file.

    >>> load_game("trust").header.info.name
    'trust'
    """
    path = find(name, "catalogue", extra)
    if is_nfg(path):
        return read_nfg(path)
    section, digest = read_top(path)
    _expect(section, "catalogue", path)
    game = read_game(section, path.stem, digest)
    section.settle()
    return game


def read_game(section: Section, name: str, digest: str) -> Game:
    """The game that a file's top section states; faults are noted in the section."""
    info = read_info(section, name, digest)
    form = section.choice("form", FORMS)
    domain = read_domain(section)
    headline = section.text("headline", default="")
    shown = tuple(section.strings("shown", default=()))
    header = Header(info, domain, headline, shown, read_expected(section))
    if str(section.data.get("form")) not in FORMS:
        section.settle()
    game = reader(form)(section, header)
    section.finish()
    if not section.faults:
        for name in unused(game):
            section.fault(
                f"parameters.{name}", "is used nowhere in the game", "use it or remove it"
            )
    return game


def unused(game: Game) -> tuple[str, ...]:
    """The parameters that no payoff, strategy or outcome of the game depends on."""
    parts: Mapping[str, Any] = vars(game) if is_dataclass(game) else {}
    used = set().union(*(_symbols(part) for name, part in parts.items() if name != "header"))
    return tuple(p.name for p in game.header.domain.parameters if p.symbol not in used)


def _symbols(part: Any) -> set[sympy.Symbol]:
    """Every symbol in a value, however deep in tables, tuples and dataclasses."""
    if isinstance(part, sympy.Basic):
        return set(part.free_symbols)
    if isinstance(part, Regime):
        # Where every regime changes a parameter, nothing of it is left in the payoffs.
        return _symbols(vars(part)) | {symbol(name) for name in part.changes}
    if isinstance(part, Mapping):
        return set().union(*map(_symbols, (*part.keys(), *part.values())))
    if isinstance(part, tuple | list | frozenset | set):
        return set().union(*map(_symbols, part))
    return set().union(*map(_symbols, vars(part).values())) if is_dataclass(part) else set()


def load_rules(name: str, extra: Iterable[Path] = ()) -> MacroRules:
    """The macro rules of a name or file."""
    path = find(name, "rules", extra)
    section, digest = read_top(path)
    _expect(section, "rules", path)
    rules = read_rules(section, path.stem, digest)
    section.settle()
    return rules


def load_case(name: str, extra: Iterable[Path] = ()) -> Case:
    """The case of a name or file. Raises InputError with every fault of the file."""
    (case,) = load_cases([name], extra)
    return case


def load_cases(names: Iterable[str], extra: Iterable[Path] = ()) -> tuple[Case, ...]:
    """Several cases; the codebook and the types are read once."""
    codebook, profiles = load_codebook(), load_types()[1]
    return tuple(_load_case(name, extra, codebook, profiles) for name in names)


def _load_case(
    name: str, extra: Iterable[Path], codebook: Codebook, profiles: Sequence[Profile]
) -> Case:
    path = find(name, "cases", extra)
    section, digest = read_top(path)
    _expect(section, "cases", path)
    info = read_info(section, path.stem, digest)
    case = read_case(section, info, codebook, profiles)
    section.finish()
    section.settle()
    return case


def load_claims(path: Path | None = None) -> tuple[Info, tuple[Claim, ...]]:
    """The claims of a file, by default those of the paper."""
    section, info, found = _claims(path)
    section.settle()
    return info, found


def _claims(path: Path | None) -> tuple[Section, Info, tuple[Claim, ...]]:
    section, digest = read_top(path or root() / "claims.toml")
    if path:
        _expect(section, CLAIMS, path)
    info = read_info(section, path.stem if path else CLAIMS, digest)
    found = read_claims(section)
    section.finish()
    return section, info, found


def load_evidence(name: str, extra: Iterable[Path] = ()) -> Evidence:
    """The treatments of a name or file. Raises InputError with every fault of the file."""
    path = find(name, "evidence", extra)
    section, digest = read_top(path)
    _expect(section, "evidence", path)
    info = read_info(section, path.stem, digest)
    return read_evidence(section, info, lambda game: load_game(game, extra))


def load_codebook(path: Path | None = None) -> Codebook:
    """The questions that describe a cluster, and the intervals that their answers allow."""
    section, digest = read_top(path or root() / "codebook.toml")
    codebook = read_codebook(section, read_info(section, path.stem if path else "codebook", digest))
    section.finish()
    section.settle()
    return codebook


def load_types(path: Path | None = None) -> tuple[Info, tuple[Profile, ...]]:
    """The types of cluster: when a cluster has each, and Table 1 in words of our own."""
    section, digest = read_top(path or root() / "types.toml")
    if path:
        _expect(section, TYPES, path)
    info = read_info(section, path.stem if path else "types", digest)
    profiles = read_profiles(section, load_codebook().parameters)
    section.finish()
    section.settle()
    return info, profiles


def load(name: str, extra: Iterable[Path] = ()) -> Game | Case:
    """The game or case of a catalogue name or file."""
    is_case = kind_named(name, extra) == "cases"
    return load_case(name, extra) if is_case else load_game(name, extra)


def kind_named(name: str, extra: Iterable[Path] = ()) -> str:
    """Of what kind a name or file is, of those that can be shown (a key of `KINDS`)."""
    known = {kind: files(kind, extra) for kind in SHOWN}
    for kind, named in known.items():
        if name in named:
            return kind
    if is_path(name):
        path = Path(name)
        return "catalogue" if is_nfg(path) else kind_of(read_top(path)[0])
    if Path(name).is_dir():
        raise InputError(f"{name} is a folder", "give a file in it, or --catalogue with a folder")
    if name in files("evidence", extra):
        raise InputError(f"{name} is of the kind `evidence`", f"{TAKERS['evidence']} takes it")
    hint = _instead(name, [n for named in known.values() for n in named])
    told = "; ".join(
        f"{KINDS[kind].removesuffix('s')}s: {', '.join(named)}" for kind, named in known.items()
    )
    raise InputError(f"no game or case is called {name!r}", hint + told)


def check_file(path: Path, extra: Iterable[Path] = ()) -> tuple[str, tuple[Fault, ...]]:
    """What kind of file this is (a key of `KINDS`), and every fault found in it.

    Raises UnreadableFile where there is nothing to find faults in.
    """
    kind = "catalogue"
    name = str(path) if path.parent.name else f"./{path}"
    try:
        kind = "catalogue" if is_nfg(path) else kind_of(read_top(path)[0])
        _LOADERS[kind](name, extra)
    except UnreadableFile:
        raise
    except InputError as error:
        return kind, error.faults
    return kind, ()


def kind_of(section: Section) -> str:
    """The kind of file that a top section belongs to, by its keys; a game where none tells."""
    if "form" in section:
        return "catalogue"
    if "phases" in section:
        return "cases"
    if "treatments" in section:
        return "evidence"
    if "questions" in section:
        return CODEBOOK
    for kind in (CLAIMS, TYPES):
        if kind in section:
            return kind
    return "rules" if any(key in section for key in RULES) else "catalogue"


def _check_claims(name: str, extra: Iterable[Path]) -> None:
    """Read a file of claims with all its statements; nothing is decided."""
    section, _, found = _claims(Path(name))
    section.faults.extend(statement_faults(found, lambda game: load_game(game, extra)))
    section.settle()


_LOADERS: dict[str, Callable[[str, Iterable[Path]], Any]] = {
    "catalogue": load_game,
    "cases": load_case,
    "rules": load_rules,
    "evidence": load_evidence,
    CLAIMS: _check_claims,
    TYPES: lambda name, extra: load_types(Path(name)),
    CODEBOOK: lambda name, extra: load_codebook(Path(name)),
}


def starter(kind: str) -> str:
    """The text of a small commented game of a form, or of a case, to start one's own from."""
    known = (*FORMS, CASE)
    if kind not in known:
        raise InputError(f"no form is called {kind!r}", f"forms: {', '.join(known)}")
    if kind == CASE:
        return questionnaire(load_codebook())
    return read_text(root() / "starters" / f"{kind}.toml")[0]


def summaries(kind: str, extra: Iterable[Path] = ()) -> Mapping[str, str]:
    """Name and title of every file of a kind, without solving anything."""
    return {name: _title(path) for name, path in files(kind, extra).items()}


def _title(path: Path) -> str:
    try:
        return read_toml(path)[0].text("title", default="")
    except InputError:
        return f"(cannot be read: see coopgame check {path})"
