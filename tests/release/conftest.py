import json
import shutil
import sys
import types
from pathlib import Path

import pytest

from castlib import release

from . import country


@pytest.fixture
def open_gate(monkeypatch) -> list[Path]:
    """A gate that lets everything pass, and the folders that it was shown."""
    seen: list[Path] = []
    gate = types.ModuleType("castlib.privacy.gate")
    gate.check = lambda folder: seen.append(folder)
    monkeypatch.setitem(sys.modules, gate.__name__, gate)
    monkeypatch.setattr("castlib.privacy.gate", gate, raising=False)
    return seen


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home of the test's own with its tables."""
    made = country.make_home(tmp_path / "home")
    monkeypatch.setenv("CAST_HOME", str(made))
    country.write_study()
    return made


@pytest.fixture
def at_once(monkeypatch, package):
    """A release whose files are those of the package: for tests of where it is put."""

    def copy(folder: Path, given: object) -> dict:
        shutil.copytree(package, folder, dirs_exist_ok=True)
        return json.loads((folder / "disclosure.json").read_text(encoding="utf-8"))

    monkeypatch.setattr(release, "write", copy)


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Path:
    """The package of a synthetic country, made once; tests only read it."""
    made = country.make_home(tmp_path_factory.mktemp("release") / "home")
    folder = tmp_path_factory.mktemp("package")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(made))
        country.write_study()
        release.write(folder, release.plan.load(synthetic=True))
    return folder
