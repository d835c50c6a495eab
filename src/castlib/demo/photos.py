"""Photographs of focus groups that never took place: drawn, small, each one different."""

import io
from functools import cache

import numpy as np
from fontpkg_sarabun import ROOT
from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
MARK = "ข้อมูลจำลอง"
FONT = ROOT / "files" / "Sarabun-Bold.ttf"
BAND = 64


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def draw(caption: str, random: np.random.Generator) -> bytes:
    """Return a JPEG of people round a table, marked as synthetic in sight and in the file, with a caption."""
    wall, table, *shirts = (
        tuple(int(part) for part in c) for c in random.integers(60, 216, (12, 3))
    )
    image = Image.new("RGB", SIZE, wall)
    pen = ImageDraw.Draw(image)
    left, top = (int(x) for x in random.integers(120, 180, 2))
    pen.ellipse((left, top, left + 340, top + 190), fill=table)
    for seat, shirt in enumerate(shirts):
        angle = 2 * np.pi * (seat + random.random() * 0.5) / len(shirts)
        x, y = left + 170 + 220 * np.cos(angle), top + 95 + 130 * np.sin(angle)
        pen.ellipse((x - 26, y - 10, x + 26, y + 44), fill=shirt)
        pen.ellipse((x - 14, y - 34, x + 14, y - 6), fill=(214, 178, 146))
    pen.rectangle((0, SIZE[1] - BAND, *SIZE), fill=(255, 255, 255))
    pen.text((16, SIZE[1] - BAND + 8), f"{MARK} · {caption}", font=_font(28), fill=(160, 20, 20))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=60, comment=MARK.encode())
    return file.getvalue()
