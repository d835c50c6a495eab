"""The researcher's path of docs/coding.md, its commands done as they are written."""

import re
import shlex
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from castlib import store
from castlib.exchange import refi
from castlib.exchange.project import Code, Project
from castlib.intake.trial import trial

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "coding.md"
BLOCK = re.compile(r"```(bash|python)\n(.*?)```", re.DOTALL)
WATER, BUDGET = "แหล่งน้ำและสภาพพื้นที่", "obstacle_budget"
READ, WORDS = 10, 15


def fill_in(blank: Path, target: Path) -> None:
    """Code some turns as a person would, and take away those that were not read."""
    book = openpyxl.load_workbook(blank)
    sheet = book.active
    names = [cell.value for cell in sheet[1]]
    sheet.delete_rows(READ + 2, sheet.max_row)
    sheet.cell(2, names.index("รหัส") + 1, f"{WATER}; {BUDGET}")
    sheet.cell(3, names.index("รหัส") + 1, BUDGET)
    text = sheet.cell(3, names.index("ข้อความ") + 1).value
    sheet.cell(3, names.index("ข้อความที่ลงรหัส") + 1, text[:WORDS])
    book.save(target)


@pytest.fixture(scope="module")
def guide(tmp_path_factory, cast, home_of):
    """The home in which the guide was followed, what its commands said and its lines of Python made."""
    home = home_of(tmp_path_factory.mktemp("guide") / "home", ("north-upper-1",))
    known: dict[str, object] = {}
    for language, block in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if language == "python":
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CAST_HOME", str(home))
                exec(compile(block, str(GUIDE), "exec"), known)
            continue
        for line in block.splitlines():
            program, *words = shlex.split(line)
            assert program == "cast"
            if words[:2] == ["coding", "import"]:
                fill_in(home / "build" / "coding" / "TH-50-blank.xlsx", home / words[2])
                words[2] = str(home / words[2])
            done = cast(home, *words, check=False)
            assert done.returncode in (0, int(words == ["intake"])), done.stdout + done.stderr
            known[" ".join(words[:2])] = done.stdout
    return home, known


def test_the_guide_s_commands_do_what_it_says(guide):
    _, known = guide
    assert f"ผู้ลงรหัส coder-3: รหัส 3 แห่ง อ่านแล้วไม่มีรหัส {READ - 2} ข้อความ" in known["coding import"]
    codings = known["study"].codings
    own = codings[codings["coder"] == "coder-3"]
    assert own["segment"].nunique() == READ
    assert (own["start"] == 0).all()
    assert set(own.loc[own["segment"] == "TH-50:1", "code"]) == {"obstacle_water", BUDGET}
    assert own.loc[own["segment"] == "TH-50:2", ["code", "end"]].values.tolist() == [
        [BUDGET, WORDS]
    ]
    assert {"coder-1", "coder-2", "coder-3"} == set(codings["coder"])
    assert len(known["themes"])
    for name in ("by_question", "typical", "beside", "lines", "rests_on"):
        assert len(known[name]), name
    assert set(known["rests_on"]["code"]) == {"obstacle_water"}
    assert len(known["found"].codes)


def test_the_guide_names_the_files_that_are_written(guide):
    home, _ = guide
    made = {file.name for file in (home / "build" / "coding").iterdir()}
    told = set(re.findall(r"`((?:TH-50|codebook)[\w-]*\.\w+)`", GUIDE.read_text(encoding="utf-8")))
    assert told - made == {"TH-50-coder-3.sqlite3"}
    assert {f"TH-{number}.qdpx" for number in (50, 51, 52)} <= made
    assert {"trail.csv", "disagreements.csv"} <= made


def test_a_file_in_the_way_is_not_written_over(guide, cast, tmp_path):
    home, _ = guide
    again = cast(home, "coding", "import", str(home / "coder-3.xlsx"))
    assert "วางไว้แล้วที่ build/demo/coding/coder-3.xlsx" in again.stdout
    other = tmp_path / "coder-3.xlsx"
    shutil.copyfile(home / "build" / "coding" / "TH-51-codings.xlsx", other)
    kept = (home / "build" / "demo" / "coding" / "coder-3.xlsx").read_bytes()
    refused = cast(home, "coding", "import", str(other), check=False)
    assert refused.returncode == 2
    assert "จึงไม่เขียนทับ" in refused.stderr
    assert (home / "build" / "demo" / "coding" / "coder-3.xlsx").read_bytes() == kept


def test_what_has_nothing_to_take_is_not_taken(guide, cast, tmp_path):
    home, _ = guide
    (tmp_path / "notes.csv").write_text("ก,ข\n1,2\n", encoding="utf-8")
    refused = cast(home, "coding", "import", str(tmp_path / "notes.csv"), check=False)
    assert refused.returncode == 1
    assert "ไม่รับ: ขาดคอลัมน์ที่จำเป็น" in refused.stdout
    assert not (home / "build" / "demo" / "coding" / "notes.csv").exists()
    suggested = home / "build" / "coding" / "TH-50-suggestions.xlsx"
    nothing = cast(home, "coding", "import", str(suggested), check=False)
    assert nothing.returncode == 1
    assert "ข้อเสนอจากพจนานุกรมที่ไม่มีผู้รับไม่นับเป็นการลงรหัส" in nothing.stdout


def test_a_blank_sheet_is_not_taken_for_one_who_read_all(guide, cast, tmp_path):
    home, _ = guide
    blank = tmp_path / "coder-9.xlsx"
    shutil.copyfile(home / "build" / "coding" / "TH-50-blank.xlsx", blank)
    refused = cast(home, "coding", "import", str(blank), check=False)
    assert refused.returncode == 1
    assert "อาจเป็นแบบเปล่าที่ยังไม่ได้ลงรหัส" in refused.stdout
    assert not (home / "build" / "demo" / "coding" / "coder-9.xlsx").exists()


def test_a_file_of_something_else_is_told_what_a_coder_s_file_is(guide, cast, tmp_path):
    home, _ = guide
    (tmp_path / "notes.qdpx").write_text("บันทึก", encoding="utf-8")
    refused = cast(home, "coding", "import", str(tmp_path / "notes.qdpx"), check=False)
    assert refused.returncode == 1
    assert "ไม่รับ: ไม่ใช่ไฟล์ของการลงรหัส ให้ใช้ตารางที่มีคอลัมน์" in refused.stdout
    absent = cast(home, "coding", "import", str(tmp_path / "absent.qdpx"), check=False)
    assert (absent.returncode, "ไม่มีไฟล์" in absent.stderr) == (2, True)


def test_a_codebook_is_compared_with_the_study_s(guide, cast, tmp_path):
    home, _ = guide
    same = cast(home, "coding", "import", str(home / "build" / "coding" / "codebook.qdc"))
    assert "ทุกรหัสในไฟล์มีอยู่แล้ว" in same.stdout
    more = refi.codebook(Project("x", (), (Code("ความเหนื่อยล้า"),), (), ()))
    (tmp_path / "more.qdc").write_bytes(more)
    told = cast(home, "coding", "import", str(tmp_path / "more.qdc"), check=False)
    assert told.returncode == 1
    assert "1 รหัส: ความเหนื่อยล้า" in told.stdout


@pytest.mark.parametrize("name", ["TH-50.qdpx", "TH-50.sqlite3", "TH-50-codings.xlsx"])
def test_the_synthetic_codings_come_back_as_they_went_out(guide, name, monkeypatch):
    home, _ = guide
    monkeypatch.setenv("CAST_HOME", str(home))
    study = store.load("TH-50")
    arrival, found = trial(home / "build" / "coding" / name, study.segments)
    assert [fault.sentence for fault in arrival.faults] == []
    before = study.codings[study.codings["coder"] != "coder-3"]
    columns = [name for name in found if not name.startswith("source_")]
    key = ["coder", "segment", "code", "start", "end"]
    # a program keeps no time of what was read and left without a code
    timed = [
        side.assign(coded_at=side["coded_at"].where(side["code"].notna()).astype("datetime64[us]"))
        for side in (found, before)
    ]
    sides = [side[columns].sort_values(key, ignore_index=True) for side in timed]
    assert sides[0]["code"].isna().any()
    assert (sides[0]["start"] > 0).any()
    pd.testing.assert_frame_equal(*sides, check_dtype=False)
