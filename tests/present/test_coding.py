"""What pages say of the coding: shown where there is enough, refused with a reason where there is not."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from castlib import regions
from castlib.present import coding, figures, networks, notes
from castlib.present.figures import Figure
from castlib.present.tables import Table
from castlib.store import TABLES, Study
from castlib.text import coding as codes

LEAVES = [code for code, theme in codes.themes().items() if code != theme]


@pytest.fixture(autouse=True)
def style():
    figures.style()


def study(groups: int, region: str = "TH") -> Study:
    """A study in which two coders read eight segments of each group, and agree on most."""
    random = np.random.default_rng(5)
    homes = [regions.provinces().iloc[n % 76] for n in range(groups)]
    said, given = [], []
    for number, home in enumerate(homes):
        place = {"group": f"g{number}", "kind": "participants"}
        place |= {"province": home["province"], "cluster": home["cluster"]}
        for turn in range(1, 9):
            segment = {**place, "segment": f"g{number}:{turn}"}
            said.append({**segment, "speaker": f"ผู้ให้ข้อมูล {turn}", "text": "x" * 40})
            chosen = list(random.choice(LEAVES, 2, replace=False))
            for coder in ("coder-1", "coder-2"):
                kept = [code for code in chosen if random.random() < 0.9] or [None]
                given += [
                    {**segment, "coder": coder, "code": code, "start": 0, "end": 40}
                    for code in kept
                ]
    frames = dict.fromkeys(TABLES, pd.DataFrame())
    frames |= {"segments": pd.DataFrame(said), "codings": pd.DataFrame(given)}
    held = frames["segments"].drop_duplicates("group")[["group", "kind", "province", "cluster"]]
    return Study(region, **frames | {"groups": held.reset_index(drop=True)})


@pytest.fixture(scope="module")
def country():
    return study(76)


@pytest.fixture(scope="module")
def coded(country):
    return coding.examine(country)


def test_the_country_has_everything(country, coded):
    for shown in (coding.saturation(coded), coding.agreement(coded)):
        assert isinstance(shown, Table)
    for shown in (
        coding.saturation_figure(coded),
        networks.regions_figure(country),
        networks.network_figure(country),
    ):
        assert isinstance(shown, Figure)
        assert shown.alt
        assert len(set(np.asarray(Image.open(io.BytesIO(shown.png))).flatten())) > 10


def test_the_table_of_agreement_has_both_kinds_of_alpha(coded):
    shown = coding.agreement(coded)
    assert shown.columns[-2:] == ("c-α", "cu-α")
    assert len(shown.rows) == len(LEAVES)
    assert f"= {coded.marked.cu:.2f}" in shown.note
    labels = dict(zip(codes.codebook()["code"], codes.codebook()["label_th"], strict=True))
    by_label = {row[0]: row for row in shown.rows}
    for row in coded.marked.codes.itertuples():
        assert by_label[labels[row.code]][-2:] == (f"{row.alpha:.2f}", f"{row.cu:.2f}")


def test_named_values_are_those_of_the_page(coded):
    saved = coding.values(coded)
    assert saved["agreement.alpha"].shown == f"{coded.agreed.alpha:.2f}"
    assert saved["agreement.cu"].n == coded.marked.groups == 76
    assert saved["saturation.codes"].value == len(LEAVES)
    assert (saved["member_checks.groups"].value, saved["member_checks.groups"].n) == (0, 76)


def test_a_small_region_is_refused_with_a_reason():
    small = study(3, "north-upper-1")
    coded = coding.examine(small)
    for shown in (
        networks.regions_figure(small),
        networks.network_figure(small),
        coding.saturation_figure(coded),
        coding.agreement(coded),
    ):
        assert (shown.kind, "ไม่แสดงผลส่วนนี้" in shown.paragraphs[0]) == ("refusal", True)
    assert "มี 3 กลุ่ม" in coding.saturation(coded).rows[0][-1]
    assert list(coding.values(coded)) == ["member_checks.groups"]


def test_rare_codes_have_counts_and_no_coefficients():
    shown = coding.agreement(coding.examine(study(14)))
    few = [row for row in shown.rows if int(row[1]) < coding.LEAST_SEGMENTS]
    assert few
    assert all(set(row[2:]) == {"–"} for row in few)
    assert all("–" not in row[2:] for row in shown.rows if row not in few)


def test_one_coder_cannot_be_compared(country):
    alone = country.codings[country.codings["coder"] == "coder-1"]
    coded = coding.examine(replace(country, codings=alone))
    assert "ผู้ลงรหัสสองคน" in coding.agreement(coded).paragraphs[0]
    assert coding.values(coded)["agreement.alpha"].shown == "–"
    blank = country.codings.assign(code=None)
    assert "มีรหัส" in coding.agreement(coding.examine(replace(country, codings=blank))).paragraphs[0]


def test_the_same_data_give_the_same_pictures(country):
    assert networks.network_figure(country).png == networks.network_figure(country).png
    assert networks.regions_figure(country).png == networks.regions_figure(country).png


def test_counts_stand_in_the_alt_text(country):
    found = networks.network_figure(country)
    pairs = networks.matrices.co_occurrence(country.codings)
    drawn = (pairs["said_together"] >= networks.LEAST_TOGETHER).sum()
    assert f"{len(LEAVES)} ประเด็น {drawn} คู่" in found.alt


def test_codes_that_never_meet_are_drawn_without_lines(country):
    once = country.codings.drop_duplicates(["segment", "coder"])
    alone = once.assign(code=np.where(once["segment"].str.endswith(":1"), LEAVES[0], LEAVES[1]))
    assert "2 ประเด็น 0 คู่" in networks.network_figure(replace(country, codings=alone)).alt
    nothing = once.assign(code=None)
    assert networks.network_figure(replace(country, codings=nothing)).kind == "refusal"


def test_member_checks_are_told_by_role_and_what_changed(country, monkeypatch):
    assert "ยังไม่มีบันทึก" in coding.member_checks(country).paragraphs[0]
    rows = country.groups.head(2).assign(
        returned_on=pd.Timestamp("2022-11-30"), by=["researcher", "moderator"]
    )
    rows = rows.assign(outcome=["changed", "confirmed"], what_changed=["เพิ่มเรื่องน้ำ", ""])
    monkeypatch.setattr(coding.checks, "member_checks", lambda study: rows)
    shown = coding.member_checks(country)
    assert shown.rows == (
        ("ผู้เข้าร่วมโครงการ", "2/76", "คณะผู้วิจัย และผู้ดำเนินการสนทนา", "1", "1", "0", "เพิ่มเรื่องน้ำ"),
    )


def test_parts_are_shown_one_under_the_other():
    both = notes.together(notes.reading("หนึ่ง"), None, notes.reading("<สอง>"))
    assert both._repr_html_().count("<div") == 2
    assert "&lt;สอง&gt;" in both._repr_html_()
    assert repr(both) == "หนึ่ง\n<สอง>"
