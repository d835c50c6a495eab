"""What the index of the book's search holds: sections, words, places, and the text itself."""

import pytest

from castlib.book import search

PAGE = """<article><section id="top"><span id="x"></span><h1>ผลการศึกษา <span class="web-only">ภาคเหนือ</span>
<a class="headerlink" href="#top">#</a></h1><p>ข้าว<em>หอม</em> 0.85 และ ๗๖ คน</p>
<div class="cell_input"><pre>import castlib</pre></div><script>let no = 1</script>
<section id="part"><h2>ตาราง</h2><table><caption>ค่าเฉลี่ย</caption><tr><th>ด้าน</th><td>1,234</td></tr>
<tr><td>เชียงใหม่</td><td>&lt;b&gt;</td></tr></table></section><p>ท้ายหน้า</p></section></article>"""


def decoded(made, coded):
    """Return the pieces that a coded text stands for."""
    sign = {search.sign(k): word for k, word in enumerate(made["words"])}
    return [sign[character] for character in coded]


def test_a_page_is_read_as_sections_with_blocks_and_cells():
    top, part = search.sections(PAGE)
    assert (top.anchor, top.heading.split()) == ("top", ["ผลการศึกษา", "ภาคเหนือ"])
    assert top.text == [["ข้าวหอม 0.85 และ ๗๖ คน"], ["ท้ายหน้า"]]
    assert (part.anchor, part.heading) == ("part", "ตาราง")
    assert part.text == [["ค่าเฉลี่ย"], ["ด้าน", "1,234"], ["เชียงใหม่", "<b>"]]


def test_the_index_gives_back_the_words_of_every_section():
    made = search.index({"1_introduction": PAGE, "north-upper-1/index": PAGE})
    assert [page[0] for page in made["pages"]] == [
        "1_introduction.html",
        "north-upper-1/index.html",
    ]
    assert [page[2] for page in made["pages"]] == [0, 1]
    assert [(page, anchor) for page, anchor, *_ in made["sections"]] == [
        (0, "top"), (0, "part"), (1, "top"), (1, "part")]  # fmt: skip
    blocks = made["blocks"].split(" ")
    assert [section[3] for section in made["sections"]] == [[0, -1], [2, -2]] * 2
    assert decoded(made, blocks[0]) == [
        "ข้าว",
        "หอม",
        " ",
        "0.85",
        " ",
        "และ",
        " ",
        "๗๖",
        " ",
        "คน",
    ]
    assert decoded(made, blocks[1]) == ["ท้าย", "หน้า"]
    assert decoded(made, blocks[3]) == ["ด้าน", search.CELL, "1,234"]
    assert len(blocks) == 5  # what two pages say alike stands once


def test_a_doi_stays_whole():
    made = search.index(
        {"a": "<article><section><h1>อ้างอิง</h1><p>doi:10.1017/CBO9781 ดู</p></section></article>"}
    )
    assert "10.1017/CBO9781" in made["words"]


def test_the_gate_finds_nobody_in_the_index(tmp_path):
    from castlib.privacy import identifiers

    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    text = search.write(tmp_path, ["a"]).read_text(encoding="utf-8")
    assert [each for line in text.splitlines() for each in identifiers.find(line)] == []


def test_words_that_differ_in_a_tone_mark_are_two():
    made = search.index({"a": "<article><section><h1>ข้าว</h1><p>ข่าว ขาว</p></section></article>"})
    assert {"ข้าว", "ข่าว", "ขาว"} <= set(made["words"])


def test_spelling_is_made_one_before_it_is_cut():
    made = search.index(
        {"a": "<article><section><h1>นํ้า</h1><p>ข้\u200bาว เเผน</p></section></article>"}
    )
    assert {"น้ำ", "ข้าว", "แผน"} <= set(made["words"])


def test_places_of_the_study_are_known_and_not_taken_apart():
    made = search.index({"a": PAGE})
    assert len(made["provinces"]) == 76
    assert "เชียงใหม่" in made["provinces"]
    apart = {made["words"][k] for k, *_ in made["inner"]}
    assert apart.isdisjoint(made["provinces"])


@pytest.mark.parametrize(
    ("word", "inner"),
    [
        ("การมีส่วนร่วม", [3]),
        ("จังหวัด", []),
        ("ข้อมูล", []),
        ("ปรัชญาของเศรษฐกิจพอเพียง", [6, 9]),
        ("ข้าว", []),
    ],
)
def test_long_words_are_made_of_others(word, inner):
    from castlib.text import words

    assert search.parts(word, words.known()) == inner


def test_signs_are_no_digits_nor_letters_that_people_are_named_with():
    signs = [search.sign(k) for k in range(search.MOST)]
    assert len(set(signs)) == len(signs)
    assert not any(sign.isdigit() or sign.isspace() or sign.isascii() for sign in signs)
    assert not any("ก" <= sign <= "๛" or 0xD800 <= ord(sign) < 0xE000 for sign in signs)


def test_more_words_than_signs_are_refused(monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    with pytest.raises(ValueError, match="different words"):
        search.index({"a": PAGE})


def test_the_index_is_a_script_of_the_built_pages(tmp_path):
    (tmp_path / "a.html").write_text(f"<html><nav>นำทาง</nav>{PAGE}</html>", encoding="utf-8")
    file = search.write(tmp_path, ["a"])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("castSearchIndex={")
    assert text.endswith("};\n")
    assert "นำทาง" not in text


def test_kept_words_make_the_same_index_and_only_of_the_same_page(tmp_path):
    kept, changed = tmp_path / "kept.pickle", PAGE.replace("หอม", "เปลือก")
    assert search.index({"a": PAGE, "b": PAGE}, kept) == search.index({"a": PAGE, "b": PAGE})
    again = search.index({"a": PAGE, "b": changed}, kept)
    assert again == search.index({"a": PAGE, "b": changed})
