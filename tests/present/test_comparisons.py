import numpy as np
import pandas as pd
import pytest

from castlib import regions
from castlib.present import comparisons
from castlib.stats import families

ITEMS = ["leadership", "network"]


def people(n: int = 240, gap: float = 0.0, small: int = 0) -> pd.DataFrame:
    """Return scores in 24 districts; the first sector higher in leadership, one sector as small as said."""
    rng = np.random.default_rng(2565)
    frame = pd.DataFrame(rng.normal(3.5, 0.5, (n, 2)), columns=ITEMS)
    frame["province"] = [f"TH-{10 + i % 24}" for i in range(n)]
    frame["sex"] = np.where(np.arange(n) % 2, "male", "female")
    frame["sector"] = np.resize(["government", "academia", "people"], n)
    frame.loc[frame["sector"] == "government", "leadership"] += gap
    frame.loc[frame.index[:small], "sector"] = "media"
    return frame


def family(scores: pd.DataFrame, between: list[str], cluster: str | None = "province"):
    return families.compare_all(scores, ITEMS, between, cluster)


def test_a_grouping_with_a_small_group_is_not_compared_and_its_size_is_not_told():
    used, refused = comparisons.groupings(people(small=3), ITEMS, ["sex", "sector"])
    assert used == ["sex"]
    assert refused == {"sector": "มีกลุ่มที่ผู้ตอบครบไม่ถึง 5 คน"}
    assert comparisons.none_left(used, refused) is None
    assert "ไม่เทียบตามภาคเครือข่าย" in comparisons.none_left([], refused)


def test_a_group_small_in_one_item_only_counts_as_small():
    scores = people(small=6)
    scores.loc[scores.index[:2], "network"] = np.nan
    assert comparisons.groupings(scores, ITEMS, ["sector"])[0] == []


def test_the_note_says_which_test_and_why_and_what_a_sign_means():
    scores = people()
    made = comparisons.table(family(scores, ["sex"]), scores, {"education": "น้อยไป"}, "ตาราง")
    assert "CR2: ผู้ตอบในอำเภอเดียวกันคล้ายกัน" in made.note
    assert "ค่าบวกตามเพศแปลว่าหญิงสูงกว่า" in made.note
    assert "ไม่เทียบตามระดับการศึกษา: น้อยไป" in made.note
    alone = comparisons.table(family(scores, ["sex"], None), scores, {}, "ตาราง")
    assert "ถือว่าผู้ตอบเป็นอิสระต่อกัน" in alone.note
    assert "t-test" in alone.rows[0][2]


def test_a_difference_is_read_with_its_way_size_certainty_and_pairs():
    scores = people(gap=1.0)
    said = comparisons.reading(family(scores, ["sex", "sector"]), scores).paragraphs
    assert "พบความแตกต่าง 1 ครั้ง" in said[0]
    assert "ภาวะผู้นำการเปลี่ยนแปลงต่างกันตามภาคเครือข่าย: ภาครัฐสูงสุด" in said[1]
    assert "ขนาดอิทธิพลใหญ่ (CR2: F(2, " in said[1]
    assert "p < .001, ω² = 0." in said[1]
    assert "คู่ที่พบว่าต่างกันมี 2 จาก 3 คู่" in said[1]
    assert "x̄" in said[1]


def test_where_districts_are_few_no_mean_of_a_category_is_told():
    scores = people(gap=1.0)
    said = comparisons.reading(family(scores, ["sector"], None), scores).paragraphs
    assert "ภาครัฐสูงสุด" in said[1]
    assert "x̄" not in said[1]


def test_no_difference_found_is_not_no_difference():
    scores = people()
    said = repr(comparisons.reading(family(scores, ["sex"]), scores))
    assert "ไม่พบความแตกต่าง" in said
    assert "ไม่ได้แปลว่า" in said


@pytest.mark.parametrize(
    ("effect", "value", "word"),
    [
        ("hedges_g", -0.9, "ใหญ่"),
        ("hedges_g", 0.19, "น้อยมาก"),
        ("rank_biserial", 0.3, "ปานกลาง"),
        ("omega_squared", 0.06, "ปานกลาง"),
    ],
)
def test_sizes_have_cohens_words(effect, value, word):
    assert comparisons.size(effect, value) == word


def test_regions_stand_side_by_side_only_where_they_may():
    places = regions.provinces()
    scores = people(n=760).assign(province=np.resize(places["province"], 760))
    scores = comparisons.macro_regions(scores)
    tests = families.compare_all(scores, ["leadership"], ["macro_region"], "province")
    made = comparisons.regional_table(tests, scores, {"network": "วัดไม่เหมือนกัน"})
    assert len(made.rows) == 1
    assert len(made.columns) == 1 + places["macro_region"].nunique() + 5
    assert "ไม่เทียบภาคีเครือข่าย 7 ภาค: วัดไม่เหมือนกัน" in made.note
    assert "ภูมิภาคที่เล็กที่สุดมี 3 อำเภอ" in made.note
    assert comparisons.regional_values(None)["regions.found"].shown == "–"
