"""What is out of date, and the sentence that says why."""

import ast
import json
import sys
from importlib.metadata import packages_distributions

import pytest

import castlib
from castlib import paths
from castlib.errors import CastError, UnknownCode
from castlib.run import plan

REGION, PHASE = "north-upper-1", "results"


def publish(
    region: str, phase: str, compared: dict[str, str] | None = None, figure: str = ""
) -> None:
    """Put a notebook and its results where a run would, as of now."""
    value = {"m": {"value": 3.874, "shown": "3.87"}}
    results = json.dumps({"values": value, "tables": {"t": [[1]]}, "compared_with": compared or {}})
    made = {
        "key": plan.read([phase]).key(region, phase),
        "results": plan.sha(results.encode()),
        "compared_with": compared or {},
    }
    cells = [{"cell_type": "code", "outputs": [{"data": {"image/png": figure}}], "source": []}]
    notebook = json.dumps({"cells": cells, "metadata": {"cast": made}})
    for file, text in (
        (plan.results(region, phase), results),
        (plan.notebook(region, phase), notebook),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def why(region: str = REGION, phase: str = PHASE) -> list[str]:
    return plan.read([phase]).why(region, phase)


@pytest.fixture
def current(home):
    """A home whose north-upper-1/results and TH/results are current."""
    home.saving(PHASE, "1")
    publish("TH", PHASE)
    publish(REGION, PHASE, {"m": "3.87", "t": "[[1]]"})
    assert why() == []
    return home


def test_never_made_and_failed_before(home):
    home.saving(PHASE, "1")
    assert why() == ["ยังไม่เคยทำ"]
    kept = plan.failed(REGION, PHASE)
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert why() == ["ครั้งก่อนทำไม่สำเร็จ"]


def test_own_rows_concern_their_cluster_and_the_country_only(current):
    publish("south-gulf", PHASE)
    current.rows(TH_50="b")
    assert why() == ["ข้อมูลของพื้นที่เปลี่ยน"]
    assert why("TH") == ["ข้อมูลของพื้นที่เปลี่ยน"]
    assert why("south-gulf") == []


def test_template_but_not_its_stored_outputs(current):
    current.saving(PHASE, "2")
    assert why() == ["โค้ดในแม่แบบของโน้ตบุ๊กเปลี่ยน"]
    publish(REGION, PHASE)
    file = next(paths.notebooks().glob("*"))
    content = json.loads(file.read_bytes())
    content["cells"][0]["execution_count"] = 7
    file.write_text(json.dumps(content))
    assert why() == []


def test_study_data_but_not_raw_files_or_notes(current):
    (paths.data() / "raw").mkdir()
    (paths.data() / "raw" / "answers.csv").write_text("x")
    (paths.data() / "README.md").write_text("x")
    (paths.data() / "checklists").mkdir(exist_ok=True)
    (paths.data() / "checklists" / "new.yml").write_text("x")
    assert why() == []
    with (paths.data() / "codebook.csv").open("a") as file:
        file.write("\n")
    assert why() == []
    current.saving(PHASE, "1", before="read = 'codebook.csv'")
    publish(REGION, PHASE)
    with (paths.data() / "codebook.csv").open("a") as file:
        file.write("\n")
    assert why() == ["ข้อกำหนดของการศึกษาในโฟลเดอร์ data ที่โน้ตบุ๊กนี้ใช้เปลี่ยน"]


def test_a_persons_verdict_concerns_its_region_and_objective_only(current):
    file = paths.study() / "study.json"
    known = json.loads(file.read_text())
    for about, reasons in {
        f"{REGION}/3": [],
        "TH/2": [],
        f"{REGION}/2": ["คำตัดสินของผู้วิจัยเปลี่ยน"],
    }.items():
        file.write_text(json.dumps(known | {"verdicts": {about: "x"}}))
        assert why() == reasons


def test_versions(current, monkeypatch):
    monkeypatch.setattr(plan, "versions", lambda: "another")
    assert why() == ["รุ่นของ Python หรือไลบรารีเปลี่ยน"]


def test_words_of_a_template_apart_from_its_code(current):
    file = next(paths.notebooks().glob("*"))
    content = json.loads(file.read_bytes())
    content["cells"].append({"cell_type": "markdown", "id": "m", "metadata": {}, "source": "ใหม่"})
    file.write_text(json.dumps(content))
    assert why() == plan.ONLY_WORDS
    content["cells"].insert(1, content["cells"].pop())
    content["cells"][-1]["source"] += "\n1"
    file.write_text(json.dumps(content))
    assert why() == [plan.CHANGED["notebook"], plan.CHANGED["words"]]


def test_results_file_changed_or_gone(current):
    plan.results(REGION, PHASE).write_text("{}")
    assert why() == ["ไฟล์ผลไม่ตรงกับที่บันทึกไว้"]
    plan.results(REGION, PHASE).unlink()
    assert why() == ["ไฟล์ผลไม่ตรงกับที่บันทึกไว้"]


def test_results_that_cannot_be_read(current):
    plan.results(REGION, PHASE).unlink()
    plan.results(REGION, PHASE).mkdir()
    assert why() == [plan.RESULTS_DIFFER]
    plan.notebook(REGION, PHASE).unlink()
    plan.notebook(REGION, PHASE).mkdir()
    assert why() == [plan.UNREADABLE]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"cells": [7]}', '{"cells": [{}]}'])
def test_a_template_that_is_no_notebook_is_refused_by_name(home, content):
    home.saving(PHASE, "1")
    next(paths.notebooks().glob("*")).write_text(content)
    with pytest.raises(CastError, match=r"1_results\.ipynb เป็นโน้ตบุ๊กไม่ได้"):
        plan.read([PHASE])


def test_a_template_without_a_parameters_cell_is_refused(home):
    home.saving(PHASE, "1")
    file = next(paths.notebooks().glob("*"))
    content = json.loads(file.read_bytes())
    content["cells"].pop(0)
    file.write_text(json.dumps(content))
    with pytest.raises(CastError, match="ไม่มีเลย"):
        plan.read([PHASE])


def test_damaged_national_results_are_told_not_tripped_over(current):
    for content in ("", "{}", "[]", '{"values": '):
        plan.results("TH", PHASE).write_text(content)
        assert why("TH") == ["ไฟล์ผลไม่ตรงกับที่บันทึกไว้"]
        assert "m 3.87 → ไม่มี" in why()[0]


@pytest.mark.parametrize(
    "content",
    ["", "{", '{"metadata": {}}', "[]", '{"metadata": []}', '{"metadata": {"cast": {}}}', "\xff"],
)
def test_unreadable_notebook(current, content):
    plan.notebook(REGION, PHASE).write_text(content)
    assert why()[0].startswith("ไฟล์โน้ตบุ๊กที่ทำไว้อ่านไม่ได้")


def test_national_value_that_moved(current):
    country = plan.results("TH", PHASE)
    country.write_text(country.read_text().replace("3.874", "3.871"))
    assert why() == []
    country.write_text(country.read_text().replace("3.87", "3.88"))
    assert why() == ["ค่าระดับประเทศที่ใช้เปรียบเทียบเปลี่ยน: m 3.87 → 3.88"]
    country.write_text(country.read_text().replace("[[1]]", '[["a long, long table"]]'))
    assert "t [[1]] → (ตาราง)" in why()[0]
    country.unlink()
    assert "m 3.87 → ไม่มี" in why()[0]


def test_status_says_what_waits_for_the_country(current):
    assert plan.status(["TH", REGION], [PHASE]) == [
        ("TH", PHASE, True, ""),
        (REGION, PHASE, True, ""),
    ]
    current.rows(TH_80="b")
    country, region = plan.status(["TH", REGION], [PHASE])
    assert country == ("TH", PHASE, False, "ข้อมูลของพื้นที่เปลี่ยน")
    assert region == (REGION, PHASE, True, plan.WAITS)


def test_misspelt_parameter_is_refused(home):
    home.template(PHASE, "1", parameters='REGOIN = "TH"\nPHASE = "results"')
    with pytest.raises(CastError, match=r"1_results.ipynb ไม่ได้กำหนดพารามิเตอร์ REGION .*มี REGOIN"):
        plan.read([PHASE])
    home.template(PHASE, "1", parameters='REGION: str = "TH"\nPHASE: str = "results"')
    plan.read([PHASE])


def test_missing_template_and_unknown_phase(home):
    with pytest.raises(CastError, match=r"_scaling.ipynb หนึ่งไฟล์"):
        plan.read(["scaling"])
    with pytest.raises(UnknownCode, match="results"):
        plan.read(["result"])


def test_every_library_behind_the_numbers_counts():
    files = {file for phase in castlib.protocol.PHASES for file in plan.template(phase).reach.files}
    lines = [line for file in files for line in ast.walk(ast.parse(file.read_bytes()))]
    names = {alias.name for line in lines if isinstance(line, ast.Import) for alias in line.names}
    names |= {line.module for line in lines if isinstance(line, ast.ImportFrom) and not line.level}
    tops = {name.split(".")[0] for name in names} - {"castlib"} - set(sys.stdlib_module_names)
    owners = packages_distributions()
    # pandera checks tables when they are written, before any notebook
    used = {owners.get(top, [top])[0].lower() for top in tops} - {"pandera"}
    assert used <= set(plan.LIBRARIES)
