import pandas as pd

from castlib.present import readings


def described(low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": ["leadership", "network"],
            "mean": [4.2, 3.4],
            "ci_low": [4.0, low],
            "ci_high": [4.4, high],
            "crosses": [False, True],
        }
    )


def test_overlapping_intervals_are_not_read_as_an_order():
    assert "ไม่ทับกัน" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))
    assert "ยังบอกลำดับได้ไม่แน่ชัด" in repr(readings.levels(described(2.7, 4.1), "องค์ประกอบ"))


def test_an_interval_that_crosses_a_line_is_said():
    assert "คร่อมเส้นแบ่งระดับ" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))


def test_no_difference_found_is_not_no_difference():
    tests = pd.DataFrame({"dv": ["leadership"], "between": ["sex"], "p_holm": [0.4]})
    said = repr(readings.comparisons(tests))
    assert "ไม่พบความแตกต่าง" in said
    assert "ไม่ได้แปลว่า" in said


def test_numbers_in_sentences_are_those_of_the_table():
    assert "x̄ = 4.20" in repr(readings.levels(described(3.2, 3.6), "องค์ประกอบ"))


def test_text_is_escaped():
    assert "&lt;" in readings.notes.reading("<b>")._repr_html_()
