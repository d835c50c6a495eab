"""Numbers from R and the real data they were computed from."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "stats"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "oracle"


@pytest.fixture(scope="session")
def oracle():
    """Read one R result by file and name; matrices and frames come as DataFrames."""

    def read(file: str, name: str):
        text = (REFERENCE / f"{file}.json").read_text(encoding="utf-8")
        return shaped(json.loads(text)["oracles"][name]["value"])

    return read


def shaped(value):
    """Turn what R printed into frames, all the way down."""
    if not isinstance(value, dict):
        return value
    if set(value) == {"rows", "cols", "data"}:
        rows, columns = ([n] if isinstance(n, str) else n for n in (value["rows"], value["cols"]))
        return pd.DataFrame(value["data"], index=rows, columns=columns)
    return {key: shaped(inner) for key, inner in value.items()}


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of R's numbers and the data that go with them."""
    return REFERENCE


@pytest.fixture(scope="session")
def bfi() -> pd.DataFrame:
    """The scored personality items of 2800 people."""
    return pd.read_csv(REFERENCE / "bfi_scored.csv")


@pytest.fixture(scope="session")
def bfi_items(bfi) -> pd.DataFrame:
    """The 25 items, with their missing answers."""
    return bfi[[f"{letter}{i}" for letter in "ACENO" for i in range(1, 6)]]


@pytest.fixture(scope="session")
def pupils() -> pd.DataFrame:
    """Holzinger and Swineford's pupils."""
    return pd.read_csv(REFERENCE / "holzinger_swineford_1939.csv")


@pytest.fixture(scope="session")
def judges() -> pd.DataFrame:
    """Shrout and Fleiss's ratings, a row a rating."""
    wide = pd.read_csv(REFERENCE / "shrout_fleiss_1979.csv")
    long = wide.melt(ignore_index=False, var_name="judge", value_name="score")
    return long.reset_index(names="target")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the repository."""
    if not SHARED.exists():
        pytest.skip("not run: no reference data in ../shared/data/oracle")
    return SHARED


@pytest.fixture(scope="session")
def study() -> pd.DataFrame:
    """A study of the real one's shape: 76 districts of 10, ICC about 0.1, seven paired scores, an outcome."""
    rng = np.random.default_rng(76)
    district = np.repeat(np.arange(76), 10)
    level = rng.normal(0, 0.33, (76, 1))[district] + rng.normal(0, 0.3, (760, 1))
    actual = np.clip(3.6 + level + rng.normal(0, 0.9, (760, 7)), 1, 5)
    expected = np.clip(4.5 + 0.3 * level + rng.normal(0, 0.4, (760, 7)), 1, 5)
    frame = pd.DataFrame(actual, columns=[f"c{i}_actual" for i in range(7)])
    frame = frame.join(pd.DataFrame(expected, columns=[f"c{i}_expected" for i in range(7)]))
    frame["outcome"] = 1 + 0.5 * actual[:, 0] + 0.3 * actual[:, 1] + rng.normal(0, 0.5, 760)
    return frame.assign(district=district, sex=rng.choice(["f", "m"], 760), region=district // 13)


@pytest.fixture(scope="session")
def close():
    """Assert that numbers agree with R's, to 8 digits unless said."""

    def check(found, expected, rel=1e-8, abs_=1e-12):
        found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
        np.testing.assert_allclose(found, expected, rtol=rel, atol=abs_)

    return check
