"""The notebooks are templates: what CONTRIBUTING asks of them, checked."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from castlib import analyses, protocol

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "notebooks").glob("[0-9]_*.ipynb"))
# what researchers begin with: not phases, but in the house's form
OTHERS = [ROOT / "notebooks" / f"{name}.ipynb" for name in ("explore", "template")]
TAGS = {"parameters", "remove-input", "hide-input"}


def read(file: Path):
    found = nbformat.read(file, as_version=4)
    nbformat.validate(found)
    return found


@pytest.fixture(params=TEMPLATES, ids=lambda file: file.stem)
def notebook(request):
    return read(request.param)


@pytest.fixture(params=[*TEMPLATES, *OTHERS], ids=lambda file: file.stem)
def any_notebook(request):
    return read(request.param)


def code_cells(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_one_for_each_phase_in_order():
    assert [file.stem.split("_", 1)[1] for file in TEMPLATES] == list(protocol.PHASES)
    for file, phase in zip(TEMPLATES, protocol.PHASES, strict=True):
        assert f'PHASE = "{phase}"' in code_cells(read(file))[0].splitlines()


def test_there_is_no_notebook_but_these_and_researchers_own():
    assert {file.stem for file in OTHERS} == set(analyses.RESERVED)


def test_no_outputs_are_stored(any_notebook):
    assert all(not cell.get("outputs") for cell in any_notebook.cells)
    assert all(cell.get("execution_count") is None for cell in any_notebook.cells)
    assert any_notebook.metadata.kernelspec.name == "cast"


def test_cells_have_at_most_15_lines(any_notebook):
    assert max(len(source.splitlines()) for source in code_cells(any_notebook)) <= 15


def test_it_has_12_to_25_cells(notebook):
    assert 12 <= len(notebook.cells) <= 25


def test_the_parameters_are_plain_codes(notebook):
    tagged = [c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    assigned = {
        node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(tagged[0]).body
    }
    assert set(assigned) == {"REGION", "PHASE"}
    assert assigned["REGION"] == "TH"


def test_tags_are_known(any_notebook):
    assert {tag for c in any_notebook.cells for tag in c.metadata.get("tags", [])} <= TAGS


def test_nothing_is_defined_or_fetched(any_notebook):
    for source in code_cells(any_notebook):
        tree = ast.parse(source)
        defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, defined) for node in ast.walk(tree))
        assert not re.search(r"rcParams|open\(|Path\(|https?://|^\s*[%!]|\.\./", source, re.M)


def test_it_ends_by_saving_and_prints_nothing(notebook):
    assert "results.save(REGION, PHASE" in code_cells(notebook)[-1]
    assert not any("print(" in source for source in code_cells(notebook))


def test_prose_is_thai_and_carries_no_result(any_notebook):
    for cell in any_notebook.cells:
        if cell.cell_type == "markdown":
            assert re.search("[ก-๛]", cell.source)
            assert not re.search(r"\d+\.\d{2,}\s*(คะแนน|ระดับ)|ร้อยละ \d", cell.source)
