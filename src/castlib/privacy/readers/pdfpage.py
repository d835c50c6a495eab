"""What a PDF's page shows, read from its content stream: text in lines and blocks.

A span that says what it means (ActualText) goes before its glyphs: Thai vowel and tone marks share
glyphs, and without it they come out wrong. Positions are followed, so that what is set side by side
without a gap is one word.
"""

import re
from collections.abc import Callable
from math import hypot
from typing import NamedTuple

from castlib.privacy.readers.pdffont import Font
from castlib.privacy.readers.pdftokens import ACTUAL, IN_OBJECT, PAGE, PICTURE_END, raw, said
from castlib.privacy.readers.piece import Unreadable

MOST_CONTENT = 64 * 2**20
DEEPEST_FORM = 4
# of the type size: a gap that is a space, one that parts columns, another line, another paragraph
SPACE, COLUMN, LINE, BLOCK = 0.15, 1.0, 0.5, 2.5


class Block(NamedTuple):
    """A text object by itself: its text, where and how its first text is set, where its last one ends."""

    text: str
    start: tuple[float, float]
    along: tuple[float, float]
    size: float
    end: tuple[float, float]
    font: tuple[Font, float, float]


class Memory:
    """What a document's pages share: fonts, and text objects already read, for words come again."""

    def __init__(self) -> None:
        self.fonts: dict[object, Font] = {}
        self.blocks: dict[tuple, Block | None] = {}


class Shown:
    """The text of a page as its content is read.

    `text` has a line feed between the lines of a paragraph, a tab between columns and a form feed
    between blocks. `unsure` is true when a font did not say what its codes mean.
    """

    def __init__(self, memory: Memory) -> None:
        self._pieces: list[str] = []
        self.unsure = False
        self._memory = memory
        self._fonts: dict[int, tuple[tuple, object]] = {}
        self._named: dict[tuple[bytes, int], tuple[Font | None, object]] = {}
        self._font: Font | None = None
        self._size, self._leading = 1.0, 0.0
        self._page = self._at = self._line = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        self._kept: list = []
        self._first: tuple | None = None
        self._pen: tuple[float, float] | None = None
        self._spans: list[list[str] | None] = []
        self._meaning = 0  # how many of the spans say what they mean

    @property
    def text(self) -> str:
        """Return what has been read so far."""
        return "".join(self._pieces)

    def read(self, data: bytes, resources, depth: int = 0) -> None:
        """Read a content stream with the resources that it names."""
        if len(data) > MOST_CONTENT:
            raise Unreadable("หน้ามีเนื้อหามากเกินกว่าจะค้น")
        self._follow(PAGE, (7, 8), self._object, data, resources, depth)

    def _follow(
        self, tokens: re.Pattern, whole: tuple, take: Callable, data: bytes, resources, depth: int
    ) -> None:
        """Follow the operators; `take` takes what the tokens catch at once (last group in `whole`)."""
        shows = tokens.groups
        done = 0
        for token in tokens.finditer(data):
            start, end = token.span()
            if start < done:  # inside a picture
                continue
            group = token.lastindex
            if group in whole:
                take(token, resources, depth)
            elif group == shows:
                if token[shows] in b"'\"":
                    self._next(b"")
                self._show(token[shows - 1])
            elif data[start] in b"(<":  # a string that is not shown
                continue
            else:
                done = self._do(token[0], data, done, start, end, resources, depth)
                continue
            done = end

    def _object(self, token: re.Match, resources, depth: int) -> None:
        """Read a text object in its frame; one that needs nothing from outside is read once."""
        *frame, content, closed = token.groups()[:8]
        framed = frame[0] is not None
        if framed:
            self._keep(b"")
            self._page = _times(tuple(map(float, frame)), self._page)
        key = content, self._fonts_of(resources)
        if key not in self._memory.blocks:
            self._memory.blocks[key] = self._alone(content, resources)
        block = self._memory.blocks[key]
        if block is None or self._meaning:
            self._begin(b"")
            self._follow(IN_OBJECT, (10, 11), self._run, content, resources, depth)
        else:
            self._place(block)
        if closed:
            self._restore(b"")

    def _place(self, block: Block) -> None:
        """Take a text object that has been read before to where it stands here."""
        a, b, c, d, e, f = self._page
        (x, y), (right, up) = block.start, block.along
        along = right * a + up * c, right * b + up * d
        self._join(x * a + y * c + e, x * b + y * d + f, *along, block.size)
        self._pieces.append(block.text)
        x, y = block.end
        self._pen = x * a + y * c + e, x * b + y * d + f
        self._font, self._size, self._leading = block.font

    def _run(self, token: re.Match, resources, depth: int) -> None:
        meant, name, size, *place, shown, closed = token.groups()[:11]
        self._choose(name, size, resources)
        self._at = self._line = tuple(map(float, place))
        if meant and closed and not self._meaning:
            self._show(shown, said(raw(meant)))
            return
        if meant:
            self._spans.append([said(raw(meant))])
            self._meaning += 1
        self._show(shown)
        if closed:
            self._close(b"")

    def _alone(self, content: bytes, resources) -> Block | None:
        """Return a text object read by itself; None when it needs what stands before it."""
        alone = Shown(self._memory)
        alone._named, alone._spans = self._named, [None]
        alone._follow(IN_OBJECT, (10, 11), alone._run, content, resources, DEEPEST_FORM)
        if alone.unsure or alone._first is None or alone._spans != [None]:
            return None
        font = alone._font, alone._size, alone._leading
        return Block(alone.text, *alone._first, alone._pen, font)

    def _fonts_of(self, resources) -> tuple:
        """Return which fonts a page has by which names; what has the id is kept with it."""
        if id(resources) not in self._fonts:
            fonts = resources["/Font"] if resources and "/Font" in resources else {}
            held = tuple((name, getattr(fonts.raw_get(name), "idnum", None)) for name in fonts)
            known = held if all(number is not None for _, number in held) else (id(resources),)
            self._fonts[id(resources)] = known, resources
        return self._fonts[id(resources)][0]

    def _do(
        self, do: bytes, data: bytes, done: int, start: int, end: int, resources, depth: int
    ) -> int:
        """Follow an operator that shows no text; return where reading goes on."""
        before = data[done:start]
        move = _MOVES.get(do)
        if move:
            move(self, before)
        elif do == b"BDC":
            self._open(before, resources)
        elif do == b"Tf":
            name, size = before.rsplit(None, 1)
            self._choose(name, size, resources)
        elif do == b"Do":
            self._draw(before, resources, depth)
        else:  # BI
            picture = PICTURE_END.search(data, end)
            return picture.end() if picture else len(data)
        return end

    def _show(self, shown: bytes, meant: str | None = None) -> None:
        if self._font is None:
            self.unsure = True
            return
        text, width = self._font.read(shown)
        if self._meaning:
            meant = self._meant()
        self._put(text if meant is None else meant, width * self._size / 1000)

    def _put(self, text: str, width: float) -> None:
        a, b, c, d, e, f = self._page
        ta, tb, _, _, te, tf = self._at
        x, y = te * a + tf * c + e, te * b + tf * d + f
        right, up = ta * a + tb * c, ta * b + tb * d
        if self._first is None:
            self._first = (x, y), (right, up), self._size
        self._join(x, y, right, up, self._size)
        self._pieces.append(text)
        if width > 0 or self._pen is None:  # a mark by itself is set back over what it belongs to
            self._pen = x + width * right, y + width * up
        self._at = (*self._at[:4], te + width * ta, tf + width * tb)

    def _join(self, x: float, y: float, right: float, up: float, size: float) -> None:
        """Put what stands between the last text and the next: nothing, a space, a line's end …"""
        if self._pen is not None:
            scale = hypot(right, up) or 1.0
            dx, dy, unit = x - self._pen[0], y - self._pen[1], (scale * scale * size) or 1.0
            gap = _between((dx * right + dy * up) / unit, (dy * right - dx * up) / unit)
            if gap:
                self._pieces.append(gap)

    def _meant(self) -> str | None:
        """Return what the innermost span that says it means, once; None outside of such spans."""
        for span in reversed(self._spans):
            if span is not None:
                return span.pop() if span else ""
        return None

    def _open(self, before: bytes, resources) -> None:
        span = None
        if found := ACTUAL.search(before):
            span = [said(raw(found[1]))]
        elif resources and b">>" not in before and "/Properties" in resources:
            name = before.rstrip().rpartition(b"/")[2].decode("latin-1")
            meant = resources["/Properties"].get(f"/{name}", {}).get("/ActualText")
            span = None if meant is None else [str(meant)]
        self._spans.append(span)
        self._meaning += span is not None

    def _draw(self, before: bytes, resources, depth: int) -> None:
        name = "/" + before.rstrip().rpartition(b"/")[2].decode("latin-1")
        form = (resources.get("/XObject") or {}).get(name) if resources else None
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form":
            return
        if depth == DEEPEST_FORM:
            raise Unreadable("หน้าซ้อนแบบวาดลึกเกินกว่าจะค้น")
        kept = self._page, self._at, self._line, self._font, self._size
        matrix = form.get("/Matrix")
        if matrix:
            self._page = _times(tuple(float(n) for n in matrix), self._page)
        self.read(form.get_data(), form.get("/Resources", resources), depth + 1)
        self._page, self._at, self._line, self._font, self._size = kept

    def _choose(self, name: bytes, size: bytes, resources) -> None:
        """Take a font of the page's for what follows."""
        key = name, id(resources)
        if key not in self._named:  # what has the id is kept with it
            self._named[key] = self._font_of(name, resources), resources
        self._font, self._size = self._named[key][0], float(size)
        self.unsure |= self._font is None or self._font.unsure

    def _font_of(self, name: bytes, resources) -> Font | None:
        fonts = resources["/Font"] if resources and "/Font" in resources else {}
        key = f"/{name.rpartition(b'/')[2].decode('latin-1').strip()}"
        if key not in fonts:
            return None
        held = getattr(fonts.raw_get(key), "idnum", (id(resources), key))
        if held not in self._memory.fonts:
            self._memory.fonts[held] = Font(fonts[key])
        return self._memory.fonts[held]

    def _begin(self, before: bytes) -> None:
        self._at = self._line = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

    def _set(self, before: bytes) -> None:
        self._at = self._line = _numbers(before, 6)

    def _move(self, before: bytes) -> None:
        x, y = _numbers(before, 2)
        self._at = self._line = _times((1.0, 0.0, 0.0, 1.0, x, y), self._line)

    def _move_and_lead(self, before: bytes) -> None:
        self._leading = -_numbers(before, 2)[1]
        self._move(before)

    def _lead(self, before: bytes) -> None:
        self._leading = _numbers(before, 1)[0]

    def _next(self, before: bytes) -> None:
        self._move(b"0 %f" % -self._leading)

    def _mark(self, before: bytes) -> None:
        self._spans.append(None)

    def _close(self, before: bytes) -> None:
        if self._spans and self._spans.pop() is not None:
            self._meaning -= 1

    def _keep(self, before: bytes) -> None:
        self._kept.append((self._page, self._font, self._size, self._leading))

    def _restore(self, before: bytes) -> None:
        if self._kept:
            self._page, self._font, self._size, self._leading = self._kept.pop()

    def _transform(self, before: bytes) -> None:
        self._page = _times(_numbers(before, 6), self._page)


_MOVES: dict[bytes, Callable[[Shown, bytes], None]] = {
    b"BT": Shown._begin, b"Tm": Shown._set, b"Td": Shown._move, b"TD": Shown._move_and_lead,
    b"TL": Shown._lead, b"T*": Shown._next, b"q": Shown._keep, b"Q": Shown._restore,
    b"cm": Shown._transform, b"BMC": Shown._mark, b"EMC": Shown._close,
}  # fmt: skip


def _between(along: float, across: float) -> str:
    """Return what stands between two texts, from the way between them in type sizes."""
    if abs(across) > LINE:
        return "\n" if -BLOCK < across < 0 else "\f"
    if along > COLUMN:
        return "\t"
    return "\f" if along < -COLUMN else " " if along > SPACE else ""


def _times(inner: tuple, outer: tuple) -> tuple:
    """Return the matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    A, B, C, D, E, F = outer
    return (a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F)  # fmt: skip


def _numbers(before: bytes, many: int) -> tuple[float, ...]:
    """Return the last numbers before an operator."""
    return tuple(map(float, before.rsplit(None, many)[-many:]))
