"""The reference describes every command and option, every key of a file, and every outcome."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import coopgame
from coopgame import catalogue
from coopgame.cli import door, main
from coopgame.forms import FORMS
from coopgame.reading.section import read_toml

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
COMMANDS = sorted(main.commands.items())


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


# --- docstrings ----------------------------------------------------------------------------------

# What numpydoc would have beside: a longer summary, and "See Also", which names of this kind
# would only repeat.
NOT_ASKED = {"ES01", "SA01"}


@pytest.mark.parametrize("name", sorted(set(coopgame.__all__) - {"__version__"}))
def test_the_docstring_of_a_public_name_is_whole(name: str) -> None:
    """Parameters, returns and an example, as numpydoc checks them."""
    validate = pytest.importorskip("numpydoc.validate")
    faults = validate.validate(f"coopgame.{name}")["errors"]
    assert not [fault for fault in faults if fault[0] not in NOT_ASKED]


# --- commands ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of commands as Sphinx builds it, as text: what looks at it is slow."""
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_nb")
    folder = tmp_path_factory.mktemp("reference")
    (folder / "index.md").write_text(page("commands"), encoding="utf-8")
    options = ["-q", "-b", "text", "-c", str(ROOT / "docs")]
    places = [str(folder), str(folder / "text")]
    command = [sys.executable, "-m", "sphinx", *options, *places]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return (folder / "text" / "index.txt").read_text(encoding="utf-8")


def section(built: str, name: str) -> str:
    """What the page says below the heading of a command."""
    _, found, rest = built.partition(f"\ncoopgame {name}\n~~")
    assert found, f"the reference has no command {name}"
    return re.split(r"\n\n\n", rest, maxsplit=1)[0]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_the_reference_describes_every_command_and_option(
    name: str, command: click.Command, built: str
) -> None:
    told = section(built, name)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", told), option


@pytest.mark.slow
@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_the_help_of_every_command_shows_an_example(
    name: str, command: click.Command, built: str
) -> None:
    example = f"  coopgame {name}"
    assert example in command.get_help(click.Context(command, info_name=name))
    assert example in section(built, name)


@pytest.mark.slow
def test_a_missing_command_would_be_seen(built: str) -> None:
    with pytest.raises(AssertionError, match="no command nothing"):
        section(built, "nothing")


def test_the_reference_gives_every_exit_code() -> None:
    codes = {0, 2, door.NEGATIVE, door.LIMIT, door.DEFECT, door.INTERRUPTED, door.BROKEN_PIPE}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page("commands"), re.M)} == codes


# --- Python --------------------------------------------------------------------------------------


def test_the_reference_describes_every_public_name() -> None:
    for name in set(coopgame.__all__) - {"__version__"}:
        assert re.search(rf":: coopgame\.{name}$", page("python"), re.MULTILINE), name


# --- files ---------------------------------------------------------------------------------------

READERS = {"text", "choice", "strings", "table", "tables", "number", "expression", "conditions"}
READERS |= {"value", "_read_profile", "_texts", "_read_share", "_read_count", "_read_values"}
SECTIONS = {"section", "table", "entry"}


def keys_read(path: Path) -> set[str]:
    """The keys that a module asks a file for: texts given to the readers of a `Section`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in READERS:
            found |= {key for key in map(text_of, node.args[:2]) if key}
        if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) in SECTIONS:
            found |= {text_of(node.left)}
    return found - {""}


def text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


FILES = {
    "game-files": ["reading", "catalogue.py"],
    "forms": ["forms"],
    "case-files": ["clusters/casefile.py", "clusters/codebook.py", "clusters/typology.py"],
    "rule-files": ["rules"],
    "claim-files": ["findings"],
}
DEFAULTS = {"baseline", "relation", "a", "start", "no"}  # texts that are no keys


@pytest.mark.parametrize("name", FILES)
def test_the_reference_describes_every_key_that_is_read(name: str) -> None:
    places = [ROOT / "coopgame" / place for place in FILES[name]]
    modules = [m for place in places for m in [place, *place.rglob("*.py")] if m.is_file()]
    keys = set().union(*map(keys_read, modules)) - DEFAULTS
    assert len(keys) > 4
    told = "".join(page(each) for each in FILES)
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", told))))
    assert not keys - words


@pytest.mark.parametrize("form", FORMS)
def test_the_reference_describes_every_form_and_outcome(form: str, tmp_path: Path) -> None:
    """Outcomes that the form gives of itself, and the branches of its starter."""
    told = page("forms").partition(f"\n({form})=")[2].partition("\n## ")[2].partition("\n## ")[0]
    path = tmp_path / "game.toml"
    path.write_text(catalogue.starter(form), encoding="utf-8")
    section, _ = read_toml(path)
    own = {name for key in ("outcomes", "mixed_outcomes") for name in section.data.get(key, ())}
    solution = catalogue.load_game(str(path)).solve()
    names = {name for branch in solution.branches for name in branch.outcomes} - own
    names |= {critical.name for critical in solution.criticals} | set(solution.extrema)
    names -= {*solution.domain.names, *section.data.get("terms", ())}
    for side in section.data.get("tie", {}).get("sides", ()):
        names = {name.replace(side, "SIDE") for name in names}
    assert not {name for name in names if f"`{name}`" not in told}
