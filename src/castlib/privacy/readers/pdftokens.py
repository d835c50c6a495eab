"""How a PDF is written down: its strings, and the shapes of a page's content."""

import re

# possessive: a string without an end must not be tried in every way
STRING = rb"(?:\((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+\)|<[0-9A-Fa-f\s]++>)"
ARRAY = rb"\[(?:[^\[\]()<>]++|" + STRING + rb")*+\]"
_NUMBERS = 6 * rb"([-+.\d]+)\s+"
_ANY_SHOWN = rb"(" + ARRAY + rb"|" + STRING + rb")\s*+"
# three shapes that most of a page consists of, each taken at once: a text object in its own frame, a
# text with what it means, its font and its place; and a string elsewhere, which is only passed over
_OBJECT = (
    rb"(?:q\s+" + _NUMBERS + rb"cm\b[^()<>A-Zqm]*?)?"
    rb"BT\b((?:[^()<BE]++|" + STRING + rb"|<|B(?!T)|E(?!T))*+)ET\b(\s*Q\b)?"
)
_RUN = (
    rb"(?:/\w+\s*<<\s*/ActualText\s*(" + STRING + rb")\s*>>\s*BDC\s*(?:\d\s+Tr\s*)?)?"
    rb"(/\w+)\s+([\d.]+)\s+Tf\s+" + _NUMBERS + rb"Tm\s*+" + _ANY_SHOWN + rb"T[Jj](\s*EMC\b)?"
)
_OPERATORS = (
    rb"|" + _ANY_SHOWN + rb"(T[Jj]|['\"])|" + STRING + rb"|(?<![/\w])"
    rb"(?:T[fmdDL*]|BT|BDC|BMC|EMC|Do|cm|[qQ]|BI)(?![\w*])"
)
PAGE = re.compile(rb"(?<![/\w])" + _OBJECT + _OPERATORS, re.DOTALL)
IN_OBJECT = re.compile(_RUN + _OPERATORS, re.DOTALL)
ACTUAL = re.compile(rb"/ActualText\s*(" + STRING + rb")", re.DOTALL)
PICTURE_END = re.compile(rb"[\s]EI(?=[\s]|$)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPED |= dict.fromkeys((b"\n", b"\r", b"\r\n"), b"")


def raw(token: bytes) -> bytes:
    r"""Return the bytes of a string as it is written in a PDF.

    >>> raw(rb"(a\(b\051\n)"), raw(b"<41 4>")
    (b'a(b)\n', b'A@')
    """
    if token.startswith(b"<"):
        digits = b"".join(token[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    if b"\\" not in token:
        return token[1:-1]

    def unescaped(found: re.Match) -> bytes:
        mark = found[1]
        if mark[0] in b"01234567":
            return bytes([int(mark, 8) & 0xFF])
        return _ESCAPED.get(mark, mark)

    return _ESCAPE.sub(unescaped, token[1:-1])


def said(content: bytes) -> str:
    r"""Return a text string of a PDF, in whichever of its three encodings.

    >>> said(b"\xfe\xff\x0e\x01"), said(b"\xef\xbb\xbf\xe0\xb8\x81"), said(b"a")
    ('ก', 'ก', 'a')
    """
    if content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return content.decode("utf-16", "ignore")
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:].decode("utf-8", "ignore")
    return content.decode("latin-1")
