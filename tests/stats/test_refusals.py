"""Each rule: refused just below its threshold, in Thai with a source; allowed at it."""

import numpy as np
import pandas as pd
import pytest

from castlib.stats import refusals


@pytest.mark.parametrize(
    ("rule", "refused", "allowed", "source"),
    [
        (refusals.content_validity, (2,), (3,), "เกณฑ์ของการศึกษา"),
        (refusals.factor_model, (199, 20), (200, 20), "เกณฑ์ของการศึกษา; ดู MacCallum"),
        (refusals.factor_model, (249, 50), (250, 50), "Gorsuch"),
        (refusals.invariance, ([250, 49], 5), ([250, 50], 5), "Chen"),
        (refusals.invariance, ([300, 24], 5), ([300, 25], 5), "Gorsuch"),
        (refusals.groups, ([30, 4],), ([30, 5],), "Siegel"),
        (refusals.clusters, (9,), (10,), "Cameron"),
        (refusals.regression, (105, 7), (106, 7), "Green"),
        (refusals.regression, (760, 7, 9), (760, 7, 10), "Cameron"),
        (refusals.multilevel, (9,), (10,), "Maas"),
        (refusals.configurations, (9, 4), (10, 4), "Ragin"),
        (refusals.configurations, (76, 8), (76, 7), "Ragin"),
    ],
)
def test_thresholds(rule, refused, allowed, source):
    assert rule(*allowed) is None
    assert source in rule(*refused)
    assert any("ก" <= letter <= "๛" for letter in rule(*refused))


def test_one_group_is_nothing_to_compare():
    assert "กลุ่มเดียว" in refusals.groups([30])
    assert "กลุ่มเดียว" in refusals.invariance([400], 5)


def test_scales_need_people_and_variation():
    items = pd.DataFrame(np.random.default_rng(0).integers(1, 6, (30, 3)), columns=list("abc"))
    assert refusals.reliability(items) is None
    assert "30 คน" in refusals.reliability(items.head(29))
    assert "29 คน" in refusals.reliability(items.assign(a=items["a"].where(items.index > 0)))
    assert "ข้อ b" in refusals.reliability(items.assign(b=4))
