"""Tables as Parquet: the columns, the parts of a long run, and what stops one half-way."""

from __future__ import annotations

import json
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame.catalogue import load_rules
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.tables.draws import Draws
from coopgame.tables.folder import MANIFEST, opened
from coopgame.tables.job import prepare_job
from coopgame.tables.parquet import part_bytes, read_summary
from coopgame.tables.storing import Means, write_table
from coopgame.tables.sweep import tabled
from coopgame.tables.tasks import Request

pytest.importorskip("pyarrow", reason="needs the extra scale")
from pyarrow import BufferReader, float64
from pyarrow.parquet import read_schema, read_table

DOOR = [sys.executable, "-c", "import sys; from coopgame.cli import main; sys.exit(main())"]
SEED = int(os.environ.get("COOPGAME_TEST_SEED", str(time.time_ns() % 2**32)))
SMALL = Request({"e": (1, 3, 7), "c": (1, 5, 11)})


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    table = read_table(path)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def written(folder: Path, request: Request, part_rows: int = 40) -> Path:
    write_table(cg.load("inspection"), folder, request, Means(part_rows=part_rows))
    return folder


# --- columns -----------------------------------------------------------------------------------

REQUESTS = [
    ("inspection", SMALL),
    ("inspection", Request({"e": (1, 3), "c": (1, 5)}, draws=Draws("sobol", 50, 3))),
    ("inspection", Request({"c": (1, 5)}, outcomes=["agent_work"], draws=Draws("latin", 20))),
    ("hawk_dove", Request({"v": [1, 2]}, outcomes=["fights", "elasticity:fights:v"])),
    ("trust", Request({"delta": ["0.4", "0.6"]}, select="most-cooperative")),
    ("trust", Request({"T": (2, 6, 9), "R": (2, 5, 9)}, outcomes=["cooperation"])),
    ("relation", Request({"c": ["0.9", 1]}, outcomes=["elasticity:social_first_best:c"])),
]


@pytest.mark.parametrize(("name", "request_"), REQUESTS)
@pytest.mark.parametrize("part_rows", [1 << 22, 25])
def test_parquet_holds_the_rows_of_the_table(
    name: str, request_: Request, part_rows: int, tmp_path: Path
) -> None:
    """The same rows as `cg.table`, whether in one file or in parts; null where it has None."""
    game, path = cg.load(name), tmp_path / "table.parquet"
    found = write_table(game, path, request_, Means(part_rows=part_rows))
    expected = tabled(game, request_)
    assert rows_of(path) == list(expected.rows())
    assert (found.rows, found.undecided) == (len(expected), expected.undecided)
    assert path.is_dir() == (found.parts > 1)
    assert part_rows > 25 or found.parts > 1 or len(expected) <= 25


def test_rules_stand_one_below_the_other(tmp_path: Path) -> None:
    """A chain of regimes has other branches than one hazard; parts cut across the panels."""
    game, rules = cg.load("trust"), (load_rules("stable"), load_rules("switching"))
    request = Request({"delta": ("0.1", "0.9", 9)}, outcomes=["cooperation"], rules=rules)
    write_table(game, tmp_path / "parts", request, Means(part_rows=30))
    assert rows_of(tmp_path / "parts") == list(tabled(game, request).rows())


def test_columns_are_nullable_and_say_what_they_mean(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    request = Request(SMALL.vary, {"w": "9/2"}, ["compliance", "payoff_agent"])
    write_table(cg.load("inspection"), path, request)
    schema = read_schema(path)
    unit = cg.load("inspection").header.domain["c"].unit
    assert schema.field("c").metadata[b"unit"].decode() == unit
    assert schema.field("c").metadata[b"meaning"] and not schema.field("c").nullable
    assert schema.field("payoff_agent").metadata[b"meaning"] == b"payoff of agent"
    assert schema.field("compliance").nullable and not schema.field("status").nullable
    table = read_table(path)
    for name in ("compliance", "payoff_agent"):
        assert table[name].type == float64() and table[name].null_count > 0
        values = table[name].drop_null().to_pylist()
        assert all(value == value for value in values)
    holds = [status == "value" for status in table["status"].to_pylist()]
    assert [value is not None for value in table["compliance"].to_pylist()] == holds


def test_the_file_says_where_it_comes_from(tmp_path: Path) -> None:
    path, game = tmp_path / "table.parquet", cg.load("inspection")
    write_table(game, path, Request(SMALL.vary, {"w": "9/2"}))
    told = json.loads(read_schema(path).metadata[b"coopgame"])
    assert told["digest"] == game.header.info.digest and told["game"] == "inspection"
    assert told["panels"][0]["values"]["w"] == "9/2"
    assert told["plan"]["grid"]["c"] == {"count": 11, "from": "1", "scale": "steps", "to": "5"}
    assert told["written_with"]["coopgame"] == cg.__version__


# --- parts -------------------------------------------------------------------------------------


def test_a_part_depends_on_the_job_and_its_number_alone() -> None:
    """Worked out from a pickle, out of order, it has the same bytes."""
    job, _ = prepare_job(cg.load("inspection"), SMALL, 40)
    again = pickle.loads(pickle.dumps(job))
    assert job.parts > 3 and again.digest == job.digest
    for part in reversed(range(job.parts)):
        assert part_bytes(again, part) == part_bytes(job, part)
    counts = [read_table(BufferReader(part_bytes(job, k))).num_rows for k in range(job.parts)]
    assert sum(counts) == 3 * 77


def test_every_row_is_in_one_part() -> None:
    rules = (load_rules("stable"), load_rules("unstable"))
    job, _ = prepare_job(cg.load("relation"), Request({"u": (0, "0.3", 101)}, rules=rules), 100)
    cut = [(s.panel, row) for k in range(job.parts) for s in job.stretches(k)
           for row in range(s.start, s.stop)]  # fmt: skip
    assert cut == [(panel, row) for panel in (0, 1) for row in range(101)]


@pytest.mark.parametrize(
    "changed",
    [
        Request({"e": (1, 3, 7), "c": (1, 5, 12)}),
        Request(SMALL.vary, {"w": 5}),
        Request(SMALL.vary, outcomes=["compliance"]),
        Request(SMALL.vary, select="most-cooperative:compliance"),
        Request({"e": (1, 3), "c": (1, 5)}, draws=Draws("sobol", 77)),
    ],
)
def test_another_table_in_the_same_folder_is_refused(changed: Request, tmp_path: Path) -> None:
    before = files_in(written(tmp_path, SMALL))
    with pytest.raises(InputError, match=r"holds parts of another table.*give another folder"):
        written(tmp_path, changed)
    with pytest.raises(InputError, match="another size"):
        written(tmp_path, SMALL, part_rows=50)
    assert files_in(tmp_path) == before


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(InputError, match=r"holds other files \(thesis.tex\)"):
        written(tmp_path, SMALL)
    assert files_in(tmp_path) == {"thesis.tex": b"mine"}


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    job, _ = prepare_job(cg.load("inspection"), SMALL, 40)
    with opened(tmp_path, job), pytest.raises(InputError, match="being written by another run"):
        written(tmp_path, SMALL)


def test_finished_parts_are_kept_and_damaged_ones_are_made_again(tmp_path: Path) -> None:
    """Told by their times of writing; one is cut off, one of another job, one half-written."""
    before = files_in(written(tmp_path / "a", SMALL))
    parts = sorted((tmp_path / "a").glob("*.parquet"))
    assert len(parts) == 6
    times = {path: path.stat().st_mtime_ns for path in parts}
    parts[1].write_bytes(parts[1].read_bytes()[:-9])
    other = written(tmp_path / "b", Request(SMALL.vary, {"w": 5}))
    parts[2].write_bytes((other / parts[2].name).read_bytes())
    parts[3].unlink()
    (tmp_path / "a" / f".{parts[3].name}.writing").write_bytes(b"PAR1")
    assert files_in(written(tmp_path / "a", SMALL)) == before
    kept = {path for path in parts if path.stat().st_mtime_ns == times[path]}
    assert kept == {parts[0], parts[4], parts[5]}


def test_a_grid_all_outside_the_domain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no grid point lies inside"):
        write_table(cg.load("trust"), tmp_path / "x", Request({"T": [2]}, {"R": 3}))


def test_the_run_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    game, means = cg.load("inspection"), Means(part_rows=40)
    write_table(game, tmp_path, SMALL, means, lambda done, whole: told.append((done, whole)))
    assert told[0] == (0, 77) and told[-1] == (77, 77) and told == sorted(told)
    sorted(tmp_path.glob("*.parquet"))[0].unlink()
    told.clear()
    write_table(game, tmp_path, SMALL, means, lambda done, whole: told.append((done, whole)))
    assert 0 < told[0][0] < 77 and told[-1] == (77, 77)


# --- stopped half-way --------------------------------------------------------------------------

LONG = ["table", "inspection", "--vary", "e=1:3:900", "--vary", "c=1:3:900", "--part-rows", "30000"]
PARTS = 82


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    """A run as a terminal starts it: a shell makes what it runs behind deaf to the keyboard."""
    return subprocess.Popen(
        [*DOOR, *LONG, "-o", f"{folder}/", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.0005)


def parts_in(folder: Path) -> int:
    return len(list(folder.glob("part-*.parquet")))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    result = CliRunner().invoke(main, [*LONG, "-o", f"{folder}/"])
    assert result.exit_code == 0, result.output
    assert parts_in(folder) == PARTS
    return files_in(folder)


def test_a_run_killed_five_times_yields_the_same_bytes(
    uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    """Each time at a random moment after it has got a few parts further, however fast it runs."""
    folder, chance = tmp_path / "parts", random.Random(SEED)
    for _ in range(5):
        before, run = parts_in(folder), started(folder)
        enough = before + chance.randint(1, 5)
        until(lambda enough=enough, run=run: parts_in(folder) >= enough or run.poll() is not None)
        time.sleep(chance.uniform(0, 0.01))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert run.returncode == -signal.SIGKILL, f"it was done too early (seed {SEED})"
        assert before < parts_in(folder)
        finished = {k: v for k, v in files_in(folder).items() if not k.startswith(".")}
        assert finished.items() <= uninterrupted.items()
    run = started(folder)
    assert run.communicate() == ("", f"coopgame: wrote {folder}/\n") and run.returncode == 0
    assert files_in(folder) == uninterrupted, f"seed {SEED}"


def test_interrupted_from_the_keyboard_it_says_how_to_go_on(
    uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    run = started(tmp_path)
    until(lambda: parts_in(tmp_path) > 2)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate()
    assert run.returncode == 130 and out == ""
    assert err == (
        f"coopgame: stopped; finished parts stay in {tmp_path}/, and the same command goes on "
        "from them\n"
    )
    assert 2 < parts_in(tmp_path) < PARTS
    assert files_in(tmp_path).items() <= uninterrupted.items()
    assert CliRunner().invoke(main, [*LONG, "-o", f"{tmp_path}/"]).exit_code == 0
    assert files_in(tmp_path) == uninterrupted


@pytest.mark.parametrize("ending", ["/", ".parquet"])
def test_a_full_disk_is_one_line_and_nothing_half_written(ending: str, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the manifest fits, a part does not."""
    command = ["table", "inspection", "--vary", "c=1:3:2000", "-o", f"{tmp_path / 'x'}{ending}"]
    run = subprocess.run(
        [*DOOR, *command], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert run.returncode == 2 and run.stdout == ""
    assert run.stderr.count("\n") == 1 and "cannot write" in run.stderr
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert left == ([MANIFEST] if ending == "/" else [])


# --- on a Dask cluster -------------------------------------------------------------------------


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    run = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield run
    finally:
        run.kill()
        run.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two worker processes on this machine."""
    pytest.importorskip("distributed", reason="needs the extra scale")
    told = tmp_path / "scheduler.json"
    join = ["--scheduler-file", str(told), "--no-dashboard"]
    with ExitStack() as stack:
        first = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *join]
        stack.enter_context(process(*first))
        until(lambda: told.exists() and told.stat().st_size > 0)
        alone = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
        workers = [
            stack.enter_context(process("distributed.cli.dask_worker", *join, *alone))
            for _ in range(2)
        ]
        yield json.loads(told.read_text())["address"], workers


def test_a_worker_that_dies_costs_only_its_part(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
    uninterrupted: dict[str, bytes],
    tmp_path: Path,
) -> None:
    from distributed import Client

    (address, workers), folder = cluster, tmp_path / "parts"
    with Client(address) as client:
        client.wait_for_workers(2, timeout=60)
        run = started(folder, "--engine", "dask", "--scheduler", address)
        until(lambda: parts_in(folder) > 3)
        workers[0].send_signal(signal.SIGKILL)
        out, err = run.communicate(timeout=120)
        assert (run.returncode, out) == (0, ""), err
        assert len(client.scheduler_info()["workers"]) == 1
    assert files_in(folder) == uninterrupted


def test_a_run_begun_in_threads_is_ended_by_a_cluster_of_its_own(
    uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="needs the extra scale")
    for name, data in uninterrupted.items():
        if name != "part-00017.parquet":
            (tmp_path / name).write_bytes(data)
    run = started(tmp_path, "--engine", "dask")
    assert (run.communicate()[0], run.returncode) == ("", 0)
    assert files_in(tmp_path) == uninterrupted


def test_a_worker_with_other_packages_is_refused() -> None:
    from coopgame.tables.distributing import worked_out

    job, _ = prepare_job(cg.load("inspection"), SMALL, 40)
    other = {**json.loads(job.told)["written_with"], "numpy": "0.1"}
    with pytest.raises(InputError, match=r"a worker has other packages: numpy 0\.1 here"):
        worked_out(pickle.dumps(job), other, 0)


# --- the command -------------------------------------------------------------------------------


def test_the_command_writes_one_file(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    result = CliRunner().invoke(main, ["table", "inspection", "--vary", "c=3,4", "-o", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert rows_of(path)[2][:3] == (3.0, "mixed", "value")
    job, _ = prepare_job(cg.load("inspection"), Request({"c": [3, 4]}))
    found = read_summary(path, job.digest)
    assert found is not None and found.rows == 6


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--format", "parquet"], "Parquet is not for the terminal"),
        (["-o", "parts/", "--format", "csv"], "parts/ is a folder"),
        (["--engine", "dask"], "--engine and --scheduler are for Parquet"),
        (["-o", "parts/", "--scheduler", "tcp://h:1"], "add --engine dask"),
    ],
)
def test_the_command_refuses_what_does_not_fit(
    options: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["table", "inspection", "--vary", "c=3,4", *options])
    assert result.exit_code == 2 and reason in result.output
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = CliRunner().invoke(main, ["table", "inspection", "--vary", "c=3", "-o", "x/"])
    assert result.exit_code == 2 and list(tmp_path.iterdir()) == []
    assert result.output == "coopgame: pyarrow is not installed: pip install pyarrow\n"


def test_a_long_run_has_no_time_limit_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual limit is lifted before the run begins; one that is asked for holds."""
    run = started(tmp_path, "--time-limit", "0.5")
    assert run.communicate()[1].startswith("coopgame: stopped at the time limit of 0.5 s")
    assert run.returncode == 3

    class Told(threading.Timer):
        """A timer that tells when it is lifted, and is lifted: left running it ends the process."""

        def cancel(self) -> None:
            lifted.append(True)
            super().cancel()

    lifted: list[bool] = []
    monkeypatch.setattr("coopgame.cli.door.threading.Timer", Told)
    result = CliRunner().invoke(main, ["table", "inspection", "--vary", "c=3", "-o",
                                       str(tmp_path / "x.parquet")])  # fmt: skip
    assert result.exit_code == 0 and len(lifted) == 2
