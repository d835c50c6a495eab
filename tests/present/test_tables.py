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
