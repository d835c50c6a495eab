import io
import random
import re
import subprocess
import sys
import time
import zlib
from datetime import datetime

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from castlib.intake import photos, pictures
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


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Return a picture with large shapes, each seed a different one."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def saved(image: Image.Image, kind: str = "JPEG", **how) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def heic(image: Image.Image, *more: Image.Image, **how) -> bytes:
    whole = pillow_heif.from_pillow(image)
    for other in more:
        whole.add_from_pillow(other)
    file = io.BytesIO()
    whole.save(file, quality=70, **how)
    return file.getvalue()


def stamped(position: tuple[float, float] | None = None, taken: str = "", turned: int = 0) -> bytes:
    """Return EXIF with a position (longitude, latitude, of the north-east), a time, an orientation."""
    exif = Image.Exif()
    if position:
        east, north = ((int(x), int(x % 1 * 60), x * 60 % 1 * 60) for x in position)
        exif.get_ifd(pictures.GPS).update({1: "N", 2: north, 3: "E", 4: east})
    if taken:
        exif.get_ifd(pictures.DETAILS)[pictures.TAKEN[0]] = taken
    if turned:
        exif[pictures.ORIENTATION] = turned
    return exif.tobytes()


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def test_format_is_by_content_and_size_is_true(look):
    found, arrivals = look(
        TH_50__a=sample.picture(1),
        TH_50__b=sample.picture(2, "PNG", (130, 110)),
        TH_50__c=heic(scene(3)),
    )
    assert [(f["format"], f["width"], f["height"]) for f in found] == [
        ("JPEG", 120, 100),
        ("PNG", 130, 110),
        ("HEIC", 320, 240),
    ]
    assert [f["photo"] for f in found] == ["TH-50-P01", "TH-50-P02", "TH-50-P03"]
    assert not any(arrival.faults for arrival in arrivals)
    assert found[0]["cluster"] == "north-upper-1"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_that_is_cut_off_is_refused(look, kind, share):
    whole = heic(scene(1)) if kind == "HEIF" else sample.picture(1, kind, (200, 150))
    found, (arrival,) = look(TH_50__a=whole[: int(len(whole) * share)])
    assert not found
    assert codes(arrival) == ["photo-unreadable"]


@pytest.mark.parametrize(
    ("kind", "named"),
    [("GIF", "GIF"), ("WEBP", "WebP"), ("BMP", "BMP"), ("TIFF", "TIFF"), ("AVIF", "AVIF")],
)
def test_other_formats_are_named_and_refused(look, kind, named):
    _, (arrival,) = look(TH_50__a=saved(scene(1), kind))
    assert codes(arrival) == ["photo-format"]
    assert f"ชนิด {named} " in arrival.faults[0].sentence


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 500, "ข้อความ".encode(), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_refused(look, content):
    found, (arrival,) = look(TH_50__a=content)
    assert not found
    assert codes(arrival) == ["photo-unreadable"]


@pytest.mark.parametrize("side", [9_000, 20_000, 50_000])
def test_a_picture_of_too_many_pixels_is_refused_at_once(look, side):
    started = time.process_time()
    _, (arrival,) = look(TH_50__a=sample.huge(side))
    assert codes(arrival) == ["photo-too-large"]
    assert re.search(r"ขนาด (มากกว่า )?[0-9][0-9,]* (ล้าน|×)", arrival.faults[0].sentence)
    assert time.process_time() - started < 1


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


def bombed(side: int, change: str) -> bytes:
    """Return a HEIC that claims to be `side` pixels wide and high."""
    content = bytearray(heic(scene(1)))
    place = content.find(change.encode())
    while place >= 0:
        content[place + 8 : place + 16] = side.to_bytes(4, "big") * 2
        place = content.find(change.encode(), place + 4)
    return bytes(content)


@pytest.mark.parametrize("side", [8_000, 20_000, 50_000])
def test_a_heic_of_too_many_pixels_is_refused_at_once(look, side):
    started = time.process_time()
    _, (arrival,) = look(TH_50__a=bombed(side, "ispe"))
    assert codes(arrival) == ["photo-too-large"]
    assert time.process_time() - started < 1


def test_a_heic_that_is_larger_than_it_says_is_refused(look):
    _, (arrival,) = look(TH_50__a=bombed(64, "ispe"))
    assert codes(arrival) == ["photo-unreadable"]


def chunk(name: bytes, content: bytes) -> bytes:
    whole = name + content
    return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")


def test_bombs_in_what_goes_with_a_picture_are_refused_in_little_memory(tmp_path):
    """In a process of its own, whose memory can be measured."""
    png = saved(scene(1), "PNG")
    bomb = zlib.compress(b"\0" * 200_000_000)
    head, rest = png[:33], png[33:]
    files = {
        "text.png": head + chunk(b"zTXt", b"a\0\0" + bomb) + rest,
        "profile.png": head + chunk(b"iCCP", b"a\0\0" + bomb) + rest,
        "pixels.png": sample.huge(50_000),
        "pixels.heic": bombed(50_000, "ispe"),
        "lines.png": head.replace(b"\0\0\1@\0\0\0\xf0", b"\0\0\1@\0\0\0\xf0")
        + chunk(b"IDAT", bomb)
        + rest[-12:],
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    script = (
        "import pathlib, sys\n"
        "from castlib.intake import pictures\n"
        "for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    print(file.name, pictures.look(file).refusal or 'seen')\n"
        "status = pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1]\n"
        "print(int(status.split()[0]) // 1024)\n"
    )
    started = time.process_time()
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True
    )
    *looked, peak = done.stdout.split("\n")[:-1]
    assert "pixels.png photo-too-large" in looked
    assert "pixels.heic photo-too-large" in looked
    assert len(looked) == len(files)
    assert int(peak) < 300
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "content",
    [
        saved(scene(1).convert("CMYK")),
        saved(scene(1), progressive=True),
        saved(scene(1).convert("L")),
        saved(scene(1).convert("P"), "PNG", transparency=0),
        saved(scene(1).convert("RGBA"), "PNG"),
        saved(scene(1).convert("LA"), "PNG"),
        saved(scene(1).convert("1"), "PNG"),
        saved(Image.fromarray(np.asarray(scene(1).convert("L"), np.uint16) * 257), "PNG"),
        saved(scene(1), "PNG", save_all=True, append_images=[scene(2)]),
        saved(scene(1), "MPO", save_all=True, append_images=[scene(2)]),
        heic(scene(1), scene(2)),
    ],
    ids=[
        "cmyk",
        "progressive",
        "grey",
        "palette",
        "alpha",
        "grey-alpha",
        "bits",
        "16-bit",
        "moving",
        "mpo",
        "many",
    ],
)
def test_pictures_of_every_make_count(look, content):
    found, (arrival,) = look(TH_50__a=content)
    assert len(found) == 1
    assert found[0]["format"] in ("JPEG", "PNG", "HEIC")
    assert not arrival.faults


def test_the_same_picture_saved_again_counts_once_and_is_warned_elsewhere(look):
    picture = scene(1, (1600, 1200))
    found, arrivals = look(
        TH_50__a=saved(picture, quality=92),
        TH_50__b=saved(picture.resize((400, 300)), quality=40),
        TH_50__c=saved(picture, "PNG"),
        TH_50__d=heic(picture),
        TH_50__e=saved(picture.transpose(Image.Transpose.ROTATE_90), exif=stamped(turned=6)),
        TH_50__f=saved(scene(2)),
        TH_51__a=saved(picture.resize((800, 600))),
    )
    assert [codes(a) for a in arrivals] == [
        [],
        *[["photo-same"]] * 4,
        [],
        ["photo-elsewhere"],
    ]
    assert arrivals[0].path in arrivals[1].faults[0].sentence
    assert [f["photo"] for f in found] == ["TH-50-P01", "TH-50-P02", "TH-51-P01"]


def test_pictures_with_nothing_in_them_are_not_called_the_same(look):
    noise = [sample.picture(seed, "JPEG", (1600, 1200)) for seed in (1, 2)]
    found, arrivals = look(TH_50__a=noise[0], TH_50__b=noise[1])
    assert len(found) == 2
    assert not any(codes(a) for a in arrivals)


def test_blank_and_tiny_pictures_count_and_are_told(look):
    black, grey = Image.new("RGB", (200, 200)), Image.new("LA", (200, 200), (120, 255))
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    found, arrivals = look(
        TH_50__a=saved(black),
        TH_50__b=saved(grey, "PNG"),
        TH_50__c=saved(clear, "PNG"),
        TH_50__d=saved(scene(1, (300, 99))),
    )
    assert [codes(a) for a in arrivals] == [["photo-blank"]] * 3 + [["photo-small"]]
    assert "300 × 99" in arrivals[3].faults[0].sentence
    assert len(found) == 4


CHIANG_MAI, BANGKOK, TOKYO = (98.98, 18.79), (100.5, 13.75), (139.7, 35.7)


@pytest.mark.parametrize(
    ("position", "told"),
    [
        (CHIANG_MAI, None),
        ((99.05, 18.57), None),  # Lamphun's town, a few kilometres away
        ((99.1, 18.3), "ในจังหวัดลำพูน"),
        (BANGKOK, "นอกจังหวัดทั้งหมด"),
        (TOKYO, "นอกจังหวัดทั้งหมด"),
        ((98.35, 7.95), "ในจังหวัดภูเก็ต"),
    ],
)
def test_a_picture_from_another_place_names_the_province_only(look, position, told):
    found, (arrival,) = look(TH_50__a=saved(scene(1), exif=stamped(position)))
    assert len(found) == 1
    assert codes(arrival) == (["photo-place"] if told else [])
    if told:
        assert told in arrival.faults[0].sentence
        assert not any(str(part) in str(arrival.record()) for part in position)


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ("2022:11:09 10:00:00", None),
        ("2565:11:09 10:00:00", None),
        ("2022:10:01 00:00:00", None),
        ("2022:11:10 00:00:01", None),
        ("2022:09:30 10:00:00", "30 กันยายน 2565"),
        ("2022:11:11 10:00:00", "11 พฤศจิกายน 2565"),
        ("2019-01-05T10:00", "5 มกราคม 2562"),
        ("0000:00:00 00:00:00", None),
        ("2022:13:45", None),
        ("เมื่อวาน", None),
    ],
)
def test_a_picture_of_another_time_is_told(look, arrive, taken, told):
    picture = arrive(
        saved(scene(1), exif=stamped(taken=taken)),
        "TH-50/a",
        "TH-50",
        submitted_at=datetime(2022, 11, 10, 9),
    )
    assert len(photos.read([picture], lambda: None)) == 1
    assert codes(picture) == (["photo-time"] if told else [])
    if told:
        assert told in picture.faults[0].sentence
        assert "1 ตุลาคม – 10 พฤศจิกายน 2565" in picture.faults[0].sentence


def test_position_and_time_are_read_from_every_format(look):
    exif = stamped(BANGKOK, "2019:01:05 10:00:00")
    png, high = saved(scene(2), "PNG", exif=exif), heic(scene(3), exif=exif)
    found, arrivals = look(TH_50__a=saved(scene(1), exif=exif), TH_50__b=png, TH_50__c=high)
    assert [codes(a) for a in arrivals] == [["photo-place", "photo-time"]] * 3
    assert set(found[0]) == {
        *("photo", "province", "cluster", "format", "width", "height", "sha256"),
        *("submitted_at", "source_file", "source_row"),
    }


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif\0\0" + random.Random(2565).randbytes(60),
        b"Exif\0\0" + stamped((0.0, 0.0), "x")[6:],
        stamped((98.98, 18.79))[:-9],
    ],
)
def test_broken_exif_is_no_fault(look, exif):
    found, (arrival,) = look(TH_50__a=saved(scene(1), exif=exif))
    assert len(found) == 1
    assert not arrival.faults


WHOLE = {
    "jpeg": saved(scene(1), exif=stamped(CHIANG_MAI, "2022:11:09 10:00:00")),
    "png": saved(scene(1), "PNG"),
    "heic": heic(scene(1), exif=stamped(CHIANG_MAI)),
}


@pytest.mark.parametrize("kind", WHOLE)
@settings(
    max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_picture_is_seen_or_refused(tmp_path, kind, data):
    content = bytearray(WHOLE[kind])
    first = data.draw(st.sampled_from([200, len(content)]))
    for place in data.draw(st.lists(st.integers(0, first - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    file = tmp_path / "picture"
    file.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    seen = pictures.look(file)
    assert seen.refusal in ("", "photo-unreadable", "photo-too-large", "photo-format")
    assert bool(seen.format) is not bool(seen.refusal)
