"""Every number of R's 158 sets: compared with what castlib computes, or named as not computed, with why."""

import importlib.util
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "stats"
FILES = sorted(file.stem for file in REFERENCE.glob("*.json"))


def load():
    """Import the comparisons, which lie beside the numbers."""
    spec = importlib.util.spec_from_file_location("comparisons", REFERENCE / "comparisons.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


R = load()
RULES = yaml.safe_load((REFERENCE / "not_ours.yml").read_text(encoding="utf-8"))
EVERY = [(file, name) for file in FILES for name in R.sets(file)]


@pytest.fixture(scope="module")
def data():
    return R.Data()


def reason(file: str, name: str, path: str) -> str | None:
    """Return why a number is not compared, None where no rule says."""
    for rule in RULES:
        of_set = rule["file"] == file and re.fullmatch(rule["sets"], name)
        if of_set and re.fullmatch(rule.get("paths", ".*"), path):
            return rule["why"]
    return None


@pytest.mark.parametrize(("file", "name"), EVERY)
def test_every_number_is_r_s_or_not_ours(file, name, data):
    r = R.sets(file)[name]["value"]
    covered = set()
    if (file, name) in R.COMPARED:
        try:
            found = list(R.COMPARED[file, name](r, data, name))
        except FileNotFoundError as error:
            pytest.skip(f"not run: no {Path(error.filename).name} in ../shared/data/oracle")
        assert found
        for item in found:
            mine, theirs = item.pair(r)
            assert mine.shape == theirs.shape, item.path
            known = ~np.isnan(theirs)
            assert np.isnan(mine[~known]).all() or not known.all(), item.path
            off = np.abs(mine - theirs)[known]
            assert (off <= item.tolerance(theirs)[known]).all(), (item.path, off.max())
            covered.add(item.path)
    for path, _ in R.leaves(r):
        if not any(path == c or c == "" or path.startswith(f"{c}/") for c in covered):
            assert reason(file, name, path), (
                f"{file}.{name}: {path} is neither compared nor excused"
            )


def test_the_rules_excuse_nothing_that_is_compared_and_all_are_needed():
    used = Counter()
    for file, name in EVERY:
        for path, _ in R.leaves(R.sets(file)[name]["value"]):
            used[reason(file, name, path)] += 1
    assert {rule["why"] for rule in RULES} <= set(used)
    assert len(EVERY) == 158
