"""What a researcher sees in a notebook: regions, instrument, results, completion, labels."""

import copy
import dataclasses
import importlib
import inspect
import pickle
import re

import numpy as np
import pandas as pd
import pytest

import castlib
from castlib import labels, regions, shown, store
from castlib.errors import UnknownCode


@pytest.fixture
def home(monkeypatch, whole_home):
    monkeypatch.setenv("CAST_HOME", str(whole_home))
    return whole_home


def test_a_region_shows_its_tables_its_n_and_what_was_left_out(home):
    study = castlib.load("north-upper-1")
    html = study._repr_html_()
    assert "กลุ่มจังหวัดภาคเหนือตอนบน 1" in html
    assert "ข้อมูลจำลอง" in html
    for name, (what, _) in labels.TABLES.items():
        assert what in html
        assert f"study.{name}" in html
        assert f"{len(getattr(study, name)):,}" in html
    assert f"ผู้ตอบ {len(study.respondents)} คน จากที่กำหนด 40 คน ใน 4 อำเภอ" in html
    assert all(sentence in html for sentence in study.faults["sentence"].head(1))
    whole = castlib.load("TH")._repr_html_()
    assert whole.index("ไม่รับ 2 รายการ") < whole.index("ควรตรวจสอบ 9 รายการ")
    assert "study.faults</code></p>" in whole


def test_real_data_have_no_synthetic_notice(home, monkeypatch):
    monkeypatch.setattr(store, "synthetic", lambda: False)
    assert "ข้อมูลจำลอง" not in castlib.load("TH-50")._repr_html_()


def test_every_table_and_every_column_has_a_thai_label(home):
    assert list(labels.TABLES) == list(store.TABLES)
    for name, schema in store.schemas().items():
        frame = pd.DataFrame(columns=list(schema.columns))
        assert set(labels.headings(frame)) == set(frame), name


def test_labels_come_on_demand_and_leave_the_table_alone(home):
    study = castlib.load("north-upper-1")
    before = study.respondents.copy()
    words, values = study.labelled("respondents"), study.labelled(columns=False)
    pd.testing.assert_frame_equal(study.respondents, before)
    assert type(words) is pd.DataFrame
    assert list(words.columns[:3]) == ["รหัสผู้ตอบ", "จังหวัด", "กลุ่มจังหวัด"]
    assert words.columns.is_unique
    assert list(values.columns) == list(before.columns)
    assert [{"ชาย": "male", "หญิง": "female"}[word] for word in values["sex"]] == list(before["sex"])
    answers = values["leadership_1_actual"]
    assert list(answers.cat.categories) == ["น้อยที่สุด", "น้อย", "ปานกลาง", "มาก", "มากที่สุด"]
    assert (
        (answers.cat.codes + 1)
        .where(answers.notna())
        .equals(before["leadership_1_actual"].astype("float64"))
    )
    with pytest.raises(UnknownCode, match="respondents"):
        study.labelled("respondent")


def test_regions_in_one_call_each_with_its_parent(home):
    table = regions.table().set_index("region")
    assert list(table.index[:3]) == ["TH", "central-vicinity", "TH-11"]
    assert len(table) == 1 + 18 + 76
    assert table.loc["TH", "provinces"] == 76
    own = table[table["level"] == "province"]
    assert all(code in regions.members(parent) for code, parent in own["parent"].items())


def test_the_instrument_in_one_call_one_row_a_variable(home):
    table = castlib.instrument.table()
    answered = castlib.load("TH").respondents
    assert set(table["variable"]) <= set(answered.columns)
    assert set(castlib.instrument.load().answer_columns) <= set(table["variable"])
    assert table.set_index("variable").loc["leadership_1_actual", "construct_th"] == (
        "ภาวะผู้นำการเปลี่ยนแปลง"
    )
    assert "<table" in castlib.instrument.load()._repr_html_()


def completions(text: str) -> list[str]:
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import castlib; study = castlib.load('TH-50')")
    shell.Completer.use_jedi = False
    with provisionalcompleter():
        found = shell.Completer.completions(text, len(text))
        return sorted(item.text.rpartition(".")[2] for item in found)


def test_completion_shows_what_is_offered_and_nothing_else(home):
    assert completions("castlib.") == sorted(castlib.__all__)
    for name in ("stats", "text", "present", "spss"):
        assert completions(f"castlib.{name}.") == sorted(getattr(castlib, name).__all__)
    assert completions("castlib.explore.") == ["page"]
    assert completions("castlib.stats.groups.") == sorted(castlib.stats.groups.__all__)
    assert "Table" in completions("castlib.present.tables.")
    for topic in (castlib.stats, castlib.text, castlib.present):
        for module in (getattr(topic, name) for name in topic.__all__):
            assert not any(inspect.ismodule(getattr(module, name)) for name in dir(module))
    assert completions("castlib.regions.") == sorted(
        "check clusters codes every label level members provinces table".split()
    )
    assert completions("study.") == sorted([*store.TABLES, "region", "scores", "labelled"])


def results() -> list[type]:
    """Every frozen result that a public module of statistics gives."""
    found = {}
    for name in castlib.stats.__all__:
        for value in vars(getattr(castlib.stats, name)).values():
            if dataclasses.is_dataclass(value) and value.__module__.startswith("castlib.stats"):
                found[value.__qualname__] = value
    return [value for name, value in found.items() if name != "ClusterRobust" and name[0] != "_"]


@pytest.mark.parametrize("result", results(), ids=lambda value: value.__name__)
def test_every_result_shows_itself(result):
    assert issubclass(result, shown.Shown)
    assert result.__repr__ is shown.Shown.__repr__


@dataclasses.dataclass(frozen=True, repr=False)
class Result(shown.Shown):
    p: float
    effect_ci: tuple[float, float]
    df: tuple[float, float]
    curve: np.ndarray
    matrix: np.ndarray
    nothing: None
    groups: pd.DataFrame
    none: pd.DataFrame


def test_a_result_is_short_and_whole_numbers_stay_in_it():
    frame = pd.DataFrame({"name": ["<b>", "ข"], "p": [1e-9, 0.5]})
    made = Result(
        1e-9, (0.1, 0.2), (2.0, 17.5), np.arange(500.0), np.eye(9), None, frame, frame.head(0)
    )
    html = made._repr_html_()
    assert "&lt; .001" in html
    assert "[0.100, 0.200]" in html
    assert "ช่วงความเชื่อมั่นของขนาดอิทธิพล" in html
    assert "2, 17.500" in html
    assert "… (500)" in html
    assert "9 × 9" in html
    assert "&lt;b&gt;" in html
    assert len(html) < 4000
    assert "\n" not in repr(made)
    assert "groups 2 × 2" in repr(made)
    assert made.p == 1e-9


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("stat", "stats"), ("lod", "load"), ("region", "regions")],
)
def test_a_wrong_name_is_told_with_the_nearest(name, nearest):
    with pytest.raises(AttributeError, match=f"did you mean '{nearest}'"):
        getattr(castlib, name)


def test_a_wrong_table_of_a_region_is_told_too(home):
    study = castlib.load("TH-50")
    with pytest.raises(AttributeError, match="did you mean 'respondents'"):
        _ = study.respondent
    assert copy.copy(study).region == pickle.loads(pickle.dumps(study)).region == "TH-50"


def test_a_wrong_module_of_a_topic_is_told_too():
    for topic, wrong, right in (
        ("stats", "group", "groups"),
        ("text", "word", "words"),
        ("spss", "frequency", "frequencies"),
        ("stats.groups", "corelation", "correlation"),
        ("present.tables", "tabel", "table"),
    ):
        with pytest.raises(AttributeError, match=f"did you mean '{right}'"):
            getattr(importlib.import_module(f"castlib.{topic}"), wrong)


def test_every_name_that_a_topic_offers_is_there():
    for topic in ("stats", "text", "present"):
        package = importlib.import_module(f"castlib.{topic}")
        assert all(re.match("castlib", getattr(package, name).__name__) for name in package.__all__)
