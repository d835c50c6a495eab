from pathlib import Path

import pytest

from castlib import paths
from castlib.intake.arrival import Arrival


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for a test: the study's data, and an empty build/."""
    place = tmp_path / "home"
    place.mkdir()
    (place / "data").symlink_to(paths.data())
    monkeypatch.setenv("CAST_HOME", str(place))
    return place


@pytest.fixture
def arrive(tmp_path: Path):
    """Write one file and return its arrival."""

    def write(content: bytes, path: str = "file", province: str | None = None, **known) -> Arrival:
        file = tmp_path / "source" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return Arrival(path, file, len(content), province=province, **known)

    return write
