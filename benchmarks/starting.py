"""Commands from a cold start, as a user meets them: user time against that of the imports.

Each command runs once with an empty cache and then with what that run has kept. What counts is the
ratio to `import sympy, z3`, measured in the same run, so that it says the same on every machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import print_table, shown

DOOR = str(Path(__file__).parent.parent / "cli.py")
IMPORTS = ["-c", "import sympy, z3"]
ONE_GAME, STUDY = 6, 12  # wanted: at most so many times the imports
COMMANDS = (
    ("solve trust", ONE_GAME),
    ("solve relation", ONE_GAME),
    ("solve tie", ONE_GAME),
    ("statics relation", ONE_GAME),
    ("table trust --vary h=0:0.6:13", ONE_GAME),
    ("explain relation", ONE_GAME),
    ("exercise inspection", ONE_GAME),
    ("select trust", ONE_GAME),
    ("export inspection --to nfg", ONE_GAME),
    ("explore trust -o {folder}/trust.html", ONE_GAME),
    ("plot trust -o {folder}/trust.png", ONE_GAME),
    ("study criciuma", STUDY),
)


def run(repeats: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        unit = min(_user_time(IMPORTS, folder) for _ in range(max(3, repeats)))
        lines = [["import sympy, z3", "", shown(unit), "1", ""]]
        for text, wanted in COMMANDS:
            command = [DOOR, *text.format(folder=folder).split()]
            first = _user_time(command, folder)
            again = min(_user_time(command, folder) for _ in range(repeats))
            name = f"coopgame {text.partition(' -o')[0]}"
            lines.append([name, shown(first), shown(again), f"{again / unit:.1f}", str(wanted)])
    head = ["command", "first time", "again", "ratio", "wanted below"]
    print_table(
        "From a cold start: user time, and again with what the first run has kept", head, lines
    )


def _user_time(command: list[str], folder: str) -> float:
    """Seconds of processor time that a process and its children spend outside the kernel."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    own = {**os.environ, "XDG_CACHE_HOME": folder}
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env=own)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
