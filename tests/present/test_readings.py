from types import SimpleNamespace

import numpy as np
import pandas as pd

from castlib import instrument
from castlib.present import readings
from castlib.stats import reliability


def described(low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": ["leadership", "network"],
            "mean": [4.2, 3.4],
            "ci_low": [4.0, low],
            "ci_high": [4.4, high],
            "crosses": [False, True],
        }
    )


def test_overlapping_intervals_are_not_read_as_an_order():
    assert "ไม่ทับกัน" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))
    assert "ยังบอกลำดับได้ไม่แน่ชัด" in repr(readings.levels(described(2.7, 4.1), "องค์ประกอบ"))


def test_an_interval_that_crosses_a_line_is_said():
    assert "คร่อมเส้นแบ่งระดับ" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))


def test_numbers_in_sentences_are_those_of_the_table():
    assert "x̄ = 4.20" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))


def test_text_is_escaped():
    assert "&lt;" in readings.notes.reading("<b>")._repr_html_()


def regression(p: tuple[float, float], ranks: tuple[int, int]) -> str:
    index = pd.Index(["Intercept", "leadership", "network"], name="term")
    slopes = pd.DataFrame(
        {"b": [1.0, 0.4, -0.2], "beta": [np.nan, 0.5, -0.3], "p": [0.0, *p]}, index=index
    )
    share = pd.DataFrame({"term": ["leadership", "network"], "share": [0.7, 0.3]})
    share = share.assign(rank_low=[1, ranks[0]], rank_high=[ranks[1], 2])
    return repr(readings.regression(SimpleNamespace(coefficients=slopes, r2=0.5), share))


def test_a_slope_is_read_with_its_way_and_an_unclear_one_is_not_none():
    said = regression((0.001, 0.002), (2, 1))
    assert "ยิ่งสูงผลลัพธ์ยิ่งสูง ได้แก่ ภาวะผู้นำการเปลี่ยนแปลง (β = 0.50)" in said
    assert "ยิ่งสูงผลลัพธ์ยิ่งต่ำ ได้แก่ ภาคีเครือข่าย 7 ภาค (β = -0.30)" in said
    assert "ลำดับแรกลำดับเดียว" in said
    assert "ภาคีเครือข่าย 7 ภาคยังไม่พบความสัมพันธ์ ซึ่งไม่ได้แปลว่าไม่สัมพันธ์" in regression((0.001, 0.4), (2, 1))


def test_rivals_for_the_first_rank_are_named():
    assert "ภาคีเครือข่าย 7 ภาคอาจเป็นลำดับแรกได้เช่นกัน" in regression((0.001, 0.4), (1, 2))


def test_reliability_says_of_how_many_scales_and_which_may_be_weak():
    found = {"leadership": SimpleNamespace(alpha=0.75, alpha_ci=(0.62, 0.85))}
    said = repr(readings.reliability(found, 10))
    assert "1 จาก 10 มาตร" in said
    assert "ขอบล่างของช่วงความเชื่อมั่นของภาวะผู้นำการเปลี่ยนแปลงต่ำกว่า 0.70" in said


def test_items_that_work_badly_are_named():
    rng = np.random.default_rng(1)
    common = rng.integers(1, 5, (200, 1)) + rng.integers(0, 2, (200, 3))
    items = pd.DataFrame(common, columns=[f"leadership_{i}_actual" for i in (1, 2, 3)])
    items["leadership_4_actual"] = np.where(rng.random(200) < 0.8, 5, 4)
    said = repr(readings.items({"leadership": reliability.reliability(items)}))
    label = instrument.load().label("leadership_4_actual")
    assert f"ข้อที่อำนาจจำแนกต่ำกว่า 0.30: {label}" in said
    assert f"เกินร้อยละ 50: {label}" in said


def test_an_icc_that_reaches_zero_is_not_said_to_be_above_it():
    cells = pd.DataFrame({"item": ["leadership", "network"], "n": 700, "icc": [0.1, 0.02]})
    cells = cells.assign(ci_low=[0.05, 0.0], effective_n=[350.0, 600.0])
    assert "ภาคีเครือข่าย 7 ภาคยังไม่พบว่าต่างจากศูนย์" in repr(readings.clustering(cells))
    assert "อยู่เหนือศูนย์" in repr(readings.clustering(cells.assign(ci_low=0.01)))


def test_a_need_whose_interval_holds_zero_is_said():
    needs = pd.DataFrame({"item": ["leadership", "network"], "pni": [0.3, 0.01], "rank": [1, 2]})
    needs = needs.assign(ci_low=[0.2, -0.02], rank_low=1, rank_high=[2, 2])
    said = repr(readings.needs(needs))
    assert "ยังบอกลำดับแรกได้ไม่แน่ชัด" in said
    assert "ช่วงความเชื่อมั่นของภาคีเครือข่าย 7 ภาคคร่อมหรือต่ำกว่าศูนย์" in said
