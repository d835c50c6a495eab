"""Office files (Word, Excel) as archives: what their list of content types says of their parts."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from castlib import archives
from castlib.archives import MOST_PARTS, OLE, SMALL, Refused, parse, part

__all__ = [
    "MOST_PARTS",
    "OLE",
    "SMALL",
    "TYPES_PART",
    "Refused",
    "has_macro",
    "main_name",
    "opened",
    "parse",
    "part",
]

TYPES_PART = "[Content_Types].xml"


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an Office file whose directory is within bounds; damage of any kind becomes `Refused`."""
    with archives.opened(file) as package:
        if TYPES_PART not in package.namelist():
            raise Refused("not")
        yield package


def main_name(package: zipfile.ZipFile, types: tuple[str, ...], usual: str) -> str:
    """Return the name of the part whose content type ends in one of `types`; it must be there."""
    listed = parse(part(package, TYPES_PART, SMALL)).iter("{*}Override")
    named = (e.get("PartName", "") for e in listed if e.get("ContentType", "").endswith(types))
    name = next(named, usual).removeprefix("/")
    if name not in package.namelist():
        raise Refused("not")
    return name


def has_macro(package: zipfile.ZipFile) -> bool:
    """Whether the package carries a macro project."""
    return any(name.lower().endswith("vbaproject.bin") for name in package.namelist())
