import hashlib
import json

import pandas as pd
import pytest

from castlib import release, store
from castlib.cli import main
from castlib.errors import CastError
from castlib.privacy import cells
from castlib.release.plan import SYNTHETIC

from .country import SECRET, everything, make_tables, write_study


def digests(folder):
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


def test_the_same_tables_give_the_same_bytes(home, open_gate, package):
    # another home, another order of the rows
    tables = make_tables()
    write_study(tables=tables | {"respondents": tables["respondents"][::-1]})
    folder, _ = release.release()
    assert digests(folder) == digests(package)


def test_nothing_is_left_beside_the_package(home, open_gate, at_once):
    folder, _ = release.release()
    assert folder == home / "build" / "release"
    assert sorted(f.name for f in folder.parent.iterdir()) == ["release", "study"]
    # the gate saw the whole package before it was in place
    assert open_gate == [folder.with_name(".release.new")]


@pytest.mark.parametrize("what", ["folder", "file", "release with a note", "other json"])
def test_what_is_not_a_former_release_is_not_overwritten(home, open_gate, at_once, tmp_path, what):
    target = tmp_path / "to"
    if what == "file":
        target.write_text("mine")
    elif what == "release with a note":
        release.release(target)
        (target / "note.txt").write_text("mine")
    else:
        target.mkdir()
        (target / ("ro-crate-metadata.json" if "json" in what else "mine.txt")).write_text("[]")
    before = digests(target) if target.is_dir() else target.read_text()
    with pytest.raises(CastError, match="ไม่เขียนทับ"):
        release.release(target)
    assert (digests(target) if target.is_dir() else target.read_text()) == before


def test_an_empty_folder_and_a_new_one_are_written(home, open_gate, at_once, tmp_path):
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "deep" / "new"):
        folder, _ = release.release(target)
        assert (folder / "README.md").is_file()


def test_what_the_gate_stops_is_not_put_in_place(home, open_gate, at_once, monkeypatch):
    former, _ = release.release()
    (former / "README.md").write_text("former")
    before = digests(former)

    class Leaking(CastError):
        exit_code = 1

    def stop(folder):
        raise Leaking("README.md บรรทัด 3: phone")

    monkeypatch.setattr("castlib.privacy.gate.check", stop)
    assert main(["release"]) == 1
    assert digests(former) == before
    assert sorted(f.name for f in former.parent.iterdir()) == ["release", "study"]


def test_the_command_reports_and_ends_with_0(home, open_gate, at_once, capsys):
    assert main(["release"]) == 0
    said = capsys.readouterr().out
    assert "build/release" in said
    assert "k = 5" in said
    assert SYNTHETIC in said


def test_without_tables_the_command_ends_with_2(tmp_path, monkeypatch, home, open_gate, capsys):
    (home / "build" / "study" / store.ABOUT).unlink()
    assert main(["release"]) == 2
    assert "cast intake" in capsys.readouterr().err


def test_no_words_of_people_and_no_traces_of_files_are_in_it(package):
    ids = make_ids(package)
    for name, content in everything(package):
        assert SECRET.encode() not in content, name
        assert not [i for i in ids if i.encode() in content], name
        assert b"source_row" not in content, name
        assert b"2022-11-05" not in content, name


def make_ids(package):
    """The original ids of the respondents; province codes alone may stand in the districts' table."""
    provinces = pd.read_csv(package / "districts.csv")["province"]
    return [f"{province}-{n:02d}" for province in provinces for n in range(10)]


def test_synthetic_data_says_so_in_every_file(package):
    for name, content in everything(package):
        assert SYNTHETIC.encode() in content, name


def test_real_data_is_not_called_synthetic(home, open_gate):
    write_study(synthetic=False)
    folder, report = release.release()
    assert report["synthetic"] is False
    for name, content in everything(folder):
        assert SYNTHETIC.encode() not in content, name
    assert "data_kind" not in pd.read_csv(folder / "counts.csv")


def test_records_are_k_anonymous_and_the_report_says_what_is_there(package):
    records = pd.read_csv(package / "respondents.csv")
    report = json.loads((package / "disclosure.json").read_text(encoding="utf-8"))["records"]
    quasi = report["quasi_identifiers"]
    assert quasi == ["macro_region", "cluster", "sex", "sector_group"]
    assert cells.k_anonymity(records, quasi) == report["k_achieved"] >= 5
    assert len(records.drop_duplicates(quasi)) == report["classes"]
    gone = {name: int((records[name] == "suppressed").sum()) for name in quasi}
    assert gone == {name: said["cells"] for name, said in report["suppressed"].items()}
    assert not set(records) & {"province", "age", "education", "sector", "experience", "on_time"}


def test_every_mean_follows_from_the_records(package):
    records, means = pd.read_csv(package / "respondents.csv"), pd.read_csv(package / "means.csv")
    for row in means.sample(60, random_state=0).itertuples():
        rows = records if row.level == "country" else records[records[row.level] == row.region]
        values = rows[row.measure].dropna()
        assert row.n == len(values) >= 5
        assert row.mean == pytest.approx(values.mean(), abs=1e-6)
        assert row.sd == pytest.approx(values.std(), abs=1e-6)
