"""Photographs: real JPEG or PNG pictures by content, whole, of bearable size, each counted once.

A picture is opened by what it is, not by its name, and decoded far enough to know that nothing is cut
off. The same bytes twice in a province count once; in two provinces both count and the later is warned.
"""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from castlib import regions
from castlib.intake.arrival import Arrival

FORMATS = ("JPEG", "PNG")
MOST_PIXELS = 80_000_000
SMALL = (64, 64)


def read(arrivals: list[Arrival], tick: Callable[[], None], jobs: int = 2) -> list[dict]:
    """Return a record a photo that counts: photo, province, cluster, format, size, digest, time, file.

    Photos are numbered by path within their province. `tick` is called as each has been looked at.
    """
    home = regions.provinces().set_index("province")["cluster"]
    Image.init()
    with warnings.catch_warnings(), ThreadPoolExecutor(jobs) as pool:
        # sizes are judged below, and what Pillow finds odd in a readable picture is no fault
        warnings.simplefilter("ignore")
        looks = []
        for look in pool.map(_look, arrivals):
            looks.append(look)
            tick()
    found: list[dict] = []
    seen: dict[tuple[str, ...], Arrival] = {}
    numbers: dict[str, int] = {}
    for arrival, look in zip(arrivals, looks, strict=True):
        if not _counts(arrival, look, seen):
            continue
        province = arrival.province
        numbers[province] = numbers.get(province, 0) + 1
        found.append(
            {
                "photo": f"{province}-P{numbers[province]:02d}",
                "province": province,
                "cluster": home[province],
                **look,
                "sha256": arrival.sha256,
                "submitted_at": arrival.submitted_at,
                "source_file": arrival.path,
                "source_row": 0,
            }
        )
    return found


def _look(arrival: Arrival) -> dict | None:
    """Return a picture's format and size after decoding it; without a format when it is too large."""
    try:
        with Image.open(arrival.file, formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                return {"format": None, "width": width, "height": height}
            kind = "PNG" if image.format == "PNG" else "JPEG"
            if kind == "PNG":
                image.verify()
            else:
                image.draft("RGB", SMALL)
                image.load()
            return {"format": kind, "width": width, "height": height}
    except Image.DecompressionBombError:
        return {"format": None, "width": 0, "height": 0}
    except Exception:  # a damaged picture makes the library raise nearly anything
        return None


def _counts(arrival: Arrival, look: dict | None, seen: dict[tuple[str, ...], Arrival]) -> bool:
    """Whether a picture counts; if not, it is refused with the reason."""
    if look is None:
        arrival.refuse("photo-unreadable")
    elif look["format"] is None:
        given = f"{look['width']:,} × {look['height']:,}" if look["width"] else "เกินกำหนดมาก"
        arrival.refuse("photo-too-large", given=given, limit=MOST_PIXELS // 1_000_000)
    elif arrival.province is None:
        arrival.refuse("file-no-province")
    else:
        here = seen.setdefault((arrival.sha256, arrival.province), arrival)
        anywhere = seen.setdefault((arrival.sha256,), arrival)
        if here is not arrival:
            arrival.refuse("photo-twice", given=here.path)
        elif anywhere is not arrival:
            arrival.fault("photo-elsewhere", given=anywhere.path)
    return not arrival.refused
