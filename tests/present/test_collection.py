import numpy as np
import pandas as pd

from castlib import instrument
from castlib.present import collection


def study(region: str, n: int = 40):
    """Return a study whose people have one background each, the first of four with a doctorate."""
    tool, rng = instrument.load(), np.random.default_rng(2565)
    frame = pd.DataFrame(index=range(n))
    for question in tool.questions.query("role == 'background'").itertuples():
        if question.type == "integer":
            frame[question.variable] = rng.integers(20, 60, n)
        else:
            frame[question.variable] = np.resize(list(tool.options(question.choices))[:2], n)
    frame.loc[:3, "education"] = "doctorate"
    return type("Study", (), {"region": region, "respondents": frame})()


def test_the_country_counts_by_category_and_withholds_small_counts():
    made = collection.characteristics(study("TH"))
    shown = {(row[0], row[1]): row[2] for row in made.rows}
    assert shown["เพศ", "ชาย"] == "20"
    assert shown["ระดับการศึกษา", "ปริญญาเอก"] == "ไม่แสดง"


def test_a_cluster_counts_nobody_by_category_so_that_nothing_can_be_subtracted():
    made = collection.characteristics(study("north-upper-1"))
    assert {row[1] for row in made.rows} == {"x̄ (S.D.)"}
    assert "หักลบกัน" in made.note
    assert "ร้อยละ" not in made.columns
