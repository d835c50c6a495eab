"""Signs of boxes, ticked and not: as characters, as places in symbol fonts, and as people type them.

Everything that stands for a box comes out as ☒ or ☐. A typed x or / is a tick only inside brackets or
dots, or alone at the very start or end of a line: between two words it separates them.
"""

import re

TICKED, UNTICKED = "☒", "☐"

# code points of symbol fonts; Word also writes them in the private use area, at F000 and above
_PRIVATE = 0xF000
_FONTS = {
    "wingdings": {
        TICKED: (0x78, 0xFB, 0xFC, 0xFD, 0xFE),
        UNTICKED: (0x6F, 0x70, 0x71, 0x72, 0xA8),
    },
    "wingdings 2": {
        TICKED: (0x4F, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56),
        UNTICKED: (0x2A, 0x30, 0xA3),
    },
    "webdings": {TICKED: (0x61, 0x72), UNTICKED: (0x63,)},
    "marlett": {TICKED: (0x61, 0x62), UNTICKED: ()},
}
_SYMBOLS = {
    font: {
        code + shift: sign for sign, codes in signs.items() for code in codes for shift in shifts
    }
    for shifts in [(0, _PRIVATE)]
    for font, signs in _FONTS.items()
}
# in a run whose font is not said, only the private use area can be meant for a symbol font
_NAMELESS = {
    code: sign
    for font in ("wingdings 2", "wingdings")
    for code, sign in _SYMBOLS[font].items()
    if code >= _PRIVATE
}
_GLYPHS = str.maketrans(
    dict.fromkeys("☑✓✔✅🗹✗✘✕✖🗷🗵🗸√⌧⮽◉⦿", TICKED)
    | dict.fromkeys("□▢❏❐❑❒⬜◻▫○◯", UNTICKED)
    | dict.fromkeys("\ufe0e\ufe0f", "")
)
_MARK = f"[xX×/{TICKED}]"
_BRACKETS = re.compile(rf"[\[(（［【] ?[._…]* ?({_MARK}|{UNTICKED})? ?[._…]* ?[\])）］】]")
# from the first of the dots and with all of them, so that a line of dots is gone through once
_DOTS = re.compile(rf"(?<![._…])[._…]{{2,}}+ ?({_MARK}) ?[._…]{{2,}}")
_ALONE = re.compile(rf"^{_MARK}(?= \S)|(?<=\S ){_MARK}$|^{_MARK}$")
_LINE = re.compile(r"^[._…]{3,}(?= ?\w)")


def symbol(font: str, text: str) -> str:
    """Return the text of a run in a font, its symbols as signs of boxes.

    >>> symbol("Wingdings", "\\xfe"), symbol("", "\\uf0a8"), symbol("Arial", "x")
    ('☒', '☐', 'x')
    """
    return text.translate(_SYMBOLS.get(font.lower(), _NAMELESS))


def drawn(text: str) -> str:
    """Return text with drawn and typed boxes as ☒ and ☐.

    >>> drawn("( / ) ยินยอม"), drawn("ยินยอม / ไม่ยินยอม"), drawn("✔ ยินยอม")
    ('☒ ยินยอม', 'ยินยอม / ไม่ยินยอม', '☒ ยินยอม')
    """
    text = _BRACKETS.sub(_sign, text.translate(_GLYPHS))
    text = _DOTS.sub(TICKED, text)
    return _LINE.sub(UNTICKED, _ALONE.sub(TICKED, text.strip()))


def _sign(found: re.Match) -> str:
    return TICKED if found[1] and found[1] != UNTICKED else UNTICKED
