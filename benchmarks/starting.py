"""Times from a cold start, as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.timing import best, print_table, shown

COMMANDS = {
    "coopgame --help": (["--help"], "0.3 s"),
    "coopgame solve trust": (["solve", "trust"], "2 s"),
    "coopgame solve relation": (["solve", "relation"], "2 s"),
    "coopgame table trust --vary h=0:0.6:13": (["table", "trust", "--vary", "h=0:0.6:13"], ""),
}


def run(repeats: int) -> None:
    door = Path(__file__).parent.parent / "cli.py"
    lines = []
    for name, (arguments, wanted) in COMMANDS.items():
        command = [sys.executable, str(door), *arguments]
        seconds = best(
            lambda c=command: subprocess.run(c, check=True, capture_output=True), repeats
        )
        lines.append([name, shown(seconds), wanted])
    print_table("From a cold start", ["command", "time", "wanted below"], lines)
