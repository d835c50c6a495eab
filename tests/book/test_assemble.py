"""What a page takes from its notebook, and the order of the book."""

import json

import pytest
import yaml

from castlib import store
from castlib.book import assemble
from castlib.errors import CastError

from . import small_book as fake


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    return fake.country(tmp_path, ["north-upper-1", "south-andaman"], figures=2, tables=2)


def page(region, phase):
    return json.loads((assemble.source() / region / f"{phase}.ipynb").read_text(encoding="utf-8"))


def shown(content):
    outputs = [output for cell in content["cells"] for output in cell.get("outputs", [])]
    return "".join(output["data"].get("text/html", "") for output in outputs)


def test_parameters_are_taken_out_and_code_is_folded(home):
    assemble.assemble()
    cells = page("TH", "results")["cells"]
    tags = [set(cell["metadata"].get("tags", [])) for cell in cells if cell["cell_type"] == "code"]
    assert not any(tag & {"parameters", "injected-parameters"} for tag in tags)
    assert all("hide-input" in tag for tag in tags)


def test_tables_and_figures_are_numbered_apart_in_order(home):
    assemble.assemble()
    html = shown(page("TH", "success-factors"))
    assert html.index("ตารางที่ 4.3-1</span>") < html.index("ตารางที่ 4.3-2</span>")
    assert 'id="fig-4.3-2"' in html
    assert "ตารางที่ 3-1</span>" in shown(page("north-upper-1", "success-factors"))


def test_pictures_lie_beside_the_pages_and_keep_their_words(home):
    assemble.assemble()
    html = shown(page("TH", "instrument"))
    assert "data:image" not in html
    assert html.count("alt=") == 2
    names = sorted((assemble.source() / "_extra" / "figures").iterdir())
    assert len(names) == 3 * 6 * 2
    assert f"../figures/{names[0].name}" in "".join(
        shown(page(r, p)) for r in ("TH", "north-upper-1", "south-andaman") for p in fake.PHASES
    )


def test_the_order_has_the_country_under_chapter_four_and_one_part_a_macro_region(home):
    assemble.assemble()
    toc = yaml.safe_load((assemble.source() / "_toc.yml").read_text(encoding="utf-8"))
    report, south, north, appendices = toc["parts"]
    four = next(chapter for chapter in report["chapters"] if chapter["file"] == "4_results")
    assert [section["file"] for section in four["sections"]] == [f"TH/{p}" for p in fake.PHASES]
    assert (north["caption"], south["caption"]) == ("ภาคเหนือ", "ภาคใต้")
    assert north["chapters"][0]["file"] == "north-upper-1/index"
    assert appendices["chapters"][-1]["file"] == "references"


def test_provinces_stand_under_their_cluster(home):
    for code in (
        "TH-50",
        "TH-51",
        "TH-52",
        "TH-58",
        "TH-81",
        "TH-82",
        "TH-83",
        "TH-85",
        "TH-91",
        "TH-92",
    ):
        for phase in fake.PHASES:
            fake.notebook(home, code, phase, 1, 0, 1)
            fake.results(home, code, phase)
    assemble.assemble("province")
    toc = yaml.safe_load((assemble.source() / "_toc.yml").read_text(encoding="utf-8"))
    sections = toc["parts"][2]["chapters"][0]["sections"]
    assert sections[6] == {
        "file": "TH-50/index",
        "sections": [{"file": f"TH-50/{phase}"} for phase in fake.PHASES],
    }
    assert "จังหวัดเชียงใหม่" in (assemble.source() / "TH-50" / "index.md").read_text(encoding="utf-8")


def test_a_landing_page_names_its_region(home):
    assemble.assemble()
    text = (assemble.source() / "north-upper-1" / "index.md").read_text(encoding="utf-8")
    assert all(f"- []({phase}.ipynb)\n" in text for phase in fake.PHASES)
    assert text.startswith("# กลุ่มจังหวัดภาคเหนือตอนบน 1")
    assert "เชียงใหม่" in text
    assert "{result}`north-upper-1/success-factors/leadership.mean`" in text


def template(home, text):
    (home / "book" / "cluster.md").write_text(text, encoding="utf-8")
    assemble.assemble()
    return (assemble.source() / "north-upper-1" / "index.md").read_text(encoding="utf-8")


def test_a_landing_page_says_something_of_each_province_under_its_name(home):
    text = template(
        home,
        "# LABEL\n\nEACH PROVINCE\n## PAGE\n\n{result}`REGION/scaling/PROVINCE.n`\nEND\n## ต่อไป\n",
    )
    assert "## จังหวัดเชียงใหม่\n\n{result}`north-upper-1/scaling/TH-50.n`\n" in text
    assert text.index("## จังหวัดแม่ฮ่องสอน") < text.index("## ต่อไป")
    assert "END" not in text


def test_a_landing_page_shows_a_figure_of_another_page_again(home):
    made = template(home, "# LABEL\n\nFIGURE scaling picture\n")
    assert '<img src="../figures/' in made
    assert '<a href="scaling.html#fig-6-2">รูปที่ 6-2</a>' in made


def test_a_figure_that_no_page_shows_stops_the_book(home):
    with pytest.raises(
        CastError, match=r"north-upper-1.*scaling nothing|south-andaman.*scaling nothing"
    ):
        template(home, "# LABEL\n\nFIGURE scaling nothing\n")


def foot(region="TH", phase="results"):
    return page(region, phase)["cells"][-1]["source"]


def test_a_page_ends_with_what_it_was_made_from_and_its_notebook(home):
    results = home / "build" / "results" / "TH" / "collection.json"
    saved = json.loads(results.read_text(encoding="utf-8"))
    saved["values"]["received.last"] = {"shown": "15 พฤศจิกายน 2565"}
    results.write_text(json.dumps(saved), encoding="utf-8")
    assemble.assemble()
    assert "15 พฤศจิกายน 2565" in foot()
    assert f"<code>{store.digest('TH')[:16]}</code>" in foot()
    assert '<a href="results.ipynb" download>' in foot()
    assert "/lab/tree/notebooks/4_results.ipynb" in foot()
    assert "binder" not in foot()


def test_binder_and_colab_come_with_a_public_address_only(home):
    config = home / "book" / "_config.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('cast_repository: ""', "cast_repository: a/b/main"), encoding="utf-8"
    )
    assemble.assemble()
    assert "mybinder.org/v2/gh/a/b/main?labpath=notebooks/4_results.ipynb" in foot()
    assert "colab.research.google.com/github/a/b/blob/main/notebooks/4_results.ipynb" in foot()
    config.write_text(
        text.replace('cast_repository: ""', "cast_repository: https://x"), encoding="utf-8"
    )
    with pytest.raises(CastError, match="cast_repository"):
        assemble.assemble()


def test_only_what_changed_is_written_and_what_is_gone_goes(home):
    assemble.assemble()
    assert assemble.assemble() == 0
    (assemble.source() / "old.md").write_text("เก่า", encoding="utf-8")
    before = (assemble.source() / "TH" / "results.ipynb").stat().st_mtime_ns
    fake.notebook(home, "north-upper-1", "results", 2, 1, 1)
    assert assemble.assemble() >= 2
    assert not (assemble.source() / "old.md").exists()
    assert (assemble.source() / "TH" / "results.ipynb").stat().st_mtime_ns == before


def test_the_main_report_has_the_country_below_chapter_four(home):
    main, *clusters = assemble.documents()
    pages = dict(main.pages)
    assert pages["4_results"] == 0
    assert pages["TH/scaling"] == 1
    assert "0_summary" in pages
    assert "0_provinces" not in pages
    assert list(pages).index("TH/instrument") == list(pages).index("4_results") + 1
    assert [report.name for report in clusters] == [
        "clusters/south-andaman",
        "clusters/north-upper-1",
    ]
    assert clusters[1].pages[0] == ("north-upper-1/index", 0)
