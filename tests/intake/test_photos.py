import io
import time

import pytest
from PIL import Image

from castlib.intake import photos
from castlib.intake.source import _sha

from . import sample


@pytest.fixture
def look(arrive):
    def read(**files: bytes):
        arrivals = [
            arrive(
                content, name.replace("__", "/"), name[:5].replace("_", "-"), sha256=_sha(content)
            )
            for name, content in files.items()
        ]
        return photos.read(arrivals, lambda: None), arrivals

    return read


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def test_format_is_by_content_and_size_is_true(look):
    found, _ = look(TH_50__a=sample.picture(1), TH_50__b=sample.picture(2, "PNG", (30, 20)))
    assert [(f["format"], f["width"], f["height"]) for f in found] == [
        ("JPEG", 48, 36),
        ("PNG", 30, 20),
    ]
    assert [f["photo"] for f in found] == ["TH-50-P01", "TH-50-P02"]
    assert found[0]["cluster"] == "north-upper-1"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_is_cut_off_is_refused(look, kind, share):
    whole = sample.picture(1, kind, (200, 150))
    found, (arrival,) = look(TH_50__a=whole[: int(len(whole) * share)])
    assert not found
    assert codes(arrival) == ["photo-unreadable"]


def test_other_formats_are_refused(look):
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "GIF")
    _, (arrival,) = look(TH_50__a=file.getvalue())
    assert codes(arrival) == ["photo-unreadable"]


@pytest.mark.parametrize("side", [9_000, 20_000, 50_000])
def test_a_picture_of_too_many_pixels_is_refused_at_once(look, side):
    started = time.monotonic()
    _, (arrival,) = look(TH_50__a=sample.huge(side))
    assert codes(arrival) == ["photo-too-large"]
    assert time.monotonic() - started < 1


def test_the_same_bytes_count_once_in_a_province_and_are_warned_elsewhere(look):
    same = sample.picture(1)
    found, arrivals = look(TH_50__a=same, TH_50__b=same, TH_51__a=same, TH_51__b=same)
    assert [f["province"] for f in found] == ["TH-50", "TH-51"]
    assert [codes(a) for a in arrivals] == [
        [],
        ["photo-twice"],
        ["photo-elsewhere"],
        ["photo-twice"],
    ]
