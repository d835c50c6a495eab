"""Whatever is killed, whenever: nothing half-written or wrong is published, and the next run completes."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from castlib import paths
from castlib.run import plan

pytestmark = pytest.mark.slow

CODES = ["TH", "north-upper-1", "south-gulf"]
# how often something is killed; CAST_KILLS=30 tries longer
KILLS = int(os.environ.get("CAST_KILLS", "4"))
WARM = """
import gc, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import ipykernel.debugger, ipykernel.kernelapp, castlib.present.results
gc.freeze()
"""


def begin(environment: dict[str, str]) -> subprocess.Popen:
    words = [word for code in CODES for word in ("--region", code)]
    return subprocess.Popen(
        [Path(sys.executable).parent / "cast", "run", "--phase", "results", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def forget() -> None:
    for folder in (paths.executed(), paths.results()):
        shutil.rmtree(folder, ignore_errors=True)


def complete(home, environment: dict[str, str]) -> dict[str, bytes]:
    """Run to the end, which must be a good one, and return what was published."""
    process = begin(environment)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert not (paths.build() / "staging").exists()
    return home.published()


def kill_something(process: subprocess.Popen, chance: random.Random) -> tuple[str, list[int]]:
    """Signal the run, its fork server or a kernel; return what, and all that were there."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        victim = chance.choice([process.pid, *(child.pid for child in family)])
        numbers = [signal.SIGKILL] * 2 + [signal.SIGTERM, signal.SIGINT] * (victim == process.pid)
        number = chance.choice(numbers)
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, number)
        who = "run" if victim == process.pid else "other"
        return f"{who} {number.name}", [child.pid for child in family]
    return "nothing", []


def whole() -> bool:
    """Whether every published notebook vouches for its results."""
    for file in paths.executed().rglob("*"):
        if file.is_file():
            region, phase = file.parent.name, file.stem
            vouched = json.loads(file.read_bytes())["metadata"]["cast"]["results"]
            if plan.sha(plan.results(region, phase).read_bytes()) != vouched:
                return False
    return True


def alive(pids: list[int]) -> list[int]:
    """Return those that have not ended after some seconds."""
    until = time.monotonic() + 20
    while (left := [pid for pid in pids if psutil.pid_exists(pid)]) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def test_whatever_is_killed_the_next_run_completes(
    home, environment, copy_of_castlib, tmp_path, monkeypatch
):
    environment |= {"PYTHONPATH": str(copy_of_castlib(tmp_path / "code", warm=WARM))}
    home.saving(
        "results", "1", before="import time; time.sleep(0.3); print(country and country['m'])"
    )
    clock = time.monotonic()
    expected = complete(home, environment)
    took = time.monotonic() - clock
    chance = random.Random(2565)
    for turn in range(KILLS):
        forget()
        process = begin(environment)
        time.sleep(chance.uniform(0.2, took))
        what, family = kill_something(process, chance)
        said, _ = process.communicate(timeout=60)
        about = f"{turn}: {what}: exit {process.returncode}: {said}"
        print(about)  # shown by -s
        assert process.returncode in (
            0,
            1,
            130,
            -signal.SIGKILL,
            -signal.SIGTERM,
            -signal.SIGINT,
        ), about
        # before our first line Python itself answers Ctrl-C
        assert "Traceback" not in said or "from castlib.cli import main" in said, about
        assert alive(family) == [], about
        assert whole(), about
        assert home.published().items() <= expected.items(), about
        assert complete(home, environment) == expected, about
