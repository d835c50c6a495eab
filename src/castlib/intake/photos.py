"""Photographs: real JPEG, PNG or HEIC pictures by content, whole, of bearable size, each counted once.

The same bytes twice in a province count once, and so does the same picture made smaller or saved again
(likenesses that differ by less than 3 of 255 on average); in two provinces both count and the later is
warned. Where and when a picture was taken is compared with its province, 25 km beyond its outline
allowed, and with the time from the study's first day to the upload; neither is kept.
"""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from castlib import protocol, regions
from castlib.intake import outlines, pictures
from castlib.intake.arrival import Arrival, first_day
from castlib.intake.pictures import SIDE, Look

SMALLEST_SIDE = 100
SAME, BEYOND_KM = 3.0, 25.0


def read(arrivals: list[Arrival], tick: Callable[[], None], jobs: int = 2) -> list[dict]:
    """Return a record a photo that counts: photo, province, cluster, format, size, digest, time, file.

    Photos are numbered by path within their province. `tick` is called as each has been looked at.
    """
    home = regions.provinces().set_index("province")["cluster"]
    Image.init()
    with warnings.catch_warnings(), ThreadPoolExecutor(jobs) as pool:
        # sizes are judged by pictures, and what Pillow finds odd in a readable picture is no fault
        warnings.simplefilter("ignore")
        looks = []
        for look in pool.map(lambda arrival: pictures.look(arrival.file), arrivals):
            looks.append(look)
            tick()
    found: list[dict] = []
    seen = _Seen(len(arrivals))
    numbers: dict[str, int] = {}
    for arrival, look in zip(arrivals, looks, strict=True):
        if not _counts(arrival, look, seen):
            continue
        _warn(arrival, look)
        province = arrival.province
        numbers[province] = numbers.get(province, 0) + 1
        found.append(
            {
                "photo": f"{province}-P{numbers[province]:02d}",
                "province": province,
                "cluster": home[province],
                "format": look.format,
                "width": look.width,
                "height": look.height,
                "sha256": arrival.sha256,
                "submitted_at": arrival.submitted_at,
                "source_file": arrival.path,
                "source_row": 0,
            }
        )
    return found


class _Seen:
    """The photos that count so far, to be found by their bytes and by their likeness."""

    def __init__(self, most: int) -> None:
        self.bytes: dict[tuple[str, ...], Arrival] = {}
        self.likenesses = np.zeros((most, SIDE * SIDE * 3), dtype=np.int16)
        self.means = np.zeros(most)
        self.owners: list[Arrival] = []

    def alike(self, likeness: np.ndarray) -> list[Arrival]:
        """Return the photos that show the same picture."""
        number = len(self.owners)
        # pictures whose means are further apart cannot be alike
        close = np.flatnonzero(np.abs(self.means[:number] - likeness.mean()) < SAME)
        apart = np.abs(self.likenesses[close] - likeness).mean(axis=1)
        return [self.owners[k] for k in close[apart < SAME]]

    def add(self, arrival: Arrival, likeness: np.ndarray | None) -> None:
        """Remember a photo that counts."""
        self.bytes.setdefault((arrival.sha256, arrival.province), arrival)
        self.bytes.setdefault((arrival.sha256,), arrival)
        if likeness is not None:
            self.likenesses[len(self.owners)] = likeness
            self.means[len(self.owners)] = likeness.mean()
            self.owners.append(arrival)


def _counts(arrival: Arrival, look: Look, seen: _Seen) -> bool:
    """Whether a picture counts; if not, it is refused with the reason."""
    if look.refusal:
        arrival.refuse(look.refusal, given=look.given, limit=look.limit)
        return False
    if arrival.province is None:
        arrival.refuse("file-no-province")
        return False
    if same := seen.bytes.get((arrival.sha256, arrival.province)):
        arrival.refuse("photo-twice", given=same.path)
        return False
    alike = [] if look.thumb is None else seen.alike(look.thumb)
    here = next((other for other in alike if other.province == arrival.province), None)
    if here:
        arrival.refuse("photo-same", given=here.path)
        return False
    elsewhere = seen.bytes.get((arrival.sha256,)) or next(iter(alike), None)
    if elsewhere:
        arrival.fault("photo-elsewhere", given=elsewhere.path)
    seen.add(arrival, look.thumb)
    return True


def _warn(arrival: Arrival, look: Look) -> None:
    """Say what is odd about a picture that counts."""
    if min(look.width, look.height) < SMALLEST_SIDE:
        size = f"{look.width:,} × {look.height:,}"
        arrival.fault("photo-small", given=size, limit=SMALLEST_SIDE)
    if look.blank:
        arrival.fault("photo-blank")
    _compare_place(arrival, look.position)
    study = protocol.load()
    start = first_day()
    end = arrival.submitted_at.date() if arrival.submitted_at else study.analysis["end"]
    if look.day and not start <= look.day <= end:
        given, limit = protocol.thai_date(look.day), protocol.thai_period(start, end)
        arrival.fault("photo-time", given=given, limit=limit)


def _compare_place(arrival: Arrival, position: tuple[float, float] | None) -> None:
    """Say so when a picture was taken well outside its province, and in which; never where exactly."""
    if position is None or outlines.distance(arrival.province, *position) <= BEYOND_KM:
        return
    where = outlines.province_at(*position)
    given = f"ใน{regions.label(where)}" if where else "นอกจังหวัดทั้งหมดของการศึกษา"
    arrival.fault("photo-place", given=given, folder=regions.label(arrival.province))
