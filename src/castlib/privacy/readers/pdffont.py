"""The fonts of a PDF: what their codes mean and how wide they are."""

import re

from castlib.privacy.readers.pdftokens import STRING, raw

MOST_CODES = 65_536
WORD_GAP = -150  # thousandths of the type size, which an array moves on by less than nothing
_SHOWN = re.compile(rb"([^(<\]]*)(" + STRING + rb"|\])?", re.DOTALL)
_SECTION = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
_PAIR = re.compile(rb"<\s*([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])"
)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


class Font:
    """What the codes of a font mean and how wide they are; `unsure` when the font does not say."""

    def __init__(self, font) -> None:
        self._two = font.get("/Subtype") == "/Type0"
        self._texts: dict[int, str] = {}
        self._widths: dict[int, float] = {}
        self._usual = 0.0
        self._known: dict[bytes, tuple[str, float]] = {}
        self.unsure = False
        if "/ToUnicode" in font and hasattr(font["/ToUnicode"], "get_data"):
            self._means(font["/ToUnicode"].get_data())
        elif self._two:
            self.unsure = True
        else:
            encoding = font.get("/Encoding")
            self.unsure = hasattr(encoding, "get") or encoding is None
            codec = _ENCODINGS.get(str(encoding), "latin-1")
            self._texts = {k: bytes([k]).decode(codec, "ignore") for k in range(256)}
        self._measure(font)

    def read(self, shown: bytes) -> tuple[str, float]:
        """Return the text of a string, or of an array of strings and gaps, and its width.

        The width is in thousandths of the type size.
        """
        if shown not in self._known:
            texts, width = [], 0.0
            for gap, string in _SHOWN.findall(shown):
                if gap.strip(b"[ \n"):
                    moved = sum(map(float, gap.strip(b"[").split()))
                    width -= moved
                    texts.append(" " if moved < WORD_GAP and texts else "")
                if string not in (b"", b"]"):
                    text, wide = self._string(string)
                    texts.append(text)
                    width += wide
            self._known[shown] = "".join(texts), width
        return self._known[shown]

    def _string(self, token: bytes) -> tuple[str, float]:
        codes = raw(token)
        if self._two:
            codes = [high << 8 | low for high, low in zip(codes[::2], codes[1::2], strict=False)]
        text = "".join(self._texts.get(code, "") for code in codes)
        return text, sum(self._widths.get(code, self._usual) for code in codes)

    def _means(self, table: bytes) -> None:
        for kind, body in _SECTION.findall(table):
            if kind == b"codespacerange":
                self._two = any(
                    len(raw(code)) > 1
                    for code in _HEX.findall(body)
                    for code in [b"<" + code + b">"]
                )
            elif kind == b"bfchar":
                for code, text in _PAIR.findall(body):
                    self._texts[int(code, 16)] = _utf16(text)
            else:
                for first, last, text, texts in _RANGE.findall(body):
                    self._between(int(first, 16), int(last, 16), text, texts)

    def _between(self, first: int, last: int, text: bytes, texts: bytes) -> None:
        codes = range(first, min(last, first + MOST_CODES) + 1)
        if texts:
            listed = zip(codes, _HEX.findall(texts), strict=False)
            self._texts |= {code: _utf16(each) for code, each in listed}
        elif text:
            start = _utf16(text)
            self._texts |= {code: start[:-1] + chr(ord(start[-1]) + code - first) for code in codes}

    def _measure(self, font) -> None:
        if "/DescendantFonts" not in font:
            first = int(font.get("/FirstChar", 0))
            self._widths = {first + k: float(w) for k, w in enumerate(font.get("/Widths") or ())}
            return
        below = font["/DescendantFonts"][0].get_object()
        self._usual = float(below.get("/DW", 1000))
        given = [item.get_object() for item in below.get("/W") or ()]
        while len(given) >= 2:
            if isinstance(given[1], list):
                first, widths, *given = given
                self._widths |= {int(first) + k: float(w) for k, w in enumerate(widths)}
            else:
                first, last, width, *given = given
                self._widths |= dict.fromkeys(range(int(first), int(last) + 1), float(width))


def _utf16(digits: bytes) -> str:
    return raw(b"<" + digits + b">").decode("utf-16-be", "ignore")
