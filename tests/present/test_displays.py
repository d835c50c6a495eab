import numpy as np
import pandas as pd
import pytest

from castlib.present import displays
from castlib.stats import models

TERMS = ["leadership", "network", "knowledge"]


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(2565)
    data = pd.DataFrame(rng.normal(3.5, 0.6, (240, 3)), columns=TERMS)
    data["outcome"] = 0.6 * data["leadership"] + rng.normal(0, 0.4, 240)
    data["province"] = np.arange(240) // 10
    model = models.regression(data, "outcome", TERMS, "province")
    share = models.relative_importance(data, "outcome", TERMS, cluster="province", n_boot=200)
    return model, share


def test_importance_stands_with_its_interval_and_the_span_of_its_rank(fitted):
    model, share = fitted
    made = displays.regression(model, share, "ตาราง")
    assert made.columns[-3:] == ("ส่วนแบ่ง R²", "95% CI ของส่วนแบ่ง", "ช่วงของลำดับ")
    first = share.iloc[0]
    assert made.rows[0][0] == "ภาวะผู้นำการเปลี่ยนแปลง"
    assert made.rows[0][-2:] == (f"[{first['ci_low']:.2f}, {first['ci_high']:.2f}]", "1–1")
    assert "สุ่มซ้ำทั้งอำเภอ" in made.note


def test_in_apa_form_shares_lose_their_zero_and_coefficients_keep_it(fitted):
    made = displays.regression(*fitted, "ตาราง")
    apa = made.apa()
    b, share = made.columns.index("b"), made.columns.index("ส่วนแบ่ง R²")
    assert apa.rows[0][b] == made.rows[0][b]
    assert apa.rows[0][share] == made.rows[0][share].removeprefix("0")


def test_named_values_tell_the_first_predictor_or_a_dash(fitted):
    found = displays.regression_values(*fitted)
    assert found["predictor.label"].value == "ภาวะผู้นำการเปลี่ยนแปลง"
    assert found["predictor.ranks"].value == "1–1"
    assert set(displays.regression_values(None, None)) == set(found)
