"""The English of results: every label of the study has one, and nothing stays Thai unnoticed."""

import pandas as pd
import pytest

from castlib import instrument, paths
from castlib.book.english import THAI, english
from castlib.present import readings, thai


def test_every_label_that_a_result_may_say_has_an_english_one():
    tool = instrument.load()
    named = [*tool.constructs["name_th"], *instrument.levels()["labels"]["th"]]
    named += readings.theme_labels().values()
    assert [label for label in named if THAI.search(english(label))] == []


def test_lists_and_paths_of_labels_are_told_in_english():
    labels = list(instrument.load().constructs["name_th"])[:3]
    names = list(instrument.load().constructs["name_en"])[:3]
    assert english(thai.listed(labels)) == f"{names[0]}, {names[1]} and {names[2]}"
    assert english(f"{labels[0]} + {labels[1]} หรือ {labels[2]}") == (
        f"{names[0]} + {names[1]} or {names[2]}"
    )


def test_an_absent_condition_is_told_as_absent():
    tool = instrument.load().constructs
    first, second = tool["name_th"][:2]
    assert english(f"{first} + ไม่มี{second}") == f"{tool['name_en'][0]} + no {tool['name_en'][1]}"
    assert english("ไม่มี") == "none"


def test_what_has_no_english_is_refused():
    with pytest.raises(LookupError, match="นอกสมุดรหัส"):
        english("นอกสมุดรหัส")
    codes = pd.read_csv(paths.data() / "codebook.csv", dtype=str, keep_default_na=False)
    with pytest.raises(LookupError):
        english(f"{codes['label_th'][0]}จริง")
