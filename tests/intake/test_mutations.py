"""Each kind of fault gets its code and its sentence; any of them together lose nothing."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib import paths, store
from castlib.intake import intake
from castlib.intake.faults import REFUSALS, WARNINGS
from castlib.intake.report import HARMLESS, Report

from . import sample
from .mutations import KINDS, applied


@pytest.fixture(scope="module", autouse=True)
def few_provinces(tmp_path_factory):
    """A home whose country has three provinces: the way is the same, and quick to go a hundred times."""
    home = tmp_path_factory.mktemp("few") / "home"
    shutil.copytree(paths.data(), home / "data", ignore=shutil.ignore_patterns("raw"))
    listed = home / "data" / "provinces.csv"
    provinces = pd.read_csv(listed, dtype=str)
    provinces[provinces["province"].isin(["TH-50", "TH-51", "TH-52"])].to_csv(listed, index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(home))
        yield


@pytest.fixture(scope="module")
def before(few_provinces, tmp_path_factory) -> Counter:
    """The codes of a good source: what the other districts have not sent."""
    return codes(taken_in(sample.good(), tmp_path_factory.mktemp("good") / "source"))


def taken_in(files: dict[str, bytes], folder: Path) -> Report:
    """Return the report of a source of these files, nothing said, nothing left of an earlier one."""
    shutil.rmtree(folder, ignore_errors=True)
    return intake(sample.write(folder, files), out=lambda line: None)


def check(report: Report, files: dict[str, bytes]) -> None:
    """Everything that was sent is in the report, counted once, and every fault can be understood."""
    assert report.problem is None
    assert len(report.files) == len(files)
    for count in report.totals.values():
        assert count["read"] == count["accepted"] + count["rejected"]
    faults = report.all_faults()
    for found in faults:
        assert found["severity"] == ("rejected" if found["code"] in REFUSALS else "warned")
        assert found["code"] in REFUSALS | WARNINGS
        assert found["sentence"]
        assert "{" not in found["sentence"]
    rejected = {found["code"] for found in faults if found["severity"] == "rejected"}
    assert report.exit_code == int(bool(rejected - {HARMLESS}))
    for entry in report.files:
        refused = any(found["severity"] == "rejected" for found in entry["faults"])
        assert entry["status"] in (("rejected", "warned") if entry["faults"] else ("accepted",))
        assert refused or entry["status"] != "rejected"
    assert json.loads(json.dumps(report.totals)) == report.totals


def test_there_are_many_kinds_each_once():
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_good_source_has_nothing_wrong_but_the_other_districts(tmp_path):
    report = taken_in(sample.good(), tmp_path / "source")
    assert {found["province"] for found in report.all_faults()} == {
        entry["province"] for entry in report.districts if entry["province"] != "TH-50"
    }


@pytest.mark.parametrize(
    "kind", KINDS, ids=lambda kind: f"{kind.name}-{'-'.join(sorted(kind.codes))}"
)
def test_each_kind_is_told(kind, before, tmp_path):
    files = applied([kind])
    report = taken_in(files, tmp_path / "source")
    check(report, files)
    assert all(codes(report)[code] > before[code] for code in kind.codes)


def codes(report: Report) -> Counter:
    """Return how often each code is told."""
    return Counter(found["code"] for found in report.all_faults())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(KINDS), min_size=2, max_size=8, unique_by=id))
def test_together_they_lose_nothing(tmp_path, kinds):
    files = applied(sorted(kinds, key=lambda kind: kind.name))
    report = taken_in(files, tmp_path / "source")
    check(report, files)
    study = store.load()
    accepted = {entry["path"] for entry in report.files if entry["status"] != "rejected"}
    assert {*study.segments["source_file"], *study.respondents["source_file"]} <= accepted
