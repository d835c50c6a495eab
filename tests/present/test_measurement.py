import numpy as np
import pandas as pd

from castlib.present import measurement
from castlib.stats import refusals, reliability


def answers(n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(2565)
    common = rng.normal(size=(n, 1))
    return pd.DataFrame(common + rng.normal(size=(n, 4)), columns=list("abcd"))


def test_the_note_says_which_interval_of_alpha_is_shown():
    items, district = answers(), pd.Series(np.arange(120) // 10)
    clustered = {"leadership": reliability.reliability(items, cluster=district)}
    made = measurement.reliability(clustered, {})
    assert "เผื่อความคล้ายกันของผู้ตอบในอำเภอเดียวกัน" in made.note
    assert "Feldt" not in made.note
    alone = measurement.reliability(
        {"leadership": reliability.reliability(items)}, {}, independent=refusals.clusters(4)
    )
    assert "Feldt ซึ่งถือว่าผู้ตอบเป็นอิสระต่อกัน เพราะมี 4 อำเภอ" in alone.note
    assert made.rows[0][3] == alone.rows[0][3]  # alpha itself is the same
    assert made.rows[0][4] != alone.rows[0][4]


def test_what_is_refused_is_named_in_the_note():
    made = measurement.reliability(
        {"leadership": reliability.reliability(answers())}, {"network": "น้อยไป"}
    )
    assert "ไม่แสดงภาคีเครือข่าย 7 ภาค: น้อยไป" in made.note
