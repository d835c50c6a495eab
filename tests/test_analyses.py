"""Names of researchers' own notebooks: found in notebooks/, kept apart from the phases."""

import nbformat
import pytest

from castlib import analyses, paths
from castlib.errors import CastError, UnknownCode


@pytest.fixture
def notebooks(home_of, tmp_path, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(home_of(tmp_path / "home", ("south-andaman",))))
    monkeypatch.delenv("CAST_RESULTS", raising=False)
    return paths.notebooks()


def test_a_new_notebook_carries_its_name_and_is_never_written_over(notebooks):
    file = analyses.new("my-second")
    assert file == notebooks / "my-second.ipynb"
    made = nbformat.read(file, as_version=4)
    nbformat.validate(made)
    assert 'PHASE = "my-second"' in made.cells[1].source
    assert "my_idea" not in file.read_text(encoding="utf-8")
    assert analyses.own() == ["my-second"]
    with pytest.raises(CastError, match=r"มี my-second\.ipynb อยู่แล้ว"):
        analyses.new("my-second.ipynb")


@pytest.mark.parametrize("name", ["results", "Scaling", "success-factors", "explore", "template"])
def test_names_of_the_study_are_taken(notebooks, name):
    with pytest.raises(CastError, match=f"ชื่อ {name} ใช้แล้ว"):
        analyses.new(name)
    with pytest.raises(CastError, match="ใช้แล้ว"):
        analyses.of(f"{name}.ipynb")


@pytest.mark.parametrize(
    "name", ["My Idea", "../up", "ความคิด", "1_instrument", "", "a" * 41, "a.b"]
)
def test_names_that_cannot_be_files_are_refused(notebooks, name):
    with pytest.raises(CastError, match="ใช้เป็นชื่อไฟล์ผลไม่ได้"):
        analyses.new(name)


def test_a_notebook_is_found_by_name_or_path_in_notebooks_only(notebooks, tmp_path):
    file = analyses.new("mine")
    assert analyses.of("mine.ipynb") == analyses.of(str(file)) == "mine"
    elsewhere = tmp_path / "other.ipynb"
    elsewhere.write_bytes(file.read_bytes())
    with pytest.raises(CastError, match=r"ย้าย other.ipynb ไปไว้ใน"):
        analyses.of(str(elsewhere))
    with pytest.raises(CastError, match=r"ไม่พบ nothing.ipynb .*ที่มีคือ mine"):
        analyses.of("nothing.ipynb")
    with pytest.raises(CastError, match=r"ต้องเป็นไฟล์ \.ipynb"):
        analyses.of("mine.py")


def test_results_are_saved_under_a_known_name_only(notebooks, monkeypatch):
    analyses.new("mine")
    assert analyses.check("mine") == "mine"
    with pytest.raises(UnknownCode, match="หมายถึง results"):
        analyses.check("result")
    monkeypatch.setenv("CAST_RESULTS", "somewhere")  # in a run, perhaps on another machine
    assert analyses.check("theirs") == "theirs"
