"""The whole country, grown once, and homes with fewer provinces."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from castlib import paths
from castlib.demo import country

SEED = country.SEED


@pytest.fixture(scope="session")
def grown() -> tuple[dict[str, bytes], dict]:
    """The files of the whole country and its truth."""
    return country.grow(SEED)


@pytest.fixture(scope="session")
def content(grown) -> dict[str, bytes]:
    return grown[0]


@pytest.fixture(scope="session")
def known(grown) -> dict:
    return grown[1]


@pytest.fixture(scope="session")
def sheet(content) -> Callable[[str], pd.DataFrame]:
    """A CSV file of the country as text."""

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(io.BytesIO(content[name]), dtype=str, keep_default_na=False)

    return read


@pytest.fixture
def small_home(tmp_path, monkeypatch) -> Callable[[int], Path]:
    """Make a home whose country has the first so many provinces, and go to live there."""
    official = paths.data()

    def settle(provinces: int) -> Path:
        skip = shutil.ignore_patterns("text", "raw", "*.geojson")
        shutil.copytree(official, tmp_path / "data", ignore=skip)
        listed = (official / "provinces.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(listed[: provinces + 1])
        (tmp_path / "data" / "provinces.csv").write_text(kept, encoding="utf-8")
        monkeypatch.setenv("CAST_HOME", str(tmp_path))
        return tmp_path

    return settle
