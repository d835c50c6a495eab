"""A Word document's XML made into what it would be after its sender had put it in order.

Tracked changes are accepted, placeholders emptied, check boxes say their state, field codes go, and of
several ways to show the same thing the first stays.
"""

from lxml import etree

from castlib.intake.ticks import TICKED, UNTICKED

_OFF = {"0", "false", "off"}
JOINED, SIGN = "joined", "sign"


def settle(root: etree._Element) -> None:
    """Put a document in order, in place: what is left is what it says.

    A paragraph whose end was deleted gets the attribute JOINED, a check box within a line SIGN.
    """
    _choose(root)
    _accept_changes(root)
    _settle_controls(root)
    _hide_field_codes(root)


def name(element: etree._Element) -> str:
    """Return an element's name without its namespace: Word has two sets of them."""
    return element.tag[element.tag.rfind("}") + 1 :]


def value(element: etree._Element | None, key: str = "val") -> str:
    """Return an attribute of an element whatever its namespace; empty when it is not there."""
    if element is None:
        return ""
    return next((v for k, v in element.attrib.items() if k[k.rfind("}") + 1 :] == key), "")


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def on(mark: etree._Element | None) -> bool:
    """Whether a mark of properties is there and not switched off."""
    return mark is not None and value(mark) not in _OFF


def _choose(root: etree._Element) -> None:
    """Leave of the ways to show the same thing only the first."""
    for either in list(root.iter("{*}AlternateContent")):
        for other in either[1:]:
            either.remove(other)


def _accept_changes(root: etree._Element) -> None:
    """Accept tracked changes: deleted rows, cells, text and ends of paragraphs go."""
    for mark in list(root.iter("{*}del", "{*}moveFrom", "{*}cellDel")):
        holder = mark.getparent()
        if holder is None:
            continue
        owner = holder.getparent()
        inside = name(holder)
        if inside in ("trPr", "tcPr") and owner is not None and name(owner) in ("tr", "tc"):
            _drop(owner)
        elif inside == "rPr" and owner is not None and name(owner) == "pPr":
            paragraph = owner.getparent()
            if paragraph is not None:
                paragraph.set(JOINED, "1")
    etree.strip_elements(root, "{*}del", "{*}moveFrom", with_tail=False)


def _settle_controls(root: etree._Element) -> None:
    """Empty content controls that show only their placeholder, and let check boxes tell their state."""
    for control in list(root.iter("{*}sdt")):
        properties, content = control.find("{*}sdtPr"), control.find("{*}sdtContent")
        if properties is None:
            continue
        box = properties.find("{*}checkbox")
        if box is not None:
            _tick(control, content, state(box.find("{*}checked")))
        elif content is not None and on(properties.find("{*}showingPlcHdr")):
            _empty(content)


def _empty(content: etree._Element) -> None:
    """Take away what is shown, not its place; the controls within need no look of their own then."""
    for shown in list(content.iter("{*}t", "{*}drawing", "{*}pict", "{*}sdtPr")):
        if name(shown) == "t":
            shown.text = ""
        else:
            _drop(shown)


def _tick(control: etree._Element, content: etree._Element | None, sign: str) -> None:
    """Let a check box say its state whatever is drawn in it: as a run, or first in its paragraph."""
    block = content is not None and content.find(".//{*}p") is not None
    if not block:
        control.set(SIGN, sign)
        return
    drawn = next(content.iter("{*}t"), None)
    if drawn is not None:
        text = drawn.text or ""
        drawn.text = sign + (text[1:] if text[:1] and not text[0].isalnum() else text)


def state(mark: etree._Element | None) -> str:
    """Return the sign of a check box by the mark of its being ticked."""
    return TICKED if on(mark) else UNTICKED


def _hide_field_codes(root: etree._Element) -> None:
    """Empty what stands between a field's beginning and its result; an unfinished field hides nothing.

    `begun` has a field for each that is open, true while its code goes on; a field may stand in another's code.
    """
    begun: list[bool] = []
    codes: list[list[etree._Element]] = []
    for node in root.iter("{*}fldChar", "{*}t"):
        if name(node) == "t":
            if codes:
                codes[0].append(node)
            continue
        kind = value(node, "fldCharType")
        if kind == "begin":
            begun.append(True)
            codes.append([])
        elif begun:
            if begun[-1]:
                for code in codes.pop():
                    code.text = ""
            begun[-1] = False
            if kind == "end":
                begun.pop()
