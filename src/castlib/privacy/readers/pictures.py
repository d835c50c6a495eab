"""What a picture says beside its pixels: EXIF with position, XMP, IPTC, text chunks, comments, leftovers."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from castlib.privacy.readers.piece import GPS, Inside, Piece, Unreadable, strings, within

PNG = b"\x89PNG\r\n\x1a\n"
MOST_TEXT = 2**20
GPS_IFD, OTHER_IFDS = 0x8825, (0x8769, 0xA005)
# tags of Windows in UTF-16, and the user's comment with its encoding before it
WIDE_TAGS, USER_COMMENT = range(0x9C9B, 0x9CA0), 0x9286
PIXELS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"gAMA", b"cHRM", b"sRGB")
)
XMP_GPS = ("GPSLatitude", "GPSLongitude", "GPSPosition")


def read(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield what a picture says in any part of it that is not pixels."""
    for piece in _png(content, inside) if content.startswith(PNG) else _other(content, inside):
        yield piece
        if any(mark in piece.text for mark in XMP_GPS):
            yield Piece(piece.place, "", GPS)


def _png(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Walk the chunks of a PNG; no pixel is unpacked."""
    at, kind = len(PNG), b""
    while kind != b"IEND":
        if at + 12 > len(content):
            raise Unreadable("ภาพไม่สมบูรณ์")
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        at += length + 12
        if kind in PIXELS:
            continue
        place = f"ข้อมูลกำกับภาพ {kind.decode('latin-1')}"
        if kind == b"eXIf":
            yield from _exif(body, place)
        elif kind == b"iTXt":
            yield from within(place, _international(body, inside))
        elif kind in (b"tEXt", b"zTXt"):
            word, _, text = body.partition(b"\0")
            text = _inflated(text[1:]) if kind == b"zTXt" else text
            yield from _texts(f"{place} {word.decode('latin-1')}", text)
        else:
            yield from (Piece(place, text) for text in strings(body))
    yield from (Piece("ข้อมูลต่อท้ายภาพ", text) for text in strings(content[at:]))


def _international(body: bytes, inside: Inside) -> Iterator[Piece]:
    word, _, rest = body.partition(b"\0")
    packed, rest = rest[:1] == b"\1", rest[2:]
    _language, translated, text = rest.split(b"\0", 2)
    text = _inflated(text) if packed else text
    name = word.decode("latin-1")
    yield Piece(name, translated.decode("utf-8", "replace"))
    if text.lstrip().startswith(b"<"):
        yield from within(name, inside("xmp.xml", text))
    yield from _texts(name, text)


def _inflated(packed: bytes) -> bytes:
    inflating = zlib.decompressobj()
    text = inflating.decompress(packed, MOST_TEXT)
    if inflating.unconsumed_tail:
        raise Unreadable("ข้อความในภาพใหญ่เกินกว่าจะค้น")
    return text


def _texts(place: str, text: bytes) -> Iterator[Piece]:
    """Yield a text whose encoding is not told: as UTF-8, otherwise as Thai and as Latin."""
    try:
        yield Piece(place, text.decode("utf-8"))
    except UnicodeDecodeError:
        yield Piece(place, text.decode("cp874", "replace"))
        yield Piece(place, text.decode("latin-1"))


def _other(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Read a picture's metadata with Pillow, and the readable runs between its parts."""
    import pillow_heif
    from PIL import Image, UnidentifiedImageError

    pillow_heif.register_heif_opener()
    try:
        with Image.open(BytesIO(content)) as image:
            yield from _exif_of(image.getexif(), "ข้อมูลกำกับภาพ EXIF")
            for name, value in {
                **image.info,
                **dict(enumerate(getattr(image, "applist", ()))),
            }.items():
                yield from _values(f"ข้อมูลกำกับภาพ {name}", value, inside)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Unreadable("ภาพเปิดไม่ได้") from error
    if content.startswith(b"\xff\xd8"):
        content = content[content.rfind(b"\xff\xd9") + 2 :]
        yield from (Piece("ข้อมูลต่อท้ายภาพ", text) for text in strings(content))


def _exif(body: bytes, place: str) -> Iterator[Piece]:
    from PIL import Image

    tags = Image.Exif()
    tags.load(body)
    yield from _exif_of(tags, place)


def _exif_of(tags, place: str) -> Iterator[Piece]:
    if tags.get_ifd(GPS_IFD):
        yield Piece(f"{place} GPS", "", GPS)
    for ifd in (tags, *(tags.get_ifd(number) for number in OTHER_IFDS)):
        for tag, value in ifd.items():
            name = f"{place} {_tag_name(tag)}"
            if tag in WIDE_TAGS and isinstance(value, (bytes, tuple)):
                yield Piece(name, bytes(value).decode("utf-16-le", "replace").rstrip("\0"))
            elif tag == USER_COMMENT and isinstance(value, bytes):
                wide = value.startswith(b"UNICODE")
                for codec in ("utf-16-le", "utf-16-be") if wide else ():
                    yield Piece(name, value[8:].decode(codec, "replace"))
                yield from _texts(name, value[0 if wide else 8 :])
            else:
                yield from _values(name, value, None)


def _tag_name(tag: int) -> str:
    from PIL import ExifTags

    return ExifTags.TAGS.get(tag, hex(tag))


def _values(place: str, value: object, inside: Inside | None) -> Iterator[Piece]:
    """Yield the texts of a metadata value; text that Pillow read as Latin is read as UTF-8 as well."""
    if isinstance(value, str):
        yield Piece(place, value)
        try:
            yield from _texts(place, value.encode("latin-1"))
        except UnicodeEncodeError:
            return
    elif isinstance(value, bytes):
        if inside and value.lstrip().startswith((b"<?xpacket", b"<x:xmpmeta")):
            yield from within(place, inside("xmp.xml", value.strip(b"\0")))
        yield from (Piece(place, text) for text in strings(value))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _values(f"{place} {key}", each, inside)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _values(place, each, inside)
