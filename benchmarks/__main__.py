"""`python -m benchmarks [--repeats N] [--only NAME]`: every benchmark, or one of them."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from benchmarks import classifying, growth, peers, starting, vertices, writing

PACKAGES = (
    "coopgame-solver",
    "numpy",
    "sympy",
    "z3-solver",
    "nashpy",
    "pygambit",
    "quantecon",
    "pplpy",
    "pyarrow",
)
TASKS: dict[str, Callable[[argparse.Namespace], None]] = {
    "peers": lambda options: peers.run(options.repeats),
    "vertices": lambda options: vertices.run(options.repeats),
    "growth": lambda options: growth.run(options.most),
    "writing": lambda options: writing.run(options.most),
    "starting": lambda options: starting.run(options.repeats),
    "classifying": lambda options: classifying.run(options.repeats),
}


def main() -> None:
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("--repeats", type=int, default=3, help="passes, of which the best counts")
    reader.add_argument("--most", type=int, default=8, help="the largest grid, as a power of ten")
    reader.add_argument("--only", choices=list(TASKS))
    options = reader.parse_args()
    told = [f"{name} {_version(name)}" for name in PACKAGES]
    print(f"Python {platform.python_version()}, {', '.join(told)}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; the best of several passes")
    for name, task in TASKS.items():
        if options.only in (None, name):
            task(options)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    main()
