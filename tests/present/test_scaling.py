import numpy as np
import pandas as pd
import pytest

from castlib.present import conditions, districts, expansion, robust
from castlib.stats import configurations, design


@pytest.fixture(scope="module")
def swept():
    rng = np.random.default_rng(2565)
    fuzzy = pd.DataFrame(rng.uniform(0.02, 0.98, (60, 4)), columns=conditions.CONDITIONS)
    fuzzy["outcome"] = np.minimum(fuzzy["leadership"], fuzzy["network"])
    return configurations.robustness(
        {"10, 50, 90": fuzzy, "5, 50, 95": fuzzy**1.2}, "outcome", conditions.CONDITIONS,
        **robust.CUTS,
    )  # fmt: skip


def reach(icc_ci: tuple[float, float] = (0.05, 0.18), margin: float = 0.05) -> expansion.Reach:
    aims = {"sd": 0.62, "margin": margin, "population": 878}
    plan = design.plan(0.1, 10, 76, **aims)
    bounds = design.sensitivity(0.1, icc_ci, 10, 76, **aims)
    part = {"share": 0.63, "margin": 0.05, "difference": 0.01, "population": 878}
    shares = design.sensitivity(0.07, (0.02, 0.13), 10, 76, design.proportion, **part)
    return expansion.Reach(
        0.1, icc_ci, 0.62, 63.0, 0.07, (0.02, 0.13), plan, bounds, shares, 878, 8780
    )


def test_every_setting_of_every_threshold_has_a_row(swept):
    made = robust.table(swept)
    assert len(made.rows) == 2 + 4 + 2 + 3
    assert sum("ที่เลือก" in row[1] for row in made.rows) == 4
    assert sum(int(row[2]) for row in made.rows[:2]) == len(swept)


def test_the_reading_counts_what_the_sweep_found(swept):
    said = repr(robust.reading(swept))
    assert f"คำตอบเดิมทุกประการใน {int(swept['same'].sum())} จาก {len(swept)} ชุดเกณฑ์" in said
    assert f"{swept['overlap'].min():.2f}" in said
    term = swept["solution"].iloc[0].split(" | ")[0].split(" + ")[0]
    assert conditions.in_thai(term) in said
    assert robust.values(swept)["fsqca.tried"].value == len(swept)


def test_thresholds_without_a_solution_are_counted(swept):
    lost = swept.copy()
    lost.loc[lost.index[-5:], ["solution", "models", "same"]] = [None, 0, False]
    lost.loc[lost.index[-5:], "overlap"] = np.nan
    assert "ไม่มีคำตอบใน 5 ชุด" in repr(robust.reading(lost))


def test_nothing_is_swept_where_there_is_no_solution():
    assert robust.sweep(None, None) is None
    assert {value.shown for value in robust.values(None).values()} == {"–"}


def test_the_expansion_is_told_at_both_ends_of_the_icc():
    made = expansion.table(reach())
    assert made.columns[1:] == ("ICC ขอบล่าง", "ICC ที่ประมาณได้", "ICC ขอบบน")
    needed = [int(cell.replace(",", "")) for cell in made.rows[2][1:]]
    assert needed == sorted(needed)
    said = expansion.reading(reach()).paragraphs
    assert f"สุ่ม {needed[1]:,} จาก 878 อำเภอ" in said[0]
    assert f"ต้องสุ่ม {needed[2]:,} อำเภอ" in said[1]


def test_a_margin_out_of_reach_is_said():
    far = reach(margin=0.005)
    assert far.plan.clusters_needed is None
    assert "มากกว่าที่มี" in expansion.table(far).rows[2]
    assert "แม้เก็บทุกอำเภอ" in repr(expansion.reading(far))


def test_shares_and_differences_are_planned_too():
    found = reach()
    made = expansion.table(found)
    assert [int(cell) for cell in made.rows[6][1:]] == list(found.shares["clusters_needed"])
    assert [int(cell) for cell in made.rows[4][1:]] == list(found.bounds["clusters_for_power"])
    assert "ร้อยละคิดจากที่พบในอำเภอนำร่องคือ 63.0" in made.note
    assert f"ใช้อำเภอ {found.shares['clusters_needed'].iloc[-1]} แห่ง" in repr(
        expansion.reading(found)
    )
    assert set(expansion.NAMES) <= set(expansion.values(found, None))


def paths(strict: bool = False) -> conditions.Paths:
    rng = np.random.default_rng(2565)
    fuzzy = pd.DataFrame(rng.uniform(0.02, 0.98, (60, 4)), columns=conditions.CONDITIONS)
    fuzzy["outcome"] = np.minimum(fuzzy["leadership"], fuzzy["network"])
    truth = configurations.truth_table(
        fuzzy, "outcome", conditions.CONDITIONS, incl_cut=0.8, pri_cut=0.5
    )
    expect = dict.fromkeys(conditions.CONDITIONS, True)
    solutions = {k: configurations.minimise(truth, k, expect) for k in conditions.KINDS}
    necessary = configurations.necessity(fuzzy, "outcome", conditions.CONDITIONS)
    return conditions.Paths(necessary, truth, {} if strict else solutions, "")


def test_necessary_and_sufficient_conditions_are_told_apart():
    found = paths()
    said = conditions.reading(found).paragraphs
    assert "จำเป็นต่อผลลัพธ์สูงตามเกณฑ์คือภาวะผู้นำการเปลี่ยนแปลง และภาคีเครือข่าย 7 ภาค" in said[0]
    assert "“ภาวะผู้นำการเปลี่ยนแปลง + ภาคีเครือข่าย 7 ภาค”" in said[1]
    assert sum(row[4] == "✓" for row in conditions.necessity(found).rows) == 2
    assert conditions.values(found)["fsqca.necessary"].value == 2


def test_all_three_solutions_are_in_the_table_equal_ones_once():
    found = paths()
    kinds = {name for row in conditions.solution(found).rows for name in row[0].split(" = ")}
    assert kinds == set(conditions.KINDS.values())


def test_no_solution_is_told_in_words():
    found = paths(strict=True)
    assert "ไม่มีชุดเงื่อนไขใด" in repr(conditions.solution(found))
    assert len(conditions.reading(found).paragraphs) == 1
    assert conditions.values(found)["fsqca.terms"].value == 0


def frame(clear: str = "no", n: int = 4) -> pd.DataFrame:
    codes = ["TH-50", "TH-51", "TH-52", "TH-58"][:n]
    kinds = ["ready", "ready", "support", "support"][:n]
    return pd.DataFrame({"province": codes, "type": kinds, "clear": clear, "position": "near"})


def test_a_type_that_is_not_clear_is_no_label():
    said = repr(districts.reading(frame(), "north-upper-1"))
    assert "ประเภทละ 2 จาก 4 อำเภอ" in said
    assert "ยังไม่มีอำเภอใดที่ประเภทชัด" in said
    assert "ไม่ได้แปลว่าทุกอำเภอเท่ากัน" in said
    assert "ประเภทของทุกอำเภอชัด" in repr(districts.reading(frame("yes"), "north-upper-1"))
    assert [row[2] for row in districts.types(frame("yes")).rows] == ["2", "0", "0", "2"]


def test_one_district_is_read_as_one():
    said = repr(districts.reading(frame(n=1), "TH-50"))
    assert "อยู่ในประเภทพร้อมเป็นต้นแบบ" in said
    assert "ยังไม่ชัด" in said
    assert "ผลลัพธ์ยังแยกไม่ได้" in said
