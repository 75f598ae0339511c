"""The command line: help, answers in every format, and what goes wrong, without a traceback."""

from __future__ import annotations

import csv
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result
from sympy import Rational

import coopgame as cg
from coopgame import catalogue
from coopgame.cache import Store
from coopgame.cli import door, main
from coopgame.cli.options import assignments, ranges
from coopgame.comparative import signs as comparative
from coopgame.comparative.rows import SignRow
from coopgame.comparative.signs import Statics
from coopgame.errors import CertificationError, InputError, LimitReached
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import Verdict

ROOT = Path(__file__).resolve().parent.parent
PD = ("--set", "T=5", "--set", "R=3", "--set", "P=1", "--set", "S=0")
COMMANDS = sorted(main.commands)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def answered(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert all(line.startswith("coopgame: wrote ") for line in result.stderr.splitlines())
    return result.stdout


def refused(*arguments: str) -> list[str]:
    """The lines on stderr of a command that must be refused as bad input."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    assert "internal error" not in result.stderr
    return result.stderr.splitlines()


# --- help --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    text = answered(name, "--help")
    command = main.commands[name]
    assert command.help and f"coopgame {name}" in text.split("Examples:")[1]
    assert main.commands[name].get_short_help_str(80)[-3:] != "..."
    shown = CliRunner().invoke(main, [name, "--help"], terminal_width=80).output
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} --{option.name} says nothing"


# Their examples take minutes, and pages of docs run the like of them.
LASTING = {"cases", "claims", "contrast", "gallery", "statics", "study"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - LASTING))
def test_the_examples_of_help_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those on built-in games and cases end with 0, or with 1 where the answer is negative."""
    monkeypatch.chdir(tmp_path)
    lines = answered(name, "--help").split("Examples:")[1].splitlines()
    for line in lines:
        if line.strip().startswith("coopgame ") and " my-" not in line:
            result = run(*shlex.split(line)[1:])
            assert result.exit_code in (0, 1), (line, result.stderr)


def test_without_a_command_there_is_help_and_no_line_of_it_is_cut() -> None:
    text = answered()
    assert text == answered("--help") and "...\n" not in text.split("\n", 1)[1]
    for line in CliRunner().invoke(main, [], terminal_width=60).stdout.splitlines():
        assert len(line) <= 60 or line.startswith("  ")


# What these write is a file for another program, a picture or a game: never a table to be shown.
WRITERS = {"explore", "gallery", "export", "new", "plot"}


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("cache", "cite")])
def test_every_command_takes_a_catalogue_and_a_time_limit(name: str) -> None:
    options = {opt for param in main.commands[name].params for opt in param.opts}
    assert {"--catalogue", "--time-limit", "--output"} <= options
    assert ("--format" in options) is (name not in WRITERS)


def test_the_examples_in_the_help_of_quick_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example of list, show, solve and table is typed as it stands there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-games").mkdir()
    sound = catalogue.find("inspection", "catalogue").read_bytes()
    for path in ("my-game.toml", "my-games/mine.toml"):
        (tmp_path / path).write_bytes(sound)
    for name in ("list", "show", "solve", "table"):
        for line in (main.commands[name].epilog or "").splitlines():
            if line.strip().startswith("coopgame "):
                arguments = line.split()[1:]
                assert run(*arguments).exit_code == 0, line


def test_help_loads_neither_sympy_nor_numpy() -> None:
    """What makes `--help` quick: nothing heavy is imported for it."""
    code = (
        "import sys; from coopgame.cli import main; "
        "print([m for m in ('sympy', 'numpy', 'z3', 'rich', 'scipy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == "[]", found.stderr


def test_the_door_from_a_checkout_and_the_version() -> None:
    found = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--version"], capture_output=True, text=True
    )
    assert found.returncode == 0 and found.stdout.startswith("coopgame")


# --- answers -----------------------------------------------------------------------------------


def test_list_and_show() -> None:
    listed = json.loads(answered("list", "--format", "json"))
    assert {entry["name"] for entry in listed["games"]} == set(catalogue.files("catalogue"))
    shown = json.loads(answered("show", "trust", "--format", "json"))
    assert {"T", "R", "P", "S", "delta", "h"} == {p["name"] for p in shown["parameters"]}
    for parameter in shown["parameters"]:
        assert all(parameter[key] for key in ("meaning", "unit", "domain", "default", "source"))
    text = answered("show", "trust")
    assert "discount factor" in text and "source" in text and "grim" in text


@pytest.mark.parametrize("name", ["inspection", "trust", "relation", "lead_firm"])
def test_symbolic_json_has_its_keys_and_parses_again(name: str) -> None:
    found = json.loads(answered("solve", name, "--format", "json"))
    assert {"game", "exact", "branches"} <= found.keys()
    names = set(found["parameters"])
    assert found["branches"]
    for branch in found["branches"]:
        assert {"name", "kind", "conditions", "strategies", "payoffs", "outcomes"} <= branch.keys()
        for text in branch["conditions"]:
            assert to_text(parse_condition(text, names)) == text
        for text in (*branch["payoffs"].values(), *branch["outcomes"].values()):
            assert parse(text, names) is not None


def test_json_at_a_point_has_numbers_and_exact_texts() -> None:
    settings = (*PD, "--set", "delta=0.9", "--set", "h=1/3", "--format", "json")
    found = json.loads(answered("solve", "trust", *settings))
    assert {"game", "values", "equilibria"} <= found.keys()
    assert found["values"]["h"] == pytest.approx(1 / 3) and found["exact_values"]["h"] == "1/3"
    grim = next(e for e in found["equilibria"] if e["name"] == "grim")
    assert {"name", "kind", "strategies", "payoffs", "outcomes"} <= grim.keys()
    assert grim["payoffs"]["buyer"] == pytest.approx(30.0)
    assert grim["exact_text"]["payoffs"]["buyer"] == "30"


@pytest.mark.parametrize(
    ("delta", "expected"),
    [("0.4999", set()), ("1/2", {"grim"}), ("2/3", {"grim", "tit_for_tat"})],
)
def test_solve_flips_exactly_at_the_thresholds(delta: str, expected: set[str]) -> None:
    """T, R, P, S = 5, 3, 1, 0: grim from 1/2 on, tit-for-tat as Nash from 2/3 on."""
    settings = (*PD, "--set", f"delta={delta}", "--set", "h=0", "--format", "json")
    found = {e["name"] for e in json.loads(answered("solve", "trust", *settings))["equilibria"]}
    assert found & {"grim", "tit_for_tat"} == expected


def test_a_partial_set_leaves_the_rest_symbolic() -> None:
    found = json.loads(answered("solve", "trust", *PD, "--format", "json"))
    assert found["values"]["T"] == "5" and set(found["parameters"]) == {"delta", "h"}
    grim = next(b for b in found["branches"] if b["name"] == "grim")
    (condition,) = grim["conditions"]
    border = parse_condition(condition, {"delta", "h"})
    holds = [
        border.subs({symbol("delta"): Rational(delta), symbol("h"): Rational(1, 3)})
        for delta in ("3/4", "0.7499999")
    ]
    assert holds == [True, False], "D = 3/4 * 2/3 = 1/2 is the very border"


def test_rules_are_shown_with_hazard_interval_and_number_of_events() -> None:
    text = answered("solve", "relation", "--rules", "stable", "--rules", "brazil-1986-1994")
    assert "hazard 0.4511" in text and "6 events" in text
    assert "0.232 to 0.753" in text.replace("\n", " ").replace("                    ", "")
    found = json.loads(
        answered("solve", "relation", "--rules", "stable", "--at-defaults", "--format", "json")
    )
    assert found["rules"]["name"] == "stable" and found["values"]["h"] == 0.02


def test_several_rules_are_compared_in_one_table() -> None:
    rules = ("--rules", "stable", "--rules", "unstable")
    text = answered("solve", "relation", *rules, "--at-defaults", "--format", "csv")
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["rules"] for row in rows} == {"stable", "unstable"}
    by_rules = {row["rules"]: float(row["level"]) for row in rows}
    assert by_rules["unstable"] < by_rules["stable"]
    record = json.loads(answered("solve", "relation", *rules, "--at-defaults", "--format", "json"))
    assert [each["rules"]["name"] for each in record["compared"]] == ["stable", "unstable"]


def test_a_chain_of_regimes_changes_the_game() -> None:
    found = json.loads(answered("solve", "trust", "--rules", "switching", "--format", "json"))
    names = {branch["name"] for branch in found["branches"]}
    assert {"grim{stable}", "grim{unstable}", "grim{stable,unstable}"} <= names
    assert "regimes" in found["rules"]
    (line,) = refused("solve", "inspection", "--rules", "switching")
    assert "no weight of a next period" in line


def test_statics_json_has_its_keys_and_assumptions_settle_signs() -> None:
    found = json.loads(answered("statics", "inspection", "--format", "json"))
    for row in found["rows"]:
        keys = {"outcome", "branch", "parameter", "sign", "strict", "verdict", "witnesses"}
        assert keys <= row.keys()
        assert row["sign"] in {"+", "-", "0", "?"} and isinstance(row["strict"], bool)
        assert len(row["witnesses"]) == 2 or row["sign"] != "?"
    only = ("--outcome", "compliance", "--branch", "mixed")
    rows = json.loads(answered("statics", "inspection", *only, "--format", "json"))["rows"]
    assert {(row["outcome"], row["branch"]) for row in rows} == {("compliance", "mixed")}


def test_table_as_csv_drops_into_a_spreadsheet() -> None:
    text = answered("table", "trust", "--vary", "h=0:0.6:4", *PD, "--format", "csv")
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) % 4 == 0 and "nan" not in text.lower()
    for row in rows:
        assert (row["status"] == "value") == (row["cooperation"] != "")
    record = json.loads(answered("table", "trust", "--vary", "h=0:0.6:4", "--format", "json"))
    assert record["vary"]["h"] == ["0", "1/5", "2/5", "3/5"]


def test_table_under_rules_fixes_the_hazard() -> None:
    arguments = ("table", "trust", "--vary", "delta=0.5:0.9:3")
    text = answered(*arguments, "--rules", "unstable", "--format", "json")
    assert json.loads(text)["values"]["h"] == 0.5
    (line,) = refused("table", "trust", "--vary", "h=0:0.5:3", "--rules", "unstable")
    assert "both varied and set" in line


@pytest.mark.parametrize("shape", ["text", "json", "csv", "markdown", "latex"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "inspection"),
        ("solve", "inspection"),
        ("solve", "inspection", "--at-defaults"),
        ("statics", "inspection", "--outcome", "compliance"),
        ("table", "inspection", "--vary", "w=3,4"),
        ("check", str(catalogue.find("inspection", "catalogue"))),
    ],
    ids=" ".join,
)
def test_every_answer_comes_in_every_format(arguments: tuple[str, ...], shape: str) -> None:
    text = answered(*arguments, "--format", shape)
    assert text.endswith("\n") and "\x1b" not in text
    if shape == "json":
        json.loads(text)
    if shape == "csv":
        widths = {len(row) for row in csv.reader(StringIO(text))}
        assert len(widths) == 1
    if shape == "latex":
        assert text.count("\\begin{tabular}") == text.count("\\end{tabular}")


# --- writing files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.json", "{"), ("a.csv", "w,equilibrium"), ("a.md", "# "), ("a.tex", "%"), ("a", "Insp")],
)
def test_the_ending_of_the_file_tells_the_format(tmp_path: Path, name: str, start: str) -> None:
    path = tmp_path / name
    answered("table", "inspection", "--vary", "w=3,4", "-o", str(path))
    assert path.read_text(encoding="utf-8").startswith(start)
    beside = {"a-1.pdf"} if name == "a.tex" else set()  # LaTeX takes figures from files
    assert {each.name for each in tmp_path.iterdir()} == {name} | beside


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up while writing leaves the old file as it was, and nothing beside it."""
    path = tmp_path / "out.txt"
    path.write_text("old")

    def full(self: Path, *arguments: object, **options: object) -> None:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    (line,) = refused("show", "inspection", "-o", str(path))
    assert "No space left on device" in line and "choose another -o FILE" in line
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["out.txt"]


def test_a_link_is_followed_and_a_device_is_left_what_it_is(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    answered("show", "inspection", "-o", str(link))
    assert link.is_symlink() and target.read_text().startswith("Inspection")
    answered("show", "inspection", "-o", os.devnull)
    assert not Path(os.devnull).is_file()


def test_a_missing_folder_and_a_folder_as_output(tmp_path: Path) -> None:
    missing = tmp_path / "no"
    (line,) = refused("show", "inspection", "-o", str(missing / "out.txt"))
    assert line == f"coopgame: folder {missing} does not exist (create it first)"
    (line,) = refused("plot", "inspection", "--kind", "replies", "-o", str(missing / "a.png"))
    assert "does not exist (create it first)" in line
    (line,) = refused("show", "inspection", "-o", str(tmp_path))
    assert "cannot write" in line


def test_a_file_that_was_written_is_named_and_nothing_else_is_printed(tmp_path: Path) -> None:
    for words in (
        ("show", "inspection", "-o", str(tmp_path / "a.json")),
        ("new", "normal", "-o", str(tmp_path / "b.toml")),
        ("export", "hawk_dove", "--to", "nfg", "-o", str(tmp_path / "c.nfg")),
        ("plot", "hawk_dove", "--kind", "replies", "-o", str(tmp_path / "d.svg")),
    ):
        result = run(*words)
        assert result.exit_code == 0 and result.stdout == ""
        assert result.stderr == f"coopgame: wrote {words[-1]}\n" and Path(words[-1]).is_file()


def test_the_width_follows_columns_in_a_pipe_too() -> None:
    def widest(columns: str) -> int:
        printed = CliRunner(env={"COLUMNS": columns}).invoke(main, ["list"]).stdout
        return max(map(len, printed.splitlines()))

    assert widest("50") <= 50 < widest("70") <= 70 < widest("140")
    assert widest("") == widest("wide") == widest("100")


@pytest.mark.skipif(
    not hasattr(os, "openpty"), reason="there are terminals only where there is pty"
)
def test_the_width_of_the_terminal_holds_for_what_is_piped_on() -> None:
    """stdout is a pipe, as to a pager; the terminal behind stderr is 60 characters wide."""
    import fcntl
    import struct
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    code = "from coopgame.cli import main; main(['list'], prog_name='coopgame')"
    bare = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    found = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=theirs,
                           env=bare, cwd=ROOT, text=True, check=True)  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert max(map(len, found.stdout.splitlines())) <= 60


# --- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("slove", "trust"), "No such command 'slove'"),
        (("solve", "trsut"), "did you mean 'trust'?"),
        (("solve",), "Missing argument 'GAME'"),
        (("solve", "trust", "--format", "xml"), "'xml' is not one of"),
        (("solve", "trust", "--nope"), "No such option"),
        (("solve", "trust", "--set", "Q=1"), "Q: unknown parameter 'Q'"),
        (("solve", "trust", "--set", "delta=2"), "delta: 2 lies outside (0, 1)"),
        (("solve", "trust", "--set", "delta=nan"), "delta: 'nan' is not a finite number"),
        (("solve", "trust", "--set", "delta=1/0"), "divides by zero"),
        (("solve", "trust", "--set", "delta=0,9"), "(write 0.9)"),
        (("solve", "trust", "--set", "delta=90%"), "(write 0.9)"),
        (("table", "trust", "--vary", "delta=0,5:0.9:3"), "(write 0.5)"),
        (("classify", "criciuma", "--set", "delta=90 %"), "(write 0.9)"),
        (("solve", "trust", "--set", "T=1,000"), "(write 1000 or 1.000)"),
        (("solve", "criciuma"), "criciuma is a case: coopgame study criciuma"),
        (("table", "criciuma", "--vary", "h=0:1:2"), "coopgame study criciuma"),
        (("study", "trust"), "trust is a game: coopgame solve trust"),
        (("contrast", "criciuma", "trust"), "trust is a game: coopgame solve trust"),
        (("solve", "stable"), "stable is a file of macro rules: --rules stable"),
        (("check", "nosuch.toml"), "nosuch.toml: No such file or directory (check the path)"),
        (("solve", "trust", "--set", "T=1e99999"), "is too long a number"),
        (("solve", "trust", "--set", "T=9**9**9**9"), "is not a finite number"),
        (("solve", "trust", "--set", "T=" + "9" * 99), "digits"),
        (("solve", "trust", "--set", "delta"), "is not name=value"),
        (("solve", "trust", "--set", "T=5", "--set", "T=6"), "given twice"),
        (("solve", "trust", "--set", "T=1", "--set", "R=2"), "does not hold"),
        (("solve", "trust", "--set", "T=1", "--set", "R=2", "--at-defaults"), "does not hold"),
        (("solve", "trust", "--rules", "stabel"), "did you mean 'stable'?"),
        (("solve", "trust", "--rules", "stable", "--set", "h=0.3"), "conflicts with stable"),
        (("solve", "inspection", "--rules", "stable"), "no parameter of that role"),
        (("solve", "nowhere.toml"), "No such file or directory"),
        (("solve", "trust", "--catalogue", "nowhere"), "nowhere is not a folder"),
        (("statics", "trust", "--outcome", "nope"), "unknown outcome 'nope'"),
        (("statics", "trust", "--branch", "nope"), "no equilibrium 'nope'"),
        (("statics", "trust", "--assume", "T <"), "not an expression"),
        (("statics", "trust", "--assume", "T < R"), "no point of the domain"),
        (("statics", "trust", "--assume", "__import__('os')"), "unknown function"),
        (("table", "trust"), "Missing option '--vary'"),
        (("table", "trust", "--vary", "h=0:1"), "is not a range"),
        (("table", "trust", "--vary", "h=0:0.5:x"), "is not a range"),
        (("table", "trust", "--vary", "h=0:2:3"), "h: 2 lies outside [0, 1)"),
        (("table", "trust", "--vary", "h=0:0.5:99999999"), "more than"),
        (("table", "trust", "--vary", "Q=0:1:3"), "unknown parameter 'Q'"),
        (("table", "trust", "--vary", "h=0:0.5:3", "--outcome", "no"), "unknown outcome 'no'"),
        (("show", "trust", "--time-limit", "0"), "--time-limit"),
        (("--nope",), "No such option"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_line_with_a_reason(arguments: tuple[str, ...], reason: str) -> None:
    lines = refused(*arguments)
    assert len(lines) == 1 and lines[0].startswith("coopgame: ")
    assert reason in lines[0]


def test_every_bad_setting_has_its_line() -> None:
    assert len(refused("solve", "trust", "--set", "Q=1", "--set", "h=7", "--set", "T=x")) == 3
    assert len(refused("solve", "trust", "--set", "Q", "--set", "=7")) == 2


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (LimitReached("enough"), 3, "enough"),
        (CertificationError("regret 1"), 70, "internal error (regret 1). Please report it"),
        (ZeroDivisionError("oh\nno"), 70, "internal error (ZeroDivisionError: oh). Please report"),
        (MemoryError(), 70, "MemoryError"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_every_exception_ends_in_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, reason: str
) -> None:
    def fails(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(door, "_silence_stdout", lambda: None)
    monkeypatch.setattr(catalogue, "summaries", fails)
    result = run("list")
    assert result.exit_code == code
    assert reason in result.stderr and len(result.stderr.splitlines()) == bool(reason)


def test_debug_shows_the_traceback_of_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("COOPGAME_DEBUG", "1")
    monkeypatch.setattr(catalogue, "summaries", fails)
    assert isinstance(run("list").exception, ZeroDivisionError)


def test_undecided_signs_exit_with_three_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    row = SignRow("compliance", "mixed", "c", "?", False, Verdict.UNDECIDED)
    monkeypatch.setattr(
        comparative,
        "statics",
        lambda *arguments: Statics(cg.load("inspection").header.info, (row,)),
    )
    result = run("statics", "inspection")
    assert result.exit_code == 3
    assert "compliance" in result.stdout and "1 signs left undecided" in result.stderr


# --- as a program of its own -------------------------------------------------------------------


def program(*arguments: str, **options: object) -> subprocess.Popen[str]:
    code = "from coopgame.cli import main; main(prog_name='coopgame')"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,  # type: ignore[call-overload]
    )


def test_a_closed_pipe_is_quiet() -> None:
    process = program("table", "trust", "--vary", "h=0:0.6:2000", "--format", "csv")
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith("h,")
    process.stdout.close()
    assert process.wait(60) == door.BROKEN_PIPE
    assert process.stderr.read() == ""
    process.stderr.close()


def test_the_time_limit_ends_a_run() -> None:
    process = program("statics", "relation", "--time-limit", "0.05")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (door.LIMIT, "")
    assert err == "coopgame: stopped at the time limit of 0.05 s (raise it with --time-limit)\n"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_an_interrupt_is_quiet() -> None:
    """The signal is sent once the child says it runs; a job in the background would ignore it."""
    code = (
        "import signal, sys, coopgame.catalogue as c\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def wait(*a):\n"
        "    print('ready', flush=True)\n"
        "    import time; time.sleep(60)\n"
        "c.load_game = wait\n"
        "from coopgame.cli import main; main(['solve', 'trust'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == door.INTERRUPTED
    assert "Traceback" not in err and err.strip() == ""


def test_output_survives_a_terminal_that_knows_only_ascii() -> None:
    process = program("list", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "criciuma" in out, err


# --- completion and parsing --------------------------------------------------------------------


def completions(*words: str) -> set[str]:
    complete = ShellComplete(main, {}, "coopgame", "_COOPGAME_COMPLETE")
    return {item.value for item in complete.get_completions(list(words[:-1]), words[-1])}


def test_outcomes_equilibria_forms_and_questions_are_completed() -> None:
    assert completions("statics", "relation", "--outcome", "so") == {"social_first_best"}
    assert completions("explain", "trust", "--branch", "tit") == {
        "tit_for_tat", "tit_for_tat, subgame-perfect",
    }  # fmt: skip
    assert completions("new", "s") == {"symmetric", "sequential"}
    assert completions("new", "c") == {"contract", "case"}
    assert completions("classify", "criciuma", "--set", "ro") == {"role_model="}
    assert completions("plot", "trust", "--x", "de") == {"delta"}
    assert completions("plot", "criciuma:1990", "--kind", "map", "--x", "ka") == {"kappa"}
    assert completions("sensitivity", "criciuma", "--outcome", "ty") == {"type"}
    assert completions("statics", "nowhere", "--outcome", "") == set()


def test_completion_loads_no_sympy_once_a_game_was_solved(answers: Store) -> None:
    """What makes completion quick: the names of outcomes are kept, the rest is read."""
    assert "surplus" in completions("statics", "stag_hunt", "--outcome", "")
    code = f"""
import sys
from pathlib import Path
from coopgame.cache import Store
Store.of_user = classmethod(lambda cls: Store(Path({str(answers.folder)!r})))
from click.shell_completion import ShellComplete
from coopgame.cli import main
complete = ShellComplete(main, {{}}, "coopgame", "_COOPGAME_COMPLETE")
for words in ("statics stag_hunt --outcome", "solve stag_hunt --set", "solve", "new"):
    assert complete.get_completions(words.split(), ""), words
print([m for m in ("sympy", "numpy", "z3", "rich", "scipy") if m in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == "[]", found.stderr


def test_names_and_parameters_are_completed() -> None:
    assert completions("solve", "tru") == {"trust"}
    assert completions("solve", "trust", "--set", "de") == {"delta="}
    assert completions("solve", "trust", "--rules", "sta") == {"stable"}
    assert completions("solve", "nowhere", "--set", "de") == set()
    assert "statics" in completions("st")


def test_settings_and_ranges_are_parsed() -> None:
    assert assignments([" T = 5 ", "h=1/4"]) == {"T": "5", "h": "1/4"}
    assert ranges(["h=0:0.6:13", "q=1/4, 1/2"]) == {"h": ("0", "0.6", 13), "q": ["1/4", "1/2"]}
    with pytest.raises(InputError):
        ranges(["h=0:1:2:3"])
