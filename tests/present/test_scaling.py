import numpy as np
import pandas as pd
import pytest

from castlib.present import districts, expansion, robust
from castlib.stats import configurations, design


@pytest.fixture(scope="module")
def swept():
    rng = np.random.default_rng(2565)
    fuzzy = pd.DataFrame(rng.uniform(0.02, 0.98, (60, 4)), columns=districts.CONDITIONS)
    fuzzy["outcome"] = np.minimum(fuzzy["leadership"], fuzzy["network"])
    return configurations.robustness(
        {"10, 50, 90": fuzzy, "5, 50, 95": fuzzy**1.2}, "outcome", districts.CONDITIONS,
        **robust.CUTS,
    )  # fmt: skip


def reach(icc_ci: tuple[float, float] = (0.05, 0.18), margin: float = 0.05) -> expansion.Reach:
    aims = {"sd": 0.62, "margin": margin, "population": 878}
    plan = design.plan(0.1, 10, 76, **aims)
    bounds = design.sensitivity(0.1, icc_ci, 10, 76, **aims)
    return expansion.Reach(0.1, icc_ci, 0.62, plan, bounds, 878, 8780)


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
    assert districts.in_thai(term) in said
    assert robust.values(swept)["fsqca.tried"].value == len(swept)


def test_thresholds_without_a_solution_are_counted(swept):
    lost = swept.copy()
    lost.loc[lost.index[-5:], ["solution", "models", "same"]] = [None, 0, False]
    lost.loc[lost.index[-5:], "overlap"] = np.nan
    assert "ไม่มีคำตอบใน 5 ชุด" in repr(robust.reading(lost))


def test_nothing_is_swept_where_there_is_no_solution():
    assert robust.sweep(None, None) is None
    assert robust.values(None) == {}


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
