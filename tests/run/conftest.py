"""A small home for runs: the repo's data, two-cell templates, digests in place of tables."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from castlib import paths

REPO = Path(__file__).resolve().parents[2]
PARAMETERS = 'REGION = "TH"\nPHASE = "instrument"'
SAVE = (
    "from castlib.present import results\n"
    "country = results.national(REGION, PHASE)\n"
    "{before}\n"
    "results.save(REGION, PHASE, {{'m': results.Value({value})}})"
)


class Home:
    """A home folder that tests shape: `template`, `rows`, and what was published."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def template(self, phase: str, *cells: str, parameters: str = PARAMETERS) -> None:
        """Write a phase's template: the parameters cell and these code cells."""
        tagged = {"tags": ["parameters"]}
        listed = [_cell(0, parameters, tagged)] + [_cell(n, c, {}) for n, c in enumerate(cells, 1)]
        content = {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        file = self.root / "notebooks" / f"1_{phase}.ipynb"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    def saving(self, phase: str, value: str, before: str = "") -> None:
        """Write a template that saves one value, `m`."""
        self.template(phase, SAVE.format(value=value, before=before))

    def rows(self, **digests: str) -> None:
        """Say what the rows of provinces digest to (underscores for hyphens); the others are 'a'."""
        study = self.root / "build" / "study"
        study.mkdir(parents=True, exist_ok=True)
        rows = {code.replace("_", "-"): digest for code, digest in digests.items()}
        about = {"synthetic": True, "source_digest": "", "rows": rows}
        (study / "study.json").write_text(json.dumps(about), encoding="utf-8")

    def notebook(self, region: str, phase: str) -> dict:
        """Return a published notebook."""
        return json.loads((paths.executed() / region / f"{phase}.ipynb").read_bytes())

    def output(self, region: str, phase: str) -> str:
        """Return everything that a published notebook printed."""
        cells = self.notebook(region, phase)["cells"]
        outputs = [out for cell in cells for out in cell.get("outputs", [])]
        return "".join("".join(out.get("text", "")) for out in outputs)

    def published(self) -> dict[str, bytes]:
        """Return every published file's content by its path under build/."""
        folders = (paths.executed(), paths.results())
        files = [file for folder in folders for file in folder.rglob("*.*")]
        return {str(file.relative_to(paths.build())): file.read_bytes() for file in sorted(files)}


def _cell(number: int, source: str, metadata: dict) -> dict:
    cell = {"cell_type": "code", "execution_count": None, "id": f"c{number}", "outputs": []}
    return cell | {"metadata": metadata, "source": source.splitlines(keepends=True)}


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    """An empty home with the study's data and rows that have been taken in."""
    root = tmp_path / "home"
    shutil.copytree(REPO / "data", root / "data", ignore=shutil.ignore_patterns("raw"))
    monkeypatch.setenv("CAST_HOME", str(root))
    made = Home(root)
    made.rows()
    return made


def _copied(root: Path, warm: str) -> Path:
    shutil.copytree(REPO / "src" / "castlib", root / "castlib")
    (root / "castlib" / "run" / "warm.py").write_text(warm)
    return root


@pytest.fixture(scope="session")
def copy_of_castlib():
    """What copies castlib to a folder for PYTHONPATH, with what its warm parent loads: little, to start soon."""
    return _copied


@pytest.fixture
def environment(home) -> Iterator[dict[str, str]]:
    """The environment for a run in a process of its own, which may be killed and leave its folder."""
    with tempfile.TemporaryDirectory(prefix="run-") as short:
        yield os.environ | {"CAST_HOME": str(home.root), "TMPDIR": short}
