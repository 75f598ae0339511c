"""What CITATION.cff says, as BibTeX: how to cite the software and what it formalises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coopgame.errors import InputError

# Combining marks of Unicode as TeX writes them before a letter.
ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"',
           "\u030a": "r ", "\u030c": "v ", "\u0327": "c "}  # fmt: skip
MEND = "install coopgame again"
SPECIAL = {"ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "æ": r"{\ae}", "–": "--"}
# Keys of the Citation File Format, and the fields of BibTeX they fill as they are.
FIELDS = {"year": "year", "doi": "doi", "url": "url", "publisher": "publisher", "notes": "note",
          "journal": "journal", "volume": "volume", "number": "number"}  # fmt: skip


def bibtex(citation: Mapping[str, Any]) -> str:
    """The entries of a citation file: the software itself, then each of its references.

    Classic BibTeX knows no entry for software, so that it is a `misc` with its version.
    """
    entries = [_software(citation), *map(_reference, citation.get("references", ()))]
    return "\n".join(entries)


def _software(citation: Mapping[str, Any]) -> str:
    name = re.split(r"[:\s]", str(citation["title"]))[0]
    fields = {
        "author": _authors(citation["authors"]),
        "title": f"{{{_escaped(citation['title'])}}}",
        "howpublished": "Computer software",
        "note": f"Version {citation['version']}",
        **_dated(citation),
        **{key: str(citation[key]) for key in ("doi", "url") if key in citation},
    }
    return _entry("misc", f"{_key(name)}-{citation['version']}", fields)


def _dated(citation: Mapping[str, Any]) -> dict[str, str]:
    released = citation.get("date-released")
    return {"year": str(released)[:4]} if released else {}


def _reference(reference: Mapping[str, Any]) -> str:
    authors = reference["authors"]
    first = authors[0].get("family-names") or authors[0].get("name", "")
    institution = reference.get("institution", {}).get("name", "")
    kind = "article" if reference.get("type") == "article" else "misc"
    fields = {"author": _authors(authors), "title": f"{{{_escaped(reference['title'])}}}"}
    if institution:
        kind, fields["institution"] = "techreport", _escaped(institution)
    known = {FIELDS[k]: _escaped(str(v)) for k, v in reference.items() if k in FIELDS}
    return _entry(kind, f"{_key(first)}{reference.get('year', '')}", {**fields, **known})


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-zA-Z0-9]", "", plain).lower()


def _authors(authors: Sequence[Mapping[str, str]]) -> str:
    return " and ".join(map(_author, authors))


def _author(author: Mapping[str, str]) -> str:
    if "name" in author:  # an organisation: braces keep it from being split into names
        return f"{{{_escaped(author['name'])}}}"
    parts = [author.get("family-names", ""), author.get("given-names", "")]
    return ", ".join(_escaped(part) for part in parts if part)


def _escaped(text: str) -> str:
    r"""Text for any BibTeX, letters with accents as commands.

    >>> print(_escaped("Jörg & Zoë"))
    J{\"o}rg \& Zo{\"e}
    """
    return "".join(_letters(" ".join(text.split())))


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        if letter in "&%$#_":
            yield f"\\{letter}"
        elif letter in SPECIAL:
            yield SPECIAL[letter]
        elif marks and marks[0] in ACCENTS:
            yield f"{{\\{ACCENTS[marks[0]]}{base}}}"
        else:
            yield letter


def read_citation(text: str) -> Mapping[str, Any]:
    """The content of a citation file. Raises InputError where it is none."""
    import yaml

    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"the citation file cannot be read: {error}", MEND) from None
    if not isinstance(found, dict) or not {"title", "authors", "version"} <= set(found):
        raise InputError("the citation file names no title, authors or version", MEND)
    return found
