import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from castlib.present import figures

ROWS = pd.DataFrame(
    {"label": ["ภาวะผู้นำ", "เครือข่าย"], "mean": [4.2, 3.9], "low": [4.0, 3.7], "high": [4.4, 4.1]}
)


@pytest.fixture(autouse=True)
def style():
    figures.style()


def draw(**more) -> figures.Figure:
    columns = {"label": "label", "value": "mean", "low": "low", "high": "high"}
    return figures.intervals(ROWS, **columns, xlabel="คะแนน", caption="รูป", alt="ค่า <4.2>", **more)


def ink(figure: figures.Figure) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(figure.png)).convert("RGB"))


def test_a_figure_is_a_picture_with_caption_and_alt_text():
    html = draw()._repr_html_()
    assert html.startswith('<figure class="cast-figure"><img src="data:image/png;base64,')
    assert 'alt="ค่า &lt;4.2&gt;"' in html
    assert "<figcaption>รูป</figcaption>" in html
    assert "data-name" not in html
    assert 'data-name="levels"' in draw().named("levels")._repr_html_()


def test_a_figure_has_the_numbers_that_it_shows():
    made = draw(reference=[4.05, 3.98], decimals=1)
    assert made.data.columns == ("รายการ", "คะแนน", "95% CI ล่าง", "95% CI บน", "ทั่วประเทศ")
    assert made.data.rows[1] == ("เครือข่าย", "3.9", "3.7", "4.1", "4.0")


def test_the_same_data_give_the_same_bytes():
    assert draw().png == draw().png


def test_the_countrys_marks_change_the_picture():
    assert draw().png != draw(reference=[4.0, 4.0]).png


def test_thai_is_drawn_with_the_studys_font():
    import matplotlib as mpl
    from matplotlib import font_manager

    assert mpl.rcParams["font.family"][0] == "Sarabun"
    assert "Sarabun" in font_manager.findfont("Sarabun")
