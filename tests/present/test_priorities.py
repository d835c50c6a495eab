import numpy as np
import pandas as pd
import pytest

from castlib.present import figures, priorities
from castlib.stats import needs

MEANS = {"leadership": (4.6, 4.2), "network": (4.2, 4.1), "knowledge": (4.7, 3.2)}


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    rng = np.random.default_rng(2565)
    paired = pd.DataFrame(
        {
            f"{code}_{state}": rng.normal(mean, 0.6, 200)
            for code, means in MEANS.items()
            for state, mean in zip(("expected", "actual"), means, strict=True)
        }
    ).assign(province=np.arange(200) // 10)
    columns = ([f"{code}_{state}" for code in MEANS] for state in ("expected", "actual"))
    return needs.importance_performance(paired, *columns, cluster="province", n_boot=200)


def test_every_construct_has_its_place_and_how_sure_it_is(found):
    made = priorities.table(found)
    places = {row[0]: row[4] for row in made.rows}
    assert places["การติดตามผลและการจัดการความรู้"] == "เร่งปรับปรุง"
    assert places["ภาวะผู้นำการเปลี่ยนแปลง"] == "รักษาไว้"
    assert made.rows[0][5] == "100.0"
    assert "สุ่มซ้ำทั้งอำเภอ" in made.note


def test_what_is_not_sure_is_said(found):
    said = priorities.reading(found.assign(share=[0.6, 0.97, 1.0])).paragraphs
    assert "การติดตามผลและการจัดการความรู้ (แน่ใจร้อยละ 100)" in said[0]
    assert "ตำแหน่งของภาวะผู้นำการเปลี่ยนแปลงอยู่ใกล้เส้นแบ่ง" in said[1]
    none = priorities.reading(found.assign(quadrant="keep_up", share=1.0)).paragraphs
    assert "ไม่พบองค์ประกอบในช่องเร่งปรับปรุง" in none[0]
    assert "ทุกองค์ประกอบคงช่องเดิม" in none[1]


def test_an_unsure_point_is_drawn_otherwise_and_told_in_the_alt_text(found):
    figures.style()
    sure, unsure = (priorities.figure(found.assign(share=share)) for share in (1.0, 0.5))
    assert sure.png != unsure.png
    assert "แน่ใจร้อยละ 50" in unsure.alt
    assert priorities.values(found)["concentrate.labels"].value == "การติดตามผลและการจัดการความรู้"
