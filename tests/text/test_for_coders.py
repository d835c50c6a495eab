"""What goes out to coders comes back as it was: the same passages of the same segments, coders and times."""

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib import store, workbooks
from castlib.exchange import documents, refi, taguette
from castlib.exchange.project import Passage
from castlib.intake.trial import trial
from castlib.text import coding, for_coders, suggest

PLACES = ["kind", "province", "cluster"]
TURNS = [
    ("TH-50", "q1", "ผู้ให้ข้อมูล 1", "ทุกฝ่ายช่วยกัน แต่น้ำท่วมทุกปี"),
    ("TH-50", "q1", "ผู้ให้ข้อมูล 4", "=1+1 งบประมาณไม่พอ 😀 น้ำ"),
    ("TH-50", "q2", "[บุคคล:00000a]", "หนี้สินลดลง: จริง [2] ผู้ให้ข้อมูล 4: ว่าไว้"),
    ("centre-03", "q1", "ผู้ให้ข้อมูล 2", "ช่วยกัน ช่วยกัน"),
    ("centre-03", "q1", "", "ไม่มี"),
]
CODERS = ("coder-1", "[บุคคล:7f3a2c]")
BOOK = coding.codebook()
CODES = list(BOOK.loc[BOOK["parent"] != "", "code"])[:4]
KEY = ["coder", "segment", "code", "start", "end", "coded_at"]


def segments() -> pd.DataFrame:
    frame = pd.DataFrame(TURNS, columns=["group", "question", "speaker", "text"])
    frame["turn"] = frame.groupby("group").cumcount() + 1
    frame["segment"] = frame["group"] + ":" + frame["turn"].astype(str)
    frame["kind"] = frame["group"].map({"TH-50": "participants"}).fillna("staff")
    frame["province"] = frame["group"].where(frame["group"] == "TH-50")
    return frame.assign(cluster=frame["province"].map({"TH-50": "north-upper-1"}))


SAID = segments()


@st.composite
def codings(draw) -> pd.DataFrame:
    """Passages of two coders; who coded something in a group has read all of it."""
    rows = []
    for coder in CODERS:
        for _, own in SAID.groupby("group"):
            coded = []
            for segment, text in zip(own["segment"], own["text"], strict=True):
                for _ in range(draw(st.integers(0, 2))):
                    start = draw(st.integers(0, len(text) - 1))
                    end = draw(st.integers(start + 1, len(text)))
                    if text[start:end].strip():
                        code = draw(st.sampled_from(CODES))
                        minute = draw(st.integers(0, 59))
                        at = draw(st.sampled_from([None, datetime(2022, 11, 20, 9, minute, 7)]))
                        coded.append((coder, segment, code, start, end, at))
            rows += coded
            read = set(own["segment"]) - {one[1] for one in coded} if coded else set()
            lengths = own.set_index("segment")["text"].str.len()
            rows += [(coder, segment, None, 0, lengths[segment], None) for segment in sorted(read)]
    found = pd.DataFrame(rows, columns=KEY).drop_duplicates(KEY[:5])
    found["coded_at"] = pd.to_datetime(found["coded_at"])
    return found.merge(SAID[["segment", "group", *PLACES]], on="segment")


def made(given: pd.DataFrame) -> store.Study:
    none = pd.DataFrame()
    return store.Study("TH", none, none, SAID, none, none, none, given, none, none)


def in_order(frame: pd.DataFrame) -> list[tuple]:
    told = frame[KEY].assign(code=frame["code"].fillna(""), coded_at=frame["coded_at"].astype(str))
    return sorted(told.replace({"coded_at": {"None": "NaT"}}).itertuples(index=False, name=None))


def out_and_back(folder, given: pd.DataFrame, ending: str) -> tuple:
    file = folder / f"study.{ending}"
    if ending == "xlsx":
        workbooks.write({"รหัส": for_coders.sheet(made(given))}, file)
    else:
        project = for_coders.project(made(given), "ทดสอบ")
        file.write_bytes({"qdpx": refi, "sqlite3": taguette}[ending].write(project))
    return trial(file, SAID)


@pytest.mark.parametrize("ending", ["xlsx", "qdpx", "sqlite3"])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_codings=codings())
def test_codings_come_back_as_they_went_out(tmp_path, ending, given_codings):
    if given_codings["code"].notna().any():
        arrival, found = out_and_back(tmp_path, given_codings, ending)
        assert not [f.sentence for f in arrival.faults]
        assert in_order(found) == in_order(given_codings)


def test_documents_can_be_taken_apart_exactly():
    laid, begins = documents.lay_out(SAID)
    for group, own in SAID.groupby("group"):
        reading = documents.Reading(laid[group], own)
        said = [(line.turn, reading.text[line.start : line.end]) for line in reading.lines]
        assert said == list(zip(own["turn"], own["text"], strict=True))
        assert reading.read == set(own["segment"])
        for segment, text in zip(own["segment"], own["text"], strict=True):
            assert laid[group].text[begins[segment] :].startswith(text)


def test_the_codebook_goes_out_by_its_labels_with_its_rules():
    codes = {code.name: code for code in for_coders.codes()}
    assert set(codes) == set(BOOK["label_th"])
    code = codes["แหล่งน้ำและสภาพพื้นที่"]
    assert code.parent == "ปัญหาและอุปสรรค"
    assert [line.split(":")[0] for line in code.description.splitlines()] == [
        "นิยาม",
        "รวม",
        "ไม่รวม",
        "ตัวอย่าง",
    ]


def test_a_blank_sheet_says_that_everything_was_read_and_nothing_coded(tmp_path):
    workbooks.write({"แบบ": for_coders.blank(SAID)}, tmp_path / "coder-7.xlsx")
    _, found = trial(tmp_path / "coder-7.xlsx", SAID)
    assert found["code"].isna().all()
    assert set(found["segment"]) == set(SAID["segment"])
    assert set(found["coder"]) == {"coder-7"}


def test_suggestions_are_in_no_export_and_are_codings_only_of_who_accepts_them(tmp_path):
    sheet = for_coders.suggestions(SAID, suggest.suggest(SAID))
    assert len(sheet) > 2
    workbooks.write({"ข้อเสนอ": sheet}, tmp_path / "a.xlsx")
    arrival, found = trial(tmp_path / "a.xlsx", SAID)
    assert found.empty
    assert not arrival.faults
    sheet.loc[0, ["รับ", "ผู้ลงรหัส"]] = ["✓", "coder-5"]
    workbooks.write({"ข้อเสนอ": sheet}, tmp_path / "a.xlsx")
    arrival, found = trial(tmp_path / "a.xlsx", SAID)
    assert not arrival.faults
    assert found[["coder", "start", "end"]].values.tolist() == [
        ["coder-5", sheet.loc[0, "เริ่ม"], sheet.loc[0, "สิ้นสุด"]]
    ]
    passages = for_coders.project(made(found), "x").passages
    assert [(one.coder, type(one)) for one in passages] == [("coder-5", Passage)]


@pytest.mark.parametrize("name", ["a.txt", "a.xlsx", "a.qdpx"])
def test_what_is_no_coding_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes("ก,ข\n1,2\n".encode())
    arrival, found = trial(tmp_path / name, SAID)
    assert arrival.refused
    assert found.empty
