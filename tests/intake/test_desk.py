"""The whole desk on a small country: what is written, counted, skipped, refused, and left alone."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

import castlib
from castlib import paths, store
from castlib.intake import desk, intake, report
from castlib.intake.arrival import Arrival, Count

from . import sample


def take_in(folder: Path) -> tuple[report.Report, list[str]]:
    said: list[str] = []
    return intake(folder, out=said.append), said


def codes(done: report.Report) -> list[str]:
    return [found["code"] for found in done.all_faults()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return sample.write(tmp_path / "source", sample.good())


def test_a_good_country_has_no_fault_but_what_75_districts_have_not_sent(home, source):
    done, said = take_in(source)
    assert done.exit_code == 0
    assert {*codes(done)} == {"answers-few", "form-missing", "photos-few"}
    assert all(entry["status"] == "accepted" for entry in done.files)
    chiang_mai = next(d for d in done.districts if d["province"] == "TH-50")
    assert chiang_mai == {
        "province": "TH-50",
        "answers": 10,
        "form": True,
        "consent": True,
        "photos": 5,
        "pictures_in_form": 0,
        "on_time": True,
        "complete": True,
        "faults": [],
    }
    assert len(done.districts) == 76
    assert sum(d["complete"] for d in done.districts) == 1
    assert any("อ่าน 13 = รับ 13 + ไม่รับ 0" in line for line in said)


def test_tables_hold_what_was_sent_and_say_from_where(home, source):
    take_in(source)
    study = castlib.load()
    assert list(study.respondents["respondent"]) == [f"TH-50-{k:02d}" for k in range(1, 11)]
    assert set(study.respondents["source_row"]) == set(range(2, 12))
    assert list(study.groups["group"]) == ["TH-50", "centre-03", "partners", "executive-2"]
    assert study.groups.loc[0, "held_on"] == pd.Timestamp("2022-11-09")
    assert study.groups.loc[0, "submitted_at"] == pd.Timestamp("2022-11-09 10:00")
    assert study.groups["n_participants"].tolist() == [10, 5, 5, 1]
    assert study.groups["province"].isna().tolist() == [False, True, True, True]
    first = study.segments.iloc[1]
    assert first[["segment", "question", "turn", "speaker", "text"]].tolist() == [
        "TH-50:2",
        "q1",
        2,
        "ผู้ให้ข้อมูล 4",
        "นายอำเภอนำ",
    ]
    assert first["source_file"] == sample.FORM
    assert study.photos["photo"].tolist() == [f"TH-50-P0{k}" for k in range(1, 6)]
    assert len(study.ioc) == 5 * len(castlib.instrument.load().items)
    pairs = study.codings[["segment", "coder", "code"]].itertuples(index=False, name=None)
    assert list(pairs)[:3] == [
        ("TH-50:1", "coder-1", "driver_network"),
        ("TH-50:1", "coder-1", "driver_participation"),
        ("TH-50:2", "coder-1", "driver_leadership"),
    ]
    assert study.codings["code"].isna().tolist() == [False, False, False, True]
    assert not store.synthetic()


def test_the_report_names_the_folder_and_no_absolute_path(home, source):
    done, said = take_in(source)
    text = report.file().read_text(encoding="utf-8")
    assert str(source.parent) not in text + "".join(said)
    assert json.loads(text)["source"] == "source"
    assert "\\u0e" not in text
    assert done.digest == store.about()["source_digest"]


def test_an_unchanged_source_is_not_read_again_and_gives_the_same(home, source, monkeypatch):
    first, said = take_in(source)
    monkeypatch.setattr(desk, "_take_in", lambda *_: pytest.fail("read again"))
    again, repeated = take_in(source)
    assert again == first
    assert repeated == said


@pytest.mark.parametrize("lost", ["study/photos.parquet", "study/study.json", "intake.json"])
def test_what_is_missing_under_build_is_made_again(home, source, lost):
    first, _ = take_in(source)
    (paths.build() / lost).unlink()
    again, _ = take_in(source)
    assert (paths.build() / lost).exists()
    assert again.digest == first.digest


def test_a_changed_byte_a_new_name_and_other_study_data_are_read_again(home, source):
    digests = [take_in(source)[0].digest]
    (source / sample.FORM).write_bytes(sample.form(said=sample.SAID[:2]))
    digests.append(take_in(source)[0].digest)
    (source / f"{sample.FOLDER}/photos/1.jpg").rename(source / f"{sample.FOLDER}/photos/9.jpg")
    digests.append(take_in(source)[0].digest)
    real = (home / "data").resolve()
    (home / "data").unlink()
    for file in real.rglob("*"):
        if file.is_file():
            copy = home / "data" / file.relative_to(real)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    assert take_in(source)[0].digest == digests[-1]
    with (home / "data" / "protocol.yml").open("a") as opened:
        opened.write("\n# changed\n")
    digests.append(take_in(source)[0].digest)
    assert len(set(digests)) == len(digests)


def test_the_source_is_left_as_it_was(home, source):
    def look() -> dict:
        return {
            f: (f.stat().st_mtime_ns, f.is_file() and f.read_bytes()) for f in source.rglob("*")
        }

    before = look()
    take_in(source)
    assert look() == before


def test_the_synthetic_country_says_so(home, source):
    (source / "synthetic.txt").write_bytes(b"")
    done, said = take_in(source)
    assert done.synthetic
    assert store.synthetic()
    assert "ข้อมูลจำลอง" in said[0]
    assert done.exit_code == 0


def test_left_behind_files_are_counted_but_nobody_is_bothered(home, source):
    names = ("~$form.docx", ".DS_Store", "Thumbs.db", "__MACOSX/._form.docx", "__MACOSX/deep/a.jpg")
    sample.write(source, dict.fromkeys(names, b"x"))
    done, _ = take_in(source)
    assert done.exit_code == 0
    assert done.totals["files"] == {"read": 18, "accepted": 13, "rejected": 5}
    assert {e["kind"] for e in done.files if e["status"] == "rejected"} == {"ignored"}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nowhere", "ไม่มีโฟลเดอร์นี้"),
        (lambda folder: sample.write(folder, {"a.csv": b"x"}) / "a.csv", "เป็นไฟล์ ไม่ใช่โฟลเดอร์"),
        (lambda folder: sample.write(folder, {"a/b.txt": b"x"}), "ไม่มีแบบสอบถามหรือแบบบันทึก"),
        (lambda folder: sample.write(folder, {"questionnaire.csv": b"x"}), "ขาดคอลัมน์ที่จำเป็น"),
        (
            lambda folder: sample.write(
                folder, {"questionnaire.csv": sample.export(sample.answers(province="แดนไกล"))}
            ),
            "ไม่มีจังหวัด “แดนไกล”",
        ),
    ],
    ids=["missing", "file", "nothing", "headless", "nowhere"],
)
def test_an_unusable_source_gets_one_sentence_and_nothing_is_written(home, tmp_path, make, words):
    done, said = take_in(make(tmp_path / "s"))
    assert done.exit_code == 2
    assert len(said) == 1
    assert words in said[0]
    assert "\n" not in said[0]
    assert not paths.build().exists()


def test_an_unusable_source_leaves_the_last_study_in_place(home, source, tmp_path):
    first, _ = take_in(source)
    assert take_in(tmp_path / "nowhere")[0].exit_code == 2
    assert report.previous() == first


def test_a_source_that_holds_the_results_is_refused(home):
    done, said = take_in(home)
    assert done.exit_code == 2
    assert "โฟลเดอร์ผลลัพธ์อยู่ข้างใน" in said[0]


def test_links_lead_nowhere(home, source, tmp_path):
    outside = sample.write(tmp_path / "outside", {"secret.docx": sample.form()})
    (source / "provinces" / "TH-51 ลำพูน").symlink_to(outside, target_is_directory=True)
    (source / "staff" / "centre-04.docx").symlink_to(outside / "secret.docx")
    os.symlink(".", source / "round")
    done, _ = take_in(source)
    refused = {e["path"]: e["faults"][0]["code"] for e in done.files if e["status"] == "rejected"}
    assert refused == dict.fromkeys(
        ["provinces/TH-51 ลำพูน", "round", "staff/centre-04.docx"], "file-link"
    )
    assert done.exit_code == 1


def test_without_answers_the_forms_are_taken_in_and_without_forms_the_answers(home, tmp_path):
    files = sample.good()
    alone = sample.write(tmp_path / "forms", {sample.FORM: files[sample.FORM]})
    done, _ = take_in(alone)
    assert done.exit_code == 0
    assert {f["code"] for f in done.faults} == {"questionnaire-missing", "register-missing"}
    assert castlib.load().respondents.empty
    assert castlib.load().groups["on_time"].all()
    answers = {"questionnaire.csv": files["questionnaire.csv"]}
    done, _ = take_in(sample.write(tmp_path / "answers", answers))
    assert len(castlib.load().respondents) == 10
    assert castlib.load().segments.empty


def test_what_is_late_is_kept_and_the_district_is_not_on_time(home, source):
    sample.write(source, {"received.csv": sample.register(sample.FORM, at="16/11/2565, 0:00:00")})
    done, _ = take_in(source)
    form = next(e for e in done.files if e["path"] == sample.FORM)
    assert form["status"] == "warned"
    assert "file-late" in [f["code"] for f in form["faults"]]
    district = castlib.load("TH-50").districts.iloc[0]
    assert district["complete"]
    assert not district["on_time"]
    sample.write(source, {"received.csv": sample.register(sample.FORM, at="15/11/2565, 23:59:59")})
    take_in(source)
    assert castlib.load("TH-50").districts.iloc[0]["on_time"]


def test_the_newest_form_of_a_province_is_used_and_the_other_is_counted(home, source):
    newer = f"{sample.FOLDER}/แก้ไข.docx"
    said = (sample.SAID[0], sample.turns((1, "ผู้ให้ข้อมูล 1", "ฉบับแก้ไข")))
    lines = [["ไฟล์", "เวลาที่อัปโหลด"], [sample.FORM, "9/11/2022, 10:00:00"], [newer, sample.TIME]]
    sample.write(source, {newer: sample.form(said=said), "received.csv": sample.sheet(*lines)})
    done, _ = take_in(source)
    assert "ทุกฝ่ายช่วยกัน" in castlib.load("TH-50").segments["text"].tolist()
    lines[2][1] = "10/11/2022, 10:00:00"
    sample.write(source, {"received.csv": sample.sheet(*lines)})
    done, _ = take_in(source)
    assert castlib.load("TH-50").segments["text"].tolist() == ["ฉบับแก้ไข"]
    entry = next(e for e in done.files if e["path"] == sample.FORM)
    assert entry["status"] == "rejected"
    assert entry["faults"][-1]["code"] == "form-twice"
    assert "แก้ไข.docx" in entry["faults"][-1]["sentence"]


def test_it_is_said_why_one_form_of_two_is_used(home, source):
    other = f"{sample.FOLDER}/ก.docx"
    sample.write(
        source, {other: sample.form(), "received.csv": sample.sheet(["ไฟล์", "เวลาที่อัปโหลด"])}
    )
    done, _ = take_in(source)
    entry = next(e for e in done.files if e["path"] == other)
    assert "ท้ายสุดตามชื่อ" in entry["faults"][-1]["sentence"]
    (source / other).rename(source / "อื่น.docx")
    done, _ = take_in(source)
    entry = next(e for e in done.files if e["path"] == "อื่น.docx")
    assert "ในโฟลเดอร์ของจังหวัดนั้นเอง" in entry["faults"][-1]["sentence"]


def test_a_form_in_a_wrong_folder_never_displaces_the_right_one(home, source):
    stray = "provinces/TH-51 ลำพูน/form.docx"
    lines = [["ไฟล์", "เวลาที่อัปโหลด"], [sample.FORM, sample.TIME], [stray, "10/11/2022, 10:00:00"]]
    said = (sample.SAID[0], sample.turns((1, "ผู้ให้ข้อมูล 1", "ผิดโฟลเดอร์")))
    sample.write(source, {stray: sample.form(said=said), "received.csv": sample.sheet(*lines)})
    take_in(source)
    assert len(castlib.load("TH-50").segments) == 3


def test_an_imbalance_is_an_error_of_ours_and_nothing_is_written(home, source, monkeypatch):
    settle = desk.sheets.Sheet.settle
    monkeypatch.setattr(desk.sheets.Sheet, "settle", lambda self, kept: settle(self, {}))
    monkeypatch.setattr(Count, "balanced", property(lambda self: self.rejected == 0))
    with pytest.raises(RuntimeError, match=r"received\.csv"):
        take_in(source)
    assert not paths.build().exists()


def test_an_intake_broken_off_is_done_again(home, source, monkeypatch):
    first, _ = take_in(source)
    sample.write(source, {"questionnaire.csv": sample.export(sample.answers(9))})
    monkeypatch.setattr(
        report.Report, "save", lambda self: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        take_in(source)
    monkeypatch.undo()
    monkeypatch.setenv("CAST_HOME", str(home))
    sample.write(source, {"questionnaire.csv": sample.good()["questionnaire.csv"]})
    again, _ = take_in(source)
    assert again.digest == first.digest
    assert len(castlib.load().respondents) == 10


def test_progress_is_told_when_it_takes_long(home, source, monkeypatch):
    monkeypatch.setattr(desk, "PATIENCE", -1.0)
    _, said = take_in(source)
    assert "กำลังอ่าน 1/13 ไฟล์" in said


def test_names_that_cannot_be_shown_are_still_named(home, source):
    (source / os.fsdecode(b"provinces/\xff\xfe.jpg")).write_bytes(sample.picture(99))
    done, _ = take_in(source)
    assert any(e["path"] == "provinces/\ufffd\ufffd.jpg" for e in done.files)
    assert castlib.load().faults["path"].str.contains("\ufffd").any()


def test_an_arrival_refused_late_loses_all_its_counts():
    arrival = Arrival("a", Path("a"), rows=Count(3, 2, 1), fields=Count(9, 9, 0))
    arrival.refuse("form-twice", group="g", kept="b", why="")
    assert (arrival.rows, arrival.fields) == (Count(3, 0, 3), Count(9, 0, 9))
    assert arrival.status == "rejected"


def test_a_picture_in_the_form_makes_a_district_incomplete(home, source):
    take_in(source)
    assert castlib.load("TH-50").districts.iloc[0]["complete"]
    drawn = "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"
    sample.write(source, {sample.FORM: sample.form(more=(drawn,))})
    take_in(source)
    district = castlib.load("TH-50").districts.iloc[0]
    assert district["pictures_in_form"] == 1
    assert not district["complete"]
