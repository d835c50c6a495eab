from dataclasses import dataclass

import pandas as pd
import pytest

from castlib import paths
from castlib.errors import CastError
from castlib.text.member_checks import COLUMNS, member_checks

HEAD = ",".join(COLUMNS)


@dataclass
class Small:
    """As much of a study as the record needs."""

    groups: pd.DataFrame
    region: str = "TH"


@pytest.fixture
def study():
    rows = [("TH-50", "participants", "TH-50", "north-upper-1"), ("staff-01", "staff", None, None)]
    return Small(pd.DataFrame(rows, columns=["group", "kind", "province", "cluster"]))


@pytest.fixture
def record(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    names = paths.data() / "text"
    (tmp_path / "data" / "text").symlink_to(names)
    for name in ("provinces.csv", "names.csv"):
        (tmp_path / "data" / name).symlink_to(paths.data() / name)
    monkeypatch.setenv("CAST_HOME", str(tmp_path))

    def write(*rows: str, head: str = HEAD) -> None:
        text = "\n".join([head, *rows]) + "\n"
        (tmp_path / "data" / "member_checks.csv").write_text(text, encoding="utf-8")

    return write


def test_the_repositorys_record_is_empty(study):
    assert member_checks(study).empty


def test_without_a_record_nothing_was_brought_back(record, study):
    assert member_checks(study).empty


def test_a_return_has_its_groups_place(record, study):
    record(
        "TH-50,2022-11-30,researcher,changed,เพิ่มเรื่องแหล่งน้ำ",
        "staff-01,2022-12-01,moderator,confirmed,",
    )
    found = member_checks(study)
    assert found["kind"].tolist() == ["participants", "staff"]
    assert found["cluster"].tolist()[0] == "north-upper-1"
    assert found["returned_on"].dt.month.tolist() == [11, 12]
    assert found["what_changed"].tolist() == ["เพิ่มเรื่องแหล่งน้ำ", ""]


def test_other_regions_are_left_out_and_unknown_groups_told_by_the_country(record, study):
    record("TH-51,2022-11-30,researcher,confirmed,")
    assert member_checks(Small(study.groups, "north-upper-1")).empty
    with pytest.raises(CastError, match="แถว 2 ไม่มีกลุ่ม 'TH-51'"):
        member_checks(study)


def test_every_fault_is_told_at_once_and_no_name_repeated(record, study):
    record(
        "TH-50,30/11/2565,researcher,confirmed,",
        "TH-50,2022-11-30,นายทดสอบ ตัวอย่าง,confirm,",
        "TH-50,2022-11-30,researcher,changed,",
        "TH-50,2022-11-30,researcher,changed,นายทดสอบ ตัวอย่าง ขอแก้",
        "TH-50,2022-11-30,researcher,confirmed,แก้แล้ว",
        f"TH-50,2022-11-30,researcher,changed,{'ก' * 501}",
    )
    with pytest.raises(CastError) as told:
        member_checks(study)
    said = str(told.value)
    for piece in (
        "แถว 2 วันที่ '30/11/2565'",
        "แถว 3 by ต้องเป็นบทบาท",
        "หมายถึง confirmed หรือไม่",
        "แถว 4 what_changed",
        "แถว 5 what_changed มีข้อมูลส่วนบุคคล",
        "แถว 6 what_changed ต้องมี",
        "แถว 7 what_changed ยาว 501",
    ):
        assert piece in said
    assert "ทดสอบ" not in said


def test_a_missing_column_is_told(record, study):
    record("TH-50,x", head="group,when")
    with pytest.raises(CastError, match="ขาดคอลัมน์ returned_on, by, outcome, what_changed"):
        member_checks(study)
