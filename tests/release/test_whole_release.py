"""The synthetic country's package, made by the command with the gate: as it would be given away."""

import json

import pandas as pd
import pytest

from castlib import store

from . import attack
from .country import everything

pytestmark = pytest.mark.slow
SHINGLE = 20


@pytest.fixture(scope="module")
def given_away(whole_home, tmp_path_factory, cast):
    folder = tmp_path_factory.mktemp("to") / "package"
    cast(whole_home, "release", "--to", str(folder))
    return folder


def test_the_country_passes_by_the_first_scheme_with_little_loss(given_away):
    report = json.loads((given_away / "disclosure.json").read_text(encoding="utf-8"))["records"]
    assert report["k_achieved"] >= 5
    assert report["records"] > 700
    assert report["schemes_refused"] == []
    assert all(variable["share"] < 0.15 for variable in report["suppressed"].values())


def test_nobody_s_words_are_in_it(given_away, whole_home, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(whole_home))
    study = store.load()
    said = [*study.segments["text"], *study.respondents["obstacle"], *study.respondents["proposal"]]
    said = {text for text in said if isinstance(text, str) and len(text) >= SHINGLE}
    assert len(said) > 1000
    for name, content in everything(given_away):
        text = content.decode(errors="replace")
        shingles = {text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}
        assert not [words for words in said if words[:SHINGLE] in shingles and words in text], name


def test_nothing_withheld_can_be_computed_from_it(given_away, whole_home, monkeypatch):
    from castlib.release import plan

    monkeypatch.setenv("CAST_HOME", str(whole_home))
    counts = pd.read_csv(given_away / "counts.csv")
    records = pd.read_csv(given_away / "respondents.csv")
    groups = plan.load(synthetic=True).grouping("sector_group")
    for place, (low, high) in attack.on_counts(counts, records, groups).items():
        assert high - low >= 5 - 1e-6, place
