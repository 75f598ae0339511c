"""Names and files: what a name of the catalogue or a path stands for, read.

A folder of games holds `catalogue/` (games), `cases/`, `rules/` and `evidence/`; a
folder of one's own may also hold game files directly. Dropping a file in makes it listed, shown,
solved and tested. Beside the folders lie single files: claims, types, codebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from coopgame.clusters.case import Case
from coopgame.clusters.casefile import questionnaire, read_case
from coopgame.clusters.codebook import Codebook, read_codebook
from coopgame.clusters.typology import Profile, read_profiles
from coopgame.clusters.under import GAMES
from coopgame.errors import MANY, Fault, InputError, meant
from coopgame.findings.claims import Claim, read_claims, statement_faults
from coopgame.findings.treatments import Evidence, read_evidence
from coopgame.forms import FORMS
from coopgame.forms.base import Game
from coopgame.forms.gamefile import read_game
from coopgame.interop import read_nfg
from coopgame.reading.folders import files as files
from coopgame.reading.folders import is_file, is_folder, is_path
from coopgame.reading.folders import root as root
from coopgame.reading.foreign import UnreadableFile
from coopgame.reading.info import Info
from coopgame.reading.kinds import KINDS, is_nfg, kind_of, of_another_kind, opened, read_top
from coopgame.reading.section import Section, read_info, read_text, read_toml
from coopgame.rules.files import read_rules
from coopgame.rules.macro import MacroRules

SHOWN = ("catalogue", "cases", "rules")
CODEBOOK = "codebook"
SINGLE = ("claims", "types", CODEBOOK)  # one file beside the folders, not a folder of files
CASE = "case"


def citation_file() -> Path:
    """The file CITATION.cff: with the games of the installed package, or in a checkout's top."""
    inside = root() / "CITATION.cff"
    return inside if is_file(inside) else root().parent / "CITATION.cff"


def find(name: str, kind: str, extra: Iterable[Path] = ()) -> Path:
    """The file that a catalogue name or a path stands for."""
    known = files(kind, extra)
    if name in known:
        return known[name]
    if is_path(name):
        return Path(name)
    _refuse_folder(name)
    for other in KINDS:
        if other not in SINGLE and name in files(other, extra):
            raise of_another_kind(name, other)
    near = _instead(name, known)
    mend = near.strip() if near and len(known) > MANY else f"{near}known: {', '.join(known)}"
    raise InputError(f"no {KINDS[kind].called} {KINDS[kind].verb} called {name!r}", mend)


def _refuse_folder(name: str) -> None:
    if is_folder(name):
        raise InputError(f"{name} is a folder", "give a file in it, or --catalogue with a folder")


def _instead(name: str, known: Iterable[str]) -> str:
    """What an unknown name may have been meant for: a file in this folder, or a name like it."""
    if is_file(f"{name}.toml"):
        return f"did you mean the file {name}.toml? "
    return meant(name, known)


def load_game(name: str, extra: Iterable[Path] = ()) -> Game:
    """The game of a catalogue name, a game file or a Gambit file.

    Raises InputError with every fault of the file.

    >>> load_game("trust").header.info.name
    'trust'
    """
    path = find(name, "catalogue", extra)
    if is_nfg(path):
        return read_nfg(path)
    section, stem, digest = opened(path, "catalogue")
    game = read_game(section, stem, digest)
    section.settle()
    return game


def load_rules(name: str, extra: Iterable[Path] = ()) -> MacroRules:
    """The macro rules of a name or file."""
    section, stem, digest = opened(find(name, "rules", extra), "rules")
    rules = read_rules(section, stem, digest)
    section.settle()
    return rules


def load_case(name: str, extra: Iterable[Path] = ()) -> Case:
    """The case of a name or file. Raises InputError with every fault of the file."""
    (case,) = load_cases([name], extra)
    return case


def load_cases(names: Iterable[str], extra: Iterable[Path] = ()) -> tuple[Case, ...]:
    """Several cases; the codebook, the types and the games behind them are read once."""
    codebook, profiles = load_codebook(), load_types()[1]
    games = {name: load_game(name) for name in dict.fromkeys(GAMES.values())}
    found = []
    for name in names:
        section, stem, digest = opened(find(name, "cases", extra), "cases")
        info = read_info(section, stem, digest)
        found.append(read_case(section, info, codebook, profiles, games))
        section.finish()
        section.settle()
    return tuple(found)


def load_claims(path: Path | None = None) -> tuple[Info, tuple[Claim, ...]]:
    """The claims of a file, by default those of the paper."""
    section, info, found = _claims(path)
    section.settle()
    return info, found


def _claims(path: Path | None) -> tuple[Section, Info, tuple[Claim, ...]]:
    section, stem, digest = opened(path or root() / "claims.toml", "claims")
    info = read_info(section, stem, digest)
    found = read_claims(section)
    section.finish()
    return section, info, found


def load_evidence(name: str, extra: Iterable[Path] = ()) -> Evidence:
    """The treatments of a name or file. Raises InputError with every fault of the file."""
    section, stem, digest = opened(find(name, "evidence", extra), "evidence")
    info = read_info(section, stem, digest)
    return read_evidence(section, info, lambda game: load_game(game, extra))


def load_codebook(path: Path | None = None) -> Codebook:
    """The questions that describe a cluster, and the intervals that their answers allow."""
    section, stem, digest = opened(path or root() / "codebook.toml", CODEBOOK)
    codebook = read_codebook(section, read_info(section, stem, digest))
    section.finish()
    section.settle()
    return codebook


def load_types(path: Path | None = None) -> tuple[Info, tuple[Profile, ...]]:
    """The types of cluster: when a cluster has each, and Table 1 in words of our own."""
    section, stem, digest = opened(path or root() / "types.toml", "types")
    info = read_info(section, stem, digest)
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
    _refuse_folder(name)
    if name in files("evidence", extra):
        raise of_another_kind(name, "evidence")
    hint = _instead(name, [n for named in known.values() for n in named])
    told = "; ".join(
        f"{KINDS[kind].called.removesuffix('s')}s: {', '.join(n)}" for kind, n in known.items()
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
    "claims": _check_claims,
    "types": lambda name, extra: load_types(Path(name)),
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
