"""Whenever the intake is killed, no table is half-written and the next run finishes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from castlib import paths, store

from . import sample

CAST = Path(sys.executable).with_name("cast")
KILLS = 12


def started(home: Path, source: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [CAST, "intake", source],
        env=os.environ | {"CAST_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def finished(home: Path, source: Path) -> float:
    """Take in undisturbed and return the seconds."""
    begun = time.monotonic()
    assert started(home, source).wait(120) in (0, 1)
    return time.monotonic() - begun


@pytest.mark.slow
def test_killed_at_any_moment(home, tmp_path):
    source = sample.write(tmp_path / "source", sample.good())
    seconds = finished(home, source)
    chance = random.Random(9)
    for k in range(KILLS):
        sample.write(source, {"questionnaire.csv": sample.export(sample.answers(2 + k))})
        process = started(home, source)
        time.sleep(seconds * chance.uniform(0.2, 1.1))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for file in (home / "build").rglob("*.json"):
            json.loads(file.read_text(encoding="utf-8"))
        if paths.study().exists():
            counted = {
                name: len(pd.read_parquet(paths.study() / f"{name}.parquet"))
                for name in store.TABLES
            }
            assert counted["respondents"] in range(2, KILLS + 12)
    finished(home, source)
    assert len(store.load().respondents) == 1 + KILLS
    report = json.loads((home / "build" / "intake.json").read_text(encoding="utf-8"))
    assert report["totals"]["rows"]["read"] > 1 + KILLS
    assert not [*(home / "build").glob("study.*")]
