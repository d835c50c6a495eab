import numpy as np
import pandas as pd
import pytest

from castlib.errors import UnknownCode
from castlib.present import tables

FRAME = pd.DataFrame(
    {
        "label": ["<b>หนึ่ง</b>", "สอง"],
        "n": [1200, 7],
        "mean": [3.456, np.nan],
        "ci_low": [3.1, np.nan],
        "ci_high": [3.8, np.nan],
        "p": [0.0004, 0.2],
        "keep": [True, False],
    }
)


def made() -> tables.Table:
    columns = ["label", "n", "mean", "ci", "p", "keep"]
    return tables.table(FRAME, "คำบรรยาย", columns, note="หมายเหตุ", keep="ใช้ได้")


def test_cells_are_formatted_as_thai_pages_write_them():
    assert made().rows[0] == ("<b>หนึ่ง</b>", "1,200", "3.46", "[3.10, 3.80]", "< .001", "✓")
    assert made().rows[1] == ("สอง", "7", "–", "–", ".200", "✗")


def test_text_is_escaped_and_cells_are_headed():
    html = made()._repr_html_()
    assert "&lt;b&gt;หนึ่ง&lt;/b&gt;" in html
    assert "<b>" not in html
    assert html.count('scope="col"') == 6
    assert html.count('scope="row"') == 2


def test_numbers_are_set_right():
    assert made().numeric == (False, True, True, True, True, False)


def test_a_column_without_a_heading_is_refused_with_the_nearest():
    with pytest.raises(UnknownCode, match="mean"):
        tables.table(FRAME, "", ["meen"])


def test_json_keeps_everything():
    assert tables.Table.from_json(made().to_json()) == made()


def test_the_apa_form_is_one_call_away():
    frame = pd.DataFrame(
        {"label": ["ก"], "n": [760], "mean": [0.456], "sd": [0.61], "alpha": [0.861]}
    ).assign(ci_low=-0.05, ci_high=0.882, p=0.0004)
    columns = ["label", "n", "mean", "sd", "alpha", "ci", "p"]
    made = tables.table(frame, "คำบรรยาย", columns, style="apa", alpha="α")
    assert made.columns == ("รายการ", "n", "M", "SD", "α", "95% CI", "p")
    assert made.rows[0] == ("ก", "760", "0.46", "0.61", ".86", "[-.05, .88]", "< .001")
    assert "<em>M</em>" in made._repr_html_()
    assert "<em>p</em>" in made._repr_html_()
    assert "<em>α" not in made._repr_html_()  # Greek letters stand upright
    assert tables.Table.from_json(made.to_json()) == made


def test_an_apa_interval_of_a_mean_keeps_its_zero():
    frame = pd.DataFrame({"label": ["ก"], "mean": [0.4], "ci_low": [0.1], "ci_high": [0.7]})
    made = tables.table(frame, "", ["label", "mean", "ci"], style="apa")
    assert made.rows[0] == ("ก", "0.40", "[0.10, 0.70]")


def test_the_thai_form_has_no_italics_and_an_unknown_style_is_refused():
    assert "<em>" not in made()._repr_html_()
    with pytest.raises(UnknownCode):
        tables.table(FRAME, "", ["label"], style="apaa")


def test_a_column_may_be_called_form():
    frame = FRAME.assign(form=[True, False])
    assert tables.table(frame, "", ["label", "form"], form="แบบบันทึก").columns[1] == "แบบบันทึก"


def test_any_table_has_its_apa_form():
    thai = made()
    assert thai.apa().columns == ("รายการ", "n", "M", "95% CI", "p", "ใช้ได้")
    assert thai.apa().rows[0] == thai.rows[0]  # a mean keeps its zero, p has none in either form
    assert tables.Table.from_json(thai.to_json()).apa() == thai.apa()
