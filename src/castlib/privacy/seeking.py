"""The gate's search: files read and searched, by helpers at once where there is much of it.

A text is searched once in a process however often it stands in the files; a book repeats itself on
every page and in every format. So files that say much the same go to the same helper.
"""

import gc
import re
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from castlib.privacy import identifiers, pseudonyms, readers, titles
from castlib.privacy.identifiers import Identifier
from castlib.privacy.readers import Piece
from castlib.privacy.traces import Traces

# less than this is done sooner than helpers start
WORTH_HELP = 8 * 2**20
SHORTEST = 3
PAGES = (".html", ".ipynb")
FEWEST_DIGITS = 7

# digests, also in names made of them: what stands in them is no number of a person
_DIGEST = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]?(?=[0-9]*[a-f])[0-9a-f]{12,}(?![0-9A-Za-z])")
# what a number, an address or a name on a network cannot do without (identifiers.find says the rest)
_DIGITS, _THAI = re.compile(r"\d"), re.compile("[ก-ฮ]")
_SIGNS = re.compile(
    r"@|(?i: at |line|facebook|fb|ig|tiktok|twitter|telegram|wechat|messenger)"
    "|ไลน|เฟ[ซส]|ไอจี|อินสตา|ติ๊ก|ทวิต|แอ[ทด]|แอ็ต|เอท|ศูนย์"
)

_traces: Traces
_known: dict[tuple[str, str], tuple["Hit", ...]]


class Hit(NamedTuple):
    """An identifier in a text: kind, normal form, first letter, place, whether the intake saw it.

    `everyday` is true of what everyday language has too: a single word, a position.
    """

    kind: str
    normal: str
    first: str
    start: int
    end: int
    seen: bool
    everyday: bool


class Found(NamedTuple):
    """What was found in a file: the place, the kind, and the identifier if it is one."""

    place: str
    kind: str
    hit: Hit | None = None


def seek(things: Sequence[Path | Piece], traces: dict) -> list[list[Found]]:
    """Return for each file, or each piece of text, what was found in it."""
    prepare(traces)
    families: dict[str, list[int]] = defaultdict(list)
    for number, thing in enumerate(things):
        families[_family(thing)].append(number)
    weights = {name: sum(_size(things[k]) for k in listed) for name, listed in families.items()}
    # the heaviest first: none is left over for one helper at the end
    order = [families[name] for name in sorted(families, key=weights.__getitem__, reverse=True)]
    tasks = [[things[number] for number in family] for family in order]
    if sum(weights.values()) > WORTH_HELP and len(tasks) > 1:
        # started afresh: a fork would copy whatever threads hold in the process that asks
        with ProcessPoolExecutor(None, get_context("spawn"), _help, (traces,)) as helpers:
            done = list(helpers.map(search_all, tasks))
    else:
        done = [search_all(task) for task in tasks]
    numbers = (number for family in order for number in family)
    found = dict(zip(numbers, (found for listed in done for found in listed), strict=True))
    return [found[number] for number in range(len(things))]


def _family(thing: Path | Piece) -> str:
    """Return what files that say much the same have in common: a region's pages, a table's formats."""
    if isinstance(thing, Piece):
        return ""
    return thing.parent.name if thing.suffix in PAGES else thing.stem


def _size(thing: Path | Piece) -> int:
    try:
        return len(thing.text) if isinstance(thing, Piece) else thing.stat().st_size
    except OSError:
        return 0


def prepare(traces: dict) -> None:
    """Make this process ready to find what the intake saw."""
    global _traces, _known
    _traces, _known = Traces.load(traces, _Remembering(pseudonyms.key())), {}


def _help(traces: dict) -> None:
    """Make ready a process that does nothing else."""
    prepare(traces)
    gc.set_threshold(50_000, 20, 100)  # a document's objects are many and short-lived


class _Remembering:
    """A key that hashes a text once: the same three letters come thousands of times."""

    def __init__(self, key: pseudonyms.Key) -> None:
        self.hash = lru_cache(maxsize=2**17)(key.hash)


def search_all(things: Sequence[Path | Piece]) -> list[list[Found]]:
    """Return for each of some files or pieces what was found in it."""
    return [search(each) if isinstance(each, Piece) else search_file(each) for each in things]


def search_file(file: Path) -> list[Found]:
    """Return what was found in a file, in the order in which it stands there."""
    try:
        content = file.read_bytes()
    except OSError as error:
        return [Found(f"เปิดไม่ได้ ({type(error).__name__})", readers.UNREADABLE)]
    return list(
        dict.fromkeys(f for piece in readers.read(file.name, content) for f in search(piece))
    )


def search(piece: Piece) -> list[Found]:
    """Return what was found in a piece of a file."""
    if piece.kind not in (readers.TEXT, readers.ROW):
        return [Found(f"{piece.place} {piece.text}".strip(), piece.kind)]
    text = " ".join(piece.text.split())
    if len(text) < SHORTEST:
        return []
    key = piece.kind, text
    if key not in _known:
        _known[key] = tuple(find(text, piece.kind))
    return [Found(piece.place, hit.kind, hit) for hit in _known[key]]


def find(text: str, kind: str = readers.TEXT) -> list[Hit]:
    """Return the identifiers in a text: what the intake saw and, but in rows of cells, what looks like one."""
    text = _DIGEST.sub(lambda digest: " " * len(digest[0]), text)
    hits = [_hit(*place, text, seen=True) for place in _traces.search(text)]
    if kind == readers.TEXT and _worth_reading(text):
        for found in identifiers.find(text):
            taken = any(hit.start < found.end and found.start < hit.end for hit in hits)
            if not taken and _is_plain(found):
                hits.append(_hit(found.kind, found.start, found.end, text, seen=False))
    return hits


def _worth_reading(text: str) -> bool:
    """Whether a text can hold what `_is_plain` of; most cells and labels cannot."""
    digits = len(_DIGITS.findall(text))
    if digits >= FEWEST_DIGITS or (digits and _THAI.search(text)) or _SIGNS.search(text):
        return True
    return bool(titles.FORMAL_TITLE.search(text) or titles.LATIN_TITLE.search(text))


def _is_plain(found: Identifier) -> bool:
    """Whether something is an identifier beyond doubt, though the intake has not seen it.

    Reports are full of words in pairs and of offices; only a title makes a name of them.
    """
    if found.kind == "person":
        return bool(titles.FORMAL_TITLE.match(found.text) or titles.LATIN_TITLE.match(found.text))
    return found.kind != "position"


def _hit(kind: str, start: int, end: int, text: str, seen: bool) -> Hit:
    whole = text[start:end]
    title = titles.FORMAL_TITLE.match(whole)
    single = " " not in whole[title.end() if title else 0 :].strip()
    everyday = kind == "position" or (kind == "person" and single)
    return Hit(kind, identifiers.normal(kind, whole), whole[:1], start, end, seen, everyday)
