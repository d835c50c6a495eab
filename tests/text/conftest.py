"""Small tables as the intake writes them, and real Thai text where it is at hand."""

from pathlib import Path

import pandas as pd
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the repository."""
    if not SHARED.exists():
        pytest.skip(f"not run: no reference data in {SHARED.parent.name}/{SHARED.name}")
    return SHARED


@pytest.fixture(scope="session")
def messages(shared):
    """Real Thai messages of one sentiment (pos, neg, neu, q), one a line."""

    def read(sentiment: str) -> list[str]:
        file = shared / "wisesight" / f"{sentiment}.txt"
        return file.read_text(encoding="utf-8").split("\n")[:-1]

    return read


@pytest.fixture(scope="session")
def segments():
    """Make a table of segments from (group, speaker, text) rows; clusters a, b by the group's letter."""

    def make(*rows: tuple[str, str, str]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=["group", "speaker", "text"])
        frame["turn"] = frame.groupby("group").cumcount() + 1
        frame["segment"] = frame["group"] + ":" + frame["turn"].astype(str)
        frame["kind"] = frame["group"].str[0].map({"s": "staff"}).fillna("participants")
        home = frame["group"].str[0].map({"a": "north-upper-1", "b": "south-gulf"})
        return frame.assign(
            province=frame["group"].where(home.notna()), cluster=home, question="q1"
        )

    return make


@pytest.fixture(scope="session")
def codings():
    """Make a table of codings from (segment, coder, codes separated by ;) rows, empty = nothing."""

    def make(*rows: tuple[str, str, str]) -> pd.DataFrame:
        frame = pd.DataFrame(rows, columns=["segment", "coder", "code"])
        frame["code"] = frame["code"].str.split(";")
        frame = frame.explode("code", ignore_index=True)
        frame["code"] = frame["code"].where(frame["code"] != "")
        frame["group"] = frame["segment"].str.split(":").str[0]
        home = frame["group"].str[0].map({"a": "north-upper-1", "b": "south-gulf"})
        frame["kind"] = frame["group"].str[0].map({"s": "staff"}).fillna("participants")
        place = {"province": frame["group"].where(home.notna()), "cluster": home}
        return frame.assign(**place, start=0, end=20, coded_at=pd.NaT)

    return make
