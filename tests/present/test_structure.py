import numpy as np
import pandas as pd
import pytest

from castlib import instrument, regions
from castlib.present import structure
from castlib.stats import factors


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(1)
    common = np.repeat(rng.normal(size=(300, 2)), 3, axis=1)
    names = [f"{code}_{i}" for code in ("leadership", "network") for i in (1, 2, 3)]
    data = pd.DataFrame(common + rng.normal(size=(300, 6)), columns=names)
    model = "\n".join(
        f"{code} =~ {code}_1 + {code}_2 + {code}_3" for code in ("leadership", "network")
    )
    return factors.cfa(data, model), factors.htmt(data, model)


def levels(*decisions: str, cfi: float = 0.99, srmr: float = 0.03) -> pd.DataFrame:
    names = ["configural", "metric", "scalar", "strict"]
    frame = pd.DataFrame({"level": names, "decision": ["reference", *decisions, "not_reached"]})
    numbers = {"chi2": 30.0, "df": 30, "rmsea": 0.02, "delta_cfi": -0.001, "delta_rmsea": 0.001}
    return frame.assign(cfi=cfi, srmr=srmr, n=700, groups=6, smallest=26, **numbers)


def study(n: int, region: str = "TH"):
    """Return a study whose people answered at random, districts in turn."""
    tool, rng = instrument.load(), np.random.default_rng(2565)
    places = regions.provinces()["province"]
    answers = pd.DataFrame(
        rng.integers(1, 6, (n, len(tool.answer_columns))), columns=tool.answer_columns
    )
    people = answers.assign(province=[places[i % len(places)] for i in range(n)])
    return type("Study", (), {"region": region, "respondents": people})()


def test_one_table_holds_both_criteria(fitted):
    found, ratios = fitted
    made = structure.validity(found, ratios)
    assert made.columns == ("รายการ", "CR", "AVE", "1", "2")
    assert made.rows[0][3:] == (
        f"{np.sqrt(found.ave.iloc[0]):.2f}",
        f"{ratios['htmt2'].iloc[0]:.2f}",
    )
    assert made.rows[1][3] == f"{found.discriminant['correlation'].iloc[0]:.2f}"


def test_distinct_constructs_are_not_proven_distinct(fitted):
    assert "จึงไม่พบองค์ประกอบคู่ใดที่วัดซ้ำกัน" in repr(structure.distinct(*fitted))


def test_a_pair_that_fails_either_criterion_is_named(fitted):
    found, ratios = fitted
    said = repr(structure.distinct(found, ratios.assign(htmt2=0.91, distinct=False)))
    assert "คู่ที่ตั้งแต่ .85 ขึ้นไปคือ ภาวะผู้นำการเปลี่ยนแปลงกับภาคีเครือข่าย 7 ภาค" in said
    assert "แยกจากกันไม่ชัด" in said


def test_means_are_compared_only_where_the_scalar_level_holds():
    checked = {
        "leadership": levels("holds", "holds"),
        "network": levels("holds", "fails"),
        "one_plan": levels("fails", "not_reached"),
        "capacity": levels("holds", "holds", cfi=0.90),
    }
    said = structure.invariance_reading(checked).paragraphs
    assert said[0].startswith("เทียบค่าเฉลี่ยระหว่างภูมิภาคได้ 1 จาก 4 มาตร")
    assert said[1].startswith("ภาคีเครือข่าย 7 ภาค ผ่านเพียงขั้นน้ำหนัก")
    assert "ไม่ผ่านขั้นน้ำหนัก" in said[2]
    assert "ไม่กลมกลืนตั้งแต่ขั้นโครงสร้าง" in said[3]
    assert "ไม่ได้พิสูจน์" in said[-1]
    assert structure.values(checked, None)["invariance.comparable"].shown == "1"


def test_where_no_scale_holds_no_means_are_compared():
    said = structure.invariance_reading({"leadership": levels("fails", "not_reached")})
    assert said.paragraphs[0].startswith("ยังไม่ควรเทียบค่าเฉลี่ยระหว่างภูมิภาคของมาตรใด")


def test_the_table_has_three_levels_a_scale_and_names_what_is_refused():
    made = structure.invariance({"leadership": levels("holds", "holds")}, {"network": "น้อยไป"})
    assert [row[1] for row in made.rows] == ["โครงสร้าง", "น้ำหนัก", "จุดตัด"]
    assert "ไม่แสดงภาคีเครือข่าย 7 ภาค: น้อยไป" in made.note


def test_too_few_people_are_refused_with_the_reason():
    checked, refused = structure.across(study(200))
    assert not checked
    assert "ต้องใช้อย่างน้อย 300 คน (Chen 2007)" in refused["leadership"]


def test_a_cluster_is_sent_to_the_countrys_page():
    checked, refused = structure.across(study(20, "north-upper-1"))
    assert not checked
    assert "ดูได้ที่หน้าของทั่วประเทศ" in refused["leadership"]
