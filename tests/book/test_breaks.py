"""Thai words stay whole in the PDF's lines."""

import re

from hypothesis import given
from hypothesis import strategies as st

from castlib.book import breaks


def marked(page):
    return re.findall(f"{breaks.OPEN}(.*?){breaks.CLOSE}", breaks.mark(page))


def test_each_word_of_the_running_text_is_marked():
    assert marked("<div><p>ผลลัพธ์อยู่ในระดับมาก) <b>ทุกจังหวัด</b>ของกลุ่ม</p></div>") == [
        "ผลลัพธ์", "อยู่", "ใน", "ระดับ", "มาก", "ทุก", "จังหวัด", "ของ", "กลุ่ม",
    ]  # fmt: skip


def test_the_mark_of_repetition_stays_with_its_word():
    assert marked("<p>อำเภออื่น ๆ ด้วย</p>") == ["อำเภอ", "อื่น ๆ", "ด้วย"]


def test_a_long_compound_breaks_between_its_own_words_only():
    assert marked("<p>การจัดการความรู้</p>") == ["การจัดการ", "ความรู้"]


def test_headings_and_code_are_left_alone():
    page = "<div><h2>ระดับมาก</h2><pre>ระดับ</pre><p><code>มาก</code>จริง</p></div>"
    assert marked(page) == ["จริง"]


@given(st.text(st.sampled_from("กขคมาะิ่ ๆa1()."), max_size=40))
def test_nothing_but_marks_is_added(written):
    shown = breaks.marked(written)
    assert re.sub(f"[{breaks.OPEN}{breaks.CLOSE}]", "", shown) == written


def test_what_follows_a_box_is_not_read_as_its_arguments():
    assert breaks.boxed("\ue000พ\ue001.ศ. \ue000มาก\ue001(1)") == '#box("พ");.ศ. #box("มาก");(1)'
