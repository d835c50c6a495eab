"""One picture looked at without trust: what it is, whether it is whole, how it looks, where and when it was made.

Its size is judged from the header before anything is decoded; JPEG is decoded at an eighth of its size,
which still reads every byte. Position and time serve the check and are kept nowhere.
"""

import math
import re
import threading
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from castlib.protocol import BUDDHIST_ERA

FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "HEIF": "HEIC"}
# a picture that is decoded whole takes up to nine bytes a pixel
MOST_PIXELS, MOST_WHOLE, LARGE = 80_000_000, 50_000_000, 16_000_000
EIGHTH = (64, 64)
SIDE, ENOUGH = 16, 400
ONE_COLOUR, FLAT = 12, 4.0
MOST_EXIF = 2**20
BUDDHIST_FROM = 2400

GPS, DETAILS, ORIENTATION, CHANGED = 0x8825, 0x8769, 0x0112, 0x0132
TAKEN = (0x9003, 0x9004)

_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "Photoshop",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cjP": "JPEG 2000",
    b"\0\0\1\0": "ICO",
    b"<svg": "SVG",
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DAY = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})")
_one_large = threading.Lock()


@dataclass(frozen=True)
class Look:
    """What was seen: `refusal` is the fault's code when the picture does not count, `given` its detail.

    `thumb`: 16 × 16 RGB as it is to be seen, None when there is too little in it to compare; `position`:
    longitude and latitude; `day`: when it was taken.
    """

    refusal: str = ""
    given: str = ""
    limit: int = 0
    format: str = ""
    width: int = 0
    height: int = 0
    blank: bool = False
    thumb: np.ndarray | None = None
    position: tuple[float, float] | None = None
    day: date | None = None


def look(file: Path) -> Look:
    """Return what a picture file shows, or why it does not count."""
    try:
        with file.open("rb") as opened:
            start = opened.read(64)
        if other := _other(start):
            return Look("photo-format", other)
        if start[4:8] == b"ftyp":
            _register_heic()
        with Image.open(file, formats=("JPEG", "PNG", "HEIF")) as image:
            limit = MOST_PIXELS if _in_eighths(image) else MOST_WHOLE
            width, height = image.size
            if width * height > limit:
                return Look("photo-too-large", f"{width:,} × {height:,}", limit // 1_000_000)
            if width * height > LARGE:
                with _one_large:
                    return _seen(image)
            return _seen(image)
    except Image.DecompressionBombError:
        given = f"มากกว่า {2 * Image.MAX_IMAGE_PIXELS // 1_000_000:,} ล้าน"
        return Look("photo-too-large", given, MOST_WHOLE // 1_000_000)
    except Exception:  # a damaged picture makes the libraries raise nearly anything
        return Look("photo-unreadable")


@cache
def _register_heic() -> None:
    """Let Pillow open HEIC; only when there is one, for the library is slow to load."""
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _other(start: bytes) -> str:
    """Return the name of a picture format that is not taken, if the file begins like one."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP"
    if start[4:8] == b"ftyp":
        brands = start[8:64]
        if brands.startswith((b"avif", b"avis")) or (b"avif" in brands and b"heic" not in brands):
            return "AVIF"
    return next((name for sign, name in _OTHERS.items() if start.startswith(sign)), "")


def _in_eighths(image: Image.Image) -> bool:
    """Whether a picture can be decoded small; a progressive JPEG is held in memory whole."""
    return image.format in ("JPEG", "MPO") and not image.info.get("progressive")


def _seen(image: Image.Image) -> Look:
    """Return what an opened picture shows after decoding all of it."""
    width, height = image.size
    kind = FORMATS[image.format]
    if kind == "JPEG":
        image.draft("RGB", EIGHTH)
    image.load()
    exif = _exif(image)
    thumb, blank = _thumb(image, exif.get(ORIENTATION) if exif else None)
    return Look(
        format=kind,
        width=width,
        height=height,
        blank=blank,
        thumb=thumb,
        position=_position(exif),
        day=_day(exif),
    )


def _thumb(image: Image.Image, orientation: object) -> tuple[np.ndarray | None, bool]:
    """Return a picture's likeness for comparing, and whether it is all of one colour."""
    clear = "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    image = _smaller(image)
    if clear:
        image = image.convert("RGBA")
    elif image.mode == "P":
        image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    small = image.resize((SIDE, SIDE), Image.Resampling.BOX)
    extrema = image.getextrema()
    if not isinstance(extrema[0], tuple):
        extrema = (extrema,)
    if image.mode == "RGBA":
        white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(white, small)
        blank = all(high - low <= ONE_COLOUR for low, high in extrema) or extrema[3][1] == 0
    elif image.mode.startswith(("I", "F")):
        top = 65535 if image.mode.startswith("I") else 1
        small = Image.fromarray((np.asarray(small, float) / top * 255).clip(0, 255).astype("uint8"))
        blank = (extrema[0][1] - extrema[0][0]) / top * 255 <= ONE_COLOUR
    else:
        blank = all(high - low <= ONE_COLOUR for low, high in extrema)
    if orientation in _TURNS:
        small = small.transpose(_TURNS[orientation])
    likeness = np.asarray(small.convert("RGB"), dtype=np.int16).reshape(-1, 3)
    return (None if likeness.std(axis=0).max() < FLAT else likeness.ravel()), blank


def _smaller(image: Image.Image) -> Image.Image:
    """Return a picture of some hundred pixels a side: copies of a large one would fill the memory."""
    factor = min(image.size) // ENOUGH
    if factor < 2 or image.mode.startswith(("I", "F")):
        return image
    if image.mode in ("P", "PA", "1"):
        return image.resize([side // factor for side in image.size], Image.Resampling.NEAREST)
    return image.reduce(factor)


def _exif(image: Image.Image) -> Image.Exif | None:
    """Return a picture's EXIF; None when there is none that can be read, which is no fault."""
    try:
        if len(image.info.get("exif") or b"") > MOST_EXIF:
            return None
        return image.getexif()
    except Exception:
        return None


def _position(exif: Image.Exif | None) -> tuple[float, float] | None:
    """Return the longitude and latitude at which a picture says it was taken."""
    try:
        gps = exif.get_ifd(GPS)
        latitude, longitude = _degrees(gps[2], gps[1], "S"), _degrees(gps[4], gps[3], "W")
    except Exception:
        return None
    real = 0 < abs(latitude) <= 90 and 0 < abs(longitude) <= 180
    return (longitude, latitude) if real else None


def _degrees(parts: tuple, side: str | bytes, negative: str) -> float:
    """Return degrees, minutes and seconds as degrees, south and west negative; NaN when they are not numbers."""
    whole = sum(float(part) / 60**power for power, part in enumerate(parts[:3]))
    text = side.decode("ascii", "replace") if isinstance(side, bytes) else str(side)
    found = -whole if text.strip("\0 ").upper() == negative else whole
    return found if math.isfinite(found) else math.nan


def _day(exif: Image.Exif | None) -> date | None:
    """Return the day on which a picture says it was taken; a camera may count Buddhist years."""
    try:
        details = exif.get_ifd(DETAILS)
        given = next((details[tag] for tag in TAKEN if details.get(tag)), exif.get(CHANGED))
        year, month, day = map(int, _DAY.match(str(given)).groups())
        return date(year - BUDDHIST_ERA if year >= BUDDHIST_FROM else year, month, day)
    except Exception:
        return None
