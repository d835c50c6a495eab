import numpy as np
import pandas as pd

from castlib import instrument
from castlib.present import sensitivity

TOOL = instrument.load()


class Study:
    """People who answered at random, the first `late` of them late, the next `same` alike throughout."""

    def __init__(self, late: int, same: int, n: int = 60, region: str = "TH"):
        rng = np.random.default_rng(2565)
        answers = rng.integers(1, 6, (n, len(TOOL.answer_columns)))
        answers[late : late + same] = 5
        self.region = region
        self.respondents = pd.DataFrame(answers, columns=TOOL.answer_columns).assign(
            on_time=[i >= late for i in range(n)]
        )

    def scores(self, state: str) -> pd.DataFrame:
        means = {
            c: self.respondents[TOOL.columns(c, state)].mean(axis=1, skipna=False)
            for c in TOOL.success
        }
        return pd.DataFrame(means)


def test_one_answer_throughout_a_part_is_straight_lined():
    people = Study(0, 7).respondents
    assert sensitivity.straight_lined(people).sum() == 7
    people.loc[0, TOOL.answer_columns[:3]] = np.nan  # what was left out says nothing
    assert sensitivity.straight_lined(people)[0]
    people[TOOL.answer_columns] = np.nan
    assert not sensitivity.straight_lined(people).any()


def test_the_largest_change_is_that_of_the_table():
    study = Study(6, 8)
    found = sensitivity.leave_out(study)
    assert found.shown == ("late", "same")
    scores = study.scores("actual")["leadership"]
    row = found.frame.set_index("item").loc["leadership"]
    assert row["late"] == scores[6:].mean()
    assert row["same"] == scores.drop(range(6, 14)).mean()
    moved = max(row["late"] - row["mean"], row["same"] - row["mean"], key=abs)
    assert row["change"] == moved
    largest = found.frame["change"].abs().max()
    assert f"{largest:.3f} คะแนน" in repr(sensitivity.reading(found))
    assert sensitivity.values(found)["without.change"].value == largest


def test_the_page_says_that_speeders_cannot_be_told():
    note = sensitivity.table(sensitivity.leave_out(Study(6, 8))).note
    assert "ตรวจผู้ที่ตอบเร็วเกินไปไม่ได้" in note
    assert "ผู้ส่งหลังกำหนด 6 คน" in note


def test_fewer_than_five_are_never_told_by_a_difference():
    found = sensitivity.leave_out(Study(3, 6))
    assert found.shown == ("same",)
    made = sensitivity.table(found)
    assert "ไม่รวมส่งช้า" not in made.columns
    assert "ไม่แสดงการตัดผู้ส่งหลังกำหนด" in made.note
    assert sensitivity.values(found)["without.late"].shown == "–"
    assert "ส่งหลังกำหนด" not in repr(sensitivity.reading(found))


def test_nobody_left_out_and_too_few_have_their_reasons():
    assert "ไม่มีคำตอบให้ตัดออก" in sensitivity.refused(sensitivity.leave_out(Study(0, 0)))
    few = sensitivity.refused(sensitivity.leave_out(Study(2, 1, region="north-upper-1")))
    assert "ไม่ถึง 5 คน" in few
    assert "หน้าของทั่วประเทศ" in few
    assert "หน้าของทั่วประเทศ" not in sensitivity.refused(sensitivity.leave_out(Study(2, 1)))
    everybody = sensitivity.leave_out(Study(60, 0))
    assert everybody.shown == ()
    assert sensitivity.refused(everybody)


def test_a_rank_that_moves_is_said():
    found = sensitivity.leave_out(Study(10, 0))
    frame = found.frame.assign(late_rank=found.frame["mean_rank"])
    frame.loc[0, "late_rank"] = 9
    moved = sensitivity.LeftOut("TH", 60, found.counts, ("late",), frame)
    assert "ลำดับที่เปลี่ยนคือของภาวะผู้นำการเปลี่ยนแปลง" in repr(sensitivity.reading(moved))
    assert any("9 เมื่อไม่รวมส่งช้า" in row for row in sensitivity.table(moved).rows)
